//! `hashfall backtest`: simulate what is missing, and score it against what was counted.

use super::arguments::Format;
use super::options::{BacktestOptions, ReportOptions};
use super::progress::Bar;
use super::report::FinishedResult;
use super::scenario::{load, replications};
use super::signal::Listener;
use super::talk::{Talk, print};
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::backtest::{Backtest, backtest as score, counted_days};
use crate::experiment::{
    Control, Outcome, Progress, Results, Study, Task, block_folder, finished, forget_others,
    identity, run,
};
use crate::measure::DayRates;
use crate::report::backtest::{
    BacktestPublication, DayRow, PowerRow, ScoreRow, Verdict, day_rows, power_rows,
    publish_backtest, score_rows, screen, verdict,
};
use crate::report::{BITS, Cost, Manifest, Meter, OUTPUT_SCHEMA, ReportError};
use crate::scenario::Loaded;
use crate::store::{FolderLock, Identity, Place, Staging, remove_folder};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A backtest as data.
#[derive(Serialize)]
struct Told<'a> {
    output_schema: u32,
    scenario: &'a str,
    title: &'a str,
    mode: &'a str,
    digest: &'a str,
    seed: u64,
    replications: u32,
    verdict: Verdict,
    scores: Vec<ScoreRow>,
    days: Vec<DayRow>,
    power: Vec<PowerRow>,
}

pub(super) fn backtest(options: BacktestOptions) -> Result<Exit, Failure> {
    let loaded = load(&options.scenario)?;
    let n = replications(&loaded, options.replications)?;
    let plan = Plan::new(&loaded.system);
    must_be_scored(&options.scenario.typed, &plan)?;
    let target = options.output.clone();
    let target = target.unwrap_or_else(|| {
        PathBuf::from(super::run::OUTPUT).join(format!("{}-backtest", loaded.system.name))
    });
    let place = Place::new(&target)?;
    let lock = FolderLock::acquire(&place)?;
    Staging::recover(&place, &lock)?;
    let listener = Listener::begin()?;
    let identity = identity_of(&loaded);
    let folder = block_folder(&place, &identity);
    if options.is_fresh {
        remove_folder(&folder)?;
    }
    let bar = Bar::new(options.with_progress);
    let meter = Meter::start();
    let task = Task {
        folder: &folder,
        identity: &identity,
        first: 0,
        replications: n,
        jobs: options.jobs,
    };
    let control = Control {
        stop: listener.stop(),
        progress: &|progress: Progress| bar.show(progress),
    };
    let outcome = run::<DayRates>(&plan, &task, &control);
    bar.end();
    let (results, simulated) = match outcome? {
        Outcome::Finished { results, simulated } => (results, simulated),
        Outcome::Stopped { done, total } => {
            options.talk.say(&format!(
                "stopped: {done} of {total} replications are kept; the same command goes on"
            ));
            return Ok(Exit::Stopped(listener.signal()));
        }
    };
    let cost = meter.read().of_engine(options.jobs, simulated);
    let publication = BacktestPublication {
        place: &place,
        lock: &lock,
        with_charts: options.with_charts,
        overrides: &options.scenario.overrides_as_text(),
        stop: listener.stop(),
    };
    let written = write(&plan, &loaded, &results, &publication, cost)?;
    let Some((manifest, scored)) = written else {
        return Ok(Exit::Stopped(listener.signal()));
    };
    forget_others(&place, &identity)?;
    show(options.format, &manifest, &scored)?;
    tell(options.talk, &target, n, simulated);
    Ok(Exit::Done)
}

/// Writes a finished backtest once more.
pub(super) fn report_backtest(
    options: &ReportOptions,
    finished_before: &FinishedResult,
) -> Result<Exit, Failure> {
    let FinishedResult {
        place,
        lock,
        manifest,
        loaded,
        ..
    } = finished_before;
    let plan = Plan::new(&loaded.system);
    let listener = Listener::begin()?;
    let identity = identity_of(loaded);
    let folder = block_folder(place, &identity);
    let task = Task {
        folder: &folder,
        identity: &identity,
        first: 0,
        replications: manifest.replications,
        jobs: 1,
    };
    let results = finished::<DayRates>(&plan, &task)?.ok_or_else(|| {
        Failure::RunTime(format!(
            "{} lacks replications: was the result moved without it? Run the backtest again",
            folder.display()
        ))
    })?;
    let publication = BacktestPublication {
        place,
        lock,
        with_charts: options.with_charts,
        overrides: &manifest.overrides,
        stop: listener.stop(),
    };
    let cost = manifest.cost.clone();
    let Some((manifest, scored)) = write(&plan, loaded, &results, &publication, cost)? else {
        return Ok(Exit::Stopped(listener.signal()));
    };
    show(options.format, &manifest, &scored)?;
    options
        .talk
        .say(&format!("wrote {}", options.folder.display()));
    Ok(Exit::Done)
}

/// Says what is missing where there is nothing to be scored.
fn must_be_scored(typed: &str, plan: &Plan<'_>) -> Result<(), Failure> {
    let system = plan.system;
    if Study::of(system) == Study::Grid || system.world.is_none() {
        return Err(Failure::Usage(format!(
            "{typed} has no [world], so no blocks are found in it; there is nothing to backtest"
        )));
    }
    if system.observed.days.is_empty() {
        return Err(Failure::Usage(format!(
            "{typed} says nothing of what was counted; give it [observed] with blocks_csv, a table \
             of date_utc, block_count and difficulty_mean"
        )));
    }
    if counted_days(plan).is_empty() {
        return Err(Failure::Usage(format!(
            "no day of {typed}'s observed table lies whole within its horizon (UTC days)"
        )));
    }
    Ok(())
}

/// To which backtest blocks belong: never to a run of the same scenario, whose blocks are others.
fn identity_of(loaded: &Loaded) -> Identity {
    let mut hash = Sha256::new();
    hash.update(b"backtest");
    hash.update(loaded.digest);
    let digest: [u8; 32] = hash.finalize().into();
    identity(&digest, loaded.system.seed, BITS, OUTPUT_SCHEMA)
}

/// Scores and writes; `None` where it was told to stop.
fn write(
    plan: &Plan<'_>,
    loaded: &Loaded,
    results: &Results,
    publication: &BacktestPublication<'_>,
    cost: Cost,
) -> Result<Option<(Manifest, Backtest)>, Failure> {
    let scored = score(plan, results)?;
    match publish_backtest(loaded, results, &scored, publication, cost) {
        Err(ReportError::Stopped) => Ok(None),
        published => Ok(Some((published?, scored))),
    }
}

fn show(format: Format, manifest: &Manifest, scored: &Backtest) -> Result<(), Failure> {
    match format {
        Format::Text => print(&screen(manifest, scored)),
        Format::Json => {
            let text = serde_json::to_string_pretty(&Told {
                output_schema: manifest.output_schema,
                scenario: &manifest.name,
                title: &manifest.title,
                mode: &manifest.mode,
                digest: &manifest.digest,
                seed: manifest.seed,
                replications: manifest.replications,
                verdict: verdict(scored),
                scores: score_rows(scored),
                days: day_rows(scored),
                power: power_rows(scored),
            });
            let text = text.map_err(|error| Failure::RunTime(error.to_string()))?;
            print(&(text + "\n"))
        }
    }
}

fn tell(talk: Talk, target: &Path, n: u32, simulated: u64) {
    let kept = u64::from(n).saturating_sub(simulated);
    let kept = match (simulated, kept) {
        (0, _) => " (all replications were there)".to_owned(),
        (_, 0) => String::new(),
        (_, kept) => format!(" ({kept} kept from earlier)"),
    };
    talk.say(&format!("wrote {}{kept}", target.display()));
}
