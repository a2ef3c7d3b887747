//! Running totals over replications that are too large to keep for each block.

use super::demand::DemandPart;
use crate::measure::{MonthHourCell, SeriesLayout, ShortCell, ShortCells};
use crate::stats::{CellMoments, CellProducts, DecodeError, FanGrid};
use crate::store::{
    Identity, ReplicationRange, Snapshot, StoreError, read_snapshot, write_snapshot,
};
use std::path::Path;
use std::time::{Duration, Instant};

/// Name of the snapshot in a block folder.
pub(super) const SNAPSHOT: &str = "totals.bin";
/// Least time between two snapshots. It decides what a killed run loses, never a result.
const LEAST_INTERVAL: Duration = Duration::from_secs(5);
/// A snapshot may cost one part in this many of the time.
const LEAST_PARTS: u32 = 30;

/// What the replications of one range add.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// Codes of the hourly fans, `[replication][series][hour]`.
    pub hourly: Vec<u16>,
    /// Codes of the daily fans, `[replication][series][day]`.
    pub daily: Vec<u16>,
    /// Moments over the range, `[series][hour]`.
    pub sums: CellMoments,
    /// Cells of shortages, replication by replication.
    pub shortages: ShortCells,
    /// Energy demanded by month and hour of day.
    pub demand: DemandPart,
}

/// Histograms and sums of the replications in `ranges`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Total {
    pub hourly: FanGrid,
    pub daily: FanGrid,
    pub sums: CellMoments,
    /// Time and energy short by hour, in the places of the layout.
    pub short_hours: CellMoments,
    /// By month and hour of day.
    pub short_month_hours: CellMoments,
    /// Products of its pairs.
    pub short_pairs: CellProducts,
    /// Energy demanded by month and hour of day.
    pub demand: CellMoments,
    pub ranges: Vec<ReplicationRange>,
}

/// How a snapshot is laid out; what was laid out otherwise is simulated anew.
const LAYOUT: u64 = 3;

impl Total {
    /// Nothing yet.
    pub fn new(series: &SeriesLayout) -> Self {
        let hourly = series.hourly.iter().map(|kind| kind.bins).collect();
        let daily = series.daily.iter().map(|kind| kind.bins).collect();
        Self {
            hourly: FanGrid::new(series.hours, hourly),
            daily: FanGrid::new(series.days, daily),
            sums: CellMoments::new(series.hours * series.sums.len()),
            short_hours: CellMoments::new(series.shortages.hour_places()),
            short_month_hours: CellMoments::new(series.shortages.month_hour_places()),
            short_pairs: CellProducts::new(series.shortages.pair_places()),
            demand: CellMoments::new(series.shortages.demand_places()),
            ranges: Vec::new(),
        }
    }

    /// Whether there is anything to add up; if not, no snapshot is needed.
    pub fn is_needed(series: &SeriesLayout) -> bool {
        !(series.hourly.is_empty()
            && series.daily.is_empty()
            && series.sums.is_empty()
            && series.shortages.scopes.is_empty())
    }

    /// Counts the replications of a range.
    ///
    /// # Panics
    /// If the part has another shape: a mistake of the caller, never of an input.
    pub fn add(&mut self, range: ReplicationRange, part: &Part) {
        let replications = range.count as usize;
        let is_added =
            self.sums.merge(&part.sums).is_ok() && self.demand.merge(part.demand.moments()).is_ok();
        assert!(is_added, "moments of another shape");
        self.hourly.add_block(&part.hourly, replications);
        self.daily.add_block(&part.daily, replications);
        for (place, value) in part.shortages.hours.iter().flat_map(ShortCell::numbers) {
            self.short_hours.add(place, value);
        }
        let month_hours = &part.shortages.month_hours;
        for (place, value) in month_hours.iter().flat_map(MonthHourCell::numbers) {
            self.short_month_hours.add(place, value);
        }
        for (place, x, y) in month_hours.iter().flat_map(MonthHourCell::pairs) {
            self.short_pairs.add(place, x, y);
        }
        self.ranges.push(range);
    }

    /// Counts all that another part counted.
    ///
    /// # Errors
    /// Totals of another shape.
    pub fn merge(&mut self, other: &Self) -> Result<(), DecodeError> {
        self.hourly.merge(&other.hourly)?;
        self.daily.merge(&other.daily)?;
        self.sums.merge(&other.sums)?;
        self.short_hours.merge(&other.short_hours)?;
        self.short_month_hours.merge(&other.short_month_hours)?;
        self.short_pairs.merge(&other.short_pairs)?;
        self.demand.merge(&other.demand)?;
        self.ranges.extend(&other.ranges);
        Ok(())
    }

    /// As bytes, but for the ranges.
    pub fn encode(&self) -> Vec<u8> {
        let (hourly, daily) = (self.hourly.encode(), self.daily.encode());
        let moments = [
            &self.sums,
            &self.short_hours,
            &self.short_month_hours,
            &self.demand,
        ];
        let fans = [hourly, daily].into_iter();
        let cells = moments.into_iter().map(CellMoments::encode);
        let mut bytes = LAYOUT.to_le_bytes().to_vec();
        for part in fans.chain(cells).chain([self.short_pairs.encode()]) {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        bytes
    }

    /// From a snapshot of the same series.
    ///
    /// # Errors
    /// Bytes of another shape, or that contradict the list of ranges.
    pub fn decode(snapshot: Snapshot, series: &SeriesLayout) -> Result<Self, DecodeError> {
        let mut total = Self::new(series);
        let mut rest = snapshot.payload.as_slice();
        if rest.split_off(..8) != Some(&LAYOUT.to_le_bytes()[..]) {
            return Err(DecodeError::OtherGrid);
        }
        let hourly = take_part(&mut rest)?;
        total.hourly = FanGrid::decode(hourly, series.hours, total.hourly.bins().to_vec())?;
        let daily = take_part(&mut rest)?;
        total.daily = FanGrid::decode(daily, series.days, total.daily.bins().to_vec())?;
        let moments = [
            &mut total.sums,
            &mut total.short_hours,
            &mut total.short_month_hours,
            &mut total.demand,
        ];
        for cells in moments {
            *cells = CellMoments::decode(take_part(&mut rest)?, cells.len())?;
        }
        let pairs = take_part(&mut rest)?;
        total.short_pairs = CellProducts::decode(pairs, total.short_pairs.len())?;
        if !rest.is_empty() {
            return Err(DecodeError::TooLong);
        }
        let listed: u64 = snapshot
            .ranges
            .iter()
            .map(|range| u64::from(range.count))
            .sum();
        if [&total.hourly, &total.daily]
            .iter()
            .any(|grid| grid.replications() != listed)
        {
            return Err(DecodeError::Contradiction);
        }
        total.ranges = snapshot.ranges;
        Ok(total)
    }

    /// The totals on disk. `None` if there are none, or none that are sound and of this shape:
    /// what they held is simulated anew.
    ///
    /// # Errors
    /// What the disk says, and a file of another run.
    pub fn read(
        folder: &Path,
        identity: &Identity,
        series: &SeriesLayout,
    ) -> Result<Option<Self>, StoreError> {
        match read_snapshot(&folder.join(SNAPSHOT), identity) {
            Ok(snapshot) => Ok(Self::decode(snapshot, series).ok()),
            Err(StoreError::NotReadable { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                Ok(None)
            }
            Err(error) if error.is_damage() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the totals to disk, replacing older ones whole.
    ///
    /// # Errors
    /// What the disk says.
    pub fn write(&self, folder: &Path, identity: &Identity) -> Result<(), StoreError> {
        let snapshot = Snapshot {
            ranges: self.ranges.clone(),
            payload: self.encode(),
        };
        write_snapshot(&folder.join(SNAPSHOT), identity, &snapshot)
    }
}

/// Takes a length and as many bytes from the front.
fn take_part<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], DecodeError> {
    let (length, rest) = bytes
        .split_first_chunk::<8>()
        .ok_or(DecodeError::TooShort)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| DecodeError::TooShort)?;
    let (part, rest) = rest.split_at_checked(length).ok_or(DecodeError::TooShort)?;
    *bytes = rest;
    Ok(part)
}

/// Says when the next snapshot is due: by the wall clock, and never so often that it slows a run.
#[derive(Debug)]
pub(super) struct Schedule {
    last: Instant,
    interval: Duration,
}

impl Schedule {
    pub fn new() -> Self {
        Self {
            last: Instant::now(),
            interval: LEAST_INTERVAL,
        }
    }
    pub fn is_due(&self) -> bool {
        self.last.elapsed() >= self.interval
    }
    /// A snapshot was written, begun at `begun`.
    pub fn written(&mut self, begun: Instant) {
        self.interval = LEAST_INTERVAL.max(begun.elapsed() * LEAST_PARTS);
        self.last = Instant::now();
    }
}
