//! Blocks one by one, and what a fall of hashrate does to them: too few, a long gap, how long until
//! difficulty mends it, how far it overshoots, and what waits meanwhile.

use super::{Hashrate, Layout, Sink};
use crate::bitcoin::{Chain, CompactTarget, EPOCH_BLOCKS, Found, HASHES_AT_DIFFICULTY_1};
use crate::bitcoin::{Mining, Piece, Step, find_at_known_difficulty};
use crate::engine::{Plan, View};
use crate::quantity::{MS_PER_DAY, MS_PER_MINUTE};
use crate::random::{Stream, StreamId};
use crate::stats::Bins;
use crate::system::{Blocks, Observer, System, Window};

/// Milliseconds that a block should take.
pub(super) const TARGET_MS: i64 = 600_000;

/// A chain that starts at no given height starts in this epoch.
const SOME_EPOCH: u32 = 358 * EPOCH_BLOCKS;

/// The path of a replication's hashrate and the blocks along it; keeps its memory.
#[derive(Debug, Clone)]
pub(super) struct BlockPath {
    pieces: Vec<Piece>,
    /// Hashes, in GH/s ms, from the start to the end of each piece.
    hashes: Vec<f64>,
    pub found: Found,
    /// The chain at the start, where difficulty follows blocks.
    pub chain: Option<Chain>,
    /// Difficulty times 2^32 by day as it is known, where it does not.
    known: Vec<Option<f64>>,
    work: StreamId,
    wanted: bool,
}

impl BlockPath {
    /// For a plan's system.
    pub fn new(plan: &Plan<'_>) -> Self {
        let system = plan.system;
        let first = system.start_unix_ms.div_euclid(MS_PER_DAY);
        // Days as the rest of the world has them: from the start on, by the difficulty of the UTC
        // day in which each begins.
        let days = (0..=system.days() as i64).map(|day| known_hashes(system, first + day));
        let work = system.blocks.as_ref().map(|blocks| blocks.work_stream);
        Self {
            pieces: Vec::new(),
            hashes: Vec::new(),
            found: Found::default(),
            chain: None,
            known: days.collect(),
            work: work.unwrap_or(StreamId::of("observer/work")),
            wanted: wants_blocks(system),
        }
    }

    /// Finds the blocks of a finished replication.
    pub fn find(&mut self, main: &Hashrate, view: View<'_>) {
        let system = view.plan.system;
        if !self.wanted {
            return;
        }
        world_path(main, view, &mut self.pieces);
        self.hashes.clear();
        let (mut begin, mut sum) = (0.0, 0.0);
        for piece in &self.pieces {
            sum += piece.hashrate_ghs * (piece.until_ms - begin);
            begin = piece.until_ms;
            self.hashes.push(sum);
        }
        let work = Stream::new(system.seed, self.work, view.futures.replication);
        match &system.blocks {
            Some(wanted) => {
                let chain = chain(wanted, &self.pieces, view);
                self.chain = Some(chain);
                Mining::new(chain, &self.pieces, system.start_unix_ms).find(work, &mut self.found);
            }
            None => {
                let level = hashes_by_level(&self.pieces, view);
                let midnight = (-system.start_unix_ms).rem_euclid(MS_PER_DAY);
                let mut steps: Vec<Step> = Vec::with_capacity(self.known.len());
                for (day, hashes) in self.known.iter().enumerate() {
                    let hashes = hashes.unwrap_or(level);
                    if steps.last().is_some_and(|last| last.hashes == hashes) {
                        continue;
                    }
                    let from = match day as i64 {
                        0 => 0,
                        day if midnight == 0 => day * MS_PER_DAY,
                        day => midnight + (day - 1) * MS_PER_DAY,
                    };
                    steps.push(Step {
                        from_ms: from as f64,
                        hashes,
                    });
                }
                find_at_known_difficulty(&self.pieces, &steps, work, &mut self.found);
            }
        }
    }

    /// Hashes, in GH/s ms, from the start until a moment of the horizon.
    pub fn hashes_until(&self, moment_ms: f64) -> f64 {
        let place = self
            .pieces
            .partition_point(|piece| piece.until_ms <= moment_ms);
        match (self.pieces.get(place), self.hashes.get(place)) {
            (Some(piece), Some(sum)) => sum - piece.hashrate_ghs * (piece.until_ms - moment_ms),
            _ => self.hashes.last().copied().unwrap_or(0.0),
        }
    }

    /// Hashrate before the start, which is the world's level, and after the end, GH/s.
    pub fn outside_ghs(&self, view: View<'_>) -> (f64, f64) {
        let last = self.pieces.last();
        let after = last.map_or(0.0, |piece| piece.hashrate_ghs);
        (at_start(&self.pieces, view) / 1e9, after)
    }
}

/// Whether somebody looks at blocks one by one.
pub(super) fn wants_blocks(system: &System) -> bool {
    system.blocks.is_some() || system.observers.iter().any(Observer::counts_blocks)
}

/// Hashes a block takes on a UTC day (number since 1970), as far as difficulty is known: counted
/// days are chain facts; else what revenue is computed with.
pub(super) fn known_hashes(system: &System, day: i64) -> Option<f64> {
    let unix_ms = day * MS_PER_DAY;
    let days = &system.observed.days;
    let counted = days.binary_search_by_key(&unix_ms, |day| day.unix_ms).ok();
    let difficulty = counted.map(|at| days[at].difficulty).or_else(|| {
        let economics = system.economics.as_ref()?;
        let first = system.start_unix_ms.div_euclid(MS_PER_DAY);
        let last = economics.difficulty.len().checked_sub(1)?;
        let at = usize::try_from(day - first).unwrap_or(0).min(last);
        Some(economics.difficulty[at])
    })?;
    (difficulty > 0.0).then_some(difficulty * HASHES_AT_DIFFICULTY_1)
}

/// Whether a window ends before the horizon, so that there is a time after it.
fn has_after(system: &System, window: &Window) -> bool {
    window.until.0 < system.horizon.0
}

/// Names the slots; none where the scenario does not ask for blocks.
pub(super) fn describe(plan: &Plan<'_>, layout: &mut Layout) {
    let system = plan.system;
    if system.blocks.is_none() {
        return;
    }
    for window in &system.windows {
        let network = (window.name.as_str(), "network");
        let mut publish = |index: &str, unit: &'static str, scale: f64| {
            let slot = layout.slot(format!("{}/network/blocks/{index}", window.name));
            layout.publish(network, index, unit, slot, scale);
        };
        let days = 1.0 / MS_PER_DAY as f64;
        publish("blocks_found", "1", 1.0);
        publish("blocks_short", "1", 1e-3);
        publish("longest_gap_min", "min", 1.0 / MS_PER_MINUTE as f64);
        publish("retargets", "1", 1.0);
        publish("days_to_retarget", "d", days);
        if has_after(system, window) {
            publish("overshoot_pace", "1", 1e-6);
            publish("overshoot_blocks", "1", 1e-3);
            publish("overshoot_days", "d", days);
            publish("backlog_peak_blocks", "1", 1e-3);
            publish("backlog_cleared_days", "d", days);
        }
    }
}

/// What the blocks of a finished replication show of each window.
pub(super) fn close(path: &BlockPath, view: View<'_>, sink: &mut Sink) {
    let system = view.plan.system;
    let Some(wanted) = &system.blocks else {
        return;
    };
    let found = &path.found;
    let end = system.horizon.0 as f64;
    for window in &system.windows {
        let (from, until) = (window.from.0 as f64, window.until.0 as f64);
        let inside = found.within(from, until);
        // Both edges of the window count.
        let (mut last, mut gap) = (from, 0.0f64);
        for &at in &found.times_ms[inside.clone()] {
            if at - last > gap {
                gap = at - last;
            }
            last = at;
        }
        gap = gap.max(until - last);
        let blocks = inside.len() as i64;
        let due_thousandths = (until - from) as i64 / (TARGET_MS / 1000);
        let retargets = found.retargets();
        let changes = retargets
            .iter()
            .filter(|step| (from..until).contains(&step.from_ms));
        let first = retargets.iter().find(|step| step.from_ms >= from);
        let mended = first.map_or(end, |step| step.from_ms);
        sink.row.extend([
            blocks,
            due_thousandths - 1000 * blocks,
            libm::rint(gap) as i64,
            changes.count() as i64,
            libm::rint(mended - from) as i64,
        ]);
        if has_after(system, window) {
            sink.row.extend(overshoot(path, until.max(mended), end));
            let demand = wanted.demand_share.get(&view.futures.inputs);
            sink.row
                .extend(backlog(&found.times_ms, (from, until, end), demand));
        }
    }
}

/// Pace above one block every 600 s (parts per million), blocks found beyond that (thousandths)
/// and time (ms), from a moment until the next retarget.
fn overshoot(path: &BlockPath, since: f64, end: f64) -> [i64; 3] {
    let found = &path.found;
    let mut later = found.retargets().iter().map(|step| step.from_ms);
    let until = later.find(|&at| at > since).unwrap_or(end);
    let length = until - since;
    if length <= 0.0 {
        return [0; 3];
    }
    let hashes = path.hashes_until(until) - path.hashes_until(since);
    // GH/s ms are 1e6 hashes.
    let expected = hashes * 1e6 / found.hashes_at(since);
    let due = length / TARGET_MS as f64;
    // The block that brings the retarget is the last of the stretch, not the first of the next.
    let blocks = found.within(since, until).len() as f64 + f64::from(u8::from(until < end))
        - f64::from(u8::from(
            found.steps.iter().any(|step| step.from_ms == since),
        ));
    [
        libm::rint((expected / due - 1.0) * 1e6) as i64,
        libm::rint((blocks - due) * 1e3) as i64,
        libm::rint(length) as i64,
    ]
}

/// A queue for block space that is empty at the begin of a window: what waits grows with demand,
/// and each block takes up to its own size. Most that ever waits until it is worked off
/// (thousandths of a block), and when that is after the window's end (ms; the horizon at the
/// latest).
fn backlog(times_ms: &[f64], (from, until, end): (f64, f64, f64), demand: f64) -> [i64; 2] {
    let target = TARGET_MS as f64;
    let (mut waiting, mut most, mut last) = (0.0f64, 0.0f64, from);
    let first = times_ms.partition_point(|&at| at < from);
    let mut cleared = end;
    for &at in &times_ms[first..] {
        waiting += demand * (at - last);
        last = at;
        if waiting > most {
            most = waiting;
        }
        waiting -= target;
        if waiting <= 0.0 {
            waiting = 0.0;
            if at >= until {
                cleared = at;
                break;
            }
        }
    }
    [
        libm::rint(most / target * 1e3) as i64,
        libm::rint(cleared - until) as i64,
    ]
}

/// Bins of the two daily series of blocks: the interval that hashrate and difficulty give, and
/// blocks found.
pub(super) fn daily_bins() -> [Bins; 2] {
    [Bins::new(0, 2_000, 1_024), Bins::new(0, 1, 1_024)]
}

/// Mean interval between blocks that hashrate and difficulty give over a span, ms, and the blocks
/// found in it.
pub(super) fn day(path: &BlockPath, from_ms: f64, until_ms: f64) -> [i64; 2] {
    let found = &path.found;
    let (mut expected, mut before, mut a_block) =
        (0.0, path.hashes_until(from_ms), found.hashes_at(from_ms));
    let within = |step: &&Step| from_ms < step.from_ms && step.from_ms < until_ms;
    for step in found.retargets().iter().filter(within) {
        let sum = path.hashes_until(step.from_ms);
        expected += (sum - before) * 1e6 / a_block;
        (before, a_block) = (sum, step.hashes);
    }
    expected += (path.hashes_until(until_ms) - before) * 1e6 / a_block;
    let interval = (until_ms - from_ms) / expected;
    [
        libm::rint(interval.min(1e12)) as i64,
        found.within(from_ms, until_ms).len() as i64,
    ]
}

/// Hashrate of the world over time: the country's as it changes, the rest by day.
fn world_path(main: &Hashrate, view: View<'_>, pieces: &mut Vec<Piece>) {
    let horizon = view.plan.system.horizon.0;
    let rest = &view.futures.rest_of_world;
    let changes = main.path();
    pieces.clear();
    for (index, &(at, national)) in changes.iter().enumerate() {
        let end = changes.get(index + 1).map_or(horizon, |&(next, _)| next);
        let mut begin = at;
        while begin < end {
            let day = begin / MS_PER_DAY;
            let until = end.min((day + 1) * MS_PER_DAY);
            let others = rest.get(day as usize).map_or(0, |rest| rest.0);
            pieces.push(Piece {
                until_ms: until as f64,
                hashrate_ghs: (national + others) as f64,
            });
            begin = until;
        }
    }
}

/// Hashes a second of the world before anything happens.
fn at_start(pieces: &[Piece], view: View<'_>) -> f64 {
    match &view.plan.system.world {
        Some(world) => world.level_ehs.get(&view.futures.inputs) * 1e18,
        None => pieces.first().map_or(1.0, |piece| piece.hashrate_ghs * 1e9),
    }
}

/// Hashes a block takes if the world at its level at the start finds one every 600 s.
fn hashes_by_level(pieces: &[Piece], view: View<'_>) -> f64 {
    at_start(pieces, view) * (TARGET_MS / 1000) as f64
}

/// The end of the chain at the start.
fn chain(wanted: &Blocks, pieces: &[Piece], view: View<'_>) -> Chain {
    let system = view.plan.system;
    let at_start = at_start(pieces, view);
    let bits = match (wanted.epoch, wanted.difficulty) {
        (Some(epoch), _) => CompactTarget(epoch.bits),
        (None, Some(difficulty)) => CompactTarget::of_difficulty(difficulty),
        (None, None) => {
            let target_s = (TARGET_MS / 1000) as f64;
            CompactTarget::of_difficulty(at_start * target_s / HASHES_AT_DIFFICULTY_1)
        }
    };
    let next_height = wanted.height.unwrap_or_else(|| {
        let phase = Stream::new(system.seed, wanted.phase_stream, view.futures.replication);
        SOME_EPOCH + (phase.uniform_at(0) * f64::from(EPOCH_BLOCKS)) as u32
    });
    if let Some(epoch) = wanted.epoch {
        return Chain::new(next_height, bits, epoch.unix_s);
    }
    // The epoch's blocks so far came as fast as they would now.
    let found = f64::from(next_height % EPOCH_BLOCKS) - 1.0;
    let elapsed_s = found * bits.difficulty() * HASHES_AT_DIFFICULTY_1 / at_start.max(1.0);
    let start_s = system.start_unix_ms.div_euclid(1000);
    Chain::new(next_height, bits, start_s - libm::rint(elapsed_s) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0.82 of the blocks for five days, then all of them, and demand for 0.9 of a block every
    /// 600 s: 0.08 of 720 blocks wait at the end, 57.6, and a tenth of a block is worked off every
    /// 600 s: four days.
    #[test]
    fn a_backlog_by_hand() {
        let day = MS_PER_DAY as f64;
        let (dark, whole) = (600_000.0 / 0.82, 600_000.0);
        let mut times: Vec<f64> = Vec::new();
        let mut now = 0.0;
        while now < 5.0 * day - dark {
            now += dark;
            times.push(now);
        }
        while now < 20.0 * day {
            now += whole;
            times.push(now);
        }
        let [most, cleared] = backlog(&times, (0.0, 5.0 * day, 20.0 * day), 0.9);
        // What waits before a block is found counts, too: 0.9 / 0.82 of a block.
        let expected = 57.6 + 0.9 / 0.82;
        assert!((most as f64 / 1e3 - expected).abs() < 0.7, "{most}");
        let days = cleared as f64 / day;
        assert!((days - 4.0).abs() < 0.05, "{days}");
        // Demand that blocks cannot meet is never worked off.
        let [_, never] = backlog(&times, (0.0, 5.0 * day, 20.0 * day), 1.1);
        assert_eq!(never, 15 * MS_PER_DAY);
    }
}
