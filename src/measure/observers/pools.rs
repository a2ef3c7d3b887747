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
    pub fn change(
        &mut self,
        reader: &PoolReader,
        main: &Hashrate,
        view: View<'_>,
    ) -> Option<f64> {
        let (mut changes, mut read) = (0.0, 0);
        let (mut sum_before, mut sum_after) = (0.0, 0.0);
        for &pool in &reader.pools {
            self.show(reader, pool, main, view);
            let before = self.reading(reader.against, reader.window);
            let after = self.reading(reader.at, reader.window);
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

    /// What a pool shows hour by hour until the later reading, GH/s.
    fn show(&mut self, reader: &PoolReader, pool: usize, main: &Hashrate, view: View<'_>) {
        let (last, over) = hours(reader.at);
        let needed = last + usize::from(over > 0);
        let share = view.futures.pool_share.get(pool).copied().unwrap_or(0.0);
        let rest = &view.futures.rest_of_world;
        let country = main.pool(pool).iter().take(needed);
        self.shown.clear();
        // Without smoothing only the hours of the two windows are looked at.
        self.shown.extend(country.enumerate().map(|(hour, &ghs)| {
            let others = rest.get(hour / 24).map_or(0.0, |rest| rest.0 as f64);
            ghs as f64 + others * share
        }));
        if reader.smoothing_h > 0.0 {
            let kept = libm::exp(-1.0 / reader.smoothing_h);
            // Before the start it was as at the start.
            let mut smooth = self.shown.first().copied().unwrap_or(0.0);
            for shown in &mut self.shown {
                smooth = *shown + (smooth - *shown) * kept;
                *shown = smooth;
            }
        }
    }

    /// Mean of what is shown over a window up to a moment.
    fn reading(&self, at: i64, window: i64) -> f64 {
        let from = at - window;
        let (first, _) = hours(from);
        let (last, _) = hours(at - 1);
        let mut sum = 0.0;
        for (hour, &shown) in self.shown.iter().enumerate().take(last + 1).skip(first) {
            let begin = (hour as i64 * MS_PER_HOUR).max(from);
            let end = ((hour as i64 + 1) * MS_PER_HOUR).min(at);
            sum += (end - begin) as f64 * shown;
        }
        sum / window as f64
    }
}
