//! `hashfall compare`: two variants, replication by replication.

use super::arguments::Tabular;
use super::options::{CompareOptions, ScenarioOptions, Side};
use super::progress::Bar;
use super::report::{FinishedResult, open};
use super::scenario::{load, replications};
use super::signal::Listener;
use super::talk::print;
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{
    Control, Point, Progress, SweepEnd, SweepTask, Task, block_folder, identity, peek_study, sweep,
};
use crate::report::comparison::{Compared, ComparedRow, compare as pair, csv, screen};
use crate::report::{BITS, OUTPUT_SCHEMA};
use crate::scenario::Loaded;
use crate::store::{FolderLock, Identity, Place, remove_folder, write_atomic};
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Told<'a> {
    output_schema: u32,
    base: &'a str,
    other: &'a str,
    is_paired: bool,
    replications: [u32; 2],
    rows: &'a [ComparedRow],
}

pub(super) fn compare(options: CompareOptions) -> Result<Exit, Failure> {
    match (&options.base, &options.other) {
        (Side::Result(base), Side::Result(other)) => of_results(&options, base, other),
        (Side::Scenario(base), Side::Scenario(other)) => of_scenarios(&options, base, other),
        // Refused where the options were read.
        _ => Ok(Exit::Done),
    }
}

/// Two finished runs: what is missing of neither is simulated.
fn of_results(options: &CompareOptions, base: &Path, other: &Path) -> Result<Exit, Failure> {
    let (base, other) = (open(base)?, open(other)?);
    for side in [&base, &other] {
        if side.manifest.sweep.is_some() {
            return Err(Failure::Usage(format!(
                "{} is a sweep: its differences stand in its sweep.csv",
                side.place.result().display()
            )));
        }
        if side.manifest.backtest {
            return Err(Failure::Usage(format!(
                "{} is a backtest: its rivals stand in its scores.csv; compare runs",
                side.place.result().display()
            )));
        }
    }
    let of = |side: &FinishedResult| {
        identity(&side.loaded.digest, side.manifest.seed, BITS, OUTPUT_SCHEMA)
    };
    tell(
        options,
        [&base.loaded, &other.loaded],
        [&base.place, &other.place],
        [of(&base), of(&other)],
        [base.manifest.replications, other.manifest.replications],
    )
}

/// Two scenarios: both are simulated, replication by replication. The blocks go when it is done;
/// where it is stopped the same command goes on.
fn of_scenarios(
    options: &CompareOptions,
    base: &ScenarioOptions,
    other: &ScenarioOptions,
) -> Result<Exit, Failure> {
    let sides = [load(base)?, load(other)?];
    let n = replications(&sides[0], options.replications)?;
    if let Some(asked) = options.replications {
        replications(&sides[1], Some(asked))?;
    }
    let names = [&sides[0].system.name, &sides[1].system.name];
    let name = format!("{}-against-{}", names[1], names[0]);
    let place = Place::new(&PathBuf::from(super::run::OUTPUT).join(name))?;
    let _lock = FolderLock::acquire(&place)?;
    let listener = Listener::begin()?;
    let identities = [0, 1].map(|side: usize| {
        let loaded = &sides[side];
        identity(&loaded.digest, loaded.system.seed, BITS, OUTPUT_SCHEMA)
    });
    let plans = [0, 1].map(|side: usize| Plan::new(&sides[side].system));
    let points: Vec<Point<'_>> = [0, 1]
        .into_iter()
        .map(|side: usize| Point {
            plan: &plans[side],
            identity: identities[side],
            folder: block_folder(&place, &identities[side]),
        })
        // One and the same is simulated once.
        .take(if identities[0] == identities[1] { 1 } else { 2 })
        .collect();
    let bar = Bar::new(options.with_progress);
    let show = |progress: Progress| bar.show(progress);
    let control = Control {
        stop: listener.stop(),
        progress: &show,
    };
    let task = SweepTask {
        replications: n,
        jobs: options.jobs,
        done_before: 0,
        total: u64::from(n) * points.len() as u64,
    };
    let ended = sweep(&points, &task, &control);
    bar.end();
    if ended? == SweepEnd::Stopped {
        options
            .talk
            .say("stopped: finished blocks are kept; the same command goes on");
        return Ok(Exit::Stopped(listener.signal()));
    }
    let loaded = [&sides[0], &sides[1]];
    let exit = tell(options, loaded, [&place, &place], identities, [n, n])?;
    remove_folder(&place.blocks())?;
    Ok(exit)
}

/// Pairs what lies in the blocks, prints and writes it.
fn tell(
    options: &CompareOptions,
    sides: [&Loaded; 2],
    places: [&Place; 2],
    identities: [Identity; 2],
    replications: [u32; 2],
) -> Result<Exit, Failure> {
    let plans = sides.map(|side| Plan::new(&side.system));
    let read = |side: usize| {
        let folder = block_folder(places[side], &identities[side]);
        let task = Task {
            folder: &folder,
            identity: &identities[side],
            first: 0,
            replications: replications[side],
            jobs: 1,
        };
        let results = peek_study(&plans[side], &task)?;
        results.ok_or_else(|| {
            Failure::RunTime(format!(
                "{} lacks replications of {}: was the result moved without it? Run the scenario \
                 again, or put the folder back",
                folder.display(),
                places[side].result().display()
            ))
        })
    };
    let (base, other) = (read(0)?, read(1)?);
    let of = |side: usize, results| Compared {
        plan: &plans[side],
        results,
    };
    let rows = pair(&of(0, &base), &of(1, &other))?;
    let is_paired = sides[0].system.seed == sides[1].system.seed;
    let table = csv(&rows);
    let text = match options.format {
        Tabular::Csv => String::from_utf8_lossy(&table).into_owned(),
        Tabular::Json => {
            let told = Told {
                output_schema: OUTPUT_SCHEMA,
                base: &sides[0].system.name,
                other: &sides[1].system.name,
                is_paired,
                replications,
                rows: &rows,
            };
            let text = serde_json::to_string_pretty(&told);
            text.map_err(|error| Failure::RunTime(error.to_string()))? + "\n"
        }
        Tabular::Text => {
            let system = &sides[0].system;
            let window = system.windows.get(system.headline_window);
            let window = window.map_or("all", |window| window.name.as_str());
            format!(
                "base: {}\nother: {}\n{}, window {window}; * the sign is beyond doubt (95 %)\n\n{}",
                sides[0].system.title,
                sides[1].system.title,
                how(is_paired, replications),
                screen(&rows, window)
            )
        }
    };
    print(&text)?;
    if let Some(path) = &options.output {
        write_atomic(path, &table)?;
        options.talk.say(&format!("wrote {}", path.display()));
    }
    if !is_paired {
        options.talk.say(
            "the seeds differ, so that nothing could be paired: differences carry both errors",
        );
    }
    Ok(Exit::Done)
}

fn how(is_paired: bool, [base, other]: [u32; 2]) -> String {
    let n = if base == other {
        format!("{base} replications")
    } else {
        format!("{base} and {other} replications")
    };
    if is_paired {
        format!("{n}, paired (those that both have)")
    } else {
        format!("{n}, not paired: the seeds differ")
    }
}
