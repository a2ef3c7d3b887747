//! Stores: filled from what the grid has to spare, drawn on where load would else go unserved.
//!
//! Between events what goes in and out is constant, so the level is a straight line, and the
//! moment at which it is full or empty follows from the state: an alarm in whole milliseconds.
//! A level counts millionths of a watt-millisecond, so that losses take nothing from it by
//! rounding.
//!
//! In the market a store has two levels behind the merit classes: charging that is forgone, and
//! then what is in store. So the grid charges from what is left when every class has been asked,
//! stops charging before it draws on a store, and draws on stores before it sheds. Nothing is
//! kept for later (`docs/model/storage.md`).

use super::{Futures, Plan, Ring, State};
use crate::quantity::{Energy, Instant, Power};
use crate::system::Inflow;

/// Millionths of a watt-millisecond in one.
const MILLION: i128 = 1_000_000;

/// Levels of dispatch that stores need: charging forgone, and what is in store.
pub(super) const LEVELS: usize = 2;

/// A store as it is now. Powers in W.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreState {
    /// What was in it at `since`, millionths of a watt-millisecond; and what this gains in a
    /// millisecond.
    level: i128,
    gain: i128,
    since: Instant,
    /// What its units could give now if there were enough.
    pub(super) power: i64,
    /// What runs into it, W.
    pub inflow: i64,
    /// It is full, and what runs into it runs on: of this the units give `river`, as one of the
    /// merit classes would.
    is_full: bool,
    river: i64,
    /// What it could give beside `river`, and take.
    offered: i64,
    wanted: i64,
    /// What it gives beside `river`.
    given: i64,
    /// What it takes from the grid, W.
    pub taken: i64,
}

impl StoreState {
    /// What is in it at an instant, if nothing happened since, millionths of a watt-millisecond.
    fn level_at(&self, at: Instant) -> i128 {
        self.level + self.gain * i128::from((at - self.since).0)
    }

    /// What is in it at an instant, if nothing happened since.
    pub fn energy_at(&self, at: Instant) -> Energy {
        Energy(self.level_at(at).div_euclid(MILLION))
    }

    /// True where nothing that the market or its level goes by is new.
    fn goes_on(&self, before: &Self) -> bool {
        let all = |state: &Self| {
            let offers = (state.river, state.offered, state.wanted);
            (state.inflow, state.is_full, offers)
        };
        all(self) == all(before)
    }

    /// What its units give because the grid draws on it, W: what runs into it included.
    pub fn drawn(&self) -> i64 {
        let river = if self.given > 0 { self.river } else { 0 };
        self.given + river
    }

    /// What runs on because it is full and nobody draws on it, W.
    pub fn passed(&self) -> i64 {
        match (self.is_full, self.given > 0) {
            (true, true) => self.inflow - self.river,
            (true, false) => self.inflow,
            (false, _) => 0,
        }
    }

    /// What it can give and take from now on, by what is in it and what its units can do. A store
    /// that is nearly empty gives what is left within a millisecond, so that it comes to nothing.
    fn look(&mut self, full: i128, efficiency: i64, charge: i64) {
        let inflow = i128::from(self.inflow) * MILLION;
        let room = full - self.level;
        self.is_full = self.inflow > 0 && room < inflow;
        let at_hand = i64::try_from(self.level / MILLION).unwrap_or(i64::MAX / 2);
        let most = self.power.min(at_hand.saturating_add(self.inflow));
        self.river = if self.is_full {
            self.power.min(self.inflow)
        } else {
            0
        };
        self.offered = most - self.river;
        let takes = (room - inflow).max(0) / i128::from(efficiency);
        self.wanted = i64::try_from(takes).unwrap_or(i64::MAX).min(charge);
    }

    /// Gives and takes so much from now on; when that must end, if ever.
    fn settle(&mut self, full: i128, efficiency: i64, given: i64, taken: i64) -> Instant {
        (self.given, self.taken) = (given, taken);
        let inflow = i128::from(self.inflow) * MILLION;
        let out = i128::from(given) * MILLION;
        let into = i128::from(taken) * i128::from(efficiency);
        self.gain = into - out + if self.is_full { 0 } else { inflow };
        let room = full - self.level;
        let span = match self.gain {
            0 => return Instant::NEVER,
            // Full as long as it could not hold the inflow of a millisecond.
            gain if self.is_full && gain < 0 => (inflow - room + -gain - 1) / -gain,
            gain if gain < 0 => self.level / -gain,
            gain => room / gain,
        };
        let span = i64::try_from(span).unwrap_or(i64::MAX);
        Instant(self.since.0.saturating_add(span.max(1)))
    }
}

/// The stores of a state, in the order of [`crate::system::System::stores`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stores {
    pub states: Vec<StoreState>,
    /// What the stores of each zone would take, W.
    pub wanted: Vec<i64>,
}

/// What a plan knows of stores.
#[derive(Debug, Default)]
pub(super) struct StorePlan {
    /// For each unit the store it draws on; empty in a system without stores.
    of_unit: Vec<Option<u16>>,
    /// What all units of a store's plant can give together, W.
    nameplate: Vec<i64>,
    /// Stores of each zone as they are drawn on: those that last longest first, by name of equal
    /// ones. They are filled the other way round.
    order: Vec<Vec<usize>>,
}

impl StorePlan {
    pub fn new(system: &crate::system::System) -> Self {
        let mut plan = Self::default();
        if system.stores.is_empty() {
            return plan;
        }
        plan.of_unit = vec![None; system.units.len()];
        plan.order = vec![Vec::new(); system.zones.len()];
        for (index, store) in system.stores.iter().enumerate() {
            let plant = &system.plants[store.plant.at()];
            let first = plant.first_unit.at();
            let units = first..first + usize::from(plant.units);
            let nameplate: Power = system.units[units.clone()]
                .iter()
                .map(|unit| unit.nameplate)
                .sum();
            plan.nameplate.push(nameplate.0);
            plan.of_unit[units].fill(u16::try_from(index).ok());
            plan.order[plant.zone.at()].push(index);
        }
        for stores in &mut plan.order {
            // Longest first: energy over power, by products of integers.
            stores.sort_by(|&a, &b| {
                let lasts = |one: usize, other: usize| {
                    system.stores[one].energy.0 * i128::from(plan.nameplate[other])
                };
                lasts(b, a).cmp(&lasts(a, b)).then(a.cmp(&b))
            });
        }
        plan
    }

    /// The store that a unit draws on.
    #[inline]
    pub fn of_unit(&self, unit: usize) -> Option<usize> {
        self.of_unit.get(unit).copied().flatten().map(usize::from)
    }
}

impl State {
    /// A store as it is now; its numbers follow the order of [`crate::system::System::stores`].
    pub fn store(&self, store: usize) -> &StoreState {
        &self.stores.states[store]
    }

    /// The stores at the start.
    pub(super) fn reset_stores(&mut self, plan: &Plan<'_>) {
        for (state, store) in self.stores.states.iter_mut().zip(&plan.system.stores) {
            *state = StoreState {
                level: store.initial.0 * MILLION,
                ..StoreState::default()
            };
        }
        self.stores.wanted.fill(0);
    }

    /// What stores can give and take now, told to the market.
    pub(super) fn refresh_stores(&mut self, plan: &Plan<'_>, futures: &Futures) {
        let now = self.now;
        for index in 0..self.stores.states.len() {
            let store = &plan.system.stores[index];
            let state = &mut self.stores.states[index];
            let before = *state;
            state.level = state.level_at(now);
            state.since = now;
            state.inflow = match store.inflow {
                Inflow::Steady(inflow) => inflow.0,
                Inflow::Hourly(id) => futures.hourly_output(plan, id, now),
            };
            let power = i128::from(state.power.max(0));
            let charge = i128::from(store.charge.0) * power
                / i128::from(plan.stores.nameplate[index].max(1));
            let charge = i64::try_from(charge).unwrap_or(i64::MAX);
            state.look(store.energy.0 * MILLION, store.efficiency.0, charge);
            let change = state.river - before.river;
            self.dirty.balance |= !state.goes_on(&before);
            let plant = &plan.system.plants[store.plant.at()];
            self.add_capacity(plan, plant.zone.at(), plant.class.at(), change);
        }
        let classes = plan.system.classes.len();
        for (zone, stores) in plan.stores.order.iter().enumerate() {
            let of = |amount: fn(&StoreState) -> i64| -> i64 {
                let states = stores.iter().map(|&store| &self.stores.states[store]);
                states.map(amount).sum()
            };
            let (wanted, offered) = (of(|state| state.wanted), of(|state| state.offered));
            let changed = self.stores.wanted[zone] != wanted
                || self.energy_market.offered(zone, classes + 1) != offered;
            if changed {
                self.stores.wanted[zone] = wanted;
                self.energy_market.offer(zone, classes, wanted);
                self.energy_market.offer(zone, classes + 1, offered);
                self.unseen_by_balance.mark(zone);
            }
        }
    }

    /// Shares what the market took of each zone's stores, and sets when that must end.
    pub(super) fn settle_stores(&mut self, plan: &Plan<'_>) {
        let classes = plan.system.classes.len();
        for (zone, stores) in plan.stores.order.iter().enumerate() {
            let mut taken = self.stores.wanted[zone] - self.energy_market.taken(zone, classes);
            for &index in stores.iter().rev() {
                let state = &mut self.stores.states[index];
                state.taken = state.wanted.min(taken);
                taken -= state.taken;
            }
            let mut given = self.energy_market.taken(zone, classes + 1);
            for &index in stores {
                let store = &plan.system.stores[index];
                let state = &mut self.stores.states[index];
                let gives = state.offered.min(given);
                given -= gives;
                let taken = state.taken;
                let (full, efficiency) = (store.energy.0 * MILLION, store.efficiency.0);
                let until = state.settle(full, efficiency, gives, taken);
                self.agenda.set(Ring::StoreTurn(index as u16), until);
            }
        }
    }

    /// True where everything of the stores that can still matter is equal at an instant.
    pub(super) fn same_stores(&self, other: &Self, at: Instant) -> bool {
        let at_once = |state: &StoreState| StoreState {
            level: state.level_at(at),
            since: at,
            ..*state
        };
        let pairs = self.stores.states.iter().zip(&other.stores.states);
        pairs
            .into_iter()
            .all(|(one, other)| at_once(one) == at_once(other))
    }
}
