//! One part of a run in one file: what a machine of its own simulated, to be merged with others.
//!
//! The body within the frame is a list of parts, each its length (u64) and its bytes: a header of
//! the caller, how many files follow (u32), name and content of each, the totals as in a
//! snapshot, then blocks to the end.

use super::block::{self, Block};
use super::frame::{Identity, Kind, read_any_frame, write_frame};
use super::snapshot::{self, Snapshot};
use super::{StoreError, atomic};
use std::path::{Path, PathBuf};

const SHARD: Kind = Kind {
    magic: *b"HFSHARD\x01",
    name: "shard",
};
/// How the name of a shard's file ends.
pub const SHARD_ENDING: &str = ".hfshard";

/// A part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// What the caller wants to know before it looks further.
    pub header: Vec<u8>,
    /// Names and bytes of the files that the run was made from.
    pub files: Vec<(String, Vec<u8>)>,
    /// Totals over its replications.
    pub totals: Snapshot,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// Writes a shard, replacing an older one whole.
///
/// # Errors
/// [`StoreError::TooLarge`] beyond the size that is ever read; what the disk says.
pub fn write_shard(path: &Path, identity: &Identity, shard: &Shard) -> Result<(), StoreError> {
    let mut body = Vec::new();
    put(&mut body, &shard.header);
    put(&mut body, &(shard.files.len() as u64).to_le_bytes());
    for (name, bytes) in &shard.files {
        put(&mut body, name.as_bytes());
        put(&mut body, bytes);
    }
    put(&mut body, &snapshot::encode(path, &shard.totals)?);
    for block in &shard.blocks {
        let columns = u32::try_from(block.columns.len()).unwrap_or(u32::MAX);
        put(
            &mut body,
            &block::encode(block.range, columns, &block.columns),
        );
    }
    write_frame(path, &SHARD, identity, &body)
}

/// Reads a shard of whatever run, verifying its checksum and all that it is made of.
///
/// # Errors
/// As for a block.
pub fn read_shard(path: &Path) -> Result<(Identity, Shard), StoreError> {
    let (identity, body) = read_any_frame(path, &SHARD)?;
    let mut rest = body.as_slice();
    let short = || StoreError::WrongLength {
        path: path.to_owned(),
        expected: body.len() as u64 + 8,
        found: body.len() as u64,
    };
    let header = take(&mut rest).ok_or_else(short)?.to_vec();
    let count = take(&mut rest).and_then(|bytes| bytes.try_into().ok());
    let count = u64::from_le_bytes(count.ok_or_else(short)?);
    let mut files = Vec::new();
    for _ in 0..count {
        let name = take(&mut rest).ok_or_else(short)?;
        let name = String::from_utf8_lossy(name).into_owned();
        files.push((name, take(&mut rest).ok_or_else(short)?.to_vec()));
    }
    let totals = snapshot::decode(path, take(&mut rest).ok_or_else(short)?)?;
    let mut blocks = Vec::new();
    while !rest.is_empty() {
        blocks.push(block::decode(path, take(&mut rest).ok_or_else(short)?)?);
    }
    let shard = Shard {
        header,
        files,
        totals,
        blocks,
    };
    Ok((identity, shard))
}

/// The files in `folder` whose names end in `ending`, in the order of their names.
///
/// # Errors
/// [`StoreError::NotReadable`] where the folder cannot be listed.
pub fn files_ending_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, StoreError> {
    let mut paths = atomic::entries(folder)?;
    paths.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        let ours = name.is_some_and(|name| !name.starts_with('.') && name.ends_with(ending));
        ours && path.is_file()
    });
    Ok(paths)
}

fn put(body: &mut Vec<u8>, part: &[u8]) {
    body.extend((part.len() as u64).to_le_bytes());
    body.extend(part);
}

/// Takes a length and as many bytes from the front; `None` where they end early.
fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (part, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ReplicationRange;
    use std::fs;

    fn example() -> Shard {
        let range = ReplicationRange {
            first: 256,
            count: 2,
        };
        Shard {
            header: b"{}".to_vec(),
            files: vec![
                ("a.toml".to_owned(), b"schema = 1".to_vec()),
                ("b".to_owned(), Vec::new()),
            ],
            totals: Snapshot {
                ranges: vec![range],
                payload: vec![1, 2, 3],
            },
            blocks: vec![Block {
                range,
                columns: vec![vec![1, -2], vec![3, 4]],
            }],
        }
    }

    #[test]
    fn a_shard_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("shard{SHARD_ENDING}"));
        let identity = Identity::new(1, [7; 32], "hf1");
        write_shard(&path, &identity, &example()).unwrap();
        assert_eq!(read_shard(&path).unwrap(), (identity, example()));
        fs::write(folder.path().join("notes.txt"), b"").unwrap();
        assert_eq!(
            files_ending_in(folder.path(), SHARD_ENDING).unwrap(),
            [path]
        );
    }

    #[test]
    fn every_altered_or_missing_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shard");
        write_shard(&path, &Identity::new(1, [7; 32], "hf1"), &example()).unwrap();
        let whole = fs::read(&path).unwrap();
        for position in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[position] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert!(read_shard(&path).is_err(), "byte {position}");
            fs::write(&path, &whole[..position]).unwrap();
            assert!(read_shard(&path).is_err(), "{position} bytes");
        }
    }
}
