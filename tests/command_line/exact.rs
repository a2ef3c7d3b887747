//! `hashfall exact`, and the exact answers beside estimates.

use super::program::{Desk, text};
use serde_json::Value;
use std::fs;

/// The exact value of an index of the system over the whole horizon.
fn value(answered: &Value, index: &str) -> f64 {
    let rows = answered["exact"].as_array().unwrap();
    let is =
        |row: &&Value| row["window"] == "all" && row["scope"] == "system" && row["index"] == index;
    rows.iter().find(is).unwrap()["exact"].as_f64().unwrap()
}

#[test]
fn the_same_numbers_in_every_format() {
    let desk = Desk::new();
    let printed = |format: &str| desk.done(&["exact", "rts79", "--format", format]);
    let answered: Value = serde_json::from_slice(&printed("json").stdout).unwrap();
    assert_eq!(answered["scenario"], "rts79");
    assert!((value(&answered, "lole_h") - 9.394175).abs() < 5e-7);
    assert!(answered["missing"].as_array().unwrap().is_empty());
    let output = printed("csv");
    assert!(output.stderr.is_empty());
    let mut reader = csv::Reader::from_reader(&output.stdout[..]);
    let header: Vec<_> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(header, ["window", "scope", "index", "unit", "exact"]);
    let mut count = 0;
    for (row, json) in reader.records().zip(answered["exact"].as_array().unwrap()) {
        let row = row.unwrap();
        for (name, cell) in header.iter().zip(&row).take(4) {
            assert_eq!(json[name], cell);
        }
        let (cell, json) = (
            row[4].parse::<f64>().unwrap(),
            json["exact"].as_f64().unwrap(),
        );
        assert!((cell - json).abs() <= 4.0 * f64::EPSILON * json.abs());
        count += 1;
    }
    assert_eq!(count, 20);
    let people = text(&printed("text").stdout);
    assert!(
        people.contains("9.394175 h") && people.contains("1176.298460 MWh"),
        "{people}"
    );
    assert!(!desk.path("output").exists(), "nothing is written");
}

#[test]
fn the_outage_table_is_data() {
    let desk = Desk::new();
    let output = desk.done(&["exact", "rbts", "--table", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(&output.stdout[..]);
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .collect::<Vec<_>>()
        .join(",");
    assert_eq!(
        header,
        "scope,outage_mw,probability,cumulative,frequency_per_h"
    );
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 49);
    let whole: f64 = rows.iter().map(|row| row[2].parse::<f64>().unwrap()).sum();
    assert!((whole - 1.0).abs() < 1e-12);
    let json = desk.done(&["exact", "rbts", "--table", "--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["outages"].as_array().unwrap().len(), 49);
    let people = text(&desk.done(&["exact", "rbts", "--table"]).stdout);
    assert!(people.lines().count() > 49, "{people}");
}

#[test]
fn without_an_exact_answer_it_says_why_and_no_number() {
    let desk = Desk::new();
    let output = desk.run(&["exact", "kazakhstan-2022"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(output.stdout.is_empty());
    for word in ["no exact answer", "5 zones", "kill-switch", "wind"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    // A mistake in the scenario is that of every verb.
    let wrong = desk.run(&["exact", "rts79", "--set", "plant.u12-oil-steam.units=0"]);
    assert_eq!(wrong.status.code(), Some(3));
}

#[test]
fn zones_can_be_taken_as_one() {
    let desk = Desk::new();
    let json = |more: &[&str]| -> Value {
        let arguments = [&["exact", "rts79-two-area", "--format", "json"][..], more].concat();
        serde_json::from_slice(&desk.done(&arguments).stdout).unwrap()
    };
    let plate = json(&["--copper-plate"]);
    let wide = json(&["--set", "line.tie.capacity_mw=100000"]);
    assert!((value(&plate, "lole_h") - 0.784656).abs() < 5e-7);
    for index in ["lole_h", "eue_mwh", "lole_d", "lolf", "lold_h"] {
        let (plate, wide) = (value(&plate, index), value(&wide, index));
        assert!((plate / wide - 1.0).abs() < 1e-9, "{index}: {plate} {wide}");
    }
    // What has none is named, with its reason.
    let missing = wide["missing"].as_array().unwrap();
    assert!(missing.iter().all(|one| one["index"] == "lolev"));
    assert!(missing.iter().any(|one| one["code"] == "too-much-work"));
}

#[test]
fn a_run_shows_the_exact_answer_and_the_distance_from_it() {
    let desk = Desk::new();
    for (scenario, indices) in [
        (
            "rbts",
            &["lole_h", "lolf", "lolev", "lold_h", "eue_mwh"][..],
        ),
        (
            "rts79-two-area",
            &["lole_h", "lolf", "lolev", "lold_h", "eue_mwh"],
        ),
        ("rts79-mining", &["lole_h", "lolev", "curtailed_mining_mwh"]),
    ] {
        let screen = desk.done(&["run", scenario, "-n", "600", "-o", scenario, "-q"]);
        let screen = text(&screen.stdout);
        assert!(screen.contains("exact (z)"), "{screen}");
        assert!(
            screen.lines().all(|line| line.chars().count() <= 80),
            "{screen}"
        );
        let answered = desk.done(&["exact", scenario, "--format", "json"]);
        let answered: Value = serde_json::from_slice(&answered.stdout).unwrap();
        let table = fs::read(desk.path(scenario).join("summary.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(&table[..]);
        let mut found = Vec::new();
        for row in reader.records().map(Result::unwrap) {
            if &row[1] != "all" || &row[2] != "system" || row[14].is_empty() {
                continue;
            }
            let number = |at: usize| row[at].parse::<f64>().unwrap();
            let exact = value(&answered, &row[3]);
            assert!((number(14) / exact - 1.0).abs() < 1e-12, "{row:?}");
            let distance = (number(5) - number(14)).abs();
            // What does not vary, as the energy demanded, is exact but for rounding.
            let reach = 4.5 * number(6) + 1e-9 * exact;
            assert!(distance < reach, "{row:?}");
            found.push(row[3].to_owned());
        }
        for index in indices {
            assert!(
                found.contains(&(*index).to_owned()),
                "{scenario}: {found:?}"
            );
        }
    }
    let page = fs::read_to_string(desk.path("rbts/report.html")).unwrap();
    assert!(page.contains("(z = "), "the page says it, too");
}
