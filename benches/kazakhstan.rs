//! What the main command costs: `hashfall run kazakhstan-2022` in a fresh folder, several times,
//! and what its manifest says of core-seconds and memory; in turns with the same scenario without
//! blocks and observers, on as many threads and on one.
//!
//! `cargo bench --bench kazakhstan -- --runs 5 --replications 10000 --jobs 2`

mod processor;

use hashfall::report::Manifest;
use hashfall::store::Place;
use processor::median;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Core-seconds of the engine for 10,000 replications.
const ENGINE_SECONDS: f64 = 12.0;
/// The same without blocks and observers.
const PLAIN_SECONDS: f64 = 8.0;
/// Core-seconds of tables, charts and report.
const REPORT_SECONDS: f64 = 4.0;
/// Memory, MB, on two threads.
const PEAK_MB: f64 = 300.0;

fn main() {
    let runs = option("--runs", 5).max(1);
    let replications = option("--replications", 10_000);
    let jobs = option("--jobs", 2);
    let plain = Plain::new();
    let (mut seen, mut without, mut alone) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        seen.push(run("kazakhstan-2022".as_ref(), replications, jobs));
        without.push(run(&plain.file(), replications, jobs));
        alone.push(run(&plain.file(), replications, 1));
    }
    println!("kazakhstan-2022: {replications} replications on {jobs} threads, median of {runs}");
    let over = |value: fn(&Manifest) -> f64| median(seen.iter().map(value).collect());
    let core = |manifest: &Manifest| manifest.cost.core_seconds.unwrap_or_default();
    let engine = over(|seen| seen.cost.core_seconds.unwrap_or_default().engine);
    let tables = over(|seen| seen.cost.core_seconds.unwrap_or_default().tables);
    let charts = over(|seen| seen.cost.core_seconds.unwrap_or_default().charts);
    let peak = over(|seen| seen.cost.peak_memory_bytes.unwrap_or_default() as f64 * 1e-6);
    let each = |seen: &[Manifest]| {
        let each = seen.iter().map(|seen| format!("{:.2}", core(seen).engine));
        println!("  each run: {}", each.collect::<Vec<_>>().join(" "));
    };
    let scale = f64::from(replications) / 10_000.0;
    let mut is_within = line("engine, core-seconds", engine, ENGINE_SECONDS * scale);
    each(&seen);
    for (threads, seen) in [(jobs, &without), (1, &alone)] {
        is_within &= line(
            &format!("engine without blocks and observers, {threads} threads, core-seconds"),
            median(seen.iter().map(|seen| core(seen).engine).collect()),
            PLAIN_SECONDS * scale,
        );
        each(seen);
    }
    is_within &= line(
        "tables, charts and report, core-seconds",
        tables + charts,
        REPORT_SECONDS,
    );
    println!("  tables {tables:.2}, charts and report {charts:.2}");
    is_within &= line("peak memory, MB", peak, PEAK_MB);
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
    if !is_within {
        std::process::exit(1);
    }
}

/// The scenario without blocks and observers, in a folder with all that it reads.
struct Plain(tempfile::TempDir);

impl Plain {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let scenarios = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios"));
        copy(scenarios, folder.path());
        let plain = Self(folder);
        let text = std::fs::read_to_string(plain.file()).expect("the scenario");
        std::fs::write(plain.file(), without(&text, &["blocks", "observer"])).expect("a file");
        plain
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("kazakhstan-2022.toml")
    }
}

/// Copies a folder and all below it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name");
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).expect("a copy");
        }
    }
}

/// A scenario's text without some tables and what is below them.
fn without(text: &str, tables: &[&str]) -> String {
    let mut is_left_out = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.starts_with('[') {
            let name = line.trim_start_matches('[').split([']', '.']).next();
            is_left_out = name.is_some_and(|name| tables.contains(&name));
        }
        if !is_left_out {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    assert!(kept.len() < text.len(), "nothing was left out");
    kept
}

/// One run of the program in a folder of its own.
fn run(scenario: &Path, replications: u32, jobs: u32) -> Manifest {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = folder.path().join("result");
    let done = Command::new(env!("CARGO_BIN_EXE_hashfall"))
        .arg("run")
        .arg(scenario)
        .args(["--quiet", "--replications", &replications.to_string()])
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

/// Prints a number beside its bound; whether it is within.
fn line(what: &str, seen: f64, bound: f64) -> bool {
    let verdict = if seen <= bound { "within" } else { "OVER" };
    println!("{what}: {seen:.2}, {verdict} {bound}");
    seen <= bound
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
