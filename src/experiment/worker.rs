//! One thread's room: everything it needs for one replication after another.

use super::ExperimentError;
use super::demand::DemandPart;
use super::total::Part;
use crate::engine::{Plan, Replicator, Run};
use crate::measure::{Ensemble, Layout, SeriesLayout, Sink};
use crate::stats::CellMoments;
use crate::store::{Block, ReplicationRange};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Stored beside the slots of a row: events and refreshes of the replication.
pub(super) const EXTRA_COLUMNS: usize = 2;

/// One replication, as it was recorded.
#[derive(Debug, Clone)]
pub struct Row {
    /// What its recorders closed with: the row, the codes of the fans, the values of the sums.
    pub sink: Sink,
    /// What it cost.
    pub run: Run,
}

/// How many numbers a replication closes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub slots: usize,
    pub hourly: usize,
    pub daily: usize,
    pub sums: usize,
    /// Numbers of energy demanded by month and hour of day.
    pub demand: usize,
}

impl Shape {
    pub fn of(layout: &Layout, series: &SeriesLayout) -> Self {
        Self {
            slots: layout.slots.len(),
            hourly: series.hours * series.hourly.len(),
            daily: series.days * series.daily.len(),
            sums: series.hours * series.sums.len(),
            demand: series.shortages.demand_places(),
        }
    }

    /// Columns of a block.
    pub fn columns(&self) -> usize {
        self.slots + EXTRA_COLUMNS
    }
}

/// Replications between two reports of progress.
pub(super) const STRIDE: u64 = 32;

/// A worker of any recorders, of which only the rows are wanted: one point of a sweep.
pub(super) trait RowWorker<'p> {
    /// What draws and runs replications.
    fn replicator(&mut self) -> &mut Replicator<'p>;
    /// Empties the room for a new range.
    fn begin(&mut self);
    /// One replication, its row kept.
    fn record(&mut self, replication: u32) -> Result<(), ExperimentError>;
    /// The rows of the range as a block.
    fn block(&self, range: ReplicationRange) -> Block;
}

impl<'p, E: Ensemble> RowWorker<'p> for Worker<'p, E> {
    fn replicator(&mut self) -> &mut Replicator<'p> {
        &mut self.replicator
    }
    fn begin(&mut self) {
        Worker::begin(self);
    }
    fn record(&mut self, replication: u32) -> Result<(), ExperimentError> {
        Worker::record(self, replication)
    }
    fn block(&self, range: ReplicationRange) -> Block {
        Worker::block(self, range)
    }
}

/// Room for replications of one plan, and for the block they make.
pub(super) struct Worker<'p, E> {
    plan: &'p Plan<'p>,
    shape: Shape,
    replicator: Replicator<'p>,
    ensemble: E,
    sink: Sink,
    columns: Vec<Vec<i64>>,
    /// What the range at hand adds to the totals.
    pub part: Part,
}

impl<'p, E: Ensemble> Worker<'p, E> {
    pub fn new(plan: &'p Plan<'p>, shape: Shape) -> Self {
        Self {
            plan,
            shape,
            replicator: Replicator::new(plan),
            ensemble: E::new(plan),
            sink: Sink::default(),
            columns: vec![Vec::new(); shape.columns()],
            part: Part {
                sums: CellMoments::new(shape.sums),
                demand: DemandPart::new(shape.demand),
                ..Part::default()
            },
        }
    }

    /// Simulates a range; `None` where it was told to stop. What it adds to the totals is in the
    /// worker's `part` until the next.
    pub fn simulate(
        &mut self,
        range: ReplicationRange,
        must_stop: impl Fn() -> bool,
        tell: impl Fn(u64),
    ) -> Result<Option<Block>, ExperimentError> {
        self.begin();
        let mut untold = 0;
        for replication in range.first..range.end() {
            if must_stop() {
                return Ok(None);
            }
            self.record(replication as u32)?;
            let (part, sink) = (&mut self.part, &self.sink);
            part.hourly.extend_from_slice(&sink.hourly);
            part.daily.extend_from_slice(&sink.daily);
            part.sums.add_each(&sink.sums);
            part.shortages.extend(&sink.shortages);
            part.demand.count(&sink.demand);
            untold += 1;
            if untold == STRIDE {
                tell(untold);
                untold = 0;
            }
        }
        self.part.demand.settle();
        tell(untold);
        Ok(Some(self.block(range)))
    }

    /// Empties the room for a new range.
    fn begin(&mut self) {
        self.columns.iter_mut().for_each(Vec::clear);
        let part = &mut self.part;
        part.hourly.clear();
        part.daily.clear();
        part.sums.clear();
        part.shortages.clear();
        part.demand.clear();
    }

    /// One replication, its row kept in the columns.
    fn record(&mut self, replication: u32) -> Result<(), ExperimentError> {
        let run = self.replicate(replication)?;
        let row = self.sink.row.iter().copied();
        let extra = [run.events as i64, run.refreshes as i64];
        for (column, value) in self.columns.iter_mut().zip(row.chain(extra)) {
            column.push(value);
        }
        Ok(())
    }

    /// The rows of the range as a block.
    fn block(&self, range: ReplicationRange) -> Block {
        let columns = self.columns.clone();
        Block { range, columns }
    }

    /// One replication into the sink; a panic inside becomes an error that names it.
    fn replicate(&mut self, replication: u32) -> Result<Run, ExperimentError> {
        let seed = self.plan.system.seed;
        let (ensemble, replicator, sink) =
            (&mut self.ensemble, &mut self.replicator, &mut self.sink);
        // After a panic the worker is never used again, so that nothing sees what it left.
        let attempt = AssertUnwindSafe(|| ensemble.replicate(replicator, replication, sink));
        let run = match catch_unwind(attempt) {
            Ok(run) => run?,
            Err(payload) => {
                let message = message_of(payload.as_ref());
                return Err(ExperimentError::Panicked {
                    replication,
                    seed,
                    message,
                });
            }
        };
        let shapes = [
            ("numbers of the row", self.sink.row.len(), self.shape.slots),
            ("hourly codes", self.sink.hourly.len(), self.shape.hourly),
            ("daily codes", self.sink.daily.len(), self.shape.daily),
            ("hourly sums", self.sink.sums.len(), self.shape.sums),
        ];
        for (what, found, expected) in shapes {
            if found != expected {
                return Err(ExperimentError::OtherShape {
                    replication,
                    seed,
                    what,
                    found,
                    expected,
                });
            }
        }
        Ok(run)
    }
}

/// Runs one replication alone: the same row as in any batch.
///
/// # Errors
/// As the batch would meet in this replication.
pub fn replay<E: Ensemble>(plan: &Plan<'_>, replication: u32) -> Result<Row, ExperimentError> {
    let shape = Shape::of(&E::layout(plan), &E::series(plan));
    let mut worker = Worker::<E>::new(plan, shape);
    let run = worker.replicate(replication)?;
    Ok(Row {
        sink: worker.sink,
        run,
    })
}

/// The words of a panic.
fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
