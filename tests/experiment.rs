//! The experiment from inside: failures within a replication, and the room it takes.

use hashfall::engine::{EngineError, Plan, Replicator, Run};
use hashfall::experiment::{
    Control, ExperimentError, Outcome, Progress, Results, Task, finished, identity, replay, run,
};
use hashfall::measure::{Ensemble, GridEnsemble, Layout, MiningEnsemble, SeriesLayout, Sink};
use hashfall::scenario::{Loaded, Source, read, starter};
use hashfall::stats::Moments;
use hashfall::store::{
    Block, Identity, list_blocks, read_block, read_snapshot, write_block, write_snapshot,
};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

fn starter_loaded() -> Loaded {
    read(&Source::text(starter()), &[])
        .unwrap_or_else(|mistakes| panic!("{}", mistakes.render(false)))
}

fn an_identity() -> Identity {
    identity(&[3; 32], 1, 1, 1)
}

fn task<'a>(folder: &'a Path, identity: &'a Identity, replications: u32, jobs: usize) -> Task<'a> {
    Task {
        folder,
        identity,
        first: 0,
        replications,
        jobs,
    }
}

fn begin<E: Ensemble>(plan: &Plan<'_>, task: &Task<'_>) -> Result<Outcome, ExperimentError> {
    let stop = AtomicBool::new(false);
    run::<E>(
        plan,
        task,
        &Control {
            stop: &stop,
            progress: &|_| {},
        },
    )
}

fn results(outcome: Outcome) -> Results {
    match outcome {
        Outcome::Finished { results, .. } => *results,
        Outcome::Stopped { done, total } => panic!("stopped after {done} of {total}"),
    }
}

/// Does what it is told in one replication, and otherwise as the real one.
struct Faulty<const REPLICATION: u32, const FAULT: u8>(MiningEnsemble);

const PANICS: u8 = 0;
const FAILS: u8 = 1;
const FORGETS: u8 = 2;

impl<const REPLICATION: u32, const FAULT: u8> Ensemble for Faulty<REPLICATION, FAULT> {
    fn new(plan: &Plan<'_>) -> Self {
        Self(MiningEnsemble::new(plan))
    }
    fn layout(plan: &Plan<'_>) -> Layout {
        MiningEnsemble::layout(plan)
    }
    fn series(plan: &Plan<'_>) -> SeriesLayout {
        MiningEnsemble::series(plan)
    }
    fn replicate(
        &mut self,
        replicator: &mut Replicator<'_>,
        replication: u32,
        sink: &mut Sink,
    ) -> Result<Run, EngineError> {
        let run = self.0.replicate(replicator, replication, sink)?;
        if replication == REPLICATION {
            match FAULT {
                PANICS => panic!("out of coal"),
                FAILS => {
                    return Err(EngineError::Calibration {
                        replication,
                        seed: 1,
                    });
                }
                _ => drop(sink.row.pop()),
            }
        }
        Ok(run)
    }
}

/// The failing replication is named, its block is not there, and once the fault is mended the
/// run goes on to the same numbers.
fn check_fault<E: Ensemble>(replication: u32, code: &str, words: &str) {
    let loaded = starter_loaded();
    let plan = Plan::new(&loaded.system);
    let (folder, identity) = (tempfile::tempdir().unwrap(), an_identity());
    let task = task(folder.path(), &identity, 700, 2);
    let error = begin::<E>(&plan, &task).unwrap_err();
    assert_eq!(
        (error.replication(), error.code()),
        (Some(replication), code)
    );
    let told = error.to_string();
    assert!(
        told.contains(&format!("replication {replication}")),
        "{told}"
    );
    assert!(told.contains("seed 1") && told.contains(words), "{told}");
    let block = folder
        .path()
        .join(format!("block-{:010}-256.bin", replication / 256 * 256));
    assert!(!block.exists(), "nothing of the block is kept");
    assert!(finished::<MiningEnsemble>(&plan, &task).unwrap().is_none());

    let mended = results(begin::<MiningEnsemble>(&plan, &task).unwrap());
    let apart = tempfile::tempdir().unwrap();
    let direct = Task {
        folder: apart.path(),
        ..task
    };
    let direct = results(begin::<MiningEnsemble>(&plan, &direct).unwrap());
    assert_eq!(mended.hourly, direct.hourly);
    assert_eq!(mended.daily, direct.daily);
    assert_eq!(mended.sums, direct.sums);
    assert_eq!(mended.run, direct.run);
    for slot in 0..mended.layout.slots.len() {
        assert_eq!(mended.slot(slot).unwrap(), direct.slot(slot).unwrap());
    }
}

#[test]
fn a_panic_names_seed_and_replication() {
    check_fault::<Faulty<300, PANICS>>(300, "experiment::panicked", "out of coal");
}

#[test]
fn an_error_of_the_engine_is_passed_on() {
    check_fault::<Faulty<0, FAILS>>(0, "engine::calibration", "widen the range");
}

#[test]
fn a_row_of_another_length_is_refused() {
    check_fault::<Faulty<699, FORGETS>>(699, "experiment::other_shape", "numbers of the row");
}

#[test]
fn totals_are_those_of_the_rows() {
    let loaded = starter_loaded();
    let plan = Plan::new(&loaded.system);
    let (folder, identity) = (tempfile::tempdir().unwrap(), an_identity());
    let n = 300;
    let task = task(folder.path(), &identity, n, 2);
    let results = results(begin::<MiningEnsemble>(&plan, &task).unwrap());
    assert_eq!(results.replications(), u64::from(n));
    assert_eq!(results.hourly.replications(), u64::from(n));
    let mut sums = vec![Moments::default(); results.sums.len()];
    let mut total = Run::default();
    let mut hourly = results.hourly.clone();
    let mut count = 0;
    let checked = results.each_row::<hashfall::store::StoreError>(|replication, stored| {
        let row = replay::<MiningEnsemble>(&plan, replication as u32).unwrap();
        assert_eq!(row.sink.row, stored, "replication {replication}");
        for (sum, value) in sums.iter_mut().zip(&row.sink.sums) {
            sum.add(*value);
        }
        hourly.add_row(&row.sink.hourly);
        total += row.run;
        count += 1;
        Ok(())
    });
    checked.unwrap();
    assert_eq!((count, total), (n, results.run));
    let n = results.replications();
    let kept: Vec<Moments> = (0..sums.len())
        .map(|cell| results.sums.moments(cell, n))
        .collect();
    assert_eq!(sums, kept);
    assert!(sums.iter().any(|sum| sum.variance() > 0.0));
    // Counted once more, every histogram has doubled.
    let mut twice = results.hourly.clone();
    twice.merge(&results.hourly).unwrap();
    assert_eq!(hourly, twice);
}

#[test]
fn progress_counts_to_the_end_and_a_stop_keeps_whole_blocks() {
    let loaded = starter_loaded();
    let plan = Plan::new(&loaded.system);
    let (folder, identity) = (tempfile::tempdir().unwrap(), an_identity());
    let task = task(folder.path(), &identity, 2000, 2);
    let stop = AtomicBool::new(false);
    let until_600 = |progress: Progress| {
        if progress.done >= 600 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let control = Control {
        stop: &stop,
        progress: &until_600,
    };
    let done = match run::<MiningEnsemble>(&plan, &task, &control).unwrap() {
        Outcome::Stopped { done, total } => {
            assert_eq!(total, 2000);
            done
        }
        Outcome::Finished { .. } => panic!("it did not stop"),
    };
    assert!(
        (256..1100).contains(&done) && done.is_multiple_of(256),
        "{done}"
    );
    // It goes on from there: what counts is not simulated again.
    let (first, last) = (Mutex::new(None), AtomicU64::new(0));
    let watch = |progress: Progress| {
        first.lock().unwrap().get_or_insert(progress.done);
        last.fetch_max(progress.done, Ordering::Relaxed);
    };
    let stop = AtomicBool::new(false);
    let control = Control {
        stop: &stop,
        progress: &watch,
    };
    match run::<MiningEnsemble>(&plan, &task, &control).unwrap() {
        Outcome::Finished { simulated, .. } => assert_eq!(simulated, 2000 - done),
        Outcome::Stopped { .. } => panic!("nobody stopped it"),
    }
    assert_eq!(first.into_inner().unwrap(), Some(done));
    assert_eq!(last.into_inner(), 2000);
}

/// What an older program left beside a result, with fewer numbers in a row or totals laid out
/// otherwise, is simulated anew and never misread.
#[test]
fn what_is_laid_out_otherwise_is_simulated_anew() {
    let source = Source::built_in("rts79-lfu").unwrap();
    let system = read(&source, &[]).unwrap().system;
    let plan = Plan::new(&system);
    let (folder, identity) = (tempfile::tempdir().unwrap(), an_identity());
    let task = task(folder.path(), &identity, 600, 2);
    let simulated_and_results = || match begin::<GridEnsemble>(&plan, &task).unwrap() {
        Outcome::Finished { results, simulated } => (simulated, *results),
        Outcome::Stopped { .. } => panic!("nobody stopped it"),
    };
    let (simulated, first) = simulated_and_results();
    assert_eq!(simulated, 600);
    assert_eq!(simulated_and_results().0, 0);
    let range = list_blocks(folder.path()).unwrap()[1];
    let Block { range, mut columns } = read_block(folder.path(), &identity, range).unwrap();
    columns.pop();
    let fewer = Block { range, columns };
    write_block(folder.path(), &identity, &fewer).unwrap();
    assert_eq!(simulated_and_results().0, u64::from(range.count));
    let path = folder.path().join("totals.bin");
    let mut totals = read_snapshot(&path, &identity).unwrap();
    // It begins with the number of its layout.
    totals.payload[0] -= 1;
    write_snapshot(&path, &identity, &totals).unwrap();
    let (simulated, again) = simulated_and_results();
    assert_eq!(simulated, 600);
    assert_eq!(again.short_hours, first.short_hours);
    assert_eq!(again.short_month_hours, first.short_month_hours);
    assert_eq!(again.short_pairs, first.short_pairs);
    assert_eq!(again.demand, first.demand);
    for slot in 0..first.layout.slots.len() {
        assert_eq!(again.slot(slot).unwrap(), first.slot(slot).unwrap());
    }
}
