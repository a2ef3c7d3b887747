//! Replications a core-second of the engine, with the recorders of `hashfall run` and without
//! writing, and where the time goes.
//!
//! `cargo bench --bench rates`; pinned to a core: `taskset -c 1 cargo bench --bench rates`. The
//! shares of time are from samples of `perf`; where there is none only the rates are printed.

mod parts;
mod processor;

use hashfall::engine::Plan;
use parts::{GMLC, PARTS, heads, part_of, run, shares, system};
use processor::{median, seconds};
use std::process::{Command, Stdio};

/// What is timed, and replications of a turn: about half a second.
const CASES: [(&str, u32); 4] = [
    ("rts79", 60_000),
    ("rbts", 200_000),
    (GMLC, 800),
    ("kazakhstan-2022", 600),
];
const TURNS: u32 = 5;
/// Replications that are sampled, in turns of the above.
const SAMPLED: u32 = 6;

fn main() {
    let typed: Vec<String> = std::env::args().collect();
    if let Some(at) = typed.iter().position(|word| word == "--once") {
        let name = typed.get(at + 1).expect("a scenario after --once");
        let count = typed.get(at + 2).and_then(|text| text.parse().ok());
        let system = system(name);
        run(
            &Plan::new(&system),
            0,
            count.expect("a number of replications after the scenario"),
        );
        return;
    }
    println!(
        "{:<18}{:>28}{:>24}   {}",
        "of the engine",
        "replications a core-second",
        "least to most",
        heads()
    );
    for (name, count) in CASES {
        let system = system(name);
        let plan = Plan::new(&system);
        let rates: Vec<f64> = (0..TURNS)
            .map(|turn| {
                let spent = seconds(|| {
                    std::hint::black_box(run(&plan, turn * count, count));
                });
                f64::from(count) / spent
            })
            .collect();
        let ends = rates.iter().fold((f64::MAX, 0.0), |(low, high), &rate| {
            (rate.min(low), rate.max(high))
        });
        let shares = sampled(name, SAMPLED * count).map_or_else(
            || "   shares of time need `perf`".to_owned(),
            |parts| format!("   {}", shares(parts)),
        );
        let ends = format!("{:.0} to {:.0}", ends.0, ends.1);
        println!("{name:<18}{:>28.0}{ends:>24}{shares}", median(rates));
    }
}

/// Samples of processor time by part, of a run of this program; none without `perf`.
fn sampled(name: &str, replications: u32) -> Option<[f64; PARTS.len()]> {
    let program = std::env::current_exe().ok()?;
    let folder = tempfile::tempdir().ok()?;
    let profile = folder.path().join("profile");
    let is_recorded = Command::new("perf")
        .args([
            "record",
            "--event",
            "cpu-clock",
            "--freq",
            "2000",
            "--output",
        ])
        .arg(&profile)
        .arg(program)
        .args(["--once", name, &replications.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let samples = Command::new("perf")
        .args(["script", "--fields", "ip,sym", "--input"])
        .arg(&profile)
        .output();
    let samples = samples.ok().filter(|_| is_recorded)?;
    let mut parts = [0.0; PARTS.len()];
    for sample in String::from_utf8_lossy(&samples.stdout).lines() {
        let Some((_, function)) = sample.trim().split_once(' ') else {
            continue;
        };
        // What reads the scenario, and the system itself, is no part of a replication.
        let is_ours = function.contains("hashfall::") || function.contains("libm::");
        if is_ours && !function.contains("hashfall::scenario::") {
            parts[part_of(function)] += 1.0;
        }
    }
    Some(parts)
}
