//! Plants beyond up and down, and what load and weather may be: states, maintenance, forecasts,
//! weather years, outputs by the hour.

#[path = "../support/mod.rs"]
mod support;

mod hourly;
mod maintenance;
mod profiles;
mod states;
mod uncertain;

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::scenario::{Source, read};
use hashfall::system::System;

/// A horizon of `hours` from a Wednesday on, without anything in it.
fn head(hours: u32) -> String {
    format!(
        "schema = 1\n[scenario]\nname = \"t\"\nstart = \"2020-01-01T00:00:00Z\"\nduration_hours = {hours}\n"
    )
}

/// The system of a scenario without a file.
fn system(text: &str) -> System {
    loaded(&Source::text(text))
}

fn loaded(source: &Source) -> System {
    match read(source, &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// The mistakes of a scenario, as text.
fn wrong(text: &str) -> String {
    match read(&Source::text(text), &[]) {
        Ok(_) => panic!("no mistake was found"),
        Err(mistakes) => mistakes.to_string(),
    }
}

/// Calls `look` at the begin of each replication.
fn each_begin(system: &System, replications: u32, look: impl FnMut(View<'_>)) {
    struct Begin<F>(F);
    impl<F: FnMut(View<'_>)> Recorder for Begin<F> {
        fn begin(&mut self, view: View<'_>) {
            (self.0)(view);
        }
        fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
    }
    let plan = Plan::new(system);
    let mut replicator = Replicator::new(&plan);
    let mut begin = Begin(look);
    for replication in 0..replications {
        replicator
            .replicate(replication, &mut begin, &mut Vec::new())
            .expect("a replication");
    }
}

/// Holds means of the system's indices against exact values, within four standard errors.
fn hold(system: &System, replications: u32, exact: &[(&str, f64)]) {
    let plan = Plan::new(system);
    let layout = GridEnsemble::layout(&plan);
    let mut ensemble = GridEnsemble::new(&plan);
    let (mut replicator, mut sink) = (Replicator::new(&plan), Sink::default());
    let mut sums = vec![(0.0, 0.0); exact.len()];
    for replication in 0..replications {
        ensemble
            .replicate(&mut replicator, replication, &mut sink)
            .expect("a replication");
        for (sum, (index, _)) in sums.iter_mut().zip(exact) {
            let column = layout.find("all", "system", index).expect("an index");
            let value = sink.row[column.slot] as f64 * column.scale;
            *sum = (sum.0 + value, sum.1 + value * value);
        }
    }
    let n = f64::from(replications);
    for ((sum, squares), (index, exact)) in sums.into_iter().zip(exact) {
        let mean = sum / n;
        let error = ((squares / n - mean * mean) / (n - 1.0)).sqrt();
        let z = (mean - exact) / error;
        println!("{index}: {mean} of {exact}, z = {z:+.2}");
        assert!(z.abs() < 4.0, "{index}: {mean} is {z} errors from {exact}");
        assert!(
            error < 0.05 * exact,
            "{index}: an error of {error} proves nothing"
        );
    }
}
