//! Maintenance, placed where load and what is out already leave most room.
//!
//! The levelised-reserve rule: units by falling capacity, ties by name; each goes into the run of
//! weeks whose highest (peak load + capacity out) is least, ties to the earliest. Weeks count
//! from the start of the horizon. The order of plants in a file means nothing, and no draw of
//! any unit depends on it.

use super::Context;
use crate::quantity::{MS_PER_HOUR, Power};
use crate::scenario::raw::{self, Scenario};
use crate::system::{System, Unit, Value};

const WEEK_H: usize = 168;
const WEEK_MS: i64 = WEEK_H as i64 * MS_PER_HOUR;

/// Places the maintenance of every unit that asks for it.
pub(crate) fn place(raw: &Scenario, system: &mut System, context: &mut Context<'_>) {
    let lengths = lengths(raw, system, context);
    if lengths.iter().all(Option::is_none) || !context.horizon_known {
        return;
    }
    // Neighbours plan by their own load.
    for external in [false, true] {
        place_in(system, external, &lengths);
    }
}

/// Hours of maintenance of each unit.
fn lengths(raw: &Scenario, system: &System, context: &mut Context<'_>) -> Vec<Option<i64>> {
    let mut lengths = vec![None; system.units.len()];
    let weeks = system.hours() / WEEK_H;
    for (index, written) in raw.plant.iter().enumerate() {
        let path = format!("plant[{index}].maintenance");
        let Some(hours) = hours(written, &path, context) else {
            continue;
        };
        if context.horizon_known && hours.div_ceil(WEEK_H) > weeks {
            let wrong = format!("{hours} h of maintenance in a horizon of {weeks} whole weeks");
            context.wrong(&path, wrong, "a longer horizon, or `planned` with dates");
            continue;
        }
        let plant = system
            .plants
            .iter()
            .find(|plant| plant.name == written.name);
        if let Some(plant) = plant {
            let first = plant.first_unit.at();
            let units = first..first + usize::from(plant.units);
            lengths[units].fill(Some(hours as i64));
        }
    }
    lengths
}

fn hours(written: &raw::Plant, path: &str, context: &mut Context<'_>) -> Option<usize> {
    let keys = written.maintenance.as_ref()?;
    match (keys.weeks, keys.hours) {
        (Some(weeks), None) => Some(weeks as usize * WEEK_H),
        (None, Some(hours)) => Some(hours as usize),
        _ => {
            if !context.places.any_broken(path) {
                let wrong = "the length is missing, or given twice";
                context.wrong(path, wrong, "{ weeks = 4 }, or { hours = 672 }");
            }
            None
        }
    }
}

/// Places the units of all zones of a kind.
fn place_in(system: &mut System, external: bool, lengths: &[Option<i64>]) {
    let is_of = |unit: &Unit| system.zones[unit.zone.at()].external == external;
    let mut burden = peaks(system, external);
    let weeks = burden.len();
    for unit in system.units.iter().filter(|unit| is_of(unit)) {
        for &(from, until) in &unit.planned {
            let touched = (from / WEEK_MS) as usize..((until + WEEK_MS - 1) / WEEK_MS) as usize;
            for week in touched.filter(|&week| week < weeks) {
                burden[week] += unit.nameplate.0;
            }
        }
    }
    let mut order: Vec<usize> = (0..system.units.len())
        .filter(|&index| lengths[index].is_some() && is_of(&system.units[index]))
        .collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&system.units[a], &system.units[b]);
        (b.nameplate, &a.name).cmp(&(a.nameplate, &b.name))
    });
    for index in order {
        let Some(hours) = lengths[index] else {
            continue;
        };
        let run = (hours as usize).div_ceil(WEEK_H);
        let highest = |first: &usize| burden[*first..first + run].iter().max().copied();
        let Some(first) = (0..=weeks.saturating_sub(run)).min_by_key(highest) else {
            continue;
        };
        for week in &mut burden[first..first + run] {
            *week += system.units[index].nameplate.0;
        }
        let from = first as i64 * WEEK_MS;
        system.units[index].maintenance = Some((from, from + hours * MS_PER_HOUR));
    }
}

/// The highest load of all zones of a kind together in each whole week, W, whatever the year.
fn peaks(system: &System, external: bool) -> Vec<i64> {
    let years = system
        .weather_years
        .as_ref()
        .map_or(1, |years| years.names.len());
    let weeks = system.hours() / WEEK_H;
    let mut peaks = vec![0; weeks];
    for year in 0..years {
        let mut load = vec![0_i64; system.hours()];
        for zone in system.zones.iter().filter(|zone| zone.external == external) {
            let factor = match zone.scale.factor {
                Value::Fixed(factor) => factor,
                Value::Drawn(input) => system.inputs[input.at()].law.mean(),
            };
            let hourly = &zone.load_of_year(year).hourly;
            for (sum, Power(hour)) in load.iter_mut().zip(hourly) {
                *sum += libm::rint(*hour as f64 * factor) as i64;
            }
        }
        for (peak, hours) in peaks.iter_mut().zip(load.chunks_exact(WEEK_H)) {
            *peak = hours.iter().copied().fold(*peak, i64::max);
        }
    }
    peaks
}
