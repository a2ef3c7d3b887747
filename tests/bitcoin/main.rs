//! Blocks and difficulty: the consensus rule against another implementation, the times it leads
//! to, and what five dark days do.

mod dark_days;
mod rule;
mod windows;

use hashfall::bitcoin::{Chain, CompactTarget, HASHES_AT_DIFFICULTY_1, Piece};
use hashfall::random::{Stream, StreamId};

/// Milliseconds of a day.
const DAY_MS: f64 = 86_400_000.0;

/// A target of January 2022.
const BITS: CompactTarget = CompactTarget(0x170b_98ab);

/// Hashrate, GH/s, at which the target of [`BITS`] gives a block in so many seconds.
fn hashrate_ghs(seconds: f64) -> f64 {
    BITS.difficulty() * HASHES_AT_DIFFICULTY_1 / seconds / 1e9
}

/// A chain with so many blocks found in its epoch, the last of them now, one every 600 s.
fn chain(found: u32) -> Chain {
    Chain::new(2016 * 358 + found, BITS, -600 * (i64::from(found) - 1))
}

fn stream(name: &str, replication: u32) -> Stream {
    Stream::new(20_220_105, StreamId::of(name), replication)
}

fn piece(until_days: f64, hashrate_ghs: f64) -> Piece {
    Piece {
        until_ms: until_days * DAY_MS,
        hashrate_ghs,
    }
}
