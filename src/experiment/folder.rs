//! Where the blocks of one identity lie, so that those of another never mix with them.

use crate::store::{Identity, Place, StoreError, folders, remove_folder};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::PathBuf;

/// Scheme of the random numbers.
pub const SCHEME: &str = "hf1";

/// The identity of a run: what decides its numbers, apart from how many replications there are.
///
/// `scenario` is the digest of the validated scenario (its overrides and seed included), `bits`
/// the count of releases that changed numbers at an equal seed.
pub fn identity(scenario: &[u8; 32], seed: u64, bits: u32, output_schema: u32) -> Identity {
    let mut hash = Sha256::new();
    hash.update(scenario);
    hash.update(seed.to_le_bytes());
    hash.update(bits.to_le_bytes());
    Identity::new(output_schema, hash.finalize().into(), SCHEME)
}

/// The name of an identity's folder: the first 64 bits of its digest.
fn name(identity: &Identity) -> String {
    identity
        .digest
        .iter()
        .take(8)
        .fold(String::new(), |mut name, byte| {
            // Writing to a string cannot fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
}

/// The folder of the blocks of one identity.
pub fn block_folder(place: &Place, identity: &Identity) -> PathBuf {
    place.blocks().join(name(identity))
}

/// Deletes the blocks of all other identities, once their result has been replaced.
///
/// # Errors
/// [`StoreError`] naming what would not go.
pub fn forget_others(place: &Place, identity: &Identity) -> Result<(), StoreError> {
    forget_all_others(place, std::slice::from_ref(identity))
}

/// Deletes the blocks of all identities but these.
///
/// # Errors
/// As [`forget_others`].
pub fn forget_all_others(place: &Place, identities: &[Identity]) -> Result<(), StoreError> {
    let kept: Vec<String> = identities.iter().map(name).collect();
    for folder in folders(&place.blocks())? {
        let ours = folder.len() == 16 && folder.bytes().all(|b| b.is_ascii_hexdigit());
        if ours && !kept.contains(&folder) {
            remove_folder(&place.blocks().join(folder))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_identity_counts() {
        let base = identity(&[1; 32], 2, 3, 4);
        assert_eq!(base, identity(&[1; 32], 2, 3, 4));
        for other in [
            identity(&[2; 32], 2, 3, 4),
            identity(&[1; 32], 3, 3, 4),
            identity(&[1; 32], 2, 4, 4),
        ] {
            assert_ne!(name(&base), name(&other));
        }
        assert_ne!(base, identity(&[1; 32], 2, 3, 5));
    }

    #[test]
    fn only_blocks_of_others_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(&folder.path().join("result")).unwrap();
        let (ours, others) = (identity(&[1; 32], 2, 3, 4), identity(&[1; 32], 5, 3, 4));
        let strange = place.blocks().join("notes");
        for path in [
            block_folder(&place, &ours),
            block_folder(&place, &others),
            strange.clone(),
        ] {
            std::fs::create_dir_all(path).unwrap();
        }
        forget_others(&place, &ours).unwrap();
        assert!(block_folder(&place, &ours).exists());
        assert!(!block_folder(&place, &others).exists());
        assert!(strange.exists());
    }
}
