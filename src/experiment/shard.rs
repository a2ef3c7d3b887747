//! A run cut into parts for several machines, and put together again.

use super::batch::survey;
use super::ranges::BLOCK_LENGTH;
use super::total::Total;
use super::{ExperimentError, Task};
use crate::engine::Plan;
use crate::measure::Ensemble;
use crate::store::{
    ReplicationRange, Shard, Snapshot, StoreError, create_folder, list_blocks, read_block,
    remove_block, write_block,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// One of several equal parts, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ShardNumber {
    /// Which.
    pub index: u32,
    /// Of how many.
    pub of: u32,
}

impl ShardNumber {
    /// The replications of this part of the replications below `n`: whole blocks, but for the
    /// last of all, as many as the other parts have or one more. Where there are more parts than
    /// blocks some have none.
    pub fn range(self, n: u32) -> Range<u32> {
        let blocks = u64::from(n.div_ceil(BLOCK_LENGTH));
        let edge = |index: u64| {
            let block = index * blocks / u64::from(self.of.max(1));
            (block * u64::from(BLOCK_LENGTH)).min(u64::from(n)) as u32
        };
        edge(self.index.into())..edge(u64::from(self.index) + 1)
    }
}

impl fmt::Display for ShardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// The name of a shard's files, without their ending.
pub fn shard_name(number: ShardNumber) -> String {
    format!("shard-{:05}-of-{:05}", number.index, number.of)
}

/// What a shard says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRecord {
    /// Version of the program.
    pub version: String,
    /// Counts the releases that changed numbers at an equal seed.
    pub bits: u32,
    /// Version of the columns.
    pub output_schema: u32,
    /// Scheme of the random numbers.
    pub scheme: String,
    /// Name of the scenario.
    pub name: String,
    /// Digest of the validated scenario, hexadecimal.
    pub digest: String,
    /// Study seed.
    pub seed: u64,
    /// Replications of the whole run.
    pub replications: u32,
    /// Which part this is.
    pub shard: ShardNumber,
    /// The scenario as it was typed.
    pub scenario: String,
    /// Overrides in the order given, `path=value`.
    pub overrides: Vec<String>,
}

impl ShardRecord {
    /// The replications of the part.
    pub fn range(&self) -> Range<u32> {
        self.shard.range(self.replications)
    }

    /// What parts of one run must have in common: the first that differs, and both values.
    pub fn difference(&self, other: &Self) -> Option<(&'static str, String, String)> {
        let parts = |record: &Self| {
            [
                ("scenario", record.name.clone()),
                ("scenario's digest", record.digest.clone()),
                ("seed", record.seed.to_string()),
                ("version of hashfall", record.version.clone()),
                ("bits", record.bits.to_string()),
                ("output schema", record.output_schema.to_string()),
                ("scheme of random numbers", record.scheme.clone()),
                ("number of replications", record.replications.to_string()),
                ("number of shards", record.shard.of.to_string()),
            ]
        };
        let pairs = parts(self).into_iter().zip(parts(other));
        pairs
            .filter(|(mine, theirs)| mine.1 != theirs.1)
            .map(|((what, mine), (_, theirs))| (what, mine, theirs))
            .next()
    }
}

/// Why parts could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum ShardError {
    /// The disk, or what is on it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The numbers of a part are not those that this scenario records.
    #[error(
        "shard {number} holds other numbers than its scenario records; run it again with --fresh"
    )]
    OtherShape {
        /// Which part.
        number: ShardNumber,
    },
}

/// Binds what a finished task left on disk into a shard; `None` where something is missing.
///
/// # Errors
/// What the disk says.
pub fn gather<E: Ensemble>(
    plan: &Plan<'_>,
    task: &Task<'_>,
    header: Vec<u8>,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Option<Shard>, ExperimentError> {
    let (layout, series) = (E::layout(plan), E::series(plan));
    let (work, total) = survey(task, &layout, &series)?;
    if !work.simulated.is_empty() {
        return Ok(None);
    }
    let total = total.unwrap_or_else(|| Total::new(&series));
    let mut blocks = Vec::with_capacity(work.kept.len());
    for &range in &work.kept {
        blocks.push(read_block(task.folder, task.identity, range)?);
    }
    let mut ranges = work.kept;
    ranges.sort();
    let totals = Snapshot {
        ranges,
        payload: total.encode(),
    };
    Ok(Some(Shard {
        header,
        files,
        totals,
        blocks,
    }))
}

/// Puts parts into the folder of a task, as if it had been run there. `next` reads one part after
/// the other, so that only one is held at a time; together they must have every replication of
/// the task once, which the caller has seen to.
///
/// # Errors
/// What the disk says; a part of another shape.
pub fn scatter<E: Ensemble>(
    plan: &Plan<'_>,
    task: &Task<'_>,
    next: impl Iterator<Item = Result<(ShardNumber, Shard), StoreError>>,
) -> Result<(), ShardError> {
    let (layout, series) = (E::layout(plan), E::series(plan));
    let columns = super::worker::Shape::of(&layout, &series).columns();
    create_folder(task.folder)?;
    // Blocks of an unfinished run may be cut otherwise; those beyond serve a longer one.
    let end = u64::from(task.replications);
    for range in list_blocks(task.folder)? {
        if range.first < end {
            remove_block(task.folder, range)?;
        }
    }
    let mut total = Total::new(&series);
    for part in next {
        let (number, shard) = part?;
        let other = || ShardError::OtherShape { number };
        let part = Total::decode(shard.totals, &series).map_err(|_| other())?;
        total.merge(&part).map_err(|_| other())?;
        for block in &shard.blocks {
            if block.columns.len() != columns {
                return Err(other());
            }
            write_block(task.folder, task.identity, block)?;
        }
    }
    total.ranges.sort();
    if Total::is_needed(&series) {
        total.write(task.folder, task.identity)?;
    }
    Ok(())
}

/// Whether the blocks are those that this part of `n` replications must have, without gap or
/// overlap, and the totals are of the same.
pub fn is_complete(number: ShardNumber, n: u32, shard: &Shard) -> bool {
    let wanted = number.range(n);
    if !shard
        .blocks
        .iter()
        .map(|block| &block.range)
        .eq(&shard.totals.ranges)
    {
        return false;
    }
    let mut next = u64::from(wanted.start);
    let follow = |range: &ReplicationRange| {
        let fits = range.first == next;
        next = range.end();
        fits
    };
    let complete = shard.blocks.iter().map(|block| &block.range).all(follow);
    complete && next == u64::from(wanted.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever the numbers, the parts tile the run, and begin on a block.
        #[test]
        fn parts_tile_the_run(n in 1_u32..200_000, of in 1_u32..300) {
            let mut next = 0;
            for index in 0..of {
                let range = ShardNumber { index, of }.range(n);
                prop_assert_eq!(range.start, next);
                prop_assert!(range.start.is_multiple_of(BLOCK_LENGTH) || range.start == n);
                next = range.end;
            }
            prop_assert_eq!(next, n);
        }

        /// No part has more than a block more than another.
        #[test]
        fn parts_are_equal(n in 1_u32..200_000, of in 1_u32..300) {
            let blocks = |index| ShardNumber { index, of }.range(n).len().div_ceil(256);
            let all: Vec<usize> = (0..of).map(blocks).collect();
            prop_assert!(all.iter().max().unwrap() - all.iter().min().unwrap() <= 1);
        }
    }

    #[test]
    fn the_largest_run_is_cut_without_overflow() {
        let last = ShardNumber {
            index: 65_535,
            of: 65_536,
        };
        assert_eq!(last.range(u32::MAX).end, u32::MAX);
    }
}
