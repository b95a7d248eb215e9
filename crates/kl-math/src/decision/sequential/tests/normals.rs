//! Normal steps.

use super::*;

/// Integral equations in 30 digits.
#[test]
fn normals_are_those_of_integral_equations() {
    let mut rows = 0;
    for (laws, [low, high, _, p, q, _, length, _, log_ratio, _]) in reference("normal") {
        let (delta, truth) = (laws[0][0], laws[2][0]);
        let steps = StepLaw::Normal { mean: delta * truth - 0.5 * delta * delta, std_dev: delta };
        let rule = StoppingRule::between(low, high, 1_000_000).unwrap();
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        for (decision, chance) in [(Decision::P, p), (Decision::Q, q)] {
            assert!((law.chance(decision) - chance).abs() < 2e-13, "{laws:?} {:e}", law.chance(decision) - chance);
            assert!((law.chance(decision) - chance).abs() <= law.error());
        }
        near(law.mean_length(), length, 1e-12);
        near(law.mean_log_ratio().unwrap(), log_ratio, 1e-11);
        assert!(law.error() < 1e-11 && law.length_error() < 1e-9, "{:e} {:e}", law.error(), law.length_error());
        rows += 1;
    }
    assert_eq!(rows, 16);
}

/// Limits that move, in 30 digits.
#[test]
fn normals_between_moving_limits_are_those_of_quadrature() {
    let mut rows = 0;
    for kind in ["normal_peeking", "normal_mixture"] {
        for (laws, [one, two, max, _, q, undecided, length, variance, log_ratio, median]) in reference(kind) {
            let (delta, truth) = (laws[0][0], laws[2][0]);
            let (mean, square, max) = (0.5 * delta * delta, delta * delta, max as u64);
            let rule = match kind {
                "normal_peeking" => StoppingRule::peeking(one, two as u64, mean, square, max),
                _ => StoppingRule::mixture(one, two, mean, square, max),
            }
            .unwrap();
            let steps = StepLaw::Normal { mean: delta * truth - mean, std_dev: delta };
            let law = SequentialLaw::of(&steps, &rule).unwrap();
            near(law.chance(Decision::Q), q, 1e-12);
            near(law.chance(Decision::Undecided), undecided, 1e-12);
            near(law.mean_length(), length, 1e-12);
            near(law.length_variance(), variance, 1e-11);
            near(law.mean_log_ratio().unwrap(), log_ratio, 1e-11);
            assert_eq!(law.length_quantile(0.5), median as u64);
            assert!(law.error() < 1e-11);
            // The grid is for sequences that are too long for quadrature.
            let found = SequentialLaw::approximate(grid::followed(&steps, &rule).unwrap(), &rule);
            assert!((found.chance(Decision::Q) - q).abs() <= found.error());
            assert!((found.mean_length() - length).abs() <= found.length_error());
            rows += 1;
        }
    }
    assert_eq!(rows, 4);
}
