//! The files of a result as they are written: staged, counted and hashed for the manifest.

use super::ReportError;
use super::manifest::FileRecord;
use crate::store::{FolderLock, Place, StagedFile, Staging, StoreError};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Name of the manifest in a result.
pub const MANIFEST: &str = "manifest.json";

/// A result being written. Nothing of it is seen before [`Shelf::finish`].
#[derive(Debug)]
pub struct Shelf<'a> {
    staging: Staging<'a>,
    files: Vec<FileRecord>,
    stop: &'a AtomicBool,
}

/// A table being written, row by row.
pub type Table = csv::Writer<HashedFile>;

impl<'a> Shelf<'a> {
    /// Begins a result; `stop` set from elsewhere gives it up.
    ///
    /// # Errors
    /// As [`Staging::begin`].
    pub fn begin(
        place: &Place,
        lock: &'a FolderLock,
        stop: &'a AtomicBool,
    ) -> Result<Self, StoreError> {
        let staging = Staging::begin(place, lock, MANIFEST)?;
        Ok(Self {
            staging,
            files: Vec::new(),
            stop,
        })
    }

    /// An error where it was told to stop.
    ///
    /// # Errors
    /// [`ReportError::Stopped`].
    pub fn check(&self) -> Result<(), ReportError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(ReportError::Stopped);
        }
        Ok(())
    }

    /// Adds a whole file; `name` may hold folders (`charts/hashrate.svg`).
    ///
    /// # Errors
    /// What the disk says; [`ReportError::Stopped`].
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        self.check()?;
        self.staging.write(name, bytes)?;
        self.files.push(FileRecord {
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            sha256: hexadecimal(&Sha256::digest(bytes)),
        });
        Ok(())
    }

    /// Adds a table: RFC 4180 with a header, `fill` writing its rows.
    ///
    /// # Errors
    /// What the disk says, what `fill` returns.
    pub fn table(
        &mut self,
        name: &str,
        header: &[&str],
        fill: impl FnOnce(&Self, &mut Table) -> Result<(), TableError>,
    ) -> Result<(), ReportError> {
        self.check()?;
        let file = self.staging.create(name)?;
        let mut table = csv::Writer::from_writer(HashedFile {
            file,
            hash: Sha256::new(),
            bytes: 0,
        });
        let filled = if header.is_empty() {
            Ok(())
        } else {
            table.write_record(header)
        };
        let filled = filled
            .map_err(TableError::Csv)
            .and_then(|()| fill(self, &mut table));
        let filled =
            filled.and_then(|()| table.flush().map_err(|error| TableError::Csv(error.into())));
        match filled {
            Ok(()) => {}
            Err(TableError::Report(error)) => return Err(error),
            Err(TableError::Csv(error)) => {
                let error = match error.into_kind() {
                    csv::ErrorKind::Io(error) => error,
                    other => io::Error::other(format!("{other:?}")),
                };
                return Err(table.get_ref().file.failed(error).into());
            }
        }
        // Flushed above: what is left of the writer has nothing to say.
        let Ok(HashedFile { file, hash, bytes }) = table.into_inner() else {
            let path = name.to_owned();
            let reason = "its rows could not be written out".to_owned();
            return Err(ReportError::Unreadable {
                path,
                what: "a table",
                reason,
            });
        };
        self.keep(name, HashedFile { file, hash, bytes })?;
        #[cfg(feature = "parquet")]
        if super::parquet::TABLES.contains(&name) {
            self.parquet(name)?;
        }
        Ok(())
    }

    /// Writes a table that is there once more, as Parquet.
    #[cfg(feature = "parquet")]
    fn parquet(&mut self, name: &str) -> Result<(), ReportError> {
        use super::parquet::{Trouble, convert};
        let path = format!("{}.parquet", name.trim_end_matches(".csv"));
        let to = HashedFile {
            file: self.staging.create(&path)?,
            hash: Sha256::new(),
            bytes: 0,
        };
        let open = || {
            let opened = self.staging.open(name);
            opened.map_err(|error| Trouble::Csv(io::Error::other(error.to_string()).into()))
        };
        let written = convert(open, to).map_err(|error| ReportError::Unreadable {
            path: path.clone(),
            what: "a table for Parquet",
            reason: error.to_string(),
        })?;
        self.keep(&path, written)
    }

    /// Ends a file and notes its digest.
    fn keep(&mut self, name: &str, written: HashedFile) -> Result<(), ReportError> {
        let HashedFile { file, hash, bytes } = written;
        file.finish()?;
        self.files.push(FileRecord {
            name: name.to_owned(),
            bytes,
            sha256: hexadecimal(&hash.finalize()),
        });
        Ok(())
    }

    /// The files so far, sorted by name.
    pub fn files(&self) -> Vec<FileRecord> {
        let mut files = self.files.clone();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files
    }

    /// Writes the manifest, the last of all, and swaps the result in.
    ///
    /// # Errors
    /// What the disk says; [`ReportError::Stopped`].
    pub fn finish(self, manifest: &[u8]) -> Result<(), ReportError> {
        self.check()?;
        Ok(self.staging.commit(manifest)?)
    }
}

/// Why a table could not be filled.
#[derive(Debug)]
pub enum TableError {
    /// The table's own file.
    Csv(csv::Error),
    /// What it is made from.
    Report(ReportError),
}

impl From<csv::Error> for TableError {
    fn from(error: csv::Error) -> Self {
        Self::Csv(error)
    }
}

impl From<StoreError> for TableError {
    fn from(error: StoreError) -> Self {
        Self::Report(error.into())
    }
}

impl From<ReportError> for TableError {
    fn from(error: ReportError) -> Self {
        Self::Report(error)
    }
}

/// A staged file that keeps the digest of what goes by.
#[derive(Debug)]
pub struct HashedFile {
    file: StagedFile,
    hash: Sha256,
    bytes: u64,
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
