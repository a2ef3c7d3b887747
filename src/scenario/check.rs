//! Holds a tree against the schema: every unknown key, wrong type, number out of range and
//! missing key, wherever it stands. What is left is sound, so that meaning can be checked too.

use super::mistake::{Finding, Place, suggestion};
use super::node::{Kind, Node, Table};
use super::schema::{Definitions, Limits, plain};
use super::time;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What a check leaves: a tree that fits the raw structs, and where everything in it stands.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    pub value: toml::Table,
    pub findings: Vec<Finding>,
    pub places: Places,
}

/// Where the keys of a scenario stand. Paths are `plant[3].mttr_h`.
#[derive(Debug, Default)]
pub(crate) struct Places {
    places: BTreeMap<String, Place>,
    names: BTreeMap<String, String>,
    /// Keys with a mistake: nothing more is said about them.
    broken: BTreeSet<String>,
    /// Ranges of numbers that may be distributions.
    limits: BTreeMap<String, Limits>,
    /// Distributions: their paths, and what stands there.
    pub distributions: Vec<(String, toml::Value)>,
}

impl Places {
    /// The place of a path, or of the nearest table around it.
    pub(crate) fn of(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(&place) = self.places.get(path) {
                return place;
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => {
                    return Place {
                        source: 0,
                        start: 0,
                        end: 0,
                    };
                }
            }
        }
    }
    pub(crate) fn is_broken(&self, path: &str) -> bool {
        self.broken.contains(path)
    }
    /// True where a table of the scenario has a name that is not known: what it was meant to
    /// be is missing then, and nothing more is said about that.
    pub(crate) fn unknown_table(&self) -> bool {
        self.broken.iter().any(|path| !path.contains(['.', '[']))
    }
    /// True where some key of a table has a mistake: its keys are not weighed together then.
    pub(crate) fn any_broken(&self, path: &str) -> bool {
        let within = format!("{path}.");
        self.is_broken(path)
            || self
                .broken
                .range(within.clone()..)
                .next()
                .is_some_and(|key| key.starts_with(&within))
    }
    pub(crate) fn limits(&self, path: &str) -> Limits {
        self.limits.get(path).copied().unwrap_or_default()
    }
    /// A path with names instead of numbers: `plant.gres-1.mttr_h`.
    pub(crate) fn shown(&self, path: &str) -> String {
        let mut shown = String::new();
        let mut at = 0;
        for (end, _) in path.match_indices(']') {
            let upto = &path[..=end];
            if let (Some(name), Some(open)) = (self.names.get(upto), upto.rfind('[')) {
                shown.push_str(&path[at..open]);
                shown.push('.');
                shown.push_str(name);
                at = end + 1;
            }
        }
        shown.push_str(&path[at..]);
        shown
    }
    /// The stream name of a key: `farm/NAME/on_link_loss.hold_minutes`.
    pub(crate) fn stream(&self, path: &str) -> String {
        match path.split_once('.') {
            Some((first, rest)) => match (self.names.get(first), first.find('[')) {
                (Some(name), Some(open)) => format!("{}/{name}/{rest}", &first[..open]),
                _ => format!("{first}/{rest}"),
            },
            None => path.to_owned(),
        }
    }
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
        if let Some(words) = words(resolved) {
            return self.word(node, &words, path);
        }
        if let Some(branches) = resolved.get("anyOf").and_then(Json::as_array) {
            if name == Some("Number") {
                self.checked.places.limits.insert(path.to_owned(), limits);
            }
            return match self.branch(node, branches) {
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

    /// The branch of a choice that a value can mean, by its type and its keys.
    fn branch(&self, node: &Node, branches: &'s [Json]) -> Option<&'s Json> {
        let keys = |schema: &Json| {
            let known = self.definitions.resolve(schema).0.get("properties");
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
        let (schema, _) = self.definitions.resolve(schema);
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
                values.insert(key.to_owned(), self.placeholder(schema, Limits::default()));
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
            values.push(value.unwrap_or_else(|| self.placeholder(item_schema, Limits::default())));
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

    /// Something of the right type, to go on with after a mistake.
    fn placeholder(&self, schema: &Json, limits: Limits) -> toml::Value {
        let limits = Limits::of(schema, limits);
        let (schema, _) = self.definitions.resolve(schema);
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
fn words(schema: &Json) -> Option<Vec<&str>> {
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

fn from_json(json: &Json) -> Option<toml::Value> {
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
fn described(node: &Node) -> String {
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
fn first_sentence(schema: &Json) -> String {
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
