//! Capacity at two moments at once: how likely it was enough before and is short now.
//!
//! P(C₁ ≥ a, C₂ < b) for independent units, each with its own chances to be in one state before
//! and in another now. The smaller units are convolved into a plane of (before, now), whose sums
//! over quadrants answer any pair of loads at once; the few largest, which would make the plane
//! large, are summed over instead. Every term is positive, so nothing cancels and nothing is cut
//! off.

use super::Chain;
use std::collections::BTreeMap;

/// Cells of the plane: 32 MB.
const MOST_CELLS: usize = 4 << 20;
/// Cases of some units together.
const MOST_CASES: usize = 1 << 20;
/// Pairs of cases that are looked at to make two sets of them one.
const MOST_PAIRS: usize = 1 << 22;

/// What some units give at two moments, and how likely: W before, W now, probability. Sorted, no
/// pair twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases(Vec<(i64, i64, f64)>);

impl Default for Cases {
    /// No units: nothing at both moments, for certain.
    fn default() -> Self {
        Self(vec![(0, 0, 1.0)])
    }
}

impl Cases {
    /// A unit that gives `before_w[state]`, and later `now_w[state]`, with the chances `within`
    /// to go from state to state in between (`[from][to]`; none: no time passes).
    pub fn of_unit(
        chain: &Chain,
        before_w: &[i64],
        now_w: &[i64],
        within: Option<&[Vec<f64>]>,
    ) -> Self {
        let mut cases = BTreeMap::new();
        for (from, probability) in chain.probability.iter().enumerate() {
            for (to, &now) in now_w.iter().enumerate() {
                let chance = match within {
                    Some(within) => within[from][to],
                    None => f64::from(u8::from(from == to)),
                };
                if probability * chance > 0.0 {
                    *cases.entry((before_w[from], now)).or_insert(0.0) += probability * chance;
                }
            }
        }
        Self::of_map(cases)
    }

    fn of_map(cases: BTreeMap<(i64, i64), f64>) -> Self {
        let flat = |((before, now), probability)| (before, now, probability);
        Self(cases.into_iter().map(flat).collect())
    }

    /// Both together; none where there would be too many cases.
    pub fn join(&self, other: &Self) -> Option<Self> {
        let pairs = self.0.len().checked_mul(other.0.len())?;
        if pairs > MOST_PAIRS {
            return None;
        }
        let mut cases = Vec::with_capacity(pairs);
        for &(before, now, probability) in &self.0 {
            let with = other.0.iter().map(|&(more_before, more_now, chance)| {
                (before + more_before, now + more_now, probability * chance)
            });
            cases.extend(with);
        }
        cases.sort_by_key(|&(before, now, _)| (before, now));
        cases.dedup_by(|next, kept| {
            let is_same = (next.0, next.1) == (kept.0, kept.1);
            kept.2 += if is_same { next.2 } else { 0.0 };
            is_same
        });
        (cases.len() <= MOST_CASES).then_some(Self(cases))
    }

    /// The cases: W before, W now, probability.
    pub fn iter(&self) -> impl Iterator<Item = &(i64, i64, f64)> {
        self.0.iter()
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none, which never is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How far apart the least and the most are, over both moments, W.
    fn spread_w(&self) -> i64 {
        let ends = self.0.iter().flat_map(|&(before, now, _)| [before, now]);
        let (low, high) = ends.fold((i64::MAX, i64::MIN), |(low, high), end| {
            (low.min(end), high.max(end))
        });
        high - low
    }
}

/// Some units at two moments, ready to be asked about any pair of loads.
#[derive(Debug, Clone)]
pub struct Moments {
    plane: Plane,
    /// The units too large for the plane.
    rest: Cases,
}

impl Moments {
    /// Convolves units; none where there are too many of them, too large.
    pub fn of_units(units: Vec<Cases>) -> Option<Self> {
        Self::within(units, MOST_CELLS)
    }

    /// Likewise, with so many cells of the plane at most.
    pub(super) fn within(mut units: Vec<Cases>, most_cells: usize) -> Option<Self> {
        // A stable sort: units of one size stay in their order.
        units.sort_by_key(Cases::spread_w);
        let (mut plane, mut rest) = (Plane::default(), Cases::default());
        for unit in &units {
            if rest.len() == 1
                && let Some(larger) = plane.with(unit, most_cells)
            {
                plane = larger;
            } else {
                rest = rest.join(unit)?;
            }
        }
        plane.accumulate();
        Some(Self { plane, rest })
    }

    /// The units of the plane.
    pub(super) fn plane(&self) -> &Plane {
        &self.plane
    }

    /// The units too large for the plane.
    pub(super) fn rest(&self) -> &Cases {
        &self.rest
    }

    /// The most cases to be summed over for a pair of loads, where some more units give `more`.
    pub fn cases_with(&self, more: &Cases) -> usize {
        self.rest.len() * more.len()
    }

    /// P(C₁ ≥ a, C₂ < b) for pairs of loads (a, b), W, where some more units give `more`; none
    /// where there are too many cases.
    pub fn newly_short(&self, more: &Cases, loads: &[(i64, i64)]) -> Option<Vec<f64>> {
        let rest = self.rest.join(more)?;
        let mut rows: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        let mut columns: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for &(before, now, _) in rest.iter() {
            rows.entry(before).or_insert_with(|| {
                let at_least = |load| self.plane.before.partition_point(|&value| value < load);
                loads
                    .iter()
                    .map(|&(load, _)| at_least(load - before))
                    .collect()
            });
            columns.entry(now).or_insert_with(|| {
                let below = |load| self.plane.now.partition_point(|&value| value < load);
                loads.iter().map(|&(_, load)| below(load - now)).collect()
            });
        }
        let mut chances = vec![0.0; loads.len()];
        for (before, now, probability) in rest.iter() {
            let places = rows[before].iter().zip(&columns[now]);
            for (chance, (&row, &column)) in chances.iter_mut().zip(places) {
                *chance += probability * self.plane.quadrant(row, column);
            }
        }
        Some(chances)
    }
}

/// How likely each pair of amounts is; after [`Plane::accumulate`] how likely at least one amount
/// before and at most another now.
#[derive(Debug, Clone)]
pub(super) struct Plane {
    /// Amounts before, W, rising.
    before: Vec<i64>,
    /// Amounts now, W, rising.
    now: Vec<i64>,
    /// `[before][now]`.
    cells: Vec<f64>,
}

impl Default for Plane {
    fn default() -> Self {
        Self {
            before: vec![0],
            now: vec![0],
            cells: vec![1.0],
        }
    }
}

impl Plane {
    /// The plane with one unit more; none where it would be too large.
    fn with(&self, unit: &Cases, most_cells: usize) -> Option<Self> {
        let before = sums(&self.before, unit.iter().map(|case| case.0));
        let now = sums(&self.now, unit.iter().map(|case| case.1));
        if before.len().checked_mul(now.len())? > most_cells {
            return None;
        }
        let mut cells = vec![0.0; before.len() * now.len()];
        for &(more_before, more_now, probability) in unit.iter() {
            let rows = places(&self.before, more_before, &before);
            let columns = places(&self.now, more_now, &now);
            // Where units are multiples of one step their places lie side by side.
            let first = columns[0];
            let is_dense = columns[columns.len() - 1] - first + 1 == columns.len();
            for (old, &row) in self.cells.chunks(self.now.len()).zip(&rows) {
                let new = &mut cells[row * now.len()..][..now.len()];
                if is_dense {
                    for (new, old) in new[first..].iter_mut().zip(old) {
                        *new += probability * old;
                    }
                } else {
                    for (&column, old) in columns.iter().zip(old) {
                        new[column] += probability * old;
                    }
                }
            }
        }
        Some(Self { before, now, cells })
    }

    /// Sums over quadrants: from each row to the last, from the first column to each.
    fn accumulate(&mut self) {
        let width = self.now.len();
        for row in self.cells.chunks_mut(width) {
            let mut sum = 0.0;
            for cell in row {
                sum += *cell;
                *cell = sum;
            }
        }
        for row in (1..self.before.len()).rev() {
            let (upper, lower) = self.cells.split_at_mut(row * width);
            for (sum, cell) in upper[(row - 1) * width..].iter_mut().zip(lower) {
                *sum += *cell;
            }
        }
    }

    /// Amounts before, W, rising.
    pub fn before_w(&self) -> &[i64] {
        &self.before
    }

    /// Amounts now, W, rising.
    pub fn now_w(&self) -> &[i64] {
        &self.now
    }

    /// P(before is in this row or a later one, now is in this column or an earlier one) by
    /// column; none beyond the last row.
    pub fn row(&self, row: usize) -> Option<&[f64]> {
        self.cells.chunks_exact(self.now.len()).nth(row)
    }

    /// P(before is in this row or a later one, now is in a column before this one).
    fn quadrant(&self, row: usize, column: usize) -> f64 {
        if row == self.before.len() || column == 0 {
            return 0.0;
        }
        self.cells[row * self.now.len() + column - 1]
    }
}

/// Every sum of an old amount and a new one, rising.
fn sums(old: &[i64], new: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut new: Vec<i64> = new.collect();
    new.sort_unstable();
    new.dedup();
    let mut all: Vec<i64> = new
        .iter()
        .flat_map(|new| old.iter().map(move |old| old + new))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Where each old amount, moved by `shift`, stands among the new ones.
fn places(old: &[i64], shift: i64, new: &[i64]) -> Vec<usize> {
    old.iter()
        .map(|old| new.partition_point(|new| *new < old + shift))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::MS_PER_HOUR;
    use proptest::prelude::*;

    /// Every case of every unit, one by one.
    fn enumerate(units: &[Cases], (a, b): (i64, i64)) -> f64 {
        let mut all = vec![(0, 0, 1.0)];
        for unit in units {
            let with = |&(x, y, p): &(i64, i64, f64)| {
                unit.iter()
                    .map(move |&(v, w, q)| (x + v, y + w, p * q))
                    .collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        let wanted = all.iter().filter(|case| case.0 >= a && case.1 < b);
        wanted.map(|case| case.2).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn pairs_of_loads_are_as_by_enumeration(
            units in prop::collection::vec((1..40_i64, 0..40_i64, 5.0..100.0_f64, 1.0..20.0_f64), 1..6),
            loads in prop::collection::vec((0..150_i64, 0..150_i64), 1..8),
        ) {
            let units: Vec<Cases> = units
                .iter()
                .map(|&(before, now, up, down)| {
                    let chain = Chain::two_state(up, down, true);
                    let within = chain.within(MS_PER_HOUR);
                    Cases::of_unit(&chain, &[before, 0], &[now, 0], Some(&within))
                })
                .collect();
            let (more, rest) = units.split_first().unwrap();
            let chances = Moments::of_units(rest.to_vec()).unwrap().newly_short(more, &loads).unwrap();
            for (chance, &pair) in chances.iter().zip(&loads) {
                let expected = enumerate(&units, pair);
                prop_assert!((chance - expected).abs() <= 1e-12 * expected + 1e-300);
            }
        }
    }

    /// Where no time passes only one and the same state counts.
    #[test]
    fn one_moment_twice_is_one_moment() {
        let chain = Chain::two_state(90.0, 10.0, false);
        let unit = Cases::of_unit(&chain, &[10, 0], &[10, 0], None);
        let moments = Moments::of_units(vec![unit]).unwrap();
        let chances = moments.newly_short(&Cases::default(), &[(0, 5), (5, 5), (5, 20)]);
        assert_eq!(chances, Some(vec![0.1, 0.0, 0.9]));
    }

    /// Many large units without a common step are refused, not begun.
    #[test]
    fn what_would_take_too_long_is_refused() {
        let chain = Chain::two_state(90.0, 10.0, true);
        let within = chain.within(MS_PER_HOUR);
        let unit = |k: i64| {
            Cases::of_unit(
                &chain,
                &[(1 << 30) + (1 << k), 0],
                &[1 << k, 0],
                Some(&within),
            )
        };
        assert!(Moments::of_units((0..28).map(unit).collect()).is_none());
    }
}
