//! A backtest on a terminal: a page.

use super::verdict::{percent, verdict};
use crate::experiment::backtest::{Backtest, ScoredStory, TOLD_APART_NATS};
use crate::report::chart::spoken;
use crate::report::combined::aligned;
use crate::report::manifest::Manifest;
use crate::report::numerals::{number, signed};
use std::fmt::Write as _;

/// Letters of a line.
const WIDTH: usize = 96;

/// Verdict, scores of the stories, coverage, power.
pub fn screen(manifest: &Manifest, backtest: &Backtest) -> String {
    let span = match (backtest.days.first(), backtest.days.last()) {
        (Some(first), Some(last)) => format!(
            ", {} to {}",
            spoken(first.counted.unix_ms),
            spoken(last.counted.unix_ms)
        ),
        _ => String::new(),
    };
    let mut text = format!(
        "{}: backtest ({})\n{} replications, seed {}, {} days of counts{span}, hashfall {}\n",
        manifest.title,
        manifest.mode,
        manifest.replications,
        manifest.seed,
        backtest.days.len(),
        manifest.version,
    );
    let verdict = verdict(backtest);
    text += &format!("\n{}\n", folded(&verdict.headline, ""));
    for reason in &verdict.reasons {
        text += &format!("{}\n", folded(reason, "  - "));
    }
    text += "\n";
    text += &aligned(&stories(backtest));
    text += "\n";
    let days = backtest.days.len();
    for coverage in &backtest.coverage {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:>3} % intervals held {} of {days} days ({} expected)",
            percent(coverage.level),
            coverage.days,
            number(coverage.held * days as f64, 1)
        );
    }
    if !backtest.power.is_empty() {
        let _ = writeln!(
            text,
            "\npower: tables of 100 in which a true loss wins by {} nats (expected nats)",
            number(TOLD_APART_NATS, 0)
        );
        text += &aligned(&power(backtest));
    }
    text
}

fn stories(backtest: &Backtest) -> Vec<Vec<String>> {
    let heading = [
        "story",
        "joint log score, nats",
        "simulation ahead by",
        "CRPS, blocks",
        "effective n",
    ];
    let line = |story: &ScoredStory, ahead: String| {
        let series = &story.series;
        vec![
            story.name.clone(),
            format!(
                "{} ± {}",
                number(series.log_likelihood, 2),
                number(series.simulation_error, 2)
            ),
            ahead,
            number(story.crps, 2),
            number(series.effective_replications, 0),
        ]
    };
    let mut lines = vec![heading.map(str::to_owned).to_vec()];
    lines.push(line(&backtest.simulated, "-".to_owned()));
    for rival in &backtest.rivals {
        lines.push(line(rival, signed(backtest.ahead_of(rival).0, 2)));
    }
    lines
}

fn power(backtest: &Backtest) -> Vec<Vec<String>> {
    let losses = &backtest.tell_apart;
    let mut lines = vec![vec!["true loss".to_owned()]];
    lines[0].extend(
        losses
            .iter()
            .map(|loss| format!("against {} %", percent(*loss))),
    );
    for &truth in losses {
        let mut line = vec![format!("{} %", percent(truth))];
        for &other in losses {
            let mut pairs = backtest.power.iter();
            let pair = pairs.find(|power| power.truth == truth && power.other == other);
            line.push(pair.map_or_else(
                || "-".to_owned(),
                |power| {
                    format!(
                        "{} ({})",
                        number(power.wins * 100.0, 0),
                        signed(power.expected_nats, 1)
                    )
                },
            ));
        }
        lines.push(line);
    }
    lines
}

/// Lines of at most [`WIDTH`] letters, the first behind `mark`, the others below its words.
fn folded(words: &str, mark: &str) -> String {
    let indent = " ".repeat(mark.chars().count());
    let mut lines = vec![mark.to_owned()];
    for word in words.split(' ') {
        let length = |text: &str| text.chars().count();
        let last = lines.last().map_or(0, |line| length(line));
        if last + 1 + length(word) > WIDTH && last > length(mark) {
            lines.push(indent.clone());
        }
        if let Some(line) = lines.last_mut() {
            if length(line) > length(mark) {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn long_sentences_are_folded() {
        let words = "word ".repeat(40);
        let folded = folded(words.trim(), "  - ");
        assert!(
            folded
                .lines()
                .all(|line| line.chars().count() <= super::WIDTH)
        );
        assert!(folded.starts_with("  - word word") && folded.contains("\n    word"));
        assert_eq!(folded.split_whitespace().count(), 41);
    }
}
