//! What is in store hour by hour: by hand, with mining and without, and what storage is worth on a
//! published system.

use super::*;
use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, MiningEnsemble, Sink};

/// The levels of the only store as its hourly series has them, Wh: the middles of their bins.
fn levels<E: Ensemble>(system: &System) -> Vec<i64> {
    let plan = Plan::new(system);
    let series = E::series(&plan);
    let mut sink = Sink::default();
    E::new(&plan)
        .replicate(&mut Replicator::new(&plan), 0, &mut sink)
        .expect("a replication");
    let named = |kind: &hashfall::measure::SeriesKind| {
        kind.name == "stored_energy" && kind.scope == "plant/battery" && kind.unit == "MWh"
    };
    let at = series.hourly.iter().position(named).expect("its series");
    let codes = sink.hourly.chunks(series.hours).nth(at).expect("its row");
    let middle = |&code: &u16| series.hourly[at].bins.middle(code);
    codes.iter().map(middle).collect()
}

/// Load 60 of 100 MW; nothing but the battery from 03:00 to 05:30. It gives 60 MW until it is empty
/// at 04:40, and then takes the 40 MW that are spare, of which half stays in it.
#[test]
fn levels_of_a_day_by_hand() {
    let outage =
        "planned = [{ from = \"2020-01-01T03:00:00Z\", until = \"2020-01-01T05:30:00Z\" }]";
    let system = system(&format!(
        "{}{}{}{}",
        head(14),
        zone("z", &flat(60.0, 14)),
        plant("g", "z", 1, 100.0, outage),
        plant(
            "battery",
            "z",
            1,
            80.0,
            "storage = { energy_mwh = 100, efficiency = 0.5 }"
        )
    ));
    let by_hand = [100, 100, 100, 100, 40, 0, 10, 30, 50, 70, 90, 100, 100, 100];
    let by_hand = by_hand.map(|mwh| mwh * 1_000_000);
    assert_eq!(levels::<GridEnsemble>(&system), by_hand);
    assert_eq!(levels::<MiningEnsemble>(&system), by_hand);
}

/// Full and empty are told from nearly full and nearly empty, whatever a store holds.
#[test]
fn full_and_empty_are_exact_for_every_size() {
    for energy_mwh in [0.001, 0.1, 1.0, 149.999_999, 150.0, 777.777_777, 1e6, 1e8] {
        let keys = format!("storage = {{ energy_mwh = {energy_mwh:?}, initial_share = SHARE }}");
        for (share, expected) in [("1", energy_mwh), ("0", 0.0), ("0.5", 0.5 * energy_mwh)] {
            let battery = plant("battery", "z", 1, 1.0, &keys.replace("SHARE", share));
            let system = system(&format!("{}{}{battery}", head(1), zone("z", &flat(0.0, 1))));
            let found = levels::<GridEnsemble>(&system)[0] as f64 / 1e6;
            // Half a step of a two-hundredth, and none at the ends but for what does not divide.
            let off = (found - expected).abs();
            let allowed = if share == "0.5" {
                energy_mwh / 400.0
            } else {
                0.0
            };
            assert!(
                off <= allowed + 2e-4,
                "{energy_mwh} MWh, {share}: {found} for {expected}"
            );
        }
    }
}

fn built_in(name: &str, overrides: &[(&str, &str)]) -> System {
    let overrides: Vec<(String, String)> = overrides
        .iter()
        .map(|&(path, value)| (path.to_owned(), value.to_owned()))
        .collect();
    let source = Source::built_in(name).expect("it is built in");
    match read(&source, &overrides) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// The shipped system with batteries is the published one at 120 % of its load, and batteries.
#[test]
fn the_scenario_with_storage_differs_by_its_batteries_alone() {
    let with = built_in("rts-gmlc-storage", &[]);
    let without = built_in("rts-gmlc", &[("zone.*.scale", "1.2")]);
    let names = |system: &System| -> Vec<String> {
        let plants = system.plants.iter();
        plants.map(|plant| plant.name.clone()).collect()
    };
    let mut batteries = names(&with);
    batteries.retain(|name| !names(&without).contains(name));
    assert_eq!(batteries, ["313_STORAGE_1", "four-hour-battery"]);
    assert_eq!(names(&with).len(), names(&without).len() + 2);
    for (mine, other) in with.zones.iter().zip(&without.zones) {
        let of = |zone: &hashfall::system::Zone| format!("{:?} {:?}", zone.load, zone.scale);
        assert_eq!(of(mine), of(other));
    }
    let limits = |system: &System| -> Vec<String> {
        let lines = system.lines.iter();
        let words = |line: &hashfall::system::Line| format!("{} {:?}", line.name, line.forward_mw);
        lines.map(words).collect()
    };
    assert_eq!(limits(&with), limits(&without));
    assert_eq!((with.seed, with.horizon), (without.seed, without.horizon));
    // As published: 50 MW, 150 MWh, 85 % there and back (RTS-GMLC, gen.csv and storage.csv).
    let store = &with.stores[0];
    assert_eq!(with.plants[store.plant.at()].name, "313_STORAGE_1");
    assert_eq!(store.energy.watt_hours(), 150_000_000);
    assert_eq!((store.charge.0, store.efficiency.0), (50_000_000, 850_000));
}

/// Under the same luck: the published battery takes a part of what is unserved, the new ones more,
/// and a longer store never less.
#[test]
fn batteries_are_worth_what_the_chapter_says() {
    const N: u32 = 60;
    let eue = |system: &System| -> Vec<f64> {
        (0..N)
            .map(|replication| support::run_grid(system, replication).system("eue_mwh"))
            .collect()
    };
    let base = eue(&built_in("rts-gmlc", &[("zone.*.scale", "1.2")]));
    let small = |hours: &str| {
        built_in(
            "rts-gmlc-storage",
            &[("plant.four-hour-battery.storage.energy_mwh", hours)],
        )
    };
    let (two, four, eight) = (eue(&small("400")), eue(&small("800")), eue(&small("1600")));
    for (less, more, what) in [
        (&base, &two, "two hours"),
        (&two, &four, "four hours"),
        (&four, &eight, "eight hours"),
    ] {
        let changes: Vec<f64> = less.iter().zip(more).map(|(a, b)| a - b).collect();
        let mean = changes.iter().sum::<f64>() / f64::from(N);
        let squares: f64 = changes.iter().map(|change| (change - mean).powi(2)).sum();
        let error = (squares / f64::from(N * (N - 1))).sqrt();
        assert!(mean > 2.0 * error, "{what}: {mean} ± {error}");
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / f64::from(N);
    assert!(mean(&four) < 0.6 * mean(&base));
}
