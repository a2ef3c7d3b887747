//! CSV with the place of every cell.
//!
//! Comma-separated, quotes as in RFC 4180, a header, comment lines that begin with `#`. LF and
//! CRLF are both accepted, as is a byte order mark (which `files` takes off).

use super::mistake::{Finding, Place, TOLD};
use std::ops::Range;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub place: Place,
    pub text: String,
}

/// A parsed CSV: rows all have as many cells as the header.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub header: Vec<Cell>,
    pub rows: Vec<Vec<Cell>>,
    /// False where rows had to be left out.
    pub whole: bool,
}

/// Parses a CSV; rows that are too short or too long are reported and left out.
pub(crate) fn parse(text: &str, source: usize, findings: &mut Vec<Finding>) -> Sheet {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut finding = |start: usize, end: usize, wrong: String, right: &str| {
        let place = Place { source, start, end };
        findings.push(Finding {
            place,
            key: String::new(),
            wrong,
            right: right.to_owned(),
        });
    };
    let (mut misshapen, mut readable) = (0, true);
    let mut record = csv::StringRecord::new();
    loop {
        let from = reader.position().byte() as usize;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                finding(from, from, format!("not a CSV: {error}"), "");
                readable = false;
                break;
            }
        }
        let spans = cell_spans(text, row_start(text, from));
        let cells: Vec<Cell> = record
            .iter()
            .zip(spans.iter().cloned().chain(std::iter::repeat(from..from)))
            .map(|(cell, span)| Cell {
                place: Place {
                    source,
                    start: span.start,
                    end: span.end,
                },
                text: cell.to_owned(),
            })
            .collect();
        if sheet.header.is_empty() {
            sheet.header = cells;
        } else if cells.len() == sheet.header.len() {
            sheet.rows.push(cells);
        } else {
            misshapen += 1;
            if misshapen <= TOLD {
                let (start, end) = match (cells.first(), cells.last()) {
                    (Some(first), Some(last)) => (first.place.start, last.place.end),
                    _ => (from, from),
                };
                let length = if cells.len() < sheet.header.len() {
                    "short"
                } else {
                    "long"
                };
                let wrong = format!(
                    "the row is too {length}: {} cells where the header has {}",
                    cells.len(),
                    sheet.header.len()
                );
                finding(
                    start,
                    end,
                    wrong,
                    "give every row a cell for each column; quote cells that hold a comma",
                );
            }
        }
    }
    sheet.whole = misshapen == 0 && readable;
    if misshapen > TOLD {
        finding(
            0,
            0,
            format!(
                "{} more rows have the wrong number of cells",
                misshapen - TOLD
            ),
            "",
        );
    }
    if sheet.header.is_empty() {
        finding(
            0,
            0,
            "the file is empty".to_owned(),
            "a header line and rows under it",
        );
    } else if sheet.rows.is_empty() && misshapen == 0 {
        finding(
            0,
            0,
            "the file has a header but no rows".to_owned(),
            "rows under the header",
        );
    }
    sheet
}

impl Sheet {
    /// Number of a column.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|cell| cell.text == name)
    }
    /// The names of the columns.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(|cell| cell.text.as_str())
    }
    /// The place of the header.
    pub(crate) fn header_place(&self) -> Option<Place> {
        let (first, last) = (self.header.first()?, self.header.last()?);
        Some(Place {
            end: last.place.end,
            ..first.place
        })
    }
}

/// The first byte at or after `from` that belongs to a row: blank and comment lines come before.
fn row_start(text: &str, from: usize) -> usize {
    let mut at = from;
    for line in text[from.min(text.len())..].split_inclusive('\n') {
        if line.starts_with('#') || line.trim_end_matches(['\r', '\n']).is_empty() {
            at += line.len();
        } else {
            break;
        }
    }
    at
}

/// The bytes of each cell of the row that begins at `start`.
fn cell_spans(text: &str, start: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut spans, mut cell, mut quoted, mut at) = (Vec::new(), start, false, start);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                spans.push(cell..at);
                cell = at + 1;
            }
            b'\n' | b'\r' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    spans.push(cell..at);
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<Vec<&str>> {
        let mut findings = Vec::new();
        let sheet = parse(text, 0, &mut findings);
        assert!(findings.is_empty(), "{findings:?}");
        let written = |row: &Vec<Cell>| {
            row.iter()
                .map(|cell| &text[cell.place.start..cell.place.end])
                .collect()
        };
        std::iter::once(&sheet.header)
            .chain(&sheet.rows)
            .map(written)
            .collect()
    }

    #[test]
    fn cells_know_their_place_behind_comments_quotes_and_both_line_ends() {
        let text = "# source, of all\nname,mw\r\n\"a, b\",3\r\n\r\n# note\nc,4\n";
        assert_eq!(
            places(text),
            [vec!["name", "mw"], vec!["\"a, b\"", "3"], vec!["c", "4"]]
        );
    }

    #[test]
    fn short_long_and_absent_rows_are_reported() {
        let mut findings = Vec::new();
        let sheet = parse("a,b\n1\n1,2,3\n4,5\n", 0, &mut findings);
        assert_eq!((findings.len(), sheet.rows.len()), (2, 1));
        for empty in ["", "# only a comment\n", "a,b\n"] {
            findings.clear();
            parse(empty, 0, &mut findings);
            assert_eq!(findings.len(), 1, "{empty:?}");
        }
    }
}
