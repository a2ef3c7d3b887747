//! What a count of blocks says about hashrate, to somebody who sees nothing else.

use super::Piece;
use crate::random::special::gamma_quantile;
use crate::stats::{RateRatio, rate_ratio_95};

/// Mean hashrate, GH/s, of a path between two times, ms: what a count over that window shows on
/// average. Of a window that is dark for a part of its time it shows that part of the loss. `None`
/// where the path does not reach.
pub fn mean_over(path: &[Piece], from_ms: f64, until_ms: f64) -> Option<f64> {
    let last = path.last()?.until_ms;
    if !(from_ms >= 0.0 && from_ms < until_ms && until_ms <= last) {
        return None;
    }
    let (mut begin, mut sum) = (0.0, 0.0);
    for piece in path {
        let overlap = piece.until_ms.min(until_ms) - f64::max(begin, from_ms);
        sum += piece.hashrate_ghs * overlap.max(0.0);
        begin = piece.until_ms;
    }
    Some(sum / (until_ms - from_ms))
}

/// Hashrate, EH/s, that found blocks of these mean hashes over a window: their sum over the
/// window's seconds. Unbiased where the window is fixed beforehand; its relative standard error is
/// 1 / sqrt(blocks): 8.3 % of one day, 4.8 of three, 3.1 of seven.
pub fn over_window(hashes: impl IntoIterator<Item = f64>, window_s: f64) -> f64 {
    hashes.into_iter().sum::<f64>() / window_s * 1e-18
}

/// Hashrate, EH/s, from the time the last blocks took, `span_s` from the block before them to the
/// last. Their number is fixed and the time is drawn (Gamma of that order), so the usual quotient
/// is high by N / (N - 1); `unbiased` takes that away. `None` of no block, of one without bias, or
/// of no time.
pub fn over_blocks(hashes: &[f64], span_s: f64, unbiased: bool) -> Option<f64> {
    let n = u32::try_from(hashes.len()).ok()?;
    over_blocks_of((n, hashes.iter().sum()), span_s, unbiased)
}

/// The same of a number of blocks that took so many hashes together on average.
pub fn over_blocks_of((n, hashes): (u32, f64), span_s: f64, unbiased: bool) -> Option<f64> {
    let kept = if unbiased {
        n.checked_sub(1).filter(|&kept| kept > 0)?
    } else {
        n
    };
    if n == 0 || span_s <= 0.0 {
        return None;
    }
    Some(over_window([hashes], span_s) * f64::from(kept) / f64::from(n))
}

/// Blocks of a span, and how many a hashrate of one EH/s finds in it on average: its seconds times
/// 1e18 over the hashes a block takes. Where difficulty changes within, the sum over its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    /// Blocks.
    pub blocks: f64,
    /// Blocks for each EH/s.
    pub exposure: f64,
}

impl Tally {
    /// Hashrate that the count shows, EH/s: blocks over exposure, the likeliest of a constant one.
    /// `None` of no time.
    pub fn hashrate_ehs(&self) -> Option<f64> {
        (self.exposure > 0.0).then(|| self.blocks / self.exposure)
    }

    /// Exact 95 % interval of that hashrate, EH/s (Garwood 1936): Gamma quantiles of the count and
    /// of one more. `None` of no time.
    pub fn interval_95(&self) -> Option<(f64, f64)> {
        if self.exposure <= 0.0 {
            return None;
        }
        let lower = if self.blocks > 0.0 {
            gamma_quantile(self.blocks, 0.025)
        } else {
            0.0
        };
        let upper = gamma_quantile(self.blocks + 1.0, 0.975);
        Some((lower / self.exposure, upper / self.exposure))
    }

    /// Change of hashrate from another span to this one: 0.1 for a tenth more. `None` where one of
    /// them has no time, or the other no blocks.
    pub fn change_from(&self, before: &Self) -> Option<f64> {
        let level = before.hashrate_ehs().filter(|&level| level > 0.0)?;
        Some(self.hashrate_ehs()? / level - 1.0)
    }

    /// That change with its exact conditional interval. `None` of no blocks or no time.
    pub fn change_95_from(&self, before: &Self) -> Option<RateRatio> {
        let counted = |tally: &Self| (libm::rint(tally.blocks) as u64, tally.exposure);
        rate_ratio_95(counted(before), counted(self))
    }
}

/// Exact 95 % interval of a hashrate that the last `blocks` blocks showed as `ehs` by the plain
/// estimate: their time is Gamma of that order. `None` of no block.
pub fn last_blocks_interval_95(ehs: f64, blocks: u32) -> Option<(f64, f64)> {
    let order = f64::from(blocks);
    (blocks > 0).then(|| {
        let at = |p: f64| gamma_quantile(order, p) * ehs / order;
        (at(0.025), at(0.975))
    })
}
