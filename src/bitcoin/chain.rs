//! Height and difficulty: every 2016 blocks the target follows the time they took.

use super::{CompactTarget, HASHES_AT_DIFFICULTY_1};

/// Blocks of an epoch, over which the target stays.
pub const EPOCH_BLOCKS: u32 = 2016;

/// Seconds an epoch should take: two weeks.
pub const EPOCH_SECONDS: i64 = 1_209_600;

/// The end of a chain, as far as the next block's target depends on it.
///
/// The rule measures the time from an epoch's first block to its last: 2015 intervals, held
/// against 2016 times ten minutes. So at constant hashrate and without noise blocks come every
/// 1,209,600 / 2015 = 600.298 s; with noise, since the next target follows from the time and not
/// from its inverse, every 1,209,600 / 2014 = 600.596 s in the long run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    next_height: u32,
    bits: CompactTarget,
    /// Header time of the epoch's first block, s; meaningless while that is still to come.
    epoch_began_s: i64,
}

impl Chain {
    /// A chain whose next block has a height and a target, in an epoch whose first block came at
    /// a time (s); of no use where the next block is itself the first.
    pub fn new(next_height: u32, bits: CompactTarget, epoch_began_s: i64) -> Self {
        Self {
            next_height,
            bits,
            epoch_began_s,
        }
    }

    /// Height of the next block.
    pub fn next_height(&self) -> u32 {
        self.next_height
    }

    /// Target of the next block.
    pub fn bits(&self) -> CompactTarget {
        self.bits
    }

    /// Hashes that the next block takes on average: difficulty times 2^32.
    pub fn hashes_a_block(&self) -> f64 {
        self.bits.difficulty() * HASHES_AT_DIFFICULTY_1
    }

    /// Blocks until the target changes: 2016 at the start of an epoch, 1 before its last block.
    pub fn blocks_left(&self) -> u32 {
        EPOCH_BLOCKS - self.next_height % EPOCH_BLOCKS
    }

    /// As if the blocks of this epoch were found until so many are left of it; their times do not
    /// matter, if neither the first nor the last is among them.
    pub(super) fn skip_to(&mut self, blocks_left: u32) {
        self.next_height += self.blocks_left().saturating_sub(blocks_left);
    }

    /// The next block is found at a header time (s); true where the target changes with it.
    pub fn found(&mut self, header_s: i64) -> bool {
        let place = self.next_height % EPOCH_BLOCKS;
        self.next_height += 1;
        if place == 0 {
            self.epoch_began_s = header_s;
        }
        if place != EPOCH_BLOCKS - 1 {
            return false;
        }
        if let Some(target) = self.bits.target() {
            self.bits = target.retargeted(header_s - self.epoch_began_s).compact();
        }
        true
    }
}
