//! The JSON Schema of a scenario: for editors, and for `check`.

use super::raw::Scenario;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, generate::SchemaSettings};
use serde_json::{Map, Value as Json};

/// The JSON Schema (2020-12) of a scenario file.
pub fn json_schema() -> Json {
    SchemaSettings::draft2020_12()
        .with_transform(WithoutNull)
        .into_generator()
        .into_root_schema_for::<Scenario>()
        .into()
}

/// TOML knows no null: an optional key is absent. And no table takes keys it does not know.
#[derive(Debug, Clone)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(object) = schema.as_object_mut() {
            without_null(object);
        }
        transform_subschemas(self, schema);
    }
}

fn without_null(object: &mut Map<String, Json>) {
    if object.get("default").is_some_and(Json::is_null) {
        object.remove("default");
    }
    if object.contains_key("properties") && !object.contains_key("additionalProperties") {
        object.insert("additionalProperties".into(), false.into());
    }
    let only = object
        .get_mut("type")
        .and_then(Json::as_array_mut)
        .and_then(|types| {
            types.retain(|name| name != "null");
            (types.len() == 1).then(|| types[0].clone())
        });
    if let Some(only) = only {
        object.insert("type".into(), only);
    }
    let only = object
        .get_mut("anyOf")
        .and_then(Json::as_array_mut)
        .and_then(|branches| {
            branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
            (branches.len() == 1).then(|| branches[0].clone())
        });
    if let Some(Json::Object(branch)) = only {
        object.remove("anyOf");
        for (key, value) in branch {
            object.entry(key).or_insert(value);
        }
    }
}

/// A schema in which definitions can be looked up.
pub(crate) struct Definitions {
    root: Json,
}

impl Definitions {
    pub(crate) fn new() -> Self {
        Self {
            root: json_schema(),
        }
    }
    pub(crate) fn root(&self) -> &Json {
        &self.root
    }
    /// What a schema means once its reference is followed; the name of the definition, if any.
    pub(crate) fn resolve<'a>(&'a self, mut schema: &'a Json) -> (&'a Json, Option<&'a str>) {
        let mut name = None;
        while let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let short = reference.rsplit('/').next().unwrap_or(reference);
            match self.root.get("$defs").and_then(|all| all.get(short)) {
                Some(definition) => (schema, name) = (definition, Some(short)),
                None => break,
            }
        }
        (schema, name)
    }
}

/// The range of a number.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Limits {
    minimum: Option<f64>,
    exclusive_minimum: Option<f64>,
    maximum: Option<f64>,
    exclusive_maximum: Option<f64>,
}

impl Limits {
    /// The limits that stand in a schema, else those given.
    pub(crate) fn of(schema: &Json, inherited: Self) -> Self {
        let number = |key: &str| schema.get(key).and_then(Json::as_f64);
        Self {
            minimum: number("minimum").or(inherited.minimum),
            exclusive_minimum: number("exclusiveMinimum").or(inherited.exclusive_minimum),
            maximum: number("maximum").or(inherited.maximum),
            exclusive_maximum: number("exclusiveMaximum").or(inherited.exclusive_maximum),
        }
    }
    /// Whether a number lies within; NaN never does.
    pub(crate) fn allow(&self, value: f64) -> bool {
        value.is_finite()
            && self.minimum.is_none_or(|limit| value >= limit)
            && self.exclusive_minimum.is_none_or(|limit| value > limit)
            && self.maximum.is_none_or(|limit| value <= limit)
            && self.exclusive_maximum.is_none_or(|limit| value < limit)
    }
    /// A number that lies within, to go on with after a mistake.
    pub(crate) fn some(&self) -> f64 {
        let low = self.minimum.or(self.exclusive_minimum).unwrap_or(0.0);
        let high = self.maximum.or(self.exclusive_maximum).unwrap_or(low + 2.0);
        let preferred = [1.0, low, (low + high) / 2.0];
        preferred
            .into_iter()
            .find(|&value| self.allow(value))
            .unwrap_or(1.0)
    }
    /// In words.
    pub(crate) fn words(&self) -> String {
        let low = match (self.minimum, self.exclusive_minimum) {
            (Some(limit), _) => Some(format!("at least {}", plain(limit))),
            (_, Some(limit)) => Some(format!("more than {}", plain(limit))),
            _ => None,
        };
        let high = match (self.maximum, self.exclusive_maximum) {
            (Some(limit), _) => Some(format!("at most {}", plain(limit))),
            (_, Some(limit)) => Some(format!("less than {}", plain(limit))),
            _ => None,
        };
        match (low, high) {
            (Some(low), Some(high)) => format!("{low} and {high}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => "a finite number".to_owned(),
        }
    }
}

/// A number without an endless tail of zeros.
pub(crate) fn plain(value: f64) -> String {
    if value != 0.0 && (value.abs() >= 1e9 || value.abs() < 1e-6) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}
