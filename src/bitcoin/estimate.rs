//! What a count of blocks says about hashrate, to somebody who sees nothing else.

use super::Piece;

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
    let n = hashes.len();
    let kept = if unbiased {
        n.checked_sub(1).filter(|&kept| kept > 0)?
    } else {
        n
    };
    if n == 0 || span_s <= 0.0 {
        return None;
    }
    Some(over_window(hashes.iter().copied(), span_s) * kept as f64 / n as f64)
}
