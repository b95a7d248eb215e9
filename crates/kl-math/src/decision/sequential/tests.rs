use super::*;
use crate::distribution::Pair;
use crate::distribution::testing::symbols as pair_of;
use crate::numeric::DoubleDouble;
use proptest::prelude::*;

/// What all sequences of up to `max` symbols do, one by one.
#[derive(Debug, Default)]
struct Enumerated {
    chances: [f64; 3],
    length: f64,
    length_square: f64,
    log_ratio: f64,
    rate: f64,
    rate_square: f64,
    /// P(τ = n).
    at: Vec<f64>,
    beyond: [f64; 2],
}

fn enumerated(atoms: &[(f64, DoubleDouble)], rule: &StoppingRule) -> Enumerated {
    let mut found = Enumerated { at: vec![0.0; rule.max() as usize + 1], ..Enumerated::default() };
    enumerate(atoms, rule, &mut vec![0; atoms.len()], 1.0, &mut found);
    found
}

fn enumerate(
    atoms: &[(f64, DoubleDouble)],
    rule: &StoppingRule,
    counts: &mut [u64],
    mass: f64,
    found: &mut Enumerated,
) {
    for place in 0..atoms.len() {
        counts[place] += 1;
        let (n, mass) = (counts.iter().sum::<u64>(), mass * atoms[place].1.to_f64());
        let terms = atoms.iter().zip(&*counts).filter(|(_, count)| **count > 0);
        let sum: DoubleDouble =
            terms.map(|(atom, &count)| DoubleDouble::from(count as f64) * DoubleDouble::from(atom.0)).sum();
        let value = sum.to_f64();
        match rule.decide(n, value) {
            None => enumerate(atoms, rule, counts, mass, found),
            Some(decision) => {
                let end = Decision::ALL.iter().position(|&other| other == decision).unwrap();
                found.chances[end] += mass;
                found.at[n as usize] += mass;
                found.length += mass * n as f64;
                found.length_square += mass * (n * n) as f64;
                found.log_ratio += mass * value;
                found.rate += mass * value / n as f64;
                found.rate_square += mass * (value / n as f64) * (value / n as f64);
                if let (Some((lower, upper)), true) = (rule.constant_limits(), value.is_finite() && end < 2) {
                    found.beyond[end] += mass * if end == 0 { value - upper } else { lower - value };
                }
            }
        }
        counts[place] -= 1;
    }
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    let is_near = found == expected || (found - expected).abs() <= tolerance * expected.abs().max(1e-3);
    assert!(is_near, "{found:e} is not {expected:e}");
}

#[track_caller]
fn agree(law: &SequentialLaw, truth: &Enumerated, is_finite: bool) {
    for (decision, &chance) in Decision::ALL.into_iter().zip(&truth.chances) {
        near(law.chance(decision), chance, 1e-13);
    }
    near(law.mean_length(), truth.length, 1e-13);
    near(law.length_variance() + truth.length * truth.length, truth.length_square, 1e-12);
    let mut sum = 0.0;
    for (n, &mass) in truth.at.iter().enumerate() {
        sum += mass;
        near(law.length_at_most(n as u64), sum, 1e-12);
        if mass > 1e-9 {
            assert_eq!(law.length_quantile(sum - 0.5 * mass), n as u64);
        }
    }
    if is_finite {
        near(law.mean_log_ratio().unwrap(), truth.log_ratio, 1e-12);
        let (mean, variance, _) = law.rate_moments().unwrap();
        near(mean, truth.rate, 1e-12);
        near(variance + truth.rate * truth.rate, truth.rate_square, 1e-12);
        for (end, decision) in [Decision::P, Decision::Q].into_iter().enumerate() {
            let overshoot = law.overshoot(decision).map(|beyond| beyond * truth.chances[end]);
            if let Some(beyond) = overshoot {
                near(beyond, truth.beyond[end], 1e-12);
            }
        }
    }
}

/// Every kind of rule, with limits that sequences of a few symbols reach.
fn rules(kind: u8, a: f64, b: f64, mean: f64, variance: f64, max: u64) -> StoppingRule {
    match kind {
        0 => StoppingRule::between(-a, b, max),
        1 => StoppingRule::wald(0.02 + 0.3 * a, 0.02 + 0.3 * b, max),
        2 => StoppingRule::peeking(a, 1 + (3.0 * b) as u64, mean, variance, max),
        _ => StoppingRule::mixture(0.05 + 0.3 * a, 0.1 + b, mean, variance, max),
    }
    .unwrap()
}

proptest! {
    /// Two symbols, and two beside ones that only P or only Q can produce.
    #[test]
    fn two_values_are_those_of_all_sequences(
        (p, q) in (0.05..0.95f64, 0.05..0.95f64),
        (kind, a, b) in (0u8..4, 0.05..1.5f64, 0.05..1.5f64),
        (impossible, max, is_model) in (0usize..4, 1u64..10, any::<bool>()),
    ) {
        let part = |is_there: bool| if is_there { 0.125 } else { 0.0 };
        let (only_p, only_q) = (part(impossible & 1 == 1), part(impossible & 2 == 2));
        let pair = pair_of(
            &[p * (1.0 - only_p), (1.0 - p) * (1.0 - only_p), only_p, 0.0],
            &[q * (1.0 - only_q), (1.0 - q) * (1.0 - only_q), 0.0, only_q],
        );
        let pair = Pair::Symbols(pair);
        let steps = if is_model { StepLaw::of_model(&pair) } else { StepLaw::of(&pair) }.unwrap();
        let StepLaw::Atoms(atoms) = &steps else { panic!("atoms") };
        let finite: Vec<f64> = atoms.iter().map(|atom| atom.0).filter(|value| value.is_finite()).collect();
        let spread = (finite[0] - finite[finite.len() - 1]).abs().max(0.1);
        let rule = rules(kind, a, b, finite[0] + 0.5 * spread, 0.25 * spread * spread, max);
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        agree(&law, &enumerated(atoms, &rule), finite.len() == atoms.len());
        let sum: f64 = Decision::ALL.into_iter().map(|decision| law.chance(decision)).sum();
        prop_assert!((sum - 1.0).abs() < 1e-14);
    }
}

/// A row of tests/reference/sequential.csv, by the heads of its columns.
fn reference(kind: &str) -> Vec<(Vec<Vec<f64>>, [f64; 10])> {
    let numbers = |cell: &str| cell.split(' ').map(|number| number.parse().unwrap_or(f64::NAN)).collect::<Vec<f64>>();
    let rows = include_str!("../../../../../tests/reference/sequential.csv").lines().skip(1);
    let rows = rows.map(|line| line.split(',').collect::<Vec<_>>()).filter(|cells| cells[0] == kind);
    rows.map(|cells| {
        let laws = cells[1..4].iter().map(|cell| numbers(cell)).collect();
        let values: Vec<f64> = cells[4..].iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect();
        (laws, values.try_into().unwrap())
    })
    .collect()
}

fn steps_of(laws: &[Vec<f64>]) -> StepLaw {
    let pair = pair_of(&laws[0], &laws[1]);
    let truth = pair_of(&laws[2], &laws[1]);
    StepLaw::atoms(pair.log_ratios(), truth.source_probabilities())
}

/// Dynamic programming in fractions, and in 50 digits.
#[test]
fn coins_are_those_of_fractions() {
    let mut rows = 0;
    for (laws, [low, high, max, p, q, undecided, length, variance, log_ratio, median]) in reference("limits") {
        if laws[0].len() > 2 {
            continue;
        }
        let rule = StoppingRule::between(low, high, max as u64).unwrap();
        let law = SequentialLaw::of(&steps_of(&laws), &rule).unwrap();
        for (decision, chance) in [(Decision::P, p), (Decision::Q, q)] {
            assert!((law.chance(decision) / chance - 1.0).abs() < 1e-13, "{laws:?}");
        }
        assert!((law.chance(Decision::Undecided) - undecided).abs() < 1e-15);
        near(law.mean_length(), length, 1e-13);
        near(law.length_variance(), variance, 1e-12);
        near(law.mean_log_ratio().unwrap(), log_ratio, 1e-12);
        assert_eq!(law.length_quantile(0.5), median as u64);
        rows += 1;
    }
    assert_eq!(rows, 11);
}

#[test]
fn looks_after_every_toss_raise_false_alarms() {
    let mut rows = 0;
    for (laws, [z, first, max, _, q, undecided, length, variance, log_ratio, median]) in reference("peeking") {
        let steps = steps_of(&laws);
        let (mean, variance_of_one) = steps.moments().unwrap();
        let rule = StoppingRule::peeking(z, first as u64, mean, variance_of_one, max as u64).unwrap();
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        near(law.chance(Decision::Q), q, 1e-13);
        near(law.chance(Decision::Undecided), undecided, 1e-13);
        near(law.mean_length(), length, 1e-13);
        near(law.length_variance(), variance, 1e-12);
        near(law.mean_log_ratio().unwrap(), log_ratio, 1e-11);
        assert_eq!(law.length_quantile(0.5), median as u64);
        rows += 1;
    }
    assert_eq!(rows, 2);
}

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
        (-1.0, 0.0128, 28_982.0, [15_842.0, 24_199.0, 36_892.0, 53_050.0]),
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
    assert!(exact.error() < 1e-12);
    let found = SequentialLaw::approximate(grid::followed(steps, rule).unwrap(), rule);
    for decision in Decision::ALL {
        let off = (found.chance(decision) - exact.chance(decision)).abs();
        assert!(off <= found.error(), "{off:e} {:e} {exact:?}", found.error());
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

#[test]
fn three_values_are_those_of_fractions() {
    let mut rows = 0;
    for (laws, [low, high, max, p, q, undecided, length, variance, log_ratio, median]) in reference("limits") {
        if laws[0].len() == 2 {
            continue;
        }
        let rule = StoppingRule::between(low, high, max as u64).unwrap();
        let law = SequentialLaw::of(&steps_of(&laws), &rule).unwrap();
        for (decision, chance) in [(Decision::P, p), (Decision::Q, q), (Decision::Undecided, undecided)] {
            assert!((law.chance(decision) / chance - 1.0).abs() < 1e-13, "{laws:?}");
        }
        near(law.mean_length(), length, 1e-13);
        near(law.length_variance(), variance, 1e-12);
        near(law.mean_log_ratio().unwrap(), log_ratio, 1e-12);
        assert_eq!(law.length_quantile(0.5), median as u64);
        rows += 1;
    }
    assert_eq!(rows, 7);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Three and four symbols, evenly spaced ones among them, by both exact methods.
    #[test]
    fn few_values_are_those_of_all_sequences(
        p in proptest::array::uniform4(0.05..1.0f64),
        q in proptest::array::uniform4(0.05..1.0f64),
        (kind, a, b) in (0u8..4, 0.05..1.5f64, 0.05..1.5f64),
        (size, max, is_spaced, is_covered) in (3usize..5, 1u64..7, any::<bool>(), any::<bool>()),
    ) {
        let scaled = |weights: &[f64]| {
            let sum: f64 = weights.iter().sum();
            weights.iter().map(|weight| weight / sum).collect::<Vec<_>>()
        };
        let (mut p, mut q) = (scaled(&p[..size]), scaled(&q[..size]));
        if is_spaced {
            let tilted: Vec<f64> = [1.0, 2.0, 4.0, 16.0].iter().zip(&p).map(|(factor, p)| factor * p).collect();
            q = scaled(&tilted);
        }
        if !is_covered {
            p.extend([0.25, 0.0]);
            q.extend([0.0, 0.125]);
        }
        let pair = Pair::Symbols(pair_of(&scaled(&p), &scaled(&q)));
        let steps = StepLaw::of(&pair).unwrap();
        let StepLaw::Atoms(atoms) = &steps else { panic!("atoms") };
        prop_assert_eq!(EvenlySpaced::of(atoms).is_some(), is_spaced);
        let rule = rules(kind, a, b, 0.1, 0.5, max);
        let truth = enumerated(atoms, &rule);
        agree(&SequentialLaw::of(&steps, &rule).unwrap(), &truth, is_covered);
        if max < 4 {
            let counted = count_vectors::followed(atoms, &rule).unwrap();
            agree(&SequentialLaw::exact(counted, &rule), &truth, is_covered);
        }
    }
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

/// Piecewise polynomials.
#[test]
fn exponentials_are_those_of_waiting_times() {
    let mut rows = 0;
    for (laws, [low, high, max, p, q, undecided, length, variance, log_ratio, median]) in reference("exponential") {
        let [source, model] = [0, 1].map(|side| crate::distribution::Exponential::new(laws[side][0]).unwrap());
        let pair = Pair::of(source, model).unwrap();
        let steps = if laws[2] == laws[0] { StepLaw::of(&pair) } else { StepLaw::of_model(&pair) }.unwrap();
        let rule = StoppingRule::between(low, high, max as u64).unwrap();
        let law = SequentialLaw::of(&steps, &rule).unwrap();
        println!("{laws:?} {} {}", law.error(), law.length_error());
        for (decision, chance) in [(Decision::P, p), (Decision::Q, q), (Decision::Undecided, undecided)] {
            println!("   {:e}", law.chance(decision) - chance);
            assert!((law.chance(decision) - chance).abs() <= law.error());
        }
        println!(
            "   {:e} {:e} {:e}",
            law.mean_length() - length,
            law.length_variance() - variance,
            law.mean_log_ratio().unwrap() - log_ratio
        );
        assert!((law.mean_length() - length).abs() <= law.length_error());
        assert_eq!(law.length_quantile(0.5), median as u64);
        rows += 1;
    }
    assert_eq!(rows, 6);
}

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
