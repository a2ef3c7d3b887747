//! TOML and CSV into a validated [`System`], or every mistake at once.
//!
//! May enter: paths, text, the rooms below. With `store`, the only rooms that touch the disk.
//! May not enter: anything of a running simulation, threads, output.
//!
//! The way of a scenario: `files` reads it, `node` parses it into a tree that remembers places,
//! `expand` adds the rows of CSVs, `overrides` changes keys, `check` holds the tree against the
//! JSON Schema made from [`raw`], `provenance` asks for sources, `build` finds its meaning.

mod budget;
mod build;
mod built_in;
mod check;
mod clock;
mod expand;
mod files;
mod fit;
mod hindcast;
mod mistake;
mod node;
mod overrides;
mod pattern;
mod places;
mod provenance;
pub mod raw;
mod schema;
mod sheet;
pub mod sweep;
mod time;

pub use budget::{Budget, LARGEST_DISK_BYTES, LARGEST_MEMORY_BYTES, budget, point_memory};
pub use built_in::{BuiltIn, EventTemplate, built_in, starter};
pub use files::{LARGEST_FILE_BYTES, Source};
pub use hindcast::MODE as HINDCAST;
pub use mistake::{Mistake, Mistakes};
pub use schema::json_schema;

use crate::system::System;
use build::Context;
use check::Checked;
use files::Files;
use mistake::Finding;
use node::Node;
use provenance::Knowledge;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// A scenario that is sound.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it means.
    pub system: System,
    /// SHA-256 of what decides its numbers: the scenario with its overrides, whatever its
    /// spelling, without the number of replications and its sweep; and every file that it names.
    pub digest: [u8; 32],
    /// Name and SHA-256 of every file that was read, the scenario first.
    pub files: Vec<(String, [u8; 32])>,
    /// Name and bytes of every file that was read, the scenario first: enough to read it again.
    pub contents: Vec<(String, Vec<u8>)>,
    /// The scenario file as it stands.
    pub text: String,
    /// The points of its own sweep, if it has one.
    pub sweep: Option<sweep::Sweep>,
    /// Whether it was made a hindcast from outside: its name and title have an ending then.
    pub is_hindcast: bool,
    /// Whether it says what a hindcast would know.
    pub offers_hindcast: bool,
    /// The tree, with overrides.
    root: Node,
}

impl Loaded {
    /// The name that stands in the scenario's file: of a hindcast without its ending.
    pub fn name_in_file(&self) -> &str {
        hindcast::name_in_file(&self.system.name, self.is_hindcast)
    }

    /// What is written at a path as of `--set`, if all keys that the path means are written and
    /// hold the same.
    pub fn value_at(&self, path: &str) -> Option<String> {
        overrides::value_at(&self.root, path)
    }
}

/// Reads a scenario, with overrides (`path`, `value`) as `--set` gives them.
///
/// # Errors
/// Every mistake of the scenario, its CSVs and the overrides.
pub fn read(source: &Source, overrides: &[(String, String)]) -> Result<Loaded, Mistakes> {
    let (mut files, opened) = Files::open(source);
    let mut findings = Vec::new();
    if let Err(unreadable) = opened {
        findings.push(Finding {
            place: Files::beginning(0),
            key: String::new(),
            wrong: unreadable.wrong,
            right: unreadable.right,
        });
        return Err(Mistakes::locate(findings, files.texts));
    }
    let (mut root, grammar) = node::parse(&files.text(0), 0);
    let grammatical = grammar.is_empty();
    findings.extend(grammar);
    expand::csv_tables(&mut root, &mut files, &mut findings);
    let definitions = schema::Definitions::new();
    let is_hindcast = hindcast::apply(&mut root, overrides, &definitions, &mut findings);
    for (path, value) in overrides {
        overrides::apply(
            &mut root,
            (path, value),
            &mut files,
            &definitions,
            &mut findings,
        );
    }
    expand::farm_defaults(&mut root);
    let checked = check::check(&root, &definitions, grammatical);
    findings.extend(checked.findings.iter().cloned());
    let offers_hindcast = hindcast::is_offered(&root);
    if let Some(table) = root.table_mut() {
        table.remove("hindcast");
    }
    // Where the grammar is broken whole tables may be missing: what they mean cannot be said.
    let meant = if grammatical {
        meaning(&root, &checked, &mut files, &mut findings)
    } else {
        None
    };
    match meant {
        Some((system, sweep)) if findings.is_empty() => Ok(Loaded {
            system,
            sweep,
            is_hindcast,
            offers_hindcast,
            digest: digest(&root, &files),
            text: files.text(0).to_string(),
            files: files.digests,
            contents: files.contents,
            root,
        }),
        _ => Err(Mistakes::locate(findings, files.texts)),
    }
}

/// The system that a checked tree means, with its assumptions and within its budget.
fn meaning(
    root: &Node,
    checked: &Checked,
    files: &mut Files,
    findings: &mut Vec<Finding>,
) -> Option<(System, Option<sweep::Sweep>)> {
    let raw = match raw::Scenario::deserialize(toml::Value::Table(checked.value.clone())) {
        Ok(raw) => raw,
        Err(error) => {
            // The check leaves nothing that does not fit; should it ever, this says where.
            if findings.is_empty() {
                findings.push(Finding {
                    place: Files::beginning(0),
                    key: String::new(),
                    wrong: error.message().to_owned(),
                    right: "see `hashfall schema`".to_owned(),
                });
            }
            return None;
        }
    };
    let mut context = Context::new(&checked.places);
    let mut system = build::build(&raw, files, &mut context);
    let knowledge = Knowledge {
        mode: build::mode(raw.scenario.mode),
        until_unix_ms: build::known_until(&raw, context.start_unix_ms),
    };
    if let Some(text) = &raw.scenario.known_until
        && let Err(wrong) = time::date_or_instant(text)
    {
        context.wrong(
            "scenario.known_until",
            wrong,
            "a date as \"2022-01-04\", or a time with an offset",
        );
    }
    system.assumptions = provenance::assumptions(root, &knowledge, &mut context.findings);
    let cost = budget(&system, u64::from(system.replications));
    if !cost.fits() {
        let wrong = format!(
            "{} replications want about {} MiB of memory and {} MiB of disk",
            system.replications,
            cost.memory_bytes >> 20,
            cost.disk_bytes >> 20
        );
        let right = format!(
            "at most {} MiB and {} MiB: fewer replications, a shorter horizon, fewer farms",
            LARGEST_MEMORY_BYTES >> 20,
            LARGEST_DISK_BYTES >> 20
        );
        context.wrong("scenario.replications", wrong, right);
    }
    let sweep = sweep::of_table(&raw, &mut context);
    findings.append(&mut context.findings);
    Some((system, sweep))
}

/// What decides a scenario's numbers.
fn digest(root: &Node, files: &Files) -> [u8; 32] {
    let mut root = root.clone();
    if let Some(study) = root.table_mut().and_then(|table| table.get_mut("scenario"))
        && let Some(table) = study.value.table_mut()
    {
        table.remove("replications");
    }
    if let Some(table) = root.table_mut() {
        table.remove("sweep");
    }
    let mut hash = Sha256::new();
    hash.update(root.written().as_bytes());
    // The scenario's own spelling does not count: it comes first.
    let mut others: Vec<&(String, [u8; 32])> = files.digests.iter().skip(1).collect();
    others.sort();
    for (name, digest) in others {
        hash.update([0]);
        hash.update(name.as_bytes());
        hash.update([0]);
        hash.update(digest);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod meaning_tests;
#[cfg(test)]
mod tests;
