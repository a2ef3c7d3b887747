//! The path of wind: a first-order autoregression in logits.

use crate::random::special::normal_quantile;

/// Spread of wind output in logits.
pub(super) const WIND_SPREAD: f64 = 1.3;
/// Hours between changes of wind output.
pub(super) const WIND_STEP_H: usize = 3;
/// Correlation of the wind path from one step to the next.
pub(super) const WIND_LAG1: f64 = 0.92;

/// The location at which a logistic of a normal with [`WIND_SPREAD`] has this mean, by
/// bisection; the expectation by the midpoint rule over the normal's quantiles.
pub(super) fn location(mean: f64) -> f64 {
    let expectation = |location: f64| {
        let steps = 400;
        let total: f64 = (0..steps)
            .map(|step| {
                let u = (f64::from(step) + 0.5) / f64::from(steps);
                logistic(location + WIND_SPREAD * normal_quantile(u))
            })
            .sum();
        total / f64::from(steps)
    };
    let (mut low, mut high) = (-12.0, 12.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if expectation(middle) < mean {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// 1 / (1 + exp(-x)).
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wind_has_the_mean_it_was_given() {
        for mean in [0.1, 0.33, 0.6] {
            let location = super::location(mean);
            let steps = 20_000;
            let total: f64 = (0..steps)
                .map(|k| (f64::from(k) + 0.5) / f64::from(steps))
                .map(|u| logistic(location + WIND_SPREAD * normal_quantile(u)))
                .sum();
            assert!((total / f64::from(steps) - mean).abs() < 2e-4);
        }
    }
}
