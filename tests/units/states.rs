//! Units of several states.

use super::*;
use hashfall::engine::Event;
use hashfall::quantity::{MS_PER_HOUR, Power};
use hashfall::random::StreamId;
use hashfall::system::{CapacityState, StateModel, Transition};
use support::*;

fn model(states: &[(&str, f64)], ways: &[(usize, usize, f64)], stream: &str) -> StateModel {
    let state = |&(name, mw): &(&str, f64)| CapacityState {
        name: name.into(),
        capacity: Power::from_megawatts(mw),
    };
    let way = |&(from, to, mean_h): &(usize, usize, f64)| Transition { from, to, mean_h };
    StateModel {
        states: states.iter().map(state).collect(),
        transitions: ways.iter().map(way).collect(),
        stream: StreamId::of(stream),
    }
}

/// Ways in and out of everything, not only by the full state.
const WAYS: [(usize, usize, f64); 7] = [
    (0, 1, 40.0),
    (0, 3, 90.0),
    (1, 0, 25.0),
    (1, 2, 30.0),
    (2, 0, 60.0),
    (2, 3, 20.0),
    (3, 0, 15.0),
];
const STATES: [(&str, f64); 4] = [("up", 100.0), ("half", 50.0), ("poor", 30.0), ("down", 0.0)];

/// One unit of four states under a load of 60 MW.
fn four_states(hours: i64) -> System {
    let mut system = empty(hours);
    let zone = flat_zone(&mut system, "zone", 60.0);
    let class = class(&mut system, "any", 0.0, 0.0);
    plant(&mut system, "unit", (zone, class), 1, 100.0, None);
    system.units[0].states = Some(model(&STATES, &WAYS, "plant/unit/unit-1/outage"));
    system
}

#[test]
fn two_states_are_a_plain_unit_bit_for_bit() {
    let mut plain = empty(3000);
    let zone = flat_zone(&mut plain, "zone", 130.0);
    let class = class(&mut plain, "any", 0.0, 0.0);
    plant(&mut plain, "p", (zone, class), 3, 50.0, Some((200.0, 37.0)));
    let mut chained = plain.clone();
    for unit in &mut chained.units {
        let stream = unit.outages.take().expect("it fails").stream;
        let ways = [(0, 1, 200.0), (1, 0, 37.0)];
        let states = model(&[("up", 50.0), ("down", 0.0)], &ways, "");
        unit.states = Some(StateModel { stream, ..states });
    }
    for replication in 0..300 {
        let rows = [&plain, &chained].map(|system| run_grid(system, replication).row().to_vec());
        assert_eq!(rows[0], rows[1], "replication {replication}");
        assert!(replication > 0 || rows[0].iter().any(|&value| value > 0));
    }
}

#[test]
fn two_states_written_as_states_are_the_plain_form() {
    let plant = |keys: &str| {
        system(&format!(
            "{}[[zone]]\nname = \"z\"\nload_mw = 9\n[[plant]]\nname = \"p\"\nzone = \"z\"\nunits = 2\ncapacity_mw = 8\n{keys}",
            head(100)
        ))
    };
    let plain = plant("failures_per_year = 2.4\nrepairs_per_year = 157.6\n");
    let states = plant(
        "transitions = [{ from = \"up\", to = \"down\", per_year = 2.4 }, { from = \"down\", to = \"up\", per_year = 157.6 }]\n",
    );
    for (plain, states) in plain.units.iter().zip(&states.units) {
        assert!(plain.outages.is_some() && states.states.is_none());
        assert_eq!(plain.outages, states.outages);
    }
}

#[test]
fn the_first_hour_is_like_every_other() {
    const HOURS: [i64; 3] = [0, 50, 400];
    const N: u32 = 20_000;
    struct Seen {
        counts: [[u32; 4]; 3],
        next: usize,
    }
    impl Seen {
        /// What holds until `upto` is counted at the hours before it.
        fn count(&mut self, view: &View<'_>, upto: i64) {
            while self.next < HOURS.len() && HOURS[self.next] * MS_PER_HOUR < upto {
                let state = view.state.units[0].state();
                self.counts[self.next][usize::from(state)] += 1;
                self.next += 1;
            }
        }
    }
    impl Recorder for Seen {
        fn begin(&mut self, view: View<'_>) {
            self.next = 0;
            self.count(&view, 1);
        }
        fn event(&mut self, view: View<'_>, event: Event) {
            assert!(matches!(event, Event::UnitEnters(_)));
            // The state is still that of before the event; its instant is now.
            self.count(&view, view.state.now.0);
        }
        fn close(&mut self, view: View<'_>, _row: &mut Vec<i64>) {
            self.count(&view, i64::MAX);
        }
    }
    let system = four_states(401);
    let share = system.units[0]
        .states
        .as_ref()
        .expect("states")
        .stationary();
    let plan = Plan::new(&system);
    let mut seen = Seen {
        counts: [[0; 4]; 3],
        next: 0,
    };
    let mut replicator = Replicator::new(&plan);
    for replication in 0..N {
        replicator
            .replicate(replication, &mut seen, &mut Vec::new())
            .expect("a replication");
    }
    for (hour, counts) in HOURS.iter().zip(seen.counts) {
        assert_eq!(counts.iter().sum::<u32>(), N);
        for (state, (count, share)) in counts.into_iter().zip(&share).enumerate() {
            let n = f64::from(N);
            let z = (f64::from(count) - n * share) / (n * share * (1.0 - share)).sqrt();
            assert!(
                z.abs() < 4.0,
                "hour {hour}, state {state}: {count}, z = {z}"
            );
        }
    }
}

#[test]
fn capacity_follows_the_state_and_indices_their_shares() {
    let system = four_states(500);
    let share = system.units[0]
        .states
        .as_ref()
        .expect("states")
        .stationary();
    // 60 MW of load: half lacks 10 MW, poor 30, down 60.
    let lole = 500.0 * (1.0 - share[0]);
    let eue = 500.0 * (10.0 * share[1] + 30.0 * share[2] + 60.0 * share[3]);
    hold(&system, 4_000, &[("lole_h", lole), ("eue_mwh", eue)]);
}

/// Lengths, ms, of the stays in each state that begin and end within the horizon.
fn stays(system: &System) -> Vec<Vec<i64>> {
    let mut all = vec![Vec::new(); 4];
    each_begin(system, 1, |view| {
        let timeline = view.futures.timeline();
        let mut last: Option<(i64, u8)> = None;
        for position in 0..timeline.len() {
            if let Event::UnitEnters(slot) = timeline.event(position) {
                let (_, state) = view.plan.unit_state(slot);
                let at = timeline.time(position).0;
                if let Some((since, state)) = last {
                    all[usize::from(state)].push(at - since);
                }
                last = Some((at, state));
            }
        }
    });
    all
}

#[test]
fn a_stay_keeps_its_draw_whatever_the_others_are() {
    let system = four_states(40_000);
    let mut longer = system.clone();
    let model = longer.units[0].states.as_mut().expect("states");
    // Both ways out of `half` slow down alike: its stays are three times as long, nothing else.
    for way in model.transitions.iter_mut().filter(|way| way.from == 1) {
        way.mean_h *= 3.0;
    }
    let (before, after) = (stays(&system), stays(&longer));
    for state in [0, 2, 3] {
        let n = before[state].len().min(after[state].len());
        assert!(n > 40);
        // The start may differ, by which the first stays may be told apart; here it does not.
        assert_eq!(before[state][..n], after[state][..n], "state {state}");
    }
    for (before, after) in before[1].iter().zip(&after[1]) {
        assert!((3 * before - after).abs() <= 2, "{before} {after}");
    }
}

#[test]
fn a_unit_of_states_moves_nobody_elses_draws() {
    let mut system = empty(5000);
    let zone = flat_zone(&mut system, "zone", 130.0);
    let class = class(&mut system, "any", 0.0, 0.0);
    plant(
        &mut system,
        "p",
        (zone, class),
        3,
        50.0,
        Some((200.0, 37.0)),
    );
    let mut more = system.clone();
    plant(&mut more, "q", (zone, class), 1, 100.0, None);
    more.units[3].states = Some(super::states::model(
        &STATES,
        &WAYS,
        "plant/q/unit-1/outage",
    ));
    let events = |system: &System| {
        let mut all = Vec::new();
        each_begin(system, 20, |view| {
            let timeline = view.futures.timeline();
            let events = (0..timeline.len()).map(|k| (timeline.time(k).0, timeline.event(k)));
            let (own, others): (Vec<_>, Vec<_>) =
                events.partition(|&(_, event)| matches!(event, Event::UnitEnters(_)));
            all.push((own.len(), others));
        });
        all
    };
    for (alone, together) in events(&system).into_iter().zip(events(&more)) {
        assert_eq!(alone.1, together.1);
        assert!(alone.0 == 0 && together.0 > 20);
    }
}

#[test]
fn mistakes_of_states_are_told_all_at_once() {
    let text = |plant: &str| {
        format!(
            "{}[[zone]]\nname = \"z\"\nload_mw = 9\n[[plant]]\nname = \"p\"\nzone = \"z\"\ncapacity_mw = 40\n{plant}",
            head(100)
        )
    };
    let all = wrong(&text(
        r#"mttf_h = 9
states = [
  { name = "derated", capacity_mw = 20 },
  { name = "derated", capacity_mw = 10 },
  { name = "down", capacity_mw = 0 },
  { name = "best", capacity_mw = 41 },
]
transitions = [
  { from = "up", to = "downn", per_year = 1 },
  { from = "up", to = "up", per_year = 1 },
  { from = "derated", to = "up" },
  { from = "derated", to = "up", per_h = 1, mean_h = 1 },
]
"#,
    ));
    for wanted in [
        "`mttf_h` beside `states`",
        "two states are called \"derated\"",
        "the state \"down\" is there already",
        "41 MW is not less",
        "no state named \"downn\"",
        "leads to where it begins",
        "the rate is missing, or given twice",
    ] {
        assert!(all.contains(wanted), "{wanted} is not in\n{all}");
    }
    let shape = wrong(&text(
        r#"states = [{ name = "a", capacity_mw = 20 }, { name = "b", capacity_mw = 10 }, { name = "c", capacity_mw = 5 }]
transitions = [
  { from = "up", to = "down", per_year = 1 },
  { from = "up", to = "b", per_year = 1 },
  { from = "b", to = "c", per_year = 1 },
  { from = "c", to = "b", per_year = 1 },
  { from = "a", to = "up", per_year = 1 },
]
"#,
    ));
    for wanted in [
        "the state \"down\" cannot be left",
        "the state \"a\" is never reached",
        "the state \"b\" never leads back",
        "the state \"c\" never leads back",
    ] {
        assert!(shape.contains(wanted), "{wanted} is not in\n{shape}");
    }
    let rate = wrong(&text(
        "transitions = [{ from = \"up\", to = \"down\", per_year = 0 }]\n",
    ));
    assert!(rate.contains("0 is out of range"), "{rate}");
}
