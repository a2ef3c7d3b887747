//! `hashfall schema`: the JSON Schema of scenario files, for editors.

use super::talk::print;
use super::{Exit, Failure};
use crate::scenario::json_schema;

pub(super) fn schema() -> Result<Exit, Failure> {
    let schema = serde_json::to_string_pretty(&json_schema());
    let schema = schema.map_err(|error| Failure::RunTime(error.to_string()))?;
    print(&format!("{schema}\n"))?;
    Ok(Exit::Done)
}
