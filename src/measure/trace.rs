//! The story of one replication: every event, in words and as data.

use crate::engine::{Event, Plan, Recorder, Replicator, Ring, View};
use crate::quantity::Instant;
use crate::system::System;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Told {
    /// Milliseconds since the scenario's start.
    pub at_ms: i64,
    /// What it happened to, as `plant/gres-1/unit-3`.
    pub entity: String,
    /// What happened, as `fails`.
    pub what: String,
    /// National hashrate from there on, EH/s.
    pub hashrate_ehs: f64,
    /// Mining power from there on, MW.
    pub mining_mw: f64,
    /// Available capacity of the country, MW.
    pub capacity_mw: f64,
    /// Firm load not served, MW.
    pub unserved_mw: f64,
}

/// Writes down what happens.
#[derive(Debug, Clone, Default)]
pub struct Story {
    /// So far.
    pub told: Vec<Told>,
    pending: Vec<(String, String)>,
    links: Vec<bool>,
    ceilings: Vec<i64>,
    short: bool,
}

/// Runs one replication and tells it.
///
/// # Errors
/// As [`Replicator::replicate`].
pub fn tell(plan: &Plan<'_>, replication: u32) -> Result<Vec<Told>, crate::engine::EngineError> {
    let mut story = Story::default();
    Replicator::new(plan).replicate(replication, &mut story, &mut Vec::new())?;
    Ok(story.told)
}

impl Story {
    fn note(&mut self, entity: String, what: &str) {
        self.pending.push((entity, what.to_owned()));
    }

    /// Changes of farms, which follow from events rather than being some.
    fn look_at_farms(&mut self, view: View<'_>) {
        let View {
            plan,
            futures,
            state,
        } = view;
        for (index, farm) in plan.system.farms.iter().enumerate() {
            let now = &state.farms[index];
            let name = format!("farm/{}", farm.name);
            if self.links[index] != now.link {
                self.links[index] = now.link;
                let what = if now.link {
                    "reaches its pools again"
                } else {
                    "loses its pools"
                };
                self.note(name.clone(), what);
            }
            let ceiling = now.ladder.min(now.contract);
            if self.ceilings[index] != ceiling {
                let installed = futures.installed[index].megawatts() * ceiling as f64 / 1e6;
                let what = if ceiling == 1_000_000 {
                    "is released".to_owned()
                } else {
                    format!("is ordered down to {installed:.1} MW")
                };
                self.ceilings[index] = ceiling;
                self.note(name, &what);
            }
        }
        if self.short != state.is_short {
            self.short = state.is_short;
            let what = if self.short {
                "sheds firm load"
            } else {
                "serves all firm load again"
            };
            self.note("system".to_owned(), what);
        }
    }

    fn flush(&mut self, view: View<'_>) {
        let View {
            plan,
            futures,
            state,
        } = view;
        let ghs: i64 = (0..state.farms.len())
            .map(|farm| {
                let share = crate::quantity::Share(state.farms[farm].shares().effective());
                share.of(futures.installed_hashrate[farm].0)
            })
            .sum();
        let own = |zone: &usize| !plan.system.zones[*zone].external;
        let zones = 0..plan.system.zones.len();
        let mega = |watts: i64| watts as f64 / 1e6;
        let told = Told {
            at_ms: state.now.0,
            entity: String::new(),
            what: String::new(),
            hashrate_ehs: ghs as f64 / 1e9,
            mining_mw: mega(state.farms.iter().map(|farm| farm.draws).sum()),
            capacity_mw: mega(
                zones
                    .clone()
                    .filter(own)
                    .map(|zone| state.zones[zone].capacity)
                    .sum(),
            ),
            unserved_mw: mega(zones.filter(own).map(|zone| state.unserved[zone]).sum()),
        };
        for (entity, what) in self.pending.drain(..) {
            self.told.push(Told {
                entity,
                what,
                ..told.clone()
            });
        }
    }
}

/// What a unit of several states does, as "enters state derated".
fn state_words(does: &str, system: &System, unit: usize, state: u8) -> String {
    let model = system.units[unit].states.as_ref();
    let name = model.and_then(|model| model.states.get(usize::from(state)));
    format!("{does} state {}", name.map_or("up", |state| &state.name))
}

/// Name of the entity an event concerns, and what happens to it.
fn words(view: View<'_>, event: Event) -> (String, String) {
    let system = view.plan.system;
    let unit = |i: u16| format!("plant/{}", system.units[usize::from(i)].name);
    let line = |i: u16| format!("line/{}", system.lines[view.plan.line_of_circuit(i)].name);
    let farm = |i: u16| format!("farm/{}/access", system.farms[usize::from(i)].name);
    let provider = |i: u16| format!("provider/{}", system.providers[usize::from(i)].name);
    let gateway = |i: u16| format!("gateway/{}", system.gateways[usize::from(i)].name);
    let pool = |i: u16| format!("pool/{}", system.pools[usize::from(i)].name);
    let strike = |i: u16| {
        let hazard = view.futures.strikes[usize::from(i)].hazard;
        format!("hazard/{}", system.hazards[hazard].name)
    };
    let window = |i: u16| {
        let (hazard, k) = view.plan.window(i);
        format!("hazard/{}/window-{}", system.hazards[hazard].name, k + 1)
    };
    let order = |i: u16| format!("order/{}", system.orders[usize::from(i)].name);
    let (entity, what) = match event {
        Event::UnitUp(i) => (unit(i), "is repaired"),
        Event::UnitDown(i) => (unit(i), "fails"),
        Event::UnitRestored(i) => (unit(i), "is back at full capacity"),
        Event::UnitDerated(i) => (unit(i), "is derated"),
        Event::UnitEnters(slot) => {
            let (i, state) = view.plan.unit_state(slot);
            return (unit(i), state_words("enters", system, i.into(), state));
        }
        Event::PlannedEnd(i) => (unit(i), "ends its planned outage"),
        Event::PlannedBegin(i) => (unit(i), "begins its planned outage"),
        Event::CircuitUp(i) => (line(i), "has a circuit repaired"),
        Event::CircuitDown(i) => (line(i), "loses a circuit"),
        Event::AccessUp(i) => (farm(i), "is repaired"),
        Event::AccessDown(i) => (farm(i), "fails"),
        Event::ProviderUp(i) => (provider(i), "is repaired"),
        Event::ProviderDown(i) => (provider(i), "fails"),
        Event::GatewayUp(i) => (gateway(i), "is repaired"),
        Event::GatewayDown(i) => (gateway(i), "fails"),
        Event::PoolUp(i) => (pool(i), "answers again"),
        Event::PoolDown(i) => (pool(i), "stops answering"),
        Event::StrikeEnd(i) => (strike(i), "ends"),
        Event::StrikeBegin(i) => (strike(i), "strikes"),
        Event::WindowClose(i) => (window(i), "closes"),
        Event::WindowOpen(i) => (window(i), "opens"),
        Event::OrderEnd(i) => (order(i), "ends"),
        Event::OrderBegin(i) => (order(i), "comes into force"),
    };
    (entity, what.to_owned())
}

impl Recorder for Story {
    const HOURS: bool = true;

    fn begin(&mut self, view: View<'_>) {
        *self = Self {
            links: view.state.farms.iter().map(|farm| farm.link).collect(),
            ceilings: view
                .state
                .farms
                .iter()
                .map(|farm| farm.ladder.min(farm.contract))
                .collect(),
            ..Self::default()
        };
        for (index, unit) in view.state.units.iter().enumerate() {
            let system = view.plan.system;
            let name = format!("plant/{}", system.units[index].name);
            let in_part = system.units[index].states.is_some() && unit.state() > 0;
            if in_part {
                let what = state_words("is at the start in", system, index, unit.state());
                self.note(name, &what);
            } else if !unit.is_available() {
                self.note(name, "is out at the start");
            }
        }
        self.look_at_farms(view);
        self.note("system".to_owned(), "starts");
        self.flush(view);
    }

    fn event(&mut self, view: View<'_>, event: Event) {
        let (entity, what) = words(view, event);
        self.note(entity, &what);
    }

    fn ring(&mut self, view: View<'_>, ring: Ring) {
        let system = view.plan.system;
        let farm = |i: u16| format!("farm/{}", system.farms[usize::from(i)].name);
        let (entity, what) = match ring {
            Ring::UnitStarted(i) => (
                format!("plant/{}", system.units[usize::from(i)].name),
                "has started again",
            ),
            Ring::FarmStep(i) => (farm(i), "brings machines back"),
            Ring::HoldEnd(i) => (farm(i), "cuts power to idle machines"),
            Ring::BatteryEmpty(i) => (farm(i), "has no telecom power left"),
            Ring::LadderTurn(i) => (farm(i), "has its order reviewed"),
            Ring::PriceTurn(i) => (farm(i), "looks at the price again"),
            Ring::ContractTurn(i) => {
                let name = &system.contracts[usize::from(i)].name;
                (format!("contract/{name}"), "comes to its next term")
            }
            Ring::StoreTurn(i) => {
                let index = usize::from(i);
                let plant = system.stores[index].plant;
                let store = view.state.store(index);
                let what = if store.drawn() > store.inflow {
                    "draws on what is left in store"
                } else {
                    "fills its store"
                };
                (format!("plant/{}", system.plants[plant.at()].name), what)
            }
        };
        self.note(entity, what);
    }

    fn changed(&mut self, view: View<'_>) {
        self.look_at_farms(view);
        self.flush(view);
    }

    fn boundary(&mut self, _view: View<'_>, _at: Instant) {}

    fn close(&mut self, view: View<'_>, _row: &mut Vec<i64>) {
        self.note("system".to_owned(), "reaches the horizon");
        self.flush(view);
    }
}
