//! The program: parse, perform, print, exit.

use clap::Parser;
use hashfall::cli::{arguments::Arguments, perform};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match perform(arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.tell(),
    }
}
