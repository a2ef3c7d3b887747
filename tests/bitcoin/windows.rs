//! What counts over windows show.

use super::{chain, hashrate_ghs, piece, stream};
use hashfall::bitcoin::{Mining, estimate};

/// Blocks of each day of two, the second with a share of the hashrate missing.
fn two_days(replication: u32, missing: f64) -> (f64, f64) {
    let whole = hashrate_ghs(600.0);
    let path = [piece(1.0, whole), piece(2.0, (1.0 - missing) * whole)];
    let mut counts = [0.0; 2];
    for block in Mining::new(chain(0), &path, 0).blocks(stream("bitcoin/days", replication)) {
        counts[usize::from(block.at_ms >= path[0].until_ms)] += 1.0;
    }
    (counts[0], counts[1])
}

/// A fall of a tenth, seen in one day's count of mean 144.
#[test]
fn one_day_shows_little() {
    let replications = 60_000;
    for (missing, known, before) in [(0.0, 0.112, 0.187), (0.18, 0.853, 0.775)] {
        let (mut against_level, mut against_before) = (0, 0);
        for replication in 0..replications {
            let (first, second) = two_days(replication, missing);
            against_level += u32::from(second <= 0.9 * 144.0);
            against_before += u32::from(second <= 0.9 * first);
        }
        let share = |count: u32| f64::from(count) / f64::from(replications);
        let (level, day) = (share(against_level), share(against_before));
        assert!(
            (level - known).abs() < 0.005,
            "{missing}: {level}, not {known}"
        );
        assert!(
            (day - before).abs() < 0.005,
            "{missing}: {day}, not {before}"
        );
    }
}

/// With a fixed number of blocks the usual estimate is high by N / (N - 1).
#[test]
fn a_fixed_number_of_blocks_is_biased() {
    let truth = hashrate_ghs(600.0) * 1e-9;
    let path = [piece(60.0, hashrate_ghs(600.0))];
    let n = 10;
    let (mut usual, mut unbiased, mut squares) = (0.0, 0.0, 0.0);
    let replications = 40_000;
    for replication in 0..replications {
        let blocks: Vec<_> = Mining::new(chain(0), &path, 0)
            .blocks(stream("bitcoin/fixed", replication))
            .take(n)
            .collect();
        let hashes: Vec<f64> = blocks.iter().map(|block| block.hashes).collect();
        let span_s = blocks[n - 1].at_ms / 1e3;
        let of = |unbiased| estimate::over_blocks(&hashes, span_s, unbiased).unwrap_or(f64::NAN);
        usual += of(false) / truth;
        unbiased += of(true) / truth;
        squares += of(true).powi(2) / truth.powi(2);
    }
    let count = f64::from(replications);
    let (usual, unbiased) = (usual / count, unbiased / count);
    let error = ((squares / count - unbiased * unbiased) / count).sqrt();
    assert!(
        (unbiased - 1.0).abs() < 3.0 * error,
        "{unbiased} +- {error}"
    );
    assert!((usual / unbiased - 10.0 / 9.0).abs() < 1e-12);
}

/// A window that is dark for a part of its hours shows that part of the loss, exactly; and so do
/// counts of blocks on average.
#[test]
fn a_window_partly_dark_dilutes() {
    let whole = hashrate_ghs(600.0);
    for (dark_h, lost) in [(18.0, 0.133), (15.0, 0.16), (24.0, 0.1)] {
        let path = [
            piece(1.0, whole),
            piece(2.0 - dark_h / 24.0, whole),
            piece(2.0, whole * (1.0 - lost)),
        ];
        let mean = |from: f64, until: f64| {
            estimate::mean_over(&path, from * super::DAY_MS, until * super::DAY_MS)
                .unwrap_or(f64::NAN)
        };
        let shown = 1.0 - mean(1.0, 2.0) / mean(0.0, 1.0);
        let expected = lost * dark_h / 24.0;
        assert!((shown - expected).abs() < 1e-12, "{shown}, not {expected}");
        assert_eq!(estimate::mean_over(&path, 1e8, 2e8), None);

        let replications = 4_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for replication in 0..replications {
            let hashes = Mining::new(chain(0), &path, 0)
                .blocks(stream("bitcoin/dilution", replication))
                .filter(|block| block.at_ms >= path[0].until_ms)
                .map(|block| block.hashes);
            let seen = estimate::over_window(hashes, 86_400.0) / (whole * 1e-9);
            sum += seen;
            squares += seen * seen;
        }
        let n = f64::from(replications);
        let seen = sum / n;
        let error = ((squares / n - seen * seen) / n).sqrt();
        assert!(
            (1.0 - seen - expected).abs() < 3.0 * error,
            "{seen} +- {error}"
        );
    }
}
