//! A string of bits that grows at its end.

/// Bits in words of 64, the first bit of a word its highest; beyond the end are zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    length: u64,
}

/// The number of bits of a word.
const WORD: u64 = u64::BITS as u64;

impl Bits {
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.length = 0;
    }

    /// Adds the lowest `count` bits of `value`, which has no others; fewer than 64.
    pub(super) fn push(&mut self, value: u64, count: u32) {
        if count == 0 {
            return;
        }
        let (aligned, used) = (value << (u64::BITS - count), self.length % WORD);
        match self.words.last_mut().filter(|_| used > 0) {
            Some(last) => {
                *last |= aligned >> used;
                if used + u64::from(count) > WORD {
                    self.words.push(aligned << (WORD - used));
                }
            }
            None => self.words.push(aligned),
        }
        self.length += u64::from(count);
    }

    /// Adds one at the last bit, as if all bits were one number.
    pub(super) fn carry(&mut self) {
        let used = self.length % WORD;
        let mut unit = if used == 0 { 1 } else { 1 << (WORD - used) };
        for word in self.words.iter_mut().rev() {
            let (sum, is_over) = word.overflowing_add(unit);
            *word = sum;
            if !is_over {
                return;
            }
            unit = 1;
        }
    }

    /// The `count` bits from `position` on as a number; fewer than 64.
    pub(super) fn read(&self, position: u64, count: u32) -> u64 {
        if count == 0 {
            return 0;
        }
        let word = |index: u64| {
            usize::try_from(index).ok().and_then(|index| self.words.get(index)).copied().unwrap_or_default()
        };
        let (index, used) = (position / WORD, position % WORD);
        let next = if used == 0 { 0 } else { word(index + 1) >> (WORD - used) };
        ((word(index) << used) | next) >> (u64::BITS - count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_carry_goes_through_words() {
        let mut bits = Bits::default();
        bits.push(0b01, 2);
        (0..70).for_each(|_| bits.push(1, 1));
        bits.carry();
        assert_eq!((bits.len(), bits.read(0, 3), bits.read(3, 60), bits.read(63, 9)), (72, 0b100, 0, 0));
        bits.carry();
        assert_eq!((bits.read(0, 3), bits.read(63, 9), bits.read(63, 11)), (0b100, 1, 0b100));
    }

    proptest! {
        /// What is pushed is read again, wherever words end.
        #[test]
        fn bits_come_back(pieces in prop::collection::vec((any::<u64>(), 0u32..64), 0..50)) {
            let mut bits = Bits::default();
            let pieces: Vec<(u64, u32)> = pieces.iter().map(|&(value, count)| (value & ((1 << count) - 1), count)).collect();
            pieces.iter().for_each(|&(value, count)| bits.push(value, count));
            let mut position = 0;
            for (value, count) in pieces {
                prop_assert_eq!(bits.read(position, count), value);
                position += u64::from(count);
            }
            prop_assert_eq!(bits.len(), position);
            prop_assert_eq!(bits.read(position, 63), 0);
        }
    }
}
