//! Hourly series over the horizon: one, or one for each of the weather years.

use super::Context;
use super::series::{column, numbers, sheet};
use crate::quantity::MS_PER_HOUR;
use crate::scenario::clock;
use crate::scenario::files::Files;
use crate::scenario::raw::Series;
use crate::scenario::sheet::Sheet;
use crate::scenario::time;
use jiff::tz::TimeZone;

/// What stands for the name of a weather year.
const YEAR: &str = "{year}";
/// Lengths of a year in hours: of 364, 365 and 366 days.
const YEAR_HOURS: std::ops::RangeInclusive<usize> = 8736..=8784;

/// The series of each weather year where `{year}` occurs in it, else one.
pub(crate) fn yearly(
    series: &Series,
    path: &str,
    limits: (f64, f64),
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Vec<Vec<f64>>> {
    if !depends_on_year(series) {
        return Some(vec![one(series, path, limits, files, context)?]);
    }
    if context.years.is_empty() {
        if !context.places.any_broken("weather_years") {
            let right = "[weather_years] names = [\"2018\", \"2019\"]";
            context.wrong(path, "there are no weather years to put for {year}", right);
        }
        return None;
    }
    context.years_used = true;
    let of = |text: &Option<String>, year: &str| text.as_ref().map(|t| t.replace(YEAR, year));
    let years = context.years.clone();
    let read = |year: &String| {
        let series = Series {
            csv: of(&series.csv, year),
            column: of(&series.column, year),
            ..series.clone()
        };
        one(&series, path, limits, files, context)
    };
    let all: Vec<Option<Vec<f64>>> = years.iter().map(read).collect();
    all.into_iter().collect()
}

/// A series that cannot depend on the weather year.
pub(crate) fn hourly(
    series: &Series,
    path: &str,
    limits: (f64, f64),
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Vec<f64>> {
    if depends_on_year(series) {
        context.wrong(
            path,
            "{year} has no meaning here",
            "{year} in the load of a zone, the output of a plant or the temperature of a weather",
        );
        return None;
    }
    one(series, path, limits, files, context)
}

fn depends_on_year(series: &Series) -> bool {
    [&series.csv, &series.column]
        .into_iter()
        .flatten()
        .any(|text| text.contains(YEAR))
}

/// Hourly values over the horizon, multiplied with their factor.
fn one(
    series: &Series,
    path: &str,
    (low, high): (f64, f64),
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Vec<f64>> {
    let (low, high) = (low / series.factor, high / series.factor);
    let allowed = |value: f64| (low..=high).contains(&value);
    let right = format!("a number from {low} to {high}");
    let (values, first) = match (&series.csv, &series.column, &series.values) {
        (Some(csv), Some(name), None) => {
            let sheet = sheet(csv, &format!("{path}.csv"), files, context)?;
            let at = column(&sheet, name, path, context);
            let first = first_row(series, &sheet, path, context);
            let (at, first) = (at?, first?);
            let values = numbers(&sheet, at, allowed, &right, path, context)?;
            if !sheet.whole {
                return None;
            }
            let last = sheet.rows.last().map(|row| row[0].place);
            enough(values.len(), first, path, last, context)?;
            (values, first)
        }
        (None, None, Some(values)) => {
            if let Some(wrong) = values.iter().find(|&&value| !allowed(value)) {
                let path = format!("{path}.values");
                context.wrong(&path, format!("{wrong} does not fit here"), right);
                return None;
            }
            let first = counted(series, values.len(), path, context)?;
            enough(values.len(), first, path, None, context)?;
            (values.clone(), first)
        }
        _ => {
            if !context.places.any_broken(path) {
                let right = "csv and column, or values";
                context.wrong(path, "it is not said where the values stand", right);
            }
            return None;
        }
    };
    let within = values.get(first..first + context.hours())?;
    Some(within.iter().map(|value| value * series.factor).collect())
}

/// Whether a series reaches to the end of the horizon; that it does not is a mistake.
fn enough(
    length: usize,
    first: usize,
    path: &str,
    place: Option<crate::scenario::mistake::Place>,
    context: &mut Context<'_>,
) -> Option<()> {
    let hours = context.hours();
    if !context.horizon_known {
        return None;
    }
    if length < first + hours {
        let have = length.saturating_sub(first);
        let wrong = format!("the series ends after {have} of the {hours} hours of the horizon");
        let right = "a row for every hour, or a shorter horizon";
        match place {
            Some(place) => context.wrong_at(place, path, wrong, right),
            None => context.wrong(path, wrong, right),
        }
        return None;
    }
    Some(())
}

/// The first row of a series whose rows only count hours.
fn counted(series: &Series, length: usize, path: &str, context: &mut Context<'_>) -> Option<usize> {
    let hours = context.hours();
    no_time_zone(series, path, context);
    let Some(begins) = &series.begins else {
        // A year against a year of another length: after February the days would not fit.
        let years = YEAR_HOURS.contains(&length) && YEAR_HOURS.contains(&hours);
        if years && length > hours && context.horizon_known {
            context.wrong(
                path,
                format!("a year of {length} hours without dates, and a horizon of {hours}: is it a leap year?"),
                "rows with time_utc, or `begins` = when the first row begins",
            );
            return None;
        }
        return Some(0);
    };
    let key = format!("{path}.begins");
    if context.places.is_broken(&key) || !context.horizon_known {
        return None;
    }
    let before = -context.offset(begins);
    if before < 0 || before % MS_PER_HOUR != 0 {
        let wrong = if before < 0 {
            "the series begins after the horizon"
        } else {
            "the series does not begin on the hour of the horizon"
        };
        context.wrong(&key, wrong, "scenario.start, or whole hours before it");
        return None;
    }
    Some((before / MS_PER_HOUR) as usize)
}

/// The row in which the horizon begins; rows must follow hour by hour.
fn first_row(
    series: &Series,
    sheet: &Sheet,
    path: &str,
    context: &mut Context<'_>,
) -> Option<usize> {
    // Where rows are missing their order says nothing.
    if !sheet.whole {
        return Some(0);
    }
    if let Some(column) = sheet.column("time_utc").or_else(|| sheet.column("time")) {
        if sheet.column("time_utc").is_some() {
            no_time_zone(series, path, context);
        }
        if series.begins.is_some() {
            let right = "no `begins` beside rows that have their own times";
            context.wrong(
                &format!("{path}.begins"),
                "the series is dated twice",
                right,
            );
        }
        return dated(series, sheet, column, path, context);
    }
    let Some(column) = sheet.column("hour") else {
        if let Some(place) = sheet.header_place() {
            context.wrong_at(
                place,
                path,
                "the header has neither `hour` nor `time_utc`",
                "a column `hour` that counts 0, 1, 2, ... or `time_utc`",
            );
        }
        return None;
    };
    let mut expected: Option<i64> = None;
    for row in &sheet.rows {
        let cell = &row[column];
        let hour = cell.text.parse::<i64>().ok();
        let right = match expected {
            None => matches!(hour, Some(0 | 1)),
            Some(expected) => hour == Some(expected),
        };
        if !right {
            let right = expected.map_or("0 or 1 in the first row".to_owned(), |hour| {
                format!("{hour} here: one row for every hour")
            });
            context.wrong_at(
                cell.place,
                path,
                format!("the hour {:?} is out of order", cell.text),
                right,
            );
            return None;
        }
        expected = hour.map(|hour| hour + 1);
    }
    counted(series, sheet.rows.len(), path, context)
}

/// A time zone by name, else the mistake is reported.
fn time_zone(name: &str, path: &str, context: &mut Context<'_>) -> Option<TimeZone> {
    let zone = clock::named(name).map_err(|right| {
        let wrong = format!("there is no time zone {name:?}");
        context.wrong(&format!("{path}.time_zone"), wrong, right);
    });
    zone.ok()
}

/// A time zone beside rows or values that have no local time is a mistake.
fn no_time_zone(series: &Series, path: &str, context: &mut Context<'_>) {
    if series.time_zone.is_some() {
        context.wrong(
            &format!("{path}.time_zone"),
            "a time zone, but no local time in the rows",
            "a column `time` without offsets, or no time_zone",
        );
    }
}

/// The row of the horizon's begin where every row has its time.
fn dated(
    series: &Series,
    sheet: &Sheet,
    column: usize,
    path: &str,
    context: &mut Context<'_>,
) -> Option<usize> {
    let zone = match &series.time_zone {
        Some(name) => Some(time_zone(name, path, context)?),
        None => None,
    };
    let mut first = None;
    let mut before: Option<i64> = None;
    for (index, row) in sheet.rows.iter().enumerate() {
        let cell = &row[column];
        let expected = before.map(|before| before + MS_PER_HOUR);
        let meant = match &zone {
            Some(zone) => clock::local(&cell.text, zone, expected),
            None => time::instant(&cell.text),
        };
        let unix_ms = match meant {
            Ok(unix_ms) => unix_ms,
            Err(wrong) => {
                let right = match zone {
                    Some(_) => "a local time without offset, as \"2022-01-05T16:45\"",
                    None => time::RIGHT,
                };
                context.wrong_at(cell.place, path, wrong, right);
                return None;
            }
        };
        if expected.is_some_and(|expected| unix_ms != expected) {
            context.wrong_at(
                cell.place,
                path,
                "the row is not one hour after the row above",
                "one row for every hour; where clocks change the offset changes with them",
            );
            return None;
        }
        before = Some(unix_ms);
        if unix_ms == context.start_unix_ms {
            first = Some(index);
        }
    }
    if first.is_none()
        && context.horizon_known
        && let Some(row) = sheet.rows.first()
    {
        let right = "a row at scenario.start, on the whole hour";
        context.wrong_at(
            row[column].place,
            path,
            "the series does not hold the begin of the horizon",
            right,
        );
    }
    first
}
