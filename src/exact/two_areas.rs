//! Two areas and a line between them.
//!
//! Each serves its own load first and helps with what it has over; one that sheds sends nothing
//! to the other. An area that lacks s takes min(s, T, what the other has over), so with the other
//! area's capacity C and load L
//! P(still short) = P(C < L + s) for s ≤ T and 1 beyond, and with t = min(s, T)
//! E(still lacking) = s - t + E[(L + t - C)⁺] - E[(L - C)⁺].
//! Both can be short at once only when neither has anything over.

use super::capacity::{Capacity, Tail};
use super::course::{Course, loads};
use super::grid::{Grid, Stretch, Tie};
use super::supply::Supply;
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
    let mut known: BTreeMap<[i64; 4], Both> = BTreeMap::new();
    let mut courses: [Course; 3] = Default::default();
    let mut work = 0_usize;
    for (at, (&here, &there)) in load_w[0].iter().zip(&load_w[1]).enumerate() {
        let sets = [supplies[0].set(at), supplies[1].set(at)];
        let loads = [here, there];
        let key = [sets[0] as i64, sets[1] as i64, loads[0], loads[1]];
        let both = match known.get(&key) {
            Some(&both) => both,
            None => {
                let sides = [&tables[0][&sets[0]], &tables[1][&sets[1]]];
                work += sides[0].tail.below(loads[0]) + sides[1].tail.below(loads[1]);
                if work > MOST_SUMS {
                    return None;
                }
                let both = across(grid.tie.as_ref(), sides, loads);
                known.insert(key, both);
                both
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
        }
    }
    Some(courses)
}

/// The capacity of one side.
#[derive(Debug)]
struct Side {
    table: Capacity,
    tail: Tail,
}

impl Side {
    fn new(table: Capacity) -> Self {
        Self {
            tail: table.tail(),
            table,
        }
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
fn across(tie: Option<&Tie>, sides: [&Side; 2], loads_w: [i64; 2]) -> Both {
    let apart = [(1.0, 0, 0)];
    let states = tie.map_or(&apart[..], |tie| &tie.states);
    let mut both = Both {
        at_once: sides[0].tail.short(loads_w[0]) * sides[1].tail.short(loads_w[1]),
        ..Both::default()
    };
    for &(probability, forward_w, backward_w) in states {
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
