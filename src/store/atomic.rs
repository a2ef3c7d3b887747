//! Single files, written whole or not at all.

use super::StoreError;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Ending of files that are being written; whatever is left of a killed run has it.
const UNFINISHED: &str = ".unfinished";

/// Writes `bytes` to `path`: whoever looks sees the older content or the new, never a part.
///
/// A hidden file beside it is written, synced to the disk and renamed; then the folder is
/// synced, so that the name survives a power failure too.
///
/// # Errors
/// [`StoreError`] naming `path`; the older content, if any, is untouched then.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let file = write_hidden(path, bytes)?;
    file.persist(path)
        .map_err(|error| StoreError::writing(path)(error.error))?;
    sync_folder(&split(path)?.0)
}

/// Writes `bytes` to `path`, where nothing may be yet.
///
/// # Errors
/// [`StoreError::Exists`] if something is there, which stays as it is; otherwise as for
/// [`write_atomic`].
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let file = write_hidden(path, bytes)?;
    file.persist_noclobber(path)
        .map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => StoreError::Exists {
                path: path.to_owned(),
            },
            _ => StoreError::writing(path)(error.error),
        })?;
    sync_folder(&split(path)?.0)
}

/// The hidden file beside `path`, whole and on the disk.
fn write_hidden(path: &Path, bytes: &[u8]) -> Result<tempfile::NamedTempFile, StoreError> {
    let fail = || StoreError::writing(path);
    let (folder, name) = split(path)?;
    let mut hidden = tempfile::Builder::new();
    let prefix = format!(".{name}.");
    hidden.prefix(&prefix).suffix(UNFINISHED);
    // A temporary file is private by default; a result should be as open as any other file.
    #[cfg(unix)]
    let open = {
        use std::os::unix::fs::PermissionsExt;
        fs::Permissions::from_mode(0o666)
    };
    #[cfg(unix)]
    hidden.permissions(open);
    let mut file = hidden.tempfile_in(&folder).map_err(fail())?;
    file.write_all(bytes).map_err(fail())?;
    file.as_file().sync_all().map_err(fail())?;
    Ok(file)
}

/// A path's folder and file name.
fn split(path: &Path) -> Result<(PathBuf, String), StoreError> {
    let bad = |reason| StoreError::BadPath {
        path: path.to_owned(),
        reason,
    };
    let name = path
        .file_name()
        .ok_or_else(|| bad("it must end in a name"))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    Ok((folder, name.to_string_lossy().into_owned()))
}

/// Makes the names in a folder survive a power failure. (Windows does so by itself.)
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let opened = File::open(folder).map_err(StoreError::writing(folder))?;
        opened.sync_all().map_err(StoreError::writing(folder))?;
    }
    Ok(())
}

/// Creates a folder and those above it, unless they are there.
///
/// # Errors
/// [`StoreError::NotWritable`] where that is forbidden or a file is in the way.
pub fn create_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(StoreError::writing(folder))
}

/// Deletes what killed runs left half-written in `folder`; returns how many files that were.
/// A folder that is not there has nothing.
///
/// # Errors
/// [`StoreError`] naming the file that would not go.
pub fn remove_leftovers(folder: &Path) -> Result<usize, StoreError> {
    let mut removed = 0;
    for path in entries(folder)? {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let left_over =
            name.is_some_and(|name| name.starts_with('.') && name.ends_with(UNFINISHED));
        if left_over && path.is_file() {
            fs::remove_file(&path).map_err(StoreError::writing(&path))?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// The names of the folders in `folder`, in order; none if it does not exist. Names that are not
/// UTF-8 are no work of this program and are passed over.
///
/// # Errors
/// [`StoreError::NotReadable`] where the folder cannot be listed.
pub fn folders(folder: &Path) -> Result<Vec<String>, StoreError> {
    let inside = entries(folder)?.into_iter().filter(|path| path.is_dir());
    let name = |path: PathBuf| Some(path.file_name()?.to_str()?.to_owned());
    Ok(inside.filter_map(name).collect())
}

/// The length of a file in bytes; `None` if there is no such file.
pub fn file_length(path: &Path) -> Option<u64> {
    let metadata = fs::metadata(path).ok()?;
    metadata.is_file().then_some(metadata.len())
}

/// Whether a folder stands at a path.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Deletes a file of ours, if it is there.
///
/// # Errors
/// [`StoreError::NotWritable`] naming it.
pub fn remove_file(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::writing(path)(error)),
        _ => Ok(()),
    }
}

/// The paths in a folder in the order of their names; none if it does not exist.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let listing = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listing => listing.map_err(StoreError::reading(folder))?,
    };
    let mut paths = Vec::new();
    for entry in listing {
        paths.push(entry.map_err(StoreError::reading(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// A whole file of at most `most_bytes`; `None` if there is no such file.
///
/// # Errors
/// [`StoreError::TooLarge`], or [`StoreError::NotReadable`].
pub fn read_limited(path: &Path, most_bytes: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.map_err(StoreError::reading(path))?,
    };
    let mut bytes = Vec::new();
    let limit = most_bytes.saturating_add(1);
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(StoreError::reading(path))?;
    if bytes.len() as u64 > most_bytes {
        let found = fs::metadata(path).map_or(limit, |metadata| metadata.len());
        return Err(StoreError::TooLarge {
            path: path.to_owned(),
            found,
            most: most_bytes,
        });
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_content_replaces_the_old_and_leaves_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.json");
        for content in [&b"old and longer"[..], b"new"] {
            write_atomic(&path, content).unwrap();
            assert_eq!(fs::read(&path).unwrap(), content);
        }
        assert_eq!(entries(folder.path()).unwrap(), [path]);
    }

    #[cfg(unix)]
    #[test]
    fn a_result_is_as_open_as_any_other_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| {
            fs::metadata(folder.path().join(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        fs::write(folder.path().join("plain"), b"").unwrap();
        write_atomic(&folder.path().join("atomic"), b"").unwrap();
        assert_eq!(mode("atomic"), mode("plain"));
    }

    /// A file where the folder should be stops even the superuser.
    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, b"x").unwrap();
        let error = write_atomic(&file.join("inside"), b"y").unwrap_err();
        assert_eq!(error.code(), "store::not_writable");
        assert!(error.to_string().contains("inside"), "{error}");
        assert_eq!(
            create_folder(&file.join("below")).unwrap_err().code(),
            "store::not_writable"
        );
        assert_eq!(
            write_atomic(Path::new("/"), b"").unwrap_err().code(),
            "store::bad_path"
        );
    }

    #[test]
    fn a_failed_write_leaves_the_older_content() {
        let folder = tempfile::tempdir().unwrap();
        let occupied = folder.path().join("occupied");
        fs::create_dir(&occupied).unwrap();
        fs::write(occupied.join("kept"), b"kept").unwrap();
        assert!(write_atomic(&occupied, b"x").is_err());
        assert_eq!(fs::read(occupied.join("kept")).unwrap(), b"kept");
        assert_eq!(
            entries(folder.path()).unwrap(),
            [occupied],
            "the hidden file is gone"
        );
    }

    #[test]
    fn a_new_file_takes_no_others_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("starter.toml");
        write_new(&path, b"first").unwrap();
        assert_eq!(file_length(&path), Some(5));
        let error = write_new(&path, b"second").unwrap_err();
        assert_eq!(error.code(), "store::exists");
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(entries(folder.path()).unwrap(), [path]);
        assert_eq!(file_length(folder.path()), None);
    }

    #[test]
    fn folders_are_listed_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b", "a"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("file"), b"").unwrap();
        assert_eq!(folders(folder.path()).unwrap(), ["a", "b"]);
        assert!(folders(&folder.path().join("absent")).unwrap().is_empty());
    }

    #[test]
    fn only_leftovers_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            ".block.h2Kd8a.unfinished",
            "my.unfinished",
            ".hidden",
            "block",
        ] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        assert_eq!(remove_leftovers(folder.path()).unwrap(), 1);
        assert_eq!(entries(folder.path()).unwrap().len(), 3);
        assert_eq!(remove_leftovers(&folder.path().join("absent")).unwrap(), 0);
    }

    #[test]
    fn reading_has_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ten");
        assert_eq!(read_limited(&path, 10).unwrap(), None);
        fs::write(&path, [7; 10]).unwrap();
        assert_eq!(read_limited(&path, 10).unwrap(), Some(vec![7; 10]));
        assert_eq!(
            read_limited(&path, 9).unwrap_err().code(),
            "store::too_large"
        );
        assert_eq!(
            read_limited(folder.path(), 9).unwrap_err().code(),
            "store::not_readable"
        );
    }
}
