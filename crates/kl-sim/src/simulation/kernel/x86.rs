//! The same loops by the vectors of AVX2 and AVX-512. Whole numbers only: nothing but time depends on which are used.

#![allow(unsafe_code)]

use super::chains::{Ends, LANES, Row, Walk};
use super::tosses::Reading;
use std::arch::x86_64::*;

/// Fills blocks from number `block` on into `out`; how many.
pub(super) fn fill_chacha(key: &[u8; 32], stream: u64, block: u64, out: &mut [u8]) -> usize {
    if std::arch::is_x86_feature_detected!("avx512f") {
        // SAFETY: the function asks for nothing but AVX-512F, and that is there.
        return unsafe { fill_chacha_avx512(key, stream, block, out) };
    }
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the function asks for nothing but AVX2, and that is there.
        return unsafe { fill_chacha_avx2(key, stream, block, out) };
    }
    0
}

/// Adds up ones as [`super::tosses::ones_each`] does; whether this machine can.
pub(super) fn ones_each(bytes: &[u8], lengths: &[u32], ones: &mut [u32]) -> Option<usize> {
    let is_there = std::arch::is_x86_feature_detected!("avx2")
        && std::arch::is_x86_feature_detected!("popcnt")
        && std::arch::is_x86_feature_detected!("bmi1")
        && std::arch::is_x86_feature_detected!("bmi2");
    // SAFETY: the function asks for nothing but these, and they are there.
    is_there.then(|| unsafe { ones_each_popcnt(bytes, lengths, ones) })
}

#[target_feature(enable = "avx2,popcnt,bmi1,bmi2")]
fn ones_each_popcnt(bytes: &[u8], lengths: &[u32], ones: &mut [u32]) -> usize {
    super::tosses::ones_each_plainly(bytes, lengths, ones)
}

/// Widens sides as [`super::tosses::widen_each`] does; whether this machine can.
pub(super) fn widen_each(is_one: bool, readings: &[Reading], sides: &mut [u64]) -> bool {
    let is_there = std::arch::is_x86_feature_detected!("bmi2");
    if is_there {
        // SAFETY: the function asks for nothing but BMI2, and that is there.
        unsafe { widen_each_bmi2(is_one, readings, sides) };
    }
    is_there
}

#[target_feature(enable = "bmi2")]
fn widen_each_bmi2(is_one: bool, readings: &[Reading], sides: &mut [u64]) {
    super::tosses::widen_each_by(|bits, mask| _pdep_u64(bits, mask), is_one, readings, sides);
}

/// Widens sides as [`super::tosses::widen`] does; whether this machine can.
pub(super) fn widen(is_one: bool, bits: &[u64], open: u32, inner: &[u64], outer: &mut Vec<u64>) -> bool {
    let is_there = std::arch::is_x86_feature_detected!("bmi2") && std::arch::is_x86_feature_detected!("popcnt");
    if is_there {
        // SAFETY: the function asks for nothing but BMI2 and POPCNT, and they are there.
        unsafe { widen_bmi2(is_one, bits, open, inner, outer) };
    }
    is_there
}

#[target_feature(enable = "bmi2,popcnt")]
fn widen_bmi2(is_one: bool, bits: &[u64], open: u32, inner: &[u64], outer: &mut Vec<u64>) {
    super::tosses::widen_by(|bits, mask| _pdep_u64(bits, mask), is_one, bits, open, inner, outer);
}

/// Steps lanes as [`super::chains::step_lanes`] does; whether this machine can.
pub(super) fn step_lanes<const K: usize>(ends: &Ends<K>, bytes: &[Row], walk: &mut Walk<'_, K>) -> bool {
    let Some(last) = ends.last_bytes().filter(|_| std::arch::is_x86_feature_detected!("avx512bw")) else {
        return false;
    };
    // SAFETY: the function asks for nothing but AVX-512BW, and that is there.
    unsafe { step_lanes_avx512(&last, bytes, walk) };
    true
}

#[target_feature(enable = "avx512bw")]
fn step_lanes_avx512<const K: usize>(last: &[[u8; K]; K], bytes: &[Row], walk: &mut Walk<'_, K>) {
    let Walk { is, drawn, tally, settle } = walk;
    // SAFETY: there are 64 bytes, and they may lie anywhere.
    let load = |row: &Row| unsafe { _mm512_loadu_si512(row.as_ptr().cast()) };
    // SAFETY: there are 64 bytes, and they may lie anywhere.
    let store = |row: &mut Row, vector| unsafe { _mm512_storeu_si512(row.as_mut_ptr().cast(), vector) };
    let (zero, one) = (_mm512_setzero_si512(), _mm512_set1_epi8(1));
    let mut cuts = [[zero; K]; K];
    for (cut, &last) in cuts.iter_mut().flatten().zip(last.iter().flatten()) {
        *cut = _mm512_set1_epi8(last as i8);
    }
    let mut counts = [[zero; K]; K];
    for (counts, tally) in counts.iter_mut().flatten().zip(tally.iter().flatten()) {
        *counts = load(tally);
    }
    let mut not_beyond = [[[0u8; LANES]; K]; K];
    let mut was = load(is);
    for (bytes, drawn) in bytes.iter().zip(drawn.iter_mut()) {
        let bytes = load(bytes);
        let (mut next, mut left_over) = (zero, zero);
        for from in 0..K {
            let here = _mm512_cmpeq_epi8_mask(was, _mm512_set1_epi8(from as i8));
            counts[from][0] = _mm512_mask_add_epi8(counts[from][0], here, counts[from][0], one);
            for to in 1..K {
                let beyond = _mm512_mask_cmpgt_epu8_mask(here, bytes, cuts[from][to - 1]);
                next = _mm512_mask_add_epi8(next, beyond, next, one);
                counts[from][to] = _mm512_mask_add_epi8(counts[from][to], beyond, counts[from][to], one);
            }
            let beyond = _mm512_mask_cmpgt_epu8_mask(here, bytes, cuts[from][K - 1]);
            left_over = _mm512_mask_add_epi8(left_over, beyond, left_over, one);
        }
        let mut over = _mm512_test_epi8_mask(left_over, left_over);
        if over != 0 {
            let mut before = [0; LANES];
            store(&mut before, was);
            while over != 0 {
                let lane = over.trailing_zeros() as usize;
                over &= over - 1;
                let from = usize::from(before[lane]);
                let settled = settle(from);
                next = _mm512_mask_mov_epi8(next, 1 << lane, _mm512_set1_epi8(settled as i8));
                // It was taken for the last state, which is beyond the ends of all the others.
                not_beyond[from].iter_mut().skip(usize::from(settled) + 1).for_each(|lanes| lanes[lane] += 1);
            }
        }
        store(drawn, next);
        was = next;
    }
    store(is, was);
    let corrected = counts.iter().flatten().zip(not_beyond.iter().flatten());
    for ((counts, not_beyond), tally) in corrected.zip(tally.iter_mut().flatten()) {
        store(tally, _mm512_sub_epi8(*counts, load(not_beyond)));
    }
}

const CONSTANTS: [u8; 16] = *b"expand 32-byte k";

/// Four numbers of 32 bits as a vector.
#[inline]
fn row(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: any bytes may be read as a vector, wherever they lie.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// The rows of the state that all blocks share: constants and both halves of the key.
#[inline]
fn rows(key: &[u8; 32]) -> [__m128i; 3] {
    let halves = key.as_chunks::<16>().0;
    [row(&CONSTANTS), row(&halves[0]), row(&halves[1])]
}

/// The same operation for each of the vectors side by side.
macro_rules! each {
    (|$i:ident| $operation:expr) => {
        for $i in 0..S {
            $operation
        }
    };
}

#[target_feature(enable = "avx512f")]
fn fill_chacha_avx512(key: &[u8; 32], stream: u64, block: u64, out: &mut [u8]) -> usize {
    let rows = rows(key);
    let rows = [_mm512_broadcast_i32x4(rows[0]), _mm512_broadcast_i32x4(rows[1]), _mm512_broadcast_i32x4(rows[2])];
    let mut done = 0;
    for part in out.as_chunks_mut::<1024>().0 {
        chacha_avx512::<4>(rows, stream, block.wrapping_add(done), part);
        done += 16;
    }
    for part in out[64 * done as usize..].as_chunks_mut::<256>().0 {
        chacha_avx512::<1>(rows, stream, block.wrapping_add(done), part);
        done += 4;
    }
    done as usize
}

/// 4 `S` blocks: a vector has the same row of four blocks.
#[inline]
#[target_feature(enable = "avx512f")]
fn chacha_avx512<const S: usize>([a0, b0, c0]: [__m512i; 3], stream: u64, block: u64, out: &mut [u8]) {
    let mut d0 = [_mm512_setzero_si512(); S];
    for (i, d) in d0.iter_mut().enumerate() {
        let (s, n) = (stream as i64, |k: u64| block.wrapping_add(4 * i as u64 + k) as i64);
        *d = _mm512_set_epi64(s, n(3), s, n(2), s, n(1), s, n(0));
    }
    let (mut a, mut b, mut c, mut d) = ([a0; S], [b0; S], [c0; S], d0);
    macro_rules! quarter_rounds {
        () => {
            each!(|i| a[i] = _mm512_add_epi32(a[i], b[i]));
            each!(|i| d[i] = _mm512_rol_epi32::<16>(_mm512_xor_si512(d[i], a[i])));
            each!(|i| c[i] = _mm512_add_epi32(c[i], d[i]));
            each!(|i| b[i] = _mm512_rol_epi32::<12>(_mm512_xor_si512(b[i], c[i])));
            each!(|i| a[i] = _mm512_add_epi32(a[i], b[i]));
            each!(|i| d[i] = _mm512_rol_epi32::<8>(_mm512_xor_si512(d[i], a[i])));
            each!(|i| c[i] = _mm512_add_epi32(c[i], d[i]));
            each!(|i| b[i] = _mm512_rol_epi32::<7>(_mm512_xor_si512(b[i], c[i])));
        };
    }
    for _ in 0..4 {
        quarter_rounds!();
        each!(|i| b[i] = _mm512_shuffle_epi32::<0b00_11_10_01>(b[i]));
        each!(|i| c[i] = _mm512_shuffle_epi32::<0b01_00_11_10>(c[i]));
        each!(|i| d[i] = _mm512_shuffle_epi32::<0b10_01_00_11>(d[i]));
        quarter_rounds!();
        each!(|i| b[i] = _mm512_shuffle_epi32::<0b10_01_00_11>(b[i]));
        each!(|i| c[i] = _mm512_shuffle_epi32::<0b01_00_11_10>(c[i]));
        each!(|i| d[i] = _mm512_shuffle_epi32::<0b00_11_10_01>(d[i]));
    }
    for (i, out) in out.as_chunks_mut::<256>().0.iter_mut().enumerate() {
        let [a, b] = [_mm512_add_epi32(a[i], a0), _mm512_add_epi32(b[i], b0)];
        let [c, d] = [_mm512_add_epi32(c[i], c0), _mm512_add_epi32(d[i], d0[i])];
        // From a row of four blocks to a block of four rows.
        let [first, second] =
            [_mm512_shuffle_i32x4::<0b01_00_01_00>(a, b), _mm512_shuffle_i32x4::<0b01_00_01_00>(c, d)];
        let [third, fourth] =
            [_mm512_shuffle_i32x4::<0b11_10_11_10>(a, b), _mm512_shuffle_i32x4::<0b11_10_11_10>(c, d)];
        let blocks = [
            _mm512_shuffle_i32x4::<0b10_00_10_00>(first, second),
            _mm512_shuffle_i32x4::<0b11_01_11_01>(first, second),
            _mm512_shuffle_i32x4::<0b10_00_10_00>(third, fourth),
            _mm512_shuffle_i32x4::<0b11_01_11_01>(third, fourth),
        ];
        for (out, block) in out.as_chunks_mut::<64>().0.iter_mut().zip(blocks) {
            // SAFETY: there are 64 bytes, and they may lie anywhere.
            unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), block) };
        }
    }
}

#[target_feature(enable = "avx2")]
fn fill_chacha_avx2(key: &[u8; 32], stream: u64, block: u64, out: &mut [u8]) -> usize {
    let rows = rows(key).map(|row| _mm256_broadcastsi128_si256(row));
    let mut done = 0;
    for part in out.as_chunks_mut::<512>().0 {
        chacha_avx2::<4>(rows, stream, block.wrapping_add(done), part);
        done += 8;
    }
    for part in out[64 * done as usize..].as_chunks_mut::<128>().0 {
        chacha_avx2::<1>(rows, stream, block.wrapping_add(done), part);
        done += 2;
    }
    done as usize
}

/// 2 `S` blocks: a vector has the same row of two blocks.
#[inline]
#[target_feature(enable = "avx2")]
fn chacha_avx2<const S: usize>([a0, b0, c0]: [__m256i; 3], stream: u64, block: u64, out: &mut [u8]) {
    /// Where the bytes come from when each number of 32 bits turns left by 16 bits, or by 8.
    const TURNS: [[u8; 16]; 2] = [
        [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13],
        [3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14],
    ];
    let [by_16, by_8] = [_mm256_broadcastsi128_si256(row(&TURNS[0])), _mm256_broadcastsi128_si256(row(&TURNS[1]))];
    let mut d0 = [_mm256_setzero_si256(); S];
    for (i, d) in d0.iter_mut().enumerate() {
        let (s, n) = (stream as i64, |k: u64| block.wrapping_add(2 * i as u64 + k) as i64);
        *d = _mm256_set_epi64x(s, n(1), s, n(0));
    }
    let (mut a, mut b, mut c, mut d) = ([a0; S], [b0; S], [c0; S], d0);
    macro_rules! turned {
        ($x:expr, $left:literal, $right:literal) => {{
            let x = $x;
            _mm256_or_si256(_mm256_slli_epi32::<$left>(x), _mm256_srli_epi32::<$right>(x))
        }};
    }
    macro_rules! quarter_rounds {
        () => {
            each!(|i| a[i] = _mm256_add_epi32(a[i], b[i]));
            each!(|i| d[i] = _mm256_shuffle_epi8(_mm256_xor_si256(d[i], a[i]), by_16));
            each!(|i| c[i] = _mm256_add_epi32(c[i], d[i]));
            each!(|i| b[i] = turned!(_mm256_xor_si256(b[i], c[i]), 12, 20));
            each!(|i| a[i] = _mm256_add_epi32(a[i], b[i]));
            each!(|i| d[i] = _mm256_shuffle_epi8(_mm256_xor_si256(d[i], a[i]), by_8));
            each!(|i| c[i] = _mm256_add_epi32(c[i], d[i]));
            each!(|i| b[i] = turned!(_mm256_xor_si256(b[i], c[i]), 7, 25));
        };
    }
    for _ in 0..4 {
        quarter_rounds!();
        each!(|i| b[i] = _mm256_shuffle_epi32::<0b00_11_10_01>(b[i]));
        each!(|i| c[i] = _mm256_shuffle_epi32::<0b01_00_11_10>(c[i]));
        each!(|i| d[i] = _mm256_shuffle_epi32::<0b10_01_00_11>(d[i]));
        quarter_rounds!();
        each!(|i| b[i] = _mm256_shuffle_epi32::<0b10_01_00_11>(b[i]));
        each!(|i| c[i] = _mm256_shuffle_epi32::<0b01_00_11_10>(c[i]));
        each!(|i| d[i] = _mm256_shuffle_epi32::<0b00_11_10_01>(d[i]));
    }
    for (i, out) in out.as_chunks_mut::<128>().0.iter_mut().enumerate() {
        let [a, b] = [_mm256_add_epi32(a[i], a0), _mm256_add_epi32(b[i], b0)];
        let [c, d] = [_mm256_add_epi32(c[i], c0), _mm256_add_epi32(d[i], d0[i])];
        // From a row of two blocks to half a block of two rows.
        let halves = [
            _mm256_permute2x128_si256::<0x20>(a, b),
            _mm256_permute2x128_si256::<0x20>(c, d),
            _mm256_permute2x128_si256::<0x31>(a, b),
            _mm256_permute2x128_si256::<0x31>(c, d),
        ];
        for (out, half) in out.as_chunks_mut::<32>().0.iter_mut().zip(halves) {
            // SAFETY: there are 32 bytes, and they may lie anywhere.
            unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), half) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each instruction set that this machine has, the newest of which alone is used elsewhere.
    #[test]
    fn all_vectors_make_the_same_blocks() {
        let key = std::array::from_fn(|i| i as u8);
        type Fill = fn(&[u8; 32], &mut [u8]) -> usize;
        let fills: [(bool, Fill); 2] = [
            (std::arch::is_x86_feature_detected!("avx512f"), |key, out| {
                // SAFETY: called only where AVX-512F is there.
                unsafe { fill_chacha_avx512(key, 7, u64::MAX - 3, out) }
            }),
            (std::arch::is_x86_feature_detected!("avx2"), |key, out| {
                // SAFETY: called only where AVX2 is there.
                unsafe { fill_chacha_avx2(key, 7, u64::MAX - 3, out) }
            }),
        ];
        let mut made = Vec::new();
        for (_, fill) in fills.into_iter().filter(|(is_there, _)| *is_there) {
            let mut out = vec![0; 1024 + 512 + 256 + 192];
            let done = fill(&key, &mut out);
            assert!(done >= 28, "{done}");
            made.push(out[..28 * 64].to_vec());
        }
        assert!(made.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
