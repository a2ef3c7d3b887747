//! The order in which a result is written: tables, charts, manifest.

use super::draw::draw;
use super::manifest::{BITS, Cost, FileRecord, Manifest, OUTPUT_SCHEMA, Seconds};
use super::summary::{self, SummaryRow};
use super::{
    Chosen, ReportError, Shelf, Telling, events, hexadecimal, replications, series, shortages,
};
use crate::engine::Plan;
use crate::experiment::{Results, SCHEME};
use crate::scenario::Loaded;
use crate::store::{FolderLock, Place, peak_memory_bytes, processor_seconds};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// A finished run, for whoever draws or tells it.
#[derive(Debug)]
pub struct Finished<'a> {
    /// The scenario.
    pub loaded: &'a Loaded,
    /// Its plan; the system is `plan.system`.
    pub plan: &'a Plan<'a>,
    /// What was found.
    pub results: &'a Results,
    /// The rows of the summary.
    pub rows: &'a [SummaryRow],
    /// Replications that stand for the others.
    pub chosen: Chosen,
    /// The single shortages that are told.
    pub(super) told: &'a [shortages::ToldShortage],
    /// Overrides, as given.
    pub overrides: &'a [String],
}

/// What is to be written, and where.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// Where the result stands.
    pub place: &'a Place,
    /// Held for as long as it is written.
    pub lock: &'a FolderLock,
    /// Whose events are told.
    pub telling: Telling,
    /// Whether charts and page are drawn.
    pub with_charts: bool,
    /// Overrides, `path=value` in the order given.
    pub overrides: &'a [String],
    /// Set from elsewhere to give up.
    pub stop: &'a AtomicBool,
}

/// Writes a result and swaps it in. `cost` brings what the engine cost; the rest is measured here.
///
/// # Errors
/// What the disk says; the older result is in its place then.
pub fn publish(
    loaded: &Loaded,
    plan: &Plan<'_>,
    results: &Results,
    publication: &Publication<'_>,
    cost: Cost,
) -> Result<(Manifest, Vec<SummaryRow>), ReportError> {
    let mut shelf = Shelf::begin(publication.place, publication.lock, publication.stop)?;
    let meter = Meter::start();
    let rows = summary::rows(plan, results)?;
    summary::write(&mut shelf, &rows)?;
    replications::write(&mut shelf, results)?;
    series::write(&mut shelf, results, plan.system.start_unix_ms)?;
    shortages::write_month_hours(&mut shelf, results)?;
    let told = shortages::told(plan, results)?;
    shortages::write(&mut shelf, plan, &told)?;
    let chosen = Chosen::of(plan, results)?;
    events::write(&mut shelf, plan, results, chosen, publication.telling)?;
    for (name, bytes) in &loaded.contents {
        let name = name.trim_start_matches("./");
        shelf.put(&format!("scenario/{name}"), bytes)?;
    }
    let tables = meter.read();
    let meter = Meter::start();
    if publication.with_charts {
        let overrides = publication.overrides;
        draw(
            &Finished {
                loaded,
                plan,
                results,
                rows: &rows,
                chosen,
                told: &told,
                overrides,
            },
            &mut shelf,
        )?;
    }
    let charts = meter.read();
    let manifest = Manifest {
        outputs: shelf.files(),
        cost: complete(cost, tables, charts),
        ..describe(loaded, results, publication.overrides)
    };
    shelf.finish(&manifest.to_bytes())?;
    Ok((manifest, rows))
}

/// What a manifest says of the scenario and its results.
pub(super) fn describe(loaded: &Loaded, results: &Results, overrides: &[String]) -> Manifest {
    let system = &loaded.system;
    let replications = results.replications();
    let each = |count: u64| count as f64 / replications.max(1) as f64;
    let length = |name: &str| {
        let content = loaded.contents.iter().find(|(known, _)| known == name);
        content.map_or(0, |(_, bytes)| bytes.len() as u64)
    };
    let input = |(name, digest): &(String, [u8; 32])| FileRecord {
        name: name.clone(),
        bytes: length(name),
        sha256: hexadecimal(digest),
    };
    Manifest {
        output_schema: OUTPUT_SCHEMA,
        program: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        bits: BITS,
        scheme: SCHEME.to_owned(),
        name: system.name.clone(),
        title: system.title.clone(),
        mode: system.mode.name().to_owned(),
        digest: hexadecimal(&loaded.digest),
        seed: system.seed,
        replications: u32::try_from(replications).unwrap_or(u32::MAX),
        overrides: overrides.to_vec(),
        inputs: loaded.files.iter().map(input).collect(),
        outputs: Vec::new(),
        events_per_replication: each(results.run.events),
        refreshes_per_replication: each(results.run.refreshes),
        sweep: None,
        backtest: false,
        cost: Cost::default(),
    }
}

/// Adds what tables and charts cost, the time and the machine.
pub(super) fn complete(cost: Cost, tables: Reading, charts: Reading) -> Cost {
    Cost {
        wall_seconds: Seconds {
            tables: tables.wall,
            charts: charts.wall,
            ..cost.wall_seconds
        },
        core_seconds: match (cost.core_seconds, tables.core, charts.core) {
            (Some(seconds), Some(tables), Some(charts)) => Some(Seconds {
                tables,
                charts,
                ..seconds
            }),
            _ => None,
        },
        peak_memory_bytes: cost.peak_memory_bytes.max(peak_memory_bytes()),
        finished_at_utc: jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
        host: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        ..cost
    }
}

/// Measures time on the wall and on the cores.
#[derive(Debug)]
pub struct Meter {
    wall: Instant,
    core: Option<f64>,
}

/// What a [`Meter`] read, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// On the wall.
    pub wall: f64,
    /// On all cores; absent where the system does not tell.
    pub core: Option<f64>,
}

impl Meter {
    /// Begins to measure.
    pub fn start() -> Self {
        Self {
            wall: Instant::now(),
            core: processor_seconds(),
        }
    }

    /// Since the start.
    pub fn read(&self) -> Reading {
        let thousandths = |seconds: f64| libm::rint(seconds * 1000.0) / 1000.0;
        let core = processor_seconds()
            .zip(self.core)
            .map(|(now, then)| thousandths(now - then));
        Reading {
            wall: thousandths(self.wall.elapsed().as_secs_f64()),
            core,
        }
    }
}

impl Reading {
    /// As the cost of an engine that simulated so many replications.
    pub fn of_engine(self, threads: usize, replications_simulated: u64) -> Cost {
        let rate = |seconds: f64| {
            let rate = libm::rint(replications_simulated as f64 / seconds * 10.0) / 10.0;
            (seconds > 0.0 && replications_simulated > 0).then_some(rate)
        };
        Cost {
            threads,
            replications_simulated,
            wall_seconds: Seconds {
                engine: self.wall,
                ..Seconds::default()
            },
            core_seconds: self.core.map(|engine| Seconds {
                engine,
                ..Seconds::default()
            }),
            replications_per_core_second: self.core.and_then(rate),
            ..Cost::default()
        }
    }
}
