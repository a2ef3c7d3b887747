//! Histograms of many series at many hours: what fan charts are drawn from.

use super::{Bins, DecodeError, encoding, order::rank};

/// One histogram for each hour of each series, over replications.
///
/// A replication gives one row of bin codes ([`Bins::code_of`]) laid out `[series][hour]`. Counts
/// are integers, so that merging commutes exactly. Memory is 4 bytes x hours x the bins of all
/// series: 41 MB for 504 hours, 40 series of 512 bins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FanGrid {
    hours: usize,
    bins: Vec<Bins>,
    /// Bins of all series before each; one more entry holds their total.
    starts: Vec<usize>,
    /// `[series][hour][bin]`.
    counts: Vec<u32>,
    replications: u64,
    clamped: u64,
}

/// Hours of a series folded together: 32 codes of two bytes are a cache line of a row, and what is
/// counted of their histograms fits the first-level cache.
const TILE: usize = 32;

impl FanGrid {
    /// An empty grid of `hours` x one series for each of `bins`.
    pub fn new(hours: usize, bins: Vec<Bins>) -> Self {
        let mut starts = vec![0];
        let mut total = 0;
        for bins in &bins {
            total += bins.count() as usize;
            starts.push(total);
        }
        Self {
            hours,
            bins,
            starts,
            counts: vec![0; hours * total],
            replications: 0,
            clamped: 0,
        }
    }

    /// Hours of the horizon.
    pub fn hours(&self) -> usize {
        self.hours
    }
    /// Series in each hour.
    pub fn series(&self) -> usize {
        self.bins.len()
    }
    /// Codes in a row: hours x series.
    pub fn row_length(&self) -> usize {
        self.hours * self.bins.len()
    }
    /// The bins of each series.
    pub fn bins(&self) -> &[Bins] {
        &self.bins
    }
    /// Rows counted so far.
    pub fn replications(&self) -> u64 {
        self.replications
    }
    /// Values that lay outside of their bins: zero, or the extremes are not to be trusted.
    pub fn clamped(&self) -> u64 {
        self.clamped
    }

    /// Counts one replication, laid out `[series][hour]`, [`FanGrid::row_length`] codes.
    ///
    /// # Panics
    /// If the row has another length: a mistake of the caller, never of an input.
    pub fn add_row(&mut self, row: &[u16]) {
        self.add_block(row, 1);
    }

    /// Counts `replications` rows laid out `[replication][series][hour]`.
    ///
    /// Goes by some hours of a series at a time, replications inside, so that the histograms being
    /// counted stay in the cache and each line of `rows` is read once.
    ///
    /// # Panics
    /// If `rows` has another length, or a count passes 2^32.
    pub fn add_block(&mut self, rows: &[u16], replications: usize) {
        let length = self.row_length();
        assert_eq!(rows.len(), length * replications, "rows of another grid");
        let mut clamped = 0;
        for series in 0..self.bins.len() {
            let bins = self.bins[series].count() as usize;
            for first in (0..self.hours).step_by(TILE) {
                let hours = TILE.min(self.hours - first);
                let start = self.start(series, first);
                let counts = &mut self.counts[start..start + hours * bins];
                for replication in 0..replications {
                    let row = replication * length + series * self.hours + first;
                    let histograms = counts.chunks_exact_mut(bins);
                    for (code, histogram) in rows[row..row + hours].iter().zip(histograms) {
                        clamped += u64::from(code / Bins::CLAMPED);
                        let bin = usize::from(code & !Bins::CLAMPED).min(bins - 1);
                        histogram[bin] += 1;
                    }
                }
            }
        }
        self.clamped += clamped;
        self.replications += replications as u64;
    }

    /// Counts all that `other` counted.
    ///
    /// # Errors
    /// [`DecodeError::OtherGrid`] if it has other hours, series or bins; nothing is changed then.
    pub fn merge(&mut self, other: &Self) -> Result<(), DecodeError> {
        if self.hours != other.hours || self.bins != other.bins {
            return Err(DecodeError::OtherGrid);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.replications += other.replications;
        self.clamped += other.clamped;
        Ok(())
    }

    /// Where the histogram of a series in an hour starts.
    fn start(&self, series: usize, hour: usize) -> usize {
        self.starts[series] * self.hours + hour * self.bins[series].count() as usize
    }

    /// The histogram of one series in one hour; empty outside of the grid.
    pub fn histogram(&self, series: usize, hour: usize) -> &[u32] {
        if series >= self.bins.len() || hour >= self.hours {
            return &[];
        }
        let start = self.start(series, hour);
        &self.counts[start..start + self.bins[series].count() as usize]
    }

    /// The middle of the bin that holds the p-quantile x_(ceil(p n)) of a series in an hour:
    /// never finer than a bin. `None` of an empty grid, or outside of it.
    pub fn quantile(&self, series: usize, hour: usize, p: f64) -> Option<i64> {
        let histogram = self.histogram(series, hour);
        let wanted = rank(usize::try_from(self.replications).ok()?, p) as u64;
        if wanted == 0 {
            return None;
        }
        let mut seen = 0;
        for (bin, &count) in histogram.iter().enumerate() {
            seen += u64::from(count);
            if seen >= wanted {
                return Some(self.bins[series].middle(bin as u16));
            }
        }
        None
    }

    /// Compact bytes: of each histogram only the bins that hold something.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        encoding::put(&mut bytes, self.replications);
        encoding::put(&mut bytes, self.clamped);
        for hour in 0..self.hours {
            for series in 0..self.bins.len() {
                encoding::put_histogram(&mut bytes, self.histogram(series, hour));
            }
        }
        bytes
    }

    /// The grid that [`FanGrid::encode`] wrote. Its shape comes from the scenario, not from the
    /// bytes, so that bad bytes cannot ask for memory.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end early, go on, or do not fit the shape.
    pub fn decode(bytes: &[u8], hours: usize, bins: Vec<Bins>) -> Result<Self, DecodeError> {
        let mut grid = Self::new(hours, bins);
        let mut rest = bytes;
        grid.replications = encoding::take(&mut rest)?;
        grid.clamped = encoding::take(&mut rest)?;
        for hour in 0..hours {
            for series in 0..grid.bins.len() {
                let start = grid.start(series, hour);
                let histogram = &mut grid.counts[start..start + grid.bins[series].count() as usize];
                encoding::take_histogram(&mut rest, histogram, grid.replications)?;
            }
        }
        if rest.is_empty() {
            Ok(grid)
        } else {
            Err(DecodeError::TooLong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bins() -> Vec<Bins> {
        vec![
            Bins::new(0, 10, 5),
            Bins::new(-100, 1, 200),
            Bins::new(0, 1, 1),
        ]
    }

    /// Rows of 3 series x 20 hours that vary in all directions.
    fn rows(replications: usize) -> Vec<u16> {
        let code = |i: usize| (i * 7919 + i / 60 * 31) % 200;
        let bins = bins();
        (0..replications * 60)
            .map(|i| bins[i % 60 / 20].code_of(code(i) as i64 - 90))
            .collect()
    }

    fn filled(replications: usize) -> FanGrid {
        let mut grid = FanGrid::new(20, bins());
        grid.add_block(&rows(replications), replications);
        grid
    }

    #[test]
    fn quantiles_are_those_of_the_values_to_a_bin() {
        let mut grid = FanGrid::new(1, vec![Bins::new(0, 10, 10)]);
        for value in 1..=100_i64 {
            grid.add_row(&[grid.bins()[0].code_of(value - 1)]);
        }
        let at = |p| grid.quantile(0, 0, p);
        assert_eq!([0.05, 0.5, 0.95].map(at), [Some(4), Some(44), Some(94)]);
        assert_eq!((at(0.0), at(1.0)), (Some(4), Some(94)));
        assert_eq!((grid.clamped(), grid.quantile(1, 0, 0.5)), (0, None));
        assert_eq!(FanGrid::new(1, bins()).quantile(0, 0, 0.5), None);
    }

    #[test]
    fn blocks_rows_and_merges_count_alike() {
        let whole = filled(7);
        let mut by_row = FanGrid::new(20, bins());
        rows(7).chunks(60).for_each(|row| by_row.add_row(row));
        assert_eq!(by_row, whole);
        let mut late = FanGrid::new(20, bins());
        late.add_block(&rows(7)[4 * 60..], 3);
        late.merge(&filled(4)).unwrap();
        assert_eq!(late, whole);
        for hour in 0..20 {
            for series in 0..3 {
                assert_eq!(whole.histogram(series, hour).iter().sum::<u32>(), 7);
            }
        }
        let outside = rows(7)
            .iter()
            .filter(|&&code| code & Bins::CLAMPED != 0)
            .count();
        assert!(outside > 0);
        assert_eq!(whole.clamped(), outside as u64);
    }

    #[test]
    fn another_grid_is_not_merged() {
        let mut grid = filled(2);
        assert_eq!(
            grid.merge(&FanGrid::new(19, bins())),
            Err(DecodeError::OtherGrid)
        );
        assert_eq!(grid, filled(2));
    }

    #[test]
    fn a_grid_without_series_is_empty() {
        let mut grid = FanGrid::new(5, vec![]);
        grid.add_row(&[]);
        assert_eq!(grid.quantile(0, 0, 0.5), None);
        assert_eq!(FanGrid::decode(&grid.encode(), 5, vec![]), Ok(grid));
    }

    #[test]
    fn bytes_that_end_early_or_go_on_are_refused() {
        let bytes = filled(9).encode();
        for length in 0..bytes.len() {
            let cut = FanGrid::decode(&bytes[..length], 20, bins());
            assert!(cut.is_err(), "{length} of {} bytes", bytes.len());
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(
            FanGrid::decode(&longer, 20, bins()),
            Err(DecodeError::TooLong)
        );
    }

    proptest! {
        #[test]
        fn bytes_come_back_as_the_same_grid(replications in 0_usize..30) {
            let grid = filled(replications);
            prop_assert_eq!(FanGrid::decode(&grid.encode(), 20, bins()), Ok(grid));
        }

        #[test]
        fn any_bytes_are_refused_or_sound(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(grid) = FanGrid::decode(&bytes, 1, vec![Bins::new(0, 1, 4)]) {
                let counted: u64 = grid.histogram(0, 0).iter().map(|&c| u64::from(c)).sum();
                prop_assert_eq!(counted, grid.replications());
            }
        }
    }
}
