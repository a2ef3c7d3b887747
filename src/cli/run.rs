//! `hashfall run`: simulate what is missing, write the result.

use super::arguments::Format;
use super::options::RunOptions;
use super::progress::Bar;
use super::scenario::{bytes, load, replications};
use super::signal::Listener;
use super::talk::{Talk, print};
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{
    Control, Outcome, Progress, Task, block_folder, forget_others, identity, run_study,
};
use crate::report::{
    BITS, Manifest, Meter, OUTPUT_SCHEMA, Publication, ReportError, SummaryRow, hexadecimal,
    publish, screen, summary,
};
use crate::scenario::Loaded;
use crate::store::{FolderLock, Place, Staging, remove_folder};
use crate::system::System;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Where results go unless told otherwise.
const OUTPUT: &str = "output";

pub(super) fn run(options: RunOptions) -> Result<Exit, Failure> {
    let loaded = load(&options.scenario)?;
    let plan = Plan::new(&loaded.system);
    let n = replications(&loaded, options.replications)?;
    let system = &loaded.system;
    let target = options.output.clone();
    let target = target.unwrap_or_else(|| PathBuf::from(OUTPUT).join(&system.name));
    let place = Place::new(&target)?;
    let lock = FolderLock::acquire(&place)?;
    Staging::recover(&place, &lock)?;
    if !options.is_fresh
        && let Some(done) = finished_already(&place, &loaded, n)?
    {
        return repeat(&options, system, &place, &target, done, n);
    }
    let listener = Listener::begin()?;
    let identity = identity(&loaded.digest, system.seed, BITS, OUTPUT_SCHEMA);
    let folder = block_folder(&place, &identity);
    if options.is_fresh {
        remove_folder(&folder)?;
    }
    let meter = Meter::start();
    let bar = Bar::new(options.with_progress);
    let task = Task {
        folder: &folder,
        identity: &identity,
        replications: n,
        jobs: options.jobs,
    };
    let show = |progress: Progress| bar.show(progress);
    let control = Control {
        stop: listener.stop(),
        progress: &show,
    };
    let outcome = run_study(&plan, &task, &control);
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
    let overrides = options.scenario.overrides_as_text();
    let publication = Publication {
        place: &place,
        lock: &lock,
        telling: options.telling,
        with_charts: options.with_charts,
        overrides: &overrides,
        stop: listener.stop(),
    };
    let cost = meter.read().of_engine(options.jobs, simulated);
    let (manifest, rows) = match publish(&loaded, &plan, &results, &publication, cost) {
        Err(ReportError::Stopped) => {
            options
                .talk
                .say("stopped: all replications are kept; the same command goes on");
            return Ok(Exit::Stopped(listener.signal()));
        }
        published => published?,
    };
    forget_others(&place, &identity)?;
    show_result(options.format, system, &manifest, &rows)?;
    tell(options.talk, &manifest, simulated, &target);
    Ok(Exit::Done)
}

/// The manifest of a whole result of this scenario and seed with enough replications.
fn finished_already(place: &Place, loaded: &Loaded, n: u32) -> Result<Option<Manifest>, Failure> {
    // A manifest that cannot be read is that of no finished run; it is replaced at the end.
    let Ok(Some(manifest)) = Manifest::read(place) else {
        return Ok(None);
    };
    let is_same = manifest.output_schema == OUTPUT_SCHEMA
        && manifest.bits == BITS
        && manifest.digest == hexadecimal(&loaded.digest)
        && manifest.seed == loaded.system.seed;
    let is_enough = manifest.replications >= n && manifest.is_whole(place);
    Ok((is_same && is_enough).then_some(manifest))
}

/// Says that there is nothing to do, and shows what is there.
fn repeat(
    options: &RunOptions,
    system: &System,
    place: &Place,
    target: &Path,
    manifest: Manifest,
    n: u32,
) -> Result<Exit, Failure> {
    let rows = summary::read(place)?;
    show_result(options.format, system, &manifest, &rows)?;
    let folder = target.display();
    let found = manifest.replications;
    let more = if found > n {
        format!(" ({found} of them, {n} asked for)")
    } else {
        String::new()
    };
    options.talk.say(&format!(
        "already done: {folder} holds these replications{more}; --fresh simulates them anew, \
         `hashfall report {folder}` writes tables and charts again"
    ));
    Ok(Exit::Done)
}

/// The summary as data.
#[derive(Serialize)]
struct Summary<'a> {
    output_schema: u32,
    scenario: &'a str,
    title: &'a str,
    mode: &'a str,
    digest: &'a str,
    seed: u64,
    replications: u32,
    summary: &'a [SummaryRow],
}

/// Prints the result on stdout.
pub(super) fn show_result(
    format: Format,
    system: &System,
    manifest: &Manifest,
    rows: &[SummaryRow],
) -> Result<(), Failure> {
    match format {
        Format::Text => print(&screen(system, manifest, rows)),
        Format::Json => {
            let summary = Summary {
                output_schema: manifest.output_schema,
                scenario: &manifest.name,
                title: &manifest.title,
                mode: &manifest.mode,
                digest: &manifest.digest,
                seed: manifest.seed,
                replications: manifest.replications,
                summary: rows,
            };
            let text = serde_json::to_string_pretty(&summary);
            let text = text.map_err(|error| Failure::RunTime(error.to_string()))?;
            print(&(text + "\n"))
        }
    }
}

/// Says where the result is and what it cost.
fn tell(talk: Talk, manifest: &Manifest, simulated: u64, target: &Path) {
    let kept = u64::from(manifest.replications) - simulated;
    let kept = if kept > 0 {
        format!(" ({kept} kept from earlier)")
    } else {
        String::new()
    };
    talk.say(&format!("wrote {}{kept}", target.display()));
    let (cost, wall) = (&manifest.cost, &manifest.cost.wall_seconds);
    talk.detail(&format!(
        "{:.1} s engine, {:.1} s tables, {:.1} s charts, on {} threads",
        wall.engine, wall.tables, wall.charts, cost.threads
    ));
    talk.detail(&format!(
        "{:.0} events and {:.0} refreshes a replication",
        manifest.events_per_replication, manifest.refreshes_per_replication
    ));
    if let Some(rate) = cost.replications_per_core_second {
        talk.detail(&format!("{rate:.0} replications a core-second"));
    }
    if let Some(peak) = cost.peak_memory_bytes {
        talk.detail(&format!("{} of memory at the peak", bytes(peak)));
    }
}
