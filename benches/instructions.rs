//! Instructions of a replication and of an event, counted by callgrind: the gauge that a busy
//! machine does not move, and where they go. Needs `valgrind`. It counts N and then 2 N
//! replications and takes the difference, so that reading the scenario does not count.
//!
//! `cargo bench --bench instructions`; one number by hand:
//! `valgrind --tool=callgrind target/release/deps/instructions-... --once rts79 200`

mod parts;
mod textbook;

use hashfall::engine::Plan;
use parts::{GMLC, PARTS, heads, part_of, run, shares, system};
use std::process::Command;

/// What is counted, and over how many replications.
const CASES: [(&str, u32); 5] = [
    ("rts79", 300),
    ("rbts", 1_000),
    (GMLC, 10),
    ("kazakhstan-2022", 10),
    (TEXTBOOK, 30),
];
/// The textbook's engine on RTS-79.
const TEXTBOOK: &str = "textbook-rts79";

fn main() {
    let typed: Vec<String> = std::env::args().collect();
    if let Some(at) = typed.iter().position(|word| word == "--once") {
        let name = typed.get(at + 1).expect("a scenario after --once");
        let count = typed.get(at + 2).and_then(|text| text.parse().ok());
        return once(
            name,
            count.expect("a number of replications after the scenario"),
        );
    }
    println!(
        "{:<18}{:>14}{:>10}{:>14}   {}",
        "instructions",
        "a replication",
        "events",
        "an event",
        heads()
    );
    for (name, n) in CASES {
        let (short, long) = (counted(name, n), counted(name, 2 * n));
        let parts: [f64; PARTS.len()] =
            std::array::from_fn(|part| (long.parts[part] - short.parts[part]) as f64);
        let total: f64 = parts.iter().sum();
        let instructions = total / f64::from(n);
        if long.events == 0 {
            println!("{name:<18}{instructions:>14.0}");
            continue;
        }
        let events = (long.events - short.events) as f64 / f64::from(n);
        println!(
            "{name:<18}{instructions:>14.0}{events:>10.0}{:>14.1}   {}",
            instructions / events,
            shares(parts)
        );
    }
}

/// What callgrind saw of a run.
struct Counted {
    events: u64,
    parts: [u64; PARTS.len()],
}

/// Instructions and events of a run of this program under callgrind.
fn counted(name: &str, replications: u32) -> Counted {
    let program = std::env::current_exe().expect("a path");
    let folder = tempfile::tempdir().expect("a folder for the profile");
    let profile = folder.path().join("profile");
    let seen = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .args(["--once", name, &replications.to_string()])
        .output()
        .expect("valgrind is installed");
    let told = String::from_utf8_lossy(&seen.stderr);
    assert!(seen.status.success(), "{told}");
    let events = String::from_utf8_lossy(&seen.stdout).trim().parse();
    let profile = std::fs::read_to_string(profile).expect("a profile");
    Counted {
        events: events.expect("a number of events"),
        parts: parts_of(&profile),
    }
}

/// Instructions by part, from a profile of callgrind's: `fn=(number) name` (the name once), then
/// lines of a place and a cost; the line after `calls=` is what was called, and counts there.
fn parts_of(profile: &str) -> [u64; PARTS.len()] {
    let mut names = std::collections::BTreeMap::new();
    let mut part_named = |text: &str| -> usize {
        let (number, name) = text.split_once(' ').unwrap_or((text, ""));
        if !name.is_empty() {
            names.insert(number.to_owned(), part_of(name));
        }
        names.get(number).copied().unwrap_or(1)
    };
    let (mut parts, mut part, mut is_call) = ([0; PARTS.len()], 1, false);
    for line in profile.lines() {
        if let Some(name) = line.strip_prefix("fn=") {
            part = part_named(name);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            part_named(name);
        } else if line.starts_with("calls=") {
            is_call = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            let cost = line
                .split(' ')
                .nth(1)
                .and_then(|cost| cost.parse::<u64>().ok());
            if !std::mem::take(&mut is_call) {
                parts[part] += cost.unwrap_or(0);
            }
        }
    }
    parts
}

/// Replications 0 to `count`; prints their events, 0 for the textbook.
fn once(name: &str, count: u32) {
    if name == TEXTBOOK {
        let mut textbook = textbook::Textbook::new(&system("rts79"), 7);
        for _ in 0..count {
            std::hint::black_box(textbook.replicate());
        }
        println!("0");
        return;
    }
    let system = system(name);
    println!("{}", run(&Plan::new(&system), 0, count));
}
