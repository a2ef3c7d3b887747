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
    /// Of a rate that is kept by the hour its bit among those that changed; of more than 64
    /// several share one.
    bit: u64,
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

/// The hourly means of a rate.
#[derive(Debug, Clone, Default)]
struct Kept {
    /// Which rate.
    rate: usize,
    /// The rate as it was when the last of its means was known, and ever since until the present
    /// hour began.
    before: Entry,
    /// Means of whole hours, as far as they were needed.
    means: Vec<i64>,
}

impl Kept {
    /// An hour ends, begun so long ago, in which the rate has changed.
    #[inline]
    fn hour_ends(&mut self, entry: &Entry, begin: Instant) {
        let passed = whole_hours(begin);
        if self.means.len() < passed {
            self.catch_up(passed);
        }
        // What changed within the hour was not so yet for a while.
        let change = entry.rate - self.before.rate;
        let moment = entry.moment - self.before.moment;
        let not_yet = moment - i128::from(change) * i128::from(begin.0);
        let sum = i128::from(entry.rate) * i128::from(MS_PER_HOUR) - not_yet;
        self.means.push(hour_mean(sum));
        self.before = *entry;
    }

    /// Means of the hours in which the rate did not change.
    #[inline(never)]
    fn catch_up(&mut self, passed: usize) {
        self.means.resize(passed, self.before.rate);
    }
}

/// Rates and their integrals, in units of rate times milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
    /// When the present hour began.
    hour: Instant,
    /// Bits of the rates that changed within it.
    moved: u64,
    /// Those whose hourly means are kept, and where each rate stands among them.
    kept: Vec<Kept>,
    place: Vec<usize>,
}

/// The first rates of a ledger, as many as the compiler is told.
pub(super) struct First<'a, const N: usize> {
    entries: &'a mut [Entry; N],
    moved: &'a mut u64,
}

impl<const N: usize> First<'_, N> {
    /// Part of a rate that is not kept by the hour changes from an old to a new value.
    #[inline(always)]
    pub fn put(&mut self, index: usize, old: &mut i64, new: i64, now: Instant) {
        self.entries[index].put(old, new, now);
    }

    /// Part of a rate that is kept changes from an old to a new value.
    #[inline(always)]
    pub fn put_kept(&mut self, index: usize, old: &mut i64, new: i64, now: Instant) {
        let entry = &mut self.entries[index];
        entry.put(old, new, now);
        *self.moved |= entry.bit;
    }
}

/// How many hours have passed at the end of one.
fn whole_hours(end: Instant) -> usize {
    (end.0 / MS_PER_HOUR) as usize
}

impl Ledger {
    /// A ledger of `rates` rates, with the hourly means of those `kept`.
    pub fn new(rates: usize, kept: impl IntoIterator<Item = usize>) -> Self {
        let mut ledger = Self {
            entries: vec![Entry::default(); rates],
            place: vec![usize::MAX; rates],
            ..Self::default()
        };
        for rate in kept {
            let place = ledger.kept.len();
            ledger.entries[rate].bit = 1 << (place % 64);
            ledger.place[rate] = place;
            ledger.kept.push(Kept {
                rate,
                ..Kept::default()
            });
        }
        ledger
    }

    /// Everything at nothing, at the scenario's start.
    pub fn reset(&mut self) {
        for entry in &mut self.entries {
            (entry.rate, entry.moment) = (0, 0);
        }
        (self.hour, self.moved) = (Instant::START, 0);
        for kept in &mut self.kept {
            kept.before = Entry::default();
            kept.means.clear();
        }
    }

    /// Takes over another ledger of equal size that keeps the same.
    pub fn copy_from(&mut self, other: &Self) {
        self.entries.copy_from_slice(&other.entries);
        (self.hour, self.moved) = (other.hour, other.moved);
        for (kept, other) in self.kept.iter_mut().zip(&other.kept) {
            kept.before = other.before;
            kept.means.clone_from(&other.means);
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
        entry.add(change, now);
        self.moved |= entry.bit;
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

    /// The first of its rates; none where there are not so many.
    #[inline]
    pub(super) fn first<const N: usize>(&mut self) -> Option<First<'_, N>> {
        let (entries, moved) = (self.entries.first_chunk_mut()?, &mut self.moved);
        Some(First { entries, moved })
    }

    /// The integral from the scenario's start up to now.
    pub fn integral(&self, index: usize, now: Instant) -> i128 {
        self.entries[index].integral(now.0)
    }

    /// An hour ends: means over it, rounded half to even. To be called at every hour.
    pub fn hour_ends(&mut self, end: Instant) {
        let begin = std::mem::replace(&mut self.hour, end);
        let mut moved = std::mem::take(&mut self.moved);
        while moved != 0 {
            let first = moved.trailing_zeros() as usize;
            moved &= moved - 1;
            // Mostly there is one.
            let mut next = first;
            while let Some(kept) = self.kept.get_mut(next) {
                kept.hour_ends(&self.entries[kept.rate], begin);
                next += 64;
            }
        }
    }

    /// Completes the hourly means up to the end of an hour, at which [`Ledger::hour_ends`] has
    /// been called, and nothing changed since.
    pub fn complete_hours(&mut self, end: Instant) {
        for kept in &mut self.kept {
            kept.catch_up(whole_hours(end));
        }
    }

    /// Completes the hourly means of a rate that is kept with those of another ledger.
    pub fn continue_hours(&mut self, rate: usize, other: &Self) {
        let means = other.hours(rate);
        if let Some(kept) = self.kept.get_mut(self.place[rate]) {
            kept.means.extend_from_slice(&means[kept.means.len()..]);
        }
    }

    /// Hourly means of a rate that is kept, as far as they are complete; none of another.
    pub fn hours(&self, rate: usize) -> &[i64] {
        self.kept
            .get(self.place[rate])
            .map_or(&[], |kept| &kept.means)
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

    /// More rates than there are bits: each is as it is alone.
    #[test]
    fn many_rates_keep_their_hours_apart() {
        const RATES: usize = 70;
        let change = |rate: usize, hour: usize| (rate * 7 + hour * 3).is_multiple_of(11);
        let run = |rates: &[usize]| {
            let mut ledger = Ledger::new(RATES, 0..RATES);
            for hour in 0..6 {
                for &rate in rates.iter().filter(|&&rate| change(rate, hour)) {
                    let now = hour as i64 * MS_PER_HOUR + 1000 * rate as i64;
                    ledger.set(rate, (rate + hour) as i64, Instant(now));
                }
                ledger.hour_ends(Instant((hour as i64 + 1) * MS_PER_HOUR));
            }
            ledger.complete_hours(Instant(6 * MS_PER_HOUR));
            ledger
        };
        let all = run(&(0..RATES).collect::<Vec<_>>());
        for rate in 0..RATES {
            assert_eq!(all.hours(rate), run(&[rate]).hours(rate), "rate {rate}");
            assert_eq!(all.hours(rate).len(), 6);
        }
    }

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
