//! Order statistics of sorted per-replication values: exact quantiles, VaR and CVaR.

use super::{Estimate, Moments};

/// The rank ceil(p n) in 1..=n of the p-quantile among n values; 0 of nothing.
///
/// Decimals such as 0.07 are not floats; where p n is an integer but for that rounding, it is
/// taken for one (0.07 of 100 is rank 7, not 8).
pub fn rank(n: usize, p: f64) -> usize {
    let product = p * n as f64;
    let rank = libm::ceil(product - product * 4.0 * f64::EPSILON);
    (rank.max(1.0) as usize).min(n)
}

/// The p-quantile x_(ceil(p n)) of values in rising order; `None` of nothing.
pub fn quantile(sorted: &[i64], p: f64) -> Option<i64> {
    sorted.get(rank(sorted.len(), p).wrapping_sub(1)).copied()
}

/// Two order statistics between which the true quantile lies with a confidence of at least 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantileInterval {
    /// Lower end; `None` where there are too few values to bound it from below.
    pub lower: Option<i64>,
    /// Upper end; `None` where there are too few values to bound it from above.
    pub upper: Option<i64>,
}

/// The distribution-free 95 % interval of the p-quantile, for values in rising order.
///
/// The number B of values at or below the true quantile is binomial(n, p) (for discrete laws
/// the coverage is only higher), so x_(l) with `P[B < l] <= 2.5 %` and x_(u) with
/// `P[B >= u] <= 2.5 %` enclose it. The binomial is summed exactly at every n: no normal
/// approximation. One-sided where no rank qualifies.
pub fn quantile_interval_95(sorted: &[i64], p: f64) -> QuantileInterval {
    let (lower, upper) = interval_ranks(sorted.len(), p, 0.025);
    let at = |rank: usize| sorted.get(rank.wrapping_sub(1)).copied();
    QuantileInterval {
        lower: at(lower),
        upper: at(upper),
    }
}

/// Ranks (l, u) in 1..=n; l = 0 and u = n + 1 stand for "no bound".
fn interval_ranks(n: usize, p: f64, tail: f64) -> (usize, usize) {
    if n == 0 || !(p > 0.0 && p < 1.0) {
        return (0, n + 1);
    }
    let (first, weights) = binomial_weights(n, p);
    let total: f64 = weights.iter().sum();
    // Largest l with P[B <= l - 1] <= tail.
    let mut below = 0.0;
    let mut lower = first;
    for weight in &weights {
        below += weight / total;
        if below > tail {
            break;
        }
        lower += 1;
    }
    // Smallest u with P[B >= u] <= tail.
    let mut above = 0.0;
    let mut upper = first + weights.len();
    for weight in weights.iter().rev() {
        above += weight / total;
        if above > tail {
            break;
        }
        upper -= 1;
    }
    (lower, upper)
}

/// Probabilities of binomial(n, p) relative to the mode, and the count that the first stands for.
///
/// By recursion from the mode outward until a term no longer matters to the sum: about 18
/// standard deviations, 6e5 terms at n = 2^32; no factorial, no logarithm.
pub(super) fn binomial_weights(n: usize, p: f64) -> (usize, Vec<f64>) {
    const NEGLIGIBLE: f64 = 1e-20;
    let odds = p / (1.0 - p);
    let mode = (((n as f64 + 1.0) * p) as usize).min(n);
    let mut down = Vec::new();
    let mut weight = 1.0;
    for k in (0..mode).rev() {
        weight *= (k as f64 + 1.0) / ((n - k) as f64 * odds);
        if weight < NEGLIGIBLE {
            break;
        }
        down.push(weight);
    }
    let first = mode - down.len();
    let mut weights: Vec<f64> = down.into_iter().rev().collect();
    weights.push(1.0);
    weight = 1.0;
    for k in mode + 1..=n {
        weight *= (n - k + 1) as f64 * odds / k as f64;
        if weight < NEGLIGIBLE {
            break;
        }
        weights.push(weight);
    }
    (first, weights)
}

/// Value at risk at level `alpha`: the loss that a share `alpha` of replications do not exceed.
pub fn value_at_risk(sorted: &[i64], alpha: f64) -> Option<i64> {
    quantile(sorted, alpha)
}

/// Conditional value at risk by Rockafellar and Uryasev, times `scale`, for losses in rising
/// order: VaR + sum (x - VaR)+ / ((1 - alpha) n).
///
/// The sum is exact in integers; the standard error is that of its influence function,
/// (x - VaR)+ / (1 - alpha); infinite where the VaR is the greatest of too few values for any to
/// lie beyond it. `None` of nothing, or where `alpha` is not in 0..1.
pub fn conditional_value_at_risk(sorted: &[i64], alpha: f64, scale: f64) -> Option<Estimate> {
    if !(0.0..1.0).contains(&alpha) {
        return None;
    }
    let at_risk = value_at_risk(sorted, alpha)?;
    if sorted.iter().all(|&value| value == 0) {
        return Some(Estimate::of(&sorted.iter().copied().collect(), scale));
    }
    let excess: Moments = sorted
        .iter()
        .map(|&value| value.saturating_sub(at_risk).max(0))
        .collect();
    let beyond = 1.0 - alpha;
    let mean = at_risk as f64 + excess.mean() / beyond;
    let error = if rank(sorted.len(), alpha) == sorted.len() {
        f64::INFINITY
    } else {
        excess.standard_error() / beyond
    };
    Some(Estimate::from_parts(
        mean * scale,
        error * scale.abs(),
        excess.n,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranks_of_decimals_are_those_of_the_decimals() {
        assert_eq!(rank(100, 0.07), 7);
        assert_eq!(rank(100, 0.95), 95);
        assert_eq!(rank(1_000_000, 0.001), 1000);
        assert_eq!(rank(10, 0.91), 10);
        assert_eq!((rank(10, 0.0), rank(10, 1.0), rank(0, 0.5)), (1, 10, 0));
        for percent in 1..=100 {
            assert_eq!(rank(100, f64::from(percent) / 100.0), percent as usize);
            assert_eq!(
                rank(10_000, f64::from(percent) / 100.0),
                100 * percent as usize
            );
        }
    }

    /// Published: the 95 % interval of the median of 10 is x_(2) to x_(9) (97.9 %), of 20 x_(6)
    /// to x_(15) (95.9 %); of 5 there is none on either side (Conover, table of the sign test).
    #[test]
    fn intervals_of_the_median_are_the_tabulated_ones() {
        assert_eq!(interval_ranks(10, 0.5, 0.025), (2, 9));
        assert_eq!(interval_ranks(20, 0.5, 0.025), (6, 15));
        assert_eq!(interval_ranks(5, 0.5, 0.025), (0, 6));
    }

    /// 0.95^n <= 2.5 % from n = 72 on: only then has the 95th percentile an upper bound.
    #[test]
    fn a_far_quantile_of_few_values_has_no_upper_bound() {
        let values: Vec<i64> = (0..71).collect();
        assert_eq!(quantile_interval_95(&values, 0.95).upper, None);
        let values: Vec<i64> = (0..72).collect();
        assert_eq!(quantile_interval_95(&values, 0.95).upper, Some(71));
        assert!(quantile_interval_95(&values, 0.95).lower.is_some());
        assert_eq!(
            quantile_interval_95(&[], 0.5),
            QuantileInterval {
                lower: None,
                upper: None
            }
        );
    }

    /// At a large n the ranks are those of the normal law to within one.
    #[test]
    fn many_values_meet_the_normal_law() {
        for (n, p) in [(1_000_000, 0.5), (1_000_000, 0.95), (50_000_000, 0.05)] {
            let (lower, upper) = interval_ranks(n, p, 0.025);
            let centre = n as f64 * p;
            let reach = 1.959964 * (centre * (1.0 - p)).sqrt();
            assert!(
                (lower as f64 - (centre - reach)).abs() < 2.5,
                "{n} {p} {lower}"
            );
            assert!(
                (upper as f64 - (centre + reach)).abs() < 2.5,
                "{n} {p} {upper}"
            );
        }
    }

    #[test]
    fn a_hand_solved_cvar() {
        let losses: Vec<i64> = (1..=10).collect();
        // VaR = x_(8) = 8; excesses 1 and 2 of 10 values: 8 + 3 / (0.2 * 10) = 9.5.
        assert_eq!(value_at_risk(&losses, 0.8), Some(8));
        let cvar = conditional_value_at_risk(&losses, 0.8, 1.0).unwrap();
        assert!((cvar.mean - 9.5).abs() < 1e-12);
        // Excess: mean 0.3, variance (5 - 0.9) / 9; divided by 10 and by 0.2^2.
        let error = (4.1_f64 / 9.0 / 10.0).sqrt() / 0.2;
        assert!((cvar.standard_error - error).abs() < 1e-12);
        assert_eq!(conditional_value_at_risk(&[], 0.8, 1.0), None);
        assert_eq!(conditional_value_at_risk(&losses, 1.0, 1.0), None);
    }

    /// Of ten values none lies beyond the 95th percentile: the tail is its first value, and how it
    /// goes on is not known. Of 200 two lie beyond the 99th.
    #[test]
    fn a_tail_of_one_value_knows_no_error() {
        let losses: Vec<i64> = (1..=10).collect();
        let cvar = conditional_value_at_risk(&losses, 0.95, 1.0).unwrap();
        assert_eq!((cvar.mean, cvar.standard_error), (10.0, f64::INFINITY));
        let losses: Vec<i64> = (1..=200).collect();
        // VaR = x_(198); excesses 1 and 2: 198 + 3 / 2, mean 0.015, squares 5.
        let cvar = conditional_value_at_risk(&losses, 0.99, 1.0).unwrap();
        assert!((cvar.mean - 199.5).abs() < 1e-9);
        let error = ((5.0 - 200.0 * 0.015_f64.powi(2)) / 199.0 / 200.0).sqrt() / 0.01;
        assert!((cvar.standard_error - error).abs() < 1e-9);
    }

    #[test]
    fn cvar_at_level_zero_is_the_mean() {
        let losses = [-4, 1, 1, 6, 30];
        let cvar = conditional_value_at_risk(&losses, 0.0, 0.5).unwrap();
        assert!((cvar.mean - 0.5 * 34.0 / 5.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_weights_are_the_binomial(n in 1_usize..60, p in 0.01..0.99_f64) {
            let (first, weights) = binomial_weights(n, p);
            let total: f64 = weights.iter().sum();
            let mut exact = (1.0 - p).powi(n as i32);
            for k in 0..=n {
                let found = k.checked_sub(first).and_then(|i| weights.get(i)).unwrap_or(&0.0) / total;
                prop_assert!((found - exact).abs() < 1e-12);
                exact *= (n - k) as f64 / (k as f64 + 1.0) * p / (1.0 - p);
            }
        }

        #[test]
        fn the_interval_holds_the_quantile(
            mut values in prop::collection::vec(-100_i64..100, 1..300), p in 0.02..0.98_f64,
        ) {
            values.sort_unstable();
            let middle = quantile(&values, p).unwrap();
            let interval = quantile_interval_95(&values, p);
            prop_assert!(interval.lower.is_none_or(|lower| lower <= middle));
            prop_assert!(interval.upper.is_none_or(|upper| middle <= upper));
        }
    }
}
