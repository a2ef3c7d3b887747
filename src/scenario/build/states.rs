//! Units with more states than up and down, from names to a Markov chain.

use super::{Context, plants::outage_stream};
use crate::quantity::Power;
use crate::random::DurationLaw;
use crate::scenario::mistake::suggestion;
use crate::scenario::raw;
use crate::system::{Alternation, CapacityState, MOST_STATES, StateModel, Transition};

/// The full state, which every unit has.
const UP: &str = "up";
/// The state without capacity, which a unit has where a transition names it.
const DOWN: &str = "down";
/// Hours of a year, as rates count them.
const YEAR_H: f64 = 8760.0;

/// What the states of a plant's units make of them.
pub(crate) enum Outages {
    /// Up and down alone: the plain form, draw for draw.
    Plain(Alternation),
    /// More.
    States(StateModel),
}

/// The states of a plant's units, where it has any; streams are the first unit's.
pub(crate) fn outages(
    written: &raw::Plant,
    path: &str,
    context: &mut Context<'_>,
) -> Option<Outages> {
    if written.states.is_empty() && written.transitions.is_empty() {
        return None;
    }
    if context.places.any_broken(path) {
        return None;
    }
    let before = context.findings.len();
    alone(written, path, context);
    let states = states(written, path, context);
    let transitions = transitions(written, &states, path, context);
    if context.findings.len() == before {
        whole(&states, &transitions, path, context);
    }
    if context.findings.len() > before {
        return None;
    }
    let stream = outage_stream(&written.name, 1);
    match (&states[..], &transitions[..]) {
        ([_, none], [fails, repaired]) if none.capacity == Power::ZERO => {
            let law = |mean_h| DurationLaw::Exponential { mean_h };
            Some(Outages::Plain(Alternation {
                up: law(fails.mean_h),
                down: law(repaired.mean_h),
                stream,
            }))
        }
        _ => Some(Outages::States(StateModel {
            states,
            transitions,
            stream,
        })),
    }
}

/// Keys that would say the same again, or that have no meaning beside states.
fn alone(written: &raw::Plant, path: &str, context: &mut Context<'_>) {
    let keys = written.reliability();
    let others = [
        ("mttf_h", keys.mttf_h.is_some()),
        ("mttr_h", keys.mttr_h.is_some()),
        ("forced_outage_rate", keys.forced_outage_rate.is_some()),
        ("failures_per_year", keys.failures_per_year.is_some()),
        ("repairs_per_year", keys.repairs_per_year.is_some()),
        ("up_law", keys.up_law.is_some()),
        ("down_law", keys.down_law.is_some()),
        ("derating", written.derating.is_some()),
        ("temperature", written.temperature.is_some()),
        ("repair_factor", written.repair_factor.is_some()),
        ("output", written.output.is_some()),
        ("beta", written.beta > 0.0),
    ];
    for (key, _) in others.into_iter().filter(|(_, there)| *there) {
        context.wrong(
            &format!("{path}.{key}"),
            format!("`{key}` beside `states` and `transitions`"),
            "one or the other: with states the transitions say all about outages",
        );
    }
}

/// The states by falling capacity, ties by name.
fn states(written: &raw::Plant, path: &str, context: &mut Context<'_>) -> Vec<CapacityState> {
    let state = |name: &str, capacity_mw: f64| CapacityState {
        name: name.to_owned(),
        capacity: Power::from_megawatts(capacity_mw),
    };
    let mut states = vec![state(UP, written.capacity_mw)];
    if (written.transitions.iter()).any(|way| way.from == DOWN || way.to == DOWN) {
        states.push(state(DOWN, 0.0));
    }
    for (index, own) in written.states.iter().enumerate() {
        let key = |key: &str| format!("{path}.states[{index}].{key}");
        if own.name == UP || own.name == DOWN {
            let wrong = format!("the state {:?} is there already", own.name);
            let right = "another name: `up` has all of capacity_mw, `down` nothing";
            context.wrong(&key("name"), wrong, right);
        } else if own.name.is_empty() || own.name.contains(char::is_whitespace) {
            context.wrong(
                &key("name"),
                "a state needs a name of one word",
                "as \"derated\"",
            );
        } else if states.iter().any(|other| other.name == own.name) {
            let wrong = format!("two states are called {:?}", own.name);
            context.wrong(&key("name"), wrong, "a name of its own for each state");
        }
        if own.capacity_mw >= written.capacity_mw {
            context.wrong(
                &key("capacity_mw"),
                format!("{} MW is not less than the full state has", own.capacity_mw),
                format!("below capacity_mw = {}", written.capacity_mw),
            );
        }
        states.push(state(&own.name, own.capacity_mw));
    }
    if states.len() > MOST_STATES {
        let wrong = format!("{} states", states.len());
        context.wrong(
            &format!("{path}.states"),
            wrong,
            format!("at most {MOST_STATES}"),
        );
    }
    states.sort_by(|a, b| (b.capacity, &a.name).cmp(&(a.capacity, &b.name)));
    states
}

/// The ways between states, by the numbers of their ends.
fn transitions(
    written: &raw::Plant,
    states: &[CapacityState],
    path: &str,
    context: &mut Context<'_>,
) -> Vec<Transition> {
    let mut transitions: Vec<Transition> = Vec::new();
    for (index, way) in written.transitions.iter().enumerate() {
        let path = format!("{path}.transitions[{index}]");
        let mut find = |key: &str, name: &str| {
            let found = states.iter().position(|state| state.name == name);
            if found.is_none() {
                let names = states.iter().map(|state| state.name.as_str());
                let right = suggestion(name, names);
                let wrong = format!("there is no state named {name:?}");
                context.wrong(&format!("{path}.{key}"), wrong, right);
            }
            found
        };
        let (from, to) = (find("from", &way.from), find("to", &way.to));
        let means = [
            way.per_year.map(|rate| YEAR_H / rate),
            way.per_h.map(|rate| 1.0 / rate),
            way.mean_h,
        ];
        let mut given = means.into_iter().flatten();
        let (Some(mean_h), None) = (given.next(), given.next()) else {
            context.wrong(
                &path,
                "the rate is missing, or given twice",
                "one of per_year, per_h and mean_h",
            );
            continue;
        };
        let (Some(from), Some(to)) = (from, to) else {
            continue;
        };
        if from == to {
            context.wrong(
                &path,
                "a way that leads to where it begins",
                "another state",
            );
        } else if (transitions.iter()).any(|other| (other.from, other.to) == (from, to)) {
            context.wrong(
                &path,
                format!("the way from {:?} to {:?} is there twice", way.from, way.to),
                "one rate for each pair of states",
            );
        }
        transitions.push(Transition { from, to, mean_h });
    }
    transitions.sort_by_key(|way| (way.from, way.to));
    transitions
}

/// Every state must be reached from the full one, and lead back to it.
fn whole(
    states: &[CapacityState],
    transitions: &[Transition],
    path: &str,
    context: &mut Context<'_>,
) {
    let forward = |way: &Transition| (way.from, way.to);
    let backward = |way: &Transition| (way.to, way.from);
    let reached = closure(states.len(), transitions, forward);
    let returns = closure(states.len(), transitions, backward);
    let path = format!("{path}.transitions");
    for (index, state) in states.iter().enumerate() {
        let name = &state.name;
        let (wrong, right) = if !transitions.iter().any(|way| way.from == index) {
            ("cannot be left", "a transition from it")
        } else if !reached[index] {
            ("is never reached from `up`", "a transition to it")
        } else if !returns[index] {
            ("never leads back to `up`", "transitions that end in `up`")
        } else {
            continue;
        };
        context.wrong(&path, format!("the state {name:?} {wrong}"), right);
    }
}

/// States that can be come to from state 0.
fn closure(
    states: usize,
    transitions: &[Transition],
    ends: impl Fn(&Transition) -> (usize, usize),
) -> Vec<bool> {
    let mut reached = vec![false; states];
    reached[0] = true;
    for _ in 0..states {
        for (from, to) in transitions.iter().map(&ends) {
            reached[to] |= reached[from];
        }
    }
    reached
}
