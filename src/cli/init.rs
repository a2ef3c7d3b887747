//! `hashfall init`: a scenario to start from.

use super::talk::Talk;
use super::{Exit, Failure};
use crate::scenario::starter;
use crate::store::write_new;
use std::path::Path;

pub(super) fn init(file: &Path) -> Result<Exit, Failure> {
    write_new(file, starter().as_bytes())?;
    let file = file.display();
    Talk::Normal.say(&format!("wrote {file}; try: hashfall run {file}"));
    Ok(Exit::Done)
}
