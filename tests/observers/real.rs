//! Estimators over real blocks, against the published tables of event tests and effects.

use super::built_in;
use hashfall::measure::{RealReading, real_readings};
use hashfall::stats::{CountedSpan, poisson_trend, rate_ratio_95};
use hashfall::system::{EpochStart, ObservedDay, Observer, Reads, System};
use std::path::Path;

const DAY_MS: i64 = 86_400_000;

/// A table of the repository as rows of cells, without comments and header.
fn table(path: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&path).expect("a table");
    let lines: String = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut reader = csv::Reader::from_reader(lines.as_bytes());
    let rows = reader.records().map(|record| {
        let record = record.expect("a row");
        record.iter().map(str::to_owned).collect()
    });
    rows.collect()
}

/// Kazakhstan with the days of Uri and Xinjiang beside its own.
fn system() -> System {
    let mut system = built_in("kazakhstan-2022", &[]);
    for row in table("tests/data/bitcoin/daily_blocks_2021.csv") {
        system.observed.days.push(ObservedDay {
            unix_ms: unix_ms(&row[0]),
            blocks: row[1].parse().expect("a count"),
            difficulty: row[2].parse().expect("a difficulty"),
            ehs: (0.0, 0.0, 0.0),
        });
    }
    system.observed.days.sort_by_key(|day| day.unix_ms);
    let blocks = system.blocks.as_mut().expect("it asks for blocks");
    for row in table("tests/data/bitcoin/difficulty_epochs_2021.csv") {
        blocks.epochs.push(EpochStart {
            height: row[0].parse().expect("a height"),
            unix_s: row[1].parse().expect("a time"),
            bits: u32::from_str_radix(&row[2], 16).expect("a target"),
        });
    }
    blocks.epochs.sort_by_key(|epoch| epoch.height);
    system
}

/// "2022-01-05" or "2022-01-05 11:00" as ms since 1970.
fn unix_ms(text: &str) -> i64 {
    let written = match text.split_once(' ') {
        Some((date, time)) => format!("{date}T{time}:00Z"),
        None => format!("{text}T00:00:00Z"),
    };
    let time: jiff::Timestamp = written.parse().expect("a time");
    time.as_millisecond()
}

/// A span of the tables: the end of one given by dates is the end of its last day.
fn span(from: &str, until: &str) -> (i64, i64) {
    let whole = !until.contains(' ');
    (
        unix_ms(from),
        unix_ms(until) + if whole { DAY_MS } else { 0 },
    )
}

/// The one reading of an observer.
fn read(system: &mut System, reads: Reads) -> Option<RealReading> {
    system.observers = vec![Observer {
        name: "it".into(),
        reads,
    }];
    real_readings(system).into_iter().next()
}

fn relative(system: &System, (from, until): (i64, i64)) -> (i64, i64) {
    (from - system.start_unix_ms, until - system.start_unix_ms)
}

fn tenths(value: f64) -> f64 {
    (value * 1000.0).round() / 10.0
}

#[test]
fn exact_conditional_intervals_are_those_of_the_event_tests() {
    let mut system = system();
    let rows = table("scenarios/data/kazakhstan/sources/event_tests.csv");
    assert_eq!(rows.len(), 17);
    let mut by_days_or_times = 0;
    for row in rows {
        let number = |cell: usize| row[cell].parse::<f64>().expect("a number");
        let published = [number(11), number(12), number(13)];
        let (against, event) = (span(&row[1], &row[2]), span(&row[6], &row[7]));
        let change = Reads::Change {
            event: relative(&system, event),
            against: relative(&system, against),
        };
        let found = match read(&mut system, change) {
            Some(reading) => {
                by_days_or_times += 1;
                let (low, high) = reading.interval_95.expect("an interval");
                assert_eq!(reading.kind, "exact conditional");
                assert_eq!(reading.blocks as f64, number(3) + number(8), "{}", row[0]);
                [reading.value, low, high]
            }
            // Header times of 22-26 January are not in the repository; one difficulty holds there.
            None => {
                assert!(row[0].starts_with("C-Asia"), "{}", row[0]);
                let counted = |cell: usize| (number(cell) as u64, number(cell + 1));
                let ratio = rate_ratio_95(counted(3), counted(8)).expect("counts");
                [ratio.ratio, ratio.lower_95, ratio.upper_95].map(|ratio| ratio - 1.0)
            }
        };
        assert_eq!(found.map(tenths), published, "{}", row[0]);
    }
    assert_eq!(by_days_or_times, 16);
}

#[test]
fn hashrates_over_windows_are_those_of_the_event_tests() {
    let mut system = system();
    for row in table("scenarios/data/kazakhstan/sources/event_tests.csv") {
        if row[0].starts_with("C-Asia") {
            continue;
        }
        for (from, until, ehs) in [(1, 2, 5), (6, 7, 10)] {
            let (from, until) = relative(&system, span(&row[from], &row[until]));
            let count = Reads::Count {
                window: until - from,
                at: vec![until],
            };
            let reading = read(&mut system, count).expect("observed");
            let published: f64 = row[ehs].parse().expect("a number");
            assert!(
                (reading.value - published).abs() < 0.051,
                "{}: {}",
                row[0],
                reading.value
            );
            // The exact interval holds the estimate, and is about two standard errors wide.
            let (low, high) = reading.interval_95.expect("an interval");
            let half = (high - low) / 2.0 / reading.value;
            let error = 1.96 / (reading.blocks as f64).sqrt();
            assert!(low < reading.value && reading.value < high);
            assert!((half / error - 1.0).abs() < 0.03, "{half} against {error}");
        }
    }
}

/// Daily intervals are Garwood's, as the table of days prints them.
#[test]
fn daily_intervals_are_those_of_the_table() {
    let mut system = system();
    let days = table("scenarios/data/bitcoin/daily_blocks.csv");
    for row in days.iter().take(60) {
        let from = unix_ms(&row[0]);
        let (_, until) = relative(&system, (from, from + DAY_MS));
        let count = Reads::Count {
            window: DAY_MS,
            at: vec![until],
        };
        let reading = read(&mut system, count).expect("observed");
        let number = |cell: usize| row[cell].parse::<f64>().expect("a number");
        let (low, high) = reading.interval_95.expect("an interval");
        // On a day of a retarget the table goes by the mean difficulty of its blocks.
        if ["2021-11-14", "2021-11-28", "2021-12-11", "2021-12-25"].contains(&row[0].as_str()) {
            assert!((reading.value / number(3) - 1.0).abs() < 0.03, "{}", row[0]);
            continue;
        }
        assert!((reading.value - number(3)).abs() < 0.001, "{}", row[0]);
        assert!(
            (low - number(4)).abs() < 0.011 && (high - number(5)).abs() < 0.011,
            "{}",
            row[0]
        );
    }
}

/// Where each event of the table of effects begins and ends.
fn event_of(words: &str) -> (i64, i64) {
    let (from, until) = match words {
        "KZ internet blackout Jan5(half)-Jan10" => ("2022-01-05 12:00", "2022-01-10"),
        "KZ internet blackout Jan6-Jan9" => ("2022-01-06", "2022-01-09"),
        "KZ internet blackout Jan5(half)-Jan6 only" => ("2022-01-05 12:00", "2022-01-06"),
        "KEGOC cutoff Jan24-Feb6" => ("2022-01-24", "2022-02-06"),
        "KEGOC cutoff Jan24-31" => ("2022-01-24", "2022-01-31"),
        "Uri Feb14-18" => ("2021-02-14", "2021-02-18"),
        "Xinjiang Apr16-21" => ("2021-04-16", "2021-04-21"),
        other => panic!("{other}"),
    };
    span(from, until)
}

#[test]
fn the_regression_gives_the_published_effects() {
    let mut system = system();
    let rows = table("scenarios/data/kazakhstan/sources/event_effects.csv");
    assert_eq!(rows.len(), 14);
    for row in rows {
        let number = |cell: usize| row[cell].parse::<f64>().expect("a number");
        let (event, fit) = (event_of(&row[0]), span(&row[1], &row[2]));
        let degree = number(3) as u32;
        let trend = Reads::Trend {
            fit: relative(&system, fit),
            event: relative(&system, event),
            degree,
        };
        let reading = read(&mut system, trend).expect("observed");
        let (low, high) = reading.interval_95.expect("an interval");
        let found = [reading.value, low, high].map(tenths);
        assert_eq!(found, [number(5), number(6), number(7)], "{}", row[0]);

        // Significance and dispersion, from the days themselves.
        let days: Vec<CountedSpan> = system
            .observed
            .days
            .iter()
            .filter(|day| (fit.0..fit.1).contains(&day.unix_ms))
            .map(|day| {
                let shared = (day.unix_ms + DAY_MS).min(event.1) - day.unix_ms.max(event.0);
                CountedSpan {
                    count: f64::from(day.blocks),
                    exposure: 1e13 / day.difficulty,
                    event: shared.max(0) as f64 / DAY_MS as f64,
                }
            })
            .collect();
        assert_eq!(days.len() as f64, number(4));
        let effect = poisson_trend(&days, degree as usize).expect("it can be told");
        let hundredths = |value: f64| (value * 100.0).round() / 100.0;
        let z = effect.log_ratio / effect.standard_error;
        assert_eq!(hundredths(z), number(8), "{}", row[0]);
        assert_eq!(hundredths(effect.dispersion), number(9), "{}", row[0]);
    }
}

/// The four baselines of the scenario, in the words of the issue: the same blocks, four answers.
#[test]
fn the_baseline_decides() {
    let system = built_in("kazakhstan-2022", &[]);
    let readings = real_readings(&system);
    let expected = [
        ("baseline-25-days-before", [0.1, -7.2, 7.8]),
        ("baseline-three-days-before", [0.0, -15.4, 17.9]),
        ("baseline-trend", [-6.4, -13.4, 1.1]),
        ("baseline-week-after", [-10.6, -19.3, -1.0]),
    ];
    for (name, published) in expected {
        let reading = readings
            .iter()
            .find(|reading| reading.observer == name && reading.index == "change")
            .expect("it is read");
        let (low, high) = reading.interval_95.expect("an interval");
        assert_eq!([reading.value, low, high].map(tenths), published, "{name}");
    }
    // Pools are read as they were reported, without an error that anybody told.
    let pools = readings
        .iter()
        .find(|reading| reading.observer == "pools-24-hours")
        .expect("it is read");
    assert_eq!((pools.value, pools.interval_95), (-0.1, None));
}

/// Header times run backwards now and then; the last blocks are those of the latest times.
#[test]
fn the_last_blocks_before_a_moment() {
    let mut system = built_in("kazakhstan-2022", &[]);
    let at = unix_ms("2022-01-06") - system.start_unix_ms;
    system.observers = vec![Observer {
        name: "last".into(),
        reads: Reads::LastBlocks {
            blocks: 144,
            at: vec![at],
        },
    }];
    let readings = real_readings(&system);
    let (plain, unbiased) = (&readings[0], &readings[1]);
    assert!((plain.value / unbiased.value - 144.0 / 143.0).abs() < 1e-12);
    let (low, high) = plain.interval_95.expect("an interval");
    assert!(low < unbiased.value && unbiased.value < high);
    // By hand from the header times.
    let mut times: Vec<f64> = table("scenarios/data/bitcoin/block_times.csv")
        .iter()
        .map(|row| row[1].parse().expect("a time"))
        .filter(|&time: &f64| time * 1e3 < (at + system.start_unix_ms) as f64)
        .collect();
    times.sort_by(f64::total_cmp);
    let last = times.len() - 1;
    let span_s = times[last] - times[last - 144];
    let by_hand = 144.0 * 24_272_331_996_980.0 * 4_294_967_296.0 / span_s * 1e-18;
    assert!((plain.value / by_hand - 1.0).abs() < 1e-12);
}

/// What was not observed is not read: no number is made up.
#[test]
fn unobserved_spans_are_not_read() {
    let mut system = built_in("kazakhstan-2022", &[]);
    let far = 300 * DAY_MS;
    let count = Reads::Count {
        window: DAY_MS,
        at: vec![far],
    };
    assert_eq!(read(&mut system, count), None);
    let within_a_day = Reads::Change {
        event: (15 * DAY_MS + 3_600_000, 16 * DAY_MS),
        against: (14 * DAY_MS, 15 * DAY_MS),
    };
    assert_eq!(read(&mut system, within_a_day), None);
}
