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

/// Hashes that an attempt at difficulty 1 takes on average: 2^32, as everybody counts them.
pub const HASHES_AT_DIFFICULTY_1: f64 = 4_294_967_296.0;

/// Divides rounding half to even, the one rounding rule of every quantum.
///
/// `divisor` must be positive; the result is exact for any numerator that fits.
pub const fn div_round_half_even(numerator: i128, divisor: i128) -> i128 {
    let (short, by) = (numerator as i64, divisor as i64);
    if short as i128 == numerator && by as i128 == divisor && by < i64::MAX / 2 {
        // Most numerators are short, and short division is many times quicker.
        return short_div_round_half_even(short, by) as i128;
    }
    let quotient = numerator.div_euclid(divisor);
    let remainder = numerator.rem_euclid(divisor);
    let twice = remainder * 2;
    if twice > divisor || (twice == divisor && quotient & 1 != 0) {
        quotient + 1
    } else {
        quotient
    }
}

const fn short_div_round_half_even(numerator: i64, divisor: i64) -> i64 {
    let quotient = numerator.div_euclid(divisor);
    let remainder = numerator.rem_euclid(divisor);
    let twice = remainder * 2;
    // Up as often as down, so no branch.
    let is_up = (twice > divisor) | ((twice == divisor) & (quotient & 1 != 0));
    quotient + is_up as i64
}

/// The mean of a rate over an hour from its integral in milliseconds, rounded half to even.
#[inline]
pub fn hour_mean(integral: i128) -> i64 {
    match i64::try_from(integral) {
        // The divisor is known here: a multiplication.
        Ok(short) => short_div_round_half_even(short, MS_PER_HOUR),
        Err(_) => div_round_half_even(integral, i128::from(MS_PER_HOUR)) as i64,
    }
}

/// The nearest integer, half to even, of a float; exact on every machine, as the sum with
/// 1.5 2^52 leaves no place for a fraction, and its last bits count ones.
#[inline]
pub fn round_half_even(value: f64) -> i64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    if value.abs() < 2_251_799_813_685_248.0 {
        (value + SHIFT).to_bits() as i64 - SHIFT.to_bits() as i64
    } else {
        libm::rint(value) as i64
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
