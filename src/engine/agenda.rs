//! Alarms that the state sets, moves and cancels: one pending time per slot.

use super::Ring;
use crate::quantity::Instant;
use crate::system::System;

/// A winner tree over slots: setting a slot costs one path to the root, the earliest is read
/// off the root. Ties go to the lower slot, and slots follow the written order of [`Ring`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    /// Leaves in `[size, 2 size)`, inner nodes below hold the earlier of their children.
    times: Vec<i64>,
    size: usize,
    /// First slot of each kind, and one past the last.
    first: [u32; KINDS + 1],
}

const KINDS: usize = 8;

impl Agenda {
    /// An empty agenda for a system's units, farms, contracts and stores.
    pub fn new(system: &System) -> Self {
        let farms = system.farms.len() as u16;
        let counts = [
            system.units.len() as u16,
            farms,
            farms,
            farms,
            farms,
            farms,
            system.contracts.len() as u16,
            system.stores.len() as u16,
        ];
        Self::of_counts(counts)
    }

    fn of_counts(counts: [u16; KINDS]) -> Self {
        let mut first = [0; KINDS + 1];
        for (kind, &count) in counts.iter().enumerate() {
            first[kind + 1] = first[kind] + u32::from(count);
        }
        let size = (first[KINDS] as usize).next_power_of_two().max(1);
        Self {
            times: vec![i64::MAX; 2 * size],
            size,
            first,
        }
    }

    /// Cancels everything.
    pub fn clear(&mut self) {
        self.times.fill(i64::MAX);
    }

    /// Sets the alarm of a slot, in place of any earlier one.
    #[inline]
    pub fn set(&mut self, ring: Ring, at: Instant) {
        let mut node = self.size + self.slot(ring);
        if self.times[node] == at.0 {
            return;
        }
        self.times[node] = at.0;
        while node > 1 {
            node /= 2;
            let earliest = self.times[2 * node].min(self.times[2 * node + 1]);
            if self.times[node] == earliest {
                break;
            }
            self.times[node] = earliest;
        }
    }

    /// Cancels the alarm of a slot.
    #[inline]
    pub fn cancel(&mut self, ring: Ring) {
        self.set(ring, Instant::NEVER);
    }

    /// When the alarm of a slot rings.
    pub fn time_of(&self, ring: Ring) -> Instant {
        Instant(self.times[self.size + self.slot(ring)])
    }

    /// Time of the earliest alarm, [`Instant::NEVER`] without one.
    #[inline]
    pub fn next_time(&self) -> Instant {
        Instant(self.times[1])
    }

    /// Takes the earliest alarm (the lowest slot of equal ones). Call only when there is one.
    pub fn pop(&mut self) -> Ring {
        let earliest = self.times[1];
        let mut node = 1;
        while node < self.size {
            node *= 2;
            if self.times[node] != earliest {
                node += 1;
            }
        }
        let ring = self.ring(node - self.size);
        self.cancel(ring);
        ring
    }

    /// Takes over another agenda of the same system without allocating.
    pub fn copy_from(&mut self, other: &Self) {
        self.times.copy_from_slice(&other.times);
    }

    fn slot(&self, ring: Ring) -> usize {
        let (kind, index) = match ring {
            Ring::UnitStarted(i) => (0, i),
            Ring::FarmStep(i) => (1, i),
            Ring::HoldEnd(i) => (2, i),
            Ring::BatteryEmpty(i) => (3, i),
            Ring::LadderTurn(i) => (4, i),
            Ring::PriceTurn(i) => (5, i),
            Ring::ContractTurn(i) => (6, i),
            Ring::StoreTurn(i) => (7, i),
        };
        self.first[kind] as usize + usize::from(index)
    }

    fn ring(&self, slot: usize) -> Ring {
        let mut kind = 0;
        while slot >= self.first[kind + 1] as usize {
            kind += 1;
        }
        let index = slot - self.first[kind] as usize;
        let i = index as u16;
        match kind {
            0 => Ring::UnitStarted(i),
            1 => Ring::FarmStep(i),
            2 => Ring::HoldEnd(i),
            3 => Ring::BatteryEmpty(i),
            4 => Ring::LadderTurn(i),
            5 => Ring::PriceTurn(i),
            6 => Ring::ContractTurn(i),
            _ => Ring::StoreTurn(i),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agenda() -> Agenda {
        Agenda::of_counts([3, 4, 4, 4, 4, 4, 1, 1])
    }

    proptest! {
        /// Against a plain list: the earliest alarm, the lowest slot of equal ones.
        #[test]
        fn agrees_with_a_plain_list(sets in proptest::collection::vec((0usize..25, 0i64..50), 1..80)) {
            let mut agenda = agenda();
            let mut plain = [i64::MAX; 25];
            for (slot, time) in sets {
                let ring = agenda.ring(slot);
                agenda.set(ring, Instant(time));
                plain[slot] = time;
            }
            while let Some(&earliest) = plain.iter().min().filter(|&&time| time < i64::MAX) {
                prop_assert_eq!(agenda.next_time().0, earliest);
                let slot = plain.iter().position(|&time| time == earliest).unwrap();
                let ring = agenda.pop();
                prop_assert_eq!(agenda.slot(ring), slot);
                plain[slot] = i64::MAX;
            }
            prop_assert_eq!(agenda.next_time(), Instant::NEVER);
        }
    }
}
