//! The shipped scenarios are sound and mean what their sources say.

use super::*;
use crate::quantity::Power;
use crate::system::{HazardTiming, Output, Value};

fn loaded(source: &Source) -> Loaded {
    read(source, &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn built_in_system(name: &str) -> System {
    loaded(&Source::built_in(name).expect("built in")).system
}

#[test]
fn every_built_in_scenario_and_the_starter_are_sound() {
    assert!(built_in().count() >= 2);
    for scenario in built_in() {
        let loaded = loaded(&Source::built_in(scenario.name).expect("by its name"));
        assert_eq!(loaded.system.name, scenario.name);
        assert!(budget(&loaded.system, u64::from(loaded.system.replications)).fits());
    }
    let starter = loaded(&Source::text(starter()));
    assert!(starter.system.has_event() && starter.system.needs_hours());
}

#[test]
fn a_built_in_scenario_is_the_file_in_the_folder() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/");
    for scenario in built_in() {
        let from_disk = loaded(&Source::load(format!("{folder}{}", scenario.file)));
        let embedded = loaded(&Source::built_in(scenario.name).expect("by its name"));
        assert_eq!(from_disk.digest, embedded.digest);
        assert_eq!(from_disk.files, embedded.files);
    }
    let on_disk = std::fs::read_dir(folder).expect("scenarios/").flatten();
    let written = on_disk
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".toml"))
        .count();
    assert_eq!(
        written,
        built_in().count(),
        "every scenario of the folder is built in"
    );
}

/// The published totals: units, capacity, peak, energy, and the load factor 61.44 % of RTS-79.
#[test]
fn the_test_systems_have_their_published_totals() {
    let rts = built_in_system("rts79");
    assert_eq!(
        (rts.units.len(), rts.nameplate()),
        (32, Power::from_megawatts(3405.0))
    );
    assert_eq!(rts.zones[0].load.maximum, Power::from_megawatts(2850.0));
    assert_eq!(rts.hours(), 8736);
    let energy: i64 = rts.zones[0].load.hourly.iter().map(|load| load.0).sum();
    let factor = energy as f64 / (2850e6 * 8736.0);
    assert!((factor - 0.6144).abs() < 2e-4, "{factor}");

    let rbts = built_in_system("rbts");
    assert_eq!(
        (rbts.units.len(), rbts.nameplate()),
        (11, Power::from_megawatts(240.0))
    );
    assert_eq!(rbts.zones[0].load.maximum, Power::from_megawatts(185.0));
    let outages = rbts.units[0].outages.as_ref().expect("units fail");
    // H20: 2.4 failures and 157.6 repairs a year, exactly, not the rounded 3650 and 55 h.
    assert_eq!(
        (outages.up.mean_h(), outages.down.mean_h()),
        (8760.0 / 2.4, 8760.0 / 157.6)
    );
}

/// The load is exact to the watt, so that the sharp comparison of capacity and load is too.
#[test]
fn the_load_of_rts79_is_whole_watts_of_its_percentages() {
    let rts = built_in_system("rts79");
    // Week 1 (86.2), Monday (93), hour 1 of a winter weekday (67).
    assert_eq!(rts.zones[0].load.hourly[0].0, 2850 * 862 * 93 * 67 / 10);
    // Week 51 holds the peak: Tuesday, hours 18 and 19.
    let peak = 50 * 168 + 24 + 17;
    assert_eq!(rts.zones[0].load.hourly[peak].0, 2_850_000_000);
    assert_eq!(rts.zones[0].load.hourly[peak + 1].0, 2_850_000_000);
}

/// LOLE by convolving the units and holding every hour against the table: the load profile and
/// the units together reproduce the published index, before any simulation.
#[test]
fn the_units_and_loads_convolve_to_the_published_lole() {
    for (name, exact, tolerance) in [("rts79", 9.394175, 1e-6), ("rbts", 1.091560, 1e-6)] {
        let system = built_in_system(name);
        let megawatts = (system.nameplate().0 / 1_000_000) as usize;
        let mut probability = vec![0.0; megawatts + 1];
        probability[0] = 1.0;
        for unit in &system.units {
            let outages = unit.outages.as_ref().expect("units fail");
            let q = outages.down.mean_h() / (outages.up.mean_h() + outages.down.mean_h());
            let size = (unit.nameplate.0 / 1_000_000) as usize;
            for outage in (0..=megawatts).rev() {
                let came_down = if outage >= size {
                    probability[outage - size] * q
                } else {
                    0.0
                };
                probability[outage] = probability[outage] * (1.0 - q) + came_down;
            }
        }
        let mut at_least = vec![0.0; megawatts + 2];
        for outage in (0..=megawatts).rev() {
            at_least[outage] = at_least[outage + 1] + probability[outage];
        }
        let shortage = |load: &Power| {
            // Capacity strictly below load: the smallest whole outage above the margin.
            let margin = system.nameplate().0 - load.0;
            at_least[(margin / 1_000_000 + 1) as usize]
        };
        let lole: f64 = system.zones[0].load.hourly.iter().map(shortage).sum();
        assert!((lole - exact).abs() < tolerance, "{name}: {lole}");
    }
}

#[test]
fn overrides_reach_tables_by_name_and_change_the_digest() {
    let source = Source::text(starter());
    let set = |pairs: &[(&str, &str)]| {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        read(&source, &pairs).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    };
    let plain = set(&[]);
    let changed = set(&[
        ("farm.registered-*.compliance", "0.7"),
        ("zone.north.reserve_mw", "0"),
        ("scenario.seed", "42"),
        ("inputs.holding", "5"),
        ("hazard.kill-switch.window.0.chance", "0.5"),
        ("farm_defaults.pue", "1.08"),
    ]);
    let compliance: Vec<Value> = changed
        .system
        .farms
        .iter()
        .map(|farm| farm.compliance)
        .collect();
    assert_eq!(
        compliance,
        [Value::Fixed(0.0), Value::Fixed(0.7), Value::Fixed(0.7)]
    );
    assert_eq!(changed.system.zones[0].reserve, Power::ZERO);
    assert_eq!(plain.system.zones[0].reserve, Power::from_megawatts(500.0));
    assert_eq!(changed.system.seed, 42);
    assert!(changed.system.farms.iter().all(|farm| farm.pue == 1.08));
    let holding = changed
        .system
        .inputs
        .iter()
        .find(|input| input.name == "holding")
        .expect("still an input");
    assert_eq!((holding.law.support(), holding.unit), ((5.0, 5.0), "min"));
    assert_eq!(
        changed.system.hazards[0].windows[0].chance,
        Value::Fixed(0.5)
    );
    assert_ne!(plain.digest, changed.digest);
}

#[test]
fn replications_and_spelling_are_not_part_of_the_digest() {
    let text = starter();
    let plain = loaded(&Source::text(text)).digest;
    let more = read(
        &Source::text(text),
        &[("scenario.replications".into(), "2000".into())],
    )
    .expect("sound");
    assert_eq!(plain, more.digest);
    assert_eq!(
        plain,
        loaded(&Source::text(format!("# a comment\n{text}"))).digest
    );
    assert_ne!(
        plain,
        loaded(&Source::text(text.replace("seed = 1", "seed = 2"))).digest
    );
}

/// Tables in another order give the same system; the streams follow names, not places.
#[test]
fn the_order_of_tables_means_nothing() {
    let text = starter();
    let farm = "[[farm]]\nname = \"grey-north\"";
    let start = text.find(farm).expect("a farm of that name");
    let end = start + text[start..].find("\n\n").expect("a blank line after it") + 2;
    let moved = format!("{}{}\n{}", &text[..start], &text[end..], &text[start..end]);
    let (one, other) = (
        loaded(&Source::text(text)).system,
        loaded(&Source::text(moved)).system,
    );
    assert_eq!(format!("{:?}", one.farms), format!("{:?}", other.farms));
    assert_eq!(format!("{:?}", one.inputs), format!("{:?}", other.inputs));
}

#[test]
fn distributions_in_place_become_inputs_named_by_their_key() {
    let system = loaded(&Source::text(starter())).system;
    let names: Vec<&str> = system
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "economics/fee_share",
            "farm/registered-south/mixed_access.data-centre",
            "hazard/kill-switch/until.plus_minutes",
            "holding",
            "zone/north/scale",
        ]
    );
    assert!(
        system
            .inputs
            .iter()
            .all(|input| input.stream
                == crate::random::StreamId::of(&format!("input/{}", input.name)))
    );
    let HazardTiming::Dated { until, .. } = system.hazards[0].timing else {
        panic!("dated")
    };
    assert_eq!(until.plus_minutes, Value::Drawn(crate::system::InputId(2)));
    assert!(
        system
            .units
            .iter()
            .all(|unit| unit.output == Output::Steady)
    );
}

#[test]
fn assumptions_name_every_table_with_numbers() {
    let assumptions = built_in_system("rts79").assumptions;
    let of: Vec<&str> = assumptions
        .iter()
        .map(|assumption| assumption.of.as_str())
        .collect();
    assert_eq!(of.len(), 10, "nine plants and a zone: {of:?}");
    assert!(
        assumptions
            .iter()
            .all(|assumption| assumption.basis == crate::system::Basis::Sourced)
    );
    assert!(
        assumptions[0].value.contains("capacity_mw = "),
        "{:?}",
        assumptions[0]
    );
}

#[test]
fn the_schema_documents_every_key() {
    fn undocumented(path: &str, schema: &serde_json::Value, missing: &mut Vec<String>) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            if property["description"].as_str().is_none_or(str::is_empty) {
                missing.push(format!("{path}.{key}"));
            }
        }
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            undocumented(name, definition, missing);
        }
    }
    let mut missing = Vec::new();
    undocumented("scenario", &json_schema(), &mut missing);
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn an_override_may_be_a_word_where_a_distribution_stood() {
    let source = Source::text(starter());
    let key = "farm_defaults.on_link_loss.hold_minutes".to_owned();
    for (value, minutes) in [("never", f64::INFINITY), ("30", 30.0)] {
        let overrides = [(key.clone(), value.to_owned())];
        let system = read(&source, &overrides).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        for farm in &system.system.farms {
            let drawn: Vec<f64> = system.system.inputs.iter().map(|i| i.law.mean()).collect();
            assert_eq!(farm.link_loss.hold_minutes.get(&drawn), minutes);
        }
    }
}
