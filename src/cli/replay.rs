//! `hashfall replay`: the story of one replication.

use super::arguments::Format;
use super::options::ReplayOptions;
use super::scenario::load;
use super::talk::print;
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{Row, layout_of, replay_study};
use crate::measure::{Told, tell};
use crate::report::{TOLD, told_cells};
use serde::Serialize;
use std::fmt::Write;

/// One replication as data.
#[derive(Serialize)]
struct Story<'a> {
    scenario: &'a str,
    seed: u64,
    replication: u32,
    events: u64,
    refreshes: u64,
    indices: Vec<Index>,
    log: Vec<Logged>,
}

#[derive(Serialize)]
struct Index {
    window: String,
    scope: String,
    index: String,
    unit: &'static str,
    value: f64,
}

#[derive(Serialize)]
struct Logged {
    time_utc: String,
    #[serde(flatten)]
    told: Told,
}

pub(super) fn replay(options: ReplayOptions) -> Result<Exit, Failure> {
    let loaded = load(&options.scenario)?;
    let plan = Plan::new(&loaded.system);
    let row = replay_study(&plan, options.replication)?;
    let told = tell(&plan, options.replication)?;
    let text = match options.format {
        Format::Text => as_text(&plan, options.replication, &told),
        Format::Json => as_json(&plan, options.replication, &row, told)?,
    };
    print(&text)?;
    Ok(Exit::Done)
}

fn as_text(plan: &Plan<'_>, replication: u32, told: &[Told]) -> String {
    let system = plan.system;
    let mut text = format!(
        "{}, seed {}, replication {replication}: {} events\n",
        system.name,
        system.seed,
        told.len()
    );
    let has_mining = !system.farms.is_empty();
    for event in told {
        let [time, ..] = told_cells(event, system.start_unix_ms);
        let mining = if has_mining {
            format!(
                "{:>9.3} EH/s {:>8.1} MW  ",
                event.hashrate_ehs, event.mining_mw
            )
        } else {
            String::new()
        };
        let short = match event.unserved_mw {
            unserved if unserved > 0.0 => format!("  ({unserved:.1} MW unserved)"),
            _ => String::new(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{time:<24}  {:>8.0} MW  {mining}{} {}{short}",
            event.capacity_mw, event.entity, event.what,
        );
    }
    let columns = if has_mining {
        "capacity, hashrate, mining"
    } else {
        "capacity"
    };
    let _ = writeln!(text, "(columns: {}, {columns}, what happened)", TOLD[0]);
    text
}

fn as_json(
    plan: &Plan<'_>,
    replication: u32,
    row: &Row,
    told: Vec<Told>,
) -> Result<String, Failure> {
    let start = plan.system.start_unix_ms;
    let (layout, _) = layout_of(plan);
    let value = |slot: usize| row.sink.row.get(slot).copied().unwrap_or_default();
    let story = Story {
        scenario: &plan.system.name,
        seed: plan.system.seed,
        replication,
        events: row.run.events,
        refreshes: row.run.refreshes,
        indices: layout
            .columns
            .into_iter()
            .map(|column| Index {
                value: crate::report::published(value(column.slot), column.scale),
                window: column.window,
                scope: column.scope,
                index: column.index,
                unit: column.unit,
            })
            .collect(),
        log: told
            .into_iter()
            .map(|told| {
                let [time_utc, ..] = told_cells(&told, start);
                Logged { time_utc, told }
            })
            .collect(),
    };
    let text = serde_json::to_string_pretty(&story);
    Ok(text.map_err(|error| Failure::RunTime(error.to_string()))? + "\n")
}
