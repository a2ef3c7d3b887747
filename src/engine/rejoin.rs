//! When the run without the event has come to the state of the run with it.
//!
//! What was drawn is shared, so from equal states both go on alike, and the second need not be
//! run: its recorder takes over what the first one sees from there on.

use super::state::UnitState;
use super::{FarmState, Recorder, State};
use crate::quantity::Instant;

/// Hours between looks at whether the runs have come together: at whole multiples of them. They
/// divide the day.
pub const REJOIN_EVERY_H: i64 = 6;

/// A recorder of the run without the event, beside a recorder `R` of the run with it.
pub trait Twin<R>: Recorder {
    /// False where the run shall go to the horizon by itself whatever happens.
    const REJOINS: bool = true;

    /// The event begins: all that was recorded so far is shared.
    fn fork(&mut self, main: &R);
    /// From this instant on the runs are the same; both recorders have passed the boundary there,
    /// and `main` what happens there, too.
    fn rejoin(&mut self, main: &R, at: Instant);
    /// The horizon is reached: takes over what `main` saw since they came together.
    fn finish(&mut self, main: &R);
}

impl State {
    /// From here on the hazards and orders of the event are left out.
    pub(super) fn goes_on_without_event(&mut self) {
        self.without_event = true;
    }

    /// True where everything that can still matter is equal, so that both go on alike. Both
    /// states hold until `at`, and no event that one of them leaves out is to come.
    pub(super) fn goes_on_as(&self, other: &Self, at: Instant) -> bool {
        // In the order in which they are likely to differ.
        let farms = || self.farms.iter().zip(&other.farms);
        farms().all(|(one, other)| same_output(one, other))
            && self.ladder_active == other.ladder_active
            && self.zones == other.zones
            && farms().all(|(one, other)| self.same_farm(one, other, at))
            && self.units.iter().zip(&other.units).all(|(one, other)| {
                // Since when a unit is off says how it will start, if it is off.
                let off_since = if one.reasons == 0 {
                    one.off_since
                } else {
                    other.off_since
                };
                *one == UnitState {
                    off_since,
                    ..*other
                }
            })
            && self.agenda == other.agenda
            && self.links == other.links
            && (&self.capacity, &self.group_available, &self.group_capacity)
                == (
                    &other.capacity,
                    &other.group_available,
                    &other.group_capacity,
                )
            && (&self.circuits_down, &self.line_struck, &self.line_limit)
                == (&other.circuits_down, &other.line_struck, &other.line_limit)
            && (&self.contracts, &self.contract_calls, &self.order_active)
                == (&other.contracts, &other.contract_calls, &other.order_active)
            && (&self.unserved, self.is_short, self.lacked_supply)
                == (&other.unserved, other.is_short, other.lacked_supply)
            && (self.cursor, self.boundary) == (other.cursor, other.boundary)
            && self.same_stores(other, at)
    }

    /// Times that are past and starts that are over matter no more.
    fn same_farm(&self, one: &FarmState, other: &FarmState, at: Instant) -> bool {
        let forgotten = |farm: &FarmState| {
            let mut farm = *farm;
            farm.held_until = farm.held_until.max(at);
            farm.price_until = farm.price_until.max(at);
            farm.forget_start();
            // Whether it obeys is drawn anew for the next call.
            farm.complies |= !self.ladder_active;
            farm
        };
        forgotten(one) == forgotten(other)
    }
}

fn same_output(one: &FarmState, other: &FarmState) -> bool {
    (one.ready, one.goal, one.link) == (other.ready, other.goal, other.link)
}
