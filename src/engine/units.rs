//! Units go out and come back, and their zones gain and lose capacity.

use super::apply::count;
use super::plan::Gives;
use super::state::reason;
use super::{Futures, Plan, Ring, State};
use crate::system::Unit;

impl State {
    /// A unit of several states enters one; without capacity it is out.
    pub(super) fn unit_enters(&mut self, plan: &Plan<'_>, futures: &Futures, slot: u16) {
        let (unit, state) = plan.unit_state(slot);
        let index = usize::from(unit);
        self.units[index].state = state;
        let out = plan.state_capacity(index, state) == 0;
        self.unit_reason(plan, futures, unit, reason::FORCED, out);
    }

    /// A planned outage begins or ends: of several at once the last one ends it.
    pub(super) fn planned(&mut self, plan: &Plan<'_>, futures: &Futures, unit: u16, by: i32) {
        let planned = &mut self.units[usize::from(unit)].planned;
        count(planned, by);
        let out = *planned > 0;
        self.unit_reason(plan, futures, unit, reason::PLANNED, out);
    }

    pub(super) fn unit_reason(
        &mut self,
        plan: &Plan<'_>,
        futures: &Futures,
        unit: u16,
        reason: u8,
        set: bool,
    ) {
        let state = &mut self.units[usize::from(unit)];
        if set {
            if state.reasons == 0 {
                state.off_since = self.now;
            }
            state.reasons |= reason;
        } else {
            state.reasons &= !reason;
        }
        self.unit_changed(plan, futures, unit);
    }

    /// Brings a unit's part of its zone's capacity up to date.
    pub(super) fn unit_changed(&mut self, plan: &Plan<'_>, futures: &Futures, unit: u16) {
        let index = usize::from(unit);
        let system = &plan.system.units[index];
        let place = plan.unit_places[index];
        let full = match place.gives {
            Gives::Steady | Gives::Group(_) => futures.unit_capacity[index],
            Gives::States => {
                let capacity = plan.state_capacity(index, self.units[index].state);
                dependable(system, futures, capacity)
            }
            Gives::Hourly(output) => dependable(
                system,
                futures,
                futures.hourly_output(plan, output, self.now),
            ),
        };
        let state = &mut self.units[index];
        let mut contribution = match (state.reasons == 0, state.derated) {
            (false, _) => 0,
            (true, false) => full,
            (true, true) => full - libm::rint(full as f64 * system.derating_share) as i64,
        };
        if plan.hourly.is_grouped(index) {
            contribution -= full;
            if state.reasons != 0 || state.derated {
                self.units_away.mark(index);
            }
        }
        let change = contribution - state.contribution;
        state.contribution = contribution;
        match place.gives {
            Gives::Group(group) => {
                self.group_available[group] += change;
                self.group_changed(plan, futures, group);
            }
            _ => match plan.stores.of_unit(index) {
                Some(store) => self.stores.states[store].power += change,
                None => self.add_capacity(plan, place.zone, place.class, change),
            },
        }
    }

    /// Brings a weather-driven group's capacity up to date.
    pub(super) fn group_changed(&mut self, plan: &Plan<'_>, futures: &Futures, group: usize) {
        let share = futures.renewable_share(plan, group, self.now);
        let capacity = crate::quantity::Share(share).of(self.group_available[group]);
        let change = capacity - self.group_capacity[group];
        self.group_capacity[group] = capacity;
        let renewable = &plan.renewables[group];
        self.add_capacity(plan, renewable.zone, renewable.class, change);
    }

    pub(super) fn add_capacity(&mut self, plan: &Plan<'_>, zone: usize, class: usize, change: i64) {
        if change != 0 {
            self.capacity[zone * plan.system.classes.len() + class] += change;
            let state = &mut self.zones[zone];
            state.capacity += change;
            self.touched_classes[zone] |= 1 << class;
            self.touch_zone(zone, -change);
            self.dirty.balance = true;
        }
    }

    /// A unit struck by a hazard or by the grid comes back with a start, not a repair.
    pub(super) fn strike_unit(&mut self, plan: &Plan<'_>, futures: &Futures, unit: u16, by: i32) {
        let index = usize::from(unit);
        let state = &mut self.units[index];
        let before = state.strikes;
        count(&mut state.strikes, by);
        if before == 0 && by > 0 {
            self.agenda.cancel(Ring::UnitStarted(unit));
            self.unit_reason(plan, futures, unit, reason::STRUCK, true);
        } else if before > 0 && state.strikes == 0 {
            let off = self.now - state.off_since;
            let class = plan.system.units[index].class;
            let start = plan.system.classes[class.at()].start.after(off);
            if start.0 > 0 {
                self.units[index].reasons |= reason::STARTING;
                self.agenda.set(Ring::UnitStarted(unit), self.now + start);
            }
            self.unit_reason(plan, futures, unit, reason::STRUCK, false);
        }
    }
}

/// The dependable part of a capacity, W.
fn dependable(unit: &Unit, futures: &Futures, capacity: i64) -> i64 {
    let share = unit.dependable.get(&futures.inputs);
    dependable_share_of(share, capacity)
}

/// The same of a known share.
#[inline]
pub(super) fn dependable_share_of(share: f64, capacity: i64) -> i64 {
    // Most units are dependable altogether, and many are asked every hour.
    if share == 1.0 {
        capacity
    } else {
        libm::rint(capacity as f64 * share) as i64
    }
}
