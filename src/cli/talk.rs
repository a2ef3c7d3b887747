//! How much is said on stderr, and whether in colour.

use std::io::{IsTerminal, Write, stderr};

/// How much the user wants to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Talk {
    /// Errors alone.
    Quiet,
    /// What was done, and where it is.
    #[default]
    Normal,
    /// And what it cost.
    Verbose,
}

impl Talk {
    /// Says a line, unless quiet.
    pub fn say(self, text: &str) {
        if self >= Self::Normal {
            line(text);
        }
    }

    /// Says a line to those who want to know more.
    pub fn detail(self, text: &str) {
        if self >= Self::Verbose {
            line(text);
        }
    }
}

/// A line on stderr; if nobody listens, that is no reason to stop.
fn line(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Whether colours make sense on stderr: a terminal, and nobody said no (<https://no-color.org>).
pub fn stderr_takes_colour() -> bool {
    let said = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let dumb = said("TERM").is_some_and(|term| term == "dumb");
    stderr().is_terminal() && said("NO_COLOR").is_none() && !dumb
}

/// Prints data on stdout. A reader that has seen enough (`| head`) is no error.
///
/// # Errors
/// Any other trouble with stdout.
pub fn print(text: &str) -> Result<(), super::Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(
            super::Failure::RunTime(format!("cannot write to stdout: {error}")),
        ),
        _ => Ok(()),
    }
}
