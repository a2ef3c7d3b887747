//! `hashfall init`: a scenario to start from.

use super::arguments::{Init, Template};
use super::talk::Talk;
use super::{Exit, Failure};
use crate::scenario::{EventTemplate, starter};
use crate::store::{StoreError, file_length, write_new};
use std::path::Path;

pub(super) fn init(typed: &Init) -> Result<Exit, Failure> {
    match &typed.template {
        None => place(&typed.file),
        Some(Template::Event { file }) => event(file),
    }
}

fn place(file: &Path) -> Result<Exit, Failure> {
    write_new(file, starter().as_bytes())?;
    let file = file.display();
    Talk::Normal.say(&format!("wrote {file}; try: hashfall run {file}"));
    Ok(Exit::Done)
}

/// A scenario, and beside it the counts of blocks that it is held against.
fn event(file: &Path) -> Result<Exit, Failure> {
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    let template = stem.and_then(EventTemplate::new).ok_or_else(|| {
        Failure::Usage(format!(
            "{} cannot name an event: its results and its CSV are named after it. Use letters, \
             digits, - and _, as my-event.toml",
            file.display()
        ))
    })?;
    let counts = file.with_file_name(&template.blocks_csv);
    // Neither of the two is written where either would be in the way of something.
    if file_length(&counts).is_some() {
        return Err(StoreError::Exists { path: counts }.into());
    }
    write_new(file, template.scenario.as_bytes())?;
    write_new(&counts, template.blocks.as_bytes())?;
    let (file, counts) = (file.display(), counts.display());
    Talk::Normal.say(&format!(
        "wrote {file} and {counts}, an invented event to be replaced; try: hashfall infer {file}"
    ));
    Ok(Exit::Done)
}
