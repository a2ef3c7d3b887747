//! Path by path under common random numbers, on built-in systems: more plant, a larger tie, less
//! load or a larger store never lets more load go unserved, weighted by priority, in any single
//! future. (Of `rts-gmlc` as it is: `tests/mesh`.)

mod support;

use hashfall::quantity::{Energy, MS_PER_HOUR, Power, Share, Span};
use hashfall::scenario::{Source, read};
use hashfall::system::*;
use support::unserved::{Compared, unserved};

fn built_in(name: &str, overrides: &[(&str, &str)]) -> System {
    let overrides: Vec<(String, String)> = overrides
        .iter()
        .map(|&(path, value)| (path.to_owned(), value.to_owned()))
        .collect();
    let source = Source::built_in(name).expect("built in");
    match read(&source, &overrides) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// In no future more, in some less; `quanta` Wh are rounding.
fn never_more(before: &[Vec<i64>], after: &[Vec<i64>], quanta: i64, what: &str) -> Compared {
    let compared = Compared::default();
    if let Err(more) = compared.never_more(before, after, quanta) {
        panic!("{what}: {more}");
    }
    // One future in twenty or more is short, and one in fifty has less unserved.
    compared.assert_shares(0.05, 0.02);
    compared
}

fn larger_unit(system: &System, unit: usize) -> System {
    let mut larger = system.clone();
    larger.units[unit].nameplate += Power::from_megawatts(20.0);
    larger
}

/// Every profile times a factor.
fn less_load(system: &System, factor: f64) -> System {
    let mut less = system.clone();
    for zone in &mut less.zones {
        zone.scale.factor = Value::Fixed(match zone.scale.factor {
            Value::Fixed(given) => given * factor,
            Value::Drawn(_) => panic!("a drawn scale"),
        });
    }
    less
}

#[test]
fn one_area() {
    for name in ["rts79", "rbts", "rbts-derated", "rts79-lfu"] {
        let system = built_in(name, &[]);
        // RBTS is hardly ever short.
        let replications = if name.starts_with("rbts") { 600 } else { 120 };
        let before = unserved(&system, replications);
        for unit in [0, system.units.len() - 1] {
            // More capacity of a unit of several states is not one number.
            if system.units[unit].states.is_none() {
                let after = unserved(&larger_unit(&system, unit), replications);
                never_more(&before, &after, 1, &format!("{name}: a larger unit {unit}"));
            }
        }
        let mut more = system.clone();
        let class = ClassId(0);
        support::plant(
            &mut more,
            "more",
            (ZoneId(0), class),
            2,
            30.0,
            Some((500.0, 50.0)),
        );
        never_more(
            &before,
            &unserved(&more, replications),
            1,
            &format!("{name}: another plant"),
        );
        let after = unserved(&less_load(&system, 0.97), replications);
        never_more(&before, &after, 1, &format!("{name}: less load"));
    }
}

/// Two areas that count alike, and two of which the second is shed last: there a larger tie takes
/// from the first for it.
#[test]
fn two_areas() {
    const N: u32 = 120;
    for dearest in [0, 1] {
        let mut system = built_in("rts79-two-area", &[]);
        system.zones[1].priority = dearest;
        let before = unserved(&system, N);
        let after = unserved(&larger_unit(&system, 3), N);
        never_more(&before, &after, 2, "a larger unit").assert_none_moved();
        let after = unserved(&less_load(&system, 0.97), N);
        never_more(&before, &after, 2, "less load").assert_none_moved();
        // Ties of 0, as it is, 100, 300 MW and unlimited, each against the one before.
        let tie = |limit_mw: f64| {
            let mut system = system.clone();
            for line in &mut system.lines {
                (line.forward_mw, line.backward_mw) =
                    (Value::Fixed(limit_mw), Value::Fixed(limit_mw));
            }
            unserved(&system, N)
        };
        let ties = [0.0, 100.0, 300.0, 1e5].map(tie);
        let names = ["100 MW for none", "300 for 100", "no limit for 300"];
        let pairs = ties.windows(2).zip(names);
        let moved = pairs.map(|(pair, what)| never_more(&pair[0], &pair[1], 2, what).moved());
        assert_eq!(moved.sum::<u32>() > 0, dearest > 0);
    }
}

/// Units out by date, the largest among them, in the weeks of the highest load.
#[test]
fn planned_outages() {
    let mut system = built_in("rts79", &[]);
    const WEEK: i64 = 168 * MS_PER_HOUR;
    for (unit, week) in [(0, 50), (12, 2), (29, 50), (31, 51)] {
        system.units[unit].planned = vec![(week * WEEK, (week + 1) * WEEK)];
    }
    const N: u32 = 120;
    let before = unserved(&system, N);
    let after = unserved(&larger_unit(&system, 31), N);
    never_more(&before, &after, 1, "a larger unit that is planned out");
    let after = unserved(&less_load(&system, 0.97), N);
    never_more(&before, &after, 1, "less load beside planned outages");
    let mut kept = system;
    kept.units[31].planned.clear();
    never_more(&before, &unserved(&kept, N), 1, "a planned outage less");
}

/// Turns a plant into one that draws on a store of so many hours, `charge` of its power going in.
fn stored(system: &System, plant: usize, hours: f64, charge: f64) -> System {
    let mut system = system.clone();
    let own = |unit: &&Unit| unit.plant.at() == plant;
    let power: Power = system
        .units
        .iter()
        .filter(own)
        .map(|unit| unit.nameplate)
        .sum();
    let energy = power * Span::from_hours(hours);
    system.stores.push(Store {
        plant: PlantId::from(plant),
        energy,
        charge: Power::from_megawatts(power.megawatts() * charge),
        efficiency: Share(850_000),
        initial: Energy(energy.0 / 2),
        inflow: Inflow::Steady(Power::ZERO),
    });
    system
}

#[test]
fn stores() {
    const N: u32 = 100;
    let rts79 = built_in("rts79", &[]);
    let battery = |power_mw: f64, hours: f64| {
        let mut system = rts79.clone();
        let times = Some((1000.0, 20.0));
        let plant = support::plant(
            &mut system,
            "battery",
            (ZoneId(0), ClassId(0)),
            4,
            power_mw / 4.0,
            times,
        );
        stored(&system, plant.at(), hours, 1.0)
    };
    // Without one; then longer and stronger. What moves in a millisecond is rounding.
    let mut before = unserved(&rts79, N);
    for (power_mw, hours) in [
        (100.0, 1.0),
        (100.0, 2.0),
        (100.0, 4.0),
        (200.0, 4.0),
        (200.0, 8.0),
    ] {
        let after = unserved(&battery(power_mw, hours), N);
        never_more(&before, &after, 60, &format!("{power_mw} MW for {hours} h"));
        before = after;
    }
    // A plant that can run out is no better than one that cannot, and one that never does no worse.
    let hydro = rts79
        .plants
        .iter()
        .position(|plant| plant.units == 6)
        .expect("the hydro of RTS-79");
    let always = unserved(&rts79, N);
    let limited = unserved(&stored(&rts79, hydro, 6.0, 0.3), N);
    never_more(&limited, &always, 60, "hydro without a limit");
    let endless = unserved(&stored(&rts79, hydro, 20_000.0, 0.3), N);
    assert_eq!(always, endless);
}

/// One store among three regions: it helps wherever lines let it.
#[test]
fn a_store_in_a_network() {
    let gmlc = built_in("rts-gmlc", &[("zone.*.scale", "1.3")]);
    const N: u32 = 12;
    let with = |hours: f64| {
        let mut system = gmlc.clone();
        let zone = ZoneId(0);
        let plant = support::plant(&mut system, "battery", (zone, ClassId(0)), 1, 300.0, None);
        unserved(&stored(&system, plant.at(), hours, 1.0), N)
    };
    let (none, short, long) = (unserved(&gmlc, N), with(1.0), with(4.0));
    never_more(&none, &short, 100, "a store");
    never_more(&short, &long, 100, "a larger store");
}
