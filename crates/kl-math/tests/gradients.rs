//! Gradients of the divergence, and what estimates them, against automatic differentiation (tests/reference/gradients.py).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use kl_math::distribution::{Categorical, Pair};
use kl_math::divergence::{GradientRule, Logits, SymbolValues, divergence_gradient};

fn numbers(text: &str) -> Vec<f64> {
    text.split(' ').map(|word| word.parse().unwrap()).collect()
}

fn rule(name: &str) -> GradientRule {
    match name {
        "k1_as_loss" => GradientRule::K1AsLoss,
        "k2_as_loss" => GradientRule::K2AsLoss,
        "k3_as_loss" => GradientRule::K3AsLoss,
        "k1_as_reward" => GradientRule::K1AsReward { baseline: 0.3 },
        "k2_as_reward" => GradientRule::K2AsReward,
        "k3_as_reward" => GradientRule::K3AsReward,
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
        let symbols = pair.symbols().unwrap();
        let logits = if cells[2] == "P" { Logits::Source } else { Logits::Model };
        let [truth, means, variances] = [cells[4], cells[5], cells[6]].map(numbers);
        let gradient = divergence_gradient(symbols, logits).unwrap();
        for component in 0..truth.len() {
            let found = SymbolValues::of_gradient(symbols, logits, rule(cells[3]), component).unwrap();
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
