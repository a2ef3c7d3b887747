//! `--precision`: until the simulation errors of some indices are small enough.
//!
//! They are looked at after 1024, 2048, 4096 ... replications only, so that neither threads nor
//! the speed of a machine decide where a run ends.

use super::Failure;
use super::talk::Talk;
use crate::engine::Plan;
use crate::experiment::{Control, ExperimentError, Outcome, Results, Task, peek_study, run_study};
use crate::measure::Column;
use crate::scenario::Loaded;
use crate::stats::Estimate;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Replications before the first look.
const FIRST_LOOK: u32 = 1024;

/// An error to be reached, as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The index, or `WINDOW/SCOPE/INDEX`.
    pub index: String,
    /// The greatest standard error: a share of the mean, or in the index's unit.
    pub error: f64,
    /// Whether it is a share of the mean.
    pub is_relative: bool,
}

/// A target with the column it is about.
#[derive(Debug, Clone)]
pub struct Chosen {
    target: Target,
    column: Column,
}

/// `lole_h=2%,eue_mwh=50` in its parts.
pub(super) fn parse_targets(text: &str) -> Result<Vec<Target>, Failure> {
    let one = |part: &str| {
        let wrong = |why: &str| {
            Failure::Usage(format!(
                "--precision {part:?}: {why}; as in --precision lole_h=2%,eue_mwh=50"
            ))
        };
        let (index, error) = part.split_once('=').ok_or_else(|| wrong("no ="))?;
        let (index, error) = (index.trim(), error.trim());
        let (number, is_relative) = match error.strip_suffix('%') {
            Some(percent) => (percent, true),
            None => (error, false),
        };
        let number = number.trim().parse::<f64>();
        let number = number.map_err(|_| wrong("the error is no number"))?;
        if !(number.is_finite() && number > 0.0) || index.is_empty() {
            return Err(wrong("the error must be positive, and an index named"));
        }
        Ok(Target {
            index: index.to_owned(),
            error: if is_relative { number / 100.0 } else { number },
            is_relative,
        })
    };
    text.split(',').map(one).collect()
}

/// Finds the column of each target: in the headline's window of the whole system or network,
/// unless window and scope are named.
pub(super) fn chosen(targets: &[Target], loaded: &Loaded) -> Result<Vec<Chosen>, Failure> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let system = &loaded.system;
    let (layout, _) = crate::experiment::layout_of(&Plan::new(system));
    let window = system.windows.get(system.headline_window);
    let window = window.map_or("all", |window| window.name.as_str());
    let is_whole = |column: &&Column| {
        column.window == window && (column.scope == "system" || column.scope == "network")
    };
    let find = |target: &Target| {
        let short = |column: &&Column| is_whole(column) && column.index == target.index;
        let long = |column: &&Column| {
            let Column {
                window,
                scope,
                index,
                ..
            } = column;
            target.index == format!("{window}/{scope}/{index}")
        };
        let mut columns = layout.columns.iter();
        let column = columns.find(short);
        let column = column.or_else(|| layout.columns.iter().find(long));
        column
            .map(|column| Chosen {
                target: target.clone(),
                column: column.clone(),
            })
            .ok_or_else(|| {
                let mut known: Vec<&str> = layout
                    .columns
                    .iter()
                    .filter(is_whole)
                    .map(|column| column.index.as_str())
                    .collect();
                known.dedup();
                let begins = known.iter().find(|name| name.starts_with(&target.index));
                let near = begins.or_else(|| {
                    known
                        .iter()
                        .min_by_key(|name| strsim::damerau_levenshtein(name, &target.index))
                });
                let near =
                    near.map_or_else(|| ".".to_owned(), |name| format!("; did you mean {name}?"));
                Failure::Usage(format!(
                    "--precision: this scenario has no index {:?} in window {window}{near} There \
                     are: {}; others by WINDOW/SCOPE/INDEX",
                    target.index,
                    known.join(", ")
                ))
            })
    };
    targets.iter().map(find).collect()
}

/// Runs until all targets are reached, at most the task's replications. True with the outcome
/// where they were.
pub(super) fn until_precise(
    plan: &Plan<'_>,
    task: &Task<'_>,
    control: &Control<'_>,
    targets: &[Chosen],
    talk: Talk,
) -> Result<(Outcome, bool), ExperimentError> {
    let most = task.replications;
    let mut n = FIRST_LOOK.min(most);
    let begun = Instant::now();
    let mut simulated_before = 0;
    loop {
        let now = Task {
            replications: n,
            ..*task
        };
        let mut ran = None;
        let results = match peek_study(plan, &now)? {
            Some(results) => Box::new(results),
            None => match run_study(plan, &now, control)? {
                Outcome::Finished { results, simulated } => {
                    simulated_before += simulated;
                    ran = Some(());
                    results
                }
                stopped => return Ok((stopped, false)),
            },
        };
        let (reached, wanted) = look(targets, &results, talk)?;
        if !reached && n < most && !control.stop.load(Ordering::Relaxed) {
            let left = remaining(begun, simulated_before, wanted.min(most.into()), n);
            talk.say(&format!("  about {wanted} replications needed{left}"));
            n = n.saturating_mul(2).min(most);
            continue;
        }
        if !reached && n == most {
            talk.say(&format!(
                "not reached with the most replications ({most}); about {wanted} are needed: \
                 --replications allows more"
            ));
        }
        // Looked at without its totals: now with them.
        let outcome = match ran {
            Some(()) => Outcome::Finished {
                results,
                simulated: simulated_before,
            },
            None => match run_study(plan, &now, control)? {
                Outcome::Finished { results, simulated } => Outcome::Finished {
                    results,
                    simulated: simulated + simulated_before,
                },
                stopped => stopped,
            },
        };
        return Ok((outcome, reached));
    }
}

/// Tells the errors as they are; whether all targets are reached, and how many replications the
/// farthest would need.
fn look(targets: &[Chosen], results: &Results, talk: Talk) -> Result<(bool, u64), ExperimentError> {
    let n = results.replications();
    let mut told = Vec::new();
    let (mut reached, mut wanted) = (true, n);
    for Chosen { target, column } in targets {
        let estimate = Estimate::of(&results.moments(column)?, column.scale);
        let (error, shown, asked) = if target.is_relative {
            let error = estimate.standard_error / estimate.mean.abs();
            let asked = format!("{} %", 100.0 * target.error);
            (error, format!("{:.3} %", 100.0 * error), asked)
        } else {
            let error = estimate.standard_error;
            (error, format!("{error:.4}"), format!("{}", target.error))
        };
        let is_there = error <= target.error;
        reached &= is_there;
        let ratio = error / target.error;
        if !is_there && ratio.is_finite() {
            wanted = wanted.max((n as f64 * ratio * ratio) as u64);
        } else if !is_there {
            wanted = wanted.max(n * 2);
        }
        // Of what never happened nothing is known.
        let shown = if error.is_finite() {
            shown
        } else {
            "unknown".to_owned()
        };
        told.push(format!("{} {shown} (asked {asked})", target.index));
    }
    talk.say(&format!("n = {n}: {}", told.join(", ")));
    Ok((reached, wanted))
}

/// The time left, from the speed so far; nothing where there is none.
fn remaining(begun: Instant, simulated: u64, wanted: u64, n: u32) -> String {
    let seconds = begun.elapsed().as_secs_f64();
    if simulated == 0 || seconds <= 0.0 {
        return String::new();
    }
    let left = wanted.saturating_sub(n.into()) as f64 * seconds / simulated as f64;
    format!(", about {} left", super::progress::spoken(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_shares_or_numbers() {
        let targets = parse_targets("lole_h=2%, eue_mwh = 50").unwrap();
        let target = |index: &str, error, is_relative| Target {
            index: index.to_owned(),
            error,
            is_relative,
        };
        assert_eq!(
            targets,
            [target("lole_h", 0.02, true), target("eue_mwh", 50.0, false)]
        );
        for bad in [
            "lole_h",
            "lole_h=",
            "lole_h=0%",
            "lole_h=-1",
            "lole_h=nan",
            "=1%",
            "",
        ] {
            assert_eq!(parse_targets(bad).unwrap_err().code(), 2, "{bad}");
        }
    }
}
