//! From a scenario to its printed report: which files there are, and what the page says.

use hashfall::engine::Plan;
use hashfall::experiment::{Control, Outcome, Task, block_folder, identity, run_study};
use hashfall::report::{BITS, Meter, OUTPUT_SCHEMA, Publication, SummaryRow, Telling, publish};
use hashfall::scenario::{Source, read};
use hashfall::store::{FolderLock, Place};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What a run leaves: its files by name, but for the manifest, and its summary.
struct Printed {
    files: BTreeMap<String, Vec<u8>>,
    rows: Vec<SummaryRow>,
}

impl Printed {
    fn text(&self, name: &str) -> String {
        String::from_utf8(self.files[name].clone()).expect("text")
    }

    fn charts(&self) -> Vec<&str> {
        let charts = self
            .files
            .keys()
            .filter_map(|name| name.strip_prefix("charts/"));
        charts
            .filter_map(|name| name.strip_suffix(".svg"))
            .collect()
    }

    /// The page without its pictures and looks.
    fn words(&self) -> String {
        let page = self.text("report.html");
        let mut words = String::new();
        let mut rest = page.as_str();
        while let Some(begin) = rest.find("<svg").or_else(|| rest.find("<style")) {
            let end = if rest[begin..].starts_with("<svg") {
                "</svg>"
            } else {
                "</style>"
            };
            words.push_str(&rest[..begin]);
            let after = rest[begin..].find(end).expect("closed");
            rest = &rest[begin + after + end.len()..];
        }
        words + rest
    }
}

fn print(name: &str, n: u32, jobs: usize) -> Printed {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = read(&Source::built_in(name).expect("built in"), &[]).expect("sound");
    let plan = Plan::new(&loaded.system);
    let place = Place::new(&folder.path().join("result")).expect("a place");
    let lock = FolderLock::acquire(&place).expect("the lock");
    let identity = identity(&loaded.digest, loaded.system.seed, BITS, OUTPUT_SCHEMA);
    let blocks = block_folder(&place, &identity);
    let task = Task {
        folder: &blocks,
        identity: &identity,
        first: 0,
        replications: n,
        jobs,
    };
    let stop = AtomicBool::new(false);
    let control = Control {
        stop: &stop,
        progress: &|_| {},
    };
    let outcome = run_study(&plan, &task, &control).expect("a run");
    let Outcome::Finished { results, simulated } = outcome else {
        panic!("stopped");
    };
    let publication = Publication {
        place: &place,
        lock: &lock,
        telling: Telling::Chosen,
        with_charts: true,
        overrides: &[],
        stop: &stop,
    };
    let cost = Meter::start().read().of_engine(jobs, simulated);
    let (_, rows) = publish(&loaded, &plan, &results, &publication, cost).expect("a report");
    let mut files = BTreeMap::new();
    collect(&place.result(), "", &mut files);
    files.remove("manifest.json");
    Printed { files, rows }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).expect("a file"));
        }
    }
}

#[test]
fn the_blackout_has_its_figures_and_judges_every_claim() {
    let printed = print("kazakhstan-2022", 60, 2);
    let charts = [
        "causes",
        "convergence",
        "exceedance",
        "hashrate",
        "lolp_by_month_hour",
        "observers",
        "one_replication",
        "pools",
        "readings",
        "shortages",
        "supply",
    ];
    assert_eq!(printed.charts(), charts);
    for chart in charts {
        for extension in ["svg", "png", "csv", "txt"] {
            let file = &printed.files[&format!("charts/{chart}.{extension}")];
            assert!(file.len() > 100, "{chart}.{extension}");
        }
    }
    let words = printed.words();
    for claim in ["−10\u{a0}%", "−12\u{a0}%", "−13.4\u{a0}%", "−2.2\u{a0}%"] {
        assert!(words.contains(&format!("a change of {claim}")), "{claim}");
    }
    // The counted days of the event, with the blocks of the published table.
    assert!(words.contains("5–9 Jan (721)"));
    assert!(words.contains("1–4 Jan (617): the world’s hashrate cannot be told from no change"));
    for heading in [
        "Claimed, simulated",
        "What the evidence",
        "What this does not show",
        "Terms",
    ] {
        assert!(words.contains(heading), "{heading}");
    }
    for nonsense in ["NaN", "inf ", "EmptyString", "{}"] {
        assert!(!words.contains(nonsense), "{nonsense}");
    }
}

/// The page prints the numbers of the summary, not others.
#[test]
fn the_page_and_the_table_agree() {
    let printed = print("kazakhstan-2022", 60, 2);
    let row = printed
        .rows
        .iter()
        .find(|row| row.is("blackout", "network", "lost_share_of_world"));
    let row = row.expect("a row");
    let percent = |value: Option<f64>| format!("{:.1}", 100.0 * value.expect("a value"));
    let range = format!("{} to {}", percent(row.p5), percent(row.p95));
    let words = printed.words();
    let cells = format!(
        "<strong>{}</strong></td><td class=\"number\" data-label=\"Nine futures of ten\">{range}<",
        percent(row.p50)
    );
    assert!(words.contains(&cells), "{cells}");
    let causes = printed.text("charts/causes.csv");
    let mean = |cause: &str| -> f64 {
        let line = causes
            .lines()
            .find(|line| line.starts_with(&format!("{cause},mean,")));
        line.and_then(|line| line.rsplit(',').next()?.parse().ok())
            .expect("a mean")
    };
    let link = printed
        .rows
        .iter()
        .find(|row| row.is("blackout", "network", "lost_by_cause/link"));
    let expected = link.and_then(|row| row.mean).expect("a mean");
    assert!((mean("no internet link") - expected).abs() < 1e-6 * expected);
}

#[test]
fn threads_change_no_byte_of_a_report() {
    let (one, two) = (
        print("kazakhstan-2022-cutoff", 40, 1),
        print("kazakhstan-2022-cutoff", 40, 2),
    );
    assert_eq!(
        one.files.keys().collect::<Vec<_>>(),
        two.files.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in &one.files {
        assert!(*bytes == two.files[name], "{name}");
    }
    // No pools were read then, so there is nothing to hold their figure against.
    assert_eq!(
        one.charts(),
        [
            "causes",
            "exceedance",
            "hashrate",
            "lolp_by_month_hour",
            "one_replication",
            "shortages",
            "supply"
        ]
    );
}

#[test]
fn a_grid_without_mining_has_a_short_report() {
    for name in ["rts79", "rbts"] {
        let printed = print(name, 200, 2);
        assert_eq!(
            printed.charts(),
            [
                "convergence",
                "exceedance",
                "lolp_by_month_hour",
                "shortages"
            ]
        );
        let words = printed.words();
        assert!(words.contains("Means and their simulation error"));
        assert!(words.contains("LOLE") && words.contains("EUE"));
        for absent in ["Key figures", "Claimed", "hashrate", "pool"] {
            assert!(!words.contains(absent), "{name}: {absent}");
        }
    }
}

/// By month and hour of day every index has its error, or none where nothing is known of it, and
/// never one of nothing.
#[test]
fn what_happens_by_month_and_hour_has_its_error() {
    const N: f64 = 200.0;
    let printed = print("rts79", N as u32, 2);
    let text = printed.text("lolp_by_month_hour.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| {
        let found = header.iter().position(|column| column == name);
        found.unwrap_or_else(|| panic!("no column {name}"))
    };
    let (mut alone, mut several) = (0, 0);
    for record in reader.records() {
        let record = record.expect("a row");
        let number = |name: &str| record[place(name)].parse::<f64>().ok();
        for index in ["lolp", "eue", "lolf", "lolev", "lold", "neue"] {
            let error = number(&format!("{index}_standard_error"));
            assert!(
                error.is_none_or(|error| error > 0.0),
                "{index} in {record:?}"
            );
        }
        // How long no shortage lasts is not known; of a single one it is, and no error.
        let (begins, length) = (number("lolf").expect("LOLF") * N, number("lold_h"));
        assert_eq!(length.is_some(), begins > 0.5);
        let error = number("lold_standard_error");
        assert!(begins > 1.5 || error.is_none(), "{record:?}");
        alone += usize::from(begins > 0.5 && error.is_none());
        several += usize::from(error.is_some());
        let (neue, eue) = (
            number("neue_ppm").expect("NEUE"),
            number("eue_mwh").expect("EUE"),
        );
        assert_eq!(neue > 0.0, eue > 0.0);
        assert_eq!(number("neue_standard_error").is_some(), eue > 0.0);
    }
    assert!(alone > 3 && several > 10, "{alone} {several}");
}
