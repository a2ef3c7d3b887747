//! Units with more states than up and down, drawn ahead.
//!
//! Draws of a unit's stream. State 0 is the full one; the k-th stay in a state keeps its address
//! whatever the other stays are, and a unit of two states draws what [`super::alternate`] would:
//!
//! | draw                     | gives                                                   |
//! |--------------------------|---------------------------------------------------------|
//! | 0                        | the state at the start, least capacity first            |
//! | 1                        | what is left of that stay                               |
//! | 4 + 2k                   | the k-th stay in state 0 that begins within the horizon |
//! | 5 + 2k                   | the k-th stay in state 1                                |
//! | 2^27 s + k               | the k-th stay in state s from 2 on                      |
//! | 2^32 + 2^27 s + k        | where the k-th stay in state s leads                    |
//! | 2^32 + 2^27 s + 2^26     | where the stay of the start leads                       |
//!
//! Where only one way leads out nothing is drawn for it.

use crate::quantity::{Instant, Span};
use crate::random::{DurationLaw, Sampler, Stream, StreamId};
use crate::system::{MOST_STATES, StateModel, System};

/// Where the choices of ways begin in a stream.
const CHOICES: u64 = 1 << 32;
/// Draws kept for each state.
const ROOM: u64 = 1 << 27;
/// Draws kept for a state's stays: far more than fit a horizon of ten years.
const START: u64 = 1 << 26;

/// States with what is needed to draw them.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    stream: StreamId,
    /// Event index of each of its states.
    slots: Vec<u16>,
    stays: Vec<Sampler>,
    /// States with the chance of them and of all before them, least capacity first.
    start: Vec<(u8, f64)>,
    /// For each state the ways out of it, likewise.
    ways: Vec<Vec<(u8, f64)>>,
}

impl Chain {
    pub fn new(model: &StateModel, slots: Vec<u16>) -> Self {
        let states = model.states.len();
        let stay = |state| {
            let mean_h = model.mean_h(state);
            Sampler::new(DurationLaw::Exponential { mean_h })
        };
        let ways = |state: usize| {
            let mut chances = vec![0.0; states];
            for exit in model.exits(state) {
                chances[exit.to] += model.mean_h(state) / exit.mean_h;
            }
            cumulated(&chances)
        };
        Self {
            stream: model.stream,
            slots,
            stays: (0..states).map(stay).collect(),
            start: cumulated(&model.stationary()),
            ways: (0..states).map(ways).collect(),
        }
    }

    /// Index of the events by which it enters a state.
    pub fn slot(&self, state: u8) -> u16 {
        self.slots[usize::from(state)]
    }

    /// Draws the history of one unit up to the horizon: calls `enter(at, state)` at every change
    /// after the start, and returns the state at the start.
    pub fn draw(
        &self,
        seed: u64,
        replication: u32,
        horizon: Span,
        mut enter: impl FnMut(Instant, u8),
    ) -> u8 {
        let stream = Stream::new(seed, self.stream, replication);
        let start = chosen(&self.start, || stream.uniform_at(0));
        let mut state = usize::from(start);
        let left_h = self.stays[state].residual_h(stream.uniform_at(1), || stream.uniform_at(2));
        let mut at = Instant::START + Span::from_hours(left_h);
        let mut choice = CHOICES + ROOM * state as u64 + START;
        let mut begun = [0_u64; MOST_STATES];
        while at.0 < horizon.0 {
            let next = chosen(&self.ways[state], || stream.uniform_at(choice));
            enter(at, next);
            state = usize::from(next);
            let k = begun[state];
            begun[state] += 1;
            let length = match state {
                0 => 4 + 2 * k,
                1 => 5 + 2 * k,
                _ => ROOM * state as u64 + k,
            };
            choice = CHOICES + ROOM * state as u64 + k;
            at = at + Span::from_hours(self.stays[state].quantile_h(stream.uniform_at(length)));
        }
        start
    }
}

/// The chains of a system's units.
#[derive(Debug)]
pub(super) struct Chains {
    /// For each unit its chain, if it has states.
    units: Vec<Option<Chain>>,
    /// (State, unit) of each index of an event, better states first.
    slots: Vec<(u8, u16)>,
}

impl Chains {
    pub fn new(system: &System) -> Self {
        let models = || {
            let units = (0_u16..).zip(&system.units);
            units.map(|(index, unit)| (index, unit.states.as_ref()))
        };
        let mut slots: Vec<(u8, u16)> = Vec::new();
        for (unit, model) in models() {
            let states = model.map_or(0, |model| model.states.len());
            slots.extend((0..states).map(|state| (state as u8, unit)));
        }
        slots.sort_unstable();
        let chain = |(unit, model): (u16, Option<&StateModel>)| {
            let model = model?;
            // Every state of every unit is there, and validation bounds their number.
            let slot = |state| {
                slots
                    .binary_search(&(state as u8, unit))
                    .unwrap_or_default() as u16
            };
            let own = (0..model.states.len()).map(slot).collect();
            Some(Chain::new(model, own))
        };
        Self {
            units: models().map(chain).collect(),
            slots,
        }
    }

    /// The chain of a unit that has states.
    pub fn of(&self, unit: usize) -> Option<&Chain> {
        self.units[unit].as_ref()
    }

    /// Unit and state of an event's index.
    pub fn unit_state(&self, slot: u16) -> (u16, u8) {
        let (state, unit) = self.slots[usize::from(slot)];
        (unit, state)
    }
}

/// Places with a chance, from the last (the least capacity) to the first, chances added up.
fn cumulated(chances: &[f64]) -> Vec<(u8, f64)> {
    let mut below = 0.0;
    let possible = chances.iter().enumerate().rev();
    possible
        .filter(|&(_, &chance)| chance > 0.0)
        .map(|(state, chance)| {
            below += chance;
            (state as u8, below)
        })
        .collect()
}

/// The state at a uniform that is drawn only where there is a choice.
fn chosen(states: &[(u8, f64)], uniform: impl FnOnce() -> f64) -> u8 {
    match states {
        [] => 0,
        [(only, _)] => *only,
        [.., (last, _)] => {
            let u = uniform();
            let hit = states.iter().find(|&&(_, below)| u < below);
            hit.map_or(*last, |&(state, _)| state)
        }
    }
}
