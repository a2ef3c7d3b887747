//! The built-in scenario that asks for blocks: question and answer of the manual.

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, MiningEnsemble, Sink};
use hashfall::scenario::{Source, read};

/// Rows of an index of the window `dark`, in its unit, sorted.
fn rows(overrides: &[(&str, &str)], index: &[&str], replications: u32) -> Vec<Vec<f64>> {
    let source = Source::built_in("country-dark-5-days").expect("it is built in");
    let overrides: Vec<_> = overrides
        .iter()
        .map(|&(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let system = read(&source, &overrides).expect("it is valid").system;
    let plan = Plan::new(&system);
    let layout = MiningEnsemble::layout(&plan);
    let columns: Vec<_> = index
        .iter()
        .map(|index| {
            layout
                .find("dark", "network", index)
                .expect("it is published")
        })
        .collect();
    let mut values = vec![Vec::new(); columns.len()];
    let (mut ensemble, mut replicator) = (MiningEnsemble::new(&plan), Replicator::new(&plan));
    let mut sink = Sink::default();
    for replication in 0..replications {
        ensemble
            .replicate(&mut replicator, replication, &mut sink)
            .expect("it runs");
        for (values, column) in values.iter_mut().zip(&columns) {
            values.push(sink.row[column.slot] as f64 * column.scale);
        }
    }
    for values in &mut values {
        values.sort_by(f64::total_cmp);
    }
    values
}

#[test]
fn five_dark_days_of_18_percent() {
    let n = 10_000;
    let wanted = ["blocks_short", "longest_gap_min", "days_to_retarget"];
    let [short, gap, days] = &rows(&[], &wanted, n)[..] else {
        panic!("three columns");
    };
    let percentile = |sorted: &[f64], p: f64| sorted[(p * f64::from(n)).ceil() as usize - 1];
    for (p, expected) in [(0.05, 88.0), (0.5, 128.0), (0.95, 168.0), (0.99, 185.0)] {
        let seen = percentile(short, p);
        assert!((seen - expected).abs() <= 2.0, "P{p}: {seen} short");
    }
    for (p, expected) in [(0.5, 82.0), (0.99, 134.0)] {
        let seen = percentile(gap, p);
        assert!((seen - expected).abs() <= 2.0, "P{p}: {seen} min");
    }
    let mean = days.iter().sum::<f64>() / f64::from(n);
    let variance = days.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / f64::from(n - 1);
    let error = (variance / f64::from(n)).sqrt();
    assert!(
        (mean - 7.77).abs() < 3.0 * error + 0.005,
        "{mean} +- {error}"
    );
}

/// Where the chain is may be given: a full epoch ahead takes longest.
#[test]
fn a_given_height_fixes_the_phase() {
    let full = rows(&[("blocks.height", "721728")], &["days_to_retarget"], 400);
    let last = rows(&[("blocks.height", "721727")], &["days_to_retarget"], 400);
    assert!(full[0].iter().all(|&days| (13.0..17.5).contains(&days)));
    assert!(last[0].iter().all(|&days| days < 0.3));
}
