//! The unit of finished work: per-replication results of a range of replications.
//!
//! The body within the frame is: first replication (u64), how many (u32), how many columns
//! (u32), then column after column, each the i64 values of its replications in order.

use super::atomic::{entries, sync_folder};
use super::frame::{Identity, Kind, Reader, read_frame, write_frame};
use super::{StoreError, create_folder};
use std::fs;
use std::path::{Path, PathBuf};

const BLOCK: Kind = Kind {
    magic: *b"HFBLOCK\x01",
    name: "block",
};
const BODY_HEADER: usize = 16;

/// Consecutive replications: `first`, `first + 1`, ... `count` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplicationRange {
    /// The first.
    pub first: u64,
    /// How many.
    pub count: u32,
}

impl ReplicationRange {
    /// The replication after the last.
    pub fn end(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count))
    }

    /// Whether a replication is in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.first < other.end() && other.first < self.end()
    }

    fn file_name(&self) -> String {
        format!("block-{:010}-{}.bin", self.first, self.count)
    }

    /// The range in a file's name; `None` for every name that [`Self::file_name`] does not give.
    fn from_file_name(name: &str) -> Option<Self> {
        let (first, count) = name
            .strip_prefix("block-")?
            .strip_suffix(".bin")?
            .split_once('-')?;
        let range = Self {
            first: first.parse().ok()?,
            count: count.parse().ok()?,
        };
        (range.file_name() == name).then_some(range)
    }
}

/// Per-replication results: `columns[column][replication - range.first]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Which replications.
    pub range: ReplicationRange,
    /// Integer quanta, one column for each recorded index, all of the range's length.
    pub columns: Vec<Vec<i64>>,
}

/// Path of the block of `range` in `folder`.
fn block_path(folder: &Path, range: ReplicationRange) -> PathBuf {
    folder.join(range.file_name())
}

/// Writes a block; once this returns it counts, also after a power failure.
///
/// # Errors
/// [`StoreError::Unsound`] if the columns are not all of the range's length; otherwise what the
/// disk says.
pub fn write_block(folder: &Path, identity: &Identity, block: &Block) -> Result<(), StoreError> {
    let Block { range, columns } = block;
    let path = block_path(folder, *range);
    let rows = range.count as usize;
    let Ok(column_count) = u32::try_from(columns.len()) else {
        return Err(StoreError::Unsound {
            path,
            reason: "it has too many columns",
        });
    };
    if columns.iter().any(|column| column.len() != rows) {
        let reason = "its columns are not of the length of its range";
        return Err(StoreError::Unsound { path, reason });
    }
    create_folder(folder)?;
    let body = encode(*range, column_count, columns);
    write_frame(&path, &BLOCK, identity, &body)
}

/// Reads the block of `range`, verifying everything: frame, checksum, identity, range, size.
///
/// # Errors
/// [`StoreError::is_damage`] tells a damaged file, which may be deleted and simulated anew, from
/// one of another run.
pub fn read_block(
    folder: &Path,
    identity: &Identity,
    range: ReplicationRange,
) -> Result<Block, StoreError> {
    let path = block_path(folder, range);
    let body = read_frame(&path, &BLOCK, identity)?;
    let block = decode(&path, &body)?;
    if block.range != range {
        return Err(StoreError::OtherRun {
            path,
            what: "range of replications",
        });
    }
    Ok(block)
}

/// A block as the body of its frame.
pub(super) fn encode(range: ReplicationRange, column_count: u32, columns: &[Vec<i64>]) -> Vec<u8> {
    let values = columns.len() * range.count as usize;
    let mut body = Vec::with_capacity(BODY_HEADER + values * 8);
    body.extend(range.first.to_le_bytes());
    body.extend(range.count.to_le_bytes());
    body.extend(column_count.to_le_bytes());
    for value in columns.iter().flatten() {
        body.extend(value.to_le_bytes());
    }
    body
}

/// A block from a body; `path` is named where it is none.
pub(super) fn decode(path: &Path, body: &[u8]) -> Result<Block, StoreError> {
    let path = path.to_owned();
    let mut reader = Reader(body);
    let header = (|| Some((reader.u64()?, reader.u32()?, reader.u32()?)))();
    let Some((first, count, column_count)) = header else {
        let (expected, found) = (BODY_HEADER as u64, body.len() as u64);
        return Err(StoreError::WrongLength {
            path,
            expected,
            found,
        });
    };
    let (values, rest) = reader.0.as_chunks::<8>();
    let wanted = u64::from(count) * u64::from(column_count);
    // A range of nothing may claim any number of columns; it gets none.
    if values.len() as u64 != wanted || !rest.is_empty() || (count == 0 && column_count > 0) {
        let found = reader.0.len() as u64;
        return Err(StoreError::WrongLength {
            path,
            expected: wanted.saturating_mul(8),
            found,
        });
    }
    let columns = values
        .chunks(count.max(1) as usize)
        .map(|column| {
            column
                .iter()
                .map(|bytes| i64::from_le_bytes(*bytes))
                .collect()
        })
        .collect();
    let range = ReplicationRange { first, count };
    Ok(Block { range, columns })
}

/// The ranges of all blocks in `folder` in rising order, by their names alone; none if there is
/// no such folder. Other files are passed over.
///
/// # Errors
/// [`StoreError::NotReadable`] where the folder cannot be listed.
pub fn list_blocks(folder: &Path) -> Result<Vec<ReplicationRange>, StoreError> {
    let mut ranges: Vec<ReplicationRange> = entries(folder)?
        .iter()
        .filter_map(|path| ReplicationRange::from_file_name(path.file_name()?.to_str()?))
        .collect();
    ranges.sort();
    Ok(ranges)
}

/// Deletes the block of `range`: one that is damaged, or taken up by a larger one.
///
/// # Errors
/// [`StoreError::NotWritable`] naming it.
pub fn remove_block(folder: &Path, range: ReplicationRange) -> Result<(), StoreError> {
    let path = block_path(folder, range);
    fs::remove_file(&path).map_err(StoreError::writing(&path))?;
    sync_folder(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn identity() -> Identity {
        Identity::new(1, [9; 32], "hf1")
    }

    fn block(first: u64, columns: &[&[i64]]) -> Block {
        let count = columns.first().map_or(0, |column| column.len() as u32);
        let columns = columns.iter().map(|column| column.to_vec()).collect();
        Block {
            range: ReplicationRange { first, count },
            columns,
        }
    }

    #[test]
    fn blocks_are_listed_in_order_and_strangers_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(list_blocks(&folder.path().join("absent")).unwrap(), []);
        for first in [512, 0, 256] {
            write_block(folder.path(), &identity(), &block(first, &[&[1, 2]])).unwrap();
        }
        for stranger in [
            "block-1-2.bin",
            "block-0000000007-+3.bin",
            ".block-x.unfinished",
            "notes",
        ] {
            fs::write(folder.path().join(stranger), b"").unwrap();
        }
        let firsts: Vec<u64> = list_blocks(folder.path())
            .unwrap()
            .iter()
            .map(|range| range.first)
            .collect();
        assert_eq!(firsts, [0, 256, 512]);
        remove_block(
            folder.path(),
            ReplicationRange {
                first: 256,
                count: 2,
            },
        )
        .unwrap();
        assert_eq!(list_blocks(folder.path()).unwrap().len(), 2);
    }

    #[test]
    fn every_flipped_byte_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let block = block(256, &[&[1, -2], &[i64::MIN, i64::MAX]]);
        write_block(folder.path(), &identity(), &block).unwrap();
        let path = block_path(folder.path(), block.range);
        let sound = fs::read(&path).unwrap();
        for position in 0..sound.len() {
            let mut damaged = sound.clone();
            damaged[position] ^= 0xff;
            fs::write(&path, &damaged).unwrap();
            assert!(
                read_block(folder.path(), &identity(), block.range).is_err(),
                "{position}"
            );
        }
        fs::write(&path, &sound).unwrap();
        assert_eq!(
            read_block(folder.path(), &identity(), block.range).unwrap(),
            block
        );
    }

    /// A sound frame about a body that lies about its size must not ask for memory.
    #[test]
    fn a_body_that_lies_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for (count, columns, values) in [
            (u32::MAX, u32::MAX, 0),
            (0, u32::MAX, 0),
            (2, 2, 3),
            (2, 2, 5),
        ] {
            let range = ReplicationRange { first: 5, count };
            let path = block_path(folder.path(), range);
            let mut body = 5_u64.to_le_bytes().to_vec();
            body.extend(count.to_le_bytes());
            body.extend(columns.to_le_bytes());
            body.extend(vec![0; values * 8]);
            write_frame(&path, &BLOCK, &identity(), &body).unwrap();
            let error = read_block(folder.path(), &identity(), range).unwrap_err();
            assert_eq!(error.code(), "store::wrong_length");
        }
        let range = ReplicationRange { first: 0, count: 1 };
        write_frame(
            &block_path(folder.path(), range),
            &BLOCK,
            &identity(),
            b"short",
        )
        .unwrap();
        let error = read_block(folder.path(), &identity(), range).unwrap_err();
        assert_eq!(error.code(), "store::wrong_length");
    }

    #[test]
    fn a_renamed_block_is_not_taken_for_another() {
        let folder = tempfile::tempdir().unwrap();
        let block = block(0, &[&[1, 2]]);
        write_block(folder.path(), &identity(), &block).unwrap();
        let other = ReplicationRange { first: 2, count: 2 };
        let renamed = block_path(folder.path(), other);
        fs::rename(block_path(folder.path(), block.range), renamed).unwrap();
        let error = read_block(folder.path(), &identity(), other).unwrap_err();
        assert_eq!(error.code(), "store::other_run");
        let error = read_block(folder.path(), &identity(), block.range).unwrap_err();
        assert_eq!(error.code(), "store::not_readable");
    }

    #[test]
    fn columns_of_another_length_are_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let unsound = block(0, &[&[1, 2], &[3]]);
        let error = write_block(folder.path(), &identity(), &unsound).unwrap_err();
        assert_eq!(error.code(), "store::unsound");
        assert_eq!(list_blocks(folder.path()).unwrap(), []);
    }

    #[test]
    fn overlap_means_a_common_replication() {
        let range = |first, count| ReplicationRange { first, count };
        assert!(range(0, 256).overlaps(&range(255, 1)));
        assert!(!range(0, 256).overlaps(&range(256, 256)));
        assert!(!range(5, 0).overlaps(&range(5, 1)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        #[test]
        fn any_block_comes_back(
            first: u64, table in (0_usize..5, 1_usize..9).prop_flat_map(|(columns, rows)| {
                prop::collection::vec(prop::collection::vec(any::<i64>(), rows), columns)
            }),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let columns: Vec<&[i64]> = table.iter().map(Vec::as_slice).collect();
            let block = block(first, &columns);
            write_block(folder.path(), &identity(), &block).unwrap();
            prop_assert_eq!(read_block(folder.path(), &identity(), block.range).unwrap(), block);
        }
    }
}
