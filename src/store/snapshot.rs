//! A running total that is too large to keep per block, with the list of blocks it holds.
//!
//! The body within the frame is: how many ranges (u32), each as first (u64) and count (u32), then
//! the payload to the end. What the payload means is the caller's.

use super::StoreError;
use super::block::ReplicationRange;
use super::frame::{Identity, Kind, Reader, read_frame, write_frame};
use std::path::Path;

const SNAPSHOT: Kind = Kind {
    magic: *b"HFSNAP\0\x01",
    name: "snapshot",
};

/// A payload and the replications it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The blocks that the payload holds.
    pub ranges: Vec<ReplicationRange>,
    /// Opaque bytes, as the fan grids encode themselves.
    pub payload: Vec<u8>,
}

/// Writes a snapshot to `path`, replacing the older one whole.
///
/// # Errors
/// What the disk says; the older snapshot is untouched then.
pub fn write_snapshot(
    path: &Path,
    identity: &Identity,
    snapshot: &Snapshot,
) -> Result<(), StoreError> {
    write_frame(path, &SNAPSHOT, identity, &encode(path, snapshot)?)
}

/// A snapshot as the body of its frame.
pub(super) fn encode(path: &Path, snapshot: &Snapshot) -> Result<Vec<u8>, StoreError> {
    let Ok(count) = u32::try_from(snapshot.ranges.len()) else {
        let reason = "it lists too many ranges";
        return Err(StoreError::Unsound {
            path: path.to_owned(),
            reason,
        });
    };
    let mut body = Vec::with_capacity(4 + 12 * snapshot.ranges.len() + snapshot.payload.len());
    body.extend(count.to_le_bytes());
    for range in &snapshot.ranges {
        body.extend(range.first.to_le_bytes());
        body.extend(range.count.to_le_bytes());
    }
    body.extend(&snapshot.payload);
    Ok(body)
}

/// Reads a snapshot back, verifying everything but the payload's meaning.
///
/// # Errors
/// As for a block; [`StoreError::NotReadable`] if there is none.
pub fn read_snapshot(path: &Path, identity: &Identity) -> Result<Snapshot, StoreError> {
    decode(path, &read_frame(path, &SNAPSHOT, identity)?)
}

/// A snapshot from a body; `path` is named where it is none.
pub(super) fn decode(path: &Path, body: &[u8]) -> Result<Snapshot, StoreError> {
    let mut reader = Reader(body);
    let listed = (|| {
        let count = reader.u32()?;
        let mut ranges = Vec::new();
        for _ in 0..count {
            ranges.push(ReplicationRange {
                first: reader.u64()?,
                count: reader.u32()?,
            });
        }
        Some(ranges)
    })();
    let Some(ranges) = listed else {
        let count = Reader(body).u32().unwrap_or(0);
        let expected = 4 + 12 * u64::from(count);
        let path = path.to_owned();
        return Err(StoreError::WrongLength {
            path,
            expected,
            found: body.len() as u64,
        });
    };
    Ok(Snapshot {
        ranges,
        payload: reader.0.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn identity() -> Identity {
        Identity::new(1, [9; 32], "hf1")
    }

    fn example() -> Snapshot {
        let range = |first, count| ReplicationRange { first, count };
        Snapshot {
            ranges: vec![range(0, 256), range(512, 256)],
            payload: vec![1, 2, 3],
        }
    }

    #[test]
    fn a_snapshot_comes_back_and_a_later_one_replaces_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fans");
        let empty = Snapshot {
            ranges: vec![],
            payload: vec![],
        };
        for snapshot in [example(), empty] {
            write_snapshot(&path, &identity(), &snapshot).unwrap();
            assert_eq!(read_snapshot(&path, &identity()).unwrap(), snapshot);
        }
    }

    #[test]
    fn every_flipped_byte_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fans");
        write_snapshot(&path, &identity(), &example()).unwrap();
        let sound = fs::read(&path).unwrap();
        for position in 0..sound.len() {
            let mut damaged = sound.clone();
            damaged[position] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert!(
                read_snapshot(&path, &identity()).is_err(),
                "byte {position}"
            );
        }
    }

    #[test]
    fn a_list_that_is_not_there_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fans");
        write_frame(&path, &SNAPSHOT, &identity(), &u32::MAX.to_le_bytes()).unwrap();
        let error = read_snapshot(&path, &identity()).unwrap_err();
        assert_eq!(error.code(), "store::wrong_length");
        let other = Identity::new(1, [8; 32], "hf1");
        write_snapshot(&path, &identity(), &example()).unwrap();
        assert_eq!(
            read_snapshot(&path, &other).unwrap_err().code(),
            "store::other_run"
        );
    }
}
