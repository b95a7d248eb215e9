//! Laws beside enumeration, and beside other programs' numbers.

mod exact;
mod grids;
mod normals;
mod other_truths;

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

/// A row of tests/reference/sequential.csv, by the heads of its columns.
fn reference(kind: &str) -> Vec<(Vec<Vec<f64>>, [f64; 10])> {
    let numbers = |cell: &str| cell.split(' ').map(|number| number.parse().unwrap_or(f64::NAN)).collect::<Vec<f64>>();
    let rows = include_str!("../../../../../../tests/reference/sequential.csv").lines().skip(1);
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
