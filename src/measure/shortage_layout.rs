//! Where each number of when it is short stands: by hour, and by month and hour of day.

use crate::engine::Plan;
use crate::quantity::{Instant, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE};
use crate::system::System;

/// Months times hours of day.
pub(super) const MONTH_HOURS: usize = 12 * 24;

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortageMeasure {
    /// Time short, ms.
    Time,
    /// Unserved energy, Wh.
    Energy,
    /// Shortages that begin, in continuous time; by month and hour of day alone.
    Begins,
    /// Runs of shortage seen on whole hours that begin; likewise.
    Runs,
    /// How long the shortages that begin last together, to their ends wherever those are, ms;
    /// likewise.
    Lasts,
}

/// Two numbers of a month and hour of day whose product is added up too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortagePair {
    /// How long the shortages that begin last, and how many they are.
    LastsAndBegins,
    /// Unserved energy, and energy demanded.
    EnergyAndDemand,
}

/// Measures by hour of the horizon, and by month and hour of day; pairs by the latter.
pub(super) const OF_HOURS: usize = 2;
pub(super) const OF_MONTH_HOURS: usize = 5;
pub(super) const OF_PAIRS: usize = 2;

/// Where each number stands: by scope, hour of the horizon and measure, and apart from those by
/// scope, month, hour of day and measure. Likewise what is demanded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShortageLayout {
    /// Zones of their own, where they are several, and the system last.
    pub scopes: Vec<String>,
    /// Hours of the horizon.
    pub hours: usize,
    /// For each scope and hour of the horizon: month from 0 times 24, and hour of day, local time.
    pub(super) month_hours: Vec<Vec<u16>>,
    /// Energy demanded is known of this scope and those behind it: of a grid of all, where there
    /// is mining of the system alone.
    first_demanding: usize,
}

impl ShortageLayout {
    /// The cells of a system.
    pub fn of(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let own: Vec<usize> = (0..system.zones.len())
            .filter(|&zone| !system.zones[zone].external)
            .collect();
        let mut layout = Self {
            hours: system.hours(),
            ..Self::default()
        };
        if own.len() > 1 {
            for &zone in &own {
                layout
                    .scopes
                    .push(format!("zone/{}", system.zones[zone].name));
                layout.month_hours.push(month_hours(system, zone));
            }
        }
        // The system keeps the clock of its first zone.
        layout.scopes.push("system".to_owned());
        layout
            .month_hours
            .push(month_hours(system, own.first().copied().unwrap_or(0)));
        if !demands_firm_load_alone(system) {
            layout.first_demanding = layout.scopes.len() - 1;
        }
        layout
    }

    /// How many numbers there are by hour: for each scope and hour time and energy.
    pub fn hour_places(&self) -> usize {
        OF_HOURS * self.scopes.len() * self.hours
    }

    /// How many there are by month and hour of day, of all measures.
    pub fn month_hour_places(&self) -> usize {
        OF_MONTH_HOURS * self.scopes.len() * MONTH_HOURS
    }

    /// The place of an hour of the horizon.
    ///
    /// # Panics
    /// For a measure that is not kept by hour: a mistake of the caller.
    pub fn hour(&self, scope: usize, hour: usize, measure: ShortageMeasure) -> usize {
        assert!((measure as usize) < OF_HOURS, "{measure:?} by hour");
        OF_HOURS * (scope * self.hours + hour) + measure as usize
    }

    /// The place of a month (from 0) and an hour of day.
    pub fn month_hour(&self, scope: usize, at: (usize, usize), measure: ShortageMeasure) -> usize {
        OF_MONTH_HOURS * cell(scope, at) + measure as usize
    }

    /// The place of a pair in a month (from 0) and an hour of day.
    pub fn pair(&self, scope: usize, at: (usize, usize), pair: ShortagePair) -> usize {
        OF_PAIRS * cell(scope, at) + pair as usize
    }

    /// How many pairs there are.
    pub fn pair_places(&self) -> usize {
        OF_PAIRS * self.scopes.len() * MONTH_HOURS
    }

    /// The place of the energy demanded in a month (from 0) and an hour of day; none of a scope
    /// of which it is not known.
    pub fn demand(&self, scope: usize, at: (usize, usize)) -> Option<usize> {
        self.demand_of(cell(scope, at))
    }

    /// The same by the number of the cell among all scopes'.
    pub(super) fn demand_of(&self, cell: usize) -> Option<usize> {
        cell.checked_sub(self.first_demanding * MONTH_HOURS)
    }

    /// How many numbers of energy demanded there are.
    pub fn demand_places(&self) -> usize {
        (self.scopes.len() - self.first_demanding) * MONTH_HOURS
    }

    /// Adds what is demanded in every hour of the horizon (W, and so Wh) to a scope's places in a
    /// table of [`Self::demand_places`] numbers.
    pub(super) fn add_demand(
        &self,
        scope: usize,
        hours: impl IntoIterator<Item = i64>,
        table: &mut [i64],
    ) {
        let first = self.demand(scope, (0, 0));
        let Some(table) = first.and_then(|first| table.get_mut(first..first + MONTH_HOURS)) else {
            return;
        };
        for (&cell, demanded) in self.month_hours[scope].iter().zip(hours) {
            table[usize::from(cell)] += demanded;
        }
    }

    /// The month, from 0, of an hour of the horizon on a scope's clock.
    pub fn month(&self, scope: usize, hour: usize) -> Option<usize> {
        let cell = self.month_hours.get(scope)?.get(hour)?;
        Some(usize::from(*cell) / 24)
    }

    /// How many hours of the horizon lie in a month and an hour of day.
    pub fn hours_in(&self, scope: usize, (month, hour_of_day): (usize, usize)) -> usize {
        let wanted = 24 * month + hour_of_day;
        let hours = self.month_hours.get(scope).into_iter().flatten();
        hours.filter(|&&cell| usize::from(cell) == wanted).count()
    }
}

/// The number of a month (from 0) and an hour of day among all scopes'.
fn cell(scope: usize, (month, hour_of_day): (usize, usize)) -> usize {
    scope * MONTH_HOURS + 24 * month + hour_of_day
}

/// Without farms, energy demanded is that of firm load, of every zone; with them mining is part
/// of it, and it is known of the system alone.
pub(super) fn demands_firm_load_alone(system: &System) -> bool {
    system.farms.is_empty() && system.world.is_none()
}

/// Month and hour of day of each hour of the horizon, on a zone's clock.
fn month_hours(system: &System, zone: usize) -> Vec<u16> {
    let Some(zone) = system.zones.get(zone) else {
        return vec![0; system.hours()];
    };
    let local = |hour: usize| {
        let at = Instant(hour as i64 * MS_PER_HOUR);
        let ahead = i64::from(zone.minutes_ahead(at)) * MS_PER_MINUTE;
        system.start_unix_ms + at.0 + ahead
    };
    let cell = |hour: usize| {
        let month = month_of(local(hour).div_euclid(MS_PER_DAY));
        let hour_of_day = local(hour).rem_euclid(MS_PER_DAY) / MS_PER_HOUR;
        (24 * month + hour_of_day) as u16
    };
    (0..system.hours()).map(cell).collect()
}

/// The month, from 0, of a day counted from 1970-01-01.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn month_of(day: i64) -> i64 {
    let of_era = (day + 719_468).rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // Counted from March.
    let month = (5 * of_year + 2) / 153;
    (month + 2) % 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        // 1970-01-01, 1970-02-01, 1969-12-31, 2000-02-29, 2000-03-01, 2100-02-28, 2100-03-01.
        let days = [0, 31, -1, 11_016, 11_017, 47_540, 47_541];
        assert_eq!(days.map(month_of), [0, 1, 11, 1, 2, 1, 2]);
        // A year that is none of a leap has its lengths.
        let mut lengths = [0; 12];
        for day in 365..730 {
            lengths[month_of(day) as usize] += 1;
        }
        assert_eq!(lengths, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    }
}
