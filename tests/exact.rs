//! Exact answers against everything that is known exactly: published indices, tables computed
//! for this project by another program, toys small enough to enumerate, and what must be so.

use hashfall::engine::{Plan, Replicator};
use hashfall::exact::{
    Answer, Area, Chain, Grid, Obstacle, Tie, Unit, answer, forecast, grid_of, solve,
};
use hashfall::measure::{Ensemble, GridEnsemble, Sink};
use hashfall::quantity::{Instant, MS_PER_HOUR};
use hashfall::scenario::{Source, read};
use hashfall::system::{System, Window};
use proptest::prelude::*;

/// A built-in scenario with keys changed.
fn built_in(name: &str, set: &[(&str, &str)]) -> System {
    let overrides: Vec<(String, String)> = set
        .iter()
        .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
        .collect();
    match read(&Source::built_in(name).expect("it is built in"), &overrides) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

/// A scenario from its text.
fn system(text: &str) -> System {
    match read(&Source::text(text), &[]) {
        Ok(loaded) => loaded.system,
        Err(mistakes) => panic!("{mistakes}"),
    }
}

fn exact(system: &System) -> Answer {
    answer(system, false).unwrap_or_else(|obstacles| panic!("{obstacles:?}"))
}

/// The rows of a table of reference values.
fn table(name: &str) -> Vec<csv::StringRecord> {
    let path = format!("{}/tests/data/exact/{name}", env!("CARGO_MANIFEST_DIR"));
    let reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true) // some notes hold a comma
        .from_path(path);
    let rows = reader.expect("a table").into_records();
    rows.map(|row| row.expect("a row")).collect()
}

/// Equal to 1e-6, or to half of the last digit that is printed.
fn assert_is(value: f64, printed: &str, what: &str) {
    let reference: f64 = printed.parse().expect("a number");
    let decimals = printed
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len());
    let half = 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap()) * (1.0 + 1e-9);
    let error = (value - reference).abs();
    assert!(
        error <= half || error <= 1e-6 * reference.abs(),
        "{what}: {value}, where {printed} is right"
    );
    println!("{what}: {value:.9} ({printed})");
}

fn of(answer: &Answer, scope: &str, index: &str) -> f64 {
    let value = answer.find("all", scope, index);
    value.unwrap_or_else(|| panic!("{scope} {index}: {:?}", answer.missing))
}

/// Constant load at the annual peak, over a year of 8760 hours.
fn constant_peak(name: &str, peak_w: i64) -> Answer {
    let mut grid = grid_of(&built_in(name, &[]), false).unwrap();
    grid.hours = 8760;
    grid.windows = vec![all(8760)];
    grid.areas[0].load_w = vec![peak_w; 8760];
    solve(&grid).unwrap()
}

/// LOLP of the first hour.
fn first_hour_lolp(grid: &Grid) -> f64 {
    let mut grid = grid.clone();
    grid.hours = 1;
    grid.windows = vec![all(1)];
    of(&solve(&grid).unwrap(), "system", "lolp")
}

fn all(hours: i64) -> Window {
    Window {
        name: "all".to_owned(),
        from: Instant::START,
        until: Instant(hours * MS_PER_HOUR),
    }
}

#[test]
fn every_reference_index_is_met() {
    let [rts79, rbts] = ["rts79", "rbts"].map(|name| exact(&built_in(name, &[])));
    let [rts79_peak, rbts_peak] = [("rts79", 2_850_000_000), ("rbts", 185_000_000)]
        .map(|(name, peak_w)| constant_peak(name, peak_w));
    let twice = answer(&built_in("rts79-two-area", &[]), true).unwrap();
    let rows = table("reference_indices.csv");
    assert_eq!(rows.len(), 22);
    for row in &rows {
        // Counted from the end: one load model holds a comma.
        let (system, index, load_model, reference) =
            (&row[0], &row[1], &row[2], &row[row.len() - 3]);
        let is_peak = load_model.starts_with("constant peak");
        let answer = match (system, is_peak) {
            ("RTS79", false) => &rts79,
            ("RTS79", true) => &rts79_peak,
            ("RBTS", false) => &rbts,
            ("RBTS", true) => &rbts_peak,
            _ => &twice,
        };
        let index = match index {
            "LOLE" if load_model == "364 daily peaks" => "lole_d",
            "LOLE" => "lole_h",
            "LOEE/EUE" | "LOEE" | "EUE" => "eue_mwh",
            "LOLF" => "lolf",
            "LOLEv" => "lolev",
            "LOLD" => "lold_h",
            "NEUE" => "neue_ppm",
            // The energy index of reliability is 1 - NEUE.
            "EIR" => {
                let value = 1.0 - of(answer, "system", "neue_ppm") * 1e-6;
                assert_is(value, reference, "EIR");
                continue;
            }
            other => panic!("{other}"),
        };
        let what = format!("{system} {index}, {load_model}");
        assert_is(of(answer, "system", index), reference, &what);
    }
    // Of the note: RBTS sampled on the hour; LOLP at RTS-79's peak.
    assert_is(of(&rbts, "system", "lolev"), "0.218069", "RBTS lolev");
    assert_is(
        of(&rts79_peak, "system", "lolp"),
        "0.08457806",
        "RTS79 lolp at peak",
    );
    // A single zone is the system.
    for row in rts79.rows.iter().filter(|row| row.scope == "system") {
        assert_eq!(rts79.find("all", "zone/system", row.index), Some(row.value));
    }
}

#[test]
fn the_outage_table_of_rbts_is_met() {
    let answer = exact(&built_in("rbts", &[]));
    let rows = table("outage_table_rbts.csv");
    let computed = &answer.tables[0].rows;
    assert_eq!((rows.len(), computed.len()), (49, 49));
    let mut before = f64::INFINITY;
    for (row, computed) in rows.iter().zip(computed) {
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        assert_eq!(computed.outage_w as f64, number(0) * 1e6);
        let is_near = |value: f64, reference: f64| {
            // The reference sums to 1 - 2e-16, so nothing smaller than that is known.
            (value - reference).abs() <= 1e-9 * reference + 1e-18
        };
        assert!(
            is_near(computed.probability, number(1)),
            "{computed:?} {row:?}"
        );
        assert!(
            is_near(computed.cumulative, number(2)),
            "{computed:?} {row:?}"
        );
        assert!(
            is_near(computed.frequency_per_h, number(3)),
            "{computed:?} {row:?}"
        );
        assert!(computed.cumulative <= before);
        before = computed.cumulative;
    }
}

#[test]
fn two_areas_and_a_tie_are_met() {
    let rows = table("two_area_rts79.csv");
    assert_eq!(rows.len(), 4);
    for row in &rows {
        // The largest limit that a scenario takes is above all that a tie could ever carry.
        let limit = if &row[0] == "1e+09" {
            "100000"
        } else {
            &row[0]
        };
        let answer = exact(&built_in(
            "rts79-two-area",
            &[("line.tie.capacity_mw", limit)],
        ));
        for scope in ["zone/a", "zone/b"] {
            assert_is(
                of(&answer, scope, "lole_h"),
                &row[1],
                &format!("{limit} {scope} lole_h"),
            );
            assert_is(
                of(&answer, scope, "eue_mwh"),
                &row[2],
                &format!("{limit} {scope} eue"),
            );
        }
        assert_is(
            of(&answer, "system", "lole_h"),
            &row[3],
            &format!("{limit} lole_h"),
        );
        assert_is(
            of(&answer, "system", "eue_mwh"),
            &row[4],
            &format!("{limit} eue"),
        );
    }
}

#[test]
fn interruptible_mining_is_met() {
    let rows = table("mining_layer.csv");
    for row in &rows {
        let (name, mining_mw) = (&row[0], &row[1]);
        // As firm load on top.
        let mut grid = grid_of(&built_in(name, &[]), false).unwrap();
        let mining_w = mining_mw.parse::<i64>().unwrap() * 1_000_000;
        let loads = &mut grid.areas[0].load_w;
        loads.iter_mut().for_each(|load| *load += mining_w);
        let rigid = solve(&grid).unwrap();
        // The table counts shortages that begin within the year; here, as in the engine, one in
        // which the year begins counts too.
        let begins_short = first_hour_lolp(&grid);
        assert_is(
            of(&rigid, "system", "lole_h"),
            &row[4],
            &format!("{name} {mining_mw} lole"),
        );
        assert_is(
            of(&rigid, "system", "eue_mwh"),
            &row[5],
            &format!("{name} {mining_mw} eue"),
        );
        let lolf = of(&rigid, "system", "lolf") - begins_short;
        assert_is(lolf, &row[6], &format!("{name} {mining_mw} lolf"));
        // As a farm that gives way.
        let answer = if name == "rts79" {
            let set = [("farm.mining.installed_mw", mining_mw)];
            exact(&built_in("rts79-mining", &set))
        } else {
            let mut grid = grid_of(&built_in(name, &[]), false).unwrap();
            grid.areas[0].mining_w = mining_w;
            grid.has_farms = true;
            solve(&grid).unwrap()
        };
        assert_is(of(&answer, "system", "lole_h"), &row[2], "firm lole");
        assert_is(of(&answer, "system", "eue_mwh"), &row[3], "firm eue");
        let curtailed = of(&answer, "system", "curtailed_mining_mwh");
        assert_is(curtailed, &row[7], &format!("{name} {mining_mw} curtailed"));
    }
    assert_eq!(rows.len(), 5);
}

/// RTS-79 with a forecast error of 2 %: one draw a year, seven steps.
#[test]
fn load_forecast_uncertainty_is_met() {
    let mut grid = grid_of(&built_in("rts79", &[]), false).unwrap();
    grid.forecast = forecast(0.02);
    let answer = solve(&grid).unwrap();
    assert_is(of(&answer, "system", "lole_h"), "10.019622", "lfu lole");
    assert_is(of(&answer, "system", "eue_mwh"), "1270.7085", "lfu eue");
}

/// A number of the toys, or a list of them hour by hour.
fn hourly(value: &toml::Value) -> Vec<f64> {
    match value {
        toml::Value::Array(list) => list.iter().flat_map(hourly).collect(),
        toml::Value::Integer(whole) => vec![*whole as f64],
        toml::Value::Float(number) => vec![*number],
        other => panic!("{other:?}"),
    }
}

/// A unit of a toy: chances a step to fail and to be repaired; what it gives, MW hour by hour.
fn toy_unit(mw: &[f64], fail: f64, repair: f64) -> Unit {
    let watts = |mw: f64| (mw * 1e6) as i64;
    let step = |(hour, &mw): (usize, &f64)| (hour as i64 * MS_PER_HOUR, vec![watts(mw), 0]);
    Unit {
        chain: Chain::two_state(1.0 / fail, 1.0 / repair, true),
        course: mw.iter().enumerate().map(step).collect(),
    }
}

/// A grid of areas without forecast errors, and a window for each hour beside the whole.
fn grid(areas: Vec<Area>, tie: Option<Tie>) -> Grid {
    let hours = areas[0].load_w.len();
    let hour = |hour: usize| Window {
        name: hour.to_string(),
        from: Instant(hour as i64 * MS_PER_HOUR),
        until: Instant((hour as i64 + 1) * MS_PER_HOUR),
    };
    let windows = (0..hours).map(hour).chain([all(hours as i64)]);
    Grid {
        hours,
        windows: windows.collect(),
        areas,
        tie,
        is_copper_plate: false,
        forecast: vec![(1.0, 1.0)],
        has_farms: false,
    }
}

fn area(name: &str, load_mw: &[f64], units: Vec<Unit>) -> Area {
    Area {
        name: name.to_owned(),
        is_own: true,
        load_w: load_mw.iter().map(|mw| (mw * 1e6) as i64).collect(),
        units,
        mining_w: 0,
    }
}

fn toys() -> toml::Table {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/exact/toy_systems.toml"
    );
    let text = std::fs::read_to_string(path).expect("the toys");
    text.parse().expect("they parse")
}

/// Toys of one zone: unit capacity by hour, and generation by hour that never fails.
#[test]
fn toys_of_one_zone_are_met() {
    let toys = toys();
    for name in ["singlenode_a", "singlenode_b"] {
        let toy = &toys[name];
        let vg = hourly(&toy["vg"]);
        let mut units = vec![Unit {
            chain: Chain::firm(),
            course: (0..vg.len())
                .map(|hour| (hour as i64 * MS_PER_HOUR, vec![(vg[hour] * 1e6) as i64]))
                .collect(),
        }];
        for gens in toy["gens"].as_array().unwrap() {
            let count = gens.get("n").map_or(1, |n| n.as_integer().unwrap());
            let [fail, repair] = ["fail", "repair"].map(|key| gens[key].as_float().unwrap());
            let unit = toy_unit(&hourly(&gens["mw"]), fail, repair);
            units.extend((0..count).map(|_| unit.clone()));
        }
        let loads = hourly(&toy["load"]);
        let answer = solve(&grid(vec![area("only", &loads, units)], None)).unwrap();
        let is = |window: &str, index: &str, reference: f64| {
            let value = answer.find(window, "system", index).unwrap();
            assert!(
                (value - reference).abs() < 1e-12,
                "{name} {window} {index}: {value}"
            );
        };
        is("all", "lole_h", toy["lole"].as_float().unwrap());
        is("all", "eue_mwh", toy["eue"].as_float().unwrap());
        for (hour, lolp) in hourly(&toy["lolp"]).into_iter().enumerate() {
            is(&hour.to_string(), "lolp", lolp);
        }
        for (hour, eue) in hourly(&toy["eue_t"]).into_iter().enumerate() {
            is(&hour.to_string(), "eue_mwh", eue);
        }
    }
}

/// The toy of two zones, as a scenario: a line that fails, too.
#[test]
fn the_toy_of_two_zones_is_met() {
    // Failing with 0.1 and repaired with 0.9 a step is to be down a tenth of the time.
    let text = r#"
        schema = 1
        [scenario]
        name = "test1"
        start = "2024-01-01T00:00:00Z"
        duration_hours = 1
        [[zone]]
        name = "a"
        load_mw = 8
        [[zone]]
        name = "b"
        load_mw = 9
        [[line]]
        name = "tie"
        from = "b"
        to = "a"
        capacity_mw = 8
        mttf_h = 90
        mttr_h = 10
        [[plant]]
        name = "one"
        zone = "a"
        capacity_mw = 15
        mttf_h = 90
        mttr_h = 10
        [[plant]]
        name = "two"
        zone = "b"
        capacity_mw = 15
        mttf_h = 90
        mttr_h = 10
    "#;
    let toy = &toys()["test1"];
    let answer = exact(&system(text));
    let is = |scope: &str, index: &str, reference: f64| {
        let value = of(&answer, scope, index);
        assert!(
            (value - reference).abs() < 1e-12,
            "{scope} {index}: {value}"
        );
    };
    is("system", "lole_h", toy["lole"].as_float().unwrap());
    is("system", "eue_mwh", toy["eue"].as_float().unwrap());
    let (lole, eue) = (hourly(&toy["lole_area"]), hourly(&toy["eue_area"]));
    for (at, scope) in ["zone/a", "zone/b"].into_iter().enumerate() {
        is(scope, "lole_h", lole[at]);
        is(scope, "eue_mwh", eue[at]);
    }
    let missing: Vec<_> = answer.missing.iter().map(|one| one.reason.code()).collect();
    assert!(missing.iter().all(|code| *code == "two-areas") && missing.len() == 6);
}

/// Every state of every unit: (probability, capacity in each hour, W), states kept over time.
fn enumerate(units: &[Unit], hours: usize) -> Vec<(f64, Vec<i64>)> {
    let mut all = vec![(1.0, vec![0; hours])];
    for unit in units {
        let mut next = Vec::new();
        for (probability, capacity_w) in &all {
            for (state, share) in unit.chain.probability.iter().enumerate() {
                let sum =
                    |hour: usize| capacity_w[hour] + unit.at(hour as i64 * MS_PER_HOUR)[state];
                next.push((probability * share, (0..hours).map(sum).collect()));
            }
        }
        all = next;
    }
    all
}

/// Units of two and three states, some of them with another capacity in a later hour.
fn any_units(most: usize) -> impl Strategy<Value = Vec<Unit>> {
    let rate = 0.001..2.0_f64;
    let two = (
        1..30_i64,
        rate.clone(),
        rate.clone(),
        prop::option::of((1..3_i64, 0..30_i64)),
    );
    let two = two.prop_map(|(full, fail, repair, later)| {
        let mut course = vec![(0, vec![full, 0])];
        course.extend(later.map(|(hour, mw)| (hour * MS_PER_HOUR, vec![mw, 0])));
        Unit {
            chain: Chain::two_state(1.0 / fail, 1.0 / repair, true),
            course,
        }
    });
    let three = (1..30_i64, 1..30_i64, prop::collection::vec(rate, 6));
    let three = three.prop_map(|(full, part, rates)| {
        let rates = vec![
            vec![0.0, rates[0], rates[1]],
            vec![rates[2], 0.0, rates[3]],
            vec![rates[4], rates[5], 0.0],
        ];
        Unit::steady(
            Chain::of_rates(&rates),
            vec![full.max(part), part.min(full), 0],
        )
    });
    prop::collection::vec(prop_oneof![two, three], 1..=most)
}

/// Megawatts above are watts here, so that the numbers are small.
fn small_area(name: &str, load_w: &[i64], units: Vec<Unit>) -> Area {
    Area {
        load_w: load_w.to_vec(),
        ..area(name, &[], units)
    }
}

fn is_near(value: f64, reference: f64) -> bool {
    (value - reference).abs() <= 1e-9 * reference.abs() + 1e-13
}

/// P(at least a, then below b) from one hour to the next, with every pair of states.
fn hourly_step(units: &[Unit], hour: i64, a: i64, b: i64) -> f64 {
    let mut all = vec![(1.0, 0, 0)];
    for unit in units {
        let within = unit.chain.within(MS_PER_HOUR);
        let (before, now) = (
            unit.at((hour - 1) * MS_PER_HOUR),
            unit.at(hour * MS_PER_HOUR),
        );
        let mut next = Vec::new();
        for &(p, x, y) in &all {
            for (from, row) in within.iter().enumerate() {
                for (to, chance) in row.iter().enumerate() {
                    let p = p * unit.chain.probability[from] * chance;
                    next.push((p, x + before[from], y + now[to]));
                }
            }
        }
        all = next;
    }
    let wanted = all.iter().filter(|&&(_, x, y)| x >= a && y < b);
    wanted.map(|case| case.0).sum()
}

/// How often one unit's transition takes the sum from a load or more to less than it, an hour.
fn falls(units: &[Unit], hour: i64, load_w: i64) -> f64 {
    let mut sum = 0.0;
    for (index, unit) in units.iter().enumerate() {
        let mut others = units.to_vec();
        others.remove(index);
        let gives = unit.at(hour * MS_PER_HOUR);
        for (p, rest) in enumerate(&others, hour as usize + 1) {
            let rest = rest[hour as usize];
            for (from, row) in unit.chain.rates.iter().enumerate() {
                for (to, rate) in row.iter().enumerate() {
                    if rest + gives[from] >= load_w && rest + gives[to] < load_w {
                        sum += p * unit.chain.probability[from] * rate;
                    }
                }
            }
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn one_area_is_as_by_enumeration(
        units in any_units(5),
        loads in prop::collection::vec(0..90_i64, 3),
        mining in 0..20_i64,
    ) {
        let mut one = grid(vec![small_area("only", &loads, units.clone())], None);
        one.areas[0].mining_w = mining;
        one.has_farms = true;
        let answer = solve(&one).unwrap();
        let states = enumerate(&units, 3);
        let mean = |value: &dyn Fn(&[i64]) -> f64| -> f64 {
            states.iter().map(|(p, capacity)| p * value(capacity)).sum()
        };
        let lacks = |capacity: &[i64], hour: usize| (loads[hour] - capacity[hour]).max(0);
        let cut = |capacity: &[i64], hour: usize| {
            (loads[hour] + mining - capacity[hour]).clamp(0, mining)
        };
        let short = |c: &[i64], hour: usize| f64::from(u8::from(c[hour] < loads[hour]));
        let over = |value: &dyn Fn(&[i64], usize) -> f64| -> f64 {
            (0..3).map(|hour| mean(&|c| value(c, hour))).sum()
        };
        prop_assert!(is_near(of(&answer, "system", "lole_h"), over(&short)));
        let eue = over(&|c, hour| lacks(c, hour) as f64 * 1e-6);
        prop_assert!(is_near(of(&answer, "system", "eue_mwh") * 1e6, eue * 1e6));
        let curtailed = over(&|c, hour| cut(c, hour) as f64);
        prop_assert!(is_near(of(&answer, "system", "curtailed_mining_mwh") * 1e6, curtailed));
        // The horizon is a line: short at the begin, falls of capacity, steps of load.
        let steps: f64 = (1..3)
            .map(|hour| mean(&|c| (1.0 - short(c, hour - 1)) * short(c, hour)))
            .sum();
        let fallen: f64 = (0..3).map(|hour| falls(&units, hour as i64, loads[hour])).sum();
        let begins = mean(&|c| short(c, 0));
        prop_assert!(is_near(of(&answer, "system", "lolf"), begins + fallen + steps));
        let runs: f64 = (1..3)
            .map(|hour| hourly_step(&units, hour as i64, loads[hour - 1], loads[hour]))
            .sum();
        prop_assert!(is_near(of(&answer, "system", "lolev"), begins + runs));
        // And a window is as long as it is.
        prop_assert!(is_near(answer.find("1", "system", "lolp").unwrap(), mean(&|c| short(c, 1))));
    }

    #[test]
    fn two_areas_are_as_by_enumeration(
        (left, right) in (any_units(3), any_units(3)),
        loads in prop::collection::vec((0..60_i64, 0..60_i64), 3),
        (forward, backward, up) in (0..40_i64, 0..40_i64, 0.0..1.0_f64),
    ) {
        let [a, b]: [Vec<i64>; 2] = [
            loads.iter().map(|pair| pair.0).collect(),
            loads.iter().map(|pair| pair.1).collect(),
        ];
        let areas = vec![small_area("a", &a, left.clone()), small_area("b", &b, right.clone())];
        let tie = Tie { states: vec![(up, forward, backward), (1.0 - up, 0, 0)] };
        let answer = solve(&grid(areas, Some(tie.clone()))).unwrap();
        let (mut short, mut any, mut lacking) = ([0.0; 2], 0.0, [0.0; 2]);
        for (p, c) in &enumerate(&left, 3) {
            for (q, d) in &enumerate(&right, 3) {
                for &(chance, forward, backward) in &tie.states {
                    for hour in 0..3 {
                        let over = [c[hour] - a[hour], d[hour] - b[hour]];
                        let helped = [
                            over[0] + over[1].clamp(0, backward),
                            over[1] + over[0].clamp(0, forward),
                        ];
                        // Help changes nothing for who needs none.
                        let lacks = [0, 1].map(|k| (-helped[k]).max(0).min((-over[k]).max(0)));
                        let p = p * q * chance;
                        for k in 0..2 {
                            short[k] += p * f64::from(u8::from(lacks[k] > 0));
                            lacking[k] += p * lacks[k] as f64;
                        }
                        any += p * f64::from(u8::from(lacks[0] + lacks[1] > 0));
                    }
                }
            }
        }
        for (k, scope) in ["zone/a", "zone/b"].into_iter().enumerate() {
            prop_assert!(is_near(of(&answer, scope, "lole_h"), short[k]));
            prop_assert!(is_near(of(&answer, scope, "eue_mwh") * 1e6, lacking[k]));
        }
        prop_assert!(is_near(of(&answer, "system", "lole_h"), any));
        prop_assert!(is_near(of(&answer, "system", "eue_mwh") * 1e6, lacking[0] + lacking[1]));
    }
}

/// Times that are not exponential change what is seen on the hour, and nothing else.
#[test]
fn other_laws_leave_all_but_the_hourly_count() {
    let laws = [
        ("plant.*.up_law", "{ weibull_shape = 2.0 }"),
        ("plant.*.down_law", "{ lognormal_cv = 1.2 }"),
    ];
    let (plain, other) = (
        exact(&built_in("rbts", &[])),
        exact(&built_in("rbts", &laws)),
    );
    for row in plain.rows.iter().filter(|row| row.index != "lolev") {
        assert_eq!(
            other.find("all", &row.scope, row.index),
            Some(row.value),
            "{row:?}"
        );
    }
    assert_eq!(other.find("all", "system", "lolev"), None);
    let system = other
        .missing
        .iter()
        .find(|missing| missing.scope == "system");
    let system = system.expect("it says so");
    assert_eq!((system.index, &system.reason), ("lolev", &Obstacle::Memory));
}

/// A planned outage is as if the unit were not there for that time.
#[test]
fn a_planned_outage_takes_the_unit_away() {
    let planned = "[{ from = \"2001-01-01T00:00:00Z\", units = [1] }]";
    let out = exact(&built_in("rbts", &[("plant.h20-hydro.planned", planned)]));
    let less = exact(&built_in("rbts", &[("plant.h20-hydro.units", "3")]));
    for index in ["lole_h", "eue_mwh", "lolf", "lolev", "lole_d"] {
        let (out, less) = (of(&out, "system", index), of(&less, "system", index));
        assert!(is_near(out, less), "{index}: {out} {less}");
    }
    // For a part of an hour: by hand. 1 unit of 10 MW, down a tenth of the time, planned out for
    // 15 minutes of the second hour, load 5 MW.
    let text = r#"
        schema = 1
        [scenario]
        name = "part"
        start = "2024-01-01T00:00:00Z"
        duration_hours = 3
        [[zone]]
        name = "town"
        load_mw = 5
        [[plant]]
        name = "only"
        zone = "town"
        capacity_mw = 10
        mttf_h = 90
        mttr_h = 10
        planned = [{ from = "2024-01-01T01:30:00Z", until = "2024-01-01T01:45:00Z" }]
    "#;
    let answer = exact(&system(text));
    assert!(is_near(of(&answer, "system", "lole_h"), 0.1 * 2.75 + 0.25));
    assert!(is_near(
        of(&answer, "system", "eue_mwh"),
        5.0 * (0.1 * 2.75 + 0.25)
    ));
    // Short at the begin; failures while it is not planned out; and the plan finds it up.
    assert!(is_near(
        of(&answer, "system", "lolf"),
        0.1 + 0.9 / 90.0 * 2.75 + 0.9
    ));
    // The plan begins and ends between whole hours.
    let step = 0.1 * 0.9 * -(-(1.0 / 90.0 + 1.0 / 10.0_f64)).exp_m1();
    assert!(is_near(of(&answer, "system", "lolev"), 0.1 + 2.0 * step));
}

/// Where nothing is drawn one replication is the mean: the same loads, the same capacities, the
/// same counting of shortages, in every window.
#[test]
fn without_chance_the_engine_counts_the_same() {
    let text = r#"
        schema = 1
        [scenario]
        name = "clockwork"
        start = "2024-01-01T06:00:00Z"
        duration_hours = 75
        [[window]]
        name = "part"
        from = "2024-01-02T10:20:00Z"
        until = "2024-01-03T17:40:00Z"
        [[weather]]
        name = "known"
        mean_c = -3
        fixed_daily_c = [-1, -12, 4, -20]
        [[zone]]
        name = "town"
        load_mw = 110.3
        scale = 1.01
        weather = "known"
        load_response = { base_c = 0, per_degree = 0.01 }
        utc_offset_h = 5
        [[plant]]
        name = "steam"
        zone = "town"
        units = 3
        capacity_mw = 37.7
        dependable_share = 0.93
        planned = [
            { from = "2024-01-01T20:10:00Z", until = "2024-01-02T11:30:00Z", units = [1] },
            { from = "2024-01-02T05:00:00Z", until = "2024-01-02T05:25:00Z" },
        ]
        [[plant]]
        name = "sun"
        zone = "town"
        units = 7
        capacity_mw = 11.1
        output = { sun = 0.12 }
    "#;
    let system = system(text);
    let answer = exact(&system);
    let plan = Plan::new(&system).expect("one zone");
    let mut sink = Sink::default();
    GridEnsemble::new(&plan)
        .replicate(&mut Replicator::new(&plan), 0, &mut sink)
        .expect("a replication");
    let mut shortages = 0.0;
    for column in &GridEnsemble::layout(&plan).columns {
        let counted = sink.row[column.slot] as f64 * column.scale;
        let value = answer.find(&column.window, &column.scope, &column.index);
        let value = value.unwrap_or_else(|| panic!("{column:?}"));
        // A recorder rounds energy to the watt-hour.
        assert!(
            (value - counted).abs() <= 2e-6,
            "{column:?}: {value} {counted}"
        );
        if column.index == "lolf" {
            shortages += counted;
        }
    }
    assert!(shortages >= 8.0, "it is short {shortages} times");
}

/// What has no exact answer says all that stands in the way, and no number.
#[test]
fn what_stands_in_the_way_is_said_at_once() {
    let codes = |system: &System, is_copper_plate| -> Vec<&str> {
        let obstacles = answer(system, is_copper_plate).expect_err("it has none");
        obstacles.iter().map(Obstacle::code).collect()
    };
    let kazakhstan = codes(&built_in("kazakhstan-2022", &[]), false);
    for code in [
        "network",
        "drawn-input",
        "wind",
        "outages-follow-weather",
        "load-follows-weather",
        "hazards",
        "orders",
        "reserve",
        "calibration",
        "farms",
    ] {
        assert!(
            kazakhstan.contains(&code),
            "{code} is not in {kazakhstan:?}"
        );
    }
    let mining = |set| codes(&built_in("rts79-mining", &[set]), false);
    assert_eq!(mining(("farm.mining.compliance", "0.9")), ["farms"]);
    assert_eq!(mining(("farm.mining.interruptible", "false")), ["farms"]);
    assert_eq!(mining(("zone.system.reserve_mw", "400")), ["reserve"]);
    assert_eq!(mining(("plant.u400-nuclear.beta", "0.1")), ["common-cause"]);
    let areas = |set| codes(&built_in("rts79-two-area", &[set]), false);
    assert_eq!(areas(("zone.a.priority", "1")), ["priorities"]);
    let drawn = (
        "line.tie.capacity_mw",
        "{ uniform = [50, 150], basis = \"assumed\" }",
    );
    assert_eq!(areas(drawn), ["drawn-input"]);
}
