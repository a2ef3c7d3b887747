//! The systems that benches take apart, and the parts that their work falls into.

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, MiningEnsemble, Sink};
use hashfall::scenario::{Source, read};
use hashfall::system::System;

/// RTS-GMLC at 1.2 times its load: by itself it hardly ever fails.
pub const GMLC: &str = "rts-gmlc x1.2";

/// A built-in system, or [`GMLC`].
pub fn system(name: &str) -> System {
    let (scenario, overrides) = match name {
        GMLC => (
            "rts-gmlc",
            vec![("zone.*.scale".to_owned(), "1.2".to_owned())],
        ),
        name => (name, vec![]),
    };
    let source = Source::built_in(scenario).expect("built in");
    read(&source, &overrides).expect("sound").system
}

/// Replications `first` to `first + count` with the recorders of `hashfall run`; their events.
pub fn run(plan: &Plan<'_>, first: u32, count: u32) -> u64 {
    fn with<E: Ensemble>(plan: &Plan<'_>, first: u32, count: u32) -> u64 {
        let (mut replicator, mut ensemble) = (Replicator::new(plan), E::new(plan));
        let mut sink = Sink::default();
        let mut replicate = |k| ensemble.replicate(&mut replicator, k, &mut sink);
        (first..first + count)
            .map(|k| replicate(k).expect("a replication").events)
            .sum()
    }
    if plan.system.farms.is_empty() {
        with::<GridEnsemble>(plan, first, count)
    } else {
        with::<MiningEnsemble>(plan, first, count)
    }
}

/// What work is for: futures drawn; events applied and state kept; who is served; and what
/// recorders write down.
pub const PARTS: [&str; 4] = ["drawing", "settling", "dispatch", "recording"];

/// The part a function belongs to, by its path. What the compiler put into another function
/// counts as that one's.
pub fn part_of(function: &str) -> usize {
    let is_of = |paths: &[&str]| paths.iter().any(|path| function.contains(path));
    if is_of(&["measure::", "hashfall::stats::"]) {
        3
    } else if is_of(&["dispatch::", "refresh_balance", "ladder"]) {
        2
    } else if is_of(&[
        "engine::draw",
        "alternate",
        "chain",
        "random::",
        "libm::",
        "prepared",
    ]) {
        0
    } else {
        1
    }
}

/// The parts of a whole in percent, in a line of columns.
pub fn shares(parts: [f64; PARTS.len()]) -> String {
    let total: f64 = parts.iter().sum();
    parts
        .map(|part| format!("{:>8.1} %", 100.0 * part / total))
        .join("")
}

/// The heads of those columns.
pub fn heads() -> String {
    PARTS.map(|part| format!("{part:>10}")).join("")
}
