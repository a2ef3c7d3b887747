//! Targets, retargets, and the block times at which they come to rest.

use super::{BITS, hashrate_ghs, piece, stream};
use bitcoin::consensus::Params;
use bitcoin::pow::{CompactTarget as TheirBits, Target as TheirTarget};
use hashfall::bitcoin::{
    Chain, CompactTarget, EPOCH_SECONDS, Fluid, Found, Mining, Step, Target,
    find_at_known_difficulty,
};
use hashfall::random::exponential;
use proptest::prelude::*;

proptest! {
    /// Reading and writing of the 32 bits.
    #[test]
    fn compact_targets_are_those_of_the_reference(mantissa in 0u32..0x0080_0000, size in 0u32..0x22) {
        let bits = size << 24 | mantissa;
        let theirs = TheirTarget::from_compact(TheirBits::from_consensus(bits));
        let ours = CompactTarget(bits).target();
        if theirs == TheirTarget::ZERO || theirs > TheirTarget::MAX {
            prop_assert_eq!(ours, None);
        } else {
            let written = ours.map(Target::compact).map(|bits| bits.0);
            prop_assert_eq!(written, Some(theirs.to_compact_lossy().to_consensus()));
        }
    }

    /// Negative numbers and those of more than 256 bits are no targets.
    #[test]
    fn what_is_no_target_is_refused(mantissa in 1u32..0x0080_0000, size in 0x23u32..0x100) {
        prop_assert_eq!(CompactTarget(size << 24 | mantissa).target(), None);
        prop_assert_eq!(CompactTarget((size % 32) << 24 | 0x0080_0000 | mantissa).target(), None);
    }

    /// The next target after an epoch of any length.
    #[test]
    fn retargets_are_those_of_the_reference(
        mantissa in 0x0000_8000u32..0x0080_0000,
        size in 4u32..0x1e,
        seconds in -1_000_000i64..10_000_000,
    ) {
        let bits = size << 24 | mantissa;
        prop_assume!(CompactTarget(bits).target().is_some());
        let ours = CompactTarget(bits).target().map(|target| target.retargeted(seconds).compact());
        let theirs = TheirBits::from_next_work_required(
            TheirBits::from_consensus(bits),
            seconds.max(0) as u64,
            Params::MAINNET,
        );
        prop_assert_eq!(ours.map(|bits| bits.0), Some(theirs.to_consensus()));
    }

    /// Difficulty to the last bits of a float.
    #[test]
    fn difficulties_are_those_of_the_reference(mantissa in 0x0000_8000u32..0x0080_0000, size in 4u32..0x1d) {
        let bits = size << 24 | mantissa;
        let theirs = TheirTarget::from_compact(TheirBits::from_consensus(bits)).difficulty_float();
        let ours = CompactTarget(bits).difficulty();
        prop_assert!((ours / theirs - 1.0).abs() < 1e-15, "{ours} against {theirs}");
    }

    /// From a difficulty to the target next to it.
    #[test]
    fn a_difficulty_finds_its_target(difficulty in 1.0f64..1e14) {
        let found = CompactTarget::of_difficulty(difficulty).difficulty();
        prop_assert!((found / difficulty - 1.0).abs() < 1.0 / 32_768.0);
    }
}

/// A header of the chain: block 717,696 of 8 January 2022 began an epoch of 24,371,874,614,346.
#[test]
fn a_real_header() {
    let difficulty = CompactTarget(0x170b_8c8b).difficulty();
    assert_eq!(libm::rint(difficulty), 24_371_874_614_346.0);
    assert_eq!(
        CompactTarget::of_difficulty(difficulty),
        CompactTarget(0x170b_8c8b)
    );
}

/// Without noise an epoch of 2015 intervals of 600.298 s keeps its target, and from any start the
/// chain comes to that interval as near as 15 bits of mantissa allow.
#[test]
fn without_noise_blocks_come_every_600_298_s() {
    let fixed = EPOCH_SECONDS as f64 / 2015.0;
    assert!((fixed - 600.298).abs() < 0.000_5);
    let target = BITS.target().expect("a target");
    assert_eq!(target.retargeted(EPOCH_SECONDS).compact(), BITS);
    for start in [300.0, 600.0, 1_500.0] {
        let path = [piece(400.0, hashrate_ghs(start))];
        let mut mining = Mining::new(Chain::new(2016 * 358, BITS, 0), &path, 0);
        let mut last = (0.0, 0.0);
        while let Some(block) = mining.next_block(1.0) {
            last = (block.at_ms - last.1, block.at_ms);
        }
        let (interval, _) = last;
        assert!(
            (interval / 1e3 - fixed).abs() < 0.02,
            "{start} s came to {interval} ms"
        );
    }
}

/// The mean interval at constant hashrate over 20,000 epochs: 1,209,600 / 2014 = 600.596 s.
#[test]
fn in_the_long_run_blocks_come_every_600_596_s() {
    let days = 20_100.0 * 14.1;
    let path = [piece(days, hashrate_ghs(600.0))];
    let mut mining = Mining::new(Chain::new(2016 * 358, BITS, 0), &path, 0);
    let mut stream = stream("bitcoin/long-run", 0);
    let (mut batches, mut began) = (Vec::new(), 0.0);
    let mut epochs = 0;
    // The first hundred epochs settle.
    while epochs < 20_100 {
        let block = mining
            .next_block(exponential(stream.next_uniform()))
            .expect("the path is long enough");
        if block.ends_epoch {
            epochs += 1;
            if epochs % 100 == 0 {
                batches.push((block.at_ms - began) / 1e3 / (100.0 * 2016.0));
                began = block.at_ms;
            }
        }
    }
    let batches = &batches[1..];
    let n = batches.len() as f64;
    let mean = batches.iter().sum::<f64>() / n;
    let variance = batches.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    let expected = EPOCH_SECONDS as f64 / 2014.0;
    assert!((expected - 600.596).abs() < 0.000_5);
    assert!(error < 0.2, "error {error}");
    assert!(
        (mean - expected).abs() < 3.0 * error,
        "{mean} +- {error}, not {expected}"
    );
}

/// Paths of one to five pieces, and a chain somewhere in an epoch.
fn paths() -> impl Strategy<Value = (Vec<hashfall::bitcoin::Piece>, u32)> {
    let pieces = prop::collection::vec((0.1f64..9.0, prop_oneof![Just(0.0), 0.2f64..3.0]), 1..6);
    (pieces, 0u32..2016).prop_map(|(pieces, found)| {
        let mut until = 0.0;
        let pieces = pieces.into_iter().map(|(days, level)| {
            until += days;
            piece(until, level * hashrate_ghs(600.0))
        });
        (pieces.collect(), found)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Blocks found at once are the blocks found one by one, to the bit.
    #[test]
    fn blocks_at_once_are_blocks_one_by_one((path, found) in paths(), replication: u32) {
        let start = 1_641_340_800_000;
        let chain = Chain::new(2016 * 358 + found, BITS, start / 1000 - 600 * i64::from(found));
        let mut at_once = Found::default();
        let work = || stream("bitcoin/blocks", replication);
        Mining::new(chain, &path, start).find(work(), &mut at_once);
        let blocks: Vec<_> = Mining::new(chain, &path, start).blocks(work()).collect();
        let times: Vec<f64> = blocks.iter().map(|block| block.at_ms).collect();
        prop_assert_eq!(&at_once.times_ms, &times);
        for block in &blocks {
            let seen = at_once.steps.iter().rev().find(|step| step.from_ms < block.at_ms);
            let first = at_once.steps.first();
            prop_assert_eq!(seen.or(first).map(|step| step.hashes), Some(block.hashes));
        }
        let retargets = blocks.iter().filter(|block| block.ends_epoch).count();
        prop_assert_eq!(at_once.retargets().len(), retargets);
    }

    /// Difficulty that is known and stays makes the blocks of a chain before its retarget; twice
    /// the difficulty and twice the hashrate make them, too.
    #[test]
    fn known_difficulty_makes_the_same_blocks((path, _) in paths(), replication: u32) {
        let chain = Chain::new(2016 * 358, BITS, 0);
        let mut of_chain = Found::default();
        Mining::new(chain, &path, 0).find(stream("bitcoin/blocks", replication), &mut of_chain);
        let steps = [Step { from_ms: 0.0, hashes: chain.hashes_a_block() }];
        let mut known = Found::default();
        find_at_known_difficulty(&path, &steps, stream("bitcoin/blocks", replication), &mut known);
        let until = of_chain.retargets().first().map_or(f64::INFINITY, |step| step.from_ms);
        let before = of_chain.times_ms.iter().take_while(|&&at| at < until);
        for (a, b) in before.zip(&known.times_ms) {
            prop_assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
        let half = path[0].until_ms / 2.0;
        let doubled = [steps[0], Step { from_ms: half, hashes: 2.0 * steps[0].hashes }];
        let mut pieces = vec![hashfall::bitcoin::Piece { until_ms: half, ..path[0] }];
        pieces.extend(path.iter().map(|p| hashfall::bitcoin::Piece { hashrate_ghs: 2.0 * p.hashrate_ghs, ..*p }));
        let mut twice = Found::default();
        find_at_known_difficulty(&pieces, &doubled, stream("bitcoin/blocks", replication), &mut twice);
        prop_assert_eq!(twice.times_ms.len(), known.times_ms.len());
    }

    /// Without noise the stream of blocks keeps step with blocks one by one: the same retargets.
    #[test]
    fn a_stream_of_blocks_keeps_step((path, found) in paths()) {
        let chain = Chain::new(2016 * 358 + found, BITS, -600 * (i64::from(found) - 1));
        let mut mining = Mining::new(chain, &path, 0);
        let (mut one_by_one, mut blocks) = (Vec::new(), 0.0);
        while let Some(block) = mining.next_block(1.0) {
            blocks += 1.0;
            if block.ends_epoch {
                one_by_one.push((block.at_ms, mining.chain().hashes_a_block()));
            }
        }
        let mut fluid = Fluid::new(chain, 0);
        let (mut begin, mut streamed, mut changes) = (0.0, 0.0, Vec::new());
        let mut now: f64 = 0.0;
        let mut seen = 0;
        for piece in &path {
            fluid.pass((begin, piece.until_ms), piece.hashrate_ghs, |length, hashes, retargets| {
                if retargets > seen {
                    changes.push((now, hashes));
                    seen = retargets;
                }
                streamed += length * piece.hashrate_ghs * 1e6 / hashes;
                now += length;
            });
            begin = piece.until_ms;
        }
        prop_assert!((streamed - blocks).abs() < 1.001, "{streamed} {blocks}");
        for ((a, x), (b, y)) in changes.iter().zip(&one_by_one) {
            prop_assert!((a - b).abs() < 2.0, "{a} {b}");
            // Seconds of headers are whole.
            prop_assert!((x / y - 1.0).abs() < 2e-5, "{x} {y}");
        }
    }
}
