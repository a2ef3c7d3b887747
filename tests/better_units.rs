//! A better unit, in expectation: fails more rarely or is repaired sooner, and less goes unserved.
//!
//! Not path by path, as more plant is (`tests/monotone.rs`): under common random numbers a longer
//! up time moves the outage behind it to another day, and a sooner repair every failure after it.
//! What was out on a calm night may then be out at the peak, and some futures get worse (a test
//! counts them). In expectation none of this matters: at any instant the unit is down with
//! probability q = MTTR / (MTTF + MTTR), whatever all others do, and so each index that adds up
//! what instants lack is
//!
//! > q x (its value with the unit always down) + (1 - q) x (with it always up),
//!
//! on a line that rises with q, since a watt more never leaves more unserved.

mod support;

use hashfall::engine::{Plan, Replicator};
use hashfall::exact::{Answer, answer};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::quantity::{MS_PER_HOUR, Power};
use hashfall::random::DurationLaw;
use hashfall::scenario::{Source, read};
use hashfall::stats::Moments;
use hashfall::system::*;
use proptest::prelude::*;
use std::cell::Cell;
use support::*;

/// What adds up what instants lack.
const INDICES: [&str; 2] = ["lole_h", "eue_mwh"];

fn exact(system: &System) -> Answer {
    answer(system, false).unwrap_or_else(|obstacles| panic!("{obstacles:?}"))
}

/// LOLE, h, and EUE, MWh, of the system and then of each zone.
fn indices(system: &System) -> Vec<f64> {
    let answer = exact(system);
    let zones = system
        .zones
        .iter()
        .map(|zone| format!("zone/{}", zone.name));
    let scopes = ["system".to_owned()].into_iter().chain(zones);
    scopes
        .flat_map(|scope| INDICES.map(|index| answer.find("all", &scope, index).expect("exact")))
        .collect()
}

fn built_in(name: &str, set: &[(String, f64)]) -> System {
    let set: Vec<(String, String)> = set
        .iter()
        .map(|(path, value)| (path.clone(), value.to_string()))
        .collect();
    match read(&Source::built_in(name).expect("it is built in"), &set) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// Mean time to failure and to repair, h.
fn times(unit: &Unit) -> (f64, f64) {
    let outages = unit.outages.as_ref().expect("it fails");
    (outages.up.mean_h(), outages.down.mean_h())
}

/// A system with other times of one unit.
fn with_times(system: &System, unit: usize, (mttf_h, mttr_h): (f64, f64)) -> System {
    let mut system = system.clone();
    let outages = system.units[unit].outages.as_mut().expect("it fails");
    outages.up = DurationLaw::Exponential { mean_h: mttf_h };
    outages.down = DurationLaw::Exponential { mean_h: mttr_h };
    system
}

/// How much of its time it is down.
fn down((mttf_h, mttr_h): (f64, f64)) -> f64 {
    mttr_h / (mttf_h + mttr_h)
}

/// Rounding of sums of probabilities.
fn slack(value: f64) -> f64 {
    1e-9 * value.abs().max(1.0)
}

#[derive(Debug, Clone)]
struct Area {
    load_mw: Vec<f64>,
    /// MW, MTTF and MTTR in hours.
    units: Vec<(f64, f64, f64)>,
    /// When the first unit is planned out: first hour, hours.
    planned: (i64, i64),
}

#[derive(Debug, Clone)]
struct Recipe {
    areas: Vec<Area>,
    tie_mw: f64,
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let unit = (5..120_i32, 5.0..500.0_f64, 1.0..100.0_f64)
        .prop_map(|(mw, mttf_h, mttr_h)| (f64::from(mw), mttf_h, mttr_h));
    let area = (
        prop::collection::vec(20.0..200.0_f64, 6),
        prop::collection::vec(unit, 1..5),
        (0..6_i64, 0..4_i64),
    )
        .prop_map(|(load_mw, units, planned)| Area {
            load_mw,
            units,
            planned,
        });
    (prop::collection::vec(area, 1..3), 0.0..100.0_f64)
        .prop_map(|(areas, tie_mw)| Recipe { areas, tie_mw })
}

/// One area or two with a line that fails, for six hours.
fn cook(recipe: &Recipe) -> System {
    let mut system = empty(6);
    let coal = class(&mut system, "coal", 10.0, 1.0);
    for (number, area) in recipe.areas.iter().enumerate() {
        let zone = zone(&mut system, &format!("area-{number}"), &area.load_mw);
        let first = system.units.len();
        for (index, &(mw, mttf_h, mttr_h)) in area.units.iter().enumerate() {
            let name = format!("plant-{number}-{index}");
            let times = Some((mttf_h, mttr_h));
            plant(&mut system, &name, (zone, coal), 1, mw, times);
        }
        let (from, hours) = area.planned;
        let outage = (from * MS_PER_HOUR, (from + hours) * MS_PER_HOUR);
        system.units[first].planned.push(outage);
    }
    if recipe.areas.len() == 2 {
        line(&mut system, "tie", ZoneId(0), ZoneId(1), recipe.tie_mw);
        system.lines[0].outages = Some(exponential("tie", 40.0, 8.0));
    }
    system
}

/// Longer up times, shorter repairs: what falls, and by how much, in small random systems.
#[test]
fn a_better_unit_never_raises_what_goes_unserved() {
    let (compared, fell) = (Cell::new(0), Cell::new(0));
    let cases = ProptestConfig::with_cases(120);
    proptest!(cases, |(
        recipe in recipe(), which in any::<prop::sample::Index>(), better in 1.01..10.0_f64,
    )| {
        let system = cook(&recipe);
        let unit = which.index(system.units.len());
        let (mttf_h, mttr_h) = times(&system.units[unit]);
        let before = indices(&system);
        // Always down is a unit of nothing, always up one that never fails.
        let mut dead = system.clone();
        dead.units[unit].nameplate = Power(0);
        let mut firm = system.clone();
        firm.units[unit].outages = None;
        let (dead, firm) = (indices(&dead), indices(&firm));
        for after in [(mttf_h * better, mttr_h), (mttf_h, mttr_h / better)] {
            let spared = down((mttf_h, mttr_h)) - down(after);
            let after = indices(&with_times(&system, unit, after));
            for (at, (before, after)) in before.iter().zip(&after).enumerate() {
                prop_assert!(*after <= before + slack(*before), "{} became {}", before, after);
                let expected = spared * (dead[at] - firm[at]);
                let error = (before - after - expected).abs();
                prop_assert!(error <= slack(*before), "{} - {} is not {}", before, after, expected);
                compared.set(compared.get() + 1);
                fell.set(fell.get() + u32::from(*after < before - slack(*before)));
            }
        }
    });
    assert!(2 * fell.get() > compared.get(), "{fell:?} of {compared:?}");
}

/// Every plant of RTS-79 in turn, and three of the first of two areas: each helps, and helps both
/// areas; the unit of 350 MW and the two of 400 MW by far. Up half as long again and back in two
/// thirds of the time come to the same.
#[test]
fn every_better_plant_helps_rts79() {
    let large = ["u350-coal-steam", "u400-nuclear"];
    let three = ["a-u12-oil-steam", "a-u350-coal-steam", "a-u400-nuclear"];
    for name in ["rts79", "rts79-two-area"] {
        let system = built_in(name, &[]);
        let before = indices(&system);
        for plant in &system.plants {
            if name == "rts79-two-area" && !three.contains(&plant.name.as_str()) {
                continue;
            }
            let (mttf_h, mttr_h) = times(&system.units[plant.first_unit.at()]);
            let with = |key: &str, value: f64| {
                let path = format!("plant.{}.{key}", plant.name);
                indices(&built_in(name, &[(path, value)]))
            };
            let longer_up = with("mttf_h", mttf_h * 1.5);
            let sooner_back = with("mttr_h", mttr_h / 1.5);
            let is_large = large.iter().any(|large| plant.name.ends_with(large));
            for (at, &before) in before.iter().enumerate() {
                let (after, other) = (longer_up[at], sooner_back[at]);
                let what = format!("{name}, {}: {before}, {after}, {other}", plant.name);
                assert!((after - other).abs() <= slack(before), "{what}");
                assert!(after < before - slack(before), "{what}");
                // The first two are of the system.
                assert!(!is_large || at > 1 || after < 0.95 * before, "{what}");
            }
        }
    }
}

/// LOLE, ms, and EUE, Wh, of each future of some seeds.
fn futures(system: &System, seeds: impl Iterator<Item = u64>, replications: u32) -> Vec<[i64; 2]> {
    let mut system = system.clone();
    let mut rows = Vec::new();
    for seed in seeds {
        system.seed = seed;
        let plan = Plan::new(&system);
        let layout = GridEnsemble::layout(&plan);
        let column = |index| layout.find("all", "system", index).expect("an index").slot;
        let slots = INDICES.map(column);
        let (mut ensemble, mut replicator) = (GridEnsemble::new(&plan), Replicator::new(&plan));
        let mut sink = Sink::default();
        for replication in 0..replications {
            ensemble
                .replicate(&mut replicator, replication, &mut sink)
                .expect("a replication");
            rows.push(slots.map(|slot| sink.row[slot]));
        }
    }
    rows
}

/// The simulated fall is the exact one. More than a tenth of the futures get worse all the same.
#[test]
fn a_better_unit_helps_rts79_on_average_but_not_always() {
    const REPLICATIONS: u32 = 2000;
    let run = |system: &System| futures(system, 1..=20, REPLICATIONS);
    let system = built_in("rts79", &[]);
    let (before, exact_before) = (run(&system), indices(&system));
    for (key, value) in [("mttf_h", 1150.0 * 1.5), ("mttr_h", 100.0 / 1.5)] {
        let set = [(format!("plant.u350-coal-steam.{key}"), value)];
        let better = built_in("rts79", &set);
        let (after, exact_after) = (run(&better), indices(&better));
        for (at, unit) in [MS_PER_HOUR as f64, 1e6].into_iter().enumerate() {
            let (mut falls, mut worse) = (Moments::default(), 0_usize);
            for (before, after) in before.iter().zip(&after) {
                falls.add(before[at] - after[at]);
                worse += usize::from(after[at] > before[at]);
            }
            let (mean, error) = (falls.mean() / unit, falls.standard_error() / unit);
            let expected = exact_before[at] - exact_after[at];
            let what = format!(
                "{key}, {}: {mean} +- {error}, exact {expected}",
                INDICES[at]
            );
            assert!((mean - expected).abs() < 3.5 * error, "{what}");
            assert!(mean > 3.0 * error, "{what}");
            assert!(10 * worse > before.len(), "{what}, {worse} are worse");
        }
    }
}
