//! A model that is a mixture, one part of which lies where the source has nothing.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use kl_math::distribution::{Mixture, Normal, Pair};
use kl_math::divergence::Divergence;

/// KL(P‖Q) is that from the near part less ln(1 − w), to far more digits than a double has, w the weight of the far part. It was w²/2 once, since ∫ (p ln(p/q) − p + q) was not taken where that part of q is.
#[test]
fn a_far_part_of_the_model_is_not_missed() {
    let mut answered = 0;
    for weight in [1e-6, 0.001, 0.003, 0.005, 0.01, 0.1] {
        for far in [60.0, 1_000.0, 1e5] {
            let p = Normal::new(0.0, 1.0).unwrap();
            let near = Normal::new(0.01, 1.01).unwrap();
            let exact = Divergence::of(&Pair::of(p.clone(), near.clone()).unwrap()).mean - libm::log1p(-weight);
            let parts = [(1.0 - weight, near), (weight, Normal::new(far, 1.0).unwrap())];
            let Ok(pair) = Pair::of(p, Mixture::new(parts).unwrap()) else { continue };
            let found = Divergence::of(&pair);
            let error = found.error.unwrap_or(0.0).min(1e-10 * exact) + 1e-13 * exact;
            assert!((found.mean - exact).abs() <= error, "{weight} {far}: {} is not {exact}", found.mean);
            answered += 1;
        }
    }
    assert!(answered >= 12, "{answered} of 18");
}
