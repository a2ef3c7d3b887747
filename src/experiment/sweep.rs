//! Many points of one study: the loop over the points lies inside the replication.
//!
//! Points that look alike to draws ([`crate::engine::write_what_draws_see`]) have each future drawn
//! once, whatever their number. Every point keeps its blocks in a folder of its own identity, as a run of that point alone
//! would: so whatever set of points a sweep has, and however they are put into groups, a block
//! holds the same bytes, and what is there counts. Paired differences are taken from the blocks.

use super::crew::Crew;
use super::ranges::work;
use super::worker::{RowWorker, STRIDE, Shape, Worker};
use super::{Control, ExperimentError, Study};
use crate::engine::{Plan, write_what_draws_see};
use crate::measure::{Ensemble, GridEnsemble, MiningEnsemble};
use crate::store::{
    Identity, ReplicationRange, create_folder, list_blocks, read_block, remove_block,
    remove_leftovers, write_block,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// One point.
#[derive(Debug)]
pub struct Point<'a> {
    /// What is simulated.
    pub plan: &'a Plan<'a>,
    /// To which run its blocks belong.
    pub identity: Identity,
    /// Folder of its blocks.
    pub folder: PathBuf,
}

/// What of a group of points is to be run.
#[derive(Debug, Clone, Copy)]
pub struct SweepTask {
    /// Replications of each point: 0 to this, exclusive.
    pub replications: u32,
    /// Threads, at least one. They change no bit.
    pub jobs: usize,
    /// Replications of groups before this one, for the progress.
    pub done_before: u64,
    /// Replications of all groups, for the progress.
    pub total: u64,
}

/// How a group of points ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepEnd {
    /// Every replication of every point is there; so many were simulated now.
    Finished {
        /// Replications times points.
        simulated: u64,
    },
    /// It was told to stop; finished blocks count when it goes on.
    Stopped,
}

/// A range of replications, and the points that lack it.
#[derive(Debug)]
struct Piece {
    range: ReplicationRange,
    points: Vec<usize>,
}

/// Runs what is missing of a group of points.
///
/// The caller holds the lock of the result. One thread takes a block of replications; for each
/// replication it goes through all points, so that they see the same futures one right after the
/// other.
///
/// # Errors
/// What the disk says; the error of the first replication that failed. Finished blocks stay.
pub fn sweep(
    points: &[Point<'_>],
    task: &SweepTask,
    control: &Control<'_>,
) -> Result<SweepEnd, ExperimentError> {
    let mut lacking: BTreeMap<ReplicationRange, Vec<usize>> = BTreeMap::new();
    for (number, point) in points.iter().enumerate() {
        for range in missing(point, task.replications)? {
            lacking.entry(range).or_default().push(number);
        }
    }
    let pieces: Vec<Piece> = lacking
        .into_iter()
        .map(|(range, points)| Piece { range, points })
        .collect();
    let simulated: u64 = pieces
        .iter()
        .map(|piece| u64::from(piece.range.count) * piece.points.len() as u64)
        .sum();
    let all = u64::from(task.replications) * points.len() as u64;
    let kinds = kinds(points);
    let crew = Crew::new(control, task.done_before + all - simulated, task.total);
    crew.work(
        task.jobs,
        &pieces,
        || points.iter().map(|point| worker(point.plan)).collect(),
        |workers: &mut Vec<Box<dyn RowWorker<'_> + '_>>, piece| {
            simulate(&crew, (points, &kinds), workers, piece)
        },
    )?;
    let finished = crew.finished();
    crew.end()?;
    Ok(if finished < pieces.len() {
        SweepEnd::Stopped
    } else {
        SweepEnd::Finished { simulated }
    })
}

/// Room for one point, with the recorders that its system needs.
fn worker<'p>(plan: &'p Plan<'p>) -> Box<dyn RowWorker<'p> + 'p> {
    fn of<'p, E: Ensemble + 'p>(plan: &'p Plan<'p>) -> Box<dyn RowWorker<'p> + 'p> {
        let shape = Shape::of(&E::layout(plan), &E::series(plan));
        Box::new(Worker::<E>::new(plan, shape))
    }
    match Study::of(plan.system) {
        Study::Grid => of::<GridEnsemble>(plan),
        Study::Mining => of::<MiningEnsemble>(plan),
    }
}

/// A hash of what is written.
struct Hashed(Sha256);

impl fmt::Write for Hashed {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// For each point the first one that draws the same futures.
fn kinds(points: &[Point<'_>]) -> Vec<usize> {
    let mut firsts: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    let kind = |(number, point): (usize, &Point<'_>)| {
        let mut hash = Hashed(Sha256::new());
        match write_what_draws_see(point.plan.system, &mut hash) {
            Ok(()) => *firsts.entry(hash.0.finalize().into()).or_insert(number),
            // A hash takes everything; should it ever not, the point draws for itself.
            Err(_) => number,
        }
    };
    points.iter().enumerate().map(kind).collect()
}

/// The ranges that a point lacks; damaged blocks and those of another shape are removed.
fn missing(point: &Point<'_>, n: u32) -> Result<Vec<ReplicationRange>, ExperimentError> {
    create_folder(&point.folder)?;
    remove_leftovers(&point.folder)?;
    let (layout, series) = super::layout_of(point.plan);
    let columns = Shape::of(&layout, &series).columns();
    let mut disk = Vec::new();
    for range in list_blocks(&point.folder)? {
        match read_block(&point.folder, &point.identity, range) {
            Ok(block) if block.columns.len() == columns => disk.push(range),
            Ok(_) => remove_block(&point.folder, range)?,
            Err(error) if error.is_damage() => remove_block(&point.folder, range)?,
            Err(error) => return Err(error.into()),
        }
    }
    let work = work(&disk, None, (0, n.into()));
    for &range in &work.deleted {
        remove_block(&point.folder, range)?;
    }
    Ok(work.simulated.iter().map(|piece| piece.range).collect())
}

/// Simulates a piece and puts it away; false where it was told to stop.
fn simulate(
    crew: &Crew<'_>,
    (points, kinds): (&[Point<'_>], &[usize]),
    workers: &mut [Box<dyn RowWorker<'_> + '_>],
    piece: &Piece,
) -> Result<bool, ExperimentError> {
    for &number in &piece.points {
        workers[number].begin();
    }
    let mut untold = 0;
    // Of each kind the point that holds the futures.
    let mut holders = vec![None; points.len()];
    for replication in piece.range.first..piece.range.end() {
        holders.fill(None);
        for &number in &piece.points {
            if crew.must_stop() {
                return Ok(false);
            }
            let holder = holders[kinds[number]].replace(number);
            if let Some(holder) = holder
                && let Ok([this, other]) = workers.get_disjoint_mut([number, holder])
            {
                this.replicator().take_futures(other.replicator());
            }
            workers[number].record(replication as u32)?;
            untold += 1;
            if untold == STRIDE {
                crew.tell(untold);
                untold = 0;
            }
        }
    }
    crew.tell(untold);
    for &number in &piece.points {
        let point = &points[number];
        let block = workers[number].block(piece.range);
        write_block(&point.folder, &point.identity, &block)?;
    }
    Ok(true)
}
