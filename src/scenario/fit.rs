//! Questions to a schema that need no place: which branch a value means, which words fit,
//! what could stand in for a value that is wrong.

use super::node::{Kind, Node};
use super::schema::{Definitions, Limits};
use serde_json::Value as Json;

impl Definitions {
    /// The branch of a choice that a value can mean, by its type and its keys.
    pub(crate) fn branch<'s>(&'s self, node: &Node, branches: &'s [Json]) -> Option<&'s Json> {
        let keys = |schema: &Json| {
            let known = self.resolve(schema).0.get("properties");
            let hits = node
                .table()
                .into_iter()
                .flatten()
                .filter(|(key, _)| known.is_some_and(|k| k.get(key.as_str()).is_some()));
            hits.count()
        };
        let mut best: Option<(usize, &'s Json)> = None;
        for branch in branches {
            if self.accepts(branch, node) {
                let hits = keys(branch);
                if best.is_none_or(|(most, _)| hits > most) {
                    best = Some((hits, branch));
                }
            }
        }
        best.map(|(_, branch)| branch)
    }

    fn accepts(&self, schema: &Json, node: &Node) -> bool {
        let (schema, _) = self.resolve(schema);
        if let Some(branches) = schema.get("anyOf").and_then(Json::as_array) {
            return branches.iter().any(|branch| self.accepts(branch, node));
        }
        let expected = if words(schema).is_some() {
            "string"
        } else {
            schema
                .get("type")
                .and_then(Json::as_str)
                .unwrap_or("string")
        };
        match &node.kind {
            Kind::Text(_) | Kind::Time(_) => expected == "string",
            Kind::Integer(_) | Kind::Float(_) => expected == "number" || expected == "integer",
            Kind::Boolean(_) => expected == "boolean",
            Kind::Array(_) => expected == "array",
            Kind::Table(_) => expected == "object",
            Kind::Cell(text) => match expected {
                "number" | "integer" => text.parse::<f64>().is_ok(),
                "string" => text.parse::<f64>().is_err(),
                _ => false,
            },
        }
    }

    /// Something of the right type, to go on with after a mistake.
    pub(crate) fn placeholder(&self, schema: &Json, limits: Limits) -> toml::Value {
        let limits = Limits::of(schema, limits);
        let (schema, _) = self.resolve(schema);
        let limits = Limits::of(schema, limits);
        if let Some(word) = words(schema).and_then(|words| words.first().copied()) {
            return toml::Value::String(word.to_owned());
        }
        if let Some(branch) = schema.get("anyOf").and_then(|branches| branches.get(0)) {
            return self.placeholder(branch, limits);
        }
        match schema.get("type").and_then(Json::as_str) {
            Some("object") => {
                let mut table = toml::Table::new();
                let required = schema
                    .get("required")
                    .and_then(Json::as_array)
                    .into_iter()
                    .flatten();
                for key in required.filter_map(Json::as_str) {
                    if let Some(schema) = schema.get("properties").and_then(|all| all.get(key)) {
                        table.insert(key.to_owned(), self.placeholder(schema, Limits::default()));
                    }
                }
                toml::Value::Table(table)
            }
            Some("array") => {
                let length = schema.get("minItems").and_then(Json::as_u64).unwrap_or(0);
                let item = schema
                    .get("items")
                    .map(|items| self.placeholder(items, Limits::default()));
                toml::Value::Array(item.map_or_else(Vec::new, |item| vec![item; length as usize]))
            }
            Some("number") => toml::Value::Float(limits.some()),
            Some("integer") => toml::Value::Integer(limits.some() as i64),
            Some("boolean") => toml::Value::Boolean(false),
            _ if schema.get("format").is_some() => {
                toml::Value::String("2001-01-01T00:00:00Z".to_owned())
            }
            _ => toml::Value::String(String::new()),
        }
    }
}

/// The words that a schema allows, where it allows only words.
pub(crate) fn words(schema: &Json) -> Option<Vec<&str>> {
    if let Some(list) = schema.get("enum") {
        return list.as_array()?.iter().map(Json::as_str).collect();
    }
    if let Some(word) = schema.get("const") {
        return word.as_str().map(|word| vec![word]);
    }
    let branches = schema.get("oneOf")?.as_array()?;
    branches
        .iter()
        .map(|branch| branch.get("const").and_then(Json::as_str))
        .collect()
}

pub(crate) fn from_json(json: &Json) -> Option<toml::Value> {
    Some(match json {
        Json::Bool(value) => toml::Value::Boolean(*value),
        Json::Number(number) => match number.as_i64() {
            Some(value) => toml::Value::Integer(value),
            None => toml::Value::Float(number.as_f64()?),
        },
        Json::String(text) => toml::Value::String(text.clone()),
        Json::Array(items) => {
            toml::Value::Array(items.iter().map(from_json).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// What stands there, for "... where a number belongs".
pub(crate) fn described(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) | Kind::Cell(text) => format!("{text:?}"),
        Kind::Time(text) => format!("the time {text}"),
        Kind::Integer(value) => value.to_string(),
        Kind::Float(value) => value.to_string(),
        Kind::Boolean(value) => value.to_string(),
        Kind::Array(_) => "a list".to_owned(),
        Kind::Table(_) => "a table".to_owned(),
    }
}

/// What a key means, in its first sentence.
pub(crate) fn first_sentence(schema: &Json) -> String {
    let text = schema
        .get("description")
        .and_then(Json::as_str)
        .unwrap_or_default();
    let text = text.replace('\n', " ");
    match text.find(". ") {
        Some(end) => text[..=end].to_owned(),
        None => text,
    }
}
