//! The short way for the plainest grids: one zone, units that fail and are repaired by
//! exponential laws, and nothing else that could touch them.
//!
//! Nothing but capacity changes and nothing but the worst days can matter, so there is no queue
//! and no state: the changes of capacity are thrown into their days as they are drawn, and only
//! days on which all failures together could leave less than the day's largest load are looked
//! at in order. The draws, and what the recorder is shown, are those of the long way, to the bit
//! (`tests/plain.rs`).

use super::{Futures, Plan};
use crate::quantity::{Instant, MS_PER_DAY, MS_PER_HOUR, Span};
use crate::random::{DurationLaw, Stream, StreamId, exponential};
use crate::system::{Output, System, Unit, Value};

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
    units: Vec<PlainUnit>,
    /// Capacity of units that never fail.
    firm: i64,
}

/// A change of capacity, and the next one thrown into its day.
#[derive(Debug, Clone, Copy)]
struct Change {
    at: i64,
    capacity: i64,
    next: u32,
}

/// Changes by day; kept between replications for its memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Days {
    changes: Vec<Change>,
    days: Vec<Day>,
    of_day: Vec<(i64, i64)>,
}

/// What happens on a day: the net change of capacity, what is lost alone, and the last change
/// thrown into it.
#[derive(Debug, Clone, Copy)]
struct Day {
    net: i64,
    lost: i64,
    last: u32,
}

const NONE: u32 = u32::MAX;
const QUIET: Day = Day {
    net: 0,
    lost: 0,
    last: NONE,
};

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
        let mut capacity = self.draw(plan, futures.replication, horizon, days);
        let load = futures.load(plan, 0);
        let mut looked_at = 0;
        for (number, day) in days.days.iter().enumerate() {
            if capacity + day.lost < load.day_maximum[number].0 {
                days.of_day.clear();
                let mut next = day.last;
                while let Some(change) = days.changes.get(next as usize) {
                    days.of_day.push((change.at, change.capacity));
                    next = change.next;
                }
                // At one instant the order does not matter: only what holds after it is seen.
                days.of_day.sort_unstable();
                looked_at += days.of_day.len() as u64;
                let begin = number as i64 * MS_PER_DAY;
                let end = (begin + MS_PER_DAY).min(horizon.0);
                let (mut now, mut left) = (begin, capacity);
                for &(at, change) in days.of_day.iter().chain([&(end, 0)]) {
                    if at > now {
                        short_hours(left, now, at, &load.hourly, &mut shortage);
                        now = at;
                    }
                    left += change;
                }
            }
            capacity += day.net;
        }
        (days.changes.len() as u64, looked_at)
    }

    /// Throws every change of capacity into its day; returns the capacity at the start.
    fn draw(&self, plan: &Plan<'_>, replication: u32, horizon: Span, days: &mut Days) -> i64 {
        days.changes.clear();
        days.days.clear();
        let count = (horizon.0 as u64).div_ceil(MS_PER_DAY as u64);
        days.days.resize(count as usize, QUIET);
        let mut capacity = self.firm;
        for unit in &self.units {
            let stream = Stream::new(plan.system.seed, unit.stream, replication);
            let [state, length] = stream.uniforms_of_block(0);
            let starts_down = state < unit.down_below;
            let (first_h, second_h, lost) = if starts_down {
                (unit.up_h, unit.down_h, -unit.capacity)
            } else {
                capacity += unit.capacity;
                (unit.down_h, unit.up_h, unit.capacity)
            };
            let left_h = if starts_down { unit.down_h } else { unit.up_h };
            let mut at = span(left_h * exponential(length));
            let mut block = 2;
            // A block of two uniforms is a cycle: the first is the time up, the second the time
            // down that begin within it.
            while at < horizon.0 {
                let [up, down] = stream.uniforms_of_block(block);
                block += 1;
                days.throw(at, -lost);
                let (first, second) = if starts_down { (up, down) } else { (down, up) };
                at = at.saturating_add(span(first_h * exponential(first)));
                if at >= horizon.0 {
                    break;
                }
                days.throw(at, lost);
                at = at.saturating_add(span(second_h * exponential(second)));
            }
        }
        capacity
    }
}

impl Days {
    #[inline]
    fn throw(&mut self, at: i64, capacity: i64) {
        let index = self.changes.len() as u32;
        let day = &mut self.days[(at as u64 / MS_PER_DAY as u64) as usize];
        self.changes.push(Change {
            at,
            capacity,
            next: day.last,
        });
        day.last = index;
        day.net += capacity;
        day.lost += capacity.min(0);
    }
}

#[inline]
fn span(hours: f64) -> i64 {
    Span::from_hours(hours).0
}

/// Shows the hours between two instants in which a capacity is below the load.
fn short_hours(
    capacity: i64,
    from: i64,
    until: i64,
    load: &[crate::quantity::Power],
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
