//! The pages hold together: links lead somewhere, every index is described, every part of the
//! source that a page names is there, dependencies have licences that go with ours.

use hashfall::engine::Plan;
use hashfall::measure::{Ensemble, GridEnsemble, Layout, MiningEnsemble, SeriesLayout};
use hashfall::scenario::{Source, built_in, read, starter};
use hashfall::system::System;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page, with its text.
fn pages() -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join("docs")];
    let mut pages = Vec::new();
    let mut add = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a page can be read");
        pages.push((path, text));
    };
    for name in [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "output/README.md",
    ] {
        add(root().join(name));
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                add(path);
            }
        }
    }
    pages
}

/// The name by which a heading can be linked to.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(kept)
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

/// Targets of the links of a page.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut count = 0;
    for (path, text) in &pages {
        for link in links(text) {
            // The picture is drawn by a run: see `the_readme_is_finished`.
            if link.starts_with("http") || link.starts_with("docs/pictures/") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let folder = path.parent().expect("a page lies in a folder");
            let target = if file.is_empty() {
                path.clone()
            } else {
                folder.join(file)
            };
            let shown = path.display();
            assert!(
                target.exists(),
                "{shown} links to {link}, which is not there"
            );
            if !heading.is_empty() {
                let text = fs::read_to_string(&target).expect("a page can be read");
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|line| anchor(line.trim_start_matches('#')) == heading);
                assert!(found, "{shown} links to {link}: no such heading");
            }
            count += 1;
        }
    }
    assert!(count > 50, "only {count} links: are these the pages?");
}

/// Its numbers and its picture come from a run; none is left to be filled in.
#[test]
fn the_readme_is_finished() {
    let text = fs::read_to_string(root().join("README.md")).expect("the page can be read");
    assert!(
        !text.contains("FILL"),
        "README.md has numbers to be filled in"
    );
    let pictures = links(&text).filter(|link| link.starts_with("docs/pictures/"));
    for picture in pictures {
        assert!(root().join(picture).exists(), "{picture} is not there");
    }
    assert!(
        text.lines().count() < 110,
        "README.md is longer than two screens"
    );
}

/// A page may name `src/engine/farm.rs`, `tests/balance.rs` or `scenarios/rbts.toml` in
/// backticks only if that is there.
#[test]
fn every_file_that_a_page_names_is_there() {
    let mut count = 0;
    for (path, text) in pages() {
        for quoted in text.split('`').skip(1).step_by(2) {
            let is_ours = [
                "src/",
                "tests/",
                "scenarios/",
                "docs/",
                "examples/",
                "benches/",
            ]
            .iter()
            .any(|folder| quoted.starts_with(folder));
            if !is_ours || quoted.contains(['*', ' ', '\n']) {
                continue;
            }
            let shown = path.display();
            assert!(
                root().join(quoted).exists(),
                "{shown} names {quoted}, which is not there"
            );
            count += 1;
        }
    }
    assert!(count > 30, "only {count} names: are these the pages?");
}

/// What a page calls a published name: entities are `NAME`, causes `CAUSE`, and so on.
fn described(index: &str, system: &System) -> String {
    let (family, rest) = match index.split_once('/') {
        None => return percent(index),
        Some(parts) => parts,
    };
    let is_class = system.classes.iter().any(|class| class.name == rest);
    let part = match family {
        _ if is_class => "CLASS",
        "claim_change" => "K",
        "hashrate_ehs" | "hashrate_unbiased_ehs" => "MOMENT",
        "curtailed_mining_mwh" => "RUNG",
        _ => "CAUSE",
    };
    format!("{family}/{part}")
}

/// `hours_above_90_pct` as `hours_above_X_pct`.
fn percent(index: &str) -> String {
    match index.strip_prefix("hours_above_") {
        Some(_) => "hours_above_X_pct".to_owned(),
        None => index.to_owned(),
    }
}

fn layouts(system: &System) -> (Layout, SeriesLayout) {
    let plan = Plan::new(system);
    if system.farms.is_empty() {
        (GridEnsemble::layout(&plan), GridEnsemble::series(&plan))
    } else {
        (MiningEnsemble::layout(&plan), MiningEnsemble::series(&plan))
    }
}

#[test]
fn every_index_and_series_is_described() {
    let page = fs::read_to_string(root().join("docs/outputs.md")).expect("the page exists");
    let mut sources = vec![Source::text(starter())];
    sources.extend(built_in().filter_map(|scenario| Source::built_in(scenario.name)));
    let mut count = 0;
    for source in sources {
        let system = match read(&source, &[]) {
            Ok(loaded) => loaded.system,
            Err(mistakes) => panic!("{mistakes}"),
        };
        let (layout, series) = layouts(&system);
        let fans = series.hourly.iter().chain(&series.daily);
        let names = layout
            .columns
            .iter()
            .map(|column| &column.index)
            .chain(fans.map(|kind| &kind.name))
            .chain(series.sums.iter().map(|kind| &kind.name));
        for name in names {
            let name = described(name, &system);
            assert!(
                page.contains(&format!("`{name}`")),
                "`{name}` is not described"
            );
            count += 1;
        }
    }
    assert!(count > 500, "only {count} names: were the scenarios read?");
}

/// Licences under which code may be part of a program under MIT or Apache-2.0.
const PERMISSIVE: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MITNFA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether one of the alternatives of an expression needs only licences of the list. Handles
/// OR, AND, parentheses around either, and the old slash for OR.
fn is_permissive(expression: &str) -> bool {
    let flat = expression.replace('/', " OR ").replace(['(', ')'], "");
    let all = |part: &str| {
        part.split(" AND ")
            .all(|name| PERMISSIVE.contains(&name.trim()))
    };
    if expression.contains('(') {
        // (A OR B) AND C: sound where every group is, read as alternatives of alternatives.
        return flat.split(" AND ").all(|group| {
            group
                .split(" OR ")
                .any(|name| PERMISSIVE.contains(&name.trim()))
        });
    }
    flat.split(" OR ").any(all)
}

#[test]
fn licence_expressions_are_read() {
    for good in [
        "MIT",
        "MIT OR Apache-2.0",
        "MIT/Apache-2.0",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
    ] {
        assert!(is_permissive(good), "{good}");
    }
    for bad in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "",
        "(MIT OR Zlib) AND GPL-3.0",
        "MPL-2.0",
    ] {
        assert!(!is_permissive(bad), "{bad}");
    }
}

/// The system that this runs on, as cargo calls it.
fn host() -> String {
    let output = Command::new(env!("CARGO"))
        .arg("-vV")
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("cargo names its host").to_owned()
}

#[test]
fn every_dependency_has_a_licence_that_goes_with_ours() {
    // Of packages for other systems nothing needs to be here.
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", &host()])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !is_permissive(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{} ({})", package["name"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}
