//! Each exit code of the manual, from a cause that a user would meet.

use super::program::{Desk, text};
use std::fs;

#[test]
fn nothing_wrong_is_0() {
    let desk = Desk::new();
    for arguments in [
        &["list"][..],
        &["check", "rts79"],
        &["run", "rbts", "-n", "20", "-q"],
        &["--version"],
        &["run", "--help"],
    ] {
        desk.done(arguments);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_1() {
    let desk = Desk::new();
    fs::write(desk.path("file"), b"in the way").unwrap();
    let output = desk.run(&["run", "rbts", "-n", "20", "-o", "file/inside"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("file"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(fs::read(desk.path("file")).unwrap(), b"in the way");
}

#[test]
fn a_folder_of_other_files_is_left_alone() {
    let desk = Desk::new();
    fs::create_dir(desk.path("photos")).unwrap();
    fs::write(desk.path("photos/cat.jpg"), b"meow").unwrap();
    let output = desk.run(&["run", "rbts", "-n", "20", "-o", "photos"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("not a result"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(fs::read(desk.path("photos/cat.jpg")).unwrap(), b"meow");
    assert_eq!(fs::read_dir(desk.path("photos")).unwrap().count(), 1);
}

#[test]
fn wrong_arguments_are_2() {
    let desk = Desk::new();
    for arguments in [
        &[][..],
        &["run"],
        &["run", "rbts", "--no-such-flag"],
        &["run", "rbts", "-n", "0"],
        &["run", "rbts", "-n", "many"],
        &["run", "rbts", "-j", "0"],
        &["run", "rbts", "--set", "nothing"],
        &["run", "rbts", "-q", "-v"],
        &["run", "no-such-scenario"],
        &["replay", "rbts"],
        &["completions", "no-such-shell"],
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            !output.stderr.is_empty() && output.stdout.is_empty(),
            "{arguments:?}"
        );
    }
    assert!(!desk.path("output").exists(), "nothing is written");
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let output = Desk::new().run(&["run", "rts97"]);
    assert!(
        text(&output.stderr).contains("rts79"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn mistakes_in_a_scenario_are_3() {
    let desk = Desk::new();
    fs::write(
        desk.path("bad.toml"),
        "schema = 1\n[scenario]\nnam = \"x\"\n",
    )
    .unwrap();
    for arguments in [
        &["run", "bad.toml"][..],
        &["check", "bad.toml"],
        &["replay", "bad.toml", "-r", "0"],
        &["run", "missing.toml"],
        &["run", "rbts", "--set", "scenario.no_such_key=1"],
    ] {
        let output = desk.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{arguments:?}"
        );
        assert!(
            !output.stderr.contains(&0x1b),
            "colour where there is no terminal"
        );
    }
    assert!(!desk.path("output").exists(), "nothing is written");
}

#[test]
fn a_mistake_leaves_an_older_result_as_it_was() {
    let desk = Desk::new();
    desk.done(&["run", "rbts", "-n", "300", "-q"]);
    let before = desk.result("output/rbts");
    let output = desk.run(&[
        "run",
        "rbts",
        "-n",
        "300",
        "--set",
        "scenario.duration_days=-1",
    ]);
    assert_eq!(output.status.code(), Some(3));
    super::program::assert_same(&before, &desk.result("output/rbts"));
}

#[test]
fn a_built_in_scenario_with_an_ending_is_found_by_its_help() {
    let desk = Desk::new();
    let told = |file: &str| text(&desk.run(&["check", file]).stderr);
    assert!(told("rbts.toml").contains("the built-in scenario is called `rbts`"));
    assert!(told("mine.toml").contains("`hashfall list` shows"));
    fs::write(desk.path("rbts.toml"), b"\xff").unwrap();
    assert!(told("rbts.toml").contains("not UTF-8"));
}
