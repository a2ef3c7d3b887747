//! How much hashrate was truly missing, from counts of blocks and from readings of pools.
//!
//! May enter: counts with their exposures, readings, the share of each window that was dark.
//! May not enter: dates, files, draws, a simulated path.
//!
//! The *loss* is the mean fraction of the world's hashrate that was absent while it was dark. When
//! that was is not known for certain either: each *timeline* is one reading of the sources, and
//! every likelihood is a function of the loss under each of them. Derivations, sources and the
//! intervals' coverage: `docs/model/inference.md`.

mod counts;
mod curve;
mod likelihood;
mod readings;

pub use counts::{Count, of_counts};
pub use curve::{Curve, LIKELIHOOD_DROP_95, Posterior};
pub use likelihood::{HIGHEST_LOSS, LOWEST_LOSS, Likelihood};
pub use readings::{NetworkReading, PoolNuisance, PoolReading, of_network, of_pools};
