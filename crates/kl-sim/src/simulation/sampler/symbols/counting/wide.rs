//! The same loops for machines with AVX2. The counts are whole numbers: nothing but time depends on which are used.

#![allow(unsafe_code)]

/// Adds to `totals` if this machine has the vectors; whether it does.
pub(super) fn add_below(bytes: &[u8], values: &[u8], totals: &mut [u64]) -> bool {
    let has_vectors = std::arch::is_x86_feature_detected!("avx2");
    if has_vectors {
        // SAFETY: the function asks for nothing but AVX2, and that is there.
        unsafe { add_below_avx2(bytes, values, totals) };
    }
    has_vectors
}

#[target_feature(enable = "avx2")]
fn add_below_avx2(bytes: &[u8], values: &[u8], totals: &mut [u64]) {
    super::add_in_turn::<32, 32>(bytes, values, totals);
}
