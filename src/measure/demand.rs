//! Energy demanded by month and hour of day, short or not: what unserved energy is held against.
//!
//! Without mining a replication has the demand of its weather year and of the steps of its load
//! forecasts, so that few tables serve all; where loads are drawn, and with mining, it has one of
//! its own.

use super::adequacy::own_zones;
use super::strain::hourly;
use super::{ShortageLayout, Sink, Strain};
use crate::engine::{Plan, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A table in the places of a [`ShortageLayout`], Wh, shared by replications that have it in
/// common; none before the first.
pub type Demand = Option<Arc<[i64]>>;

/// Bytes of tables that are kept.
const MOST_BYTES: usize = 8 << 20;

/// The demand of a grid without mining.
#[derive(Debug, Clone)]
pub(super) struct GridDemand {
    /// Zones that count, by zone number.
    zones: Vec<usize>,
    /// By weather year and steps of load forecasts.
    tables: BTreeMap<Vec<usize>, Arc<[i64]>>,
    /// Those of the replication at hand.
    case: Vec<usize>,
}

impl GridDemand {
    /// Knows no table yet.
    pub fn new(plan: &Plan<'_>) -> Self {
        Self {
            zones: own_zones(plan),
            tables: BTreeMap::new(),
            case: Vec::new(),
        }
    }

    /// Puts the demand of the last replication into a sink.
    pub fn close(&mut self, view: View<'_>, layout: &ShortageLayout, sink: &mut Sink) {
        let futures = view.futures;
        if self.zones.iter().any(|&zone| futures.load_is_drawn(zone)) {
            return set(sink, layout, &self.table(view, layout));
        }
        self.case.clear();
        self.case.push(futures.weather_year);
        self.case.extend_from_slice(&futures.forecast_step);
        if let Some(table) = self.tables.get(self.case.as_slice()) {
            return set(sink, layout, table);
        }
        let table = self.table(view, layout);
        if (self.tables.len() + 1) * size_of_val(&*table) <= MOST_BYTES {
            self.tables.insert(self.case.clone(), Arc::clone(&table));
        }
        set(sink, layout, &table);
    }

    fn table(&self, view: View<'_>, layout: &ShortageLayout) -> Arc<[i64]> {
        let mut table = vec![0; layout.demand_places()];
        // The system is the last scope, and the only one where there is one zone.
        let system = layout.scopes.len() - 1;
        for (index, &zone) in self.zones.iter().enumerate() {
            let load = &view.futures.load(view.plan, zone).hourly;
            let mut add = |scope| layout.add_demand(scope, load.iter().map(|p| p.0), &mut table);
            if system > 0 {
                add(index);
            }
            add(system);
        }
        table.into()
    }
}

/// Puts the demand of the last replication with mining into a sink: firm load and mining served,
/// of the system.
pub(super) fn close_mining(strain: &Strain, layout: &ShortageLayout, sink: &mut Sink) {
    let mut table = vec![0; layout.demand_places()];
    let hours = strain.hours(hourly::DEMAND).iter().copied();
    layout.add_demand(layout.scopes.len() - 1, hours, &mut table);
    set(sink, layout, &table.into());
}

fn set(sink: &mut Sink, layout: &ShortageLayout, table: &Arc<[i64]>) {
    sink.shortages.set_demand(layout, table);
    let is_known = |known: &Arc<[i64]>| Arc::ptr_eq(known, table);
    if !sink.demand.as_ref().is_some_and(is_known) {
        sink.demand = Some(Arc::clone(table));
    }
}
