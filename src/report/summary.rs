//! `summary.csv`: every published index with its error and its range of outcomes.

use super::number::{cell, published};
use super::shelf::{Shelf, Table, TableError};
use super::{ReportError, derived};
use crate::engine::Plan;
use crate::exact::answer;
use crate::experiment::Results;
use crate::measure::{Column, real_readings};
use crate::stats::{Estimate, Moments, quantile};
use crate::store::{Place, StoreError, read_limited};
use serde::Serialize;

/// Name of the only point of a run that is no sweep.
pub const BASE_POINT: &str = "base";

const NAME: &str = "summary.csv";

/// How `standard_error`, `lower_95` and `upper_95` were found: the name of the simulation error.
/// `p5` to `p99` are always exact order statistics of the replications: the range of outcomes.
pub mod interval {
    /// Mean over replications, normal.
    pub const NORMAL: &str = "normal";
    /// It never happened: nothing to 3/n, the rule of three.
    pub const NEVER: &str = "rule of three";
    /// Ratio of two means, by the delta method.
    pub const RATIO: &str = "delta method";
    /// Tail mean, by its influence function.
    pub const TAIL: &str = "influence function";
    /// Quantile, between two order statistics (binomial); it has no standard error.
    pub const ORDER: &str = "order statistics";
    /// Nothing is known of the error: fewer than two replications, or a ratio to nothing.
    pub const UNKNOWN: &str = "unknown";
}

/// One row: one index of one scope in one window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SummaryRow {
    /// Point of a sweep; [`BASE_POINT`] of a run.
    pub point: String,
    /// Window of the scenario.
    pub window: String,
    /// `system`, `zone/NAME`, `farm/NAME`, `pool/NAME`, `line/NAME`, `input/NAME` or `network`.
    pub scope: String,
    /// Index.
    pub index: String,
    /// Unit of all numbers but `n`.
    pub unit: String,
    /// Estimate; absent of nothing.
    pub mean: Option<f64>,
    /// Its simulation error; absent where unknown, and where nothing ever happened.
    pub standard_error: Option<f64>,
    /// Lower end of the 95 % interval of the simulation error.
    pub lower_95: Option<f64>,
    /// Upper end of the 95 % interval of the simulation error.
    pub upper_95: Option<f64>,
    /// 5 % of futures are at or below.
    pub p5: Option<f64>,
    /// Half of futures are at or below.
    pub p50: Option<f64>,
    /// 90 % of futures are at or below.
    pub p90: Option<f64>,
    /// 95 % of futures are at or below.
    pub p95: Option<f64>,
    /// 99 % of futures are at or below.
    pub p99: Option<f64>,
    /// The exact answer, where there is one.
    pub exact: Option<f64>,
    /// How many standard errors the estimate lies above it.
    pub z: Option<f64>,
    /// Replications.
    pub n: u64,
    /// Kind of the interval, see [`interval`].
    pub interval: String,
}

/// The columns, in order.
pub const HEADER: [&str; 18] = [
    "point",
    "window",
    "scope",
    "index",
    "unit",
    "mean",
    "standard_error",
    "lower_95",
    "upper_95",
    "p5",
    "p50",
    "p90",
    "p95",
    "p99",
    "exact",
    "z",
    "n",
    "interval",
];

impl SummaryRow {
    /// A row of an estimate without a range of outcomes.
    pub(super) fn of_estimate(
        (window, scope, index, unit): (&str, &str, &str, &str),
        estimate: Estimate,
        kind: &str,
    ) -> Self {
        let finite = |value: f64| value.is_finite().then_some(value);
        let known = estimate.standard_error.is_finite() && estimate.mean.is_finite();
        let kind = match known {
            false => interval::UNKNOWN,
            true if estimate.never_happened() => interval::NEVER,
            true => kind,
        };
        Self {
            point: BASE_POINT.to_owned(),
            window: window.to_owned(),
            scope: scope.to_owned(),
            index: index.to_owned(),
            unit: unit.to_owned(),
            mean: finite(estimate.mean),
            // Nothing seen is no error of nothing.
            standard_error: finite(estimate.standard_error).filter(|_| kind != interval::NEVER),
            lower_95: finite(estimate.lower_95),
            upper_95: finite(estimate.upper_95),
            p5: None,
            p50: None,
            p90: None,
            p95: None,
            p99: None,
            exact: None,
            z: None,
            n: estimate.n,
            interval: kind.to_owned(),
        }
    }

    /// Adds the range of outcomes of values in rising order.
    pub(super) fn with_range(mut self, sorted: &[i64], scale: f64) -> Self {
        // A negative scale would turn the order around; none of the layouts has one.
        let at = |p: f64| quantile(sorted, p).map(|value| published(value, scale));
        (self.p5, self.p50, self.p90) = (at(0.05), at(0.5), at(0.9));
        (self.p95, self.p99) = (at(0.95), at(0.99));
        self
    }

    /// Puts the exact answer beside the estimate, and how far this lies from it where there is an
    /// error to measure with.
    fn set_exact(&mut self, exact: Option<f64>) {
        self.exact = exact;
        let error = self.standard_error.filter(|&error| error > 0.0);
        let distance = || Some((self.mean? - exact?) / error?);
        self.z = distance().map(|z| libm::rint(z * 1000.0) / 1000.0);
    }

    /// Whether it was nothing in every future.
    pub fn never_happened(&self) -> bool {
        self.interval == interval::NEVER
    }

    /// Whether this is the row of an index.
    pub fn is(&self, window: &str, scope: &str, index: &str) -> bool {
        self.window == window && self.scope == scope && self.index == index
    }

    fn write(&self, table: &mut Table) -> Result<(), csv::Error> {
        table.write_record(self.cells())
    }

    /// The cells of the row, as [`HEADER`] names them.
    pub fn cells(&self) -> [String; 18] {
        let number = |value: Option<f64>| value.map(cell).unwrap_or_default();
        [
            self.point.clone(),
            self.window.clone(),
            self.scope.clone(),
            self.index.clone(),
            self.unit.clone(),
            number(self.mean),
            number(self.standard_error),
            number(self.lower_95),
            number(self.upper_95),
            number(self.p5),
            number(self.p50),
            number(self.p90),
            number(self.p95),
            number(self.p99),
            number(self.exact),
            number(self.z),
            self.n.to_string(),
            self.interval.clone(),
        ]
    }

    fn parse(record: &csv::StringRecord) -> Option<Self> {
        let text = |index: usize| record.get(index).map(str::to_owned);
        let number = |index: usize| match record.get(index)? {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        };
        Some(Self {
            point: text(0)?,
            window: text(1)?,
            scope: text(2)?,
            index: text(3)?,
            unit: text(4)?,
            mean: number(5)?,
            standard_error: number(6)?,
            lower_95: number(7)?,
            upper_95: number(8)?,
            p5: number(9)?,
            p50: number(10)?,
            p90: number(11)?,
            p95: number(12)?,
            p99: number(13)?,
            exact: number(14)?,
            z: number(15)?,
            n: record.get(16)?.parse().ok()?,
            interval: text(17)?,
        })
    }
}

/// All rows of a finished run: the published indices in the order of the layout, each followed
/// by what is derived from it; with the exact answer where there is one.
///
/// # Errors
/// What the disk says.
pub fn rows(plan: &Plan<'_>, results: &Results) -> Result<Vec<SummaryRow>, StoreError> {
    let mut rows = Vec::new();
    for column in &results.layout.columns {
        let mut values = results.slot(column.slot)?.to_vec();
        let moments: Moments = values.iter().copied().collect();
        values.sort_unstable();
        let mut estimate = estimate(plan, column, &moments);
        if values.first().is_some_and(|&least| least >= 0) {
            estimate = estimate.not_below(0.0);
        }
        let name = (&*column.window, &*column.scope, &*column.index, column.unit);
        let row = SummaryRow::of_estimate(name, estimate, interval::NORMAL);
        rows.push(row.with_range(&values, column.scale));
        derived::rows(plan, results, column, &values, &mut rows)?;
    }
    observed(plan, &mut rows);
    // Where something stands in the way there is no exact answer, and nothing to say here.
    if let Ok(answer) = answer(plan.system, false) {
        for row in &mut rows {
            row.set_exact(answer.find(&row.window, &row.scope, &row.index));
        }
    }
    Ok(rows)
}

/// Puts what observers read off reality after the row of the same index: the value as the mean,
/// its own 95 % interval with that interval's name, and no replications.
fn observed(plan: &Plan<'_>, rows: &mut Vec<SummaryRow>) {
    for reading in real_readings(plan.system) {
        let scope = format!("observer/{}", reading.observer);
        let Some(at) = rows
            .iter()
            .position(|row| row.is("all", &scope, &reading.index))
        else {
            continue;
        };
        let index = match reading.index.split_once('/') {
            Some((estimator, moment)) => format!("{estimator}_observed/{moment}"),
            None => format!("{}_observed", reading.index),
        };
        let row = SummaryRow {
            index,
            mean: Some(reading.value),
            standard_error: None,
            lower_95: reading.interval_95.map(|(low, _)| low),
            upper_95: reading.interval_95.map(|(_, high)| high),
            p5: None,
            p50: None,
            p90: None,
            p95: None,
            p99: None,
            exact: None,
            z: None,
            n: 0,
            interval: reading.kind.to_owned(),
            ..rows[at].clone()
        };
        rows.insert(at + 1, row);
    }
}

/// The mean of an index. Where nothing ever happened, 3/n bounds how often: times the most that
/// one replication could give where that is known, and no bound where it is not.
fn estimate(plan: &Plan<'_>, column: &Column, moments: &Moments) -> Estimate {
    let estimate = Estimate::of(moments, column.scale);
    if !estimate.never_happened() {
        return estimate;
    }
    estimate.with_greatest(greatest(plan, column))
}

/// The most that one replication could give of an index, in its unit; NaN where that is not known.
pub(super) fn greatest(plan: &Plan<'_>, column: &Column) -> f64 {
    let window = plan
        .system
        .windows
        .iter()
        .find(|window| window.name == column.window);
    match column.unit {
        "h" => window.map_or(f64::NAN, |window| (window.until - window.from).hours()),
        "d" => window.map_or(f64::NAN, |window| {
            let days = (window.until - window.from).hours() / 24.0;
            libm::ceil(days)
        }),
        // Counts and shares.
        "1" => 1.0,
        _ => f64::NAN,
    }
}

/// Writes the table.
///
/// # Errors
/// What the disk says.
pub fn write(shelf: &mut Shelf<'_>, rows: &[SummaryRow]) -> Result<(), ReportError> {
    shelf.table(NAME, &HEADER, |_, table| {
        rows.iter()
            .try_for_each(|row| row.write(table))
            .map_err(TableError::Csv)
    })
}

/// The rows of the result at a place, as its table has them.
///
/// # Errors
/// A table that is not there or is none.
pub fn read(place: &Place) -> Result<Vec<SummaryRow>, ReportError> {
    const MOST_BYTES: u64 = 256 << 20;
    let path = place.result().join(NAME);
    let bad = |reason: String| ReportError::Unreadable {
        path: path.display().to_string(),
        what: "a summary",
        reason,
    };
    let bytes = read_limited(&path, MOST_BYTES)?.ok_or_else(|| bad("it is missing".to_owned()))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|error| bad(error.to_string()))?;
    if header.iter().ne(HEADER) {
        return Err(bad("its columns are those of another version".to_owned()));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| bad(error.to_string()))?;
        let row = SummaryRow::parse(&record);
        rows.push(row.ok_or_else(|| bad(format!("row {} is none", rows.len() + 1)))?);
    }
    Ok(rows)
}
