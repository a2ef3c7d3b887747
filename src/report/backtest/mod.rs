//! What a backtest puts on paper: scores, days, power, a figure, a page, a verdict.
//!
//! May enter: a finished [`Backtest`], the scenario it is of.
//! May not enter: how scores are computed; a verdict without its numbers.

mod figure;
mod page;
mod screen;
mod tables;
mod verdict;

pub use screen::screen;
pub use tables::{DayRow, PowerRow, ScoreRow, day_rows, power_rows, score_rows};
pub use verdict::{Verdict, verdict};

use super::draw::put;
use super::manifest::{Cost, Manifest};
use super::publish::{complete, describe};
use super::{Meter, ReportError, Shelf};
use crate::experiment::Results;
use crate::experiment::backtest::Backtest;
use crate::scenario::Loaded;
use crate::store::{FolderLock, Place};
use std::sync::atomic::AtomicBool;

/// What is to be written of a backtest, and where.
#[derive(Debug, Clone, Copy)]
pub struct BacktestPublication<'a> {
    /// Where the result stands.
    pub place: &'a Place,
    /// Held for as long as it is written.
    pub lock: &'a FolderLock,
    /// Whether chart and page are drawn.
    pub with_charts: bool,
    /// Overrides, `path=value` in the order given.
    pub overrides: &'a [String],
    /// Set from elsewhere to give up.
    pub stop: &'a AtomicBool,
}

/// Writes a backtest and swaps it in: `scores.csv`, `days.csv`, `power.csv`, the scenario, the
/// figure, the page, the manifest.
///
/// # Errors
/// What the disk says; the older result is in its place then.
pub fn publish_backtest(
    loaded: &Loaded,
    results: &Results,
    backtest: &Backtest,
    publication: &BacktestPublication<'_>,
    cost: Cost,
) -> Result<Manifest, ReportError> {
    let mut shelf = Shelf::begin(publication.place, publication.lock, publication.stop)?;
    let meter = Meter::start();
    tables::write(&mut shelf, backtest)?;
    for (name, bytes) in &loaded.contents {
        let name = name.trim_start_matches("./");
        shelf.put(&format!("scenario/{name}"), bytes)?;
    }
    let tables = meter.read();
    let meter = Meter::start();
    if publication.with_charts {
        let drawing = figure::figure(&loaded.system, backtest, publication.overrides).draw();
        put(&drawing, &mut shelf)?;
        let page = page::page(loaded, backtest, drawing, publication.overrides);
        shelf.put("report.html", page.render().as_bytes())?;
    }
    let charts = meter.read();
    let manifest = Manifest {
        outputs: shelf.files(),
        backtest: true,
        cost: complete(cost, tables, charts),
        ..describe(loaded, results, publication.overrides)
    };
    shelf.finish(&manifest.to_bytes())?;
    Ok(manifest)
}
