//! Estimates that carry their error: moments, order statistics, paired differences, histograms.
//!
//! May enter: the integer quanta that a replication closes with, and bins of them.
//! May not enter: randomness, files, sums of floats whose order could change a bit.
//!
//! Everything that accumulates here is integer, so that merging commutes exactly: 1, 2 or 7
//! threads, 1 or 16 shards give the same bits. Floats appear in the last line of an estimate.
//!
//! ```
//! use hashfall::stats::{Estimate, Moments};
//! let lost_mwh: Moments = [3, 0, 0, 5, 2].into_iter().collect();
//! assert_eq!(Estimate::of(&lost_mwh, 1.0).to_string(), "2.00 ± 0.95");
//! ```

mod cells;
mod digits;
mod encoding;
mod estimate;
mod explained;
mod grid;
mod histogram;
mod joint;
mod moments;
mod order;
mod rate_ratio;
pub mod score;
mod trend;
mod wide;

pub use cells::{CellMoments, CellProducts};
pub use digits::{format_exact, format_range, format_with_error};
pub use encoding::DecodeError;
pub use estimate::{Estimate, Z_95};
pub use explained::{Explained, explained};
pub use grid::FanGrid;
pub use histogram::Bins;
pub use joint::JointMoments;
pub use moments::Moments;
pub use order::{
    QuantileInterval, conditional_value_at_risk, quantile, quantile_interval_95, rank,
    value_at_risk,
};
pub use rate_ratio::{RateRatio, rate_ratio_95};
pub use trend::{CountedSpan, TrendEffect, poisson_trend};
