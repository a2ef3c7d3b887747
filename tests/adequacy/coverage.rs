//! How often a 95 % interval holds the exact value.

use crate::held::{estimates, exact};
use crate::run;
use hashfall::stats::Estimate;
use rayon::prelude::*;

/// Short runs, each with a seed of its own.
const RUNS: u64 = 2_000;

/// The share of short runs whose intervals hold the exact value, for each index.
fn coverage(name: &str, replications: u32) {
    let system = run(name).load().system;
    let exact = exact(&system);
    let runs: Vec<Vec<Estimate>> = (1..=RUNS)
        .into_par_iter()
        .map(|seed| estimates(&system, seed, replications, &exact))
        .collect();
    println!("{name}: {RUNS} runs of {replications} replications");
    let mut outside = Vec::new();
    for (at, exact) in exact.iter().enumerate() {
        let of_index = || runs.iter().map(|run| run[at]);
        let holds = |run: &Estimate| (run.lower_95..=run.upper_95).contains(&exact.value);
        let share = of_index().filter(holds).count() as f64 / RUNS as f64;
        // All of them together, by their own spread.
        let mean = of_index().map(|run| run.mean).sum::<f64>() / RUNS as f64;
        let squares: f64 = of_index().map(|run| (run.mean - mean).powi(2)).sum();
        let error = squares.sqrt() / RUNS as f64;
        println!(
            "{} {}: {:.2} %; mean {mean:.6} ± {error:.6}, exact {:.6}",
            exact.scope,
            exact.index,
            100.0 * share,
            exact.value
        );
        if !(0.93..=0.97).contains(&share) {
            outside.push((exact.index, share));
        }
    }
    assert!(outside.is_empty(), "{name}: {outside:?}");
}

/// `cargo test --release --test adequacy coverage -- --ignored --nocapture`
#[test]
#[ignore = "minutes: run it in release"]
fn intervals_of_short_runs_of_rts79_hold_the_exact_values() {
    coverage("rts79", 1_000);
}

/// Rarer shortages are more skewed, and take longer runs.
#[test]
#[ignore = "minutes: run it in release"]
fn intervals_of_short_runs_of_rbts_hold_the_exact_values() {
    coverage("rbts", 5_000);
}
