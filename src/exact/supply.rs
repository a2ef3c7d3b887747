//! The units of one area through time: steady ones in one table, the others by what is in force.
//!
//! C = S + V, with S the units that give the same at all times and V the others, whose few cases
//! are summed over: P(C < L) = Σ_v P(V = v) P(S < L - v), and likewise the rest. So a planned
//! outage or a profile changes a small table, not the large one.

use super::capacity::{Capacity, Tail};
use super::grid::{Area, Stretch, Unit};
use super::moments::{Cases, Moments};
use crate::quantity::MS_PER_HOUR;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Sums over cases that one question may take: some tenths of a second.
const MOST_SUMS: usize = 60_000_000;

/// The units of one area.
#[derive(Debug, Clone)]
pub struct Supply<'a> {
    steady: Vec<&'a Unit>,
    varying: Vec<&'a Unit>,
    /// Capacity of the steady units.
    table: Capacity,
    tail: Tail,
    /// For each stretch what is in force.
    in_force: Vec<usize>,
    /// For each set of capacities in force: those of the varying units, and their table.
    sets: Vec<(Vec<&'a [i64]>, Capacity)>,
}

impl<'a> Supply<'a> {
    /// Convolves an area's units; none where the tables would grow too large.
    pub fn new(area: &'a Area, stretches: &[Stretch]) -> Option<Self> {
        let (steady, varying): (Vec<&Unit>, Vec<&Unit>) =
            area.units.iter().partition(|unit| unit.is_steady());
        let mut table = Capacity::default();
        for unit in &steady {
            if !table.add(&unit.chain, unit.at(0)) {
                return None;
            }
        }
        let mut known: BTreeMap<Vec<&[i64]>, usize> = BTreeMap::new();
        let mut in_force = Vec::with_capacity(stretches.len());
        let mut sets = Vec::new();
        for stretch in stretches {
            let capacities: Vec<&[i64]> =
                varying.iter().map(|unit| unit.at(stretch.from)).collect();
            if let Some(&set) = known.get(&capacities) {
                in_force.push(set);
                continue;
            }
            let mut table = Capacity::default();
            for (unit, capacity_w) in varying.iter().zip(&capacities) {
                if !table.add(&unit.chain, capacity_w) {
                    return None;
                }
            }
            in_force.push(sets.len());
            known.insert(capacities.clone(), sets.len());
            sets.push((capacities, table));
        }
        Some(Self {
            steady,
            varying,
            tail: table.tail(),
            table,
            in_force,
            sets,
        })
    }

    /// What is in force in a stretch; equal numbers mean equal capacities.
    pub fn set(&self, stretch: usize) -> usize {
        self.in_force[stretch]
    }

    /// The whole table of what is in force; none where it would grow too large.
    pub fn whole(&self, set: usize) -> Option<Capacity> {
        let mut table = self.table.clone();
        table.join(&self.sets[set].1).then_some(table)
    }

    /// How much work a question about a stretch is, in sums over cases.
    pub fn cases(&self) -> usize {
        let of_stretch = |&set: &usize| self.sets[set].1.amounts.len();
        self.in_force.iter().map(of_stretch).sum()
    }

    /// P(C < load).
    pub fn short(&self, set: usize, load_w: i64) -> f64 {
        let case = |case: &super::capacity::Amount| {
            case.probability * self.tail.short(load_w - case.capacity_w)
        };
        self.sets[set].1.amounts.iter().map(case).sum()
    }

    /// E[(load - C)⁺], W.
    pub fn lacking_w(&self, set: usize, load_w: i64) -> f64 {
        let case = |case: &super::capacity::Amount| {
            case.probability * self.tail.lacking_w(load_w - case.capacity_w)
        };
        self.sets[set].1.amounts.iter().map(case).sum()
    }

    /// How often failures take capacity below a load, an hour.
    pub fn falls_below(&self, set: usize, load_w: i64) -> f64 {
        let case = |case: &super::capacity::Amount| {
            let load_w = load_w - case.capacity_w;
            case.probability * self.tail.falls_below(load_w) + case.inflow * self.tail.short(load_w)
        };
        self.sets[set].1.amounts.iter().map(case).sum()
    }

    /// P(C ≥ load before, C < load now) at the end of each stretch but the last, where no time
    /// passes; `loads_w` are those of the stretches. None where that would take too long.
    pub fn steps(&self, loads_w: &[i64]) -> Option<Vec<f64>> {
        let mut known: BTreeMap<(usize, usize), Cases> = BTreeMap::new();
        let mut work = 0_usize;
        let mut chances = Vec::with_capacity(loads_w.len().saturating_sub(1));
        for (at, loads) in loads_w.windows(2).enumerate() {
            let sets = (self.in_force[at], self.in_force[at + 1]);
            if let Entry::Vacant(entry) = known.entry(sets) {
                entry.insert(self.varying_at(sets, None)?);
            }
            let cases = &known[&sets];
            work += cases.len();
            if work > MOST_SUMS {
                return None;
            }
            let case = |&(before, now, probability): &(i64, i64, f64)| {
                let (before, now) = (loads[0] - before, loads[1] - now);
                if now > before {
                    probability * (self.tail.short(now) - self.tail.short(before))
                } else {
                    0.0
                }
            };
            chances.push(cases.iter().map(case).sum());
        }
        Some(chances)
    }

    /// P(C ≥ load an hour before, C < load now) for every hour but the first; `at` are the
    /// stretches that begin with each hour, `loads_w` the loads of the hours. None where a unit
    /// remembers, or it would take too long.
    pub fn hourly_steps(&self, at: &[usize], loads_w: &[i64]) -> Option<Vec<f64>> {
        let moments = Moments::of_units(self.steady_hourly()?)?;
        // Hours that follow one another with the same capacities in force, and their loads.
        let mut groups: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for hour in 1..at.len() {
            let sets = (self.in_force[at[hour - 1]], self.in_force[at[hour]]);
            groups.entry(sets).or_default().push(hour);
        }
        let within = self.varying_hourly();
        // How much it is, before it is begun.
        let mut questions = Vec::with_capacity(groups.len());
        let mut work = 0_usize;
        for (sets, hours) in groups {
            let more = self.varying_at(sets, Some(&within))?;
            let loads = |&hour: &usize| (loads_w[hour - 1], loads_w[hour]);
            let mut pairs: Vec<(i64, i64)> = hours.iter().map(loads).collect();
            pairs.sort_unstable();
            pairs.dedup();
            work = work.checked_add(moments.cases_with(&more).checked_mul(pairs.len())?)?;
            if work > MOST_SUMS {
                return None;
            }
            questions.push((more, hours, pairs));
        }
        let mut chances = vec![0.0; at.len().saturating_sub(1)];
        for (more, hours, pairs) in questions {
            let answers = moments.newly_short(&more, &pairs)?;
            for hour in hours {
                let place =
                    pairs.partition_point(|&pair| pair < (loads_w[hour - 1], loads_w[hour]));
                chances[hour - 1] = answers[place];
            }
        }
        Some(chances)
    }

    /// What the steady units give on an hour and the next; none where a unit remembers.
    pub(super) fn steady_hourly(&self) -> Option<Vec<Cases>> {
        let mut units = self.steady.iter().chain(&self.varying);
        let of_unit = |unit: &&Unit| {
            let within = unit.chain.within(MS_PER_HOUR);
            Cases::of_unit(&unit.chain, unit.at(0), unit.at(0), Some(&within))
        };
        let is_memoryless = units.all(|unit| unit.chain.is_memoryless);
        is_memoryless.then(|| self.steady.iter().map(of_unit).collect())
    }

    /// Chances of each varying unit to go from state to state within an hour.
    pub(super) fn varying_hourly(&self) -> Vec<Vec<Vec<f64>>> {
        let within = |unit: &&Unit| unit.chain.within(MS_PER_HOUR);
        self.varying.iter().map(within).collect()
    }

    /// Capacity of the steady units.
    pub(super) fn steady_table(&self) -> &Capacity {
        &self.table
    }

    /// The varying units at two moments with what is in force at each.
    pub(super) fn varying_at(
        &self,
        sets: (usize, usize),
        within: Option<&[Vec<Vec<f64>>]>,
    ) -> Option<Cases> {
        let mut cases = Cases::default();
        for (index, unit) in self.varying.iter().enumerate() {
            let (before, now) = (self.sets[sets.0].0[index], self.sets[sets.1].0[index]);
            let within = within.map(|within| within[index].as_slice());
            cases = cases.join(&Cases::of_unit(&unit.chain, before, now, within))?;
        }
        Some(cases)
    }
}
