//! `hashfall sweep`: one study at many points, all with the same random numbers.

use super::arguments::Format;
use super::options::{ReportOptions, ScenarioOptions, SweepOptions};
use super::progress::Bar;
use super::report::FinishedResult;
use super::scenario::{bytes, load, replications};
use super::signal::Listener;
use super::talk::{Talk, print};
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{
    Control, Point, Progress, SweepEnd, SweepTask, Task, block_folder, forget_all_others, identity,
    peek_study, sweep as simulate,
};
use crate::report::sweep::{
    PointResults, ShownPoint, SweepPublication, known_indices, publish_sweep, screen,
};
use crate::report::{
    BITS, Cost, Manifest, Meter, OUTPUT_SCHEMA, ReportError, SweepRecord, hexadecimal,
};
use crate::scenario::sweep::{Sweep, Wrong};
use crate::scenario::{Loaded, point_memory, read};
use crate::store::{FolderLock, Identity, Place, Staging, remove_folder};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Mistakes of points that are told one by one.
const MOST_TOLD: usize = 20;

/// A sweep whose points are all sound.
pub(super) struct Study {
    pub options: ScenarioOptions,
    pub loaded: Loaded,
    pub record: SweepRecord,
    /// Overrides of each point; the base has those of the command line.
    pub overrides: Vec<Vec<(String, String)>>,
    /// Identity of each point, the base first.
    pub identities: Vec<Identity>,
}

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

/// Reads the base and every point; all must be sound before anything runs. `design` takes the
/// place of the scenario's own.
pub(super) fn study(options: &ScenarioOptions, design: Option<&Sweep>) -> Result<Study, Failure> {
    let loaded = load(options)?;
    let usage = |(wrong, right): Wrong| Failure::Usage(format!("the sweep: {wrong}; {right}"));
    let Some(design) = design.or(loaded.sweep.as_ref()).cloned() else {
        return Err(Failure::Usage(format!(
            "{} has no [sweep] table, and no --param was given; as in --param \
             line.north-south.capacity_mw=1500:2500:100",
            options.typed
        )));
    };
    let points = design.points(loaded.system.seed).map_err(usage)?;
    let known = known_indices(&Plan::new(&loaded.system));
    for name in &design.show {
        if !known.contains(name) {
            return Err(Failure::Usage(format!(
                "the sweep: this scenario has no index {name:?}; there are: {}",
                known.join(", ")
            )));
        }
    }
    let parameters: Vec<String> = design
        .parameters
        .iter()
        .map(|parameter| parameter.path.clone())
        .collect();
    let of = |loaded: &Loaded| identity(&loaded.digest, loaded.system.seed, BITS, OUTPUT_SCHEMA);
    let mut overrides = vec![options.overrides.clone()];
    let (mut identities, mut digests) = (vec![of(&loaded)], vec![hexadecimal(&loaded.digest)]);
    let mut mistakes = Mistaken::default();
    for (number, values) in (1..).zip(&points) {
        let mut of_point = options.overrides.clone();
        of_point.extend(parameters.iter().cloned().zip(values.iter().cloned()));
        match read(&options.source, &of_point) {
            Ok(point) => {
                identities.push(of(&point));
                digests.push(hexadecimal(&point.digest));
            }
            Err(found) => mistakes.add(number, &found),
        }
        overrides.push(of_point);
    }
    mistakes.into_result()?;
    let base = parameters
        .iter()
        .map(|path| loaded.value_at(path).unwrap_or_default())
        .collect();
    let record = SweepRecord {
        design: design.design.name().to_owned(),
        labels: design
            .parameters
            .iter()
            .map(|parameter| parameter.shown().to_owned())
            .collect(),
        parameters,
        show: design.show,
        base,
        points,
        digests,
    };
    Ok(Study {
        options: options.clone(),
        loaded,
        record,
        overrides,
        identities,
    })
}

/// Mistakes of several points: the first point's in full, of the others what is new.
#[derive(Default)]
struct Mistaken {
    first: Option<String>,
    seen: BTreeSet<String>,
    told: Vec<String>,
    points: usize,
}

impl Mistaken {
    fn add(&mut self, point: usize, found: &crate::scenario::Mistakes) {
        self.points += 1;
        if self.first.is_none() {
            let colour = super::talk::stderr_takes_colour();
            self.first = Some(format!("point {point}:\n{}", found.render(colour)));
            self.seen.extend(found.iter().map(ToString::to_string));
            return;
        }
        for mistake in found.iter().map(ToString::to_string) {
            if self.seen.insert(mistake.clone()) {
                self.told.push(format!("point {point}: {mistake}"));
            }
        }
    }

    fn into_result(self) -> Result<(), Failure> {
        let Some(mut text) = self.first else {
            return Ok(());
        };
        for line in self.told.iter().take(MOST_TOLD) {
            text += &format!("{line}\n");
        }
        text += &format!("{} points have mistakes; nothing was run\n", self.points);
        Err(Failure::Scenario(text))
    }
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
            loaded.push(reload(study, number)?);
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

/// A point read once more: so that only those of a group are held.
fn reload(study: &Study, number: usize) -> Result<Loaded, Failure> {
    read(&study.options.source, &study.overrides[number])
        .map_err(|mistakes| Failure::of_mistakes(&mistakes))
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
            let loaded = reload(study, number).map_err(|_| gone(Path::new("the scenario")))?;
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
