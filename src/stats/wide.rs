//! Products of 128-bit integers, so that n times a sum of squares never rounds or overflows.

use std::cmp::Ordering;

/// An unsigned 256-bit integer: `high` 2^128 + `low`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wide {
    high: u128,
    low: u128,
}

impl Wide {
    fn product(left: u128, right: u128) -> Self {
        const HALF: u128 = u64::MAX as u128;
        let (l1, l0) = (left >> 64, left & HALF);
        let (r1, r0) = (right >> 64, right & HALF);
        let lowest = l0 * r0;
        let cross = l1 * r0 + (lowest >> 64);
        let middle = l0 * r1 + (cross & HALF);
        Self {
            high: l1 * r1 + (cross >> 64) + (middle >> 64),
            low: (middle << 64) | (lowest & HALF),
        }
    }

    /// `self - smaller`, which must not exceed `self`.
    fn minus(self, smaller: Self) -> Self {
        let (low, borrow) = self.low.overflowing_sub(smaller.low);
        Self {
            high: self.high - smaller.high - u128::from(borrow),
            low,
        }
    }

    /// The nearest float: the leading 127 bits or more, with one bit for whatever lies below,
    /// so that the only rounding is the last.
    fn to_f64(self) -> f64 {
        if self.high == 0 {
            return self.low as f64;
        }
        let shift = 128 - self.high.leading_zeros();
        let (kept, lost) = if shift == 128 {
            (self.high, self.low)
        } else {
            let kept = (self.high << (128 - shift)) | (self.low >> shift);
            (kept, self.low << (128 - shift))
        };
        (kept | u128::from(lost != 0)) as f64 * libm::scalbn(1.0, shift as i32)
    }
}

/// n times `square_sum` minus `sum` squared, exact until the one conversion to a float.
pub(super) fn scaled_variance(n: u64, square_sum: u128, sum: i128) -> f64 {
    let magnitude = sum.unsigned_abs();
    difference((u128::from(n), square_sum), (magnitude, magnitude))
}

/// n times `product_sum` minus `x_sum` times `y_sum`, exact until the one conversion.
pub(super) fn scaled_covariance(n: u64, product_sum: i128, x_sum: i128, y_sum: i128) -> f64 {
    let left = (u128::from(n), product_sum.unsigned_abs());
    let right = (x_sum.unsigned_abs(), y_sum.unsigned_abs());
    let left_negative = product_sum < 0;
    let right_negative = (x_sum < 0) != (y_sum < 0);
    let sign = if left_negative { -1.0 } else { 1.0 };
    if left_negative == right_negative {
        return sign * difference(left, right);
    }
    // Opposite signs: the magnitudes add.
    let (first, second) = (
        Wide::product(left.0, left.1),
        Wide::product(right.0, right.1),
    );
    let (low, carry) = first.low.overflowing_add(second.low);
    let sum = Wide {
        high: first.high + second.high + u128::from(carry),
        low,
    };
    sign * sum.to_f64()
}

/// Whether two products are the same.
pub(super) fn are_equal(left: (u128, u128), right: (u128, u128)) -> bool {
    Wide::product(left.0, left.1) == Wide::product(right.0, right.1)
}

fn difference(left: (u128, u128), right: (u128, u128)) -> f64 {
    let (left, right) = (
        Wide::product(left.0, left.1),
        Wide::product(right.0, right.1),
    );
    match left.cmp(&right) {
        Ordering::Less => -right.minus(left).to_f64(),
        _ => left.minus(right).to_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_product_is_exact() {
        // (2^128 - 1)^2 = 2^256 - 2^129 + 1.
        let square = Wide::product(u128::MAX, u128::MAX);
        assert_eq!(
            square,
            Wide {
                high: u128::MAX - 1,
                low: 1
            }
        );
        assert_eq!(square.to_f64(), 2_f64.powi(256));
        assert_eq!(Wide { high: 1, low: 0 }.to_f64(), 2_f64.powi(128));
        // One unit above a tie between two floats must round up, not to even.
        let tie = Wide {
            high: (1 << 53) + 1,
            low: 0,
        };
        let above = Wide { low: 1, ..tie };
        assert_eq!(tie.to_f64(), 2_f64.powi(181));
        assert_eq!(above.to_f64(), ((1_u64 << 53) + 2) as f64 * 2_f64.powi(128));
    }

    proptest! {
        #[test]
        fn small_products_are_those_of_the_machine(left: u64, right: u64, shift in 0_u32..64) {
            let exact = u128::from(left) * u128::from(right);
            prop_assert_eq!(Wide::product(left.into(), right.into()), Wide { high: 0, low: exact });
            let shifted = Wide::product(u128::from(left) << 64, u128::from(right) << shift);
            prop_assert_eq!(shifted.high, exact >> (64 - shift).min(127));
        }

        #[test]
        fn covariance_has_the_right_sign(n in 1_u64..1000, p in -1e12..1e12, x in -1e5..1e5, y in -1e5..1e5) {
            let (p, x, y) = (p as i128, x as i128, y as i128);
            let exact = i128::from(n) * p - x * y;
            prop_assert_eq!(scaled_covariance(n, p, x, y), exact as f64);
        }
    }
}
