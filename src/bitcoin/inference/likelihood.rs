//! What data say of the loss, under each timeline.

use super::Curve;

/// Losses are looked at in steps of a thousandth.
const STEPS_PER_UNIT: f64 = 1000.0;
/// Steps below zero: a loss below zero is a gain.
const BELOW_ZERO: usize = 600;
/// Losses looked at.
pub(super) const LOSSES: usize = BELOW_ZERO + 951;

/// The lowest loss looked at: hashrate rose by three fifths.
pub const LOWEST_LOSS: f64 = -0.6;
/// The highest loss looked at.
pub const HIGHEST_LOSS: f64 = 0.95;

/// The loss at a place of the grid.
pub(super) fn loss_at(index: usize) -> f64 {
    (index as f64 - BELOW_ZERO as f64) / STEPS_PER_UNIT
}

/// The place of the grid nearest to a loss.
pub(super) fn index_of(loss: f64) -> usize {
    let place = libm::rint(loss * STEPS_PER_UNIT) + BELOW_ZERO as f64;
    (place.max(0.0) as usize).min(LOSSES - 1)
}

/// ln of the sum of exponentials, without overflow; `-inf` of nothing.
pub(super) fn ln_sum_exp(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    most + libm::log(values.map(|value| libm::exp(value - most)).sum())
}

/// Log-likelihood of the loss from [`LOWEST_LOSS`] to [`HIGHEST_LOSS`], under each timeline;
/// known up to a constant that is the same for all of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Likelihood {
    by_timeline: Vec<Vec<f64>>,
}

impl Likelihood {
    /// Of data that say nothing.
    pub fn flat(timelines: usize) -> Self {
        Self::new(timelines, |_, _| 0.0)
    }

    /// From ln L(timeline, loss).
    pub(super) fn new(timelines: usize, ln: impl Fn(usize, f64) -> f64) -> Self {
        let of = |timeline| (0..LOSSES).map(|at| ln(timeline, loss_at(at))).collect();
        Self {
            by_timeline: (0..timelines).map(of).collect(),
        }
    }

    /// Of both data together: given the loss and the timeline they are independent.
    pub fn with(&self, other: &Self) -> Self {
        let timelines = self.by_timeline.iter().zip(&other.by_timeline);
        let sum = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).map(|(a, b)| a + b).collect();
        Self {
            by_timeline: timelines.map(sum).collect(),
        }
    }

    /// The timeline summed over, each with its weight.
    pub fn over(&self, weights: &[f64]) -> Curve {
        let whole: f64 = weights.iter().sum();
        let ln_weights: Vec<f64> = weights.iter().map(|w| libm::log(w / whole)).collect();
        let at = |at: usize| {
            let timelines = self.by_timeline.iter().zip(&ln_weights);
            ln_sum_exp(timelines.map(|(ln, weight)| ln[at] + weight))
        };
        Curve::new((0..LOSSES).map(at).collect())
    }
}
