//! Two joined areas on whole hours, where all amounts have a common step and shortages are rare.
//!
//! As [`super::two_moments`], but what is missing is counted in steps ([`super::banded`]), so that
//! sums run along rows of numbers. Hours that are hardly ever short and amounts that are hardly
//! ever missing are left out; how much that can be is counted.

use super::band::Verge;
use super::banded::{Question, Side};
use super::grid::Tie;
use super::lattice;
use super::moments::Cases;
use super::needs::{Scope, Situation};
use super::supply::{MOST_LEFT_OUT, SHARE_LEFT_OUT, Supply};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Products that the sums may take: about a second.
const MOST_PRODUCTS: usize = 2_500_000_000;
/// Cases that the sums may be taken for.
const MOST_QUESTIONS: usize = 1 << 20;

/// What an answer needs to know of the hours.
pub(super) struct Hours<'a> {
    /// The stretches that begin with each hour.
    pub at: &'a [usize],
    /// The loads of the hours by area, W.
    pub loads_w: &'a [Vec<i64>; 2],
    /// How likely each scope is short on each hour.
    pub short: &'a [Vec<f64>; 3],
}

/// Of each scope P(enough on the hour before, short now) for every hour but the first. None where
/// something remembers, where there is no common step, where what is left out could be more than
/// a part in 10^9, or it would take too long.
pub(super) fn hourly_steps(
    tie: &Tie,
    supplies: &[Supply<'_>; 2],
    scopes: [Option<Scope>; 3],
    hours: &Hours<'_>,
) -> Option<[Vec<f64>; 3]> {
    let chances = tie.hourly.as_ref()?;
    let units = [supplies[0].steady_hourly()?, supplies[1].steady_hourly()?];
    let step_w = lattice::step_w(&units.concat());
    let (kept, left_out) = hours_that_matter(hours.short);
    let rarely = SHARE_LEFT_OUT * least(hours.short) / (4 * kept.len().max(1)) as f64;
    let side = |k: usize| {
        let tail = supplies[k].steady_table().tail();
        Side::new(&units[k], step_w, &tail, rarely)
    };
    let first = side(0)?;
    let second = if units[0] == units[1] {
        None
    } else {
        Some(side(1)?)
    };
    let sides = [&first, second.as_ref().unwrap_or(&first)];
    // At both moments either area may miss more than its plane tells apart.
    let cut_off = kept.len() as f64 * 2.0 * (sides[0].cut_off + sides[1].cut_off);

    let pairs = pairs(supplies, hours, &kept);
    let varying = varying(supplies, pairs.keys())?;
    let mut questions: Vec<(f64, Question)> = Vec::new();
    let (mut ends, mut products) = (Vec::with_capacity(pairs.len()), 0_usize);
    for (sets, loads_w) in pairs.keys() {
        for (chance, was, is) in situations(tie, chances, loads_w, &varying[sets]) {
            let whole_w = sides.map(|side| side.whole_w);
            let verges = [was, is].map(|situation| Verge::of(&situation, whole_w, step_w));
            let question = Question::new(sides, verges);
            products = products.saturating_add(question.products(scopes));
            if products > MOST_PRODUCTS || questions.len() > MOST_QUESTIONS {
                return None;
            }
            questions.push((chance, question));
        }
        ends.push(questions.len());
    }
    let answers = answers(sides, scopes, &questions);

    let mut all = [0; 3].map(|_| vec![0.0; hours.at.len().saturating_sub(1)]);
    let mut from = 0;
    for (hours, &end) in pairs.values().zip(&ends) {
        for (scope, all) in all.iter_mut().enumerate() {
            let sum = answers[from..end].iter().map(|answer| answer[scope]).sum();
            hours.iter().for_each(|&hour| all[hour - 1] = sum);
        }
        from = end;
    }
    let is_near = |k: usize| {
        let sum: f64 = all[k].iter().sum();
        scopes[k].is_none() || left_out[k] + cut_off <= MOST_LEFT_OUT * sum
    };
    (0..3).all(is_near).then_some(all)
}

/// Likewise of each question, times its chance.
fn answers(
    sides: [&Side; 2],
    scopes: [Option<Scope>; 3],
    questions: &[(f64, Question)],
) -> Vec<[f64; 3]> {
    const TOGETHER: usize = 128;
    let mut order: Vec<usize> = (0..questions.len()).collect();
    order.sort_by_key(|&at| questions[at].1.place());
    let mut answers = vec![[0.0; 3]; questions.len()];
    for places in order.chunks(TOGETHER) {
        let near: Vec<&Question> = places.iter().map(|&at| &questions[at].1).collect();
        for (&at, answer) in places
            .iter()
            .zip(Question::answer_all(&near, sides, scopes))
        {
            answers[at] = answer.map(|newly_short| questions[at].0 * newly_short);
        }
    }
    answers
}

/// The sets of capacities in force of each area: (an hour before, now).
type Sets = [(usize, usize); 2];
/// The loads of each area: (an hour before, now), W.
type Loads = [(i64, i64); 2];

/// Hours that are alike as one.
fn pairs(
    supplies: &[Supply<'_>; 2],
    hours: &Hours<'_>,
    kept: &[usize],
) -> BTreeMap<(Sets, Loads), Vec<usize>> {
    let mut pairs: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for &hour in kept {
        let set = |k: usize| {
            let set = |hour: usize| supplies[k].set(hours.at[hour]);
            (set(hour - 1), set(hour))
        };
        let load = |k: usize| (hours.loads_w[k][hour - 1], hours.loads_w[k][hour]);
        let key = ([set(0), set(1)], [load(0), load(1)]);
        pairs.entry(key).or_default().push(hour);
    }
    pairs
}

/// What the varying units of each area give at two moments, for all that is in force at them.
fn varying<'a>(
    supplies: &[Supply<'_>; 2],
    pairs: impl Iterator<Item = &'a (Sets, Loads)>,
) -> Option<BTreeMap<Sets, [Cases; 2]>> {
    let within = [0, 1].map(|k| supplies[k].varying_hourly());
    let mut varying = BTreeMap::new();
    for (sets, _) in pairs {
        if let Entry::Vacant(entry) = varying.entry(*sets) {
            let cases = |k: usize| supplies[k].varying_at(sets[k], Some(&within[k]));
            entry.insert([cases(0)?, cases(1)?]);
        }
    }
    Some(varying)
}

/// The situations on an hour and the next, over the states of the line and what the varying units
/// give, and how likely each.
fn situations<'a>(
    tie: &'a Tie,
    chances: &'a [Vec<f64>],
    loads_w: &'a Loads,
    varying: &'a [Cases; 2],
) -> impl Iterator<Item = (f64, Situation, Situation)> + 'a {
    let states = tie.states.iter().zip(chances);
    let changes = states.flat_map(|(was, chances)| {
        let changes = tie.states.iter().zip(chances);
        changes.map(move |(is, &chance)| (was, is, chance))
    });
    let likely = changes.filter(|&(.., chance)| chance > 0.0);
    likely.flat_map(move |(was, is, chance)| {
        varying[0].iter().flat_map(move |one| {
            varying[1].iter().map(move |other| {
                let at = |tie: &(f64, i64, i64), load_w: [i64; 2]| Situation {
                    load_w,
                    forward_w: tie.1,
                    backward_w: tie.2,
                };
                let [first, second] = loads_w;
                (
                    chance * one.2 * other.2,
                    at(was, [first.0 - one.0, second.0 - other.0]),
                    at(is, [first.1 - one.1, second.1 - other.1]),
                )
            })
        })
    })
}

/// The least time that a scope is short, of those that ever are, h.
fn least(short: &[Vec<f64>; 3]) -> f64 {
    let sums = short.iter().map(|short| short.iter().sum::<f64>());
    sums.filter(|&sum| sum > 0.0).fold(1.0, f64::min)
}

/// The hours, but the first, without those that for every scope together are less than a part in
/// 10^10 of all time short; and what each scope loses by them.
fn hours_that_matter(short: &[Vec<f64>; 3]) -> (Vec<usize>, [f64; 3]) {
    let whole = short.each_ref().map(|short| short.iter().sum::<f64>());
    let share = |hour: usize| {
        let scopes = short.iter().zip(&whole).filter(|(_, whole)| **whole > 0.0);
        let shares = scopes.map(|(short, whole)| short[hour] / whole);
        shares.fold(0.0, f64::max)
    };
    let mut hours: Vec<usize> = (1..short[0].len()).collect();
    hours.sort_by(|&one, &other| share(one).total_cmp(&share(other)));
    let mut left_out = [0.0; 3];
    hours.retain(|&hour| {
        let with = [0, 1, 2].map(|k| left_out[k] + short[k][hour]);
        let is_left_out = (0..3).all(|k| with[k] <= SHARE_LEFT_OUT * whole[k]);
        if is_left_out {
            left_out = with;
        }
        !is_left_out
    });
    (hours, left_out)
}

#[cfg(test)]
mod tests {
    use super::super::Chain;
    use super::super::grid::{Area, Stretch, Unit};
    use super::super::two_moments::{self, Most};
    use super::*;
    use crate::quantity::MS_PER_HOUR;
    use proptest::prelude::*;

    const HOURS: usize = 24;

    /// An area whose steady units give multiples of 3 W, and one unit that gives less by night.
    fn area(units: &[(i64, f64, f64)], by_night_w: i64) -> Area {
        let steady = units.iter().map(|&(thirds_w, up_h, down_h)| {
            let chain = Chain::two_state(up_h, down_h, true);
            Unit::steady(chain, vec![3 * thirds_w, 0])
        });
        let varying = Unit {
            chain: Chain::two_state(200.0, 20.0, true),
            course: vec![(0, vec![7, 0]), (12 * MS_PER_HOUR, vec![by_night_w, 0])],
        };
        Area {
            name: "any".to_owned(),
            is_own: true,
            load_w: Vec::new(),
            units: steady.chain([varying]).collect(),
            mining_w: 0,
        }
    }

    fn any_units() -> impl Strategy<Value = Vec<(i64, f64, f64)>> {
        prop::collection::vec((1..30_i64, 20.0..900.0_f64, 1.0..40.0_f64), 2..7)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        /// As the sum over all pairs of amounts, hour by hour.
        #[test]
        fn what_hardly_ever_is_changes_nothing(
            units in [any_units(), any_units()],
            by_night_w in [0..8_i64, 0..8_i64],
            shares in prop::collection::vec((0.1..1.0_f64, 0.1..1.0_f64), HOURS),
            limits_w in (0..60_i64, 0..60_i64),
        ) {
            let areas = [0, 1].map(|k| area(&units[k], by_night_w[k]));
            let whole_w = [0, 1].map(|k| 3 * units[k].iter().map(|unit| unit.0).sum::<i64>());
            let of = |share: f64, k: usize| (share * whole_w[k] as f64) as i64;
            let loads_w = [
                shares.iter().map(|shares| of(shares.0, 0)).collect::<Vec<_>>(),
                shares.iter().map(|shares| of(shares.1, 1)).collect(),
            ];
            let hour = |hour: usize| Stretch {
                from: hour as i64 * MS_PER_HOUR,
                until: (hour as i64 + 1) * MS_PER_HOUR,
                hour,
            };
            let stretches: Vec<Stretch> = (0..HOURS).map(hour).collect();
            let supplies = areas.each_ref().map(|area| Supply::new(area, &stretches).unwrap());
            let tie = Tie::of_chain(&Chain::two_state(60.0, 30.0, true), &[limits_w, (0, 2)]);
            let scopes = Scope::all([true, true]);
            let at: Vec<usize> = (0..HOURS).collect();
            // Without help each area is short at least as often.
            let alone = [0, 1].map(|k| {
                let short = at.iter().map(|&hour| supplies[k].short(supplies[k].set(hour), loads_w[k][hour]));
                short.collect::<Vec<f64>>()
            });
            let either = alone[0].iter().zip(&alone[1]).map(|(one, other)| one + other).collect();
            let [first, second] = alone;
            let short = [first, second, either];
            let hours = Hours { at: &at, loads_w: &loads_w, short: &short };
            let all = two_moments::hourly_steps(&tie, &supplies, scopes, &at, &loads_w, Most::MUCH).unwrap();
            if let Some(steps) = hourly_steps(&tie, &supplies, scopes, &hours) {
                for (steps, all) in steps.iter().zip(&all) {
                    let near = MOST_LEFT_OUT * all.iter().sum::<f64>();
                    for (step, of_all) in steps.iter().zip(all) {
                        prop_assert!((step - of_all).abs() <= near, "{} {}", step, of_all);
                    }
                }
            } else {
                prop_assert!(all.iter().any(|all| all.iter().sum::<f64>() < 1e-6));
            }
        }
    }
}
