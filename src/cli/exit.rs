//! How the program ends, and what each code means.

use crate::engine::EngineError;
use crate::experiment::{ExperimentError, ShardError};
use crate::report::ReportError;
use crate::scenario::Mistakes;
use crate::store::StoreError;
use std::process::ExitCode;

/// How the program ended, if not by a [`Failure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is done.
    Done,
    /// All is done, but a requested target was missed.
    Missed,
    /// Stopped by a signal after a checkpoint.
    Stopped(Signal),
}

/// A signal that stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// Asked to end.
    Terminate,
}

impl Signal {
    /// The exit code by the convention of shells: 128 plus the signal's number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Missed => Self::from(4),
            Exit::Stopped(signal) => Self::from(signal.code()),
        }
    }
}

/// Why the program could not do what it was told.
#[derive(Debug)]
pub enum Failure {
    /// At run time: the disk, an error of the engine. Exit code 1.
    RunTime(String),
    /// Arguments that do not fit together. Exit code 2, as for those that cannot be parsed.
    Usage(String),
    /// A scenario with mistakes, already rendered. Exit code 3.
    Scenario(String),
    /// Something is missing still, and what to do about it is said. Exit code 5.
    Incomplete(String),
}

impl Failure {
    /// The exit code.
    pub const fn code(&self) -> u8 {
        match self {
            Self::RunTime(_) => 1,
            Self::Usage(_) => 2,
            Self::Scenario(_) => 3,
            Self::Incomplete(_) => 5,
        }
    }

    /// Tells it on stderr.
    pub fn tell(&self) -> ExitCode {
        match self {
            Self::RunTime(text) | Self::Incomplete(text) => eprintln!("error: {text}"),
            Self::Usage(text) => eprintln!("error: {text}\n\nFor more information, try '--help'."),
            Self::Scenario(text) => eprint!("{text}"),
        }
        ExitCode::from(self.code())
    }

    /// A scenario's mistakes, in colour where the terminal takes it.
    pub fn of_mistakes(mistakes: &Mistakes) -> Self {
        Self::Scenario(mistakes.render(super::talk::stderr_takes_colour()))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::RunTime(error.to_string())
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        Self::RunTime(error.to_string())
    }
}

impl From<ShardError> for Failure {
    fn from(error: ShardError) -> Self {
        Self::RunTime(error.to_string())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::RunTime(error.to_string())
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        Self::RunTime(error.to_string())
    }
}
