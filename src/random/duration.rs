//! Laws of up times and repairs: one uniform in, one duration in hours out.

use super::Stream;
use super::logarithm::ln_of_normal;
use super::special::{gamma_quantile, ln_gamma, normal_quantile};

/// How long an entity stays up, or down. All durations are in hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DurationLaw {
    /// No memory: the age says nothing about what is left.
    Exponential {
        /// Mean, hours.
        mean_h: f64,
    },
    /// Wear-out (`shape` above 1) or early failures (below 1).
    Weibull {
        /// Mean, hours.
        mean_h: f64,
        /// Shape k, the exponent; 1 is the exponential law.
        shape: f64,
    },
    /// Typical of repairs: most are short, a few very long.
    Lognormal {
        /// Mean, hours.
        mean_h: f64,
        /// Standard deviation over mean.
        coefficient_of_variation: f64,
    },
    /// Always the same.
    Fixed {
        /// Length, hours.
        hours: f64,
    },
}

impl DurationLaw {
    /// The mean, hours.
    pub fn mean_h(&self) -> f64 {
        match *self {
            Self::Exponential { mean_h }
            | Self::Weibull { mean_h, .. }
            | Self::Lognormal { mean_h, .. } => mean_h,
            Self::Fixed { hours } => hours,
        }
    }

    /// What is wrong with the parameters, if anything: the message says what would be right.
    pub fn mistake(&self) -> Option<&'static str> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        match *self {
            Self::Fixed { hours } if !(hours >= 0.0 && hours.is_finite()) => {
                Some("a fixed duration must be zero or more hours")
            }
            Self::Fixed { .. } => None,
            _ if !positive(self.mean_h()) => Some("the mean must be a positive number of hours"),
            Self::Weibull { shape, .. } if !(0.1..=100.0).contains(&shape) => {
                Some("the Weibull shape must lie in 0.1 to 100")
            }
            Self::Lognormal {
                coefficient_of_variation: cv,
                ..
            } if !(0.0..=100.0).contains(&cv) => {
                Some("the coefficient of variation must lie in 0 to 100")
            }
            _ => None,
        }
    }
}

/// A [`DurationLaw`] with its constants computed once, for the hot loop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampler {
    mean_h: f64,
    unit: Unit,
}

/// The law scaled to mean 1.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    Exponential,
    /// Scale = 1 / Gamma(1 + 1/k); `inverse_shape` = 1/k.
    Weibull {
        scale: f64,
        inverse_shape: f64,
    },
    /// sigma of the logarithm; with mean 1, mu = -sigma^2 / 2.
    Lognormal {
        sigma: f64,
        half_variance: f64,
    },
    Fixed,
}

/// Quantile of the exponential law with mean 1, of a `u` from 0 to below 1. `1 - u` is exact for
/// every uniform of a stream.
#[inline]
pub fn exponential(u: f64) -> f64 {
    -ln_of_normal(1.0 - u)
}

impl Sampler {
    /// Prepares a law. Parameters that [`DurationLaw::mistake`] reports give meaningless draws.
    pub fn new(law: DurationLaw) -> Self {
        let unit = match law {
            DurationLaw::Exponential { .. } => Unit::Exponential,
            DurationLaw::Weibull { shape, .. } => {
                let inverse_shape = 1.0 / shape;
                let scale = libm::exp(-ln_gamma(1.0 + inverse_shape));
                Unit::Weibull {
                    scale,
                    inverse_shape,
                }
            }
            DurationLaw::Lognormal {
                coefficient_of_variation: cv,
                ..
            } => {
                let variance = libm::log1p(cv * cv);
                Unit::Lognormal {
                    sigma: libm::sqrt(variance),
                    half_variance: 0.5 * variance,
                }
            }
            DurationLaw::Fixed { .. } => Unit::Fixed,
        };
        Self {
            mean_h: law.mean_h(),
            unit,
        }
    }

    /// The mean, hours.
    #[inline]
    pub fn mean_h(&self) -> f64 {
        self.mean_h
    }

    /// The same law stretched to another mean; every quantile stretches by exactly that ratio.
    pub fn with_mean_h(mut self, mean_h: f64) -> Self {
        self.mean_h = mean_h;
        self
    }

    /// The duration, hours, at probability `u` in (0, 1): increasing in `u`, and the mean times
    /// a number that depends on `u` and the law's form alone.
    #[inline]
    pub fn quantile_h(&self, u: f64) -> f64 {
        self.mean_h
            * match self.unit {
                Unit::Exponential => exponential(u),
                Unit::Weibull {
                    scale,
                    inverse_shape,
                } => scale * libm::pow(exponential(u), inverse_shape),
                Unit::Lognormal {
                    sigma,
                    half_variance,
                } => libm::exp(sigma * normal_quantile(u) - half_variance),
                Unit::Fixed => 1.0,
            }
    }

    /// What is left, hours, of the duration that a stationary process is in at time zero.
    ///
    /// The duration that holds a given instant is drawn in proportion to its length (density
    /// x f(x) / mean); the instant lies uniformly within it. Increasing in both uniforms; the second
    /// is asked for only where it matters. The
    /// exponential law has no memory: its residual is an ordinary draw from `u_length`.
    /// The mean is `E[X^2] / (2 E[X])`.
    pub fn residual_h(&self, u_length: f64, u_fraction: impl FnOnce() -> f64) -> f64 {
        let length = match self.unit {
            Unit::Exponential => return self.mean_h * exponential(u_length),
            // With y = (x / scale)^k, density x f(x) makes y a Gamma(1 + 1/k).
            Unit::Weibull {
                scale,
                inverse_shape,
            } => {
                let y = gamma_quantile(1.0 + inverse_shape, u_length);
                scale * libm::pow(y, inverse_shape)
            }
            // Length bias moves mu by sigma^2: from -sigma^2/2 to +sigma^2/2.
            Unit::Lognormal {
                sigma,
                half_variance,
            } => libm::exp(sigma * normal_quantile(u_length) + half_variance),
            Unit::Fixed => 1.0,
        };
        self.mean_h * (u_fraction() * length)
    }

    /// The stream's next draw as a duration, hours.
    #[inline]
    pub fn draw_h(&self, stream: &mut Stream) -> f64 {
        self.quantile_h(stream.next_uniform())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn any_law() -> impl Strategy<Value = DurationLaw> {
        let mean = 0.01..1e4_f64;
        prop_oneof![
            mean.clone()
                .prop_map(|mean_h| DurationLaw::Exponential { mean_h }),
            (mean.clone(), 0.4..6.0_f64)
                .prop_map(|(mean_h, shape)| DurationLaw::Weibull { mean_h, shape }),
            (mean.clone(), 0.05..3.0_f64).prop_map(|(mean_h, coefficient_of_variation)| {
                DurationLaw::Lognormal {
                    mean_h,
                    coefficient_of_variation,
                }
            }),
            mean.prop_map(|hours| DurationLaw::Fixed { hours }),
        ]
    }

    /// Mean of `f` over (0, 1) by the midpoint rule, refined towards the right end, where the
    /// quantiles of these laws grow: u = 1 - (1 - t)^3,
    /// which stays below 1 in floats.
    fn integral(f: impl Fn(f64) -> f64) -> f64 {
        let n = 20_000;
        let cell = |i: i32| {
            let t = (f64::from(i) + 0.5) / f64::from(n);
            f(1.0 - (1.0 - t).powi(3)) * 3.0 * (1.0 - t).powi(2)
        };
        (0..n).map(cell).sum::<f64>() / f64::from(n)
    }

    #[test]
    fn a_weibull_of_shape_one_is_exponential() {
        let weibull = Sampler::new(DurationLaw::Weibull {
            mean_h: 7.0,
            shape: 1.0,
        });
        let exponential = Sampler::new(DurationLaw::Exponential { mean_h: 7.0 });
        for u in [1e-6, 0.2, 0.5, 0.999] {
            let ratio = weibull.quantile_h(u) / exponential.quantile_h(u);
            assert!((ratio - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn known_quantiles() {
        let median = |law| Sampler::new(law).quantile_h(0.5);
        assert_eq!(median(DurationLaw::Fixed { hours: 3.5 }), 3.5);
        let exponential = median(DurationLaw::Exponential { mean_h: 10.0 });
        assert!((exponential - 10.0 * std::f64::consts::LN_2).abs() < 1e-14);
        // Rayleigh: shape 2, mean = scale sqrt(pi)/2, median = scale sqrt(ln 2).
        let rayleigh = median(DurationLaw::Weibull {
            mean_h: 1.0,
            shape: 2.0,
        });
        let exact = 2.0 * (std::f64::consts::LN_2 / std::f64::consts::PI).sqrt();
        assert!((rayleigh - exact).abs() < 1e-14);
        // cv 1: median = mean / sqrt(2).
        let repair = DurationLaw::Lognormal {
            mean_h: 2.0,
            coefficient_of_variation: 1.0,
        };
        assert!((median(repair) - std::f64::consts::SQRT_2).abs() < 1e-14);
    }

    #[test]
    fn mistakes_are_named() {
        let nan = f64::NAN;
        for law in [
            DurationLaw::Exponential { mean_h: 0.0 },
            DurationLaw::Exponential {
                mean_h: f64::INFINITY,
            },
            DurationLaw::Weibull {
                mean_h: 1.0,
                shape: nan,
            },
            DurationLaw::Lognormal {
                mean_h: 1.0,
                coefficient_of_variation: -0.1,
            },
            DurationLaw::Fixed { hours: -1.0 },
        ] {
            assert!(law.mistake().is_some(), "{law:?}");
        }
        assert_eq!(DurationLaw::Fixed { hours: 0.0 }.mistake(), None);
    }

    proptest! {
        #[test]
        fn quantiles_rise_with_u(law in any_law(), u in 1e-9..0.999_f64, gap in 1e-9..1e-3_f64) {
            let sampler = Sampler::new(law);
            let fixed = matches!(law, DurationLaw::Fixed { .. });
            prop_assert_eq!(law.mistake(), None);
            prop_assert!(fixed || sampler.quantile_h(u) < sampler.quantile_h(u + gap));
        }

        #[test]
        fn residuals_rise_with_both_uniforms(
            law in any_law(), u in 1e-6..0.99_f64, v in 1e-6..0.99_f64,
        ) {
            let sampler = Sampler::new(law);
            let residual = sampler.residual_h(u, || v);
            prop_assert!(residual > 0.0);
            prop_assert!(residual <= sampler.residual_h(u + 1e-3, || v));
            prop_assert!(residual <= sampler.residual_h(u, || v + 1e-3));
        }

        /// Twice the mean is exactly twice every draw: powers of two are exact in floats.
        #[test]
        fn draws_scale_with_the_mean(law in any_law(), u in 1e-9..1.0_f64, v in 1e-9..1.0_f64) {
            let one = Sampler::new(law);
            let twice = one.with_mean_h(one.mean_h() * 2.0);
            prop_assert_eq!(2.0 * one.quantile_h(u), twice.quantile_h(u));
            prop_assert_eq!(2.0 * one.residual_h(u, || v), twice.residual_h(u, || v));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_mean_is_the_mean(law in any_law()) {
            let sampler = Sampler::new(law);
            let mean = integral(|u| sampler.quantile_h(u)) / sampler.mean_h();
            prop_assert!((mean - 1.0).abs() < 2e-3, "{}", mean);
        }

        /// Renewal theory: the mean residual of a stationary process is `E[X^2] / (2 E[X])`.
        #[test]
        fn the_residual_is_stationary(law in any_law()) {
            let sampler = Sampler::new(law);
            let second_moment = integral(|u| sampler.quantile_h(u).powi(2));
            let expected = second_moment / (2.0 * sampler.mean_h());
            // Linear in the fraction, so that its mean is the value at one half.
            let mean = integral(|u| match law {
                DurationLaw::Exponential { .. } => sampler.residual_h(u, || u),
                _ => sampler.residual_h(u, || 0.5),
            });
            prop_assert!((mean / expected - 1.0).abs() < 2e-2, "{} {}", mean, expected);
        }
    }
}
