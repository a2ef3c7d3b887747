//! Every (built-in system, index) that has an exact value, under seeds 1 to 20.

use crate::held::{
    ENUMERATED, Held, LARGEST_ERROR, RUNS, SEEDS, digest, exact, hold, hold_against, scenario,
};
use crate::page;
use hashfall::exact::{Exact, answer};
use hashfall::quantity::{Instant, MS_PER_HOUR};
use hashfall::scenario::built_in;
use hashfall::system::Window;

/// The replications of each seed of a system.
fn replications(name: &str) -> u32 {
    let run = RUNS.into_iter().find(|run| run.0 == name);
    run.expect("a run").1
}

/// Runs all seeds of a system and holds every index against its exact value.
fn holds(name: &str) {
    let replications = replications(name);
    println!("{name}: {replications} replications of each seed");
    let rows = hold(&scenario(name).system, replications);
    all_hold(name, &rows);
    // The page says the same to the last digit.
    let page = validation();
    let section = page
        .split("\n## ")
        .find(|section| section.starts_with(&format!("{name}\n")));
    let section = section.unwrap_or_else(|| panic!("{name}: {REMAKE}"));
    for row in &rows {
        let line = page::line(name, row);
        assert!(section.contains(&line), "{line}{REMAKE}");
    }
}

const REMAKE: &str =
    "is not on the page: cargo run --release --example validation > docs/validation.md";

/// The page.
fn validation() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/validation.md");
    std::fs::read_to_string(path).expect("the page")
}

/// Holds every estimate against its exact value.
fn all_hold(name: &str, rows: &[Held]) {
    let mut failed = Vec::new();
    for row in rows {
        let pooled = row.standard_error() / row.exact.value;
        let what = format!(
            "{} {} {}",
            row.exact.window, row.exact.scope, row.exact.index
        );
        println!(
            "{what:28} exact {:14.6} estimate {:14.6} z {:+.2} mean z {:+.3} sum z² {:6.2} error {:.3} %",
            row.exact.value,
            row.mean(),
            row.z(),
            row.mean_z(),
            row.sum_z2(),
            100.0 * pooled
        );
        if !row.holds() || pooled > LARGEST_ERROR {
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

/// The triangle hour by hour, against the values that come with it.
#[test]
fn each_hour_of_the_triangle_has_its_exact_indices() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/exact/toy_systems.toml"
    );
    let toys: toml::Table = std::fs::read_to_string(path)
        .expect("the toys")
        .parse()
        .expect("they parse");
    let hourly = |key: &str| -> Vec<f64> {
        let values = toys["threenode"][key].as_array().expect("values by hour");
        values
            .iter()
            .map(|value| value.as_float().expect("a number"))
            .collect()
    };
    let mut system = scenario("triangle").system;
    let mut exact = Vec::new();
    for (index, unit, values) in [
        ("lole_h", "h", hourly("lolp")),
        ("eue_mwh", "MWh", hourly("eue_t")),
    ] {
        assert_eq!(values.len(), system.hours());
        exact.extend(values.into_iter().enumerate().map(|(hour, value)| Exact {
            window: format!("hour {hour}"),
            scope: "system".to_owned(),
            index,
            unit,
            value,
        }));
    }
    let hour = |hour: usize| Window {
        name: format!("hour {hour}"),
        from: Instant(hour as i64 * MS_PER_HOUR),
        until: Instant((hour as i64 + 1) * MS_PER_HOUR),
    };
    // The whole comes last.
    system.windows.splice(0..0, (0..system.hours()).map(hour));
    // Each hour by itself is short more seldom than all four.
    let rows = hold_against(&system, 4 * replications("triangle"), exact);
    assert_eq!(rows.len(), 8);
    all_hold("triangle, hour by hour", &rows);
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
        // Half of the last printed digit, or a part in a million.
        let error = (found - reference).abs();
        assert!(
            error <= 5.000_001e-7 || error <= 1e-6 * reference,
            "{row:?}: {found}"
        );
        count += 1;
    }
    assert_eq!(count, 20);
}

/// The page is that of the scenarios as they are now.
#[test]
fn the_page_is_that_of_the_present_scenarios() {
    let page = validation();
    for (name, replications) in RUNS {
        let n = u64::from(replications) * SEEDS.count() as u64;
        let says = format!(" {n} replications, scenario {}.", digest(&scenario(name)));
        assert!(
            page.contains(&format!("\n## {name}\n")) && page.contains(&says),
            "{name} {REMAKE}"
        );
    }
}
