//! Where a result and what belongs to it stand.

use super::StoreError;
use std::fs;
use std::path::{Path, PathBuf};

/// The paths of one result: its folder, and the hidden ones beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    /// The place of the result that is to stand at `target`, which need not exist.
    ///
    /// Links are followed first, so that a result behind one is swapped where it is.
    ///
    /// # Errors
    /// [`StoreError::BadPath`] where `target` does not end in a name that can be written as text.
    pub fn new(target: &Path) -> Result<Self, StoreError> {
        let real = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let bad = |reason| StoreError::BadPath {
            path: target.to_owned(),
            reason,
        };
        let name = real
            .file_name()
            .ok_or_else(|| bad("a result needs a folder of its own"))?;
        let name = name
            .to_str()
            .ok_or_else(|| bad("its name must be valid UTF-8"))?
            .to_owned();
        let folder = match real.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        Ok(Self { folder, name })
    }

    /// The folder in which all of this stands.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// The finished result.
    pub fn result(&self) -> PathBuf {
        self.folder.join(&self.name)
    }
    /// Blocks and snapshots, for resuming and extending.
    pub fn blocks(&self) -> PathBuf {
        self.beside("blocks")
    }
    /// The lock file of whoever writes.
    pub fn lock(&self) -> PathBuf {
        self.beside("lock")
    }
    pub(super) fn staging(&self) -> PathBuf {
        self.beside("staging")
    }
    pub(super) fn previous(&self) -> PathBuf {
        self.beside("previous")
    }

    fn beside(&self, purpose: &str) -> PathBuf {
        self.folder.join(format!(".{}.{purpose}", self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_stands_side_by_side() {
        let place = Place::new(Path::new("no/such/kazakhstan-2022/")).unwrap();
        assert_eq!(place.result(), Path::new("no/such/kazakhstan-2022"));
        assert_eq!(place.blocks(), Path::new("no/such/.kazakhstan-2022.blocks"));
        assert_eq!(place.lock(), Path::new("no/such/.kazakhstan-2022.lock"));
        assert_eq!(
            Place::new(Path::new("name")).unwrap().folder(),
            Path::new(".")
        );
        assert_eq!(
            Place::new(Path::new("/")).unwrap_err().code(),
            "store::bad_path"
        );
        assert_eq!(
            Place::new(Path::new("no/..")).unwrap_err().code(),
            "store::bad_path"
        );
    }
}
