//! Fixed sets of recorders, chosen by what a system holds.

use super::blocks::{self, BlockPath};
use super::consequences::Consequences;
use super::demand::{self, Demand, GridDemand};
use super::observed::Observed;
use super::observers::Observers;
use super::series::SeriesLayout;
use super::{Adequacy, Hashrate, Layout, ShortCells, Stores, Strain};
use crate::engine::{EngineError, Plan, Replicator, Run};

/// Where a replication's results go.
#[derive(Debug, Default, Clone)]
pub struct Sink {
    /// The row of integers, one for each slot of the [`Layout`].
    pub row: Vec<i64>,
    /// Histogram codes of the hourly fans, `[series][hour]`, see [`crate::stats::FanGrid`].
    pub hourly: Vec<u16>,
    /// Histogram codes of the daily fans, `[series][day]`.
    pub daily: Vec<u16>,
    /// Hourly values to be added up over replications, `[series][hour]`.
    pub sums: Vec<i64>,
    /// Time and energy short, by cell of a [`super::ShortageLayout`].
    pub shortages: ShortCells,
    /// Energy demanded by month and hour of day, in the places of a [`super::ShortageLayout`], Wh;
    /// one table for all replications that have it in common.
    pub demand: Demand,
}

impl Sink {
    /// Empties it for the next replication of the same system, and keeps the memory. The hourly
    /// tables are written over as a whole.
    pub fn clear(&mut self) {
        self.row.clear();
        self.daily.clear();
        self.shortages.clear();
    }
}

/// A set of recorders that together turn a replication into a [`Sink`].
///
/// The layouts follow from the system alone, so that blocks of different runs of one scenario
/// fit together.
pub trait Ensemble: Sized + Send {
    /// Recorders for one worker.
    fn new(plan: &Plan<'_>) -> Self;
    /// The row.
    fn layout(plan: &Plan<'_>) -> Layout;
    /// The fans and sums.
    fn series(plan: &Plan<'_>) -> SeriesLayout;
    /// Runs one replication into a cleared sink.
    ///
    /// # Errors
    /// As [`Replicator::replicate`].
    fn replicate(
        &mut self,
        replicator: &mut Replicator<'_>,
        replication: u32,
        sink: &mut Sink,
    ) -> Result<Run, EngineError>;
}

/// A grid without mining: adequacy alone, at the grain of shortages, and what is in store.
#[derive(Debug, Clone)]
pub struct GridEnsemble {
    recorders: (Adequacy, Stores),
    demand: GridDemand,
    series: SeriesLayout,
}

impl Ensemble for GridEnsemble {
    fn new(plan: &Plan<'_>) -> Self {
        Self {
            recorders: (Adequacy::new(plan), Stores::new(plan)),
            demand: GridDemand::new(plan),
            series: SeriesLayout::of_grid(plan),
        }
    }

    fn layout(plan: &Plan<'_>) -> Layout {
        let mut layout = Layout::default();
        Adequacy::describe(plan, &mut layout);
        Stores::describe(plan, &mut layout);
        layout
    }

    fn series(plan: &Plan<'_>) -> SeriesLayout {
        SeriesLayout::of_grid(plan)
    }

    fn replicate(
        &mut self,
        replicator: &mut Replicator<'_>,
        replication: u32,
        sink: &mut Sink,
    ) -> Result<Run, EngineError> {
        sink.clear();
        let run = replicator.replicate(replication, &mut self.recorders, &mut sink.row)?;
        let (adequacy, stores) = &self.recorders;
        adequacy.close_hours(&mut sink.shortages);
        self.demand
            .close(replicator.view(), &self.series.shortages, sink);
        self.series.fill_grid(stores, sink);
        Ok(run)
    }
}

/// Mining on a grid: adequacy, hashrate by cause with and without the event, strain, and what
/// an observer of blocks would have seen.
#[derive(Debug, Clone)]
pub struct MiningEnsemble {
    recorders: (Adequacy, Hashrate, (Strain, Stores)),
    twin: Hashrate,
    observed: Observed,
    blocks: BlockPath,
    consequences: Consequences,
    observers: Observers,
    series: SeriesLayout,
}

impl Ensemble for MiningEnsemble {
    fn new(plan: &Plan<'_>) -> Self {
        Self {
            recorders: (
                Adequacy::new(plan),
                Hashrate::new(plan),
                (Strain::new(plan), Stores::new(plan)),
            ),
            twin: Hashrate::new(plan),
            observed: Observed::new(plan),
            blocks: BlockPath::new(plan),
            consequences: Consequences::new(plan),
            observers: Observers::new(plan),
            series: SeriesLayout::of_mining(plan),
        }
    }

    fn layout(plan: &Plan<'_>) -> Layout {
        let mut layout = Layout::default();
        Adequacy::describe(plan, &mut layout);
        Hashrate::describe(plan, &mut layout);
        Strain::describe(plan, &mut layout);
        Stores::describe(plan, &mut layout);
        Hashrate::describe_difference(plan, &mut layout);
        Observed::describe(plan, &mut layout);
        blocks::describe(plan, &mut layout);
        Consequences::describe(plan, &mut layout);
        Observers::describe(plan, &mut layout);
        layout
    }

    fn series(plan: &Plan<'_>) -> SeriesLayout {
        SeriesLayout::of_mining(plan)
    }

    fn replicate(
        &mut self,
        replicator: &mut Replicator<'_>,
        replication: u32,
        sink: &mut Sink,
    ) -> Result<Run, EngineError> {
        sink.clear();
        let run = replicator.replicate_paired(
            replication,
            &mut self.recorders,
            &mut self.twin,
            &mut sink.row,
        )?;
        let (adequacy, hashrate, (strain, stores)) = &self.recorders;
        adequacy.close_hours(&mut sink.shortages);
        demand::close_mining(strain, &self.series.shortages, sink);
        hashrate.close_difference(&self.twin, replicator.view(), &mut sink.row);
        let view = replicator.view();
        self.blocks.find(hashrate, view);
        self.observed.close(hashrate, &self.blocks, view, sink);
        blocks::close(&self.blocks, view, sink);
        self.consequences
            .close((hashrate, &self.twin), &self.blocks, view, sink);
        self.observers.close(hashrate, &self.blocks, view, sink);
        self.series.fill(
            replicator.view(),
            hashrate,
            &self.twin,
            (strain, stores),
            sink,
        );
        Ok(run)
    }
}
