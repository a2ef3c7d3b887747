//! Systems small enough to be solved by hand.

use super::support::{area, built_in, exact, grid, of};
use hashfall::exact::{Answer, Chain, Unit, grid_of, solve};
use hashfall::quantity::MS_PER_HOUR;

/// A number of the toys, or a list of them hour by hour.
fn hourly(value: &toml::Value) -> Vec<f64> {
    match value {
        toml::Value::Array(list) => list.iter().flat_map(hourly).collect(),
        toml::Value::Integer(whole) => vec![*whole as f64],
        toml::Value::Float(number) => vec![*number],
        other => panic!("{other:?}"),
    }
}

/// A unit of a toy: chances a step to fail and to be repaired; what it gives, MW hour by hour.
fn toy_unit(mw: &[f64], fail: f64, repair: f64) -> Unit {
    let watts = |mw: f64| (mw * 1e6) as i64;
    let step = |(hour, &mw): (usize, &f64)| (hour as i64 * MS_PER_HOUR, vec![watts(mw), 0]);
    Unit {
        chain: Chain::two_state(1.0 / fail, 1.0 / repair, true),
        course: mw.iter().enumerate().map(step).collect(),
    }
}

fn toys() -> toml::Table {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/exact/toy_systems.toml"
    );
    let text = std::fs::read_to_string(path).expect("the toys");
    text.parse().expect("they parse")
}

/// Holds an answer with a window for each hour against the toy's numbers.
fn is_hourly(toy: &toml::Value, answer: &Answer, name: &str) {
    let is = |window: &str, index: &str, reference: f64| {
        let value = answer.find(window, "system", index).unwrap();
        assert!(
            (value - reference).abs() < 1e-12,
            "{name} {window} {index}: {value}"
        );
    };
    is("all", "lole_h", toy["lole"].as_float().unwrap());
    is("all", "eue_mwh", toy["eue"].as_float().unwrap());
    for (hour, lolp) in hourly(&toy["lolp"]).into_iter().enumerate() {
        is(&hour.to_string(), "lolp", lolp);
    }
    for (hour, eue) in hourly(&toy["eue_t"]).into_iter().enumerate() {
        is(&hour.to_string(), "eue_mwh", eue);
    }
}

/// Toys of one zone: unit capacity by hour, and generation by hour that never fails.
#[test]
fn toys_of_one_zone_are_met() {
    let toys = toys();
    for name in ["singlenode_a", "singlenode_b"] {
        let toy = &toys[name];
        let vg = hourly(&toy["vg"]);
        let mut units = vec![Unit {
            chain: Chain::firm(),
            course: (0..vg.len())
                .map(|hour| (hour as i64 * MS_PER_HOUR, vec![(vg[hour] * 1e6) as i64]))
                .collect(),
        }];
        for gens in toy["gens"].as_array().unwrap() {
            let count = gens.get("n").map_or(1, |n| n.as_integer().unwrap());
            let [fail, repair] = ["fail", "repair"].map(|key| gens[key].as_float().unwrap());
            let unit = toy_unit(&hourly(&gens["mw"]), fail, repair);
            units.extend((0..count).map(|_| unit.clone()));
        }
        let loads = hourly(&toy["load"]);
        let answer = solve(&grid(vec![area("only", &loads, units)], None)).unwrap();
        is_hourly(toy, &answer, name);
    }
}

/// The scenarios that carry the toys of one zone, hour by hour.
#[test]
fn built_in_toys_of_one_zone_are_met() {
    let toys = toys();
    for (name, scenario) in [
        ("singlenode_a", "toy-one-zone"),
        ("singlenode_b", "toy-one-zone-varying"),
    ] {
        let toy = &toys[name];
        let mut by_hour = grid_of(&built_in(scenario, &[]), false, 0).unwrap();
        by_hour.windows = grid(by_hour.areas.clone(), None).windows;
        let answer = solve(&by_hour).unwrap();
        is_hourly(toy, &answer, scenario);
    }
}

/// The scenario that carries the toy of two zones: a line that fails, too.
#[test]
fn the_toy_of_two_zones_is_met() {
    let toy = &toys()["test1"];
    let answer = exact(&built_in("toy-two-zones", &[]));
    let is = |scope: &str, index: &str, reference: f64| {
        let value = of(&answer, scope, index);
        assert!(
            (value - reference).abs() < 1e-12,
            "{scope} {index}: {value}"
        );
    };
    is("system", "lole_h", toy["lole"].as_float().unwrap());
    is("system", "eue_mwh", toy["eue"].as_float().unwrap());
    let (lole, eue) = (hourly(&toy["lole_area"]), hourly(&toy["eue_area"]));
    for (at, scope) in ["zone/a", "zone/b"].into_iter().enumerate() {
        is(scope, "lole_h", lole[at]);
        is(scope, "eue_mwh", eue[at]);
    }
    // An hour of two units that fail once in 90 h: each area is short as it begins, or becomes so.
    assert!(answer.missing.is_empty(), "{:?}", answer.missing);
}
