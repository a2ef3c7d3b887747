//! From a story to an answer: `init event`, then check, run and infer; and what is inferred of the
//! built-in events.

use super::program::{Desk, text};
use serde_json::Value;
use std::fs;

#[test]
fn a_new_event_is_sound_and_runs_as_it_is() {
    let desk = Desk::new();
    desk.done(&["init", "event", "flood.toml"]);
    assert!(desk.path("flood-blocks.csv").is_file());
    let checked = text(&desk.done(&["check", "flood.toml"]).stdout);
    assert!(checked.starts_with("flood: sound"), "{checked}");
    desk.done(&["run", "flood.toml", "-n", "64", "-q", "-o", "flood"]);
    assert!(desk.path("flood/summary.csv").is_file());
    let told = text(&desk.done(&["infer", "flood.toml"]).stdout);
    assert!(told.contains("blocks, against the days before"), "{told}");
    assert!(told.contains("Conflict: "), "{told}");
}

#[test]
fn a_new_event_writes_over_nothing() {
    let desk = Desk::new();
    for taken in ["my-event.toml", "my-event-blocks.csv"] {
        fs::write(desk.path(taken), b"mine").unwrap();
        let output = desk.run(&["init", "event"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(taken));
        assert_eq!(fs::read(desk.path(taken)).unwrap(), b"mine");
        fs::remove_file(desk.path(taken)).unwrap();
        assert!(!desk.path("my-event.toml").exists() && !desk.path("my-event-blocks.csv").exists());
    }
    let output = desk.run(&["init", "event", "my event.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("my-event.toml"));
}

/// The chart's numbers are those of the table, and stdout is data.
#[test]
fn an_inference_in_every_format() {
    let desk = Desk::new();
    let output = desk.done(&[
        "infer",
        "kazakhstan-2022",
        "--format",
        "json",
        "-o",
        "drawn",
    ]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["scenario"], "kazakhstan-2022");
    let rows = json["rows"].as_array().unwrap();
    assert!(json["conflict"]["ln_evidence_ratio"].is_f64());
    for extension in ["svg", "png", "csv", "txt"] {
        let file = desk.path(&format!("drawn/inference.{extension}"));
        assert!(fs::metadata(file).unwrap().len() > 200, "{extension}");
    }
    let table = fs::read(desk.path("drawn/inference.csv")).unwrap();
    let medians: Vec<f64> = csv::Reader::from_reader(&table[..])
        .records()
        .map(|row| row.unwrap())
        .filter(|row| &row[2] == "posterior_median")
        .map(|row| row[3].parse().unwrap())
        .collect();
    assert_eq!(medians.len(), rows.len());
    for (median, row) in medians.iter().zip(rows) {
        assert!((median - 100.0 * row["posterior_median"].as_f64().unwrap()).abs() < 1e-9);
    }
}

#[test]
fn a_scenario_without_the_table_says_what_it_takes() {
    let desk = Desk::new();
    let output = desk.run(&["infer", "rts79"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(text(&output.stderr).contains("[observed.inference]"));
}
