//! `hashfall backtest` as its users meet it.

use super::{COUNTS, Desk, SMALL, table};
use std::fs;
use std::process::{Command, Output};

fn desk() -> Desk {
    Desk::new(SMALL, &table(&COUNTS))
}

fn hashfall(desk: &Desk, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hashfall"))
        .current_dir(desk.folder.path())
        .args(arguments)
        .output()
        .expect("it starts")
}

#[track_caller]
fn done(desk: &Desk, arguments: &[&str]) -> String {
    let output = hashfall(desk, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8(output.stdout).expect("text")
}

const FILES: [&str; 6] = [
    "scores.csv",
    "days.csv",
    "power.csv",
    "charts/backtest.svg",
    "charts/backtest.csv",
    "report.html",
];

fn files(desk: &Desk, folder: &str) -> Vec<Vec<u8>> {
    let read = |name: &&str| fs::read(desk.path(folder).join(name)).expect("a file");
    FILES.iter().map(read).collect()
}

#[test]
fn threads_and_stops_change_no_byte() {
    let desk = desk();
    for jobs in ["1", "2", "7"] {
        done(
            &desk,
            &[
                "backtest",
                "small.toml",
                "-n",
                "600",
                "-j",
                jobs,
                "-o",
                jobs,
                "-q",
            ],
        );
    }
    assert!(files(&desk, "1") == files(&desk, "2"));
    assert!(files(&desk, "1") == files(&desk, "7"));
    // A smaller one extended, and written once more.
    done(
        &desk,
        &["backtest", "small.toml", "-n", "300", "-o", "more", "-q"],
    );
    assert!(files(&desk, "1")[0] != files(&desk, "more")[0]);
    let shown = done(
        &desk,
        &["backtest", "small.toml", "-n", "600", "-o", "more", "-q"],
    );
    assert!(files(&desk, "1") == files(&desk, "more"));
    fs::remove_file(desk.path("more/report.html")).expect("removed");
    let again = done(&desk, &["report", "more", "-q"]);
    assert_eq!(shown, again);
    assert!(files(&desk, "1") == files(&desk, "more"));
}

#[test]
fn a_page_and_its_numbers_agree() {
    let desk = desk();
    let text = done(&desk, &["backtest", "small.toml", "-n", "500", "-q"]);
    assert!(text.lines().count() < 40, "a page:\n{text}");
    assert!(
        text.contains("favour the simulation over no loss"),
        "{text}"
    );
    assert!(text.contains("against 13 %"), "{text}");
    let json = done(
        &desk,
        &[
            "backtest",
            "small.toml",
            "-n",
            "500",
            "-q",
            "--format",
            "json",
        ],
    );
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["mode"], "forecast");
    assert_eq!(json["days"].as_array().map(Vec::len), Some(12));
    assert_eq!(json["power"].as_array().map(Vec::len), Some(12));
    let scores = fs::read_to_string(desk.path("output/small-backtest/scores.csv")).expect("scores");
    let first = json["scores"][0]["value"].as_f64().expect("a number");
    let line = scores.lines().nth(1).expect("a score");
    let written = line.split(',').nth(3).and_then(|cell| cell.parse().ok());
    let written: f64 = written.expect("a number");
    assert!(line.starts_with("small,log_score,nat,"), "{line}");
    assert!((written - first).abs() < 1e-9, "{line}");
    assert!(scores.contains("a tenth,simulation_ahead_by,nat,"));
    let page = fs::read_to_string(desk.path("output/small-backtest/report.html")).expect("a page");
    for part in [
        "Forecast",
        "hashfall backtest small --replications 500",
        "id=\"power\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let caption = fs::read_to_string(desk.path("output/small-backtest/charts/backtest.txt"));
    assert!(
        caption
            .expect("a caption")
            .contains("within the 95 % interval")
    );
}

#[test]
fn what_cannot_be_scored_is_said() {
    let desk = desk();
    let refused = |arguments: &[&str], code: i32, words: &str| {
        let output = hashfall(&desk, arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{errors}");
        assert!(errors.contains(words), "{errors}");
    };
    refused(&["backtest", "rts79"], 2, "no [world]");
    refused(&["backtest", "country-dark-5-days"], 2, "blocks_csv");
    let shifted = [
        "backtest",
        "small.toml",
        "--set",
        "scenario.start=2023-01-01T00:00:00Z",
    ];
    refused(&shifted, 3, "");
    refused(&["backtest", "small.toml", "-n", "1"], 2, "1");
    refused(&["backtest", "nowhere.toml"], 3, "nowhere.toml");
    refused(
        &[
            "backtest",
            "small.toml",
            "--set",
            "observed.tell_apart=[0.2, 0.1]",
        ],
        3,
        "rising",
    );
    refused(
        &[
            "backtest",
            "small.toml",
            "--set",
            "observed.rivals.a tenth.name=no loss",
        ],
        3,
        "always there",
    );
    let twice = format!(
        "{}2022-01-03,140,{},174,150,200\n",
        table(&COUNTS),
        super::DIFFICULTY
    );
    fs::write(desk.path("counts.csv"), twice).expect("written");
    refused(&["backtest", "small.toml"], 3, "stands there twice");
    let early = table(&COUNTS).replace("2022-01", "2021-01");
    fs::write(desk.path("counts.csv"), early).expect("written");
    refused(&["backtest", "small.toml"], 2, "within its horizon");
}
