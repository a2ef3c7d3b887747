//! Outputs by the hour.

use super::*;
use std::{fs, path::Path};
use support::run_grid;

fn zone(load: &str, plants: &str) -> String {
    format!("[[zone]]\nname = \"z\"\nload = {{ values = {load} }}\n{plants}")
}

fn plant(name: &str, units: u16, capacity_mw: f64, keys: &str) -> String {
    format!(
        "[[plant]]\nname = \"{name}\"\nzone = \"z\"\nunits = {units}\ncapacity_mw = {capacity_mw}\n{keys}\n"
    )
}

#[test]
fn capacity_follows_the_hour_before_outages() {
    let plants = plant(
        "sun",
        2,
        10.0,
        "dependable_share = 0.5\noutput = { hourly_mw = { values = [0, 4, 10, 8] } }\nplanned = [{ from = \"2020-01-01T03:00:00Z\", units = [2] }]",
    ) + &plant("firm", 1, 5.0, "");
    let system = system(&format!("{}{}", head(4), zone("[6, 10, 10, 10]", &plants)));
    // Capacity 5, 5 + 4, 5 + 10, 5 + 4 (one of two): lacking 1, 1, 0, 1.
    let outcome = run_grid(&system, 0);
    assert_eq!(
        (outcome.system("lole_h"), outcome.system("eue_mwh")),
        (3.0, 3.0)
    );
}

/// Units of a zone and class move as one; who is out does not, over hours in which the others
/// change, and in the middle of one.
#[test]
fn a_unit_that_is_out_for_hours_takes_its_own_output_with_it() {
    let sun = "output = { hourly_mw = { values = [4, 6, 10, 8, 2, 0] } }";
    let plants = plant(
        "sun",
        2,
        10.0,
        &format!(
            "{sun}\nplanned = [{{ from = \"2020-01-01T00:30:00Z\", until = \"2020-01-01T03:30:00Z\", units = [2] }}]"
        ),
    ) + &plant("other", 1, 10.0, sun);
    let system = system(&format!(
        "{}{}",
        head(6),
        zone("[12, 12, 12, 12, 12, 12]", &plants)
    ));
    // Three units give 12, 18, 30, 24, 6, 0; less one from half past 0 to half past 3:
    // 12 and 8, 12, 20, 16 and 24, 6, 0 against 12: lacking 4 for half an hour, then 6 and 12.
    let outcome = run_grid(&system, 0);
    assert_eq!(
        (outcome.system("lole_h"), outcome.system("eue_mwh")),
        (2.5, 20.0)
    );
}

#[test]
fn a_total_is_shared_by_capacity_to_the_watt() {
    let total = "output = { total_mw = { values = [0.00001, 1, 0, 60] } }";
    let plants = plant("b", 1, 20.0, total) + &plant("a", 2, 20.0, total);
    let system = system(&format!("{}{}", head(4), zone("[1, 1, 1, 1]", &plants)));
    let mut all = vec![];
    each_begin(&system, 1, |view| {
        all.extend(view.plan.system.units.iter().map(|unit| unit.name.clone()));
        assert_eq!(view.state.zones[0].capacity, 10);
    });
    assert_eq!(all, ["a/unit-1", "a/unit-2", "b/unit-1"]);
    let hours: Vec<&[i64]> = system
        .hourly_outputs
        .iter()
        .map(|output| output.of_year(0))
        .collect();
    assert_eq!(
        hours,
        [
            [4, 333_334, 0, 20_000_000],
            [3, 333_333, 0, 20_000_000],
            [3, 333_333, 0, 20_000_000],
        ]
    );
}

/// The single-node systems of the PRAS test suite: fail 0.1 and repair 0.9 a step are shares of
/// time 0.9 and 0.1; every expected value was derived again by enumeration.
#[test]
fn toy_systems_have_their_exact_indices() {
    let fails = "mttf_h = 9\nmttr_h = 1\n";
    let variable = |values: &str| {
        plant(
            "vg",
            1,
            10.0,
            &format!("output = {{ hourly_mw = {{ values = {values} }} }}"),
        )
    };
    let a = zone(
        "[25, 28, 27, 24]",
        &(plant("g", 3, 10.0, fails) + &variable("[5, 6, 7, 8]")),
    );
    hold(
        &system(&format!("{}{a}", head(4))),
        60_000,
        &[("lole_h", 0.355), ("eue_mwh", 1.59)],
    );
    let unit = |name, capacity, values: &str| {
        plant(
            name,
            1,
            capacity,
            &format!("{fails}output = {{ hourly_mw = {{ values = {values} }} }}"),
        )
    };
    let b = zone(
        "[28, 29, 30, 31, 32, 33]",
        &(unit("g", 15.0, "[10, 10, 10, 15, 15, 15]")
            + &unit("h", 25.0, "[20, 20, 20, 25, 25, 25]")
            + &variable("[7, 8, 9, 9, 8, 7]")),
    );
    hold(
        &system(&format!("{}{b}", head(6))),
        60_000,
        &[("lole_h", 0.96), ("eue_mwh", 7.11)],
    );
}

#[test]
fn an_output_above_capacity_or_beside_states_is_a_mistake() {
    let series = "output = { hourly_mw = { values = [1, 11] } }\n";
    let both = format!(
        "{series}transitions = [{{ from = \"up\", to = \"down\", per_h = 1 }}, {{ from = \"down\", to = \"up\", per_h = 1 }}]"
    );
    let plants = plant("p", 1, 10.0, series)
        + &plant("q", 1, 20.0, &both)
        + &plant("r", 1, 10.0, "output = { total_mw = { values = [1] } }");
    let text = wrong(&format!("{}{}", head(2), zone("[1, 1]", &plants)));
    for wanted in [
        "11 does not fit here",
        "`output` beside `states`",
        "ends after 1 of the 2 hours",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in\n{text}");
    }
}

/// RTS-GMLC as shipped, its regions' lines taken out or its regions made one.
fn gmlc(change: impl Fn(&str) -> String) -> (tempfile::TempDir, Source) {
    let folder = tempfile::tempdir().expect("a folder");
    let there = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let data = folder.path().join("data/rts_gmlc");
    fs::create_dir_all(&data).expect("a folder");
    let read = |path: &Path| fs::read_to_string(path).expect("a file");
    for name in ["hourly.csv", "plants.csv"] {
        let text = read(&there.join("data/rts_gmlc").join(name));
        fs::write(data.join(name), text).expect("a file");
    }
    let path = folder.path().join("rts-gmlc.toml");
    fs::write(&path, change(&read(&there.join("rts-gmlc.toml")))).expect("a file");
    (folder, Source::load(path))
}

#[test]
fn the_copper_plate_of_rts_gmlc_has_its_exact_indices() {
    let without_lines = |text: &str| text.split("[[line]]").next().unwrap_or_default().to_owned();
    let (_folder, source) = gmlc(without_lines);
    let scale = [("zone.*.scale".to_owned(), "1.2".to_owned())];
    let mut system = match read(&source, &scale) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    };
    assert_eq!((system.plants.len(), system.hourly_outputs.len()), (96, 23));
    // One zone with the load of all three, scaled: the copper plate.
    let hours = (0..system.hours()).map(|hour| {
        let load =
            |zone: &hashfall::system::Zone| (zone.load.hourly[hour].0 as f64 * 1.2).round() as i64;
        hashfall::quantity::Power(system.zones.iter().map(load).sum())
    });
    let profile = hashfall::system::LoadProfile::new(hours.collect());
    system.zones.truncate(1);
    system.zones[0].load = profile;
    system.zones[0].scale.factor = hashfall::system::Value::Fixed(1.0);
    for plant in &mut system.plants {
        plant.zone = hashfall::system::ZoneId(0);
    }
    for unit in &mut system.units {
        unit.zone = hashfall::system::ZoneId(0);
    }
    // By convolution of thermal units and, hour by hour, of those of each region's hydro.
    let exact = [("lole_h", 9.816275), ("eue_mwh", 2112.5762)];
    hold(&system, 2_000, &exact);
}
