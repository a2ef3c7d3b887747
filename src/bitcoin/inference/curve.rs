//! Intervals of the loss: by likelihood, and by posterior.

use super::likelihood::{LOSSES, index_of, ln_sum_exp, loss_at};

/// How far ln L may lie below its greatest value within the 95 % interval: half the 95 % point of
/// chi-squared with one degree of freedom (Wilks 1938).
pub const LIKELIHOOD_DROP_95: f64 = 1.920_729_410_347_062;

/// The log-likelihood of the loss, all nuisances integrated out.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    ln: Vec<f64>,
}

impl Curve {
    pub(super) fn new(ln: Vec<f64>) -> Self {
        Self { ln }
    }

    /// The loss at which the data are likeliest, by a parabola through the three best places; the
    /// lowest of several.
    pub fn best(&self) -> f64 {
        let (at, _) = self.top();
        let below = at.checked_sub(1).and_then(|at| self.ln.get(at));
        let (Some(below), Some(above)) = (below, self.ln.get(at + 1)) else {
            return loss_at(at);
        };
        let bend = below + above - 2.0 * self.ln[at];
        let shift = if bend < 0.0 {
            0.5 * (below - above) / bend
        } else {
            0.0
        };
        loss_at(at) + shift.clamp(-0.5, 0.5) * (loss_at(1) - loss_at(0))
    }

    fn top(&self) -> (usize, f64) {
        let mut top = (0, f64::NEG_INFINITY);
        for (at, &ln) in self.ln.iter().enumerate() {
            if ln > top.1 {
                top = (at, ln);
            }
        }
        top
    }

    /// How far ln L lies below its greatest value at a loss.
    pub fn drop_at(&self, loss: f64) -> f64 {
        self.top().1 - self.ln[index_of(loss)]
    }

    /// The losses whose ln L lies within [`LIKELIHOOD_DROP_95`] of the greatest, from the lowest to
    /// the highest of them. Nothing bounds them at zero: below it hashrate rose. An end that is
    /// [`super::LOWEST_LOSS`] or [`super::HIGHEST_LOSS`] is open.
    pub fn likelihood_interval_95(&self) -> (f64, f64) {
        let enough = self.top().1 - LIKELIHOOD_DROP_95;
        let within = |at: &usize| self.ln[*at] >= enough;
        let first = (0..LOSSES).find(within).unwrap_or(0);
        let last = (0..LOSSES).rev().find(within).unwrap_or(LOSSES - 1);
        // Between the last place without and the first within, ln L is all but straight.
        let crossing = |outside: usize, inside: usize| {
            let (out, enough) = (self.ln[outside], enough);
            let part = (enough - out) / (self.ln[inside] - out);
            loss_at(outside) + part * (loss_at(inside) - loss_at(outside))
        };
        let low = match first.checked_sub(1) {
            Some(outside) => crossing(outside, first),
            None => loss_at(0),
        };
        let high = if last + 1 < LOSSES {
            crossing(last + 1, last)
        } else {
            loss_at(LOSSES - 1)
        };
        (low, high)
    }

    /// The posterior under a prior that is uniform between two losses (to a thousandth).
    pub fn posterior(&self, prior: (f64, f64)) -> Posterior {
        let first = index_of(prior.0);
        let last = index_of(prior.1).max(first + 1).min(LOSSES - 1);
        let first = first.min(last - 1);
        let ln = &self.ln[first..=last];
        let most = ln_sum_exp(ln.iter().copied());
        let density: Vec<f64> = ln.iter().map(|ln| libm::exp(ln - most)).collect();
        let mut cumulative = vec![0.0; density.len()];
        for at in 1..density.len() {
            cumulative[at] = cumulative[at - 1] + 0.5 * (density[at - 1] + density[at]);
        }
        let whole = cumulative[density.len() - 1];
        cumulative.iter_mut().for_each(|sum| *sum /= whole);
        let steps = (density.len() - 1) as f64;
        Posterior {
            first,
            density: density.iter().map(|value| value / whole).collect(),
            cumulative,
            ln_evidence: most + libm::log(whole / steps),
        }
    }
}

/// A posterior of the loss: a density that is straight between places of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    first: usize,
    /// At each place, per step.
    density: Vec<f64>,
    cumulative: Vec<f64>,
    ln_evidence: f64,
}

impl Posterior {
    /// ln of the mean likelihood under the prior.
    pub fn ln_evidence(&self) -> f64 {
        self.ln_evidence
    }

    /// The loss below which a share of the posterior lies.
    pub fn quantile(&self, share: f64) -> f64 {
        let after = self.cumulative.partition_point(|&sum| sum < share);
        let at = after.clamp(1, self.cumulative.len() - 1) - 1;
        let missing = share - self.cumulative[at];
        let (here, next) = (self.density[at], self.density[at + 1]);
        // missing = here x + (next - here) x^2 / 2, by the root that does not cancel.
        let under = (here * here + 2.0 * (next - here) * missing).max(0.0);
        let below = here + libm::sqrt(under);
        let part = if below > 0.0 {
            2.0 * missing / below
        } else {
            0.0
        };
        let step = loss_at(1) - loss_at(0);
        loss_at(self.first + at) + part.clamp(0.0, 1.0) * step
    }

    /// The shortest interval that holds a share of the posterior, begun at a place of the grid: for
    /// one hump, that of highest density. It reaches zero where the data do not exclude it, as
    /// one with equal tails never could. The lowest among equals.
    pub fn shortest(&self, share: f64) -> (f64, f64) {
        let mut best = (self.quantile(0.0), self.quantile(share));
        for (at, &below) in self.cumulative.iter().enumerate() {
            if below + share > 1.0 {
                break;
            }
            let (low, high) = (loss_at(self.first + at), self.quantile(below + share));
            if high - low < best.1 - best.0 - 1e-9 {
                best = (low, high);
            }
        }
        // The shortest may end at the prior's end, between two places of its begin.
        let (low, high) = (self.quantile(1.0 - share), self.quantile(1.0));
        if high - low < best.1 - best.0 - 1e-9 {
            best = (low, high);
        }
        best
    }

    /// P(this loss > another's), the two independent and of one prior.
    pub fn exceeds(&self, other: &Self) -> f64 {
        // Over each step the two densities are all but constant: half of equal steps counts.
        let mass = |one: &Self, at: usize| one.cumulative[at + 1] - one.cumulative[at];
        let steps = self.cumulative.len().min(other.cumulative.len()) - 1;
        (0..steps)
            .map(|at| mass(self, at) * (other.cumulative[at] + 0.5 * mass(other, at)))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Likelihood;
    use super::*;
    use crate::random::special::normal_quantile;
    use proptest::prelude::*;

    fn normal(centre: f64, sd: f64) -> Curve {
        let ln = |_, loss: f64| -0.5 * ((loss - centre) / sd) * ((loss - centre) / sd);
        Likelihood::new(1, ln).over(&[1.0])
    }

    /// No data: the prior.
    #[test]
    fn without_data_the_posterior_is_the_prior() {
        let posterior = Likelihood::flat(3)
            .over(&[1.0, 2.0, 1.0])
            .posterior((0.0, 0.3));
        for share in [0.025, 0.25, 0.5, 0.975] {
            assert!((posterior.quantile(share) - 0.3 * share).abs() < 1e-12);
        }
        assert!(posterior.ln_evidence().abs() < 1e-12);
        let (low, high) = posterior.shortest(0.95);
        assert!(low.abs() < 1e-12 && (high - 0.285).abs() < 1e-9);
    }

    /// Far from the prior's ends all three intervals of a normal likelihood are the same.
    #[test]
    fn in_the_middle_all_intervals_agree() {
        let curve = normal(0.15, 0.02);
        let posterior = curve.posterior((0.0, 0.3));
        let half = 1.959_964 * 0.02;
        for (low, high) in [
            curve.likelihood_interval_95(),
            posterior.shortest(0.95),
            (posterior.quantile(0.025), posterior.quantile(0.975)),
        ] {
            assert!((low - (0.15 - half)).abs() < 6e-4, "{low}");
            assert!((high - (0.15 + half)).abs() < 6e-4, "{high}");
        }
        assert!((curve.best() - 0.15).abs() < 1e-9);
    }

    /// Centred at zero: a half normal, whose shortest interval begins at zero.
    #[test]
    fn at_the_edge_the_shortest_interval_holds_it() {
        let posterior = normal(0.0, 0.04).posterior((0.0, 0.9));
        let (low, high) = posterior.shortest(0.95);
        assert_eq!(low, 0.0);
        assert!((high - 0.04 * normal_quantile(0.975)).abs() < 1e-4);
        assert!(
            posterior.quantile(0.025) > 0.001,
            "equal tails never hold it"
        );
    }

    #[test]
    fn one_of_two_alike_is_greater_half_the_time() {
        let one = normal(0.1, 0.03).posterior((0.0, 0.3));
        assert!((one.exceeds(&one) - 0.5).abs() < 1e-9);
        let far = normal(0.25, 0.005).posterior((0.0, 0.3));
        assert!(far.exceeds(&one) > 0.99 && one.exceeds(&far) < 0.01);
    }

    proptest! {
        #[test]
        fn intervals_hold_what_they_say(centre in -0.2..0.4_f64, sd in 0.01..0.2_f64) {
            let posterior = normal(centre, sd).posterior((0.0, 0.3));
            for share in [0.5, 0.8, 0.95] {
                let (low, high) = posterior.shortest(share);
                prop_assert!(low >= 0.0 && high <= 0.3 && low < high);
                prop_assert!(high - low <= posterior.quantile(0.5 + share / 2.0)
                    - posterior.quantile(0.5 - share / 2.0) + 1e-3);
            }
        }
    }
}
