//! What a finished run found, for whoever reports it.

use super::Columns;
use super::total::Total;
use crate::engine::Run;
use crate::measure::{Column, Layout, SeriesLayout, ShortageMeasure, ShortagePair};
use crate::stats::{CellMoments, CellProducts, FanGrid, JointMoments, Moments};
use crate::store::StoreError;
use std::sync::Arc;

/// The results of all replications of one run.
#[derive(Debug)]
pub struct Results {
    /// What the integers of a row are, and what is published of them.
    pub layout: Layout,
    /// What the fans and sums are.
    pub series: SeriesLayout,
    /// Histograms `[series][hour]`, series as in `series.hourly`.
    pub hourly: FanGrid,
    /// Histograms `[series][day]`, series as in `series.daily`.
    pub daily: FanGrid,
    /// Moments over replications `[series][hour]`, series as in `series.sums`.
    pub sums: CellMoments,
    /// Time (ms) and energy (Wh) short by hour, in the places of `series.shortages`.
    pub short_hours: CellMoments,
    /// By month and hour of day.
    pub short_month_hours: CellMoments,
    /// Products of its pairs, likewise.
    pub short_pairs: CellProducts,
    /// Energy demanded (Wh) by month and hour of day, likewise.
    pub demand: CellMoments,
    /// Events and refreshes of all replications together.
    pub run: Run,
    columns: Columns,
}

impl Results {
    pub(super) fn new(
        layout: Layout,
        series: SeriesLayout,
        columns: Columns,
        total: Total,
    ) -> Result<Self, StoreError> {
        let slots = layout.slots.len();
        let sum = |column: usize| -> Result<u64, StoreError> {
            Ok(columns
                .column(column)?
                .iter()
                .map(|&count| count.max(0) as u64)
                .sum())
        };
        let run = Run {
            events: sum(slots)?,
            refreshes: sum(slots + 1)?,
        };
        let Total {
            hourly,
            daily,
            sums,
            short_hours,
            short_month_hours,
            short_pairs,
            demand,
            ..
        } = total;
        Ok(Self {
            layout,
            series,
            hourly,
            daily,
            sums,
            short_hours,
            short_month_hours,
            short_pairs,
            demand,
            run,
            columns,
        })
    }

    /// Replications.
    pub fn replications(&self) -> u64 {
        self.columns.replications() as u64
    }

    /// The integers of one slot, in order of replications.
    ///
    /// # Errors
    /// What the disk says: columns are read when they are asked for.
    pub fn slot(&self, slot: usize) -> Result<Arc<[i64]>, StoreError> {
        if slot >= self.layout.slots.len() {
            return Ok(Arc::default());
        }
        self.columns.column(slot)
    }

    /// The integers of a published index, in rising order.
    ///
    /// # Errors
    /// As [`Results::slot`].
    pub fn sorted(&self, column: &Column) -> Result<Vec<i64>, StoreError> {
        let mut values = self.slot(column.slot)?.to_vec();
        values.sort_unstable();
        Ok(values)
    }

    /// The moments of a published index, in quanta.
    ///
    /// # Errors
    /// As [`Results::slot`].
    pub fn moments(&self, column: &Column) -> Result<Moments, StoreError> {
        Ok(self.slot(column.slot)?.iter().copied().collect())
    }

    /// A measure of a month (from 0) and hour of day of a scope of `series.shortages`.
    pub fn month_hour(
        &self,
        scope: usize,
        at: (usize, usize),
        measure: ShortageMeasure,
    ) -> Moments {
        let place = self.series.shortages.month_hour(scope, at, measure);
        self.short_month_hours.moments(place, self.replications())
    }

    /// Likewise how long the shortages that begin then last together (x, ms), and how many they
    /// are (y).
    pub fn lasts_and_begins(&self, scope: usize, at: (usize, usize)) -> JointMoments {
        let layout = &self.series.shortages;
        let pair = layout.pair(scope, at, ShortagePair::LastsAndBegins);
        JointMoments {
            x: self.month_hour(scope, at, ShortageMeasure::Lasts),
            y: self.month_hour(scope, at, ShortageMeasure::Begins),
            sum_products: self.short_pairs.sum(pair),
        }
    }

    /// Likewise unserved energy (x) and energy demanded (y), Wh; none of a scope of which the
    /// latter is not known.
    pub fn energy_and_demand(&self, scope: usize, at: (usize, usize)) -> Option<JointMoments> {
        let layout = &self.series.shortages;
        let demand = layout.demand(scope, at)?;
        let pair = layout.pair(scope, at, ShortagePair::EnergyAndDemand);
        Some(JointMoments {
            x: self.month_hour(scope, at, ShortageMeasure::Energy),
            y: self.demand.moments(demand, self.replications()),
            sum_products: self.short_pairs.sum(pair),
        })
    }

    /// The mean of a summed series in an hour, in its unit; NaN outside.
    pub fn hourly_mean(&self, series: usize, hour: usize) -> f64 {
        let scale = self.series.sums.get(series).map(|kind| kind.scale);
        scale.map_or(f64::NAN, |scale| {
            self.hourly_moments(series, hour).mean() * scale
        })
    }

    /// Count, sum and sum of squares over replications of a summed series in an hour, in its
    /// stored integers; of nothing outside.
    pub fn hourly_moments(&self, series: usize, hour: usize) -> Moments {
        let hours = self.series.hours;
        if series >= self.series.sums.len() || hour >= hours {
            return Moments::default();
        }
        self.sums
            .moments(series * hours + hour, self.replications())
    }

    /// Shows the rows of all replications in order, slots only, block by block.
    ///
    /// # Errors
    /// What the disk says, and what `see` returns.
    pub fn each_row<E: From<StoreError>>(
        &self,
        mut see: impl FnMut(u64, &[i64]) -> Result<(), E>,
    ) -> Result<(), E> {
        let slots = self.layout.slots.len();
        let mut row = Vec::with_capacity(slots);
        self.columns.each_block(|block| {
            for (offset, replication) in (block.range.first..block.range.end()).enumerate() {
                row.clear();
                row.extend(block.columns[..slots].iter().map(|column| column[offset]));
                see(replication, &row)?;
            }
            Ok(())
        })
    }

    /// The replication with the p-quantile of a slot, the first of several; `None` of nothing.
    ///
    /// # Errors
    /// As [`Results::slot`].
    pub fn replication_at(&self, slot: usize, p: f64) -> Result<Option<u32>, StoreError> {
        let values = self.slot(slot)?;
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let Some(wanted) = crate::stats::quantile(&sorted, p) else {
            return Ok(None);
        };
        let position = values.iter().position(|&value| value == wanted);
        Ok(position.and_then(|position| u32::try_from(position).ok()))
    }
}
