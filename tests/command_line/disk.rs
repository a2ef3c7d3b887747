//! A disk that is full, blocks that are damaged.

use super::program::{Desk, MINING, assert_same, text};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A tiny file system of its own; gone when dropped.
struct TinyDisk(PathBuf);

impl TinyDisk {
    /// `None` where this user may not mount.
    fn mount(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let size = format!("size={size}");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &size, "hashfall-test"])
            .arg(at);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then(|| Self(at.to_owned()))
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_1_and_names_the_path() {
    let desk = Desk::new();
    let Some(_disk) = TinyDisk::mount(&desk.path("tiny"), "8m") else {
        eprintln!("skipped: this user may not mount a small file system");
        return;
    };
    desk.done(&["run", "rts79", "-n", "300", "-o", "tiny/here", "-q"]);
    let before = desk.result("tiny/here");
    let output = desk.run(&["run", "rts79", "-n", "900000", "-o", "tiny/here"]);
    let words = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(
        words.contains("disk is full") && words.contains("here"),
        "{words}"
    );
    assert_same(&before, &desk.result("tiny/here"));
}

/// The block files of the one identity that a result has.
fn blocks(desk: &Desk, folder: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(desk.path(&format!(".{folder}.blocks"))).unwrap();
    let identity = all.map(|entry| entry.unwrap().path()).next().unwrap();
    let mut paths: Vec<PathBuf> = fs::read_dir(identity)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

#[test]
fn damaged_blocks_are_simulated_anew() {
    let desk = Desk::new();
    desk.done(&["run", MINING, "-n", "700", "-o", "direct", "-q"]);
    let direct = desk.result("direct");
    // What happens to the first block, and to the totals.
    let damages: [fn(&Path); 3] = [
        |path| fs::write(path, b"").unwrap(),
        |path| {
            let mut bytes = fs::read(path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(path, bytes).unwrap();
        },
        |path| fs::remove_file(path).unwrap(),
    ];
    for (case, damage) in damages.iter().enumerate() {
        for ending in ["block-0000000000-256.bin", "totals.bin"] {
            let folder = format!("damaged-{case}-{ending}");
            desk.done(&["run", MINING, "-n", "600", "-o", &folder, "-q"]);
            let paths = blocks(&desk, &folder);
            let path = paths.iter().find(|path| path.ends_with(ending)).unwrap();
            damage(path);
            desk.done(&["run", MINING, "-n", "700", "-o", &folder, "-q"]);
            assert_same(&desk.result(&folder), &direct);
        }
    }
}
