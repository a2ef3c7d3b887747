//! Path by path under common random numbers, on meshes: more plant, a larger line or less load
//! never leaves more load unserved, weighted by priority.

use super::support::unserved::{Compared, total, unserved};
use super::support::*;
use hashfall::quantity::{MS_PER_HOUR, Power};
use hashfall::system::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Recipe {
    seed: u64,
    load_mw: Vec<f64>,
    unit_mw: Vec<f64>,
    line_mw: Vec<f64>,
    secured: u8,
    priorities: Vec<u8>,
    /// Planned outages: unit, first hour, hours.
    planned: Vec<(usize, i64, i64)>,
}

/// Every second system has planned outages.
fn planned() -> impl Strategy<Value = Vec<(usize, i64, i64)>> {
    let outage = (0..12_usize, 0..40_i64, 1..20_i64);
    prop_oneof![Just(vec![]), prop::collection::vec(outage, 1..6)]
}

/// A ring of four, a diagonal, and a second line beside the first.
const ENDS: [(usize, usize); 6] = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (1, 0)];

fn recipe() -> impl Strategy<Value = Recipe> {
    (
        any::<u64>(),
        prop::collection::vec(50.0..300.0_f64, 4),
        prop::collection::vec(10.0..120.0_f64, 4),
        prop::collection::vec(0.0..90.0_f64, 6),
        any::<u8>(),
        prop::collection::vec(0..3_u8, 4),
        planned(),
    )
        .prop_map(
            |(seed, load_mw, unit_mw, line_mw, secured, priorities, planned)| Recipe {
                seed,
                load_mw,
                unit_mw,
                line_mw,
                secured,
                priorities,
                planned,
            },
        )
}

fn cook(recipe: &Recipe) -> System {
    let mut system = empty(48);
    system.seed = recipe.seed;
    let coal = class(&mut system, "coal", 10.0, 1.0);
    for (index, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        let load: Vec<f64> = (0..48)
            .map(|hour| recipe.load_mw[index] * (0.7 + 0.3 * f64::from(hour % 24) / 24.0))
            .collect();
        let zone = zone(&mut system, name, &load);
        system.zones[zone.at()].priority = recipe.priorities[index];
        let unit_mw = recipe.unit_mw[index];
        let times = Some((30.0, 6.0));
        plant(
            &mut system,
            &format!("{name}-coal"),
            (zone, coal),
            3,
            unit_mw,
            times,
        );
    }
    for &(unit, first, hours) in &recipe.planned {
        let outage = (first * MS_PER_HOUR, (first + hours) * MS_PER_HOUR);
        system.units[unit].planned.push(outage);
    }
    for (index, (from, to)) in ENDS.into_iter().enumerate() {
        let name = format!("line-{index}");
        let (from, to) = (ZoneId::from(from), ZoneId::from(to));
        line(&mut system, &name, from, to, recipe.line_mw[index]);
        let line = &mut system.lines[index];
        line.circuits = 2;
        line.n_minus_1 = recipe.secured >> index & 1 == 1;
        line.outages = Some(exponential(&name, 40.0, 8.0));
    }
    system
}

/// Futures of each system.
const FUTURES: u32 = 3;

/// Rounding of four zones' energies, Wh.
const QUANTA: i64 = 4;

#[test]
fn more_never_leaves_more_unserved() {
    let [plant, load, line, rule] = [(); 4].map(|()| Compared::default());
    proptest!(ProptestConfig::with_cases(80), |(
        recipe in recipe(), zone in 0..4_usize, at in 0..6_usize, more in 1.0..80.0_f64,
        factor in 0.5..1.0_f64,
    )| {
        let system = cook(&recipe);
        let before = unserved(&system, FUTURES);
        let mut larger = system.clone();
        larger.units[3 * zone].nameplate += Power::from_megawatts(more);
        plant.never_more(&before, &unserved(&larger, FUTURES), QUANTA)?;
        let mut calmer = system.clone();
        calmer.zones[zone].scale.factor = Value::Fixed(factor);
        load.never_more(&before, &unserved(&calmer, FUTURES), QUANTA)?;
        let mut wider = system.clone();
        wider.lines[at].forward_mw = Value::Fixed(recipe.line_mw[at] + more);
        line.never_more(&before, &unserved(&wider, FUTURES), QUANTA)?;
        let mut looser = system;
        for line in &mut looser.lines {
            line.n_minus_1 = false;
        }
        rule.never_more(&before, &unserved(&looser, FUTURES), QUANTA)?;
    });
    for compared in [plant, load] {
        compared.assert_shares(0.8, 0.5);
        compared.assert_none_moved();
    }
    // Lines take from one priority for a dearer one.
    for compared in [line, rule] {
        compared.assert_shares(0.8, 0.25);
        assert!(compared.moved() > 0, "{compared:?}");
    }
}

/// Lines so wide that the ring is a copper plate.
#[test]
fn a_wide_ring_is_one_zone() {
    let recipe = Recipe {
        seed: 11,
        load_mw: vec![150.0, 220.0, 90.0, 180.0],
        unit_mw: vec![70.0, 60.0, 55.0, 65.0],
        line_mw: vec![1e4; 6],
        secured: 0,
        priorities: vec![0; 4],
        planned: vec![],
    };
    let mut wide = cook(&recipe);
    for line in &mut wide.lines {
        line.outages = None;
    }
    let mut one = wide.clone();
    let load = (0..48).map(|hour| wide.zones.iter().map(|zone| zone.load.hourly[hour]).sum());
    one.zones[0].load = LoadProfile::new(load.collect());
    one.zones.truncate(1);
    one.lines.clear();
    for unit in &mut one.units {
        unit.zone = ZoneId(0);
    }
    for plant in &mut one.plants {
        plant.zone = ZoneId(0);
    }
    let all = |system: &System| -> Vec<i64> {
        let futures = unserved(system, FUTURES);
        futures.iter().map(|future| total(future)).collect()
    };
    let (wide, one) = (all(&wide), all(&one));
    assert!(one.iter().any(|&eue| eue > 0), "nothing was unserved");
    for (wide, one) in wide.iter().zip(&one) {
        assert!((wide - one).abs() <= QUANTA, "{wide} against {one}");
    }
}
