//! The two Kazakhstan scenarios read without a mistake, and their sums are the sourced ones.

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
