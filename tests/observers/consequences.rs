//! Who loses and who gains, what overshoots and what waits: by hand.

use super::{built_in, mean_and_error, values};

const NETWORK: &str = "network";

/// A chain without noise along a path of relative hashrate, (until day, hashrate of 1): stretches
/// of one difficulty, (from, until, difficulty of 1). Written apart from the program's.
fn stretches(path: &[(f64, f64)]) -> Vec<(f64, f64, f64)> {
    let end = path[path.len() - 1].0;
    let rate = |day: f64| {
        path.iter()
            .find(|(until, _)| day < *until)
            .map_or(0.0, |piece| piece.1)
    };
    let next_edge = |day: f64| {
        path.iter()
            .map(|piece| piece.0)
            .find(|&until| until > day)
            .unwrap_or(end)
    };
    // From a day, the day at which so many blocks more are found.
    let after = |mut day: f64, mut blocks: f64, difficulty: f64| loop {
        let per_day = 144.0 * rate(day) / difficulty;
        let there = (next_edge(day) - day) * per_day;
        if there >= blocks || next_edge(day) >= end {
            return day + blocks / per_day;
        }
        blocks -= there;
        day = next_edge(day);
    };
    let (mut all, mut begin, mut difficulty) = (Vec::new(), 0.0, 1.0);
    while begin < end {
        let first = after(begin, 1.0, difficulty);
        let last = after(first, 2015.0, difficulty);
        all.push((begin, last.min(end), difficulty));
        difficulty *= 14.0 / (last - first);
        begin = last;
    }
    all
}

/// Blocks of a hashrate along stretches, from one day to another.
fn blocks(stretches: &[(f64, f64, f64)], hashrate: f64, from: f64, until: f64) -> f64 {
    let part = |&(begin, end, difficulty): &(f64, f64, f64)| {
        (end.min(until) - begin.max(from)).max(0.0) * 144.0 * hashrate / difficulty
    };
    stretches.iter().map(part).sum()
}

/// 18 % dark for five days from the first block of an epoch, and back: what the country loses, the
/// others gain only after the retarget.
#[test]
fn others_gain_after_the_retarget() {
    let system = built_in("country-dark-5-days", &[("blocks.height", "721728")]);
    let wanted = [
        "blocks_lost_by_country",
        "blocks_gained_by_others_before_retarget",
        "blocks_gained_by_others_after_retarget",
        "blocks_gained_by_others",
        "blocks_lost_by_all",
    ]
    .map(|index| ("all", NETWORK, index));
    let seen = values(&system, &wanted, 2);
    let with = stretches(&[(5.0, 0.82), (60.0, 1.0)]);
    let without = stretches(&[(60.0, 1.0)]);
    let retarget = with[0].1;
    assert!((retarget - 14.90).abs() < 0.005);
    let others =
        |from, until| blocks(&with, 0.82, from, until) - blocks(&without, 0.82, from, until);
    let country = blocks(&without, 0.18, 0.0, 60.0) - blocks(&with, 0.18, 5.0, 60.0);
    let expected = [country, others(0.0, retarget), others(retarget, 60.0)];
    for (seen, expected) in seen.iter().zip(expected) {
        // A header's target holds 15 to 23 bits, some hundred-thousandths of 8640 blocks; and
        // machines take twenty minutes to come back, a fifth of a block and more.
        let off = (seen[0] - expected).abs();
        assert!(off < 0.45, "{}, not {expected}", seen[0]);
        assert_eq!(seen[0], seen[1], "no chance in it");
    }
    // Nothing but rounding of the target is gained before: others' blocks take the work they took.
    assert!(seen[1][0].abs() < 0.2 && seen[2][0] > 80.0, "{seen:?}");
}

/// What the country loses is what the others gain and what is not found at all, to the last unit,
/// in blocks and in bitcoin, in every future.
#[test]
fn nothing_is_lost_or_made_on_the_way() {
    for (name, unit) in [
        ("country-dark-5-days", "blocks"),
        ("kazakhstan-2022", "blocks"),
        ("kazakhstan-2022", "btc"),
    ] {
        let system = built_in(name, &[]);
        let names = [
            "lost_by_country",
            "gained_by_others_before_retarget",
            "gained_by_others_after_retarget",
            "gained_by_others",
            "lost_by_all",
        ]
        .map(|index| format!("{unit}_{index}"));
        let wanted = names
            .each_ref()
            .map(|index| ("all", NETWORK, index.as_str()));
        let seen = values(&system, &wanted, 60);
        let rows = seen[0].iter().zip(&seen[1]).zip(&seen[2]).zip(&seen[3]);
        for ((((country, before), after), others), all) in rows.zip(&seen[4]) {
            assert!((before + after - others).abs() < 1e-7, "{name}");
            assert!((country - others - all).abs() < 1e-7, "{name}");
            assert!(*country > 0.0 && *after > 0.0, "{name}");
        }
    }
}

/// Bitcoin are blocks times subsidy and fees.
#[test]
fn a_block_is_six_and_a_quarter_bitcoin_and_its_fees() {
    let system = built_in("kazakhstan-2022", &[("economics.fee_share", "0.016")]);
    let wanted = [
        ("all", NETWORK, "blocks_lost_by_country"),
        ("all", NETWORK, "btc_lost_by_country"),
    ];
    let seen = values(&system, &wanted, 20);
    for (blocks, bitcoin) in seen[0].iter().zip(&seen[1]) {
        assert!((bitcoin / blocks - 6.25 * 1.016).abs() < 1e-6);
    }
}

/// Every pool keeps the same share of what farms earn: fees lost are that share of the gross.
#[test]
fn pools_lose_their_fees() {
    let system = built_in("kazakhstan-2022", &[("farm.*.pool_fee", "0.02")]);
    let wanted = [
        ("all", NETWORK, "pool_fees_lost_usd"),
        ("all", NETWORK, "revenue_lost_gross_usd"),
    ];
    let seen = values(&system, &wanted, 30);
    for (fees, gross) in seen[0].iter().zip(&seen[1]) {
        assert!(
            (fees / gross * 0.98 / 0.02 - 1.0).abs() < 1e-5,
            "{fees} of {gross}"
        );
    }
}

/// After a full epoch with five days at 0.82 the pace is above 1/600 s by what that epoch took
/// too long, and 2016 blocks are found until the next retarget.
#[test]
fn an_early_return_overshoots() {
    let system = built_in("country-dark-5-days", &[("blocks.height", "721728")]);
    let wanted = [
        "overshoot_pace",
        "overshoot_blocks",
        "overshoot_days",
        "days_to_retarget",
    ]
    .map(|index| ("dark", NETWORK, index));
    let seen = values(&system, &wanted, 2_000);
    let (pace, error) = mean_and_error(&seen[0]);
    // An epoch's time is on average 5 days and what is left of 2016 blocks; less its first block.
    let epoch_days = 5.0 + (2016.0 - 0.82 * 720.0) / 144.0 - 1.0 / 0.82 / 144.0;
    let expected = epoch_days / 14.0 - 1.0;
    assert!(
        (pace - expected).abs() < 3.0 * error + 1e-4,
        "{pace} +- {error}, not {expected}"
    );
    for (blocks, days) in seen[1].iter().zip(&seen[2]) {
        assert!(
            (blocks - (2016.0 - 144.0 * days)).abs() < 2e-3,
            "{blocks} over {days}"
        );
    }
    let (days, error) = mean_and_error(&seen[2]);
    // 2016 blocks at that pace; the mean of an inverse is a little above the inverse of the mean.
    let expected = 14.0 / (1.0 + expected);
    assert!(
        (days - expected).abs() < 3.0 * error + 0.01,
        "{days} +- {error}, not {expected}"
    );
}

/// Nobody overshoots who does not come back, and no backlog grows where demand is small.
#[test]
fn without_demand_nothing_waits() {
    let little = built_in("country-dark-5-days", &[("blocks.demand_share", "0.0")]);
    let wanted =
        ["backlog_peak_blocks", "backlog_cleared_days"].map(|index| ("dark", NETWORK, index));
    let seen = values(&little, &wanted, 50);
    assert!(seen[0].iter().all(|&most| most == 0.0));
    // It is cleared by the first block after the return.
    assert!(seen[1].iter().all(|&days| days < 0.1));
    // Backlogs grow with demand in every future.
    let much = values(
        &built_in("country-dark-5-days", &[("blocks.demand_share", "0.95")]),
        &wanted,
        50,
    );
    let usual = values(&built_in("country-dark-5-days", &[]), &wanted, 50);
    for replication in 0..50 {
        assert!(much[0][replication] > usual[0][replication]);
        assert!(much[1][replication] >= usual[1][replication]);
    }
}

/// The epoch of the start is read from headers.
#[test]
fn the_epoch_is_that_of_the_headers() {
    let system = built_in("kazakhstan-2022", &[]);
    let blocks = system.blocks.as_ref().expect("it asks for blocks");
    let epoch = blocks.epoch.expect("from headers");
    assert_eq!(
        (epoch.height, epoch.unix_s, epoch.bits),
        (715_680, 1_640_422_999, 0x170b_98ab)
    );
    assert_eq!(blocks.height, Some(716_599));
    // 1,097 blocks are left of it: 7.6 days at the pace of a block every 597 s, the blackout aside.
    let seen = values(&system, &[("all", NETWORK, "days_to_retarget")], 300);
    let (mean, _) = mean_and_error(&seen[0]);
    assert!((7.5..8.4).contains(&mean), "{mean}");
}
