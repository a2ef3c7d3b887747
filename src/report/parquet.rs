//! The large tables once more as Parquet: the same rows and columns, with types.
//!
//! A table is written as CSV first and read back here, so that both hold the same. Whole numbers
//! are `INT64`, times `TIMESTAMP` in UTC to the millisecond, words `STRING`, everything else
//! `DOUBLE`; an empty cell is null.

use csv::{Reader, StringRecord};
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;
use std::io::{Read, Write};
use std::sync::Arc;

/// Tables that are written as Parquet, too.
pub(super) const TABLES: [&str; 5] = [
    "replications.csv",
    "series.csv",
    "events.csv",
    "shortages.csv",
    "sweep.csv",
];
/// Cells that are held at a time.
const MOST_CELLS: usize = 4 << 20;

/// Columns of words, whatever they hold.
const WORDS: [&str; 11] = [
    "point", "window", "scope", "index", "unit", "interval", "role", "entity", "what", "step",
    "series",
];
/// Columns of whole numbers.
const WHOLE: [&str; 2] = ["replication", "n"];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Words,
    Whole,
    Time,
    Number,
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    #[error("{cell:?} is no {what}")]
    Cell { cell: String, what: &'static str },
}

/// Converts a table; `open` gives its CSV from the beginning, each time it is called.
pub(super) fn convert<R: Read, W: Write + Send>(
    open: impl Fn() -> Result<R, Trouble>,
    to: W,
) -> Result<W, Trouble> {
    let mut reader = Reader::from_reader(open()?);
    let header = reader.headers()?.clone();
    let mut kinds: Vec<Kind> = header.iter().map(kind_of).collect();
    // A parameter of a sweep may hold words.
    let mut record = StringRecord::new();
    while reader.read_record(&mut record)? {
        for (kind, cell) in kinds.iter_mut().zip(&record) {
            if *kind == Kind::Number && !cell.is_empty() && cell.parse::<f64>().is_err() {
                *kind = Kind::Words;
            }
        }
    }
    let fields: Result<Vec<_>, ParquetError> = header
        .iter()
        .zip(&kinds)
        .map(|(name, &kind)| field(name, kind).map(Arc::new))
        .collect();
    let schema = Type::group_type_builder("table")
        .with_fields(fields?)
        .build()?;
    let program = concat!("hashfall ", env!("CARGO_PKG_VERSION"));
    let properties = WriterProperties::builder()
        .set_created_by(program.to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties))?;
    let rows_at_a_time = (MOST_CELLS / kinds.len().max(1)).max(1024);
    let mut reader = Reader::from_reader(open()?);
    let mut rows: Vec<StringRecord> = Vec::new();
    loop {
        let mut record = StringRecord::new();
        let is_there = reader.read_record(&mut record)?;
        if is_there {
            rows.push(record);
        }
        if rows.len() == rows_at_a_time || (!is_there && !rows.is_empty()) {
            group(&mut writer, &kinds, &rows)?;
            rows.clear();
        }
        if !is_there {
            return Ok(writer.into_inner()?);
        }
    }
}

fn kind_of(name: &str) -> Kind {
    match name {
        name if WORDS.contains(&name) => Kind::Words,
        name if WHOLE.contains(&name) => Kind::Whole,
        name if name.ends_with("_utc") => Kind::Time,
        _ => Kind::Number,
    }
}

fn field(name: &str, kind: Kind) -> Result<Type, ParquetError> {
    let (physical, logical) = match kind {
        Kind::Words => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Time => (
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MILLIS)),
        ),
        Kind::Number => (Physical::DOUBLE, None),
    };
    Type::primitive_type_builder(name, physical)
        .with_logical_type(logical)
        .with_repetition(Repetition::OPTIONAL)
        .build()
}

/// Writes some rows, column after column.
fn group<W: Write + Send>(
    writer: &mut SerializedFileWriter<W>,
    kinds: &[Kind],
    rows: &[StringRecord],
) -> Result<(), Trouble> {
    let mut group = writer.next_row_group()?;
    for (place, &kind) in kinds.iter().enumerate() {
        let Some(mut column) = group.next_column()? else {
            break;
        };
        let cells = || rows.iter().map(|row| row.get(place).unwrap_or_default());
        let levels: Vec<i16> = cells().map(|cell| i16::from(!cell.is_empty())).collect();
        let known = cells().filter(|cell| !cell.is_empty());
        match kind {
            Kind::Words => {
                let values: Vec<ByteArray> = known.map(ByteArray::from).collect();
                let column = column.typed::<ByteArrayType>();
                column.write_batch(&values, Some(&levels), None)?;
            }
            Kind::Number => {
                let values: Result<Vec<f64>, Trouble> =
                    known.map(|cell| number(cell, "number")).collect();
                let column = column.typed::<DoubleType>();
                column.write_batch(&values?, Some(&levels), None)?;
            }
            Kind::Whole | Kind::Time => {
                let values: Result<Vec<i64>, Trouble> = known
                    .map(|cell| match kind {
                        Kind::Time => time(cell),
                        _ => number(cell, "whole number"),
                    })
                    .collect();
                let column = column.typed::<Int64Type>();
                column.write_batch(&values?, Some(&levels), None)?;
            }
        }
        column.close()?;
    }
    group.close()?;
    Ok(())
}

fn number<T: std::str::FromStr>(cell: &str, what: &'static str) -> Result<T, Trouble> {
    let trouble = || Trouble::Cell {
        cell: cell.to_owned(),
        what,
    };
    cell.parse().map_err(|_| trouble())
}

/// Milliseconds since 1970.
fn time(cell: &str) -> Result<i64, Trouble> {
    let parsed: jiff::Timestamp = number(cell, "time")?;
    Ok(parsed.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    #[test]
    fn every_cell_comes_back_with_its_type() {
        let csv = "replication,time_utc,scope,line.a.capacity_mw,word,all/x/y\n\
                   0,1970-01-01T00:00:01Z,system,1.5,a,\n\
                   1,1970-01-01T00:00:00.250Z,\"a, b\",2,3,-7e-3\n";
        let bytes = convert(|| Ok(csv.as_bytes()), Vec::new()).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let rows: Vec<Vec<(String, Field)>> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().into_columns())
            .collect();
        let values = |row: usize| -> Vec<Field> {
            rows[row].iter().map(|(_, field)| field.clone()).collect()
        };
        assert_eq!(
            values(0),
            [
                Field::Long(0),
                Field::TimestampMillis(1000),
                Field::Str("system".into()),
                Field::Double(1.5),
                Field::Str("a".into()),
                Field::Null,
            ]
        );
        assert_eq!(
            values(1)[1..],
            [
                Field::TimestampMillis(250),
                Field::Str("a, b".into()),
                Field::Double(2.0),
                Field::Str("3".into()),
                Field::Double(-7e-3),
            ]
        );
    }

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let csv = "n,mean\n1,2\n";
        let one = convert(|| Ok(csv.as_bytes()), Vec::new()).unwrap();
        assert_eq!(one, convert(|| Ok(csv.as_bytes()), Vec::new()).unwrap());
        assert!(convert(|| Ok("n\nx\n".as_bytes()), Vec::new()).is_err());
        assert!(
            convert(|| Ok("n,mean\n".as_bytes()), Vec::new()).is_ok(),
            "no rows"
        );
    }
}
