//! A unit as a Markov chain: states with a long-run probability each, and rates between them.
//!
//! Two states are the common case. A unit with times that are not exponential is a chain too as
//! far as probabilities and frequencies go: both follow from the means alone.

use crate::quantity::MS_PER_HOUR;

/// One unit: what share of the time it is in each state, and how often it goes from one to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Long-run probability of each state; they add up to 1.
    pub probability: Vec<f64>,
    /// Rates an hour, `[from][to]`, nothing on the diagonal.
    pub rates: Vec<Vec<f64>>,
    /// Times in every state are exponential, so that what happens within an hour follows from the
    /// state at its begin.
    pub is_memoryless: bool,
}

impl Chain {
    /// A unit that never changes.
    pub fn firm() -> Self {
        Self {
            probability: vec![1.0],
            rates: vec![vec![0.0]],
            is_memoryless: true,
        }
    }

    /// Up (state 0) and down (state 1) with their mean times, hours. A mean of nothing is a state
    /// never seen; the other then lasts for ever.
    pub fn two_state(up_h: f64, down_h: f64, is_memoryless: bool) -> Self {
        if down_h <= 0.0 || up_h <= 0.0 {
            let up = if down_h <= 0.0 { 1.0 } else { 0.0 };
            return Self {
                probability: vec![up, 1.0 - up],
                rates: vec![vec![0.0; 2]; 2],
                is_memoryless: true,
            };
        }
        Self {
            probability: vec![up_h / (up_h + down_h), down_h / (up_h + down_h)],
            rates: vec![vec![0.0, 1.0 / up_h], vec![1.0 / down_h, 0.0]],
            is_memoryless,
        }
    }

    /// Any number of states from their rates an hour, `[from][to]`; the diagonal is not read.
    /// Every state must lead to every other, at last.
    ///
    /// The long-run probabilities come from eliminating state after state without a subtraction
    /// (Grassmann, Taksar and Heyman 1985), so that small ones keep all their digits.
    pub fn of_rates(rates: &[Vec<f64>]) -> Self {
        let states = rates.len();
        let mut left: Vec<Vec<f64>> = rates.to_vec();
        for last in (1..states).rev() {
            let (kept, gone) = left.split_at_mut(last);
            let Some(gone) = gone.first() else {
                continue;
            };
            let out: f64 = gone[..last].iter().sum();
            for (from, row) in kept.iter_mut().enumerate() {
                let share = row[last] / out;
                for (to, (rate, onward)) in row.iter_mut().zip(gone).take(last).enumerate() {
                    if from != to {
                        *rate += share * onward;
                    }
                }
            }
        }
        let mut weight = vec![1.0];
        for state in 1..states {
            let inflow: f64 = (0..state)
                .map(|from| weight[from] * left[from][state])
                .sum();
            let out: f64 = left[state][..state].iter().sum();
            weight.push(inflow / out);
        }
        let whole: f64 = weight.iter().sum();
        let mut rates = rates.to_vec();
        for (state, row) in rates.iter_mut().enumerate() {
            row[state] = 0.0;
        }
        Self {
            probability: weight.iter().map(|weight| weight / whole).collect(),
            rates,
            is_memoryless: true,
        }
    }

    /// Two chains that know nothing of each other as one: state (i, j) is `i * other.len() + j`.
    pub fn beside(&self, other: &Self) -> Self {
        let (here, there) = (self.len(), other.len());
        let states = here * there;
        let mut rates = vec![vec![0.0; states]; states];
        let mut probability = Vec::with_capacity(states);
        for i in 0..here {
            for j in 0..there {
                let from = i * there + j;
                probability.push(self.probability[i] * other.probability[j]);
                for to in 0..here {
                    rates[from][to * there + j] += self.rates[i][to];
                }
                for to in 0..there {
                    rates[from][i * there + to] += other.rates[j][to];
                }
            }
        }
        Self {
            probability,
            rates,
            is_memoryless: self.is_memoryless && other.is_memoryless,
        }
    }

    /// So many alike of two states each as one, whose state is how many of them are down.
    pub fn of_many(&self, n: usize) -> Self {
        let (mut probability, mut rates) = (vec![1.0], vec![vec![0.0; n + 1]; n + 1]);
        for _ in 0..n {
            let mut next = vec![0.0; probability.len() + 1];
            for (down, chance) in probability.iter().enumerate() {
                next[down] += chance * self.probability[0];
                next[down + 1] += chance * self.probability[1];
            }
            probability = next;
        }
        for down in 0..n {
            rates[down][down + 1] = (n - down) as f64 * self.rates[0][1];
            rates[down + 1][down] = (down + 1) as f64 * self.rates[1][0];
        }
        Self {
            probability,
            rates,
            is_memoryless: self.is_memoryless,
        }
    }

    /// How many states it has.
    pub fn len(&self) -> usize {
        self.probability.len()
    }

    /// Whether it has none; no unit is so.
    pub fn is_empty(&self) -> bool {
        self.probability.is_empty()
    }

    /// Chances to go from each state to each other within a span of time, ms: `[from][to]`.
    ///
    /// exp(Q t) by uniformisation, P = Σ e^(-Λt) (Λt)^k / k! (I + Q/Λ)^k, of a span halved until
    /// Λt is at most 1, then squared as often: no term is negative, so nothing cancels.
    pub fn within(&self, span_ms: i64) -> Vec<Vec<f64>> {
        let states = self.len();
        let leaving = |state: usize| self.rates[state].iter().sum::<f64>();
        let fastest = (0..states).map(leaving).fold(0.0, f64::max);
        let mut span = span_ms as f64 / MS_PER_HOUR as f64;
        let mut halvings = 0;
        while fastest * span > 1.0 {
            span *= 0.5;
            halvings += 1;
        }
        let mut step = identity(states);
        if fastest > 0.0 {
            for (from, row) in step.iter_mut().enumerate() {
                for (to, chance) in row.iter_mut().enumerate() {
                    *chance = if from == to {
                        (fastest - leaving(from)).max(0.0) / fastest
                    } else {
                        self.rates[from][to] / fastest
                    };
                }
            }
        }
        let mean = fastest * span;
        let mut power = identity(states);
        let mut weight = libm::exp(-mean);
        let mut within = vec![vec![0.0; states]; states];
        // 1/24! is 2e-24: what is left out is below the last bit.
        for k in 1..=24 {
            add(&mut within, &power, weight);
            power = product(&power, &step);
            weight *= mean / f64::from(k);
        }
        for _ in 0..halvings {
            within = product(&within, &within);
        }
        within
    }
}

fn identity(states: usize) -> Vec<Vec<f64>> {
    let row = |at: usize| (0..states).map(move |to| f64::from(u8::from(at == to)));
    (0..states).map(|at| row(at).collect()).collect()
}

fn add(sum: &mut [Vec<f64>], matrix: &[Vec<f64>], weight: f64) {
    for (sum, row) in sum.iter_mut().zip(matrix) {
        for (sum, value) in sum.iter_mut().zip(row) {
            *sum += weight * value;
        }
    }
}

fn product(left: &[Vec<f64>], right: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let entry = |row: &[f64], to: usize| row.iter().zip(right).map(|(a, b)| a * b[to]).sum();
    left.iter()
        .map(|row| (0..row.len()).map(|to| entry(row, to)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(left: f64, right: f64) -> bool {
        (left - right).abs() <= 1e-13 * right.abs()
    }

    /// p(down after t | up) = q (1 - exp(-(λ + μ) t)), and the rows add up to 1.
    #[test]
    fn two_states_have_their_closed_form() {
        for (up_h, down_h) in [(2940.0, 60.0), (0.4, 0.01), (10.0, 1e4)] {
            let chain = Chain::two_state(up_h, down_h, true);
            let q = down_h / (up_h + down_h);
            let gone = -libm::expm1(-(1.0 / up_h + 1.0 / down_h) * 2.0);
            let within = chain.within(2 * MS_PER_HOUR);
            assert!(is_near(within[0][1], q * gone), "{within:?}");
            assert!(is_near(within[1][0], (1.0 - q) * gone), "{within:?}");
            assert!(is_near(within[0][0] + within[0][1], 1.0));
        }
    }

    /// RBTS's thermal units of 40 MW: up .96, derated .02, down .02.
    #[test]
    fn three_states_settle_where_the_publication_says() {
        let year = |rate: f64| rate / 8760.0;
        let rates = vec![
            vec![0.0, year(2.0), year(4.0)],
            vec![year(96.0), 0.0, 0.0],
            vec![year(192.0), 0.0, 0.0],
        ];
        let chain = Chain::of_rates(&rates);
        for (probability, published) in chain.probability.iter().zip([0.96, 0.02, 0.02]) {
            assert!(is_near(*probability, published), "{chain:?}");
        }
    }

    /// What flows into a state flows out of it, in any chain; and time does not change the
    /// long-run probabilities.
    #[test]
    fn a_ring_of_states_is_in_balance() {
        let rates = vec![
            vec![0.0, 0.3, 0.0, 1e-6],
            vec![0.0, 0.0, 2.0, 0.1],
            vec![5.0, 0.0, 0.0, 0.0],
            vec![1e-3, 0.0, 0.7, 0.0],
        ];
        let chain = Chain::of_rates(&rates);
        let p = &chain.probability;
        for state in 0..4 {
            let inward: f64 = (0..4).map(|from| p[from] * rates[from][state]).sum();
            let outward: f64 = rates[state].iter().sum::<f64>() * p[state];
            assert!(is_near(inward, outward), "{state}: {inward} {outward}");
        }
        let within = chain.within(7 * MS_PER_HOUR);
        for state in 0..4 {
            let later: f64 = (0..4).map(|from| p[from] * within[from][state]).sum();
            assert!((later - p[state]).abs() < 1e-14);
        }
    }

    #[test]
    fn chains_beside_each_other_multiply() {
        let (one, two) = (
            Chain::two_state(90.0, 10.0, true),
            Chain::two_state(30.0, 20.0, true),
        );
        let both = one.beside(&two);
        let (a, b, ab) = (
            one.within(5_000_000),
            two.within(5_000_000),
            both.within(5_000_000),
        );
        for from in 0..4 {
            assert!(is_near(
                both.probability[from],
                one.probability[from / 2] * two.probability[from % 2]
            ));
            for to in 0..4 {
                let alone = a[from / 2][to / 2] * b[from % 2][to % 2];
                assert!((ab[from][to] - alone).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn what_never_fails_or_never_works_stays_so() {
        assert_eq!(Chain::two_state(5.0, 0.0, false).probability, [1.0, 0.0]);
        assert_eq!(Chain::two_state(0.0, 5.0, false).probability, [0.0, 1.0]);
        assert_eq!(Chain::firm().within(1000), [[1.0]]);
    }
}
