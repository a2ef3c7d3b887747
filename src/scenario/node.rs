//! A scenario as a tree in which every key and value knows where it was written.

use super::mistake::{Finding, Place};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub place: Place,
    pub kind: Kind,
}

/// A key's place and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub key: Place,
    pub value: Node,
}

pub(crate) type Table = BTreeMap<String, Entry>;

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// A date or time that was not quoted.
    Time(String),
    Array(Vec<Node>),
    Table(Table),
    /// A cell of a CSV: a number, a word or a list, as its key has it.
    Cell(String),
}

impl Node {
    pub(crate) fn table(&self) -> Option<&Table> {
        match &self.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        }
    }
    pub(crate) fn table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        }
    }
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) | Kind::Cell(text) | Kind::Time(text) => Some(text),
            _ => None,
        }
    }
    /// The text at a key of this table.
    pub(crate) fn text_at(&self, key: &str) -> Option<&str> {
        self.table()?.get(key)?.value.text()
    }

    /// As one would write it, on one line; also the canonical form for the digest.
    pub(crate) fn written(&self) -> String {
        match &self.kind {
            Kind::Text(text) | Kind::Cell(text) | Kind::Time(text) => format!("{text:?}"),
            Kind::Integer(value) => value.to_string(),
            Kind::Float(value) => value.to_string(),
            Kind::Boolean(value) => value.to_string(),
            Kind::Array(items) => {
                let items: Vec<String> = items.iter().map(Self::written).collect();
                format!("[{}]", items.join(", "))
            }
            Kind::Table(table) => {
                let keys = table
                    .iter()
                    .map(|(key, entry)| format!("{key} = {}", entry.value.written()));
                format!("{{ {} }}", keys.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Parses TOML as far as it goes: the tree, and every mistake of its grammar.
pub(crate) fn parse(text: &str, source: usize) -> (Node, Vec<Finding>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut findings: Vec<Finding> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            Finding {
                place: Place {
                    source,
                    start: span.start,
                    end: span.end,
                },
                key: String::new(),
                wrong: error.message().replace('\n', " "),
                right: "see https://toml.io for the grammar".to_owned(),
            }
        })
        .collect();
    let place = Place {
        source,
        start: 0,
        end: 0,
    };
    let kind = Kind::Table(table(document.get_ref(), source, &mut findings));
    (Node { place, kind }, findings)
}

fn table(from: &DeTable<'_>, source: usize, findings: &mut Vec<Finding>) -> Table {
    let mut to = Table::new();
    for (key, value) in from {
        let span = key.span();
        let key_place = Place {
            source,
            start: span.start,
            end: span.end,
        };
        let span = value.span();
        let place = Place {
            source,
            start: span.start,
            end: span.end,
        };
        if let Some(value) = node(value.get_ref(), place, findings) {
            to.insert(
                key.get_ref().to_string(),
                Entry {
                    key: key_place,
                    value,
                },
            );
        }
    }
    to
}

fn node(value: &DeValue<'_>, place: Place, findings: &mut Vec<Finding>) -> Option<Node> {
    let mut wrong = |what: String| {
        findings.push(Finding {
            place,
            key: String::new(),
            wrong: what,
            right: String::new(),
        });
    };
    let kind = match value {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(value) => Kind::Integer(value),
            Err(_) => {
                wrong(format!("the number {integer} is too large for 64 bits"));
                return None;
            }
        },
        DeValue::Float(float) => match float.as_str().parse() {
            Ok(value) => Kind::Float(value),
            Err(_) => {
                wrong(format!("{} is not a number", float.as_str()));
                return None;
            }
        },
        DeValue::Boolean(value) => Kind::Boolean(*value),
        DeValue::Datetime(time) => Kind::Time(time.to_string()),
        DeValue::Array(items) => {
            let mut nodes = Vec::with_capacity(items.len());
            for item in items.iter() {
                let span = item.span();
                let place = Place {
                    start: span.start,
                    end: span.end,
                    ..place
                };
                nodes.extend(node(item.get_ref(), place, findings));
            }
            Kind::Array(nodes)
        }
        DeValue::Table(inner) => Kind::Table(table(inner, place.source, findings)),
    };
    Some(Node { place, kind })
}
