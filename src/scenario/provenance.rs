//! Where every number comes from, and whether a forecast may know it.

use super::expand::PROVENANCE;
use super::mistake::Finding;
use super::node::{Kind, Node, Table};
use super::time;
use crate::system::{Assumption, Basis, Mode};

/// Kinds whose tables say what was inferred from hashrate, pools or miners.
const INFERRED: [&str; 8] = [
    "inputs",
    "farm",
    "farm_defaults",
    "fleet",
    "pool",
    "access_class",
    "world",
    "contract",
];

/// Kinds that hold no modelled numbers.
const UNMODELLED: [&str; 4] = ["scenario", "window", "observed", "observer"];

/// What a scenario may know, and until when.
pub(crate) struct Knowledge {
    pub mode: Mode,
    /// In a forecast nothing inferred from hashrate may be known later; ms since 1970.
    pub until_unix_ms: i64,
}

/// Every table of the scenario as an assumption, with the mistakes of provenance.
pub(crate) fn assumptions(
    root: &Node,
    knowledge: &Knowledge,
    findings: &mut Vec<Finding>,
) -> Vec<Assumption> {
    let mut collector = Collector {
        knowledge,
        findings,
        assumptions: Vec::new(),
    };
    for (kind, entry) in root.table().into_iter().flatten() {
        match &entry.value.kind {
            Kind::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let name = item
                        .text_at("name")
                        .map_or_else(|| index.to_string(), str::to_owned);
                    collector.table(kind, &format!("{kind}/{name}"), item, true);
                }
            }
            Kind::Table(table) if kind == "inputs" => {
                for (name, entry) in table {
                    collector.table(kind, &format!("inputs/{name}"), &entry.value, true);
                }
            }
            Kind::Table(_) => collector.table(kind, kind, &entry.value, true),
            _ => {}
        }
    }
    let mut assumptions = collector.assumptions;
    assumptions.sort_by(|a, b| a.of.cmp(&b.of));
    assumptions
}

struct Collector<'a> {
    knowledge: &'a Knowledge,
    findings: &'a mut Vec<Finding>,
    assumptions: Vec<Assumption>,
}

impl Collector<'_> {
    fn table(&mut self, kind: &str, of: &str, node: &Node, outermost: bool) {
        let Some(table) = node.table() else { return };
        let said = table.contains_key("source") || table.contains_key("basis");
        let mut values = Vec::new();
        own_values(table, "", &mut values);
        if said {
            self.date(kind, of, table);
            self.assumptions.push(Assumption {
                of: of.to_owned(),
                value: values.join(", "),
                basis: basis(node),
                source: source(node),
            });
        } else if outermost && !values.is_empty() && !UNMODELLED.contains(&kind) {
            if self.knowledge.mode == Mode::Study {
                let source = node.text_at("note").unwrap_or("not stated").to_owned();
                self.assumptions.push(Assumption {
                    of: of.to_owned(),
                    value: values.join(", "),
                    basis: Basis::Assumed,
                    source,
                });
            } else {
                let place = table.get("name").map_or(node.place, |entry| entry.key);
                self.findings.push(Finding {
                    place,
                    key: of.replacen('/', ".", 1),
                    wrong: "these numbers have no source".to_owned(),
                    right: "source = \"...\", or basis = \"assumed\" with a note".to_owned(),
                });
            }
            self.date(kind, of, table);
        } else {
            self.date(kind, of, table);
        }
        for (key, entry) in table {
            let of = format!("{of}.{key}");
            match &entry.value.kind {
                Kind::Table(_) => self.table(kind, &of, &entry.value, false),
                Kind::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.table(kind, &format!("{of}[{index}]"), item, false);
                    }
                }
                _ => {}
            }
        }
    }

    /// Refuses what a forecast could not have known.
    fn date(&mut self, kind: &str, of: &str, table: &Table) {
        let Some(entry) = table.get("known_since") else {
            return;
        };
        let Some(text) = entry.value.text() else {
            return;
        };
        let mut finding = |wrong: String, right: &str| {
            self.findings.push(Finding {
                place: entry.value.place,
                key: format!("{}.known_since", of.replacen('/', ".", 1)),
                wrong,
                right: right.to_owned(),
            });
        };
        match time::date_or_instant(text) {
            Err(wrong) => finding(wrong, "a date as \"2022-01-04\", or a time with an offset"),
            Ok(since)
                if self.knowledge.mode == Mode::Forecast
                    && INFERRED.contains(&kind)
                    && since > self.knowledge.until_unix_ms =>
            {
                finding(
                    format!("a forecast cannot know what was learnt on {text}"),
                    "use what was known by scenario.known_until, or mode = \"hindcast\"",
                );
            }
            Ok(_) => {}
        }
    }
}

/// `key = value` of a table and of the tables in it that name no source of their own.
fn own_values(table: &Table, prefix: &str, values: &mut Vec<String>) {
    for (key, entry) in table {
        if key == "name" || PROVENANCE.contains(&key.as_str()) {
            continue;
        }
        match &entry.value.kind {
            Kind::Table(inner) if inner.contains_key("source") || inner.contains_key("basis") => {}
            Kind::Table(inner) => own_values(inner, &format!("{prefix}{key}."), values),
            _ if has_number(&entry.value) || key == "csv" || key.ends_with("_csv") => {
                values.push(format!("{prefix}{key} = {}", bare(&entry.value)))
            }
            _ => {}
        }
    }
}

/// As written, cells of a CSV without quotes.
fn bare(node: &Node) -> String {
    match &node.kind {
        Kind::Cell(text) => text.clone(),
        _ => node.written(),
    }
}

fn has_number(node: &Node) -> bool {
    match &node.kind {
        Kind::Integer(_) | Kind::Float(_) => true,
        Kind::Cell(text) => text.parse::<f64>().is_ok(),
        Kind::Array(items) => items.iter().any(has_number),
        Kind::Table(table) => {
            !(table.contains_key("source") || table.contains_key("basis"))
                && table.values().any(|entry| has_number(&entry.value))
        }
        Kind::Text(_) | Kind::Boolean(_) | Kind::Time(_) => false,
    }
}

fn basis(node: &Node) -> Basis {
    match node.text_at("basis") {
        Some("sourced") => Basis::Sourced,
        Some("derived") => Basis::Derived,
        Some(_) => Basis::Assumed,
        None => Basis::Sourced,
    }
}

fn source(node: &Node) -> String {
    let parts = [node.text_at("source"), node.text_at("note")];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
