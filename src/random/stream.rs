//! Scheme `hf1`: the stream of one entity in one replication, addressed draw by draw.

use super::philox4x32_10;
use rand::TryRng;
use std::convert::Infallible;

/// Which entity's stream: the 64-bit FNV-1a hash of its full name.
///
/// Two names with one hash would share their draws, so a scenario that has such a pair is
/// rejected when it is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub u64);

impl StreamId {
    /// Hashes a name such as `plant/gres-1/unit-3/outage` (its UTF-8 bytes, FNV-1a, 64 bits).
    pub const fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut position = 0;
        while position < bytes.len() {
            hash = (hash ^ bytes[position] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            position += 1;
        }
        Self(hash)
    }
}

/// The draws of one entity in one replication.
///
/// The Philox key is the seed, low word first. The counter's words are, in this order:
///
/// | word | holds                          |
/// |------|--------------------------------|
/// | 0    | block: the draw's ordinal / 2  |
/// | 1    | replication                    |
/// | 2    | stream, low word               |
/// | 3    | stream, high word              |
///
/// One block of four words gives two draws. A stream holds 2^33 draws and then repeats.
///
/// `Stream` is `Copy` because it is an address with a bookmark: a copy reads the same draws
/// again, which is what a replay wants and a careless caller does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    key: [u32; 2],
    replication: u32,
    id: [u32; 2],
    /// The draw that [`Stream::next_uniform`] gives next.
    ordinal: u64,
    /// Bits of draw `ordinal` where that ordinal is odd: the second half of its block.
    second: u64,
}

/// The low and the high word of 64 bits.
const fn words(bits: u64) -> [u32; 2] {
    [bits as u32, (bits >> 32) as u32]
}

/// 64 bits as a uniform strictly inside (0, 1): with x the upper 52 bits, (x + 1/2) 2^-52, exact.
#[inline(always)]
fn uniform(bits: u64) -> f64 {
    const STEP: f64 = 1.0 / (1_u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * STEP
}

impl Stream {
    /// The stream `id` of `replication` under the study's `seed`, at its first draw.
    #[inline]
    pub const fn new(seed: u64, id: StreamId, replication: u32) -> Self {
        Self {
            key: words(seed),
            replication,
            id: words(id.0),
            ordinal: 0,
            second: 0,
        }
    }

    /// Seed, stream and replication.
    pub(super) const fn address(&self) -> (u64, StreamId, u32) {
        let [seed, id] = [
            self.key[0] as u64 | (self.key[1] as u64) << 32,
            self.id[0] as u64 | (self.id[1] as u64) << 32,
        ];
        (seed, StreamId(id), self.replication)
    }

    /// Draw `k` in 0..2^33, in (0, 1), wherever the stream stands.
    #[inline]
    pub fn uniform_at(&self, k: u64) -> f64 {
        let [first, second] = self.block(k);
        uniform(if k & 1 == 0 { first } else { second })
    }

    /// The next draw, in (0, 1): the same bits as [`Stream::uniform_at`] of its ordinal.
    #[inline]
    pub fn next_uniform(&mut self) -> f64 {
        uniform(self.next_bits())
    }

    /// Ordinal of the next draw: how many were taken since the start.
    #[inline]
    pub const fn ordinal(&self) -> u64 {
        self.ordinal
    }

    /// The same stream, standing at draw `k`.
    pub fn at(mut self, k: u64) -> Self {
        self.ordinal = k;
        // At an even draw the next one computes its block anyway.
        self.second = if k & 1 == 1 { self.block(k)[1] } else { 0 };
        self
    }

    /// The two draws of the block that holds draw `k`, as 64 bits each, low word first.
    /// Draws 2b and 2b + 1 together, whatever was taken before.
    #[inline]
    pub fn uniforms_of_block(&self, block: u64) -> [f64; 2] {
        self.block(2 * block).map(uniform)
    }

    #[inline(always)]
    fn block(&self, k: u64) -> [u64; 2] {
        let counter = [(k >> 1) as u32, self.replication, self.id[0], self.id[1]];
        let [w0, w1, w2, w3] = philox4x32_10(counter, self.key);
        [
            u64::from(w0) | u64::from(w1) << 32,
            u64::from(w2) | u64::from(w3) << 32,
        ]
    }

    #[inline]
    fn next_bits(&mut self) -> u64 {
        let k = self.ordinal;
        self.ordinal = k + 1;
        if k & 1 == 1 {
            return self.second;
        }
        let [first, second] = self.block(k);
        self.second = second;
        first
    }
}

/// Lets the distributions of `rand_distr` draw from the address: each call, whatever the width,
/// takes one draw (a 32-bit word is its upper half; bytes are little-endian, eight a draw).
impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_bits() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_bits())
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Infallible> {
        for chunk in destination.chunks_mut(8) {
            let bytes = self.next_bits().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::Rng;

    #[test]
    fn names_hash_to_the_published_fnv_1a_values() {
        assert_eq!(StreamId::of("").0, 0xcbf29ce484222325);
        assert_eq!(StreamId::of("a").0, 0xaf63dc4c8601ec8c);
        assert_eq!(StreamId::of("foobar").0, 0x85944171f73967e8);
    }

    /// With every address word zero the draws are the words of the zero known-answer vector.
    #[test]
    fn the_first_draws_are_the_published_words() {
        let stream = Stream::new(0, StreamId(0), 0);
        let first = (0xe169c58d6627e8d5_u64 >> 12) as f64 + 0.5;
        let second = (0x9b00dbd8bc57ac4c_u64 >> 12) as f64 + 0.5;
        assert_eq!(stream.uniform_at(0) * 2_f64.powi(52), first);
        assert_eq!(stream.uniform_at(1) * 2_f64.powi(52), second);
    }

    /// Each field of the address stands in the counter word that the table names: the digits
    /// of pi as block 0x243f6a88, replication, stream and seed give the published answer.
    #[test]
    fn every_word_of_the_address_is_where_the_scheme_says() {
        let seed = 0x299f31d0_a4093822;
        let stream = Stream::new(seed, StreamId(0x03707344_13198a2e), 0x85a308d3);
        let mut at = stream.at(0x243f6a88 * 2);
        assert_eq!(at.next_u64(), 0x94fdcceb_d16cfe09);
        assert_eq!(at.next_u64(), 0x24126ea1_5001e420);
    }

    #[test]
    fn a_uniform_is_never_zero_or_one() {
        assert_eq!(uniform(0), 2_f64.powi(-53));
        assert_eq!(uniform(u64::MAX), 1.0 - 2_f64.powi(-53));
        assert!(uniform(u64::MAX) < 1.0);
    }

    #[test]
    fn bytes_and_words_are_the_same_draws() {
        let stream = Stream::new(1, StreamId(2), 3);
        let (mut by_word, mut by_byte, mut by_half) = (stream, stream, stream);
        let mut bytes = [0; 12];
        by_byte.fill_bytes(&mut bytes);
        let (first, second) = (by_word.next_u64(), by_word.next_u64());
        assert_eq!(bytes[..8], first.to_le_bytes());
        assert_eq!(bytes[8..], second.to_le_bytes()[..4]);
        assert_eq!(by_half.next_u32(), (first >> 32) as u32);
        assert_eq!((by_byte.ordinal(), by_half.ordinal()), (2, 1));
    }

    proptest! {
        #[test]
        fn sequential_and_addressed_draws_agree(
            seed: u64, id: u64, replication: u32, start in 0_u64..1 << 33, count in 1_u64..40,
        ) {
            let stream = Stream::new(seed, StreamId(id), replication);
            let mut sequential = stream.at(start);
            for k in start..start + count {
                prop_assert_eq!(sequential.ordinal(), k);
                let drawn = sequential.next_uniform();
                prop_assert_eq!(drawn.to_bits(), stream.uniform_at(k).to_bits());
                prop_assert!(drawn > 0.0 && drawn < 1.0);
            }
        }

        #[test]
        fn each_part_of_the_address_matters(seed: u64, id: u64, replication: u32, bit in 0..32) {
            let stream = |s, i, r| Stream::new(s, StreamId(i), r).uniform_at(0);
            let here = stream(seed, id, replication);
            prop_assert_ne!(here, stream(seed ^ (1_u64 << bit), id, replication));
            prop_assert_ne!(here, stream(seed, id ^ (1_u64 << (bit + 32)), replication));
            prop_assert_ne!(here, stream(seed, id, replication ^ (1_u32 << bit)));
        }
    }
}
