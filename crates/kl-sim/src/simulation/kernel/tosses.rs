//! Bits that settle tosses: how many of them are ones, and which.

/// Bytes beyond the last that the loops may read.
pub(in crate::simulation) const SLACK: usize = 8;

/// How many of the first bits of a piece of `bytes` are ones, for pieces of each of `lengths` bits, each of which starts on
/// a byte of its own. Returns how many bytes the pieces take; [`SLACK`] more are there.
#[inline]
pub(in crate::simulation) fn ones_each(bytes: &[u8], lengths: &[u32], ones: &mut [u32]) -> usize {
    #[cfg(target_arch = "x86_64")]
    if let Some(used) = super::x86::ones_each(bytes, lengths, ones) {
        return used;
    }
    ones_each_plainly(bytes, lengths, ones)
}

#[inline(always)]
pub(super) fn ones_each_plainly(bytes: &[u8], lengths: &[u32], ones: &mut [u32]) -> usize {
    let mut start = 0;
    let word_at = |start: usize| {
        let word = bytes.get(start..).and_then(|bytes| bytes.first_chunk::<SLACK>());
        word.map_or(0, |&word| u64::from_le_bytes(word))
    };
    if lengths.iter().fold(0, |all, &length| all | length) < 64 {
        for (ones, &length) in ones.iter_mut().zip(lengths) {
            *ones = (word_at(start) & !(u64::MAX << length)).count_ones();
            start += (length as usize).div_ceil(8);
        }
        return start;
    }
    for (ones, &length) in ones.iter_mut().zip(lengths) {
        let (whole, rest) = (length as usize / 64, length % 64);
        let mut found = 0;
        if whole > 0 {
            let (words, _) = bytes[start..start + 8 * whole].as_chunks::<8>();
            found = words.iter().map(|&word| u64::from_le_bytes(word).count_ones()).sum();
        }
        *ones = found + (word_at(start + 8 * whole) & !(u64::MAX << rest)).count_ones();
        start += (length as usize).div_ceil(8);
    }
    start
}

/// The bits that a trial's open tosses read at a level, at most 64.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulation) struct Reading {
    pub(in crate::simulation) trial: u32,
    /// How many there are, not 0.
    pub(in crate::simulation) open: u32,
    pub(in crate::simulation) bits: u64,
}

/// From the sides of each trial's tosses that are open after a level to those of the tosses that read a bit at it: a 1 is the
/// right. `is_one` is the level's bit of the probability.
#[inline]
pub(in crate::simulation) fn widen_each(is_one: bool, readings: &[Reading], sides: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    if super::x86::widen_each(is_one, readings, sides) {
        return;
    }
    widen_each_by(spread, is_one, readings, sides);
}

#[inline(always)]
pub(super) fn widen_each_by(spread: impl Fn(u64, u64) -> u64, is_one: bool, readings: &[Reading], sides: &mut [u64]) {
    for reading in readings {
        if let Some(sides) = sides.get_mut(reading.trial as usize) {
            let (open, gone_right) = parted(is_one, reading.bits, reading.open);
            *sides = gone_right | spread(*sides, open);
        }
    }
}

/// The same for one trial of which any number of tosses is open: `bits` are as many as there are in `open` tosses, `inner` the
/// sides of those open after the level; the outcome is added to `outer`.
#[inline]
pub(in crate::simulation) fn widen(is_one: bool, bits: &[u64], open: u32, inner: &[u64], outer: &mut Vec<u64>) {
    #[cfg(target_arch = "x86_64")]
    if super::x86::widen(is_one, bits, open, inner, outer) {
        return;
    }
    widen_by(spread, is_one, bits, open, inner, outer);
}

#[inline(always)]
pub(super) fn widen_by(
    spread: impl Fn(u64, u64) -> u64,
    is_one: bool,
    bits: &[u64],
    open: u32,
    inner: &[u64],
    outer: &mut Vec<u64>,
) {
    let mut place = 0;
    let mut left = open;
    for &bits in bits {
        let (open, gone_right) = parted(is_one, bits, left.min(64));
        outer.push(gone_right | spread(bits_at(inner, place), open));
        place += open.count_ones();
        left = left.saturating_sub(64);
    }
}

/// Of the first `count` tosses, not 0, that read `bits`: which stay open, and which go right now. The others go left.
#[inline(always)]
fn parted(is_one: bool, bits: u64, count: u32) -> (u64, u64) {
    let valid = u64::MAX >> (64 - count);
    if is_one { (bits & valid, 0) } else { (!bits & valid, bits & valid) }
}

/// The 64 bits of `words` from the given place on, lowest first.
#[inline(always)]
fn bits_at(words: &[u64], place: u32) -> u64 {
    let (word, within) = (place as usize / 64, place % 64);
    let low = words.get(word).copied().unwrap_or(0) >> within;
    // Shifted in two steps, since 64 places at once are none.
    low | words.get(word + 1).copied().unwrap_or(0) << 1 << (63 - within)
}

/// Puts the lowest bits of `bits` where `mask` has ones, in order.
fn spread(mut bits: u64, mut mask: u64) -> u64 {
    let mut spread = 0;
    while mask != 0 {
        let lowest = mask & mask.wrapping_neg();
        spread |= lowest & (bits & 1).wrapping_neg();
        bits >>= 1;
        mask ^= lowest;
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// With the machine's own instruction and without: the same.
        #[test]
        fn sides_widen_alike(
            is_one in any::<bool>(),
            readings in proptest::collection::vec((0u32..8, 1u32..65, any::<u64>()), 0..20),
            bits in proptest::collection::vec(any::<u64>(), 1..6),
            inner in proptest::collection::vec(any::<u64>(), 6),
        ) {
            let readings: Vec<Reading> =
                readings.into_iter().map(|(trial, open, bits)| Reading { trial, open, bits }).collect();
            let [mut sides, mut plain] = [[u64::MAX; 8]; 2];
            widen_each(is_one, &readings, &mut sides);
            widen_each_by(spread, is_one, &readings, &mut plain);
            prop_assert_eq!(sides, plain);
            let [mut sides, mut plain] = [Vec::new(), Vec::new()];
            let open = 64 * bits.len() as u32 - 13;
            widen(is_one, &bits, open, &inner, &mut sides);
            widen_by(spread, is_one, &bits, open, &inner, &mut plain);
            prop_assert_eq!(sides, plain);
        }

        #[test]
        fn ones_are_those_of_a_plain_loop(
            lengths in proptest::collection::vec(prop_oneof![0u32..80, 0u32..3_000], 0..70),
            seed in any::<u64>(),
        ) {
            let size: usize = lengths.iter().map(|&length| (length as usize).div_ceil(8)).sum();
            let mut state = seed;
            let mut random = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 56) as u8
            };
            let bytes: Vec<u8> = (0..size + SLACK).map(|_| random()).collect();
            let mut expected = Vec::new();
            let mut start = 0;
            for &length in &lengths {
                let bit = |i: usize| u32::from(bytes[start + i / 8] >> (i % 8) & 1);
                expected.push((0..length as usize).map(bit).sum::<u32>());
                start += (length as usize).div_ceil(8);
            }
            let mut ones = vec![0; lengths.len()];
            prop_assert_eq!(ones_each(&bytes, &lengths, &mut ones), size);
            prop_assert_eq!(&ones, &expected);
            // Without the machine's own instruction, too.
            ones.fill(0);
            prop_assert_eq!(ones_each_plainly(&bytes, &lengths, &mut ones), size);
            prop_assert_eq!(ones, expected);
        }
    }
}
