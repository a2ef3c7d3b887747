//! Over random systems: energy and hashes balance exactly, causes add up, and asking for more
//! changes nothing.

mod support;

use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::quantity::{Instant, Power, Span};
use hashfall::random::StreamId;
use hashfall::system::*;
use proptest::prelude::*;
use support::*;

/// What a random system is made of.
#[derive(Debug, Clone)]
struct Recipe {
    seed: u64,
    load_mw: [f64; 3],
    plant_mw: [f64; 3],
    tie_mw: [f64; 2],
    farms: Vec<(usize, f64, bool, f64)>,
    reserve_mw: f64,
    order_delay_min: f64,
    order_minimum_min: f64,
    hold_min: f64,
    boot_min: f64,
    cut: (f64, f64),
    dark: (f64, f64),
}

fn recipe() -> impl Strategy<Value = Recipe> {
    let farm = (0usize..3, 1.0..80.0f64, any::<bool>(), 0.0..1.0f64);
    (
        (
            any::<u64>(),
            prop::array::uniform3(50.0..500.0f64),
            prop::array::uniform3(20.0..300.0f64),
        ),
        (
            prop::array::uniform2(0.0..200.0f64),
            prop::collection::vec(farm, 1..6),
            0.0..60.0f64,
        ),
        (0.0..30.0f64, 0.0..90.0f64, 0.0..40.0f64, 0.0..40.0f64),
        ((0.0..30.0f64, 1.0..20.0f64), (0.0..40.0f64, 1.0..9.0f64)),
    )
        .prop_map(
            |((seed, load_mw, plant_mw), (tie_mw, farms, reserve_mw), times, hazards)| Recipe {
                seed,
                load_mw,
                plant_mw,
                tie_mw,
                farms,
                reserve_mw,
                order_delay_min: times.0.floor(),
                order_minimum_min: times.1.floor(),
                hold_min: times.2.floor(),
                boot_min: times.3.floor(),
                cut: hazards.0,
                dark: hazards.1,
            },
        )
}

fn cook(recipe: &Recipe) -> System {
    let mut system = empty(48);
    system.seed = recipe.seed;
    internet(&mut system);
    let coal = class(&mut system, "coal", 10.0, 1.0);
    let gas = class(&mut system, "gas", 30.0, 0.4);
    for (index, name) in ["a", "b", "c"].into_iter().enumerate() {
        let load: Vec<f64> = (0..48)
            .map(|hour| recipe.load_mw[index] * (1.0 + 0.3 * f64::from(hour % 24) / 24.0))
            .collect();
        let zone = zone(&mut system, name, &load);
        system.zones[zone.at()].reserve = Power::from_megawatts(recipe.reserve_mw);
        system.zones[zone.at()].priority = (index % 2) as u8;
        let mw = recipe.plant_mw[index];
        plant(
            &mut system,
            &format!("{name}-coal"),
            (zone, coal),
            2,
            mw,
            Some((20.0, 5.0)),
        );
        plant(
            &mut system,
            &format!("{name}-gas"),
            (zone, gas),
            1,
            mw / 2.0,
            Some((30.0, 9.0)),
        );
    }
    line(&mut system, "a-b", ZoneId(0), ZoneId(1), recipe.tie_mw[0]);
    line(&mut system, "b-c", ZoneId(1), ZoneId(2), recipe.tie_mw[1]);
    system.lines[0].circuits = 2;
    system.lines[0].outages = Some(exponential("line/a-b", 30.0, 4.0));
    for (index, &(zone, mw, interruptible, compliance)) in recipe.farms.iter().enumerate() {
        let id = farm(
            &mut system,
            &format!("farm-{index}"),
            ZoneId::from(zone),
            mw,
        );
        let farm = &mut system.farms[id.at()];
        farm.interruptible = interruptible;
        farm.compliance = Value::Fixed(compliance);
        farm.pool_fee = 0.02;
        farm.access_outages = Some(exponential(&format!("farm/{index}/access"), 15.0, 3.0));
        farm.link_loss = LinkLoss {
            hold_minutes: Value::Fixed(recipe.hold_min),
            hold_power: 0.9,
            after_power: 0.03,
        };
        farm.start.steps = vec![
            StartStep {
                after: Span::from_minutes(recipe.boot_min),
                share_ppm: 300_000,
            },
            StartStep {
                after: Span::from_minutes(recipe.boot_min * 2.0),
                share_ppm: 1_000_000,
            },
        ];
    }
    system.operator = Operator {
        order_delay: Span::from_minutes(recipe.order_delay_min),
        order_minimum: Span::from_minutes(recipe.order_minimum_min),
    };
    let targets = vec![Target::Gateway(GatewayId(0))];
    hazard(
        &mut system,
        "cut",
        true,
        (recipe.cut.0, recipe.cut.0 + recipe.cut.1),
        targets,
    );
    system.hazards[0].spares = Value::Fixed(0.2);
    system.hazards[0].spare_streams = (0..system.farms.len())
        .map(|k| StreamId::of(&format!("spare/{k}")))
        .collect();
    let targets = vec![Target::Zone(ZoneId(1))];
    hazard(
        &mut system,
        "dark",
        true,
        (recipe.dark.0, recipe.dark.0 + recipe.dark.1),
        targets,
    );
    window(&mut system, "part", 7.3, 31.9);
    system
}

/// Checks every state the engine shows.
#[derive(Default)]
struct Balance {
    states: usize,
}

impl Recorder for Balance {
    const HOURS: bool = true;
    const ENERGY: bool = true;

    fn begin(&mut self, view: View<'_>) {
        self.changed(view);
    }

    fn changed(&mut self, view: View<'_>) {
        self.states += 1;
        let View {
            plan,
            futures,
            state,
        } = view;
        let (system, market) = (plan.system, state.energy());
        for zone in 0..system.zones.len() {
            let generation: i64 = (0..system.classes.len())
                .map(|class| market.taken(zone, class))
                .sum();
            let mining: i64 = plan
                .farms_of(zone)
                .iter()
                .map(|&farm| state.farms[farm].draws)
                .sum();
            let served = state.zones[zone].firm_now() - state.unserved[zone] + mining;
            let corridors = plan.network().corridors().iter().enumerate();
            let received: i64 = corridors
                .map(|(index, corridor)| match corridor.ends {
                    (first, _) if first == zone => -market.flow(index),
                    (_, second) if second == zone => market.flow(index),
                    _ => 0,
                })
                .sum();
            assert_eq!(generation + received, served, "energy of zone {zone}");
            assert!(state.unserved[zone] >= 0 && generation <= state.zones[zone].capacity);
        }
        for (index, corridor) in plan.network().corridors().iter().enumerate() {
            for (line, flow) in corridor.share(market.flow(index), &state.line_limit) {
                let (forward, backward) = state.line_limit[line];
                assert!(-backward <= flow && flow <= forward, "flow of line {line}");
            }
        }
        for (index, farm) in state.farms.iter().enumerate() {
            let shares = farm.shares();
            let levels = shares.levels();
            assert!(
                levels
                    .windows(2)
                    .all(|pair| pair[1] <= pair[0] && pair[1] >= 0),
                "{farm:?}"
            );
            assert!(
                farm.ready <= farm.goal && farm.goal <= 1_000_000,
                "{farm:?}"
            );
            assert!(state.farms[index].draws <= futures.installed[index].0);
            assert!(state.farms[index].draws >= 0);
        }
    }

    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn energy_balances_in_every_state(recipe in recipe()) {
        let system = cook(&recipe);
        let plan = Plan::new(&system);
        let mut balance = Balance::default();
        let mut replicator = Replicator::new(&plan);
        for replication in 0..3 {
            replicator.replicate(replication, &mut balance, &mut vec![]).unwrap();
        }
        prop_assert!(balance.states > 100);
    }

    #[test]
    fn causes_add_up_to_the_last_hash(recipe in recipe()) {
        let system = cook(&recipe);
        let outcome = run(&system, 0);
        for window in ["all", "part"] {
            let slot = |name: &str| outcome.slot(&format!("{window}/network/{name}"));
            let causes = ["supply", "order", "contract", "price", "link", "restart", "heat", "stale"];
            let sum = |kind: &str| -> i64 {
                causes.iter().map(|cause| slot(&format!("{kind}/{cause}_ph"))).sum()
            };
            prop_assert_eq!(sum("first"), slot("lost_installed_ph"));
            prop_assert_eq!(sum("event/first"), slot("event/lost_ph"));
            // Found and lost are what is installed, to the rounding of each part.
            let gap = slot("found_ph") + slot("lost_installed_ph") - slot("installed_ph");
            prop_assert!(gap.abs() <= 5, "{}", gap);
            prop_assert!((sum("after") - slot("first/restart_ph")).abs() <= 8);
            for cause in causes {
                // Alone, a cause takes at least what only it takes.
                let any = slot(&format!("any/{cause}_ph"));
                prop_assert!(any + 1 >= slot(&format!("only/{cause}_ph")), "{}", cause);
            }
        }
    }

    /// Nothing the event does can reach back: before it begins, both runs are one.
    #[test]
    fn the_paired_run_differs_only_from_the_event_on(recipe in recipe()) {
        let mut system = cook(&recipe);
        let first = recipe.cut.0.min(recipe.dark.0);
        prop_assume!(first > 1.0);
        window(&mut system, "before", 0.0, first);
        let outcome = run(&system, 0);
        prop_assert_eq!(outcome.slot("before/network/event/lost_ph"), 0);
    }

    /// A future without the event's hazards is the same whether they are switched off or absent.
    #[test]
    fn switching_the_event_off_is_not_having_it(recipe in recipe()) {
        let with = cook(&recipe);
        let mut without = with.clone();
        without.hazards.clear();
        let (with, without) = (run(&with, 3), run(&without, 3));
        let attributable = with.slot("all/network/event/lost_ph");
        let direct = with.slot("all/network/lost_installed_ph") - without.slot("all/network/lost_installed_ph");
        prop_assert_eq!(attributable, direct);
    }
}

/// Recorders ask for hours; the numbers of those that do not must not notice.
#[test]
fn the_grain_changes_no_bit() {
    let mut system = empty(168);
    let load: Vec<f64> = (0..168).map(|hour| 100.0 + f64::from(hour % 24)).collect();
    let north = zone(&mut system, "north", &load);
    let south = zone(&mut system, "south", &load);
    let coal = class(&mut system, "coal", 1.0, 1.0);
    plant(&mut system, "n", (north, coal), 8, 20.0, Some((50.0, 10.0)));
    plant(&mut system, "s", (south, coal), 9, 15.0, Some((40.0, 10.0)));
    line(&mut system, "tie", north, south, 25.0);
    window(&mut system, "part", 3.7, 99.2);
    let mut short = 0;
    for replication in 0..40 {
        let coarse = run_grid(&system, replication);
        let fine = run(&system, replication);
        let rows = coarse.row().len();
        assert_eq!(coarse.row(), &fine.row()[..rows]);
        short += i64::from(coarse.system("lole_h") > 0.0);
    }
    assert!(short > 5, "the test must see shortages");
    let _ = Instant::START;
}
