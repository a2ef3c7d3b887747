//! What a report does not show, as far as the scenario is concerned by it.

use crate::quantity::MS_PER_DAY;
use crate::report::facts::Facts;
use crate::report::numerals::number;
use crate::system::{Basis, Mode};

/// The sentences.
pub(super) fn limits(facts: &Facts<'_>) -> Vec<String> {
    let system = facts.system();
    let mut limits: Vec<String> = Vec::new();
    let mut say = |condition: bool, words: &str| {
        if condition {
            limits.push(words.to_owned());
        }
    };
    let has_mining = facts.has_mining();
    let hydro = system
        .classes
        .iter()
        .any(|class| class.name.contains("hydro"));
    let lines = system.lines.len();
    say(
        true,
        "Adequacy is counted zone by zone: no voltage, no AC power flow, no network inside a zone.",
    );
    say(
        facts.grid_cannot_fail(),
        "The grid is only a place to stand on here: no unit fails by chance, so that its margin and \
         its loss of load are no finding. What was shed in fact is not modelled.",
    );
    say(
        lines > 0 || has_mining,
        "Frequency, load shedding by frequency, overloaded lines that trip and cascades are not \
         modelled: a shortage here is met at once and without further failures.",
    );
    say(
        has_mining,
        "Rotating cuts of feeders are not modelled: where firm load is shed in turns, farms behind \
         those feeders would stop and start again and again.",
    );
    say(
        hydro,
        "Hydro energy is not limited: water can be drawn in any hour and does not run out.",
    );
    let share = system
        .world
        .as_ref()
        .and_then(|world| world.calibration.as_ref());
    let share = share.map(|calibration| system.inputs[calibration.share.at()].name.clone());
    let assumed = |name: &str| {
        let of = format!("inputs/{name}");
        system
            .assumptions
            .iter()
            .any(|entry| entry.of == of && entry.basis == Basis::Assumed)
    };
    let at_shares = system
        .world
        .as_ref()
        .is_some_and(|world| !world.headline_shares.is_empty());
    say(
        share.as_deref().is_some_and(assumed) && at_shares,
        "The country’s share of the world is itself assumed in part; the loss follows it in \
         proportion, which is why the headline is also given at fixed shares.",
    );
    say(
        share.as_deref().is_some_and(assumed) && !at_shares,
        "The share of the world is itself assumed in part; the loss follows it in proportion.",
    );
    say(
        !system.access_classes.is_empty() && has_mining,
        "How single sites were connected, and when each came back, is not recorded anywhere; it is \
         drawn from a few classes.",
    );
    say(
        system.mode == Mode::Forecast && system.economics.is_some(),
        "Price and difficulty are held at their last value before the event; what other miners \
         gained after the next retarget is not counted.",
    );
    say(
        !system.pools.is_empty() && has_mining,
        "Pool shares of the world are a prior around recalled values; a pool’s reading also \
         depends on its own luck, which is not simulated.",
    );
    say(
        has_mining && system.hazards.iter().any(|hazard| hazard.event),
        "The timeline of the event is given to the model and not predicted by it; that the event \
         happened at all is not a result.",
    );
    let horizon = (
        system.start_unix_ms,
        system.start_unix_ms + system.horizon.0,
    );
    let seen = system.observed.days.iter();
    let seen = seen.filter(|day| day.unix_ms >= horizon.0 && day.unix_ms + MS_PER_DAY <= horizon.1);
    say(
        seen.count() > 0,
        "Reality is one draw: observed days can contradict the model, and cannot prove it.",
    );
    let assumed = system
        .assumptions
        .iter()
        .filter(|entry| entry.basis == Basis::Assumed)
        .count();
    let recalled = system.assumptions.iter().filter(|entry| {
        let words = entry.source.to_lowercase();
        words.contains("recalled") || words.contains("no record at hand")
    });
    let recalled = recalled.count();
    if assumed > 0 {
        let mut words = format!(
            "{} of {} entries below are assumed, marked so",
            number(assumed as f64, 0),
            number(system.assumptions.len() as f64, 0)
        );
        if recalled > 0 {
            words.push_str(&format!(
                "; {} of all rest on values recalled or without a record at hand",
                number(recalled as f64, 0)
            ));
        }
        limits.push(format!("{words}."));
    }
    limits
}
