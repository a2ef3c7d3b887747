//! `hashfall run A B DIR/`: several scenarios, one progress, one table.

use super::arguments::Format;
use super::options::{RunOptions, ScenarioOptions};
use super::precision::chosen;
use super::progress::Bar;
use super::run::{Ended, Job, OUTPUT, run_job};
use super::scenario::{load, replications};
use super::talk::print;
use super::{Exit, Failure};
use crate::experiment::Progress;
use crate::report::{SummaryRow, combined};
use crate::scenario::Loaded;
use crate::store::write_atomic;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Name of the table of all scenarios.
const TABLE: &str = "batch.csv";

/// One scenario of several, before it runs.
struct Member<'a> {
    scenario: &'a ScenarioOptions,
    loaded: Loaded,
    n: u32,
}

#[derive(Serialize)]
struct Told<'a> {
    scenario: &'a str,
    title: &'a str,
    digest: &'a str,
    seed: u64,
    replications: u32,
    summary: &'a [SummaryRow],
}

/// Runs them one after the other; each must be sound before the first begins.
pub(super) fn batch(options: &RunOptions) -> Result<Exit, Failure> {
    let members = members(options)?;
    let folder = options
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(OUTPUT));
    let bar = Bar::new(options.with_progress);
    let total: u64 = members.iter().map(|member| u64::from(member.n)).sum();
    let before = AtomicU64::new(0);
    let show = |progress: Progress| {
        let done = before.load(Ordering::Relaxed) + progress.done;
        bar.show(Progress {
            done,
            total,
            ..progress
        });
    };
    let (mut listener, mut missed, mut finished) = (None, false, Vec::new());
    for member in &members {
        let system = &member.loaded.system;
        let target = folder.join(&system.name);
        let job = Job {
            options,
            overrides: &member.scenario.overrides_as_text(),
            loaded: &member.loaded,
            n: member.n,
            targets: &chosen(&options.precision, &member.loaded)?,
            target: &target,
            progress: &show,
            end_progress: &|| {},
        };
        match run_job(&job, &mut listener) {
            Err(failure) => {
                bar.end();
                return Err(failure);
            }
            Ok(Ended::Stopped(signal)) => {
                bar.end();
                return Ok(Exit::Stopped(signal));
            }
            Ok(Ended::Done(done)) => {
                before.fetch_add(member.n.into(), Ordering::Relaxed);
                missed |= done.missed;
                finished.push((done, target));
            }
        }
    }
    bar.end();
    let parts: Vec<(&str, &[SummaryRow])> = finished
        .iter()
        .map(|(done, _)| (done.manifest.name.as_str(), done.rows.as_slice()))
        .collect();
    let table = folder.join(TABLE);
    write_atomic(&table, &combined::csv(&parts))?;
    match options.format {
        Format::Text => print(&combined::screen(&parts))?,
        Format::Json => {
            let told: Vec<Told<'_>> = finished
                .iter()
                .map(|(done, _)| Told {
                    scenario: &done.manifest.name,
                    title: &done.manifest.title,
                    digest: &done.manifest.digest,
                    seed: done.manifest.seed,
                    replications: done.manifest.replications,
                    summary: &done.rows,
                })
                .collect();
            let text = serde_json::to_string_pretty(&told);
            print(&(text.map_err(|error| Failure::RunTime(error.to_string()))? + "\n"))?;
        }
    }
    for ((done, target), member) in finished.iter().zip(&members) {
        done.tell(options, target, member.n);
    }
    options.talk.say(&format!("wrote {}", table.display()));
    Ok(if missed { Exit::Missed } else { Exit::Done })
}

/// Reads all; the mistakes of all at once.
fn members(options: &RunOptions) -> Result<Vec<Member<'_>>, Failure> {
    let (mut members, mut mistakes) = (Vec::<Member<'_>>::new(), String::new());
    for scenario in &options.scenarios {
        match load(scenario) {
            Err(Failure::Scenario(text)) => mistakes += &text,
            Err(failure) => return Err(failure),
            Ok(loaded) => {
                let n = replications(&loaded, options.replications)?;
                chosen(&options.precision, &loaded)?;
                let name = &loaded.system.name;
                let twin = members
                    .iter()
                    .find(|other| other.loaded.system.name == *name);
                if let Some(twin) = twin {
                    return Err(Failure::Usage(format!(
                        "{} and {} are both called {name}: their results would take each other's \
                         place; run them apart, with --output",
                        twin.scenario.typed, scenario.typed
                    )));
                }
                members.push(Member {
                    scenario,
                    loaded,
                    n,
                });
            }
        }
    }
    if mistakes.is_empty() {
        Ok(members)
    } else {
        Err(Failure::Scenario(mistakes))
    }
}
