//! Blocks in expectation: the same chain without chance, for what difficulty does on average.

use super::{Chain, EPOCH_BLOCKS};

/// A chain whose blocks come as a stream without noise: so many a second as hashrate over hashes a
/// block. Targets change by the rule, after the time from an epoch's first block to its last.
///
/// Two of them along two paths differ by the paths alone, and not by the chance of blocks.
#[derive(Debug, Clone)]
pub struct Fluid {
    chain: Chain,
    hashes: f64,
    /// Blocks until the target changes; a fraction of a block is found, too.
    left: f64,
    /// The epoch's first block is still to come.
    first_to_come: bool,
    /// Unix time of the scenario's start, ms.
    start_unix_ms: i64,
    retargets: u32,
}

impl Fluid {
    /// From the scenario's start, at a Unix time (ms), on the end of a chain.
    pub fn new(chain: Chain, start_unix_ms: i64) -> Self {
        Self {
            hashes: chain.hashes_a_block(),
            left: f64::from(chain.blocks_left()),
            first_to_come: chain.blocks_left() == EPOCH_BLOCKS,
            chain,
            start_unix_ms,
            retargets: 0,
        }
    }

    /// How often the target has changed.
    pub fn retargets(&self) -> u32 {
        self.retargets
    }

    /// Whether a stretch of some hashes, in GH/s ms, holds neither an epoch's first block nor its
    /// last: then its blocks depend on their sum alone.
    pub fn is_even(&self, hashes: f64) -> bool {
        let blocks = hashes * 1e6 / self.hashes;
        !self.first_to_come && blocks < self.left
    }

    /// Goes along a stretch of constant hashrate (GH/s) from one moment to another, ms since the
    /// start. `see` is shown each part of it with one difficulty: its length, ms, the hashes a
    /// block takes, and how often the target had changed.
    pub fn pass(
        &mut self,
        (from_ms, until_ms): (f64, f64),
        hashrate_ghs: f64,
        mut see: impl FnMut(f64, f64, u32),
    ) {
        let mut now_ms = from_ms;
        while now_ms < until_ms {
            // GH/s are 1e6 hashes a millisecond.
            let per_ms = hashrate_ghs * 1e6 / self.hashes;
            let after_first = f64::from(EPOCH_BLOCKS - 1);
            let wanted = if self.first_to_come {
                self.left - after_first
            } else {
                self.left
            };
            let there = per_ms * (until_ms - now_ms);
            if there < wanted {
                self.left -= there;
                see(until_ms - now_ms, self.hashes, self.retargets);
                return;
            }
            let length = (wanted / per_ms).min(until_ms - now_ms);
            see(length, self.hashes, self.retargets);
            now_ms += length;
            let header_s = (self.start_unix_ms + libm::floor(now_ms) as i64).div_euclid(1000);
            if self.first_to_come {
                self.chain.found(header_s);
                self.left = after_first;
                self.first_to_come = false;
            } else {
                self.chain.skip_to(1);
                self.chain.found(header_s);
                self.hashes = self.chain.hashes_a_block();
                self.left = f64::from(EPOCH_BLOCKS);
                self.first_to_come = true;
                self.retargets += 1;
            }
        }
    }
}
