//! What a scenario may say of storage, and what it may not.

use super::*;
use hashfall::exact::grids_of;

fn battery(keys: &str) -> String {
    format!(
        "{}{}{}",
        head(3),
        zone("z", "[60, 60, 60]"),
        plant("battery", "z", 1, 80.0, keys)
    )
}

#[test]
fn defaults_are_a_full_lossless_battery() {
    let system = system(&battery("storage = { energy_mwh = 20 }"));
    let store = &system.stores[0];
    assert_eq!(store.energy.0, 20_000_000 * 3_600_000);
    assert_eq!(store.initial, store.energy);
    assert_eq!(
        (store.charge.0, store.efficiency.0),
        (80_000_000, 1_000_000)
    );
}

#[test]
fn what_it_cannot_be_is_refused_by_name() {
    let cases = [
        (
            "storage = { energy_mwh = 20 }\noutput = { wind = 0.3 }",
            "plant.battery.storage",
            "inflow_mw in its storage",
        ),
        (
            "storage = { energy_mwh = 20 }\noutput = { hourly_mw = { values = [1, 2, 3] } }",
            "plant.battery.storage",
            "no output",
        ),
        (
            "storage = { energy_mwh = 20, charge_mw = 0 }",
            "charge_mw",
            "nothing ever fills this store",
        ),
        ("storage = { energy_mwh = 0 }", "energy_mwh", "0"),
        (
            "storage = { energy_mwh = 20, efficiency = 1.2 }",
            "efficiency",
            "1.2",
        ),
        (
            "storage = { energy_mwh = 20, inflow_mw = -1 }",
            "inflow_mw",
            "-1",
        ),
        (
            "storage = { energy_mwh = 20, inflow_mw = { values = [1, 2] } }",
            "inflow_mw",
            "2 of the 3 hours",
        ),
        ("storage = { energy_mw = 20 }", "energy_mw", "energy_mwh"),
        ("storage = { energy_mwh = 1e-9 }", "energy_mwh", "too small"),
    ];
    for (keys, key, words) in cases {
        let text = wrong(&battery(keys));
        assert!(text.contains(key) && text.contains(words), "{keys}: {text}");
    }
}

#[test]
fn there_is_no_exact_answer_and_the_reason_is_given() {
    let obstacles = grids_of(&system(&battery("storage = { energy_mwh = 20 }")), false)
        .expect_err("a store has a memory");
    assert_eq!(obstacles.len(), 1);
    assert_eq!(obstacles[0].code(), "storage");
    assert!(obstacles[0].to_string().contains("battery"));
}

#[test]
fn a_store_is_no_reserve_of_its_own() {
    // The largest unit that runs without a store sets the reserve of a zone with mining.
    let mining = r#"
[[fleet]]
name = "f"
mix = [{ model = "S19", share = 1.0 }]
"#;
    let _ = mining;
    let system = system(&battery("storage = { energy_mwh = 20 }"));
    assert_eq!(system.zones[0].reserve.0, 0);
    assert!(system.needs_hours());
}
