//! What is drawn once for a whole replication: forecasts of load, and the weather year.

use super::*;
use hashfall::quantity::Power;
use hashfall::system::LoadForecast;
use std::fs;

const ZONES: &str = "[[zone]]\nname = \"a\"\nload = { values = [100, 80.0000005, 90, 7] }\nscale = 1.5\n[[zone]]\nname = \"b\"\nload_mw = 50\n[[zone]]\nname = \"c\"\nload_mw = 10\n[[plant]]\nname = \"p\"\nzone = \"a\"\ncapacity_mw = 170\n";

#[test]
fn a_forecast_errs_by_one_of_seven_steps_for_all_its_zones_and_hours() {
    let forecasts = "[[load_forecast]]\nname = \"f\"\nsd = 0.04\nzones = [\"a\", \"b\"]\n[[load_forecast]]\nname = \"g\"\nsd = 0.1\nzones = [\"c\"]\n";
    let system = system(&format!("{}{ZONES}{forecasts}", head(4)));
    const N: u32 = 20_000;
    let (mut steps, mut both_high) = ([0_u32; 7], 0);
    each_begin(&system, N, |view| {
        let [f, g] = view.futures.forecast_step[..] else {
            panic!("two forecasts")
        };
        steps[f] += 1;
        both_high += u32::from(f > 3 && g > 3);
        let factor = |step: usize, sd: f64| 1.0 + LoadForecast::STEPS[step].0 * sd;
        for (zone, factor) in [
            (0, 1.5 * factor(f, 0.04)),
            (1, factor(f, 0.04)),
            (2, factor(g, 0.1)),
        ] {
            let load = view.futures.load(view.plan, zone);
            let base = &system.zones[zone].load.hourly;
            for (hour, given) in load.hourly.iter().zip(base) {
                assert_eq!(hour.0, (given.0 as f64 * factor).round_ties_even() as i64);
            }
            assert_eq!(load.maximum, *load.hourly.iter().max().expect("hours"));
        }
    });
    let n = f64::from(N);
    for (seen, (_, weight)) in steps.into_iter().zip(LoadForecast::STEPS) {
        let z = (f64::from(seen) - n * weight) / (n * weight * (1.0 - weight)).sqrt();
        assert!(z.abs() < 4.0, "{seen} of {n} for {weight}");
    }
    // Two groups err by themselves: .309 squared.
    let both: f64 = 0.309 * 0.309;
    let z = (f64::from(both_high) - n * both) / (n * both * (1.0 - both)).sqrt();
    assert!(z.abs() < 4.0, "{both_high}");
}

#[test]
fn the_mean_over_the_steps_is_exact() {
    // 100 MW for 4 h against 105: short only at +2 sd (108) and +3 (112).
    let text = format!(
        "{}[[zone]]\nname = \"a\"\nload_mw = 100\n[[plant]]\nname = \"p\"\nzone = \"a\"\ncapacity_mw = 105\n[[load_forecast]]\nname = \"f\"\nsd = 0.04\n",
        head(4)
    );
    let exact = [
        ("lole_h", 4.0 * 0.067),
        ("eue_mwh", 4.0 * (0.061 * 3.0 + 0.006 * 7.0)),
    ];
    hold(&system(&text), 40_000, &exact);
}

#[test]
fn a_zone_in_two_groups_and_an_unknown_zone_are_mistakes() {
    let forecasts = "[[load_forecast]]\nname = \"f\"\nsd = 0.04\n[[load_forecast]]\nname = \"g\"\nsd = 0.1\nzones = [\"c\", \"dd\"]\n[[load_forecast]]\nname = \"h\"\nsd = 0.5\nzones = []\n";
    let text = wrong(&format!("{}{ZONES}{forecasts}", head(4)));
    for wanted in [
        "zone \"c\" has two load forecasts",
        "no zone named \"dd\"",
        "0.5 is out of range",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in\n{text}");
    }
}

/// A folder with two years of load in two columns, of wind in two files and of cold, and the
/// scenario beside them.
fn years() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("load.csv", "hour,mw_dry,mw_wet\n0,100,200\n1,110,210\n");
    write("wind_dry.csv", "hour,mw\n0,95\n1,120\n");
    write("wind_wet.csv", "hour,mw\n0,205\n1,190\n");
    write("cold.csv", "hour,c_dry,c_wet\n0,-10,5\n1,-20,7\n");
    let text = format!(
        "{}[weather_years]\nnames = [\"wet\", \"dry\"]\nweights = [1, 3]\n[[weather]]\nname = \"w\"\nmean_c = 0\nfixed_hourly_c = {{ csv = \"cold.csv\", column = \"c_{{year}}\" }}\n[[zone]]\nname = \"a\"\nweather = \"w\"\nload = {{ csv = \"load.csv\", column = \"mw_{{year}}\" }}\n[[plant]]\nname = \"wind\"\nzone = \"a\"\ncapacity_mw = 250\noutput = {{ hourly_mw = {{ csv = \"wind_{{year}}.csv\", column = \"mw\" }} }}\n",
        head(2)
    );
    write("years.toml", &text);
    folder
}

#[test]
fn load_output_and_temperature_are_always_of_the_same_year() {
    let folder = years();
    let system = loaded(&Source::load(folder.path().join("years.toml")));
    let drawn = system.weather_years.as_ref().expect("years");
    assert_eq!(
        (&drawn.names[..], &drawn.weights[..]),
        (&["dry".into(), "wet".into()][..], &[3.0, 1.0][..])
    );
    const N: u32 = 8_000;
    let mut dry = 0_u32;
    each_begin(&system, N, |view| {
        let load = view.futures.load(view.plan, 0).hourly[0];
        let seen = (
            load,
            view.state.zones[0].capacity,
            view.futures.temperature[0][0],
        );
        match view.futures.weather_year {
            0 => assert_eq!(seen, (Power::from_megawatts(100.0), 95_000_000, -15.0)),
            _ => assert_eq!(seen, (Power::from_megawatts(200.0), 205_000_000, 6.0)),
        }
        dry += u32::from(view.futures.weather_year == 0);
    });
    let z = (f64::from(dry) - 0.75 * f64::from(N)) / (0.75 * 0.25 * f64::from(N)).sqrt();
    assert!(z.abs() < 4.0, "{dry} of {N}");
    // Dry: short by 5 in hour 0; wet: by 20 in hour 1. Drawn apart there would be 100 and more.
    hold(
        &system,
        20_000,
        &[("lole_h", 1.0), ("eue_mwh", 0.75 * 5.0 + 0.25 * 20.0)],
    );
}

#[test]
fn mistakes_of_weather_years_are_named() {
    let zone = |load: &str| format!("[[zone]]\nname = \"a\"\n{load}\n");
    let columns = "load = { csv = \"data/rts79/hourly_load.csv\", column = \"x_{year}\" }";
    let missing = wrong(&format!("{}{}", head(2), zone(columns)));
    assert!(
        missing.contains("there are no weather years to put for {year}"),
        "{missing}"
    );
    let years = "[weather_years]\nnames = [\"1\", \"1\"]\nweights = [1]\n";
    let twice = wrong(&format!("{}{years}{}", head(2), zone("load_mw = 1")));
    assert!(
        twice.contains("named twice") && twice.contains("do not fit the names"),
        "{twice}"
    );
    let years = "[weather_years]\nnames = [\"1\", \"2\"]\n";
    let unused = wrong(&format!("{}{years}{}", head(2), zone("load_mw = 1")));
    assert!(
        unused.contains("nothing depends on the weather year"),
        "{unused}"
    );
    let column = wrong(&format!("{}{years}{}", head(2), zone(columns)));
    assert!(
        column.contains("no column `x_1`") && column.contains("no column `x_2`"),
        "{column}"
    );
}
