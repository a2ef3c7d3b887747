//! Bad input: every promised mistake is found, with its place and what would be right, and
//! several in one file are found at once.

mod any_bytes;
mod files;
mod inference;
mod knowledge;
mod tables;

use hashfall::scenario::{Mistakes, Source, read};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A scenario that is sound: one zone, one plant, a load from a CSV.
pub const SOUND: &str = r#"
schema = 1
[scenario]
name = "test"
start = "2022-01-01T00:00:00Z"
duration_hours = 3
[[zone]]
name = "north"
load = { csv = "load.csv", column = "mw" }
[[plant]]
name = "coal"
zone = "north"
capacity_mw = 500
mttf_h = 433
mttr_h = 44
"#;

pub const LOAD: &str = "hour,mw\n0,100\n1,110\n2,120\n";

/// A farm and what it needs, to go with `SOUND`.
pub const MINING: &str = r#"
[world]
level_ehs = 170
[[gateway]]
name = "border"
[[provider]]
name = "telecom"
[[pool]]
name = "pool"
share = 1
[[farm]]
name = "farm-1"
zone = "north"
installed_mw = 50
efficiency_j_th = 45
"#;

pub struct Folder(TempDir);

impl Folder {
    pub fn new(toml: &str, files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("test.toml"), toml).expect("written");
        fs::write(folder.path().join("load.csv"), LOAD).expect("written");
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).expect("written");
        }
        Self(folder)
    }
    pub fn path(&self) -> &Path {
        self.0.path()
    }
    pub fn mistakes(&self) -> Mistakes {
        match read(&Source::load(self.path().join("test.toml")), &[]) {
            Ok(_) => panic!("no mistake was found"),
            Err(mistakes) => mistakes,
        }
    }
}

/// The mistakes of a scenario with these files beside it.
pub fn mistakes(toml: &str, files: &[(&str, &[u8])]) -> Mistakes {
    Folder::new(toml, files).mistakes()
}

/// One mistake is found, on this line, with these words in what is wrong and what is right.
#[track_caller]
pub fn one(toml: &str, line: usize, key: &str, wrong: &str, right: &str) {
    only(&mistakes(toml, &[]), "test.toml", line, key, wrong, right);
}

#[track_caller]
pub fn only(mistakes: &Mistakes, file: &str, line: usize, key: &str, wrong: &str, right: &str) {
    assert_eq!(mistakes.len(), 1, "{mistakes}");
    let mistake = mistakes.iter().next().expect("one");
    assert_eq!(
        (mistake.file.as_str(), mistake.line, mistake.key.as_str()),
        (file, line, key),
        "{mistake}"
    );
    assert!(mistake.wrong.contains(wrong), "{mistake}");
    assert!(mistake.right.contains(right), "{mistake}");
}

/// Replaces a line of the sound scenario; the line's number stays what it was.
pub fn with(from: &str, to: &str) -> String {
    let text = format!("{SOUND}{MINING}");
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

pub fn line_of(text: &str, part: &str) -> usize {
    text[..text.find(part).expect("the part")]
        .matches('\n')
        .count()
        + 1
}

/// The change of one line is one mistake, on that line.
#[track_caller]
pub fn changed(from: &str, to: &str, key: &str, wrong: &str, right: &str) {
    let text = with(from, to);
    one(&text, line_of(&text, to), key, wrong, right);
}
