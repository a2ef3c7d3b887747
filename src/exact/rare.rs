//! Capacity at two moments where there are many units and shortages are rare.
//!
//! The plane of [`super::moments`] would be too large, but most of it does not matter: for
//! P(C₁ ≥ a, C₂ < b) at no less than some loads, no more can be missing before than all units
//! give less the least a, and how much more than all units give less the least b is missing now
//! does not matter. What is missing is counted in steps that divide every unit's amounts; the
//! first is left out of the plane, the second falls into its last column. Nothing is rounded.

use super::lattice::{self, Lattice};
use super::moments::Cases;

/// Cells of the plane: 192 MB.
const MOST_CELLS: usize = 24 << 20;

/// Some units at two moments, for loads from two least ones up.
#[derive(Debug, Clone)]
pub(super) struct Rare {
    step_w: i64,
    /// What all give, before and now, W.
    whole_w: (i64, i64),
    /// P(at most so many steps missing before, at least so many now).
    quadrants: Lattice,
}

impl Rare {
    /// Convolves units for loads of at least `least_w` before and now, W; none where the plane
    /// would be too large, or take too long.
    pub fn of_units(units: &[Cases], least_w: (i64, i64)) -> Option<Self> {
        let (step_w, whole_w) = (lattice::step_w(units), lattice::whole_w(units));
        let steps = |amount_w: i64| usize::try_from(amount_w.div_euclid(step_w)).ok();
        // A load above all there is leaves nothing to be had before. One row more stands for
        // all that is not asked for.
        let rows = steps((whole_w.0 - least_w.0).max(0))? + 2;
        let columns = steps((whole_w.1 - least_w.1).max(0) + step_w)? + 1;
        if rows.checked_mul(columns)? > MOST_CELLS {
            return None;
        }
        Some(Self {
            step_w,
            whole_w,
            quadrants: Lattice::of_units(units, step_w, (rows, columns))?.quadrants(),
        })
    }

    /// P(C₁ ≥ a, C₂ < b) for loads from the least ones up, W; none for lower ones.
    pub fn newly_short(&self, (a, b): (i64, i64)) -> Option<f64> {
        let may_lack = self.whole_w.0 - a;
        if may_lack < 0 {
            return Some(0.0);
        }
        let row = usize::try_from(may_lack / self.step_w).ok()?;
        // Less than b is more than the rest missing.
        let must_lack = (self.whole_w.1 - b).div_euclid(self.step_w) + 1;
        let column = usize::try_from(must_lack.max(0)).ok()?;
        if column >= self.quadrants.columns || row + 1 >= self.quadrants.rows {
            return None;
        }
        let cells = &self.quadrants.cells;
        cells.get(row * self.quadrants.columns + column).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Chain;
    use super::super::moments::Moments;
    use super::*;
    use crate::quantity::MS_PER_HOUR;
    use proptest::prelude::*;

    proptest! {
        /// As the plane of all amounts, for every pair of loads from the least ones up.
        #[test]
        fn it_says_what_the_whole_plane_says(
            units in prop::collection::vec((1..40_i64, 0..40_i64, 5.0..100.0_f64, 1.0..20.0_f64), 1..6),
            least in (0..120_i64, 0..120_i64),
            above in prop::collection::vec((0..90_i64, 0..90_i64), 1..12),
        ) {
            let units: Vec<Cases> = units
                .iter()
                .map(|&(before, now, up, down)| {
                    let chain = Chain::two_state(up, down, true);
                    let within = chain.within(MS_PER_HOUR);
                    Cases::of_unit(&chain, &[3 * before, 0], &[3 * now, 3], Some(&within))
                })
                .collect();
            let rare = Rare::of_units(&units, least).unwrap();
            let whole = Moments::of_units(units).unwrap();
            let loads: Vec<_> = above.iter().map(|more| (least.0 + more.0, least.1 + more.1)).collect();
            let expected = whole.newly_short(&Cases::default(), &loads).unwrap();
            for (&loads, expected) in loads.iter().zip(expected) {
                let chance = rare.newly_short(loads).unwrap();
                prop_assert!((chance - expected).abs() <= 1e-12 * expected, "{} {}", chance, expected);
            }
        }
    }

    /// Lower loads than it was made for are not answered.
    #[test]
    fn what_was_left_out_is_not_answered() {
        let chain = Chain::two_state(90.0, 10.0, true);
        let within = chain.within(MS_PER_HOUR);
        let unit = Cases::of_unit(&chain, &[10, 0], &[10, 0], Some(&within));
        let rare = Rare::of_units(&vec![unit; 5], (35, 35)).unwrap();
        assert!(
            rare.newly_short((35, 35))
                .is_some_and(|chance| chance > 0.0)
        );
        assert_eq!(rare.newly_short((55, 35)), Some(0.0));
        assert_eq!(
            (rare.newly_short((35, 5)), rare.newly_short((5, 35))),
            (None, None)
        );
    }
}
