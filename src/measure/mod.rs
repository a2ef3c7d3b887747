//! What one wishes to know: recorders that watch a replication and close it into integers.
//!
//! May enter: the engine's views, mergeable totals of `stats`.
//! May not enter: threads, files, words and colours of a report.
//!
//! A new metric is a recorder (or a slot in one) and a line in an [`Ensemble`].

mod adequacy;
mod blocks;
mod consequences;
mod day_rates;
mod demand;
mod ensemble;
mod hashrate;
mod layout;
mod ledger;
mod observed;
mod observers;
mod rungs;
mod series;
mod shortage_hours;
mod shortage_layout;
mod shortages;
mod stores;
mod strain;
mod trace;

pub use adequacy::Adequacy;
pub use day_rates::{DayRates, DaySlots};
pub use demand::Demand;
pub use ensemble::{Ensemble, GridEnsemble, MiningEnsemble, Sink};
pub use hashrate::Hashrate;
pub use layout::{Column, Layout, Slot};
pub use ledger::Ledger;
pub use observed::claim_baseline;
pub use observers::{RealReading, reading_name, real_readings};
pub use series::{MeanSeries, SeriesKind, SeriesLayout};
pub use shortage_hours::{MonthHourCell, ShortCell, ShortCells};
pub use shortage_layout::{ShortageLayout, ShortageMeasure, ShortagePair};
pub use shortages::{Shortage, ShortageTeller};
pub use stores::Stores;
pub use strain::Strain;
pub use trace::{Story, Told, tell};
