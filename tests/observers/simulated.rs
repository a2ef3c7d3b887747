//! Estimators over simulated futures.

use super::{built_in, mean_and_error, values, written};
use hashfall::system::{Observer, Reads};
use proptest::prelude::*;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Every baseline of Kazakhstan shows the true change of its spans on average: a ratio of counts
/// is high by one over the blocks it is held against.
#[test]
fn changes_are_right_on_average() {
    let system = built_in("kazakhstan-2022", &[]);
    for (name, blocks_before) in [
        ("observer/baseline-three-days-before", 426.0),
        ("observer/baseline-25-days-before", 3611.0),
        ("observer/baseline-week-after", 1115.0),
    ] {
        let wanted = [("all", name, "change"), ("all", name, "true_change")];
        let [seen, truth] = &values(&system, &wanted, 600)[..] else {
            panic!("two indices");
        };
        let ratios: Vec<f64> = seen
            .iter()
            .zip(truth)
            .map(|(seen, truth)| (1.0 + seen) / (1.0 + truth))
            .collect();
        let (mean, error) = mean_and_error(&ratios);
        let expected = 1.0 + 1.0 / blocks_before;
        assert!(
            (mean - expected).abs() < 3.0 * error,
            "{name}: {mean} +- {error}"
        );
    }
}

/// A constant world of 180 EH/s: counts are unbiased, and their relative errors those of 1, 3 and
/// 7 days, before the start as after it.
#[test]
fn windows_have_their_standard_errors() {
    let mut system = built_in(
        "country-dark-5-days",
        &[
            ("scenario.duration_days", "9"),
            ("hazard.kill-switch.from", "2022-01-13T23:00:00Z"),
            ("hazard.kill-switch.until", "2022-01-14T00:00:00Z"),
            ("blocks.height", "721729"),
        ],
    );
    system.windows.retain(|window| window.name == "all");
    system.headline_window = 0;
    for (days, error) in [(1, 0.0833), (3, 0.0481), (7, 0.0315)] {
        let at = vec![-20 * DAY_MS, DAY_MS, 8 * DAY_MS];
        system.observers = vec![Observer {
            name: "it".into(),
            reads: Reads::Count {
                window: days * DAY_MS,
                at,
            },
        }];
        let indices = [
            "2021-12-16T00:00Z",
            "2022-01-06T00:00Z",
            "2022-01-13T00:00Z",
        ]
        .map(|moment| format!("hashrate_ehs/{moment}"));
        let wanted = indices
            .each_ref()
            .map(|index| ("all", "observer/it", index.as_str()));
        for seen in values(&system, &wanted, 4_000) {
            let (mean, of_mean) = mean_and_error(&seen);
            assert!(
                (mean - 180.0).abs() < 3.5 * of_mean,
                "{days}: {mean} +- {of_mean}"
            );
            let relative = of_mean * (4_000f64).sqrt() / 180.0;
            assert!((relative / error - 1.0).abs() < 0.05, "{days}: {relative}");
        }
    }
}

/// The plain estimate of the last N blocks is high by N / (N - 1); without that bias it is right,
/// wherever the blocks before the start are part of it.
#[test]
fn the_last_blocks_are_unbiased_without_their_bias() {
    // The event comes after all readings.
    let mut system = built_in(
        "country-dark-5-days",
        &[
            ("scenario.duration_days", "8"),
            ("hazard.kill-switch.from", "2022-01-12T00:00:00Z"),
            ("hazard.kill-switch.until", "2022-01-12T01:00:00Z"),
        ],
    );
    system.observers = vec![Observer {
        name: "it".into(),
        reads: Reads::LastBlocks {
            blocks: 20,
            at: vec![60_000, HOUR_MS, 2 * DAY_MS],
        },
    }];
    for moment in [
        "2022-01-05T00:01Z",
        "2022-01-05T01:00Z",
        "2022-01-07T00:00Z",
    ] {
        let indices =
            ["hashrate_ehs", "hashrate_unbiased_ehs"].map(|name| format!("{name}/{moment}"));
        let wanted = indices
            .each_ref()
            .map(|index| ("all", "observer/it", index.as_str()));
        let [plain, unbiased] = &values(&system, &wanted, 4_000)[..] else {
            panic!("two indices");
        };
        let (mean, error) = mean_and_error(unbiased);
        assert!(
            (mean - 180.0).abs() < 3.5 * error,
            "{moment}: {mean} +- {error}"
        );
        for (plain, unbiased) in plain.iter().zip(unbiased) {
            assert!((plain / unbiased - 20.0 / 19.0).abs() < 1e-6);
        }
    }
}

/// A week's count is that of its seven days.
#[test]
fn days_add_up_to_a_week() {
    let system = built_in("kazakhstan-2022", &[]);
    let days: Vec<String> = (2..9)
        .map(|day| format!("hashrate_ehs/2022-01-{day:02}T00:00Z"))
        .collect();
    let mut wanted: Vec<_> = days
        .iter()
        .map(|index| ("all", "observer/one-day", index.as_str()))
        .collect();
    wanted.push((
        "all",
        "observer/seven-days",
        "hashrate_ehs/2022-01-08T00:00Z",
    ));
    let seen = values(&system, &wanted, 40);
    let (days, week) = (&seen[..6], &seen[7]);
    // The last of the days above ends after the week; take the one from 1 to 2 January instead.
    let mut all: Vec<&Vec<f64>> = days.iter().collect();
    all.push(&seen[6]);
    for replication in 0..40 {
        let first_seven: f64 = all[..7].iter().map(|day| day[replication]).sum::<f64>() / 7.0;
        assert!((first_seven - week[replication]).abs() < 1e-6);
    }
}

/// Without `[blocks]` they are found at the difficulty that is known, with the same result on
/// average: what is read of a day is its truth.
#[test]
fn known_difficulty_serves_as_well() {
    let mut system = built_in("kazakhstan-2022", &[]);
    system.blocks = None;
    let span = |from: i64, until: i64| (from * DAY_MS, until * DAY_MS);
    system.observers = vec![Observer {
        name: "it".into(),
        reads: Reads::Change {
            event: span(6, 20),
            against: span(-10, 5),
        },
    }];
    let wanted = [
        ("all", "observer/it", "change"),
        ("all", "observer/it", "true_change"),
    ];
    let [seen, truth] = &values(&system, &wanted, 400)[..] else {
        panic!("two indices");
    };
    let ratios: Vec<f64> = seen
        .iter()
        .zip(truth)
        .map(|(seen, truth)| (1.0 + seen) / (1.0 + truth))
        .collect();
    let (mean, error) = mean_and_error(&ratios);
    assert!(
        (mean - 1.0 - 1.0 / 2_160.0).abs() < 3.0 * error,
        "{mean} +- {error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// An observer more, wherever its span begins and ends, moves no reading of another: neither
    /// within the horizon nor before and after it.
    #[test]
    fn observers_do_not_move_each_other(
        from_h in -900i64..600, length_h in 1i64..400, minutes in 0i64..60,
    ) {
        let mut system = built_in("country-dark-5-days", &[("scenario.duration_days", "10")]);
        let span = |from: i64, until: i64| (from * HOUR_MS, until * HOUR_MS);
        let one = Observer {
            name: "one".into(),
            reads: Reads::Change { event: span(0, 120), against: span(-500, -7) },
        };
        let trend = Observer {
            name: "trend".into(),
            reads: Reads::Trend { fit: span(-20 * 24, 14 * 24), event: span(12, 120), degree: 1 },
        };
        let from = from_h * HOUR_MS + minutes * 60_000;
        let more = Observer {
            name: "more".into(),
            reads: Reads::Count { window: length_h * HOUR_MS, at: vec![from + length_h * HOUR_MS] },
        };
        let wanted = [("all", "observer/one", "change"), ("all", "observer/trend", "change")];
        system.observers = vec![one.clone(), trend.clone()];
        let alone = values(&system, &wanted, 3);
        system.observers = vec![more, one, trend];
        prop_assert_eq!(values(&system, &wanted, 3), alone);
    }
}

/// A country of 20 of 100 EH/s that mines with one of two equal pools and is dark for twelve hours.
const TWO_POOLS: &str = r#"
schema = 1
[scenario]
name = "two-pools"
start = "2022-01-01T00:00:00Z"
duration_days = 4
[[zone]]
name = "land"
load_mw = 1000
[[plant]]
name = "all"
zone = "land"
units = 10
capacity_mw = 1000
[world]
level_ehs = 100
[[pool]]
name = "a"
share = 0.5
[[pool]]
name = "b"
share = 0.5
[[farm]]
name = "farm"
zone = "land"
installed_mw = 900
efficiency_j_th = 45
pue = 1.0
pools = ["a"]
on_link_loss = { hold_minutes = "never", hold_power = 1.0, after_power = 0.02 }
[[hazard]]
name = "cut"
event = true
from = "2022-01-02T00:00:00Z"
until = "2022-01-02T12:00:00Z"
takes_down = ["gateway/*"]
"#;

/// Readings of pools by hand: 24 h means, two instants, weighted and smoothed.
#[test]
fn pools_are_read_as_they_show_themselves() {
    let e = 1f64.exp();
    // Pool a has 60 EH/s before (40 of the rest, 20 of the country), b has 40.
    let cases = [
        (
            "window_h = 24\nat = \"2022-01-03T00:00:00Z\"",
            (-10.0 / 60.0) / 2.0,
        ),
        (
            "window_h = 24\nat = \"2022-01-03T00:00:00Z\"\nweighting = \"by-hashrate\"",
            -0.1,
        ),
        (
            "window_h = 1\nat = \"2022-01-02T06:00:00Z\"",
            (-20.0 / 60.0) / 2.0,
        ),
        (
            "window_h = 1\nat = \"2022-01-02T06:00:00Z\"\nweighting = \"by-hashrate\"",
            -0.2,
        ),
        (
            "window_h = 1\nat = \"2022-01-02T06:00:00Z\"\npools = [\"a\"]",
            -20.0 / 60.0,
        ),
        (
            "window_h = 1\nat = \"2022-01-02T06:00:00Z\"\npools = [\"b\"]",
            0.0,
        ),
        // Six hours of a time constant of six hours: all but 1/e of the fall is shown.
        (
            "window_h = 1\nat = \"2022-01-02T06:00:00Z\"\npools = [\"a\"]\nsmoothing_h = 6",
            -20.0 / 60.0 * (1.0 - 1.0 / e),
        ),
    ];
    for (keys, expected) in cases {
        let text = format!(
            "{TWO_POOLS}[[observer]]\nname = \"it\"\nkind = \"pools\"\nagainst_at = \"2022-01-02T00:00:00Z\"\n{keys}\n"
        );
        let seen = values(&written(&text), &[("all", "observer/it", "change")], 1);
        assert!(
            (seen[0][0] - expected).abs() < 2e-6,
            "{keys}: {}, not {expected}",
            seen[0][0]
        );
    }
}
