//! `--set path=value`: keys changed from the command line.
//!
//! A path names tables by name, with `*` and `?` for several at once:
//! `farm.registered-*.compliance=0.7`, `zone.north.reserve_mw=0`, `inputs.share=0.15`. A name
//! with a dot is quoted: `pool."BTC.com".share`. A table without a name has its number, from 0.

use super::expand::{PROVENANCE, insert, moved};
use super::files::Files;
use super::mistake::{Finding, Place, suggestion};
use super::node::{Kind, Node, Table, parse};
use super::pattern::matches;
use super::schema::Definitions;

/// Applies one override to the tree.
pub(crate) fn apply(
    root: &mut Node,
    (path, value): (&str, &str),
    files: &mut Files,
    definitions: &Definitions,
    findings: &mut Vec<Finding>,
) {
    let text = format!("{path}={value}");
    let source = files.keep_override(text.clone());
    let place = Place {
        source,
        start: 0,
        end: path.len(),
    };
    let value_place = Place {
        source,
        start: (path.len() + 1).min(text.len()),
        end: text.len(),
    };
    let node = value_node(value, value_place);
    apply_node(root, path, place, &node, definitions, findings);
}

/// Applies an override whose value is a node already.
pub(crate) fn apply_node(
    root: &mut Node,
    path: &str,
    place: Place,
    node: &Node,
    definitions: &Definitions,
    findings: &mut Vec<Finding>,
) {
    let mut wrong = |wrong: String, right: String| {
        findings.push(Finding {
            place,
            key: path.to_owned(),
            wrong,
            right,
        });
    };
    let segments = match segments(path) {
        Some(segments) if segments.iter().all(|segment| !segment.is_empty()) => segments,
        _ => {
            wrong(
                format!("{path:?} is not a path of keys"),
                "as in zone.north.reserve_mw=0".to_owned(),
            );
            return;
        }
    };
    let known = definitions
        .root()
        .get("properties")
        .and_then(|all| all.as_object());
    let Some(kind) = known.and_then(|all| all.get(&segments[0])) else {
        let keys = known.into_iter().flatten().map(|(key, _)| key.as_str());
        wrong(
            format!("unknown key `{}`", segments[0]),
            suggestion(&segments[0], keys),
        );
        return;
    };
    let Some(table) = root.table() else { return };
    let existing = table.get(&segments[0]).map(|entry| &entry.value);
    if kind.get("type").is_some_and(|kind| kind == "array") && existing.is_none() {
        wrong(
            "nothing in the scenario has this path".to_owned(),
            format!("the scenario has no [[{}]]", segments[0]),
        );
        return;
    }
    if let ("inputs", Some(name)) = (segments[0].as_str(), segments.get(1)) {
        let names: Vec<&str> = existing
            .and_then(Node::table)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        if !names.iter().any(|known| matches(name, known)) {
            wrong(
                "nothing in the scenario has this path".to_owned(),
                suggestion(name, names),
            );
            return;
        }
    }
    if let Err(right) = set(root, &segments, place, node) {
        wrong("nothing in the scenario has this path".to_owned(), right);
    }
}

/// Sets a path within a list or table; what would be right where nothing matches.
fn set(node: &mut Node, path: &[String], place: Place, value: &Node) -> Result<(), String> {
    let Some((first, rest)) = path.split_first() else {
        *node = value.clone();
        return Ok(());
    };
    match &mut node.kind {
        Kind::Array(items) => {
            let label = |index: usize, item: &Node| {
                item.text_at("name")
                    .map_or_else(|| index.to_string(), str::to_owned)
            };
            let labels: Vec<String> = items
                .iter()
                .enumerate()
                .map(|(index, item)| label(index, item))
                .collect();
            let mut hits = 0;
            for (item, label) in items.iter_mut().zip(&labels) {
                if matches(first, label) {
                    hits += 1;
                    set(item, rest, place, value)?;
                }
            }
            if hits == 0 {
                return Err(suggestion(first, labels.iter().map(String::as_str)));
            }
            Ok(())
        }
        Kind::Table(table) => {
            let names: Vec<String> = table
                .keys()
                .filter(|key| matches(first, key))
                .cloned()
                .collect();
            if names.is_empty() {
                // The check against the schema knows whether the key may stand here.
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                insert(table, &path, place, value.clone());
                return Ok(());
            }
            for name in names {
                if let Some(entry) = table.get_mut(&name) {
                    entry.key = place;
                    match (rest.is_empty(), entry.value.table()) {
                        // A word, as "never", takes the place of a distribution.
                        (true, Some(old))
                            if is_distribution(old)
                                && value.table().is_none()
                                && value.text().is_none() =>
                        {
                            entry.value = fixed(old, place, value);
                        }
                        _ => set(&mut entry.value, rest, place, value)?,
                    }
                }
            }
            Ok(())
        }
        _ => {
            let mut table = Table::new();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            insert(&mut table, &path, place, value.clone());
            *node = Node {
                place,
                kind: Kind::Table(table),
            };
            Ok(())
        }
    }
}

/// What is written at a path, where all that it means hold the same.
pub(crate) fn value_at(root: &Node, path: &str) -> Option<String> {
    let segments = segments(path)?;
    let mut found = Vec::new();
    find(root, &segments, &mut found);
    let written = |node: &&Node| node.text().map_or_else(|| node.written(), str::to_owned);
    let first = found.first().map(written)?;
    found
        .iter()
        .all(|node| written(node) == first)
        .then_some(first)
}

fn find<'a>(node: &'a Node, path: &[String], found: &mut Vec<&'a Node>) {
    let Some((first, rest)) = path.split_first() else {
        found.push(node);
        return;
    };
    match &node.kind {
        Kind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let label = item
                    .text_at("name")
                    .map_or_else(|| index.to_string(), str::to_owned);
                if matches(first, &label) {
                    find(item, rest, found);
                }
            }
        }
        Kind::Table(table) => {
            for (_, entry) in table.iter().filter(|(key, _)| matches(first, key)) {
                find(&entry.value, rest, found);
            }
        }
        _ => {}
    }
}

/// Keys that make a table a distribution.
const LAWS: [&str; 7] = [
    "value",
    "uniform",
    "normal",
    "triangular",
    "lognormal",
    "choice",
    "input",
];

fn is_distribution(table: &Table) -> bool {
    LAWS.iter().any(|law| table.contains_key(*law))
}

/// A distribution fixed at a value: it keeps its unit and where it comes from.
fn fixed(old: &Table, place: Place, value: &Node) -> Node {
    let mut table: Table = old
        .iter()
        .filter(|(key, _)| key.as_str() == "unit" || PROVENANCE.contains(&key.as_str()))
        .map(|(key, entry)| (key.clone(), entry.clone()))
        .collect();
    insert(&mut table, &["value"], place, value.clone());
    Node {
        place,
        kind: Kind::Table(table),
    }
}

/// A value as in TOML; what is no TOML is text, so that quotes may be left out.
fn value_node(value: &str, place: Place) -> Node {
    let (parsed, errors) = parse(&format!("value = {value}"), place.source);
    if errors.is_empty()
        && let Kind::Table(mut table) = parsed.kind
        && table.len() == 1
        && let Some(entry) = table.remove("value")
    {
        return moved(entry.value, place);
    }
    Node {
        place,
        kind: Kind::Text(value.to_owned()),
    }
}

/// Splits at dots outside quotes.
fn segments(path: &str) -> Option<Vec<String>> {
    let (mut segments, mut current, mut quote) = (Vec::new(), String::new(), None);
    for character in path.trim().chars() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (c, Some(open)) if c == open => quote = None,
            ('.', None) => segments.push(std::mem::take(&mut current)),
            (c, _) => current.push(c),
        }
    }
    segments.push(current);
    quote.is_none().then_some(segments)
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn quotes_keep_dots_in_names() {
        assert_eq!(
            segments("pool.\"BTC.com\".share"),
            Some(vec!["pool".into(), "BTC.com".into(), "share".into()])
        );
        assert_eq!(segments("pool.\"x"), None);
    }
}
