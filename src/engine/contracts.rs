//! Contracts of interruption: called and released as the margin asks for it.

use super::farm::WHOLE;
use super::state::ContractState;
use super::{Futures, Plan, Ring, State};
use crate::quantity::MS_PER_HOUR;
use crate::system::Contract;

impl State {
    /// Moves the ceiling of a farm whose contract has no notice.
    pub(super) fn set_contract(&mut self, plan: &Plan<'_>, index: usize, ceiling: i64) -> bool {
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
    pub(super) fn call_contracts(&mut self, plan: &Plan<'_>, futures: &Futures, short: bool) {
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
        let spare = self.zones.iter().enumerate().map(|(index, zone)| {
            let hourly = &futures.load(plan, index).hourly;
            let load = hourly.get(then as usize).or(hourly.last());
            let load = load.map_or(0, |load| load.0) + zone.load_change;
            zone.capacity - load.max(0) - zone.reserve - zone.released
        });
        let spare: Vec<i64> = spare.collect();
        self.ladder_market.slack_of(&spare) < 0
    }
}
