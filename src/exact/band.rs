//! Who of two joined areas is short, in steps that are missing.
//!
//! With i steps missing in the first area and j in the second, an area falls short of its own load
//! from so many steps on; of what it may be helped to from so many more; and together they fall
//! short from i + j = K on. So the first is short where i ≥ own₁ and i + j ≥ K, or i ≥ alone₁, and
//! the second likewise: for each i there is one m(i), from which on what the second misses is too
//! much. Between two ends m(i) = K - i; before and after it is level. That is [`super::needs`]
//! counted from above, where amounts have a common step.

use super::needs::{Scope, Situation};

/// For each i the least j with which a scope is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Band {
    /// m(i) = K - i from here on,
    pub from: usize,
    /// until before here.
    pub until: usize,
    /// K.
    pub together: i64,
    /// m(i) before.
    pub before: i64,
    /// m(i) after.
    pub after: i64,
}

/// From how much missing on the areas are short, in steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verge {
    /// Each of its own load.
    pub own: [i64; 2],
    /// Each with all the help that the line carries.
    alone: [i64; 2],
    /// Both of both loads.
    pub together: i64,
}

impl Verge {
    /// Where areas of which all units give `whole_w` fall short.
    pub fn of(situation: &Situation, whole_w: [i64; 2], step_w: i64) -> Self {
        let [first_w, second_w] = situation.load_w;
        // Short is strict: what is left must be less than the load.
        let steps = |whole_w: i64, load_w: i64| {
            let margin_w = whole_w.saturating_sub(load_w);
            margin_w.div_euclid(step_w).saturating_add(1)
        };
        let own = [steps(whole_w[0], first_w), steps(whole_w[1], second_w)];
        let alone = [
            steps(whole_w[0], first_w.saturating_sub(situation.backward_w)),
            steps(whole_w[1], second_w.saturating_sub(situation.forward_w)),
        ];
        let together = steps(
            whole_w[0].saturating_add(whole_w[1]),
            first_w.saturating_add(second_w),
        );
        Self {
            own: own.map(|own| own.max(0)),
            alone: alone.map(|alone| alone.max(0)),
            together,
        }
    }

    /// For a scope, where i runs to `last` at most.
    ///
    /// The first: nobody can miss enough before own₁; from alone₁ on nothing needs to be missing.
    /// The second: no more than alone₂ is needed, and no less than own₂. Either: the less of both;
    /// own₁ + own₂ - 1 ≤ K ≤ own₁ + own₂ makes that K - i or level, too.
    pub fn band(&self, scope: Scope, last: usize) -> Band {
        let Self {
            own,
            alone,
            together,
        } = *self;
        let of_second = together.saturating_sub(alone[1]);
        let (from, until, before, after) = match scope {
            Scope::First => (own[0], alone[0].min(together).max(own[0]), i64::MAX, 0),
            Scope::Second => (of_second, own[0].min(together), alone[1], own[1]),
            Scope::Either => (of_second, alone[0].min(together), alone[1], 0),
        };
        let until = until.clamp(0, last as i64);
        Band {
            from: from.clamp(0, until) as usize,
            until: until as usize,
            together,
            before,
            after,
        }
    }
}

impl Band {
    /// The least j with which it is short where i is missing.
    #[cfg(test)]
    fn least(&self, i: usize) -> i64 {
        if i < self.from {
            self.before
        } else if i < self.until {
            self.together - i as i64
        } else {
            self.after
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// As the needs say, whatever is missing.
        #[test]
        fn a_band_says_what_the_needs_say(
            step_w in 1..4_i64, steps in [0..20_usize, 0..20_usize],
            load_w in [0..70_i64, 0..70_i64], forward_w in 0..40_i64, backward_w in 0..40_i64,
        ) {
            let situation = Situation { load_w, forward_w, backward_w };
            let whole_w = steps.map(|steps| steps as i64 * step_w);
            let verge = Verge::of(&situation, whole_w, step_w);
            for scope in [Scope::First, Scope::Second, Scope::Either] {
                let band = verge.band(scope, steps[0] + 1);
                for i in 0..=steps[0] {
                    let need_w = situation.needs_w(scope, whole_w[0] - i as i64 * step_w);
                    for j in 0..=steps[1] {
                        let is_short = whole_w[1] - (j as i64 * step_w) < need_w;
                        prop_assert_eq!(j as i64 >= band.least(i), is_short, "{:?} {} {}", band, i, j);
                    }
                }
            }
        }
    }
}
