//! The short way for the plainest grids: one zone, units that fail and are repaired by
//! exponential laws, and nothing else that could touch them.
//!
//! Nothing but capacity changes and nothing but the worst days can matter, so there is no queue
//! and no state: the changes of capacity are thrown into their days as they are drawn, and only
//! days on which all failures together could leave less than the day's largest load are looked
//! at in order. Four cycles of a unit are drawn side by side. The draws, and what the recorder is
//! shown, are those of the long way, to the bit (`tests/plain.rs`).

use super::{Futures, Plan};
use crate::quantity::{Instant, MS_PER_DAY, MS_PER_HOUR, Power, Span};
use crate::random::lanes::{LANES, LaneKeys, MOST_ROUNDED, exponentials, round};
use crate::random::{DurationLaw, StreamId};
use crate::system::{LoadProfile, Output, System, Unit, Value};

/// One unit. Means in hours, capacity in W.
#[derive(Debug, Clone)]
struct PlainUnit {
    stream: StreamId,
    capacity: i64,
    /// Down at the start where the first uniform is below this.
    down_below: f64,
    up_h: f64,
    down_h: f64,
}

/// The units of a plain grid.
#[derive(Debug, Clone)]
pub(super) struct PlainUnits {
    keys: LaneKeys,
    units: Vec<PlainUnit>,
    /// Capacity of units that never fail.
    firm: i64,
}

/// A change of capacity, ms since its day began, and the next one thrown into its day.
#[derive(Debug, Clone, Copy)]
struct Change {
    capacity: i64,
    at: u32,
    next: u32,
}

/// Changes by day; kept between replications for its memory. All days are quiet in between.
#[derive(Debug, Clone, Default)]
pub(super) struct Days {
    changes: Vec<Change>,
    days: Vec<Day>,
    of_day: Vec<(u32, i64)>,
}

/// What is lost and gained on a day, and the last change thrown into it.
#[derive(Debug, Clone, Copy)]
struct Day {
    lost: i64,
    gained: i64,
    last: u32,
}

const NONE: u32 = u32::MAX;
const QUIET: Day = Day {
    lost: 0,
    gained: 0,
    last: NONE,
};

/// The longest of all exponential draws, in means: -ln 2^-53 is 36.7.
const LONGEST_DRAW: f64 = 37.0;

/// Times up, and times down, of some cycles of a unit, ms.
type Cycles = [[i64; LANES]; 2];

impl PlainUnits {
    /// The units of a plain grid; none where anything asks for the long way.
    pub fn new(system: &System) -> Option<Self> {
        let empty = system.inputs.is_empty()
            && system.lines.is_empty()
            && system.weathers.is_empty()
            && system.weather_years.is_none()
            && system.farms.is_empty()
            && system.hazards.is_empty()
            && system.orders.is_empty()
            && system.contracts.is_empty()
            && system.providers.is_empty()
            && system.gateways.is_empty()
            && system.pools.is_empty()
            && system.stores.is_empty()
            && system.world.is_none();
        if !empty || system.zones.len() != 1 {
            return None;
        }
        let mut plain = Self {
            keys: LaneKeys::new(system.seed),
            units: Vec::with_capacity(system.units.len()),
            firm: 0,
        };
        for unit in &system.units {
            plain.add(system, unit)?;
        }
        Some(plain)
    }

    fn add(&mut self, system: &System, unit: &Unit) -> Option<()> {
        let Value::Fixed(dependable) = unit.dependable else {
            return None;
        };
        let steady = unit.output == Output::Steady
            && unit.states.is_none()
            && unit.deratings.is_none()
            && unit.weather.is_none()
            && unit.planned.is_empty()
            && unit.maintenance.is_none()
            && unit.repair_factor == Value::Fixed(1.0)
            && system.plants[unit.plant.at()].beta == 0.0;
        if !steady {
            return None;
        }
        let capacity = libm::rint(unit.nameplate.0 as f64 * dependable) as i64;
        let Some(outages) = &unit.outages else {
            self.firm += capacity;
            return Some(());
        };
        let (
            DurationLaw::Exponential { mean_h: up_h },
            DurationLaw::Exponential { mean_h: down_h },
        ) = (outages.up, outages.down)
        else {
            return None;
        };
        if up_h.max(down_h) * MS_PER_HOUR as f64 * LONGEST_DRAW > MOST_ROUNDED {
            return None;
        }
        // As the long way computes it.
        let unavailability = down_h / (up_h + down_h);
        let odds = unavailability / (1.0 - unavailability);
        self.units.push(PlainUnit {
            stream: outages.stream,
            capacity,
            down_below: odds / (1.0 + odds),
            up_h,
            down_h,
        });
        Some(())
    }

    /// Draws one replication and shows every stretch in which load goes unserved, in order: from,
    /// until, W. Returns how many changes of capacity there were, and how many were looked at.
    pub fn replicate(
        &self,
        plan: &Plan<'_>,
        futures: &Futures,
        days: &mut Days,
        mut shortage: impl FnMut(Instant, Instant, i64),
    ) -> (u64, u64) {
        let horizon = plan.system.horizon;
        let mut capacity = self.draw(futures.replication, horizon, days);
        let load = futures.load(plan, 0);
        let mut looked_at = 0;
        let Days {
            changes,
            days,
            of_day,
        } = days;
        for (number, (day, maximum)) in days.iter_mut().zip(&load.day_maximum).enumerate() {
            if capacity + day.lost < maximum.0 {
                collect(changes, day.last, of_day);
                looked_at += of_day.len() as u64;
                let begin = number as i64 * MS_PER_DAY;
                let end = (begin + MS_PER_DAY).min(horizon.0);
                short_day((begin, end), capacity, of_day, load, &mut shortage);
            }
            capacity += day.lost + day.gained;
            *day = QUIET;
        }
        (changes.len() as u64, looked_at)
    }

    /// Throws every change of capacity into its day; returns the capacity at the start.
    fn draw(&self, replication: u32, horizon: Span, days: &mut Days) -> i64 {
        days.changes.clear();
        let count = (horizon.0 as u64).div_ceil(MS_PER_DAY as u64);
        days.days.resize(count as usize, QUIET);
        let mut capacity = self.firm;
        for unit in &self.units {
            // Block 0 is the start; a block of two uniforms is a cycle from block 2 on: the first
            // is the time up, the second the time down that begin within it.
            let blocks = [0, 2, 3, 4];
            let one_less = self.keys.complements(unit.stream, replication, blocks);
            let starts_down = 1.0 - one_less[0][0] < unit.down_below;
            let left_h = if starts_down { unit.down_h } else { unit.up_h };
            let cycles = unit.cycles(one_less, left_h);
            let mut next = 5;
            let mut more = || {
                let blocks = [next, next + 1, next + 2, next + 3];
                next += LANES as u64;
                let one_less = self.keys.complements(unit.stream, replication, blocks);
                unit.cycles(one_less, unit.down_h)
            };
            if starts_down {
                unit.goes_on::<false>(cycles, &mut more, horizon.0, days);
            } else {
                capacity += unit.capacity;
                unit.goes_on::<true>(cycles, &mut more, horizon.0, days);
            }
        }
        capacity
    }
}

impl PlainUnit {
    /// Times up and down from draws, 1 - u; the first time down has a mean of its own, hours.
    #[inline(always)]
    fn cycles(&self, [up, down]: [[f64; LANES]; 2], first_h: f64) -> Cycles {
        let (mut up, mut down) = (exponentials(up), exponentials(down));
        let down_h = [first_h, self.down_h, self.down_h, self.down_h];
        for lane in 0..LANES {
            up[lane] = self.up_h * up[lane] * MS_PER_HOUR as f64;
            down[lane] = down_h[lane] * down[lane] * MS_PER_HOUR as f64;
        }
        [round(up), round(down)]
    }

    /// Throws the changes of a unit that is up at the start, or down; of the first cycles the first
    /// time down is what is left of the time it began in.
    #[inline(always)]
    fn goes_on<const IS_UP: bool>(
        &self,
        mut cycles: Cycles,
        more: &mut impl FnMut() -> Cycles,
        horizon: i64,
        days: &mut Days,
    ) {
        // After the first change of a cycle comes a time down, of a unit that was up.
        let (then, next) = (usize::from(IS_UP), usize::from(!IS_UP));
        let mut at = cycles[1][0];
        let mut lane = 1;
        let mut change = |at, is_loss: bool| {
            if is_loss {
                days.loses(at, self.capacity);
            } else {
                days.gains(at, self.capacity);
            }
        };
        while at < horizon {
            change(at, IS_UP);
            at += cycles[then][lane];
            if at >= horizon {
                return;
            }
            change(at, !IS_UP);
            at += cycles[next][lane];
            lane += 1;
            if lane == LANES {
                (cycles, lane) = (more(), 0);
            }
        }
    }
}

impl Days {
    #[inline(always)]
    fn loses(&mut self, at: i64, capacity: i64) {
        let day = self.throw(at, -capacity);
        day.lost -= capacity;
    }

    #[inline(always)]
    fn gains(&mut self, at: i64, capacity: i64) {
        let day = self.throw(at, capacity);
        day.gained += capacity;
    }

    #[inline(always)]
    fn throw(&mut self, at: i64, capacity: i64) -> &mut Day {
        let (at, length) = (at as u64, MS_PER_DAY as u64);
        let number = at / length;
        let index = self.changes.len() as u32;
        let day = &mut self.days[number as usize];
        self.changes.push(Change {
            capacity,
            at: (at - number * length) as u32,
            next: std::mem::replace(&mut day.last, index),
        });
        day
    }
}

/// The changes of a day in order, from the last one thrown into it.
#[inline(never)]
fn collect(changes: &[Change], last: u32, of_day: &mut Vec<(u32, i64)>) {
    of_day.clear();
    let mut next = last;
    while let Some(change) = changes.get(next as usize) {
        of_day.push((change.at, change.capacity));
        next = change.next;
    }
    // At one instant the order does not matter: only what holds after it is seen.
    of_day.sort_unstable();
}

/// Shows what goes unserved between two instants of a day that begins with a capacity.
#[inline(never)]
fn short_day(
    (begin, end): (i64, i64),
    capacity: i64,
    changes: &[(u32, i64)],
    load: &LoadProfile,
    shortage: &mut impl FnMut(Instant, Instant, i64),
) {
    let maximum = load.day_maximum[(begin / MS_PER_DAY) as usize].0;
    let (mut now, mut left) = (begin, capacity);
    let changes = changes.iter();
    let changes = changes.map(|&(at, change)| (begin + i64::from(at), change));
    for (at, change) in changes.chain([(end, 0)]) {
        if at > now {
            if left < maximum {
                short_hours(left, now, at, &load.hourly, shortage);
            }
            now = at;
        }
        left += change;
    }
}

/// Shows the hours between two instants in which a capacity is below the load.
fn short_hours(
    capacity: i64,
    from: i64,
    until: i64,
    load: &[Power],
    shortage: &mut impl FnMut(Instant, Instant, i64),
) {
    for hour in from / MS_PER_HOUR..=(until - 1) / MS_PER_HOUR {
        let lacking = load[hour as usize].0 - capacity;
        if lacking > 0 {
            let begin = Instant(hour * MS_PER_HOUR).max(Instant(from));
            let end = Instant((hour + 1) * MS_PER_HOUR).min(Instant(until));
            shortage(begin, end, lacking);
        }
    }
}
