//! `hashfall list`: the scenarios built into the program.

use super::talk::print;
use super::{Exit, Failure};
use crate::scenario::{Source, built_in, read};

pub(super) fn list() -> Result<Exit, Failure> {
    let mut text = String::new();
    for scenario in built_in() {
        let loaded = Source::built_in(scenario.name).map(|source| read(&source, &[]));
        let title = match loaded {
            Some(Ok(loaded)) => loaded.system.title,
            _ => String::new(),
        };
        text.push_str(&format!("{:<24}{title}\n", scenario.name));
    }
    print(&text)?;
    Ok(Exit::Done)
}
