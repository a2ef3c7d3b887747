//! Columns of a CSV.

use super::Context;
use crate::scenario::files::Files;
use crate::scenario::mistake::{TOLD, suggestion};
use crate::scenario::sheet::{self, Cell, Sheet};

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
