//! Two areas and a line between them.
//!
//! Each serves its own load first and helps with what it has over; one that sheds sends nothing
//! to the other. An area that lacks s takes min(s, T, what the other has over), so with the other
//! area's capacity C and load L
//! P(still short) = P(C < L + s) for s ≤ T and 1 beyond, and with t = min(s, T)
//! E(still lacking) = s - t + E[(L + t - C)⁺] - E[(L - C)⁺].
//! Both can be short at once only when neither has anything over.

use super::capacity::Tail;
use super::course::{Course, loads, on_the_hour};
use super::grid::{Area, Grid, Stretch, Tie};
use super::needs::{Scope, Situation};
use super::side::{Side, falls_per_h, newly_short};
use super::supply::Supply;
use super::two_lattices::{self, Hours};
use super::two_moments::{self, Most};
use std::collections::BTreeMap;

/// Sums over amounts that an answer may take: about a second.
const MOST_SUMS: usize = 400_000_000;

/// The two areas and the system under a load of each hour, W, of each; in the order of the grid.
/// The last is the system, which is short when any own area is. None where it would take too long.
pub fn courses(
    grid: &Grid,
    supplies: &[Supply<'_>; 2],
    stretches: &[Stretch],
    hourly_w: [&[i64]; 2],
) -> Option<[Course; 3]> {
    let [first, second] = [&grid.areas[0], &grid.areas[1]];
    let load_w = hourly_w.map(|hourly_w| loads(hourly_w, stretches));
    let mut tables: [BTreeMap<usize, Side>; 2] = [BTreeMap::new(), BTreeMap::new()];
    for (tables, supply) in tables.iter_mut().zip(supplies) {
        let mut amounts = 0_usize;
        for at in 0..stretches.len() {
            let set = supply.set(at);
            if let std::collections::btree_map::Entry::Vacant(entry) = tables.entry(set) {
                let table = supply.whole(set)?;
                amounts += table.amounts.len();
                if amounts > 16 * super::capacity::MOST_AMOUNTS {
                    return None;
                }
                entry.insert(Side::new(table));
            }
        }
    }
    let apart = Tie::apart();
    let tie = grid.tie.as_ref().unwrap_or(&apart);
    let mut scopes = Scope::all([first.is_own, second.is_own]);
    let most_w = tables.each_ref().map(|tables| {
        let most = tables.values().map(|side| side.tail.capacity_w.last());
        most.flatten().copied().max().unwrap_or(0)
    });
    let one = as_one(grid, tie, stretches, hourly_w, most_w);
    if one.is_some() {
        scopes[2] = None;
    }
    let mut known: BTreeMap<[i64; 4], (Both, [f64; 3])> = BTreeMap::new();
    let mut courses: [Course; 3] = Default::default();
    let mut work = 0_usize;
    for (at, (&here, &there)) in load_w[0].iter().zip(&load_w[1]).enumerate() {
        let sets = [supplies[0].set(at), supplies[1].set(at)];
        let loads = [here, there];
        let key = [sets[0] as i64, sets[1] as i64, loads[0], loads[1]];
        let (both, falls) = match known.get(&key) {
            Some(&known) => known,
            None => {
                let sides = [&tables[0][&sets[0]], &tables[1][&sets[1]]];
                work += sides[0].tail.below(loads[0]) + sides[1].tail.below(loads[1]);
                if work > MOST_SUMS {
                    return None;
                }
                let both = across(tie, sides, loads);
                let falls = scopes.map(|scope| {
                    scope.map_or(0.0, |scope| {
                        falls_per_h(tie, sides, scope, loads, &mut work)
                    })
                });
                known.insert(key, (both, falls));
                (both, falls)
            }
        };
        let own = [first.is_own, second.is_own];
        let any = match own {
            [true, true] => both.short[0] + both.short[1] - both.at_once,
            [true, false] => both.short[0],
            [false, true] => both.short[1],
            [false, false] => 0.0,
        };
        let of_own = |values: [f64; 2]| {
            let values = values.into_iter().zip(own);
            values
                .filter(|&(_, is_own)| is_own)
                .map(|(value, _)| value)
                .sum::<f64>()
        };
        let lacking = of_own(both.lacking_w);
        let system_load = loads
            .iter()
            .zip(own)
            .filter(|(_, own)| *own)
            .map(|(load, _)| load)
            .sum();
        let shorts = [both.short[0], both.short[1], any];
        let lackings = [both.lacking_w[0], both.lacking_w[1], lacking];
        let all_loads = [loads[0], loads[1], system_load];
        for (index, course) in courses.iter_mut().enumerate() {
            course.short.push(shorts[index]);
            course.lacking_w.push(lackings[index]);
            course.load_w.push(all_loads[index]);
            course.curtailed_w.push(0.0);
            course.curtailed.push(0.0);
            course.falls.push(falls[index]);
        }
    }
    let joined = Joined {
        tie,
        supplies,
        tables: &tables,
        scopes,
    };
    let steps = joined.steps(stretches.len(), [&load_w[0], &load_w[1]], &mut work);
    for (course, steps) in courses.iter_mut().zip(steps.into_iter().flatten()) {
        course.steps = Some(steps);
    }
    let hours = on_the_hour(stretches);
    let hourly_w = load_w.map(|load_w| hours.iter().map(|&at| load_w[at]).collect::<Vec<_>>());
    let short = courses.each_ref().map(|course| {
        let short = hours.iter().map(|&at| course.short[at]);
        short.collect::<Vec<_>>()
    });
    let rare = Hours {
        at: &hours,
        loads_w: &hourly_w,
        short: &short,
    };
    let all = |most| two_moments::hourly_steps(tie, supplies, scopes, &hours, &hourly_w, most);
    let hourly = all(Most::LITTLE)
        .or_else(|| two_lattices::hourly_steps(tie, supplies, scopes, &rare))
        .or_else(|| all(Most::MUCH));
    for (course, steps) in courses.iter_mut().zip(hourly.into_iter().flatten()) {
        course.hourly_steps = Some(steps);
    }
    if let Some(one) = one {
        courses[2] = one;
    }
    Some(courses)
}

/// The system where the line carries all that either area could ever have over: one area, which
/// is short when and as far as the two together are. None where the line may carry less.
fn as_one(
    grid: &Grid,
    tie: &Tie,
    stretches: &[Stretch],
    hourly_w: [&[i64]; 2],
    most_w: [i64; 2],
) -> Option<Course> {
    let [first, second] = [&grid.areas[0], &grid.areas[1]];
    let over_w = [0, 1].map(|k| {
        let least_w = hourly_w[k].iter().min().copied().unwrap_or(0);
        most_w[k].saturating_sub(least_w)
    });
    let mut limits = tie.states.iter();
    let carries_all = limits.all(|state| state.1 >= over_w[0] && state.2 >= over_w[1]);
    if !(carries_all && first.is_own && second.is_own) {
        return None;
    }
    let area = Area {
        name: String::new(),
        is_own: true,
        load_w: Vec::new(),
        units: [&first.units[..], &second.units[..]].concat(),
        mining_w: 0,
    };
    let supply = Supply::new(&area, stretches)?;
    let both_w = hourly_w[0].iter().zip(hourly_w[1]);
    let both_w: Vec<i64> = both_w.map(|(first, second)| first + second).collect();
    Some(Course::of_area(&area, &supply, stretches, &both_w))
}

/// Two areas and what joins them.
struct Joined<'a> {
    tie: &'a Tie,
    supplies: &'a [Supply<'a>; 2],
    /// Of each area the whole table of each set of capacities in force.
    tables: &'a [BTreeMap<usize, Side>; 2],
    scopes: [Option<Scope>; 3],
}

impl Joined<'_> {
    /// Of each scope P(enough before, short now) at the end of each stretch but the last, where
    /// no time passes. None where it would take too long.
    fn steps(
        &self,
        stretches: usize,
        load_w: [&[i64]; 2],
        work: &mut usize,
    ) -> Option<[Vec<f64>; 3]> {
        let steady = self
            .supplies
            .each_ref()
            .map(|supply| Side::new(supply.steady_table().clone()));
        let mut known: BTreeMap<[i64; 8], [f64; 3]> = BTreeMap::new();
        let mut all: [Vec<f64>; 3] = Default::default();
        for now in 1..stretches {
            let before = now - 1;
            let sets = [0, 1].map(|k| (self.supplies[k].set(before), self.supplies[k].set(now)));
            let (was, is) = (
                [load_w[0][before], load_w[1][before]],
                [load_w[0][now], load_w[1][now]],
            );
            let key = [
                sets[0].0 as i64,
                sets[0].1 as i64,
                sets[1].0 as i64,
                sets[1].1 as i64,
                was[0],
                was[1],
                is[0],
                is[1],
            ];
            let chances = match known.get(&key) {
                Some(&chances) => chances,
                None => {
                    let chances = if sets.iter().all(|set| set.0 == set.1) {
                        let sides = [0, 1].map(|k| &self.tables[k][&sets[k].0]);
                        self.step(sides, was, is, work)
                    } else {
                        self.step_of_sets(steady.each_ref(), sets, was, is, work)?
                    };
                    known.insert(key, chances);
                    chances
                }
            };
            if *work > MOST_SUMS {
                return None;
            }
            for (all, chance) in all.iter_mut().zip(chances) {
                all.push(chance);
            }
        }
        Some(all)
    }

    /// Where loads change and capacities do not.
    fn step(&self, sides: [&Side; 2], was: [i64; 2], is: [i64; 2], work: &mut usize) -> [f64; 3] {
        self.scopes.map(|scope| {
            let Some(scope) = scope else {
                return 0.0;
            };
            let of_state = |&(probability, forward_w, backward_w): &(f64, i64, i64)| {
                let at = |load_w| Situation {
                    load_w,
                    forward_w,
                    backward_w,
                };
                probability * newly_short(sides, scope, at(was), at(is), work)
            };
            self.tie.states.iter().map(of_state).sum()
        })
    }

    /// Where capacities change too: each case of the units that change moves both loads.
    fn step_of_sets(
        &self,
        sides: [&Side; 2],
        sets: [(usize, usize); 2],
        was: [i64; 2],
        is: [i64; 2],
        work: &mut usize,
    ) -> Option<[f64; 3]> {
        let cases = [
            self.supplies[0].varying_at(sets[0], None)?,
            self.supplies[1].varying_at(sets[1], None)?,
        ];
        let mut chances = [0.0; 3];
        for &(before, now, probability) in cases[0].iter() {
            for &(other_before, other_now, also) in cases[1].iter() {
                let was = [was[0] - before, was[1] - other_before];
                let is = [is[0] - now, is[1] - other_now];
                let step = self.step(sides, was, is, work);
                for (chance, step) in chances.iter_mut().zip(step) {
                    *chance += probability * also * step;
                }
                if *work > MOST_SUMS {
                    return None;
                }
            }
        }
        Some(chances)
    }
}

/// What is known of both areas at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Both {
    short: [f64; 2],
    lacking_w: [f64; 2],
    /// P(both short).
    at_once: f64,
}

/// Both areas at a moment, over the states of the line.
fn across(tie: &Tie, sides: [&Side; 2], loads_w: [i64; 2]) -> Both {
    let mut both = Both {
        at_once: sides[0].tail.short(loads_w[0]) * sides[1].tail.short(loads_w[1]),
        ..Both::default()
    };
    for &(probability, forward_w, backward_w) in &tie.states {
        for (here, limit_w) in [(0, backward_w), (1, forward_w)] {
            let there = 1 - here;
            let (short, lacking_w) = helped(
                (sides[here], loads_w[here]),
                (&sides[there].tail, loads_w[there]),
                limit_w,
            );
            both.short[here] += probability * short;
            both.lacking_w[here] += probability * lacking_w;
        }
    }
    both
}

/// P(short) and E(lacking), W, of an area that can take up to `limit_w` of what another has over.
fn helped(
    (here, load_w): (&Side, i64),
    (other, other_w): (&Tail, i64),
    limit_w: i64,
) -> (f64, f64) {
    let never_over = other.lacking_w(other_w);
    let help = |taken_w: i64, below: usize| other.lacking_at(below, other_w + taken_w) - never_over;
    // Amounts that lack more than the line carries, all at once.
    let beyond = here.tail.below(load_w - limit_w);
    let beyond_short = here.tail.short_at(beyond);
    let mut short = beyond_short;
    let mut lacking_w = here.tail.lacking_at(beyond, load_w - limit_w);
    let mut below = other.below(other_w + limit_w);
    lacking_w += beyond_short * help(limit_w, below);
    // The others one by one; as they lack less, the load that the other may not fall below sinks.
    for amount in &here.table.amounts[beyond..here.tail.below(load_w)] {
        let lacks_w = load_w - amount.capacity_w;
        while below > 0 && other.capacity_w[below - 1] >= other_w + lacks_w {
            below -= 1;
        }
        short += amount.probability * other.short_at(below);
        lacking_w += amount.probability * help(lacks_w, below);
    }
    (short, lacking_w)
}
