//! Events drawn ahead, sorted once a replication.

use super::Event;
use crate::quantity::Instant;

/// Bits of an event's code below its time.
const CODE_BITS: u32 = 24;

/// The exogenous events of one replication in order of time, ties in order of [`Event`].
///
/// Each is one `u64`: milliseconds above, kind and index below, so that sorting integers
/// sorts events.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    events: Vec<u64>,
}

impl Timeline {
    /// Forgets all events and keeps the memory.
    pub fn clear(&mut self) {
        self.events.clear();
    }

    /// Adds an event; call [`Timeline::sort`] after the last.
    #[inline]
    pub fn push(&mut self, at: Instant, event: Event) {
        self.events
            .push(((at.0 as u64) << CODE_BITS) | event.code());
    }

    /// Brings the events into order.
    pub fn sort(&mut self) {
        self.events.sort_unstable();
    }

    /// Time of the event at a position, [`Instant::NEVER`] after the last.
    #[inline]
    pub fn time(&self, position: usize) -> Instant {
        match self.events.get(position) {
            Some(&event) => Instant((event >> CODE_BITS) as i64),
            None => Instant::NEVER,
        }
    }

    /// The event at a position below [`Timeline::len`].
    #[inline]
    pub fn event(&self, position: usize) -> Event {
        Event::from_code(self.events[position] & ((1 << CODE_BITS) - 1))
    }

    /// How many events there are in all.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// True without events.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_first_then_the_written_order() {
        let mut timeline = Timeline::default();
        timeline.push(Instant(5), Event::OrderBegin(0));
        timeline.push(Instant(5), Event::UnitDown(2));
        timeline.push(Instant(4), Event::PoolDown(9));
        timeline.push(Instant(5), Event::UnitDown(1));
        timeline.sort();
        let seen: Vec<_> = (0..timeline.len())
            .map(|k| (timeline.time(k).0, timeline.event(k)))
            .collect();
        let expected = [
            (4, Event::PoolDown(9)),
            (5, Event::UnitDown(1)),
            (5, Event::UnitDown(2)),
            (5, Event::OrderBegin(0)),
        ];
        assert_eq!(seen, expected);
    }
}
