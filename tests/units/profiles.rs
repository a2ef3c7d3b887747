//! Hourly series against the horizon: lengths, dates, clocks that change.

use super::*;
use hashfall::quantity::Power;
use std::fs;

/// Reads a scenario whose zone takes its load from a CSV with these lines.
fn with(start: &str, hours: usize, keys: &str, csv: &str) -> Result<System, String> {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("load.csv"), csv).expect("a file");
    let text = format!(
        "schema = 1\n[scenario]\nname = \"t\"\nstart = \"{start}\"\nduration_hours = {hours}\n[[zone]]\nname = \"z\"\nload = {{ csv = \"load.csv\", column = \"mw\"{keys} }}\n"
    );
    let path = folder.path().join("s.toml");
    fs::write(&path, text).expect("a file");
    match read(&Source::load(path), &[]) {
        Ok(loaded) => Ok(loaded.system),
        Err(mistakes) => Err(mistakes.to_string()),
    }
}

/// Rows that count hours, load = hour.
fn counted(rows: usize) -> String {
    let rows = (0..rows).map(|hour| format!("{hour},{hour}\n"));
    format!("hour,mw\n{}", rows.collect::<String>())
}

fn first_mw(system: Result<System, String>) -> f64 {
    let system = system.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(system.zones[0].load.hourly.len(), system.hours());
    system.zones[0].load.hourly[0].megawatts()
}

const JANUARY: &str = "2021-01-01T00:00:00Z";

#[test]
fn a_profile_is_as_long_as_the_horizon_or_longer() {
    for hours in [72, 8736, 8760, 8784] {
        assert_eq!(first_mw(with(JANUARY, hours, "", &counted(hours))), 0.0);
    }
    let short = with(JANUARY, 8760, "", &counted(8736)).expect_err("too short");
    assert!(
        short.contains("ends after 8736 of the 8760 hours"),
        "{short}"
    );
    // A few days out of a year are fine.
    assert_eq!(first_mw(with(JANUARY, 72, "", &counted(8760))), 0.0);
}

#[test]
fn a_leap_year_does_not_pass_for_another_year() {
    let leap = with(JANUARY, 8760, "", &counted(8784)).expect_err("another year");
    assert!(
        leap.contains("a year of 8784 hours without dates"),
        "{leap}"
    );
    // Said on purpose it is accepted.
    let dated = ", begins = \"2021-01-01T00:00:00Z\"";
    assert_eq!(first_mw(with(JANUARY, 8760, dated, &counted(8784))), 0.0);
}

#[test]
fn a_profile_may_begin_before_the_horizon_in_any_time_zone() {
    // Local midnight five hours east of Greenwich is 19:00 the day before.
    let east = ", begins = \"2021-01-01T00:00:00+05:00\"";
    assert_eq!(first_mw(with(JANUARY, 24, east, &counted(48))), 5.0);
    let late = ", begins = \"2021-01-01T00:00:00-05:00\"";
    let wrong = with(JANUARY, 24, late, &counted(48)).expect_err("too late");
    assert!(wrong.contains("begins after the horizon"), "{wrong}");
    let half = ", begins = \"2021-01-01T00:00:00+05:30\"";
    let wrong = with(JANUARY, 24, half, &counted(48)).expect_err("half an hour");
    assert!(wrong.contains("not begin on the hour"), "{wrong}");
    let wrong = with(JANUARY, 24, east, &counted(28)).expect_err("too short");
    assert!(wrong.contains("ends after 23 of the 24 hours"), "{wrong}");
}

#[test]
fn where_clocks_change_the_offset_tells_the_hours_apart() {
    // Central Europe, 31 October 2021: 02:00 comes twice, and the day has 25 hours.
    let row =
        |hour: u32, offset: &str, mw: u32| format!("2021-10-31T{hour:02}:00:00{offset},{mw}\n");
    let mut rows = String::from("time,mw\n");
    for hour in 0..3 {
        rows += &row(hour, "+02:00", hour);
    }
    for hour in 2..24 {
        rows += &row(hour, "+01:00", 100 + hour);
    }
    let system =
        with("2021-10-30T22:00:00Z", 25, "", &rows).unwrap_or_else(|wrong| panic!("{wrong}"));
    let load: Vec<Power> = system.zones[0].load.hourly.clone();
    assert_eq!([load[2], load[3]].map(Power::megawatts), [2.0, 102.0]);
    // With one offset for all the hour is there twice.
    let wrong = with(
        "2021-10-30T22:00:00Z",
        25,
        "",
        &rows.replace("+01:00", "+02:00"),
    );
    let wrong = wrong.expect_err("an hour twice");
    assert!(
        wrong.contains("not one hour after") && wrong.contains("offset changes"),
        "{wrong}"
    );
    let twice = with(
        "2021-10-30T22:00:00Z",
        25,
        ", begins = \"2021-10-30T22:00:00Z\"",
        &rows,
    );
    assert!(twice.expect_err("dated twice").contains("dated twice"));
}

#[test]
fn values_or_a_csv() {
    for (load, expected) in [
        (
            "{ values = [1, 2], csv = \"x\", column = \"y\" }",
            "it is not said where",
        ),
        ("{ csv = \"x\" }", "it is not said where"),
        ("{ values = [1] }", "ends after 1 of the 2 hours"),
        ("{ values = [1, -2] }", "-2 does not fit here"),
    ] {
        let text = wrong(&format!(
            "{}[[zone]]\nname = \"z\"\nload = {load}\n",
            head(2)
        ));
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}
