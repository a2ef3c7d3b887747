//! Nothing that has an exact value is left out, and the page is of what is simulated.

use crate::exact_values::{REMAKE, validation};
use crate::held::{ENUMERATED, SEEDS, StrainEnsemble, exact};
use crate::run;
use crate::runs::{RUNS, Run, digest, load};
use hashfall::engine::{Plan, Replicator};
use hashfall::exact::{Exact, answer};
use hashfall::measure::{Ensemble, MiningEnsemble, Sink};
use hashfall::scenario::built_in;
use hashfall::system::System;
use std::collections::BTreeSet;

/// The rows of a table of `tests/data`.
fn table(file: &str) -> Vec<csv::StringRecord> {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(path);
    let rows = reader.expect("a table").into_records();
    rows.map(|row| row.expect("a row")).collect()
}

/// No built-in system with an exact answer is left out.
#[test]
fn every_system_with_an_exact_answer_is_held() {
    for built_in in built_in() {
        let has_answer = answer(&load(built_in.name, &[]).system, false).is_ok()
            || ENUMERATED.iter().any(|row| row.0 == built_in.name);
        let is_held = |run: &Run| run.scenario == built_in.name && run.set.is_empty();
        assert_eq!(has_answer, RUNS.iter().any(is_held), "{}", built_in.name);
    }
}

/// The exact values are those of a table that was computed apart from this program.
#[test]
fn exact_values_are_those_of_the_table() {
    let rows = table("reference_indices.csv");
    for row in &rows {
        let exact = exact(&load(&row[0], &[]).system);
        let is_it = |found: &&Exact| found.scope == "system" && found.index == &row[1];
        let found = exact.iter().find(is_it);
        let found = found.unwrap_or_else(|| panic!("{row:?}")).value;
        let reference: f64 = row[3].parse().expect("a number");
        // Half of the last printed digit, or a part in a million.
        let error = (found - reference).abs();
        assert!(
            error <= 5.000_001e-7 || error <= 1e-6 * reference,
            "{row:?}: {found}"
        );
    }
    assert_eq!(rows.len(), 20);
}

/// One size of each run of a scenario, MW.
fn sizes(scenario: &str, size_mw: impl Fn(&System) -> f64) -> BTreeSet<u64> {
    let runs = RUNS.iter().filter(|run| run.scenario == scenario);
    runs.map(|run| size_mw(&run.load().system).round() as u64)
        .collect()
}

/// Each tie and each farm of the tables in `tests/data/exact` is simulated, and no other.
#[test]
fn ties_and_farms_are_those_of_the_tables() {
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let ties = sizes("rts79-two-area", |system| {
        system.lines[0].forward_mw.get(&[])
    });
    // The largest limit that a scenario takes is above all that a tie could ever carry.
    let of_table = |row: &csv::StringRecord| number(&row[0]).min(1e5) as u64;
    let rows = table("exact/two_area_rts79.csv");
    assert_eq!(ties, rows.iter().map(of_table).collect());

    let farms = sizes("rts79-mining", |system| {
        system.farms[0].installed.0 as f64 * 1e-6
    });
    // No built-in scenario has RBTS with a farm.
    let rows = table("exact/mining_layer.csv").into_iter();
    let rows = rows.filter(|row| &row[0] == "rts79");
    assert_eq!(farms, rows.map(|row| number(&row[1]) as u64).collect());
}

/// Fewer recorders than `hashfall run` has record the same.
#[test]
fn strain_by_itself_is_that_of_a_whole_run() {
    let system = run("rts79-mining of 200 MW").load().system;
    let plan = Plan::new(&system);
    let layout = StrainEnsemble::layout(&plan);
    let whole_layout = MiningEnsemble::layout(&plan);
    let mut replicator = Replicator::new(&plan);
    let (mut few, mut all) = (StrainEnsemble::new(&plan), MiningEnsemble::new(&plan));
    let (mut sink, mut whole) = (Sink::default(), Sink::default());
    let mut curtailed = 0;
    for replication in 0..20 {
        few.replicate(&mut replicator, replication, &mut sink)
            .expect("a replication");
        all.replicate(&mut replicator, replication, &mut whole)
            .expect("a replication");
        for column in &layout.columns {
            let of_whole = whole_layout.find(&column.window, &column.scope, &column.index);
            let of_whole = of_whole.expect("all that few record").slot;
            assert_eq!(sink.row[column.slot], whole.row[of_whole], "{column:?}");
            let is_it = column.index == "curtailed_mining_mwh";
            curtailed += i64::from(is_it && sink.row[column.slot] > 0);
        }
    }
    assert!(curtailed >= 10, "mining is curtailed in {curtailed} of 20");
}

/// The page is that of the scenarios as they are now.
#[test]
fn the_page_is_that_of_the_present_scenarios() {
    let page = validation();
    for run in RUNS {
        let n = u64::from(run.replications) * SEEDS.count() as u64;
        let says = format!(" {n} replications, scenario {}.", digest(&run.load()));
        assert!(
            page.contains(&format!("\n## {}\n", run.name)) && page.contains(&says),
            "{} {REMAKE}",
            run.name
        );
    }
    // And of nothing else but the sources.
    assert_eq!(page.matches("\n## ").count(), RUNS.len() + 1, "{REMAKE}");
}
