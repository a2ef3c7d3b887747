//! What the pieces do beyond the hand calculation of each cause: starts, windows, failover,
//! orders, contracts' neighbours, overlaps. Randomness off, sums by hand.

#[path = "../support/mod.rs"]
mod support;

mod links;
mod orders;
mod plants;
mod zones;

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::measure::tell;
use hashfall::quantity::{Instant, MS_PER_HOUR, Power, Span};
use hashfall::random::StreamId;
use hashfall::system::*;
use support::*;

fn close(actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() < 1e-5 * expected.abs().max(1e-3),
        "{actual} against {expected}"
    );
}

/// EH/s-days lost when `ehs` is missing for `hours`.
fn lost(ehs: f64, hours: f64) -> f64 {
    ehs * hours / 24.0
}

fn hours(hours: f64) -> Span {
    Span::from_hours(hours)
}

fn moment(at_h: f64) -> Moment {
    Moment {
        at: Instant(hours(at_h).0),
        plus_minutes: Value::Fixed(0.0),
    }
}

fn load(system: &mut System, mw: &[f64]) {
    let hourly = mw.iter().map(|&mw| Power::from_megawatts(mw)).collect();
    system.zones[0].load = LoadProfile::new(hourly);
}

/// One zone of 900 MW firm load with 1,000 MW of plant, one farm of 100 MW (2 EH/s).
fn small(hours: i64) -> System {
    let mut system = empty(hours);
    internet(&mut system);
    let zone = flat_zone(&mut system, "north", 900.0);
    let class = class(&mut system, "coal", 10.0, 1.0);
    plant(&mut system, "base", (zone, class), 1, 1000.0, None);
    farm(&mut system, "farm", zone, 100.0);
    system
}

/// A staircase: (minutes, percent).
fn staircase(steps: &[(f64, i64)]) -> StartProfile {
    let step = |&(minutes, percent): &(f64, i64)| StartStep {
        after: Span::from_minutes(minutes),
        share_ppm: percent * 10_000,
    };
    StartProfile {
        steps: steps.iter().map(step).collect(),
    }
}

/// Runs a replication without recorders and reads something off its end.
fn run_light(system: &System, replication: u32, read: impl Fn(View<'_>) -> f64) -> f64 {
    let plan = Plan::new(system);
    let mut replicator = Replicator::new(&plan);
    replicator
        .replicate(replication, &mut (), &mut vec![])
        .expect("a replication");
    read(replicator.view())
}

/// Within three standard errors.
fn within(value: f64, exact: f64, error: f64) {
    let z = (value - exact) / error;
    println!("{value:.5} is {exact:.5} at z = {z:+.2}");
    assert!(z.abs() < 3.0, "{value} against {exact}, z = {z}");
}
