//! What two variants with the same random numbers differ by, replication by replication.

use super::number::cell;
use crate::experiment::Results;
use crate::measure::Column;
use crate::stats::{Estimate, JointMoments, Moments};
use crate::store::StoreError;
use serde::Serialize;

/// A difference of means, with what pairing gained.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// The other's mean less the base's.
    pub difference: f64,
    /// Its simulation error: that of the differences of single replications.
    pub standard_error: f64,
    /// Lower end of its 95 % interval.
    pub lower_95: f64,
    /// Upper end of its 95 % interval.
    pub upper_95: f64,
    /// Variance of the difference over what it would be with random numbers of their own; absent
    /// where neither varies.
    pub variance_ratio: Option<f64>,
}

/// The columns of a difference, in order.
pub const HEADER: [&str; 5] = [
    "difference",
    "difference_standard_error",
    "difference_lower_95",
    "difference_upper_95",
    "variance_ratio",
];

impl Difference {
    /// The cells of the columns.
    pub fn cells(&self) -> [String; 5] {
        [
            cell(self.difference),
            cell(self.standard_error),
            cell(self.lower_95),
            cell(self.upper_95),
            self.variance_ratio.map(cell).unwrap_or_default(),
        ]
    }

    /// Whether the interval leaves no doubt about the sign.
    pub fn is_clear(&self) -> bool {
        self.lower_95 > 0.0 || self.upper_95 < 0.0
    }
}

/// The paired difference of an index between two results, over the replications that both have;
/// `None` of fewer than two.
///
/// # Errors
/// What the disk says.
pub fn difference(
    (base, base_column): (&Results, &Column),
    (other, column): (&Results, &Column),
) -> Result<Option<Difference>, StoreError> {
    let (x, y) = (other.slot(column.slot)?, base.slot(base_column.slot)?);
    let n = x.len().min(y.len());
    if n < 2 {
        return Ok(None);
    }
    let (x, y) = (&x[..n], &y[..n]);
    if column.scale == base_column.scale {
        let joint: JointMoments = x.iter().copied().zip(y.iter().copied()).collect();
        let paired = joint.paired_difference();
        let apart = joint.x.variance() + joint.y.variance();
        let estimate = Estimate::of_difference(&paired, column.scale);
        return Ok(Some(of(estimate, paired.variance(), apart)));
    }
    // Quanta of different sizes: floats, in the order of replications, which no thread changes.
    let pairs = x.iter().zip(y.iter());
    let differences: Vec<f64> = pairs
        .map(|(&x, &y)| x as f64 * column.scale - y as f64 * base_column.scale)
        .collect();
    let n = n as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let squares = differences
        .iter()
        .map(|value| (value - mean) * (value - mean));
    let variance = squares.sum::<f64>() / (n - 1.0);
    let scaled = |moments: Moments, scale: f64| moments.variance() * scale * scale;
    let apart = scaled(x.iter().copied().collect(), column.scale)
        + scaled(y.iter().copied().collect(), base_column.scale);
    let error = libm::sqrt(variance / n);
    let estimate = Estimate::from_parts(mean, error, differences.len() as u64);
    Ok(Some(of(estimate, variance, apart)))
}

/// The difference of results with random numbers of their own, or of different lengths.
///
/// # Errors
/// What the disk says.
pub fn unpaired(
    (base, base_column): (&Results, &Column),
    (other, column): (&Results, &Column),
) -> Result<Difference, StoreError> {
    let x = Estimate::of(&other.moments(column)?, column.scale);
    let y = Estimate::of(&base.moments(base_column)?, base_column.scale);
    let error =
        libm::sqrt(x.standard_error * x.standard_error + y.standard_error * y.standard_error);
    let estimate = Estimate::from_parts(x.mean - y.mean, error, x.n.min(y.n));
    Ok(Difference {
        variance_ratio: None,
        ..of(estimate, 0.0, 0.0)
    })
}

fn of(estimate: Estimate, variance: f64, apart: f64) -> Difference {
    // Where no replication differs nothing bounds by how much one could.
    let estimate = if estimate.never_happened() {
        estimate.with_greatest(f64::NAN)
    } else {
        estimate
    };
    Difference {
        difference: estimate.mean,
        standard_error: estimate.standard_error,
        lower_95: estimate.lower_95,
        upper_95: estimate.upper_95,
        variance_ratio: (apart > 0.0).then(|| variance / apart),
    }
}
