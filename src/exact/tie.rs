//! The lines between two areas as one tie: how much they let through, and how likely.

use super::from_system::known;
use super::grid::Tie;
use super::units::chain;
use crate::dispatch::{Circuits, surviving};
use crate::quantity::Power;
use crate::system::Line;
use std::collections::BTreeMap;

/// States of a tie that an answer takes in.
const MOST_TIE_STATES: usize = 128;

/// The states of all lines between two areas, of equal circuits that fail one by one: k of n in
/// service with the binomial probability, and the limits of the engine. None where the states
/// are too many.
pub fn tie(lines: &[Line]) -> Option<Tie> {
    let (secured, free): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.n_minus_1);
    let mut states = vec![(1.0, 0, 0)];
    for line in free {
        states = beside(&states, &limits(&[line])?)?;
    }
    if !secured.is_empty() {
        states = beside(&states, &limits(&secured)?)?;
    }
    Some(Tie { states })
}

/// (probability, limit from the first area, limit back) of lines whose circuits are in service or
/// not; several lines are under the N-1 rule together.
fn limits(lines: &[&Line]) -> Option<Vec<(f64, i64, i64)>> {
    let mut in_service: Vec<(f64, Vec<i64>)> = vec![(1.0, Vec::new())];
    for line in lines {
        let down = line
            .outages
            .as_ref()
            .map_or(0.0, |outages| chain(outages, 1.0).probability[1]);
        let mut service = vec![1.0];
        for _ in 0..line.circuits {
            let mut next = vec![0.0; service.len() + 1];
            for (up, probability) in service.iter().enumerate() {
                next[up] += probability * down;
                next[up + 1] += probability * (1.0 - down);
            }
            service = next;
        }
        let possible = service
            .into_iter()
            .enumerate()
            .filter(|state| state.1 > 0.0);
        let possible: Vec<_> = possible.collect();
        let with = |(probability, known): (f64, Vec<i64>)| {
            let each = move |&(up, also): &(usize, f64)| {
                let ups = known.iter().copied().chain([up as i64]);
                (probability * also, ups.collect())
            };
            possible.iter().map(each).collect::<Vec<_>>()
        };
        in_service = in_service.into_iter().flat_map(with).collect();
        if in_service.len() > MOST_TIE_STATES {
            return None;
        }
    }
    // The area that comes first is zone 0.
    let limit = |ups: &[i64], is_there: bool| -> i64 {
        let circuits = lines.iter().zip(ups).map(|(line, &up)| {
            let is_forward = (line.from.at() == 0) == is_there;
            let limit = if is_forward {
                line.forward_mw
            } else {
                line.backward_mw
            };
            Circuits {
                limit: Power::from_megawatts(known(limit)).0,
                circuits: i64::from(line.circuits),
                up,
            }
        });
        if lines.iter().any(|line| line.n_minus_1) {
            surviving(circuits).sum()
        } else {
            circuits.map(Circuits::in_service).sum()
        }
    };
    let states = in_service
        .iter()
        .map(|(probability, ups)| (*probability, limit(ups, true), limit(ups, false)));
    Some(states.collect())
}

/// Two ties as one: their limits add up. States of equal limits are one; none where too many are
/// left.
fn beside(one: &[(f64, i64, i64)], other: &[(f64, i64, i64)]) -> Option<Vec<(f64, i64, i64)>> {
    let mut states: BTreeMap<(i64, i64), f64> = BTreeMap::new();
    for &(probability, there, back) in one {
        for &(also, more_there, more_back) in other {
            *states
                .entry((there + more_there, back + more_back))
                .or_default() += probability * also;
        }
    }
    let states = states.into_iter();
    let states: Vec<_> = states.map(|((there, back), p)| (p, there, back)).collect();
    (states.len() <= MOST_TIE_STATES).then_some(states)
}
