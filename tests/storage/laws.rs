//! What holds of every store, whatever happens.

use super::*;
use hashfall::engine::{Plan, Recorder, Replicator, Ring, View};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::quantity::Instant;
use hashfall::system::Inflow;
use proptest::prelude::*;
use support::{run, run_grid};

/// What one store, or zone, is made of.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    energy_mwh: f64,
    charge_mw: f64,
    efficiency: f64,
    inflow_mw: f64,
    power_mw: f64,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (
        1.0..400.0_f64,
        0.1..60.0_f64,
        0.3..=1.0_f64,
        prop_oneof![Just(0.0), 0.1..20.0_f64],
        5.0..80.0_f64,
    )
        .prop_map(
            |(energy_mwh, charge_mw, efficiency, inflow_mw, power_mw)| Drawn {
                energy_mwh,
                charge_mw,
                efficiency,
                inflow_mw,
                power_mw,
            },
        )
}

fn store(name: &str, zone: &str, store: Drawn) -> String {
    let Drawn {
        energy_mwh,
        charge_mw,
        efficiency,
        inflow_mw,
        power_mw,
    } = store;
    let keys = format!(
        "mttf_h = 60\nmttr_h = 8\nstorage = {{ energy_mwh = {energy_mwh:?}, charge_mw = {charge_mw:?}, efficiency = {efficiency:?}, initial_share = 0.5, inflow_mw = {inflow_mw:?} }}"
    );
    plant(name, zone, 2, power_mw / 2.0, &keys)
}

fn daily(hours: usize, scale: f64) -> String {
    let load =
        |hour: usize| scale * (100.0 + 30.0 * (hour as f64 * std::f64::consts::TAU / 24.0).sin());
    format!("{:?}", (0..hours).map(load).collect::<Vec<_>>())
}

/// One zone of five units that often fail, with one store.
fn alone(hours: u32, own: Drawn) -> String {
    head(hours)
        + &zone("z", &daily(hours as usize, 1.0))
        + &plant("g", "z", 5, 32.0, "mttf_h = 40\nmttr_h = 10")
        + &store("s", "z", own)
}

/// Two or three zones in a row or a ring, each with units and a store.
fn joined(hours: u32, ring: bool, stores: &[Drawn], reversed: bool) -> String {
    let mut tables = vec![];
    let names = ["a", "b", "c"];
    for (name, drawn) in names.iter().zip(stores) {
        tables.push(zone(name, &daily(hours as usize, 0.6)));
        tables.push(plant(
            &format!("g{name}"),
            name,
            3,
            32.0,
            "mttf_h = 40\nmttr_h = 10",
        ));
        tables.push(store(&format!("s{name}"), name, *drawn));
    }
    let line = |from: &str, to: &str| {
        format!(
            "[[line]]\nname = \"{from}{to}\"\nfrom = \"{from}\"\nto = \"{to}\"\ncapacity_mw = 17\nmttf_h = 50\nmttr_h = 5\n"
        )
    };
    tables.push(line("a", "b"));
    tables.push(line("b", "c"));
    if ring {
        tables.push(line("a", "c"));
    }
    if reversed {
        tables.reverse();
    }
    head(hours) + &tables.concat()
}

/// Adds up what goes in and out of stores, in whole numbers, and looks at every level.
#[derive(Default)]
struct Books {
    /// Millionths of a watt-millisecond.
    level: Vec<i128>,
    since: Instant,
    rates: Vec<i128>,
    refreshes: usize,
}

impl Books {
    fn pass(&mut self, now: Instant) {
        for (level, rate) in self.level.iter_mut().zip(&self.rates) {
            *level += rate * i128::from((now - self.since).0);
        }
        self.since = now;
    }

    fn look(&mut self, view: View<'_>) {
        let system = view.plan.system;
        self.pass(view.state.now);
        self.refreshes += 1;
        for (index, store) in system.stores.iter().enumerate() {
            let state = view.state.store(index);
            let level = state.energy_at(view.state.now);
            assert_eq!(
                level.0,
                self.level[index].div_euclid(1_000_000),
                "the books differ"
            );
            assert!(
                level.0 >= 0 && level <= store.energy,
                "{level:?} of {:?}",
                store.energy
            );
            let inflow = match store.inflow {
                Inflow::Steady(inflow) => inflow.0,
                Inflow::Hourly(_) => unreachable!("inflows are steady here"),
            };
            self.rates[index] = i128::from(inflow - state.passed() - state.drawn()) * 1_000_000
                + i128::from(state.taken) * i128::from(store.efficiency.0);
            assert!(state.drawn() >= 0 && state.taken >= 0 && state.taken <= store.charge.0);
            assert!(
                state.drawn() == 0 || state.taken == 0,
                "charged and discharged at once"
            );
            // Nobody is charged while somebody in its zone is shed.
            let zone = system.plants[store.plant.at()].zone.at();
            assert!(state.taken == 0 || view.state.unserved[zone] == 0);
            // In a shortage a store of the zone holds nothing back.
            let out: i64 = system
                .units
                .iter()
                .zip(&view.state.units)
                .filter(|(unit, _)| unit.plant == store.plant)
                .map(|(_, state)| state.contribution)
                .sum();
            if view.state.unserved[zone] > 0 && level.0 >= i128::from(out) {
                assert_eq!(state.drawn() + state.passed().min(out), out, "held back");
            }
        }
    }
}

impl Recorder for Books {
    const HOURS: bool = true;
    fn begin(&mut self, view: View<'_>) {
        let stores = &view.plan.system.stores;
        self.level = stores
            .iter()
            .map(|store| store.initial.0 * 1_000_000)
            .collect();
        self.rates = vec![0; stores.len()];
        self.since = Instant::START;
        self.look(view);
    }
    fn changed(&mut self, view: View<'_>) {
        self.look(view);
    }
    fn ring(&mut self, view: View<'_>, ring: Ring) {
        if let Ring::StoreTurn(index) = ring {
            // A store turns when it is full or empty but for what a millisecond would move.
            let index = usize::from(index);
            let state = view.state.store(index);
            let energy = state.energy_at(view.state.now);
            let room = view.plan.system.stores[index].energy - energy;
            let moved = i128::from(state.drawn().max(state.taken) + state.inflow) + 1;
            assert!(
                energy.0.min(room.0) <= moved,
                "{energy:?} in store, {room:?} free"
            );
        }
    }
    fn close(&mut self, view: View<'_>, _row: &mut Vec<i64>) {
        self.pass(Instant(view.plan.system.horizon.0));
    }
}

fn keeps_books(system: &System, replications: u32) {
    let plan = Plan::new(system);
    let mut replicator = Replicator::new(&plan);
    for replication in 0..replications {
        let mut books = Books::default();
        replicator
            .replicate(replication, &mut books, &mut vec![])
            .expect("a replication");
        assert!(books.refreshes > 100);
    }
}

/// Rows of some replications, in an order.
fn rows(system: &System, replications: impl Iterator<Item = u32>) -> Vec<(u32, Vec<i64>)> {
    let plan = Plan::new(system);
    let (mut ensemble, mut replicator) = (GridEnsemble::new(&plan), Replicator::new(&plan));
    let mut sink = Sink::default();
    let mut rows: Vec<_> = replications
        .map(|replication| {
            ensemble
                .replicate(&mut replicator, replication, &mut sink)
                .expect("a replication");
            (replication, sink.row.clone())
        })
        .collect();
    rows.sort();
    rows
}

fn unserved_wh(text: &str, replication: u32) -> i64 {
    run_grid(&system(text), replication).slot("all/system/eue_wh")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Energy in times efficiency is energy out and what is in store, to the last millionth.
    #[test]
    fn nothing_is_lost_or_found(stores in [drawn(), drawn(), drawn()], ring: bool) {
        keeps_books(&system(&joined(200, ring, &stores, false)), 2);
    }

    /// A store of more energy, power, charge, efficiency or inflow never leaves more unserved.
    #[test]
    fn a_larger_store_never_leaves_more_unserved(own in drawn(), by in 1.0..3.0_f64, which in 0..5) {
        let larger = match which {
            0 => Drawn { energy_mwh: own.energy_mwh * by, ..own },
            1 => Drawn { charge_mw: own.charge_mw * by, ..own },
            2 => Drawn { efficiency: (own.efficiency * by).min(1.0), ..own },
            3 => Drawn { inflow_mw: own.inflow_mw * by, ..own },
            // With its units the most that they can take grows, as `charge_mw` is for all of them.
            _ => Drawn { power_mw: own.power_mw * by, ..own },
        };
        for replication in 0..3 {
            let (small, large) = (unserved_wh(&alone(400, own), replication), unserved_wh(&alone(400, larger), replication));
            // Moments are whole milliseconds, and in one of them 80 MW are 22 Wh.
            prop_assert!(large <= small + 25, "{large} Wh with more, {small} Wh with less");
        }
    }

    /// And none leaves more unserved than there would be without it.
    #[test]
    fn a_store_never_does_harm(own in drawn()) {
        let without = alone(400, own).split("[[plant]]\nname = \"s\"").next().unwrap_or_default().to_owned();
        for replication in 0..3 {
            prop_assert!(unserved_wh(&alone(400, own), replication) <= unserved_wh(&without, replication));
        }
    }

    /// The order of tables, of replications, and who else looks change no bit.
    #[test]
    fn nothing_else_reaches_a_result(stores in [drawn(), drawn(), drawn()], ring: bool) {
        let one = system(&joined(120, ring, &stores, false));
        let forward = rows(&one, 0..4);
        prop_assert_eq!(&forward, &rows(&system(&joined(120, ring, &stores, true)), 0..4));
        prop_assert_eq!(&forward, &rows(&one, (0..4).rev()));
        prop_assert!(forward.iter().any(|(_, row)| row != &forward[0].1), "nothing is drawn");
        // Windows add looks at odd moments, recorders of mining ask for energy at every change.
        let mut seen = system(&joined(120, ring, &stores, false));
        support::window(&mut seen, "odd", 13.123_456, 47.9);
        let plain = run_grid(&one, 2);
        for outcome in [run_grid(&seen, 2), run(&seen, 2)] {
            for zone in ["a", "b", "c"] {
                for name in [format!("zone/{zone}/eue_wh"), format!("zone/{zone}/lole_ms"), format!("plant/s{zone}/stored_at_end_wh"), format!("plant/s{zone}/charged_wh")] {
                    let slot = format!("all/{name}");
                    prop_assert_eq!(outcome.slot(&slot), plain.slot(&slot), "{}", slot);
                }
            }
        }
    }
}
