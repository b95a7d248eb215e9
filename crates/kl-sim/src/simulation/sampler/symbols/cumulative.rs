//! Thresholds of a uniform number of 64 bits.

use kl_math::numeric::DoubleDouble;

/// ⌊2⁶⁴ Σ_{j≤k} pⱼ⌋, 2⁶⁴ from the last symbol with mass on: rounding must not leave a sliver for any beyond it.
pub(in crate::simulation::sampler) fn cumulative(probabilities: &[DoubleDouble]) -> Vec<u128> {
    let last = probabilities.iter().rposition(|mass| *mass > DoubleDouble::ZERO).unwrap_or(0);
    let mut sum = DoubleDouble::ZERO;
    let threshold = |(symbol, &mass): (usize, &DoubleDouble)| {
        sum += mass;
        if symbol >= last { 1 << 64 } else { sum.to_fixed_64() }
    };
    probabilities.iter().enumerate().map(threshold).collect()
}
