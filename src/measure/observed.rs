//! What an observer sees: whole UTC days of blocks, and the change of pools over 24 hours.

use super::blocks::{self, BlockPath};
use super::{Hashrate, Layout, Sink};
use crate::engine::{Plan, View};
use crate::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::random::{Stream, StreamId, poisson};
use crate::stats::Bins;
use crate::system::{Claim, System};

/// Hashes an attempt at difficulty 1 takes on average: 2^32.
const HASHES_PER_DIFFICULTY: f64 = 4_294_967_296.0;

/// Draws what observers would have read off one replication.
#[derive(Debug, Clone)]
pub struct Observed {
    bins: Option<Bins>,
    series: usize,
    /// Streams of what a count of each day's blocks would have shown.
    days: Vec<StreamId>,
}

/// Whole UTC days within the horizon.
pub(super) fn days(system: &System) -> usize {
    let skipped = (-system.start_unix_ms).rem_euclid(MS_PER_DAY);
    ((system.horizon.0 - skipped).max(0) / MS_PER_DAY) as usize
}

/// First hour of the first whole UTC day.
fn first_hour(system: &System) -> usize {
    ((-system.start_unix_ms).rem_euclid(MS_PER_DAY) / MS_PER_HOUR) as usize
}

impl Observed {
    /// For a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let layout = super::SeriesLayout::of_mining(plan);
        Self {
            bins: layout.daily.first().map(|kind| kind.bins),
            series: layout.daily.len(),
            days: (0..days(plan.system))
                .map(|day| StreamId::of(&format!("observed/blocks/{day}")))
                .collect(),
        }
    }

    /// Names its slots: pools' changes over 24 hours, and the counterparts of claims.
    pub fn describe(plan: &Plan<'_>, layout: &mut Layout) {
        let system = plan.system;
        if system.observed.pool_change_from.is_some() {
            for pool in &system.pools {
                let scope = format!("pool/{}", pool.name);
                let slot = layout.slot(format!("all/{scope}/change_ppm"));
                layout.publish(("all", &scope), "hashrate_change_24h", "1", slot, 1e-6);
            }
            let slot = layout.slot("all/network/pools_change_ppm");
            layout.publish(("all", "network"), "pools_change_24h", "1", slot, 1e-6);
        }
        for (index, _) in system.observed.claims.iter().enumerate() {
            let slot = layout.slot(format!("all/network/claim/{index}_ppm"));
            layout.publish(
                ("all", "network"),
                &format!("claim_change/{index}"),
                "1",
                slot,
                1e-6,
            );
        }
    }

    /// Reads off one replication.
    pub fn close(&mut self, main: &Hashrate, path: &BlockPath, view: View<'_>, sink: &mut Sink) {
        let system = view.plan.system;
        let rest = |hour: usize| {
            view.futures
                .rest_of_world
                .get(hour / 24)
                .map_or(0, |rest| rest.0)
        };
        let national = main.national();
        let world = |hour: usize| national[hour] + rest(hour);
        if let Some((before, after)) = system.observed.pool_change_from {
            let mut changes = Vec::with_capacity(system.pools.len());
            for pool in 0..system.pools.len() {
                let (share, found) = (view.futures.pool_share[pool], main.pool(pool));
                let level = |hour: usize| found[hour] as f64 + rest(hour) as f64 * share;
                let change = mean_over(before, MS_PER_DAY, found.len(), level)
                    .zip(mean_over(after, MS_PER_DAY, found.len(), level))
                    .map_or(0.0, |(before, after)| relative(before, after));
                changes.push(change);
                sink.row.push(ppm(change));
            }
            // A plain mean over pools, as newspapers form it; it is not the network's change.
            sink.row.push(ppm(
                changes.iter().sum::<f64>() / changes.len().max(1) as f64
            ));
        }
        for claim in &system.observed.claims {
            let (baseline, length) = claim_baseline(system, claim);
            let level = |hour: usize| world(hour) as f64;
            let change = mean_over(baseline, length, national.len(), level)
                .zip(mean_over(claim.from, length, national.len(), level))
                .map_or(0.0, |(before, after)| relative(before, after));
            sink.row.push(ppm(change));
        }
        self.count_blocks(view, path, &world, sink);
    }

    /// True daily means, and what a count of that day's blocks would have shown.
    fn count_blocks(
        &mut self,
        view: View<'_>,
        path: &BlockPath,
        world: &dyn Fn(usize) -> i64,
        sink: &mut Sink,
    ) {
        let system = view.plan.system;
        let (Some(bins), true) = (&self.bins, self.series > 0) else {
            return;
        };
        let first = first_hour(system);
        let days = self.days.len();
        sink.daily.resize(days * self.series, 0);
        let mut put = |series: usize, day: usize, code: u16| {
            if let Some(place) = sink.daily.get_mut(series * days + day) {
                *place = code;
            }
        };
        for (day, &stream) in self.days.iter().enumerate() {
            let hours = first + 24 * day..first + 24 * (day + 1);
            let truth = hours.map(world).sum::<i64>() / 24;
            put(0, day, bins.code_of(truth));
            let difficulty = system.economics.as_ref().map_or(2.4e13, |economics| {
                economics.difficulty[day.min(economics.difficulty.len() - 1)]
            });
            let hashes_a_block = difficulty * HASHES_PER_DIFFICULTY;
            let expected = truth as f64 * 1e9 * 86_400.0 / hashes_a_block;
            let mut stream = Stream::new(system.seed, stream, view.futures.replication);
            let blocks = poisson(&mut stream, expected);
            let shown = blocks as f64 * hashes_a_block / 86_400.0 / 1e9;
            put(1, day, bins.code_of(shown as i64));
            if system.blocks.is_some() {
                let begin = (first + 24 * day) as i64 * MS_PER_HOUR;
                let (from, until) = (begin as f64, (begin + MS_PER_DAY) as f64);
                let seen = blocks::day(path, from, until);
                for (series, (bins, value)) in
                    blocks::daily_bins().into_iter().zip(seen).enumerate()
                {
                    put(2 + series, day, bins.code_of(value));
                }
            }
        }
    }
}

/// Begin of the time that a claim's window is compared with, ms since start, and its length.
///
/// It lies directly before the claim's window, or before the headline's window where that began
/// earlier: what "remained" of a drop is said against the time before the drop, not against the
/// day before.
pub fn claim_baseline(system: &System, claim: &Claim) -> (i64, i64) {
    let length = (claim.until - claim.from).max(MS_PER_HOUR);
    let event = system.windows.get(system.headline_window);
    let event = event
        .map(|window| window.from.0)
        .filter(|&from| from >= length);
    let until = event.map_or(claim.from, |from| from.min(claim.from));
    (until - length, length)
}

/// Mean of an hourly level over `length` ms from `from`; none where hours are missing.
fn mean_over(from: i64, length: i64, hours: usize, level: impl Fn(usize) -> f64) -> Option<f64> {
    let first = from.div_euclid(MS_PER_HOUR);
    let last = (from + length - 1).div_euclid(MS_PER_HOUR);
    if first < 0 || last >= hours as i64 {
        return None;
    }
    let weighted = |hour: i64| {
        let begin = (hour * MS_PER_HOUR).max(from);
        let end = ((hour + 1) * MS_PER_HOUR).min(from + length);
        (end - begin) as f64 * level(hour as usize)
    };
    let mut sum = 0.0;
    for hour in first..last + 1 {
        sum += weighted(hour);
    }
    Some(sum / length as f64)
}

fn relative(before: f64, after: f64) -> f64 {
    if before > 0.0 {
        after / before - 1.0
    } else {
        0.0
    }
}

fn ppm(share: f64) -> i64 {
    libm::rint(share * 1e6) as i64
}
