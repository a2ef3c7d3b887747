//! The worst of a year and the worst years: greatest depth and duration, VaR and CVaR.

use crate::indices::{results, system};
use crate::runs::load;
use hashfall::engine::Plan;
use hashfall::experiment::Results;
use hashfall::measure::ShortageTeller;
use hashfall::report::SummaryRow;
use hashfall::report::summary::rows;
use std::sync::Arc;

fn column(results: &Results, scope: &str, index: &str) -> Arc<[i64]> {
    let column = results.layout.find("all", scope, index).expect("an index");
    results.slot(column.slot).expect("a column")
}

/// The deepest and the longest of a replication's shortages, told one by one.
#[test]
fn the_worst_of_a_year_are_those_of_its_shortages() {
    for name in ["rts79-two-area", "rts79-lfu"] {
        let system = load(name, &[]).system;
        let plan = Plan::new(&system);
        const N: u32 = 300;
        let results = results(&plan, N, 2);
        let mut teller = ShortageTeller::new(&plan);
        let scopes: Vec<(Option<usize>, String)> = match &system.zones[..] {
            [_] => vec![(None, "system".into())],
            zones => (0..zones.len())
                .map(|zone| (Some(zone), format!("zone/{}", zones[zone].name)))
                .chain([(None, "system".into())])
                .collect(),
        };
        let mut short = 0;
        for replication in 0..N {
            let told = teller.tell(replication).expect("a replication").to_vec();
            for (zone, scope) in &scopes {
                let of = |index: &str| column(&results, scope, index)[replication as usize];
                let own = told.iter().filter(|one| one.zone == *zone);
                let depth = own.clone().map(|one| one.depth.0).max().unwrap_or(0);
                let longest = own.map(|one| one.duration().0).max().unwrap_or(0);
                assert_eq!(of("max_depth_mw"), depth, "{name} {scope} {replication}");
                assert_eq!(
                    of("max_duration_h"),
                    longest,
                    "{name} {scope} {replication}"
                );
                let (time_ms, energy_wh) = (of("lole_h") as f64, of("eue_mwh") as f64);
                assert_eq!(time_ms > 0.0, depth > 0);
                if depth > 0 {
                    short += 1;
                    // No shallower than the mean, but for the watt-hour's rounding.
                    assert!(depth as f64 * time_ms / 3.6e6 >= energy_wh - 0.5);
                    let mean_ms = time_ms / of("lolf") as f64;
                    assert!(longest as f64 >= mean_ms && longest as f64 <= time_ms);
                }
            }
        }
        assert!(short > 50, "{name}: only {short} are ever short");
    }
}

fn row<'a>(rows: &'a [SummaryRow], scope: &str, index: &str) -> &'a SummaryRow {
    let found = rows.iter().find(|row| row.is("all", scope, index));
    found.unwrap_or_else(|| panic!("no {index} of {scope}"))
}

#[test]
fn tails_are_in_order() {
    let system = load("rts79-two-area", &[]).system;
    let plan = Plan::new(&system);
    let rows = rows(&plan, &results(&plan, 1_500, 2)).expect("rows");
    for scope in ["zone/a", "zone/b", "system"] {
        for index in ["eue_mwh", "lole_h"] {
            let of = |name: &str| row(&rows, scope, &format!("{name}_{index}"));
            let mean = |name: &str| of(name).mean.expect("a mean");
            let whole = row(&rows, scope, index);
            let [var95, cvar95, var99, cvar99] = ["var95", "cvar95", "var99", "cvar99"].map(mean);
            assert!(whole.mean.expect("a mean") <= cvar95);
            assert!(var95 <= cvar95 && var99 <= cvar99, "{scope} {index}");
            assert!(var95 <= var99 && cvar95 <= cvar99, "{scope} {index}");
            assert_eq!((Some(var95), Some(var99)), (whole.p95, whole.p99));
            for name in ["cvar95", "cvar99"] {
                assert!(of(name).standard_error.is_some_and(|error| error > 0.0));
                assert_eq!(of(name).interval, "influence function");
            }
            for name in ["var95", "var99"] {
                assert_eq!(of(name).standard_error, None);
                assert_eq!(of(name).interval, "order statistics");
                assert!(of(name).lower_95 <= of(name).mean);
            }
        }
        let mean_depth = row(&rows, scope, "depth_mw").mean;
        for index in ["max_depth_mw", "max_duration_h"] {
            let row = row(&rows, scope, index);
            assert!(row.standard_error.is_some_and(|error| error > 0.0));
            assert!(row.p50 <= row.p90 && row.p90 <= row.p99 && row.p99.is_some());
        }
        // Of futures with any shortage the deepest exceeds the mean depth.
        assert!(row(&rows, scope, "max_depth_mw").p99 > mean_depth);
    }
}

/// Load of 100 MW and 105 MW to serve it, an outage of `hours` on top.
fn firm(outage: &str) -> String {
    format!(
        r#"
        schema = 1
        [scenario]
        name = "firm"
        start = "2024-03-05T00:00:00Z"
        duration_hours = 24
        [[zone]]
        name = "town"
        load_mw = 100
        [[plant]]
        name = "one"
        zone = "town"
        capacity_mw = 105
        {outage}
    "#
    )
}

/// What was nothing in every future is bounded by the rule of three: the time short in the worst
/// twentieth by twenty times the bound of its mean, and by the whole day.
#[test]
fn a_tail_that_never_happened_has_no_error_of_nothing() {
    let system = system(&firm(""));
    let plan = Plan::new(&system);
    let rows = rows(&plan, &results(&plan, 2_000, 1)).expect("rows");
    for index in [
        "cvar95_lole_h",
        "cvar99_lole_h",
        "cvar95_eue_mwh",
        "cvar99_eue_mwh",
        "max_depth_mw",
        "max_duration_h",
    ] {
        let row = row(&rows, "system", index);
        assert_eq!((row.mean, row.standard_error), (Some(0.0), None), "{index}");
        assert_eq!(row.interval, "rule of three", "{index}");
    }
    let upper = |index: &str| row(&rows, "system", index).upper_95;
    let near = |found: Option<f64>, by_hand: f64| {
        assert!(
            found.is_some_and(|found| (found - by_hand).abs() < 1e-9),
            "{found:?} {by_hand}"
        );
    };
    near(upper("lole_h"), 24.0 * 3.0 / 2_000.0);
    near(upper("cvar95_lole_h"), 20.0 * 24.0 * 3.0 / 2_000.0);
    near(upper("cvar99_lole_h"), 100.0 * 24.0 * 3.0 / 2_000.0);
    assert_eq!(upper("cvar99_eue_mwh"), None);
    near(upper("max_duration_h"), 24.0 * 3.0 / 2_000.0);
    assert_eq!(upper("max_depth_mw"), None);
}

/// Of too few futures the tail is its first value, and nothing is known of its error.
#[test]
fn a_tail_of_few_futures_says_so() {
    let outage = r#"planned = [{ from = "2024-03-05T08:00:00Z", until = "2024-03-05T10:30:00Z" }]"#;
    let system = system(&firm(outage));
    let plan = Plan::new(&system);
    let rows = rows(&plan, &results(&plan, 50, 1)).expect("rows");
    let of = |index: &str| row(&rows, "system", index);
    for index in [
        "var95_lole_h",
        "cvar95_lole_h",
        "var99_lole_h",
        "cvar99_lole_h",
    ] {
        assert_eq!(of(index).mean, Some(2.5), "{index}");
    }
    for index in ["cvar95_eue_mwh", "cvar99_eue_mwh"] {
        assert_eq!(of(index).mean, Some(250.0), "{index}");
    }
    assert_eq!(of("max_depth_mw").mean, Some(100.0));
    assert_eq!(of("max_duration_h").mean, Some(2.5));
    // 47.5 of 50 futures: two lie beyond. 49.5: none does.
    assert_eq!(of("cvar95_lole_h").interval, "influence function");
    assert_eq!(of("cvar99_lole_h").interval, "unknown");
    assert_eq!(of("cvar99_lole_h").standard_error, None);
}
