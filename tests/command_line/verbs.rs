//! What each verb does, and that stdout is data.

use super::program::{Desk, MINING, assert_same, text};
use serde_json::Value;
use std::fs;

/// The same number, but for the last bit that this JSON reader may lose.
fn is_same(left: Option<f64>, right: &str) -> bool {
    let (left, right) = (left.unwrap(), right.parse::<f64>().unwrap());
    (left - right).abs() <= 4.0 * f64::EPSILON * right.abs()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn a_replay_is_the_row_of_its_replication() {
    let desk = Desk::new();
    for scenario in ["rts79", MINING] {
        desk.done(&["run", scenario, "-n", "300", "-o", "here", "-q", "--fresh"]);
        let table = fs::read(desk.path("here/replications.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(&table[..]);
        let header = reader.headers().unwrap().clone();
        for number in [0, 7, 299] {
            let row = csv::Reader::from_reader(&table[..])
                .records()
                .nth(number)
                .unwrap()
                .unwrap();
            assert_eq!(row[0], number.to_string());
            let number = number.to_string();
            let told = desk.done(&["replay", scenario, "-r", &number, "--format", "json"]);
            let story = json(&told.stdout);
            let value = |name: &str| {
                let is = |index: &&Value| {
                    let part = |key: &str| index[key].as_str().unwrap().to_owned();
                    format!("{}/{}/{}", part("window"), part("scope"), part("index")) == name
                };
                story["indices"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(is)
                    .unwrap()["value"]
                    .as_f64()
            };
            for (name, cell) in header.iter().zip(&row).skip(1) {
                assert!(is_same(value(name), cell), "{name}");
            }
            assert!(story["log"].as_array().unwrap().len() > 2);
        }
    }
}

#[test]
fn a_replay_is_told_in_order() {
    let desk = Desk::new();
    let story = text(&desk.done(&["replay", MINING, "--replication", "5"]).stdout);
    let times: Vec<&str> = story
        .lines()
        .filter(|line| line.starts_with("20"))
        .map(|line| &line[..20])
        .collect();
    assert!(times.len() > 20 && times.is_sorted(), "{story}");
}

#[test]
fn json_has_the_rows_of_the_summary() {
    let desk = Desk::new();
    let output = desk.done(&["run", MINING, "-n", "300", "--format", "json", "-o", "here"]);
    let printed = json(&output.stdout);
    assert_eq!(printed["replications"], 300);
    let rows = printed["summary"].as_array().unwrap();
    let table = fs::read(desk.path("here/summary.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(&table[..]);
    let header = reader.headers().unwrap().clone();
    assert_eq!(
        header.iter().collect::<Vec<_>>().join(", "),
        "point, window, scope, index, unit, mean, standard_error, lower_95, upper_95, p5, p50, \
         p90, p95, p99, exact, z, n, interval"
    );
    let mut count = 0;
    for (row, record) in rows.iter().zip(reader.records()) {
        for (name, cell) in header.iter().zip(&record.unwrap()) {
            match &row[name] {
                Value::Null => assert_eq!(cell, "", "{name}"),
                Value::String(word) => assert_eq!(cell, word),
                number => assert!(is_same(number.as_f64(), cell), "{name}"),
            }
        }
        count += 1;
    }
    assert!(count == rows.len() && count > 50);
    let again = desk.done(&["run", MINING, "-n", "300", "--format", "json", "-o", "here"]);
    assert_eq!(
        json(&again.stdout),
        printed,
        "also when it was done already"
    );
}

#[test]
fn the_summary_fits_a_screen() {
    let desk = Desk::new();
    for scenario in ["rts79", MINING] {
        let screen = text(&desk.done(&["run", scenario, "-n", "300"]).stdout);
        assert!(screen.lines().count() <= 23, "{screen}");
        assert!(
            screen.lines().all(|line| line.chars().count() <= 80),
            "{screen}"
        );
        assert!(screen.contains("LOLE"), "{screen}");
    }
}

#[test]
fn quiet_is_quiet_and_progress_can_be_asked_for() {
    let desk = Desk::new();
    let quiet = desk.done(&["run", "rbts", "-n", "300", "-q"]);
    assert!(quiet.stderr.is_empty() && !quiet.stdout.is_empty());
    let shown = desk.done(&["run", "rbts", "-n", "600", "--progress", "always"]);
    assert!(
        text(&shown.stderr).contains("600 of 600"),
        "{}",
        text(&shown.stderr)
    );
    let normal = desk.done(&["run", "rbts", "-n", "700"]);
    assert!(
        !text(&normal.stderr).contains("700 of 700"),
        "no bar without a terminal"
    );
}

#[test]
fn a_report_is_written_again_without_simulating() {
    let desk = Desk::new();
    let set = [
        "--set",
        "farm.registered-north.installed_mw=150",
        "--seed",
        "9",
    ];
    desk.done(&[&["run", MINING, "-n", "300", "-o", "here", "-q"][..], &set].concat());
    let before = desk.result("here");
    let cost = desk.manifest("here")["cost"]["core_seconds"]["engine"].clone();
    fs::remove_file(desk.path("here/summary.csv")).unwrap();
    // Not even the scenario's own file is needed.
    fs::remove_file(desk.path(MINING)).unwrap();
    desk.done(&["report", "here"]);
    assert_same(&before, &desk.result("here"));
    assert_eq!(
        desk.manifest("here")["cost"]["core_seconds"]["engine"],
        cost
    );
    desk.done(&["report", "here", "--events", "all", "-q"]);
    let events = fs::read(desk.path("here/events.csv")).unwrap();
    let replications: std::collections::BTreeSet<String> = csv::Reader::from_reader(&events[..])
        .records()
        .map(|record| record.unwrap()[0].to_owned())
        .collect();
    assert_eq!(replications.len(), 300);
}

#[test]
fn a_report_says_what_it_lacks() {
    let desk = Desk::new();
    let nothing = desk.run(&["report", "nowhere"]);
    assert_eq!(nothing.status.code(), Some(1));
    desk.done(&["run", "rbts", "-n", "300", "-q"]);
    let before = desk.result("output/rbts");
    fs::remove_dir_all(desk.path("output/.rbts.blocks")).unwrap();
    let output = desk.run(&["report", "output/rbts"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains(".rbts.blocks"),
        "{}",
        text(&output.stderr)
    );
    assert_same(&before, &desk.result("output/rbts"));
}

#[test]
fn events_are_those_of_three_replications() {
    let desk = Desk::new();
    desk.done(&["run", "rts79", "-n", "300", "-q"]);
    let events = fs::read(desk.path("output/rts79/events.csv")).unwrap();
    let mut roles: Vec<String> = csv::Reader::from_reader(&events[..])
        .records()
        .map(|record| record.unwrap()[1].to_owned())
        .collect();
    roles.sort();
    roles.dedup();
    assert_eq!(roles.join("+").split('+').count(), 3, "{roles:?}");
}

#[test]
fn a_scenario_is_begun_but_never_overwritten() {
    let desk = Desk::new();
    fs::write(desk.path("mine.toml"), b"mine").unwrap();
    let output = desk.run(&["init", "mine.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read(desk.path("mine.toml")).unwrap(), b"mine");
    desk.done(&["check", MINING]);
}

#[test]
fn schema_list_and_completions_are_data() {
    let desk = Desk::new();
    let schema = json(&desk.done(&["schema"]).stdout);
    assert!(schema["properties"]["farm"].is_object());
    let list = text(&desk.done(&["list"]).stdout);
    assert!(
        list.lines().any(|line| line.starts_with("rts79 ")),
        "{list}"
    );
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&desk.done(&["completions", shell]).stdout);
        assert!(
            script.contains("hashfall") && script.contains("replay"),
            "{shell}"
        );
    }
}

#[test]
fn check_tells_what_stands_in_each_zone() {
    let desk = Desk::new();
    let grid = text(&desk.done(&["check", "rts79-two-area"]).stdout);
    let row = |text: &str, zone: &str| {
        let mut lines = text.lines().map(|line| line.split_whitespace());
        let row = lines.find(|line| line.clone().next() == Some(zone));
        row.expect("a line of the zone")
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // RTS-79: 32 units of 3,405 MW, a peak of 2,850 MW.
    assert_eq!(row(&grid, "a"), ["a", "2,850", "3,405", "100"]);
    assert!(
        grid.contains("2 zones, 1 line, 18 plants, 64 units"),
        "{grid}"
    );
    let mining = text(&desk.done(&["check", "rts79-mining"]).stdout);
    assert!(mining.contains("lines in  mining  reserve"), "{mining}");
}

#[test]
fn an_error_from_hardly_any_shortage_is_called_rough() {
    let desk = Desk::new();
    let screen = |n: &str| text(&desk.done(&["run", "rbts", "-n", n, "--fresh"]).stdout);
    let says = "errors are rough";
    assert!(screen("20").contains(says));
    assert!(!screen("2000").contains(says));
}

/// The title is of the scenario as it was written: what was changed stands beside it.
#[test]
fn what_was_set_is_told_wherever_the_result_is() {
    let desk = Desk::new();
    let set = "zone.*.scale=1.1";
    let run = [
        "run", "rts79", "-n", "64", "--set", set, "--seed", "5", "-o", "here",
    ];
    let screen = text(&desk.done(&run).stdout);
    assert_eq!(screen.lines().nth(2), Some("with zone.*.scale=1.1"));
    let page = fs::read_to_string(desk.path("here/report.html")).unwrap();
    assert!(page.contains("; with zone.*.scale=1.1</p>"));
    // Each command makes this result, or tells a future of it.
    for command in ["run rts79 --replications 64", "replay rts79 --replication"] {
        let line = page.lines().find(|line| line.contains(command)).unwrap();
        let typed = &line[line.find(command).unwrap()..];
        let said = [
            "--seed 5",
            "--set &#39;zone.*.scale=1.1&#39;",
            "--set 'zone.*.scale=1.1'",
        ];
        let is_said = |words: &str| typed.contains(words);
        assert!(
            is_said(said[0]) && (is_said(said[1]) || is_said(said[2])),
            "{typed}"
        );
        assert!(!is_said("scenario.seed"), "{typed}");
    }
    let mut captions = 0;
    for entry in fs::read_dir(desk.path("here/charts")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let caption = fs::read_to_string(&path).unwrap();
            assert!(caption.contains("rts79 with zone.*.scale=1.1"), "{caption}");
            captions += 1;
        }
    }
    assert!(captions > 2);
}
