//! The capacity of independent units: how likely each amount is, and how often it is crossed.
//!
//! The capacity outage table by convolution, unit by unit, with the frequency-and-duration
//! recursion (R. Billinton, R. Allan, "Reliability Evaluation of Power Systems", 2nd ed. 1996,
//! chapters 2 and 3), kept as a sorted list of the amounts that occur, in whole watts: no step
//! has to be chosen, and nothing is rounded. Sums run from the smallest capacity upward, that is
//! from the least likely, so that tails keep their digits.

use super::Chain;

/// Amounts a table may hold.
pub const MOST_AMOUNTS: usize = 1 << 20;

/// One amount of capacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// Capacity, W.
    pub capacity_w: i64,
    /// How likely it is.
    pub probability: f64,
    /// What this amount adds to the frequency of falling to it or below from above, an hour.
    pub inflow: f64,
}

/// The capacity of some units, amounts in rising order.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// Every amount that occurs.
    pub amounts: Vec<Amount>,
}

impl Default for Capacity {
    /// No units: nothing, for certain.
    fn default() -> Self {
        Self {
            amounts: vec![Amount {
                capacity_w: 0,
                probability: 1.0,
                inflow: 0.0,
            }],
        }
    }
}

impl Capacity {
    /// Adds a unit that gives `capacity_w[state]` in each state of its chain; false where the
    /// table would grow beyond [`MOST_AMOUNTS`].
    ///
    /// With p and f of the units so far, shifted by what the new one gives in a state:
    /// p' = Σ π_s p(x - c_s), and f' = Σ π_s f(x - c_s) + Σ π_s r_st [p(x - c_t) - p(x - c_s)]
    /// over the transitions s → t downward.
    #[must_use]
    pub fn add(&mut self, chain: &Chain, capacity_w: &[i64]) -> bool {
        let mut parts: Vec<(i64, f64, f64)> = Vec::new();
        for (state, &shift) in capacity_w.iter().enumerate() {
            let probability = chain.probability[state];
            let flow = |from: usize, to: usize| chain.probability[from] * chain.rates[from][to];
            let others = (0..capacity_w.len()).filter(|&other| other != state);
            let inflow = others.map(|other| {
                // Entered from above, or left downward.
                if capacity_w[other] > shift {
                    flow(other, state)
                } else if capacity_w[other] < shift {
                    -flow(state, other)
                } else {
                    0.0
                }
            });
            let inflow: f64 = inflow.sum();
            if probability > 0.0 {
                parts.push((shift, probability, inflow));
            }
        }
        // States of equal capacity are one.
        parts.sort_by_key(|part| part.0);
        parts.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
                kept.2 += next.2;
            }
            same
        });
        let mut sum: Vec<Amount> = Vec::new();
        for (shift, probability, inflow) in parts {
            let shifted = self.amounts.iter().map(|amount| Amount {
                capacity_w: amount.capacity_w + shift,
                probability: amount.probability * probability,
                inflow: amount.inflow * probability + amount.probability * inflow,
            });
            sum = merge(sum, shifted);
            if sum.len() > MOST_AMOUNTS {
                return false;
            }
        }
        self.amounts = sum;
        true
    }

    /// Both together; false where the table would grow beyond [`MOST_AMOUNTS`].
    #[must_use]
    pub fn join(&mut self, other: &Self) -> bool {
        let mut sum: Vec<Amount> = Vec::new();
        for part in &other.amounts {
            let shifted = self.amounts.iter().map(|amount| Amount {
                capacity_w: amount.capacity_w + part.capacity_w,
                probability: amount.probability * part.probability,
                inflow: amount.inflow * part.probability + amount.probability * part.inflow,
            });
            sum = merge(sum, shifted);
            if sum.len() > MOST_AMOUNTS {
                return false;
            }
        }
        self.amounts = sum;
        true
    }

    /// No amount at all, to add others to by [`Capacity::mix`].
    pub fn none() -> Self {
        Self {
            amounts: Vec::new(),
        }
    }

    /// Adds another table's amounts, each as likely and as frequent as there times a weight.
    pub fn mix(&mut self, other: &Self, weight: f64) {
        let weighted = other.amounts.iter().map(|amount| Amount {
            capacity_w: amount.capacity_w,
            probability: amount.probability * weight,
            inflow: amount.inflow * weight,
        });
        self.amounts = merge(std::mem::take(&mut self.amounts), weighted);
    }

    /// The sums that answer questions about a load.
    pub fn tail(&self) -> Tail {
        let mut tail = Tail::default();
        let (mut at_most, mut lacking_w, mut falls) = (0.0, 0.0, 0.0);
        let mut before = 0;
        for amount in &self.amounts {
            lacking_w += at_most * (amount.capacity_w - before) as f64;
            at_most += amount.probability;
            falls += amount.inflow;
            before = amount.capacity_w;
            tail.capacity_w.push(amount.capacity_w);
            tail.at_most.push(at_most);
            tail.lacking_w.push(lacking_w);
            tail.falls.push(falls);
        }
        tail
    }
}

/// Two rising lists as one; equal amounts add up.
fn merge(left: Vec<Amount>, right: impl Iterator<Item = Amount>) -> Vec<Amount> {
    let mut merged: Vec<Amount> = Vec::with_capacity(left.len() + right.size_hint().0);
    let mut left = left.into_iter().peekable();
    for amount in right {
        while let Some(smaller) = left.next_if(|next| next.capacity_w < amount.capacity_w) {
            merged.push(smaller);
        }
        merged.push(
            match left.next_if(|next| next.capacity_w == amount.capacity_w) {
                Some(equal) => Amount {
                    capacity_w: amount.capacity_w,
                    probability: equal.probability + amount.probability,
                    inflow: equal.inflow + amount.inflow,
                },
                None => amount,
            },
        );
    }
    merged.extend(left);
    merged
}

/// Sums over the amounts of a [`Capacity`] from below: what lies under a load.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tail {
    /// Amounts, W, rising.
    pub capacity_w: Vec<i64>,
    /// P(C ≤ amount).
    pub at_most: Vec<f64>,
    /// E[(amount - C)⁺], W.
    pub lacking_w: Vec<f64>,
    /// How often capacity falls from above an amount to it or below, an hour.
    pub falls: Vec<f64>,
}

impl Tail {
    /// How many amounts lie below a load.
    pub fn below(&self, load_w: i64) -> usize {
        self.capacity_w
            .partition_point(|&capacity| capacity < load_w)
    }

    /// P(C < load).
    pub fn short(&self, load_w: i64) -> f64 {
        self.short_at(self.below(load_w))
    }

    /// E[(load - C)⁺], W.
    pub fn lacking_w(&self, load_w: i64) -> f64 {
        self.lacking_at(self.below(load_w), load_w)
    }

    /// How often capacity falls below a load, an hour.
    pub fn falls_below(&self, load_w: i64) -> f64 {
        self.falls_at(self.below(load_w))
    }

    /// [`Tail::falls_below`] where it is known how many amounts lie below.
    pub(super) fn falls_at(&self, below: usize) -> f64 {
        match below {
            0 => 0.0,
            below => self.falls[below - 1],
        }
    }

    /// [`Tail::short`] where it is known how many amounts lie below.
    pub(super) fn short_at(&self, below: usize) -> f64 {
        match below {
            0 => 0.0,
            below => self.at_most[below - 1],
        }
    }

    /// [`Tail::lacking_w`] where it is known how many amounts lie below.
    pub(super) fn lacking_at(&self, below: usize, load_w: i64) -> f64 {
        match below {
            0 => 0.0,
            below => {
                let over = (load_w - self.capacity_w[below - 1]) as f64;
                self.lacking_w[below - 1] + self.at_most[below - 1] * over
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(units: &[(i64, f64, f64)]) -> Capacity {
        let mut table = Capacity::default();
        for &(capacity_w, up_h, down_h) in units {
            let chain = Chain::two_state(up_h, down_h, true);
            assert!(table.add(&chain, &[capacity_w, 0]));
        }
        table
    }

    /// Units of 3, 3 and 5 MW with 2 % each (Billinton and Allan 1996, section 2.2.3).
    #[test]
    fn the_textbook_table() {
        let table = table(&[(3, 98.0, 2.0), (3, 98.0, 2.0), (5, 98.0, 2.0)]);
        let expected = [
            (0, 0.000008),
            (3, 0.000784),
            (5, 0.000392),
            (6, 0.019208),
            (8, 0.038416),
            (11, 0.941192),
        ];
        assert_eq!(table.amounts.len(), expected.len());
        for (amount, (capacity_w, probability)) in table.amounts.iter().zip(expected) {
            assert_eq!(amount.capacity_w, capacity_w);
            assert!(
                (amount.probability - probability).abs() < 1e-15,
                "{amount:?}"
            );
        }
        let tail = table.tail();
        assert!((tail.short(6) - 0.001184).abs() < 1e-15);
        assert_eq!(
            (tail.short(0), tail.falls_below(0), tail.lacking_w(0)),
            (0.0, 0.0, 0.0)
        );
        let lacking = 7.0 * 0.000008 + 4.0 * 0.000784 + 2.0 * 0.000392 + 0.019208;
        assert!((tail.lacking_w(7) - lacking).abs() < 1e-15);
    }

    /// One unit falls as often as it fails; nothing falls below what is always there.
    #[test]
    fn falls_are_failures() {
        let mut table = table(&[(10, 90.0, 10.0)]);
        assert!(table.add(&Chain::firm(), &[5]));
        let tail = table.tail();
        assert!((tail.falls_below(7) - 0.9 / 90.0).abs() < 1e-16);
        assert_eq!(tail.falls_below(5), 0.0);
        assert!(tail.falls_below(16).abs() < 1e-17);
    }

    /// Units one by one and two tables together are the same.
    #[test]
    fn tables_join() {
        let units = [(12, 2940.0, 60.0), (20, 450.0, 50.0), (50, 1980.0, 20.0)];
        let (mut left, right) = (table(&units[..1]), table(&units[1..]));
        assert!(left.join(&right));
        for (one, other) in left.amounts.iter().zip(&table(&units).amounts) {
            assert_eq!(one.capacity_w, other.capacity_w);
            assert!((one.probability - other.probability).abs() < 1e-16);
            assert!((one.inflow - other.inflow).abs() < 1e-16);
        }
    }

    /// Amounts without a common step double with every unit; at some point that is refused.
    #[test]
    fn a_table_that_grows_too_large_is_refused() {
        let chain = Chain::two_state(90.0, 10.0, true);
        let mut table = Capacity::default();
        let added = (0..24)
            .take_while(|&k| table.add(&chain, &[1 << k, 0]))
            .count();
        assert_eq!(added, 20);
    }
}
