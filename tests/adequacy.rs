//! Generation adequacy of published systems, against their exact indices.
//!
//! Seeds 1 to 20, exactly these: each gives a mean with its own standard error, and so a z. If
//! the engine counts right the z are standard normal: their mean has a standard deviation of
//! 0.22, and the sum of their squares is chi-square with 20 degrees of freedom.

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::scenario::{Source, read};
use rayon::prelude::*;

/// The largest |mean of z| accepted, 3.6 of its standard deviations.
const LARGEST_MEAN_Z: f64 = 0.8;
/// The 99.99 % point of chi-square with 20 degrees of freedom.
const LARGEST_SUM_Z2: f64 = 52.386;
/// Largest pooled standard error over the exact value.
const LARGEST_POOLED_ERROR: f64 = 0.01;
const SEEDS: u64 = 20;

/// Exact values of a system: (index, value).
fn exact(system: &str) -> Vec<(String, f64)> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/reference_indices.csv"
    );
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(path)
        .expect("the reference indices");
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.filter(|row| &row[0] == system)
        .map(|row| (row[1].to_owned(), row[3].parse().expect("a number")))
        .collect()
}

/// Mean and squared standard error of each index under one seed.
fn under_seed(name: &str, seed: u64, replications: u32, indices: &[String]) -> Vec<(f64, f64)> {
    let path = format!("{}/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let mut system = match read(&Source::load(path), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    };
    system.seed = seed;
    let plan = Plan::new(&system);
    let layout = GridEnsemble::layout(&plan);
    let columns: Vec<_> = indices
        .iter()
        .map(|index| layout.find("all", "system", index).expect("an index"))
        .collect();
    let mut sums = vec![(0.0, 0.0); columns.len()];
    let mut ensemble = GridEnsemble::new(&plan);
    let mut replicator = Replicator::new(&plan);
    let mut sink = Sink::default();
    for replication in 0..replications {
        ensemble
            .replicate(&mut replicator, replication, &mut sink)
            .expect("a replication");
        for (sum, column) in sums.iter_mut().zip(&columns) {
            let value = sink.row[column.slot] as f64 * column.scale;
            sum.0 += value;
            sum.1 += value * value;
        }
    }
    let n = f64::from(replications);
    let estimate = |(sum, squares): (f64, f64)| {
        let mean = sum / n;
        (mean, (squares / n - mean * mean) / (n - 1.0))
    };
    sums.into_iter().map(estimate).collect()
}

/// Runs all seeds of a system and holds every index against its exact value.
fn hold(name: &str, replications: u32) {
    let (indices, exact): (Vec<String>, Vec<f64>) = exact(name).into_iter().unzip();
    let seeds: Vec<Vec<(f64, f64)>> = (1..=SEEDS)
        .into_par_iter()
        .map(|seed| under_seed(name, seed, replications, &indices))
        .collect();
    println!("{name}: {SEEDS} seeds of {replications} replications");
    println!("index      exact        pooled mean  mean z   sum z^2  pooled error");
    let mut failed = Vec::new();
    for (at, (index, exact)) in indices.iter().zip(exact).enumerate() {
        let z = |seed: &Vec<(f64, f64)>| (seed[at].0 - exact) / seed[at].1.sqrt();
        let mean_z = seeds.iter().map(z).sum::<f64>() / SEEDS as f64;
        let sum_z2: f64 = seeds.iter().map(|seed| z(seed).powi(2)).sum();
        let mean = seeds.iter().map(|seed| seed[at].0).sum::<f64>() / SEEDS as f64;
        let pooled = seeds.iter().map(|seed| seed[at].1).sum::<f64>().sqrt() / SEEDS as f64 / exact;
        println!(
            "{index:8} {exact:12.6} {mean:12.6} {mean_z:+9.3} {sum_z2:9.2} {:9.3} %",
            100.0 * pooled
        );
        if mean_z.abs() >= LARGEST_MEAN_Z
            || sum_z2 >= LARGEST_SUM_Z2
            || pooled > LARGEST_POOLED_ERROR
        {
            failed.push(index);
        }
    }
    assert!(failed.is_empty(), "{name}: {failed:?}");
}

#[test]
fn rts79_has_its_exact_indices() {
    // A year's EUE has a standard deviation of 2,922 MWh: 1 % of 1,176 takes 61,700 years.
    hold("rts79", 3_300);
}

#[test]
fn rts79_with_an_uncertain_forecast_has_its_exact_indices() {
    hold("rts79-lfu", 3_900);
}

#[test]
fn units_of_three_states_have_their_exact_indices() {
    hold("rbts-derated", 32_000);
}

#[test]
fn three_zones_in_a_triangle_have_their_exact_indices() {
    hold("triangle", 4_000);
}

#[test]
fn rbts_has_its_exact_indices() {
    hold("rbts", 25_000);
}
