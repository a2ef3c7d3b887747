//! What one of two joined areas must have, given what the other has, for nobody to be short.
//!
//! An area that lacks s is short unless the line carries s and the other has s over. With the
//! loads L₁ and L₂, the line's limits T₁₂ and T₂₁, and x and y what the areas have, the first is
//! short when x < L₁ - T₂₁, or when x < L₁ and x + y < L₁ + L₂; and the second likewise. So for
//! each x there is one amount Y(x), falling with x, below which y is too little, for either area
//! and for both: every question about two areas is a sum over x of one about y.

/// Two joined areas at a moment: their firm loads, and what the line carries, W.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Situation {
    pub load_w: [i64; 2],
    pub forward_w: i64,
    pub backward_w: i64,
}

/// Whose shortage it is: of the first area, of the second, of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    First,
    Second,
    Either,
}

impl Scope {
    /// In the order of the courses: the areas, and the system, which is short when any own area
    /// is; none where none is own.
    pub fn all(own: [bool; 2]) -> [Option<Self>; 3] {
        let system = match own {
            [true, true] => Some(Self::Either),
            [true, false] => Some(Self::First),
            [false, true] => Some(Self::Second),
            [false, false] => None,
        };
        [Some(Self::First), Some(Self::Second), system]
    }
}

impl Situation {
    /// What the second area must have, W, where the first has `here_w`: less is short.
    pub fn needs_w(&self, scope: Scope, here_w: i64) -> i64 {
        let [first_w, second_w] = self.load_w;
        let shared_w = first_w.saturating_add(second_w).saturating_sub(here_w);
        let first = || {
            if here_w >= first_w {
                i64::MIN
            } else if here_w < first_w.saturating_sub(self.backward_w) {
                i64::MAX
            } else {
                shared_w
            }
        };
        let second = || {
            let alone_w = second_w.saturating_sub(self.forward_w);
            shared_w.min(second_w).max(alone_w)
        };
        match scope {
            Scope::First => first(),
            Scope::Second => second(),
            Scope::Either => first().max(second()),
        }
    }

    /// Amounts of the first area, W: below the one and from the other on it does not matter how
    /// much it has.
    pub fn bend_w(&self, scope: Scope) -> (i64, i64) {
        let first_w = self.load_w[0];
        let (low_w, high_w) = (
            first_w.saturating_sub(self.backward_w),
            first_w.saturating_add(self.forward_w),
        );
        match scope {
            Scope::First => (low_w, first_w),
            Scope::Second => (first_w, high_w),
            Scope::Either => (low_w, high_w),
        }
    }
}

/// Counts the amounts of a rising list that lie below needs which do not rise.
#[derive(Debug)]
pub(super) struct Below<'a> {
    capacity_w: &'a [i64],
    at: Option<usize>,
}

impl<'a> Below<'a> {
    pub fn of(capacity_w: &'a [i64]) -> Self {
        Self {
            capacity_w,
            at: None,
        }
    }

    /// How many amounts lie below a need, W, that is not larger than the last one asked for.
    pub fn count(&mut self, need_w: i64) -> usize {
        let mut at = match self.at {
            Some(at) => at,
            None => self.capacity_w.partition_point(|&amount| amount < need_w),
        };
        // A need may fall far at once; mostly it falls to the next amount.
        if at > 8 && self.capacity_w[at - 8] >= need_w {
            at = self.capacity_w[..at].partition_point(|&amount| amount < need_w);
        }
        while at > 0 && self.capacity_w[at - 1] >= need_w {
            at -= 1;
        }
        self.at = Some(at);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The needs say what helping says, and fall; and beyond the bend they are level.
        #[test]
        fn who_has_less_than_it_needs_is_short(
            load_w in [0..30_i64, 0..30_i64], forward_w in 0..20_i64, backward_w in 0..20_i64,
        ) {
            let situation = Situation { load_w, forward_w, backward_w };
            let mut last = [i64::MAX; 3];
            for x in 0..60 {
                let scopes = [Scope::First, Scope::Second, Scope::Either];
                let needs = scopes.map(|scope| situation.needs_w(scope, x));
                for y in 0..60 {
                    let over = [x - load_w[0], y - load_w[1]];
                    let first = over[0] < 0 && -over[0] > over[1].clamp(0, backward_w);
                    let second = over[1] < 0 && -over[1] > over[0].clamp(0, forward_w);
                    prop_assert_eq!(needs.map(|need| y < need), [first, second, first || second]);
                }
                for (scope, (need, last)) in scopes.into_iter().zip(needs.into_iter().zip(&mut last)) {
                    prop_assert!(need <= *last);
                    *last = need;
                    let (low, high) = situation.bend_w(scope);
                    if x < low {
                        prop_assert_eq!(need, situation.needs_w(scope, low - 1));
                    } else if x >= high {
                        prop_assert_eq!(need, situation.needs_w(scope, high));
                    }
                }
            }
        }

        #[test]
        fn amounts_below_are_counted(
            mut amounts in prop::collection::vec(0..200_i64, 0..60),
            mut needs in prop::collection::vec(-5..220_i64, 1..20),
        ) {
            amounts.sort_unstable();
            amounts.dedup();
            needs.sort_unstable_by_key(|need| -need);
            let mut below = Below::of(&amounts);
            for need in needs {
                let count = amounts.iter().filter(|&&amount| amount < need).count();
                prop_assert_eq!(below.count(need), count);
            }
        }
    }
}
