//! Randomness is addressed: whatever is added, reordered or renamed, everybody else's draws stay.

mod support;

use hashfall::engine::{Event, Plan, Recorder, Replicator, View};
use hashfall::random::{DurationLaw, StreamId};
use hashfall::scenario::{Source, read};
use hashfall::system::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::*;

/// What was drawn of one future, by the name of the entity.
#[derive(Debug, Clone, Default, PartialEq)]
struct Drawn {
    /// Times (ms) and kinds of its events.
    events: BTreeMap<String, Vec<(i64, &'static str)>>,
    /// Floats by name, as bits: inputs, temperatures, the rest of the world, pools, farms.
    numbers: BTreeMap<String, Vec<u64>>,
}

#[derive(Default)]
struct Draws(Drawn);

impl Recorder for Draws {
    fn begin(&mut self, view: View<'_>) {
        let (system, futures) = (view.plan.system, view.futures);
        let mut drawn = Drawn::default();
        let timeline = futures.timeline();
        let mut circuits = BTreeMap::new();
        for position in 0..timeline.len() {
            let (at, event) = (timeline.time(position).0, timeline.event(position));
            let (name, what) = named(&view, event, &mut circuits);
            drawn.events.entry(name).or_default().push((at, what));
        }
        let mut number = |name: String, values: &[f64]| {
            let bits = values.iter().map(|value| value.to_bits()).collect();
            drawn.numbers.insert(name, bits);
        };
        for (input, value) in system.inputs.iter().zip(&futures.inputs) {
            number(format!("input/{}", input.name), &[*value]);
        }
        for (weather, path) in system.weathers.iter().zip(&futures.temperature) {
            number(format!("weather/{}", weather.name), path);
        }
        for (pool, share) in system.pools.iter().zip(&futures.pool_share) {
            number(format!("pool/{}", pool.name), &[*share]);
        }
        // Without a calibration the rest of the world is what the farms leave of it.
        if system
            .world
            .as_ref()
            .is_some_and(|world| world.calibration.is_some())
        {
            let rest = futures.rest_of_world.iter().map(|rest| rest.0 as f64);
            number("world".to_owned(), &rest.collect::<Vec<f64>>());
        }
        for (index, farm) in system.farms.iter().enumerate() {
            let class = &system.access_classes[futures.access_class[index]].name;
            let hash = StreamId::of(class).0 as f64;
            let hold = futures.hold_minutes[index];
            number(format!("farm/{}", farm.name), &[hash, hold]);
        }
        self.0 = drawn;
    }
    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

/// The entity of an event, and what happens to it.
fn named(
    view: &View<'_>,
    event: Event,
    circuits: &mut BTreeMap<usize, u16>,
) -> (String, &'static str) {
    let system = view.plan.system;
    let at = usize::from;
    let unit = |i: u16| format!("plant/{}", system.units[at(i)].name);
    let farm = |i: u16| format!("farm/{}/access", system.farms[at(i)].name);
    let strike = |i: u16| {
        let strike = view.futures.strikes[at(i)];
        format!(
            "hazard/{}/{}",
            system.hazards[strike.hazard].name, strike.ordinal
        )
    };
    let window = |i: u16| {
        let (hazard, k) = view.plan.window(i);
        format!("hazard/{}/window-{k}", system.hazards[hazard].name)
    };
    let mut circuit = |i: u16| {
        let line = view.plan.line_of_circuit(i);
        let first = circuits.entry(line).or_insert_with(|| {
            (0..=i)
                .find(|&k| view.plan.line_of_circuit(k) == line)
                .unwrap_or(i)
        });
        format!(
            "line/{}/circuit-{}",
            system.lines[line].name,
            i - *first + 1
        )
    };
    match event {
        Event::UnitUp(i) => (unit(i), "up"),
        Event::UnitDown(i) => (unit(i), "down"),
        Event::UnitRestored(i) => (unit(i) + "/derating", "up"),
        Event::UnitDerated(i) => (unit(i) + "/derating", "down"),
        Event::UnitEnters(slot) => {
            let (i, state) = view.plan.unit_state(slot);
            (unit(i), ["full", "part", "none"][at(state.min(2).into())])
        }
        Event::PlannedEnd(i) => (unit(i) + "/planned", "up"),
        Event::PlannedBegin(i) => (unit(i) + "/planned", "down"),
        Event::CircuitUp(i) => (circuit(i), "up"),
        Event::CircuitDown(i) => (circuit(i), "down"),
        Event::AccessUp(i) => (farm(i), "up"),
        Event::AccessDown(i) => (farm(i), "down"),
        Event::ProviderUp(i) => (format!("provider/{}", system.providers[at(i)].name), "up"),
        Event::ProviderDown(i) => (format!("provider/{}", system.providers[at(i)].name), "down"),
        Event::GatewayUp(i) => (format!("gateway/{}", system.gateways[at(i)].name), "up"),
        Event::GatewayDown(i) => (format!("gateway/{}", system.gateways[at(i)].name), "down"),
        Event::PoolUp(i) => (format!("pool/{}", system.pools[at(i)].name), "up"),
        Event::PoolDown(i) => (format!("pool/{}", system.pools[at(i)].name), "down"),
        Event::StrikeEnd(i) => (strike(i), "up"),
        Event::StrikeBegin(i) => (strike(i), "down"),
        Event::WindowClose(i) => (window(i), "up"),
        Event::WindowOpen(i) => (window(i), "down"),
        Event::OrderEnd(i) => (format!("order/{}", system.orders[at(i)].name), "up"),
        Event::OrderBegin(i) => (format!("order/{}", system.orders[at(i)].name), "down"),
    }
}

fn draws(system: &System, replication: u32) -> Drawn {
    let plan = Plan::new(system);
    let mut draws = Draws::default();
    Replicator::new(&plan)
        .replicate(replication, &mut draws, &mut vec![])
        .expect("a replication");
    draws.0
}

/// Everything in `before` is in `after`, bit for bit; `after` may hold more.
fn unchanged(before: &Drawn, after: &Drawn) {
    for (name, events) in &before.events {
        assert_eq!(Some(events), after.events.get(name), "events of {name}");
    }
    for (name, bits) in &before.numbers {
        assert_eq!(Some(bits), after.numbers.get(name), "draws of {name}");
    }
}

/// The same without what concerns one entity.
fn without(mut drawn: Drawn, entity: &str) -> Drawn {
    drawn.events.retain(|name, _| !name.contains(entity));
    drawn.numbers.retain(|name, _| !name.contains(entity));
    drawn
}

fn system(text: &str) -> System {
    match read(&Source::text(text), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{}", mistakes.render(false)),
    }
}

/// Two scenarios with something of everything that is drawn.
fn texts() -> [String; 2] {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/scenarios/kazakhstan-2022.toml"
    );
    let kazakhstan = std::fs::read_to_string(path).expect("a scenario");
    [hashfall::scenario::starter().to_owned(), kazakhstan]
}

/// Compares replications of two scenarios.
fn compare(before: &str, after: &str, entity: &str) {
    let (before, after) = (system(before), system(after));
    let mut events = 0;
    for replication in [0, 1, 77] {
        let was = draws(&before, replication);
        events += was.events.len();
        let was = if entity.is_empty() {
            was
        } else {
            without(was, entity)
        };
        unchanged(&was, &draws(&after, replication));
    }
    assert!(events > 15, "too little happens to see a change: {events}");
}

#[test]
fn a_new_plant_moves_nobody() {
    for text in texts() {
        let plant = "\n[[plant]]\nname = \"aaa-new\"\nzone = \"north\"\nunits = 3\n\
                     capacity_mw = 77\nmttf_h = 90\nmttr_h = 9\nbasis = \"assumed\"\n\
                     source = \"a test\"\n";
        compare(&text, &format!("{text}{plant}"), "");
    }
}

#[test]
fn a_new_farm_moves_nobody() {
    for (text, provider) in texts().into_iter().zip(["national", "kcell"]) {
        let pool = if provider == "kcell" {
            "F2Pool"
        } else {
            "large"
        };
        let efficiency = if provider == "kcell" {
            ""
        } else {
            "fleet = \"mixed-fleet\"\n"
        };
        let farm = format!(
            "\n[[farm]]\nname = \"aaa-new\"\nzone = \"south\"\ninstalled_mw = 12\n{efficiency}\
             access = \"household\"\nproviders = [\"{provider}\"]\npools = [\"{pool}\"]\n\
             access_outages = {{ mttf_h = 50, mttr_h = 5 }}\nbasis = \"assumed\"\n\
             source = \"a test\"\n"
        );
        compare(&text, &format!("{text}{farm}"), "");
    }
}

#[test]
fn a_new_hazard_moves_nobody() {
    for text in texts() {
        let hazard = "\n[[hazard]]\nname = \"aaa-new\"\nrate_per_year = 50\nduration_mean_h = 3\n\
                      takes_down = [\"zone/south\", \"gateway/*\"]\nspares = 0.5\n\
                      basis = \"assumed\"\nsource = \"a test\"\n";
        compare(&text, &format!("{text}{hazard}"), "");
    }
}

#[test]
fn a_new_name_moves_nobody_else() {
    let [starter, kazakhstan] = texts();
    let renamed = starter.replace("\"southern-gas\"", "\"zzz-gas\"");
    compare(&starter, &renamed, "plant/southern-gas");
    let renamed = kazakhstan.replace("\"blackout-north\"", "\"zzz-blackout\"");
    compare(&kazakhstan, &renamed, "hazard/blackout-north");
}

/// The tables of a scenario in reverse; what hangs on a table, as `[[hazard.window]]`, stays
/// behind it.
fn reversed(text: &str) -> String {
    let mut blocks = vec![String::new()];
    for line in text.lines() {
        let hangs = line.starts_with("[[") && line.contains('.');
        if line.starts_with('[') && !hangs {
            blocks.push(String::new());
        }
        let block = blocks.last_mut().expect("a block");
        block.push_str(line);
        block.push('\n');
    }
    // What stands before the first table belongs to the file.
    let first = blocks.remove(0);
    blocks.reverse();
    first + &blocks.concat()
}

/// Not only the draws: the results are the same rows.
#[test]
fn the_order_of_tables_reaches_no_result() {
    for text in texts() {
        let turned = reversed(&text);
        assert_ne!(text, turned);
        compare(&text, &turned, "");
        let (before, after) = (system(&text), system(&turned));
        for replication in [0, 5] {
            assert_eq!(
                run(&before, replication).row(),
                run(&after, replication).row()
            );
        }
    }
}

/// Up times and times down that begin within the horizon, ms, in order.
fn durations(system: &System, replication: u32) -> (Vec<i64>, Vec<i64>) {
    let drawn = draws(system, replication);
    let events = drawn.events.values().next().cloned().unwrap_or_default();
    let (mut up, mut down) = (vec![], vec![]);
    for pair in events.windows(2) {
        let length = pair[1].0 - pair[0].0;
        if pair[0].1 == "up" {
            up.push(length)
        } else {
            down.push(length)
        }
    }
    (up, down)
}

fn one_unit(law: DurationLaw, seed: u64) -> System {
    let mut system = empty(24 * 200);
    system.seed = seed;
    let zone = flat_zone(&mut system, "zone", 10.0);
    let class = class(&mut system, "coal", 1.0, 1.0);
    plant(
        &mut system,
        "plant",
        (zone, class),
        1,
        20.0,
        Some((1.0, 8.0)),
    );
    let outages = system.units[0].outages.as_mut().expect("it fails");
    outages.up = law;
    system
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Monotone draws: a longer mean moves each failure later by exactly its ratio, and no
    /// repair at all.
    #[test]
    fn a_longer_mttf_stretches_every_up_time_by_its_ratio(
        seed: u64,
        ratio in 1.0..4.0f64,
        shape in 0.6..3.0f64,
        kind in 0..3,
    ) {
        let law = |mean_h: f64| match kind {
            0 => DurationLaw::Exponential { mean_h },
            1 => DurationLaw::Weibull { mean_h, shape },
            _ => DurationLaw::Lognormal { mean_h, coefficient_of_variation: shape },
        };
        let (short_up, short_down) = durations(&one_unit(law(60.0), seed), 0);
        let (long_up, long_down) = durations(&one_unit(law(60.0 * ratio), seed), 0);
        prop_assert!(short_up.len() > 3);
        for (short, long) in short_up.iter().zip(&long_up) {
            let expected = *short as f64 * ratio;
            // Each is rounded to a millisecond.
            prop_assert!((*long as f64 - expected).abs() <= 0.5 + 0.5 * ratio, "{} {}", short, long);
        }
        for (short, long) in short_down.iter().zip(&long_down) {
            prop_assert_eq!(short, long);
        }
    }
}
