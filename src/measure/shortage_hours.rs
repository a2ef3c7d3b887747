//! When it is short: time and energy by hour of the horizon, and by month and hour of day.
//!
//! Nothing is done, and nothing kept, where nothing is short: a replication closes into the list
//! of the cells that it touched.

use crate::engine::Plan;
use crate::quantity::{Energy, Instant, MS_PER_DAY, MS_PER_HOUR, Power, Span};
use crate::system::System;

/// Months times hours of day.
const MONTH_HOURS: usize = 12 * 24;

/// What a cell adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortageMeasure {
    /// Time short, ms.
    Time,
    /// Unserved energy, Wh.
    Energy,
}

/// Where each cell stands: by scope, and in it the hours of the horizon, then months times hours
/// of day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShortageLayout {
    /// Zones of their own, where they are several, and the system last.
    pub scopes: Vec<String>,
    /// Hours of the horizon.
    pub hours: usize,
    /// For each scope and hour of the horizon: month from 0 times 24, and hour of day, local time.
    month_hours: Vec<Vec<u16>>,
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
        layout
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.scopes.len() * self.of_scope()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn of_scope(&self) -> usize {
        2 * (self.hours + MONTH_HOURS)
    }

    /// The cell of an hour of the horizon.
    pub fn hour(&self, scope: usize, hour: usize, measure: ShortageMeasure) -> usize {
        scope * self.of_scope() + 2 * hour + measure as usize
    }

    /// The cell of a month (from 0) and an hour of day.
    pub fn month_hour(
        &self,
        scope: usize,
        (month, hour_of_day): (usize, usize),
        measure: ShortageMeasure,
    ) -> usize {
        let cell = self.hours + 24 * month + hour_of_day;
        scope * self.of_scope() + 2 * cell + measure as usize
    }

    /// How many hours of the horizon lie in a month and an hour of day.
    pub fn hours_in(&self, scope: usize, (month, hour_of_day): (usize, usize)) -> usize {
        let wanted = 24 * month + hour_of_day;
        let hours = self.month_hours.get(scope).into_iter().flatten();
        hours.filter(|&&cell| usize::from(cell) == wanted).count()
    }
}

/// Month and hour of day of each hour of the horizon, on a zone's clock.
fn month_hours(system: &System, zone: usize) -> Vec<u16> {
    let Some(zone) = system.zones.get(zone) else {
        return vec![0; system.hours()];
    };
    let ahead = i64::from(zone.utc_offset_minutes) * 60_000;
    let local = |hour: usize| system.start_unix_ms + hour as i64 * MS_PER_HOUR + ahead;
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

/// The cells of one replication.
#[derive(Debug, Clone)]
pub(super) struct ShortageHours {
    layout: ShortageLayout,
    /// ms, or W ms.
    amounts: Vec<i128>,
    touched: Vec<u32>,
}

impl ShortageHours {
    pub fn new(plan: &Plan<'_>) -> Self {
        let layout = ShortageLayout::of(plan);
        Self {
            amounts: vec![0; layout.len()],
            touched: Vec::new(),
            layout,
        }
    }

    pub fn begin(&mut self) {
        for &place in &self.touched {
            self.amounts[place as usize] = 0;
        }
        self.touched.clear();
    }

    /// A scope, counted from the last (the system), lacks power over a stretch.
    pub fn add(&mut self, from_last: usize, from: Instant, until: Instant, lacking: Power) {
        let Some(scope) = self.layout.scopes.len().checked_sub(1 + from_last) else {
            return;
        };
        let mut begin = from;
        while begin < until {
            let hour = begin.0.div_euclid(MS_PER_HOUR);
            let end = until.min(Instant((hour + 1) * MS_PER_HOUR));
            let span = end - begin;
            if let Some(&cell) = self.layout.month_hours[scope].get(hour as usize) {
                let of_day = (usize::from(cell) / 24, usize::from(cell) % 24);
                let amounts = [
                    (ShortageMeasure::Time, i128::from(span.0)),
                    (ShortageMeasure::Energy, (lacking * span).0),
                ];
                for (measure, amount) in amounts {
                    self.put(self.layout.hour(scope, hour as usize, measure), amount);
                    self.put(self.layout.month_hour(scope, of_day, measure), amount);
                }
            }
            begin = end;
        }
    }

    fn put(&mut self, place: usize, amount: i128) {
        let sum = &mut self.amounts[place];
        if *sum == 0 && amount != 0 {
            self.touched.push(place as u32);
        }
        *sum += amount;
    }

    /// The cells that are not nothing: ms, or Wh.
    pub fn cells(&self) -> impl Iterator<Item = (u32, i64)> {
        self.touched.iter().map(|&place| {
            let amount = self.amounts[place as usize];
            let is_energy = place % 2 == ShortageMeasure::Energy as u32;
            let quanta = if is_energy {
                Energy(amount).watt_hours()
            } else {
                Span(amount as i64).0
            };
            (place, quanta)
        })
    }
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
