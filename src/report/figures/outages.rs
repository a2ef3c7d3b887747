//! From the told events of one replication to rows of a time chart.

use crate::measure::Told;
use crate::report::chart::{Outage, OutageKind, StoryRow};
use crate::system::{System, Unit};
use std::collections::BTreeMap;

/// One row while it is being filled: what is out now, and what was.
#[derive(Debug, Default)]
struct Track {
    /// Order of print, group, name.
    group: &'static str,
    name: String,
    /// Of each kind: weights of what is out, by entity, and since when that has been so.
    out: BTreeMap<OutageKind, (BTreeMap<String, f64>, i64)>,
    whole: f64,
    outages: Vec<Outage>,
}

impl Track {
    /// An entity goes out or comes back; what counts (a line's circuits) may do so repeatedly.
    fn set(&mut self, effect: &Effect<'_>, at_ms: i64) {
        let kind = effect.kind;
        let (out, since) = self
            .out
            .entry(kind)
            .or_insert_with(|| (BTreeMap::new(), at_ms));
        let before: f64 = out.values().sum();
        let now = out.entry(effect.entity.to_owned()).or_default();
        *now = match effect.weight {
            Some(weight) if effect.counts => *now + weight,
            Some(weight) => weight,
            None if effect.counts => (*now - 1.0).max(0.0),
            None => 0.0,
        };
        let from_ms = std::mem::replace(since, at_ms);
        self.close(kind, before, from_ms, at_ms);
    }

    /// What was lost in all: weight times ms.
    fn lost(&self) -> f64 {
        let part = |outage: &Outage| outage.part * (outage.to_ms - outage.from_ms) as f64;
        self.whole * self.outages.iter().map(part).sum::<f64>()
    }

    /// Writes down a stretch in which `weight` was out.
    fn close(&mut self, kind: OutageKind, weight: f64, from_ms: i64, to_ms: i64) {
        let part = (weight / self.whole).min(1.0);
        if part <= 1e-9 || to_ms <= from_ms {
            return;
        }
        // A stretch that goes on as it was is the same stretch.
        let same = self
            .outages
            .iter_mut()
            .rev()
            .find(|outage| outage.kind == kind);
        match same {
            Some(last) if last.to_ms == from_ms && (last.part - part).abs() < 1e-9 => {
                last.to_ms = to_ms;
            }
            _ => self.outages.push(Outage {
                from_ms,
                to_ms,
                part,
                kind,
            }),
        }
    }
}

/// What an event does to a row.
struct Effect<'a> {
    group: &'static str,
    name: String,
    /// The whole of the row, in the unit of `weight`.
    whole: f64,
    kind: OutageKind,
    entity: &'a str,
    /// Out with this weight, or back.
    weight: Option<f64>,
    /// Several of the entity may be out at once, each of weight 1.
    counts: bool,
    /// The row of all others: printed last in its group.
    shared: bool,
}

/// Groups in the order of print.
const GROUPS: [&str; 6] = [
    "Hazards",
    "Plants",
    "Lines",
    "Internet",
    "Mining",
    "Firm load",
];

/// Plants that get a row of their own.
const PLANTS: usize = 7;

/// Rows from events told in order; times are ms since the scenario's start, as in the events.
///
/// The plants that lost most energy stand alone, the others in one row by their capacity: a row
/// that is out when any of many is would always be out.
pub(super) fn rows(system: &System, told: &[Told]) -> Vec<StoryRow> {
    let single = fill(system, told, &|_| true);
    let mut lost: Vec<(f64, &str)> = single
        .values()
        .filter(|track| track.group == "Plants")
        .map(|track| (track.lost(), track.name.as_str()))
        .collect();
    lost.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let chosen: Vec<&str> = lost.iter().take(PLANTS).map(|(_, name)| *name).collect();
    let tracks = fill(system, told, &|plant| chosen.contains(&plant));
    let row = |track: Track| StoryRow {
        group: track.group.to_owned(),
        name: track.name,
        outages: track.outages,
    };
    tracks
        .into_values()
        .map(row)
        .filter(|row| !row.outages.is_empty())
        .collect()
}

/// Tracks by group and name; plants that are not `alone` share one.
fn fill(
    system: &System,
    told: &[Told],
    alone: &dyn Fn(&str) -> bool,
) -> BTreeMap<(usize, bool, String), Track> {
    let mut tracks: BTreeMap<(usize, bool, String), Track> = BTreeMap::new();
    for event in told {
        let Some(effect) = effect(system, event, alone) else {
            continue;
        };
        let group = GROUPS
            .iter()
            .position(|&group| group == effect.group)
            .unwrap_or(GROUPS.len());
        let key = (group, effect.shared, effect.name.clone());
        let track = tracks.entry(key).or_insert_with(|| Track {
            group: effect.group,
            name: effect.name.clone(),
            whole: effect.whole,
            ..Track::default()
        });
        track.set(&effect, event.at_ms);
    }
    for track in tracks.values_mut() {
        for (kind, (out, since)) in std::mem::take(&mut track.out) {
            track.close(kind, out.values().sum(), since, system.horizon.0);
        }
    }
    tracks
}

fn effect<'a>(
    system: &System,
    event: &'a Told,
    alone: &dyn Fn(&str) -> bool,
) -> Option<Effect<'a>> {
    let (kind_of_entity, name) = event.entity.split_once('/').unwrap_or((&event.entity, ""));
    let what = event.what.as_str();
    let begins = |begin: &str, end: &str| match what {
        what if what == begin => Some(true),
        what if what == end => Some(false),
        _ => None,
    };
    let entity = event.entity.as_str();
    match kind_of_entity {
        "plant" => unit(system, (entity, name, what), alone),
        "line" => {
            let line = system.lines.iter().find(|line| line.name == name)?;
            let out = begins("loses a circuit", "has a circuit repaired")?;
            // Circuits are equal and told without their number.
            let weight = out.then_some(1.0);
            let whole = f64::from(line.circuits.max(1));
            Some(Effect {
                group: "Lines",
                name: name.to_owned(),
                whole,
                kind: OutageKind::Forced,
                entity,
                weight,
                counts: true,
                shared: false,
            })
        }
        "gateway" | "provider" | "pool" => {
            let out = match kind_of_entity {
                "pool" => begins("stops answering", "answers again"),
                _ => begins("fails", "is repaired"),
            }?;
            let (kind, weight) = (OutageKind::Offline, out.then_some(1.0));
            let name = format!("{kind_of_entity} {name}");
            Some(Effect {
                group: "Internet",
                name,
                whole: 1.0,
                kind,
                entity,
                weight,
                counts: false,
                shared: false,
            })
        }
        "farm" => farm(system, entity, name, what),
        "hazard" if !name.contains('/') => {
            let out = begins("strikes", "ends")?;
            let (kind, weight) = (OutageKind::Hazard, out.then_some(1.0));
            Some(Effect {
                group: "Hazards",
                name: name.to_owned(),
                whole: 1.0,
                kind,
                entity,
                weight,
                counts: false,
                shared: false,
            })
        }
        "order" => {
            let out = begins("comes into force", "ends")?;
            let (kind, weight) = (OutageKind::Curtailed, out.then_some(1.0));
            let name = format!("order {name}");
            Some(Effect {
                group: "Mining",
                name,
                whole: 1.0,
                kind,
                entity,
                weight,
                counts: false,
                shared: false,
            })
        }
        "system" => {
            let out = begins("sheds firm load", "serves all firm load again")?;
            let (kind, weight) = (OutageKind::Shed, out.then_some(1.0));
            let name = "shed".to_owned();
            Some(Effect {
                group: "Firm load",
                name,
                whole: 1.0,
                kind,
                entity,
                weight,
                counts: false,
                shared: false,
            })
        }
        _ => None,
    }
}

/// Units of a plant in one row, weighted by their nameplates.
fn unit<'a>(
    system: &System,
    (entity, name, what): (&'a str, &str, &str),
    alone: &dyn Fn(&str) -> bool,
) -> Option<Effect<'a>> {
    let unit = system.units.iter().find(|unit| unit.name == name)?;
    let plant = &system.plants[unit.plant.at()];
    let shared = !alone(&plant.name);
    let own = |other: &&Unit| !system.zones[other.zone.at()].external;
    let (name, units): (String, Vec<&Unit>) = if shared {
        let is_other = |other: &&Unit| own(other) && !alone(&system.plants[other.plant.at()].name);
        (
            "all other plants".to_owned(),
            system.units.iter().filter(is_other).collect(),
        )
    } else {
        let is_of = |other: &&Unit| other.plant == unit.plant;
        (
            plant.name.clone(),
            system.units.iter().filter(is_of).collect(),
        )
    };
    if let Some(state) = what.rsplit_once(" state ").map(|(_, state)| state) {
        let model = unit.states.as_ref()?;
        let entered = model.states.iter().find(|other| other.name == state)?;
        let missing = unit.nameplate.megawatts() - entered.capacity.megawatts();
        return Some(Effect {
            group: "Plants",
            name,
            whole: units.iter().map(|unit| unit.nameplate.megawatts()).sum(),
            kind: OutageKind::Forced,
            entity,
            weight: (missing > 0.0).then_some(missing),
            counts: false,
            shared,
        });
    }
    let (kind, out) = match what {
        "is out at the start" | "fails" => (OutageKind::Forced, true),
        "is repaired" => (OutageKind::Forced, false),
        "begins its planned outage" => (OutageKind::Planned, true),
        "ends its planned outage" => (OutageKind::Planned, false),
        "is derated" => (OutageKind::Derated, true),
        "is back at full capacity" => (OutageKind::Derated, false),
        _ => return None,
    };
    let lost = if kind == OutageKind::Derated {
        unit.derating_share
    } else {
        1.0
    };
    let weight = out.then_some(unit.nameplate.megawatts() * lost);
    let whole = units.iter().map(|unit| unit.nameplate.megawatts()).sum();
    Some(Effect {
        group: "Plants",
        name,
        whole,
        kind,
        entity,
        weight,
        counts: false,
        shared,
    })
}

/// Farms of a zone in two rows, weighted by their installed power: without pools, under an order.
fn farm<'a>(system: &System, entity: &'a str, name: &str, what: &str) -> Option<Effect<'a>> {
    let farm = system.farms.iter().find(|farm| farm.name == name)?;
    let zone = &system.zones[farm.zone.at()].name;
    let (group, row, kind, out) = match what {
        "loses its pools" => ("Internet", "farms cut off", OutageKind::Offline, true),
        "reaches its pools again" => ("Internet", "farms cut off", OutageKind::Offline, false),
        "is released" => ("Mining", "ordered down", OutageKind::Curtailed, false),
        what if what.starts_with("is ordered down") => {
            ("Mining", "ordered down", OutageKind::Curtailed, true)
        }
        _ => return None,
    };
    let in_zone = system.farms.iter().filter(|other| other.zone == farm.zone);
    let whole = in_zone.map(|farm| farm.installed.megawatts()).sum();
    let weight = out.then_some(farm.installed.megawatts());
    Some(Effect {
        group,
        name: format!("{row}, {zone}"),
        whole,
        kind,
        entity,
        weight,
        counts: false,
        shared: false,
    })
}

#[cfg(test)]
mod tests;
