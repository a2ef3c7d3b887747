//! The program under test, and its results.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A scenario with farms, links and an event, which runs without any file beside it.
pub const MINING: &str = "mining.toml";

/// A folder of its own, in which the program runs.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let written = desk.run(&["init", MINING]);
        assert!(written.status.success(), "{}", text(&written.stderr));
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hashfall"));
        command.current_dir(self.folder.path()).args(arguments);
        command.stdin(Stdio::null());
        command
    }

    /// Runs to the end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs to the end, which must be a good one.
    pub fn done(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        output
    }

    /// Begins to run, silently.
    pub fn begin(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// The files of a result that may not depend on anything but the scenario.
    pub fn result(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let root = self.path(folder);
        collect(&root, &root, &mut files);
        let manifest = files.remove(Path::new("manifest.json"));
        assert!(manifest.is_some(), "{folder} is no result");
        assert!(files.len() >= 2, "{folder} holds only {:?}", files.keys());
        files
    }

    /// The manifest of a result.
    pub fn manifest(&self, folder: &str) -> serde_json::Value {
        let bytes = fs::read(self.path(folder).join("manifest.json")).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(
                path.strip_prefix(root).unwrap().to_owned(),
                fs::read(&path).unwrap(),
            );
        }
    }
}

/// Two results must be the same to the byte; says which file differs.
pub fn assert_same(left: &BTreeMap<PathBuf, Vec<u8>>, right: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!(
        left.keys().collect::<Vec<_>>(),
        right.keys().collect::<Vec<_>>()
    );
    for (name, bytes) in left {
        assert!(*bytes == right[name], "{} differs", name.display());
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A small generator for moments at which to interrupt; the test says its seed.
pub struct Dice(pub u64);

impl Dice {
    /// Milliseconds in `low..high`.
    pub fn between(&mut self, low: u64, high: u64) -> std::time::Duration {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        std::time::Duration::from_millis(low + (self.0 >> 33) % (high - low))
    }
}
