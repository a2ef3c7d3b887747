//! `hashfall completions`: for the shells that can complete.

use super::arguments::Arguments;
use super::talk::print;
use super::{Exit, Failure};
use clap::CommandFactory;
use clap_complete::{Shell, generate};

pub(super) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    generate(shell, &mut Arguments::command(), "hashfall", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
