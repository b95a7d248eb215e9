//! Few values.

use super::*;

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
