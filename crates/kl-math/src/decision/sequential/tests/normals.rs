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

/// The first look comes after the last value: Λ is normal.
#[test]
fn tests_without_a_look_are_undecided() {
    let rule = StoppingRule::peeking(1.96, 101, 0.5, 1.0, 100).unwrap();
    let law = SequentialLaw::of(&StepLaw::Normal { mean: 0.5, std_dev: 1.0 }, &rule).unwrap();
    assert_eq!((law.chance(Decision::Undecided), law.mean_length(), law.length_variance()), (1.0, 100.0, 0.0));
    let (mean, variance, error) = law.rate_moments().unwrap();
    assert!((mean - 0.5).abs() < 1e-15 && (variance - 0.01).abs() < 1e-15 && error < 1e-13 && law.error() < 1e-13);
}

/// The likelihood ratio: P_P(decides P) = E_Q[e^Λ; decides P].
#[test]
fn chances_under_p_and_q_are_of_one_martingale() {
    // Small normal steps go 0.5826 standard deviations beyond a limit (Siegmund).
    let (delta, upper) = (0.05, 1.0);
    let rule = StoppingRule::between(-1.0, upper, 100_000).unwrap();
    let [p, q] = [0.5, -0.5].map(|sign| {
        let steps = StepLaw::Normal { mean: sign * delta * delta, std_dev: delta };
        SequentialLaw::of(&steps, &rule).unwrap()
    });
    let ratio = p.chance(Decision::P) / q.chance(Decision::P);
    let beyond = libm::log(ratio) - upper;
    assert!((beyond / (0.582_597 * delta) - 1.0).abs() < 0.01, "{beyond}");
    // The mean distance beyond the limit lies between that under Q and that under P (Jensen).
    let [under_p, under_q] = [&p, &q].map(|law| law.overshoot(Decision::P).unwrap());
    assert!(under_q < beyond && beyond < under_p, "{under_q} {beyond} {under_p}");
}
