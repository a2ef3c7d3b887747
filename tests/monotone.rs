//! Path by path under common random numbers: more plant, a wider tie or less load never lets
//! more load go unserved, weighted by priority, and twice the farms lose twice.

mod support;

use hashfall::quantity::{MS_PER_HOUR, Power, Span};
use hashfall::random::StreamId;
use hashfall::system::*;
use proptest::prelude::*;
use support::unserved::{Compared, total, unserved};
use support::*;

#[derive(Debug, Clone)]
struct Recipe {
    seed: u64,
    load_mw: [f64; 3],
    unit_mw: [f64; 3],
    tie_mw: [f64; 2],
    beta: f64,
    priorities: [u8; 3],
    /// Planned outages: unit, first hour, hours.
    planned: Vec<(usize, i64, i64)>,
}

/// Every second system has planned outages, some of them at once, some of one unit twice.
fn planned() -> impl Strategy<Value = Vec<(usize, i64, i64)>> {
    let outage = (0..9_usize, 0..60_i64, 1..30_i64);
    prop_oneof![Just(vec![]), prop::collection::vec(outage, 1..6)]
}

fn recipe() -> impl Strategy<Value = Recipe> {
    (
        any::<u64>(),
        prop::array::uniform3(50.0..300.0f64),
        prop::array::uniform3(10.0..120.0f64),
        prop::array::uniform2(0.0..150.0f64),
        prop_oneof![Just(0.0), 0.0..0.5f64],
        prop::array::uniform3(0..3_u8),
        planned(),
    )
        .prop_map(
            |(seed, load_mw, unit_mw, tie_mw, beta, priorities, planned)| Recipe {
                seed,
                load_mw,
                unit_mw,
                tie_mw,
                beta,
                priorities,
                planned,
            },
        )
}

/// Three zones in a chain, without farms.
fn cook(recipe: &Recipe) -> System {
    let mut system = empty(72);
    system.seed = recipe.seed;
    let coal = class(&mut system, "coal", 10.0, 1.0);
    for (index, name) in ["a", "b", "c"].into_iter().enumerate() {
        let load: Vec<f64> = (0..72)
            .map(|hour| recipe.load_mw[index] * (0.7 + 0.3 * f64::from(hour % 24) / 24.0))
            .collect();
        let zone = zone(&mut system, name, &load);
        system.zones[zone.at()].priority = recipe.priorities[index];
        let plant_name = format!("{name}-coal");
        let times = Some((30.0, 6.0));
        plant(
            &mut system,
            &plant_name,
            (zone, coal),
            3,
            recipe.unit_mw[index],
            times,
        );
        system.plants[index].beta = recipe.beta;
    }
    for &(unit, first, hours) in &recipe.planned {
        let outage = (first * MS_PER_HOUR, (first + hours) * MS_PER_HOUR);
        system.units[unit].planned.push(outage);
    }
    for (index, (from, to)) in [(0, 1), (2, 1)].into_iter().enumerate() {
        let name = format!("tie-{index}");
        let (from, to) = (ZoneId::from(from), ZoneId::from(to));
        line(&mut system, &name, from, to, recipe.tie_mw[index]);
        system.lines[index].circuits = 2;
        system.lines[index].outages = Some(exponential(&name, 40.0, 8.0));
    }
    system
}

/// Futures of each system.
const FUTURES: u32 = 3;

/// Rounding of three zones' energies, Wh.
const QUANTA: i64 = 3;

fn cases() -> ProptestConfig {
    ProptestConfig::with_cases(80)
}

#[test]
fn more_plant_never_leaves_more_unserved() {
    let (larger_unit, another_unit) = (Compared::default(), Compared::default());
    proptest!(cases(), |(recipe in recipe(), zone in 0..3_usize, more in 1.0..80.0f64)| {
        let system = cook(&recipe);
        let before = unserved(&system, FUTURES);
        let mut larger = system.clone();
        larger.units[3 * zone].nameplate += Power::from_megawatts(more);
        larger_unit.never_more(&before, &unserved(&larger, FUTURES), QUANTA)?;
        // A unit more, which draws for itself alone.
        let mut another = system;
        let zone = ZoneId::from(zone);
        plant(&mut another, "new", (zone, ClassId(0)), 1, more, Some((20.0, 20.0)));
        another_unit.never_more(&before, &unserved(&another, FUTURES), QUANTA)?;
    });
    for compared in [larger_unit, another_unit] {
        compared.assert_shares(0.8, 0.5);
        compared.assert_none_moved();
    }
}

/// A wider tie may take from one priority for a dearer one, and does.
#[test]
fn a_wider_tie_never_leaves_more_unserved() {
    let compared = Compared::default();
    proptest!(cases(), |(recipe in recipe(), tie in 0..2_usize, more in 1.0..80.0f64)| {
        let mut system = cook(&recipe);
        let before = unserved(&system, FUTURES);
        system.lines[tie].forward_mw = Value::Fixed(recipe.tie_mw[tie] + more);
        system.lines[tie].backward_mw = Value::Fixed(recipe.tie_mw[tie] + more);
        compared.never_more(&before, &unserved(&system, FUTURES), QUANTA)?;
    });
    compared.assert_shares(0.8, 0.5);
    assert!(compared.moved() > 0, "{compared:?}");
}

#[test]
fn less_load_never_leaves_more_unserved() {
    let compared = Compared::default();
    proptest!(cases(), |(recipe in recipe(), zone in 0..3_usize, factor in 0.5..1.0f64)| {
        let mut system = cook(&recipe);
        let before = unserved(&system, FUTURES);
        system.zones[zone].scale.factor = Value::Fixed(factor);
        compared.never_more(&before, &unserved(&system, FUTURES), QUANTA)?;
    });
    compared.assert_shares(0.8, 0.5);
    compared.assert_none_moved();
}

proptest! {
    #![proptest_config(cases())]

    /// Unserved energy is what load exceeds plant, where lines do not bind.
    #[test]
    fn with_wide_ties_three_zones_are_one(recipe in recipe()) {
        let mut wide = cook(&recipe);
        for line in &mut wide.lines {
            (line.forward_mw, line.backward_mw) = (Value::Fixed(1e5), Value::Fixed(1e5));
            line.outages = None;
        }
        let mut one = wide.clone();
        let hours = 0..72;
        let load = hours.map(|hour| wide.zones.iter().map(|zone| zone.load.hourly[hour]).sum());
        one.zones[0].load = LoadProfile::new(load.collect());
        one.zones.truncate(1);
        one.lines.clear();
        for unit in &mut one.units {
            unit.zone = ZoneId(0);
        }
        for plant in &mut one.plants {
            plant.zone = ZoneId(0);
        }
        for (three, one) in unserved(&wide, FUTURES).iter().zip(unserved(&one, FUTURES)) {
            let (three, one) = (total(three), total(&one));
            prop_assert!((three - one).abs() <= QUANTA, "{} against {}", three, one);
        }
    }

    /// No farm feels another where power is plenty: twice the farm, twice the loss, to the
    /// rounding of each hash.
    #[test]
    fn twice_the_farms_lose_twice(
        seed: u64,
        farms in prop::collection::vec((1.0..80.0f64, 0.0..0.5f64, 0.0..60.0f64), 1..4),
    ) {
        let build = |times: f64| {
            let mut system = empty(72);
            system.seed = seed;
            internet(&mut system);
            let zone = flat_zone(&mut system, "zone", 100.0);
            let coal = class(&mut system, "coal", 10.0, 1.0);
            plant(&mut system, "plant", (zone, coal), 2, 5000.0, None);
            for (index, &(mw, heat, hold)) in farms.iter().enumerate() {
                let name = format!("farm-{index}");
                let id = farm(&mut system, &name, zone, mw * times);
                let farm = &mut system.farms[id.at()];
                let access = format!("farm/{name}/access");
                farm.access_outages = Some(exponential(&access, 12.0, 2.0));
                farm.heat_per_degree = heat;
                farm.link_loss.hold_minutes = Value::Fixed(hold);
                farm.link_loss.after_power = 0.02;
                farm.start.steps[0].after = Span::from_minutes(15.0);
            }
            system.gateways[0].outages = Some(exponential("gateway/border", 20.0, 3.0));
            let targets = vec![Target::Gateway(GatewayId(0))];
            hazard(&mut system, "cut", true, (20.0, 30.0), targets);
            system.hazards[0].spares = Value::Fixed(0.3);
            system.hazards[0].spare_streams =
                (0..farms.len()).map(|k| StreamId::of(&format!("spare/{k}"))).collect();
            system
        };
        let (one, two) = (run(&build(1.0), 0), run(&build(2.0), 0));
        for slot in ["lost_installed_ph", "found_ph", "first/link_ph", "first/restart_ph",
            "event/lost_ph", "mining_wh", "wasted_wh"]
        {
            let slot = format!("all/network/{slot}");
            let (one, two) = (one.slot(&slot), two.slot(&slot));
            // Every farm's power and hashrate is rounded, to a W and a GH/s, for 72 hours.
            let rounding = 72 * farms.len() as i64 + 20 + one.abs() / 10_000_000;
            prop_assert!((two - 2 * one).abs() <= rounding, "{}: {} and {}", slot, one, two);
        }
    }
}
