//! Why an experiment could not go on.

use crate::engine::EngineError;
use crate::store::StoreError;

/// An error of a run. What was finished before it stays on disk.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// The disk, or what is on it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A replication that could not be completed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A defect of the program met inside a replication.
    #[error(
        "replication {replication} (seed {seed}) met a defect of the program: {message}; \
         nothing of its block was kept; please report it with the scenario"
    )]
    Panicked {
        /// The replication.
        replication: u32,
        /// Study seed.
        seed: u64,
        /// What the program said.
        message: String,
    },
    /// A recorder closed with more or fewer numbers than its layout names.
    #[error(
        "replication {replication} (seed {seed}) met a defect of the program: {found} {what} \
         recorded instead of {expected}; please report it with the scenario"
    )]
    OtherShape {
        /// The replication.
        replication: u32,
        /// Study seed.
        seed: u64,
        /// Which numbers.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// The operating system gave no threads.
    #[error("no threads for the work: {0}; try fewer with --jobs")]
    Threads(String),
}

impl ExperimentError {
    /// A stable code for scripts and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Engine(EngineError::Calibration { .. }) => "engine::calibration",
            Self::Engine(EngineError::Storm { .. }) => "engine::storm",
            Self::Panicked { .. } => "experiment::panicked",
            Self::OtherShape { .. } => "experiment::other_shape",
            Self::Threads(_) => "experiment::threads",
        }
    }

    /// The replication that failed, if one did.
    pub fn replication(&self) -> Option<u32> {
        match self {
            Self::Engine(
                EngineError::Calibration { replication, .. }
                | EngineError::Storm { replication, .. },
            )
            | Self::Panicked { replication, .. }
            | Self::OtherShape { replication, .. } => Some(*replication),
            Self::Store(_) | Self::Threads(_) => None,
        }
    }
}
