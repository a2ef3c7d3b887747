//! The law of one day's count: the mean of Poisson laws over replications.

/// Standard deviations (and 20 counts) about a mean within which a Poisson law is added up: what
/// is left out is below 1e-20.
const REACH: f64 = 11.0;

/// p(k) = mean over replications of Poisson(k; rate), for all k that matter.
#[derive(Debug, Clone, PartialEq)]
pub struct CountLaw {
    /// The first count with a probability.
    first: u64,
    /// P(count <= first + i).
    cumulative: Vec<f64>,
    /// P(count = first + i).
    single: Vec<f64>,
    mean: f64,
}

impl CountLaw {
    /// The mixture of Poisson laws with these rates, each with equal weight. Of no rate it is
    /// the law that is always 0.
    pub fn of_mixture(rates: impl Iterator<Item = f64> + Clone) -> Self {
        let (mut least, mut most, mut sum, mut n) = (f64::INFINITY, 0.0f64, 0.0, 0_u64);
        for rate in rates.clone() {
            (least, most) = (least.min(rate), most.max(rate));
            sum += rate;
            n += 1;
        }
        if n == 0 {
            return Self {
                first: 0,
                cumulative: vec![1.0],
                single: vec![1.0],
                mean: 0.0,
            };
        }
        let first = begin(least);
        let length = (end(most) - first) as usize + 1;
        let mut single = vec![0.0; length];
        for rate in rates {
            let from = begin(rate);
            let mut p = libm::exp(ln_poisson(from, rate));
            for k in from..=end(rate) {
                single[(k - first) as usize] += p;
                p *= rate / (k + 1) as f64;
            }
        }
        let mut below = 0.0;
        let cumulative = single.iter_mut().map(|p| {
            *p /= n as f64;
            below += *p;
            below
        });
        Self {
            first,
            cumulative: cumulative.collect(),
            single,
            mean: sum / n as f64,
        }
    }

    /// Expected count.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// P(count = k).
    pub fn probability(&self, k: u64) -> f64 {
        let at = k.checked_sub(self.first).map(|at| at as usize);
        at.and_then(|at| self.single.get(at))
            .copied()
            .unwrap_or(0.0)
    }

    /// P(count <= k).
    pub fn at_most(&self, k: u64) -> f64 {
        match k.checked_sub(self.first) {
            None => 0.0,
            Some(at) => self.cumulative.get(at as usize).copied().unwrap_or(1.0),
        }
    }

    /// P(count < k).
    pub fn below(&self, k: u64) -> f64 {
        k.checked_sub(1).map_or(0.0, |before| self.at_most(before))
    }

    /// The least count k with P(count <= k) >= p.
    pub fn quantile(&self, p: f64) -> u64 {
        let at = self.cumulative.partition_point(|&below| below < p);
        self.first + at.min(self.cumulative.len() - 1) as u64
    }

    /// The central interval of a level: as little as may be outside on either side, at most
    /// (1 - level) / 2. Counts are whole, so it holds the level or somewhat more.
    pub fn central(&self, level: f64) -> (u64, u64) {
        let outside = (1.0 - level) / 2.0;
        (self.quantile(outside), self.quantile(1.0 - outside))
    }

    /// P(low <= count <= high).
    pub fn within(&self, (low, high): (u64, u64)) -> f64 {
        self.at_most(high) - self.below(low)
    }

    /// Continuous ranked probability score of an outcome, in counts: the sum over all k of
    /// (P(count <= k) - [k >= outcome])^2 (Epstein 1969; Gneiting and Raftery 2007). Of a law
    /// that is sure it is the distance; smaller is better.
    pub fn crps(&self, outcome: u64) -> f64 {
        let last = self.first + self.cumulative.len() as u64;
        // Outside the law's support every count between it and the outcome adds one.
        let outside = self.first.saturating_sub(outcome) + outcome.saturating_sub(last);
        let terms = (self.first..).zip(&self.cumulative).map(|(k, &below)| {
            let difference = if k >= outcome { 1.0 - below } else { below };
            difference * difference
        });
        terms.sum::<f64>() + outside as f64
    }

    /// Probability integral transform of an outcome, randomised by a uniform (Smith 1985;
    /// Czado, Gneiting and Held 2009): uniform where the outcome was drawn from this law.
    pub fn transform(&self, outcome: u64, uniform: f64) -> f64 {
        self.below(outcome) + uniform * self.probability(outcome)
    }
}

/// ln Poisson(k; rate).
pub(super) fn ln_poisson(k: u64, rate: f64) -> f64 {
    k as f64 * libm::log(rate) - rate - ln_factorial(k)
}

/// ln k!.
pub(super) fn ln_factorial(k: u64) -> f64 {
    libm::lgamma(k as f64 + 1.0)
}

fn begin(rate: f64) -> u64 {
    (rate - REACH * libm::sqrt(rate) - 20.0).max(0.0) as u64
}

fn end(rate: f64) -> u64 {
    (rate + REACH * libm::sqrt(rate) + 20.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn law(rates: &[f64]) -> CountLaw {
        CountLaw::of_mixture(rates.iter().copied())
    }

    #[test]
    fn one_rate_is_a_poisson_law() {
        let law = law(&[4.0]);
        // e^-4 4^k / k!, by hand.
        for (k, exact) in [(0, 0.018_315_638_888_734_18), (4, 0.195_366_814_813_164_6)] {
            assert!((law.probability(k) - exact).abs() < 1e-15, "{k}");
        }
        assert!((law.at_most(2) - 0.238_103_305_553_544_3).abs() < 1e-15);
        assert_eq!((law.quantile(0.2), law.quantile(0.24)), (2, 3));
        assert_eq!(law.mean(), 4.0);
    }

    #[test]
    fn a_mixture_is_the_mean_of_its_parts() {
        let parts = [100.0, 144.0, 170.5];
        let whole = law(&parts);
        for k in 0..400 {
            let mean = parts
                .map(|rate| libm::exp(ln_poisson(k, rate)))
                .iter()
                .sum::<f64>()
                / 3.0;
            assert!((whole.probability(k) - mean).abs() < 1e-14, "{k}");
        }
        assert!((whole.at_most(10_000) - 1.0).abs() < 1e-12);
    }

    /// Rates that are Gamma of shape a and scale b give the negative binomial with a failures
    /// and p = 1 / (1 + b).
    #[test]
    fn a_gamma_mixture_is_a_negative_binomial() {
        let (a, b) = (36.0, 4.0);
        let n = 20_000;
        // Midpoints of equal probability: an exact integral but for the grid.
        let rates: Vec<f64> = (0..n)
            .map(|i| {
                b * crate::random::special::gamma_quantile(a, (f64::from(i) + 0.5) / f64::from(n))
            })
            .collect();
        let law = law(&rates);
        let ln_p = |k: f64| {
            libm::lgamma(k + a) - libm::lgamma(k + 1.0) - libm::lgamma(a)
                + a * libm::log(1.0 / (1.0 + b))
                + k * libm::log(b / (1.0 + b))
        };
        for k in [80_u64, 120, 144, 170, 230] {
            let exact = libm::exp(ln_p(k as f64));
            let found = law.probability(k);
            assert!((found / exact - 1.0).abs() < 2e-3, "{k}: {found} {exact}");
        }
    }

    /// CRPS by its other form: E|X - y| - E|X - X'| / 2.
    #[test]
    fn the_score_is_what_brute_force_gives() {
        let law = law(&[9.0, 16.0, 12.5]);
        let p: Vec<f64> = (0..200).map(|k| law.probability(k)).collect();
        let spread: f64 = (0..200)
            .flat_map(|a| (0..200).map(move |b| (a, b)))
            .map(|(a, b): (usize, usize)| p[a] * p[b] * a.abs_diff(b) as f64)
            .sum();
        for outcome in [0_u64, 5, 12, 30, 150] {
            let distance: f64 = (0..200)
                .map(|k| p[k] * (k as f64 - outcome as f64).abs())
                .sum();
            let exact = distance - spread / 2.0;
            let found = law.crps(outcome);
            assert!((found - exact).abs() < 1e-9, "{outcome}: {found} {exact}");
        }
        assert_eq!(CountLaw::of_mixture(std::iter::empty()).crps(3), 3.0);
    }

    #[test]
    fn central_intervals_hold_their_level_and_hardly_more() {
        let law = law(&[130.0, 150.0]);
        for level in [0.5, 0.8, 0.95] {
            let (low, high) = law.central(level);
            let held = law.within((low, high));
            assert!(held >= level, "{level}: {held}");
            assert!(law.within((low + 1, high - 1)) < level, "{level}");
        }
    }

    proptest! {
        #[test]
        fn a_law_is_whole_and_its_transform_rises(
            rates in proptest::collection::vec(0.01f64..400.0, 1..20),
            k in 0u64..600,
        ) {
            let law = law(&rates);
            let total: f64 = (0..2000).map(|k| law.probability(k)).sum();
            // Hundreds of parts, each from a logarithm in the hundreds: so much is rounding.
            let rounding = 1e-12;
            prop_assert!((total - 1.0).abs() < rounding);
            prop_assert!(law.transform(k, 0.2) <= law.transform(k, 0.9));
            prop_assert!(law.transform(k, 0.999) <= law.transform(k + 1, 0.001) + rounding);
            // The mean of a law of counts is the sum of P(count > k).
            let mean: f64 = (0..2000).map(|k| 1.0 - law.at_most(k)).sum();
            prop_assert!((mean - law.mean()).abs() < 1e-8);
        }
    }
}
