//! Mining that stops where the price of power is above what it earns.

use super::farm::WHOLE;
use super::{Futures, Plan, Ring, State};
use crate::system::Farm;

impl State {
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
