//! RTS-GMLC with its three regions and six lines, load x 1.2.

use super::programme::{PRIORITIES, Question};
use super::support::{run, run_grid};
use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::quantity::Power;
use hashfall::scenario::{Source, read};
use hashfall::system::{System, Value};
use std::collections::BTreeMap;

/// Futures looked at; in most of them somebody is short.
const REPLICATIONS: u32 = 60;

fn system(source: &Source) -> System {
    let scale = [("zone.*.scale".to_owned(), "1.2".to_owned())];
    match read(source, &scale) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

fn gmlc() -> System {
    system(&Source::built_in("rts-gmlc").expect("built in"))
}

/// Holds states against the linear programme: those with a shortage, and one of many others.
#[derive(Default)]
struct Oracle {
    seen: u32,
    short: u32,
    calm: u32,
    /// Zones of states with a shortage whose unserved load is the same in every best answer.
    settled: u32,
    /// Those of them that are short.
    settled_short: u32,
    /// Those whose unserved load cost alone leaves open.
    open: u32,
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
        if state.is_short {
            self.short += 1;
        } else if self.seen.is_multiple_of(97) {
            self.calm += 1;
        } else {
            return;
        }
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
        let flows: Vec<i64> = (0..view.plan.network().corridors().len())
            .map(|corridor| market.flow(corridor))
            .collect();
        let cost: i64 = (0..)
            .zip(market.taken_by_level())
            .map(|(level, taken)| 64 * level * taken)
            .sum();
        let carried: i64 = flows.iter().map(|flow| flow.abs()).sum();
        let ticks = (cost + carried) as f64;
        assert!(
            (ticks - optimum.ticks).abs() <= 1e-9 * ticks,
            "{ticks} and {}",
            optimum.ticks
        );
        for zone in zones.filter(|_| state.is_short) {
            let (shed, (least, most)) = (state.unserved[zone], optimum.ends(zone));
            assert!(
                least <= shed && shed <= most,
                "zone {zone}: {shed} is not from {least} to {most} in {question:?}"
            );
            let is_settled = least == most;
            self.settled += u32::from(is_settled);
            self.settled_short += u32::from(is_settled && shed > 0);
            self.open += u32::from(!is_settled);
        }
        let picked = optimum.picked();
        assert_eq!(state.unserved, picked.shed, "{question:?}");
        let picked: Vec<i64> = picked.flows.into_values().collect();
        assert_eq!(flows, picked, "{question:?}");
    }

    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

#[test]
fn its_hours_agree_with_a_linear_programme() {
    let system = gmlc();
    assert_eq!((system.zones.len(), system.lines.len()), (3, 6));
    let plan = Plan::new(&system);
    let mut replicator = Replicator::new(&plan);
    let mut oracle = Oracle::default();
    for replication in 0..REPLICATIONS {
        replicator
            .replicate(replication, &mut oracle, &mut Vec::new())
            .expect("a replication");
    }
    println!(
        "{} states, {} short and {} others held; zones of the short: {} settled, {} of them \
         short, {} open",
        oracle.seen, oracle.short, oracle.calm, oracle.settled, oracle.settled_short, oracle.open
    );
    assert!(oracle.short >= 700 && oracle.calm >= 6_000);
    assert!(oracle.settled >= 1_200 && oracle.settled_short >= 270 && oracle.open >= 950);
}

/// Unserved energy of each future, Wh.
fn unserved(system: &System) -> Vec<i64> {
    let eue = |replication| run_grid(system, replication).slot("all/system/eue_wh");
    (0..REPLICATIONS).map(eue).collect()
}

/// Rounding of three zones' energies, Wh.
const QUANTA: i64 = 3;

/// In how many futures less is unserved; in none may more be.
fn futures_with_less(what: &str, before: &[i64], after: &[i64]) -> usize {
    let pairs = || before.iter().zip(after);
    for (before, after) in pairs() {
        assert!(
            after <= &(before + QUANTA),
            "{what}: {before} became {after}"
        );
    }
    pairs()
        .filter(|&(before, after)| after + QUANTA < *before)
        .count()
}

/// The same with limits of a line multiplied.
fn with_line(system: &System, name: &str, factor: f64) -> System {
    let mut system = system.clone();
    let line = system.lines.iter_mut().find(|line| line.name == name);
    let line = line.expect("a line of that name");
    for limit in [&mut line.forward_mw, &mut line.backward_mw] {
        let Value::Fixed(limit) = limit else {
            panic!("limits are not drawn");
        };
        *limit *= factor;
    }
    system
}

/// Path by path: more plant, a larger line, less load. Regions 1 and 2 lack what region 3 has, and
/// each line of 500 MW out of it is what they wait for; of those between the two any one can be
/// spared.
#[test]
fn more_never_leaves_more_unserved() {
    let system = gmlc();
    let before = unserved(&system);
    let short = before.iter().filter(|&&eue| eue > 0).count();
    assert!(short >= 55, "{short} futures are short");
    let mut plant = system.clone();
    plant.units[0].nameplate += Power::from_megawatts(300.0);
    let mut load = system.clone();
    load.zones[2].scale.factor = Value::Fixed(1.15);
    for (what, system) in [("plant", plant), ("load", load)] {
        let less = futures_with_less(what, &before, &unserved(&system));
        assert_eq!(less, short, "{what}");
    }
    for line in ["CA-1", "CB-1"] {
        let twice = unserved(&with_line(&system, line, 2.0));
        let half = unserved(&with_line(&system, line, 0.5));
        let less = futures_with_less(line, &before, &twice);
        let more = futures_with_less(line, &half, &before);
        assert!(less >= 4 && more >= 25, "{line}: {less} and {more}");
    }
    for line in ["AB1", "AB2", "AB3"] {
        let none = unserved(&with_line(&system, line, 0.0));
        assert_eq!(none, before, "{line}");
    }
}

/// The scenario's own files, changed one by one.
fn changed(change: impl Fn(&str, &str) -> String) -> System {
    let source = Source::built_in("rts-gmlc").expect("built in");
    let loaded = read(&source, &[]).expect("a scenario that is sound");
    let files = loaded.contents.into_iter().map(|(name, bytes)| {
        let text = String::from_utf8(bytes).expect("text");
        let text = change(&name, &text);
        (name, text.into_bytes())
    });
    system(&Source::kept(files.collect()))
}

/// Its tables in the order that a change gives them, after all that stands before them.
fn reordered(text: &str, change: impl Fn(&mut Vec<&str>)) -> String {
    let (head, tables) = text.split_once("[[").expect("tables");
    let mut tables: Vec<&str> = tables.split("\n[[").map(str::trim_end).collect();
    assert_eq!(tables.len(), 9, "zones and lines");
    change(&mut tables);
    format!("{head}[[{}\n", tables.join("\n[["))
}

/// Rows of futures by name, from both kinds of recorders.
fn rows(system: &System) -> Vec<BTreeMap<String, i64>> {
    let outcomes = (0..REPLICATIONS)
        .flat_map(|replication| [run_grid, run].map(|run| run(system, replication)));
    let named = outcomes.map(|outcome| {
        let named = outcome.named().into_iter();
        named
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    });
    named.collect()
}

#[test]
fn zones_and_lines_in_any_order_give_the_same_rows() {
    let first = rows(&gmlc());
    let is_short = |row: &&BTreeMap<String, i64>| row["all/system/eue_wh"] > 0;
    let short = first.iter().filter(is_short).count();
    assert!(short >= 110, "{short} of {} rows are short", first.len());
    let orders: [fn(&mut Vec<&str>); 4] = [
        |tables| tables.reverse(),
        |tables| tables.rotate_left(1),
        |tables| tables.rotate_left(5),
        |tables| {
            tables.swap(0, 1);
            tables.swap(3, 7);
            tables.swap(2, 6);
        },
    ];
    for order in orders {
        let system = changed(|name, text| match name {
            "rts-gmlc.toml" => reordered(text, order),
            _ => text.to_owned(),
        });
        assert_eq!(rows(&system), first);
    }
    // Rows of the table of plants, too.
    let system = changed(|name, text| {
        if !name.ends_with("plants.csv") {
            return text.to_owned();
        }
        let (head, plants) = text.split_at(text.find("\n101_").expect("plants"));
        let plants: Vec<&str> = plants.trim().lines().rev().collect();
        format!("{head}\n{}\n", plants.join("\n"))
    });
    assert_eq!(rows(&system), first);
}

/// Names decide who of equals sheds, never how much is shed in all.
#[test]
fn other_names_leave_as_much_unserved() {
    let system = changed(|_, text| {
        let names = [
            ("region-1", "north"),
            ("region-2", "middle"),
            ("region-3", "all-the-rest"),
        ];
        let rename = |text: String, (old, new): (&str, &str)| text.replace(old, new);
        names.into_iter().fold(text.to_owned(), rename)
    });
    let names: Vec<&str> = system.zones.iter().map(|zone| zone.name.as_str()).collect();
    assert_eq!(names, ["all-the-rest", "middle", "north"]);
    let (before, after) = (unserved(&gmlc()), unserved(&system));
    for (before, after) in before.iter().zip(&after) {
        assert!((before - after).abs() <= QUANTA, "{before} became {after}");
    }
}
