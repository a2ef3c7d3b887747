//! When it is short: time and energy by hour of the horizon, and by month and hour of day.
//!
//! Nothing is done, and nothing kept, where nothing is short: a replication closes into lists of
//! the cells that it touched.

use crate::engine::Plan;
use crate::quantity::{Energy, Instant, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, Power};
use crate::system::System;

/// Months times hours of day.
const MONTH_HOURS: usize = 12 * 24;

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
}

/// Measures by hour of the horizon, and by month and hour of day.
const OF_HOURS: usize = 2;
const OF_MONTH_HOURS: usize = 4;

/// Where each number stands: by scope, hour of the horizon and measure, and apart from those by
/// scope, month, hour of day and measure.
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
    pub fn month_hour(
        &self,
        scope: usize,
        (month, hour_of_day): (usize, usize),
        measure: ShortageMeasure,
    ) -> usize {
        OF_MONTH_HOURS * (scope * MONTH_HOURS + 24 * month + hour_of_day) + measure as usize
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

/// Time and energy short in an hour of the horizon, of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortCell {
    /// Which hour of which scope.
    pub cell: u32,
    /// Time short, ms.
    pub time_ms: i64,
    /// Unserved energy, Wh.
    pub energy_wh: i64,
}

impl ShortCell {
    /// Both numbers with their places.
    pub fn numbers(&self) -> [(usize, i64); 2] {
        let place = OF_HOURS * self.cell as usize;
        [(place, self.time_ms), (place + 1, self.energy_wh)]
    }
}

/// What is short in a month and hour of day of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthHourCell {
    /// Which of which scope.
    pub cell: u32,
    /// The measures in their order.
    pub numbers: [i64; OF_MONTH_HOURS],
}

impl MonthHourCell {
    /// All numbers with their places.
    pub fn numbers(&self) -> [(usize, i64); OF_MONTH_HOURS] {
        let first = OF_MONTH_HOURS * self.cell as usize;
        std::array::from_fn(|measure| (first + measure, self.numbers[measure]))
    }
}

/// The cells of one replication that are not nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShortCells {
    /// By hour of the horizon, each once.
    pub hours: Vec<ShortCell>,
    /// By month and hour of day, each once.
    pub month_hours: Vec<MonthHourCell>,
}

impl ShortCells {
    /// Empties it and keeps the memory.
    pub fn clear(&mut self) {
        self.hours.clear();
        self.month_hours.clear();
    }

    /// Appends another's.
    pub fn extend(&mut self, other: &Self) {
        self.hours.extend_from_slice(&other.hours);
        self.month_hours.extend_from_slice(&other.month_hours);
    }
}

/// What a month and hour of day has so far.
#[derive(Debug, Clone, Copy, Default)]
struct MonthHour {
    time_ms: i64,
    energy: Energy,
    begins: i64,
    runs: i64,
}

/// When a scope was last short: until when, and on which whole hour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    until: Instant,
    hour: i64,
}

/// What a stretch of shortage begins.
pub(super) struct Begun {
    /// A shortage: one that begins where the last one ended is the same.
    pub shortage: bool,
    /// A run of whole hours seen short, and the hour with which it does.
    pub run: Option<i64>,
}

impl Last {
    pub const NEVER: Self = Self {
        until: Instant(-1),
        hour: i64::MIN / 2,
    };

    /// It is short again, over a stretch that comes after all before.
    pub fn goes_on(&mut self, from: Instant, until: Instant) -> Begun {
        let shortage = from > self.until;
        self.until = until;
        // Whole hours h with from <= h < until.
        let first = (from.0 + MS_PER_HOUR - 1).div_euclid(MS_PER_HOUR);
        let end = (until.0 - 1).div_euclid(MS_PER_HOUR);
        let mut run = None;
        if first <= end {
            run = (first > self.hour + 1).then_some(first);
            self.hour = end;
        }
        Begun { shortage, run }
    }
}

/// The cells of the replication at hand.
#[derive(Debug, Clone)]
pub(super) struct ShortageHours {
    layout: ShortageLayout,
    hours: Vec<ShortCell>,
    /// For each scope the place in `hours` of what it added last.
    last: Vec<usize>,
    /// By month and hour of day.
    month_hours: Vec<MonthHour>,
    /// For each scope when it was last short.
    before: Vec<Last>,
    touched: Vec<u32>,
}

impl ShortageHours {
    pub fn new(plan: &Plan<'_>) -> Self {
        let layout = ShortageLayout::of(plan);
        Self {
            hours: Vec::new(),
            last: vec![0; layout.scopes.len()],
            month_hours: vec![MonthHour::default(); layout.scopes.len() * MONTH_HOURS],
            before: vec![Last::NEVER; layout.scopes.len()],
            touched: Vec::new(),
            layout,
        }
    }

    pub fn begin(&mut self) {
        self.hours.clear();
        for place in self.touched.drain(..) {
            self.month_hours[place as usize] = MonthHour::default();
        }
        self.before.fill(Last::NEVER);
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
            if let Some(&of_day) = self.layout.month_hours[scope].get(hour as usize) {
                let (span, energy) = (end - begin, lacking * (end - begin));
                self.add_hour(scope, hour as u32, span.0, energy.watt_hours());
                let place = scope * MONTH_HOURS + usize::from(of_day);
                let sum = &mut self.month_hours[place];
                if sum.time_ms == 0 {
                    self.touched.push(place as u32);
                }
                sum.time_ms += span.0;
                sum.energy += energy;
            }
            begin = end;
        }
        self.add_begins(scope, from, until);
    }

    /// Counts the shortage, and the run seen on whole hours, that a stretch begins, if any.
    fn add_begins(&mut self, scope: usize, from: Instant, until: Instant) {
        let begun = self.before[scope].goes_on(from, until);
        let of_day = &self.layout.month_hours[scope];
        let cell = |hour: i64| {
            let of_day = of_day.get(usize::try_from(hour).ok()?)?;
            Some(scope * MONTH_HOURS + usize::from(*of_day))
        };
        let begins = begun.shortage.then(|| from.0.div_euclid(MS_PER_HOUR));
        if let Some(cell) = begins.and_then(cell) {
            self.month_hours[cell].begins += 1;
        }
        if let Some(cell) = begun.run.and_then(cell) {
            self.month_hours[cell].runs += 1;
        }
    }

    /// Adds to an hour of a scope. Stretches come in the order of time, so that it is the scope's
    /// last hour or a new one.
    fn add_hour(&mut self, scope: usize, hour: u32, time_ms: i64, energy_wh: i64) {
        let cell = (scope * self.layout.hours) as u32 + hour;
        match self.hours.get_mut(self.last[scope]) {
            Some(known) if known.cell == cell => {
                known.time_ms += time_ms;
                known.energy_wh += energy_wh;
            }
            _ => {
                self.last[scope] = self.hours.len();
                self.hours.push(ShortCell {
                    cell,
                    time_ms,
                    energy_wh,
                });
            }
        }
    }

    /// Appends what there is of the replication.
    pub fn close(&self, cells: &mut ShortCells) {
        cells.hours.extend_from_slice(&self.hours);
        cells.month_hours.extend(self.touched.iter().map(|&cell| {
            let sum = self.month_hours[cell as usize];
            let energy_wh = sum.energy.watt_hours();
            MonthHourCell {
                cell,
                numbers: [sum.time_ms, energy_wh, sum.begins, sum.runs],
            }
        }));
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
