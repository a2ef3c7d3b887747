//! What every part of the build needs: the time frame, names, streams, and the mistakes so far.

use super::super::files::{Files, Unreadable};
use super::super::mistake::{Finding, Place};
use super::super::places::Places;
use crate::quantity::{Instant, MS_PER_HOUR, Span};
use crate::random::StreamId;
use crate::system::{HazardTiming, Inflow, Input, InputId, Store, System, Unit, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Most entities of one kind, so that a typed index holds them.
pub const MOST_ENTITIES: usize = 65_535;

/// Most levels of dispatch, as a market has room for (a test compares the two).
const MOST_LEVELS: usize = 63;

/// Most strikes of hazards expected in a replication: drawn, they stay below 65,536.
const MOST_STRIKES: f64 = 30_000.0;

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
    /// Names of the weather years, sorted; empty without any.
    pub years: Vec<String>,
    /// Whether some series has been read for each of them.
    pub years_used: bool,
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
            years: Vec::new(),
            years_used: false,
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
        self.room_for_series(path, 1)
    }

    /// The same for several series at once.
    pub(crate) fn room_for_series(&mut self, path: &str, series: usize) -> bool {
        let fits = |values: usize| values <= MOST_HOURLY_VALUES;
        let before = self.hourly_values;
        self.hourly_values += self.hours() * series;
        if fits(before) && !fits(self.hourly_values) {
            self.wrong(
                path,
                format!(
                    "more than {MOST_HOURLY_VALUES} hourly values of loads, outputs and prices"
                ),
                "a shorter horizon, or fewer zones, outputs and prices",
            );
        }
        fits(self.hourly_values)
    }

    /// The inputs, once all are known.
    pub(crate) fn take_inputs(&mut self) -> Vec<Input> {
        std::mem::take(&mut self.inputs)
    }

    /// Bounds on what the engine counts in small integers.
    fn counts(&mut self, system: &System) {
        let priority = system.zones.iter().map(|zone| zone.priority).max();
        let stores = if system.stores.is_empty() { 0 } else { 2 };
        let levels = system.classes.len() + stores + usize::from(priority.unwrap_or(0)) + 1;
        if levels > MOST_LEVELS {
            self.wrong(
                "zone",
                format!("merit classes and priorities of zones make {levels} levels of dispatch"),
                format!(
                    "at most {MOST_LEVELS}: classes, two where there is storage, and the largest \
                     priority plus one"
                ),
            );
        }
        let circuits: usize = system
            .lines
            .iter()
            .map(|line| usize::from(line.circuits))
            .sum();
        if circuits > MOST_ENTITIES {
            self.wrong(
                "line",
                format!("{circuits} circuits in all"),
                format!("at most {MOST_ENTITIES}"),
            );
        }
        let windows: usize = system
            .hazards
            .iter()
            .map(|hazard| hazard.windows.len())
            .sum();
        let most = |value: Value| match value {
            Value::Fixed(value) => value,
            Value::Drawn(input) => system.inputs[input.at()].law.quantile(1.0 - 1e-9),
        };
        let strikes = system.hazards.iter().map(|hazard| match &hazard.timing {
            HazardTiming::Dated { .. } => 1.0,
            HazardTiming::Drawn {
                rate_per_year,
                from,
                until,
                ..
            } => most(*rate_per_year) * (*until - *from).hours().max(0.0) / 8760.0,
        });
        let strikes: f64 = strikes.sum();
        if strikes > MOST_STRIKES || windows > MOST_ENTITIES {
            self.wrong(
                "hazard",
                format!("{strikes:.0} strikes and {windows} windows expected in a replication"),
                format!("at most {MOST_STRIKES} and {MOST_ENTITIES}: a lower rate_per_year"),
            );
        }
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
            .map(|zone| {
                let years = zone.load_by_year.iter().chain([&zone.load]);
                let most = years.map(|load| load.maximum.0).max().unwrap_or(0).max(0);
                // The forecast's last step is three standard deviations up.
                let error = zone
                    .forecast
                    .map_or(0.0, |id| system.load_forecasts[id.at()].sd);
                most as f64 * (1.0 + 3.0 * error)
            })
            .sum::<f64>();
        let mining = system
            .farms
            .iter()
            .map(|farm| farm.installed.0 as f64)
            .sum::<f64>();
        let charge = stores_most(system);
        for (kind, watts) in [
            ("plant", capacity + charge),
            ("zone", load),
            ("farm", mining),
        ] {
            if watts >= LARGEST_AMOUNT {
                self.wrong(
                    kind,
                    format!("all together {:e} W", watts),
                    format!("less than {LARGEST_AMOUNT:e} W"),
                );
            }
        }
        let watt_hours = (load + mining + charge) * self.hours() as f64;
        if watt_hours >= LARGEST_QUANTA {
            self.wrong(
                "scenario",
                format!("loads, farms and stores could use {watt_hours:e} Wh in the horizon"),
                format!("less than {LARGEST_QUANTA:e} Wh, so that sums of squares stay exact: a shorter horizon, or fewer zones"),
            );
        }
        self.counts(system);
        let model = |unit: &Unit| unit.states.as_ref().map_or(0, |model| model.states.len());
        let states: usize = system.units.iter().map(model).sum();
        if states > MOST_ENTITIES {
            self.wrong(
                "plant",
                format!("{states} states of all units together"),
                format!("at most {MOST_ENTITIES}: fewer units with states, or fewer states"),
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

/// Most that stores could take from the grid and from their inflow together, W.
fn stores_most(system: &System) -> f64 {
    let most = |store: &Store| {
        let inflow = match store.inflow {
            Inflow::Steady(inflow) => inflow.0,
            Inflow::Hourly(id) => {
                let years = system.hourly_outputs[id.at()].by_year.iter();
                years.flatten().copied().max().unwrap_or(0)
            }
        };
        (store.charge.0 + inflow) as f64
    };
    system.stores.iter().map(most).sum()
}
