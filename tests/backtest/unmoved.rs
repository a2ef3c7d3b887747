//! What was observed moves nothing that was simulated; and the rates are those of the run.

use super::{COUNTS, Desk, SMALL, small, table};
use hashfall::engine::Plan;
use hashfall::experiment::{layout_of, replay, replay_study};
use hashfall::measure::DayRates;
use std::fs;
use std::path::Path;
use std::process::Command;

fn hashfall(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_hashfall"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("it starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Altered counts, days added, days removed, none at all: the same futures to the byte.
#[test]
fn the_observed_table_changes_no_simulated_byte() {
    let altered = COUNTS.map(|count| count + 31);
    let longer: Vec<u64> = COUNTS.into_iter().chain([99, 98, 97]).collect();
    let tables = [
        table(&COUNTS),
        table(&altered),
        table(&longer),
        table(&COUNTS[..5]),
    ];
    let mut simulated = Vec::new();
    for counts in &tables {
        let desk = Desk::new(SMALL, counts);
        let folder = desk.folder.path();
        hashfall(
            folder,
            &["run", "small.toml", "-n", "300", "-q", "--no-charts"],
        );
        let file = |name: &str| fs::read(desk.path("output/small").join(name)).expect("a table");
        let tables = [
            "replications.csv",
            "series.csv",
            "summary.csv",
            "events.csv",
        ]
        .map(file);
        // What lies in the blocks of a backtest: every number of every replication.
        let loaded = desk.load();
        let results = desk.simulate(&loaded, 300);
        let days = DayRates::days(&Plan::new(&loaded.system));
        let columns: Vec<Vec<i64>> = days
            .iter()
            .flat_map(|day| [day.hashrate, day.level])
            .map(|slot| results.slot(slot).expect("a column").to_vec())
            .collect();
        assert_eq!((days.len(), columns[0].len()), (12, 300));
        // And in those of a run.
        let plan = Plan::new(&loaded.system);
        let rows: Vec<_> = [0, 7, 299]
            .map(|replication| replay_study(&plan, replication).expect("a row").sink.row)
            .into();
        simulated.push((tables, columns, rows));
    }
    for other in &simulated[1..] {
        assert!(other.0 == simulated[0].0, "tables differ");
        assert!(other.1 == simulated[0].1, "blocks of the backtest differ");
        assert!(other.2 == simulated[0].2, "rows of the run differ");
    }
}

/// The mean over days of the country's part is the run's own mean over the whole horizon.
#[test]
fn rates_are_those_of_the_run() {
    let (loaded, ..) = small(16);
    let plan = Plan::new(&loaded.system);
    let (layout, _) = layout_of(&plan);
    let column = layout
        .find("all", "network", "hashrate_ehs")
        .expect("an index");
    for replication in 0..16 {
        let run = replay_study(&plan, replication).expect("a row").sink.row;
        let national_ehs = run[column.slot] as f64 * column.scale;
        let days = replay::<DayRates>(&plan, replication)
            .expect("a row")
            .sink
            .row;
        let mut sum = 0.0;
        for pair in days.chunks(2) {
            let (hashrate, level) = (pair[0] as f64, pair[1] as f64);
            // The level trembles with the rest of the world, the country does not.
            assert!(hashrate <= level * 1.03, "{hashrate} {level}");
            sum += hashrate;
        }
        let rest: f64 = rest_of(&plan, replication);
        let national = sum / 12.0 / 1e9 - rest;
        assert!(
            (national - national_ehs).abs() < 1e-5,
            "{national} {national_ehs}"
        );
    }
}

/// Mean of the rest of the world over the twelve days, EH/s.
fn rest_of(plan: &Plan<'_>, replication: u32) -> f64 {
    struct Rest(f64);
    impl hashfall::engine::Recorder for Rest {
        fn begin(&mut self, view: hashfall::engine::View<'_>) {
            let days = &view.futures.rest_of_world;
            self.0 = days.iter().map(|rest| rest.exahashes()).sum::<f64>() / days.len() as f64;
        }
        fn close(&mut self, _: hashfall::engine::View<'_>, _: &mut Vec<i64>) {}
    }
    let mut rest = Rest(0.0);
    hashfall::engine::Replicator::new(plan)
        .replicate(replication, &mut rest, &mut vec![])
        .expect("a replication");
    rest.0
}

/// A country dark for a whole day, in a world that is known: rates by hand.
#[test]
fn a_known_world_has_known_rates() {
    let known = SMALL
        .replace("normal = [174, 4]", "value = 174")
        .replace(
            "growth_per_week = { uniform = [0.0, 0.03] }",
            "growth_per_week = 0",
        )
        .replace("noise_sd = { uniform = [0.0, 0.03] }", "noise_sd = 0")
        .replace("spares = { uniform = [0.0, 0.5] }", "spares = 0")
        .replace(
            "mttf_h = 2000\nmttr_h = 4\n",
            "forced_outage_rate = 0\nmttr_h = 4\n",
        );
    let desk = Desk::new(&known, &table(&COUNTS));
    let loaded = desk.load();
    let plan = Plan::new(&loaded.system);
    let row = replay::<DayRates>(&plan, 3).expect("a row").sink.row;
    // At a PUE of 1.05.
    let country = 1600.0 / 1.05 / 45.0;
    for (day, pair) in row.chunks(2).enumerate() {
        assert!(
            (pair[1] as f64 / 1e9 - 174.0).abs() < 1e-6,
            "level of day {day}"
        );
        let hashrate = pair[0] as f64 / 1e9;
        match day {
            // A machine that runs loses a little to stale shares.
            0..=3 => assert!((173.9..=174.0).contains(&hashrate), "day {day}: {hashrate}"),
            5..=7 => assert!(
                (hashrate - (174.0 - country)).abs() < 1e-6,
                "day {day}: {hashrate}"
            ),
            // Dark for 16 to 18 hours of the day.
            4 => {
                let lost = (174.0 - hashrate) / country * 24.0;
                assert!((16.0..18.2).contains(&lost), "{lost} h");
            }
            _ => assert!(hashrate > 174.0 - country),
        }
    }
}
