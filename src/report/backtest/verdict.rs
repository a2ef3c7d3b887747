//! What may be said of a backtest, and no more.

use crate::experiment::backtest::{Backtest, ScoredStory, TOLD_APART_NATS};
use crate::report::numerals::{number, signed};
use serde::Serialize;

/// The verdict, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// In a sentence.
    pub headline: String,
    /// What it rests on, one sentence each.
    pub reasons: Vec<String>,
}

/// Judges a backtest.
pub fn verdict(backtest: &Backtest) -> Verdict {
    let mut reasons: Vec<String> = backtest
        .rivals
        .iter()
        .map(|rival| against(backtest, rival))
        .collect();
    reasons.extend(told_from_none(backtest));
    reasons.push(calibration(backtest));
    reasons.extend(thin(backtest));
    Verdict {
        headline: headline(backtest),
        reasons,
    }
}

/// Who wins against whom, in a sentence.
fn headline(backtest: &Backtest) -> String {
    if backtest.days.is_empty() {
        return "No counted day lies within the horizon: there is nothing to say.".to_owned();
    }
    let group = |is_in: &dyn Fn(f64) -> bool| -> Vec<&str> {
        let rivals = backtest.rivals.iter();
        rivals
            .filter(|rival| is_in(backtest.ahead_of(rival).0))
            .map(|rival| rival.name.as_str())
            .collect()
    };
    let beaten = group(&|nats| nats >= TOLD_APART_NATS);
    let better = group(&|nats| nats <= -TOLD_APART_NATS);
    let open = group(&|nats| nats.abs() < TOLD_APART_NATS);
    let mut parts = Vec::new();
    if !beaten.is_empty() {
        parts.push(format!(
            "favour the simulation over {}",
            listed(&beaten, "and")
        ));
    }
    if !better.is_empty() {
        parts.push(format!(
            "favour {} over the simulation",
            listed(&better, "and")
        ));
    }
    if !open.is_empty() {
        parts.push(format!(
            "cannot distinguish the simulation from {}",
            listed(&open, "or")
        ));
    }
    format!("The counts {}.", parts.join("; they "))
}

/// One rival.
fn against(backtest: &Backtest, rival: &ScoredStory) -> String {
    let (nats, error) = backtest.ahead_of(rival);
    let name = &rival.name;
    if nats.abs() < TOLD_APART_NATS {
        let leaning = if nats >= 0.0 {
            "the simulation ahead"
        } else {
            "the rival ahead"
        };
        return format!(
            "Against {name}: cannot distinguish ({} nats, {leaning}; below {}).",
            signed(nats, 1),
            number(TOLD_APART_NATS, 0)
        );
    }
    let (winner, loser) = if nats > 0.0 {
        ("the simulation", name.as_str())
    } else {
        (name.as_str(), "the simulation")
    };
    let doubt = if error > nats.abs() / 4.0 {
        format!("; its simulation error is {} nats", number(error, 1))
    } else {
        String::new()
    };
    format!(
        "Against {name}: {} nats, odds of {} to 1 for {winner} over {loser}{doubt}.",
        signed(nats, 1),
        odds(nats.abs())
    )
}

/// exp(nats) in two figures.
fn odds(nats: f64) -> String {
    if nats > 14.0 {
        return "more than a million".to_owned();
    }
    let odds = libm::exp(nats);
    let step = libm::pow(10.0, libm::floor(libm::log10(odds)) - 1.0).max(1.0);
    number(libm::rint(odds / step) * step, 0)
}

/// Could such counts tell a loss from none?
fn told_from_none(backtest: &Backtest) -> Option<String> {
    let none = *backtest.tell_apart.first()?;
    let of_truth = |truth: f64| {
        let mut pairs = backtest.power.iter();
        pairs.find(|power| power.truth == truth && power.other == none)
    };
    let told: Vec<String> = backtest
        .tell_apart
        .iter()
        .skip(1)
        .filter_map(|&loss| {
            let power = of_truth(loss)?;
            Some(format!(
                "{} % in {} of 100 tables ({} nats on average)",
                percent(loss),
                number(power.wins * 100.0, 0),
                signed(power.expected_nats, 1)
            ))
        })
        .collect();
    let none = if none == 0.0 {
        "none".to_owned()
    } else {
        format!("{} %", percent(none))
    };
    (!told.is_empty()).then(|| {
        format!(
            "What such counts can show: a loss is told from {none} by {} nats, where it is {}.",
            number(TOLD_APART_NATS, 0),
            told.join(", ")
        )
    })
}

/// Is the forecast's own uncertainty right?
fn calibration(backtest: &Backtest) -> String {
    let p = if backtest.uniformity < 0.001 {
        "p < 0.001".to_owned()
    } else {
        format!("p = {}", number(backtest.uniformity, 3))
    };
    let days = backtest.days.len();
    if backtest.is_calibrated() {
        return format!(
            "The transforms of {days} days lie within their 95 % band ({p}): no sign that the \
             simulation's ranges are wrong."
        );
    }
    let meaning = if backtest.uniformity > 0.01 {
        "a hint that the simulation's ranges are off, as chance alone gives in one table of twenty"
    } else {
        "the simulation's ranges are wrong somewhere"
    };
    format!("The transforms of {days} days leave their 95 % band ({p}): {meaning}.")
}

/// A warning where few replications carry the score.
fn thin(backtest: &Backtest) -> Option<String> {
    let stories = std::iter::once(&backtest.simulated).chain(&backtest.rivals);
    let least = stories
        .map(|story| story.series.effective_replications)
        .fold(f64::INFINITY, f64::min);
    (least < 100.0).then(|| {
        format!(
            "Only about {} of {} replications carry a score: more of them would steady it.",
            number(least, 0),
            number(backtest.replications as f64, 0)
        )
    })
}

/// A share as percent without needless decimals.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let whole = (percent - libm::rint(percent)).abs() < 1e-9;
    number(percent, usize::from(!whole))
}

/// "a, b and c".
fn listed(names: &[&str], last: &str) -> String {
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((end, before)) => format!("{} {last} {end}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::backtest::NO_LOSS;

    #[test]
    fn words_of_a_verdict() {
        assert_eq!(listed(&[NO_LOSS], "or"), "no loss");
        assert_eq!(listed(&["a", "b", NO_LOSS], "or"), "a, b or no loss");
        assert_eq!(
            (odds(3.0), odds(4.83), odds(20.0)),
            ("20".into(), "130".into(), "more than a million".into())
        );
        assert_eq!(
            (percent(0.13), percent(0.134), percent(0.0)),
            ("13".into(), "13.4".into(), "0".into())
        );
    }
}
