//! Two counts compared: the ratio of two Poisson rates with its exact interval.

use super::order::binomial_weights;

/// The ratio of a second rate to a first, with its exact 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    /// Second rate over first; NaN where the first count is zero.
    pub ratio: f64,
    /// Lower end of the interval.
    pub lower_95: f64,
    /// Upper end of the interval; infinite where the first count is zero.
    pub upper_95: f64,
}

/// Compares two Poisson counts, each with its exposure (in any one unit).
///
/// Given their sum n, the second count is binomial(n, p) with p / (1 - p) = ratio times
/// second exposure / first exposure. The interval of p is Clopper and Pearson's (1934), so that
/// the coverage is at least 95 % at any count. `None` without counts or without exposure.
pub fn rate_ratio_95(first: (u64, f64), second: (u64, f64)) -> Option<RateRatio> {
    let ((a, before), (b, after)) = (first, second);
    let sound = |exposure: f64| exposure.is_finite() && exposure > 0.0;
    let n = usize::try_from(a.checked_add(b)?).ok()?;
    if n == 0 || !sound(before) || !sound(after) {
        return None;
    }
    let exposures = before / after;
    let ratio_of = |p: f64| {
        if p >= 1.0 {
            f64::INFINITY
        } else {
            p / (1.0 - p) * exposures
        }
    };
    let (lower, upper) = clopper_pearson_95(b as usize, n);
    let ratio = if a == 0 {
        f64::NAN
    } else {
        b as f64 / a as f64 * exposures
    };
    Some(RateRatio {
        ratio,
        lower_95: ratio_of(lower),
        upper_95: ratio_of(upper),
    })
}

/// The exact 95 % interval of a binomial probability with `k` of `n` seen, `k <= n`.
fn clopper_pearson_95(k: usize, n: usize) -> (f64, f64) {
    const TAIL: f64 = 0.025;
    let lower = if k == 0 {
        0.0
    } else {
        bisect(|p| at_least(k, n, p) < TAIL)
    };
    let upper = if k == n {
        1.0
    } else {
        bisect(|p| at_least(k + 1, n, p) < 1.0 - TAIL)
    };
    (lower, upper)
}

/// The p in (0, 1) up to which `below` holds, to the last bit that matters.
fn bisect(below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) {
            low = middle
        } else {
            high = middle
        }
    }
    0.5 * (low + high)
}

/// P[B >= k] for B binomial(n, p), 0 < p < 1.
fn at_least(k: usize, n: usize, p: f64) -> f64 {
    let (first, weights) = binomial_weights(n, p);
    let total: f64 = weights.iter().sum();
    let tail: f64 = weights.iter().skip(k.saturating_sub(first)).sum();
    tail / total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(a: u64, hours_a: f64, b: u64, hours_b: f64) -> [f64; 3] {
        let ratio = rate_ratio_95((a, hours_a), (b, hours_b)).unwrap();
        [ratio.ratio, ratio.lower_95, ratio.upper_95]
            .map(|ratio| (1000.0 * (ratio - 1.0)).round() / 10.0)
    }

    /// Blocks of January 2022 in windows of one difficulty, from the table of event tests.
    #[test]
    fn published_tests_of_block_counts_are_met() {
        assert_eq!(percent(426, 71.0, 222, 37.0), [0.0, -15.4, 17.9]);
        assert_eq!(percent(149, 24.0, 140, 24.0), [-6.0, -25.9, 19.1]);
        assert_eq!(percent(148, 24.0, 149, 24.0), [0.7, -20.3, 27.3]);
    }

    /// With other difficulties the exposure is blocks over estimated hashrate; the table's
    /// estimates have four digits, so its changes are met to a tenth of a percent.
    #[test]
    fn exposures_carry_the_difficulty() {
        let near = |a: (u64, f64), b: (u64, f64), expected: [f64; 3]| {
            let exposure = |(blocks, ehs): (u64, f64)| blocks as f64 / ehs;
            let found = percent(a.0, exposure(a), b.0, exposure(b));
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 0.15, "{found} is not {expected}");
            }
        };
        near((3611, 173.7), (863, 173.9), [0.1, -7.2, 7.8]);
        near((571, 172.5), (1115, 193.0), [11.8, 1.0, 23.9]);
        near((2055, 168.8), (194, 113.7), [-32.6, -42.2, -21.9]);
    }

    /// Clopper and Pearson of 0 of 10 and 10 of 10: 1 - 0.025^(1/10) = 0.3085.
    #[test]
    fn nothing_and_everything_have_the_closed_form() {
        let (lower, upper) = clopper_pearson_95(0, 10);
        assert_eq!(lower, 0.0);
        assert!((upper - (1.0 - 0.025_f64.powf(0.1))).abs() < 1e-12);
        let (lower, upper) = clopper_pearson_95(10, 10);
        assert_eq!(upper, 1.0);
        assert!((lower - 0.025_f64.powf(0.1)).abs() < 1e-12);
    }

    #[test]
    fn nothing_to_compare_is_none() {
        assert_eq!(rate_ratio_95((0, 1.0), (0, 1.0)), None);
        assert_eq!(rate_ratio_95((3, 0.0), (3, 1.0)), None);
        let none_before = rate_ratio_95((0, 1.0), (3, 1.0)).unwrap();
        assert!(none_before.ratio.is_nan() && none_before.upper_95.is_infinite());
        assert!(none_before.lower_95 > 0.0);
    }
}
