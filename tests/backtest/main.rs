//! A scenario held against counts: the scores are right where the truth is known.

mod modes;
mod program;
mod synthetic;
mod unmoved;

use hashfall::engine::Plan;
use hashfall::experiment::backtest::{Backtest, CountedDay, Expected, counted_days, expected};
use hashfall::experiment::{Control, Outcome, Results, Task, block_folder, identity, run};
use hashfall::measure::DayRates;
use hashfall::scenario::{Loaded, Source, read};
use hashfall::store::Place;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Twelve days of an invented country with a fifth of the world, dark for four and a half days.
/// Its level, growth, noise, and who is spared, are not known.
pub const SMALL: &str = r#"
schema = 1
[scenario]
name = "small"
start = "2022-01-01T00:00:00Z"
duration_days = 12
replications = 256
seed = 5
headline_window = "dark"
mode = "forecast"
known_until = "2022-01-04"
[[window]]
name = "dark"
from = "2022-01-05T06:00:00Z"
until = "2022-01-09T18:00:00Z"
[inputs.level]
normal = [174, 4]
source = "an epoch"
known_since = "2021-12-25"
[world]
level_ehs = { input = "level" }
growth_per_week = { uniform = [0.0, 0.03] }
noise_sd = { uniform = [0.0, 0.03] }
noise_lag1 = 0.5
basis = "assumed"
[[zone]]
name = "all"
load_mw = 10
basis = "assumed"
[[plant]]
name = "coal"
zone = "all"
units = 20
capacity_mw = 200
mttf_h = 2000
mttr_h = 4
basis = "assumed"
[[gateway]]
name = "border"
[[farm]]
name = "north"
zone = "all"
installed_mw = 800
efficiency_j_th = 45
basis = "assumed"
[[farm]]
name = "south"
zone = "all"
installed_mw = 800
efficiency_j_th = 45
basis = "assumed"
[[hazard]]
name = "cut"
event = true
from = { at = "2022-01-05T06:00:00Z", plus_minutes = { uniform = [0, 120] } }
until = "2022-01-09T18:00:00Z"
takes_down = ["gateway/border"]
spares = { uniform = [0.0, 0.5] }
basis = "assumed"
[observed]
blocks_csv = "counts.csv"
[[observed.rivals]]
name = "a tenth"
loss = 0.1
[hindcast]
source = "later"
[hindcast.set]
"inputs.level" = { normal = [176, 2], source = "the month", known_since = "2022-02-01" }
"world.growth_per_week" = 0.01
"#;

/// Difficulty at which 174 EH/s find 144 blocks a day.
pub const DIFFICULTY: f64 = 24_307_000_000_000.0;

/// A table of counts, one for each day from 1 January on.
pub fn table(counts: &[u64]) -> String {
    let mut text =
        "date_utc,block_count,difficulty_mean,hashrate_ehs_from_count,ci95_lo_ehs,ci95_hi_ehs\n"
            .to_owned();
    for (day, count) in (1..).zip(counts) {
        let day: usize = day;
        let _ = writeln!(text, "2022-01-{day:02},{count},{DIFFICULTY},174,150,200");
    }
    text
}

/// What somebody counted.
pub const COUNTS: [u64; 12] = [150, 139, 144, 160, 118, 120, 111, 125, 117, 149, 138, 152];

/// A folder with the scenario and its counts.
pub struct Desk {
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub fn new(toml: &str, counts: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("small.toml"), toml).expect("written");
        fs::write(folder.path().join("counts.csv"), counts).expect("written");
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn load(&self) -> Loaded {
        let source = Source::load(self.path("small.toml"));
        read(&source, &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    /// The rates of its replications.
    pub fn simulate(&self, loaded: &Loaded, replications: u32) -> Results {
        let plan = Plan::new(&loaded.system);
        let place = Place::new(&self.path("result")).expect("a place");
        let identity = identity(&loaded.digest, loaded.system.seed, 1, 1);
        let folder = block_folder(&place, &identity);
        let task = Task {
            folder: &folder,
            identity: &identity,
            first: 0,
            replications,
            jobs: 2,
        };
        let control = Control {
            stop: &AtomicBool::new(false),
            progress: &|_| {},
        };
        match run::<DayRates>(&plan, &task, &control).expect("it runs") {
            Outcome::Finished { results, .. } => *results,
            Outcome::Stopped { .. } => panic!("nobody stopped it"),
        }
    }
}

/// The small scenario with its rates.
pub fn small(replications: u32) -> (Loaded, Results, Vec<CountedDay>, Expected) {
    let desk = Desk::new(SMALL, &table(&COUNTS));
    let loaded = desk.load();
    let results = desk.simulate(&loaded, replications);
    let plan = Plan::new(&loaded.system);
    let days = counted_days(&plan);
    let expected = expected(&plan, &results, &days).expect("rates");
    // The columns are read lazily: all were, just now.
    (loaded, results, days, expected)
}

/// The simulation is ahead of the rival of this name, nats.
pub fn ahead_of(backtest: &Backtest, rival: &str) -> f64 {
    let mut rivals = backtest.rivals.iter();
    let rival = rivals.find(|story| story.name == rival).expect("a rival");
    backtest.ahead_of(rival).0
}
