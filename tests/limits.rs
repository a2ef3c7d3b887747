//! What `docs/limits.md` says the program cannot do is refused, not met in the middle of a run.

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, MiningEnsemble, Sink};
use hashfall::scenario::{Mistakes, Source, read, starter};
use hashfall::system::System;
use std::fmt::Write as _;

/// The starter scenario with `count` more hazards on a target.
fn with_hazards(count: usize, target: &str) -> Result<System, Mistakes> {
    let mut text = starter().to_owned();
    for number in 0..count {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n[[hazard]]\nname = \"x{number:03}\"\nfrom = \"2024-01-16T00:00:00Z\"\n\
             until = \"2024-01-17T00:00:00Z\"\ntakes_down = [\"{target}\"]\nspares = 0.5\n"
        );
    }
    read(&Source::text(text), &[]).map(|loaded| loaded.system)
}

fn runs(system: &System) -> bool {
    let plan = Plan::new(system).expect("no ring of lines");
    let mut sink = Sink::default();
    let mut ensemble = MiningEnsemble::new(&plan);
    ensemble
        .replicate(&mut Replicator::new(&plan), 0, &mut sink)
        .is_ok()
}

#[test]
fn farms_slip_past_64_hazards_and_no_more() {
    // The starter has two of its own, which come first by name.
    let most = with_hazards(62, "gateway/*").unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(most.hazards.len(), 64);
    assert!(runs(&most));
    let mistakes = with_hazards(64, "gateway/*").expect_err("66 hazards close gateways");
    assert_eq!(mistakes.len(), 2, "{mistakes}");
    assert!(
        mistakes
            .iter()
            .all(|mistake| mistake.key.contains("takes_down"))
    );
}

#[test]
fn hazards_that_close_no_gateway_are_not_counted() {
    let many = with_hazards(80, "farm/grey-north").unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert!(runs(&many));
}

#[test]
fn a_ring_of_lines_is_refused_by_name() {
    let ring =
        "\n[[line]]\nname = \"second\"\nfrom = \"south\"\nto = \"north\"\ncapacity_mw = 10\n";
    let text = format!("{}{ring}", starter());
    let mistakes = read(&Source::text(text), &[]).expect_err("two lines form a ring");
    assert!(
        mistakes
            .iter()
            .any(|mistake| mistake.wrong.contains("second")),
        "{mistakes}"
    );
}
