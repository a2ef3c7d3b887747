//! Two tables of capacity together: how often areas fall short, how likely they newly are.
//!
//! By the frequency-and-duration recursion over both tables. With Y(x) what the second
//! must have where the first has x (see `needs`), p how likely each amount of the first is and f
//! what it adds to the frequency of falling to it (`capacity`), falls come to
//! Σ f(x) P(C₂ < Y(x)) + p(x) F₂(Y(x)), where F₂ is how often the second falls below an amount: a
//! shortage only ever begins with less of something. A line that changes its state adds
//! Σ p(x) P(Y(x) ≤ C₂ < Y'(x)), and so does a step of the loads.

use super::capacity::{Capacity, Tail};
use super::grid::Tie;
use super::needs::{Below, Scope, Situation};

/// The capacity of one side.
#[derive(Debug)]
pub(super) struct Side {
    pub table: Capacity,
    pub tail: Tail,
}

impl Side {
    pub fn new(table: Capacity) -> Self {
        Self {
            tail: table.tail(),
            table,
        }
    }

    /// Shows every amount between two, and those below and from the upper on as one each: how
    /// likely, what it adds to falls, W. Returns how many that is.
    fn walk(&self, bend_w: (i64, i64), mut show: impl FnMut(f64, f64, i64)) -> usize {
        let tail = &self.tail;
        let low = tail.below(bend_w.0);
        let high = tail.below(bend_w.1).max(low);
        let last = tail.capacity_w.len() - 1;
        if low > 0 {
            show(
                tail.at_most[low - 1],
                tail.falls[low - 1],
                tail.capacity_w[0],
            );
        }
        for amount in &self.table.amounts[low..high] {
            show(amount.probability, amount.inflow, amount.capacity_w);
        }
        if high <= last {
            let (at_most, falls) = (tail.short_at(high), tail.falls_at(high));
            let rest = (tail.at_most[last] - at_most).max(0.0);
            show(rest, tail.falls[last] - falls, tail.capacity_w[last]);
        }
        high - low + 2
    }
}

/// How often a scope becomes short by itself, an hour: by failures of units, or of the line.
pub(super) fn falls_per_h(
    tie: &Tie,
    sides: [&Side; 2],
    scope: Scope,
    load_w: [i64; 2],
    work: &mut usize,
) -> f64 {
    let at = |state: usize| Situation {
        load_w,
        forward_w: tie.states[state].1,
        backward_w: tie.states[state].2,
    };
    let mut sum = 0.0;
    for (state, &(probability, ..)) in tie.states.iter().enumerate() {
        sum += probability * units_fall(sides, scope, at(state), work);
        for (next, &flow) in tie.flows_per_h[state].iter().enumerate() {
            if flow > 0.0 {
                sum += flow * newly_short(sides, scope, at(state), at(next), work);
            }
        }
    }
    sum
}

/// How often failures of units make a scope short, an hour.
fn units_fall(sides: [&Side; 2], scope: Scope, situation: Situation, work: &mut usize) -> f64 {
    let [here, there] = sides;
    let mut below = Below::of(&there.tail.capacity_w);
    let mut sum = 0.0;
    *work += here.walk(situation.bend_w(scope), |probability, inflow, here_w| {
        let below = below.count(situation.needs_w(scope, here_w));
        sum += inflow * there.tail.short_at(below) + probability * there.tail.falls_at(below);
    });
    sum
}

/// P(enough in one situation, short in another) where no unit changes.
pub(super) fn newly_short(
    sides: [&Side; 2],
    scope: Scope,
    before: Situation,
    now: Situation,
    work: &mut usize,
) -> f64 {
    if before == now {
        return 0.0;
    }
    let [here, there] = sides;
    let (ends, more) = (before.bend_w(scope), now.bend_w(scope));
    let bend_w = (ends.0.min(more.0), ends.1.max(more.1));
    let capacity_w = &there.tail.capacity_w;
    let (mut below, mut below_now) = (Below::of(capacity_w), Below::of(capacity_w));
    let mut sum = 0.0;
    *work += here.walk(bend_w, |probability, _, here_w| {
        let was = below.count(before.needs_w(scope, here_w));
        let is = below_now.count(now.needs_w(scope, here_w));
        if is > was {
            sum += probability * (there.tail.short_at(is) - there.tail.short_at(was));
        }
    });
    sum
}
