//! Running integrals of many rates that change now and then.
//!
//! Between changes a rate costs nothing; at a change only that rate is accounted. All hour
//! integrals are closed together, so that areas stay small enough for 64 bits.

use crate::quantity::{Instant, MS_PER_HOUR, div_round_half_even};

/// Rates and their integrals over time, in units of rate times milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    rate: Vec<i64>,
    /// Area within the present hour, up to `since`.
    area: Vec<i64>,
    since: Vec<i64>,
    /// Integral up to the start of the present hour.
    total: Vec<i128>,
    hour_begin: i64,
}

impl Ledger {
    /// A ledger of `rates` rates.
    pub fn new(rates: usize) -> Self {
        Self {
            rate: vec![0; rates],
            area: vec![0; rates],
            since: vec![0; rates],
            total: vec![0; rates],
            hour_begin: 0,
        }
    }

    /// Everything at nothing, at the scenario's start.
    pub fn reset(&mut self) {
        self.rate.fill(0);
        self.area.fill(0);
        self.since.fill(0);
        self.total.fill(0);
        self.hour_begin = 0;
    }

    /// Takes over another ledger of equal size.
    pub fn copy_from(&mut self, other: &Self) {
        self.rate.copy_from_slice(&other.rate);
        self.area.copy_from_slice(&other.area);
        self.since.copy_from_slice(&other.since);
        self.total.copy_from_slice(&other.total);
        self.hour_begin = other.hour_begin;
    }

    /// A rate as it is now.
    #[inline]
    pub fn rate(&self, index: usize) -> i64 {
        self.rate[index]
    }

    /// A rate changes to a new value.
    #[inline]
    pub fn set(&mut self, index: usize, rate: i64, now: Instant) {
        let old = self.rate[index];
        if rate != old {
            self.area[index] += old * (now.0 - self.since[index]);
            self.since[index] = now.0;
            self.rate[index] = rate;
        }
    }

    /// A rate changes by an amount.
    #[inline]
    pub fn add(&mut self, index: usize, change: i64, now: Instant) {
        self.set(index, self.rate[index] + change, now);
    }

    /// The integral from the scenario's start up to now.
    pub fn integral(&self, index: usize, now: Instant) -> i128 {
        self.total[index] + i128::from(self.area_until(index, now))
    }

    /// Integral within the present hour up to now.
    #[inline]
    pub fn area_until(&self, index: usize, now: Instant) -> i64 {
        self.area[index] + self.rate[index] * (now.0 - self.since[index])
    }

    /// Mean over the hour that ends now, rounded half to even.
    #[inline]
    pub fn hour_mean(&self, index: usize, end: Instant) -> i64 {
        if self.since[index] <= self.hour_begin && end.0 - self.hour_begin == MS_PER_HOUR {
            return self.rate[index];
        }
        let area = i128::from(self.area_until(index, end));
        div_round_half_even(area, i128::from((end.0 - self.hour_begin).max(1))) as i64
    }

    /// Closes the hour that ends now.
    pub fn close_hour(&mut self, end: Instant) {
        for index in 0..self.rate.len() {
            let area = self.area[index] + self.rate[index] * (end.0 - self.since[index]);
            self.total[index] += i128::from(area);
            self.area[index] = 0;
            self.since[index] = end.0;
        }
        self.hour_begin = end.0;
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

    /// The integral of a rate over a window.
    pub fn get(&self, window: usize, rate: usize) -> i128 {
        self.values[window * self.rates + rate]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
                    ledger.close_hour(Instant(at));
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
