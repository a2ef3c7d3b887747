//! The steps of CONTRIBUTING.md are true: its metric is a doctest, its event is put into a copy
//! of the source and compiled here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = include_str!("../CONTRIBUTING.md");

/// A piece of code and where it goes.
struct Piece {
    file: String,
    is_after: bool,
    anchor: String,
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pieces of the page: each follows a comment that says where it goes.
fn pieces() -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in PAGE.split("<!-- insert into ").skip(1) {
        let (place, rest) = part.split_once(" -->\n").expect("the comment ends");
        let (file, place) = place.split_once(' ').expect("a file, then a place");
        let (side, anchor) = place.split_once(' ').expect("a side, then a line");
        let anchor = anchor.trim_matches('"').replace("\\\"", "\"");
        let code = rest
            .strip_prefix("```rust,ignore\n")
            .and_then(|code| code.split("```").next())
            .expect("code follows the comment");
        pieces.push(Piece {
            file: file.to_owned(),
            is_after: side == "after",
            anchor,
            code: code.to_owned(),
        });
    }
    pieces
}

/// The text with a piece put in at the one line that it names.
fn insert(text: &str, piece: &Piece) -> String {
    let mut inserted = 0;
    let mut result = String::new();
    for line in text.lines() {
        let is_here = line == piece.anchor;
        inserted += u32::from(is_here);
        if is_here && !piece.is_after {
            result.push_str(&piece.code);
        }
        result.push_str(line);
        result.push('\n');
        if is_here && piece.is_after {
            result.push_str(&piece.code);
        }
    }
    let Piece { file, anchor, .. } = piece;
    assert_eq!(inserted, 1, "{file} has not once the line {anchor:?}");
    result
}

#[test]
fn every_piece_has_its_place() {
    let pieces = pieces();
    assert_eq!(pieces.len(), 6);
    for piece in &pieces {
        let text = fs::read_to_string(root().join(&piece.file)).expect("the file exists");
        insert(&text, piece);
    }
}

/// Copies a file or a folder.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder can be made");
        for entry in fs::read_dir(from).expect("a folder can be read") {
            let entry = entry.expect("an entry can be read");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.exists() {
        fs::copy(from, to).expect("a file can be copied");
    }
}

/// The folder of build products that this test itself stands in, so that what the dependencies
/// were compiled to is found again.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("a test is a program");
    let target = program.ancestors().nth(3).expect("target/PROFILE/deps");
    target.to_owned()
}

#[test]
#[ignore = "compiles the crate once more; .ci/run does it"]
fn the_event_of_the_page_compiles() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for name in [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "CONTRIBUTING.md",
        "src",
        "scenarios",
        "benches",
        "examples",
    ] {
        copy(&root().join(name), &folder.path().join(name));
    }
    for piece in pieces() {
        let path = folder.path().join(&piece.file);
        let text = fs::read_to_string(&path).expect("the file was copied");
        fs::write(&path, insert(&text, &piece)).expect("the copy can be written");
    }
    // The profile in which the dependencies were checked already.
    let profile = if cfg!(debug_assertions) {
        "dev"
    } else {
        "release"
    };
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--lib",
            "--locked",
            "--offline",
            "--quiet",
            "--profile",
            profile,
        ])
        .arg("--manifest-path")
        .arg(folder.path().join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target())
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
