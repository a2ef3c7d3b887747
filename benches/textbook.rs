//! The engine that a textbook would write: a binary heap of events, exponential draws from one
//! sequential generator, an event every hour, load and capacity compared at every event.
//! The yardstick for ours, with the same indices; single zone, two-state units.

use hashfall::random::DurationLaw;
use hashfall::system::System;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A two-state unit: MW, and the laws of its time up and down in hours.
struct Unit {
    capacity: f64,
    unavailability: f64,
    up: Exp<f64>,
    down: Exp<f64>,
}

/// What happens at a time: the next hour begins, or a unit (by number) changes its state.
#[derive(PartialEq)]
struct Event {
    hours: f64,
    unit: Option<usize>,
}

/// The earliest first; at one time the hour last, so that it sees the units' new state.
impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_time = other.hours.total_cmp(&self.hours);
        by_time.then(self.unit.is_some().cmp(&other.unit.is_some()))
    }
}
impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Eq for Event {}

/// Time short (h), energy not served (MWh), shortages, and shortages as seen on the hour.
#[derive(Clone, Copy, Default)]
pub struct Indices {
    pub lole_h: f64,
    pub eue_mwh: f64,
    pub lolf: f64,
    pub lolev: f64,
}

pub struct Textbook {
    units: Vec<Unit>,
    load_mw: Vec<f64>,
    random: SmallRng,
    queue: BinaryHeap<Event>,
    is_up: Vec<bool>,
}

impl Textbook {
    /// The units and the hourly load of a system's first zone.
    pub fn new(system: &System, seed: u64) -> Self {
        let exponential = |law| match law {
            DurationLaw::Exponential { mean_h } => Exp::new(1.0 / mean_h).expect("positive"),
            _ => panic!("the textbook knows exponential laws only"),
        };
        let units = system.units.iter().map(|unit| {
            let law = unit.outages.as_ref().expect("units that fail");
            let (up_h, down_h) = (law.up.mean_h(), law.down.mean_h());
            Unit {
                capacity: unit.nameplate.0 as f64 * 1e-6,
                unavailability: down_h / (up_h + down_h),
                up: exponential(law.up),
                down: exponential(law.down),
            }
        });
        let units: Vec<Unit> = units.collect();
        let zone = &system.zones[0];
        let factor = zone.scale.factor.get(&[]);
        let load = zone
            .load
            .hourly
            .iter()
            .map(|load| load.0 as f64 * 1e-6 * factor);
        Self {
            is_up: vec![true; units.len()],
            units,
            load_mw: load.collect(),
            random: SmallRng::seed_from_u64(seed),
            queue: BinaryHeap::new(),
        }
    }

    /// One replication of the whole load curve, begun in the stationary state.
    pub fn replicate(&mut self) -> Indices {
        self.queue.clear();
        let mut capacity = 0.0;
        for (number, unit) in self.units.iter().enumerate() {
            let is_up = self.random.random::<f64>() >= unit.unavailability;
            let law = if is_up { unit.up } else { unit.down };
            let hours = law.sample(&mut self.random);
            self.is_up[number] = is_up;
            capacity += if is_up { unit.capacity } else { 0.0 };
            self.queue.push(Event {
                hours,
                unit: Some(number),
            });
        }
        self.queue.push(Event {
            hours: 0.0,
            unit: None,
        });
        let mut indices = Indices::default();
        let (mut now, mut hour, mut load) = (0.0, 0, 0.0);
        let (mut is_short, mut hour_was_short) = (false, false);
        while let Some(event) = self.queue.pop() {
            if is_short {
                indices.lole_h += event.hours - now;
                indices.eue_mwh += (event.hours - now) * (load - capacity);
            }
            now = event.hours;
            if let Some(number) = event.unit {
                let unit = &self.units[number];
                self.is_up[number] = !self.is_up[number];
                let is_up = self.is_up[number];
                capacity += if is_up { unit.capacity } else { -unit.capacity };
                let law = if is_up { unit.up } else { unit.down };
                let hours = now + law.sample(&mut self.random);
                self.queue.push(Event {
                    hours,
                    unit: event.unit,
                });
            } else {
                if hour == self.load_mw.len() {
                    break;
                }
                load = self.load_mw[hour];
                hour += 1;
                self.queue.push(Event {
                    hours: hour as f64,
                    unit: None,
                });
            }
            let was_short = is_short;
            is_short = capacity < load;
            indices.lolf += f64::from(is_short && !was_short);
            if event.unit.is_none() {
                indices.lolev += f64::from(is_short && !hour_was_short);
                hour_was_short = is_short;
            }
        }
        indices
    }
}
