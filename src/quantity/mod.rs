//! Physical quantities as integer newtypes: power, energy, hashrate, hashes, efficiency, time.
//!
//! May enter: nothing. Every other room may use it.
//! May not enter: randomness, files, any float that outlives one conversion.
//!
//! Only physical products exist: `Power * Span = Energy`, `Hashrate * Span = Hashes`,
//! `Hashrate * Efficiency = Power`. Adding power to energy does not compile.

mod energy;
mod hash;
mod share;
mod time;

pub use energy::{Energy, Power};
pub use hash::{Efficiency, Hashes, Hashrate};
pub use share::Share;
pub use time::{Instant, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND, Span};

/// Divides rounding half to even, the one rounding rule of every quantum.
///
/// `divisor` must be positive; the result is exact for any numerator that fits.
pub const fn div_round_half_even(numerator: i128, divisor: i128) -> i128 {
    let quotient = numerator.div_euclid(divisor);
    let remainder = numerator.rem_euclid(divisor);
    let twice = remainder * 2;
    if twice > divisor || (twice == divisor && quotient & 1 != 0) {
        quotient + 1
    } else {
        quotient
    }
}

/// Implements the additive arithmetic that every quantity shares.
macro_rules! additive {
    ($name:ident, $inner:ty) => {
        impl $name {
            /// Nothing of this quantity.
            pub const ZERO: Self = Self(0);
            /// The larger of two.
            pub fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }
            /// The smaller of two.
            pub fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }
            /// This amount, or zero where it is negative.
            pub fn positive(self) -> Self {
                Self(self.0.max(0))
            }
        }
        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl std::ops::Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl std::ops::SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, |total, item| total + item)
            }
        }
    };
}
pub(crate) use additive;
