//! Several scenarios at once, and runs until they are precise.

use super::program::{Desk, MINING, assert_same, text};
use std::fs;

#[test]
fn several_scenarios_give_what_each_gives_alone() {
    let desk = Desk::new();
    fs::create_dir(desk.path("more")).unwrap();
    fs::copy(desk.path(MINING), desk.path("more/a.toml")).unwrap();
    fs::write(desk.path("more/notes.txt"), "no scenario").unwrap();
    let all = desk.done(&[
        "run",
        "rbts",
        "rts79",
        "more",
        "-n",
        "300",
        "-o",
        "all",
        "--progress",
        "always",
    ]);
    let name = "my-scenario";
    let starter = fs::read_dir(desk.path("all"))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && !name.ends_with(".csv"))
        .find(|name| name != "rbts" && name != "rts79")
        .unwrap_or(name.to_owned());
    for (scenario, folder) in [("rbts", "rbts"), ("rts79", "rts79"), (MINING, &starter)] {
        desk.done(&["run", scenario, "-n", "300", "-o", "alone", "-q", "--fresh"]);
        let mut together = desk.result(&format!("all/{folder}"));
        let mut alone = desk.result("alone");
        if scenario == MINING {
            // The copy of the scenario has the name of its file.
            together.retain(|name, _| !name.starts_with("scenario"));
            alone.retain(|name, _| !name.starts_with("scenario"));
        }
        assert_same(&together, &alone);
    }
    let table = fs::read_to_string(desk.path("all/batch.csv")).unwrap();
    for row in [
        "scenario,point,window",
        "rbts,base,all,system,lole_h,h,",
        "rts79,base,all",
    ] {
        assert!(table.contains(row), "{row}");
    }
    let shown = text(&all.stdout);
    assert!(
        shown.starts_with("scenario") && shown.lines().count() == 4,
        "{shown}"
    );
    assert!(text(&all.stderr).contains("of 900"), "one progress for all");
    let json = desk.done(&[
        "run", "rbts", "rts79", "-n", "300", "-o", "all", "-q", "--format", "json",
    ]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
}

#[test]
fn nothing_runs_unless_all_are_sound() {
    let desk = Desk::new();
    fs::write(
        desk.path("bad.toml"),
        "schema = 1\n[scenario]\nname = \"bad\"\n",
    )
    .unwrap();
    let output = desk.run(&["run", "rbts", "bad.toml", "-n", "300"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!desk.path("output").exists());
    let twice = desk.run(&["run", "rbts", "rbts", "-n", "300"]);
    assert_eq!(twice.status.code(), Some(2));
    assert!(text(&twice.stderr).contains("both called rbts"));
    fs::create_dir(desk.path("empty")).unwrap();
    assert_eq!(desk.run(&["run", "empty"]).status.code(), Some(2));
}

#[test]
fn a_precise_run_ends_at_a_power_of_two_whatever_the_threads() {
    let desk = Desk::new();
    let precise = |folder: &'static str, jobs: &'static str, asked: &'static str| {
        desk.done(&[
            "run",
            "rts79",
            "-n",
            "60000",
            "--precision",
            asked,
            "-o",
            folder,
            "-j",
            jobs,
        ])
    };
    let told = text(&precise("one", "1", "lole_h=2%").stderr);
    precise("three", "3", "lole_h=2%");
    assert_same(&desk.result("one"), &desk.result("three"));
    let n = desk.manifest("one")["replications"].as_u64().unwrap();
    assert!(
        n.is_multiple_of(1024) && (n / 1024).is_power_of_two() && n > 1024,
        "{n}"
    );
    assert!(
        told.contains("n = 1024: lole_h") && told.contains("replications needed"),
        "{told}"
    );
    desk.done(&["run", "rts79", "-n", &n.to_string(), "-o", "direct", "-q"]);
    assert_same(&desk.result("one"), &desk.result("direct"));
    // A sharper wish goes on; the same wish again is a wish fulfilled.
    let again = text(&precise("one", "2", "lole_h=2%").stderr);
    assert!(
        !again.contains("needed, about"),
        "nothing was simulated: {again}"
    );
    assert_same(&desk.result("one"), &desk.result("direct"));
}

#[test]
fn a_cap_that_comes_first_is_told_by_the_exit_code() {
    let desk = Desk::new();
    let capped = desk.run(&[
        "run",
        "rts79",
        "-n",
        "1500",
        "--precision",
        "lole_h=0.1%,eue_mwh=1",
        "-o",
        "capped",
    ]);
    assert_eq!(capped.status.code(), Some(4), "{}", text(&capped.stderr));
    assert!(text(&capped.stderr).contains("not reached"));
    desk.done(&["run", "rts79", "-n", "1500", "-o", "direct", "-q"]);
    assert_same(&desk.result("capped"), &desk.result("direct"));
    let unknown = desk.run(&["run", "rts79", "--precision", "lole=1%"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean lole_h?"));
}
