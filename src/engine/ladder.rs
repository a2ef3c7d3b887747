//! The operator's ladder: when the margin falls below the reserve, contracted mining goes first,
//! then ordered mining; then the reserve is released; firm load is shed only when nothing is left.
//!
//! The question is always what the margin would be with every miner released, so that a
//! curtailment does not hide the need for itself. How much must go in which zone is the
//! outcome of a small market of its own; which farms go follows their place in the ladder, and
//! only the last of them is cut in part.

use super::farm::WHOLE;
use super::plan::Candidate;
use super::state::{ContractState, Cut, rung};
use super::{Futures, Plan, Ring, State};
use crate::quantity::{Instant, MS_PER_HOUR};
use crate::random::Stream;

impl State {
    /// Looks at the margin and moves every farm's ceiling accordingly.
    pub(super) fn refresh_ladder(&mut self, plan: &Plan<'_>, futures: &Futures) {
        let system = plan.system;
        let short = self.ladder_is_short();
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
        for &zone in &plan.mining_zones {
            let mut needs = [0; 2];
            if short {
                let taken = |rung| self.ladder_market.taken(zone, rung);
                needs[1] = taken(rung::ORDER);
                // Without contracts nobody offers on their rung.
                if !system.contracts.is_empty() {
                    needs[0] = taken(rung::CONTRACT);
                }
            }
            idle &= self.cut_zone_if_new(plan, zone, needs);
        }
        self.ladder_active = !idle;
    }

    /// Whether the margin is below the reserve, every miner released.
    fn ladder_is_short(&mut self) -> bool {
        if let Some(is_short) = self.ladder_slack.is_short() {
            return is_short;
        }
        for (spare, zone) in self.spare.iter_mut().zip(&self.zones) {
            *spare = zone.capacity - zone.with_reserve();
        }
        let slack = self.ladder_market.slack_of(&self.spare);
        self.ladder_slack.learn(slack)
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
        for word in 0..self.unseen_by_ladder.words() {
            for zone in self.unseen_by_ladder.take(word) {
                self.cuts[zone].offered = false;
            }
        }
        for zone in 0..self.zones.len() {
            // Contracts are called and released by the hour.
            if self.cuts[zone].offered && plan.system.contracts.is_empty() {
                continue;
            }
            let [contract, order] = self.offers_of(plan, zone);
            self.cuts[zone].offered = true;
            let state = &self.zones[zone];
            let load = state.firm_now() + state.released;
            let mut offers = [0; rung::COUNT];
            offers[rung::SUPPLY] = state.capacity;
            offers[rung::CONTRACT] = contract;
            offers[rung::ORDER] = order;
            offers[rung::RESERVE] = state.reserve;
            offers[rung::REST] = load - contract - order;
            let market = &mut self.ladder_market;
            market.revise(zone, rung::ALL, &offers, state.with_reserve());
        }
        if !self.ladder_market.hold() {
            self.ladder_market.clear();
        }
    }

    /// Whether a farm is off by a contract with notice, which was called as a whole.
    fn is_called_ahead(&self, plan: &Plan<'_>, candidate: &Candidate) -> bool {
        candidate.contract.is_some_and(|id| {
            let is_called = matches!(self.contracts[id.at()], ContractState::Called(_));
            is_called && plan.system.contracts[id.at()].notice.0 > 0
        })
    }

    /// What a zone's farms offer on the rungs of contracts and of orders, W.
    fn offers_of(&mut self, plan: &Plan<'_>, zone: usize) -> [i64; 2] {
        let has_contracts = !plan.system.contracts.is_empty();
        if let Some(offers) = self.cuts[zone].offers
            && !has_contracts
        {
            return offers;
        }
        let mut offers = [0; 2];
        if !has_contracts {
            for candidate in &plan.cut_order[zone] {
                let is_offered = self.takes_orders(candidate);
                offers[1] += self.farms[candidate.farm].at_release * i64::from(is_offered);
            }
            self.cuts[zone].offers = Some(offers);
            return offers;
        }
        for candidate in &plan.cut_order[zone] {
            let is_called = self.is_called_ahead(plan, candidate);
            let called = is_called.then_some(rung::CONTRACT);
            if let Some(rung) = called.or_else(|| self.rung_of(plan, candidate)) {
                offers[rung - rung::CONTRACT] += self.farms[candidate.farm].at_release;
            }
        }
        self.cuts[zone].offers = Some(offers);
        offers
    }

    /// The rung on which a farm can be cut now, if any.
    #[inline]
    fn rung_of(&self, plan: &Plan<'_>, candidate: &Candidate) -> Option<usize> {
        if let Some(id) = candidate.contract {
            let contract = &plan.system.contracts[id.at()];
            let callable = match self.contracts[id.at()] {
                ContractState::Called(_) => true,
                ContractState::Idle => self.contract_calls[id.at()] < contract.calls,
                ContractState::Noticed | ContractState::Resting => false,
            };
            // A contract with notice is called as a whole, by forecast.
            return (callable && contract.notice.0 == 0).then_some(rung::CONTRACT);
        }
        self.takes_orders(candidate).then_some(rung::ORDER)
    }

    /// Whether an order reaches a farm that must follow it, and does.
    #[inline]
    fn takes_orders(&self, candidate: &Candidate) -> bool {
        // One question, not five: each answer changes from farm to farm.
        let state = &self.farms[candidate.farm];
        let reached = state.warned | !candidate.needs_link | state.link;
        candidate.interruptible & state.complies & reached
    }

    /// As [`State::cut_zone`], unless nothing that it depends on has changed since it last ran.
    fn cut_zone_if_new(&mut self, plan: &Plan<'_>, zone: usize, needs: [i64; 2]) -> bool {
        let now = self.now;
        let last = &mut self.cuts[zone];
        // Contracts are called and released by the hour.
        let is_new = last.again
            || last.needs != needs
            || now >= last.until
            || !plan.system.contracts.is_empty();
        if !is_new {
            return last.free;
        }
        (last.needs, last.again, last.until) = (needs, false, Instant::NEVER);
        // Who runs free and is not needed goes on to.
        if last.free && needs == [0; 2] && plan.system.contracts.is_empty() {
            return true;
        }
        let free = self.cut_zone(plan, zone, needs);
        self.cuts[zone].free = free;
        free
    }

    /// Cuts farms of one zone until the needs of both rungs are met; true where all run free.
    fn cut_zone(&mut self, plan: &Plan<'_>, zone: usize, mut needs: [i64; 2]) -> bool {
        let mut free = true;
        // Who was called ahead is off already.
        let has_contracts = !plan.system.contracts.is_empty();
        for candidate in plan.cut_order[zone].iter().filter(|_| has_contracts) {
            if self.is_called_ahead(plan, candidate) {
                needs[0] = (needs[0] - self.farms[candidate.farm].at_release).max(0);
            }
        }
        // First those that an order holds down anyway, then down the ladder.
        let mut held = Instant::NEVER;
        let none_held = self.cuts[zone].free;
        for candidate in plan.cut_order[zone].iter().filter(|_| !none_held) {
            if let Some(until) = self.farms[candidate.farm].held(self.now) {
                held = held.min(until);
                free &= self.cut_farm(plan, candidate, &mut needs);
            }
        }
        self.cuts[zone].until = held;
        for candidate in &plan.cut_order[zone] {
            let state = &self.farms[candidate.farm];
            let is_whole = (state.ladder == WHOLE) & (state.contract == WHOLE);
            let is_untouched = is_whole & !(state.warned | state.warning);
            // Mostly nobody needs anything of it any more, and nobody did.
            if is_untouched & (needs == [0; 2]) {
                continue;
            }
            if state.held(self.now).is_none() {
                free &= self.cut_farm(plan, candidate, &mut needs);
            }
        }
        free
    }

    /// Cuts a farm as far as what is needed on its rung asks for, which is then so much less;
    /// true where it runs free.
    fn cut_farm(&mut self, plan: &Plan<'_>, candidate: &Candidate, needs: &mut [i64; 2]) -> bool {
        let index = candidate.farm;
        let Some(rung) = self.rung_of(plan, candidate) else {
            return self.set_ceiling(plan, index, WHOLE);
        };
        let need = &mut needs[rung - rung::CONTRACT];
        let state = &self.farms[index];
        let farm = &plan.system.farms[index];
        let power = |share| state.power_of(farm, share);
        let released = state.at_release;
        let mut cut = released.min(*need);
        if state.held(self.now).is_some() {
            cut = match state.ladder {
                0 => released,
                ladder => cut.max(released - power(ladder)),
            };
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
        if rung == rung::CONTRACT {
            self.set_contract(plan, index, ceiling)
        } else {
            self.set_ceiling(plan, index, ceiling)
        }
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
                self.cuts[zone].moved(state.link);
                self.touch_leave(index);
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
            self.cuts[zone].moved(state.link);
            self.touch_leave(index);
        }
        let state = &mut self.farms[index];
        if ceiling < WHOLE {
            return false;
        }
        if std::mem::take(&mut state.warned) {
            self.cuts[zone].moved(state.link);
        }
        if state.warning {
            state.warning = false;
            self.agenda.cancel(ring);
        }
        true
    }
}
