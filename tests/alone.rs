//! Replication r alone gives the row it gives among others: nothing is left over from the one
//! before, and nothing depends on which came first.

mod support;

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, MiningEnsemble, Sink};
use hashfall::scenario::{Source, read};
use hashfall::system::System;

fn scenario(file: &str) -> System {
    let path = format!("{}/scenarios/{file}", env!("CARGO_MANIFEST_DIR"));
    match read(&Source::load(path), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{}", mistakes.render(false)),
    }
}

/// Everything that a replication leaves, from a worker that has run `before`.
fn after<E: Ensemble>(system: &System, before: &[u32], replication: u32) -> Sink {
    let plan = Plan::new(system);
    let mut ensemble = E::new(&plan);
    let mut replicator = Replicator::new(&plan);
    let mut sink = Sink::default();
    for &other in before.iter().chain([&replication]) {
        ensemble
            .replicate(&mut replicator, other, &mut sink)
            .expect("a replication");
    }
    sink
}

fn stands_alone<E: Ensemble>(system: &System) {
    for (before, replication) in [
        (&[0, 1, 2][..], 3),
        (&[9, 3, 3, 8][..], 3),
        (&[3, 17][..], 4821),
        (&[4821][..], 0),
    ] {
        let (alone, among) = (
            after::<E>(system, &[], replication),
            after::<E>(system, before, replication),
        );
        let name = &system.name;
        assert_eq!(
            alone.row, among.row,
            "{name} {replication} after {before:?}"
        );
        assert_eq!(
            alone.hourly, among.hourly,
            "{name} {replication} after {before:?}"
        );
        assert_eq!(
            alone.daily, among.daily,
            "{name} {replication} after {before:?}"
        );
        assert_eq!(
            alone.sums, among.sums,
            "{name} {replication} after {before:?}"
        );
    }
}

#[test]
fn a_replication_of_kazakhstan_stands_alone() {
    stands_alone::<MiningEnsemble>(&scenario("kazakhstan-2022.toml"));
    stands_alone::<MiningEnsemble>(&scenario("kazakhstan-2022-cutoff.toml"));
}

#[test]
fn a_replication_of_the_grid_stands_alone() {
    stands_alone::<GridEnsemble>(&scenario("rts79.toml"));
    stands_alone::<GridEnsemble>(&scenario("rbts.toml"));
}

/// Causes and windows of the shipped scenario add up to the last petahash.
#[test]
fn causes_of_kazakhstan_add_up() {
    let system = scenario("kazakhstan-2022.toml");
    let plan = Plan::new(&system);
    let layout = MiningEnsemble::layout(&plan);
    for replication in 0..20 {
        let row = after::<MiningEnsemble>(&system, &[], replication).row;
        let slot = |name: &str| {
            let at = layout.slots.iter().position(|slot| slot.name == name);
            row[at.unwrap_or_else(|| panic!("no slot {name}"))]
        };
        let causes = [
            "supply", "order", "contract", "price", "link", "restart", "heat", "stale",
        ];
        for window in system.windows.iter().map(|window| &window.name) {
            let sum = |kind: &str| -> i64 {
                let of = |cause| slot(&format!("{window}/network/{kind}/{cause}_ph"));
                causes.iter().map(of).sum()
            };
            assert_eq!(
                sum("first"),
                slot(&format!("{window}/network/lost_installed_ph"))
            );
            assert_eq!(
                sum("event/first"),
                slot(&format!("{window}/network/event/lost_ph"))
            );
        }
    }
}
