//! Why a finished run could not be put on paper. The older result is in its place then.

use super::chart::PrintError;
use crate::engine::EngineError;
use crate::store::StoreError;

/// An error while a result was written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The disk, or what is on it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A replication whose story could not be told.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A figure that could not be printed.
    #[error("a figure could not be printed: {0}")]
    Print(#[from] PrintError),
    /// A file of a result that does not say what it should.
    #[error("{path} cannot be read as {what} ({reason}); run the scenario again with --fresh")]
    Unreadable {
        /// The file.
        path: String,
        /// What it should be.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Told to stop; nothing of it was kept.
    #[error("stopped while the result was being written; the older result is untouched")]
    Stopped,
}
