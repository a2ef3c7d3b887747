//! Every (built-in system, index) that has an exact value, under seeds 1 to 20.

use crate::held::{ENUMERATED, RUNS, digest, exact, hold, scenario};
use hashfall::exact::{Exact, answer};
use hashfall::scenario::built_in;

/// Runs all seeds of a system and holds every index against its exact value.
fn holds(name: &str) {
    let run = RUNS.into_iter().find(|run| run.0 == name);
    let (_, replications, largest_error) = run.expect("a run");
    let rows = hold(&scenario(name).system, replications);
    println!("{name}: {replications} replications of each seed");
    let mut failed = Vec::new();
    for row in &rows {
        let pooled = row.standard_error() / row.exact.value;
        let what = format!("{} {}", row.exact.scope, row.exact.index);
        println!(
            "{what:28} exact {:14.6} estimate {:14.6} z {:+.2} mean z {:+.3} sum z² {:6.2} error {:.3} %",
            row.exact.value,
            row.mean(),
            row.z(),
            row.mean_z(),
            row.sum_z2(),
            100.0 * pooled
        );
        if !row.holds() || pooled > largest_error {
            failed.push(what);
        }
    }
    assert!(rows.len() >= 2 && failed.is_empty(), "{name}: {failed:?}");
}

#[test]
fn rbts_has_its_exact_indices() {
    holds("rbts");
}

#[test]
fn units_of_three_states_have_their_exact_indices() {
    holds("rbts-derated");
}

#[test]
fn rts79_has_its_exact_indices() {
    holds("rts79");
}

#[test]
fn rts79_with_an_uncertain_forecast_has_its_exact_indices() {
    holds("rts79-lfu");
}

#[test]
fn interruptible_mining_has_its_exact_indices() {
    holds("rts79-mining");
}

#[test]
fn two_areas_and_a_tie_have_their_exact_indices() {
    holds("rts79-two-area");
}

#[test]
fn rts_gmlc_as_a_copper_plate_has_its_exact_indices() {
    holds("rts-gmlc");
}

#[test]
fn toys_of_one_and_two_zones_have_their_exact_indices() {
    holds("toy-one-zone");
    holds("toy-one-zone-varying");
    holds("toy-two-zones");
}

#[test]
fn three_zones_in_a_triangle_have_their_exact_indices() {
    holds("triangle");
}

/// No built-in system with an exact answer is left out, and the exact values are those of a table
/// that was computed apart from this program.
#[test]
fn every_system_with_an_exact_answer_is_held() {
    for built_in in built_in() {
        let has_answer = answer(&scenario(built_in.name).system, false).is_ok()
            || ENUMERATED.iter().any(|row| row.0 == built_in.name);
        let is_held = RUNS.iter().any(|run| run.0 == built_in.name);
        assert_eq!(has_answer, is_held, "{}", built_in.name);
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/reference_indices.csv"
    );
    let reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_path(path);
    let rows = reader.expect("the reference indices").into_records();
    let mut count = 0;
    for row in rows.map(|row| row.expect("a row")) {
        let exact = exact(&scenario(&row[0]).system);
        let is_it = |found: &&Exact| found.scope == "system" && found.index == &row[1];
        let found = exact.iter().find(is_it);
        let found = found.unwrap_or_else(|| panic!("{row:?}")).value;
        let reference: f64 = row[3].parse().expect("a number");
        assert!(
            (found - reference).abs() < 6e-7 * reference.max(1.0),
            "{row:?}: {found}"
        );
        count += 1;
    }
    assert_eq!(count, 20);
}

/// The page is that of the scenarios as they are now.
#[test]
fn the_page_is_that_of_the_present_scenarios() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/validation.md");
    let page = std::fs::read_to_string(path).expect("the page");
    for (name, _, _) in RUNS {
        let loaded = scenario(name);
        let says = format!(", scenario {}.", digest(&loaded));
        assert!(
            page.contains(&format!("\n## {name}\n")) && page.contains(&says),
            "{name} has changed: cargo run --release --example validation > docs/validation.md"
        );
        for row in exact(&loaded.system) {
            let cells = format!("| {} | `{}` |", row.scope, row.index);
            let value = format!("| {:.6} |", row.value);
            let lines = page.lines().filter(|line| line.starts_with(&cells));
            assert!(
                lines.clone().any(|line| line.contains(&value)),
                "{name}: {row:?}"
            );
        }
    }
}
