//! Decides what a finished run puts on paper: tables, words, figures, page, manifest.
//!
//! May enter: finished numbers as plain data. Everything here is drawn from them alone.
//! May not enter: the engine's state, randomness, the disk but through a [`Shelf`]; the clock,
//! but for what the manifest says of the cost.

pub mod backtest;
mod blocks;
pub mod chart;
pub mod combined;
pub mod comparison;
mod derived;
mod document;
mod draw;
mod error;
mod events;
mod facts;
mod figures;
pub mod html;
mod manifest;
mod missing;
mod number;
mod numerals;
pub mod paired;
#[cfg(feature = "parquet")]
mod parquet;
mod publish;
mod replications;
mod screen;
mod series;
mod shares;
mod shelf;
mod shortages;
mod small_print;
pub mod summary;
pub mod sweep;
pub mod words;

pub use draw::draw;
pub use error::ReportError;
pub use events::{Chosen, TOLD, Telling, headline, told_cells};
pub use manifest::{BITS, Cost, FileRecord, Manifest, OUTPUT_SCHEMA, Seconds, SweepRecord};
pub use missing::{MissingAsData, missing_figure, missing_screen};
pub(crate) use number::published;
pub(crate) use numerals::number;
pub use publish::{Finished, Meter, Publication, Reading, publish};
pub use screen::screen;
pub use series::FAN;
pub use shelf::{MANIFEST, Shelf, Table, TableError, hexadecimal};
pub use summary::SummaryRow;
