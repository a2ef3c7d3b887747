//! What people type, and what they are told: one file per verb.
//!
//! May enter: arguments, signals, the terminal; every room below.
//! May not enter: numbers still to be computed. stdout is data, stderr is talk.
//!
//! Arguments are read as typed ([`arguments`]), then as meant ([`options`]); a verb does its work
//! and returns how it ended ([`Exit`]), which `main` makes the exit code.

pub mod arguments;
mod backtest;
mod batch;
mod check;
mod compare;
mod completions;
mod exact;
mod exit;
mod infer;
mod init;
mod list;
mod merge;
pub mod options;
mod precision;
mod progress;
mod replay;
mod report;
mod run;
mod scenario;
mod schema;
mod shard;
mod signal;
mod study;
mod sweep;
mod talk;

pub use exit::{Exit, Failure};

use arguments::{Arguments, Verb};

/// Does what was typed.
///
/// # Errors
/// Why it could not be done, with the exit code that says so.
pub fn perform(arguments: Arguments) -> Result<Exit, Failure> {
    match arguments.verb {
        Verb::Run(typed) => run::run(options::RunOptions::try_from(typed)?),
        Verb::Sweep(typed) => sweep::sweep(options::SweepOptions::try_from(typed)?),
        Verb::Backtest(typed) => backtest::backtest(options::BacktestOptions::try_from(typed)?),
        Verb::Compare(typed) => compare::compare(options::CompareOptions::try_from(typed)?),
        Verb::Merge(typed) => merge::merge(options::MergeOptions::from(typed)),
        Verb::Check(typed) => check::check(options::CheckOptions::try_from(typed)?),
        Verb::Exact(typed) => exact::exact(options::ExactOptions::try_from(typed)?),
        Verb::Infer(typed) => infer::infer(options::InferOptions::try_from(typed)?),
        Verb::Replay(typed) => replay::replay(options::ReplayOptions::try_from(typed)?),
        Verb::Report(typed) => report::report(options::ReportOptions::from(typed)),
        Verb::List => list::list(),
        Verb::Schema => schema::schema(),
        Verb::Init(typed) => init::init(&typed),
        Verb::Completions(typed) => completions::completions(typed.shell),
    }
}
