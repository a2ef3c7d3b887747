//! Two joined areas on whole hours: how likely enough before, and short an hour later.
//!
//! Each area has a table of what it gives at both moments ([`super::moments`]), and the second's
//! answers how likely it has at least Y(x) before and less than Y'(x') now (`needs`), where the
//! first has x and x'. The sum over x and x' runs over no more pairs than there are different
//! answers: where the line carries little these are few.

use super::grid::Tie;
use super::moments::{Cases, Moments, Plane};
use super::needs::{Below, Scope, Situation};
use super::supply::Supply;
use std::collections::BTreeMap;

/// How much an answer may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// Cells of each area's plane.
    cells: usize,
    /// Sums over pairs of amounts.
    sums: usize,
    /// Amounts of each area: with more the largest units are summed over one by one.
    amounts: usize,
}

impl Most {
    /// Some hundredths of a second.
    pub const LITTLE: Self = Self {
        cells: 1 << 18,
        sums: 30_000_000,
        amounts: 1 << 9,
    };
    /// About a second, and 96 MB for each plane.
    pub const MUCH: Self = Self {
        cells: 12 << 20,
        sums: 800_000_000,
        amounts: usize::MAX,
    };
}

/// Of each scope P(enough on the hour before, short now) for every hour but the first; `at` are
/// the stretches that begin with each hour, `loads_w` the loads of the hours by area. None where
/// something remembers, or it would take too long.
pub(super) fn hourly_steps(
    tie: &Tie,
    supplies: &[Supply<'_>; 2],
    scopes: [Option<Scope>; 3],
    at: &[usize],
    loads_w: &[Vec<i64>; 2],
    most: Most,
) -> Option<[Vec<f64>; 3]> {
    let chances = tie.hourly.as_ref()?;
    let units = [supplies[0].steady_hourly()?, supplies[1].steady_hourly()?];
    let amounts = supplies
        .each_ref()
        .map(|supply| supply.steady_table().amounts.len());
    if amounts.into_iter().any(|amounts| amounts > most.amounts)
        || least_work(tie, supplies, at, loads_w) > most.sums
    {
        return None;
    }
    let is_same = units[0] == units[1];
    let [units, others] = units;
    let first = Moments::within(units, most.cells)?;
    let second = if is_same {
        None
    } else {
        Some(Moments::within(others, most.cells)?)
    };
    let both = [&first, second.as_ref().unwrap_or(&first)];
    let mut task = Task {
        planes: both.map(Moments::plane),
        scopes,
        most: most.sums,
        work: 0,
    };
    let set = |hour: usize| [0, 1].map(|k| supplies[k].set(at[hour]));
    let load = |hour: usize| [0, 1].map(|k| loads_w[k][hour]);
    // Hours that follow one another with the same capacities in force, and their loads.
    let mut groups: BTreeMap<_, BTreeMap<_, Vec<usize>>> = BTreeMap::new();
    for hour in 1..at.len() {
        let group = groups.entry((set(hour - 1), set(hour))).or_default();
        let pair = group.entry((load(hour - 1), load(hour))).or_default();
        pair.push(hour - 1);
    }
    let mut all = [0; 3].map(|_| vec![0.0; at.len().saturating_sub(1)]);
    let hourly = [0, 1].map(|k| supplies[k].varying_hourly());
    for ((before, now), pairs) in groups {
        let cases = |k: usize| {
            let varying = supplies[k].varying_at((before[k], now[k]), Some(&hourly[k]))?;
            both[k].rest().join(&varying)
        };
        let cases = [cases(0)?, cases(1)?];
        for ((was_w, is_w), hours) in pairs {
            let mut sums = [0.0; 3];
            for (&(_, forward_w, backward_w), row) in tie.states.iter().zip(chances) {
                for (&(_, later_w, later_back_w), &chance) in tie.states.iter().zip(row) {
                    let was = Situation {
                        load_w: was_w,
                        forward_w,
                        backward_w,
                    };
                    let is = Situation {
                        load_w: is_w,
                        forward_w: later_w,
                        backward_w: later_back_w,
                    };
                    if chance > 0.0 {
                        task.add(chance, &cases, was, is, &mut sums)?;
                    }
                }
            }
            for hour in hours {
                for (all, sum) in all.iter_mut().zip(sums) {
                    all[hour] = sum;
                }
            }
        }
    }
    Some(all)
}

/// About how many pairs of amounts will be summed over, before anything is begun: those where
/// the line carries some of the difference, of the first area before and now.
fn least_work(
    tie: &Tie,
    supplies: &[Supply<'_>; 2],
    at: &[usize],
    loads_w: &[Vec<i64>; 2],
) -> usize {
    let tail = &supplies[0].steady_table().tail();
    let state = |state: &(f64, i64, i64)| state.1.saturating_add(state.2);
    let widest = tie.states.iter().max_by_key(|tie| state(tie));
    let Some(&(_, forward_w, backward_w)) = widest else {
        return 0;
    };
    let amounts = |hour: usize| {
        let load_w = [loads_w[0][hour], loads_w[1][hour]];
        let bend_w = Situation {
            load_w,
            forward_w,
            backward_w,
        }
        .bend_w(Scope::Either);
        tail.below(bend_w.1).saturating_sub(tail.below(bend_w.0))
    };
    let mut pairs: Vec<[i64; 4]> = (1..at.len())
        .map(|hour| {
            [
                loads_w[0][hour - 1],
                loads_w[1][hour - 1],
                loads_w[0][hour],
                loads_w[1][hour],
            ]
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    // Hours of equal loads are answered at once: the share of those that are not.
    let all: usize = (1..at.len())
        .map(|hour| amounts(hour - 1) * amounts(hour))
        .sum();
    (all as f64 * pairs.len() as f64 / at.len().max(1) as f64) as usize
}

/// Both areas' planes, how much may be asked of them and was.
struct Task<'a> {
    planes: [&'a Plane; 2],
    scopes: [Option<Scope>; 3],
    most: usize,
    work: usize,
}

impl Task<'_> {
    /// Adds, times a chance, over the cases of the units outside the planes; none where it would
    /// take too long.
    fn add(
        &mut self,
        chance: f64,
        cases: &[Cases; 2],
        was: Situation,
        is: Situation,
        sums: &mut [f64; 3],
    ) -> Option<()> {
        let less = |situation: Situation, first_w: i64, second_w: i64| Situation {
            load_w: [
                situation.load_w[0] - first_w,
                situation.load_w[1] - second_w,
            ],
            ..situation
        };
        for &(before, now, probability) in cases[0].iter() {
            for &(other_before, other_now, also) in cases[1].iter() {
                let was = less(was, before, other_before);
                let is = less(is, now, other_now);
                for (sum, scope) in sums.iter_mut().zip(self.scopes) {
                    if let Some(scope) = scope {
                        *sum += chance * probability * also * self.newly_short(scope, was, is);
                    }
                }
                if self.work > self.most {
                    return None;
                }
            }
        }
        Some(())
    }

    /// P(enough in one situation, short in another an hour later).
    fn newly_short(&mut self, scope: Scope, was: Situation, is: Situation) -> f64 {
        let [here, there] = self.planes;
        let rows = runs(here.before_w(), there.before_w(), scope, was);
        let columns = runs(here.now_w(), there.now_w(), scope, is);
        self.work += rows.len() * columns.len();
        let mut sum = 0.0;
        for (index, &(begin, at_least)) in rows.iter().enumerate() {
            let Some(answers) = there.row(at_least) else {
                // The second would have to have more than it ever has.
                continue;
            };
            let end = rows.get(index + 1).and_then(|next| here.row(next.0));
            let Some(begin) = here.row(begin) else {
                continue;
            };
            // P(x in this run of rows, x' before a column).
            let within = |column: usize| match column {
                0 => 0.0,
                column => begin[column - 1] - end.map_or(0.0, |end| end[column - 1]),
            };
            let mut left = 0.0;
            for (index, &(_, below)) in columns.iter().enumerate() {
                if below == 0 {
                    // Needs fall: nobody is short from here on.
                    break;
                }
                let next = columns
                    .get(index + 1)
                    .map_or(here.now_w().len(), |next| next.0);
                let right = within(next);
                sum += (right - left) * answers[below - 1];
                left = right;
            }
        }
        sum
    }
}

/// Runs of the first area's amounts for which equally many of the second's are too little:
/// (where it begins, how many).
fn runs(
    here_w: &[i64],
    there_w: &[i64],
    scope: Scope,
    situation: Situation,
) -> Vec<(usize, usize)> {
    let (low_w, high_w) = situation.bend_w(scope);
    let low = here_w.partition_point(|&amount| amount < low_w);
    let high = here_w.partition_point(|&amount| amount < high_w).max(low);
    let mut below = Below::of(there_w);
    let mut runs: Vec<(usize, usize)> = Vec::with_capacity(high - low + 2);
    let first = (low > 0).then_some(0);
    for at in first.into_iter().chain(low..(high + 1).min(here_w.len())) {
        let count = below.count(situation.needs_w(scope, here_w[at]));
        if runs.last().is_none_or(|last| last.1 != count) {
            runs.push((at, count));
        }
    }
    runs
}
