//! RTS-GMLC with its three regions and six lines, load x 1.2.

use super::programme::{PRIORITIES, Question};
use super::support::run_grid;
use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::quantity::Power;
use hashfall::scenario::{Source, read};
use hashfall::system::{System, Value};

fn gmlc(scale: &str) -> System {
    let scale = [("zone.*.scale".to_owned(), scale.to_owned())];
    let source = Source::built_in("rts-gmlc").expect("built in");
    match read(&source, &scale) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// Holds states against the linear programme: those with a shortage, and one of many others.
#[derive(Default)]
struct Oracle {
    seen: u32,
    short: u32,
    calm: u32,
}

impl Recorder for Oracle {
    const HOURS: bool = true;
    const ENERGY: bool = true;

    fn begin(&mut self, view: View<'_>) {
        self.changed(view);
    }

    fn changed(&mut self, view: View<'_>) {
        self.seen += 1;
        let state = view.state;
        let take = state.is_short && self.short < 250;
        if !take && !self.seen.is_multiple_of(97) {
            return;
        }
        *(if take {
            &mut self.short
        } else {
            &mut self.calm
        }) += 1;
        let system = view.plan.system;
        let (market, zones) = (state.energy(), 0..system.zones.len());
        let classes = 0..system.classes.len();
        let offers = |zone: usize| {
            classes
                .clone()
                .map(move |class| market.offered(zone, class))
        };
        let question = Question {
            offers: zones.clone().map(|zone| offers(zone).collect()).collect(),
            demand: zones
                .clone()
                .map(|zone| {
                    (
                        state.zones[zone].firm_now(),
                        usize::from(system.zones[zone].priority),
                    )
                })
                .collect(),
            lines: system
                .lines
                .iter()
                .zip(&state.line_limit)
                .map(|(line, &(there, back))| (line.from.at(), line.to.at(), there, back))
                .collect(),
        };
        let optimum = question.optimum();
        let near = |one: i64, other: f64| (one as f64 - other).abs() < 1.0;
        let unserved: i64 = state.unserved.iter().sum();
        let supply = system.classes.len();
        let least: f64 = optimum.by_level[supply..supply + PRIORITIES].iter().sum();
        assert!(near(unserved, least), "{unserved} and {least}");
        for (class, &least) in optimum.by_level[..supply].iter().enumerate() {
            let taken = market.taken_by_level()[class];
            assert!(near(taken, least), "class {class}: {taken} and {least}");
        }
        let flows: i64 = (0..view.plan.network().corridors().len())
            .map(|corridor| market.flow(corridor).abs())
            .sum();
        let cost: i64 = (0..)
            .zip(market.taken_by_level())
            .map(|(level, taken)| 64 * level * taken)
            .sum();
        let ticks = (cost + flows) as f64;
        assert!(
            (ticks - optimum.ticks).abs() <= 1e-9 * ticks,
            "{ticks} and {}",
            optimum.ticks
        );
    }

    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

#[test]
fn its_hours_agree_with_a_linear_programme() {
    let system = gmlc("1.2");
    assert_eq!((system.zones.len(), system.lines.len()), (3, 6));
    let plan = Plan::new(&system);
    let mut replicator = Replicator::new(&plan);
    let mut oracle = Oracle::default();
    for replication in 0..8 {
        replicator
            .replicate(replication, &mut oracle, &mut Vec::new())
            .expect("a replication");
    }
    println!(
        "{} states, {} short and {} others held",
        oracle.seen, oracle.short, oracle.calm
    );
    assert!(oracle.short > 20 && oracle.calm > 200);
}

/// Path by path: more plant, a larger line, less load.
#[test]
fn more_never_leaves_more_unserved() {
    let system = gmlc("1.25");
    let eue = |system: &System| -> Vec<i64> {
        let eue = |replication| run_grid(system, replication).slot("all/system/eue_wh");
        (0..6).map(eue).collect()
    };
    let before = eue(&system);
    assert!(
        before.iter().filter(|&&eue| eue > 0).count() > 3,
        "{before:?}"
    );
    let mut plant = system.clone();
    plant.units[0].nameplate += Power::from_megawatts(300.0);
    let mut line = system.clone();
    (line.lines[0].forward_mw, line.lines[0].backward_mw) =
        (Value::Fixed(900.0), Value::Fixed(900.0));
    let mut load = system;
    load.zones[2].scale.factor = Value::Fixed(1.2);
    for (what, system) in [("plant", plant), ("line", line), ("load", load)] {
        let after = eue(&system);
        let never_more = before
            .iter()
            .zip(&after)
            .all(|(before, after)| *after <= before + 3);
        assert!(never_more, "{what}: {before:?} became {after:?}");
        assert!(
            what == "line" || after.iter().sum::<i64>() < before.iter().sum(),
            "{what}"
        );
    }
}
