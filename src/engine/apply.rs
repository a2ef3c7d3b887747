//! Events change the state and mark what must be looked at again.

use super::farm::WHOLE;
use super::hazard::Strike;
use super::state::{ContractState, reason};
use super::{Event, Futures, Plan, Ring, State};
use crate::dispatch::{Circuits, surviving};
use crate::quantity::{Instant, Power};
use crate::random::{Stream, StreamId};
use crate::system::{OrderShare, Target};

impl State {
    /// Applies an exogenous event.
    pub(super) fn apply(&mut self, plan: &Plan<'_>, futures: &Futures, event: Event) {
        if self.without_event && belongs_to_event(plan, futures, event) {
            return;
        }
        match event {
            Event::UnitUp(unit) => self.unit_reason(plan, futures, unit, reason::FORCED, false),
            Event::UnitDown(unit) => self.unit_reason(plan, futures, unit, reason::FORCED, true),
            Event::UnitEnters(slot) => self.unit_enters(plan, futures, slot),
            Event::PlannedEnd(unit) => self.planned(plan, futures, unit, -1),
            Event::PlannedBegin(unit) => self.planned(plan, futures, unit, 1),
            Event::UnitRestored(unit) => {
                self.units[usize::from(unit)].derated = false;
                self.unit_changed(plan, futures, unit);
            }
            Event::UnitDerated(unit) => {
                self.units[usize::from(unit)].derated = true;
                self.unit_changed(plan, futures, unit);
            }
            Event::CircuitUp(circuit) => self.circuit(plan, futures, circuit, false),
            Event::CircuitDown(circuit) => self.circuit(plan, futures, circuit, true),
            Event::AccessUp(farm) => self.access(farm, -1),
            Event::AccessDown(farm) => self.access(farm, 1),
            Event::ProviderUp(item) => count(&mut self.links.provider_down[usize::from(item)], -1),
            Event::ProviderDown(item) => count(&mut self.links.provider_down[usize::from(item)], 1),
            Event::GatewayUp(item) => count(&mut self.links.gateway_down[usize::from(item)], -1),
            Event::GatewayDown(item) => count(&mut self.links.gateway_down[usize::from(item)], 1),
            Event::PoolUp(item) => count(&mut self.links.pool_down[usize::from(item)], -1),
            Event::PoolDown(item) => count(&mut self.links.pool_down[usize::from(item)], 1),
            Event::StrikeEnd(slot) => self.strike(plan, futures, slot, -1),
            Event::StrikeBegin(slot) => self.strike(plan, futures, slot, 1),
            Event::WindowClose(slot) => self.window(plan, slot, -1),
            Event::WindowOpen(slot) => self.window(plan, slot, 1),
            Event::OrderEnd(order) => self.order(plan, futures, order, false),
            Event::OrderBegin(order) => self.order(plan, futures, order, true),
        }
        self.mark_links(plan, event);
    }

    /// Answers an alarm.
    pub(super) fn answer(&mut self, plan: &Plan<'_>, futures: &Futures, ring: Ring) {
        match ring {
            Ring::UnitStarted(unit) => {
                self.unit_reason(plan, futures, unit, reason::STARTING, false);
            }
            Ring::FarmStep(farm) => {
                let index = usize::from(farm);
                let now = self.now;
                self.farms[index].step(&plan.system.farms[index], farm, now, &mut self.agenda);
                self.touch_machines(index);
            }
            Ring::HoldEnd(farm) => {
                let index = usize::from(farm);
                self.farms[index].fall_asleep(farm, &mut self.agenda);
                self.touch(index);
            }
            Ring::BatteryEmpty(farm) => {
                self.farms[usize::from(farm)].battery_empty = true;
                self.mark_link(farm.into());
            }
            Ring::LadderTurn(farm) => {
                let zone = plan.system.farms[usize::from(farm)].zone;
                let farm = &mut self.farms[usize::from(farm)];
                self.cuts[zone.at()].moved(farm.link);
                if farm.warning {
                    farm.warning = false;
                    farm.warned = true;
                }
                self.dirty.margin = true;
            }
            Ring::PriceTurn(farm) => {
                self.price(plan, futures, farm.into(), self.now.hour() as usize)
            }
            Ring::ContractTurn(contract) => self.contract_turn(plan, contract),
            // Stores are looked at after every event.
            Ring::StoreTurn(_) => {}
        }
    }

    /// A contract's notice, longest call or rest is over.
    fn contract_turn(&mut self, plan: &Plan<'_>, index: u16) {
        let at = usize::from(index);
        let contract = &plan.system.contracts[at];
        let now = self.now;
        self.contracts[at] = match self.contracts[at] {
            ContractState::Noticed => {
                self.agenda
                    .set(Ring::ContractTurn(index), now + contract.maximum);
                ContractState::Called(now)
            }
            ContractState::Called(_) => {
                self.agenda
                    .set(Ring::ContractTurn(index), now + contract.rest);
                ContractState::Resting
            }
            ContractState::Resting | ContractState::Idle => ContractState::Idle,
        };
        self.dirty.balance = true;
    }

    fn circuit(&mut self, plan: &Plan<'_>, futures: &Futures, circuit: u16, down: bool) {
        let line = plan.circuits[usize::from(circuit)].line;
        count(&mut self.circuits_down[line], if down { 1 } else { -1 });
        self.line_changed(plan, futures, line);
    }

    /// Brings a line's limits up to date; under the N-1 rule those of its whole corridor.
    pub(super) fn line_changed(&mut self, plan: &Plan<'_>, futures: &Futures, index: usize) {
        let Self {
            circuits_down,
            line_struck,
            line_limit,
            ..
        } = self;
        let circuits = |index: usize, is_forward: bool| {
            let line = &plan.system.lines[index];
            let circuits = i64::from(line.circuits);
            let limit_mw = if is_forward {
                line.forward_mw
            } else {
                line.backward_mw
            };
            Circuits {
                limit: Power::from_megawatts(limit_mw.get(&futures.inputs)).0,
                circuits,
                up: if line_struck[index] > 0 {
                    0
                } else {
                    circuits - i64::from(circuits_down[index])
                },
            }
        };
        let secured = &plan.secured_with[index];
        if secured.is_empty() {
            line_limit[index] = (
                circuits(index, true).in_service(),
                circuits(index, false).in_service(),
            );
        }
        for is_there in [true, false] {
            let lines = secured.iter();
            let lines = lines.map(|&(line, is_along)| circuits(line, is_along == is_there));
            for (&(line, is_along), limit) in secured.iter().zip(surviving(lines)) {
                if is_along == is_there {
                    line_limit[line].0 = limit;
                } else {
                    line_limit[line].1 = limit;
                }
            }
        }
        self.dirty.lines = true;
        self.dirty.balance = true;
    }

    fn access(&mut self, farm: u16, by: i32) {
        count(&mut self.farms[usize::from(farm)].access_down, by);
    }

    fn strike(&mut self, plan: &Plan<'_>, futures: &Futures, slot: u16, by: i32) {
        let strike = futures.strikes[usize::from(slot)];
        let hazard = &plan.system.hazards[strike.hazard];
        for target in targets_hit(plan, futures, strike) {
            self.hit(plan, futures, strike.hazard, target, by);
        }
        for change in &hazard.load_changes {
            let zone = change.zone.at();
            let more = change.change.0 * i64::from(by);
            self.zones[zone].load_change += more;
            self.touch_zone(zone, more);
            if change.unserved {
                self.zones[zone].load_cut -= change.change.0 * i64::from(by);
                self.cut_by_hazard = self.zones.iter().any(|zone| zone.load_cut != 0);
            }
            self.dirty.balance = true;
        }
    }

    fn hit(&mut self, plan: &Plan<'_>, futures: &Futures, hazard: usize, target: Target, by: i32) {
        match target {
            Target::Zone(zone) => self.zone(plan, futures, zone.at(), by),
            Target::Plant(plant) => {
                let plant = &plan.system.plants[plant.at()];
                for unit in plant.first_unit.0..plant.first_unit.0 + plant.units {
                    self.strike_unit(plan, futures, unit, by);
                }
            }
            Target::Unit(unit) => self.strike_unit(plan, futures, unit.0, by),
            Target::Line(line) => {
                count(&mut self.line_struck[line.at()], by);
                self.line_changed(plan, futures, line.at());
            }
            Target::Farm(farm) => {
                count(&mut self.farms[farm.at()].dark, by);
                self.touch(farm.at());
            }
            Target::Access(farm) => {
                self.access(farm.0, by);
                self.mark_link(farm.at());
            }
            Target::Provider(provider) => {
                count(&mut self.links.provider_down[provider.at()], by);
                self.mark_links_of_provider(plan, provider.at());
            }
            Target::Gateway(gateway) => {
                self.links.close(hazard.into(), gateway, by);
                self.mark_all_links(plan);
            }
            Target::Pool(pool) => {
                count(&mut self.links.pool_down[pool.at()], by);
                self.mark_links_of_pool(plan, pool.at());
            }
            Target::Crew(farm) => {
                let definition = &plan.system.farms[farm.at()];
                let now = self.now;
                let state = &mut self.farms[farm.at()];
                let was_away = state.crew_away > 0;
                count(&mut state.crew_away, by);
                if was_away != (state.crew_away > 0) {
                    state.change_crew(definition, farm.0, now, &mut self.agenda);
                }
                self.touch(farm.at());
            }
        }
    }

    /// A whole zone goes dark: units, farms and, when batteries are empty, telecom sites.
    fn zone(&mut self, plan: &Plan<'_>, futures: &Futures, zone: usize, by: i32) {
        let before = self.zones[zone].dark > 0;
        count(&mut self.zones[zone].dark, by);
        let dark = self.zones[zone].dark > 0;
        if before == dark {
            return;
        }
        let by = if dark { 1 } else { -1 };
        for unit in 0..plan.system.units.len() {
            if plan.system.units[unit].zone.at() == zone {
                self.strike_unit(plan, futures, unit as u16, by);
            }
        }
        for line in 0..plan.system.lines.len() {
            let ends = (
                plan.system.lines[line].from.at(),
                plan.system.lines[line].to.at(),
            );
            if ends.0 == zone || ends.1 == zone {
                count(&mut self.line_struck[line], by);
                self.line_changed(plan, futures, line);
            }
        }
        for &farm in &plan.farms_of[zone] {
            count(&mut self.farms[farm].dark, by);
            self.farms[farm].battery_empty = false;
            let battery = plan.system.farms[farm].telecom_battery;
            let empty = if dark {
                self.now + battery
            } else {
                Instant::NEVER
            };
            self.agenda.set(Ring::BatteryEmpty(farm as u16), empty);
            self.touch(farm);
            self.mark_link(farm);
        }
        self.dirty.balance = true;
    }

    fn window(&mut self, plan: &Plan<'_>, slot: u16, by: i32) {
        let (hazard, k) = plan.windows[usize::from(slot)];
        for class in &plan.system.hazards[hazard].windows[k].classes {
            count(self.links.opening(hazard.into(), class.at()), by);
        }
        self.mark_all_links(plan);
    }

    /// An order begins or ends: each farm is left the least that any order in force leaves it.
    fn order(&mut self, plan: &Plan<'_>, futures: &Futures, order: u16, begins: bool) {
        let index = usize::from(order);
        self.order_active[index] = begins;
        for &farm in &plan.system.orders[index].farms {
            self.order_changed(plan, futures, farm.at());
        }
    }

    pub(super) fn order_changed(&mut self, plan: &Plan<'_>, futures: &Futures, farm: usize) {
        let definition = &plan.system.farms[farm];
        let mut left = WHOLE;
        for (index, order) in plan.system.orders.iter().enumerate() {
            if !self.order_active[index] || !order.farms.iter().any(|id| id.at() == farm) {
                continue;
            }
            let obeys = order.certain || {
                let compliance = definition.compliance.get(&futures.inputs);
                let stream = Stream::new(
                    plan.system.seed,
                    definition.compliance_stream,
                    futures.replication,
                );
                // Orders in force draw from the far half of the stream, at a place of their
                // name; calls of the ladder draw from its start.
                let place = StreamId::of(&order.name).0 & 0xffff_ffff;
                stream.uniform_at((1 << 32) | place) < compliance
            };
            if obeys {
                let share = match order.share {
                    OrderShare::Share(value) => value.get(&futures.inputs),
                    OrderShare::Running => definition.running_share,
                };
                left = left.min(crate::quantity::Share::from_f64(share).0);
            }
        }
        self.farms[farm].order = left;
        self.touch(farm);
    }
}

/// Whether an event is part of the event whose effect is asked for.
pub(super) fn belongs_to_event(plan: &Plan<'_>, futures: &Futures, event: Event) -> bool {
    let system = plan.system;
    match event {
        Event::StrikeBegin(slot) | Event::StrikeEnd(slot) => {
            system.hazards[futures.strikes[usize::from(slot)].hazard].event
        }
        Event::WindowOpen(slot) | Event::WindowClose(slot) => {
            system.hazards[plan.windows[usize::from(slot)].0].event
        }
        Event::OrderBegin(order) | Event::OrderEnd(order) => {
            system.orders[usize::from(order)].event
        }
        _ => false,
    }
}

/// The same, unless it strikes nobody.
pub(super) fn reaches_somebody(plan: &Plan<'_>, futures: &Futures, event: Event) -> bool {
    let hits = || match event {
        Event::StrikeBegin(slot) | Event::StrikeEnd(slot) => {
            let strike = futures.strikes[usize::from(slot)];
            let changes_load = !plan.system.hazards[strike.hazard].load_changes.is_empty();
            changes_load || targets_hit(plan, futures, strike).next().is_some()
        }
        _ => true,
    };
    belongs_to_event(plan, futures, event) && hits()
}

/// What a strike hits: the same at its end, so that what it took it gives back.
fn targets_hit<'a>(
    plan: &'a Plan<'_>,
    futures: &Futures,
    strike: Strike,
) -> impl Iterator<Item = Target> + use<'a> {
    let system = plan.system;
    let hazard = &system.hazards[strike.hazard];
    let each = hazard.each_chance.get(&futures.inputs);
    let replication = futures.replication;
    let targets = hazard.targets.iter().zip(&hazard.target_streams);
    targets.filter_map(move |(&target, &stream)| {
        let stream = Stream::new(system.seed, stream, replication);
        let is_hit = each >= 1.0 || stream.uniform_at(strike.ordinal) < each;
        is_hit.then_some(target)
    })
}

/// Adds to or takes from a count of reasons.
pub(super) fn count(reasons: &mut u16, by: i32) {
    *reasons = (i32::from(*reasons) + by) as u16;
}
