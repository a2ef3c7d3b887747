//! The byte form of sparse histograms: variable-length integers (LEB128), gaps and counts.

use thiserror::Error;

/// Why bytes are not the grid they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The bytes end before the grid does.
    #[error("the histograms end early")]
    TooShort,
    /// The grid ends before the bytes do.
    #[error("there are bytes after the histograms")]
    TooLong,
    /// A number does not fit: more than 64 bits, a bin that is not there, counts that do not sum
    /// to the replications.
    #[error("the histograms contradict themselves")]
    Contradiction,
    /// The grids differ in hours, series or bins.
    #[error("the histograms have other hours, series or bins than this scenario")]
    OtherGrid,
}

/// Appends an integer, seven bits a byte, lowest first.
pub(super) fn put(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Takes an integer from the front.
pub(super) fn take(bytes: &mut &[u8]) -> Result<u64, DecodeError> {
    let mut value = 0_u64;
    for position in 0..10 {
        let (&byte, rest) = bytes.split_first().ok_or(DecodeError::TooShort)?;
        *bytes = rest;
        let bits = u64::from(byte & 0x7f);
        if position == 9 && bits > 1 {
            return Err(DecodeError::Contradiction);
        }
        value |= bits << (7 * position);
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(DecodeError::Contradiction)
}

/// Appends the number of filled bins, then for each the empty bins before it and its count.
pub(super) fn put_histogram(bytes: &mut Vec<u8>, histogram: &[u32]) {
    let filled = || {
        histogram
            .iter()
            .enumerate()
            .filter(|&(_, &count)| count > 0)
    };
    put(bytes, filled().count() as u64);
    let mut next = 0;
    for (bin, &count) in filled() {
        put(bytes, (bin - next) as u64);
        put(bytes, u64::from(count));
        next = bin + 1;
    }
}

/// Takes what [`put_histogram`] wrote into an empty histogram whose counts must sum to `total`.
pub(super) fn take_histogram(
    bytes: &mut &[u8],
    histogram: &mut [u32],
    total: u64,
) -> Result<(), DecodeError> {
    let filled = take(bytes)?;
    if filled > histogram.len() as u64 {
        return Err(DecodeError::Contradiction);
    }
    let (mut next, mut sum) = (0_usize, 0_u64);
    for _ in 0..filled {
        let gap = usize::try_from(take(bytes)?).map_err(|_| DecodeError::Contradiction)?;
        let count = u32::try_from(take(bytes)?).map_err(|_| DecodeError::Contradiction)?;
        let bin = next.checked_add(gap).ok_or(DecodeError::Contradiction)?;
        let slot = histogram.get_mut(bin).ok_or(DecodeError::Contradiction)?;
        *slot = count;
        sum += u64::from(count);
        next = bin + 1;
    }
    if sum == total {
        Ok(())
    } else {
        Err(DecodeError::Contradiction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_examples_of_leb128() {
        for (value, expected) in [
            (0, vec![0]),
            (127, vec![0x7f]),
            (128, vec![0x80, 1]),
            (624_485, vec![0xe5, 0x8e, 0x26]),
        ] {
            let mut bytes = Vec::new();
            put(&mut bytes, value);
            assert_eq!(bytes, expected);
        }
    }

    #[test]
    fn sixty_five_bits_are_refused() {
        let mut too_wide = &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2][..];
        assert_eq!(take(&mut too_wide), Err(DecodeError::Contradiction));
        let mut endless = &[0x80; 20][..];
        assert_eq!(take(&mut endless), Err(DecodeError::Contradiction));
    }

    #[test]
    fn a_hand_written_histogram() {
        let mut bytes = Vec::new();
        put_histogram(&mut bytes, &[0, 0, 5, 1, 0, 200]);
        assert_eq!(bytes, [3, 2, 5, 0, 1, 1, 200, 1]);
        let read =
            |bytes: &[u8], bins, total| take_histogram(&mut &*bytes, &mut vec![0; bins], total);
        assert_eq!(read(&bytes, 6, 206), Ok(()));
        assert_eq!(read(&bytes, 5, 206), Err(DecodeError::Contradiction));
        assert_eq!(read(&bytes, 6, 205), Err(DecodeError::Contradiction));
    }

    proptest! {
        #[test]
        fn integers_come_back(value: u64) {
            let mut bytes = Vec::new();
            put(&mut bytes, value);
            let mut rest = &bytes[..];
            prop_assert_eq!(take(&mut rest), Ok(value));
            prop_assert!(rest.is_empty());
        }
    }
}
