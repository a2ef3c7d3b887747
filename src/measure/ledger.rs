//! Running integrals of many rates that change now and then.
//!
//! A rate that starts at nothing and changes by c at each time t has, at time T, the integral
//! sum of c (T - t) = rate T - sum of c t. So a change costs one product and two sums, and time
//! that passes costs nothing at all. Hourly means are kept of some rates, and an hour costs nothing
//! to those that did not change within it.

use crate::quantity::{Instant, MS_PER_HOUR, hour_mean};

/// One rate, and the sum of its changes times when they came.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    rate: i64,
    /// It is listed for the end of the present hour (or is not kept by the hour).
    is_listed: bool,
    moment: i128,
}

impl Entry {
    /// The integral from the scenario's start.
    #[inline]
    fn integral(&self, until_ms: i64) -> i128 {
        i128::from(self.rate) * i128::from(until_ms) - self.moment
    }

    #[inline(always)]
    fn add(&mut self, change: i64, now: Instant) {
        self.rate += change;
        self.moment += i128::from(change) * i128::from(now.0);
    }

    /// Part of the rate changes from an old to a new value.
    #[inline(always)]
    pub fn put(&mut self, old: &mut i64, new: i64, now: Instant) {
        let change = new - *old;
        if change != 0 {
            *old = new;
            self.add(change, now);
        }
    }
}

/// Rates and their integrals, in units of rate times milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
    /// Whole hours that have passed, and when the present one began.
    passed: usize,
    hour: Instant,
    /// Rates that changed within it, and their integrals up to its begin: so many of the list.
    listed: Vec<(usize, i128)>,
    next: usize,
    /// Those whose hourly means are kept, and the means up to the last change.
    kept: Vec<usize>,
    hours: Vec<Vec<i64>>,
}

/// How many hours have passed at the end of one.
fn whole_hours(end: Instant) -> usize {
    (end.0 / MS_PER_HOUR) as usize
}

impl Ledger {
    /// A ledger of `rates` rates, with the hourly means of those `kept`.
    pub fn new(rates: usize, kept: impl IntoIterator<Item = usize>) -> Self {
        let kept: Vec<usize> = kept.into_iter().collect();
        let mut ledger = Self {
            entries: vec![Entry::default(); rates],
            passed: 0,
            hour: Instant::START,
            listed: vec![(0, 0); kept.len()],
            next: 0,
            kept,
            hours: vec![Vec::new(); rates],
        };
        ledger.reset();
        ledger
    }

    /// Everything at nothing, at the scenario's start.
    pub fn reset(&mut self) {
        let not_kept = Entry {
            is_listed: true,
            ..Entry::default()
        };
        self.entries.fill(not_kept);
        (self.passed, self.hour) = (0, Instant::START);
        self.next = 0;
        for &rate in &self.kept {
            self.entries[rate].is_listed = false;
            self.hours[rate].clear();
        }
    }

    /// Takes over another ledger of equal size that keeps the same.
    pub fn copy_from(&mut self, other: &Self) {
        self.entries.copy_from_slice(&other.entries);
        (self.passed, self.hour) = (other.passed, other.hour);
        self.listed.copy_from_slice(&other.listed);
        self.next = other.next;
        for &rate in &self.kept {
            self.hours[rate].clone_from(&other.hours[rate]);
        }
    }

    /// A rate as it is now.
    #[inline]
    pub fn rate(&self, index: usize) -> i64 {
        self.entries[index].rate
    }

    /// A rate changes to a new value.
    #[inline(always)]
    pub fn set(&mut self, index: usize, rate: i64, now: Instant) {
        let change = rate - self.entries[index].rate;
        if change != 0 {
            self.add(index, change, now);
        }
    }

    /// A rate changes by an amount.
    #[inline(always)]
    pub fn add(&mut self, index: usize, change: i64, now: Instant) {
        let entry = &mut self.entries[index];
        if entry.is_listed {
            entry.add(change, now);
        } else {
            self.add_and_list(index, change, now);
        }
    }

    /// Part of a rate changes from an old to a new value.
    #[inline(always)]
    pub fn put(&mut self, index: usize, old: &mut i64, new: i64, now: Instant) {
        let change = new - *old;
        if change != 0 {
            *old = new;
            self.add(index, change, now);
        }
    }

    /// Rates that stand side by side, none of which is kept by the hour.
    #[inline]
    pub(super) fn group<const N: usize>(&mut self, first: usize) -> Option<&mut [Entry; N]> {
        self.entries.get_mut(first..)?.first_chunk_mut()
    }

    /// A rate changes for the first time in an hour: until then it was what it is. Where that is
    /// as the hour begins, the hour is as plain as one without a change.
    #[inline(never)]
    fn add_and_list(&mut self, index: usize, change: i64, now: Instant) {
        let entry = &mut self.entries[index];
        let before = entry.rate;
        if now > self.hour {
            entry.is_listed = true;
            self.listed[self.next] = (index, entry.integral(self.hour.0));
            self.next += 1;
        }
        entry.add(change, now);
        if self.hours[index].len() < self.passed {
            self.catch_up(index, before);
        }
    }

    /// Means of the hours in which a rate did not change.
    #[inline(never)]
    fn catch_up(&mut self, index: usize, rate: i64) {
        let means = &mut self.hours[index];
        if means.len() + 1 == self.passed {
            means.push(rate);
        } else {
            means.resize(self.passed, rate);
        }
    }

    /// The integral from the scenario's start up to now.
    pub fn integral(&self, index: usize, now: Instant) -> i128 {
        self.entries[index].integral(now.0)
    }

    /// An hour ends: means over it, rounded half to even. To be called at every hour.
    #[inline]
    pub fn hour_ends(&mut self, end: Instant) {
        for &(index, before) in &self.listed[..self.next] {
            let entry = &mut self.entries[index];
            entry.is_listed = false;
            self.hours[index].push(hour_mean(entry.integral(end.0) - before));
        }
        self.next = 0;
        (self.passed, self.hour) = (whole_hours(end), end);
    }

    /// Completes the hourly means up to the end of an hour, at which [`Ledger::hour_ends`] has
    /// been called, and nothing changed since.
    pub fn complete_hours(&mut self, end: Instant) {
        for &rate in &self.kept {
            self.hours[rate].resize(whole_hours(end), self.entries[rate].rate);
        }
    }

    /// Completes the hourly means of a rate with those of another ledger.
    pub fn continue_hours(&mut self, rate: usize, other: &Self) {
        let known = self.hours[rate].len();
        self.hours[rate].extend_from_slice(&other.hours[rate][known..]);
    }

    /// Hourly means of a rate that is kept, as far as they are complete.
    pub fn hours(&self, rate: usize) -> &[i64] {
        &self.hours[rate]
    }
}

/// Integrals of a ledger over the reporting windows, taken as their edges pass.
#[derive(Debug, Clone, Default)]
pub struct WindowIntegrals {
    rates: usize,
    /// Before this no window begins or ends, ms.
    next_edge: i64,
    /// `[window][rate]`: the integral at the window's begin, then over the window.
    values: Vec<i128>,
}

impl WindowIntegrals {
    /// Room for `windows` windows of `rates` rates.
    pub fn new(windows: usize, rates: usize) -> Self {
        Self {
            rates,
            next_edge: 0,
            values: vec![0; windows * rates],
        }
    }

    /// Forgets all.
    pub fn reset(&mut self) {
        self.next_edge = 0;
        self.values.fill(0);
    }

    /// Takes over another set of equal size.
    pub fn copy_from(&mut self, other: &Self) {
        self.next_edge = other.next_edge;
        self.values.copy_from_slice(&other.values);
    }

    /// Whether windows begin or end at a boundary that is to pass next.
    #[inline]
    pub fn has_edge(&self, at: Instant) -> bool {
        at.0 >= self.next_edge
    }

    /// A boundary passes: windows that begin or end here take note.
    #[inline]
    pub fn pass(&mut self, windows: &[crate::system::Window], ledger: &Ledger, at: Instant) {
        if self.has_edge(at) {
            self.pass_edge(windows, ledger, at);
        }
    }

    fn pass_edge(&mut self, windows: &[crate::system::Window], ledger: &Ledger, at: Instant) {
        let edges = windows
            .iter()
            .flat_map(|window| [window.from, window.until]);
        let later = edges.filter(|&edge| edge > at).min();
        self.next_edge = later.unwrap_or(Instant::NEVER).0;
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
            // Some come as an hour begins, some several at an instant.
            for (at, _) in changes.iter_mut().filter(|(at, _)| at % 3 == 0) {
                *at -= *at % (MS_PER_HOUR / 2);
            }
            changes.sort();
            let mut ledger = Ledger::new(1, [0]);
            let mut integrals = WindowIntegrals::new(1, 1);
            let mut instants: Vec<i64> = (1..=6).map(|hour| hour * MS_PER_HOUR).collect();
            instants.extend([windows[0].from.0, windows[0].until.0]);
            instants.sort();
            instants.dedup();
            let mut next = 0;
            let mut means = Vec::new();
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
                    ledger.hour_ends(Instant(at));
                    let mut complete = ledger.clone();
                    complete.complete_hours(Instant(at));
                    prop_assert_eq!(complete.hours(0).last(), Some(&mean));
                    means.push(mean);
                }
            }
            ledger.complete_hours(Instant(horizon));
            prop_assert_eq!(ledger.hours(0), &means[..]);
            let mut plain = 0i128;
            for (index, &(begin, rate)) in changes.iter().enumerate() {
                let end = changes.get(index + 1).map_or(horizon, |next| next.0).min(windows[0].until.0);
                plain += i128::from(rate) * i128::from((end - begin.max(windows[0].from.0)).max(0));
            }
            prop_assert_eq!(integrals.get(0, 0), plain);
        }
    }
}
