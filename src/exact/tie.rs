//! The lines between two areas as one tie: how much they let through, how likely, how often it
//! changes.

use super::Chain;
use super::from_system::known;
use super::grid::Tie;
use super::units::chain;
use crate::dispatch::{Circuits, surviving};
use crate::quantity::Power;
use crate::system::Line;

/// States of a tie that an answer takes in.
const MOST_TIE_STATES: usize = 128;
/// Pairs of states of two ties that are looked at to make them one.
const MOST_PAIRS: usize = 1024;

/// The states of all lines between two areas, of equal circuits that fail one by one: k of n in
/// service, and the limits of the engine. None where the states are too many.
pub fn tie(lines: &[Line]) -> Option<Tie> {
    let (secured, free): (Vec<&Line>, Vec<&Line>) = lines.iter().partition(|line| line.n_minus_1);
    let mut groups: Vec<Vec<&Line>> = free.into_iter().map(|line| vec![line]).collect();
    if !secured.is_empty() {
        groups.push(secured);
    }
    let mut whole = Tie::of_chain(&Chain::firm(), &[(0, 0)]);
    for group in groups {
        let part = of_lines(&group)?;
        if whole.states.len() * part.states.len() > MOST_PAIRS {
            return None;
        }
        whole = whole.beside(&part);
    }
    (whole.states.len() <= MOST_TIE_STATES).then_some(whole)
}

/// Lines whose circuits are in service or not; several lines are under the N-1 rule together.
fn of_lines(lines: &[&Line]) -> Option<Tie> {
    let mut states = Chain::firm();
    // In each state how many circuits of each line are in service.
    let mut in_service: Vec<Vec<i64>> = vec![Vec::new()];
    for line in lines {
        let circuits = usize::from(line.circuits);
        let outages = line.outages.as_ref();
        let of_line = outages.map(|outages| chain(outages, 1.0).of_many(circuits));
        let of_line = of_line.unwrap_or_else(Chain::firm);
        if states.len() * of_line.len() > MOST_TIE_STATES {
            return None;
        }
        let with = |known: &Vec<i64>| {
            let ups = (0..of_line.len()).map(|down| (circuits - down) as i64);
            let state = |up| known.iter().copied().chain([up]).collect();
            ups.map(state).collect::<Vec<Vec<i64>>>()
        };
        in_service = in_service.iter().flat_map(with).collect();
        states = states.beside(&of_line);
    }
    let limits = in_service.iter().map(|ups| limits(lines, ups));
    Some(Tie::of_chain(&states, &limits.collect::<Vec<_>>()))
}

/// The limits there and back, W, of lines with so many circuits in service each. The area that
/// comes first is zone 0.
fn limits(lines: &[&Line], ups: &[i64]) -> (i64, i64) {
    let limit = |is_there: bool| -> i64 {
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
    (limit(true), limit(false))
}
