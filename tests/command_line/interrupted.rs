//! Ctrl-C, TERM and kill -9: nothing half-written, and the same bytes in the end.
#![cfg(unix)]

use super::program::{Desk, Dice, MINING, assert_same};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

fn signal(child: &Child, name: &str) {
    let command = format!("kill -{name} {}", child.id());
    assert!(
        Command::new("sh")
            .args(["-c", &command])
            .status()
            .unwrap()
            .success()
    );
}

/// Waits until the run has blocks on disk, so that there is something to be interrupted.
fn wait_for_blocks(desk: &Desk, folder: &str) {
    let begun = Instant::now();
    let blocks = desk.path(&format!(".{folder}.blocks"));
    let has_block = || {
        std::fs::read_dir(&blocks)
            .into_iter()
            .flatten()
            .flatten()
            .any(|identity| {
                let inside = std::fs::read_dir(identity.path())
                    .into_iter()
                    .flatten()
                    .flatten();
                inside.count() > 0
            })
    };
    while !has_block() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "no block appears"
        );
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn signals_stop_within_two_seconds_and_keep_what_is_done() {
    for (name, code, scenario) in [("INT", 130, "rts79"), ("TERM", 143, MINING)] {
        let desk = Desk::new();
        let long = ["run", scenario, "-n", "900000", "-o", "here", "-q"];
        let mut child = desk.begin(&long);
        wait_for_blocks(&desk, "here");
        let sent = Instant::now();
        signal(&child, name);
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(code), "{name}");
        assert!(
            sent.elapsed() < Duration::from_secs(2),
            "{name}: {:?}",
            sent.elapsed()
        );
        assert!(
            !desk.path("here").exists(),
            "an unfinished run leaves no result"
        );
        assert!(!desk.path(".here.staging").exists());
        // What was done counts, and the end is that of a run never stopped.
        desk.done(&["run", scenario, "-n", "300", "-o", "direct", "-q"]);
        desk.done(&["run", scenario, "-n", "300", "-o", "here", "-q"]);
        assert_same(&desk.result("here"), &desk.result("direct"));
    }
}

#[test]
fn a_stopped_run_says_so_and_its_blocks_count() {
    let desk = Desk::new();
    let mut child = desk.begin(&["run", MINING, "-n", "20000", "-o", "here"]);
    wait_for_blocks(&desk, "here");
    sleep(Duration::from_millis(300));
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut child = desk.begin(&["run", MINING, "-n", "20000", "-o", "here"]);
    sleep(Duration::from_millis(600));
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    // Both stops are remembered: less is left than a direct run would have.
    let blocks = desk.path(".here.blocks");
    let identity = std::fs::read_dir(blocks)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let kept = std::fs::read_dir(identity).unwrap().count();
    assert!(kept > 2, "only {kept} files are kept");
}

/// Ten kills at moments drawn from a fixed seed; a run with totals over time too, where kills
/// and stops alternate so that there are snapshots to fall back to.
#[test]
fn killed_ten_times_the_bytes_are_the_same() {
    let mut dice = Dice(20_220_105);
    for (scenario, n, longest) in [("rts79", "60000", 700), (MINING, "2000", 900)] {
        let desk = Desk::new();
        desk.done(&["run", scenario, "-n", n, "-o", "direct", "-q"]);
        let mut interrupted = 0;
        for attempt in 0..10 {
            let mut child = desk.begin(&["run", scenario, "-n", n, "-o", "killed", "-q"]);
            sleep(dice.between(20, longest));
            if attempt % 3 == 2 {
                signal(&child, "INT");
            } else {
                child.kill().unwrap();
            }
            interrupted += u32::from(child.wait().unwrap().code() != Some(0));
        }
        assert!(
            interrupted >= 3,
            "{scenario}: the run is too short to be interrupted"
        );
        desk.done(&["run", scenario, "-n", n, "-o", "killed", "-q"]);
        assert_same(&desk.result("killed"), &desk.result("direct"));
    }
}

#[test]
fn an_older_result_stays_until_the_new_one_is_whole() {
    let desk = Desk::new();
    desk.done(&["run", "rts79", "-n", "300", "-o", "here", "-q"]);
    let before = desk.result("here");
    for name in ["INT", "KILL"] {
        let mut child = desk.begin(&["run", "rts79", "-n", "900000", "-o", "here", "-q"]);
        sleep(Duration::from_millis(400));
        signal(&child, name);
        assert_ne!(child.wait().unwrap().code(), Some(0));
        assert_same(&before, &desk.result("here"));
    }
}

#[test]
fn two_runs_of_one_result_do_not_meet() {
    let desk = Desk::new();
    let mut child = desk.begin(&["run", "rts79", "-n", "900000", "-o", "here", "-q"]);
    wait_for_blocks(&desk, "here");
    let second = desk.run(&["run", "rts79", "-n", "900000", "-o", "here"]);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(super::program::text(&second.stderr).contains("locked"));
}
