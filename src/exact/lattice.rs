//! What some units lack at two moments, counted in equal steps.
//!
//! A step divides every unit's amounts, so nothing is rounded. What is missing beyond the last
//! row or column is counted there: where shortages are rare most of the plane does not matter.

use super::moments::Cases;

/// Additions that a plane may take: about two seconds.
const MOST_SUMS: usize = 4_000_000_000;

/// How likely so many steps are missing before and now.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    pub rows: usize,
    pub columns: usize,
    /// `[before][now]`; the last row and column stand for all beyond, too.
    pub cells: Vec<f64>,
}

/// A unit: (steps missing before, steps missing now, probability).
type Missing = Vec<(usize, usize, f64)>;

impl Lattice {
    /// Convolves units into so many rows and columns; none where it would take too long.
    pub fn of_units(units: &[Cases], step_w: i64, (rows, columns): (usize, usize)) -> Option<Self> {
        let mut all = units
            .iter()
            .map(|unit| missing(unit, step_w))
            .collect::<Option<Vec<Missing>>>()?;
        all.sort_by_key(|unit| unit.iter().map(|case| case.0.max(case.1)).max());
        let mut lattice = Self {
            rows,
            columns,
            cells: vec![0.0; rows * columns],
        };
        *lattice.cells.first_mut()? = 1.0;
        let (mut used, mut work) = ((1, 1), 0_usize);
        for unit in &all {
            let reach = |side: fn(&(usize, usize, f64)) -> usize| unit.iter().map(side).max();
            used.0 = (used.0 + reach(|case| case.0)?).min(rows);
            used.1 = (used.1 + reach(|case| case.1)?).min(columns);
            work = work.checked_add(unit.len().checked_mul(used.0 * used.1)?)?;
            if work > MOST_SUMS {
                return None;
            }
            lattice.add(unit, used);
        }
        Some(lattice)
    }

    /// Adds a unit in place; `used` are the rows and columns that are not empty afterwards.
    fn add(&mut self, unit: &Missing, used: (usize, usize)) {
        let mut sum = vec![0.0; used.1];
        // From the last row: those above are still without the unit.
        for row in (0..used.0).rev() {
            let mut parts: Vec<Part> = Vec::with_capacity(unit.len());
            for &(before, now, probability) in unit {
                let Some(first) = row.checked_sub(before) else {
                    continue;
                };
                // From where the last row is reached all beyond it falls into it.
                let last = if row + 1 == self.rows { row } else { first };
                let old = self.cells.chunks(self.columns).take(last + 1).skip(first);
                parts.extend(old.map(|old| (now.min(used.1), probability, &old[..used.1])));
            }
            sum.fill(0.0);
            add_moved(&mut sum, &parts);
            if used.1 == self.columns {
                for (now, probability, old) in parts {
                    sum[used.1 - 1] += probability * old[used.1 - now..].iter().sum::<f64>();
                }
            }
            self.cells[row * self.columns..][..used.1].copy_from_slice(&sum);
        }
    }

    /// P(at most so many steps missing before, at least so many now), `[before][now]`.
    pub fn quadrants(mut self) -> Self {
        let columns = self.columns;
        for row in self.cells.chunks_mut(columns) {
            let mut sum = 0.0;
            for cell in row.iter_mut().rev() {
                sum += *cell;
                *cell = sum;
            }
        }
        for row in 1..self.rows {
            let (before, now) = self.cells.split_at_mut(row * columns);
            let before = &before[(row - 1) * columns..];
            for (sum, cell) in now.iter_mut().zip(before) {
                *sum += *cell;
            }
        }
        self
    }
}

/// A row that is moved by so many columns, times a probability.
type Part<'a> = (usize, f64, &'a [f64]);

/// Adds rows to a sum of their length.
fn add_moved(sum: &mut [f64], parts: &[Part]) {
    let farthest = parts.iter().map(|part| part.0).max().unwrap_or(0);
    let (near, far) = sum.split_at_mut(farthest);
    for &(now, probability, old) in parts {
        for (sum, old) in near[now..].iter_mut().zip(old) {
            *sum += probability * old;
        }
    }
    // Four at once, those of a unit of two states: a sum is fetched and put back once.
    let (fours, rest) = parts.as_chunks::<4>();
    fours
        .iter()
        .for_each(|four| add_at_once(far, farthest, four));
    rest.iter()
        .for_each(|one| add_at_once(far, farthest, &[*one]));
}

/// Adds rows to what lies from a column on.
fn add_at_once<const ROWS: usize>(sum: &mut [f64], from: usize, parts: &[Part; ROWS]) {
    let parts = parts.map(|(now, probability, old)| (probability, &old[from - now..][..sum.len()]));
    for (at, sum) in sum.iter_mut().enumerate() {
        let mut moved = *sum;
        for (probability, old) in &parts {
            moved += probability * old[at];
        }
        *sum = moved;
    }
}

/// What a unit gives at most before and now, W.
fn most_w(unit: &Cases) -> (i64, i64) {
    let most = |side: fn(&(i64, i64, f64)) -> i64| unit.iter().map(side).max().unwrap_or(0);
    (most(|case| case.0), most(|case| case.1))
}

/// What all units give at most before and now, W.
pub(super) fn whole_w(units: &[Cases]) -> (i64, i64) {
    let both = units.iter().map(most_w);
    both.fold((0, 0), |sum, most| (sum.0 + most.0, sum.1 + most.1))
}

/// The largest step that divides whatever units may lack, W.
pub(super) fn step_w(units: &[Cases]) -> i64 {
    let mut step_w = 0;
    for unit in units {
        let most_w = most_w(unit);
        for case in unit.iter() {
            step_w = common(common(step_w, most_w.0 - case.0), most_w.1 - case.1);
        }
    }
    step_w.max(1)
}

/// What a unit lacks, in steps.
fn missing(unit: &Cases, step_w: i64) -> Option<Missing> {
    let most_w = most_w(unit);
    let steps = |amount_w: i64| usize::try_from(amount_w / step_w).ok();
    let case = |case: &(i64, i64, f64)| {
        Some((steps(most_w.0 - case.0)?, steps(most_w.1 - case.1)?, case.2))
    };
    unit.iter().map(case).collect()
}

/// The largest common divisor.
fn common(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common(b, a % b) }
}
