//! Indices that must add up, and those of a day that can be counted by hand.

use hashfall::engine::Plan;
use hashfall::experiment::{Control, Outcome, Results, Task, identity, replay, run_study};
use hashfall::measure::{GridEnsemble, ShortCell, ShortageMeasure, ShortageTeller};
use hashfall::quantity::MS_PER_HOUR;
use hashfall::scenario::{Source, read};
use hashfall::stats::Moments;
use hashfall::system::System;
use std::sync::atomic::AtomicBool;

pub fn system(text: &str) -> System {
    match read(&Source::text(text), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

pub fn results(plan: &Plan<'_>, replications: u32, jobs: usize) -> Results {
    let folder = tempfile::tempdir().expect("a folder");
    let identity = identity(&[5; 32], plan.system.seed, 1, 1);
    let task = Task {
        folder: folder.path(),
        identity: &identity,
        first: 0,
        replications,
        jobs,
    };
    let control = Control {
        stop: &AtomicBool::new(false),
        progress: &|_| {},
    };
    match run_study(plan, &task, &control).expect("a run") {
        Outcome::Finished { results, .. } => {
            // Columns are read when they are asked for: the folder must outlive them.
            std::mem::forget(folder);
            *results
        }
        Outcome::Stopped { .. } => panic!("stopped"),
    }
}

pub fn sum_of(results: &Results, scope: &str, index: &str) -> i128 {
    let column = results.layout.find("all", scope, index).expect("an index");
    results.moments(column).expect("a column").sum
}

/// Hours, and months times hours of day, add up to the indices of the whole time; single
/// shortages too. On any number of threads it is the same.
#[test]
fn hours_months_and_events_add_up() {
    let source = Source::built_in("rts79-two-area").expect("it is built in");
    let system = read(&source, &[]).expect("it is sound").system;
    let plan = Plan::new(&system);
    const N: u32 = 600;
    let results = [1, 2].map(|jobs| results(&plan, N, jobs));
    assert_eq!(results[0].short_hours, results[1].short_hours);
    assert_eq!(results[0].short_month_hours, results[1].short_month_hours);
    assert_eq!(results[0].short_pairs, results[1].short_pairs);
    assert_eq!(results[0].demand, results[1].demand);
    let results = &results[0];
    let layout = &results.series.shortages;
    assert_eq!(layout.scopes, ["zone/a", "zone/b", "system"]);
    for (scope, name) in layout.scopes.iter().enumerate() {
        let n = results.replications();
        let month_hour = |place: usize| results.short_month_hours.moments(place, n).sum;
        for (measure, index) in [
            (ShortageMeasure::Time, "lole_h"),
            (ShortageMeasure::Energy, "eue_mwh"),
        ] {
            let whole = sum_of(results, name, index);
            let hours: i128 = (0..layout.hours)
                .map(|hour| {
                    results
                        .short_hours
                        .moments(layout.hour(scope, hour, measure), n)
                        .sum
                })
                .sum();
            let months: i128 = (0..12 * 24)
                .map(|at| month_hour(layout.month_hour(scope, (at / 24, at % 24), measure)))
                .sum();
            // Energy is rounded to the watt-hour in each cell of each replication.
            let loose = if measure == ShortageMeasure::Time {
                0
            } else {
                20_000
            };
            assert!(
                whole > 0 && (hours - whole).abs() <= loose,
                "{name} {index}"
            );
            assert!((months - whole).abs() <= loose, "{name} {index}");
        }
        // Each shortage begins in one of them.
        for (measure, index) in [
            (ShortageMeasure::Begins, "lolf"),
            (ShortageMeasure::Runs, "lolev"),
        ] {
            let months: i128 = (0..12 * 24)
                .map(|at| month_hour(layout.month_hour(scope, (at / 24, at % 24), measure)))
                .sum();
            let whole = sum_of(results, name, index);
            assert!(whole > 0 && months == whole, "{name} {index}");
        }
        let hours: usize = (0..12 * 24)
            .map(|at| layout.hours_in(scope, (at / 24, at % 24)))
            .sum();
        assert_eq!(hours, 8736);
    }
    let mut teller = ShortageTeller::new(&plan);
    let (mut count, mut time_ms, mut energy) = (0, 0, 0);
    for replication in 0..N {
        for shortage in teller.tell(replication).expect("a replication") {
            assert!(shortage.depth * shortage.duration() >= shortage.energy);
            if shortage.zone.is_none() {
                count += 1;
                time_ms += i128::from(shortage.duration().0);
                energy += shortage.energy.0;
            }
        }
    }
    assert_eq!(count, sum_of(results, "system", "lolf"));
    assert_eq!(time_ms, sum_of(results, "system", "lole_h"));
    let energy_wh = energy / i128::from(MS_PER_HOUR);
    let eue_wh = sum_of(results, "system", "eue_mwh");
    assert!(
        (energy_wh - eue_wh).abs() <= i128::from(2 * N),
        "{energy_wh} {eue_wh}"
    );
}

/// Each hour's mean and error are those of its values in every replication, by themselves: an hour
/// that is short in parts counts as one value, not as several.
#[test]
fn errors_of_hours_are_those_of_their_values() {
    for (name, set, n) in [
        ("rts79-two-area", vec![], 200_u32),
        ("rts-gmlc", vec![("zone.*.scale".into(), "1.3".into())], 20),
    ] {
        let source = Source::built_in(name).expect("it is built in");
        let system = read(&source, &set).expect("it is sound").system;
        let plan = Plan::new(&system);
        let results = results(&plan, n, 2);
        let mut values = vec![vec![0; n as usize]; results.short_hours.len()];
        for replication in 0..n {
            let row = replay::<GridEnsemble>(&plan, replication).expect("a replication");
            let cells = &row.sink.shortages.hours;
            for (place, value) in cells.iter().flat_map(ShortCell::numbers) {
                let at = &mut values[place][replication as usize];
                assert_eq!(*at, 0, "{name}: a cell comes twice in {replication}");
                *at = value;
            }
        }
        let mut different = 0;
        for (place, values) in values.into_iter().enumerate() {
            let moments = results.short_hours.moments(place, u64::from(n));
            let mean = values.iter().sum::<i64>() as f64 / f64::from(n);
            let squares = values.iter().map(|&value| (value as f64 - mean).powi(2));
            let error = (squares.sum::<f64>() / f64::from(n - 1) / f64::from(n)).sqrt();
            let known: Moments = values.into_iter().collect();
            assert_eq!(moments, known, "{name} {place}");
            assert!(
                (moments.standard_error() - error).abs() <= 1e-9 * error,
                "{name} {place}"
            );
            different += usize::from(error > 0.0);
        }
        assert!(
            different > 50,
            "{name}: only {different} hours are ever short"
        );
    }
}

/// Two days without chance: short from 09:00 to 11:00 and at 20:00 of the first, its peak, and on
/// the second at 08:00, which is not its peak.
const DAYS: &str = r#"
    schema = 1
    [scenario]
    name = "two-days"
    start = "2024-01-31T00:00:00Z"
    duration_hours = 48
    [[window]]
    name = "evening"
    from = "2024-01-31T20:30:00Z"
    until = "2024-02-01T12:00:00Z"
    [[zone]]
    name = "town"
    load = { values = [
        5, 5, 5, 5, 5, 5, 5, 5, 5, 14, 13, 5, 5, 5, 5, 5, 5, 5, 5, 5, 15, 5, 5, 5,
        5, 5, 5, 5, 5, 5, 5, 5, 6, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 8, 5, 5, 5, 5,
    ] }
    [[plant]]
    name = "one"
    zone = "town"
    capacity_mw = 12
    planned = [{ from = "2024-02-01T08:00:00Z", until = "2024-02-01T08:30:00Z" }]
"#;

#[test]
fn days_hours_and_shortages_are_counted_by_hand() {
    let system = system(DAYS);
    let plan = Plan::new(&system);
    let results = results(&plan, 3, 1);
    let mean = |window: &str, index: &str| {
        let column = results
            .layout
            .find(window, "system", index)
            .expect("an index");
        results.moments(column).expect("a column").mean() * column.scale
    };
    let near =
        |found: f64, by_hand: f64| assert!((found - by_hand).abs() < 1e-9, "{found} {by_hand}");
    near(mean("all", "lole_h"), 3.5);
    near(mean("all", "lole_d"), 1.0);
    near(mean("all", "lolp"), 3.5 / 48.0);
    near(mean("all", "eue_mwh"), 2.0 + 1.0 + 3.0 + 3.0);
    near(
        mean("all", "demand_mwh"),
        48.0 * 5.0 + 9.0 + 8.0 + 10.0 + 1.0 + 3.0,
    );
    // 2, 1 and 3 MW lack on the first day; half an hour of 6 with nothing to serve it on the second.
    near(mean("all", "max_depth_mw"), 6.0);
    near(mean("all", "max_duration_h"), 2.0);
    near(mean("evening", "max_depth_mw"), 6.0);
    near(mean("evening", "max_duration_h"), 0.5);
    // The first day's peak begins before the window, and the second's is after it.
    near(mean("evening", "lole_d"), 0.0);
    near(mean("evening", "lole_h"), 1.0);
    near(
        mean("evening", "demand_mwh"),
        0.5 * 15.0 + 3.0 * 5.0 + 12.0 * 5.0 + 1.0,
    );
    let layout = &results.series.shortages;
    assert_eq!(layout.scopes, ["system"]);
    let hours = |month: usize, hour: usize, measure| {
        let cell = layout.month_hour(0, (month, hour), measure);
        results.short_month_hours.moments(cell, 3).mean()
    };
    let time = |month, hour| hours(month, hour, ShortageMeasure::Time) / MS_PER_HOUR as f64;
    near(time(0, 9), 1.0);
    near(time(0, 8), 0.0);
    near(time(1, 8), 0.5);
    near(hours(1, 8, ShortageMeasure::Energy), 3e6);
    // The shortage of two hours belongs to the hour in which it begins.
    let lold = |at| {
        results
            .lasts_and_begins(0, at)
            .ratio(1.0 / MS_PER_HOUR as f64)
    };
    for (at, by_hand) in [((0, 9), 2.0), ((0, 20), 1.0), ((1, 8), 0.5)] {
        near(lold(at).mean, by_hand);
        near(lold(at).standard_error, 0.0);
    }
    assert!(lold((0, 10)).mean.is_nan() && lold((0, 0)).mean.is_nan());
    let neue = |at| results.energy_and_demand(0, at).expect("demand").ratio(1e6);
    for (at, by_hand) in [
        ((0, 9), 2.0 / 14.0),
        ((0, 10), 1.0 / 13.0),
        ((0, 20), 3.0 / 15.0),
        ((1, 8), 3.0 / 6.0),
    ] {
        near(neue(at).mean, 1e6 * by_hand);
        near(neue(at).standard_error, 0.0);
    }
    assert!(neue((0, 11)).never_happened());
    let mut teller = ShortageTeller::new(&plan);
    let told = teller.tell(0).expect("a replication");
    let told: Vec<(f64, f64, i64)> = told
        .iter()
        .filter(|one| one.zone.is_none())
        .map(|one| {
            (
                one.duration().hours(),
                one.depth.megawatts(),
                one.energy.watt_hours(),
            )
        })
        .collect();
    let by_hand = [
        (2.0, 2.0, 3_000_000),
        (1.0, 3.0, 3_000_000),
        (0.5, 6.0, 3_000_000),
    ];
    assert_eq!(told, by_hand);
}
