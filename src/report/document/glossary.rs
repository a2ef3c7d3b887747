//! A line for every term of the field that the page uses.

use crate::report::html::{GlossaryEntry, ReportDocument};

/// Terms: by which word they are found on the page, as printed, meaning.
const TERMS: [(&str, &str, &str); 21] = [
    (
        "futures",
        "Future, replication",
        "One simulated course of events from beginning to end, drawn by chance from the model.",
    ),
    (
        "nine futures of ten",
        "Nine futures of ten (P5 to P95)",
        "From the value that 5 % of futures stay at or below, to the one that 95 % do: the range of outcomes.",
    ),
    (
        "standard error",
        "Standard error",
        "How far the mean over a limited number of futures typically lies from the mean over endlessly many.",
    ),
    (
        "95 %",
        "95 % interval",
        "Made so that it holds the true value 19 times out of 20.",
    ),
    (
        "hashrate",
        "Hashrate",
        "Attempts at finding a block in a second. 1 EH/s is a million million million of them.",
    ),
    (
        "EH/s-days",
        "EH/s-day",
        "The hashes of 1 EH/s kept up for a day: 8.64 × 10²².",
    ),
    (
        "to the event",
        "Lost to the event",
        "The difference to the same future, draw by draw, with the hazards and orders of the event taken away.",
    ),
    (
        "installed",
        "Installed",
        "What all machines would do if nothing ever kept them from it, standing orders included.",
    ),
    (
        "block",
        "Block count",
        "Blocks found in a time, times their difficulty: the only public measure of the world’s hashrate. Finding them is chance, so it scatters as a Poisson law does.",
    ),
    (
        "difficulty",
        "Difficulty",
        "How rare a valid hash is; the network resets it every 2,016 blocks to keep ten minutes a block.",
    ),
    (
        "pool",
        "Pool",
        "A group of miners who share what they find; a farm that reaches none finds nothing.",
    ),
    (
        "no internet link",
        "Link",
        "A farm’s path to any pool: last mile, provider, gateway.",
    ),
    (
        "restart",
        "Restart and ramp",
        "Machines that may run again but do not yet: booting, staggered starts, missing staff.",
    ),
    (
        "curtail",
        "Curtailment",
        "Mining switched off by order or contract so that others are served.",
    ),
    (
        "eserve margin",
        "Reserve margin",
        "Available capacity and firm imports, less load with mining.",
    ),
    (
        "LOLE",
        "LOLE",
        "Loss of load expectation: mean time in which capacity lies below load.",
    ),
    (
        "LOLF",
        "LOLF",
        "Loss of load frequency: mean number of shortages, in continuous time.",
    ),
    (
        "LOLEv",
        "LOLEv",
        "Loss of load events: mean number of runs of shortage seen on the hour.",
    ),
    (
        "LOLD",
        "LOLD",
        "Loss of load duration: LOLE over LOLF, the mean length of a shortage.",
    ),
    (
        "EUE",
        "EUE, NEUE",
        "Expected unserved energy: mean energy of firm load not served; normalised, in millionths of the demand.",
    ),
    (
        "CVaR",
        "CVaR 95 %",
        "Conditional value at risk: the mean over the worst twentieth of futures.",
    ),
];

/// The terms that appear anywhere in what the page says.
pub(super) fn glossary(document: &ReportDocument) -> Vec<GlossaryEntry> {
    let mut text = String::new();
    let mut add = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    add(&document.headline);
    add(&document.subtitle);
    for figure in &document.key_figures {
        [&figure.name, &figure.unit, &figure.window]
            .into_iter()
            .for_each(|words| add(words));
    }
    for row in &document.estimates {
        add(&row.name);
        add("standard error, 95 % interval, nine futures of ten");
    }
    for row in &document.claims {
        [&row.source, &row.simulated, &row.seen_in_blocks]
            .into_iter()
            .for_each(|words| add(words));
    }
    document
        .evidence
        .iter()
        .chain(&document.limits)
        .for_each(|words| add(words));
    document.intervals.iter().for_each(|words| add(words));
    for drawing in &document.figures {
        add(&drawing.caption);
        add(&drawing.alternative_text);
    }
    let used = TERMS.iter().filter(|(mark, _, _)| text.contains(mark));
    used.map(|(_, term, meaning)| GlossaryEntry {
        term: (*term).to_owned(),
        meaning: (*meaning).to_owned(),
    })
    .collect()
}
