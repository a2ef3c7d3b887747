//! Units with an hourly output: those of one zone and class move as one from hour to hour, and
//! only who is out, or in part, by itself.

use super::units::dependable_share_of;
use super::{Futures, Plan, State};
use crate::quantity::MS_PER_HOUR;
use crate::system::{HourlyOutput, Output, System, Value};

/// What the units of a zone and class give together hour by hour while all are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HourlyGroup {
    zone: usize,
    class: usize,
    /// W.
    output: HourlyOutput,
}

/// The groups, and what they leave out.
#[derive(Debug, Default)]
pub(super) struct HourlyPlan {
    pub groups: Vec<HourlyGroup>,
    /// Whether a unit is of a group.
    is_grouped: Vec<bool>,
    /// Units with an hourly output that are of none: stores, and those whose dependable share is
    /// drawn.
    pub alone: Vec<u16>,
}

impl HourlyPlan {
    /// The groups of a system; `in_store` are the units that draw on a store.
    pub fn new(system: &System, in_store: impl Fn(usize) -> bool) -> Self {
        let years = system
            .hourly_outputs
            .iter()
            .map(|output| output.by_year.len())
            .max()
            .unwrap_or(0);
        let mut plan = Self {
            is_grouped: vec![false; system.units.len()],
            ..Self::default()
        };
        for (index, unit) in system.units.iter().enumerate() {
            let Output::Hourly(output) = unit.output else {
                continue;
            };
            let Value::Fixed(share) = unit.dependable else {
                plan.alone.push(index as u16);
                continue;
            };
            if in_store(index) {
                plan.alone.push(index as u16);
                continue;
            }
            plan.is_grouped[index] = true;
            let group = plan.group(unit.zone.at(), unit.class.at(), years);
            for (year, sums) in group.output.by_year.iter_mut().enumerate() {
                let series = system.hourly_outputs[output.at()].of_year(year);
                sums.resize(sums.len().max(series.len()), 0);
                for (sum, &output) in sums.iter_mut().zip(series) {
                    *sum += dependable_share_of(share, output);
                }
            }
        }
        plan
    }

    fn group(&mut self, zone: usize, class: usize, years: usize) -> &mut HourlyGroup {
        let known = self.groups.iter();
        let place = known
            .clone()
            .position(|group| (group.zone, group.class) == (zone, class));
        let place = place.unwrap_or(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(HourlyGroup {
                zone,
                class,
                output: HourlyOutput {
                    by_year: vec![Vec::new(); years],
                },
            });
        }
        &mut self.groups[place]
    }

    /// No unit has an hourly output.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.alone.is_empty()
    }

    /// Whether a unit is of a group.
    #[inline]
    pub fn is_grouped(&self, unit: usize) -> bool {
        self.is_grouped[unit]
    }
}

impl State {
    /// The hour's outputs.
    pub(super) fn outputs_of_hour(&mut self, plan: &Plan<'_>, futures: &Futures) {
        let hour = (self.now.0 / MS_PER_HOUR) as usize;
        for (index, group) in plan.hourly.groups.iter().enumerate() {
            let series = group.output.of_year(futures.weather_year);
            let total = series.get(hour).copied().unwrap_or(0);
            let change = total - std::mem::replace(&mut self.hourly_total[index], total);
            self.add_capacity(plan, group.zone, group.class, change);
        }
        for word in 0..self.units_away.words() {
            for unit in self.units_away.take(word) {
                self.unit_changed(plan, futures, unit as u16);
            }
        }
        for &unit in &plan.hourly.alone {
            self.unit_changed(plan, futures, unit);
        }
    }
}
