//! `hashfall exact`: the indices that follow without a draw, or why there are none.

use super::arguments::Tabular;
use super::options::ExactOptions;
use super::scenario::load;
use super::talk::{Talk, print};
use super::{Exit, Failure};
use crate::exact::{Answer, Exact, OutageTable, answer};
use crate::report::{hexadecimal, words::horizon};
use crate::scenario::Loaded;
use serde::Serialize;
use std::fmt::Write as _;

/// An answer as data.
#[derive(Serialize)]
struct Answered<'a> {
    scenario: &'a str,
    title: &'a str,
    digest: String,
    copper_plate: bool,
    exact: Vec<Row<'a>>,
    missing: Vec<Missing<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outages: Option<Vec<Outage<'a>>>,
}

#[derive(Serialize)]
struct Row<'a> {
    window: &'a str,
    scope: &'a str,
    index: &'a str,
    unit: &'a str,
    exact: f64,
}

#[derive(Serialize)]
struct Missing<'a> {
    scope: &'a str,
    index: &'a str,
    code: &'a str,
    reason: String,
}

#[derive(Serialize)]
struct Outage<'a> {
    scope: &'a str,
    outage_mw: f64,
    probability: f64,
    cumulative: f64,
    frequency_per_h: f64,
}

pub(super) fn exact(options: ExactOptions) -> Result<Exit, Failure> {
    let loaded = load(&options.scenario)?;
    let system = &loaded.system;
    let answer = answer(system, options.is_copper_plate).map_err(|obstacles| {
        let mut text = format!("{} has no exact answer:", system.name);
        for obstacle in obstacles {
            text.push_str(&format!("\n  - {obstacle}"));
        }
        Failure::RunTime(text)
    })?;
    let text = match (options.format, options.with_table) {
        (Tabular::Text, false) => indices_as_text(&loaded, &options, &answer),
        (Tabular::Text, true) => outages_as_text(&answer.tables),
        (Tabular::Csv, false) => indices_as_csv(&answer.rows),
        (Tabular::Csv, true) => outages_as_csv(&answer.tables),
        (Tabular::Json, with_table) => as_json(&loaded, &options, &answer, with_table)?,
    };
    print(&text)?;
    if options.format != Tabular::Json && !options.with_table {
        for missing in &answer.missing {
            Talk::Normal.say(&format!(
                "no exact {} of {}: {}",
                missing.index, missing.scope, missing.reason
            ));
        }
    }
    Ok(Exit::Done)
}

/// A value with its first digits: as many as a table of references has.
fn shown(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-3 {
        format!("{value:.6e}")
    } else {
        format!("{value:.6}")
    }
}

fn indices_as_text(loaded: &Loaded, options: &ExactOptions, answer: &Answer) -> String {
    let system = &loaded.system;
    let mut text = format!(
        "{}\nexact, no draws, {}\n",
        system.title,
        horizon(system.hours())
    );
    // The title is of the scenario as it was written.
    let mut set = options.scenario.overrides_as_text();
    set.extend(
        options
            .is_copper_plate
            .then(|| "all zones as one".to_owned()),
    );
    if !set.is_empty() {
        let _ = writeln!(text, "with {}", set.join(", "));
    }
    let mut before = ("", "");
    let width = |row: &Exact| shown(row.value).chars().count();
    let width = answer.rows.iter().map(width).max().unwrap_or(0);
    for row in &answer.rows {
        let head = (row.window.as_str(), row.scope.as_str());
        if head != before {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n{}, window {}", row.scope, row.window);
            before = head;
        }
        let unit = match (row.unit, row.index) {
            ("1", "lolf" | "lolev") => "shortages",
            ("1", _) => "",
            (unit, _) => unit,
        };
        let line = format!("  {:<22}{:>width$} {unit}", row.index, shown(row.value));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn indices_as_csv(rows: &[Exact]) -> String {
    let mut text = "window,scope,index,unit,exact\n".to_owned();
    for row in rows {
        let Exact {
            window,
            scope,
            index,
            unit,
            value,
        } = row;
        let (window, scope) = (quoted(window), quoted(scope));
        let _ = writeln!(text, "{window},{scope},{index},{unit},{value}");
    }
    text
}

/// A name as RFC 4180 wants it.
fn quoted(name: &str) -> String {
    if name.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

fn outages(tables: &[OutageTable]) -> impl Iterator<Item = Outage<'_>> {
    tables.iter().flat_map(|table| {
        table.rows.iter().map(|row| Outage {
            scope: &table.scope,
            outage_mw: row.outage_w as f64 / 1e6,
            probability: row.probability,
            cumulative: row.cumulative,
            frequency_per_h: row.frequency_per_h,
        })
    })
}

fn outages_as_csv(tables: &[OutageTable]) -> String {
    let mut text = "scope,outage_mw,probability,cumulative,frequency_per_h\n".to_owned();
    for row in outages(tables) {
        let _ = writeln!(
            text,
            "{},{},{:e},{:e},{:e}",
            quoted(row.scope),
            row.outage_mw,
            row.probability,
            row.cumulative,
            row.frequency_per_h
        );
    }
    text
}

fn outages_as_text(tables: &[OutageTable]) -> String {
    let mut text = String::new();
    let mut before = "";
    for row in outages(tables) {
        if row.scope != before {
            let _ = writeln!(
                text,
                "{}\n{:>12} {:>16} {:>16} {:>16}",
                row.scope, "outage_mw", "probability", "cumulative", "frequency_per_h"
            );
            before = row.scope;
        }
        let _ = writeln!(
            text,
            "{:>12} {:>16.9e} {:>16.9e} {:>16.9e}",
            row.outage_mw, row.probability, row.cumulative, row.frequency_per_h
        );
    }
    text
}

fn as_json(
    loaded: &Loaded,
    options: &ExactOptions,
    answer: &Answer,
    with_table: bool,
) -> Result<String, Failure> {
    let answered = Answered {
        scenario: &loaded.system.name,
        title: &loaded.system.title,
        digest: hexadecimal(&loaded.digest),
        copper_plate: options.is_copper_plate,
        exact: answer
            .rows
            .iter()
            .map(|row| Row {
                window: &row.window,
                scope: &row.scope,
                index: row.index,
                unit: row.unit,
                exact: row.value,
            })
            .collect(),
        missing: answer
            .missing
            .iter()
            .map(|missing| Missing {
                scope: &missing.scope,
                index: missing.index,
                code: missing.reason.code(),
                reason: missing.reason.to_string(),
            })
            .collect(),
        outages: with_table.then(|| outages(&answer.tables).collect()),
    };
    let text = serde_json::to_string_pretty(&answered);
    let text = text.map_err(|error| Failure::RunTime(error.to_string()))?;
    Ok(text + "\n")
}
