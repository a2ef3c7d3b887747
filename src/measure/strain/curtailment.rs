//! What a farm does not run for the operator, and what its contract pays for it.

use super::rate;
use crate::engine::{FarmState, View};
use crate::measure::Ledger;
use crate::quantity::{Share, round_half_even};

/// A farm's curtailed and standing power, W, and what its contract pays; and the state they
/// follow from.
#[derive(Debug, Clone)]
pub(super) struct Curtailment {
    ceilings: Option<Ceilings>,
    /// In the order of [`RATES`].
    amounts: [i64; RATES.len()],
    /// The rate of the rung on which it is cut.
    rung: usize,
}

const RATES: [usize; 3] = [rate::CURTAILED, rate::STANDING, rate::PAYMENT];

/// What a farm's curtailment follows from; its starts and stops leave it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ceilings {
    released: i64,
    contract: i64,
    allowed: i64,
    powered: bool,
    link: bool,
    asleep: bool,
    power_factor: i64,
}

impl Ceilings {
    #[inline]
    fn of(farm: &FarmState) -> Self {
        Self {
            released: farm.released(),
            contract: farm.contract,
            allowed: farm.allowed(),
            powered: farm.dark == 0 && farm.pays,
            link: farm.link,
            asleep: farm.asleep,
            power_factor: farm.power_factor,
        }
    }
}

impl Curtailment {
    /// Of a farm that is cut on the rung with this rate.
    pub fn new(rung: usize) -> Self {
        Self {
            ceilings: None,
            amounts: [0; RATES.len()],
            rung,
        }
    }

    /// A replication begins.
    pub fn reset(&mut self) {
        (self.ceilings, self.amounts) = (None, [0; RATES.len()]);
    }

    /// Looks at the farm again.
    #[inline]
    pub fn look(&mut self, ledger: &mut Ledger, view: View<'_>, index: usize) {
        let ceilings = Ceilings::of(&view.state.farms[index]);
        if self.ceilings != Some(ceilings) {
            self.ceilings = Some(ceilings);
            self.follow(ledger, view, index, ceilings);
        }
    }

    #[inline]
    fn follow(&mut self, ledger: &mut Ledger, view: View<'_>, index: usize, ceilings: Ceilings) {
        let View { plan, state, .. } = view;
        let farm = &plan.system.farms[index];
        let power = |share: i64| state.farms[index].power_of(farm, share);
        let released = power(ceilings.released);
        let curtailed = released - power(ceilings.allowed);
        let standing = if ceilings.powered {
            power(Share::ONE.0) - released
        } else {
            0
        };
        let payment = farm.contract.map_or(0, |contract| {
            let left = power(ceilings.released.min(ceilings.contract));
            let usd_mwh = plan.system.contracts[contract.at()].payment_usd_mwh;
            round_half_even((released - left) as f64 * usd_mwh)
        });
        let new = [curtailed, standing, payment];
        let old = std::mem::replace(&mut self.amounts, new);
        if curtailed != old[0] {
            ledger.add(self.rung, curtailed - old[0], state.now);
        }
        for ((rate, new), old) in RATES.into_iter().zip(new).zip(old) {
            if new != old {
                ledger.add(rate, new - old, state.now);
            }
        }
    }
}
