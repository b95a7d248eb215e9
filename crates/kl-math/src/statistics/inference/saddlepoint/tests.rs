//! Tails against exact laws.

use super::*;
use crate::distribution::LogRatioForm;
use crate::divergence::{FiniteCumulants, FormCumulants, VarianceAlone};
use crate::law::Gamma;

fn finite(terms: &[(f64, f64)]) -> FiniteCumulants {
    let mean: f64 = terms.iter().map(|(mass, value)| mass * value).sum();
    FiniteCumulants::new(terms.iter().map(|&(mass, value)| (mass, value - mean)).collect())
}

/// The law of the sum of whole numbers, by convolution: P(S = i).
fn whole_sums(terms: &[(f64, usize)], count: usize) -> Vec<f64> {
    let mut law = vec![1.0];
    for _ in 0..count {
        let mut next = vec![0.0; law.len() + terms.iter().map(|(_, step)| *step).max().unwrap()];
        for (sum, mass) in law.iter().enumerate() {
            terms.iter().for_each(|(chance, step)| next[sum + step] += mass * chance);
        }
        law = next;
    }
    law
}

/// Every sum with a two-sided p-value down to 1e-6: the largest relative error of each method.
fn worst_on_lattice(terms: &[(f64, usize)], count: usize) -> Vec<(TailMethod, f64)> {
    let law = whole_sums(terms, count);
    let values: Vec<(f64, f64)> = terms.iter().map(|&(mass, step)| (mass, step as f64)).collect();
    let cumulants = finite(&values);
    let mean: f64 = values.iter().map(|(mass, value)| mass * value).sum();
    let mut worst: Vec<(TailMethod, f64)> = Vec::new();
    let (mut below, whole) = (0.0, law.iter().sum::<f64>());
    for (sum, mass) in law.iter().enumerate() {
        let upper: f64 = law[sum..].iter().sum();
        below += mass;
        let truth = (2.0 * upper.min(below) / whole).min(1.0);
        if *mass > 0.0 && truth > 1e-6 {
            let deviation = sum as f64 / count as f64 - mean;
            let (p, method) =
                two_sided_p_value(&cumulants, deviation, count as f64).unwrap_or((f64::NAN, TailMethod::Exact));
            let error = (p / truth - 1.0).abs();
            match worst.iter_mut().find(|(other, _)| *other == method) {
                Some((_, largest)) => *largest = if error.is_nan() { error } else { largest.max(error) },
                None => worst.push((method, error)),
            }
        }
    }
    worst
}

#[track_caller]
fn is_within(terms: &[(f64, usize)], count: usize, expected: &[(TailMethod, f64)]) {
    let worst = worst_on_lattice(terms, count);
    assert_eq!(worst.len(), expected.len(), "{worst:?}");
    for (method, most) in expected {
        assert!(worst.iter().any(|(found, error)| found == method && error <= most), "{worst:?}");
    }
}

#[test]
fn sums_of_few_values_are_exact() {
    is_within(&[(0.5, 0), (0.3, 1), (0.2, 2)], 30, &[(TailMethod::Exact, 1e-7)]);
    is_within(&[(0.5, 0), (0.3, 1), (0.2, 2)], 100, &[(TailMethod::Exact, 1e-7)]);
    is_within(&[(0.4, 0), (0.3, 1), (0.15, 3), (0.15, 4)], 100, &[(TailMethod::Exact, 1e-7)]);
}

/// With the atom in both tails: without it p is off by up to a third.
#[test]
fn sums_on_a_lattice_are_near() {
    let ten: Vec<(f64, usize)> = (0..10).map(|value| (0.1, value)).collect();
    is_within(&ten, 100, &[(TailMethod::Saddlepoint, 5e-4)]);
    is_within(&[(0.5, 0), (0.3, 1), (0.2, 2)], 1000, &[(TailMethod::Saddlepoint, 1e-4)]);
    is_within(&[(0.4, 0), (0.3, 1), (0.15, 3), (0.15, 4)], 1000, &[(TailMethod::Saddlepoint, 1e-4)]);
}

/// A value that comes about once and makes a step of its own.
#[test]
fn rare_steps_are_counted() {
    is_within(&[(0.5, 0), (0.3, 1), (0.199, 2), (0.001, 30)], 1000, &[(TailMethod::Saddlepoint, 0.01)]);
    is_within(&[(0.5, 0), (0.3, 1), (0.1995, 2), (0.0005, 60)], 600, &[(TailMethod::Saddlepoint, 0.01)]);
}

/// K of E − 1, E standard exponential; sums are of gamma laws.
fn exponential() -> FormCumulants {
    FormCumulants::of(&LogRatioForm::Exponential { constant: -1.0, slope: 1.0 })
}

fn gamma_p_value(count: f64, deviation: f64) -> f64 {
    let (law, at) = (Gamma::new(count, 1.0), count * (1.0 + deviation));
    (2.0 * law.lower_tail(at).min(law.upper_tail(at))).min(1.0)
}

#[test]
fn sums_of_exponential_numbers_are_near() {
    for count in [100.0, 1e4, 1e8] {
        for step in -50..=50 {
            let deviation = f64::from(step) / 10.0 / f64::sqrt(count);
            let (p, method) = two_sided_p_value(&exponential(), deviation, count).unwrap();
            let error = p / gamma_p_value(count, deviation) - 1.0;
            assert!(error.abs() < 5e-5 && method == TailMethod::Saddlepoint, "{count} {step}: {error:e}");
        }
    }
}

/// Around the mean, where 1/u − 1/w is a difference of large numbers, there is neither a gap nor noise.
#[test]
fn near_the_mean_nothing_cancels() {
    let count = 100.0;
    let places = (-60..=60).map(|step| 1e-4 * f64::from(step)).chain([1e-12, -1e-12, 1e-7, -1e-7, 1.999e-3, 2.001e-3]);
    for standardised in places {
        let deviation = standardised / f64::sqrt(count);
        let (p, _) = two_sided_p_value(&exponential(), deviation, count).unwrap();
        let error = p - gamma_p_value(count, deviation);
        assert!(error.abs() < 2e-6, "{standardised}: {error:e}");
    }
}

#[test]
fn what_is_not_near_is_none() {
    // Fewer than a hundred terms, and too many values for a sum over all.
    let many = finite(&(0..50).map(|value| (0.02, libm::sqrt(f64::from(value)))).collect::<Vec<_>>());
    assert_eq!(two_sided_p_value(&many, 0.1, 99.0), None);
    assert!(two_sided_p_value(&many, 0.1, 100.0).is_some());
    // Beyond the largest value, and at it: no tilt leads there.
    assert_eq!(two_sided_p_value(&many, 100.0, 100.0), None);
    // No exponential has a mean.
    assert_eq!(two_sided_p_value(&VarianceAlone { variance: 1.0, scale: 0.0 }, 0.1, 1e4), None);
    // No spread.
    assert_eq!(two_sided_p_value(&finite(&[(1.0, 3.0)]), 0.0, 1e4), None);
}
