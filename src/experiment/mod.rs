//! Replications in bulk: blocks on all threads, stopped and resumed, and their results read back.
//!
//! May enter: a plan, a folder for blocks, how many threads; the only room that knows threads.
//! May not enter: words, tables and charts of a report; anything that lets a thread or the clock
//! reach a result.
//!
//! The unit of work is a [block](crate::store::Block) of up to 256 replications. It counts once
//! it is on disk. What is too large to keep per block (histograms of every hour) is kept in one
//! running total, written from time to time together with the list of the ranges it holds; after
//! an interruption a range counts if it is in both. Everything that adds up is an integer, so the
//! order in which threads finish, and where a run was stopped, change no bit.

pub mod backtest;
mod batch;
mod columns;
mod crew;
mod demand;
mod error;
mod failure;
mod folder;
mod ranges;
mod results;
mod shard;
mod sweep;
mod total;
mod worker;

pub use batch::{Control, Outcome, Progress, Task, finished, peek, run};
pub use columns::Columns;
pub use error::ExperimentError;
pub use folder::{SCHEME, block_folder, forget_all_others, forget_others, identity};
pub use ranges::BLOCK_LENGTH;
pub use results::Results;
pub use shard::{ShardError, ShardNumber, ShardRecord, gather, is_complete, scatter, shard_name};
pub use sweep::{Point, SweepEnd, SweepTask, sweep};
pub use worker::{Row, replay};

use crate::engine::Plan;
use crate::measure::{GridEnsemble, Layout, MiningEnsemble, SeriesLayout};
use crate::store::{Shard, StoreError};
use crate::system::System;

/// Which set of recorders a system needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Study {
    /// A grid without mining: adequacy.
    Grid,
    /// Mining on a grid.
    Mining,
}

impl Study {
    /// The study that fits a system.
    pub fn of(system: &System) -> Self {
        if system.farms.is_empty() && system.world.is_none() {
            Self::Grid
        } else {
            Self::Mining
        }
    }
}

/// Calls a function that is generic over the ensemble with the one that fits the system.
macro_rules! with_ensemble {
    ($plan:expr, $function:ident($($argument:expr),*)) => {
        match Study::of($plan.system) {
            Study::Grid => $function::<GridEnsemble>($($argument),*),
            Study::Mining => $function::<MiningEnsemble>($($argument),*),
        }
    };
}

/// Threads that can run at once here; one where nobody knows.
pub fn available_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Runs a task with the recorders that its system needs; see [`run`].
///
/// # Errors
/// As [`run`].
pub fn run_study(
    plan: &Plan<'_>,
    task: &Task<'_>,
    control: &Control<'_>,
) -> Result<Outcome, ExperimentError> {
    with_ensemble!(plan, run(plan, task, control))
}

/// The results of a task that needs no more replication; see [`finished`].
///
/// # Errors
/// As [`finished`].
pub fn finished_study(
    plan: &Plan<'_>,
    task: &Task<'_>,
) -> Result<Option<Results>, ExperimentError> {
    with_ensemble!(plan, finished(plan, task))
}

/// The per-replication numbers of a task's blocks; see [`peek`].
///
/// # Errors
/// As [`peek`].
pub fn peek_study(plan: &Plan<'_>, task: &Task<'_>) -> Result<Option<Results>, ExperimentError> {
    with_ensemble!(plan, peek(plan, task))
}

/// Binds a finished task into a shard; see [`gather`].
///
/// # Errors
/// As [`gather`].
pub fn gather_study(
    plan: &Plan<'_>,
    task: &Task<'_>,
    header: Vec<u8>,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Option<Shard>, ExperimentError> {
    with_ensemble!(plan, gather(plan, task, header, files))
}

/// Puts shards into the folder of a task; see [`scatter`].
///
/// # Errors
/// As [`scatter`].
pub fn scatter_study(
    plan: &Plan<'_>,
    task: &Task<'_>,
    next: impl Iterator<Item = Result<(ShardNumber, Shard), StoreError>>,
) -> Result<(), ShardError> {
    match Study::of(plan.system) {
        Study::Grid => scatter::<GridEnsemble>(plan, task, next),
        Study::Mining => scatter::<MiningEnsemble>(plan, task, next),
    }
}

/// One replication alone, with the recorders that its system needs; see [`replay`].
///
/// # Errors
/// As [`replay`].
pub fn replay_study(plan: &Plan<'_>, replication: u32) -> Result<Row, ExperimentError> {
    with_ensemble!(plan, replay(plan, replication))
}

/// What a row of this plan's study holds, and what its fans and sums are.
pub fn layout_of(plan: &Plan<'_>) -> (Layout, SeriesLayout) {
    fn both<E: crate::measure::Ensemble>(plan: &Plan<'_>) -> (Layout, SeriesLayout) {
        (E::layout(plan), E::series(plan))
    }
    with_ensemble!(plan, both(plan))
}
