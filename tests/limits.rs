//! What `docs/limits.md` says the program cannot do is refused, not met in the middle of a run.

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, MiningEnsemble, Sink};
use hashfall::scenario::{Mistakes, Source, budget, read, starter};
use hashfall::system::System;
use std::fmt::Write as _;

/// The starter scenario with `count` more hazards on every gateway, each with more keys.
fn with_hazards(count: usize, more: &str) -> Result<System, Mistakes> {
    let mut text = starter().to_owned();
    for number in 0..count {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n[[hazard]]\nname = \"x{number:03}\"\nfrom = \"2024-01-16T00:00:00Z\"\n\
             until = \"2024-01-17T00:00:00Z\"\ntakes_down = [\"gateway/*\"]\n{more}\n"
        );
    }
    read(&Source::text(text), &[]).map(|loaded| loaded.system)
}

fn runs(system: &System) -> bool {
    let plan = Plan::new(system);
    let mut sink = Sink::default();
    let mut ensemble = MiningEnsemble::new(&plan);
    ensemble
        .replicate(&mut Replicator::new(&plan), 0, &mut sink)
        .is_ok()
}

#[test]
fn farms_slip_past_64_hazards_and_no_more() {
    // The starter has two of its own, which come first by name.
    let most = with_hazards(62, "spares = 0.5").unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(most.hazards.len(), 64);
    assert!(runs(&most));
    let mistakes = with_hazards(64, "spares = 0.5").expect_err("66 hazards spare farms");
    assert_eq!(mistakes.len(), 2, "{mistakes}");
    assert!(
        mistakes
            .iter()
            .all(|mistake| mistake.key.contains("spares"))
    );
}

#[test]
fn hazards_that_spare_nobody_are_not_counted() {
    let many = with_hazards(80, "").unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert!(runs(&many));
}

/// The starter scenario with other text in one place.
fn changed(from: &str, to: &str) -> Result<System, Mistakes> {
    assert!(starter().contains(from), "the starter has no {from:?}");
    let text = starter().replacen(from, to, 1);
    read(&Source::text(text), &[]).map(|loaded| loaded.system)
}

#[test]
fn a_market_has_room_for_every_level_that_is_accepted() {
    // Two classes, and priorities from 0 on.
    let most = hashfall::dispatch::MOST_LEVELS - 3;
    let zone = "name = \"south\"\nload_mw = 800\n";
    let with = |priority: usize| changed(zone, &format!("{zone}priority = {priority}\n"));
    let accepted = with(most).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(accepted.classes.len(), 2);
    assert!(runs(&accepted));
    let mistakes = with(most + 1).expect_err("one level too many");
    assert!(
        mistakes
            .iter()
            .any(|mistake| mistake.wrong.contains("levels")),
        "{mistakes}"
    );
}

#[test]
fn a_hazard_without_end_is_refused() {
    let mistakes = changed("rate_per_year = 6", "rate_per_year = 1e6").map(|system| {
        // Seven days of it would still fit.
        assert!(runs(&system));
    });
    assert!(mistakes.is_ok());
    let text = starter()
        .replacen("rate_per_year = 6", "rate_per_year = 1e6", 1)
        .replacen("duration_days = 7", "duration_days = 30", 1);
    let mistakes = read(&Source::text(text), &[]).expect_err("80,000 strikes");
    assert!(
        mistakes
            .iter()
            .any(|mistake| mistake.wrong.contains("strikes")),
        "{mistakes}"
    );
}

#[test]
fn a_line_beside_another_is_accepted() {
    let beside =
        "\n[[line]]\nname = \"second\"\nfrom = \"south\"\nto = \"north\"\ncapacity_mw = 10\n";
    let read = read(&Source::text(format!("{}{beside}", starter())), &[]);
    assert_eq!(read.map(|loaded| loaded.system.lines.len()).ok(), Some(2));
}

/// What `check` says of events is what a run counts, but for what answers to others in turn.
#[test]
fn events_are_about_as_many_as_foretold() {
    const RUNS: u32 = 24;
    fn events<E: Ensemble>(system: &System) -> f64 {
        let plan = Plan::new(system);
        let (mut replicator, mut ensemble) = (Replicator::new(&plan), E::new(&plan));
        let mut sink = Sink::default();
        let counts = (0..RUNS).map(|replication| {
            let run = ensemble.replicate(&mut replicator, replication, &mut sink);
            run.expect("a replication").events
        });
        counts.sum::<u64>() as f64 / f64::from(RUNS)
    }
    for (name, factor) in [
        ("rbts", 1.1),
        ("rts79", 1.05),
        ("rts79-two-area", 1.05),
        ("rts-gmlc", 1.05),
        ("rts79-mining", 1.2),
        ("kazakhstan-2022", 2.0),
    ] {
        let source = Source::built_in(name).expect("built in");
        let system = read(&source, &[]).expect("sound").system;
        let foretold = budget(&system, 1).events_per_replication;
        let counted = if system.farms.is_empty() {
            events::<GridEnsemble>(&system)
        } else {
            events::<MiningEnsemble>(&system)
        };
        let off = foretold / counted;
        assert!(
            (1.0 / factor..factor).contains(&off),
            "{name}: {foretold:.0} foretold, {counted:.0} counted"
        );
    }
}
