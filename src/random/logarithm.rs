//! The natural logarithm as [`libm::log`] has it, without what its odd arguments need, so that
//! several fit into vector lanes.

/// High and low part of ln 2.
const LN_2: (f64, f64) = (6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10);
/// The even and the odd coefficients of ln(1+f) - 2s in powers of s^4, for s = f / (2 + f).
const EVEN: [f64; 3] = [
    3.999_999_999_940_942e-1,
    2.222_219_843_214_978_4e-1,
    1.531_383_769_920_937_3e-1,
];
const ODD: [f64; 4] = [
    6.666_666_666_666_735e-1,
    2.857_142_874_366_239e-1,
    1.818_357_216_161_805e-1,
    1.479_819_860_511_658_6e-1,
];

/// ln x of a finite x from [`f64::MIN_POSITIVE`] on: the bits of [`libm::log`].
///
/// Source: FreeBSD, `e_log.c` (fdlibm), as in `libm`: x = 2^k (1 + f) with 1 + f from sqrt(1/2)
/// to sqrt(2), and a polynomial for ln(1 + f).
#[inline(always)]
pub(super) fn ln_of_normal(x: f64) -> f64 {
    const ONE: u64 = 0x3ff0_0000 << 32;
    const SQRT_HALF: u64 = 0x3fe6_a09e << 32;
    const MANTISSA: u64 = (1 << 52) - 1;
    const TWO_TO_52: u64 = 0x4330_0000 << 32;
    let shifted = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    // k + 1023, as the last bits of 2^52: no conversion of an integer.
    let k = f64::from_bits(TWO_TO_52 | shifted >> 52) - (f64::from_bits(TWO_TO_52) + 1023.0);
    let f = f64::from_bits((shifted & MANTISSA).wrapping_add(SQRT_HALF)) - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (EVEN[0] + w * (EVEN[1] + w * EVEN[2]));
    let odd = z * (ODD[0] + w * (ODD[1] + w * (ODD[2] + w * ODD[3])));
    s * (half_square + (odd + even)) + k * LN_2.1 - half_square + f + k * LN_2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_that_of_libm(x: f64) {
        assert_eq!(ln_of_normal(x).to_bits(), libm::log(x).to_bits(), "{x:e}");
    }

    /// About one, about both ends of the range of 1 + f, and at the ends of all floats.
    #[test]
    fn edges_have_the_bits_of_libm() {
        let edges = [
            1.0,
            0.5,
            2.0,
            std::f64::consts::SQRT_2,
            std::f64::consts::FRAC_1_SQRT_2,
        ];
        for edge in edges {
            for steps in 0..2_000 {
                is_that_of_libm(f64::from_bits(edge.to_bits() + steps));
                is_that_of_libm(f64::from_bits(edge.to_bits() - steps));
            }
        }
        for edge in [f64::MIN_POSITIVE, f64::MAX, 2_f64.powi(-53), 1e300] {
            is_that_of_libm(edge);
        }
    }

    proptest! {
        #[test]
        fn all_have_the_bits_of_libm(x in 1e-300..1e300_f64, u in 0.0..1.0_f64, bits in 1u64 << 52..0x7ff << 52) {
            is_that_of_libm(x);
            is_that_of_libm(1.0 - u);
            is_that_of_libm(f64::from_bits(bits));
        }
    }
}
