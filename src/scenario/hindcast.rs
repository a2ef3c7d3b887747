//! A hindcast beside a forecast: the same scenario with what was learnt later.
//!
//! `[hindcast.set]` names keys as `--set` does, and what they are then. It takes effect where
//! `scenario.mode` is set to `hindcast` from outside (`--hindcast`); the scenario is then called
//! `NAME-hindcast`, so that neither result takes the other's place. In any other mode the table
//! has no effect on a number, and does not count among what decides them.

use super::mistake::{Finding, Place};
use super::node::{Kind, Node};
use super::overrides::apply_node;
use super::schema::Definitions;

/// What the name of a hindcast ends in.
const ENDING: &str = "-hindcast";
/// The override that asks for it.
pub const MODE: (&str, &str) = ("scenario.mode", "hindcast");

/// Whether overrides make a hindcast of a scenario that is none by itself.
fn is_asked_for(root: &Node, overrides: &[(String, String)]) -> bool {
    let last = overrides.iter().rfind(|(path, _)| path == MODE.0);
    let is_hindcast = last.is_some_and(|(_, value)| value.trim_matches('"') == MODE.1);
    is_hindcast && mode(root) != Some(MODE.1)
}

fn mode(root: &Node) -> Option<&str> {
    root.table()?.get("scenario")?.value.text_at("mode")
}

/// Whether a scenario has such a table.
pub(crate) fn is_offered(root: &Node) -> bool {
    root.table()
        .is_some_and(|table| table.contains_key("hindcast"))
}

/// Makes a hindcast of a scenario where the overrides ask for one; whether it did. Comes before
/// the overrides, so that they have the last word.
pub(crate) fn apply(
    root: &mut Node,
    overrides: &[(String, String)],
    definitions: &Definitions,
    findings: &mut Vec<Finding>,
) -> bool {
    if !is_asked_for(root, overrides) {
        return false;
    }
    let table = root.table().and_then(|table| table.get("hindcast"));
    let Some(written) = table.cloned() else {
        findings.push(Finding {
            place: beginning(root),
            key: "hindcast".to_owned(),
            wrong: "this scenario does not say what a hindcast knows".to_owned(),
            right: "[hindcast.set] with keys as of --set, as \"economics.hold_after\" = \
                    \"2022-01-21\"; without it leave out --hindcast"
                .to_owned(),
        });
        return false;
    };
    let set = written.value.table().and_then(|table| table.get("set"));
    for (path, entry) in set.and_then(|set| set.value.table()).into_iter().flatten() {
        apply_node(root, path, entry.key, &entry.value, definitions, findings);
    }
    rename(root);
    true
}

/// A place to point at where a table is missing.
fn beginning(root: &Node) -> Place {
    let study = root.table().and_then(|table| table.get("scenario"));
    study.map_or(root.place, |entry| entry.key)
}

/// Ends the name and the title, so that a reader knows them apart.
fn rename(root: &mut Node) {
    let study = root.table_mut().and_then(|table| table.get_mut("scenario"));
    let Some(study) = study.and_then(|entry| entry.value.table_mut()) else {
        return;
    };
    for (key, ending) in [("name", ENDING), ("title", " (hindcast)")] {
        if let Some(entry) = study.get_mut(key)
            && let Kind::Text(text) = &mut entry.value.kind
        {
            text.push_str(ending);
        }
    }
}

/// The name that stands in the file.
pub(crate) fn name_in_file(name: &str, is_hindcast: bool) -> &str {
    if is_hindcast {
        name.strip_suffix(ENDING).unwrap_or(name)
    } else {
        name
    }
}
