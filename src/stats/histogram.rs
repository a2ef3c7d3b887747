//! Bins of equal width whose edges follow from the scenario alone, never from the data.

/// `count` bins of `width` from `lower` on: bin i holds lower + i width to the next, exclusive.
///
/// Values outside go to the first or the last bin; their *code* carries a flag, so that a grid
/// can say how many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bins {
    lower: i64,
    width: i64,
    count: u32,
    /// floor((2^64 - 1) / width): a multiplication in place of a division.
    reciprocal: u64,
    /// Last offset from `lower` that lies in a bin.
    last_offset: u64,
}

impl Bins {
    /// Most bins a series may have.
    pub const MOST: u32 = 1 << 15;
    /// Set in a code whose value lay outside of the bins.
    pub const CLAMPED: u16 = 1 << 15;

    /// Bins from `lower`, each `width` wide. A width below 1 is taken for 1, a count outside of
    /// 1..=32768 for the nearest of these, and bins beyond the largest integer are left out.
    pub fn new(lower: i64, width: i64, count: u32) -> Self {
        let width = width.max(1);
        let room = (i128::from(i64::MAX) - i128::from(lower)) / i128::from(width);
        let count = i128::from(count.clamp(1, Self::MOST)).min(room.max(1)) as u32;
        let reach = i128::from(width) * i128::from(count);
        Self {
            lower,
            width,
            count,
            reciprocal: u64::MAX / width as u64,
            last_offset: (reach.min(i128::from(u64::MAX)) - 1) as u64,
        }
    }

    /// Bins that hold everything from `low` to `high`, at most `count` of them, as narrow as an
    /// integer width allows.
    pub fn spanning(low: i64, high: i64, count: u32) -> Self {
        let wanted = i128::from(count.clamp(1, Self::MOST));
        let values = (i128::from(high) - i128::from(low)).max(0) + 1;
        let width = ((values + wanted - 1) / wanted).min(i128::from(i64::MAX)) as i64;
        let needed = (values + i128::from(width) - 1) / i128::from(width);
        Self::new(low, width, needed.min(wanted) as u32)
    }

    /// Least value of the first bin.
    pub fn lower(&self) -> i64 {
        self.lower
    }
    /// Width of a bin.
    pub fn width(&self) -> i64 {
        self.width
    }
    /// How many bins.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The bin of `value`, in 0..count; the nearest bin where it lies outside.
    #[inline]
    pub fn bin_of(&self, value: i64) -> u16 {
        self.code_of(value) & !Self::CLAMPED
    }

    /// The bin of `value`, with [`Bins::CLAMPED`] set where it lies outside: what a row of a
    /// [`super::FanGrid`] is made of.
    #[inline]
    pub fn code_of(&self, value: i64) -> u16 {
        if value < self.lower {
            return Self::CLAMPED;
        }
        let offset = value.wrapping_sub(self.lower) as u64;
        if offset > self.last_offset {
            return (self.count - 1) as u16 | Self::CLAMPED;
        }
        // Too low by at most one, because the reciprocal is rounded down.
        let quotient = ((u128::from(offset) * u128::from(self.reciprocal)) >> 64) as u64;
        let missed = offset - quotient * self.width as u64 >= self.width as u64;
        (quotient + u64::from(missed)) as u16
    }

    /// The middle of a bin, rounded down: the value that stands for all in it.
    #[inline]
    pub fn middle(&self, bin: u16) -> i64 {
        let bin = i64::from(bin).min(i64::from(self.count) - 1);
        self.lower + bin * self.width + (self.width - 1) / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges_belong_to_the_bin_above() {
        let bins = Bins::new(-10, 5, 4);
        let codes = [-10, -6, -5, 0, 9].map(|value| bins.code_of(value));
        assert_eq!(codes, [0, 0, 1, 2, 3]);
        assert_eq!([0, 1, 3, 9].map(|bin| bins.middle(bin)), [-8, -3, 7, 7]);
    }

    #[test]
    fn values_outside_are_kept_and_flagged() {
        let bins = Bins::new(-10, 5, 4);
        assert_eq!(bins.code_of(-11), Bins::CLAMPED);
        assert_eq!(bins.code_of(10), 3 | Bins::CLAMPED);
        assert_eq!((bins.bin_of(i64::MIN), bins.bin_of(i64::MAX)), (0, 3));
    }

    #[test]
    fn spans_are_covered_without_waste() {
        let bins = Bins::spanning(0, 1_000_000, 512);
        assert_eq!((bins.width(), bins.count()), (1954, 512));
        assert_eq!(bins.code_of(1_000_000) & Bins::CLAMPED, 0);
        let few = Bins::spanning(3, 5, 512);
        assert_eq!((few.width(), few.count(), few.middle(2)), (1, 3, 5));
        let all = Bins::spanning(i64::MIN, i64::MAX, Bins::MOST);
        assert!(all.bin_of(0) > 16_000);
    }

    proptest! {
        #[test]
        fn a_bin_is_the_floor_of_the_quotient(
            lower: i64, width in 1_i64.., count in 1_u32..40_000, value: i64, step in 0_i64..40_000,
        ) {
            let bins = Bins::new(lower, width, count);
            let near = lower.saturating_add(step.saturating_mul(width));
            for value in [value, near, near.saturating_sub(1)] {
                let exact = (i128::from(value) - i128::from(lower)).div_euclid(i128::from(width));
                let last = i128::from(bins.count() - 1);
                prop_assert_eq!(i128::from(bins.bin_of(value)), exact.clamp(0, last));
                let outside = exact < 0 || exact > last;
                prop_assert_eq!(bins.code_of(value) & Bins::CLAMPED != 0, outside);
            }
        }

        #[test]
        fn the_middle_lies_in_its_bin(lower in -(1_i64 << 60)..1 << 60, width in 1_i64..1 << 40, count in 1_u32..9, bin in 0_u16..8) {
            let bins = Bins::new(lower, width, count);
            let bin = bin.min(bins.count() as u16 - 1);
            prop_assert_eq!(bins.code_of(bins.middle(bin)), bin);
        }
    }
}
