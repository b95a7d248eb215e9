//! Random bits for many numbers at once.

use crate::simulation::words::Words;

/// Numbers that are drawn at once.
pub(in crate::simulation::sampler) const BATCH: usize = 256;

/// A number of 64 bits for each number of a batch.
pub(super) type Longs = [u64; BATCH];

/// Which words a long borrows from: those of the numbers so many places further on.
///
/// No two pairs of them are the same distance apart, on the circle of a batch's numbers: two sets of lenders share one
/// word at most.
const LENDERS: [usize; 4] = [1, 7, 18, 43];

/// The next longs, from four bytes each.
///
/// The upper half of a long is a word of its own. The lower half is the sum, bit by bit, of four other words of the batch.
/// Each long is uniform, and any four of a batch are independent, to the last bit: moments up to the fourth are those of
/// independent numbers. Five or more depend on each other in their lower halves alone.
#[inline]
pub(super) fn fill_longs(stream: &mut (impl Words + ?Sized)) -> Longs {
    const SIZE: usize = size_of::<u32>();
    let mut bytes = [0; BATCH * SIZE];
    stream.fill_bytes(&mut bytes);
    // Once around the circle and a bit further.
    let mut words = [0; BATCH + 64];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<SIZE>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let (once, again) = words.split_at_mut(BATCH);
    again.copy_from_slice(&once[..64]);
    mix(&words)
}

#[inline]
fn mix(words: &[u32; BATCH + 64]) -> Longs {
    let mut longs = [0; BATCH];
    for (place, long) in longs.iter_mut().enumerate() {
        let lower = LENDERS.iter().fold(0, |sum, lender| sum ^ words[place + lender]);
        *long = u64::from(words[place]) << 32 | u64::from(lower);
    }
    longs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words that make the lower half of a long, as bits.
    fn lenders(long: usize) -> [u128; 2] {
        let mut bits = [0; 2];
        for lender in LENDERS {
            let word = (long + lender) % BATCH;
            bits[word / 128] ^= 1u128 << (word % 128);
        }
        bits
    }

    /// Upper halves are words; with lower halves they are dependent if the sum of some lower halves is a sum of upper ones.
    /// By turning the circle one of those longs is number 0.
    #[test]
    fn any_four_longs_are_independent() {
        let all: Vec<[u128; 2]> = (0..BATCH).map(lenders).collect();
        let add = |a: [u128; 2], b: [u128; 2]| [a[0] ^ b[0], a[1] ^ b[1]];
        let own = |long: usize| if long < 128 { [1u128 << long, 0] } else { [0, 1u128 << (long - 128)] };
        // How many upper halves it takes beside those of the same longs: longs in all.
        let longs = |sum: [u128; 2], own: [u128; 2]| {
            let all = [sum[0] | own[0], sum[1] | own[1]];
            all[0].count_ones() + all[1].count_ones()
        };
        let mut least = longs(all[0], own(0));
        for a in 1..BATCH {
            let (two, own_two) = (add(all[0], all[a]), add(own(0), own(a)));
            least = least.min(longs(two, own_two));
            for b in a + 1..BATCH {
                let (three, own_three) = (add(two, all[b]), add(own_two, own(b)));
                least = least.min(longs(three, own_three));
                for (c, last) in all.iter().enumerate().skip(b + 1) {
                    least = least.min(longs(add(three, *last), add(own_three, own(c))));
                }
            }
        }
        // Five lower halves are of five longs anyway.
        assert_eq!(least, 5);
    }

    #[test]
    fn longs_are_made_of_words_as_stated() {
        let mut words: [u32; BATCH + 64] = std::array::from_fn(|place| (place as u32 + 1).wrapping_mul(0x9e37_79b9));
        words.copy_within(..64, BATCH);
        for (place, long) in mix(&words).into_iter().enumerate() {
            let lent = LENDERS.map(|lender| words[(place + lender) % BATCH]);
            assert_eq!(long, u64::from(words[place]) << 32 | u64::from(lent[0] ^ lent[1] ^ lent[2] ^ lent[3]));
        }
    }
}
