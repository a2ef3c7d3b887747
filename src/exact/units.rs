//! Units of a system as chains with what they give.

use super::Chain;
use super::from_system::known;
use super::grid::Unit;
use crate::engine::sun_shares;
use crate::quantity::{MS_PER_HOUR, Share};
use crate::random::DurationLaw;
use crate::system::{Alternation, Output, StateModel, System};

/// The units of a zone in a weather year.
pub(super) fn of_zone(system: &System, zone: usize, year: usize) -> Vec<Unit> {
    let in_zone = || {
        let units = system.units.iter();
        units.filter(move |unit| unit.zone.at() == zone)
    };
    let steady = in_zone().filter(|unit| unit.output == Output::Steady);
    let mut units: Vec<Unit> = steady.map(|unit| of_unit(system, unit, year)).collect();
    let hourly = in_zone().filter(|unit| matches!(unit.output, Output::Hourly(_)));
    units.extend(alike(
        hourly.map(|unit| of_unit(system, unit, year)).collect(),
    ));
    units.extend(suns(system, zone));
    units
}

/// Up and down from the means of an alternation; how long it takes each time matters only for
/// what is seen on the hour.
pub(super) fn chain(alternation: &Alternation, repair_factor: f64) -> Chain {
    let is_memoryless = [alternation.up, alternation.down]
        .iter()
        .all(|law| matches!(law, DurationLaw::Exponential { .. }));
    let down_h = alternation.down.mean_h() * repair_factor;
    Chain::two_state(alternation.up.mean_h(), down_h, is_memoryless)
}

/// The chain of a unit with more states than up and down, in their order.
fn chain_of_states(model: &StateModel) -> Chain {
    let states = model.states.len();
    let mut rates = vec![vec![0.0; states]; states];
    for transition in &model.transitions {
        rates[transition.from][transition.to] += 1.0 / transition.mean_h;
    }
    Chain::of_rates(&rates)
}

/// A unit that gives all it has while it can: in its state, whole or derated, and nothing while
/// it is planned out.
fn of_unit(system: &System, unit: &crate::system::Unit, year: usize) -> Unit {
    // What each state gives, W; nothing for all that the unit has then.
    let (mut chain, states_w) = match (&unit.states, &unit.outages) {
        (Some(model), _) => {
            let states = model.states.iter().map(|state| Some(state.capacity.0));
            (chain_of_states(model), states.collect())
        }
        (None, Some(outages)) => (
            chain(outages, known(unit.repair_factor)),
            vec![None, Some(0)],
        ),
        (None, None) => (Chain::firm(), vec![None]),
    };
    if let Some(deratings) = &unit.deratings {
        chain = chain.beside(&self::chain(deratings, 1.0));
    }
    let hourly_w: Option<&[i64]> = match unit.output {
        Output::Hourly(id) => Some(system.hourly_outputs[id.at()].of_year(year)),
        _ => None,
    };
    let dependable = |watts: i64| libm::rint(watts as f64 * known(unit.dependable)) as i64;
    let in_force = |from: i64| {
        let outs = || unit.planned.iter().chain(&unit.maintenance);
        let is_out = outs().any(|&(begin, end)| (begin..end).contains(&from));
        let whole = match hourly_w {
            Some(hourly) => hourly.get((from / MS_PER_HOUR) as usize).copied(),
            None => Some(unit.nameplate.0),
        };
        let mut capacity_w = Vec::with_capacity(chain.len());
        for state_w in &states_w {
            let full = match (is_out, state_w) {
                (true, _) | (_, Some(0)) => 0,
                (false, Some(watts)) if hourly_w.is_none() => dependable(*watts),
                _ => dependable(whole.unwrap_or(0)),
            };
            capacity_w.push(full);
            if unit.deratings.is_some() {
                capacity_w.push(full - libm::rint(full as f64 * unit.derating_share) as i64);
            }
        }
        (from, capacity_w)
    };
    let mut cuts = vec![0];
    let outs = unit.planned.iter().chain(&unit.maintenance);
    cuts.extend(outs.flat_map(|&(from, until)| [from, until]));
    let hours = hourly_w.map_or(0, <[i64]>::len) as i64;
    cuts.extend((0..hours).map(|hour| hour * MS_PER_HOUR));
    cuts.retain(|cut| (0..system.horizon.0).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    let mut course: Vec<(i64, Vec<i64>)> = cuts.into_iter().map(in_force).collect();
    course.dedup_by(|next, kept| next.1 == kept.1);
    Unit { chain, course }
}

/// Units of hourly output, those alike as one: of n units that are up or down with the same
/// chances and give the same to a watt, k give k/n of what they give together. (What a total
/// shared in whole watts leaves over makes the first ones larger by a watt.)
fn alike(units: Vec<Unit>) -> Vec<Unit> {
    let mut groups: Vec<Vec<Unit>> = Vec::new();
    for unit in units {
        let first_like =
            |group: &&mut Vec<Unit>| group.first().is_some_and(|a| are_alike(a, &unit));
        match groups.iter_mut().find(first_like) {
            Some(group) => group.push(unit),
            None => groups.push(vec![unit]),
        }
    }
    groups.into_iter().map(as_one).collect()
}

/// Up or down, by the same chain, and to a watt the same at all times.
fn are_alike(one: &Unit, other: &Unit) -> bool {
    let is_near = |moment: i64| {
        let (one, other) = (one.at(moment), other.at(moment));
        (one[0] - other[0]).abs() <= 1 && one[1] == 0 && other[1] == 0
    };
    let moments = one.course.iter().chain(&other.course).map(|step| step.0);
    one.chain.len() == 2 && one.chain == other.chain && moments.into_iter().all(is_near)
}

/// Units that are alike as one, whose state is how many of them are down.
fn as_one(units: Vec<Unit>) -> Unit {
    let n = units.len();
    let mut units = units;
    if n == 1 {
        return units.swap_remove(0);
    }
    let chain = units[0].chain.of_many(n);
    let mut cuts: Vec<i64> = units
        .iter()
        .flat_map(|unit| unit.course.iter().map(|step| step.0))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let in_force = |from: i64| {
        let whole: i64 = units.iter().map(|unit| unit.at(from)[0]).sum();
        let of_up = |up: usize| libm::rint(whole as f64 * up as f64 / n as f64) as i64;
        (from, (0..=n).rev().map(of_up).collect())
    };
    Unit {
        course: cuts.into_iter().map(in_force).collect(),
        chain,
    }
}

/// The sun of a zone, class by class, as plants that never fail: their units give a share of
/// their capacity together, so that it is rounded once.
fn suns(system: &System, zone: usize) -> Vec<Unit> {
    let mut groups: Vec<(usize, Output, i64)> = Vec::new();
    for unit in &system.units {
        if unit.zone.at() != zone || !matches!(unit.output, Output::Sun(_)) {
            continue;
        }
        let capacity_w = libm::rint(unit.nameplate.0 as f64 * known(unit.dependable)) as i64;
        let is_same = |group: &&mut (usize, Output, i64)| {
            group.0 == unit.class.at() && group.1 == unit.output
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.2 += capacity_w,
            None => groups.push((unit.class.at(), unit.output, capacity_w)),
        }
    }
    let unit = |(_, output, capacity_w): (usize, Output, i64)| {
        let mean = match output {
            Output::Sun(mean) => mean,
            _ => 0.0,
        };
        let shares: Vec<i64> = sun_shares(system, &system.zones[zone], mean).collect();
        let of_hour = |hour: usize| {
            let gives = Share(shares[hour % 24]).of(capacity_w);
            (hour as i64 * MS_PER_HOUR, vec![gives])
        };
        Unit {
            chain: Chain::firm(),
            course: (0..system.hours()).map(of_hour).collect(),
        }
    };
    groups.into_iter().map(unit).collect()
}
