//! Counts of a large alphabet, of which a short sequence has few.

/// Up to this size zeros are not worth a look.
const FEW: usize = 32;

/// Counts that are looked at together.
const TOGETHER: usize = 16;

/// Hands on each count that is not 0 with its place, in order. Many zeros in a row take little time.
///
/// ```
/// use kl_math::statistics::each_occurring;
/// let mut found = Vec::new();
/// each_occurring(&[0, 3, 0, 0, 7], |symbol, count| found.push((symbol, count)));
/// assert_eq!(found, [(1, 3), (4, 7)]);
/// ```
#[inline]
pub fn each_occurring(counts: &[u64], mut take: impl FnMut(usize, u64)) {
    let mut look = |counts: &[u64], first: usize| {
        for (&count, symbol) in counts.iter().zip(first..) {
            if count > 0 {
                take(symbol, count);
            }
        }
    };
    if counts.len() <= FEW {
        return look(counts, 0);
    }
    for (piece, first) in counts.chunks(TOGETHER).zip((0..).step_by(TOGETHER)) {
        if piece.iter().fold(0, |all, count| all | count) > 0 {
            look(piece, first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_that_occur_are_handed_on(counts in proptest::collection::vec(prop_oneof![9 => Just(0), 1 => 1u64..5], 0..200)) {
            let mut found = Vec::new();
            each_occurring(&counts, |symbol, count| found.push((symbol, count)));
            let expected: Vec<_> = counts.iter().copied().enumerate().filter(|&(_, count)| count > 0).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
