//! 18 % of the world's hashrate dark for five days, then back: difficulty gives 600 s, the elapsed
//! part of the epoch ran at 600 s a block, its phase is uniform.

use super::{chain, hashrate_ghs, piece, stream};
use hashfall::bitcoin::{Mining, Piece};

const REPLICATIONS: u32 = 20_000;
const DARK_DAYS: f64 = 5.0;

fn paths() -> ([Piece; 2], [Piece; 1]) {
    let whole = hashrate_ghs(600.0);
    let dark = 0.82 * whole;
    (
        [piece(DARK_DAYS, dark), piece(60.0, whole)],
        [piece(60.0, dark)],
    )
}

/// Phase of a replication: blocks found in the epoch.
fn found(replication: u32) -> u32 {
    (stream("bitcoin/phase", replication).next_uniform() * 2016.0) as u32
}

fn percentile(sorted: &[f64], p: f64) -> f64 {
    sorted[(p * sorted.len() as f64).ceil() as usize - 1]
}

#[test]
fn blocks_short_and_the_longest_gap() {
    let (path, _) = paths();
    let (mut short, mut gaps) = (Vec::new(), Vec::new());
    for replication in 0..REPLICATIONS {
        let mining = Mining::new(chain(found(replication)), &path[..1], 0);
        let (mut blocks, mut last, mut gap) = (0.0, 0.0f64, 0.0f64);
        for block in mining.blocks(stream("bitcoin/blocks", replication)) {
            blocks += 1.0;
            gap = gap.max(block.at_ms - last);
            last = block.at_ms;
        }
        gap = gap.max(path[0].until_ms - last);
        short.push(720.0 - blocks);
        gaps.push(gap / 60_000.0);
    }
    short.sort_by(f64::total_cmp);
    gaps.sort_by(f64::total_cmp);
    for (p, expected) in [(0.05, 88.0), (0.5, 128.0), (0.95, 168.0), (0.99, 185.0)] {
        let seen = percentile(&short, p);
        assert!(
            (seen - expected).abs() <= 2.0,
            "P{p}: {seen} short, not {expected}"
        );
    }
    for (p, expected) in [(0.5, 82.0), (0.99, 134.0)] {
        let seen = percentile(&gaps, p);
        assert!(
            (seen - expected).abs() <= 2.0,
            "P{p}: {seen} min, not {expected}"
        );
    }
}

/// Days until the target changes for the first time.
fn days_to_retarget(path: &[Piece], replication: u32) -> f64 {
    Mining::new(chain(found(replication)), path, 0)
        .blocks(stream("bitcoin/blocks", replication))
        .find(|block| block.ends_epoch)
        .map_or(f64::NAN, |block| block.at_ms / 86_400_000.0)
}

#[test]
fn days_until_difficulty_mends_it() {
    let (back, permanent) = paths();
    for (path, expected) in [(&back[..], 7.77), (&permanent[..], 8.54)] {
        let days: Vec<f64> = (0..REPLICATIONS)
            .map(|replication| days_to_retarget(path, replication))
            .collect();
        let n = days.len() as f64;
        let mean = days.iter().sum::<f64>() / n;
        let variance = days.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        // The expected value is printed to two digits.
        assert!(
            (mean - expected).abs() < 3.0 * error + 0.005,
            "{mean} +- {error}, not {expected}"
        );
    }
}

/// A full epoch ahead and no noise: five days at 0.82 and the rest at full speed, or all at 0.82.
#[test]
fn without_noise_from_a_full_epoch() {
    let (back, permanent) = paths();
    let expected = [
        (
            &back[..],
            DARK_DAYS + (2016.0 - 0.82 * 720.0) / 144.0,
            14.90,
        ),
        (&permanent[..], 14.0 / 0.82, 17.07),
    ];
    for (path, exact, printed) in expected {
        let mut mining = Mining::new(chain(0), path, 0);
        let mut last = mining.next_block(1.0);
        while let Some(block) = last.filter(|block| !block.ends_epoch) {
            assert!(block.at_ms > 0.0);
            last = mining.next_block(1.0);
        }
        let days = last.map_or(f64::NAN, |block| block.at_ms / 86_400_000.0);
        assert!((days - exact).abs() < 1e-9, "{days}, not {exact}");
        assert_eq!((days * 100.0).round() / 100.0, printed);
    }
}

/// An early return overshoots: blocks come
/// faster than every 600 s once a dark epoch has lowered the difficulty.
#[test]
fn an_early_return_overshoots() {
    let whole = hashrate_ghs(600.0);
    let path = [piece(20.0, 0.82 * whole), piece(40.0, whole)];
    let mut mining = Mining::new(chain(0), &path, 0);
    let mut last = 0.0;
    let mut after_return = None;
    while let Some(block) = mining.next_block(1.0) {
        if last > 20.0 * 86_400_000.0 && after_return.is_none() {
            after_return = Some((block.at_ms - last) / 1e3);
        }
        last = block.at_ms;
    }
    // The epoch measured 2015 intervals of 600 / 0.82 s against 1,209,600 s.
    let expected = 600.0 * (2016.0 / 2015.0) * 0.82;
    let seen = after_return.unwrap_or(f64::NAN);
    assert!((seen - expected).abs() < 0.05, "{seen} s, not {expected}");
}
