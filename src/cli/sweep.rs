//! `hashfall sweep`: one study at many points, all with the same random numbers.

use super::arguments::Format;
use super::options::{ReportOptions, SweepOptions};
use super::progress::Bar;
use super::report::FinishedResult;
use super::scenario::{bytes, replications};
use super::signal::Listener;
use super::study::{Study, study};
use super::talk::{Talk, print};
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{
    Control, Point, Progress, SweepEnd, SweepTask, Task, block_folder, forget_all_others, identity,
    peek_study, sweep as simulate,
};
use crate::report::sweep::{PointResults, ShownPoint, SweepPublication, publish_sweep, screen};
use crate::report::{BITS, Cost, Manifest, Meter, OUTPUT_SCHEMA, ReportError, SweepRecord};
use crate::scenario::{Loaded, point_memory, read};
use crate::store::{FolderLock, Identity, Place, Staging, remove_folder};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Told<'a> {
    output_schema: u32,
    scenario: &'a str,
    title: &'a str,
    digest: &'a str,
    seed: u64,
    replications: u32,
    sweep: &'a SweepRecord,
    points: &'a [ShownPoint],
}

pub(super) fn sweep(options: SweepOptions) -> Result<Exit, Failure> {
    let study = study(&options.scenario, options.design.as_ref())?;
    let system = &study.loaded.system;
    let n = replications(&study.loaded, options.replications)?;
    let target = options.output.clone();
    let target = target.unwrap_or_else(|| {
        PathBuf::from(super::run::OUTPUT).join(format!("{}-sweep", system.name))
    });
    let place = Place::new(&target)?;
    let lock = FolderLock::acquire(&place)?;
    Staging::recover(&place, &lock)?;
    if !options.is_fresh && is_done(&place, &study, n) {
        options.talk.say(&format!(
            "already done: {} holds these points and replications; --fresh simulates them anew",
            target.display()
        ));
        return Ok(Exit::Done);
    }
    let listener = Listener::begin()?;
    if options.is_fresh {
        for identity in &study.identities {
            remove_folder(&block_folder(&place, identity))?;
        }
    }
    let meter = Meter::start();
    let simulated = match run(&study, n, &options, &place, &listener)? {
        Some(simulated) => simulated,
        None => {
            options
                .talk
                .say("stopped: finished blocks are kept; the same command goes on");
            return Ok(Exit::Stopped(listener.signal()));
        }
    };
    let cost = meter.read().of_engine(options.jobs, simulated);
    let publication = SweepPublication {
        place: &place,
        lock: &lock,
        record: &study.record,
        with_charts: options.with_charts,
        overrides: &options.scenario.overrides_as_text(),
        stop: listener.stop(),
    };
    let Some((manifest, shown)) = publish(&study, n, &publication, cost)? else {
        return Ok(Exit::Stopped(listener.signal()));
    };
    forget_all_others(&place, &study.identities)?;
    show(options.format, &manifest, &study.record, &shown)?;
    tell(options.talk, &manifest, &target);
    Ok(Exit::Done)
}

/// The folder of a point's blocks.
fn folder(place: &Place, identity: &Identity) -> PathBuf {
    block_folder(place, identity)
}

/// How many points fit a memory at a time, at least one.
pub(super) fn group_size(study: &Study, most_bytes: u64, jobs: usize) -> usize {
    let each = point_memory(&study.loaded.system, jobs).max(1);
    usize::try_from(most_bytes / each)
        .unwrap_or(usize::MAX)
        .max(1)
}

/// Simulates what is missing, group by group; `None` where it was told to stop.
fn run(
    study: &Study,
    n: u32,
    options: &SweepOptions,
    place: &Place,
    listener: &Listener,
) -> Result<Option<u64>, Failure> {
    // Points that are the same scenario are simulated once.
    let mut seen = BTreeSet::new();
    let numbers: Vec<usize> = (0..study.identities.len())
        .filter(|&number| seen.insert(study.identities[number].digest))
        .collect();
    let size = group_size(study, options.most_memory_bytes, options.jobs);
    if size < numbers.len() {
        options.talk.say(&format!(
            "{} points in groups of {size}, so that they fit {}",
            numbers.len(),
            bytes(options.most_memory_bytes)
        ));
    }
    let total = u64::from(n) * numbers.len() as u64;
    let bar = Bar::new(options.with_progress);
    let show = |progress: Progress| bar.show(progress);
    let control = Control {
        stop: listener.stop(),
        progress: &show,
    };
    let (mut simulated, mut done_before) = (0, 0);
    for group in numbers.chunks(size) {
        let mut loaded = Vec::with_capacity(group.len());
        for &number in group {
            loaded.push(study.point(number)?);
        }
        let plans: Vec<Plan<'_>> = loaded
            .iter()
            .map(|point| Plan::new(&point.system))
            .collect();
        let points: Vec<Point<'_>> = group
            .iter()
            .zip(&plans)
            .map(|(&number, plan)| Point {
                plan,
                identity: study.identities[number],
                folder: folder(place, &study.identities[number]),
            })
            .collect();
        let task = SweepTask {
            replications: n,
            jobs: options.jobs,
            done_before,
            total,
        };
        let ended = simulate(&points, &task, &control);
        if !matches!(ended, Ok(SweepEnd::Finished { .. })) {
            bar.end();
        }
        match ended? {
            SweepEnd::Finished { simulated: more } => simulated += more,
            SweepEnd::Stopped => return Ok(None),
        }
        done_before += u64::from(n) * group.len() as u64;
    }
    bar.end();
    Ok(Some(simulated))
}

/// Writes the result from the blocks; `None` where it was told to stop.
fn publish(
    study: &Study,
    n: u32,
    publication: &SweepPublication<'_>,
    cost: Cost,
) -> Result<Option<(Manifest, Vec<ShownPoint>)>, Failure> {
    let gone = |folder: &Path| {
        let folder = folder.display().to_string();
        ReportError::Unreadable {
            path: folder,
            what: "a point's blocks",
            reason: "replications are missing; run the sweep again".to_owned(),
        }
    };
    let read_point = |number: usize,
                      plan: &Plan<'_>,
                      see: &mut dyn FnMut(PointResults<'_>) -> Result<(), ReportError>|
     -> Result<(), ReportError> {
        let identity = &study.identities[number];
        let folder = folder(publication.place, identity);
        let task = Task {
            folder: &folder,
            identity,
            first: 0,
            replications: n,
            jobs: 1,
        };
        let results = peek_study(plan, &task).map_err(|error| match error {
            crate::experiment::ExperimentError::Store(error) => ReportError::from(error),
            _ => gone(&folder),
        })?;
        let results = results.ok_or_else(|| gone(&folder))?;
        see(PointResults {
            plan,
            results: &results,
        })
    };
    let base_plan = Plan::new(&study.loaded.system);
    let mut published = None;
    let ended = read_point(0, &base_plan, &mut |base| {
        let mut read = |number: usize,
                        see: &mut dyn FnMut(PointResults<'_>) -> Result<(), ReportError>|
         -> Result<(), ReportError> {
            let loaded = study
                .point(number)
                .map_err(|_| gone(Path::new("the scenario")))?;
            read_point(number, &Plan::new(&loaded.system), see)
        };
        published = Some(publish_sweep(
            &study.loaded,
            &base,
            &mut read,
            publication,
            cost.clone(),
        )?);
        Ok(())
    });
    match ended {
        Err(ReportError::Stopped) => Ok(None),
        ended => ended.map(|()| published).map_err(Failure::from),
    }
}

/// Writes the tables and charts of a finished sweep again.
pub(super) fn report_sweep(
    options: &ReportOptions,
    finished: FinishedResult,
) -> Result<Exit, Failure> {
    let FinishedResult {
        place,
        lock,
        manifest,
        loaded,
        scenario,
    } = finished;
    let record = manifest.sweep.clone().unwrap_or_default();
    let listener = Listener::begin()?;
    let mut overrides = vec![scenario.overrides.clone()];
    let of = |loaded: &Loaded| identity(&loaded.digest, loaded.system.seed, BITS, OUTPUT_SCHEMA);
    let mut identities = vec![of(&loaded)];
    for values in &record.points {
        let mut of_point = scenario.overrides.clone();
        of_point.extend(
            record
                .parameters
                .iter()
                .cloned()
                .zip(values.iter().cloned()),
        );
        let point = read(&scenario.source, &of_point)
            .map_err(|mistakes| Failure::of_mistakes(&mistakes))?;
        identities.push(of(&point));
        overrides.push(of_point);
    }
    let study = Study {
        options: scenario,
        loaded,
        record,
        overrides,
        identities,
    };
    let publication = SweepPublication {
        place: &place,
        lock: &lock,
        record: &study.record,
        with_charts: options.with_charts,
        overrides: &manifest.overrides,
        stop: listener.stop(),
    };
    let cost = manifest.cost.clone();
    let Some((manifest, shown)) = publish(&study, manifest.replications, &publication, cost)?
    else {
        return Ok(Exit::Stopped(listener.signal()));
    };
    show(options.format, &manifest, &study.record, &shown)?;
    options
        .talk
        .say(&format!("wrote {}", options.folder.display()));
    Ok(Exit::Done)
}

/// Whether the result at a place is a whole sweep of these points with enough replications.
fn is_done(place: &Place, study: &Study, n: u32) -> bool {
    let Ok(Some(manifest)) = Manifest::read(place) else {
        return false;
    };
    manifest.output_schema == OUTPUT_SCHEMA
        && manifest.bits == BITS
        && manifest.seed == study.loaded.system.seed
        && manifest.replications == n
        && manifest.sweep.as_ref() == Some(&study.record)
        && manifest.is_whole(place)
}

pub(super) fn show(
    format: Format,
    manifest: &Manifest,
    record: &SweepRecord,
    points: &[ShownPoint],
) -> Result<(), Failure> {
    match format {
        Format::Text => print(&screen(manifest, record, points)),
        Format::Json => {
            let told = Told {
                output_schema: manifest.output_schema,
                scenario: &manifest.name,
                title: &manifest.title,
                digest: &manifest.digest,
                seed: manifest.seed,
                replications: manifest.replications,
                sweep: record,
                points,
            };
            let text = serde_json::to_string_pretty(&told);
            print(&(text.map_err(|error| Failure::RunTime(error.to_string()))? + "\n"))
        }
    }
}

fn tell(talk: Talk, manifest: &Manifest, target: &Path) {
    talk.say(&format!("wrote {}", target.display()));
    let wall = &manifest.cost.wall_seconds;
    talk.detail(&format!(
        "{:.1} s engine, {:.1} s tables, {:.1} s charts, on {} threads",
        wall.engine, wall.tables, wall.charts, manifest.cost.threads
    ));
    if let Some(rate) = manifest.cost.replications_per_core_second {
        talk.detail(&format!("{rate:.0} replications of a point a core-second"));
    }
    if let Some(peak) = manifest.cost.peak_memory_bytes {
        talk.detail(&format!("{} of memory at the peak", bytes(peak)));
    }
}
