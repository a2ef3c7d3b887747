//! Blocks from a hashrate that is constant piece by piece, by inverting the integrated hazard.

use super::Chain;
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
        let unix_ms = self.start_unix_ms + libm::floor(self.now_ms) as i64;
        let ends_epoch = self.chain.found(unix_ms.div_euclid(1000));
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
}
