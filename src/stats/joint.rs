//! Two values of the same replications together: ratios, paired differences, correlation.

use super::{Estimate, Moments, wide};

/// Pairs below which that all have one ratio says little.
const FEW: f64 = 30.0;

/// Moments of pairs (x, y), exact however they are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JointMoments {
    /// Moments of x.
    pub x: Moments,
    /// Moments of y.
    pub y: Moments,
    /// The sum of x y.
    pub sum_products: i128,
}

impl JointMoments {
    /// Counts one pair.
    #[inline]
    pub fn add(&mut self, x: i64, y: i64) {
        self.x.add(x);
        self.y.add(y);
        self.sum_products += i128::from(x) * i128::from(y);
    }

    /// Counts all that `other` counted. Commutes and associates exactly.
    pub fn merge(&mut self, other: &Self) {
        self.x.merge(&other.x);
        self.y.merge(&other.y);
        self.sum_products += other.sum_products;
    }

    /// The unbiased covariance; infinite for fewer than two pairs.
    pub fn covariance(&self) -> f64 {
        let n = self.x.n;
        if n < 2 {
            return f64::INFINITY;
        }
        let pairs = u128::from(n) * u128::from(n - 1);
        wide::scaled_covariance(n, self.sum_products, self.x.sum, self.y.sum) / pairs as f64
    }

    /// Correlation in -1..=1; NaN where x or y does not vary.
    pub fn correlation(&self) -> f64 {
        let scale = libm::sqrt(self.x.variance()) * libm::sqrt(self.y.variance());
        (self.covariance() / scale).clamp(-1.0, 1.0)
    }

    /// `E[x] / E[y]` times `scale`, with its standard error by the delta method:
    /// (s_x^2 - 2 R s_xy + R^2 s_y^2) / (n mean(y)^2).
    ///
    /// NaN with an infinite error where the sum of y is zero. Where x is the same multiple of y
    /// throughout, but for the rounding of both to whole quanta, the error is that of the
    /// rounding; and infinite where fewer than about thirty pairs have any, for what others would
    /// be was hardly seen.
    pub fn ratio(&self, scale: f64) -> Estimate {
        let n = self.x.n;
        if self.y.sum == 0 {
            return Estimate::from_parts(f64::NAN, f64::INFINITY, n);
        }
        if self.x.sum_squares == 0 {
            return Estimate::of(&self.x, scale);
        }
        let ratio = self.x.sum as f64 / self.y.sum as f64;
        let residual =
            self.x.variance() - 2.0 * ratio * self.covariance() + ratio * ratio * self.y.variance();
        let variance = if n < 2 {
            f64::INFINITY
        } else {
            self.residual_variance(residual, ratio) / n as f64
        };
        let error = libm::sqrt(variance) / self.y.mean().abs();
        Estimate::from_parts(ratio * scale, error * scale.abs(), n)
    }

    /// The variance of x - R y, no less than what rounding x to whole quanta comes to; y is a
    /// count, a time, or hardly varies.
    fn residual_variance(&self, residual: f64, ratio: f64) -> f64 {
        if !(self.x.varies() || self.y.varies()) {
            // Nothing is left to chance.
            return 0.0;
        }
        let sum = self.y.sum as f64;
        // Pairs that have any y, at least.
        let some = sum * sum / self.y.sum_squares as f64;
        // Each is off by at most half a quantum, with a variance of 1/12.
        let share = some / (self.x.n - 1) as f64;
        // And three numbers that cancel keep so much of themselves.
        let lost = 1e-12 * (self.x.variance() + ratio * ratio * self.y.variance());
        if residual > 0.25 * share + lost {
            residual
        } else if some < FEW {
            f64::INFINITY
        } else {
            share / 12.0
        }
    }

    /// Moments of x - y, exact: what common random numbers leave between two variants.
    pub fn paired_difference(&self) -> Moments {
        let squares = self.x.sum_squares + self.y.sum_squares;
        let twice = self.sum_products.unsigned_abs() * 2;
        Moments {
            n: self.x.n,
            sum: self.x.sum - self.y.sum,
            sum_squares: if self.sum_products < 0 {
                squares + twice
            } else {
                squares - twice
            },
        }
    }
}

impl FromIterator<(i64, i64)> for JointMoments {
    fn from_iter<I: IntoIterator<Item = (i64, i64)>>(pairs: I) -> Self {
        let mut joint = Self::default();
        pairs.into_iter().for_each(|(x, y)| joint.add(x, y));
        joint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hand_solved_ratio() {
        let joint: JointMoments = [(1, 2), (2, 3), (6, 4)].into_iter().collect();
        // means 3 and 3, variances 7 and 1, covariance 5/2, R = 1: (7 - 5 + 1) / (3 * 9).
        assert_eq!(joint.covariance(), 2.5);
        let ratio = joint.ratio(100.0);
        assert_eq!(ratio.mean, 100.0);
        assert!((ratio.standard_error - 100.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn one_ratio_throughout_is_known_but_for_its_rounding() {
        let joint: JointMoments = (1..100).map(|y| (3 * y, y)).collect();
        let ratio = joint.ratio(1.0);
        assert_eq!(ratio.mean, 3.0);
        assert!((1e-4..1e-2).contains(&ratio.standard_error), "{ratio:?}");
        // Without chance nothing varies, and the ratio is certain.
        let fixed: JointMoments = std::iter::repeat_n((6, 2), 50).collect();
        let ratio = fixed.ratio(1.0);
        assert_eq!((ratio.mean, ratio.standard_error), (3.0, 0.0));
        assert_eq!(joint.correlation(), 1.0);
        assert!(JointMoments::default().ratio(1.0).mean.is_nan());
    }

    /// 40 MW lack whenever any do: Wh over ms, where every energy is rounded.
    #[test]
    fn a_depth_that_never_varies_is_within_its_error() {
        let of = |ms: i64| {
            (
                (40_000_000 * i128::from(ms) + 1_800_000).div_euclid(3_600_000) as i64,
                ms,
            )
        };
        let times = (0..5_000_i64).map(|k| {
            if k % 7 == 0 {
                1_000_003 * (k + 1) % 9_999_991
            } else {
                0
            }
        });
        let joint: JointMoments = times.map(of).collect();
        let depth = joint.ratio(3.6);
        assert!(
            depth.standard_error > 0.0 && depth.standard_error < 1e-3,
            "{depth:?}"
        );
        assert!(
            depth.lower_95 <= 40.0 && 40.0 <= depth.upper_95,
            "{depth:?}"
        );
    }

    /// One future of a hundred has two shortages of three hours each: that all are that long
    /// nobody knows, nor of two such futures. Of two that differ something is known.
    #[test]
    fn one_pair_alone_knows_no_error() {
        let mut joint: JointMoments = std::iter::repeat_n((0, 0), 99).collect();
        joint.add(6, 2);
        let ratio = joint.ratio(1.0);
        assert_eq!((ratio.mean, ratio.standard_error), (3.0, f64::INFINITY));
        joint.add(3, 1);
        assert_eq!(joint.ratio(1.0).standard_error, f64::INFINITY);
        joint.add(8, 2);
        assert!(joint.ratio(1.0).standard_error.is_finite());
    }

    proptest! {
        #[test]
        fn the_paired_difference_is_that_of_the_differences(
            pairs in prop::collection::vec((-(1_i64 << 40)..1 << 40, -(1_i64 << 40)..1 << 40), 0..40),
            cut in 0_usize..40,
        ) {
            let direct: Moments = pairs.iter().map(|(x, y)| x - y).collect();
            let (left, right) = pairs.split_at(cut.min(pairs.len()));
            let mut joint: JointMoments = right.iter().copied().collect();
            joint.merge(&left.iter().copied().collect());
            prop_assert_eq!(joint.paired_difference(), direct);
        }

        #[test]
        fn covariance_with_itself_is_the_variance(values in prop::collection::vec(-(1_i64 << 46)..1 << 46, 2..40)) {
            let joint: JointMoments = values.iter().map(|&x| (x, x)).collect();
            prop_assert_eq!(joint.covariance(), joint.x.variance());
        }
    }
}
