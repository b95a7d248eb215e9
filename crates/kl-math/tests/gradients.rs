//! Gradients of the divergence, and what estimates them, against automatic differentiation (tests/reference/gradients.py).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use kl_math::distribution::{Categorical, Pair};
use kl_math::divergence::{
    Baseline, GradientRule, Importance, Quantity, Side, SymbolValues, Term, divergence_gradient,
};

fn numbers(text: &str) -> Vec<f64> {
    text.split(' ').map(|word| word.parse().unwrap()).collect()
}

fn rule(name: &str) -> GradientRule {
    match name {
        "k1_as_loss" => GradientRule::Loss(Term::K1),
        "k2_as_loss" => GradientRule::Loss(Term::K2),
        "k3_as_loss" => GradientRule::Loss(Term::K3),
        "k1_as_reward" => GradientRule::Reward(Term::K1, Baseline::Constant(0.3)),
        "k2_as_reward" => GradientRule::Reward(Term::K2, Baseline::Constant(0.0)),
        "k3_as_reward" => GradientRule::Reward(Term::K3, Baseline::Constant(0.0)),
        _ => panic!("unknown rule {name}"),
    }
}

/// The doubles of the script are right to some 1e-15 of the largest term.
#[test]
fn means_and_variances_are_those_of_automatic_differentiation() {
    let text = include_str!("../../../tests/reference/gradients.csv");
    let (mut rows, mut far) = (0, 0.0f64);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [p, q] = [cells[0], cells[1]].map(|cell| Categorical::new(numbers(cell)).unwrap());
        let pair = Pair::of(p, q).unwrap();
        let laws = pair.symbols().unwrap().laws();
        let logits = if cells[2] == "P" { Side::Source } else { Side::Model };
        let [truth, means, variances] = [cells[4], cells[5], cells[6]].map(numbers);
        let gradient = divergence_gradient(&laws, logits).unwrap();
        for component in 0..truth.len() {
            let quantity = Quantity::Gradient { side: logits, rule: rule(cells[3]), component };
            let found = SymbolValues::of_draws(&laws, quantity, Importance::Unweighted, false).unwrap();
            let size = 1.0 + found.values().iter().fold(0.0f64, |size, value| size.max(value.abs()));
            for (found, expected, size) in [
                (gradient[component], truth[component], size),
                (found.mean(), means[component], size),
                (found.spread().unwrap().variance, variances[component], size * size),
            ] {
                far = far.max((found - expected).abs() / size);
            }
        }
        rows += 1;
    }
    assert_eq!(rows, 450);
    assert!(far < 1e-14, "{far:e}");
}
