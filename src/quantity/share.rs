//! A share of a whole in parts per million, so that products of shares stay integer.

use serde::{Deserialize, Serialize};

/// A share in whole parts per million, 0 to [`Share::ONE`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Share(pub i64);

impl Share {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(1_000_000);

    /// From a float in 0..=1, rounded to the nearest part per million and clamped.
    pub fn from_f64(share: f64) -> Self {
        Self(super::round_half_even(share * 1e6).clamp(0, Self::ONE.0))
    }
    /// As a float.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }
    /// This share of an integer amount, rounded down; exact at nothing and at the whole.
    ///
    /// Amounts stay below 9.2e12 (validation sees to it), so that the product fits.
    #[inline]
    pub fn of(self, amount: i64) -> i64 {
        let product = amount * self.0;
        if product >= 0 {
            // Division by a known number without regard to signs is one multiplication.
            return (product as u64 / Self::ONE.0 as u64) as i64;
        }
        product.div_euclid(Self::ONE.0)
    }
    /// The same of an amount that is not negative, at less cost.
    #[inline]
    pub fn part_of(self, amount: i64) -> i64 {
        (self.0 as u64 * amount as u64 / Self::ONE.0 as u64) as i64
    }
    /// What is left of the whole.
    pub fn complement(self) -> Self {
        Self(Self::ONE.0 - self.0)
    }
    /// The smaller of two.
    pub fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
    /// `part` of `whole`, rounded down, clamped to 0..=1; one when the whole is nothing.
    pub fn ratio(part: i64, whole: i64) -> Self {
        if whole <= 0 {
            return Self::ONE;
        }
        let scaled = i128::from(part.max(0)) * i128::from(Self::ONE.0) / i128::from(whole);
        Self((scaled as i64).min(Self::ONE.0))
    }
}
