//! The names of every kind: sorted, so that an entity's number never depends on the order of
//! tables; looked up by name or by pattern.

use super::Context;
use super::context::MOST_ENTITIES;
use crate::scenario::mistake::suggestion;
use crate::scenario::pattern::{is_pattern, matches};
use crate::scenario::raw::Scenario;
use std::collections::BTreeMap;

/// Most tables of a kind: of kinds that meet every farm or every hour fewer fit.
fn most(kind: &str) -> usize {
    match kind {
        "plant" => MOST_ENTITIES,
        "farm" => 10_000,
        "window" | "access_class" | "observer" => 100,
        _ => 1_000,
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
    pub load_forecasts: Kind,
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
    pub observers: Kind,
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
            load_forecasts: kind!("load_forecast", raw.load_forecast),
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
            observers: kind!("observer", raw.observer),
            farms,
        }
    }
}

/// Classes stand in merit order: by cost, ties by name.
fn classes(raw: &Scenario, kind: Kind) -> Kind {
    let mut entries = kind.entries;
    if raw.plant.iter().any(|plant| plant.class.is_none()) && !kind.ids.contains_key(UNCLASSED) {
        entries.push((UNCLASSED.to_owned(), None));
    }
    let cost = |index: &Option<usize>| index.map_or(0.0, |index| raw.class[index].cost_usd_mwh);
    entries.sort_by(|(a, at), (b, bt)| cost(at).total_cmp(&cost(bt)).then_with(|| a.cmp(b)));
    Kind::of("class", entries)
}
