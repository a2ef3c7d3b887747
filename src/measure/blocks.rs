//! Blocks one by one, and what a fall of hashrate does to them: too few, a long gap, and how long
//! until difficulty mends it.

use super::{Hashrate, Layout, Sink};
use crate::bitcoin::{Block, Chain, CompactTarget, EPOCH_BLOCKS, HASHES_AT_DIFFICULTY_1};
use crate::bitcoin::{Mining, Piece};
use crate::engine::{Plan, View};
use crate::quantity::{MS_PER_DAY, MS_PER_MINUTE};
use crate::random::Stream;
use crate::system::Blocks;

/// Milliseconds that a block should take.
const TARGET_MS: i64 = 600_000;

/// A chain that starts at no given height starts in this epoch.
const SOME_EPOCH: u32 = 358 * EPOCH_BLOCKS;

/// Names the slots; none where the scenario does not ask for blocks.
pub(super) fn describe(plan: &Plan<'_>, layout: &mut Layout) {
    if plan.system.blocks.is_none() {
        return;
    }
    for window in &plan.system.windows {
        let network = (window.name.as_str(), "network");
        let mut publish = |index: &str, unit: &'static str, scale: f64| {
            let slot = layout.slot(format!("{}/network/blocks/{index}", window.name));
            layout.publish(network, index, unit, slot, scale);
        };
        publish("blocks_found", "1", 1.0);
        publish("blocks_short", "1", 1e-3);
        publish("longest_gap_min", "min", 1.0 / MS_PER_MINUTE as f64);
        publish("retargets", "1", 1.0);
        publish("days_to_retarget", "d", 1.0 / MS_PER_DAY as f64);
    }
}

/// Finds the blocks of a finished replication.
pub(super) fn close(main: &Hashrate, view: View<'_>, sink: &mut Sink) {
    let system = view.plan.system;
    let Some(wanted) = &system.blocks else {
        return;
    };
    let pieces = world_path(main, view);
    let chain = chain(wanted, &pieces, view);
    let work = Stream::new(system.seed, wanted.work_stream, view.futures.replication);
    let blocks: Vec<Block> = Mining::new(chain, &pieces, system.start_unix_ms)
        .blocks(work)
        .collect();
    for window in &system.windows {
        let (from, until) = (window.from.0 as f64, window.until.0 as f64);
        let inside = || {
            let first = blocks.partition_point(|block| block.at_ms < from);
            blocks[first..]
                .iter()
                .take_while(move |block| block.at_ms < until)
        };
        // Both edges of the window count.
        let (mut last, mut gap) = (from, 0.0f64);
        for block in inside() {
            gap = gap.max(block.at_ms - last);
            last = block.at_ms;
        }
        gap = gap.max(until - last);
        let found = inside().count() as i64;
        let due_thousandths = (until - from) as i64 / (TARGET_MS / 1000);
        let retargets = inside().filter(|block| block.ends_epoch).count() as i64;
        let first = blocks
            .iter()
            .find(|block| block.ends_epoch && block.at_ms >= from);
        let mended = first.map_or(system.horizon.0 as f64, |block| block.at_ms);
        sink.row.extend([
            found,
            due_thousandths - 1000 * found,
            libm::rint(gap) as i64,
            retargets,
            libm::rint(mended - from) as i64,
        ]);
    }
}

/// Hashrate of the world over time: the country's as it changes, the rest by day.
fn world_path(main: &Hashrate, view: View<'_>) -> Vec<Piece> {
    let horizon = view.plan.system.horizon.0;
    let rest = &view.futures.rest_of_world;
    let changes = main.path();
    let mut pieces = Vec::with_capacity(changes.len() + rest.len());
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
    pieces
}

/// The end of the chain at the start.
fn chain(wanted: &Blocks, pieces: &[Piece], view: View<'_>) -> Chain {
    let system = view.plan.system;
    // Hashes a second before anything happens.
    let at_start = match &system.world {
        Some(world) => world.level_ehs.get(&view.futures.inputs) * 1e18,
        None => pieces.first().map_or(1.0, |piece| piece.hashrate_ghs * 1e9),
    };
    let target_s = (TARGET_MS / 1000) as f64;
    let difficulty = wanted
        .difficulty
        .unwrap_or(at_start * target_s / HASHES_AT_DIFFICULTY_1);
    let bits = CompactTarget::of_difficulty(difficulty);
    let next_height = wanted.height.unwrap_or_else(|| {
        let phase = Stream::new(system.seed, wanted.phase_stream, view.futures.replication);
        SOME_EPOCH + (phase.uniform_at(0) * f64::from(EPOCH_BLOCKS)) as u32
    });
    // The epoch's blocks so far came as fast as they would now.
    let found = f64::from(next_height % EPOCH_BLOCKS) - 1.0;
    let elapsed_s = found * bits.difficulty() * HASHES_AT_DIFFICULTY_1 / at_start.max(1.0);
    let start_s = system.start_unix_ms.div_euclid(1000);
    Chain::new(next_height, bits, start_s - libm::rint(elapsed_s) as i64)
}
