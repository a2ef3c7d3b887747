//! The page of a backtest.

use super::verdict::{percent, verdict};
use crate::experiment::backtest::{Backtest, TOLD_APART_NATS};
use crate::report::chart::{Drawing, rfc3339};
use crate::report::document::assumptions::assumptions;
use crate::report::html::{PlainTable, ReportDocument};
use crate::report::numerals::{number, signed};
use crate::report::{hexadecimal, words};
use crate::scenario::Loaded;

/// The whole page.
pub(super) fn page(
    loaded: &Loaded,
    backtest: &Backtest,
    figure: Drawing,
    overrides: &[String],
) -> ReportDocument {
    let system = &loaded.system;
    let verdict = verdict(backtest);
    let futures = words::futures(backtest.replications as u64);
    ReportDocument {
        title: format!("{}: backtest", system.title),
        subtitle: format!(
            "{} simulated, held against {} days of block counts",
            words::capitalised(&futures),
            backtest.days.len()
        ),
        mode: words::capitalised(system.mode.name()),
        headline: verdict.headline,
        evidence: verdict.reasons,
        limits: limits(system.mode),
        figures: vec![figure],
        tables: vec![
            stories(backtest),
            coverage(backtest),
            power(backtest),
            days(backtest),
        ],
        assumptions: assumptions(system),
        reproduce: vec![command(loaded, backtest, overrides)],
        digest: hexadecimal(&loaded.digest),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..ReportDocument::default()
    }
}

fn limits(mode: crate::system::Mode) -> Vec<String> {
    let mut limits = vec![
        "Counts of blocks alone are scored: what pools reported, and what the press claimed, is \
         no part of it."
            .to_owned(),
        "A score compares stories; that one wins does not make it true.".to_owned(),
        format!(
            "Below {} nats nothing is told apart, whichever way it leans.",
            number(TOLD_APART_NATS, 0)
        ),
    ];
    if mode == crate::system::Mode::Hindcast {
        limits.push(
            "This is a hindcast: inputs were informed by what was learnt after the event, so its \
             score is no test of foresight."
                .to_owned(),
        );
    }
    limits
}

fn cells(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn stories(backtest: &Backtest) -> PlainTable {
    let mut rows = Vec::new();
    let stories = std::iter::once((&backtest.simulated, "–".to_owned()));
    let rivals = backtest
        .rivals
        .iter()
        .map(|rival| (rival, signed(backtest.ahead_of(rival).0, 2)));
    for (story, ahead) in stories.chain(rivals) {
        let series = &story.series;
        rows.push(vec![
            story.name.clone(),
            format!(
                "{} ± {}",
                number(series.log_likelihood, 2),
                number(series.simulation_error, 2)
            ),
            ahead,
            number(story.crps, 2),
            number(series.effective_replications, 0),
        ]);
    }
    PlainTable {
        heading: "Scores".to_owned(),
        id: "scores".to_owned(),
        words:
            "The joint log score takes all days as one observation, because they share what was \
                drawn once; ± is simulation error. CRPS is the mean over days. Rivals have the \
                same world level, growth and noise."
                .to_owned(),
        columns: cells(&[
            "Story",
            "Joint log score, nats",
            "Simulation ahead by",
            "CRPS, blocks",
            "Effective replications",
        ]),
        rows,
    }
}

fn coverage(backtest: &Backtest) -> PlainTable {
    let days = backtest.days.len();
    PlainTable {
        heading: "Coverage".to_owned(),
        id: "coverage".to_owned(),
        words:
            "Days whose count lay within the central interval foreseen for it. Counts are whole, \
                so that intervals hold a little more than their level."
                .to_owned(),
        columns: cells(&["Interval", "Days within", "Expected", "Days"]),
        rows: backtest
            .coverage
            .iter()
            .map(|coverage| {
                vec![
                    format!("{} %", percent(coverage.level)),
                    coverage.days.to_string(),
                    number(coverage.held * days as f64, 1),
                    days.to_string(),
                ]
            })
            .collect(),
    }
}

fn power(backtest: &Backtest) -> PlainTable {
    let rows = backtest.power.iter().map(|power| {
        vec![
            format!("{} %", percent(power.truth)),
            format!("{} %", percent(power.other)),
            format!(
                "{} ± {}",
                signed(power.expected_nats, 2),
                number(power.standard_error, 2)
            ),
            format!("{} %", number(power.wins * 100.0, 1)),
            format!("{} %", number(power.loses * 100.0, 1)),
        ]
    });
    PlainTable {
        heading: "What such counts can tell apart".to_owned(),
        id: "power".to_owned(),
        words: "Tables of counts drawn from a world that truly lost so much over the headline’s \
                window, scored by the truth and by another loss."
            .to_owned(),
        columns: cells(&[
            "True loss",
            "Against",
            "Expected advantage, nats",
            "Wins by 3 nats",
            "Loses by 3 nats",
        ]),
        rows: rows.collect(),
    }
}

fn days(backtest: &Backtest) -> PlainTable {
    let rows = backtest.days.iter().map(|day| {
        let interval = |(low, high): (u64, u64)| format!("{low} to {high}");
        vec![
            rfc3339(day.counted.unix_ms).chars().take(10).collect(),
            day.counted.blocks.to_string(),
            number(day.law.mean(), 1),
            interval(day.intervals[0]),
            interval(day.intervals[2]),
            number(day.transform, 2),
        ]
    });
    PlainTable {
        heading: "Days".to_owned(),
        id: "days".to_owned(),
        words: String::new(),
        columns: cells(&[
            "Day (UTC)",
            "Counted",
            "Foreseen, mean",
            "50 %",
            "95 %",
            "PIT",
        ]),
        rows: rows.collect(),
    }
}

fn command(loaded: &Loaded, backtest: &Backtest, overrides: &[String]) -> String {
    let system = &loaded.system;
    let name = loaded.name_in_file();
    format!(
        "hashfall backtest {name} --replications {} --seed {}{}",
        backtest.replications,
        system.seed,
        crate::report::document::changes(loaded, overrides)
    )
}
