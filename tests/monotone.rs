//! Path by path under common random numbers: more plant, a wider tie or less load never lets
//! more load go unserved, and twice the farms lose twice.

mod support;

use hashfall::quantity::{Power, Span};
use hashfall::random::StreamId;
use hashfall::system::*;
use proptest::prelude::*;
use support::*;

#[derive(Debug, Clone)]
struct Recipe {
    seed: u64,
    load_mw: [f64; 3],
    unit_mw: [f64; 3],
    tie_mw: [f64; 2],
    beta: f64,
    priorities: [u8; 3],
}

fn recipe() -> impl Strategy<Value = Recipe> {
    (
        any::<u64>(),
        prop::array::uniform3(50.0..300.0f64),
        prop::array::uniform3(10.0..120.0f64),
        prop::array::uniform2(0.0..150.0f64),
        prop_oneof![Just(0.0), 0.0..0.5f64],
        prop::array::uniform3(0..3_u8),
    )
        .prop_map(
            |(seed, load_mw, unit_mw, tie_mw, beta, priorities)| Recipe {
                seed,
                load_mw,
                unit_mw,
                tie_mw,
                beta,
                priorities,
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
    for (index, (from, to)) in [(0, 1), (2, 1)].into_iter().enumerate() {
        let name = format!("tie-{index}");
        let (from, to) = (ZoneId::from(from), ZoneId::from(to));
        line(&mut system, &name, from, to, recipe.tie_mw[index]);
        system.lines[index].circuits = 2;
        system.lines[index].outages = Some(exponential(&name, 40.0, 8.0));
    }
    system
}

/// Unserved energy of three futures, Wh.
fn unserved(system: &System) -> Vec<i64> {
    let eue = |replication| run_grid(system, replication).slot("all/system/eue_wh");
    (0..3).map(eue).collect()
}

/// Rounding of three zones' energies, Wh.
const QUANTA: i64 = 3;

fn never_more(before: &[i64], after: &[i64]) -> Result<(), TestCaseError> {
    for (before, after) in before.iter().zip(after) {
        prop_assert!(*after <= before + QUANTA, "{} became {}", before, after);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn more_plant_never_leaves_more_unserved(
        recipe in recipe(), zone in 0..3_usize, more in 1.0..80.0f64,
    ) {
        let system = cook(&recipe);
        let before = unserved(&system);
        let mut larger = system.clone();
        larger.units[3 * zone].nameplate += Power::from_megawatts(more);
        never_more(&before, &unserved(&larger))?;
        // A unit more, which draws for itself alone.
        let mut another = system;
        let zone = ZoneId::from(zone);
        plant(&mut another, "new", (zone, ClassId(0)), 1, more, Some((20.0, 20.0)));
        never_more(&before, &unserved(&another))?;
    }

    #[test]
    fn a_wider_tie_never_leaves_more_unserved(
        recipe in recipe(), tie in 0..2_usize, more in 1.0..80.0f64,
    ) {
        let mut system = cook(&recipe);
        let before = unserved(&system);
        system.lines[tie].forward_mw = Value::Fixed(recipe.tie_mw[tie] + more);
        system.lines[tie].backward_mw = Value::Fixed(recipe.tie_mw[tie] + more);
        never_more(&before, &unserved(&system))?;
    }

    #[test]
    fn less_load_never_leaves_more_unserved(
        recipe in recipe(), zone in 0..3_usize, factor in 0.5..1.0f64,
    ) {
        let mut system = cook(&recipe);
        let before = unserved(&system);
        system.zones[zone].scale.factor = Value::Fixed(factor);
        never_more(&before, &unserved(&system))?;
    }

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
        let total = hours.map(|hour| wide.zones.iter().map(|zone| zone.load.hourly[hour]).sum());
        one.zones[0].load = LoadProfile::new(total.collect());
        one.zones.truncate(1);
        one.lines.clear();
        for unit in &mut one.units {
            unit.zone = ZoneId(0);
        }
        for plant in &mut one.plants {
            plant.zone = ZoneId(0);
        }
        for (three, one) in unserved(&wide).iter().zip(unserved(&one)) {
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
