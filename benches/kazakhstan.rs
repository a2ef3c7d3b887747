//! What the main command costs: `hashfall run kazakhstan-2022` in a fresh folder, several times,
//! and what its manifest says of core-seconds and memory.
//!
//! `cargo bench --bench kazakhstan -- --runs 5 --replications 10000 --jobs 2`

mod processor;

use hashfall::report::Manifest;
use hashfall::store::Place;
use processor::median;
use std::process::Command;

/// Core-seconds of the engine for 10,000 replications.
const ENGINE_SECONDS: f64 = 12.0;
/// Core-seconds of tables, charts and report.
const REPORT_SECONDS: f64 = 4.0;
/// Memory, MB, on two threads.
const PEAK_MB: f64 = 300.0;

fn main() {
    let runs = option("--runs", 5).max(1);
    let replications = option("--replications", 10_000);
    let jobs = option("--jobs", 2);
    let seen: Vec<Manifest> = (0..runs).map(|_| run(replications, jobs)).collect();
    println!("kazakhstan-2022: {replications} replications on {jobs} threads, median of {runs}");
    let over = |value: fn(&Manifest) -> f64| median(seen.iter().map(value).collect());
    let core = |manifest: &Manifest| manifest.cost.core_seconds.unwrap_or_default();
    let engine = over(|seen| seen.cost.core_seconds.unwrap_or_default().engine);
    let tables = over(|seen| seen.cost.core_seconds.unwrap_or_default().tables);
    let charts = over(|seen| seen.cost.core_seconds.unwrap_or_default().charts);
    let peak = over(|seen| seen.cost.peak_memory_bytes.unwrap_or_default() as f64 * 1e-6);
    let each: Vec<String> = seen
        .iter()
        .map(|seen| format!("{:.1}", core(seen).engine))
        .collect();
    let scale = f64::from(replications) / 10_000.0;
    line("engine, core-seconds", engine, ENGINE_SECONDS * scale);
    println!("  each run: {}", each.join(" "));
    line(
        "tables, charts and report, core-seconds",
        tables + charts,
        REPORT_SECONDS,
    );
    println!("  tables {tables:.2}, charts and report {charts:.2}");
    line("peak memory, MB", peak, PEAK_MB);
    println!(
        "  events a replication {:.0}",
        over(|seen| seen.events_per_replication)
    );
    println!(
        "  refreshes a replication {:.0}",
        over(|seen| seen.refreshes_per_replication)
    );
    println!(
        "  replications a core-second {:.0}",
        f64::from(replications) / engine
    );
}

/// One run of the program in a folder of its own.
fn run(replications: u32, jobs: u32) -> Manifest {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = folder.path().join("result");
    let done = Command::new(env!("CARGO_BIN_EXE_hashfall"))
        .args(["run", "kazakhstan-2022", "--quiet", "--replications"])
        .arg(replications.to_string())
        .args(["--jobs", &jobs.to_string(), "--output"])
        .arg(&output)
        .stdout(std::process::Stdio::null())
        .status()
        .expect("the program starts");
    assert!(done.success(), "hashfall ended with {done}");
    let place = Place::new(&output).expect("a place");
    Manifest::read(&place)
        .expect("a sound manifest")
        .expect("a manifest")
}

fn line(what: &str, seen: f64, bound: f64) {
    let verdict = if seen <= bound { "within" } else { "OVER" };
    println!("{what}: {seen:.2}, {verdict} {bound}");
}

/// The whole number after a flag.
fn option(flag: &str, otherwise: u32) -> u32 {
    let typed: Vec<String> = std::env::args().collect();
    let value = typed
        .iter()
        .position(|word| word == flag)
        .and_then(|at| typed.get(at + 1));
    value.map_or(otherwise, |value| {
        value.parse().expect("a whole number after the flag")
    })
}
