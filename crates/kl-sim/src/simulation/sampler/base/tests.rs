//! Very many draws against closed forms.

use super::base_sampler::BaseSampler;
use super::testing::{assert_counts_follow, gamma_chance, stream};
use kl_math::distribution::BaseVariable;
use std::f64::consts::FRAC_1_SQRT_2;

/// The counts of 10⁹ numbers over intervals of one width, finer than most wedges; χ² as [`assert_counts_follow`] has it.
/// With so many, a chance that is wrong by 1 % of itself is seen where it is larger than some 10⁻⁴, and one that is wrong by
/// a tenth of itself where it is larger than 10⁻⁶.
fn assert_follows_at_length(
    base: &BaseVariable,
    number: impl Fn(&[f64]) -> f64,
    [low, high]: [f64; 2],
    intervals: usize,
    chance: impl Fn(f64) -> f64,
) {
    const DRAWS: usize = 1_000_000_000;
    let (sampler, mut stream, mut numbers) = (BaseSampler::of(base), stream(), Vec::new());
    let scale = intervals as f64 / (high - low);
    // One below the lowest edge, and one above the highest.
    let mut found = vec![0; intervals + 2];
    let mut left = DRAWS;
    while left > 0 {
        sampler.refill(&mut stream, &mut numbers);
        for draw in numbers.chunks_exact(base.width()).take(left) {
            found[((number(draw) - low) * scale + 1.0).clamp(0.0, intervals as f64 + 1.0) as usize] += 1;
        }
        left -= left.min(numbers.len() / base.width());
    }
    let chances: Vec<f64> = (0..=intervals).map(|edge| chance(low + edge as f64 / scale)).collect();
    let (chi_square, freedom) = assert_counts_follow(&found, &chances, &format!("{base:?}"));
    println!(
        "{base:?}: χ² = {chi_square:.1} of {freedom}, {:.2} deviations",
        (chi_square - freedom) / (2.0 * freedom).sqrt()
    );
}

#[test]
#[ignore = "takes minutes"]
fn a_thousand_million_numbers_follow_each_law() {
    let first = |draw: &[f64]| draw[0];
    let normal = |x: f64| 0.5 * libm::erfc(-x * FRAC_1_SQRT_2);
    assert_follows_at_length(&BaseVariable::Normal, first, [-6.0, 6.0], 1536, normal);
    assert_follows_at_length(&BaseVariable::Exponential, first, [0.0, 20.0], 1280, |x| -libm::expm1(-x));
    for shape in [0.3, 2.5] {
        let law = BaseVariable::Gamma { shape };
        assert_follows_at_length(&law, first, [-18.0 / shape, 3.5], 1500, |log| gamma_chance(shape, log));
    }
    // Of 2 and 3: x² (6 − 8x + 3x²).
    let law = BaseVariable::Dirichlet { alpha: vec![2.0, 3.0] };
    let share = |odds: f64| 1.0 / (1.0 + libm::exp(-odds));
    let chance = |odds| share(odds) * share(odds) * (6.0 - share(odds) * (8.0 - 3.0 * share(odds)));
    assert_follows_at_length(&law, |draw| draw[0] - draw[1], [-10.0, 8.0], 1500, chance);
    let mass = |k: i32| (1..=k).fold(libm::exp(-3.0), |mass, k| mass * 3.0 / f64::from(k));
    let below = |edge: f64| (0..edge.floor() as i32 + 1).map(mass).sum();
    assert_follows_at_length(&BaseVariable::Poisson { mean: 3.0 }, first, [-0.5, 29.5], 30, below);
}
