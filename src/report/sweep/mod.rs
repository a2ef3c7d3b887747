//! What a sweep writes: `sweep.csv`, a row for each point, index and scope, and its charts.

mod figures;
mod screen;
mod titles;

pub use screen::screen;

use super::draw::put;
use super::manifest::{Cost, Manifest, SweepRecord};
use super::number::cell;
use super::paired::{self, Difference};
use super::publish::{complete, describe};
use super::shelf::TableError;
use super::summary::{self, BASE_POINT, SummaryRow};
use super::{Meter, ReportError, Shelf};
use crate::engine::Plan;
use crate::experiment::Results;
use crate::scenario::Loaded;
use crate::store::{FolderLock, Place, StoreError};
use figures::{Swept, figures};
use serde::Serialize;
use std::sync::atomic::AtomicBool;

/// Name of the table.
pub const NAME: &str = "sweep.csv";

/// Indices that stand first where a sweep names none, as far as there are any.
const SHOWN: [&str; 4] = [
    "lost_hashrate_ehs",
    "curtailed_mining_mwh",
    "lole_h",
    "eue_mwh",
];

/// One row of a sweep: an index of a scope in a window, at a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SweepRow {
    /// As in the summary of the point alone.
    #[serde(flatten)]
    pub row: SummaryRow,
    /// Against the base point, replication by replication.
    pub paired: Option<Difference>,
}

/// A point as it is shown: the rows of the indices that stand first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownPoint {
    /// `base`, `1`, `2`, ...
    pub point: String,
    /// Values of the parameters.
    pub values: Vec<String>,
    /// Rows of the whole system or network in the headline's window.
    pub rows: Vec<SweepRow>,
}

/// What is to be written of a sweep, and where.
#[derive(Debug, Clone, Copy)]
pub struct SweepPublication<'a> {
    /// Where the result stands.
    pub place: &'a Place,
    /// Held for as long as it is written.
    pub lock: &'a FolderLock,
    /// The points.
    pub record: &'a SweepRecord,
    /// Whether charts are drawn.
    pub with_charts: bool,
    /// Overrides of the base, `path=value` in the order given.
    pub overrides: &'a [String],
    /// Set from elsewhere to give up.
    pub stop: &'a AtomicBool,
}

/// A point's scenario with its numbers, as far as they are needed at a time.
pub struct PointResults<'a> {
    /// Its plan.
    pub plan: &'a Plan<'a>,
    /// Its numbers.
    pub results: &'a Results,
}

/// Reads a point for a while: calls back with its numbers.
pub type ReadPoint<'a> = dyn FnMut(
        usize,
        &mut dyn FnMut(PointResults<'_>) -> Result<(), ReportError>,
    ) -> Result<(), ReportError>
    + 'a;

/// Writes a sweep and swaps it in. Points are read one after the other, so that the room it takes
/// does not grow with their number.
///
/// # Errors
/// What the disk says; the older result is in its place then.
pub fn publish_sweep(
    loaded: &Loaded,
    base: &PointResults<'_>,
    read: &mut ReadPoint<'_>,
    publication: &SweepPublication<'_>,
    cost: Cost,
) -> Result<(Manifest, Vec<ShownPoint>), ReportError> {
    let record = publication.record;
    let mut shelf = Shelf::begin(publication.place, publication.lock, publication.stop)?;
    let meter = Meter::start();
    let mut shown = Vec::with_capacity(record.points.len() + 1);
    let show = shown_indices(&record.show, base);
    let mut header = vec!["point"];
    header.extend(record.parameters.iter().map(String::as_str));
    header.extend(&summary::HEADER[1..]);
    header.extend(paired::HEADER);
    shelf.table(NAME, &header, |shelf, table| {
        for number in 0..=record.points.len() {
            shelf.check()?;
            let point = match number {
                0 => BASE_POINT.to_owned(),
                number => number.to_string(),
            };
            let values = match number.checked_sub(1) {
                None => &record.base,
                Some(number) => &record.points[number],
            };
            let mut rows = Vec::new();
            if number == 0 {
                rows = rows_of(base, None)?;
            } else {
                read(number, &mut |of_point| {
                    rows = rows_of(&of_point, Some(base))?;
                    Ok(())
                })?;
            }
            for row in &rows {
                table.write_record(cells(&point, values, row))?;
            }
            let headline = headline_window(loaded);
            rows.retain(|row| is_shown(&row.row, headline, &show));
            shown.push(ShownPoint {
                point,
                values: values.clone(),
                rows,
            });
        }
        Ok::<(), TableError>(())
    })?;
    for (name, bytes) in &loaded.contents {
        let name = name.trim_start_matches("./");
        shelf.put(&format!("scenario/{name}"), bytes)?;
    }
    let tables = meter.read();
    let meter = Meter::start();
    if publication.with_charts {
        let swept = Swept {
            loaded,
            record,
            points: &shown,
            replications: base.results.replications(),
            overrides: publication.overrides,
        };
        for drawing in figures(&swept) {
            put(&drawing, &mut shelf)?;
        }
    }
    let charts = meter.read();
    let manifest = Manifest {
        outputs: shelf.files(),
        sweep: Some(record.clone()),
        cost: complete(cost, tables, charts),
        ..describe(loaded, base.results, publication.overrides)
    };
    shelf.finish(&manifest.to_bytes())?;
    Ok((manifest, shown))
}

/// The rows of a point, each with its difference from the base where there is one.
///
/// # Errors
/// What the disk says.
pub fn rows_of(
    point: &PointResults<'_>,
    base: Option<&PointResults<'_>>,
) -> Result<Vec<SweepRow>, StoreError> {
    let mut rows = Vec::new();
    for row in summary::rows(point.plan, point.results)? {
        let paired = match base {
            None => None,
            Some(base) => paired_row(point.results, base.results, &row)?,
        };
        rows.push(SweepRow { row, paired });
    }
    Ok(rows)
}

/// The paired difference of a row's index; of what is derived from several there is none.
fn paired_row(
    other: &Results,
    base: &Results,
    row: &SummaryRow,
) -> Result<Option<Difference>, StoreError> {
    let find = |results: &Results| {
        let column = results.layout.find(&row.window, &row.scope, &row.index);
        column.cloned()
    };
    match (find(base), find(other)) {
        (Some(before), Some(after)) => paired::difference((base, &before), (other, &after)),
        _ => Ok(None),
    }
}

fn cells(point: &str, values: &[String], row: &SweepRow) -> Vec<String> {
    let mut cells = vec![point.to_owned()];
    cells.extend(values.iter().cloned());
    cells.extend(row.row.cells().into_iter().skip(1));
    match &row.paired {
        Some(paired) => cells.extend(paired.cells()),
        None => cells.extend(paired::HEADER.map(|_| cell(f64::NAN))),
    }
    cells
}

fn headline_window(loaded: &Loaded) -> &str {
    let system = &loaded.system;
    let window = system.windows.get(system.headline_window);
    window.map_or("all", |window| window.name.as_str())
}

/// The indices that stand first: those named, or the usual ones, as far as there are any.
fn shown_indices(named: &[String], base: &PointResults<'_>) -> Vec<String> {
    let names = match named {
        [] => SHOWN.map(str::to_owned).to_vec(),
        named => named.to_vec(),
    };
    let columns = &base.results.layout.columns;
    let is_there = |name: &String| columns.iter().any(|column| column.index == *name);
    names.into_iter().filter(is_there).collect()
}

fn is_shown(row: &SummaryRow, window: &str, show: &[String]) -> bool {
    row.window == window
        && (row.scope == "system" || row.scope == "network")
        && show.contains(&row.index)
}

/// The names of all indices of the whole system, for whoever asks for one that is not there.
pub fn known_indices(plan: &Plan<'_>) -> Vec<String> {
    let (layout, _) = crate::experiment::layout_of(plan);
    let mut names = Vec::<String>::new();
    for column in layout.columns {
        let is_whole = column.scope == "system" || column.scope == "network";
        if is_whole && !names.contains(&column.index) {
            names.push(column.index);
        }
    }
    names
}
