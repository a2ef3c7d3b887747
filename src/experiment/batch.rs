//! Many replications: the work shared out, its blocks written, its totals kept.

use super::crew::Crew;
use super::ranges::{Piece, Work, work};
use super::total::{Schedule, Total};
use super::worker::{Shape, Worker};
use super::{Columns, ExperimentError, Results};
use crate::engine::Plan;
use crate::measure::{Ensemble, Layout, SeriesLayout};
use crate::store::{
    Identity, ReplicationRange, StoreError, create_folder, list_blocks, read_block, remove_block,
    remove_leftovers, write_block,
};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What is to be run, and where its blocks lie.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Folder of the blocks of this identity; see [`super::block_folder`].
    pub folder: &'a Path,
    /// To which run the blocks belong.
    pub identity: &'a Identity,
    /// The first replication: 0, but for a shard.
    pub first: u32,
    /// Replications up to this, exclusive.
    pub replications: u32,
    /// Threads, at least one. They change no bit.
    pub jobs: usize,
}

impl Task<'_> {
    /// The replications.
    fn span(&self) -> std::ops::Range<u64> {
        u64::from(self.first)..u64::from(self.replications)
    }

    /// How many they are.
    fn length(&self) -> u64 {
        u64::from(self.replications.saturating_sub(self.first))
    }
}

/// How a caller follows a run and stops it.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Set from elsewhere to stop after the replication at hand.
    pub stop: &'a AtomicBool,
    /// Called now and then, by any thread.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Replications done, those of earlier runs included.
    pub done: u64,
    /// Replications in all.
    pub total: u64,
    /// Replications a second in this run; 0 before the first.
    pub rate: f64,
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// Every replication is there.
    Finished {
        /// The results.
        results: Box<Results>,
        /// Replications simulated now, not read from blocks of earlier runs.
        simulated: u64,
    },
    /// It was told to stop; what is done is on disk and counts when it goes on.
    Stopped {
        /// Replications that count.
        done: u64,
        /// Replications in all.
        total: u64,
    },
}

/// Runs what is missing of the replications `task.first..task.replications`.
///
/// The caller holds the lock of the result. Blocks of earlier runs of the same identity count if
/// they are sound; see the room's page for what that means after an interruption.
///
/// # Errors
/// What the disk says; the error of the first replication that failed. Finished blocks stay.
pub fn run<E: Ensemble>(
    plan: &Plan<'_>,
    task: &Task<'_>,
    control: &Control<'_>,
) -> Result<Outcome, ExperimentError> {
    let (layout, series) = (E::layout(plan), E::series(plan));
    create_folder(task.folder)?;
    remove_leftovers(task.folder)?;
    let (work, total) = survey(task, &layout, &series)?;
    for &range in &work.deleted {
        remove_block(task.folder, range)?;
    }
    let done: u64 = work.kept.iter().map(|range| u64::from(range.count)).sum();
    let shape = Shape::of(&layout, &series);
    let held = total.map(|total| Mutex::new((total, Schedule::new())));
    let crew = Crew::new(control, done, task.length());
    crew.work(
        task.jobs,
        &work.simulated,
        || Worker::<E>::new(plan, shape),
        |worker, piece| simulate(&crew, task, held.as_ref(), worker, *piece),
    )?;
    let finished = crew.finished();
    let total = held.map(|total| total.into_inner().unwrap_or_else(PoisonError::into_inner).0);
    // Also after a failure: what is finished shall count.
    let written = match &total {
        Some(total) if finished > 0 => total.write(task.folder, task.identity),
        _ => Ok(()),
    };
    crew.end()?;
    written?;
    if finished < work.simulated.len() {
        let pieces: u64 = work
            .simulated
            .iter()
            .map(|piece| u64::from(piece.range.count))
            .sum();
        let all = done + pieces;
        let on_disk = list_blocks(task.folder)?;
        let within = on_disk
            .iter()
            .filter(|range| task.span().contains(&range.first));
        let done = within.map(|range| u64::from(range.count)).sum();
        return Ok(Outcome::Stopped { done, total: all });
    }
    let pieces = work.simulated.iter().map(|piece| piece.range);
    let mut ranges: Vec<ReplicationRange> = work.kept.iter().copied().chain(pieces).collect();
    ranges.sort();
    let simulated = task.length() - done;
    let results = assemble(task, layout, series, ranges, total)?;
    Ok(Outcome::Finished {
        results: Box::new(results),
        simulated,
    })
}

/// The results of a run that needs no more replication; `None` where some are missing.
///
/// # Errors
/// What the disk says.
pub fn finished<E: Ensemble>(
    plan: &Plan<'_>,
    task: &Task<'_>,
) -> Result<Option<Results>, ExperimentError> {
    let (layout, series) = (E::layout(plan), E::series(plan));
    let (work, total) = survey(task, &layout, &series)?;
    if !work.simulated.is_empty() {
        return Ok(None);
    }
    Ok(Some(assemble(task, layout, series, work.kept, total)?))
}

/// The per-replication numbers of the blocks on disk, without anything over time; `None` where a
/// block is missing. Unlike [`finished`] it takes no heed of what the totals hold, so that a part
/// of a longer run can be looked at.
///
/// # Errors
/// What the disk says.
pub fn peek<E: Ensemble>(
    plan: &Plan<'_>,
    task: &Task<'_>,
) -> Result<Option<Results>, ExperimentError> {
    let layout = E::layout(plan);
    let columns = Shape::of(&layout, &SeriesLayout::default()).columns();
    let mut next = task.span().start;
    let mut ranges = Vec::new();
    for range in list_blocks(task.folder)? {
        if !task.span().contains(&range.first) {
            continue;
        }
        let is_sound = || match read_block(task.folder, task.identity, range) {
            Ok(block) => Ok(block.columns.len() == columns),
            Err(error) if error.is_damage() => Ok(false),
            Err(error) => Err(error),
        };
        if range.first != next || range.end() > task.span().end || !is_sound()? {
            return Ok(None);
        }
        next = range.end();
        ranges.push(range);
    }
    if next != task.span().end {
        return Ok(None);
    }
    let series = SeriesLayout::default();
    Ok(Some(assemble(task, layout, series, ranges, None)?))
}

/// Looks at what is there.
pub(super) fn survey(
    task: &Task<'_>,
    layout: &Layout,
    series: &SeriesLayout,
) -> Result<(Work, Option<Total>), ExperimentError> {
    let columns = Shape::of(layout, series).columns();
    let mut disk = Vec::new();
    for range in list_blocks(task.folder)? {
        match read_block(task.folder, task.identity, range) {
            Ok(block) if block.columns.len() == columns => disk.push(range),
            // Damaged, or of another shape: what it held is simulated anew.
            Ok(_) => remove_block(task.folder, range)?,
            Err(error) if error.is_damage() => remove_block(task.folder, range)?,
            Err(error) => return Err(error.into()),
        }
    }
    let span = (u64::from(task.first), u64::from(task.replications));
    if !Total::is_needed(series) {
        return Ok((work(&disk, None, span), None));
    }
    let total = Total::read(task.folder, task.identity, series)?;
    let total = total.unwrap_or_else(|| Total::new(series));
    let work = work(&disk, Some(&total.ranges), span);
    let total = if work.keeps_totals {
        total
    } else {
        Total::new(series)
    };
    Ok((work, Some(total)))
}

/// Binds blocks and totals into results.
fn assemble(
    task: &Task<'_>,
    layout: Layout,
    series: SeriesLayout,
    ranges: Vec<ReplicationRange>,
    total: Option<Total>,
) -> Result<Results, StoreError> {
    let total = total.unwrap_or_else(|| Total::new(&series));
    let columns = Columns::new(
        task.folder.to_owned(),
        *task.identity,
        ranges,
        Shape::of(&layout, &series).columns(),
    );
    Results::new(layout, series, columns, total)
}

/// Simulates a piece and puts it away; false where it was told to stop.
fn simulate<E: Ensemble>(
    crew: &Crew<'_>,
    task: &Task<'_>,
    total: Option<&Mutex<(Total, Schedule)>>,
    worker: &mut Worker<'_, E>,
    piece: Piece,
) -> Result<bool, ExperimentError> {
    let (must_stop, tell) = (|| crew.must_stop(), |more| crew.tell(more));
    let Some(block) = worker.simulate(piece.range, must_stop, tell)? else {
        return Ok(false);
    };
    write_block(task.folder, task.identity, &block)?;
    if let Some(total) = total.filter(|_| !piece.is_counted) {
        let mut held = total.lock().unwrap_or_else(PoisonError::into_inner);
        let (total, schedule) = &mut *held;
        total.add(block.range, &worker.part);
        if schedule.is_due() {
            let begun = Instant::now();
            total.write(task.folder, task.identity)?;
            schedule.written(begun);
        }
    }
    Ok(true)
}
