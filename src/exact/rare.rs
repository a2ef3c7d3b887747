//! Capacity at two moments where there are many units and shortages are rare.
//!
//! The plane of [`super::moments`] would be too large, but most of it does not matter: for
//! P(C₁ ≥ a, C₂ < b) at no less than some loads, no more can be missing before than all units
//! give less the least a, and how much more than all units give less the least b is missing now
//! does not matter. What is missing is counted in steps that divide every unit's amounts; the
//! first is left out of the plane, the second falls into its last column. Nothing is rounded.

use super::moments::Cases;

/// Cells of the plane: 192 MB.
const MOST_CELLS: usize = 24 << 20;
/// Additions that the plane may take: about two seconds.
const MOST_SUMS: usize = 4_000_000_000;

/// Some units at two moments, for loads from two least ones up.
#[derive(Debug, Clone)]
pub(super) struct Rare {
    step_w: i64,
    /// What all give, before and now, W.
    whole_w: (i64, i64),
    columns: usize,
    /// P(at most so many steps missing before, at least so many now), `[before][now]`.
    cells: Vec<f64>,
}

/// A unit: (steps missing before, steps missing now, probability).
type Missing = Vec<(usize, usize, f64)>;

impl Rare {
    /// Convolves units for loads of at least `least_w` before and now, W; none where the plane
    /// would be too large, or take too long.
    pub fn of_units(units: &[Cases], least_w: (i64, i64)) -> Option<Self> {
        let most = |side: fn(&(i64, i64, f64)) -> i64| -> Vec<i64> {
            let of_unit = |unit: &Cases| unit.iter().map(side).max().unwrap_or(0);
            units.iter().map(of_unit).collect()
        };
        let (before_w, now_w) = (most(|case| case.0), most(|case| case.1));
        let mut step_w = 0;
        for ((unit, before_w), now_w) in units.iter().zip(&before_w).zip(&now_w) {
            for case in unit.iter() {
                step_w = common(common(step_w, before_w - case.0), now_w - case.1);
            }
        }
        let step_w = step_w.max(1);
        let whole_w: (i64, i64) = (before_w.iter().sum(), now_w.iter().sum());
        let steps = |amount_w: i64| usize::try_from(amount_w.div_euclid(step_w)).ok();
        // A load above all there is leaves nothing to be had before.
        let rows = steps((whole_w.0 - least_w.0).max(0))? + 1;
        let columns = steps((whole_w.1 - least_w.1).max(0) + step_w)? + 1;
        if rows.checked_mul(columns)? > MOST_CELLS {
            return None;
        }
        let missing = |((unit, before_w), now_w): ((&Cases, &i64), &i64)| -> Option<Missing> {
            let case = |case: &(i64, i64, f64)| {
                Some((steps(before_w - case.0)?, steps(now_w - case.1)?, case.2))
            };
            unit.iter().map(case).collect()
        };
        let all = units.iter().zip(&before_w).zip(&now_w).map(missing);
        let mut all = all.collect::<Option<Vec<Missing>>>()?;
        all.sort_by_key(|unit| unit.iter().map(|case| case.0.max(case.1)).max());
        let mut plane = Self {
            step_w,
            whole_w,
            columns,
            cells: vec![0.0; rows * columns],
        };
        plane.cells[0] = 1.0;
        let (mut used, mut work) = ((1, 1), 0_usize);
        for unit in &all {
            let reach = |side: fn(&(usize, usize, f64)) -> usize| unit.iter().map(side).max();
            used.0 = (used.0 + reach(|case| case.0)?).min(rows);
            used.1 = (used.1 + reach(|case| case.1)?).min(columns);
            work = work.checked_add(unit.len().checked_mul(used.0 * used.1)?)?;
            if work > MOST_SUMS {
                return None;
            }
            plane.add(unit, used);
        }
        plane.accumulate();
        Some(plane)
    }

    /// Adds a unit in place; `used` are the rows and columns that are not empty afterwards.
    fn add(&mut self, unit: &Missing, used: (usize, usize)) {
        let columns = self.columns;
        let mut sum = vec![0.0; used.1];
        // From the last row: those above are still without the unit.
        for row in (0..used.0).rev() {
            sum.fill(0.0);
            for &(before, now, probability) in unit {
                if before > row {
                    continue;
                }
                let old = &self.cells[(row - before) * columns..][..used.1];
                let (within, beyond) = old.split_at(used.1 - now.min(used.1));
                for (sum, old) in sum[now.min(used.1)..].iter_mut().zip(within) {
                    *sum += probability * old;
                }
                // Where the last column is reached all beyond it falls into it.
                if used.1 == columns {
                    sum[columns - 1] += probability * beyond.iter().sum::<f64>();
                }
            }
            self.cells[row * columns..][..used.1].copy_from_slice(&sum);
        }
    }

    /// Sums over quadrants: from the first row to each, from each column to the last.
    fn accumulate(&mut self) {
        let columns = self.columns;
        for row in self.cells.chunks_mut(columns) {
            let mut sum = 0.0;
            for cell in row.iter_mut().rev() {
                sum += *cell;
                *cell = sum;
            }
        }
        for row in 1..self.cells.len() / columns {
            let (before, now) = self.cells.split_at_mut(row * columns);
            let before = &before[(row - 1) * columns..];
            for (sum, cell) in now.iter_mut().zip(before) {
                *sum += *cell;
            }
        }
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
        if column >= self.columns {
            return None;
        }
        self.cells.get(row * self.columns + column).copied()
    }
}

/// The largest common divisor.
fn common(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common(b, a % b) }
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
