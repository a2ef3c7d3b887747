//! `shortages.csv` and `lolp_by_month_hour.csv`: single shortages, and when it is short.

use super::ReportError;
use super::chart::rfc3339;
use super::number::cell;
use super::shelf::{Shelf, TableError};
use crate::engine::Plan;
use crate::experiment::Results;
use crate::measure::{Shortage, ShortageMeasure, ShortageTeller};
use crate::quantity::MS_PER_HOUR;
use crate::stats::Estimate;

/// Shortages of the system that are told one by one; the replication in which this number is
/// reached is told whole.
pub(super) const MOST_TOLD: usize = 1000;

/// A replication with one of its shortages.
pub(super) type ToldShortage = (u32, Shortage);

/// The shortages of the first replications that have any.
///
/// # Errors
/// What the disk says; a replication that the engine cannot complete.
pub(super) fn told(plan: &Plan<'_>, results: &Results) -> Result<Vec<ToldShortage>, ReportError> {
    let Some(column) = results.layout.find("all", "system", "lole_h") else {
        return Ok(Vec::new());
    };
    let short = results.slot(column.slot)?;
    let mut teller = ShortageTeller::new(plan);
    let mut told: Vec<ToldShortage> = Vec::new();
    let mut of_system = 0;
    for (replication, _) in (0_u32..).zip(short.iter()).filter(|(_, time)| **time > 0) {
        if of_system >= MOST_TOLD {
            break;
        }
        let shortages = teller.tell(replication)?;
        of_system += shortages.iter().filter(|one| one.zone.is_none()).count();
        told.extend(shortages.iter().map(|&shortage| (replication, shortage)));
    }
    Ok(told)
}

/// Writes `shortages.csv`.
///
/// # Errors
/// What the disk says.
pub(super) fn write(
    shelf: &mut Shelf<'_>,
    plan: &Plan<'_>,
    told: &[ToldShortage],
) -> Result<(), ReportError> {
    let header = [
        "replication",
        "scope",
        "begin_utc",
        "duration_h",
        "depth_mw",
        "energy_mwh",
    ];
    let system = plan.system;
    shelf.table("shortages.csv", &header, |_, table| {
        for (replication, shortage) in told {
            let scope = match shortage.zone {
                Some(zone) => format!("zone/{}", system.zones[zone].name),
                None => "system".to_owned(),
            };
            table.write_record([
                replication.to_string(),
                scope,
                rfc3339(system.start_unix_ms.saturating_add(shortage.from.0)),
                cell(shortage.duration().hours()),
                cell(shortage.depth.megawatts()),
                cell(shortage.energy.watt_hours() as f64 / 1e6),
            ])?;
        }
        Ok::<(), TableError>(())
    })
}

/// Loss of load in a month and an hour of day.
#[derive(Debug, Clone, Copy)]
pub(super) struct MonthHour {
    /// From 0.
    pub month: usize,
    /// From 0.
    pub hour_of_day: usize,
    /// Hours of the horizon in it.
    pub hours: usize,
    /// Probability to be short in such an hour.
    pub lolp: Estimate,
    /// Unserved energy in all of them, MWh.
    pub eue_mwh: Estimate,
    /// Shortages that begin in them: in continuous time, and as seen on the hour.
    pub lolf: Estimate,
    pub lolev: Estimate,
    /// Mean length of the shortages that begin in them, h.
    pub lold_h: Estimate,
    /// Unserved energy over energy demanded, parts per million, where the latter is known.
    pub neue_ppm: Option<Estimate>,
}

/// The months and hours of day of the horizon, for one scope.
pub(super) fn month_hours(results: &Results, scope: usize) -> Vec<MonthHour> {
    let layout = &results.series.shortages;
    let moments = |at, measure| results.month_hour(scope, at, measure);
    // How much it would be where it never was nobody knows.
    let unbounded = |estimate: Estimate| estimate.with_greatest(f64::NAN);
    let mut all = Vec::new();
    for (month, hour_of_day) in (0..12).flat_map(|month| (0..24).map(move |hour| (month, hour))) {
        let at = (month, hour_of_day);
        let hours = layout.hours_in(scope, at);
        if hours == 0 {
            continue;
        }
        let time_ms = hours as f64 * MS_PER_HOUR as f64;
        let lolp = Estimate::of(&moments(at, ShortageMeasure::Time), 1.0 / time_ms).not_below(0.0);
        let energy = Estimate::of(&moments(at, ShortageMeasure::Energy), 1e-6);
        all.push(MonthHour {
            month,
            hour_of_day,
            hours,
            lolp,
            eue_mwh: unbounded(energy),
            lolf: Estimate::of(&moments(at, ShortageMeasure::Begins), 1.0),
            lolev: Estimate::of(&moments(at, ShortageMeasure::Runs), 1.0),
            lold_h: results
                .lasts_and_begins(scope, at)
                .ratio(1.0 / MS_PER_HOUR as f64),
            neue_ppm: results
                .energy_and_demand(scope, at)
                .map(|both| unbounded(both.ratio(1e6))),
        });
    }
    all
}

/// Writes `lolp_by_month_hour.csv`.
///
/// # Errors
/// What the disk says.
pub(super) fn write_month_hours(
    shelf: &mut Shelf<'_>,
    results: &Results,
) -> Result<(), ReportError> {
    let header = [
        "scope",
        "month",
        "hour_of_day",
        "hours",
        "lolp",
        "lolp_standard_error",
        "lolp_lower_95",
        "lolp_upper_95",
        "eue_mwh",
        "eue_standard_error",
        "lolf",
        "lolf_standard_error",
        "lolev",
        "lolev_standard_error",
        "lold_h",
        "lold_standard_error",
        "neue_ppm",
        "neue_standard_error",
        "n",
    ];
    // Nothing seen is no error of nothing.
    let error = |estimate: &Estimate| {
        let known = (!estimate.never_happened()).then_some(estimate.standard_error);
        known.map(cell).unwrap_or_default()
    };
    shelf.table("lolp_by_month_hour.csv", &header, |_, table| {
        for (scope, name) in results.series.shortages.scopes.iter().enumerate() {
            for at in month_hours(results, scope) {
                table.write_record([
                    name.clone(),
                    (at.month + 1).to_string(),
                    at.hour_of_day.to_string(),
                    at.hours.to_string(),
                    cell(at.lolp.mean),
                    error(&at.lolp),
                    cell(at.lolp.lower_95),
                    cell(at.lolp.upper_95),
                    cell(at.eue_mwh.mean),
                    error(&at.eue_mwh),
                    cell(at.lolf.mean),
                    error(&at.lolf),
                    cell(at.lolev.mean),
                    error(&at.lolev),
                    cell(at.lold_h.mean),
                    error(&at.lold_h),
                    at.neue_ppm.map(|neue| cell(neue.mean)).unwrap_or_default(),
                    at.neue_ppm.as_ref().map(error).unwrap_or_default(),
                    at.lolp.n.to_string(),
                ])?;
            }
        }
        Ok::<(), TableError>(())
    })
}
