//! What is drawn once for all hours, what is given hour by hour, and maintenance that is placed.

use super::support::{built_in, exact, is_near, of, system};
use hashfall::exact::answer;
use hashfall::system::{LoadForecast, System, WeatherYears};

const INDICES: [&str; 5] = ["lole_h", "lole_d", "lolf", "lolev", "eue_mwh"];

/// Two zones with a forecast each, or with one in common, and a unit of 50 MW in the first.
fn two_zones(forecasts: &str) -> System {
    system(&format!(
        r#"
        schema = 1
        [scenario]
        name = "two"
        start = "2024-01-01T00:00:00Z"
        duration_hours = 4
        [[zone]]
        name = "a"
        load = {{ values = [100, 90, 95, 107] }}
        [[zone]]
        name = "b"
        load_mw = 40.0000005
        scale = 1.01
        [[plant]]
        name = "one"
        zone = "a"
        units = 2
        capacity_mw = 50
        mttf_h = 90
        mttr_h = 10
        [[plant]]
        name = "firm"
        zone = "b"
        capacity_mw = 45.3
        [[line]]
        name = "wide"
        from = "a"
        to = "b"
        capacity_mw = 1000
        {forecasts}
        "#
    ))
}

/// E over the forecasts' steps of what a copper plate lacks, by counting all cases; `steps` are
/// the factors of each zone and their probability.
fn lacking_mwh(steps: &[(f64, [f64; 2])]) -> f64 {
    let units = [(0.81, 100.0), (0.18, 50.0), (0.01, 0.0)];
    let mut sum = 0.0;
    for (weight, factors) in steps {
        for load in [100.0, 90.0, 95.0, 107.0] {
            let load = load * factors[0] + 40.400_000_505 * factors[1];
            for (chance, capacity) in units {
                sum += weight * chance * f64::max(load - capacity - 45.3, 0.0);
            }
        }
    }
    sum
}

#[test]
fn zones_of_one_forecast_err_together_and_others_apart() {
    let factor = |step: usize, sd: f64| 1.0 + LoadForecast::STEPS[step].0 * sd;
    let weight = |step: usize| LoadForecast::STEPS[step].1;
    let one = "[[load_forecast]]\nname = \"f\"\nsd = 0.04\n";
    let together: Vec<(f64, [f64; 2])> =
        (0..7).map(|k| (weight(k), [factor(k, 0.04); 2])).collect();
    let two = "[[load_forecast]]\nname = \"f\"\nsd = 0.04\nzones = [\"b\"]\n[[load_forecast]]\nname = \"g\"\nsd = 0.1\nzones = [\"a\"]\n";
    let pairs = (0..7).flat_map(|f| (0..7).map(move |g| (f, g)));
    let apart: Vec<(f64, [f64; 2])> = pairs
        .map(|(f, g)| (weight(f) * weight(g), [factor(g, 0.1), factor(f, 0.04)]))
        .collect();
    for (forecasts, steps) in [(one, together), (two, apart)] {
        let system = two_zones(forecasts);
        let whole = answer(&system, true).expect("a copper plate");
        let eue_mwh = lacking_mwh(&steps);
        let found = of(&whole, "system", "eue_mwh");
        // Loads are whole watts.
        assert!((found - eue_mwh).abs() < 5e-6, "{found} {eue_mwh}");
        // The line never binds, so the two zones together lack as much.
        let zones = exact(&system);
        assert!(is_near(of(&zones, "system", "eue_mwh"), found));
    }
}

/// A weather year rules load, outputs and all: the mixture is the mean of the years' answers.
#[test]
fn weather_years_are_a_mixture() {
    let base = built_in("rbts", &[]);
    let higher = base.zones[0].load.scaled(1.03);
    let mut year = base.clone();
    year.zones[0].load = higher.clone();
    let (first, second) = (exact(&base), exact(&year));
    let mut both = base.clone();
    both.weather_years = Some(WeatherYears {
        names: vec!["first".into(), "second".into()],
        weights: vec![3.0, 1.0],
        stream: hashfall::random::StreamId::of("weather-year"),
    });
    both.zones[0].load_by_year = vec![base.zones[0].load.clone(), higher];
    let mixed = exact(&both);
    for index in INDICES {
        let [mixed, first, second] = [&mixed, &first, &second].map(|a| of(a, "system", index));
        assert!(is_near(mixed, 0.75 * first + 0.25 * second), "{index}");
        assert!(second > first);
    }
    // Ratios are those of the means.
    let lold_h = of(&mixed, "system", "lole_h") / of(&mixed, "system", "lolf");
    assert!(is_near(of(&mixed, "system", "lold_h"), lold_h));
    // The units are the same in both years, and so is their table.
    assert_eq!(mixed.tables.len(), 1);
    for (row, other) in mixed.tables[0].rows.iter().zip(&first.tables[0].rows) {
        assert_eq!(row.outage_w, other.outage_w);
        assert!(is_near(row.probability, other.probability));
    }
}

/// Units of hourly output are as if their capacity were another in every hour: by enumeration.
#[test]
fn outputs_by_the_hour_are_enumerated() {
    let text = |output: &str, units: u32, capacity: u32| {
        format!(
            r#"
            schema = 1
            [scenario]
            name = "hydro"
            start = "2024-01-01T00:00:00Z"
            duration_hours = 4
            [[zone]]
            name = "z"
            load = {{ values = [70, 60, 50, 65] }}
            [[plant]]
            name = "river"
            zone = "z"
            units = {units}
            capacity_mw = {capacity}
            dependable_share = 0.5
            mttf_h = 90
            mttr_h = 10
            output = {output}
            [[plant]]
            name = "steam"
            zone = "z"
            capacity_mw = 30
            mttf_h = 40
            mttr_h = 10
            "#
        )
    };
    let total = "{ total_mw = { values = [120, 0, 60, 100] } }";
    let (mut lole_h, mut eue_mwh) = (0.0, 0.0);
    for (load, river) in [70.0, 60.0, 50.0, 65.0].iter().zip([60.0, 0.0, 30.0, 50.0]) {
        for (steam, steam_mw) in [(0.8, 30.0), (0.2, 0.0)] {
            for (up, chance) in [0.001, 0.027, 0.243, 0.729].into_iter().enumerate() {
                let lacking: f64 = load - steam_mw - river * up as f64 / 3.0;
                if lacking > 1e-6 {
                    lole_h += steam * chance;
                    eue_mwh += steam * chance * lacking;
                }
            }
        }
    }
    let three = exact(&system(&text(total, 3, 40)));
    assert!(is_near(of(&three, "system", "lole_h"), lole_h));
    // Whole watts: a third of 100 MW is none.
    assert!((of(&three, "system", "eue_mwh") - eue_mwh).abs() < 5e-6);
    // The same one by one, of units that are not taken together because they differ by more.
    let each = "{ hourly_mw = { values = [40, 0, 20, 33.333333] } }";
    let single = text(each, 1, 40) + &plants(each, 2);
    let apart = exact(&system(&single));
    for index in INDICES {
        let (three, apart) = (of(&three, "system", index), of(&apart, "system", index));
        assert!((three - apart).abs() < 1e-5, "{index}: {three} {apart}");
    }
}

/// More rivers, each with a repair time that is its own by a hair.
fn plants(output: &str, count: u32) -> String {
    let plant = |k: u32| {
        format!(
            "\n[[plant]]\nname = \"river-{k}\"\nzone = \"z\"\ncapacity_mw = 40\ndependable_share = 0.5\nmttf_h = 90\nmttr_h = 10.00000000{k}\noutput = {output}\n"
        )
    };
    (1..=count).map(plant).collect()
}

/// Maintenance that the program has placed is a planned outage at that time.
#[test]
fn placed_maintenance_is_a_planned_outage() {
    let maintained = built_in("rbts", &[("plant.h40-hydro.maintenance", "{ weeks = 2 }")]);
    let (from, until) = maintained
        .units
        .iter()
        .find_map(|unit| unit.maintenance)
        .expect("it is placed");
    let mut planned = built_in("rbts", &[]);
    for unit in &mut planned.units {
        if unit.name.starts_with("h40-hydro/") {
            unit.planned = vec![(from, until)];
        }
    }
    let (placed, planned, none) = (
        exact(&maintained),
        exact(&planned),
        exact(&built_in("rbts", &[])),
    );
    for index in INDICES {
        assert_eq!(of(&placed, "system", index), of(&planned, "system", index));
        assert!(of(&placed, "system", index) > of(&none, "system", index));
    }
}

/// A real-size system as a copper plate: 93 units that fail, 20 of them with water by the hour.
/// Computed apart from this program, by convolution.
#[test]
fn rts_gmlc_at_a_load_of_1_2_as_a_copper_plate() {
    let system = built_in("rts-gmlc", &[("zone.*.scale", "1.2")]);
    let answer = answer(&system, true).expect("a copper plate has an answer");
    assert!((of(&answer, "system", "lole_h") - 9.816275).abs() < 1e-6);
    assert!((of(&answer, "system", "eue_mwh") / 2112.576 - 1.0).abs() < 1e-6);
    assert!(answer.missing.is_empty(), "{:?}", answer.missing);
}

/// Load that is forecast for each of many zones by itself has too many cases, and says so.
#[test]
fn too_many_forecasts_are_refused() {
    let mut text = "schema = 1\n[scenario]\nname = \"many\"\nstart = \"2024-01-01T00:00:00Z\"\nduration_hours = 2\n".to_owned();
    for k in 0..4 {
        text += &format!(
            "[[zone]]\nname = \"z{k}\"\nload_mw = 10\n[[load_forecast]]\nname = \"f{k}\"\nsd = 0.02\nzones = [\"z{k}\"]\n"
        );
    }
    let system = system(&text);
    let obstacles = answer(&system, true).expect_err("too many cases");
    assert_eq!(obstacles[0].code(), "too-much-work");
}
