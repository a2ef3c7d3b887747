//! `hashfall report`: a finished run on paper once more, without simulating.
//!
//! It needs the copies of the scenario's files in `DIR/scenario/`, and the blocks in the hidden
//! folder beside `DIR`.

use super::backtest::report_backtest;
use super::options::{ReportOptions, ScenarioOptions, parse_override};
use super::run::show_result;
use super::scenario::load;
use super::signal::Listener;
use super::sweep::report_sweep;
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{Task, block_folder, finished_study, identity};
use crate::report::{
    BITS, Manifest, OUTPUT_SCHEMA, Publication, ReportError, hexadecimal, publish,
};
use crate::scenario::{Loaded, Source};
use crate::store::{FolderLock, Place, Staging};
use std::path::Path;

/// A finished result, its scenario read from the copies that it keeps.
pub(super) struct FinishedResult {
    pub place: Place,
    pub lock: FolderLock,
    pub manifest: Manifest,
    pub loaded: Loaded,
    pub scenario: ScenarioOptions,
}

/// Opens the result in a folder.
pub(super) fn open(path: &Path) -> Result<FinishedResult, Failure> {
    let folder = path.display();
    let place = Place::new(path)?;
    // Read before the lock is made, so that a mistyped folder leaves no lock file behind.
    let none = || Failure::RunTime(format!("{folder} holds no finished result"));
    let manifest = Manifest::read(&place)?.ok_or_else(none)?;
    let lock = FolderLock::acquire(&place)?;
    Staging::recover(&place, &lock)?;
    let first = manifest.inputs.first().ok_or_else(none)?;
    let overrides: Result<Vec<_>, _> = manifest
        .overrides
        .iter()
        .map(|text| parse_override(text))
        .collect();
    let scenario = ScenarioOptions {
        typed: first.name.clone(),
        source: Source::load(place.result().join("scenario").join(&first.name)),
        overrides: overrides?,
    };
    let loaded = load(&scenario)?;
    let same = manifest.digest == hexadecimal(&loaded.digest)
        && (manifest.bits, manifest.output_schema) == (BITS, OUTPUT_SCHEMA);
    if !same {
        return Err(Failure::RunTime(format!(
            "{folder} is of another version of hashfall, or its scenario/ was changed; run the \
             scenario again"
        )));
    }
    Ok(FinishedResult {
        place,
        lock,
        manifest,
        loaded,
        scenario,
    })
}

pub(super) fn report(options: ReportOptions) -> Result<Exit, Failure> {
    let folder = options.folder.display();
    let finished = open(&options.folder)?;
    if finished.manifest.sweep.is_some() {
        return report_sweep(&options, finished);
    }
    if finished.manifest.backtest {
        return report_backtest(&options, &finished);
    }
    let FinishedResult {
        place,
        lock,
        manifest,
        loaded,
        ..
    } = finished;
    let plan = Plan::new(&loaded.system);
    let listener = Listener::begin()?;
    let identity = identity(&loaded.digest, manifest.seed, BITS, OUTPUT_SCHEMA);
    let blocks = block_folder(&place, &identity);
    let task = Task {
        folder: &blocks,
        identity: &identity,
        first: 0,
        replications: manifest.replications,
        jobs: 1,
    };
    let results = finished_study(&plan, &task)?.ok_or_else(|| {
        let blocks = blocks.display();
        Failure::RunTime(format!(
            "{blocks} lacks replications of {folder}: was the result moved without it? Run the \
             scenario again, or put the folder back"
        ))
    })?;
    let publication = Publication {
        place: &place,
        lock: &lock,
        telling: options.telling,
        with_charts: options.with_charts,
        overrides: &manifest.overrides,
        stop: listener.stop(),
    };
    let cost = manifest.cost.clone();
    let (manifest, rows) = match publish(&loaded, &plan, &results, &publication, cost) {
        Err(ReportError::Stopped) => return Ok(Exit::Stopped(listener.signal())),
        published => published?,
    };
    show_result(options.format, &loaded.system, &manifest, &rows)?;
    options.talk.say(&format!("wrote {folder}"));
    Ok(Exit::Done)
}
