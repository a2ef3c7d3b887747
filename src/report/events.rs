//! `events.csv`: what happened in single replications.

use super::ReportError;
use super::chart::rfc3339;
use super::number::cell;
use super::shelf::{Shelf, TableError};
use crate::engine::Plan;
use crate::experiment::Results;
use crate::measure::{Column, Told, tell};
use crate::store::StoreError;
use std::collections::BTreeMap;

/// Whose events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Telling {
    /// The first, the median and the worst replication.
    #[default]
    Chosen,
    /// Every replication. Large.
    All,
}

/// Replications that stand for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Replication 0.
    pub first: u32,
    /// That with the median of the headline; of several the first.
    pub median: u32,
    /// That with the greatest; of several the first.
    pub worst: u32,
}

/// The index by which futures are told apart: where there is mining the hashrate lost to the
/// event, or without one what is missing of all that is installed; otherwise unserved energy.
pub fn headline<'a>(plan: &Plan<'_>, results: &'a Results) -> Option<&'a Column> {
    let system = plan.system;
    let window = system
        .windows
        .get(system.headline_window)
        .or(system.windows.last())?;
    let find = |scope: &str, index: &str| results.layout.find(&window.name, scope, index);
    let lost = if system.has_event() {
        "lost_hashrate_ehs"
    } else {
        "lost_installed_ehs"
    };
    find("network", lost).or_else(|| find("system", "eue_mwh"))
}

impl Chosen {
    /// Finds them.
    ///
    /// # Errors
    /// What the disk says.
    pub fn of(plan: &Plan<'_>, results: &Results) -> Result<Self, StoreError> {
        let at = |p: f64| -> Result<u32, StoreError> {
            match headline(plan, results) {
                Some(column) => Ok(results.replication_at(column.slot, p)?.unwrap_or(0)),
                None => Ok(0),
            }
        };
        Ok(Self {
            first: 0,
            median: at(0.5)?,
            worst: at(1.0)?,
        })
    }

    /// Each with the roles it plays, `first+median` where it plays two.
    fn roles(&self) -> BTreeMap<u32, String> {
        let mut roles: BTreeMap<u32, String> = BTreeMap::new();
        let all = [
            (self.first, "first"),
            (self.median, "median"),
            (self.worst, "worst"),
        ];
        for (replication, role) in all {
            let roles = roles.entry(replication).or_default();
            if !roles.is_empty() {
                roles.push('+');
            }
            roles.push_str(role);
        }
        roles
    }
}

/// Columns of a told event, after those that say whose it is.
pub const TOLD: [&str; 7] = [
    "time_utc",
    "entity",
    "what",
    "hashrate_ehs",
    "mining_mw",
    "capacity_mw",
    "unserved_mw",
];

/// The cells of [`TOLD`].
pub fn told_cells(told: &Told, start_unix_ms: i64) -> [String; 7] {
    [
        rfc3339(start_unix_ms.saturating_add(told.at_ms)),
        told.entity.clone(),
        told.what.clone(),
        cell(told.hashrate_ehs),
        cell(told.mining_mw),
        cell(told.capacity_mw),
        cell(told.unserved_mw),
    ]
}

/// Writes the table: replications in order, each told from its start.
///
/// # Errors
/// What the disk says; a replication that the engine cannot complete.
pub fn write(
    shelf: &mut Shelf<'_>,
    plan: &Plan<'_>,
    results: &Results,
    chosen: Chosen,
    telling: Telling,
) -> Result<(), ReportError> {
    let roles = chosen.roles();
    let last = u32::try_from(results.replications()).unwrap_or(u32::MAX);
    let told: Vec<u32> = match telling {
        Telling::Chosen => roles.keys().copied().collect(),
        Telling::All => (0..last).collect(),
    };
    let mut header = vec!["replication", "role"];
    header.extend(TOLD);
    let start = plan.system.start_unix_ms;
    shelf.table("events.csv", &header, |shelf, table| {
        for replication in told {
            shelf.check()?;
            let role = roles.get(&replication).map_or("", String::as_str);
            let number = replication.to_string();
            for event in tell(plan, replication).map_err(ReportError::from)? {
                table.write_field(&number)?;
                table.write_field(role)?;
                table.write_record(told_cells(&event, start))?;
            }
        }
        Ok::<(), TableError>(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_replication_may_play_several_roles() {
        let roles = |first, median, worst| {
            Chosen {
                first,
                median,
                worst,
            }
            .roles()
        };
        let names: Vec<_> = roles(0, 7, 3).into_iter().collect();
        assert_eq!(names[1], (3, "worst".to_owned()));
        assert_eq!(names.len(), 3);
        assert_eq!(roles(0, 0, 4)[&0], "first+median");
        assert_eq!(roles(0, 0, 0).len(), 1);
    }
}
