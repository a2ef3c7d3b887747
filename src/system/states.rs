//! Units with more states than up and down.

use crate::quantity::Power;
use crate::random::StreamId;

/// Most states of a unit, so that an event has room for one.
pub const MOST_STATES: usize = 32;

/// One state of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapacityState {
    /// Name; the full state is called `up`, the one without capacity `down`.
    pub name: String,
    /// What the unit can give in it, before its dependable share.
    pub capacity: Power,
}

/// A way from one state to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transition {
    /// Index of the state left.
    pub from: usize,
    /// Index of the state entered.
    pub to: usize,
    /// Mean time in `from` if this were the only way out, h: one over the rate.
    pub mean_h: f64,
}

/// A unit as a continuous-time Markov chain: exponential sojourns, next state by the rates.
///
/// Validation makes the chain irreducible: every state can be reached from every other.
#[derive(Debug, Clone, PartialEq)]
pub struct StateModel {
    /// States by falling capacity, ties by name: the first is the full one.
    pub states: Vec<CapacityState>,
    /// Ways between them, by (from, to).
    pub transitions: Vec<Transition>,
    /// Stream `plant/NAME/unit-K/outage`; see `engine::chain` for its draws.
    pub stream: StreamId,
}

impl StateModel {
    /// Ways out of a state.
    pub fn exits(&self, state: usize) -> impl Iterator<Item = &Transition> {
        self.transitions
            .iter()
            .filter(move |transition| transition.from == state)
    }

    /// Mean time in a state, h: one over the sum of the rates out of it.
    pub fn mean_h(&self, state: usize) -> f64 {
        let mut exits = self.exits(state);
        match (exits.next(), exits.next()) {
            // Not by way of a rate, so that the mean is the one given, to the last bit.
            (Some(only), None) => only.mean_h,
            _ => 1.0 / self.exits(state).map(|exit| 1.0 / exit.mean_h).sum::<f64>(),
        }
    }

    /// Long-run share of time in each state, which is also the law of the state at the start.
    ///
    /// Elimination without a subtraction (Grassmann, Taksar and Heyman 1985), so that even the
    /// smallest probability has all its digits.
    pub fn stationary(&self) -> Vec<f64> {
        let n = self.states.len();
        let mut rate = vec![vec![0.0; n]; n];
        for transition in &self.transitions {
            rate[transition.from][transition.to] += 1.0 / transition.mean_h;
        }
        for last in (1..n).rev() {
            let out: f64 = rate[last][..last].iter().sum();
            let ways = rate[last].clone();
            for row in rate.iter_mut().take(last) {
                row[last] /= out;
                let into = row[last];
                for (to, way) in ways.iter().enumerate().take(last) {
                    row[to] += into * way;
                }
            }
        }
        let mut share = vec![1.0; n];
        for state in 1..n {
            share[state] = (0..state).map(|from| share[from] * rate[from][state]).sum();
        }
        let total: f64 = share.iter().sum();
        share.iter_mut().for_each(|share| *share /= total);
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn model(capacities: &[i64], transitions: &[(usize, usize, f64)]) -> StateModel {
        StateModel {
            states: capacities
                .iter()
                .map(|&mw| CapacityState {
                    name: mw.to_string(),
                    capacity: Power(mw * 1_000_000),
                })
                .collect(),
            transitions: transitions
                .iter()
                .map(|&(from, to, mean_h)| Transition { from, to, mean_h })
                .collect(),
            stream: StreamId(7),
        }
    }

    #[test]
    fn the_derated_unit_of_rbts_has_its_published_probabilities() {
        // Rates a year: up-down 4, down-up 192, up-derated 2, derated-up 96: .96, .02, .02.
        let year = |rate: f64| 8760.0 / rate;
        let unit = model(
            &[40, 20, 0],
            &[
                (0, 1, year(2.0)),
                (0, 2, year(4.0)),
                (1, 0, year(96.0)),
                (2, 0, year(192.0)),
            ],
        );
        let share = unit.stationary();
        for (share, exact) in share.iter().zip([0.96, 0.02, 0.02]) {
            assert!((share - exact).abs() < 1e-15, "{share} is not {exact}");
        }
        assert!((unit.mean_h(0) - 8760.0 / 6.0).abs() < 1e-9);
        assert_eq!(unit.mean_h(1), year(96.0));
    }

    #[test]
    fn a_ring_of_states_shares_time_by_sojourn() {
        let ring = model(&[3, 2, 1], &[(0, 1, 100.0), (1, 2, 30.0), (2, 0, 20.0)]);
        let share = ring.stationary();
        for (share, exact) in share.iter().zip([100.0, 30.0, 20.0].map(|h| h / 150.0)) {
            assert!((share - exact).abs() < 1e-15);
        }
    }

    proptest! {
        /// What flows out of a state flows in.
        #[test]
        fn stationary_shares_balance(
            means in prop::collection::vec(0.5..5e3_f64, 20),
        ) {
            let mut transitions = vec![];
            let mut mean = means.into_iter();
            for from in 0..5 {
                for to in (0..5).filter(|&to| to != from) {
                    transitions.push((from, to, mean.next().expect("20 pairs")));
                }
            }
            let chain = model(&[5, 4, 3, 2, 1], &transitions);
            let share = chain.stationary();
            prop_assert!((share.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for state in 0..5 {
                let out = share[state] / chain.mean_h(state);
                let into: f64 = chain.transitions.iter().filter(|way| way.to == state)
                    .map(|way| share[way.from] / way.mean_h).sum();
                prop_assert!((out - into).abs() < 1e-12 * out.max(1e-3));
            }
        }
    }
}
