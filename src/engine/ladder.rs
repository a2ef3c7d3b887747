//! The operator's ladder: when the margin falls below the reserve, contracted mining goes first,
//! then ordered mining; then the reserve is released; firm load is shed only when nothing is left.
//!
//! The question is always what the margin would be with every miner released, so that a
//! curtailment does not hide the need for itself. How much must go in which zone is the
//! outcome of a small market of its own; which farms go follows their place in the ladder, and
//! only the last of them is cut in part.

use super::farm::WHOLE;
use super::state::{ContractState, Cut, rung};
use super::{Futures, Plan, Ring, State};
use crate::quantity::{Instant, MS_PER_HOUR};
use crate::random::Stream;
use crate::system::{Contract, Farm};

impl State {
    /// Looks at the margin and moves every farm's ceiling accordingly.
    pub(super) fn refresh_ladder(&mut self, plan: &Plan<'_>, futures: &Futures) {
        let system = plan.system;
        let short = self.ladder_is_short(plan);
        if !system.contracts.is_empty() {
            self.call_contracts(plan, futures, short);
        }
        if !short && !self.ladder_active {
            return;
        }
        if !self.ladder_active {
            self.begin_episode(plan, futures);
        }
        if short {
            self.clear_ladder(plan);
        }
        let mut idle = !short;
        for zone in 0..self.zones.len() {
            if plan.farms_of[zone].is_empty() {
                continue;
            }
            let need = |level| {
                if short {
                    self.ladder_market.taken(zone, level)
                } else {
                    0
                }
            };
            let needs = [need(rung::CONTRACT), need(rung::ORDER)];
            idle &= self.cut_zone_if_new(plan, futures, zone, needs);
        }
        self.ladder_active = !idle;
    }

    /// Whether the margin is below the reserve, every miner released. The market is told of what
    /// changed only where that can matter.
    fn ladder_is_short(&mut self, plan: &Plan<'_>) -> bool {
        for word in 0..self.unseen_by_ladder.words() {
            for zone in self.unseen_by_ladder.take(word) {
                let spare = self.zones[zone].capacity - self.ladder_demand(plan, zone);
                let before = std::mem::replace(&mut self.spare[zone], spare);
                self.ladder_slack -= (before - spare).max(0);
                self.untold.mark(zone);
            }
        }
        let calm = !self.ladder_active && plan.system.contracts.is_empty();
        if calm && self.ladder_slack >= 0 {
            return false;
        }
        for word in 0..self.untold.words() {
            for zone in self.untold.take(word) {
                let demand = self.ladder_demand(plan, zone);
                let supply = [self.zones[zone].capacity];
                let market = &mut self.ladder_market;
                market.revise(zone, 1 << rung::SUPPLY, &supply, demand);
            }
        }
        let short = self.ladder_market.is_short();
        self.ladder_slack = self.ladder_market.slack();
        short
    }

    /// What a zone's load, all its miners and its reserve ask for, W.
    fn ladder_demand(&self, plan: &Plan<'_>, zone: usize) -> i64 {
        let state = &self.zones[zone];
        state.firm_now() + plan.system.zones[zone].reserve.0 + state.released
    }

    /// Every farm that can be ordered decides, once for this episode, whether it obeys.
    ///
    /// The draw's ordinal is the hour in which the episode begins, so that runs which differ
    /// for a while draw alike again afterwards.
    fn begin_episode(&mut self, plan: &Plan<'_>, futures: &Futures) {
        self.ladder_active = true;
        self.cuts.iter_mut().for_each(Cut::look_again);
        let hour = (self.now.0 / MS_PER_HOUR) as u64;
        for (index, farm) in plan.system.farms.iter().enumerate() {
            if !farm.interruptible {
                continue;
            }
            let compliance = farm.compliance.get(&futures.inputs);
            let state = &mut self.farms[index];
            let stream = Stream::new(
                plan.system.seed,
                farm.compliance_stream,
                futures.replication,
            );
            state.complies = stream.uniform_at(hour) < compliance;
        }
    }

    /// Offers what may be cut, zone by zone, and clears.
    fn clear_ladder(&mut self, plan: &Plan<'_>) {
        for zone in 0..self.zones.len() {
            let [contract, order] = self.offers_of(plan, zone);
            let state = &self.zones[zone];
            let reserve = plan.system.zones[zone].reserve.0;
            let load = state.firm_now() + state.released;
            let mut offers = [0; rung::COUNT];
            offers[rung::SUPPLY] = state.capacity;
            offers[rung::CONTRACT] = contract;
            offers[rung::ORDER] = order;
            offers[rung::RESERVE] = reserve;
            offers[rung::REST] = load - contract - order;
            let market = &mut self.ladder_market;
            market.revise(zone, rung::ALL, &offers, load + reserve);
        }
        if !self.ladder_market.hold() {
            self.ladder_market.clear();
        }
    }

    /// Whether a farm is off by a contract with notice, which was called as a whole.
    fn is_called_ahead(&self, plan: &Plan<'_>, index: usize) -> bool {
        plan.system.farms[index].contract.is_some_and(|id| {
            let is_called = matches!(self.contracts[id.at()], ContractState::Called(_));
            is_called && plan.system.contracts[id.at()].notice.0 > 0
        })
    }

    /// What a zone's farms offer on the rungs of contracts and of orders, W.
    fn offers_of(&mut self, plan: &Plan<'_>, zone: usize) -> [i64; 2] {
        // Contracts are called and released by the hour.
        if let Some(offers) = self.cuts[zone].offers
            && plan.system.contracts.is_empty()
        {
            return offers;
        }
        let mut offers = [0; 2];
        for &farm in &plan.farms_of[zone] {
            let is_called = self.is_called_ahead(plan, farm);
            let called = is_called.then_some(rung::CONTRACT);
            if let Some(rung) = called.or_else(|| self.rung_of(plan, farm)) {
                offers[rung - rung::CONTRACT] += self.farm_released[farm];
            }
        }
        self.cuts[zone].offers = Some(offers);
        offers
    }

    /// The rung on which a farm can be cut now, if any.
    fn rung_of(&self, plan: &Plan<'_>, index: usize) -> Option<usize> {
        let farm = &plan.system.farms[index];
        if let Some(id) = farm.contract {
            let contract = &plan.system.contracts[id.at()];
            let callable = match self.contracts[id.at()] {
                ContractState::Called(_) => true,
                ContractState::Idle => self.contract_calls[id.at()] < contract.calls,
                ContractState::Noticed | ContractState::Resting => false,
            };
            // A contract with notice is called as a whole, by forecast.
            return (callable && contract.notice.0 == 0).then_some(rung::CONTRACT);
        }
        let state = &self.farms[index];
        let reached = state.warned || !farm.order_needs_link || state.link;
        (farm.interruptible && state.complies && reached).then_some(rung::ORDER)
    }

    /// As [`State::cut_zone`], unless nothing that it depends on has changed since it last ran.
    fn cut_zone_if_new(
        &mut self,
        plan: &Plan<'_>,
        futures: &Futures,
        zone: usize,
        needs: [i64; 2],
    ) -> bool {
        let last = self.cuts[zone];
        // Contracts are called and released by the hour.
        let is_new = last.again
            || last.needs != needs
            || self.now >= last.until
            || !plan.system.contracts.is_empty();
        if !is_new {
            return last.free;
        }
        self.cuts[zone] = Cut {
            needs,
            again: false,
            until: Instant::NEVER,
            ..last
        };
        let free = self.cut_zone(plan, futures, zone, needs);
        self.cuts[zone].free = free;
        free
    }

    /// Cuts farms of one zone until the needs of both rungs are met; true where all run free.
    fn cut_zone(
        &mut self,
        plan: &Plan<'_>,
        futures: &Futures,
        zone: usize,
        mut needs: [i64; 2],
    ) -> bool {
        let mut free = true;
        // Who was called ahead is off already.
        let has_contracts = !plan.system.contracts.is_empty();
        for &index in plan.cut_order[zone].iter().filter(|_| has_contracts) {
            if self.is_called_ahead(plan, index) {
                needs[0] = (needs[0] - self.farm_released[index]).max(0);
            }
        }
        // First those that an order holds down anyway, then down the ladder.
        for held in [true, false] {
            for &index in &plan.cut_order[zone] {
                let state = &self.farms[index];
                let is_held = state.ladder < WHOLE && state.held_until > self.now;
                if is_held != held {
                    continue;
                }
                if is_held {
                    let until = &mut self.cuts[zone].until;
                    *until = (*until).min(state.held_until);
                }
                let Some(rung) = self.rung_of(plan, index) else {
                    free &= self.set_ceiling(plan, index, WHOLE);
                    continue;
                };
                let need = &mut needs[rung - rung::CONTRACT];
                let power = |share| {
                    let farm = &plan.system.farms[index];
                    self.farms[index].power_of(farm, futures.installed[index], share)
                };
                let released = self.farm_released[index];
                let mut cut = released.min(*need);
                if is_held && state.ladder == 0 {
                    cut = released;
                } else if is_held {
                    cut = cut.max(released - power(state.ladder));
                }
                *need = (*need - cut).max(0);
                let ceiling = if cut <= 0 {
                    WHOLE
                } else if cut == released {
                    0
                } else {
                    // Some of it is released, so all of it is more than nothing. Amounts stay
                    // below 9.2e12, see `Share::of`.
                    (released - cut) * WHOLE / power(WHOLE)
                };
                free &= if rung == rung::CONTRACT {
                    self.set_contract(plan, index, ceiling)
                } else {
                    self.set_ceiling(plan, index, ceiling)
                };
            }
        }
        free
    }

    /// Moves a farm's ceiling: down after the order's delay, up after its shortest time. True
    /// where the farm runs free and no order is under way.
    #[inline(always)]
    fn set_ceiling(&mut self, plan: &Plan<'_>, index: usize, ceiling: i64) -> bool {
        let state = &self.farms[index];
        // Mostly a farm stays where it is.
        let is_free = ceiling == WHOLE;
        if ceiling == state.ladder && !(is_free && (state.warned || state.warning)) {
            return is_free;
        }
        self.move_ceiling(plan, index, ceiling)
    }

    fn move_ceiling(&mut self, plan: &Plan<'_>, index: usize, ceiling: i64) -> bool {
        let operator = &plan.system.operator;
        let ring = Ring::LadderTurn(index as u16);
        let zone = plan.system.farms[index].zone.at();
        let now = self.now;
        let state = &mut self.farms[index];
        if ceiling < state.ladder {
            if operator.order_delay.0 == 0 || state.warned {
                state.ladder = ceiling;
                state.warned = true;
                state.held_until = now + operator.order_minimum;
                if operator.order_minimum.0 > 0 {
                    self.agenda.set(ring, state.held_until);
                }
                self.touch_leave(index);
                self.cuts[zone].look_again();
            } else if !state.warning {
                state.warning = true;
                self.agenda.set(ring, now + operator.order_delay);
            }
            return false;
        }
        if ceiling > state.ladder {
            if now < state.held_until {
                let until = state.held_until;
                self.agenda.set(ring, until);
                return false;
            }
            state.ladder = ceiling;
            self.touch_leave(index);
            self.cuts[zone].look_again();
        }
        let state = &mut self.farms[index];
        if ceiling < WHOLE {
            return false;
        }
        if std::mem::take(&mut state.warned) {
            self.cuts[zone].look_again();
        }
        if state.warning {
            state.warning = false;
            self.agenda.cancel(ring);
        }
        true
    }

    /// Moves the ceiling of a farm whose contract has no notice.
    fn set_contract(&mut self, plan: &Plan<'_>, index: usize, ceiling: i64) -> bool {
        if self.farms[index].contract != ceiling {
            self.farms[index].contract = ceiling;
            self.touch_leave(index);
        }
        let Some(id) = plan.system.farms[index].contract else {
            return true;
        };
        let contract = &plan.system.contracts[id.at()];
        if ceiling < WHOLE && self.contracts[id.at()] == ContractState::Idle {
            self.contracts[id.at()] = ContractState::Called(self.now);
            self.contract_calls[id.at()] += 1;
            let ring = Ring::ContractTurn(id.0);
            self.agenda.set(ring, self.now + contract.maximum);
        }
        ceiling == WHOLE
    }

    /// Calls and releases contracts.
    ///
    /// With notice: a call goes out when the margin forecast for the end of the notice, from
    /// known load and present unit states, falls below the reserve; it may prove needless.
    fn call_contracts(&mut self, plan: &Plan<'_>, futures: &Futures, short: bool) {
        for (index, contract) in plan.system.contracts.iter().enumerate() {
            let ring = Ring::ContractTurn(index as u16);
            let contract_state = self.contracts[index];
            match contract_state {
                ContractState::Idle
                    if contract.notice.0 > 0
                        && self.contract_calls[index] < contract.calls
                        && self.forecast_is_short(plan, futures, contract) =>
                {
                    self.contracts[index] = ContractState::Noticed;
                    self.contract_calls[index] += 1;
                    self.agenda.set(ring, self.now + contract.notice);
                }
                ContractState::Called(_) if !short => {
                    self.contracts[index] = if contract.rest.0 > 0 {
                        self.agenda.set(ring, self.now + contract.rest);
                        ContractState::Resting
                    } else {
                        self.agenda.cancel(ring);
                        ContractState::Idle
                    };
                }
                _ => {}
            }
            let called = matches!(self.contracts[index], ContractState::Called(_));
            for farm in 0..self.farms.len() {
                let ours = plan.system.farms[farm]
                    .contract
                    .is_some_and(|id| id.at() == index);
                let ceiling = if called && contract.notice.0 > 0 {
                    0
                } else if called {
                    self.farms[farm].contract
                } else {
                    WHOLE
                };
                if ours && self.farms[farm].contract != ceiling {
                    self.farms[farm].contract = ceiling;
                    self.touch_leave(farm);
                }
            }
        }
    }

    /// Whether the margin falls below the reserve at the end of a notice, as known now.
    fn forecast_is_short(
        &mut self,
        plan: &Plan<'_>,
        futures: &Futures,
        contract: &Contract,
    ) -> bool {
        let then = (self.now + contract.notice).0 / MS_PER_HOUR;
        let (mut now, mut later) = (Vec::new(), Vec::new());
        for zone in 0..self.zones.len() {
            let hourly = &futures.load(plan, zone).hourly;
            let load = hourly
                .get(then as usize)
                .or(hourly.last())
                .map_or(0, |load| load.0);
            let other = plan.system.zones[zone].reserve.0 + self.zones[zone].released;
            now.push(self.firm_now(zone) + other);
            later.push((load + self.zones[zone].load_change).max(0) + other);
        }
        for (zone, &demand) in later.iter().enumerate() {
            self.ladder_market.demand(zone, demand);
        }
        let short = self.ladder_market.is_short();
        for (zone, &demand) in now.iter().enumerate() {
            self.ladder_market.demand(zone, demand);
        }
        short
    }

    /// Whether mining pays at this hour's price, with a dead band and shortest times.
    ///
    /// Break-even in USD/MWh = hashprice (USD per PH/s and day) x (1 - fee) (1 - stale)
    /// / (0.024 x J/TH x PUE): a petahash a second at e J/TH draws e kW for 24 h.
    pub(super) fn price(&mut self, plan: &Plan<'_>, futures: &Futures, index: usize, hour: usize) {
        let farm: &Farm = &plan.system.farms[index];
        let Some(response) = &farm.price else {
            return;
        };
        let Some(&hashprice) = futures.hashprice_usd.get(hour / 24) else {
            return;
        };
        let price = response.price_usd_mwh[hour % response.price_usd_mwh.len()];
        let efficiency = futures
            .farm_efficiency(index, farm.pue)
            .joules_per_terahash();
        let state = &mut self.farms[index];
        let kept = (1.0 - farm.pool_fee) * (1.0 - state.stale as f64 / WHOLE as f64);
        let break_even = break_even_usd_mwh(hashprice * kept, efficiency * farm.pue);
        let wants = if state.pays {
            price <= break_even * (1.0 + response.dead_band)
        } else {
            price < break_even * (1.0 - response.dead_band)
        };
        if wants != state.pays {
            if self.now < state.price_until {
                let until = state.price_until;
                self.agenda.set(Ring::PriceTurn(index as u16), until);
            } else {
                state.pays = wants;
                let rest = if wants {
                    response.minimum_up
                } else {
                    response.minimum_down
                };
                state.price_until = self.now + rest;
                self.touch(index);
            }
        }
    }
}

/// Electricity price at which mining earns nothing, USD/MWh.
///
/// `hashprice` in USD per PH/s and day, `wall_j_th` in J/TH at the wall (`docs/model/farms.md`).
pub fn break_even_usd_mwh(hashprice: f64, wall_j_th: f64) -> f64 {
    hashprice / (0.024 * wall_j_th)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn break_even_of_the_reference_case() {
        assert_eq!(libm::rint(break_even_usd_mwh(240.0, 34.2)), 292.0);
    }
}
