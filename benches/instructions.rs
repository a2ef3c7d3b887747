//! Instructions of a replication and of an event, counted by callgrind: the gauge that a busy
//! machine does not move. Needs `valgrind`. It counts N and then 2 N replications and takes the
//! difference, so that reading the scenario does not count.
//!
//! `cargo bench --bench instructions`; one number by hand:
//! `valgrind --tool=callgrind target/release/deps/instructions-... --once rts79 200`

mod textbook;

use hashfall::engine::{Plan, Replicator};
use hashfall::measure::{Ensemble, GridEnsemble, MiningEnsemble, Sink};
use hashfall::scenario::{Source, read};
use std::process::{Command, Stdio};

/// What is counted, and over how many replications.
const CASES: [(&str, u32); 4] = [
    ("rts79", 300),
    ("rbts", 1_000),
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
        "{:<18}{:>14}{:>10}{:>14}",
        "instructions", "a replication", "events", "an event"
    );
    for (name, n) in CASES {
        let (short, long) = (counted(name, n), counted(name, 2 * n));
        let instructions = (long.0 - short.0) as f64 / f64::from(n);
        if long.1 == 0 {
            println!("{name:<18}{instructions:>14.0}");
            continue;
        }
        let events = (long.1 - short.1) as f64 / f64::from(n);
        println!(
            "{name:<18}{instructions:>14.0}{events:>10.0}{:>14.1}",
            instructions / events
        );
    }
}

/// Instructions and events of a run of this program under callgrind.
fn counted(name: &str, replications: u32) -> (u64, u64) {
    let program = std::env::current_exe().expect("a path");
    let seen = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["--once", name, &replications.to_string()])
        .stderr(Stdio::piped())
        .output()
        .expect("valgrind is installed");
    assert!(
        seen.status.success(),
        "{}",
        String::from_utf8_lossy(&seen.stderr)
    );
    let told = String::from_utf8_lossy(&seen.stderr);
    let collected = told.lines().find_map(|line| line.split_once("Collected :"));
    let instructions = collected.and_then(|(_, count)| count.trim().parse().ok());
    let events = String::from_utf8_lossy(&seen.stdout).trim().parse();
    (
        instructions.expect("callgrind counts"),
        events.expect("a number of events"),
    )
}

/// Replications 0 to `count`; prints their events, 0 for the textbook.
fn once(name: &str, count: u32) {
    let scenario = if name == TEXTBOOK { "rts79" } else { name };
    let source = Source::built_in(scenario).expect("built in");
    let system = read(&source, &[]).expect("sound").system;
    let plan = Plan::new(&system);
    if name == TEXTBOOK {
        let mut textbook = textbook::Textbook::new(&system, 7);
        for _ in 0..count {
            std::hint::black_box(textbook.replicate());
        }
        println!("0");
    } else if system.farms.is_empty() {
        println!("{}", run::<GridEnsemble>(&plan, count));
    } else {
        println!("{}", run::<MiningEnsemble>(&plan, count));
    }
}

fn run<E: Ensemble>(plan: &Plan<'_>, count: u32) -> u64 {
    let (mut replicator, mut ensemble) = (Replicator::new(plan), E::new(plan));
    let mut sink = Sink::default();
    let mut replicate = |k| ensemble.replicate(&mut replicator, k, &mut sink);
    (0..count)
        .map(|k| replicate(k).expect("a replication").events)
        .sum()
}
