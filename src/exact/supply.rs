//! The units of one area through time: steady ones in one table, the others by what is in force.
//!
//! C = S + V, with S the units that give the same at all times and V the others, whose few cases
//! are summed over: P(C < L) = Σ_v P(V = v) P(S < L - v), and likewise the rest. So a planned
//! outage or a profile changes a small table, not the large one.

use super::capacity::{Capacity, Tail};
use super::grid::{Area, Stretch, Unit};
use super::moments::{Cases, Moments};
use super::rare::Rare;
use crate::quantity::MS_PER_HOUR;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Sums over cases that one question may take: some tenths of a second.
const MOST_SUMS: usize = 60_000_000;

/// Pairs of amounts above which units are too many for a plane of all of them.
const MOST_AMOUNTS_SQUARED: usize = 32 << 20;
/// Hours that are short for less than this share of all time short need not be looked at.
pub(super) const SHARE_LEFT_OUT: f64 = 1e-10;
/// Cases of units that are less likely need not be looked at.
const LEAST_LIKELY: f64 = 1e-17;
/// The largest share of an answer that may be left out.
pub(super) const MOST_LEFT_OUT: f64 = 1e-9;

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
    /// The steady units at two moments, once they were asked for.
    moments: OnceCell<Option<Moments>>,
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
            moments: OnceCell::new(),
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
        if self.is_small() {
            let steps = self.all_hourly_steps(at, loads_w);
            if steps.is_some() {
                return steps;
            }
        }
        self.rare_hourly_steps(at, loads_w)
    }

    /// Whether the units too many for a plane may be few enough to be summed over.
    fn is_small(&self) -> bool {
        let amounts = self.table.amounts.len();
        amounts.saturating_mul(amounts) <= MOST_AMOUNTS_SQUARED
    }

    /// Likewise where most hours are hardly ever short: hours that together are less than a part
    /// in 10^10 of all are left out, and of the varying units what hardly ever is. None where all
    /// that is left out could be more than a part in 10^9 of the answer.
    fn rare_hourly_steps(&self, at: &[usize], loads_w: &[i64]) -> Option<Vec<f64>> {
        let units = self.steady_hourly()?;
        let within = self.varying_hourly();
        let set = |hour: usize| self.in_force[at[hour]];
        let short: Vec<f64> = (0..at.len())
            .map(|hour| self.short(set(hour), loads_w[hour]))
            .collect();
        let mut hours: Vec<usize> = (0..at.len()).collect();
        hours.sort_by(|&one, &other| short[one].total_cmp(&short[other]));
        let most = SHARE_LEFT_OUT * short.iter().sum::<f64>();
        let mut left_out = 0.0;
        let mut matters = vec![true; at.len()];
        for &hour in &hours {
            matters[hour] = left_out + short[hour] > most;
            left_out += if matters[hour] { 0.0 } else { short[hour] };
        }
        let hours: Vec<usize> = (1..at.len()).filter(|&hour| matters[hour]).collect();
        let ends = |hour: usize| {
            let amounts = &self.sets[set(hour)].1.amounts;
            let end = |amount: Option<&super::capacity::Amount>| {
                amount.map_or(0, |amount| amount.capacity_w)
            };
            (end(amounts.first()), end(amounts.last()))
        };
        let least = |hour: usize| loads_w[hour] - ends(hour).1;
        let mut chances = vec![0.0; at.len().saturating_sub(1)];
        let Some(least_now) = hours.iter().map(|&hour| least(hour)).min() else {
            return (left_out == 0.0).then_some(chances);
        };
        let before = hours.iter().map(|hour| hour - 1);
        let least_before = before.filter(|&hour| matters[hour]).map(least).min();
        let least_w = (least_before.unwrap_or(least_now), least_now);
        let moments = Rare::of_units(&units, least_w)?;
        let mut work = 0;
        for hour in hours {
            if !matters[hour - 1] {
                // There was enough, all but for certain: short now is newly short.
                chances[hour - 1] = short[hour];
                left_out += short[hour - 1];
                continue;
            }
            let (cases, rest) = self.likely_at((set(hour - 1), set(hour)), &within);
            left_out += rest * self.tail.short(loads_w[hour] - ends(hour).0);
            work += cases.len();
            if work > MOST_SUMS {
                return None;
            }
            for (before, now, probability) in cases {
                let loads = (loads_w[hour - 1] - before, loads_w[hour] - now);
                chances[hour - 1] += probability * moments.newly_short(loads)?;
            }
        }
        (left_out <= MOST_LEFT_OUT * chances.iter().sum::<f64>()).then_some(chances)
    }

    /// The varying units at two moments but for what hardly ever is, and how likely that is.
    fn likely_at(
        &self,
        sets: (usize, usize),
        within: &[Vec<Vec<f64>>],
    ) -> (Vec<(i64, i64, f64)>, f64) {
        let (mut likely, mut rest) = (vec![(0, 0, 1.0)], 0.0);
        for (index, unit) in self.varying.iter().enumerate() {
            let (before, now) = (self.sets[sets.0].0[index], self.sets[sets.1].0[index]);
            let unit = Cases::of_unit(&unit.chain, before, now, Some(&within[index]));
            let mut next = Vec::with_capacity(likely.len() * unit.len());
            for (before, now, probability) in likely {
                for (more_before, more_now, chance) in unit.iter() {
                    let chance = probability * chance;
                    if chance > LEAST_LIKELY {
                        next.push((before + more_before, now + more_now, chance));
                    } else {
                        rest += chance;
                    }
                }
            }
            likely = next;
        }
        (likely, rest)
    }

    /// Every hour, every case.
    fn all_hourly_steps(&self, at: &[usize], loads_w: &[i64]) -> Option<Vec<f64>> {
        let moments = || self.steady_hourly().and_then(Moments::of_units);
        let moments = self.moments.get_or_init(moments).as_ref()?;
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

#[cfg(test)]
mod tests {
    use super::super::Chain;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Leaving out what hardly ever is changes nothing that can be seen.
        #[test]
        fn rare_shortages_are_as_all(
            units in prop::collection::vec((1..60_i64, 20.0..900.0_f64, 1.0..40.0_f64), 2..9),
            varying in prop::collection::vec((prop::collection::vec(0..40_i64, 4), 50.0..900.0_f64), 0..3),
            shares in prop::collection::vec(0.2..1.0_f64, 24),
        ) {
            let mut area_units: Vec<Unit> = units
                .iter()
                .map(|&(mw, up, down)| Unit::steady(Chain::two_state(up, down, true), vec![mw, 0]))
                .collect();
            for (gives, up) in &varying {
                let step = |(hour, &mw): (usize, &i64)| (6 * hour as i64 * MS_PER_HOUR, vec![mw, 0]);
                let course = gives.iter().enumerate().map(step).collect();
                area_units.push(Unit { chain: Chain::two_state(*up, 20.0, true), course });
            }
            let whole: i64 = units.iter().map(|unit| unit.0).sum();
            let load_w: Vec<i64> = shares.iter().map(|share| (share * whole as f64) as i64).collect();
            let area = Area {
                name: "only".to_owned(),
                is_own: true,
                load_w: load_w.clone(),
                units: area_units,
                mining_w: 0,
            };
            let hour = |hour: usize| Stretch {
                from: hour as i64 * MS_PER_HOUR,
                until: (hour as i64 + 1) * MS_PER_HOUR,
                hour,
            };
            let stretches: Vec<Stretch> = (0..24).map(hour).collect();
            let supply = Supply::new(&area, &stretches).unwrap();
            let at: Vec<usize> = (0..24).collect();
            let all: f64 = supply.all_hourly_steps(&at, &load_w).unwrap().iter().sum();
            if let Some(rare) = supply.rare_hourly_steps(&at, &load_w) {
                let rare: f64 = rare.iter().sum();
                prop_assert!((rare - all).abs() <= MOST_LEFT_OUT * all, "{} {}", rare, all);
            } else {
                // It may be short for nearly always, and become so hardly ever.
                prop_assert!(all < 0.2, "{}", all);
            }
        }
    }
}
