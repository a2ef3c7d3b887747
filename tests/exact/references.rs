//! Published indices, and tables that another program computed for this project.

use super::support::{all, built_in, exact, of};
use hashfall::exact::{Answer, Grid, answer, grid_of, solve};

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

/// Constant load at the annual peak, over a year of 8760 hours.
fn constant_peak(name: &str, peak_w: i64) -> Answer {
    let mut grid = grid_of(&built_in(name, &[]), false, 0).unwrap();
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
            // The energy index of reliability is 1 - NEUE: compared where it differs, in its last
            // printed digit.
            "EIR" => {
                let unserved = of(answer, "system", "neue_ppm") * 1e-6;
                let printed: f64 = reference.parse().expect("a number");
                let digits = reference
                    .split_once('.')
                    .map_or(0, |(_, digits)| digits.len());
                let half = 0.5 * 10_f64.powi(-(digits as i32)) * (1.0 + 1e-9);
                assert!(
                    (unserved - (1.0 - printed)).abs() <= half,
                    "EIR: {unserved}, {printed}"
                );
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
        // What is seen on the hour has its exact answer, too: less than there is in all. Apart it
        // is that of one RTS-79.
        let scopes = ["zone/a", "zone/b", "system"];
        for scope in &scopes[if limit == "100000" { 2.. } else { 0.. }] {
            let (lolev, lolf) = (of(&answer, scope, "lolev"), of(&answer, scope, "lolf"));
            assert!(0.9 * lolf < lolev && lolev < lolf, "{limit} {scope}");
            if limit == "0" && *scope != "system" {
                assert_is(lolev, "1.913131", "apart");
            }
        }
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
        let mut grid = grid_of(&built_in(name, &[]), false, 0).unwrap();
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
            let mut grid = grid_of(&built_in(name, &[]), false, 0).unwrap();
            grid.areas[0].mining_w = mining_w;
            grid.has_farms = true;
            solve(&grid).unwrap()
        };
        assert_is(of(&answer, "system", "lole_h"), &row[2], "firm lole");
        assert_is(of(&answer, "system", "eue_mwh"), &row[3], "firm eue");
        let curtailed = of(&answer, "system", "curtailed_mining_mwh");
        assert_is(curtailed, &row[7], &format!("{name} {mining_mw} curtailed"));
        // Of the energy it would draw, were it never cut.
        let mining_mwh = mining_mw.parse::<f64>().unwrap() * grid.hours as f64;
        assert_is(
            curtailed / mining_mwh * 1e6,
            &row[8],
            &format!("{name} {mining_mw} curtailed, of all"),
        );
        // It is cut for as long as it would be short, were it firm.
        assert_is(
            of(&answer, "system", "curtailed_mining_h"),
            &row[4],
            &format!("{name} {mining_mw} hours curtailed"),
        );
    }
    assert_eq!(rows.len(), 5);
}

/// RTS-79 with a forecast error of 2 % (one draw a year, seven steps), and RBTS with units that
/// may be derated: computed apart from this program, by convolution.
#[test]
fn forecast_errors_and_derated_states_are_met() {
    let answer = exact(&built_in("rts79-lfu", &[]));
    assert_is(of(&answer, "system", "lole_h"), "10.019622", "lfu lole");
    assert_is(of(&answer, "system", "eue_mwh"), "1270.7085", "lfu eue");
    let answer = exact(&built_in("rbts-derated", &[]));
    assert_is(of(&answer, "system", "lole_h"), "0.722825", "derated lole");
    assert_is(of(&answer, "system", "eue_mwh"), "6.359598", "derated eue");
    assert_is(of(&answer, "system", "lolf"), "0.153528", "derated lolf");
}
