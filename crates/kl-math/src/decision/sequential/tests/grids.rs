//! Long tests, and other laws of a step, on grids.

use super::*;

fn bayes_elo(elo: f64, draw: f64) -> [f64; 3] {
    let chance = |x: f64| 1.0 / (1.0 + libm::exp10(x / 400.0));
    let (win, loss) = (chance(draw - elo), chance(draw + elo));
    [win, 1.0 - win - loss, loss]
}

/// A simulation of 20,000 runs each: rates to 0.35 %, means to 0.5 %.
#[test]
fn chess_engines_are_tested_for_so_many_games() {
    let (p, q) = (bayes_elo(4.0, 250.0), bayes_elo(0.0, 250.0));
    let rule = StoppingRule::wald(0.05, 0.05, 500_000).unwrap();
    for (elo, passed, mean, quantiles) in [
        (2.0, 0.5031, 65_163.0, [27_763.0, 48_987.0, 85_860.0, 134_934.0]),
        (4.0, 0.9506, 39_821.0, [19_647.0, 31_877.0, 51_575.0, 76_254.0]),
    ] {
        let steps = steps_of(&[p.to_vec(), q.to_vec(), bayes_elo(elo, 250.0).to_vec()]);
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        assert!((law.chance(Decision::P) - passed).abs() < 0.01);
        assert!((law.mean_length() / mean - 1.0).abs() < 0.01);
        for (level, n) in [0.25, 0.5, 0.75, 0.9].into_iter().zip(quantiles) {
            assert!((law.length_quantile(level) as f64 / n - 1.0).abs() < 0.02);
        }
        assert!(law.error() < 1.5e-4 && law.length_error() < 1e-3 * mean);
        // E Λ_τ = E X · E τ.
        let (drift, _) = steps.moments().unwrap();
        assert!((law.mean_log_ratio().unwrap() - drift * law.mean_length()).abs() < 1e-6);
    }
}

#[track_caller]
fn grid_is_within_its_errors(steps: &StepLaw, rule: &StoppingRule) {
    let exact = SequentialLaw::of(steps, rule).unwrap();
    assert!(exact.error() < 1e-9);
    let found = SequentialLaw::approximate(grid::followed(steps, rule).unwrap(), rule);
    for decision in Decision::ALL {
        let off = (found.chance(decision) - exact.chance(decision)).abs();
        assert!(off <= found.error(), "{off:e} {:e} {steps:?} {rule:?}", found.error());
    }
    assert!((found.mean_length() - exact.mean_length()).abs() <= found.length_error());
    let [rate, other] = [&found, &exact].map(|law| law.rate_moments().unwrap().0);
    assert!((rate - other).abs() <= found.errors.rate);
}

/// The grid beside what is exact.
#[test]
fn grids_are_within_their_errors() {
    let mut rows = 0;
    for (laws, [low, high, max, ..]) in reference("limits") {
        grid_is_within_its_errors(&steps_of(&laws), &StoppingRule::between(low, high, max as u64).unwrap());
        rows += 1;
    }
    assert_eq!(rows, 18);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn grids_of_any_rule_are_within_their_errors(
        (p, q) in (proptest::array::uniform3(0.2..1.0f64), proptest::array::uniform3(0.2..1.0f64)),
        (kind, a, b, max) in (0u8..4, 0.1..1.0f64, 0.1..1.0f64, 1u64..120),
    ) {
        let scaled = |weights: &[f64]| {
            let sum: f64 = weights.iter().sum();
            weights.iter().map(|weight| weight / sum).collect::<Vec<_>>()
        };
        let pair = Pair::Symbols(pair_of(&scaled(&p), &scaled(&q)));
        let steps = StepLaw::of(&pair).unwrap();
        let (mean, variance) = steps.moments().unwrap();
        prop_assume!(variance > 1e-3);
        grid_is_within_its_errors(&steps, &rules(kind, a, b, mean, variance, max));
    }
}

/// Piecewise polynomials.
#[test]
fn exponentials_are_those_of_waiting_times() {
    let mut rows = 0;
    for (laws, [low, high, max, p, q, undecided, length, _, log_ratio, median]) in reference("exponential") {
        let [source, model] = [0, 1].map(|side| crate::distribution::Exponential::new(laws[side][0]).unwrap());
        let pair = Pair::of(source, model).unwrap();
        let steps = if laws[2] == laws[0] { StepLaw::of(&pair) } else { StepLaw::of_model(&pair) }.unwrap();
        let rule = StoppingRule::between(low, high, max as u64).unwrap();
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        for (decision, chance) in [(Decision::P, p), (Decision::Q, q), (Decision::Undecided, undecided)] {
            assert!((law.chance(decision) - chance).abs() <= law.error());
        }
        assert!((law.mean_length() - length).abs() <= law.length_error());
        near(law.mean_log_ratio().unwrap(), log_ratio, 1e-4);
        assert!(law.error() < 3e-5 && law.length_error() < 1e-3);
        assert_eq!(law.length_quantile(0.5), median as u64);
        rows += 1;
    }
    assert_eq!(rows, 6);
}

/// Thousands of symbols: little is left of where exactly the values are.
#[test]
fn grids_of_long_tests_are_within_small_errors() {
    let rule = StoppingRule::wald(0.05, 0.05, 1_000_000).unwrap();
    for (p, q) in [([0.5, 0.5], [0.48, 0.52]), ([0.3, 0.7], [0.28, 0.72])] {
        let steps = steps_of(&[p.to_vec(), q.to_vec(), p.to_vec()]);
        grid_is_within_its_errors(&steps, &rule);
        let found = SequentialLaw::approximate(grid::followed(&steps, &rule).unwrap(), &rule);
        assert!(found.error() < 1e-4 && found.length_error() < 1e-3 * found.mean_length(), "{:?}", found.errors);
    }
}
