//! Entities that go up and down by themselves, drawn ahead.
//!
//! Draws of a stream, so that the k-th up time and the k-th repair keep their address whatever
//! happens in between:
//!
//! | draw    | gives                                            |
//! |---------|--------------------------------------------------|
//! | 0       | up or down at the start (down below q)           |
//! | 1, 2    | what is left of that time: length, fraction      |
//! | 4 + 2k  | the k-th up time that begins within the horizon  |
//! | 5 + 2k  | the k-th time down that begins within it         |

use super::plan::Alternating;
use crate::quantity::{Instant, MS_PER_DAY, MS_PER_HOUR, Span};
use crate::random::{Sampler, Stream};

/// Failure rate over time, relative to its reference: constant within a day.
///
/// An up time is drawn in operational time and inverted through the cumulative rate: exact,
/// monotone in the uniform, and a change of one day moves only what follows it.
#[derive(Debug, Clone, Default)]
pub(super) struct OperationalTime {
    /// Multiplier of each day.
    pub rate: Vec<f64>,
    /// Operational time beyond which nothing happens before the last day ends, ms; a little more
    /// than there is, whatever sums round.
    beyond: f64,
}

impl OperationalTime {
    /// Takes over a multiplier for each day.
    pub fn set(&mut self, rates: impl Iterator<Item = f64>) {
        self.rate.clear();
        self.rate.extend(rates);
        let days: f64 = self.rate.iter().sum();
        self.beyond = days * MS_PER_DAY as f64 * (1.0 + 1e-9);
    }

    /// The instant at which `hours` of operational time after `from` have passed.
    pub fn after(&self, from: Instant, hours: f64) -> Instant {
        let mut left = hours * MS_PER_HOUR as f64;
        if left > self.beyond {
            return Instant::NEVER;
        }
        let mut now = from.0;
        loop {
            let day = (now / MS_PER_DAY) as usize;
            let Some(&rate) = self.rate.get(day) else {
                return Instant::NEVER;
            };
            let end = (now / MS_PER_DAY + 1) * MS_PER_DAY;
            let budget = (end - now) as f64 * rate;
            if left < budget {
                return Instant(now) + Span(libm::rint(left / rate) as i64);
            }
            left -= budget;
            now = end;
        }
    }
}

/// What bends an entity's clock.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bend<'a> {
    /// Failure rate that follows the weather.
    pub operational: Option<&'a OperationalTime>,
    /// Common shocks, in order: each takes the entity down if it is up.
    pub shocks: &'a [Instant],
    /// Law of own up times where shocks take a part of the failures.
    pub own_up: Option<Sampler>,
    /// Hours since the last common shock before the start, at the first day's rate.
    pub since_shock_h: Option<f64>,
    /// Multiplies repair times.
    pub repair_factor: f64,
}

/// Chance to be down some hours after a common shock left every unit of the plant down.
///
/// Two states with rates `own` and `repair` an hour, from down. With exponential gaps between
/// shocks its mean is the unit's own long-run unavailability, and units that share the last
/// shock start as correlated as they stay.
fn down_after_shock(own: f64, repair: f64, hours: f64) -> f64 {
    let settled = own / (own + repair);
    settled + (1.0 - settled) * libm::exp(-(own + repair) * hours)
}

/// Draws the history of one entity up to the horizon: calls `change(at, up)` at every change
/// after the start, and returns whether the entity starts down.
pub(super) fn draw(
    alternating: &Alternating,
    stream: Stream,
    bend: Bend<'_>,
    horizon: Span,
    mut change: impl FnMut(Instant, bool),
) -> bool {
    let end = Instant(horizon.0);
    let up = bend.own_up.unwrap_or(alternating.up);
    let first_rate = bend.operational.map_or(1.0, |time| time.rate[0]);
    let odds = alternating.unavailability / (1.0 - alternating.unavailability)
        * first_rate
        * bend.repair_factor;
    let [first, length] = stream.uniforms_of_block(0);
    let starts_down = first
        < match bend.since_shock_h {
            None => odds / (1.0 + odds),
            Some(hours) => {
                let repair = 1.0 / (alternating.down.mean_h() * bend.repair_factor);
                down_after_shock(first_rate / up.mean_h(), repair, hours)
            }
        };
    let fails = |from: Instant, hours: f64, next_shock: &mut usize| {
        let own = match bend.operational {
            Some(time) => time.after(from, hours),
            None => from + Span::from_hours(hours),
        };
        while bend
            .shocks
            .get(*next_shock)
            .is_some_and(|&shock| shock < from)
        {
            *next_shock += 1;
        }
        bend.shocks
            .get(*next_shock)
            .map_or(own, |&shock| own.min(shock))
    };
    let mut next_shock = 0;
    let mut is_up = !starts_down;
    let mut at = if is_up {
        fails(
            Instant::START,
            up.residual_h(length, || stream.uniform_at(2)),
            &mut next_shock,
        )
    } else {
        let left =
            alternating.down.residual_h(length, || stream.uniform_at(2)) * bend.repair_factor;
        Instant::START + Span::from_hours(left)
    };
    // Both draws of a block belong to one cycle; the unused half of the first cycle is passed
    // over so that the k-th of each keeps its address.
    let (mut block, mut cycle) = (2, [0.0; 2]);
    let mut used = [true; 2];
    while at < end {
        is_up = !is_up;
        change(at, is_up);
        if used[usize::from(!is_up)] {
            cycle = stream.uniforms_of_block(block);
            block += 1;
            used = [false; 2];
        }
        used[usize::from(!is_up)] = true;
        let [up_draw, down_draw] = cycle;
        at = if is_up {
            fails(at, up.quantile_h(up_draw), &mut next_shock)
        } else {
            at + Span::from_hours(alternating.down.quantile_h(down_draw) * bend.repair_factor)
        };
    }
    starts_down
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a walk day by day that knows no short way: what comes within the days, and that
        /// what comes after them never does.
        #[test]
        fn operational_time_passes_day_by_day(
            rates in proptest::collection::vec(0.2..3.0_f64, 1..8),
            from in 0_i64..9 * MS_PER_DAY,
            hours in 0.0..400.0_f64,
        ) {
            let mut time = OperationalTime::default();
            time.set(rates.iter().copied());
            let (mut left, mut now, mut expected) = (hours * MS_PER_HOUR as f64, from, Instant::NEVER);
            for (day, rate) in rates.iter().enumerate() {
                let end = (day as i64 + 1) * MS_PER_DAY;
                if now >= end {
                    continue;
                }
                let there = (end - now) as f64 * rate;
                if left < there {
                    expected = Instant(now + libm::rint(left / rate) as i64);
                    break;
                }
                (left, now) = (left - there, end);
            }
            prop_assert_eq!(time.after(Instant(from), hours), expected);
        }
    }
}
