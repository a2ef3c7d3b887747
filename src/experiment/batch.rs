//! Many replications: the work shared out, its blocks written, its totals kept.

use super::ranges::{Piece, Work, work};
use super::total::{Schedule, Total};
use super::worker::{Shape, Worker};
use super::{Columns, ExperimentError, Results, failure::Failure};
use crate::engine::Plan;
use crate::measure::{Ensemble, Layout, SeriesLayout};
use crate::store::{
    Block, Identity, ReplicationRange, StoreError, create_folder, list_blocks, read_block,
    remove_block, remove_leftovers, write_block,
};
use rayon::ThreadPoolBuilder;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What is to be run, and where its blocks lie.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Folder of the blocks of this identity; see [`super::block_folder`].
    pub folder: &'a Path,
    /// To which run the blocks belong.
    pub identity: &'a Identity,
    /// Replications 0 to this, exclusive.
    pub replications: u32,
    /// Threads, at least one. They change no bit.
    pub jobs: usize,
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

/// Runs what is missing of the replications `0..task.replications`.
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
    let crew = Crew {
        plan,
        task,
        control,
        shape: Shape::of(&layout, &series),
        pieces: &work.simulated,
        next: AtomicUsize::new(0),
        finished: AtomicUsize::new(0),
        done: AtomicU64::new(done),
        done_before: done,
        begun: Instant::now(),
        failure: Failure::default(),
        total: total.map(|total| Mutex::new((total, Schedule::new()))),
    };
    crew.tell(0);
    if !work.simulated.is_empty() {
        let jobs = task.jobs.clamp(1, work.simulated.len());
        let pool = ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|error| ExperimentError::Threads(error.to_string()))?;
        pool.scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|_| crew.labour::<E>());
            }
        });
    }
    let finished = crew.finished.into_inner();
    let total = crew
        .total
        .map(|total| total.into_inner().unwrap_or_else(PoisonError::into_inner).0);
    // Also after a failure: what is finished shall count.
    let written = match &total {
        Some(total) if finished > 0 => total.write(task.folder, task.identity),
        _ => Ok(()),
    };
    crew.failure.into_result()?;
    written?;
    if finished < work.simulated.len() {
        let pieces: u64 = work
            .simulated
            .iter()
            .map(|piece| u64::from(piece.range.count))
            .sum();
        let all = done + pieces;
        let on_disk = list_blocks(task.folder)?;
        let below = on_disk.iter().filter(|range| range.first < all);
        let done = below.map(|range| u64::from(range.count)).sum();
        return Ok(Outcome::Stopped { done, total: all });
    }
    let pieces = work.simulated.iter().map(|piece| piece.range);
    let mut ranges: Vec<ReplicationRange> = work.kept.iter().copied().chain(pieces).collect();
    ranges.sort();
    let simulated = u64::from(task.replications) - done;
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

/// Looks at what is there.
fn survey(
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
    let n = u64::from(task.replications);
    if !Total::is_needed(series) {
        return Ok((work(&disk, None, n), None));
    }
    let total = Total::read(task.folder, task.identity, series)?;
    let total = total.unwrap_or_else(|| Total::new(series));
    let work = work(&disk, Some(&total.ranges), n);
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

/// What the threads of one run share.
struct Crew<'a> {
    plan: &'a Plan<'a>,
    task: &'a Task<'a>,
    control: &'a Control<'a>,
    shape: Shape,
    pieces: &'a [Piece],
    next: AtomicUsize,
    finished: AtomicUsize,
    done: AtomicU64,
    done_before: u64,
    begun: Instant,
    failure: Failure,
    total: Option<Mutex<(Total, Schedule)>>,
}

impl Crew<'_> {
    /// One thread's life: piece after piece.
    fn labour<E: Ensemble>(&self) {
        let mut worker = Worker::<E>::new(self.plan, self.shape);
        while let Some(piece) = self.pieces.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            match self.piece(&mut worker, *piece) {
                Ok(true) => {
                    self.finished.fetch_add(1, Ordering::Release);
                }
                Ok(false) => return,
                Err(error) => return self.failure.keep(error),
            }
        }
    }

    fn must_stop(&self) -> bool {
        self.control.stop.load(Ordering::Relaxed) || self.failure.met()
    }

    /// Simulates a piece and puts it away; false where it was told to stop.
    fn piece<E: Ensemble>(
        &self,
        worker: &mut Worker<'_, E>,
        piece: Piece,
    ) -> Result<bool, ExperimentError> {
        let (must_stop, tell) = (|| self.must_stop(), |more| self.tell(more));
        let Some(block) = worker.simulate(piece.range, must_stop, tell)? else {
            return Ok(false);
        };
        let Block { range, .. } = block;
        write_block(self.task.folder, self.task.identity, &block)?;
        if let Some(total) = self.total.as_ref().filter(|_| !piece.is_counted) {
            let mut held = total.lock().unwrap_or_else(PoisonError::into_inner);
            let (total, schedule) = &mut *held;
            total.add(range, &worker.part);
            if schedule.is_due() {
                let begun = Instant::now();
                total.write(self.task.folder, self.task.identity)?;
                schedule.written(begun);
            }
        }
        Ok(true)
    }

    /// Tells the caller that `more` replications were simulated.
    fn tell(&self, more: u64) {
        let done = self.done.fetch_add(more, Ordering::Relaxed) + more;
        let seconds = self.begun.elapsed().as_secs_f64();
        let simulated = (done - self.done_before) as f64;
        (self.control.progress)(Progress {
            done,
            total: u64::from(self.task.replications),
            rate: if simulated > 0.0 && seconds > 0.0 {
                simulated / seconds
            } else {
                0.0
            },
        });
    }
}
