//! Duration and share of unserved energy by month and hour of day: solved by hand, adding up to the
//! whole, and with the errors of the values that replications have.

use crate::indices::{results, sum_of, system};
use crate::runs::load;
use hashfall::engine::{Plan, Recorder, Replicator, View};
use hashfall::experiment::{Results, replay};
use hashfall::measure::{GridEnsemble, MonthHourCell, ShortageMeasure};
use hashfall::quantity::MS_PER_HOUR;
use hashfall::scenario::{Source, read};
use hashfall::stats::{Estimate, JointMoments};
use hashfall::system::System;

/// A month from 0 and an hour of day.
type At = (usize, usize);

fn every_cell() -> impl Iterator<Item = At> {
    (0..12).flat_map(|month| (0..24).map(move |hour| (month, hour)))
}

/// A constant load of 100 MW, 105 MW to serve it, and a forecast that is off by 5 %: two and three
/// steps up lack 5 and 10 MW, all day long.
const OFF: &str = r#"
    schema = 1
    [scenario]
    name = "off"
    start = "2024-03-05T00:00:00Z"
    duration_hours = 24
    seed = 5
    [[zone]]
    name = "town"
    load_mw = 100
    [[load_forecast]]
    name = "load"
    sd = 0.05
    [[plant]]
    name = "one"
    zone = "town"
    capacity_mw = 105
"#;

#[test]
fn a_load_that_is_off_is_what_energy_is_held_against() {
    let system = system(OFF);
    let plan = Plan::new(&system);
    const N: u32 = 4_000;
    let results = results(&plan, N, 2);
    // By how much load is off, in MW, of every future.
    let demand = results.layout.find("all", "system", "demand_mwh");
    let demand = results
        .slot(demand.expect("an index").slot)
        .expect("a column");
    let loads: Vec<i64> = demand.iter().map(|day_wh| day_wh / 24).collect();
    assert!((85_000_000..=115_000_000).all(|w| w % 5_000_000 > 0 || loads.contains(&w)));
    let pairs = loads
        .iter()
        .map(|&load| ((load - 105_000_000).max(0), load));
    let by_hand: JointMoments = pairs.collect();
    let found: Vec<JointMoments> = (0..24)
        .map(|hour| results.energy_and_demand(0, (2, hour)).expect("demand"))
        .collect();
    assert!(found.iter().all(|found| *found == by_hand));
    // 5 and 10 MW of a mean of 100, with probabilities of .061 and .006.
    let neue = found[17].ratio(1e6);
    let z = (neue.mean - 3_650.0) / neue.standard_error;
    assert!(z.abs() < 4.0 && neue.standard_error < 300.0, "{neue:?}");
    // It begins at midnight, and lasts the day, whoever is short.
    let of_hour = |hour| {
        results
            .lasts_and_begins(0, (2, hour))
            .ratio(1.0 / MS_PER_HOUR as f64)
    };
    assert_eq!(of_hour(0).mean, 24.0);
    assert!((1..24).all(|hour| of_hour(hour).mean.is_nan()));
}

/// Two weather years, three times of four the dry one: then 100 and 110 MW with 95 and 120 to serve
/// them; else 200 and 210 with 205 and 190.
#[test]
fn each_weather_year_has_its_own_demand() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("load.csv", "hour,mw_dry,mw_wet\n0,100,200\n1,110,210\n"),
        ("dry.csv", "hour,mw\n0,95\n1,120\n"),
        ("wet.csv", "hour,mw\n0,205\n1,190\n"),
        (
            "years.toml",
            r#"
            schema = 1
            [scenario]
            name = "years"
            start = "2024-07-01T00:00:00Z"
            duration_hours = 2
            [weather_years]
            names = ["dry", "wet"]
            weights = [3, 1]
            [[zone]]
            name = "a"
            load = { csv = "load.csv", column = "mw_{year}" }
            [[plant]]
            name = "wind"
            zone = "a"
            capacity_mw = 250
            output = { hourly_mw = { csv = "{year}.csv", column = "mw" } }
        "#,
        ),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let source = Source::load(folder.path().join("years.toml"));
    let system = match read(&source, &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    };
    let plan = Plan::new(&system);
    let results = results(&plan, 8_000, 2);
    // Unserved over demanded: .75 x 5 over a mean of 125, .25 x 20 over one of 135.
    for (hour, by_hand) in [(0, 3.75 / 125.0), (1, 5.0 / 135.0)] {
        let share = results.energy_and_demand(0, (6, hour)).expect("demand");
        let neue = share.ratio(1e6);
        let z = (neue.mean - 1e6 * by_hand) / neue.standard_error;
        assert!(
            z.abs() < 4.0 && neue.standard_error < 2_000.0,
            "{hour} {neue:?}"
        );
        // The dry years lack 5 of 100 MW in the first hour, the wet ones 20 of 210 in the second.
        let (dry, wet) = if hour == 0 {
            ((5, 100), (0, 200))
        } else {
            ((0, 110), (20, 210))
        };
        let n = results.month_hour(0, (6, 0), ShortageMeasure::Begins).sum as usize;
        let megawatts = std::iter::repeat_n(dry, n).chain(std::iter::repeat_n(wet, 8_000 - n));
        let pairs = megawatts.map(|(x, y)| (x * 1_000_000, y * 1_000_000));
        assert_eq!(share, pairs.collect());
        let lold_h = results
            .lasts_and_begins(0, (6, hour))
            .ratio(1.0 / MS_PER_HOUR as f64);
        near(lold_h.mean, 1.0, 1e-12);
    }
}

/// Grids whose demand is the same in every future, one of several, and drawn.
fn grids() -> Vec<(System, u32)> {
    let drawn = [("zone.*.scale", "{ uniform = [0.95, 1.1] }")];
    vec![
        (load("rts79-two-area", &[]).system, 300),
        (load("rts79-lfu", &[]).system, 300),
        (load("rts79", &drawn).system, 200),
        (load("rts79-two-area", &drawn).system, 100),
    ]
}

/// The load of every zone, hour by hour.
#[derive(Default)]
struct Loads(Vec<Vec<i64>>);

impl Recorder for Loads {
    fn begin(&mut self, view: View<'_>) {
        let zones = 0..view.plan.system.zones.len();
        let hourly = |zone| view.futures.load(view.plan, zone).hourly.iter();
        self.0 = zones
            .map(|zone| hourly(zone).map(|load| load.0).collect())
            .collect();
    }
    fn close(&mut self, _view: View<'_>, _row: &mut Vec<i64>) {}
}

/// Every pair of numbers of every replication, put together here.
#[test]
fn pairs_are_those_of_the_replications() {
    for (system, n) in grids() {
        let plan = Plan::new(&system);
        let results = results(&plan, n, 2);
        let layout = &results.series.shortages;
        let scopes = layout.scopes.len();
        let mut replicator = Replicator::new(&plan);
        let mut pairs = vec![[JointMoments::default(); 2]; scopes * 288];
        for replication in 0..n {
            let mut loads = Loads::default();
            let drawn = replicator.replicate(replication, &mut loads, &mut Vec::new());
            drawn.expect("a replication");
            let row = replay::<GridEnsemble>(&plan, replication).expect("a replication");
            let mut values = vec![[0; 4]; scopes * 288];
            for MonthHourCell { cell, numbers, .. } in &row.sink.shortages.month_hours {
                let [_, energy, begins, _, lasts] = *numbers;
                values[*cell as usize] = [lasts, begins, energy, 0];
            }
            for (scope, values) in values.chunks_mut(288).enumerate() {
                let zones = if scope + 1 == scopes {
                    0..scopes.max(2) - 1
                } else {
                    scope..scope + 1
                };
                // All of them keep the time of Greenwich and begin a year on a first of January.
                for hours in &loads.0[zones] {
                    for (hour, load) in hours.iter().enumerate() {
                        let month = layout.month(scope, hour).expect("an hour");
                        values[24 * month + hour % 24][3] += load;
                    }
                }
                let pairs = pairs[288 * scope..].iter_mut();
                for (pairs, values) in pairs.zip(values) {
                    pairs[0].add(values[0], values[1]);
                    pairs[1].add(values[2], values[3]);
                }
            }
        }
        let mut seen = 0;
        for scope in 0..scopes {
            for (cell, at) in every_cell().enumerate() {
                let [lasts, share] = pairs[288 * scope + cell];
                assert_eq!(results.lasts_and_begins(scope, at), lasts);
                assert_eq!(results.energy_and_demand(scope, at), Some(share));
                seen += usize::from(lasts.sum_products > 0 && share.sum_products > 0);
            }
        }
        assert!(seen > 10, "{}: only {seen} cells are short", system.name);
    }
}

/// What a scope's cells come to together.
struct Whole {
    lold_h: f64,
    neue_ppm: Option<f64>,
}

/// LOLD weighted by LOLF, and NEUE by the energy demanded.
fn whole(results: &Results, scope: usize) -> Whole {
    let n = results.replications() as f64;
    let (mut lasts_h, mut lolf, mut unserved, mut demanded) = (0.0, 0.0, 0.0, 0.0);
    let known = |estimate: Estimate| {
        if estimate.mean.is_nan() {
            0.0
        } else {
            estimate.mean
        }
    };
    for at in every_cell() {
        let begins = results
            .month_hour(scope, at, ShortageMeasure::Begins)
            .mean();
        let lold_h = results
            .lasts_and_begins(scope, at)
            .ratio(1.0 / MS_PER_HOUR as f64);
        lasts_h += begins * known(lold_h);
        lolf += begins;
        if let Some(share) = results.energy_and_demand(scope, at) {
            let demand = share.y.sum as f64 / n;
            unserved += demand * known(share.ratio(1.0));
            demanded += demand;
        }
    }
    Whole {
        lold_h: lasts_h / lolf,
        neue_ppm: (demanded > 0.0).then(|| 1e6 * unserved / demanded),
    }
}

fn ratio_of(results: &Results, scope: &str, above: &str, below: &str) -> f64 {
    sum_of(results, scope, above) as f64 / sum_of(results, scope, below) as f64
}

fn near(found: f64, expected: f64, loose: f64) {
    assert!((found / expected - 1.0).abs() < loose, "{found} {expected}");
}

#[test]
fn cells_add_up_to_lold_and_neue() {
    let with_mining = load("rts79-mining", &[("farm.mining.installed_mw", "200")]).system;
    let mut all = grids();
    all.push((with_mining, 200));
    for (system, n) in all {
        let plan = Plan::new(&system);
        let results = results(&plan, n, 2);
        let layout = &results.series.shortages;
        for (scope, name) in layout.scopes.iter().enumerate() {
            let whole = whole(&results, scope);
            let of_cells = |measure| -> i128 {
                every_cell()
                    .map(|at| results.month_hour(scope, at, measure).sum)
                    .sum()
            };
            // To the millisecond: each belongs to one shortage, and that to one begin.
            let lole = sum_of(&results, name, "lole_h");
            assert!(lole > 0, "{} {name} is never short", system.name);
            assert_eq!(of_cells(ShortageMeasure::Lasts), lole);
            assert_eq!(of_cells(ShortageMeasure::Time), lole);
            let lold_ms = ratio_of(&results, name, "lole_h", "lolf");
            near(whole.lold_h, lold_ms / MS_PER_HOUR as f64, 1e-12);
            let neue = ratio_of(&results, name, "eue_mwh", "demand_mwh");
            // Energy is rounded to the watt-hour in every cell of every replication.
            near(whole.neue_ppm.expect("demand"), 1e6 * neue, 1e-6);
            let demand = every_cell().filter_map(|at| results.energy_and_demand(scope, at));
            let demand: i128 = demand.map(|share| share.y.sum).sum();
            let apart = (demand - sum_of(&results, name, "demand_mwh")).abs();
            // With mining it is the sum of hourly means, each of them rounded.
            let has_mining = !system.farms.is_empty();
            let loose = if has_mining { 8_736 * i128::from(n) } else { 0 };
            assert!(apart <= loose, "{} {name}: {apart} Wh apart", system.name);
        }
    }
}

/// Mining is part of what is demanded, and that is known of the system alone.
#[test]
fn mining_is_demanded_of_the_system() {
    let text = hashfall::scenario::starter();
    let system = system(text);
    let plan = Plan::new(&system);
    let results = results(&plan, 40, 2);
    let scopes = results.series.shortages.scopes.len();
    assert!(scopes > 1, "the starter has two zones");
    for scope in 0..scopes {
        for at in every_cell() {
            let share = results.energy_and_demand(scope, at);
            assert_eq!(share.is_some(), scope + 1 == scopes);
            let hours = results.series.shortages.hours_in(scope, at);
            if let Some(share) = share {
                assert_eq!(share.y.sum > 0, hours > 0);
                // Farms start and stop: no two futures demand the same.
                assert!(hours == 0 || share.y.variance() > 0.0);
            }
        }
    }
}
