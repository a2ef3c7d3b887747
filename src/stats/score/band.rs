//! Are these numbers uniform? The empirical distribution with a band that holds all at once.
//!
//! The band gives every order statistic the same local level, chosen so that all n of them lie
//! within together with the stated probability, exactly (Aldor-Noiman et al. 2013; Säilynoja,
//! Bürkner and Vehtari 2022). The probability is computed by letting a Poisson process run
//! through the bounds, conditioned on n points in all (Moscovich and Nadler 2017).

/// Bounds of the order statistics of n uniforms.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// `lower[i]` <= the (i + 1)-th smallest.
    pub lower: Vec<f64>,
    /// The (i + 1)-th smallest <= `upper[i]`.
    pub upper: Vec<f64>,
    /// Probability of each order statistic alone to lie outside.
    pub local_level: f64,
}

impl Band {
    /// Bounds of equal local level.
    fn at(n: usize, local_level: f64) -> Self {
        let lower: Vec<f64> = (1..=n)
            .map(|rank| order_quantile(n, rank, local_level / 2.0))
            .collect();
        // The i-th smallest is one minus the i-th largest.
        let upper = lower.iter().rev().map(|low| 1.0 - low).collect();
        Self {
            lower,
            upper,
            local_level,
        }
    }

    /// Whether all of these, in rising order, lie within.
    pub fn holds(&self, sorted: &[f64]) -> bool {
        let bounds = self.lower.iter().zip(&self.upper);
        sorted.len() == self.lower.len()
            && sorted
                .iter()
                .zip(bounds)
                .all(|(x, (low, high))| (low..=high).contains(&x))
    }
}

/// The band that holds all order statistics of n independent uniforms with this probability.
pub fn simultaneous_band(n: usize, probability: f64) -> Band {
    let outside = 1.0 - probability;
    // By Bonferroni from below, by one order statistic alone from above.
    let (mut low, mut high) = (outside / (2 * n.max(1)) as f64, outside);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        let band = Band::at(n, middle);
        if probability_within(&band.lower, &band.upper) >= probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    Band::at(n, low)
}

/// Probability that n independent uniforms stray at least as far as these from the uniform
/// distribution, judged by the order statistic that is least likely alone: an exact p-value.
pub fn uniformity(values: &[f64]) -> f64 {
    let n = values.len();
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tails = (1..).zip(&sorted).map(|(rank, &x)| {
        let below = order_at_most(n, rank, x);
        below.min(1.0 - below)
    });
    let least = tails.fold(0.5, f64::min);
    if least <= 0.0 {
        return 0.0;
    }
    let band = Band::at(n, 2.0 * least);
    (1.0 - probability_within(&band.lower, &band.upper)).clamp(0.0, 1.0)
}

/// P(`lower[i] <= U_(i+1) <= upper[i]` for all i) for the order statistics of n independent
/// uniforms. Both bounds rise with i and lie within 0 to 1.
pub fn probability_within(lower: &[f64], upper: &[f64]) -> f64 {
    let n = lower.len().min(upper.len());
    if n == 0 {
        return 1.0;
    }
    // (time, most points just before it, least points up to it).
    let mut stops: Vec<(f64, usize, usize)> = Vec::with_capacity(2 * n);
    stops.extend(lower.iter().take(n).enumerate().map(|(i, &at)| (at, i, 0)));
    stops.extend(
        upper
            .iter()
            .take(n)
            .enumerate()
            .map(|(i, &at)| (at, n, i + 1)),
    );
    stops.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut weight = vec![0.0; n + 1];
    weight[0] = 1.0;
    let (mut from, mut to, mut now) = (0, 0, 0.0);
    for (at, most, least) in stops.into_iter().chain([(1.0, n, n)]) {
        let mean = n as f64 * (at - now).max(0.0);
        if mean > 0.0 {
            let more = poisson_weights(mean, n);
            let reached = (to + more.len() - 1).min(n).min(most);
            let mut next = vec![0.0; n + 1];
            for (points, &before) in weight.iter().enumerate().take(to + 1).skip(from) {
                for (step, p) in more
                    .iter()
                    .enumerate()
                    .take((reached + 1).saturating_sub(points))
                {
                    next[points + step] += before * p;
                }
            }
            weight = next;
            to = reached;
            now = at;
        }
        to = to.min(most);
        from = from.max(least);
        if from > to {
            return 0.0;
        }
    }
    let whole = libm::exp(n as f64 * libm::log(n as f64) - n as f64 - libm::lgamma(n as f64 + 1.0));
    (weight[n] / whole).clamp(0.0, 1.0)
}

/// Poisson(k; mean) for k from 0 as far as it matters, at most n.
fn poisson_weights(mean: f64, n: usize) -> Vec<f64> {
    let mut p = libm::exp(-mean);
    let mut weights = vec![p];
    for k in 1..=n {
        p *= mean / k as f64;
        if k as f64 > mean && p < 1e-20 {
            break;
        }
        weights.push(p);
    }
    weights
}

/// P(the rank-th smallest of n uniforms <= x) = P(Binomial(n, x) >= rank).
fn order_at_most(n: usize, rank: usize, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let (n_real, k) = (n as f64, rank as f64);
    let ln_choose =
        libm::lgamma(n_real + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n_real - k + 1.0);
    let odds = x / (1.0 - x);
    let first = libm::exp(ln_choose + k * libm::log(x) + (n_real - k) * libm::log1p(-x));
    if k > n_real * x {
        // Upward from the rank: terms fall.
        let (mut term, mut sum) = (first, 0.0);
        for j in rank..=n {
            sum += term;
            term *= (n - j) as f64 / (j + 1) as f64 * odds;
        }
        return sum.min(1.0);
    }
    // Downward: what lies below the rank.
    let (mut term, mut sum) = (first, 0.0);
    for j in (0..rank).rev() {
        term *= (j + 1) as f64 / (n - j) as f64 / odds;
        sum += term;
    }
    (1.0 - sum).max(0.0)
}

/// The p-quantile of the rank-th smallest of n uniforms.
fn order_quantile(n: usize, rank: usize, p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if order_at_most(n, rank, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bounds of Kolmogorov's statistic: |i/n - U_(i)| and |(i-1)/n - U_(i)| at most d.
    fn kolmogorov(n: usize, d: f64) -> f64 {
        let bound = |i: usize, shift: f64| (i as f64 / n as f64 + shift).clamp(0.0, 1.0);
        let lower: Vec<f64> = (1..=n).map(|i| bound(i, -d)).collect();
        let upper: Vec<f64> = (0..n).map(|i| bound(i, d)).collect();
        probability_within(&lower, &upper)
    }

    /// Published critical values of Kolmogorov's statistic at 5 % (Miller 1956), and the value
    /// of Marsaglia, Tsang and Wang (2003): P(D_10 < 0.274) = 0.6284796154565...
    #[test]
    fn kolmogorovs_distribution_is_met() {
        for (n, d) in [
            (1, 0.975),
            (5, 0.56328),
            (10, 0.40925),
            (20, 0.29408),
            (40, 0.21012),
        ] {
            let found = kolmogorov(n, d);
            assert!((found - 0.95).abs() < 2e-5, "{n}: {found}");
        }
        assert!((kolmogorov(10, 0.274) - 0.628_479_615_456_504_3).abs() < 1e-12);
        // The least possible: 1/(2n) has probability 0, just above it n! (2d - 1/n)^n.
        assert_eq!(kolmogorov(3, 1.0 / 6.0 - 1e-9), 0.0);
        assert!((kolmogorov(2, 0.4) - 2.0 * 0.3 * 0.3).abs() < 1e-12);
    }

    #[test]
    fn one_uniform_has_the_plain_interval() {
        let band = simultaneous_band(1, 0.95);
        assert!((band.lower[0] - 0.025).abs() < 1e-9);
        assert!((band.upper[0] - 0.975).abs() < 1e-9);
        assert!((uniformity(&[0.01]) - 0.02).abs() < 1e-9);
        assert!((uniformity(&[0.5]) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn bands_hold_what_they_say() {
        for n in [2, 21, 100, 366] {
            let band = simultaneous_band(n, 0.95);
            let held = probability_within(&band.lower, &band.upper);
            assert!((held - 0.95).abs() < 1e-6, "{n}: {held}");
            assert!(band.local_level < 0.05 && band.local_level > 0.05 / n as f64 / 2.0);
        }
        // Two uniforms by hand: the larger above a half, and the smaller below it, too.
        assert!((probability_within(&[0.0, 0.5], &[1.0, 1.0]) - (1.0 - 0.25)).abs() < 1e-12);
        assert!((probability_within(&[0.0, 0.5], &[0.5, 1.0]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_p_value_is_that_of_the_band() {
        let n = 21;
        let band = simultaneous_band(n, 0.95);
        // Even spacing but for one at its bound.
        let mut values: Vec<f64> = (1..=n).map(|i| i as f64 / (n + 1) as f64).collect();
        assert!(uniformity(&values) > 0.9);
        values[10] = band.lower[10];
        values[..10]
            .iter_mut()
            .for_each(|x| *x = x.min(band.lower[10]));
        let p = uniformity(&values);
        assert!((p - 0.05).abs() < 0.002 || p < 0.05, "{p}");
        values[10] = band.upper[10] + 0.01;
        values[11..]
            .iter_mut()
            .for_each(|x| *x = x.max(band.upper[10] + 0.01));
        assert!(!band.holds(&values) && uniformity(&values) < 0.05);
    }
}
