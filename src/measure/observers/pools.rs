//! Readings of pools: what each shows, smoothed, over a window; and the mean over pools.

use super::{Hashrate, hours};
use crate::engine::View;
use crate::quantity::MS_PER_HOUR;
use crate::system::PoolReader;

/// Memory for a pool's hourly readings.
#[derive(Debug, Clone, Default)]
pub(super) struct PoolScratch {
    shown: Vec<f64>,
}

impl PoolScratch {
    /// The change that a reader sees; `None` of pools without hashrate before.
    pub fn change(&mut self, reader: &PoolReader, main: &Hashrate, view: View<'_>) -> Option<f64> {
        let (mut changes, mut read) = (0.0, 0);
        let (mut sum_before, mut sum_after) = (0.0, 0.0);
        // The rest of the world is the same for all pools.
        let rest = |hour: usize| {
            let rest = view.futures.rest_of_world.get(hour / 24);
            rest.map_or(0.0, |rest| rest.0 as f64)
        };
        let rests = [reader.against, reader.at].map(|at| reading(at, reader.window, rest));
        for &pool in &reader.pools {
            let [before, after] = if reader.smoothing_h > 0.0 {
                self.show(reader, pool, main, view);
                let shown = |hour: usize| self.shown.get(hour).copied().unwrap_or(0.0);
                [reader.against, reader.at].map(|at| reading(at, reader.window, shown))
            } else {
                let country = main.pool(pool);
                let raw = |hour: usize| country.get(hour).map_or(0.0, |&ghs| ghs as f64);
                let share = view.futures.pool_share.get(pool).copied().unwrap_or(0.0);
                let mut rests = rests.iter();
                [reader.against, reader.at].map(|at| {
                    let rest = rests.next().copied().unwrap_or(0.0);
                    reading(at, reader.window, raw) + rest * share
                })
            };
            if before > 0.0 {
                changes += after / before - 1.0;
                read += 1;
            }
            sum_before += before;
            sum_after += after;
        }
        if reader.weighted {
            (sum_before > 0.0).then(|| sum_after / sum_before - 1.0)
        } else {
            (read > 0).then(|| changes / f64::from(read))
        }
    }

    /// What a pool shows hour by hour until the later reading, smoothed, GH/s.
    fn show(&mut self, reader: &PoolReader, pool: usize, main: &Hashrate, view: View<'_>) {
        let (last, over) = hours(reader.at);
        let needed = last + usize::from(over > 0);
        let kept = libm::exp(-1.0 / reader.smoothing_h);
        let mut smooth = None;
        self.shown.clear();
        for (hour, &country) in main.pool(pool).iter().take(needed).enumerate() {
            let raw = country as f64 + others(view, pool, hour);
            // Before the start it was as at the start.
            let shown = raw + (smooth.unwrap_or(raw) - raw) * kept;
            smooth = Some(shown);
            self.shown.push(shown);
        }
    }
}

/// What a pool has from the rest of the world in an hour, GH/s.
fn others(view: View<'_>, pool: usize, hour: usize) -> f64 {
    let share = view.futures.pool_share.get(pool).copied().unwrap_or(0.0);
    let rest = view.futures.rest_of_world.get(hour / 24);
    rest.map_or(0.0, |rest| rest.0 as f64) * share
}

/// Mean of what is shown over a window up to a moment.
fn reading(at: i64, window: i64, shown: impl Fn(usize) -> f64) -> f64 {
    let from = at - window;
    let ((first, cut), (last, over)) = (hours(from), hours(at));
    if first == last {
        return shown(first);
    }
    // Whole hours, and the parts of one at both ends.
    let whole = first + usize::from(cut > 0)..last;
    let mut sum = whole.map(&shown).sum::<f64>() * MS_PER_HOUR as f64;
    if cut > 0 {
        sum += shown(first) * (MS_PER_HOUR - cut) as f64;
    }
    if over > 0 {
        sum += shown(last) * over as f64;
    }
    sum / window as f64
}
