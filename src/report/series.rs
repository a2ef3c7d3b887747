//! `series.csv`: fans and means over time, one row a series and time step.

use super::ReportError;
use super::chart::rfc3339;
use super::number::{cell, published, stepped_cell};
use super::shelf::{Shelf, Table, TableError};
use crate::experiment::Results;
use crate::measure::{SeriesKind, ShortageMeasure};
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::stats::{FanGrid, Moments};

/// Quantiles of the fans.
pub const FAN: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

const HEADER: [&str; 12] = [
    "time_utc",
    "step",
    "series",
    "scope",
    "unit",
    "p5",
    "p25",
    "p50",
    "p75",
    "p95",
    "mean",
    "standard_error",
];

/// Writes the table. `start_unix_ms` is the scenario's start; a time is that of a step's begin.
///
/// # Errors
/// What the disk says.
pub fn write(
    shelf: &mut Shelf<'_>,
    results: &Results,
    start_unix_ms: i64,
) -> Result<(), ReportError> {
    let series = &results.series;
    shelf.table("series.csv", &HEADER, |shelf, table| {
        let mut fans = |grid: &FanGrid, kinds: &[SeriesKind], step: &str, step_ms: i64| {
            for at in 0..grid.hours() {
                shelf.check()?;
                let time = rfc3339(start_unix_ms + at as i64 * step_ms);
                for (index, kind) in kinds.iter().enumerate() {
                    let fan = FAN.map(|p| fan_cell(grid, kind, index, at, p));
                    let [p5, p25, p50, p75, p95] = &fan;
                    table.write_record([
                        &time,
                        step,
                        &kind.name,
                        &kind.scope,
                        kind.unit,
                        p5,
                        p25,
                        p50,
                        p75,
                        p95,
                        "",
                        "",
                    ])?;
                }
            }
            Ok::<(), TableError>(())
        };
        fans(&results.hourly, &series.hourly, "hour", MS_PER_HOUR)?;
        fans(&results.daily, &series.daily, "day", MS_PER_DAY)?;
        for hour in 0..series.hours {
            let time = rfc3339(start_unix_ms + hour as i64 * MS_PER_HOUR);
            for (index, kind) in series.sums.iter().enumerate() {
                let moments = results.hourly_moments(index, hour);
                let [mean, error] = mean_cells(&moments, kind.scale);
                let (name, scope) = (&kind.name, &kind.scope);
                table.write_record([
                    &time, "hour", name, scope, kind.unit, "", "", "", "", "", &mean, &error,
                ])?;
            }
        }
        loss_of_load(results, start_unix_ms, table)
    })
}

/// Loss of load, hour by hour: how likely it is, and how much is unserved.
fn loss_of_load(
    results: &Results,
    start_unix_ms: i64,
    table: &mut Table,
) -> Result<(), TableError> {
    let layout = &results.series.shortages;
    let has = |name: &str, scope: &str| {
        let mut sums = results.series.sums.iter();
        sums.any(|kind| kind.name == name && kind.scope == scope)
    };
    for hour in 0..layout.hours {
        let time = rfc3339(start_unix_ms + hour as i64 * MS_PER_HOUR);
        for (scope, scope_name) in layout.scopes.iter().enumerate() {
            let kinds = [
                ("lolp", "1", ShortageMeasure::Time, 1.0 / MS_PER_HOUR as f64),
                ("unserved_load", "MW", ShortageMeasure::Energy, 1e-6),
            ];
            for (name, unit, measure, scale) in kinds {
                if has(name, scope_name) {
                    continue;
                }
                let place = layout.hour(scope, hour, measure);
                let moments = results.short_hours.moments(place, results.replications());
                let [mean, error] = mean_cells(&moments, scale);
                table.write_record([
                    &time, "hour", name, scope_name, unit, "", "", "", "", "", &mean, &error,
                ])?;
            }
        }
    }
    Ok(())
}

/// A mean and its standard error. What was nothing in every future has none: that it never
/// happened is no proof that it cannot.
fn mean_cells(moments: &Moments, scale: f64) -> [String; 2] {
    let error = if moments.sum_squares == 0 {
        String::new()
    } else {
        cell(moments.standard_error() * scale.abs())
    };
    [cell(moments.mean() * scale), error]
}

/// A quantile, no finer than its bin.
fn fan_cell(grid: &FanGrid, kind: &SeriesKind, index: usize, at: usize, p: f64) -> String {
    match grid.quantile(index, at, p) {
        None => String::new(),
        Some(value) => {
            let step = kind.bins.width() as f64 * kind.scale.abs();
            stepped_cell(published(value, kind.scale), step)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Curtailed power (kW) of an hour in four futures, in MW: mean 2.5, squares of deviations
    /// 5, so that the error is the root of 5 / (3 x 4).
    #[test]
    fn a_mean_has_the_error_of_its_values() {
        let moments: Moments = [1000, 2000, 3000, 4000].into_iter().collect();
        let [mean, error] = mean_cells(&moments, 1e-3);
        assert_eq!(mean, "2.5");
        let error: f64 = error.parse().expect("a number");
        assert!((error - libm::sqrt(5.0 / 12.0)).abs() < 1e-15);
        // A scale that turns the sign turns no error.
        assert_eq!(
            mean_cells(&moments, -1e-3)[1],
            mean_cells(&moments, 1e-3)[1]
        );
    }

    #[test]
    fn what_was_never_seen_and_what_was_seen_once_know_no_error() {
        let never: Moments = [0; 100].into_iter().collect();
        assert_eq!(mean_cells(&never, 1.0), ["0", ""]);
        let once: Moments = [7].into_iter().collect();
        assert_eq!(mean_cells(&once, 1.0), ["7", ""]);
        // The same in every future is known for certain.
        let always: Moments = [7; 3].into_iter().collect();
        assert_eq!(mean_cells(&always, 1.0), ["7", "0"]);
    }
}
