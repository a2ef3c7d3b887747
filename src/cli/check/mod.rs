//! `hashfall check`: is it sound, what is it, and what would it cost?

mod zones;

use super::options::CheckOptions;
use super::scenario::{bytes, load, replications};
use super::study::study;
use super::talk::print;
use super::{Exit, Failure};
use crate::engine::Plan;
use crate::experiment::{available_cores, layout_of};
use crate::quantity::MS_PER_DAY;
use crate::report::{hexadecimal, words::horizon};
use crate::scenario::{HINDCAST, Loaded, budget, point_memory};
use crate::system::{Basis, System};

/// A week of maintenance.
const WEEK_MS: i64 = 7 * MS_PER_DAY;

pub(super) fn check(options: CheckOptions) -> Result<Exit, Failure> {
    let loaded = load(&options.scenario)?;
    let plan = Plan::new(&loaded.system);
    let n = replications(&loaded, options.replications)?;
    let system = &loaded.system;
    let cost = budget(system, u64::from(n));
    let placed = placed(system);
    let points = match &loaded.sweep {
        Some(_) => points(&options)?,
        None => String::new(),
    };
    let hindcast = hindcast(&options, &loaded)?;
    let (layout, series) = layout_of(&plan);
    let assumed = system
        .assumptions
        .iter()
        .filter(|item| item.basis == Basis::Assumed)
        .count();
    print(&format!(
        "{name}: sound\n\
         title         {title}\n\
         digest        {digest}\n\
         horizon       {horizon}, seed {seed}, {n} replications\n\
         grid          {grid}\n\
         mining        {mining}\n\
{zones}\
{placed}\
         numbers       {assumptions} sourced or assumed, {assumed} of them assumed\n\
         recorded      {indices} indices, {fans} fans and {means} means over time\n\
         cost, about   {events:.0} events a replication, up to {memory} of memory, {disk} of disk\n\
{hindcast}{points}",
        name = system.name,
        title = system.title,
        digest = hexadecimal(&loaded.digest),
        horizon = horizon(system.hours()),
        seed = system.seed,
        grid = counts(&[
            (system.zones.len(), "zone"),
            (system.lines.len(), "line"),
            (system.plants.len(), "plant"),
            (system.units.len(), "unit"),
        ]),
        mining = counts(&[
            (system.farms.len(), "farm"),
            (system.pools.len(), "pool"),
            (system.gateways.len(), "gateway"),
            (system.providers.len(), "provider"),
        ]),
        zones = zones::zones(system),
        assumptions = system.assumptions.len(),
        indices = layout.columns.len(),
        fans = series.hourly.len() + series.daily.len(),
        means = series.sums.len(),
        events = cost.events_per_replication,
        memory = bytes(cost.memory_bytes),
        disk = bytes(cost.disk_bytes),
    ))?;
    Ok(Exit::Done)
}

/// "2 zones, 1 line"; "none" of nothing at all.
fn counts(all: &[(usize, &str)]) -> String {
    let some = all.iter().filter(|&&(count, _)| count > 0);
    let told = some.map(|&(count, name)| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {name}{plural}")
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        "none".to_owned()
    } else {
        told.join(", ")
    }
}

/// The scenario's own hindcast, which must be sound, too.
fn hindcast(options: &CheckOptions, loaded: &Loaded) -> Result<String, Failure> {
    if !loaded.offers_hindcast || loaded.is_hindcast {
        return Ok(String::new());
    }
    let mut scenario = options.scenario.clone();
    let (path, value) = HINDCAST;
    scenario
        .overrides
        .insert(0, (path.to_owned(), value.to_owned()));
    let other = load(&scenario)?;
    let name = &other.system.name;
    Ok(format!(
        "hindcast      sound, too: --hindcast runs it as {name}\n"
    ))
}

/// The points of the scenario's own sweep, each of them sound, and what they want.
fn points(options: &CheckOptions) -> Result<String, Failure> {
    let study = study(&options.scenario, None)?;
    let jobs = available_cores();
    let each = point_memory(&study.loaded.system, jobs);
    let count = study.identities.len() as u64;
    let (record, all) = (&study.record, bytes(each.saturating_mul(count)));
    Ok(format!(
        "sweep         {} points ({}) and the base, about {all} of memory on {jobs} threads, {} \
         each; --max-memory bounds it\n",
        record.points.len(),
        record.design,
        bytes(each),
    ))
}

/// Where maintenance was placed, a line a plant: weeks count from 1 at the start.
fn placed(system: &System) -> String {
    let mut lines = String::new();
    for plant in &system.plants {
        let first = plant.first_unit.at();
        let units = &system.units[first..first + usize::from(plant.units)];
        let mut told = Vec::new();
        for (number, unit) in (1..).zip(units) {
            let Some((from, until)) = unit.maintenance else {
                continue;
            };
            let (begin, end) = (from / WEEK_MS + 1, (until + WEEK_MS - 1) / WEEK_MS);
            told.push(if begin == end {
                format!("unit {number} week {begin}")
            } else {
                format!("unit {number} weeks {begin} to {end}")
            });
        }
        if !told.is_empty() {
            let label = if lines.is_empty() { "maintenance" } else { "" };
            let (name, told) = (&plant.name, told.join(", "));
            lines += &format!("{label:<14}{name}: {told}\n");
        }
    }
    lines
}
