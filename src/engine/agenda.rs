//! Alarms that the state sets, moves and cancels: one pending time per slot.

use super::Ring;
use crate::quantity::Instant;
use crate::system::System;

/// Slots in a group, and groups under one.
const WIDTH: usize = 8;

/// A winner tree over slots, eight to a node: the earliest is read off the root. Ties go to the
/// lower slot, and slots follow the written order of [`Ring`].
///
/// An alarm is one number, its time above its slot, so that the least number names the slot and
/// nothing need be searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    /// Alarms in groups. Those of the slots come last; each group above holds the earliest of the
    /// eight groups under it: group g has those from 8 g + 1 on.
    groups: Vec<[i64; WIDTH]>,
    /// The first group of slots.
    slots_from: usize,
    /// Bits of a slot's number.
    slot_bits: u32,
    /// The earliest of all, and its time.
    earliest: i64,
    next: Instant,
    /// The slot whose alarm is being answered, or [`NONE`].
    ringing: usize,
    /// First slot of each kind, and one past the last.
    first: [u32; KINDS + 1],
}

const KINDS: usize = 8;
/// No slot.
const NONE: usize = usize::MAX;
/// No alarm.
const NEVER: i64 = i64::MAX;

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
        let (mut slots_from, mut slots) = (0, WIDTH);
        while slots < first[KINDS] as usize {
            slots_from = WIDTH * slots_from + 1;
            slots *= WIDTH;
        }
        // What no slot stands in is left out.
        let used = (first[KINDS] as usize).div_ceil(WIDTH).max(1);
        Self {
            groups: vec![[NEVER; WIDTH]; slots_from + used],
            slots_from,
            slot_bits: slots.ilog2(),
            earliest: NEVER,
            next: Instant::NEVER,
            ringing: NONE,
            first,
        }
    }

    /// Cancels everything.
    pub fn clear(&mut self) {
        self.groups.fill([NEVER; WIDTH]);
        (self.earliest, self.next) = (NEVER, Instant::NEVER);
        self.ringing = NONE;
    }

    /// Sets the alarm of a slot, in place of any earlier one. What is thousands of years away, or
    /// with thousands of slots hundreds, does not come.
    #[inline]
    pub fn set(&mut self, ring: Ring, at: Instant) {
        let slot = self.slot(ring);
        if slot == self.ringing {
            self.ringing = NONE;
        }
        let alarm = if at.0 < NEVER >> self.slot_bits {
            at.0 << self.slot_bits | slot as i64
        } else {
            NEVER
        };
        self.put(slot, alarm);
    }

    /// Writes a slot's alarm, and what is earliest above it.
    #[inline]
    fn put(&mut self, slot: usize, mut alarm: i64) {
        let (mut group, mut lane) = (self.slots_from + slot / WIDTH, slot % WIDTH);
        loop {
            let alarms = &mut self.groups[group];
            let before = std::mem::replace(&mut alarms[lane], alarm);
            if before == alarm {
                return;
            }
            let Some(above) = group.checked_sub(1) else {
                self.earliest = earliest_of(alarms);
                self.next = self.time(self.earliest);
                return;
            };
            alarm = earliest_of(alarms);
            (group, lane) = (above / WIDTH, above % WIDTH);
        }
    }

    /// When an alarm rings.
    #[inline]
    fn time(&self, alarm: i64) -> Instant {
        match alarm {
            NEVER => Instant::NEVER,
            alarm => Instant(alarm >> self.slot_bits),
        }
    }

    /// Cancels the alarm of a slot.
    #[inline]
    pub fn cancel(&mut self, ring: Ring) {
        self.set(ring, Instant::NEVER);
    }

    /// When the alarm of a slot rings.
    pub fn time_of(&self, ring: Ring) -> Instant {
        let slot = self.slot(ring);
        self.time(self.groups[self.slots_from + slot / WIDTH][slot % WIDTH])
    }

    /// Time of the earliest alarm, [`Instant::NEVER`] without one.
    #[inline]
    pub fn next_time(&self) -> Instant {
        self.next
    }

    /// The earliest alarm rings (the lowest slot of equal ones). Call only when there is one, and
    /// [`Agenda::answered`] when it is answered: most are set anew by then, and so need no
    /// cancelling.
    pub fn pop(&mut self) -> Ring {
        self.ringing = (self.earliest & ((1 << self.slot_bits) - 1)) as usize;
        self.ring(self.ringing)
    }

    /// The alarm that rang last is answered: it is cancelled, unless it was set anew.
    #[inline]
    pub fn answered(&mut self) {
        let slot = std::mem::replace(&mut self.ringing, NONE);
        if slot != NONE {
            self.put(slot, NEVER);
        }
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

/// The least of eight, by halves.
#[inline]
fn earliest_of(alarms: &[i64; WIDTH]) -> i64 {
    let [a, b, c, d, e, f, g, h] = *alarms;
    a.min(b).min(c.min(d)).min(e.min(f).min(g.min(h)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agenda() -> Agenda {
        Agenda::of_counts([3, 4, 4, 4, 4, 4, 1, 1])
    }

    #[test]
    fn what_is_too_far_away_does_not_come() {
        let mut agenda = agenda();
        let (near, far) = (Ring::FarmStep(2), Ring::UnitStarted(0));
        let last = Instant((i64::MAX >> agenda.slot_bits) - 1);
        for (at, next) in [(Instant(last.0 + 1), Instant::NEVER), (last, last)] {
            agenda.set(far, at);
            assert_eq!((agenda.next_time(), agenda.time_of(far)), (next, next));
        }
        agenda.set(near, Instant(7));
        assert_eq!((agenda.next_time(), agenda.pop()), (Instant(7), near));
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
            let mut rounds = 0;
            while let Some(&earliest) = plain.iter().min().filter(|&&time| time < i64::MAX) {
                prop_assert_eq!(agenda.next_time().0, earliest);
                let slot = plain.iter().position(|&time| time == earliest).unwrap();
                let ring = agenda.pop();
                prop_assert_eq!(agenda.slot(ring), slot);
                // Every third one is set anew, some for the same instant.
                plain[slot] = if slot % 3 == 0 && rounds < 100 {
                    agenda.set(ring, Instant(earliest + slot as i64 % 2));
                    earliest + slot as i64 % 2
                } else {
                    i64::MAX
                };
                agenda.answered();
                rounds += 1;
            }
            prop_assert_eq!(agenda.next_time(), Instant::NEVER);
        }
    }
}
