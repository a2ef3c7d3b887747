//! How often and how long entities are down: the means hold, and hold from the first hour.

mod support;

use hashfall::engine::{Event, Plan, Recorder, Replicator, View};
use hashfall::quantity::{MS_PER_DAY, MS_PER_HOUR};
use hashfall::random::{DurationLaw, StreamId};
use hashfall::system::*;
use support::*;

/// Hours of a horizon short against the up times, so that a wrong start would show.
const HOURS: i64 = 120;
const MTTF_H: f64 = 60.0;
const MTTR_H: f64 = 15.0;

/// Laws of up time: no memory, early failures, wear-out, and the lognormal.
fn laws(mean_h: f64) -> [(&'static str, DurationLaw); 4] {
    let weibull = |shape| DurationLaw::Weibull { mean_h, shape };
    [
        ("exponential", DurationLaw::Exponential { mean_h }),
        ("weibull 0.7", weibull(0.7)),
        ("weibull 2.5", weibull(2.5)),
        (
            "lognormal",
            DurationLaw::Lognormal {
                mean_h,
                coefficient_of_variation: 1.2,
            },
        ),
    ]
}

/// Changes of one sort of entity, as read off a timeline.
#[derive(Default)]
struct Watch {
    /// Up times and times down of each entity: (ms, up) in order.
    changes: Vec<Vec<(i64, bool)>>,
    /// Available at the start.
    starts_up: Vec<bool>,
    kind: Kind,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Kind {
    #[default]
    Unit,
    Derating,
    Circuit,
    Access,
}

impl Recorder for Watch {
    fn begin(&mut self, view: View<'_>) {
        let timeline = view.futures.timeline();
        for changes in &mut self.changes {
            changes.clear();
        }
        for position in 0..timeline.len() {
            let change = match (self.kind, timeline.event(position)) {
                (Kind::Unit, Event::UnitUp(i)) => (i, true),
                (Kind::Unit, Event::UnitDown(i)) => (i, false),
                (Kind::Derating, Event::UnitRestored(i)) => (i, true),
                (Kind::Derating, Event::UnitDerated(i)) => (i, false),
                (Kind::Circuit, Event::CircuitUp(i)) => (i, true),
                (Kind::Circuit, Event::CircuitDown(i)) => (i, false),
                (Kind::Access, Event::AccessUp(i)) => (i, true),
                (Kind::Access, Event::AccessDown(i)) => (i, false),
                _ => continue,
            };
            self.changes[usize::from(change.0)].push((timeline.time(position).0, change.1));
        }
        for (index, up) in self.starts_up.iter_mut().enumerate() {
            let full = view.futures.unit_capacity.first().copied().unwrap_or(0);
            *up = match self.kind {
                Kind::Unit => view.state.units[index].is_available(),
                Kind::Derating => view.state.units[index].contribution == full,
                Kind::Circuit => {
                    let limit = view.state.line_limit[index].0;
                    limit > 0
                }
                Kind::Access => view.state.farms[index].access_down == 0,
            };
        }
    }
    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

/// A sample's mean against an exact value, in standard errors.
#[derive(Default)]
struct Sample {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Sample {
    fn push(&mut self, value: f64) {
        self.n += 1.0;
        self.sum += value;
        self.squares += value * value;
    }
    fn mean(&self) -> f64 {
        self.sum / self.n
    }
    fn error(&self) -> f64 {
        ((self.squares / self.n - self.mean().powi(2)) / (self.n - 1.0)).sqrt()
    }
    fn is(&self, what: &str, exact: f64) {
        let z = (self.mean() - exact) / self.error();
        println!("{what}: {:.6} is {exact:.6} at z = {z:+.2}", self.mean());
        assert!(
            z.abs() < 3.0,
            "{what}: {} against {exact}, z = {z}",
            self.mean()
        );
        // A test that cannot see anything proves nothing.
        assert!(
            self.error() < 0.03 * exact.abs().max(1e-9),
            "{what}: too few replications"
        );
    }
}

/// State at an instant from the state at the start and the changes since.
fn up_at(starts_up: bool, changes: &[(i64, bool)], at: i64) -> bool {
    let before = changes.iter().take_while(|change| change.0 <= at).last();
    before.map_or(starts_up, |change| change.1)
}

/// ms up within the horizon.
fn time_up(starts_up: bool, changes: &[(i64, bool)], horizon: i64) -> i64 {
    let (mut up, mut since, mut total) = (starts_up, 0, 0);
    for &(at, now_up) in changes {
        total += if up { at - since } else { 0 };
        (up, since) = (now_up, at);
    }
    total + if up { horizon - since } else { 0 }
}

/// Runs replications and holds an entity's availability and frequency against the means.
fn hold(what: &str, system: &System, kind: Kind, entity: usize, entities: usize, n: u32) {
    let plan = Plan::new(system);
    let mut watch = Watch {
        changes: vec![vec![]; entities],
        starts_up: vec![true; entities],
        kind,
    };
    let mut replicator = Replicator::new(&plan);
    let horizon = system.horizon.0;
    let names = [
        "at the start",
        "after 1 h",
        "after 9 h",
        "after 119 h",
        "on average",
    ];
    let mut down: [Sample; 5] = Default::default();
    let mut failures = Sample::default();
    let mut early = Sample::default();
    for replication in 0..n {
        replicator
            .replicate(replication, &mut watch, &mut vec![])
            .expect("a replication");
        let (starts_up, changes) = (watch.starts_up[entity], &watch.changes[entity]);
        for (sample, hour) in down.iter_mut().zip([0, 1, 9, 119]) {
            let up = up_at(starts_up, changes, hour * MS_PER_HOUR);
            sample.push(f64::from(u8::from(!up)));
        }
        let up = time_up(starts_up, changes, horizon) as f64 / horizon as f64;
        down[4].push(1.0 - up);
        let failed = |until: i64| {
            let down = changes
                .iter()
                .filter(|change| !change.1 && change.0 < until);
            down.count() as f64
        };
        failures.push(failed(horizon) * MS_PER_HOUR as f64 / horizon as f64);
        early.push(failed(10 * MS_PER_HOUR) / 10.0);
    }
    let q = MTTR_H / (MTTF_H + MTTR_H);
    for (sample, name) in down.iter().zip(names) {
        sample.is(&format!("{what} down {name}"), q);
    }
    let frequency = 1.0 / (MTTF_H + MTTR_H);
    failures.is(&format!("{what} failures an hour"), frequency);
    early.is(
        &format!("{what} failures an hour in the first ten"),
        frequency,
    );
}

/// One zone, one plant of `units`, whose units follow a law.
fn grid(units: u16, law: DurationLaw) -> System {
    let mut system = empty(HOURS);
    let zone = flat_zone(&mut system, "zone", 1.0);
    let class = class(&mut system, "coal", 1.0, 1.0);
    plant(
        &mut system,
        "plant",
        (zone, class),
        units,
        100.0,
        Some((MTTF_H, MTTR_H)),
    );
    for unit in &mut system.units {
        unit.outages.as_mut().expect("it fails").up = law;
    }
    system
}

#[test]
fn units_of_every_law_start_stationary_and_stay_so() {
    for (name, law) in laws(MTTF_H) {
        hold(name, &grid(1, law), Kind::Unit, 0, 1, 40_000);
    }
}

#[test]
fn repairs_of_every_law_too() {
    for (name, law) in laws(MTTR_H) {
        let mut system = grid(1, DurationLaw::Exponential { mean_h: MTTF_H });
        system.units[0].outages.as_mut().expect("it fails").down = law;
        hold(&format!("repair {name}"), &system, Kind::Unit, 0, 1, 40_000);
    }
}

#[test]
fn deratings_circuits_and_last_miles_start_stationary() {
    let law = DurationLaw::Weibull {
        mean_h: MTTF_H,
        shape: 2.5,
    };
    let alternation = |name: &str| Alternation {
        up: law,
        down: DurationLaw::Lognormal {
            mean_h: MTTR_H,
            coefficient_of_variation: 0.8,
        },
        stream: StreamId::of(name),
    };
    let mut system = grid(1, law);
    system.units[0].outages = None;
    system.units[0].deratings = Some(alternation("plant/plant/unit-1/derating"));
    system.units[0].derating_share = 0.4;
    hold("derating", &system, Kind::Derating, 0, 1, 40_000);

    let mut system = grid(1, law);
    let other = flat_zone(&mut system, "other", 1.0);
    line(&mut system, "tie", ZoneId(0), other, 50.0);
    system.lines[0].outages = Some(alternation("line/tie/circuit-1/outage"));
    hold("circuit", &system, Kind::Circuit, 0, 1, 40_000);

    let mut system = grid(1, law);
    internet(&mut system);
    farm(&mut system, "farm", ZoneId(0), 5.0);
    system.farms[0].access_outages = Some(alternation("farm/farm/access"));
    hold("access", &system, Kind::Access, 0, 1, 20_000);
}

/// Replays of a plant's units with and without common causes.
struct Joint {
    both_down: Sample,
    both_at_start: Sample,
    down: Sample,
    together: Sample,
}

fn joint(beta: f64, n: u32) -> Joint {
    let mut system = grid(3, DurationLaw::Exponential { mean_h: MTTF_H });
    system.plants[0].beta = beta;
    let plan = Plan::new(&system);
    let mut watch = Watch {
        changes: vec![vec![]; 3],
        starts_up: vec![true; 3],
        kind: Kind::Unit,
    };
    let mut replicator = Replicator::new(&plan);
    let mut joint = Joint {
        both_down: Sample::default(),
        both_at_start: Sample::default(),
        down: Sample::default(),
        together: Sample::default(),
    };
    for replication in 0..n {
        replicator
            .replicate(replication, &mut watch, &mut vec![])
            .expect("a replication");
        let at = 100 * MS_PER_HOUR;
        let is_down = |unit: usize| !up_at(watch.starts_up[unit], &watch.changes[unit], at);
        joint.down.push(f64::from(u8::from(is_down(0))));
        let start = !watch.starts_up[0] && !watch.starts_up[1];
        joint.both_at_start.push(f64::from(u8::from(start)));
        joint
            .both_down
            .push(f64::from(u8::from(is_down(0) && is_down(1))));
        let fails = |unit: usize| watch.changes[unit].iter().filter(|change| !change.1);
        let shared = fails(0).filter(|change| fails(1).any(|other| other.0 == change.0));
        joint.together.push(shared.count() as f64 / HOURS as f64);
    }
    joint
}

#[test]
fn common_causes_keep_each_units_share_and_join_their_outages() {
    for beta in [0.1, 0.4] {
        let mut system = grid(3, DurationLaw::Exponential { mean_h: MTTF_H });
        system.plants[0].beta = beta;
        for unit in 0..3 {
            let what = format!("beta {beta} unit {}", unit + 1);
            hold(&what, &system, Kind::Unit, unit, 3, 40_000);
        }
        let joint = joint(beta, 80_000);
        let (lambda, mu) = (1.0 / MTTF_H, 1.0 / MTTR_H);
        // Two units with own rate (1 - beta) lambda, common rate beta lambda: of the states both
        // up, one down, both down, the balance of E[both down] gives, with q the share of one,
        // p2 2 mu = 2 (q - p2) lambda + (1 - 2 q + p2) beta lambda.
        let q = lambda / (lambda + mu);
        let p2 = (2.0 * q * lambda + (1.0 - 2.0 * q) * beta * lambda)
            / (2.0 * mu + 2.0 * lambda - beta * lambda);
        assert!(p2 > q * q * 1.05);
        joint.both_down.is(&format!("beta {beta} both down"), p2);
        let what = format!("beta {beta} both down at the start");
        joint.both_at_start.is(&what, p2);
        // Both fall at once when both are up and the plant is struck.
        let frequency = (1.0 - 2.0 * q + p2) * beta * lambda;
        joint
            .together
            .is(&format!("beta {beta} both at once"), frequency);
        joint.down.is(&format!("beta {beta} one down"), q);
    }
    let independent = joint(0.0, 80_000);
    let q = MTTR_H / (MTTF_H + MTTR_H);
    independent.both_down.is("independent both down", q * q);
    assert_eq!(independent.together.sum, 0.0);
}

/// A unit whose q follows a table: from 10 °C on, `warm`; at -20 °C, `cold` times as much.
fn weathered(daily_c: Vec<f64>, cold: f64, law: DurationLaw) -> System {
    let mut system = grid(1, law);
    system.weathers.push(Weather {
        name: "zone".into(),
        mean_c: 0.0,
        daily_sd_c: 0.0,
        lag1: 0.0,
        diurnal_amplitude_c: 0.0,
        common_share: 0.0,
        outage_mean_days: 1,
        stream: StreamId::of("weather/zone"),
        common_stream: StreamId::of("weather/common"),
        fixed_daily_c: Some(daily_c),
        fixed_by_year: vec![],
    });
    system.zones[0].weather = Some(WeatherId(0));
    system.units[0].weather = Some(WeatherTable {
        celsius: vec![-20.0, 10.0],
        ratio: vec![cold, 1.0],
        extrapolate: false,
    });
    system
}

/// Failures and repairs of the unit in one replication: (ms, up).
fn history(system: &System, replication: u32) -> (bool, Vec<(i64, bool)>) {
    let plan = Plan::new(system);
    let mut watch = Watch {
        changes: vec![vec![]],
        starts_up: vec![true],
        kind: Kind::Unit,
    };
    Replicator::new(&plan)
        .replicate(replication, &mut watch, &mut vec![])
        .expect("a replication");
    (watch.starts_up[0], watch.changes.remove(0))
}

#[test]
fn steady_cold_brings_the_tables_unavailability() {
    for (name, law) in laws(MTTF_H) {
        let system = weathered(vec![-20.0; 5], 1.6, law);
        let plan = Plan::new(&system);
        let mut replicator = Replicator::new(&plan);
        let mut watch = Watch {
            changes: vec![vec![]],
            starts_up: vec![true],
            kind: Kind::Unit,
        };
        let mut samples: [Sample; 4] = Default::default();
        for replication in 0..40_000 {
            replicator
                .replicate(replication, &mut watch, &mut vec![])
                .expect("a replication");
            for (sample, hour) in samples.iter_mut().zip([0, 1, 60, 119]) {
                let up = up_at(watch.starts_up[0], &watch.changes[0], hour * MS_PER_HOUR);
                sample.push(f64::from(u8::from(!up)));
            }
        }
        let q = 1.6 * MTTR_H / (MTTF_H + MTTR_H);
        for (sample, hour) in samples.iter().zip([0, 1, 60, 119]) {
            sample.is(&format!("{name} in the cold after {hour} h"), q);
        }
    }
}

/// Where every multiplier is one, the weather is not there: the same bits.
#[test]
fn weather_that_changes_nothing_changes_no_bit() {
    for (_, law) in laws(MTTF_H) {
        let with = weathered(vec![10.0, 15.0, 10.0, 30.0, 12.0], 1.6, law);
        let mut without = with.clone();
        without.units[0].weather = None;
        let mut failures = 0;
        for replication in 0..300 {
            let seen = history(&with, replication);
            failures += seen.1.len();
            assert_eq!(
                seen,
                history(&without, replication),
                "{law:?} {replication}"
            );
        }
        assert!(failures > 300);
    }
}

/// The budget of hazard is spent sooner: a colder day delays no failure of a unit that is up,
/// and moves nothing that happened before it.
#[test]
fn a_colder_day_never_delays_a_failure() {
    let mut moved = 0;
    for (_, law) in laws(MTTF_H) {
        for cold_day in 0..5_usize {
            let mild = weathered(vec![10.0; 5], 2.0, law);
            let mut days = vec![10.0; 5];
            days[cold_day] = -20.0;
            let cold = weathered(days, 2.0, law);
            for replication in 0..150 {
                let ((up_mild, mild), (up_cold, cold)) =
                    (history(&mild, replication), history(&cold, replication));
                let dawn = cold_day as i64 * MS_PER_DAY;
                let before = |changes: &[(i64, bool)]| -> Vec<(i64, bool)> {
                    changes
                        .iter()
                        .filter(|change| change.0 < dawn)
                        .copied()
                        .collect()
                };
                // The start itself is drawn from the first day's odds.
                if cold_day > 0 {
                    assert_eq!(up_mild, up_cold);
                    assert_eq!(before(&mild), before(&cold));
                }
                if up_mild && up_cold {
                    let first = |changes: &[(i64, bool)]| {
                        changes.first().map_or(i64::MAX, |change| change.0)
                    };
                    assert!(first(&cold) <= first(&mild));
                    moved += u32::from(first(&cold) < first(&mild));
                }
                assert!(up_mild || !up_cold, "the cold mends nobody");
            }
        }
    }
    assert!(moved > 100, "{moved}");
}

/// A bad year's repairs take longer; what fails, and after how long, is the same.
#[test]
fn the_repair_factor_stretches_repairs_alone() {
    let normal = grid(1, DurationLaw::Exponential { mean_h: MTTF_H });
    let mut bad = normal.clone();
    bad.units[0].repair_factor = Value::Fixed(1.25);
    let lengths = |changes: &[(i64, bool)], up: bool| -> Vec<i64> {
        let begun = changes.windows(2).filter(|pair| pair[0].1 == up);
        begun.map(|pair| pair[1].0 - pair[0].0).collect()
    };
    let mut compared = 0;
    for replication in 0..400 {
        let ((starts, normal), (bad_starts, bad)) =
            (history(&normal, replication), history(&bad, replication));
        assert!(starts || !bad_starts, "longer repairs mend nobody");
        for (before, after) in lengths(&normal, false).iter().zip(lengths(&bad, false)) {
            assert!((1.25 * *before as f64 - after as f64).abs() <= 1.2);
            compared += 1;
        }
        for (before, after) in lengths(&normal, true).iter().zip(lengths(&bad, true)) {
            assert_eq!(*before, after);
        }
    }
    assert!(compared > 200, "{compared}");
    // And the unit starts with the odds that longer repairs give.
    let plan = Plan::new(&bad);
    let mut replicator = Replicator::new(&plan);
    let mut down = Sample::default();
    for replication in 0..40_000 {
        replicator
            .replicate(replication, &mut (), &mut vec![])
            .expect("a replication");
        let up = replicator.view().state.units[0].is_available();
        down.push(f64::from(u8::from(!up)));
    }
    let mttr = 1.25 * MTTR_H;
    down.is("longer repairs, down at the end", mttr / (MTTF_H + mttr));
}

/// Beside up times with memory a Poisson shock would change each unit's own share of time down;
/// such a plant is refused rather than simulated wrongly.
#[test]
fn a_common_cause_beside_up_times_with_memory_is_refused() {
    use hashfall::scenario::{Source, read, starter};
    let text = starter().replace("beta = 0.05", "up_law = { weibull_shape = 2 }\nbeta = 0.05");
    assert_ne!(text, starter());
    let mistakes = read(&Source::text(text), &[]).expect_err("refused");
    let shown = mistakes.render(false);
    assert!(shown.contains("not exponential"), "{shown}");
    assert!(read(&Source::text(starter()), &[]).is_ok());
}
