//! Two joined areas at two moments: how likely none of a scope is short before, and some is after.
//!
//! With i and i' missing in the first area before and now, j and j' in the second,
//! Σ P(i, i') P(j < m(i), j' ≥ m'(i')) over all i and i', where m and m' are the bands of the
//! scope ([`super::band`]). Where both slope, rows of both planes are multiplied as they lie;
//! where one is level whole ranges of it count at once.

use super::band::{Band, Verge};
use super::capacity::Tail;
use super::lattice::{self, Lattice};
use super::moments::Cases;
use super::needs::Scope;
use std::ops::Range;

/// Cells of an area's plane: 96 MB, and as much for its sums.
const MOST_CELLS: usize = 12 << 20;
/// Rows of a plane that are read at once: so many fit a core's own memory.
const ROWS_AT_ONCE: usize = 32;

/// What one area's steady units lack at two moments.
#[derive(Debug)]
pub(super) struct Side {
    pub whole_w: i64,
    lattice: Lattice,
    /// P(at most so many steps missing before, at least so many now), `[before][now]`, the columns
    /// from the last to the first.
    quadrants: Vec<f64>,
    /// How likely more is missing than the plane tells apart.
    pub cut_off: f64,
}

impl Side {
    /// Amounts missing with no more than a chance of `rarely` are not told apart; none where the
    /// plane would be too large. `tail` is that of the same units.
    pub fn new(units: &[Cases], step_w: i64, tail: &Tail, rarely: f64) -> Option<Self> {
        let whole_w = lattice::whole_w(units).0;
        let cut = tail.at_most.partition_point(|&at_most| at_most <= rarely);
        let (least_w, cut_off) = match cut.checked_sub(1) {
            None => (tail.capacity_w.first().copied()?, 0.0),
            Some(last) => (tail.capacity_w[last], tail.at_most[last]),
        };
        let size = usize::try_from((whole_w - least_w) / step_w).ok()? + 1;
        if size.checked_mul(size)? > MOST_CELLS {
            return None;
        }
        let lattice = Lattice::of_units(units, step_w, (size, size))?;
        let mut quadrants = lattice.clone().quadrants().cells;
        quadrants.chunks_mut(size).for_each(<[f64]>::reverse);
        Some(Self {
            whole_w,
            lattice,
            quadrants,
            cut_off,
        })
    }

    fn size(&self) -> usize {
        self.lattice.columns
    }

    /// How many places stand for themselves alone.
    fn told_apart(&self) -> usize {
        self.size() - usize::from(self.cut_off > 0.0)
    }

    /// P(less than so much missing before, at least so much now).
    fn quadrant(&self, before: i64, now: i64) -> f64 {
        let size = self.size() as i64;
        if before <= 0 || now >= size {
            return 0.0;
        }
        let row = before.min(size) - 1;
        self.quadrants[(row * size + size - 1 - now.max(0)) as usize]
    }

    /// P(what is missing before is in these rows, and now in these columns).
    fn within(&self, rows: &Range<usize>, columns: &Range<usize>) -> f64 {
        let from = |column: usize| {
            let upto = |row: usize| self.quadrant(row as i64, column as i64);
            upto(rows.end) - upto(rows.start)
        };
        from(columns.start) - from(columns.end)
    }
}

/// Where two areas fall short before and now, and what all scopes' bands have in common.
#[derive(Debug, Clone)]
pub(super) struct Question {
    verges: [Verge; 2],
    /// The rows, and the columns, where a band slopes: before and after what the first area alone
    /// may miss.
    slopes: [[Range<usize>; 2]; 2],
}

impl Question {
    /// Of areas at two verges.
    pub fn new(sides: [&Side; 2], verges: [Verge; 2]) -> Self {
        let slopes = verges.map(|verge| {
            let Band { from, until, .. } = verge.band(Scope::Either, sides[0].told_apart());
            let own = verge.own[0].clamp(from as i64, until as i64) as usize;
            [from..own, own..until]
        });
        Self { verges, slopes }
    }

    /// The parts of rows and columns whose products are asked for.
    fn parts(scopes: [Option<Scope>; 3]) -> impl Iterator<Item = [usize; 2]> {
        let is_either = scopes.contains(&Some(Scope::Either));
        let all = [[0, 0], [0, 1], [1, 0], [1, 1]];
        all.into_iter()
            .filter(move |part| is_either || part[0] == part[1])
    }

    /// How many products its answer is the sum of.
    pub fn products(&self, scopes: [Option<Scope>; 3]) -> usize {
        let of_part =
            |[row, column]: [usize; 2]| self.slopes[0][row].len() * self.slopes[1][column].len();
        Self::parts(scopes).map(of_part).sum()
    }

    /// Where in the planes it is answered: questions that are near each other are answered from
    /// the same numbers.
    pub fn place(&self) -> (i64, i64) {
        const NEAR: i64 = 64;
        let [was, is] = self.verges.each_ref().map(|verge| verge.own[0] / NEAR);
        (was, is)
    }

    /// Answers several, which had better be near each other: numbers are read a few rows at a
    /// time, for all of them.
    pub fn answer_all(
        questions: &[&Self],
        sides: [&Side; 2],
        scopes: [Option<Scope>; 3],
    ) -> Vec<[f64; 3]> {
        let rows = questions.iter().flat_map(|question| &question.slopes[0]);
        let (first, last) = rows.fold((usize::MAX, 0), |ends, rows| {
            (ends.0.min(rows.start), ends.1.max(rows.end))
        });
        let mut parts = vec![[[0.0; 2]; 2]; questions.len()];
        for from in (first..last).step_by(ROWS_AT_ONCE) {
            let within = from..from + ROWS_AT_ONCE;
            for (question, parts) in questions.iter().zip(&mut parts) {
                for [row, column] in Self::parts(scopes) {
                    parts[row][column] += question.sloping(sides, [row, column], &within);
                }
            }
        }
        let answers = questions.iter().zip(parts);
        answers
            .map(|(question, parts)| question.answer(sides, scopes, parts))
            .collect()
    }

    /// P(enough before, short now) of each scope; `parts` are the sums where both bands slope.
    fn answer(
        &self,
        sides: [&Side; 2],
        scopes: [Option<Scope>; 3],
        parts: [[f64; 2]; 2],
    ) -> [f64; 3] {
        let last = sides[0].told_apart();
        scopes.map(|scope| {
            let Some(scope) = scope else {
                return 0.0;
            };
            let sloping = match scope {
                Scope::First => parts[1][1],
                Scope::Second => parts[0][0],
                Scope::Either => parts.as_flattened().iter().sum(),
            };
            sloping + level(sides, self.verges.map(|verge| verge.band(scope, last)))
        })
    }

    /// Σ P(i, i') P(j < K - i, j' ≥ K' - i') over a part of the rows i, as far as they lie within
    /// some, and one of the columns i'.
    fn sloping(
        &self,
        [here, there]: [&Side; 2],
        [row, column]: [usize; 2],
        within: &Range<usize>,
    ) -> f64 {
        let [was, is] = self.verges.each_ref().map(|verge| verge.together);
        let size = there.size() as i64;
        let Range { start, end } = self.slopes[1][column];
        // What is missing now is hardly ever more than there are columns.
        let start = start.max((is - size + 1).max(0) as usize);
        if start >= end {
            return 0.0;
        }
        let begin = (size - 1 - is + start as i64) as usize;
        let mut sum = 0.0;
        let rows = &self.slopes[0][row];
        for row in rows.start.max(within.start)..rows.end.min(within.end) {
            let before = (was - row as i64).min(size) - 1;
            let chances = &here.lattice.cells[row * here.size()..][start..end];
            let answers = &there.quadrants[(before * size) as usize..][begin..];
            sum += dot(chances, answers);
        }
        sum
    }
}

/// Σ P(i, i') P(j < m(i), j' ≥ m'(i')) where m is level, m' or both.
fn level([here, there]: [&Side; 2], [was, is]: [Band; 2]) -> f64 {
    let size = here.size();
    let level = |band: Band| [(0..band.from, band.before), (band.until..size, band.after)];
    let mut sum = 0.0;
    for (rows, before) in level(was) {
        if rows.is_empty() || before <= 0 {
            continue;
        }
        for (columns, now) in level(is) {
            sum += here.within(&rows, &columns) * there.quadrant(before, now);
        }
        for column in is.from..is.until {
            let now = is.together - column as i64;
            sum += here.within(&rows, &(column..column + 1)) * there.quadrant(before, now);
        }
    }
    for (columns, now) in level(is) {
        if columns.is_empty() || now >= there.size() as i64 {
            continue;
        }
        for row in was.from..was.until {
            let before = was.together - row as i64;
            sum += here.within(&(row..row + 1), &columns) * there.quadrant(before, now);
        }
    }
    sum
}

/// Σ a b, in eight sums side by side.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    const SIDE_BY_SIDE: usize = 8;
    let (lefts, rest) = left.as_chunks::<SIDE_BY_SIDE>();
    let (rights, _) = right.as_chunks::<SIDE_BY_SIDE>();
    let mut sums = [0.0; SIDE_BY_SIDE];
    for (left, right) in lefts.iter().zip(rights) {
        for (sum, (left, right)) in sums.iter_mut().zip(left.iter().zip(right)) {
            *sum += left * right;
        }
    }
    let rest = rest.iter().zip(&right[left.len() - rest.len()..]);
    sums.iter().sum::<f64>() + rest.map(|(left, right)| left * right).sum::<f64>()
}
