//! Four blocks of a stream at once: the generator and the logarithm side by side, in a form that
//! compilers put into vector registers of any machine. Bit for bit what [`super::Stream`] and
//! [`super::exponential`] give one by one.

use super::logarithm::ln_of_normal;
use super::philox::{MULTIPLIER_0, MULTIPLIER_1, ROUNDS, WEYL_0, WEYL_1};
use super::{Stream, StreamId};

/// Blocks that are computed together.
pub const LANES: usize = 4;

/// One number in each lane; words of 32 bits stand in the lower half, with anything above.
type Lanes = [u64; LANES];

const WORD: u64 = 0xffff_ffff;
/// Bits of 1.0, and of 2^52, the first number whose last bit counts ones.
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const TWO_52_BITS: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = (1_u64 << 52) as f64;
/// The largest number that [`round`] takes.
pub const MOST_ROUNDED: f64 = TWO_52 / 2.0;

/// A study's seed, with its key for every round; aligned, so that keys are read as they are used.
#[derive(Debug, Clone)]
#[repr(align(16))]
pub struct LaneKeys([[Lanes; 2]; ROUNDS]);

impl LaneKeys {
    /// Prepares a seed.
    pub fn new(seed: u64) -> Self {
        let (mut low, mut high) = (seed as u32, (seed >> 32) as u32);
        Self(std::array::from_fn(|_| {
            let keys = [[u64::from(low); LANES], [u64::from(high); LANES]];
            low = low.wrapping_add(WEYL_0);
            high = high.wrapping_add(WEYL_1);
            keys
        }))
    }

    /// The two draws of each of some blocks of a stream: 1 - u, where u is the uniform. All of
    /// them are exact.
    #[inline]
    pub fn complements(&self, id: StreamId, replication: u32, blocks: Lanes) -> [[f64; LANES]; 2] {
        let mut words = [
            blocks,
            [u64::from(replication); LANES],
            [id.0 & WORD; LANES],
            [id.0 >> 32; LANES],
        ];
        // Two rounds a step: where the words of one round go, those of the next come from.
        let (pairs, _) = self.0.as_chunks::<2>();
        for [even, odd] in pairs {
            words = turn(turn(words, even), odd);
        }
        let [c0, c1, c2, c3] = words;
        [complement(c0, c1), complement(c2, c3)]
    }
}

/// One round of the generator.
#[inline(always)]
fn turn([c0, c1, c2, c3]: [Lanes; 4], [low, high]: &[Lanes; 2]) -> [Lanes; 4] {
    let (mut product_0, mut product_1) = ([0; LANES], [0; LANES]);
    let (mut next_0, mut next_2) = ([0; LANES], [0; LANES]);
    for lane in 0..LANES {
        product_0[lane] = (c0[lane] & WORD) * MULTIPLIER_0 as u64;
        product_1[lane] = (c2[lane] & WORD) * MULTIPLIER_1 as u64;
    }
    for lane in 0..LANES {
        next_0[lane] = (product_1[lane] >> 32) ^ c1[lane] ^ low[lane];
        next_2[lane] = (product_0[lane] >> 32) ^ c3[lane] ^ high[lane];
    }
    [next_0, product_1, next_2, product_0]
}

/// A stream whose draws are taken in order, two of each of [`LANES`] blocks at a time.
#[derive(Debug, Clone)]
pub struct LaneStream {
    keys: LaneKeys,
    id: StreamId,
    replication: u32,
    next_block: u64,
}

impl LaneStream {
    /// Draws per turn.
    pub const AT_A_TIME: usize = 2 * LANES;

    /// From a stream's first draw on.
    pub fn of(stream: &Stream) -> Self {
        let (seed, id, replication) = stream.address();
        Self {
            keys: LaneKeys::new(seed),
            id,
            replication,
            next_block: 0,
        }
    }

    /// The next draws in their order, each as a quantile of the exponential law with mean 1.
    #[inline(never)]
    pub fn next_exponentials(&mut self) -> [f64; Self::AT_A_TIME] {
        in_order(self.next_complements().map(exponentials))
    }

    /// The next draws in their order, as uniforms.
    #[inline(never)]
    pub fn next_uniforms(&mut self) -> [f64; Self::AT_A_TIME] {
        in_order(self.next_complements()).map(|one_less| 1.0 - one_less)
    }

    #[inline(always)]
    fn next_complements(&mut self) -> [[f64; LANES]; 2] {
        let first = self.next_block;
        self.next_block += LANES as u64;
        let blocks = [first, first + 1, first + 2, first + 3];
        self.keys.complements(self.id, self.replication, blocks)
    }
}

/// The two draws of each block one after the other.
#[inline(always)]
fn in_order([first, second]: [[f64; LANES]; 2]) -> [f64; LaneStream::AT_A_TIME] {
    let mut draws = [0.0; LaneStream::AT_A_TIME];
    let (pairs, _) = draws.as_chunks_mut::<2>();
    for (pair, drawn) in pairs.iter_mut().zip(first.into_iter().zip(second)) {
        *pair = [drawn.0, drawn.1];
    }
    draws
}

/// 1 - u of 64 bits, given as words: with x the upper 52 bits, 1 - (x + 1/2) 2^-52. Each word is
/// made a number of its own by its bits; no step rounds.
#[inline(always)]
fn complement(low: Lanes, high: Lanes) -> [f64; LANES] {
    const TWO_20: f64 = (1_u64 << 20) as f64;
    const TWO_20_BITS: u64 = 0x4130_0000_0000_0000;
    const HALF_STEP: f64 = 1.0 / (1_u64 << 53) as f64;
    let mut one_less = [0.0; LANES];
    for lane in 0..LANES {
        // The last bit of 2^20 is 2^-32, that of 1 is 2^-52.
        let above = (TWO_20 + 1.0) - f64::from_bits((high[lane] & WORD) | TWO_20_BITS);
        let below = f64::from_bits((low[lane] & WORD) >> 12 | ONE_BITS) - (1.0 - HALF_STEP);
        one_less[lane] = above - below;
    }
    one_less
}

/// Quantiles of the exponential law with mean 1 from 1 - u: -ln(1 - u), to the bit of `libm`.
#[inline]
pub fn exponentials(one_less: [f64; LANES]) -> [f64; LANES] {
    let mut quantiles = [0.0; LANES];
    for lane in 0..LANES {
        quantiles[lane] = -ln_of_normal(one_less[lane]);
    }
    quantiles
}

/// Numbers from 0 to [`MOST_ROUNDED`] to the nearest whole one, ties to even.
#[inline]
pub fn round(numbers: [f64; LANES]) -> [i64; LANES] {
    let mut rounded = [0; LANES];
    for lane in 0..LANES {
        // Nothing behind the point is left of the sum, and its last bits count ones.
        rounded[lane] = ((numbers[lane] + TWO_52).to_bits() & !TWO_52_BITS) as i64;
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::super::exponential;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn four_blocks_are_as_one_by_one(
            seed: u64, id: u64, replication: u32, blocks: [u32; LANES],
        ) {
            let lanes = LaneKeys::new(seed);
            let [first, second] = lanes.complements(StreamId(id), replication, blocks.map(u64::from));
            let stream = Stream::new(seed, StreamId(id), replication);
            let logarithms = [exponentials(first), exponentials(second)];
            for (lane, &block) in blocks.iter().enumerate() {
                for (draw, u) in stream.uniforms_of_block(u64::from(block)).into_iter().enumerate() {
                    let one_less = [first, second][draw][lane];
                    prop_assert_eq!(one_less.to_bits(), (1.0 - u).to_bits());
                    prop_assert_eq!((1.0 - one_less).to_bits(), u.to_bits());
                    let expected = -libm::log(1.0 - u);
                    prop_assert_eq!(logarithms[draw][lane].to_bits(), expected.to_bits());
                    prop_assert_eq!(exponential(u).to_bits(), expected.to_bits());
                }
            }
        }

        #[test]
        fn draws_in_order_are_those_of_the_stream(seed: u64, id: u64, replication: u32) {
            let mut stream = Stream::new(seed, StreamId(id), replication);
            let mut lanes = LaneStream::of(&stream);
            for drawn in (0..5).flat_map(|_| lanes.next_exponentials()) {
                prop_assert_eq!(drawn.to_bits(), exponential(stream.next_uniform()).to_bits());
            }
        }

        #[test]
        fn numbers_are_rounded_as_one_by_one(whole in 0_u64..1 << 51, part in 0..8_u8) {
            let number = (whole as f64 + f64::from(part) / 8.0).min(MOST_ROUNDED);
            prop_assert_eq!(round([number; LANES]), [libm::rint(number) as i64; LANES]);
        }
    }
}
