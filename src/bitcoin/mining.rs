//! Blocks from a hashrate that is constant piece by piece, by inverting the integrated hazard.

use super::{Chain, EPOCH_BLOCKS};
use crate::random::lanes::LaneStream;
use crate::random::{Stream, exponential};

/// A stretch of constant hashrate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Where it ends, ms since the scenario's start; it begins where the last one ends.
    pub until_ms: f64,
    /// Hashrate, GH/s.
    pub hashrate_ghs: f64,
}

/// A block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// Its height.
    pub height: u32,
    /// When it is found, ms since the scenario's start.
    pub at_ms: f64,
    /// Hashes it took on average, that is difficulty times 2^32.
    pub hashes: f64,
    /// The target changes after it.
    pub ends_epoch: bool,
}

/// Where difficulty changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// From when on, ms since the scenario's start.
    pub from_ms: f64,
    /// Hashes a block takes on average from there on: difficulty times 2^32.
    pub hashes: f64,
}

/// The blocks of a path.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// When each is found, ms since the scenario's start, rising.
    pub times_ms: Vec<f64>,
    /// Difficulty from the start on, and each change of it.
    pub steps: Vec<Step>,
}

impl Found {
    /// Empties it and keeps the memory.
    pub fn clear(&mut self) {
        self.times_ms.clear();
        self.steps.clear();
    }

    /// Places in `times_ms` of the blocks found in a span, from its begin to before its end.
    pub fn within(&self, from_ms: f64, until_ms: f64) -> std::ops::Range<usize> {
        let first = self.times_ms.partition_point(|&at| at < from_ms);
        let inside = self.times_ms[first..].partition_point(|&at| at < until_ms);
        first..first + inside
    }

    /// Changes of difficulty after the start.
    pub fn retargets(&self) -> &[Step] {
        self.steps.get(1..).unwrap_or_default()
    }

    /// Difficulty times 2^32 at a moment; NaN of a path without difficulty.
    pub fn hashes_at(&self, at_ms: f64) -> f64 {
        let after = self.steps.partition_point(|step| step.from_ms <= at_ms);
        let step = self.steps.get(after.saturating_sub(1));
        step.map_or(f64::NAN, |step| step.hashes)
    }
}

/// Work of block after block, in parts of its mean: the draws of a stream, some at a time.
struct Work {
    stream: LaneStream,
    drawn: [f64; LaneStream::AT_A_TIME],
    taken: usize,
}

impl Work {
    fn of(stream: Stream) -> Self {
        Self {
            stream: LaneStream::of(&stream),
            drawn: [0.0; LaneStream::AT_A_TIME],
            taken: LaneStream::AT_A_TIME,
        }
    }

    #[inline(always)]
    fn next(&mut self) -> f64 {
        if self.taken == LaneStream::AT_A_TIME {
            self.drawn = self.stream.next_exponentials();
            self.taken = 0;
        }
        self.taken += 1;
        self.drawn[self.taken - 1]
    }
}

/// Finds blocks along a path of hashrate.
///
/// The hazard of a block is hashrate / (difficulty 2^32). It is found when the integral of its
/// hazard since the last block reaches an exponential draw of mean 1: exact for any path, and
/// monotone in the draw and in the hashrate.
#[derive(Debug, Clone)]
pub struct Mining<'a> {
    chain: Chain,
    pieces: &'a [Piece],
    piece: usize,
    now_ms: f64,
    /// Unix time of the scenario's start, ms.
    start_unix_ms: i64,
    hashes: f64,
}

impl<'a> Mining<'a> {
    /// From the scenario's start, at a Unix time (ms), on the end of a chain.
    pub fn new(chain: Chain, pieces: &'a [Piece], start_unix_ms: i64) -> Self {
        Self {
            hashes: chain.hashes_a_block(),
            chain,
            pieces,
            piece: 0,
            now_ms: 0.0,
            start_unix_ms,
        }
    }

    /// The chain as it is.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The next block, which takes `work` times the mean number of hashes (exponential of mean 1;
    /// always 1 for a chain without noise); `None` where the path ends before.
    pub fn next_block(&mut self, work: f64) -> Option<Block> {
        let mut left = work * self.hashes;
        loop {
            let piece = self.pieces.get(self.piece)?;
            // GH/s are 1e6 hashes a millisecond.
            let per_ms = piece.hashrate_ghs * 1e6;
            let there = per_ms * (piece.until_ms - self.now_ms);
            if left <= there {
                self.now_ms += if per_ms > 0.0 { left / per_ms } else { 0.0 };
                break;
            }
            left -= there;
            self.now_ms = piece.until_ms;
            self.piece += 1;
        }
        let block = Block {
            height: self.chain.next_height(),
            at_ms: self.now_ms,
            hashes: self.hashes,
            ends_epoch: false,
        };
        let ends_epoch = self.chain.found(self.header_s());
        if ends_epoch {
            self.hashes = self.chain.hashes_a_block();
        }
        Some(Block {
            ends_epoch,
            ..block
        })
    }

    /// All blocks until the path ends; the k-th draw of the stream is that of the k-th block.
    pub fn blocks(mut self, mut stream: Stream) -> impl Iterator<Item = Block> {
        std::iter::from_fn(move || self.next_block(exponential(stream.next_uniform())))
    }

    /// The same blocks, their times and the difficulty alone, written where there is memory
    /// already: the bits of [`Mining::blocks`], at less cost.
    pub fn find(mut self, stream: Stream, found: &mut Found) {
        let mut work = Work::of(stream);
        found.clear();
        found.steps.push(Step {
            from_ms: 0.0,
            hashes: self.hashes,
        });
        let mut until_retarget = self.chain.blocks_left();
        let mut left = work.next() * self.hashes;
        for piece in self.pieces {
            let per_ms = piece.hashrate_ghs * 1e6;
            let mut there = per_ms * (piece.until_ms - self.now_ms);
            while left <= there {
                self.now_ms += if per_ms > 0.0 { left / per_ms } else { 0.0 };
                found.times_ms.push(self.now_ms);
                // Header times matter at both ends of an epoch alone.
                if until_retarget == EPOCH_BLOCKS || until_retarget == 1 {
                    self.chain.skip_to(until_retarget);
                    if self.chain.found(self.header_s()) {
                        self.hashes = self.chain.hashes_a_block();
                        found.steps.push(Step {
                            from_ms: self.now_ms,
                            hashes: self.hashes,
                        });
                        until_retarget = EPOCH_BLOCKS + 1;
                    }
                }
                until_retarget -= 1;
                left = work.next() * self.hashes;
                there = per_ms * (piece.until_ms - self.now_ms);
            }
            left -= there;
            self.now_ms = piece.until_ms;
        }
    }

    /// Header time now, s.
    fn header_s(&self) -> i64 {
        (self.start_unix_ms + libm::floor(self.now_ms) as i64).div_euclid(1000)
    }
}

/// Blocks along a path while difficulty is what is known of it, day by day or otherwise: no chain,
/// no retarget. `steps` are in order, the first from the path's begin on.
pub fn find_at_known_difficulty(
    pieces: &[Piece],
    steps: &[Step],
    stream: Stream,
    found: &mut Found,
) {
    let mut work = Work::of(stream);
    found.clear();
    found.steps.extend_from_slice(steps);
    let Some(mut hashes) = steps.first().map(|step| step.hashes) else {
        return;
    };
    let (mut now_ms, mut next) = (0.0f64, 1);
    // Work is left in parts of a block, because a block's hashes may change meanwhile.
    let mut left = work.next();
    for piece in pieces {
        while now_ms < piece.until_ms {
            let change_ms = steps.get(next).map_or(f64::INFINITY, |step| step.from_ms);
            let until_ms = piece.until_ms.min(change_ms);
            let per_ms = piece.hashrate_ghs * 1e6 / hashes;
            let mut there = per_ms * (until_ms - now_ms);
            while left <= there && per_ms > 0.0 {
                now_ms += left / per_ms;
                found.times_ms.push(now_ms);
                left = work.next();
                there = per_ms * (until_ms - now_ms);
            }
            left -= there;
            now_ms = until_ms;
            if now_ms >= change_ms {
                hashes = steps[next].hashes;
                next += 1;
            }
        }
    }
}
