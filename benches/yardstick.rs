//! How many times faster than the textbook's engine ours is, with the same indices recorded.
//!
//! Both engines are held to the exact values first; then they run in turns on one thread, and
//! the ratio is taken of each pair. `taskset -c 1 cargo bench --bench yardstick` pins the core.

mod processor;
mod textbook;

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::quantity::Instant;
use hashfall::random::DurationLaw;
use hashfall::scenario::{Source, read};
use hashfall::system::{LoadProfile, System};
use processor::{median, seconds};
use textbook::{Indices, Textbook};

const PAIRS: usize = 9;
/// Processor seconds that one half of a pair takes, about.
const TURN_SECONDS: f64 = 0.4;
/// Largest distance from an exact value, standard errors.
const MOST_ERRORS: f64 = 4.0;

/// A published system with its exact indices: h, MWh, 1, 1.
struct Case {
    name: &'static str,
    exact: [f64; 4],
    bound: Option<f64>,
}

const NAMES: [&str; 4] = ["LOLE h", "EUE MWh", "LOLF", "LOLEv"];
const CASES: [Case; 2] = [
    Case {
        name: "rts79",
        exact: [9.394175, 1176.298460, 2.019675, 1.913131],
        bound: Some(15.0),
    },
    Case {
        name: "rbts",
        exact: [1.091560, 9.861351, 0.228207, 0.218069],
        bound: None,
    },
];

fn main() {
    let mut is_within = true;
    for case in &CASES {
        let source = Source::built_in(case.name).expect("built in");
        let system = read(&source, &[]).expect("sound").system;
        is_within &= compare(case, &system);
        if case.name == "rts79" {
            is_within &= double_hours(&system);
        }
    }
    if !is_within {
        std::process::exit(1);
    }
}

/// Checks both engines against the exact values, then times them in turns; whether the ratio is
/// what was asked for.
fn compare(case: &Case, system: &System) -> bool {
    let mut textbook = Textbook::new(system, 7);
    let plan = Plan::new(system);
    let mut ours = Ours::new(&plan);
    println!(
        "{}: distance from the exact values, standard errors",
        case.name
    );
    check("textbook", &case.exact, 4_000, || textbook.replicate());
    check("hashfall", &case.exact, 40_000, || ours.replicate());

    let turn = |cost: f64| ((TURN_SECONDS / cost) as u32).max(1);
    let textbook_turn = turn(seconds(|| repeat(100, || textbook.replicate())) / 100.0);
    let our_turn = turn(seconds(|| repeat(1_000, || ours.replicate())) / 1_000.0);
    let (mut theirs_rate, mut our_rate) = (Vec::new(), Vec::new());
    let time_textbook = |rates: &mut Vec<f64>, textbook: &mut Textbook| {
        let spent = seconds(|| repeat(textbook_turn, || textbook.replicate()));
        rates.push(f64::from(textbook_turn) / spent);
    };
    for pair in 0..PAIRS {
        // Who goes first changes from pair to pair.
        if pair % 2 == 0 {
            time_textbook(&mut theirs_rate, &mut textbook);
        }
        let spent = seconds(|| repeat(our_turn, || ours.replicate()));
        our_rate.push(f64::from(our_turn) / spent);
        if pair % 2 == 1 {
            time_textbook(&mut theirs_rate, &mut textbook);
        }
    }
    let mut ratios: Vec<f64> = our_rate
        .iter()
        .zip(&theirs_rate)
        .map(|(a, b)| a / b)
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "{}: replications a core-second, median of {PAIRS} pairs",
        case.name
    );
    println!("  textbook {:>10.0}", median(theirs_rate));
    println!("  hashfall {:>10.0}", median(our_rate));
    let (low, high) = (ratios[0], ratios[PAIRS - 1]);
    let ratio = median(ratios);
    let is_within = case.bound.is_none_or(|bound| ratio >= bound);
    let bound = case.bound.map_or(String::new(), |bound| {
        let verdict = if is_within { "within" } else { "BELOW" };
        format!(", {verdict} the {bound} asked for")
    });
    println!("  ratio    {ratio:>10.2} ({low:.2} to {high:.2}){bound}\n");
    is_within
}

/// Our engine with the recorders of `hashfall run`.
struct Ours<'p> {
    replicator: Replicator<'p>,
    ensemble: GridEnsemble,
    sink: Sink,
    /// Slot and scale of the four indices of the system.
    columns: [(usize, f64); 4],
    next: u32,
}

impl<'p> Ours<'p> {
    fn new(plan: &'p Plan<'p>) -> Self {
        let layout = GridEnsemble::layout(plan);
        let column = |index| {
            let column = layout.find("all", "system", index).expect("published");
            (column.slot, column.scale)
        };
        Self {
            replicator: Replicator::new(plan),
            ensemble: GridEnsemble::new(plan),
            sink: Sink::default(),
            columns: ["lole_h", "eue_mwh", "lolf", "lolev"].map(column),
            next: 0,
        }
    }

    fn replicate(&mut self) -> Indices {
        let (replicator, sink) = (&mut self.replicator, &mut self.sink);
        self.ensemble
            .replicate(replicator, self.next, sink)
            .expect("a replication");
        self.next += 1;
        let [lole_h, eue_mwh, lolf, lolev] = self
            .columns
            .map(|(slot, scale)| self.sink.row[slot] as f64 * scale);
        Indices {
            lole_h,
            eue_mwh,
            lolf,
            lolev,
        }
    }
}

fn repeat(times: u32, mut replicate: impl FnMut() -> Indices) {
    for _ in 0..times {
        std::hint::black_box(replicate());
    }
}

/// Stops the bench where an engine is not the one it should be.
fn check(
    engine: &str,
    exact: &[f64; 4],
    replications: u32,
    mut replicate: impl FnMut() -> Indices,
) {
    let n = f64::from(replications);
    let (mut sums, mut squares) = ([0.0; 4], [0.0; 4]);
    for _ in 0..replications {
        let seen = replicate();
        for (k, x) in [seen.lole_h, seen.eue_mwh, seen.lolf, seen.lolev]
            .into_iter()
            .enumerate()
        {
            sums[k] += x;
            squares[k] += x * x;
        }
    }
    print!("  {engine}");
    for k in 0..4 {
        let mean = sums[k] / n;
        let error = ((squares[k] / n - mean * mean) / (n - 1.0)).sqrt();
        let distance = (mean - exact[k]) / error;
        print!("  {} {distance:+.2}", NAMES[k]);
        assert!(
            distance.abs() < MOST_ERRORS,
            "{engine}: {mean} is not {}",
            exact[k]
        );
    }
    println!();
}

/// Twice the hours at the same number of events: every hour and every duration twice as long;
/// whether it costs no more than asked for.
fn double_hours(system: &System) -> bool {
    let mut long = system.clone();
    long.horizon.0 *= 2;
    for window in &mut long.windows {
        (window.from, window.until) = (Instant(window.from.0 * 2), Instant(window.until.0 * 2));
    }
    for zone in &mut long.zones {
        let hours = zone.load.hourly.iter().flat_map(|&load| [load, load]);
        zone.load = LoadProfile::new(hours.collect());
    }
    for outages in long
        .units
        .iter_mut()
        .filter_map(|unit| unit.outages.as_mut())
    {
        let double = |law: DurationLaw| DurationLaw::Exponential {
            mean_h: 2.0 * law.mean_h(),
        };
        (outages.up, outages.down) = (double(outages.up), double(outages.down));
    }
    let (plan, long_plan) = (Plan::new(system), Plan::new(&long));
    let (mut ours, mut longer) = (Ours::new(&plan), Ours::new(&long_plan));
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let once = seconds(|| repeat(10_000, || ours.replicate()));
        ratios.push(seconds(|| repeat(10_000, || longer.replicate())) / once);
    }
    let ratio = median(ratios);
    println!(
        "{}: twice the hours cost {ratio:.2} times, {} the 1.2 asked for at most\n",
        system.name,
        if ratio <= 1.2 { "within" } else { "OVER" }
    );
    ratio <= 1.2
}
