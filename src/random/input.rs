//! Laws of uncertain inputs: what is not known about the world, drawn once a replication.

use super::special::{normal_cdf, normal_density, normal_quantile};

/// How an uncertain input is distributed. Values carry the unit of the input they stand for.
#[derive(Debug, Clone, PartialEq)]
pub enum InputLaw {
    /// Known.
    Fixed(f64),
    /// Anywhere between two values.
    Uniform {
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Gaussian.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
    /// Gaussian, conditioned on lying between two values.
    TruncatedNormal {
        /// Mean before truncation.
        mean: f64,
        /// Standard deviation before truncation.
        sd: f64,
        /// Least value.
        low: f64,
        /// Greatest value.
        high: f64,
    },
    /// Density rising in a line from `low` to `mode` and falling in a line to `high`.
    Triangular {
        /// Least value.
        low: f64,
        /// Most likely value.
        mode: f64,
        /// Greatest value.
        high: f64,
    },
    /// Positive, with a Gaussian logarithm.
    Lognormal {
        /// Median.
        median: f64,
        /// Standard deviation of the natural logarithm.
        sigma: f64,
    },
    /// One of some values. The quantile goes through them in rising order, however listed.
    Choice {
        /// The values.
        values: Vec<f64>,
        /// Their weights, of any positive sum.
        weights: Vec<f64>,
    },
}

impl InputLaw {
    /// The value at probability `u` in (0, 1); does not fall as `u` rises.
    ///
    /// Parameters that [`InputLaw::mistake`] reports give meaningless values, never a panic.
    pub fn quantile(&self, u: f64) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Uniform { low, high } => (low + u * (high - low)).clamp_to(low, high),
            Self::Normal { mean, sd } => mean + sd * normal_quantile(u),
            Self::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            } => {
                let z = truncated_quantile(u, (low - mean) / sd, (high - mean) / sd);
                (mean + sd * z).clamp_to(low, high)
            }
            Self::Triangular { low, mode, high } => {
                let (width, left) = (high - low, mode - low);
                let value = if u * width < left {
                    low + libm::sqrt(u * width * left)
                } else {
                    high - libm::sqrt((1.0 - u) * width * (high - mode))
                };
                value.clamp_to(low, high)
            }
            Self::Lognormal { median, sigma } => median * libm::exp(sigma * normal_quantile(u)),
            Self::Choice {
                ref values,
                ref weights,
            } => {
                let ordered = in_order(values, weights);
                let total: f64 = ordered.iter().map(|(_, weight)| weight).sum();
                let mut below = 0.0;
                for &(value, weight) in &ordered {
                    below += weight;
                    if u * total < below {
                        return value;
                    }
                }
                ordered.last().map_or(f64::NAN, |&(value, _)| value)
            }
        }
    }

    /// The least and the greatest value that can occur (infinite where there is none).
    pub fn support(&self) -> (f64, f64) {
        match *self {
            Self::Fixed(value) => (value, value),
            Self::Uniform { low, high }
            | Self::TruncatedNormal { low, high, .. }
            | Self::Triangular { low, high, .. } => (low, high),
            Self::Normal { mean, sd } if sd == 0.0 => (mean, mean),
            Self::Normal { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Lognormal { median, sigma } if sigma == 0.0 => (median, median),
            Self::Lognormal { .. } => (0.0, f64::INFINITY),
            Self::Choice {
                ref values,
                ref weights,
            } => {
                let ordered = in_order(values, weights);
                let at = |entry: Option<&(f64, f64)>| entry.map_or(f64::NAN, |&(value, _)| value);
                (at(ordered.first()), at(ordered.last()))
            }
        }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Uniform { low, high } => 0.5 * (low + high),
            Self::Normal { mean, .. } => mean,
            Self::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            } => {
                let (a, b) = ((low - mean) / sd, (high - mean) / sd);
                let mass = if a > 0.0 {
                    normal_cdf(-a) - normal_cdf(-b)
                } else {
                    normal_cdf(b) - normal_cdf(a)
                };
                let shift = (normal_density(a) - normal_density(b)) / mass;
                (mean + sd * shift).clamp_to(low, high)
            }
            Self::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Self::Lognormal { median, sigma } => median * libm::exp(0.5 * sigma * sigma),
            Self::Choice {
                ref values,
                ref weights,
            } => {
                let ordered = in_order(values, weights);
                let total: f64 = ordered.iter().map(|(_, weight)| weight).sum();
                ordered
                    .iter()
                    .map(|(value, weight)| value * weight)
                    .sum::<f64>()
                    / total
            }
        }
    }

    /// What is wrong with the parameters, if anything: the message says what would be right.
    pub fn mistake(&self) -> Option<&'static str> {
        let spread = |sd: f64| sd >= 0.0 && sd.is_finite();
        let ordered = |low: f64, high: f64| low <= high && low.is_finite() && high.is_finite();
        match *self {
            Self::Fixed(value) if !value.is_finite() => Some("the value must be finite"),
            Self::Uniform { low, high } if !ordered(low, high) => {
                Some("low and high must be finite, low not above high")
            }
            Self::Normal { mean, sd } if !(mean.is_finite() && spread(sd)) => {
                Some("the mean must be finite and the standard deviation zero or more")
            }
            Self::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            } => {
                let known = mean.is_finite() && sd.is_finite() && sd > 0.0;
                if !(known && ordered(low, high) && low < high) {
                    return Some("mean must be finite, sd positive, low below high");
                }
                // Further out the conditioned law is decided by digits that nobody has.
                let reach = 30.0 * sd;
                (low > mean + reach || high < mean - reach)
                    .then_some("low to high must come within 30 standard deviations of the mean")
            }
            Self::Triangular { low, mode, high }
                if !(ordered(low, mode) && ordered(mode, high)) =>
            {
                Some("low, mode and high must be finite and in this order")
            }
            Self::Lognormal { median, sigma }
                if !(median > 0.0 && median.is_finite() && spread(sigma)) =>
            {
                Some("the median must be positive and sigma zero or more")
            }
            Self::Choice {
                ref values,
                ref weights,
            } => {
                let sound = |weight: &f64| spread(*weight);
                if values.len() != weights.len() {
                    Some("there must be one weight for each value")
                } else if !values.iter().all(|value| value.is_finite()) {
                    Some("every value must be finite")
                } else if !weights.iter().all(sound) || !weights.iter().any(|&w| w > 0.0) {
                    Some("weights must be zero or more, and one of them positive")
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

/// Values with a positive weight, rising.
fn in_order(values: &[f64], weights: &[f64]) -> Vec<(f64, f64)> {
    let pairs = values.iter().copied().zip(weights.iter().copied());
    let mut ordered: Vec<(f64, f64)> = pairs.filter(|&(_, weight)| weight > 0.0).collect();
    ordered.sort_by(|left, right| left.0.total_cmp(&right.0));
    ordered
}

/// Quantile of the standard normal law conditioned on a..b, computed in the lower tail, where
/// the distribution function keeps its digits.
fn truncated_quantile(u: f64, a: f64, b: f64) -> f64 {
    if a > 0.0 {
        return -truncated_quantile(1.0 - u, -b, -a);
    }
    let (below, above) = (normal_cdf(a), normal_cdf(b));
    normal_quantile(below + u * (above - below))
}

/// `f64::clamp` without its panic on an empty range.
trait ClampTo {
    fn clamp_to(self, low: f64, high: f64) -> f64;
}

impl ClampTo for f64 {
    fn clamp_to(self, low: f64, high: f64) -> f64 {
        self.max(low).min(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn examples() -> Vec<InputLaw> {
        vec![
            InputLaw::Fixed(13.1),
            InputLaw::Uniform {
                low: -2.0,
                high: 5.0,
            },
            InputLaw::Normal { mean: 3.0, sd: 0.5 },
            InputLaw::TruncatedNormal {
                mean: 1.0,
                sd: 2.0,
                low: 0.0,
                high: 2.5,
            },
            InputLaw::TruncatedNormal {
                mean: 0.0,
                sd: 1.0,
                low: 4.0,
                high: 9.0,
            },
            InputLaw::Triangular {
                low: 1.0,
                mode: 1.5,
                high: 4.0,
            },
            InputLaw::Triangular {
                low: 1.0,
                mode: 1.0,
                high: 4.0,
            },
            InputLaw::Lognormal {
                median: 2.0,
                sigma: 0.4,
            },
            InputLaw::Choice {
                values: vec![7.0, 1.0, 3.0],
                weights: vec![1.0, 2.0, 1.0],
            },
        ]
    }

    #[test]
    fn known_quantiles() {
        let at = |law: &InputLaw, u: f64| law.quantile(u);
        let examples = examples();
        assert_eq!(at(&examples[0], 0.2), 13.1);
        assert_eq!(at(&examples[1], 0.5), 1.5);
        assert_eq!(at(&examples[2], 0.5), 3.0);
        // Left part of the triangle: F(mode) = (mode - low) / (high - low).
        assert!((at(&examples[5], 0.5 / 3.0) - 1.5).abs() < 1e-12);
        assert_eq!(at(&examples[7], 0.5), 2.0);
        let choice = &examples[8];
        assert_eq!(
            [0.49, 0.5, 0.74, 0.76].map(|u| at(choice, u)),
            [1.0, 3.0, 3.0, 7.0]
        );
    }

    #[test]
    fn the_mean_is_the_integral_of_the_quantile() {
        let n = 200_000;
        for law in examples() {
            assert_eq!(law.mistake(), None, "{law:?}");
            let sum: f64 = (0..n)
                .map(|i| law.quantile((f64::from(i) + 0.5) / f64::from(n)))
                .sum();
            let mean = sum / f64::from(n);
            assert!((mean - law.mean()).abs() < 1e-4, "{mean} for {law:?}");
        }
    }

    #[test]
    fn the_far_tail_keeps_its_digits() {
        // Conditioned on z > 8, z - 8 is nearly exponential with rate 8: median 8 + ln 2 / 8,
        // less a second-order term of about 1e-3.
        let law = InputLaw::TruncatedNormal {
            mean: 0.0,
            sd: 1.0,
            low: 8.0,
            high: 50.0,
        };
        assert!(
            (law.quantile(0.5) - 8.0856).abs() < 2e-3,
            "{}",
            law.quantile(0.5)
        );
    }

    #[test]
    fn mistakes_are_named_and_never_panic() {
        for law in [
            InputLaw::Fixed(f64::NAN),
            InputLaw::Uniform {
                low: 2.0,
                high: 1.0,
            },
            InputLaw::Normal {
                mean: 0.0,
                sd: -1.0,
            },
            InputLaw::TruncatedNormal {
                mean: 0.0,
                sd: 1.0,
                low: 40.0,
                high: 50.0,
            },
            InputLaw::TruncatedNormal {
                mean: 0.0,
                sd: 0.0,
                low: 4.0,
                high: 1.0,
            },
            InputLaw::Triangular {
                low: 0.0,
                mode: 3.0,
                high: 2.0,
            },
            InputLaw::Lognormal {
                median: 0.0,
                sigma: 1.0,
            },
            InputLaw::Choice {
                values: vec![],
                weights: vec![],
            },
            InputLaw::Choice {
                values: vec![1.0],
                weights: vec![0.0],
            },
            InputLaw::Choice {
                values: vec![1.0],
                weights: vec![1.0, 2.0],
            },
        ] {
            assert!(law.mistake().is_some(), "{law:?}");
            let _ = (law.quantile(0.3), law.support(), law.mean());
        }
    }

    proptest! {
        #[test]
        fn quantiles_rise_within_the_support(u in 1e-9..0.999_f64, gap in 0.0..1e-3_f64) {
            for law in examples() {
                let (low, high) = law.support();
                let (here, there) = (law.quantile(u), law.quantile(u + gap));
                prop_assert!(low <= here && here <= there && there <= high, "{:?}", law);
            }
        }
    }
}
