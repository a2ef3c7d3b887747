//! Moments of many values that a replication has at once: hour by hour, cell by cell.

use super::{DecodeError, Moments};

/// Sum and sum of squares of each of a number of cells. A replication adds each cell that is not
/// zero once; how many replications there were is known to whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellMoments {
    sums: Vec<(i128, u128)>,
}

impl CellMoments {
    /// So many cells of nothing.
    pub fn new(cells: usize) -> Self {
        Self {
            sums: vec![(0, 0); cells],
        }
    }

    /// Cells that there are.
    pub fn len(&self) -> usize {
        self.sums.len()
    }

    /// True without cells.
    pub fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    /// Forgets all values and keeps the cells.
    pub fn clear(&mut self) {
        self.sums.fill((0, 0));
    }

    /// Counts a value of a cell in one replication. A cell that is not there counts nowhere.
    #[inline]
    pub fn add(&mut self, cell: usize, value: i64) {
        if let Some(sums) = self.sums.get_mut(cell) {
            count(sums, value);
        }
    }

    /// Counts a value of every cell in one replication. Values beyond the cells count nowhere.
    #[inline]
    pub fn add_each(&mut self, values: &[i64]) {
        for (sums, &value) in self.sums.iter_mut().zip(values) {
            // Much of it is nothing most of the time: what is curtailed, unserved, or of the sun.
            if value != 0 {
                count(sums, value);
            }
        }
    }

    /// Counts a value of every cell in so many replications that have it in common.
    pub fn add_alike(&mut self, values: &[i64], replications: u64) {
        for (sums, &value) in self.sums.iter_mut().zip(values) {
            if value != 0 {
                let magnitude = u128::from(value.unsigned_abs());
                sums.0 += i128::from(value) * i128::from(replications);
                sums.1 += magnitude * magnitude * u128::from(replications);
            }
        }
    }

    /// Counts all that `other` counted.
    ///
    /// # Errors
    /// [`DecodeError::OtherGrid`] if it has another number of cells; nothing is changed then.
    pub fn merge(&mut self, other: &Self) -> Result<(), DecodeError> {
        if self.sums.len() != other.sums.len() {
            return Err(DecodeError::OtherGrid);
        }
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
        Ok(())
    }

    /// The moments of a cell over so many replications.
    pub fn moments(&self, cell: usize, replications: u64) -> Moments {
        let (sum, sum_squares) = self.sums.get(cell).copied().unwrap_or_default();
        Moments {
            n: replications,
            sum,
            sum_squares,
        }
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(32 * self.sums.len());
        for (sum, squares) in &self.sums {
            bytes.extend(sum.to_le_bytes());
            bytes.extend(squares.to_le_bytes());
        }
        bytes
    }

    /// From bytes, of so many cells.
    ///
    /// # Errors
    /// Bytes of another number of cells.
    pub fn decode(bytes: &[u8], cells: usize) -> Result<Self, DecodeError> {
        let (numbers, rest) = bytes.as_chunks::<16>();
        if !rest.is_empty() || numbers.len() != 2 * cells {
            return Err(DecodeError::OtherGrid);
        }
        let pair = |pair: &[[u8; 16]]| (i128::from_le_bytes(pair[0]), u128::from_le_bytes(pair[1]));
        Ok(Self {
            sums: numbers.chunks_exact(2).map(pair).collect(),
        })
    }
}

/// Sum of the products of two values that a replication has in each of a number of cells: with the
/// moments of both, all that their ratio needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellProducts {
    sums: Vec<i128>,
}

impl CellProducts {
    /// So many cells of nothing.
    pub fn new(cells: usize) -> Self {
        Self {
            sums: vec![0; cells],
        }
    }

    /// Cells that there are.
    pub fn len(&self) -> usize {
        self.sums.len()
    }

    /// True without cells.
    pub fn is_empty(&self) -> bool {
        self.sums.is_empty()
    }

    /// Counts two values of a cell in one replication. A cell that is not there counts nowhere.
    #[inline]
    pub fn add(&mut self, cell: usize, x: i64, y: i64) {
        if let Some(sum) = self.sums.get_mut(cell) {
            *sum += i128::from(x) * i128::from(y);
        }
    }

    /// Counts all that `other` counted.
    ///
    /// # Errors
    /// [`DecodeError::OtherGrid`] if it has another number of cells; nothing is changed then.
    pub fn merge(&mut self, other: &Self) -> Result<(), DecodeError> {
        if self.sums.len() != other.sums.len() {
            return Err(DecodeError::OtherGrid);
        }
        for (mine, theirs) in self.sums.iter_mut().zip(&other.sums) {
            *mine += theirs;
        }
        Ok(())
    }

    /// The sum of products of a cell.
    pub fn sum(&self, cell: usize) -> i128 {
        self.sums.get(cell).copied().unwrap_or_default()
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        self.sums.iter().flat_map(|sum| sum.to_le_bytes()).collect()
    }

    /// From bytes, of so many cells.
    ///
    /// # Errors
    /// Bytes of another number of cells.
    pub fn decode(bytes: &[u8], cells: usize) -> Result<Self, DecodeError> {
        let (numbers, rest) = bytes.as_chunks::<16>();
        if !rest.is_empty() || numbers.len() != cells {
            return Err(DecodeError::OtherGrid);
        }
        Ok(Self {
            sums: numbers
                .iter()
                .map(|sum| i128::from_le_bytes(*sum))
                .collect(),
        })
    }
}

#[inline]
fn count((sum, squares): &mut (i128, u128), value: i64) {
    *sum += i128::from(value);
    *squares += u128::from(value.unsigned_abs()) * u128::from(value.unsigned_abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_moments_of_mostly_nothing() {
        let mut cells = CellMoments::new(3);
        for (cell, value) in [(1, 5), (2, -7), (1, 2), (9, 1)] {
            cells.add(cell, value);
        }
        let values: Moments = [5, 2, 0, 0].into_iter().collect();
        assert_eq!(cells.moments(1, 4), values);
        assert_eq!(cells.moments(0, 4), std::iter::repeat_n(0, 4).collect());
        assert_eq!(CellMoments::decode(&cells.encode(), 3), Ok(cells.clone()));
        assert!(CellMoments::decode(&cells.encode(), 4).is_err());
        assert!(CellMoments::decode(&cells.encode()[1..], 3).is_err());
    }

    #[test]
    fn all_cells_at_once_are_each_by_itself() {
        let rows = [[3, -4, 0], [5, 0, i64::MIN], [-1, 7, 2]];
        let (mut at_once, mut by_itself) = (CellMoments::new(3), CellMoments::new(3));
        for row in rows {
            at_once.add_each(&row);
            for (cell, value) in row.into_iter().enumerate() {
                by_itself.add(cell, value);
            }
        }
        assert_eq!(at_once, by_itself);
        let column: Moments = rows.iter().map(|row| row[2]).collect();
        assert_eq!(at_once.moments(2, 3), column);
        let mut thrice = CellMoments::new(3);
        thrice.add_alike(&rows[0], 3);
        let mut each = CellMoments::new(3);
        (0..3).for_each(|_| each.add_each(&rows[0]));
        assert_eq!(thrice, each);
        at_once.clear();
        assert_eq!((at_once.len(), at_once), (3, CellMoments::new(3)));
    }

    #[test]
    fn products_add_up_whoever_counts_them() {
        let pairs = [(0, 5, 7), (1, i64::MAX, i64::MIN), (1, 3, 4), (7, 1, 1)];
        let mut whole = CellProducts::new(2);
        let mut halves = [CellProducts::new(2), CellProducts::new(2)];
        for (position, (cell, x, y)) in pairs.into_iter().enumerate() {
            whole.add(cell, x, y);
            halves[position % 2].add(cell, x, y);
        }
        let [mut merged, other] = halves;
        assert_eq!(merged.merge(&other), Ok(()));
        assert_eq!(merged, whole);
        let wide = i128::from(i64::MAX) * i128::from(i64::MIN) + 12;
        assert_eq!((whole.sum(0), whole.sum(1), whole.sum(7)), (35, wide, 0));
        assert_eq!(CellProducts::decode(&whole.encode(), 2), Ok(whole.clone()));
        assert!(CellProducts::decode(&whole.encode(), 3).is_err());
        assert!(merged.merge(&CellProducts::new(3)).is_err());
    }
}
