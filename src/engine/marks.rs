//! Sets of numbers as bits: who must be looked at again.

/// A set of numbers below a bound, walked in order. Mostly one word is enough, and is at hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    first: u64,
    more: Vec<u64>,
}

impl Marks {
    /// Nobody of so many.
    pub fn none(count: usize) -> Self {
        Self {
            first: 0,
            more: vec![0; count.div_ceil(64).saturating_sub(1)],
        }
    }

    /// Marks one.
    #[inline]
    pub fn mark(&mut self, index: usize) {
        self.mark_if(index, true);
    }

    /// Marks one where something holds, without a branch on that.
    #[inline]
    pub fn mark_if(&mut self, index: usize, holds: bool) {
        let bit = u64::from(holds) << (index % 64);
        match (index / 64).checked_sub(1) {
            None => self.first |= bit,
            Some(word) => self.more[word] |= bit,
        }
    }

    /// Nobody any more.
    pub fn clear(&mut self) {
        self.first = 0;
        self.more.fill(0);
    }

    /// Marks the first so many.
    pub fn mark_all(&mut self, count: usize) {
        (0..count).for_each(|index| self.mark(index));
    }

    /// Nobody is marked.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.first == 0 && self.more.iter().all(|&word| word == 0)
    }

    /// How many words there are to take.
    #[inline]
    pub fn words(&self) -> usize {
        1 + self.more.len()
    }

    /// Those of one word, no longer marked.
    #[inline]
    pub fn take(&mut self, word: usize) -> Bits {
        let set = match word.checked_sub(1) {
            None => &mut self.first,
            Some(word) => &mut self.more[word],
        };
        Bits {
            set: std::mem::take(set),
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
