//! The frame about every binary file: what it is, whose it is, how long, and a checksum.
//!
//! | bytes      | holds                                                       |
//! |------------|-------------------------------------------------------------|
//! | 0..8       | magic: which kind of file                                   |
//! | 8..12      | output schema, u32                                          |
//! | 12..20     | scheme of the random numbers, ASCII, padded with zeros      |
//! | 20..52     | digest of scenario and seed                                 |
//! | 52..60     | length of the body, u64                                     |
//! | 60..       | body                                                        |
//! | last 32    | SHA-256 of all before                                       |
//!
//! Integers are little-endian.

use super::{StoreError, read_limited, write_atomic};
use sha2::{Digest, Sha256};
use std::path::Path;

const HEADER: usize = 60;
const TRAILER: usize = 32;
/// Greatest file that is ever written or read: 1 GiB.
pub(super) const MOST_BYTES: u64 = 1 << 30;

/// To which run a file belongs. Files of different identities never mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Version of the columns and their meaning.
    pub output_schema: u32,
    /// Digest of the validated scenario and the seed.
    pub digest: [u8; 32],
    /// Scheme of the random numbers, ASCII, padded with zeros.
    pub scheme: [u8; 8],
}

impl Identity {
    /// An identity; of the scheme's name the first eight bytes count.
    pub fn new(output_schema: u32, digest: [u8; 32], scheme: &str) -> Self {
        let mut padded = [0; 8];
        for (to, from) in padded.iter_mut().zip(scheme.bytes()) {
            *to = from;
        }
        Self {
            output_schema,
            digest,
            scheme: padded,
        }
    }

    /// Which part of another identity differs from this one.
    fn difference(&self, other: &Self) -> Option<&'static str> {
        if self.output_schema != other.output_schema {
            Some("output schema")
        } else if self.scheme != other.scheme {
            Some("scheme of random numbers")
        } else if self.digest != other.digest {
            Some("scenario or seed")
        } else {
            None
        }
    }
}

/// A kind of file: its magic bytes and its name in messages.
pub(super) struct Kind {
    pub magic: [u8; 8],
    pub name: &'static str,
}

/// Writes `body` in its frame, atomically.
pub(super) fn write_frame(
    path: &Path,
    kind: &Kind,
    identity: &Identity,
    body: &[u8],
) -> Result<(), StoreError> {
    let length = (HEADER + body.len() + TRAILER) as u64;
    if length > MOST_BYTES {
        let path = path.to_owned();
        return Err(StoreError::TooLarge {
            path,
            found: length,
            most: MOST_BYTES,
        });
    }
    let mut bytes = Vec::with_capacity(HEADER + body.len() + TRAILER);
    bytes.extend(kind.magic);
    bytes.extend(identity.output_schema.to_le_bytes());
    bytes.extend(identity.scheme);
    bytes.extend(identity.digest);
    bytes.extend((body.len() as u64).to_le_bytes());
    bytes.extend(body);
    let checksum: [u8; TRAILER] = Sha256::digest(&bytes).into();
    bytes.extend(checksum);
    write_atomic(path, &bytes)
}

/// Reads a file back and verifies all of it: kind, length, checksum, then identity.
pub(super) fn read_frame(
    path: &Path,
    kind: &Kind,
    identity: &Identity,
) -> Result<Vec<u8>, StoreError> {
    let (written_by, body) = read_any_frame(path, kind)?;
    match identity.difference(&written_by) {
        Some(what) => Err(StoreError::OtherRun {
            path: path.to_owned(),
            what,
        }),
        None => Ok(body),
    }
}

/// Reads a file of whatever identity, verifies kind, length and checksum, and says whose it is.
///
/// What is allocated follows the length on disk, never a number in the file.
pub(super) fn read_any_frame(path: &Path, kind: &Kind) -> Result<(Identity, Vec<u8>), StoreError> {
    let here = || path.to_owned();
    let mut bytes = read_limited(path, MOST_BYTES)?
        .ok_or_else(|| StoreError::reading(path)(std::io::ErrorKind::NotFound.into()))?;
    let found = bytes.len() as u64;
    if !bytes.starts_with(&kind.magic[..bytes.len().min(8)]) {
        return Err(StoreError::NotOurs {
            path: here(),
            kind: kind.name,
        });
    }
    let mut header = Reader(&bytes);
    let parts = (|| {
        header.array::<8>()?;
        let output_schema = u32::from_le_bytes(header.array()?);
        let scheme = header.array()?;
        let digest = header.array()?;
        let length = u64::from_le_bytes(header.array()?);
        Some((
            Identity {
                output_schema,
                scheme,
                digest,
            },
            length,
        ))
    })();
    let least = (HEADER + TRAILER) as u64;
    let Some((written_by, length)) = parts else {
        return Err(StoreError::WrongLength {
            path: here(),
            expected: least,
            found,
        });
    };
    let expected = length.saturating_add(least);
    if expected != found {
        return Err(StoreError::WrongLength {
            path: here(),
            expected,
            found,
        });
    }
    let content = bytes.len() - TRAILER;
    let checksum: [u8; TRAILER] = Sha256::digest(&bytes[..content]).into();
    if bytes[content..] != checksum {
        return Err(StoreError::WrongChecksum { path: here() });
    }
    bytes.truncate(content);
    bytes.drain(..HEADER);
    Ok((written_by, bytes))
}

/// Takes integers from the front of bytes; `None` where they end early.
pub(super) struct Reader<'a>(pub &'a [u8]);

impl Reader<'_> {
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }
    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const NOTE: Kind = Kind {
        magic: *b"HFNOTE\0\x01",
        name: "note",
    };

    fn identity() -> Identity {
        Identity::new(3, [7; 32], "hf1")
    }

    fn written() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("note");
        write_frame(&path, &NOTE, &identity(), b"the body").unwrap();
        (folder, path)
    }

    #[test]
    fn a_body_comes_back() {
        let (_folder, path) = written();
        assert_eq!(read_frame(&path, &NOTE, &identity()).unwrap(), b"the body");
    }

    /// The layout is a promise: other programs may read these files.
    #[test]
    fn the_layout_is_the_documented_one() {
        let (_folder, path) = written();
        let bytes = fs::read(path).unwrap();
        let mut expected = b"HFNOTE\0\x01\x03\0\0\0hf1\0\0\0\0\0".to_vec();
        expected.extend([7; 32]);
        expected.extend(b"\x08\0\0\0\0\0\0\0the body");
        assert_eq!(bytes[..68], expected);
        assert_eq!(bytes.len(), 100);
    }

    #[test]
    fn a_flipped_bit_anywhere_is_found() {
        let (_folder, path) = written();
        let sound = fs::read(&path).unwrap();
        for position in 0..sound.len() {
            for bit in 0..8 {
                let mut damaged = sound.clone();
                damaged[position] ^= 1 << bit;
                fs::write(&path, &damaged).unwrap();
                let error = read_frame(&path, &NOTE, &identity()).unwrap_err();
                let expected = match position {
                    0..8 => "store::not_ours",
                    52..60 => "store::wrong_length",
                    _ => "store::wrong_checksum",
                };
                assert_eq!(error.code(), expected, "byte {position}");
                assert_eq!(error.path(), path);
            }
        }
    }

    #[test]
    fn every_shorter_file_and_a_longer_one_are_refused() {
        let (_folder, path) = written();
        let sound = fs::read(&path).unwrap();
        for length in 0..sound.len() {
            fs::write(&path, &sound[..length]).unwrap();
            let error = read_frame(&path, &NOTE, &identity()).unwrap_err();
            assert_eq!(error.code(), "store::wrong_length", "{length} bytes");
            assert!(error.is_damage());
        }
        fs::write(&path, [&sound[..], b"!"].concat()).unwrap();
        let error = read_frame(&path, &NOTE, &identity()).unwrap_err();
        assert_eq!(error.code(), "store::wrong_length");
    }

    #[test]
    fn another_run_is_told_by_what_differs() {
        let (_folder, path) = written();
        for (other, what) in [
            (
                Identity {
                    output_schema: 4,
                    ..identity()
                },
                "output schema",
            ),
            (
                Identity {
                    digest: [8; 32],
                    ..identity()
                },
                "scenario or seed",
            ),
            (Identity::new(3, [7; 32], "hf2"), "scheme"),
        ] {
            let error = read_frame(&path, &NOTE, &other).unwrap_err();
            assert_eq!(error.code(), "store::other_run");
            assert!(error.to_string().contains(what), "{error}");
            assert!(!error.is_damage());
        }
        let other_kind = Kind {
            magic: *b"HFOTHER\0",
            name: "other",
        };
        let error = read_frame(&path, &other_kind, &identity()).unwrap_err();
        assert_eq!(error.code(), "store::not_ours");
    }
}
