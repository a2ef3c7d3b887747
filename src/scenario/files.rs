//! The files of a scenario: read once, from its own folder only, with a cap on their size.

use super::built_in;
use super::mistake::Place;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Largest file that is read.
pub const LARGEST_FILE_BYTES: u64 = 64 << 20;

/// Where a scenario comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Folder(PathBuf),
    BuiltIn(&'static str),
    Text(String),
    /// Files by name, the scenario first.
    Kept(Vec<(String, Vec<u8>)>),
}

impl Source {
    /// A scenario file on disk. Nothing is read yet.
    pub fn load(path: impl Into<PathBuf>) -> Self {
        Self {
            origin: Origin::Folder(path.into()),
        }
    }
    /// A scenario built into the program, by its name; none of that name: nothing.
    pub fn built_in(name: &str) -> Option<Self> {
        let file = built_in::scenario_file(name)?;
        Some(Self {
            origin: Origin::BuiltIn(file),
        })
    }
    /// A scenario given as text, which may read the built-in data files.
    pub fn text(toml: impl Into<String>) -> Self {
        Self {
            origin: Origin::Text(toml.into()),
        }
    }
    /// Files as they were read once ([`super::Loaded::contents`]), the scenario first.
    pub fn kept(files: Vec<(String, Vec<u8>)>) -> Self {
        Self {
            origin: Origin::Kept(files),
        }
    }

    /// The file's name without its folder.
    pub fn file_name(&self) -> String {
        match &self.origin {
            Origin::Folder(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            Origin::BuiltIn(file) => (*file).to_owned(),
            Origin::Text(_) => "scenario.toml".to_owned(),
            Origin::Kept(files) => files
                .first()
                .map_or_else(|| "scenario.toml".to_owned(), |(name, _)| name.clone()),
        }
    }
}

/// A file that could not be had: what is wrong, what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub wrong: String,
    pub right: String,
}

/// What was read, in the order in which it was first asked for.
#[derive(Debug)]
pub(crate) struct Files {
    source: Source,
    /// Name and text; number 0 is the scenario itself. Overrides stand here too.
    pub texts: Vec<(String, Arc<str>)>,
    by_name: BTreeMap<String, Result<usize, Unreadable>>,
    /// Name and SHA-256 of every file.
    pub digests: Vec<(String, [u8; 32])>,
    /// Name and bytes of every file.
    pub contents: Vec<(String, Vec<u8>)>,
}

impl Files {
    /// Reads the scenario file itself, as text number 0.
    pub(crate) fn open(source: &Source) -> (Self, Result<(), Unreadable>) {
        let mut files = Self {
            source: source.clone(),
            texts: Vec::new(),
            by_name: BTreeMap::new(),
            digests: Vec::new(),
            contents: Vec::new(),
        };
        let name = source.file_name();
        let bytes = match &source.origin {
            Origin::Folder(path) => {
                read_capped(path).map_err(|error| of_the_scenario_itself(path, error))
            }
            Origin::BuiltIn(file) => embedded(file),
            Origin::Text(text) => Ok(text.clone().into_bytes()),
            Origin::Kept(kept) => kept_file(kept, &name),
        };
        let outcome = match bytes {
            Ok(bytes) => files.keep(&name, bytes).map(|_| ()),
            Err(unreadable) => Err(unreadable),
        };
        if outcome.is_err() {
            files.texts.push((name, "".into()));
        }
        (files, outcome)
    }

    /// Number of a file named in the scenario, read the first time it is asked for.
    pub(crate) fn number(&mut self, name: &str) -> Result<usize, Unreadable> {
        if let Some(known) = self.by_name.get(name) {
            return known.clone();
        }
        let outcome = self.fetch(name).and_then(|bytes| self.keep(name, bytes));
        self.by_name.insert(name.to_owned(), outcome.clone());
        outcome
    }

    /// Keeps the text of an override, so that mistakes in it can be shown.
    pub(crate) fn keep_override(&mut self, text: String) -> usize {
        self.texts.push(("--set".to_owned(), text.into()));
        self.texts.len() - 1
    }

    /// The text of a number.
    pub(crate) fn text(&self, number: usize) -> Arc<str> {
        Arc::clone(&self.texts[number].1)
    }

    /// The beginning of a source, for mistakes about all of it.
    pub(crate) fn beginning(number: usize) -> Place {
        Place {
            source: number,
            start: 0,
            end: 0,
        }
    }

    fn keep(&mut self, name: &str, bytes: Vec<u8>) -> Result<usize, Unreadable> {
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        self.contents.push((name.to_owned(), bytes.clone()));
        let text = String::from_utf8(bytes).map_err(|error| Unreadable {
            wrong: format!(
                "`{name}` is not UTF-8 (byte {})",
                error.utf8_error().valid_up_to()
            ),
            right: "save it as UTF-8".to_owned(),
        })?;
        // A byte order mark is accepted and means nothing.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        self.texts.push((name.to_owned(), text.into()));
        self.digests.push((name.to_owned(), digest));
        Ok(self.texts.len() - 1)
    }

    fn fetch(&self, name: &str) -> Result<Vec<u8>, Unreadable> {
        let relative = Path::new(name);
        let plain = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if name.is_empty() || !plain {
            return Err(outside(name));
        }
        match &self.source.origin {
            Origin::Folder(path) => {
                let folder = path.parent().unwrap_or(Path::new(""));
                let folder = if folder.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    folder
                };
                let real =
                    |path: &Path| fs::canonicalize(path).map_err(|error| unreadable(name, &error));
                let root = real(folder)?;
                let file = real(&folder.join(relative))?;
                // Symbolic links are resolved by now: they may point around within the folder.
                if !file.starts_with(&root) {
                    return Err(outside(name));
                }
                read_capped(&file).map_err(|error| Unreadable {
                    wrong: error.wrong.replace(&file.display().to_string(), name),
                    ..error
                })
            }
            Origin::BuiltIn(_) | Origin::Text(_) => embedded(name),
            Origin::Kept(kept) => kept_file(kept, name),
        }
    }
}

fn outside(name: &str) -> Unreadable {
    Unreadable {
        wrong: format!("`{name}` leaves the scenario's folder"),
        right: "put the file beside the scenario, or below it, and name it relative to it"
            .to_owned(),
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Unreadable {
    let right = match error.kind() {
        std::io::ErrorKind::NotFound => "paths are relative to the scenario's folder",
        _ => "",
    };
    Unreadable {
        wrong: format!("cannot read `{name}`: {error}"),
        right: right.to_owned(),
    }
}

/// The scenario's own file cannot be read: where there is none, it may be one that needs none.
fn of_the_scenario_itself(path: &Path, error: Unreadable) -> Unreadable {
    if path.exists() {
        return error;
    }
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let built_in = stem.filter(|stem| built_in::scenario_file(stem).is_some());
    let right = match built_in {
        Some(name) => format!("the built-in scenario is called `{name}`, without an ending"),
        None => "`hashfall list` shows the scenarios that need no file".to_owned(),
    };
    Unreadable { right, ..error }
}

fn embedded(name: &str) -> Result<Vec<u8>, Unreadable> {
    built_in::file(name)
        .map(|text| text.as_bytes().to_vec())
        .ok_or_else(|| Unreadable {
            wrong: format!("`{name}` is not among the built-in files"),
            right: String::new(),
        })
}

fn kept_file(files: &[(String, Vec<u8>)], name: &str) -> Result<Vec<u8>, Unreadable> {
    let file = files.iter().find(|(known, _)| known == name);
    file.map(|(_, bytes)| bytes.clone())
        .ok_or_else(|| Unreadable {
            wrong: format!("`{name}` is not among the files that were kept"),
            right: "run the scenario again".to_owned(),
        })
}

fn read_capped(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let name = path.display().to_string();
    let failed = |error: std::io::Error| unreadable(&name, &error);
    let file = fs::File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(Unreadable {
            wrong: format!("`{name}` is not a file"),
            right: String::new(),
        });
    }
    let mut bytes = Vec::new();
    // Read one byte more than allowed: the size on record may lie.
    file.take(LARGEST_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LARGEST_FILE_BYTES {
        return Err(Unreadable {
            wrong: format!("`{name}` is larger than {} MiB", LARGEST_FILE_BYTES >> 20),
            right: "split it, or leave out columns that are not used".to_owned(),
        });
    }
    Ok(bytes)
}
