//! Finite alphabets.

use super::{Cumulants, Spread};
use crate::distribution::{ClosedFormSource, SymbolPair};
use crate::numeric::{DoubleDouble, divergence_term};

/// D = Σ q h((p−q)/q), every term of which is ≥ 0, so that nothing cancels however near Q is to P;
/// the central moments from ℓ = ln(p/q) about D. Relative error ≤ 2e-15 for D and ≤ 1e-13 for V.
pub(super) fn cumulants(pair: &SymbolPair) -> Cumulants {
    if pair.uncovered().next().is_some() {
        return of(f64::INFINITY, None);
    }
    let probabilities = || pair.source_probabilities().iter().zip(pair.model_probabilities()).zip(pair.log_ratios());
    let mean: DoubleDouble =
        probabilities().map(|((&p, &q), &ratio)| DoubleDouble::from(divergence_term(p, q, ratio))).sum();
    let mean = mean.to_f64();

    let mut possible = probabilities().filter(|((p, _), _)| p.to_f64() > 0.0).map(|(_, &ratio)| ratio);
    let first = possible.next();
    if possible.all(|ratio| Some(ratio) == first) {
        // One value only: the estimate is a constant.
        return of(mean, Some(Spread { variance: 0.0, higher: Some((0.0, 0.0)) }));
    }
    let (variance, higher) = central_moments(&pair.centred_log_ratios());
    of(mean, Some(Spread { variance, higher: Some(higher) }))
}

/// Variance, κ₃ and κ₄ from probabilities and values about their mean.
pub(super) fn central_moments(centred: &[(f64, f64)]) -> (f64, (f64, f64)) {
    let central = |power: u32| -> f64 {
        let raised = |value: f64, first: f64| (0..power).fold(first, |product, _| product * value);
        let term = |&(mass, value): &(f64, f64)| {
            let power = raised(value, 1.0);
            // A tiny mass makes small what alone is beyond a double.
            if power.is_finite() { mass * power } else { raised(value, mass) }
        };
        let terms = centred.iter().map(term);
        terms.map(DoubleDouble::from).sum::<DoubleDouble>().to_f64()
    };
    let variance = central(2);
    (variance, (central(3), central(4) - 3.0 * variance * variance))
}

fn of(mean: f64, spread: Option<Spread>) -> Cumulants {
    Cumulants { mean, spread, source: ClosedFormSource::ClosedForm, error: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::testing::pair;
    use proptest::prelude::*;

    fn found(p: &[f64], q: &[f64]) -> Cumulants {
        Cumulants::of(&pair(p, q))
    }

    #[test]
    fn the_fair_coin_against_nine_to_one() {
        let found = found(&[0.5, 0.5], &[0.9, 0.1]);
        // ½ ln(25/9) and (½ ln 9)², by 25-digit arithmetic.
        assert!((found.mean / 0.510_825_623_765_990_7 - 1.0).abs() < 2e-15, "{found:?}");
        assert!((found.spread.unwrap().variance / 1.206_948_960_812_582 - 1.0).abs() < 1e-14, "{found:?}");
    }

    #[test]
    fn mass_against_no_mass_is_infinite_and_never_nan() {
        assert_eq!(found(&[0.5, 0.5], &[1.0, 0.0]), of(f64::INFINITY, None));
    }

    #[test]
    fn no_mass_against_mass_adds_nothing_of_its_own() {
        let found = found(&[1.0, 0.0], &[0.5, 0.5]);
        assert_eq!(found.mean, std::f64::consts::LN_2);
        assert_eq!(found.spread, Some(Spread { variance: 0.0, higher: Some((0.0, 0.0)) }));
    }

    #[test]
    fn a_symbol_that_neither_has_changes_nothing() {
        let (with, without) = (found(&[0.5, 0.0, 0.5], &[0.4, 0.0, 0.6]), found(&[0.5, 0.5], &[0.4, 0.6]));
        assert_eq!(with, without);
    }

    #[test]
    fn the_smallest_doubles_do_not_overflow() {
        let found = found(&[0.5, 0.5], &[5e-324, 1.0]);
        // ½ ln(½/5e-324) + ½ ln ½, where 5e-324 stands for 2^−1074.
        let expected = 0.5 * (1074.0 * std::f64::consts::LN_2) - std::f64::consts::LN_2;
        assert!((found.mean / expected - 1.0).abs() < 1e-14, "{found:?} {expected}");
    }

    /// The moments by enumeration of all sequences of three symbols: E[L] = D, Var[L] = V/3.
    #[test]
    fn enumeration_of_short_sequences_gives_the_same_moments() {
        let (p, q) = ([0.2, 0.3, 0.5], [0.5, 0.25, 0.25]);
        let x: Vec<f64> = p.iter().zip(&q).map(|(p, q): (&f64, &f64)| libm::log(p / q)).collect();
        let mut moments = [0.0; 5];
        for i in 0..3 {
            for j in 0..3 {
                for k in 0..3 {
                    let (mass, value) = (p[i] * p[j] * p[k], (x[i] + x[j] + x[k]) / 3.0);
                    let mut power = 1.0;
                    for moment in &mut moments {
                        *moment += mass * power;
                        power *= value;
                    }
                }
            }
        }
        let [_, m1, m2, m3, m4] = moments;
        let variance = m2 - m1 * m1;
        let third = m3 - 3.0 * m1 * m2 + 2.0 * m1 * m1 * m1;
        let fourth = m4 - 4.0 * m1 * m3 - 3.0 * m2 * m2 + 12.0 * m1 * m1 * m2 - 6.0 * m1 * m1 * m1 * m1;
        let found = found(&p, &q);
        let spread = found.spread.unwrap();
        let higher = spread.higher.unwrap();
        assert!((found.mean - m1).abs() < 1e-15);
        assert!((spread.variance / 3.0 - variance).abs() < 1e-15);
        assert!((higher.0 / 9.0 - third).abs() < 1e-15);
        assert!((higher.1 / 27.0 - fourth).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn the_divergence_is_never_negative_and_zero_for_itself(
            weights in proptest::collection::vec((0.0f64..1.0, 0.0f64..1.0), 2..9)
        ) {
            let normalised = |weights: Vec<f64>| -> Vec<f64> {
                let sum: f64 = weights.iter().sum();
                weights.iter().map(|weight| weight / sum).collect()
            };
            let p = normalised(weights.iter().map(|pair| pair.0 + 1e-9).collect());
            let q = normalised(weights.iter().map(|pair| pair.1 + 1e-9).collect());
            let found = found(&p, &q);
            prop_assert!(found.mean >= 0.0 && found.spread.unwrap().variance >= 0.0);
            prop_assert_eq!(super::tests::found(&p, &p).mean, 0.0);
        }
    }
}
