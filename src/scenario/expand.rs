//! Rows of a CSV become tables, and farms take what `farm_defaults` gives.

use super::files::Files;
use super::mistake::{Finding, Place};
use super::node::{Entry, Kind, Node, Table, parse};
use super::sheet;

/// Keys that name a CSV of tables, and the tables.
const TABLES: [(&str, &str); 3] = [
    ("plants_csv", "plant"),
    ("farms_csv", "farm"),
    ("pools_csv", "pool"),
];

/// Keys of provenance: a default has its own, and no farm inherits them.
pub(crate) const PROVENANCE: [&str; 4] = ["source", "basis", "known_since", "note"];

/// Adds the rows of every CSV of tables to the tables written in the scenario.
pub(crate) fn csv_tables(root: &mut Node, files: &mut Files, findings: &mut Vec<Finding>) {
    let Some(table) = root.table_mut() else {
        return;
    };
    for (key, kind) in TABLES {
        let Some(entry) = table.get(key) else {
            continue;
        };
        let (place, key_place) = (entry.value.place, entry.key);
        // A wrong type is reported by the check against the schema.
        let Some(name) = entry.value.text().map(str::to_owned) else {
            continue;
        };
        let number = match files.number(&name) {
            Ok(number) => number,
            Err(unreadable) => {
                findings.push(Finding {
                    place,
                    key: key.to_owned(),
                    wrong: unreadable.wrong,
                    right: unreadable.right,
                });
                continue;
            }
        };
        let rows = rows(&files.text(number), number, findings);
        let list = table.entry(kind.to_owned()).or_insert_with(|| Entry {
            key: key_place,
            value: Node {
                place,
                kind: Kind::Array(Vec::new()),
            },
        });
        if let Kind::Array(items) = &mut list.value.kind {
            items.extend(rows);
        }
    }
}

/// Each row as a table: `a.b` in the header is key `b` of the table at `a`.
fn rows(text: &str, source: usize, findings: &mut Vec<Finding>) -> Vec<Node> {
    let sheet = sheet::parse(text, source, findings);
    let mut nodes = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        let place = match (row.first(), row.last()) {
            (Some(first), Some(last)) => Place {
                end: last.place.end,
                ..first.place
            },
            _ => Files::beginning(source),
        };
        let mut table = Table::new();
        for (column, cell) in sheet.header.iter().zip(row) {
            if cell.text.is_empty() {
                continue;
            }
            let node = cell_node(&cell.text, cell.place, findings);
            let path: Vec<&str> = column.text.split('.').collect();
            // The row is what the eye looks for; a key that is not known stands in the header.
            insert(&mut table, &path, column.place, node);
        }
        nodes.push(Node {
            place,
            kind: Kind::Table(table),
        });
    }
    nodes
}

/// A cell that begins with a bracket is TOML: a distribution, a list.
fn cell_node(text: &str, place: Place, findings: &mut Vec<Finding>) -> Node {
    if text.starts_with(['{', '[']) {
        let (parsed, errors) = parse(&format!("cell = {text}"), place.source);
        for error in errors {
            findings.push(Finding { place, ..error });
        }
        if let Kind::Table(mut table) = parsed.kind
            && let Some(entry) = table.remove("cell")
        {
            return moved(entry.value, place);
        }
    }
    Node {
        place,
        kind: Kind::Cell(text.to_owned()),
    }
}

/// The same tree, all of it at one place: for values written in a cell or an override.
pub(crate) fn moved(node: Node, place: Place) -> Node {
    let kind = match node.kind {
        Kind::Array(items) => {
            Kind::Array(items.into_iter().map(|item| moved(item, place)).collect())
        }
        Kind::Table(table) => Kind::Table(
            table
                .into_iter()
                .map(|(key, entry)| {
                    (
                        key,
                        Entry {
                            key: place,
                            value: moved(entry.value, place),
                        },
                    )
                })
                .collect(),
        ),
        other => other,
    };
    Node { place, kind }
}

/// Puts a value at a path of keys, making the tables on the way.
pub(crate) fn insert(table: &mut Table, path: &[&str], place: Place, node: Node) {
    match path {
        [] => {}
        [key] => {
            table.insert(
                (*key).to_owned(),
                Entry {
                    key: place,
                    value: node,
                },
            );
        }
        [key, rest @ ..] => {
            let inner = table.entry((*key).to_owned()).or_insert_with(|| Entry {
                key: place,
                value: Node {
                    place,
                    kind: Kind::Table(Table::new()),
                },
            });
            if inner.value.table().is_none() {
                inner.value = Node {
                    place,
                    kind: Kind::Table(Table::new()),
                };
            }
            if let Some(inner) = inner.value.table_mut() {
                insert(inner, rest, place, node);
            }
        }
    }
}

/// Gives every farm the keys of `farm_defaults` that it lacks, tables key by key.
pub(crate) fn farm_defaults(root: &mut Node) {
    let Some(table) = root.table_mut() else {
        return;
    };
    let Some(defaults) = table
        .get("farm_defaults")
        .and_then(|entry| entry.value.table())
        .cloned()
    else {
        return;
    };
    let Some(Kind::Array(farms)) = table.get_mut("farm").map(|entry| &mut entry.value.kind) else {
        return;
    };
    for farm in farms.iter_mut().filter_map(Node::table_mut) {
        for (key, entry) in &defaults {
            if !PROVENANCE.contains(&key.as_str()) {
                merge(farm, key, entry);
            }
        }
    }
}

fn merge(table: &mut Table, key: &str, default: &Entry) {
    match table.get_mut(key) {
        None => {
            table.insert(key.to_owned(), default.clone());
        }
        // A link loss or a start is filled up; a number written as a distribution is one value.
        Some(own) if key == "on_link_loss" => {
            if let (Some(own), Some(default)) = (own.value.table_mut(), default.value.table()) {
                for (key, entry) in default {
                    own.entry(key.clone()).or_insert_with(|| entry.clone());
                }
            }
        }
        Some(_) => {}
    }
}
