//! The reference of scenario keys is that of the schema.
//!
//! `HASHFALL_WRITE_DOCS=1 cargo test --test scenario_reference` writes the page again.

use hashfall::scenario::json_schema;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

const BEGIN: &str = "<!-- the rest is written from the schema by tests/scenario_reference.rs -->\n";

/// Keys that every table of numbers has; the page explains them once.
const PROVENANCE: [&str; 4] = ["basis", "known_since", "note", "source"];

/// Whether a table has the keys of provenance.
fn has_provenance(properties: &Map<String, Value>) -> bool {
    PROVENANCE.iter().all(|key| properties.contains_key(*key))
}

/// Definitions by name; the whole scenario is called `Scenario`.
fn definitions(schema: &Value) -> BTreeMap<String, Map<String, Value>> {
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mut all: BTreeMap<_, _> = object(&schema["$defs"])
        .iter()
        .map(|(name, definition)| (name.clone(), object(definition)))
        .collect();
    all.insert("Scenario".to_owned(), object(schema));
    all
}

/// What may stand at a key, in words; tables are links to their section.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("[{name}](#{})", name.to_lowercase());
    }
    for branches in ["anyOf", "oneOf"] {
        if let Some(branches) = schema[branches].as_array() {
            let kinds: Vec<String> = branches.iter().map(kind).collect();
            return kinds.join(" or ");
        }
    }
    if let Some(word) = schema["const"].as_str() {
        return format!("\"{word}\"");
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().map(|word| format!("{word}")).collect();
        return words.join(" or ");
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}", kind(&schema["items"])),
        Some("object") if schema["properties"].is_object() => {
            let keys: Vec<String> = schema["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, value)| format!("{key} = {}", kind(value)))
                .collect();
            format!("{{ {} }}", keys.join(", "))
        }
        Some("object") => format!("table of {}", kind(&schema["additionalProperties"])),
        Some(other) => other.to_owned(),
        None => "anything".to_owned(),
    }
}

/// The range of a number, as "0 to 1" or "above 0, at most 1000".
fn range(schema: &Value) -> String {
    let end = |name: &str| schema.get(name).filter(|value| value.is_number());
    match (
        end("minimum"),
        end("maximum"),
        end("exclusiveMinimum"),
        end("exclusiveMaximum"),
    ) {
        (Some(low), Some(high), ..) if low == high => low.to_string(),
        (Some(low), Some(high), ..) => format!("{low} to {high}"),
        (Some(low), None, None, Some(high)) => format!("{low} to below {high}"),
        (None, Some(high), Some(low), None) => format!("above {low}, to {high}"),
        (Some(low), None, None, None) => format!("from {low}"),
        _ => String::new(),
    }
}

fn words(schema: &Map<String, Value>) -> String {
    let text = schema.get("description").and_then(Value::as_str);
    text.unwrap_or_default()
        .replace('\n', " ")
        .replace('|', "\\|")
}

fn page() -> String {
    let mut text = BEGIN.to_owned();
    let mut all: Vec<_> = definitions(&json_schema()).into_iter().collect();
    all.sort_by_key(|(name, _)| name != "Scenario");
    for (name, definition) in all {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n## {name}\n\n{}", words(&definition));
        let Some(properties) = definition.get("properties").and_then(Value::as_object) else {
            let _ = writeln!(text, "\n{}", kind(&Value::Object(definition)));
            continue;
        };
        let required = definition.get("required").and_then(Value::as_array);
        let is_required = |key: &String| {
            let mut required = required.into_iter().flatten();
            required.any(|item| item.as_str() == Some(key))
        };
        let mut keys: Vec<(bool, &String, &Value)> = properties
            .iter()
            .filter(|(key, _)| !(has_provenance(properties) && PROVENANCE.contains(&key.as_str())))
            .map(|(key, value)| (!is_required(key), key, value))
            .collect();
        keys.sort_by_key(|&(optional, key, _)| (optional, key));
        let _ = writeln!(text, "\n| key | value | range | |\n|---|---|---|---|");
        for (optional, key, value) in keys {
            let mark = if optional { "" } else { " *" };
            let about = value.as_object().map(words).unwrap_or_default();
            let (kind, range) = (kind(value), range(value));
            let _ = writeln!(text, "| `{key}`{mark} | {kind} | {range} | {about} |");
        }
        if has_provenance(properties) {
            let _ = writeln!(text, "\nAnd the keys of provenance.");
        }
    }
    text
}

#[test]
fn the_page_is_that_of_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md");
    let there = fs::read_to_string(&path).expect("the page exists");
    let (introduction, _) = there.split_once(BEGIN).expect("the mark is there");
    let page = format!("{introduction}{}", page());
    if env::var_os("HASHFALL_WRITE_DOCS").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    // Not by assert_eq, which would print both pages.
    let first = there
        .lines()
        .zip(page.lines())
        .find(|(old, new)| old != new);
    assert!(
        there == page || env::var_os("HASHFALL_WRITE_DOCS").is_some(),
        "docs/scenario.md is not that of the schema, at {first:?}; \
         HASHFALL_WRITE_DOCS=1 writes it again"
    );
}

/// The page and this test see the same keys as those who read a scenario.
#[test]
fn no_key_is_missing() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md");
    let page = fs::read_to_string(path).expect("the page exists");
    let mut count = 0;
    for definition in definitions(&json_schema()).values() {
        let properties = definition.get("properties").and_then(Value::as_object);
        for key in properties.into_iter().flatten().map(|(key, _)| key) {
            assert!(page.contains(&format!("`{key}`")), "{key} is missing");
            count += 1;
        }
    }
    assert!(count > 200, "only {count} keys: is this the schema?");
}
