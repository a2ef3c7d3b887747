//! Scenarios: laws, planned outages, the engine without chance, and what has no answer.

use super::support::{built_in, exact, is_near, of, system};
use hashfall::engine::{Plan, Replicator};
use hashfall::exact::{Obstacle, answer};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::system::System;

/// Times that are not exponential change what is seen on the hour, and nothing else.
#[test]
fn other_laws_leave_all_but_the_hourly_count() {
    let laws = [
        ("plant.*.up_law", "{ weibull_shape = 2.0 }"),
        ("plant.*.down_law", "{ lognormal_cv = 1.2 }"),
    ];
    let (plain, other) = (
        exact(&built_in("rbts", &[])),
        exact(&built_in("rbts", &laws)),
    );
    for row in plain.rows.iter().filter(|row| row.index != "lolev") {
        assert_eq!(
            other.find("all", &row.scope, row.index),
            Some(row.value),
            "{row:?}"
        );
    }
    assert_eq!(other.find("all", "system", "lolev"), None);
    let system = other
        .missing
        .iter()
        .find(|missing| missing.scope == "system");
    let system = system.expect("it says so");
    assert_eq!((system.index, &system.reason), ("lolev", &Obstacle::Memory));
}

/// Lines between the same two zones are one tie; the N-1 rule takes the largest circuit away.
#[test]
fn several_lines_are_one_tie() {
    let area = |lines: &str| {
        let mut text = String::from(
            "schema = 1\n[scenario]\nname = \"ties\"\nstart = \"2024-01-01T00:00:00Z\"\nduration_hours = 2\n",
        );
        for (zone, load) in [("a", 25), ("b", 20)] {
            text += &format!(
                "[[zone]]\nname = \"{zone}\"\nload_mw = {load}\n[[plant]]\nname = \"of-{zone}\"\n\
                 zone = \"{zone}\"\nunits = 4\ncapacity_mw = 9\nmttf_h = 40\nmttr_h = 10\n"
            );
        }
        let answer = exact(&system(&(text + lines)));
        ["zone/a", "zone/b", "system"].map(|scope| of(&answer, scope, "eue_mwh"))
    };
    let line = |name: &str, ends: [&str; 2], keys: &str| {
        let [from, to] = ends;
        format!("[[line]]\nname = \"{name}\"\nfrom = \"{from}\"\nto = \"{to}\"\n{keys}\n")
    };
    let (there, back) = (["a", "b"], ["b", "a"]);
    let one = area(&line("one", there, "capacity_mw = 8\nbackward_mw = 5"));
    let parts = line("one", there, "capacity_mw = 5\nbackward_mw = 1")
        + &line("two", back, "capacity_mw = 4\nbackward_mw = 3");
    let fails = "mttf_h = 30\nmttr_h = 5\n";
    let circuits = area(&line(
        "one",
        there,
        &format!("capacity_mw = 8\ncircuits = 2\n{fails}"),
    ));
    let singly = line("one", there, &format!("capacity_mw = 4\n{fails}"))
        + &line("two", back, &format!("capacity_mw = 4\n{fails}"));
    let rule = "n_minus_1 = true";
    let secured = line(
        "one",
        there,
        &format!("capacity_mw = 8\nbackward_mw = 5\n{rule}"),
    ) + &line(
        "two",
        back,
        &format!("capacity_mw = 60\nbackward_mw = 70\n{rule}"),
    );
    let pairs = [
        (one, area(&parts)),
        (circuits, area(&singly)),
        (one, area(&secured)),
    ];
    for (expected, found) in pairs {
        for (expected, found) in expected.into_iter().zip(found) {
            assert!(
                expected > 0.0 && is_near(expected, found),
                "{expected} {found}"
            );
        }
    }
    let firm = area(&line("one", there, "capacity_mw = 8"));
    assert!(circuits[2] > 1.01 * firm[2]);
}

/// A planned outage is as if the unit were not there for that time.
#[test]
fn a_planned_outage_takes_the_unit_away() {
    let planned = "[{ from = \"2001-01-01T00:00:00Z\", units = [1] }]";
    let out = exact(&built_in("rbts", &[("plant.h20-hydro.planned", planned)]));
    let less = exact(&built_in("rbts", &[("plant.h20-hydro.units", "3")]));
    for index in ["lole_h", "eue_mwh", "lolf", "lolev", "lole_d"] {
        let (out, less) = (of(&out, "system", index), of(&less, "system", index));
        assert!(is_near(out, less), "{index}: {out} {less}");
    }
    // For a part of an hour: by hand. 1 unit of 10 MW, down a tenth of the time, planned out for
    // 15 minutes of the second hour, load 5 MW.
    let text = r#"
        schema = 1
        [scenario]
        name = "part"
        start = "2024-01-01T00:00:00Z"
        duration_hours = 3
        [[zone]]
        name = "town"
        load_mw = 5
        [[plant]]
        name = "only"
        zone = "town"
        capacity_mw = 10
        mttf_h = 90
        mttr_h = 10
        planned = [{ from = "2024-01-01T01:30:00Z", until = "2024-01-01T01:45:00Z" }]
    "#;
    let answer = exact(&system(text));
    assert!(is_near(of(&answer, "system", "lole_h"), 0.1 * 2.75 + 0.25));
    assert!(is_near(
        of(&answer, "system", "eue_mwh"),
        5.0 * (0.1 * 2.75 + 0.25)
    ));
    // Short at the begin; failures while it is not planned out; and the plan finds it up.
    assert!(is_near(
        of(&answer, "system", "lolf"),
        0.1 + 0.9 / 90.0 * 2.75 + 0.9
    ));
    // The plan begins and ends between whole hours.
    let step = 0.1 * 0.9 * -(-(1.0 / 90.0 + 1.0 / 10.0_f64)).exp_m1();
    assert!(is_near(of(&answer, "system", "lolev"), 0.1 + 2.0 * step));
}

/// Where nothing is drawn one replication is the mean: the same loads, the same capacities, the
/// same counting of shortages, in every window.
#[test]
fn without_chance_the_engine_counts_the_same() {
    let text = r#"
        schema = 1
        [scenario]
        name = "clockwork"
        start = "2024-01-01T06:00:00Z"
        duration_hours = 75
        [[window]]
        name = "part"
        from = "2024-01-02T10:20:00Z"
        until = "2024-01-03T17:40:00Z"
        [[weather]]
        name = "known"
        mean_c = -3
        fixed_daily_c = [-1, -12, 4, -20]
        [[zone]]
        name = "town"
        load_mw = 110.3
        scale = 1.01
        weather = "known"
        load_response = { base_c = 0, per_degree = 0.01 }
        utc_offset_h = 5
        [[plant]]
        name = "steam"
        zone = "town"
        units = 3
        capacity_mw = 37.7
        dependable_share = 0.93
        planned = [
            { from = "2024-01-01T20:10:00Z", until = "2024-01-02T11:30:00Z", units = [1] },
            { from = "2024-01-02T05:00:00Z", until = "2024-01-02T05:25:00Z" },
        ]
        [[plant]]
        name = "sun"
        zone = "town"
        units = 7
        capacity_mw = 11.1
        output = { sun = 0.12 }
    "#;
    let system = system(text);
    let answer = exact(&system);
    let plan = Plan::new(&system);
    let mut sink = Sink::default();
    GridEnsemble::new(&plan)
        .replicate(&mut Replicator::new(&plan), 0, &mut sink)
        .expect("a replication");
    let mut shortages = 0.0;
    let layout = GridEnsemble::layout(&plan);
    // The worst of a year has no exact answer where there is chance, and is none of the indices.
    let columns = layout.columns.iter();
    for column in columns.filter(|column| !column.index.starts_with("max_")) {
        let counted = sink.row[column.slot] as f64 * column.scale;
        let value = answer.find(&column.window, &column.scope, &column.index);
        let value = value.unwrap_or_else(|| panic!("{column:?}"));
        // A recorder rounds energy to the watt-hour.
        assert!(
            (value - counted).abs() <= 2e-6,
            "{column:?}: {value} {counted}"
        );
        if column.index == "lolf" {
            shortages += counted;
        }
    }
    assert!(shortages >= 8.0, "it is short {shortages} times");
}

/// What has no exact answer says all that stands in the way, and no number.
#[test]
fn what_stands_in_the_way_is_said_at_once() {
    let codes = |system: &System, is_copper_plate| -> Vec<&str> {
        let obstacles = answer(system, is_copper_plate).expect_err("it has none");
        obstacles.iter().map(Obstacle::code).collect()
    };
    let kazakhstan = codes(&built_in("kazakhstan-2022", &[]), false);
    for code in [
        "network",
        "drawn-input",
        "wind",
        "outages-follow-weather",
        "load-follows-weather",
        "hazards",
        "orders",
        "reserve",
        "calibration",
        "farms",
    ] {
        assert!(
            kazakhstan.contains(&code),
            "{code} is not in {kazakhstan:?}"
        );
    }
    let mining = |set| codes(&built_in("rts79-mining", &[set]), false);
    assert_eq!(mining(("farm.mining.compliance", "0.9")), ["farms"]);
    assert_eq!(mining(("farm.mining.interruptible", "false")), ["farms"]);
    assert_eq!(mining(("zone.system.reserve_mw", "400")), ["reserve"]);
    assert_eq!(mining(("plant.u400-nuclear.beta", "0.1")), ["common-cause"]);
    let areas = |set| codes(&built_in("rts79-two-area", &[set]), false);
    assert_eq!(areas(("zone.a.priority", "1")), ["priorities"]);
    let drawn = (
        "line.tie.capacity_mw",
        "{ uniform = [50, 150], basis = \"assumed\" }",
    );
    assert_eq!(areas(drawn), ["drawn-input"]);
}
