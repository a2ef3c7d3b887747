//! What every part of the build needs: the time frame, names, streams, and the mistakes so far.

use super::super::check::Places;
use super::super::files::{Files, Unreadable};
use super::super::mistake::{Finding, Place, suggestion};
use super::super::raw::Scenario;
use crate::quantity::{Instant, MS_PER_HOUR, Span};
use crate::random::StreamId;
use crate::system::{Input, InputId, System};
use std::collections::{BTreeMap, BTreeSet};

/// Most entities of one kind, so that a typed index holds them.
pub const MOST_ENTITIES: usize = 65_535;

/// Most tables of a kind: of kinds that meet every farm or every hour fewer fit.
fn most(kind: &str) -> usize {
    match kind {
        "plant" => MOST_ENTITIES,
        "farm" => 10_000,
        "window" | "access_class" => 100,
        _ => 1_000,
    }
}

/// Most hourly values of all loads and prices together.
const MOST_HOURLY_VALUES: usize = 30_000_000;

/// Largest amount of W or GH/s, so that a share in parts per million of it fits 64 bits.
const LARGEST_AMOUNT: f64 = 9.2e12;

/// Largest result of one replication in quanta (Wh, PH), so that 2^32 squares fit 128 bits.
const LARGEST_QUANTA: f64 = 1.9e14;

/// State of a build.
pub(crate) struct Context<'a> {
    pub places: &'a Places,
    pub findings: Vec<Finding>,
    /// Start of the horizon, ms since 1970.
    pub start_unix_ms: i64,
    /// Length of the horizon.
    pub horizon: Span,
    /// False where begin or length have a mistake: nothing is held against the horizon then.
    pub horizon_known: bool,
    streams: BTreeMap<StreamId, String>,
    hourly_values: usize,
    pub(super) inputs: Vec<Input>,
    pub(super) input_ids: BTreeMap<String, InputId>,
    /// Inputs whose law has a mistake: what they can become is not known.
    pub(super) lawless: BTreeSet<InputId>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(places: &'a Places) -> Self {
        Self {
            places,
            findings: Vec::new(),
            start_unix_ms: 0,
            horizon: Span(MS_PER_HOUR),
            horizon_known: true,
            streams: BTreeMap::new(),
            hourly_values: 0,
            inputs: Vec::new(),
            input_ids: BTreeMap::new(),
            lawless: BTreeSet::new(),
        }
    }

    /// Reports a mistake at a path, unless one is known there already.
    pub(crate) fn wrong(&mut self, path: &str, wrong: impl Into<String>, right: impl Into<String>) {
        if !self.places.is_broken(path) {
            self.wrong_at(self.places.of(path), path, wrong, right);
        }
    }

    /// Reports a mistake at a place of its own, in a CSV.
    pub(crate) fn wrong_at(
        &mut self,
        place: Place,
        path: &str,
        wrong: impl Into<String>,
        right: impl Into<String>,
    ) {
        let key = self.places.shown(path);
        self.findings.push(Finding {
            place,
            key,
            wrong: wrong.into(),
            right: right.into(),
        });
    }

    /// Reports a file that could not be had.
    pub(crate) fn unreadable(&mut self, path: &str, unreadable: Unreadable) {
        self.wrong(path, unreadable.wrong, unreadable.right);
    }

    /// A file's number, else the mistake is reported.
    pub(crate) fn file(&mut self, path: &str, name: &str, files: &mut Files) -> Option<usize> {
        match files.number(name) {
            Ok(number) => Some(number),
            Err(unreadable) => {
                self.unreadable(path, unreadable);
                None
            }
        }
    }

    /// The stream of a name; two names with one hash are a mistake.
    pub(crate) fn stream(&mut self, path: &str, name: &str) -> StreamId {
        let id = StreamId::of(name);
        let other = self.streams.entry(id).or_insert_with(|| name.to_owned());
        if other != name {
            let wrong = format!(
                "the names {name:?} and {other:?} have the same hash, so they would share their draws"
            );
            self.wrong(path, wrong, "rename one of them");
        }
        id
    }

    /// Milliseconds since the start, of a time that the check has found right.
    pub(crate) fn offset(&self, text: &str) -> i64 {
        super::super::time::instant(text)
            .map_or(0, |unix_ms| unix_ms.saturating_sub(self.start_unix_ms))
    }

    /// The end of the horizon.
    pub(crate) fn end(&self) -> Instant {
        Instant(self.horizon.0)
    }

    /// Whole hours in the horizon.
    pub(crate) fn hours(&self) -> usize {
        (self.horizon.0 / MS_PER_HOUR) as usize
    }

    /// Whether another hourly series still fits; the first that does not is a mistake.
    pub(crate) fn room_for_hours(&mut self, path: &str) -> bool {
        let fits = |values: usize| values <= MOST_HOURLY_VALUES;
        let before = self.hourly_values;
        self.hourly_values += self.hours();
        if fits(before) && !fits(self.hourly_values) {
            self.wrong(
                path,
                format!("more than {MOST_HOURLY_VALUES} hourly values of loads and prices"),
                "a shorter horizon, or fewer zones and prices",
            );
        }
        fits(self.hourly_values)
    }

    /// The inputs, once all are known.
    pub(crate) fn take_inputs(&mut self) -> Vec<Input> {
        std::mem::take(&mut self.inputs)
    }

    /// Bounds that keep every sum of the simulation within its integers.
    pub(crate) fn bounds(&mut self, system: &System) {
        let capacity = system
            .units
            .iter()
            .map(|unit| unit.nameplate.0 as f64)
            .sum::<f64>();
        let load = system
            .zones
            .iter()
            .map(|zone| zone.load.maximum.0.max(0) as f64)
            .sum::<f64>();
        let mining = system
            .farms
            .iter()
            .map(|farm| farm.installed.0 as f64)
            .sum::<f64>();
        for (kind, watts) in [("plant", capacity), ("zone", load), ("farm", mining)] {
            if watts >= LARGEST_AMOUNT {
                self.wrong(
                    kind,
                    format!("all together {:e} W", watts),
                    format!("less than {LARGEST_AMOUNT:e} W"),
                );
            }
        }
        let watt_hours = (load + mining) * self.hours() as f64;
        if watt_hours >= LARGEST_QUANTA {
            self.wrong(
                "scenario",
                format!("loads and farms could use {watt_hours:e} Wh in the horizon"),
                format!("less than {LARGEST_QUANTA:e} Wh, so that sums of squares stay exact: a shorter horizon, or fewer zones"),
            );
        }
        if system.units.len() > MOST_ENTITIES {
            self.wrong(
                "plant",
                format!("{} units", system.units.len()),
                format!("at most {MOST_ENTITIES}"),
            );
        }
    }
}

/// The names of a kind, sorted, and where each stands in the file.
#[derive(Debug, Default)]
pub(crate) struct Kind {
    kind: &'static str,
    /// Name and number of its table in the file; none for a table the scenario left out.
    pub entries: Vec<(String, Option<usize>)>,
    ids: BTreeMap<String, usize>,
}

impl Kind {
    fn new<'n>(
        kind: &'static str,
        names: impl Iterator<Item = &'n str>,
        context: &mut Context<'_>,
    ) -> Self {
        let mut ids: BTreeMap<String, usize> = BTreeMap::new();
        for (index, name) in names.enumerate() {
            let path = format!("{kind}[{index}].name");
            if let Some(wrong) = unfit(name) {
                context.wrong(
                    &path,
                    format!("the name {name:?} {wrong}"),
                    "letters, digits, spaces and -_.()&+ at will",
                );
            }
            if index >= most(kind) {
                context.wrong(
                    kind,
                    format!("more than {} of a kind", most(kind)),
                    "group them",
                );
                break;
            }
            if let Some(&first) = ids.get(name) {
                if !context.places.is_broken(&path) {
                    let wrong = format!(
                        "{name:?} is there twice (tables {} and {} of their kind)",
                        first + 1,
                        index + 1
                    );
                    context.wrong(&path, wrong, "give every table of a kind its own name");
                }
            } else {
                ids.insert(name.to_owned(), index);
            }
        }
        let entries: Vec<_> = ids
            .iter()
            .map(|(name, &index)| (name.clone(), Some(index)))
            .collect();
        Self::of(kind, entries)
    }

    fn of(kind: &'static str, entries: Vec<(String, Option<usize>)>) -> Self {
        let ids = entries
            .iter()
            .enumerate()
            .map(|(id, (name, _))| (name.clone(), id))
            .collect();
        Self { kind, entries, ids }
    }

    /// This kind, or one of a given name where the scenario declares none.
    fn or_one(self, name: &str) -> Self {
        if self.entries.is_empty() {
            Self::of(self.kind, vec![(name.to_owned(), None)])
        } else {
            self
        }
    }

    /// Number of a name, where there is one.
    pub(crate) fn get(&self, name: &str) -> Option<usize> {
        self.ids.get(name).copied()
    }

    /// Number of a name, else the mistake is reported.
    pub(crate) fn find(&self, name: &str, path: &str, context: &mut Context<'_>) -> Option<usize> {
        let id = self.get(name);
        let misnamed = self.entries.is_empty() && context.places.unknown_table();
        if id.is_none() && !misnamed {
            let right = suggestion(name, self.names());
            context.wrong(
                path,
                format!("there is no {} named {name:?}", self.kind),
                right,
            );
        }
        id
    }

    /// Numbers of all names that a pattern means, in order; meaning none is a mistake.
    pub(crate) fn all(&self, pattern: &str, path: &str, context: &mut Context<'_>) -> Vec<usize> {
        use super::super::pattern::{is_pattern, matches};
        if !is_pattern(pattern) {
            return self.find(pattern, path, context).into_iter().collect();
        }
        let misnamed = self.entries.is_empty() && context.places.unknown_table();
        let hits: Vec<usize> = self
            .names()
            .enumerate()
            .filter(|(_, name)| matches(pattern, name))
            .map(|(id, _)| id)
            .collect();
        if hits.is_empty() && pattern != "*" && !misnamed {
            let right = suggestion(pattern, self.names());
            context.wrong(path, format!("no {} fits {pattern:?}", self.kind), right);
        }
        hits
    }

    /// All names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// (Name, number of its table) of the entities that the scenario declares.
    pub(crate) fn declared(&self) -> impl Iterator<Item = (&str, usize)> {
        self.entries
            .iter()
            .filter_map(|(name, index)| index.map(|index| (name.as_str(), index)))
    }
}

/// What is wrong with a name, if anything.
fn unfit(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if name.trim() != name {
        Some("begins or ends with a space")
    } else if name.chars().count() > 100 {
        Some("is longer than 100 characters")
    } else if name.contains(['/', '*', '?', '[', ']', '"', ';'])
        || name.chars().any(char::is_control)
    {
        Some("has one of / * ? [ ] ; \" or a control character")
    } else {
        None
    }
}

/// The names of every kind.
pub(crate) struct Names {
    pub zones: Kind,
    pub weathers: Kind,
    pub lines: Kind,
    pub classes: Kind,
    pub plants: Kind,
    pub fleets: Kind,
    pub farms: Kind,
    pub access_classes: Kind,
    pub providers: Kind,
    pub gateways: Kind,
    pub pools: Kind,
    pub hazards: Kind,
    pub orders: Kind,
    pub contracts: Kind,
}

/// The class of plants that name none.
pub(crate) const UNCLASSED: &str = "unclassed";

impl Names {
    pub(crate) fn collect(raw: &Scenario, context: &mut Context<'_>) -> Self {
        macro_rules! kind {
            ($name:literal, $tables:expr) => {
                Kind::new(
                    $name,
                    $tables.iter().map(|table| table.name.as_str()),
                    context,
                )
            };
        }
        kind!("window", raw.window);
        let farms = kind!("farm", raw.farm);
        let mining = !farms.entries.is_empty();
        let implied = |kind: Kind, name: &str| if mining { kind.or_one(name) } else { kind };
        Self {
            zones: kind!("zone", raw.zone),
            weathers: kind!("weather", raw.weather),
            lines: kind!("line", raw.line),
            classes: classes(raw, kind!("class", raw.class)),
            plants: kind!("plant", raw.plant),
            fleets: kind!("fleet", raw.fleet),
            access_classes: implied(kind!("access_class", raw.access_class), "any"),
            providers: implied(kind!("provider", raw.provider), "internet"),
            gateways: implied(kind!("gateway", raw.gateway), "border"),
            pools: implied(kind!("pool", raw.pool), "pool"),
            hazards: kind!("hazard", raw.hazard),
            orders: kind!("order", raw.order),
            contracts: kind!("contract", raw.contract),
            farms,
        }
    }
}

/// Classes stand in merit order: by cost, ties by name.
fn classes(raw: &Scenario, kind: Kind) -> Kind {
    let mut entries = kind.entries;
    if raw.plant.iter().any(|plant| plant.class.is_none()) && kind.ids.get(UNCLASSED).is_none() {
        entries.push((UNCLASSED.to_owned(), None));
    }
    let cost = |index: &Option<usize>| index.map_or(0.0, |index| raw.class[index].cost_usd_mwh);
    entries.sort_by(|(a, at), (b, bt)| cost(at).total_cmp(&cost(bt)).then_with(|| a.cmp(b)));
    Kind::of("class", entries)
}
