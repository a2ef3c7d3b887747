//! The Kazakhstan scenarios read without a mistake, and their sums are the sourced ones.

#[path = "support/mod.rs"]
mod support;

use hashfall::scenario::{Source, read};
use hashfall::system::{Basis, FarmStatus, Output, System, Value};

const FILES: [&str; 2] = ["kazakhstan-2022.toml", "kazakhstan-2022-cutoff.toml"];

fn system(file: &str) -> System {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(file);
    match read(&Source::load(path), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// The centre of a value: itself, or the median of its law.
fn centre(system: &System, value: Value) -> f64 {
    match value {
        Value::Fixed(value) => value,
        Value::Drawn(input) => system.inputs[input.at()].law.quantile(0.5),
    }
}

fn near(value: f64, target: f64, tolerance: f64) {
    assert!(
        (value - target).abs() <= tolerance,
        "{value} is not {target} +- {tolerance}"
    );
}

#[test]
fn plants_add_up_to_the_list_and_to_the_dependable_19_gw() {
    for file in FILES {
        let system = system(file);
        let inside = |zone: usize| !system.zones[zone].external;
        let units = || system.units.iter().filter(|unit| inside(unit.zone.at()));
        near(
            units().map(|unit| unit.nameplate.megawatts()).sum(),
            22_015.89,
            1e-3,
        );
        let dependable = units().map(|unit| match unit.output {
            Output::Steady => unit.nameplate.megawatts() * centre(&system, unit.dependable),
            Output::Wind(_) | Output::Sun(_) | Output::Hourly(_) => unit.nameplate.megawatts(),
        });
        near(dependable.sum(), 19_000.0, 200.0);
        let gres_1 = system
            .plants
            .iter()
            .find(|plant| plant.name == "ekibastuz-gres-1");
        assert_eq!(gres_1.map(|plant| plant.units), Some(7), "unit 1 is out");
    }
}

#[test]
fn farms_add_up_to_the_sourced_totals_and_no_two_are_alike() {
    for file in FILES {
        let system = system(file);
        let sum = |status: FarmStatus, running: bool| {
            let chosen = system.farms.iter().filter(|farm| farm.status == status);
            let share = |share: f64| if running { share } else { 1.0 };
            chosen
                .map(|farm| farm.installed.megawatts() * share(farm.running_share))
                .sum::<f64>()
        };
        near(sum(FarmStatus::Registered, false), 700.0, 1e-6);
        near(sum(FarmStatus::Registered, true), 436.75, 1e-6);
        near(sum(FarmStatus::Grey, false), 920.0, 1e-6);
        near(sum(FarmStatus::Grey, true), 843.0, 1e-6);
        for (index, farm) in system.farms.iter().enumerate() {
            let alike = system.farms[..index].iter().any(|other| {
                (
                    &other.providers,
                    &other.pools,
                    other.link_loss == farm.link_loss,
                    &other.start,
                ) == (&farm.providers, &farm.pools, true, &farm.start)
            });
            assert!(!alike, "{} is another farm's twin", farm.name);
        }
    }
}

#[test]
fn load_never_passes_the_record_of_16459_mw() {
    for file in FILES {
        let system = system(file);
        let inside: Vec<_> = system.zones.iter().filter(|zone| !zone.external).collect();
        let largest = |hour: usize| -> f64 {
            let of = |zone: &&hashfall::system::Zone| {
                let scale = match zone.scale.factor {
                    Value::Fixed(value) => value,
                    Value::Drawn(input) => system.inputs[input.at()].law.support().1,
                };
                let weather = zone
                    .response
                    .map_or(1.0, |response| response.maximum_factor);
                zone.load.hourly[hour].megawatts() * scale * weather
            };
            inside.iter().map(of).sum()
        };
        let peak = (0..system.hours()).map(largest).fold(0.0, f64::max);
        assert!(peak <= 16_459.0, "{file}: {peak} MW");
        assert!(
            peak > 16_400.0,
            "{file}: {peak} MW is not the winter's peak"
        );
        assert!(inside.iter().all(|zone| zone.scale.contains_mining));
    }
}

#[test]
fn the_event_is_the_switch_and_the_unrest_not_the_rationing() {
    let article = system(FILES[0]);
    for hazard in &article.hazards {
        let of_event = ["kill-switch", "mobile", "unrest"]
            .iter()
            .any(|start| hazard.name.starts_with(start));
        assert_eq!(hazard.event, of_event, "{}", hazard.name);
    }
    assert!(article.orders.iter().all(|order| !order.event));
    let cutoff = system(FILES[1]);
    assert!(
        cutoff
            .orders
            .iter()
            .any(|order| order.event && order.name == "kegoc-cutoff")
    );
    assert!(
        cutoff
            .orders
            .iter()
            .any(|order| !order.event && order.name == "autumn-rationing")
    );
}

#[test]
fn what_no_source_gives_is_marked() {
    let system = system(FILES[0]);
    let assumed = |of: &str| {
        system
            .assumptions
            .iter()
            .any(|entry| entry.of == of && entry.basis == Basis::Assumed)
    };
    for of in [
        "inputs/mixed-like-data-centre",
        "zone/south",
        "farm/grey-north-1",
        "hazard/unrest-power-almaty",
    ] {
        assert!(assumed(of), "{of} is not marked as assumed");
    }
}

/// Units of a zone of the country with what outages and deratings leave of them on average, at
/// usual temperature and with the repairs of 2021.
fn left_after_outages(system: &System) -> f64 {
    let inside = |zone: usize| !system.zones[zone].external;
    let units = system.units.iter().filter(|unit| inside(unit.zone.at()));
    let left = units.map(|unit| {
        let nameplate = unit.nameplate.megawatts();
        if !matches!(unit.output, Output::Steady) {
            return nameplate;
        }
        let up = |law: &hashfall::system::Alternation, longer: f64| {
            law.up.mean_h() / (law.up.mean_h() + longer * law.down.mean_h())
        };
        let longer = centre(system, unit.repair_factor);
        let in_service = unit.outages.as_ref().map_or(1.0, |law| up(law, longer));
        let whole = unit.deratings.as_ref().map_or(1.0, |law| up(law, 1.0));
        let derated = unit.derating_share * (1.0 - whole);
        nameplate * centre(system, unit.dependable) * in_service * (1.0 - derated)
    });
    left.sum()
}

/// The other reading of 19 GW: what is left after outages. It differs from the main scenario by its
/// name and five inputs, so that the futures are the same.
#[test]
fn the_other_reading_leaves_19_gw_after_outages() {
    let text = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let text = std::fs::read_to_string(path.join(file)).expect("a scenario");
        let start = text.find("schema = 1").expect("its first key");
        text[start..].to_owned()
    };
    let (main, other) = (
        text("kazakhstan-2022.toml"),
        text("kazakhstan-2022-firm19.toml"),
    );
    let mut keys: Vec<String> = Vec::new();
    for (one, two) in main.lines().zip(other.lines()).filter(|(a, b)| a != b) {
        let key = |line: &str| line.split(" = ").next().unwrap_or("").to_owned();
        assert_eq!(key(one), key(two));
        keys.push(key(one));
    }
    assert_eq!(main.lines().count(), other.lines().count());
    keys.sort();
    let mut expected = vec!["name", "title"];
    expected.extend(["source"; 5]);
    expected.extend(["triangular"; 5]);
    expected.sort();
    assert_eq!(keys, expected);

    let [main, other] = ["kazakhstan-2022.toml", "kazakhstan-2022-firm19.toml"].map(system);
    near(left_after_outages(&other), 19_000.0, 300.0);
    assert!(left_after_outages(&main) < 17_500.0);
    for (mine, theirs) in main.inputs.iter().zip(&other.inputs) {
        let is_raised = theirs.law.quantile(0.5) > mine.law.quantile(0.5);
        assert_eq!(
            is_raised,
            mine.name.starts_with("dependable-"),
            "{}",
            mine.name
        );
    }
}

/// Under the same luck the other reading leaves the blackout's loss nearly as it is, and much less
/// load unserved.
#[test]
fn the_reading_of_19_gw_matters_for_the_grid_and_hardly_for_the_blackout() {
    const N: u32 = 120;
    let [main, other] = ["kazakhstan-2022.toml", "kazakhstan-2022-firm19.toml"].map(|file| {
        let system = system(file);
        let outcomes = (0..N).map(|replication| support::run(&system, replication));
        let of = |outcome: support::Outcome| {
            let lost = outcome.get("blackout", "network", "lost_hashrate_ehs");
            (outcome.system("lole_h"), lost)
        };
        outcomes.map(of).collect::<Vec<_>>()
    });
    let mean = |values: &[(f64, f64)]| {
        let n = f64::from(N);
        let lole = values.iter().map(|value| value.0).sum::<f64>() / n;
        (lole, values.iter().map(|value| value.1).sum::<f64>() / n)
    };
    let ((lole, lost), (lole_other, lost_other)) = (mean(&main), mean(&other));
    assert!(lole > 3.0 && lole_other < 0.4 * lole, "{lole} {lole_other}");
    assert!(
        (lost_other / lost - 1.0).abs() < 0.05,
        "{lost} {lost_other}"
    );
    // More capacity never makes a future of this country much shorter of supply.
    let worse = main.iter().zip(&other).filter(|(a, b)| b.0 > a.0 + 0.5);
    assert_eq!(worse.count(), 0);
}
