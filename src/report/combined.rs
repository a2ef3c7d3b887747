//! Several results in one table.

use super::number::cell;
use super::summary::{HEADER, SummaryRow};
use crate::stats::format_with_error;
use std::fmt::Write as _;

/// Indices of the screen: heading, scope, index.
const SHOWN: [(&str, &str, &str); 5] = [
    ("LOLE h", "system", "lole_h"),
    ("EUE MWh", "system", "eue_mwh"),
    ("curtailed MWh", "system", "curtailed_mining_mwh"),
    ("lost EH/s", "network", "lost_hashrate_ehs"),
    ("of the world", "network", "lost_share_of_world"),
];

/// All rows of all results: the columns of a summary behind the scenario's name.
pub fn csv(parts: &[(&str, &[SummaryRow])]) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["scenario"];
    header.extend(HEADER);
    // Writing to memory cannot fail.
    let _ = table.write_record(&header);
    for (name, rows) in parts {
        for row in *rows {
            let mut record = vec![(*name).to_owned()];
            record.extend(row.cells());
            let _ = table.write_record(&record);
        }
    }
    table.into_inner().unwrap_or_default()
}

/// The first indices of each result over the whole horizon, with their simulation error.
pub fn screen(parts: &[(&str, &[SummaryRow])]) -> String {
    let found = |rows: &[SummaryRow], (_, scope, index): (&str, &str, &str)| {
        let row = rows.iter().find(|row| row.is("all", scope, index));
        row.and_then(|row| {
            let (mean, error) = (row.mean?, row.standard_error);
            Some(error.map_or_else(|| cell(mean), |error| format_with_error(mean, error)))
        })
    };
    let columns: Vec<_> = SHOWN
        .into_iter()
        .filter(|&column| parts.iter().any(|(_, rows)| found(rows, column).is_some()))
        .collect();
    let mut lines = vec![vec!["scenario".to_owned(), "n".to_owned()]];
    lines[0].extend(columns.iter().map(|(heading, ..)| (*heading).to_owned()));
    for (name, rows) in parts {
        let n = rows.first().map_or(0, |row| row.n);
        let mut line = vec![(*name).to_owned(), n.to_string()];
        line.extend(
            columns
                .iter()
                .map(|&column| found(rows, column).unwrap_or_default()),
        );
        lines.push(line);
    }
    aligned(&lines)
}

/// Lines of cells as text: the first column to the left, the others to the right.
pub fn aligned(lines: &[Vec<String>]) -> String {
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let mut shown = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            // Writing to a string cannot fail.
            let _ = match column {
                0 => write!(shown, "{cell:<width$}"),
                _ => write!(shown, "  {cell:>width$}"),
            };
        }
        text.push_str(shown.trim_end());
        text.push('\n');
    }
    text
}
