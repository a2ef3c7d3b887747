//! When it is short: time and energy by hour of the horizon, and by month and hour of day.
//!
//! Nothing is done, and nothing kept, where nothing is short: a replication closes into lists of
//! the cells that it touched.

use super::shortage_layout::{MONTH_HOURS, OF_HOURS, OF_MONTH_HOURS, OF_PAIRS, ShortageLayout};
use crate::engine::Plan;
use crate::quantity::{Energy, Instant, MS_PER_HOUR, Power};

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
    /// Energy demanded in this replication, short or not, Wh; 0 where it is not known.
    pub demand_wh: i64,
}

impl MonthHourCell {
    /// All numbers with their places.
    pub fn numbers(&self) -> [(usize, i64); OF_MONTH_HOURS] {
        let first = OF_MONTH_HOURS * self.cell as usize;
        std::array::from_fn(|measure| (first + measure, self.numbers[measure]))
    }

    /// The numbers of every pair, with its place.
    pub fn pairs(&self) -> [(usize, i64, i64); OF_PAIRS] {
        let first = OF_PAIRS * self.cell as usize;
        let [_, energy, begins, _, lasts] = self.numbers;
        [(first, lasts, begins), (first + 1, energy, self.demand_wh)]
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

    /// Puts what is demanded beside what is short, from a table by the layout's places.
    pub(super) fn set_demand(&mut self, layout: &ShortageLayout, table: &[i64]) {
        for cell in &mut self.month_hours {
            let place = layout.demand_of(cell.cell as usize);
            cell.demand_wh = place.and_then(|at| table.get(at).copied()).unwrap_or(0);
        }
    }
}

/// What a month and hour of day has so far.
#[derive(Debug, Clone, Copy, Default)]
struct MonthHour {
    time_ms: i64,
    energy: Energy,
    begins: i64,
    runs: i64,
    lasts_ms: i64,
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
    /// For each scope the month and hour of day in which its last shortage began.
    begun_in: Vec<Option<usize>>,
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
            begun_in: vec![None; layout.scopes.len()],
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

    /// Counts the shortage, and the run seen on whole hours, that a stretch begins, if any; and
    /// the stretch towards the shortage that it is part of.
    fn add_begins(&mut self, scope: usize, from: Instant, until: Instant) {
        let begun = self.before[scope].goes_on(from, until);
        let of_day = &self.layout.month_hours[scope];
        let cell = |hour: i64| {
            let of_day = of_day.get(usize::try_from(hour).ok()?)?;
            Some(scope * MONTH_HOURS + usize::from(*of_day))
        };
        if begun.shortage {
            self.begun_in[scope] = cell(from.0.div_euclid(MS_PER_HOUR));
        }
        if let Some(cell) = self.begun_in[scope] {
            let of_cell = &mut self.month_hours[cell];
            of_cell.begins += i64::from(begun.shortage);
            of_cell.lasts_ms += (until - from).0;
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
                numbers: [sum.time_ms, energy_wh, sum.begins, sum.runs, sum.lasts_ms],
                demand_wh: 0,
            }
        }));
    }
}
