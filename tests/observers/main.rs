//! Named observers: the estimators against published numbers over real blocks, against exact
//! values, and over simulated futures.

mod consequences;
mod mistakes;
mod real;
mod simulated;

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, MiningEnsemble, Sink};
use hashfall::scenario::{Source, read};
use hashfall::system::System;

/// A built-in scenario with overrides.
fn built_in(name: &str, overrides: &[(&str, &str)]) -> System {
    let source = Source::built_in(name).expect("it is built in");
    let overrides: Vec<_> = overrides
        .iter()
        .map(|&(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    read(&source, &overrides).expect("it is valid").system
}

/// A scenario from its text.
fn written(text: &str) -> System {
    match read(&Source::text(text), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// Values of one index (window, scope, index) over replications, in its unit.
fn values(system: &System, wanted: &[(&str, &str, &str)], replications: u32) -> Vec<Vec<f64>> {
    let plan = Plan::new(system);
    let layout = MiningEnsemble::layout(&plan);
    let columns: Vec<_> = wanted
        .iter()
        .map(|(window, scope, index)| {
            layout
                .find(window, scope, index)
                .unwrap_or_else(|| panic!("{scope} publishes {index}"))
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
    values
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}
