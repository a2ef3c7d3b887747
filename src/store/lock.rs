//! One writer at a time.

use super::{Place, StoreError, create_folder};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held while a run writes a result and its blocks; let go when dropped, or when the process
/// ends in whatever way. The lock file itself stays: deleting it could part two waiting runs.
#[derive(Debug)]
pub struct FolderLock {
    path: PathBuf,
    _file: File,
}

impl FolderLock {
    /// Takes the lock of a result, without waiting.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another run has it; [`StoreError::NotWritable`] if the lock file
    /// cannot be made, or the file system knows no locks.
    pub fn acquire(place: &Place) -> Result<Self, StoreError> {
        create_folder(place.folder())?;
        let path = place.lock();
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        let file = options.open(&path).map_err(StoreError::writing(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(error)) => Err(StoreError::writing(&path)(error)),
        }
    }

    /// The lock file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_is_first() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(&folder.path().join("output/study")).unwrap();
        let first = FolderLock::acquire(&place).unwrap();
        let error = FolderLock::acquire(&place).unwrap_err();
        assert_eq!(
            (error.code(), error.path()),
            ("store::locked", first.path())
        );
        let other = Place::new(&folder.path().join("output/another")).unwrap();
        assert!(FolderLock::acquire(&other).is_ok());
        drop(first);
        assert!(FolderLock::acquire(&place).is_ok());
    }

    #[test]
    fn a_lock_where_nothing_can_be_written_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        let place = Place::new(&file.join("study")).unwrap();
        assert_eq!(
            FolderLock::acquire(&place).unwrap_err().code(),
            "store::not_writable"
        );
    }
}
