//! A result folder, written out of sight and swapped in when it is whole.

use super::atomic::{entries, sync_folder};
use super::{FolderLock, Place, StoreError, create_folder, write_atomic};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// A result being written beside its target. Dropped without [`Staging::commit`] it leaves no
/// trace, and the older result stays as it was.
///
/// The swap is two renames: the older result steps aside, the new one takes its name. A process
/// killed between the two leaves the older one under its hidden name; the next
/// [`Staging::begin`] or [`Staging::recover`] puts it back.
#[derive(Debug)]
pub struct Staging<'lock> {
    place: Place,
    manifest: String,
    committed: bool,
    /// Writing needs the lock for as long as it lasts.
    _lock: &'lock FolderLock,
}

impl<'lock> Staging<'lock> {
    /// Begins a result at `place`, clearing away what killed runs left. `manifest` is the name of
    /// the file that tells a result from any other folder.
    ///
    /// # Errors
    /// [`StoreError::NotAResult`] if a folder with other files stands at the target: it would be
    /// lost in the swap. [`StoreError::Unsound`] if the lock is another result's. What the disk says.
    pub fn begin(
        place: &Place,
        lock: &'lock FolderLock,
        manifest: &str,
    ) -> Result<Self, StoreError> {
        Self::recover(place, lock)?;
        Self::check_replaceable(place, manifest)?;
        let staging = place.staging();
        create_folder(&staging)?;
        let manifest = manifest.to_owned();
        Ok(Self {
            place: place.clone(),
            manifest,
            committed: false,
            _lock: lock,
        })
    }

    /// Puts right what a killed run left: an older result set aside goes back, if nothing took
    /// its place; otherwise it and any unfinished result are deleted.
    ///
    /// # Errors
    /// [`StoreError::Unsound`] if the lock is another result's. What the disk says.
    pub fn recover(place: &Place, lock: &FolderLock) -> Result<(), StoreError> {
        let (result, previous) = (place.result(), place.previous());
        if lock.path() != place.lock() {
            let reason = "the lock that is held is another result's";
            return Err(StoreError::Unsound {
                path: result,
                reason,
            });
        }
        if previous.exists() {
            // Takes away an empty folder, and nothing else, from where the older result belongs.
            let _ = fs::remove_dir(&result);
            if !result.exists() {
                fs::rename(&previous, &result).map_err(StoreError::writing(&result))?;
                sync_folder(place.folder())?;
            }
        }
        remove_folder(&previous)?;
        remove_folder(&place.staging())
    }

    /// Whether the target is absent, empty or a result, so that a swap loses nothing else.
    fn check_replaceable(place: &Place, manifest: &str) -> Result<(), StoreError> {
        let path = place.result();
        if !path.exists() {
            return Ok(());
        }
        let found = entries(&path).map_err(|error| match error {
            StoreError::NotReadable { path, source } => StoreError::NotWritable { path, source },
            other => other,
        })?;
        if found.is_empty() || path.join(manifest).is_file() {
            return Ok(());
        }
        Err(StoreError::NotAResult {
            path,
            manifest: manifest.to_owned(),
        })
    }

    /// Writes a whole file; `relative` may name sub-folders ("charts/fan.svg").
    ///
    /// # Errors
    /// [`StoreError::BadPath`] if it leads out of the result; what the disk says.
    pub fn write(&self, relative: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let mut file = self.create(relative)?;
        file.write_all(bytes)
            .map_err(StoreError::writing(&file.path))?;
        file.finish()
    }

    /// Opens a file to be written piece by piece.
    ///
    /// # Errors
    /// As for [`Staging::write`].
    pub fn create(&self, relative: &str) -> Result<StagedFile, StoreError> {
        let relative = Path::new(relative);
        let inside = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside || relative.as_os_str().is_empty() {
            let reason = "it must be a name inside of the result";
            return Err(StoreError::BadPath {
                path: relative.to_owned(),
                reason,
            });
        }
        let path = self.place.staging().join(relative);
        if let Some(folder) = path.parent() {
            create_folder(folder)?;
        }
        let file = File::create(&path).map_err(StoreError::writing(&path))?;
        Ok(StagedFile {
            path,
            writer: BufWriter::new(file),
        })
    }

    /// Opens a file of the result once more, to be read.
    ///
    /// # Errors
    /// What the disk says.
    pub fn open(&self, relative: &str) -> Result<File, StoreError> {
        let path = self.place.staging().join(relative);
        File::open(&path).map_err(StoreError::reading(&path))
    }

    /// Writes the manifest, the last of all files, and swaps the result in.
    ///
    /// # Errors
    /// What the disk says; the older result is in its place then.
    pub fn commit(mut self, manifest: &[u8]) -> Result<(), StoreError> {
        let (staging, result) = (self.place.staging(), self.place.result());
        let previous = self.place.previous();
        sync_tree(&staging)?;
        write_atomic(&staging.join(&self.manifest), manifest)?;
        // Someone may have put files there while this run was busy.
        Self::check_replaceable(&self.place, &self.manifest)?;
        let older = result.exists();
        if older {
            fs::rename(&result, &previous).map_err(StoreError::writing(&result))?;
        }
        if let Err(error) = fs::rename(&staging, &result) {
            if older {
                fs::rename(&previous, &result).map_err(StoreError::writing(&result))?;
            }
            return Err(StoreError::writing(&result)(error));
        }
        self.committed = true;
        sync_folder(self.place.folder())?;
        remove_folder(&previous)
    }
}

impl Drop for Staging<'_> {
    fn drop(&mut self) {
        if !self.committed {
            // Nothing more can be done about a failure here; the next run tries again.
            let _ = remove_folder(&self.place.staging());
        }
    }
}

/// A file of a staged result.
#[derive(Debug)]
pub struct StagedFile {
    path: PathBuf,
    writer: BufWriter<File>,
}

impl StagedFile {
    /// Writes out what is buffered and syncs it to the disk.
    ///
    /// # Errors
    /// What the disk says.
    pub fn finish(self) -> Result<(), StoreError> {
        let Self { path, writer } = self;
        let file = writer
            .into_inner()
            .map_err(|error| StoreError::writing(&path)(error.into_error()))?;
        file.sync_all().map_err(StoreError::writing(&path))
    }

    /// Names this file in an error met while writing to it.
    pub fn failed(&self, error: io::Error) -> StoreError {
        StoreError::writing(&self.path)(error)
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Deletes a folder of ours with all it holds, if it is there.
///
/// # Errors
/// [`StoreError::NotWritable`] naming it.
pub fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::writing(folder)(error))
        }
        _ => Ok(()),
    }
}

/// Syncs the names in a folder and in those below it.
fn sync_tree(folder: &Path) -> Result<(), StoreError> {
    for path in entries(folder)? {
        if path.is_dir() {
            sync_tree(&path)?;
        }
    }
    sync_folder(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "manifest.json";

    /// A folder for a test, and a place in it.
    fn place() -> (tempfile::TempDir, Place) {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(&folder.path().join("study")).unwrap();
        (folder, place)
    }

    fn run(place: &Place, content: &str) -> Result<(), StoreError> {
        let lock = FolderLock::acquire(place)?;
        let staging = Staging::begin(place, &lock, MANIFEST)?;
        staging.write("summary.csv", content.as_bytes())?;
        staging.write("charts/fan.svg", b"<svg/>")?;
        staging.commit(b"{}")
    }

    fn summary(place: &Place) -> String {
        fs::read_to_string(place.result().join("summary.csv")).unwrap()
    }

    /// Names beside the result, but for the lock.
    fn beside(place: &Place) -> Vec<PathBuf> {
        let mut paths = entries(place.folder()).unwrap();
        paths.retain(|path| *path != place.lock() && *path != place.result());
        paths
    }

    #[test]
    fn a_result_appears_whole_and_is_replaced_whole() {
        let (_folder, place) = place();
        run(&place, "first").unwrap();
        assert_eq!(summary(&place), "first");
        fs::write(place.result().join("stale.csv"), b"").unwrap();
        run(&place, "second").unwrap();
        assert_eq!(summary(&place), "second");
        assert!(!place.result().join("stale.csv").exists());
        assert!(place.result().join("charts/fan.svg").is_file());
        assert!(place.result().join(MANIFEST).is_file());
        assert_eq!(beside(&place), [] as [PathBuf; 0]);
    }

    #[test]
    fn until_the_end_the_older_result_stays() {
        let (_folder, place) = place();
        run(&place, "older").unwrap();
        let lock = FolderLock::acquire(&place).unwrap();
        let staging = Staging::begin(&place, &lock, MANIFEST).unwrap();
        staging.write("summary.csv", b"newer").unwrap();
        assert_eq!(summary(&place), "older");
        drop(staging);
        assert_eq!(summary(&place), "older");
        assert_eq!(beside(&place), [] as [PathBuf; 0]);
    }

    #[test]
    fn a_folder_that_is_not_ours_is_left_alone() {
        let (_folder, place) = place();
        fs::create_dir(place.result()).unwrap();
        let diary = place.result().join("diary.txt");
        fs::write(&diary, b"dear").unwrap();
        assert_eq!(run(&place, "x").unwrap_err().code(), "store::not_a_result");
        assert_eq!(fs::read(&diary).unwrap(), b"dear");
        fs::remove_file(&diary).unwrap();
        run(&place, "an empty folder is fine").unwrap();
    }

    #[test]
    fn a_file_in_place_of_the_result_is_left_alone() {
        let (_folder, place) = place();
        fs::write(place.result(), b"mine").unwrap();
        assert_eq!(run(&place, "x").unwrap_err().code(), "store::not_writable");
        assert_eq!(fs::read(place.result()).unwrap(), b"mine");
    }

    /// Every state that a kill can leave, and what the next run makes of it.
    #[test]
    fn killed_runs_are_cleared_away() {
        let (_folder, place) = place();
        run(&place, "older").unwrap();
        let lock = FolderLock::acquire(&place).unwrap();
        // Killed while writing.
        fs::create_dir(place.staging()).unwrap();
        fs::write(place.staging().join("summary.csv"), b"half").unwrap();
        Staging::recover(&place, &lock).unwrap();
        assert_eq!(summary(&place), "older");
        assert_eq!(beside(&place), [] as [PathBuf; 0]);
        // Killed between the two renames.
        fs::rename(place.result(), place.previous()).unwrap();
        fs::create_dir(place.staging()).unwrap();
        Staging::recover(&place, &lock).unwrap();
        assert_eq!(summary(&place), "older");
        assert_eq!(beside(&place), [] as [PathBuf; 0]);
        // The same, and someone made an empty folder since.
        fs::rename(place.result(), place.previous()).unwrap();
        fs::create_dir(place.result()).unwrap();
        Staging::recover(&place, &lock).unwrap();
        assert_eq!(summary(&place), "older");
        // Killed before the older result was deleted.
        fs::create_dir(place.previous()).unwrap();
        fs::write(place.previous().join("summary.csv"), b"oldest").unwrap();
        Staging::recover(&place, &lock).unwrap();
        assert_eq!(summary(&place), "older");
        assert_eq!(beside(&place), [] as [PathBuf; 0]);
    }

    #[test]
    fn a_failed_commit_leaves_the_older_result() {
        let (_folder, place) = place();
        run(&place, "older").unwrap();
        let lock = FolderLock::acquire(&place).unwrap();
        let staging = Staging::begin(&place, &lock, MANIFEST).unwrap();
        fs::remove_dir_all(place.staging()).unwrap();
        assert!(staging.commit(b"{}").is_err());
        assert_eq!(summary(&place), "older");
    }

    #[test]
    fn files_stay_inside_of_the_result() {
        let (_folder, place) = place();
        let lock = FolderLock::acquire(&place).unwrap();
        let staging = Staging::begin(&place, &lock, MANIFEST).unwrap();
        for path in ["../escaped", "/etc/escaped", "charts/../../escaped", ""] {
            let error = staging.write(path, b"").unwrap_err();
            assert_eq!(error.code(), "store::bad_path", "{path}");
        }
    }

    #[test]
    fn long_files_are_written_piece_by_piece() {
        let (_folder, place) = place();
        let lock = FolderLock::acquire(&place).unwrap();
        let staging = Staging::begin(&place, &lock, MANIFEST).unwrap();
        let mut events = staging.create("events.csv").unwrap();
        for row in 0..3 {
            writeln!(events, "{row}").unwrap();
        }
        events.finish().unwrap();
        staging.commit(b"{}").unwrap();
        assert_eq!(
            fs::read(place.result().join("events.csv")).unwrap(),
            b"0\n1\n2\n"
        );
    }

    #[test]
    fn the_lock_must_be_of_the_same_result() {
        let (folder, place) = place();
        let other = Place::new(&folder.path().join("other")).unwrap();
        let lock = FolderLock::acquire(&other).unwrap();
        let error = Staging::begin(&place, &lock, MANIFEST).unwrap_err();
        assert_eq!(error.code(), "store::unsound");
    }
}
