//! Planned outages: fixed, overlapping, and placed by the program.

use super::*;
use hashfall::quantity::MS_PER_HOUR;
use support::*;

const WEEK: i64 = 168 * MS_PER_HOUR;

/// Weeks of load, MW, and plants with their keys, written in this order.
fn weekly(peaks: &[f64], plants: &[(&str, f64, &str)]) -> String {
    let values: Vec<String> = peaks
        .iter()
        .flat_map(|&peak| (0..168).map(move |hour| if hour == 90 { peak } else { peak - 5.0 }))
        .map(|load| load.to_string())
        .collect();
    let mut text = format!(
        "{}[[zone]]\nname = \"z\"\nload = {{ values = [{}] }}\n",
        head(168 * peaks.len() as u32),
        values.join(", ")
    );
    for (name, capacity_mw, keys) in plants {
        text += &format!(
            "[[plant]]\nname = \"{name}\"\nzone = \"z\"\ncapacity_mw = {capacity_mw}\n{keys}\n"
        );
    }
    text
}

fn weeks_of(system: &System) -> Vec<(&str, i64, i64)> {
    let placed = system.units.iter().filter_map(|unit| {
        let (from, until) = unit.maintenance?;
        Some((unit.name.as_str(), from / WEEK + 1, until - from))
    });
    placed.collect()
}

#[test]
fn the_largest_unit_goes_first_into_the_lowest_weeks() {
    // Weeks of 100, 80, 90, 60, 75, 95 MW.
    // d, 50 MW, a week: week 4 (110). Burden 100 80 90 110 75 95.
    // b, 30 MW, two weeks: highest of weeks 1-2 100, 2-3 90, 3-4 110, 4-5 110, 5-6 95: weeks 2-3.
    // Burden 100 110 120 110 75 95. a and c, 20 MW, ties by name: a to week 5 (95), then weeks 5
    // and 6 tie at 95 and c takes the earlier: week 5.
    let one = "maintenance = { weeks = 1 }";
    let two = "maintenance = { hours = 200 }";
    let plants = [
        ("a", 20.0, one),
        ("b", 30.0, two),
        ("c", 20.0, one),
        ("d", 50.0, one),
    ];
    let peaks = [100.0, 80.0, 90.0, 60.0, 75.0, 95.0];
    let expected = [
        ("a/unit-1", 5, WEEK),
        ("b/unit-1", 2, 200 * MS_PER_HOUR),
        ("c/unit-1", 5, WEEK),
        ("d/unit-1", 4, WEEK),
    ];
    let forward = system(&weekly(&peaks, &plants));
    assert_eq!(weeks_of(&forward), expected);
    let mut turned = plants;
    turned.reverse();
    assert_eq!(weeks_of(&system(&weekly(&peaks, &turned))), expected);
}

#[test]
fn what_is_out_already_counts() {
    // Week 2 is lowest, but 60 MW are out there by date.
    let dated = "planned = [{ from = \"2020-01-10T00:00:00Z\", until = \"2020-01-11T00:00:00Z\" }]";
    let plants = [
        ("a", 60.0, dated),
        ("b", 10.0, "maintenance = { weeks = 1 }"),
    ];
    let placed = system(&weekly(&[100.0, 50.0, 90.0], &plants));
    assert_eq!(weeks_of(&placed), [("b/unit-1", 3, WEEK)]);
}

#[test]
fn a_placed_unit_is_out_in_its_weeks_and_nobodys_draws_move() {
    let peaks = [100.0, 80.0, 90.0];
    let fails = "mttf_h = 50\nmttr_h = 10";
    let kept = format!("{fails}\nmaintenance = {{ weeks = 1 }}");
    let plants = |keys: &'static str| [("a", 60.0, keys), ("b", 60.0, "")];
    let outcome = run_grid(
        &system(&weekly(&peaks, &plants("maintenance = { weeks = 1 }"))),
        0,
    );
    // In week 2 only b's 60 MW stand against 75 MW, and 80 in one hour.
    assert_eq!(outcome.system("lole_h"), 168.0);
    assert!((outcome.system("eue_mwh") - (167.0 * 15.0 + 20.0)).abs() < 1e-9);
    let events = |system: &System| {
        let mut all = Vec::new();
        each_begin(system, 1, |view| {
            let timeline = view.futures.timeline();
            let forced = (0..timeline.len()).map(|k| (timeline.time(k).0, timeline.event(k)));
            use hashfall::engine::Event::{UnitDown, UnitUp};
            all.extend(forced.filter(|(_, event)| matches!(event, UnitUp(_) | UnitDown(_))));
        });
        all
    };
    let with = system(&weekly(&peaks, &[("a", 60.0, &kept), ("b", 60.0, fails)]));
    let without = system(&weekly(&peaks, &[("a", 60.0, fails), ("b", 60.0, fails)]));
    assert!(with.units[0].maintenance.is_some());
    assert_eq!(events(&with), events(&without));
    assert!(!events(&with).is_empty());
}

#[test]
fn of_overlapping_planned_outages_the_last_one_ends_it() {
    let mut system = empty(48);
    let zone = flat_zone(&mut system, "zone", 10.0);
    let class = class(&mut system, "any", 0.0, 0.0);
    plant(&mut system, "p", (zone, class), 1, 10.0, None);
    let hours = |from: i64, until: i64| (from * MS_PER_HOUR, until * MS_PER_HOUR);
    system.units[0].planned = vec![hours(5, 12), hours(8, 20), hours(9, 10), hours(30, 31)];
    let short_h = |system: &System| run_grid(system, 0).system("lole_h").round();
    assert_eq!(
        (short_h(&system), run_grid(&system, 0).system("lolf")),
        (16.0, 2.0)
    );
    // Placed beside fixed, and one that lasts to the horizon.
    system.units[0].maintenance = Some(hours(18, 24));
    system.units[0].planned.push(hours(31, 48));
    assert_eq!(short_h(&system), 19.0 + 18.0);
}

#[test]
fn maintenance_without_room_or_length_is_a_mistake() {
    let plants = [
        ("a", 10.0, "maintenance = { weeks = 3 }"),
        ("b", 10.0, "maintenance = {}"),
        ("c", 10.0, "maintenance = { weeks = 1, hours = 5 }"),
    ];
    let text = wrong(&weekly(&[100.0, 80.0], &plants));
    assert!(
        text.contains("504 h of maintenance in a horizon of 2 whole weeks"),
        "{text}"
    );
    assert_eq!(
        text.matches("the length is missing, or given twice")
            .count(),
        2,
        "{text}"
    );
}
