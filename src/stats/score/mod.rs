//! How well a distribution over futures foresaw counts: mixtures of Poisson laws, scored.
//!
//! May enter: expected counts of each replication and day, counts that were seen.
//! May not enter: where either comes from, randomness (a randomised PIT is given its uniform).
//!
//! Given a replication's hashrate the blocks of a day are Poisson, and independent of other days;
//! over futures they are a mixture. A day alone is a [`CountLaw`]. A series of days is scored as
//! one ([`series_score`]): the days share what was drawn once, so the sum of the days' own
//! scores would count one mistake many times. Sums run in the order of replications, so that no
//! thread changes a bit (`docs/model/backtest.md`).

mod band;
mod law;
mod rates;
mod series;

pub use band::{Band, probability_within, simultaneous_band, uniformity};
pub use law::CountLaw;
pub use rates::Rates;
pub use series::{SeriesScore, Step, in_turn, series_score};
