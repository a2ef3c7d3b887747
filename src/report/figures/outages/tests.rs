//! Rows of known events.

use super::*;
use crate::quantity::MS_PER_HOUR;
use crate::scenario::{Source, read};

fn system() -> System {
    let source = Source::built_in("kazakhstan-2022").unwrap();
    read(&source, &[]).unwrap().system
}

fn told(at_h: i64, entity: &str, what: &str) -> Told {
    Told {
        at_ms: at_h * MS_PER_HOUR,
        entity: entity.to_owned(),
        what: what.to_owned(),
        hashrate_ehs: 0.0,
        mining_mw: 0.0,
        capacity_mw: 0.0,
        unserved_mw: 0.0,
    }
}

/// Begin and end in hours, and the part that was out.
fn spans(rows: &[StoryRow], name: &str) -> Vec<(i64, i64, f64)> {
    let row = rows.iter().find(|row| row.name == name).expect(name);
    let hours = |ms: i64| ms / MS_PER_HOUR;
    row.outages
        .iter()
        .map(|o| (hours(o.from_ms), hours(o.to_ms), o.part))
        .collect()
}

#[test]
fn units_of_a_plant_add_up_by_capacity() {
    let system = system();
    let plant = "plant/ekibastuz-gres-1";
    let events = [
        told(0, &format!("{plant}/unit-1"), "is out at the start"),
        told(5, &format!("{plant}/unit-2"), "fails"),
        told(8, &format!("{plant}/unit-1"), "is repaired"),
    ];
    let rows = rows(&system, &events);
    let seventh = 1.0 / 7.0;
    let end = system.horizon.0 / MS_PER_HOUR;
    let expected = [(0, 5, seventh), (5, 8, 2.0 * seventh), (8, end, seventh)];
    let found = spans(&rows, "ekibastuz-gres-1");
    assert_eq!(found.len(), 3);
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!((found.0, found.1), (expected.0, expected.1));
        assert!((found.2 - expected.2).abs() < 1e-9);
    }
}

#[test]
fn circuits_of_a_line_are_counted() {
    let events = [
        told(1, "line/north-south", "loses a circuit"),
        told(2, "line/north-south", "loses a circuit"),
        told(4, "line/north-south", "has a circuit repaired"),
        told(7, "line/north-south", "has a circuit repaired"),
    ];
    let rows = rows(&system(), &events);
    let third = 1.0 / 3.0;
    assert_eq!(
        spans(&rows, "north-south"),
        [(1, 2, third), (2, 4, 2.0 * third), (4, 7, third)]
    );
}

#[test]
fn only_the_worst_plants_stand_alone() {
    let system = system();
    let mut plants: Vec<&str> = Vec::new();
    let mut events = Vec::new();
    let own = system
        .units
        .iter()
        .filter(|unit| !system.zones[unit.zone.at()].external);
    for unit in own {
        let plant = system.plants[unit.plant.at()].name.as_str();
        if plants.len() < 20 && !plants.contains(&plant) {
            plants.push(plant);
            events.push(told(1, &format!("plant/{}", unit.name), "fails"));
        }
    }
    let rows = rows(&system, &events);
    assert_eq!(rows.len(), PLANTS + 1);
    assert_eq!(
        rows.last().map(|row| row.name.as_str()),
        Some("all other plants")
    );
}

#[test]
fn what_shows_no_outage_is_no_row() {
    let events = [
        told(0, "system", "starts"),
        told(1, "farm/grey-west", "brings machines back"),
        told(2, "hazard/kill-switch/window-2", "opens"),
    ];
    assert!(rows(&system(), &events).is_empty());
}
