//! Tails against exact laws.

use super::*;
use crate::divergence::FiniteCumulants;

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
            let (p, method) = two_sided_p_value(&cumulants, deviation, count as f64).unwrap_or((f64::NAN, TailMethod::Exact));
            let error = (p / truth - 1.0).abs();
            match worst.iter_mut().find(|(other, _)| *other == method) {
                Some((_, largest)) => *largest = if error.is_nan() { error } else { largest.max(error) },
                None => worst.push((method, error)),
            }
        }
    }
    worst
}

#[test]
fn explore() {
    for (terms, count) in [
        (&[(0.5, 0), (0.3, 1), (0.2, 2)][..], 100),
        (&[(0.5, 0), (0.3, 1), (0.2, 2)][..], 400),
        (&[(0.5, 0), (0.3, 1), (0.2, 2)][..], 1000),
        (&[(0.4, 0), (0.3, 1), (0.15, 3), (0.15, 4)][..], 100),
        (&[(0.4, 0), (0.3, 1), (0.15, 3), (0.15, 4)][..], 1000),
        (&[(0.3, 0), (0.3, 1), (0.15, 3), (0.15, 4), (0.1, 9)][..], 100),
        (&[(0.3, 0), (0.3, 1), (0.15, 3), (0.15, 4), (0.1, 9)][..], 1000),
        (&[(0.3, 0), (0.3, 1), (0.15, 3), (0.15, 4), (0.1, 5), (0.0, 6)][..], 300),
        (&[(0.1, 0), (0.1, 1), (0.1, 2), (0.1, 3), (0.1, 4), (0.1, 5), (0.1, 6), (0.1, 7), (0.1, 8), (0.1, 9)][..], 100),
        (&[(0.5, 0), (0.3, 1), (0.199, 2), (0.001, 30)][..], 1000),
        (&[(0.5, 0), (0.3, 1), (0.199, 2), (0.001, 30)][..], 3000),
        (&[(0.5, 0), (0.3, 1), (0.1995, 2), (0.0005, 60)][..], 600),
    ] {
        println!("{count} {terms:?}: {:?}", worst_on_lattice(terms, count));
    }
}
