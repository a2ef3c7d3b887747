//! The number a block's hash must not exceed: 256 bits, and the 32 bits that stand for it.
//!
//! Consensus rules, as every node applies them: a header holds the target as an exponent and 23
//! bits of a mantissa, and the lower bits are lost at every retarget.

use super::chain::EPOCH_SECONDS;

/// A target as headers hold it: one byte of size, and three of mantissa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompactTarget(pub u32);

/// A target: 256 bits, lowest limb first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target([u64; 4]);

impl CompactTarget {
    /// That of difficulty 1, the easiest.
    pub const EASIEST: Self = Self(0x1d00_ffff);

    /// The target it stands for; `None` if it is none: negative, nothing, or easier than
    /// [`Target::EASIEST`].
    pub fn target(self) -> Option<Target> {
        let (size, mantissa) = (self.0 >> 24, u64::from(self.0 & 0x007f_ffff));
        if self.0 & 0x0080_0000 != 0 || size > 32 {
            return None;
        }
        let target = if size <= 3 {
            Target([mantissa >> (8 * (3 - size)), 0, 0, 0])
        } else {
            Target::shifted(mantissa, 8 * (size - 3))?
        };
        (target != Target([0; 4]) && target <= Target::EASIEST).then_some(target)
    }

    /// Difficulty: the easiest target over this one, as nodes report it.
    pub fn difficulty(self) -> f64 {
        let (size, mantissa) = (self.0 >> 24, self.0 & 0x007f_ffff);
        // A power of two times a quotient: rounded once.
        let power = 8 * (0x1d - size as i32);
        libm::scalbn(f64::from(0xffff) / f64::from(mantissa), power)
    }

    /// The target whose difficulty is nearest below or at the one given; the easiest below 1.
    pub fn of_difficulty(difficulty: f64) -> Self {
        // As a fraction of 2^256 the easiest target is 0xffff 2^-48.
        let target = f64::from(0xffff) / difficulty.max(1.0);
        // target 2^208 = mantissa 2^(8 (size - 3)) with 15 to 23 bits of mantissa.
        let mut size = 29;
        let mut mantissa = target;
        while mantissa < 32_768.0 {
            mantissa *= 256.0;
            size -= 1;
        }
        Self(size << 24 | mantissa as u32)
    }
}

impl Target {
    /// The easiest that is allowed: difficulty 1.
    pub const EASIEST: Self = Self([0, 0, 0, 0xffff_0000]);

    /// `value` times two to a power; `None` where that takes more than 256 bits.
    fn shifted(value: u64, bits: u32) -> Option<Self> {
        let (limb, bits) = ((bits / 64) as usize, bits % 64);
        let mut limbs = [0; 4];
        let wide = u128::from(value) << bits;
        *limbs.get_mut(limb)? = wide as u64;
        let above = (wide >> 64) as u64;
        if above != 0 {
            *limbs.get_mut(limb + 1)? = above;
        }
        Some(Self(limbs))
    }

    /// The 32 bits that stand for it; what they cannot hold is cut off.
    pub fn compact(self) -> CompactTarget {
        let bits = (0..4)
            .rev()
            .find(|&limb| self.0[limb] != 0)
            .map_or(0, |limb| {
                64 * limb as u32 + 64 - self.0[limb].leading_zeros()
            });
        let mut size = bits.div_ceil(8);
        let mut mantissa = if size <= 3 {
            (self.0[0] << (8 * (3 - size))) as u32
        } else {
            self.low_bits_from(8 * (size - 3))
        };
        // The mantissa's highest bit is a sign.
        if mantissa & 0x0080_0000 != 0 {
            mantissa >>= 8;
            size += 1;
        }
        CompactTarget(size << 24 | mantissa)
    }

    /// 24 bits from a place on.
    fn low_bits_from(self, place: u32) -> u32 {
        let (limb, bits) = ((place / 64) as usize, place % 64);
        let above = self.0.get(limb + 1).copied().unwrap_or(0);
        let wide = u128::from(above) << 64 | u128::from(self.0[limb]);
        (wide >> bits) as u32 & 0x00ff_ffff
    }

    /// The target of the next epoch after one whose blocks came over `seconds` from the first to
    /// the last: in proportion, by at most a factor of four, never easier than the easiest.
    pub fn retargeted(self, seconds: i64) -> Self {
        let least = EPOCH_SECONDS / 4;
        let seconds = seconds.clamp(least, EPOCH_SECONDS * 4) as u64;
        let mut limbs = self.0;
        let mut carry = 0;
        for limb in &mut limbs {
            let wide = u128::from(*limb) * u128::from(seconds) + carry;
            (*limb, carry) = (wide as u64, wide >> 64);
        }
        // The easiest target has 224 bits, and times the longest epoch 247: nothing is carried out.
        let divisor = EPOCH_SECONDS as u128;
        let mut remainder = 0;
        for limb in limbs.iter_mut().rev() {
            let wide = remainder << 64 | u128::from(*limb);
            (*limb, remainder) = ((wide / divisor) as u64, wide % divisor);
        }
        Self(limbs).min(Self::EASIEST)
    }
}

impl PartialOrd for Target {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Target {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}
