//! Columns of a CSV: hourly series, tables of temperature, days.

use super::Context;
use crate::quantity::MS_PER_HOUR;
use crate::scenario::files::Files;
use crate::scenario::mistake::{TOLD, suggestion};
use crate::scenario::raw::Series;
use crate::scenario::sheet::{self, Cell, Sheet};
use crate::scenario::time;

/// A CSV named at a path, parsed; what is wrong with it is reported.
pub(crate) fn sheet(
    name: &str,
    path: &str,
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Sheet> {
    let number = context.file(path, name, files)?;
    let sheet = sheet::parse(&files.text(number), number, &mut context.findings);
    (!sheet.rows.is_empty()).then_some(sheet)
}

/// Number of a column; a header without it is a mistake of the CSV.
pub(crate) fn column(
    sheet: &Sheet,
    name: &str,
    path: &str,
    context: &mut Context<'_>,
) -> Option<usize> {
    let found = sheet.column(name);
    if found.is_none()
        && let Some(place) = sheet.header_place()
    {
        let right = suggestion(name, sheet.columns());
        context.wrong_at(
            place,
            path,
            format!("the header has no column `{name}`"),
            right,
        );
    }
    found
}

/// The numbers of a column; those that are none are reported, the first ones each by itself.
pub(crate) fn numbers(
    sheet: &Sheet,
    column: usize,
    allowed: impl Fn(f64) -> bool,
    right: &str,
    path: &str,
    context: &mut Context<'_>,
) -> Option<Vec<f64>> {
    let mut values = Vec::with_capacity(sheet.rows.len());
    let mut wrong: Vec<&Cell> = Vec::new();
    for row in &sheet.rows {
        match row[column].text.parse::<f64>() {
            Ok(value) if value.is_finite() && allowed(value) => values.push(value),
            _ => wrong.push(&row[column]),
        }
    }
    for cell in wrong.iter().take(TOLD) {
        context.wrong_at(
            cell.place,
            path,
            format!("{:?} does not fit here", cell.text),
            right,
        );
    }
    if let Some(cell) = wrong.get(TOLD) {
        let more = wrong.len() - TOLD;
        context.wrong_at(
            cell.place,
            path,
            format!("{more} more cells of this column do not fit, from here on"),
            right,
        );
    }
    wrong.is_empty().then_some(values)
}

/// An hourly series over the horizon, multiplied with its factor.
pub(crate) fn hourly(
    series: &Series,
    path: &str,
    (low, high): (f64, f64),
    files: &mut Files,
    context: &mut Context<'_>,
) -> Option<Vec<f64>> {
    let sheet = sheet(&series.csv, &format!("{path}.csv"), files, context)?;
    let at = column(&sheet, &series.column, path, context);
    let first = first_row(&sheet, path, context);
    let (at, first) = (at?, first?);
    let (low, high) = (low / series.factor, high / series.factor);
    let right = format!("a number from {low} to {high}");
    let values = numbers(
        &sheet,
        at,
        |value| (low..=high).contains(&value),
        &right,
        path,
        context,
    )?;
    if !sheet.whole || !context.horizon_known {
        return None;
    }
    let hours = context.hours();
    if values.len() < first + hours {
        let last = sheet.rows.last().map(|row| row[0].place);
        let have = values.len().saturating_sub(first);
        let wrong = format!("the series ends after {have} of the {hours} hours of the horizon");
        if let Some(place) = last {
            context.wrong_at(
                place,
                path,
                wrong,
                "a row for every hour, or a shorter horizon",
            );
        }
        return None;
    }
    Some(
        values[first..first + hours]
            .iter()
            .map(|value| value * series.factor)
            .collect(),
    )
}

/// The row in which the horizon begins; rows must follow hour by hour.
fn first_row(sheet: &Sheet, path: &str, context: &mut Context<'_>) -> Option<usize> {
    // Where rows are missing their order says nothing.
    if !sheet.whole {
        return Some(0);
    }
    if let Some(column) = sheet.column("time_utc") {
        let mut first = None;
        let mut before: Option<i64> = None;
        for (index, row) in sheet.rows.iter().enumerate() {
            let cell = &row[column];
            let unix_ms = match time::instant(&cell.text) {
                Ok(unix_ms) => unix_ms,
                Err(wrong) => {
                    context.wrong_at(cell.place, path, wrong, time::RIGHT);
                    return None;
                }
            };
            if before.is_some_and(|before| unix_ms - before != MS_PER_HOUR) {
                context.wrong_at(
                    cell.place,
                    path,
                    "the row is not one hour after the row above",
                    "one row for every hour",
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
        return first;
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
    Some(0)
}
