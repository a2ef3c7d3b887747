//! An estimate is a number with its simulation error, never one without the other.

use super::{Moments, digits::format_with_error};
use std::fmt;

/// Half-width of a 95 % interval in standard errors: the normal quantile at 0.975.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// A mean over replications with its simulation error.
///
/// `Display` prints the digits that the error supports ("13.12 ± 0.12"), and for an event that
/// never happened "below 0.0003 (none in 10000)".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate; NaN of nothing.
    pub mean: f64,
    /// Its standard error; infinite where fewer than two replications know none.
    pub standard_error: f64,
    /// Lower end of the 95 % interval.
    pub lower_95: f64,
    /// Upper end of the 95 % interval.
    pub upper_95: f64,
    /// Replications behind it.
    pub n: u64,
}

impl Estimate {
    /// The mean of `moments` in another unit: one quantum is `scale` units.
    ///
    /// Where every value was zero, 0 ± 0 would claim knowledge that nobody has. The interval is
    /// then 0 to 3/N (the rule of three: with 95 % confidence the event is rarer than that in a
    /// replication). For a quantity that is more than a count, [`Estimate::with_greatest`] turns
    /// the bound on the event's probability into one on the mean.
    pub fn of(moments: &Moments, scale: f64) -> Self {
        if moments.n > 0 && moments.sum_squares == 0 {
            let upper_95 = 3.0 / moments.n as f64;
            return Self {
                mean: 0.0,
                standard_error: 0.0,
                lower_95: 0.0,
                upper_95,
                n: moments.n,
            };
        }
        let error = moments.standard_error() * scale.abs();
        Self::from_parts(moments.mean() * scale, error, moments.n)
    }

    /// An estimate of `mean` with `standard_error` from `n` replications, its interval normal.
    pub fn from_parts(mean: f64, standard_error: f64, n: u64) -> Self {
        let reach = Z_95 * standard_error;
        Self {
            mean,
            standard_error,
            lower_95: mean - reach,
            upper_95: mean + reach,
            n,
        }
    }

    /// The mean of paired differences: as [`Estimate::of`], but where no replication differed the
    /// bound of 3/N holds in both directions.
    pub fn of_difference(moments: &Moments, scale: f64) -> Self {
        let mut estimate = Self::of(moments, scale);
        if estimate.never_happened() {
            estimate.lower_95 = -estimate.upper_95;
        }
        estimate
    }

    /// Whether every replication gave zero, so that the interval is the rule of three's.
    pub fn never_happened(&self) -> bool {
        self.mean == 0.0 && self.standard_error == 0.0 && self.n > 0
    }

    /// Where nothing happened, the bounds times `greatest`, the most that one replication could
    /// have given (in the estimate's unit); otherwise the estimate as it is.
    pub fn with_greatest(mut self, greatest: f64) -> Self {
        if self.never_happened() {
            self.lower_95 *= greatest;
            self.upper_95 *= greatest;
        }
        self
    }

    /// The estimate of what cannot be below a value: nor can its interval.
    pub fn not_below(mut self, least: f64) -> Self {
        // NaN stays NaN: an end that is not known.
        if self.lower_95 < least {
            self.lower_95 = least;
        }
        self
    }

    /// Half the 95 % interval over the mean: what `--precision` asks for. Infinite at mean 0.
    pub fn relative_precision(&self) -> f64 {
        if self.mean == 0.0 {
            return f64::INFINITY;
        }
        Z_95 * self.standard_error / self.mean.abs()
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.never_happened() {
            let bound = super::digits::format_significant(self.upper_95, 2);
            return write!(formatter, "below {bound} (none in {})", self.n);
        }
        formatter.write_str(&format_with_error(self.mean, self.standard_error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_negative_has_no_negative_end() {
        let moments: Moments = [0, 0, 0, 12].into_iter().collect();
        let estimate = Estimate::of(&moments, 1.0);
        assert!(estimate.lower_95 < 0.0);
        let held = estimate.not_below(0.0);
        assert_eq!((held.lower_95, held.upper_95), (0.0, estimate.upper_95));
        assert!(
            Estimate::from_parts(1.0, f64::NAN, 3)
                .not_below(0.0)
                .lower_95
                .is_nan()
        );
    }

    #[test]
    fn nothing_in_n_is_below_three_over_n() {
        let never: Moments = std::iter::repeat_n(0, 10_000).collect();
        let estimate = Estimate::of(&never, 1e-6);
        assert_eq!((estimate.lower_95, estimate.upper_95), (0.0, 3e-4));
        assert_eq!(estimate.to_string(), "below 0.00030 (none in 10000)");
        assert_eq!(estimate.with_greatest(500.0).upper_95, 0.15);
        let difference = Estimate::of_difference(&never, 1.0);
        assert_eq!((difference.lower_95, difference.upper_95), (-3e-4, 3e-4));
    }

    #[test]
    fn an_average_of_zero_is_not_nothing() {
        let even: Moments = [-5, 5].into_iter().collect();
        let estimate = Estimate::of(&even, 1.0);
        assert!(!estimate.never_happened());
        assert_eq!(estimate.to_string(), "0.0 ± 5.0");
        assert_eq!(estimate.relative_precision(), f64::INFINITY);
    }

    #[test]
    fn units_scale_mean_and_error_alike() {
        let moments: Moments = [1_000, 2_000, 3_000].into_iter().collect();
        let estimate = Estimate::of(&moments, -1e-3);
        assert!((estimate.mean + 2.0).abs() < 1e-12);
        assert!((estimate.standard_error - (1.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(estimate.lower_95 < estimate.upper_95);
        assert!((estimate.relative_precision() - Z_95 / 12_f64.sqrt()).abs() < 1e-12);
    }

    /// A mean of draws with variance 1 and the interval's coverage of the truth, by the exact
    /// definition: 1.96 standard errors to each side.
    #[test]
    fn the_interval_is_the_normal_one() {
        let estimate = Estimate::from_parts(10.0, 2.0, 50);
        assert!((estimate.upper_95 - 13.919_927_969_080_108).abs() < 1e-12);
        assert!((estimate.lower_95 - 6.080_072_030_919_892).abs() < 1e-12);
    }

    #[test]
    fn one_replication_knows_no_error() {
        let one: Moments = [5].into_iter().collect();
        assert_eq!(Estimate::of(&one, 1.0).to_string(), "5 (error unknown)");
        assert_eq!(
            Estimate::of(&Moments::default(), 1.0).to_string(),
            "nothing"
        );
    }
}
