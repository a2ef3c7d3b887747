//! The plotted numbers as a tidy table: one row an observation.

use super::clock::rfc3339;

/// A growing CSV table.
pub(crate) struct Numbers {
    writer: csv::Writer<Vec<u8>>,
}

impl Numbers {
    /// A table with these columns.
    pub(crate) fn with_columns(columns: &[&str]) -> Self {
        let mut numbers = Self {
            writer: csv::Writer::from_writer(Vec::new()),
        };
        numbers.row(
            &columns
                .iter()
                .map(|column| (*column).to_owned())
                .collect::<Vec<_>>(),
        );
        numbers
    }

    /// A row of finished cells.
    pub(crate) fn row(&mut self, cells: &[String]) {
        // Writing rows of equal length to memory cannot fail.
        let _ = self.writer.write_record(cells);
    }

    /// The table as text.
    pub(crate) fn finish(self) -> String {
        self.writer
            .into_inner()
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

/// A number with all its digits; empty where there is none.
pub(crate) fn cell(value: f64) -> String {
    if value.is_finite() {
        format!("{}", value + 0.0)
    } else {
        String::new()
    }
}

/// A time in RFC 3339.
pub(crate) fn time_cell(unix_ms: i64) -> String {
    rfc3339(unix_ms)
}

/// Words as they are.
pub(crate) fn word(text: &str) -> String {
    text.to_owned()
}
