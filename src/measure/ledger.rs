//! Running integrals of many rates that change now and then.
//!
//! A rate that starts at nothing and changes by c at each time t has, at time T, the integral
//! sum of c (T - t) = rate T - sum of c t. So a change costs one product and two sums, and time
//! that passes costs nothing at all.

use crate::quantity::{Instant, MS_PER_HOUR};

/// One rate, and the sum of its changes times when they came: now, and as the present hour began.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    rate: i64,
    rate_then: i64,
    moment: i128,
    moment_then: i128,
}

/// Rates and their integrals, in units of rate times milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
}

/// The integral up to `now` of a rate whose changes have this moment.
#[inline]
fn integral(rate: i64, moment: i128, now: i64) -> i128 {
    i128::from(rate) * i128::from(now) - moment
}

impl Entry {
    #[inline]
    fn add(&mut self, change: i64, now: Instant) {
        self.rate += change;
        self.moment += i128::from(change) * i128::from(now.0);
    }
}

impl Ledger {
    /// A ledger of `rates` rates.
    pub fn new(rates: usize) -> Self {
        Self {
            entries: vec![Entry::default(); rates],
        }
    }

    /// Everything at nothing, at the scenario's start.
    pub fn reset(&mut self) {
        self.entries.fill(Entry::default());
    }

    /// Takes over another ledger of equal size.
    pub fn copy_from(&mut self, other: &Self) {
        self.entries.copy_from_slice(&other.entries);
    }

    /// A rate as it is now.
    #[inline]
    pub fn rate(&self, index: usize) -> i64 {
        self.entries[index].rate
    }

    /// A rate changes to a new value.
    #[inline]
    pub fn set(&mut self, index: usize, rate: i64, now: Instant) {
        let entry = &mut self.entries[index];
        let change = rate - entry.rate;
        if change != 0 {
            entry.add(change, now);
        }
    }

    /// A rate changes by an amount.
    #[inline]
    pub fn add(&mut self, index: usize, change: i64, now: Instant) {
        self.entries[index].add(change, now);
    }

    /// The integral from the scenario's start up to now.
    pub fn integral(&self, index: usize, now: Instant) -> i128 {
        let entry = &self.entries[index];
        integral(entry.rate, entry.moment, now.0)
    }

    /// Mean over the hour that ends now, rounded half to even; the next one begins. A rate must
    /// be asked at every hour or never.
    #[inline]
    pub fn hour_mean(&mut self, index: usize, end: Instant) -> i64 {
        let entry = &mut self.entries[index];
        let (then, moment_then) = (entry.rate_then, entry.moment_then);
        if entry.rate == then && entry.moment == moment_then {
            return entry.rate;
        }
        let area = integral(entry.rate, entry.moment, end.0)
            - integral(then, moment_then, end.0 - MS_PER_HOUR);
        (entry.rate_then, entry.moment_then) = (entry.rate, entry.moment);
        crate::quantity::hour_mean(area)
    }
}

/// Integrals of a ledger over the reporting windows, taken as their edges pass.
#[derive(Debug, Clone, Default)]
pub struct WindowIntegrals {
    rates: usize,
    /// `[window][rate]`: the integral at the window's begin, then over the window.
    values: Vec<i128>,
}

impl WindowIntegrals {
    /// Room for `windows` windows of `rates` rates.
    pub fn new(windows: usize, rates: usize) -> Self {
        Self {
            rates,
            values: vec![0; windows * rates],
        }
    }

    /// Forgets all.
    pub fn reset(&mut self) {
        self.values.fill(0);
    }

    /// Takes over another set of equal size.
    pub fn copy_from(&mut self, other: &Self) {
        self.values.copy_from_slice(&other.values);
    }

    /// A boundary passes: windows that begin or end here take note.
    pub fn pass(&mut self, windows: &[crate::system::Window], ledger: &Ledger, at: Instant) {
        for (index, window) in windows.iter().enumerate() {
            let values = &mut self.values[index * self.rates..(index + 1) * self.rates];
            if window.from == at && at != Instant::START {
                for (rate, value) in values.iter_mut().enumerate() {
                    *value = -ledger.integral(rate, at);
                }
            }
            if window.until == at {
                for (rate, value) in values.iter_mut().enumerate() {
                    *value += ledger.integral(rate, at);
                }
            }
        }
    }

    /// Sets the integral of a rate over a window.
    pub fn put(&mut self, window: usize, rate: usize, value: i128) {
        self.values[window * self.rates + rate] = value;
    }

    /// The integral of a rate over a window.
    pub fn get(&self, window: usize, rate: usize) -> i128 {
        self.values[window * self.rates + rate]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::div_round_half_even;
    use crate::system::Window;
    use proptest::prelude::*;

    proptest! {
        /// Against a plain sum over stretches, with a window whose edges lie anywhere.
        #[test]
        fn integrals_equal_a_plain_sum(
            changes in proptest::collection::vec((1i64..20_000_000, -1_000_000i64..1_000_000), 1..30),
            edges in (1i64..20_000_000, 1i64..20_000_000),
        ) {
            let horizon = 6 * MS_PER_HOUR;
            let (from, until) = (edges.0.min(edges.1), edges.0.max(edges.1) + 1);
            let window = Window {
                name: String::new(),
                from: Instant(from),
                until: Instant(until.min(horizon)),
            };
            let windows = [window];
            let mut changes = changes;
            changes.sort();
            let mut ledger = Ledger::new(1);
            let mut integrals = WindowIntegrals::new(1, 1);
            let mut instants: Vec<i64> = (1..=6).map(|hour| hour * MS_PER_HOUR).collect();
            instants.extend([windows[0].from.0, windows[0].until.0]);
            instants.sort();
            instants.dedup();
            let mut next = 0;
            for at in instants {
                while next < changes.len() && changes[next].0 < at {
                    ledger.set(0, changes[next].1, Instant(changes[next].0));
                    next += 1;
                }
                integrals.pass(&windows, &ledger, Instant(at));
                if at % MS_PER_HOUR == 0 {
                    let begin = at - MS_PER_HOUR;
                    let mut area = 0i128;
                    for (index, &(from, rate)) in changes.iter().enumerate() {
                        let until = changes.get(index + 1).map_or(at, |next| next.0).min(at);
                        area += i128::from(rate) * i128::from((until - from.max(begin)).max(0));
                    }
                    let mean = div_round_half_even(area, i128::from(MS_PER_HOUR)) as i64;
                    prop_assert_eq!(ledger.hour_mean(0, Instant(at)), mean);
                }
            }
            let mut plain = 0i128;
            for (index, &(begin, rate)) in changes.iter().enumerate() {
                let end = changes.get(index + 1).map_or(horizon, |next| next.0).min(windows[0].until.0);
                plain += i128::from(rate) * i128::from((end - begin.max(windows[0].from.0)).max(0));
            }
            prop_assert_eq!(integrals.get(0, 0), plain);
        }
    }
}
