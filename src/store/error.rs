//! What can go wrong on disk, said so that the reader knows where and what to do.

use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// An error of the disk or of what is on it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No space, or no quota, is left.
    #[error("the disk is full: cannot write {}; free some space, then run again: it goes on where it stopped", path.display())]
    DiskFull {
        /// What was being written.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// Permission denied, a read-only file system, or a file in place of a folder.
    #[error("{} is not writable ({source}); choose another folder with --output, or change its permissions", path.display())]
    NotWritable {
        /// What was being written.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// A file could not be read.
    #[error("{} cannot be read ({source}); check that it exists and may be read", path.display())]
    NotReadable {
        /// What was being read.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: io::Error,
    },
    /// Another run writes the same result.
    #[error("{} is locked: another run is writing this result; wait for it, or choose another folder with --output", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The content does not match its checksum.
    #[error("{} is damaged: its checksum is wrong; delete it, then run again: what it held is simulated anew", path.display())]
    WrongChecksum {
        /// The damaged file.
        path: PathBuf,
    },
    /// The file is shorter, or longer, than it says.
    #[error("{} is incomplete: {found} bytes instead of {expected}; delete it, then run again: what it held is simulated anew", path.display())]
    WrongLength {
        /// The damaged file.
        path: PathBuf,
        /// Length by the header, or the least possible one.
        expected: u64,
        /// Length on disk.
        found: u64,
    },
    /// Not a file of this kind.
    #[error("{} is not a hashfall {kind}; move it out of this folder", path.display())]
    NotOurs {
        /// The stranger.
        path: PathBuf,
        /// What was expected.
        kind: &'static str,
    },
    /// Sound, but of another scenario, seed, scheme or version.
    #[error("{} belongs to another run: its {what} differs; use --fresh to start anew, or another folder with --output", path.display())]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// Which part of the identity differs.
        what: &'static str,
    },
    /// A folder that is not a result stands where the result should go.
    #[error("{} holds files but no {manifest}, so it is not a result of hashfall and is left alone; choose another folder with --output", path.display())]
    NotAResult {
        /// The folder.
        path: PathBuf,
        /// The manifest's file name.
        manifest: String,
    },
    /// Something is there that must not be overwritten.
    #[error("{} exists already and is left as it is; choose another name", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// A path that cannot name a result or a file within one.
    #[error("{} cannot be used as a path here: {reason}", path.display())]
    BadPath {
        /// The path.
        path: PathBuf,
        /// What would be right.
        reason: &'static str,
    },
    /// Something larger than this program ever writes.
    #[error("{} is too large ({found} bytes, at most {most}); it was not written by hashfall: move it away", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its length, bytes.
        found: u64,
        /// The greatest length allowed, bytes.
        most: u64,
    },
    /// What the caller wants to write contradicts itself.
    #[error("{} was not written: {reason}", path.display())]
    Unsound {
        /// The file.
        path: PathBuf,
        /// The contradiction.
        reason: &'static str,
    },
}

impl StoreError {
    /// A stable code for scripts and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DiskFull { .. } => "store::disk_full",
            Self::NotWritable { .. } => "store::not_writable",
            Self::NotReadable { .. } => "store::not_readable",
            Self::Locked { .. } => "store::locked",
            Self::WrongChecksum { .. } => "store::wrong_checksum",
            Self::WrongLength { .. } => "store::wrong_length",
            Self::NotOurs { .. } => "store::not_ours",
            Self::OtherRun { .. } => "store::other_run",
            Self::NotAResult { .. } => "store::not_a_result",
            Self::Exists { .. } => "store::exists",
            Self::BadPath { .. } => "store::bad_path",
            Self::TooLarge { .. } => "store::too_large",
            Self::Unsound { .. } => "store::unsound",
        }
    }

    /// The path that the error is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::DiskFull { path, .. }
            | Self::NotWritable { path, .. }
            | Self::NotReadable { path, .. }
            | Self::Locked { path }
            | Self::WrongChecksum { path }
            | Self::WrongLength { path, .. }
            | Self::NotOurs { path, .. }
            | Self::OtherRun { path, .. }
            | Self::NotAResult { path, .. }
            | Self::Exists { path }
            | Self::BadPath { path, .. }
            | Self::TooLarge { path, .. }
            | Self::Unsound { path, .. } => path,
        }
    }

    /// Whether the file itself is at fault, so that deleting it and simulating anew is right.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::WrongChecksum { .. } | Self::WrongLength { .. })
    }

    /// Names the path of an error met while writing.
    pub(super) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path, source }
            }
            _ => Self::NotWritable { path, source },
        }
    }

    /// Names the path of an error met while reading.
    pub(super) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::NotReadable { path, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_forbidden_one() {
        let path = Path::new("out/x");
        let full = StoreError::writing(path)(io::ErrorKind::StorageFull.into());
        assert_eq!(full.code(), "store::disk_full");
        let quota = StoreError::writing(path)(io::ErrorKind::QuotaExceeded.into());
        assert_eq!(quota.code(), "store::disk_full");
        let denied = StoreError::writing(path)(io::ErrorKind::PermissionDenied.into());
        assert_eq!(denied.code(), "store::not_writable");
        for error in [full, denied] {
            assert_eq!(error.path(), path);
            assert!(error.to_string().contains("out/x"), "{error}");
        }
    }
}
