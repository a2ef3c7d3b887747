//! `hashfall run`: simulate what is missing, write the result.

use super::arguments::Format;
use super::batch::batch;
use super::exit::Signal;
use super::options::RunOptions;
use super::precision::{Chosen, chosen, until_precise};
use super::progress::Bar;
use super::scenario::{bytes, load, replications};
use super::shard::run_shard;
use super::signal::Listener;
use super::talk::print;
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
pub(super) const OUTPUT: &str = "output";

pub(super) fn run(options: RunOptions) -> Result<Exit, Failure> {
    if let Some(number) = options.shard {
        return run_shard(&options, number);
    }
    if options.scenarios.len() > 1 {
        return batch(&options);
    }
    let Some(scenario) = options.scenarios.first() else {
        return Ok(Exit::Done);
    };
    let loaded = load(scenario)?;
    let n = replications(&loaded, options.replications)?;
    let targets = chosen(&options.precision, &loaded)?;
    let target = options.output.clone();
    let target = target.unwrap_or_else(|| PathBuf::from(OUTPUT).join(&loaded.system.name));
    let bar = Bar::new(options.with_progress);
    let show = |progress: Progress| bar.show(progress);
    let job = Job {
        options: &options,
        overrides: &scenario.overrides_as_text(),
        loaded: &loaded,
        n,
        targets: &targets,
        target: &target,
        progress: &show,
        end_progress: &|| bar.end(),
    };
    let mut listener = None;
    match run_job(&job, &mut listener)? {
        Ended::Stopped(signal) => Ok(Exit::Stopped(signal)),
        Ended::Done(done) => {
            show_result(options.format, &loaded.system, &done.manifest, &done.rows)?;
            done.tell(&options, &target, n);
            Ok(if done.missed {
                Exit::Missed
            } else {
                Exit::Done
            })
        }
    }
}

/// One scenario to be run.
pub(super) struct Job<'a> {
    pub options: &'a RunOptions,
    pub overrides: &'a [String],
    pub loaded: &'a Loaded,
    /// Replications; with targets the most.
    pub n: u32,
    pub targets: &'a [Chosen],
    pub target: &'a Path,
    pub progress: &'a (dyn Fn(Progress) + Sync),
    pub end_progress: &'a dyn Fn(),
}

/// How a job ended.
pub(super) enum Ended {
    Done(Box<Done>),
    Stopped(Signal),
}

/// A job that came to its end.
pub(super) struct Done {
    pub manifest: Manifest,
    pub rows: Vec<SummaryRow>,
    /// Replications simulated now; none where the result was there.
    pub simulated: Option<u64>,
    /// Whether a target was missed.
    pub missed: bool,
}

/// Runs one scenario, unless its result is there. Signals are listened to from the moment there
/// is work to be stopped.
pub(super) fn run_job(job: &Job<'_>, listener: &mut Option<Listener>) -> Result<Ended, Failure> {
    let (options, loaded) = (job.options, job.loaded);
    let plan = Plan::new(&loaded.system);
    let place = Place::new(job.target)?;
    let lock = FolderLock::acquire(&place)?;
    Staging::recover(&place, &lock)?;
    if !options.is_fresh
        && job.targets.is_empty()
        && let Some(manifest) = finished_already(&place, loaded, job.n)?
    {
        let rows = summary::read(&place)?;
        return Ok(Ended::Done(Box::new(Done {
            manifest,
            rows,
            simulated: None,
            missed: false,
        })));
    }
    if !options.is_fresh {
        is_of_this_scenario(&place, loaded)?;
    }
    let listener = match listener {
        Some(listener) => listener,
        None => listener.insert(Listener::begin()?),
    };
    let identity = identity(&loaded.digest, loaded.system.seed, BITS, OUTPUT_SCHEMA);
    let folder = block_folder(&place, &identity);
    if options.is_fresh {
        remove_folder(&folder)?;
    }
    let meter = Meter::start();
    let task = Task {
        folder: &folder,
        identity: &identity,
        first: 0,
        replications: job.n,
        jobs: options.jobs,
    };
    let control = Control {
        stop: listener.stop(),
        progress: job.progress,
    };
    let outcome = if job.targets.is_empty() {
        run_study(&plan, &task, &control).map(|outcome| (outcome, true))
    } else {
        until_precise(&plan, &task, &control, job.targets, options.talk)
    };
    (job.end_progress)();
    let (results, simulated, reached) = match outcome? {
        (Outcome::Finished { results, simulated }, reached) => (results, simulated, reached),
        (Outcome::Stopped { done, total }, _) => {
            options.talk.say(&format!(
                "stopped: {done} of {total} replications are kept; the same command goes on"
            ));
            return Ok(Ended::Stopped(listener.signal()));
        }
    };
    let publication = Publication {
        place: &place,
        lock: &lock,
        telling: options.telling,
        with_charts: options.with_charts,
        overrides: job.overrides,
        stop: listener.stop(),
    };
    let cost = meter.read().of_engine(options.jobs, simulated);
    let (manifest, rows) = match publish(loaded, &plan, &results, &publication, cost) {
        Err(ReportError::Stopped) => {
            options
                .talk
                .say("stopped: all replications are kept; the same command goes on");
            return Ok(Ended::Stopped(listener.signal()));
        }
        published => published?,
    };
    forget_others(&place, &identity)?;
    Ok(Ended::Done(Box::new(Done {
        manifest,
        rows,
        simulated: Some(simulated),
        missed: !reached,
    })))
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

/// What another scenario came to is not replaced unasked; an earlier form of this one is.
fn is_of_this_scenario(place: &Place, loaded: &Loaded) -> Result<(), Failure> {
    let Ok(Some(manifest)) = Manifest::read(place) else {
        return Ok(());
    };
    let (there, here) = (&manifest.name, &loaded.system.name);
    if there == here {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} holds the result of {there}, not of {here}: name another folder with --output, or \
         have it replaced with --fresh",
        place.result().display(),
    )))
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

impl Done {
    /// Says where the result is and what it cost, or that there was nothing to do.
    pub(super) fn tell(&self, options: &RunOptions, target: &Path, n: u32) {
        let (talk, folder, manifest) = (options.talk, target.display(), &self.manifest);
        let Some(simulated) = self.simulated else {
            let found = manifest.replications;
            let more = if found > n {
                format!(" ({found} of them, {n} asked for)")
            } else {
                String::new()
            };
            talk.say(&format!(
                "already done: {folder} holds these replications{more}; --fresh simulates them \
                 anew, `hashfall report {folder}` writes tables and charts again"
            ));
            return;
        };
        let kept = u64::from(manifest.replications).saturating_sub(simulated);
        let kept = if kept > 0 {
            format!(" ({kept} kept from earlier)")
        } else {
            String::new()
        };
        talk.say(&format!("wrote {folder}{kept}"));
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
}
