//! Every (system, index) of the runs that has an exact value, under seeds 1 to 20.

use crate::held::{Held, LARGEST_ERROR, hold, hold_against};
use crate::page;
use crate::run;
use crate::runs::RUNS;
use hashfall::exact::Exact;
use hashfall::quantity::{Instant, MS_PER_HOUR};
use hashfall::system::Window;

/// Runs all seeds of a system and holds every index against its exact value.
fn holds(name: &str) {
    let run = run(name);
    println!("{name}: {} replications of each seed", run.replications);
    let rows = hold(&run.load().system, run.replications);
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

/// How the page is made anew.
pub const REMAKE: &str =
    "is not on the page: cargo run --release --example validation > docs/validation.md";

/// The page.
pub fn validation() -> String {
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

/// A test for each run, so that they share the processors.
macro_rules! held {
    ($($test:ident: $name:literal,)+) => {
        $(#[test]
        fn $test() {
            holds($name);
        })+

        const HELD: &[&str] = &[$($name),+];
    };
}

held! {
    rbts_has_its_exact_indices: "rbts",
    rbts_at_its_peak_has_its_exact_indices: "rbts at its peak in all hours",
    other_laws_have_their_exact_indices: "rbts with times of other laws",
    maintenance_has_its_exact_indices: "rbts with maintenance",
    units_of_three_states_have_their_exact_indices: "rbts-derated",
    rts79_has_its_exact_indices: "rts79",
    rts79_at_its_peak_has_its_exact_indices: "rts79 at its peak in all hours",
    rts79_with_an_uncertain_forecast_has_its_exact_indices: "rts79-lfu",
    interruptible_mining_has_its_exact_indices: "rts79-mining",
    less_mining_has_its_exact_indices: "rts79-mining of 50 MW",
    more_mining_has_its_exact_indices: "rts79-mining of 200 MW",
    two_areas_and_a_tie_have_their_exact_indices: "rts79-two-area",
    two_areas_without_a_tie_have_their_exact_indices: "rts79-two-area without a tie",
    two_areas_and_a_wide_tie_have_their_exact_indices: "rts79-two-area with a tie of 300 MW",
    two_areas_as_one_have_their_exact_indices: "rts79-two-area with a tie that never binds",
    rts_gmlc_has_its_exact_indices: "rts-gmlc as a copper plate at 1.2 of its load",
    a_toy_of_one_zone_has_its_exact_indices: "toy-one-zone",
    a_toy_of_varying_output_has_its_exact_indices: "toy-one-zone-varying",
    a_toy_of_two_zones_has_its_exact_indices: "toy-two-zones",
    three_zones_in_a_triangle_have_their_exact_indices: "triangle",
}

#[test]
fn every_run_is_held() {
    assert_eq!(RUNS.map(|run| run.name), HELD);
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
    let run = run("triangle");
    let mut system = run.load().system;
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
    let rows = hold_against(&system, 4 * run.replications, exact);
    assert_eq!(rows.len(), 8);
    all_hold("triangle, hour by hour", &rows);
}
