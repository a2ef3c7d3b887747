//! The threads of an experiment: piece after piece is taken, until all are done or one fails.

use super::failure::Failure;
use super::{Control, ExperimentError, Progress};
use rayon::ThreadPoolBuilder;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// What the threads of one experiment share, whatever they simulate.
pub(super) struct Crew<'a> {
    control: &'a Control<'a>,
    /// Replications in all.
    total: u64,
    done: AtomicU64,
    done_before: u64,
    finished: AtomicUsize,
    begun: Instant,
    failure: Failure,
}

impl<'a> Crew<'a> {
    /// A crew that has `done` of `total` replications behind it.
    pub fn new(control: &'a Control<'a>, done: u64, total: u64) -> Self {
        let crew = Self {
            control,
            total,
            done: AtomicU64::new(done),
            done_before: done,
            finished: AtomicUsize::new(0),
            begun: Instant::now(),
            failure: Failure::default(),
        };
        crew.tell(0);
        crew
    }

    /// Goes through the pieces on so many threads. Each thread makes itself a worker; `each`
    /// does a piece, and returns false where it was told to stop.
    ///
    /// # Errors
    /// Where there are no threads. What goes wrong with a piece is kept, see [`Crew::end`].
    pub fn work<P: Sync, W>(
        &self,
        jobs: usize,
        pieces: &[P],
        make: impl Fn() -> W + Sync,
        each: impl Fn(&mut W, &P) -> Result<bool, ExperimentError> + Sync,
    ) -> Result<(), ExperimentError> {
        if pieces.is_empty() {
            return Ok(());
        }
        let jobs = jobs.clamp(1, pieces.len());
        let pool = ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|error| ExperimentError::Threads(error.to_string()))?;
        let next = AtomicUsize::new(0);
        let labour = || {
            let mut worker = make();
            while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                match each(&mut worker, piece) {
                    Ok(true) => {
                        self.finished.fetch_add(1, Ordering::Release);
                    }
                    Ok(false) => return,
                    Err(error) => return self.failure.keep(error),
                }
            }
        };
        pool.scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|_| labour());
            }
        });
        Ok(())
    }

    /// Whether to stop after the replication at hand.
    pub fn must_stop(&self) -> bool {
        self.control.stop.load(Ordering::Relaxed) || self.failure.met()
    }

    /// Tells the caller that `more` replications were simulated.
    pub fn tell(&self, more: u64) {
        let done = self.done.fetch_add(more, Ordering::Relaxed) + more;
        let seconds = self.begun.elapsed().as_secs_f64();
        let simulated = (done - self.done_before) as f64;
        (self.control.progress)(Progress {
            done,
            total: self.total,
            rate: if simulated > 0.0 && seconds > 0.0 {
                simulated / seconds
            } else {
                0.0
            },
        });
    }

    /// How many pieces were finished.
    pub fn finished(&self) -> usize {
        self.finished.load(Ordering::Acquire)
    }

    /// The first failure, if any.
    ///
    /// # Errors
    /// That failure.
    pub fn end(self) -> Result<(), ExperimentError> {
        self.failure.into_result()
    }
}
