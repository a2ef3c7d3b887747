//! Holds a tree against the schema: every unknown key, wrong type, number out of range and
//! missing key, wherever it stands. What is left is sound, so that meaning can be checked too.

use super::fit::{described, first_sentence, from_json, words};
use super::mistake::{Finding, Place, suggestion};
use super::node::{Kind, Node, Table};
use super::places::Places;
use super::schema::{Definitions, Limits, plain};
use super::time;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What a check leaves: a tree that fits the raw structs, and where everything in it stands.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub value: toml::Table,
    pub findings: Vec<Finding>,
    pub places: Places,
}

/// Checks the whole tree. Of a tree whose grammar is broken no key is called missing.
pub(crate) fn check(root: &Node, definitions: &Definitions, grammatical: bool) -> Checked {
    let mut checker = Checker {
        definitions,
        grammatical,
        checked: Checked::default(),
    };
    let value = checker.value(root, definitions.root(), Limits::default(), "");
    if let Some(toml::Value::Table(table)) = value {
        checker.checked.value = table;
    }
    checker.checked
}

struct Checker<'s> {
    definitions: &'s Definitions,
    grammatical: bool,
    checked: Checked,
}

impl<'s> Checker<'s> {
    fn wrong(&mut self, path: &str, place: Place, wrong: String, right: String) {
        let key = self.checked.places.shown(path);
        self.checked.places.broken.insert(path.to_owned());
        self.checked.findings.push(Finding {
            place,
            key,
            wrong,
            right,
        });
    }

    /// The value of a node, if it can be had; else what is wrong has been said.
    fn value(
        &mut self,
        node: &Node,
        schema: &'s Json,
        limits: Limits,
        path: &str,
    ) -> Option<toml::Value> {
        let limits = Limits::of(schema, limits);
        let (resolved, name) = self.definitions.resolve(schema);
        let limits = Limits::of(resolved, limits);
        if !path.is_empty() {
            self.checked
                .places
                .places
                .entry(path.to_owned())
                .or_insert(node.place);
        }
        if name == Some("Anything") {
            return Some(anything(node));
        }
        if let Some(words) = words(resolved) {
            return self.word(node, &words, path);
        }
        if let Some(branches) = resolved.get("anyOf").and_then(Json::as_array) {
            if name == Some("Number") {
                self.checked.places.limits.insert(path.to_owned(), limits);
            }
            return match self.definitions.branch(node, branches) {
                Some(branch) => self.value(node, branch, limits, path),
                None => {
                    let expected = first_sentence(resolved);
                    self.wrong(
                        path,
                        node.place,
                        format!("{} does not fit here", described(node)),
                        expected,
                    );
                    None
                }
            };
        }
        if name == Some("Distribution")
            && node
                .table()
                .is_some_and(|table| !table.contains_key("input"))
        {
            let value = self.object(node, resolved, path)?;
            self.checked
                .places
                .distributions
                .push((path.to_owned(), value.clone()));
            return Some(value);
        }
        match resolved.get("type").and_then(Json::as_str) {
            Some("object") => self.object(node, resolved, path),
            Some("array") => self.array(node, resolved, path),
            Some("number") => self.number(node, limits, false, path),
            Some("integer") => self.number(node, limits, true, path),
            Some("boolean") => self.boolean(node, path),
            _ => self.string(node, resolved, path),
        }
    }

    fn object(&mut self, node: &Node, schema: &'s Json, path: &str) -> Option<toml::Value> {
        let Some(table) = node.table() else {
            self.wrong(
                path,
                node.place,
                format!("{} where a table belongs", described(node)),
                first_sentence(schema),
            );
            return None;
        };
        if let Some(name) = node.text_at("name") {
            self.checked
                .places
                .names
                .insert(path.to_owned(), name.to_owned());
        }
        let within = |key: &str| {
            if path.is_empty() {
                key.to_owned()
            } else {
                format!("{path}.{key}")
            }
        };
        let mut values = toml::Table::new();
        let properties: BTreeMap<&str, &'s Json> = schema
            .get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
            .map(|(key, schema)| (key.as_str(), schema))
            .collect();
        let others = schema
            .get("additionalProperties")
            .filter(|others| others.is_object());
        for (key, entry) in table {
            let path = within(key);
            match properties.get(key.as_str()).copied().or(others) {
                Some(schema) => {
                    if let Some(value) = self.value(&entry.value, schema, Limits::default(), &path)
                    {
                        values.insert(key.clone(), value);
                    }
                }
                None => {
                    let right = suggestion(key, properties.keys().copied());
                    self.wrong(&path, entry.key, format!("unknown key `{key}`"), right);
                }
            }
        }
        let required = schema
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten();
        for key in required.filter_map(Json::as_str) {
            if values.contains_key(key) {
                continue;
            }
            let path = within(key);
            if !table.contains_key(key) && self.grammatical {
                let place = first_line(node, table);
                let right = properties
                    .get(key)
                    .map(|schema| first_sentence(schema))
                    .unwrap_or_default();
                self.wrong(&path, place, format!("the key `{key}` is missing"), right);
            }
            if let Some(schema) = properties.get(key) {
                values.insert(
                    key.to_owned(),
                    self.definitions.placeholder(schema, Limits::default()),
                );
            }
        }
        for (key, schema) in properties {
            if !values.contains_key(key)
                && let Some(value) = schema.get("default").and_then(from_json)
            {
                values.insert((*key).to_owned(), value);
            }
        }
        Some(toml::Value::Table(values))
    }

    fn array(&mut self, node: &Node, schema: &'s Json, path: &str) -> Option<toml::Value> {
        let cells;
        let items = match &node.kind {
            Kind::Array(items) => items,
            Kind::Cell(text) => {
                let parts = text
                    .split(';')
                    .map(str::trim)
                    .filter(|part| !part.is_empty());
                cells = parts
                    .map(|part| Node {
                        place: node.place,
                        kind: Kind::Cell(part.to_owned()),
                    })
                    .collect();
                &cells
            }
            _ => {
                let right = "[a, b, ...]; tables of a kind are written [[kind]]";
                self.wrong(
                    path,
                    node.place,
                    format!("{} where a list belongs", described(node)),
                    right.to_owned(),
                );
                return None;
            }
        };
        let length = |key: &str| schema.get(key).and_then(Json::as_u64);
        let (least, most) = (
            length("minItems").unwrap_or(0),
            length("maxItems").unwrap_or(u64::MAX),
        );
        if !(least..=most).contains(&(items.len() as u64)) {
            let wrong = format!("a list of {} where {least} belong", items.len());
            self.wrong(path, node.place, wrong, first_sentence(schema));
            return None;
        }
        const ANYTHING: &Json = &Json::Null;
        let item_schema = schema.get("items").unwrap_or(ANYTHING);
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            // A broken item leaves a hole, so that the others keep their numbers.
            let path = format!("{path}[{index}]");
            let value = self.value(item, item_schema, Limits::default(), &path);
            values.push(
                value.unwrap_or_else(|| {
                    self.definitions.placeholder(item_schema, Limits::default())
                }),
            );
        }
        Some(toml::Value::Array(values))
    }

    fn number(
        &mut self,
        node: &Node,
        limits: Limits,
        whole: bool,
        path: &str,
    ) -> Option<toml::Value> {
        let value = match &node.kind {
            Kind::Integer(value) => toml::Value::Integer(*value),
            Kind::Float(value) => toml::Value::Float(*value),
            Kind::Cell(text) => match (text.parse::<i64>(), text.parse::<f64>()) {
                (Ok(value), _) => toml::Value::Integer(value),
                (_, Ok(value)) => toml::Value::Float(value),
                _ => {
                    self.wrong(
                        path,
                        node.place,
                        format!("{text:?} is not a number"),
                        limits.words(),
                    );
                    return None;
                }
            },
            _ => {
                self.wrong(
                    path,
                    node.place,
                    format!("{} where a number belongs", described(node)),
                    limits.words(),
                );
                return None;
            }
        };
        let float = match value {
            toml::Value::Integer(value) => value as f64,
            toml::Value::Float(value) => value,
            _ => f64::NAN,
        };
        if whole && !matches!(value, toml::Value::Integer(_)) {
            self.wrong(
                path,
                node.place,
                format!("{float} where a whole number belongs"),
                limits.words(),
            );
            return None;
        }
        if !limits.allow(float) {
            self.wrong(
                path,
                node.place,
                format!("{} is out of range", plain(float)),
                limits.words(),
            );
            return None;
        }
        Some(value)
    }

    fn boolean(&mut self, node: &Node, path: &str) -> Option<toml::Value> {
        let value = match &node.kind {
            Kind::Boolean(value) => Some(*value),
            Kind::Cell(text) => text.parse().ok(),
            _ => None,
        };
        if value.is_none() {
            let wrong = format!("{} where true or false belongs", described(node));
            self.wrong(
                path,
                node.place,
                wrong,
                "true or false, without quotes".to_owned(),
            );
        }
        value.map(toml::Value::Boolean)
    }

    fn string(&mut self, node: &Node, schema: &Json, path: &str) -> Option<toml::Value> {
        let Some(text) = node.text() else {
            self.wrong(
                path,
                node.place,
                format!("{} where text belongs", described(node)),
                first_sentence(schema),
            );
            return None;
        };
        if schema
            .get("format")
            .is_some_and(|format| format == "date-time")
            && let Err(wrong) = time::instant(text)
        {
            self.wrong(path, node.place, wrong, time::RIGHT.to_owned());
            return None;
        }
        Some(toml::Value::String(text.to_owned()))
    }

    fn word(&mut self, node: &Node, words: &[&str], path: &str) -> Option<toml::Value> {
        match node.text() {
            Some(text) if words.contains(&text) => Some(toml::Value::String(text.to_owned())),
            text => {
                let all: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
                let mut right = format!("one of {}", all.join(", "));
                if let Some(near) =
                    text.and_then(|text| super::mistake::nearest(text, words.iter().copied()))
                {
                    right = format!("{right}; did you mean {near:?}?");
                }
                self.wrong(
                    path,
                    node.place,
                    format!("{} is not known here", described(node)),
                    right,
                );
                None
            }
        }
    }
}

/// A node as it is.
fn anything(node: &Node) -> toml::Value {
    match &node.kind {
        Kind::Text(text) | Kind::Time(text) | Kind::Cell(text) => toml::Value::String(text.clone()),
        Kind::Integer(value) => toml::Value::Integer(*value),
        Kind::Float(value) => toml::Value::Float(*value),
        Kind::Boolean(value) => toml::Value::Boolean(*value),
        Kind::Array(items) => toml::Value::Array(items.iter().map(anything).collect()),
        Kind::Table(table) => {
            let entries = table.iter();
            let of = entries.map(|(key, entry)| (key.clone(), anything(&entry.value)));
            toml::Value::Table(of.collect())
        }
    }
}

/// The place of a table: its name, else all of it. The keys of a CSV's row stand in the header,
/// far above it.
fn first_line(node: &Node, table: &Table) -> Place {
    let within =
        |place: &Place| place.source == node.place.source && place.start >= node.place.start;
    table
        .get("name")
        .map(|entry| entry.key)
        .filter(within)
        .unwrap_or(node.place)
}
