//! Count, sum and sum of squares: all that a mean and its error need.

use super::wide;

/// First two moments of integer values, exact however they are merged.
///
/// Values must keep |x| below 2^47.5 or so for 2^32 of them to fit the sum of squares (the
/// validation of a scenario sees to that); beyond, addition panics and never wraps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moments {
    /// How many values.
    pub n: u64,
    /// Their sum.
    pub sum: i128,
    /// The sum of their squares.
    pub sum_squares: u128,
}

impl Moments {
    /// Counts one value.
    #[inline]
    pub fn add(&mut self, value: i64) {
        self.n += 1;
        self.sum += i128::from(value);
        self.sum_squares += u128::from(value.unsigned_abs()) * u128::from(value.unsigned_abs());
    }

    /// Counts all that `other` counted. Commutes and associates exactly.
    #[inline]
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum += other.sum;
        self.sum_squares += other.sum_squares;
    }

    /// The mean; NaN of nothing.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.n as f64
    }

    /// The unbiased variance, (n sum x^2 - (sum x)^2) / (n (n - 1)), its numerator exact in
    /// integers. Infinite for fewer than two values: nothing is known of their spread.
    pub fn variance(&self) -> f64 {
        if self.n < 2 {
            return f64::INFINITY;
        }
        let pairs = u128::from(self.n) * u128::from(self.n - 1);
        wide::scaled_variance(self.n, self.sum_squares, self.sum) / pairs as f64
    }

    /// Whether they are not all the same, exactly.
    pub fn varies(&self) -> bool {
        let sum = self.sum.unsigned_abs();
        !wide::are_equal((u128::from(self.n), self.sum_squares), (sum, sum))
    }

    /// Standard deviation of the values.
    pub fn standard_deviation(&self) -> f64 {
        libm::sqrt(self.variance())
    }

    /// Standard error of the mean; infinite for fewer than two values.
    pub fn standard_error(&self) -> f64 {
        if self.n < 2 {
            return f64::INFINITY;
        }
        libm::sqrt(self.variance() / self.n as f64)
    }
}

impl FromIterator<i64> for Moments {
    fn from_iter<I: IntoIterator<Item = i64>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.add(value));
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_hand_solved_case() {
        let moments: Moments = [2, 4, 4, 4, 5, 5, 7, 9].into_iter().collect();
        assert_eq!(moments.mean(), 5.0);
        assert_eq!(moments.variance(), 32.0 / 7.0);
        assert_eq!(moments.standard_error(), (4.0_f64 / 7.0).sqrt());
    }

    /// Floats would lose the variance of 1 entirely beside a mean of 1e14.
    #[test]
    fn a_small_spread_about_a_large_mean_is_exact() {
        let large = 100_000_000_000_000;
        let moments: Moments = [large - 1, large, large + 1].into_iter().collect();
        assert_eq!(moments.variance(), 1.0);
        assert!(moments.varies());
        let same: Moments = [large; 3].into_iter().collect();
        assert!(!same.varies() && !Moments::default().varies());
    }

    #[test]
    fn the_greatest_promised_size_fits() {
        let (n, value) = (1_u64 << 32, 1_i128 << 47);
        let half = u128::from(n / 2);
        let square = (value * value) as u128;
        // Half of the values at +2^47, half at -2^47: the variance is 2^94 n / (n - 1).
        let moments = Moments {
            n,
            sum: 0,
            sum_squares: 2 * half * square,
        };
        let expected = 2_f64.powi(94) * n as f64 / (n - 1) as f64;
        assert!((moments.variance() / expected - 1.0).abs() < 1e-15);
    }

    #[test]
    fn too_few_values_know_no_error() {
        let one: Moments = [5].into_iter().collect();
        assert_eq!((one.mean(), one.standard_error()), (5.0, f64::INFINITY));
        assert!(Moments::default().mean().is_nan());
    }

    proptest! {
        #[test]
        fn any_split_in_any_order_gives_the_same(
            values in prop::collection::vec(-(1_i64 << 47)..1 << 47, 0..60), cut in 0_usize..60,
        ) {
            let (left, right) = values.split_at(cut.min(values.len()));
            let whole: Moments = values.iter().copied().collect();
            let left: Moments = left.iter().rev().copied().collect();
            let mut merged: Moments = right.iter().copied().collect();
            merged.merge(&left);
            prop_assert_eq!(merged, whole);
        }

        #[test]
        fn variance_ignores_a_shift(
            values in prop::collection::vec(-1000_i64..1000, 2..40), shift in -(1_i64 << 45)..1 << 45,
        ) {
            let here: Moments = values.iter().copied().collect();
            let there: Moments = values.iter().map(|value| value + shift).collect();
            prop_assert_eq!(here.variance(), there.variance());
        }
    }
}
