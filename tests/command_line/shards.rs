//! A run cut into parts and put together again is the run of one machine, to the byte.

use super::program::{Desk, Dice, MINING, assert_same, text};
use std::fs;

const N: &str = "1500";

fn shard(desk: &Desk, scenario: &str, part: &str, folder: &str) {
    desk.done(&[
        "run", scenario, "-n", N, "--shard", part, "-o", folder, "-q",
    ]);
}

#[test]
fn parts_in_any_order_are_the_whole() {
    for scenario in ["rts79", MINING] {
        let desk = Desk::new();
        desk.done(&[
            "run", scenario, "-n", N, "-o", "direct", "-q", "--events", "all",
        ]);
        let direct = desk.result("direct");
        let mut dice = Dice(4);
        for of in [1, 2, 7, 16] {
            let mut numbers: Vec<u32> = (0..of).collect();
            for last in (1..numbers.len()).rev() {
                let other = dice.between(0, last as u64 + 1).as_millis() as usize;
                numbers.swap(last, other);
            }
            let folder = format!("parts-{of}");
            for number in numbers {
                shard(&desk, scenario, &format!("{number}/{of}"), &folder);
            }
            let merged = format!("merged-{of}");
            desk.done(&["merge", &folder, "-o", &merged, "-q", "--events", "all"]);
            assert_same(&direct, &desk.result(&merged));
        }
        // The merged run can be drawn again, and extended.
        desk.done(&["report", "merged-7", "-q", "--events", "all"]);
        assert_same(&direct, &desk.result("merged-7"));
        desk.done(&["run", scenario, "-n", "1800", "-o", "merged-7", "-q"]);
        desk.done(&["run", scenario, "-n", "1800", "-o", "direct", "-q"]);
        assert_same(&desk.result("direct"), &desk.result("merged-7"));
        let simulated = &desk.manifest("merged-7")["cost"]["replications_simulated"];
        assert_eq!(simulated, 300, "the merged blocks count");
    }
}

#[test]
fn what_is_missing_is_told_as_commands_that_work() {
    let desk = Desk::new();
    let change = "farm.*.installed_mw=101";
    for part in ["0/4", "2/4"] {
        desk.done(&[
            "run",
            "rts79-mining",
            "-n",
            N,
            "--set",
            change,
            "--seed",
            "9",
            "--shard",
            part,
            "-o",
            "my parts",
            "-q",
        ]);
    }
    let output = desk.run(&["merge", "my parts", "-o", "merged"]);
    assert_eq!(output.status.code(), Some(5));
    assert!(!desk.path("merged").exists());
    let told = text(&output.stderr);
    assert!(told.contains("2 of 4 shards are missing"), "{told}");
    let program = env!("CARGO_BIN_EXE_hashfall");
    let commands: Vec<&str> = told
        .lines()
        .filter_map(|line| line.trim().strip_prefix("hashfall "))
        .collect();
    assert_eq!(commands.len(), 2, "{told}");
    for command in commands {
        let mut shell = std::process::Command::new("sh");
        shell.current_dir(desk.path("."));
        let status = shell
            .arg("-c")
            .arg(format!("{program} {command} -q"))
            .status();
        assert!(status.unwrap().success(), "{command}");
    }
    desk.done(&["merge", "my parts", "-o", "merged", "-q"]);
    desk.done(&[
        "run",
        "rts79-mining",
        "-n",
        N,
        "--set",
        change,
        "--seed",
        "9",
        "-o",
        "direct",
        "-q",
    ]);
    assert_same(&desk.result("direct"), &desk.result("merged"));
}

#[test]
fn damaged_parts_are_named_and_made_anew() {
    let desk = Desk::new();
    for part in ["0/3", "1/3", "2/3"] {
        shard(&desk, "rbts", part, "parts");
    }
    let path = desk.path("parts/shard-00001-of-00003.hfshard");
    let whole = fs::read(&path).unwrap();
    let mut altered = whole.clone();
    altered[whole.len() / 2] ^= 1;
    for damaged in [&whole[..whole.len() - 1], &whole[..30], &altered, &[]] {
        fs::write(&path, damaged).unwrap();
        let output = desk.run(&["merge", "parts", "-o", "merged"]);
        assert_eq!(output.status.code(), Some(5));
        let told = text(&output.stderr);
        assert!(told.contains("shard-00001-of-00003.hfshard"), "{told}");
        assert!(told.contains("--shard 1/3"), "{told}");
        assert_eq!(fs::read(&path).unwrap(), damaged, "nothing is deleted");
    }
    shard(&desk, "rbts", "1/3", "parts");
    assert_eq!(fs::read(&path).unwrap(), whole);
    desk.done(&["merge", "parts", "-o", "merged", "-q"]);
}

#[test]
fn parts_of_different_runs_do_not_mix() {
    let desk = Desk::new();
    shard(&desk, "rbts", "0/2", "base");
    for (more, what) in [
        (&["--seed", "5"][..], "seed"),
        (&["--set", "scenario.title=other"], "digest"),
        (&["-n", "1000"], "replications"),
    ] {
        let folder = format!("with {what}");
        let mut arguments = vec!["run", "rbts", "--shard", "1/2", "-q", "-o", &folder];
        if what != "replications" {
            arguments.extend(["-n", N]);
        }
        arguments.extend(more);
        desk.done(&arguments);
        let name = "shard-00000-of-00002.hfshard";
        fs::copy(desk.path("base").join(name), desk.path(&folder).join(name)).unwrap();
        let output = desk.run(&["merge", &folder, "-o", "merged"]);
        assert_eq!(output.status.code(), Some(1));
        let told = text(&output.stderr);
        assert!(
            told.contains("different runs") && told.contains(what),
            "{told}"
        );
        // Nor does a new part take the place of another run's.
        fs::rename(
            desk.path(&folder).join("shard-00001-of-00002.hfshard"),
            desk.path(&folder).join(name),
        )
        .unwrap();
        let before = fs::read(desk.path(&folder).join(name)).unwrap();
        let output = desk.run(&["run", "rbts", "-n", N, "--shard", "0/2", "-o", &folder]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert_eq!(fs::read(desk.path(&folder).join(name)).unwrap(), before);
    }
    assert!(!desk.path("merged").exists());
}

/// A file as another version would have written it: its parts are sound, its header is not ours.
#[test]
fn parts_of_another_version_are_refused() {
    use hashfall::store::{read_shard, write_shard};
    let desk = Desk::new();
    for part in ["0/2", "1/2"] {
        shard(&desk, "rbts", part, "parts");
    }
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let age = |name: &str| {
        let path = desk.path("parts").join(name);
        let (identity, mut shard) = read_shard(&path).unwrap();
        let header = text(&shard.header).replace(&version, "\"version\":\"0.0.9\"");
        assert_ne!(header.as_bytes(), shard.header);
        shard.header = header.into_bytes();
        write_shard(&path, &identity, &shard).unwrap();
    };
    age("shard-00000-of-00002.hfshard");
    let mixed = desk.run(&["merge", "parts", "-o", "merged"]);
    assert_eq!(mixed.status.code(), Some(1));
    assert!(text(&mixed.stderr).contains("version of hashfall"));
    age("shard-00001-of-00002.hfshard");
    let older = desk.run(&["merge", "parts", "-o", "merged"]);
    assert_eq!(older.status.code(), Some(1));
    assert!(text(&older.stderr).contains("written by hashfall 0.0.9"));
}

#[test]
fn numbers_of_parts_are_checked() {
    let desk = Desk::new();
    for bad in ["5/4", "4/4", "1/0", "x", "-1/4"] {
        let output = desk.run(&["run", "rbts", "--shard", bad]);
        assert_eq!(output.status.code(), Some(2), "{bad}");
    }
    let both = ["run", "rbts", "--shard", "0/2", "--precision", "lole_h=5%"];
    assert_eq!(desk.run(&both).status.code(), Some(2));
    let two = ["run", "rbts", "rts79", "--shard", "0/2"];
    assert_eq!(desk.run(&two).status.code(), Some(2));
    let slurm = desk
        .command(&[
            "run", "rbts", "-n", N, "--shard", "slurm", "-o", "slurm", "-q",
        ])
        .env("SLURM_ARRAY_TASK_ID", "1")
        .env("SLURM_ARRAY_TASK_COUNT", "3")
        .output()
        .unwrap();
    assert!(slurm.status.success());
    assert!(desk.path("slurm/shard-00001-of-00003.hfshard").exists());
    let none = desk.run(&["merge", "nowhere"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stderr).contains("holds no sound shard"));
}

/// A replication that cannot be completed leaves word, and the merge passes it on.
#[test]
fn a_part_that_fails_leaves_word() {
    let desk = Desk::new();
    // No draw of share, load and world level gives an efficiency in so narrow a range.
    let never = "world.calibration.efficiency_range_j_th=[35,35.0000001]";
    let arguments = |part: &'static str| {
        [
            "run",
            "kazakhstan-2022",
            "-n",
            "512",
            "--set",
            never,
            "--shard",
            part,
            "-o",
            "parts",
        ]
    };
    let output = desk.run(&arguments("1/2"));
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let left = fs::read(desk.path("parts/shard-00001-of-00002.failed.json")).unwrap();
    let left: serde_json::Value = serde_json::from_slice(&left).unwrap();
    assert!(
        left["failed_replication"].as_u64().unwrap() >= 256,
        "{left}"
    );
    assert_eq!(left["seed"], 20_220_105);
    assert_eq!(left["code"], "engine::calibration");
    let merged = desk.run(&["merge", "parts"]);
    assert_eq!(merged.status.code(), Some(5));
    let told = text(&merged.stderr);
    assert!(told.contains("shard 1/2: replication"), "{told}");
}

#[test]
fn a_killed_part_goes_on() {
    let desk = Desk::new();
    let arguments = |folder: &'static str| {
        [
            "run", "rts79", "-n", "40000", "--shard", "1/2", "-o", folder, "-q",
        ]
    };
    desk.done(&arguments("whole"));
    let mut dice = Dice(1);
    for _ in 0..4 {
        let mut child = desk.begin(&arguments("killed"));
        std::thread::sleep(dice.between(20, 300));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    desk.done(&arguments("killed"));
    let name = "shard-00001-of-00002.hfshard";
    let read = |folder: &str| fs::read(desk.path(folder).join(name)).unwrap();
    assert!(read("whole") == read("killed"));
}
