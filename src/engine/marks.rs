//! Sets of numbers as bits: who must be looked at again.

/// A set of numbers below a bound, walked in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    words: Vec<u64>,
}

impl Marks {
    /// Nobody of so many.
    pub fn none(count: usize) -> Self {
        Self {
            words: vec![0; count.div_ceil(64)],
        }
    }

    /// Marks one.
    #[inline]
    pub fn mark(&mut self, index: usize) {
        self.words[index / 64] |= 1 << (index % 64);
    }

    /// Marks the first so many.
    pub fn mark_all(&mut self, count: usize) {
        (0..count).for_each(|index| self.mark(index));
    }

    /// How many words there are to take.
    #[inline]
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// Those of one word, no longer marked.
    #[inline]
    pub fn take(&mut self, word: usize) -> Bits {
        Bits {
            set: std::mem::take(&mut self.words[word]),
            from: word * 64,
        }
    }
}

/// The numbers of one word, in order.
pub(super) struct Bits {
    set: u64,
    from: usize,
}

impl Bits {
    /// Whether a number of this word is among them.
    #[inline]
    pub fn holds(&self, index: usize) -> bool {
        self.set >> (index % 64) & 1 != 0
    }
}

impl Iterator for Bits {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let bit = (self.set != 0).then(|| self.set.trailing_zeros() as usize)?;
        self.set &= self.set - 1;
        Some(self.from + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_marked_is_taken_once_and_in_order() {
        let mut marks = Marks::none(130);
        for index in [129, 3, 64, 3, 63] {
            marks.mark(index);
        }
        let mut all = || -> Vec<usize> {
            (0..3)
                .flat_map(|word| marks.take(word).collect::<Vec<_>>())
                .collect()
        };
        assert_eq!(all(), [3, 63, 64, 129]);
        assert!(all().is_empty());
    }
}
