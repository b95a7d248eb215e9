//! Laws of a step.

use super::*;

/// A third truth of symbols, of normals, and counts: means by hand, and E Λ_τ = E X · E τ.
#[test]
fn steps_of_other_truths_and_of_counts() {
    use crate::distribution::{Behaviour, Bernoulli, Normal, Poisson};
    let pair = Pair::of(Normal::new(1.0, 2.0).unwrap(), Normal::new(0.0, 2.0).unwrap()).unwrap();
    let behaviour = Behaviour::new(pair, Normal::new(3.0, 0.5).unwrap().into()).unwrap();
    // ln(p/q) = (x − ½)/4.
    let (mean, variance) = StepLaw::of_behaviour(&behaviour).unwrap().moments().unwrap();
    assert!((mean - 0.625).abs() < 1e-15 && (variance - 0.015_625).abs() < 1e-16);
    let pair = Pair::of(Bernoulli::new(0.5).unwrap(), Bernoulli::new(0.25).unwrap()).unwrap();
    let behaviour = Behaviour::new(pair, Bernoulli::new(0.75).unwrap().into()).unwrap();
    let (mean, _) = StepLaw::of_behaviour(&behaviour).unwrap().moments().unwrap();
    assert!((mean - (0.75 * libm::log(2.0) - 0.25 * libm::log(1.5))).abs() < 1e-15);

    let pair = Pair::of(Poisson::new(3.0).unwrap(), Poisson::new(2.0).unwrap()).unwrap();
    for (steps, sign) in [(StepLaw::of(&pair).unwrap(), 1.0), (StepLaw::of_model(&pair).unwrap(), -1.0)] {
        let (mean, variance) = steps.moments().unwrap();
        let (rate, slope) = (if sign > 0.0 { 3.0 } else { 2.0 }, libm::log(1.5));
        near(mean, rate * slope - 1.0, 1e-14);
        near(variance, rate * slope * slope, 1e-13);
        let rule = StoppingRule::between(-3.0, 3.0, 300).unwrap();
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        assert!(law.error() < 1e-12);
        near(law.mean_log_ratio().unwrap(), mean * law.mean_length(), 1e-12);
        // Wald's inequality.
        let wrong = if sign > 0.0 { Decision::Q } else { Decision::P };
        assert!(law.chance(wrong) < libm::exp(-3.0) && law.chance(wrong) > 0.5 * libm::exp(-3.0));
    }
}
