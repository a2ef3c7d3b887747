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
fn a_named_time_zone_dates_rows_without_offset() {
    // A whole local year with both changes of the clock; the load counts the hours.
    let named = ", time_zone = \"Europe/Berlin\"";
    let mut rows = String::from("time,mw\n");
    let mut count = 0;
    for (date, hours) in [
        ("2021-03-27", (0..24).collect::<Vec<u32>>()),
        ("2021-03-28", [0, 1].into_iter().chain(3..24).collect()),
        ("2021-03-29", (0..24).collect()),
    ] {
        for hour in hours {
            rows += &format!("{date}T{hour:02}:00,{count}\n");
            count += 1;
        }
    }
    // The begin of 28 March in Berlin is 23:00 UTC; its day has 23 hours.
    let begin = "2021-03-27T23:00:00Z";
    assert_eq!(first_mw(with(begin, 23, named, &rows)), 24.0);
    assert_eq!(
        first_mw(with("2021-03-28T22:00:00Z", 24, named, &rows)),
        47.0
    );
    let autumn: String = [0, 1, 2, 2, 3, 4]
        .iter()
        .map(|hour| format!("2021-10-31 {hour:02}:00:00,{hour}\n"))
        .collect();
    let autumn = format!("time,mw\n{autumn}");
    let begin = "2021-10-31T01:00:00Z";
    let system = with(begin, 3, named, &autumn).unwrap_or_else(|wrong| panic!("{wrong}"));
    let load: Vec<f64> = system.zones[0]
        .load
        .hourly
        .iter()
        .map(|mw| mw.megawatts())
        .collect();
    assert_eq!(load, [2.0, 3.0, 4.0]);
}

#[test]
fn a_time_zone_without_meaning_is_refused() {
    let row = "time,mw\n2021-03-28T02:00,1\n";
    let skipped = with(JANUARY, 1, ", time_zone = \"Europe/Berlin\"", row);
    assert!(
        skipped
            .expect_err("no such hour")
            .contains("the clock skips it")
    );
    let unknown = with(JANUARY, 1, ", time_zone = \"Europe/Berlim\"", row);
    let unknown = unknown.expect_err("no such place");
    assert!(
        unknown.contains("did you mean `Europe/Berlin`?"),
        "{unknown}"
    );
    let offset = with(
        JANUARY,
        1,
        ", time_zone = \"Europe/Berlin\"",
        "time,mw\n2021-01-01T00:00:00Z,1\n",
    );
    assert!(offset.expect_err("a time in UTC").contains("local time"));
    for csv in ["hour,mw\n0,1\n", "time_utc,mw\n2021-01-01T00:00:00Z,1\n"] {
        let wrong =
            with(JANUARY, 1, ", time_zone = \"Asia/Almaty\"", csv).expect_err("no local time");
        assert!(wrong.contains("no local time in the rows"), "{wrong}");
    }
    let zone = |keys| {
        wrong(&format!(
            "{}[[zone]]\nname = \"z\"\nload = {{ values = [1] }}\n{keys}",
            head(1)
        ))
    };
    assert!(zone("time_zone = \"Asia/Almaty\"\nutc_offset_h = 6").contains("given twice"));
    assert!(zone("time_zone = \"Almaty\"").contains("there is no time zone"));
}

#[test]
fn a_zone_keeps_its_named_clock_through_changes() {
    let text = |start: &str, zone: &str| {
        let load = vec![1.0; 48];
        format!(
            "schema = 1\n[scenario]\nname = \"t\"\nstart = \"{start}\"\nduration_hours = 48\n[[zone]]\nname = \"z\"\ntime_zone = \"{zone}\"\nload = {{ values = {load:?} }}\n"
        )
    };
    // Almaty went from six hours ahead to five as 1 March 2024 began there.
    let almaty = system(&text("2024-02-29T00:00:00Z", "Asia/Almaty"));
    let zone = &almaty.zones[0];
    let local = |hour| almaty.local_hour(hour, zone);
    assert_eq!([0, 17, 18, 19].map(local), [6.0, 23.0, 23.0, 0.0]);
    let fixed = system(&text("2022-01-05T00:00:00Z", "Asia/Almaty"));
    assert!(fixed.zones[0].clock_changes.is_empty());
    assert_eq!(fixed.zones[0].utc_offset_minutes, 360);
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
