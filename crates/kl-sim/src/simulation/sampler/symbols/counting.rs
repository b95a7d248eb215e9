//! Symbols counted from bytes without looking at any of them alone.

#[cfg(target_arch = "x86_64")]
mod wide;

/// For each of `C` byte values, how many of `bytes` are below it.
///
/// Written so that the compiler turns it into compares and subtractions of whole vectors; `LANES` is what it does so
/// best with.
#[inline(always)]
fn below<const C: usize, const LANES: usize>(bytes: &[u8], values: [u8; C]) -> [u64; C] {
    // A lane of eight bits overflows after so many vectors.
    const VECTORS: usize = 255;
    // Vectors compare signed bytes: flipping the highest bit keeps the order.
    let values = values.map(signed);
    let mut totals = [0; C];
    for part in bytes.chunks(LANES * VECTORS) {
        let (vectors, rest) = part.as_chunks::<LANES>();
        let mut counts = [[0u8; LANES]; C];
        for vector in vectors {
            for cut in 0..C {
                for lane in 0..LANES {
                    counts[cut][lane] += u8::from(signed(vector[lane]) < values[cut]);
                }
            }
        }
        for cut in 0..C {
            for &lane in &counts[cut] {
                totals[cut] += u64::from(lane);
            }
            for &byte in rest {
                totals[cut] += u64::from(signed(byte) < values[cut]);
            }
        }
    }
    totals
}

#[inline(always)]
fn signed(byte: u8) -> i8 {
    (byte ^ 0x80) as i8
}

#[inline(always)]
fn add<const C: usize, const LANES: usize>(bytes: &[u8], values: &[u8], totals: &mut [u64]) {
    if let Ok(values) = <[u8; C]>::try_from(values) {
        for (total, found) in totals.iter_mut().zip(below::<C, LANES>(bytes, values)) {
            *total += found;
        }
    }
}

/// A few values at a time: as many as the vector registers have room for. `FEW` lanes are a vector's, `MANY` two
/// vectors' for less work a loop.
#[inline(always)]
fn add_in_turn<const FEW: usize, const MANY: usize>(bytes: &[u8], values: &[u8], totals: &mut [u64]) {
    for (values, totals) in values.chunks(6).zip(totals.chunks_mut(6)) {
        match values.len() {
            1 => add::<1, MANY>(bytes, values, totals),
            2 => add::<2, MANY>(bytes, values, totals),
            3 => add::<3, MANY>(bytes, values, totals),
            4 => add::<4, FEW>(bytes, values, totals),
            5 => add::<5, FEW>(bytes, values, totals),
            _ => add::<6, FEW>(bytes, values, totals),
        }
    }
}

/// For each of `values`, how many of `bytes` are below it, added to `totals`.
pub(super) fn add_below(bytes: &[u8], values: &[u8], totals: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    if wide::add_below(bytes, values, totals) {
        return;
    }
    add_in_turn::<16, 32>(bytes, values, totals);
}

/// How many bits of `bytes` are 1.
pub(super) fn ones(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let in_words: u64 = words.iter().map(|&word| u64::from(u64::from_le_bytes(word).count_ones())).sum();
    in_words + rest.iter().map(|byte| u64::from(byte.count_ones())).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_are_those_of_a_plain_loop(
            bytes in proptest::collection::vec(any::<u8>(), 0..10_000),
            values in proptest::collection::vec(any::<u8>(), 1..17),
        ) {
            let mut totals = vec![0; values.len()];
            add_below(&bytes, &values, &mut totals);
            // What the machine's wide vectors count, if it has any, and what every machine's do.
            let mut plain = vec![0; values.len()];
            add_in_turn::<16, 32>(&bytes, &values, &mut plain);
            prop_assert_eq!(&plain, &totals);
            for (value, total) in values.iter().zip(totals) {
                prop_assert_eq!(total, bytes.iter().filter(|byte| *byte < value).count() as u64);
            }
            prop_assert_eq!(ones(&bytes), bytes.iter().map(|byte| u64::from(byte.count_ones())).sum::<u64>());
        }
    }

    #[test]
    fn lanes_do_not_overflow() {
        let bytes = vec![7u8; 100_003];
        let mut totals = [0; 2];
        add_below(&bytes, &[7, 8], &mut totals);
        assert_eq!(totals, [0, 100_003]);
    }
}
