//! The short way of plain grids shows what the long way shows, to the bit.

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::experiment::replay;
use hashfall::measure::{Adequacy, GridEnsemble, Sink};
use hashfall::quantity::Instant;
use hashfall::scenario::{Source, read};

/// Asks for states, and so for the long way.
struct LongWay(Adequacy);

impl Recorder for LongWay {
    fn begin(&mut self, view: View<'_>) {
        self.0.begin(view);
    }
    fn shortage(&mut self, view: View<'_>, from: Instant, until: Instant, unserved: &[i64]) {
        self.0.shortage(view, from, until, unserved);
    }
    fn close(&mut self, view: View<'_>, row: &mut Vec<i64>) {
        self.0.close(view, row);
    }
}

fn both_ways_agree(name: &str, set: &[(&str, &str)], replications: u32) {
    let source = Source::built_in(name).unwrap();
    let set: Vec<(String, String)> = set
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect();
    let system = read(&source, &set).unwrap().system;
    let plan = Plan::new(&system);
    let mut replicator = Replicator::new(&plan);
    let mut short = Adequacy::new(&plan);
    let mut long = LongWay(Adequacy::new(&plan));
    let mut unserved = 0;
    for replication in 0..replications {
        let mut rows = [Vec::new(), Vec::new()];
        let short_run = replicator.replicate(replication, &mut short, &mut rows[0]);
        let long_run = replicator.replicate(replication, &mut long, &mut rows[1]);
        assert_eq!(rows[0], rows[1], "{name}, replication {replication}");
        let (short_run, long_run) = (short_run.unwrap(), long_run.unwrap());
        assert_eq!(short_run.events, long_run.events);
        // The short way is taken, or this test compares nothing.
        assert!(short_run.refreshes < long_run.refreshes);
        unserved += u32::from(rows[0].iter().any(|&slot| slot > 0));
    }
    assert!(unserved > 0, "{name}: nothing went unserved");
}

/// A neighbour without a line changes nothing but the way: the same cells by hour, month and hour
/// of day, and the same demand.
#[test]
fn cells_are_the_same() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/rts79-lfu.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let neighbour =
        "\n[[zone]]\nname = \"zzz\"\nexternal = true\nload_mw = 0\nbasis = \"assumed\"\n";
    let folder = tempfile::tempdir().unwrap();
    for table in ["data/rts79/plants.csv", "data/rts79/hourly_load.csv"] {
        let from = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/");
        let to = folder.path().join(table);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(format!("{from}{table}"), to).unwrap();
    }
    let sinks = [text.clone(), text + neighbour].map(|text| -> Vec<Sink> {
        let path = folder.path().join("scenario.toml");
        std::fs::write(&path, text).unwrap();
        let system = read(&Source::load(path), &[]).unwrap().system;
        let plan = Plan::new(&system);
        let sink = |replication| replay::<GridEnsemble>(&plan, replication).unwrap().sink;
        (0..150).map(sink).collect()
    });
    let mut cells = 0;
    for (short, long) in sinks[0].iter().zip(&sinks[1]) {
        assert_eq!(short.row, long.row);
        assert_eq!(short.shortages, long.shortages);
        assert_eq!(short.demand, long.demand);
        cells += short.shortages.month_hours.len();
    }
    assert!(cells > 100, "only {cells} cells are short");
}

#[test]
fn rts79() {
    both_ways_agree("rts79", &[], 400);
}

#[test]
fn rbts() {
    both_ways_agree("rbts", &[], 400);
}

#[test]
fn load_forecast_uncertainty() {
    both_ways_agree("rts79-lfu", &[], 300);
}

#[test]
fn a_horizon_that_ends_within_a_day_and_little_capacity() {
    let set = [
        ("scenario.duration_hours", "1003"),
        ("plant.*.dependable_share", "0.8"),
    ];
    both_ways_agree("rts79", &set, 200);
}
