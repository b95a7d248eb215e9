//! What is averaged over draws of normal laws, against integrals and automatic differentiation (tests/reference/normal_gradients.py).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may panic")]

use kl_math::distribution::{Behaviour, Normal, Pair};
use kl_math::divergence::{
    Baseline, Cumulants, GradientRule, Importance, NormalLaws, NormalValues, Quantity, Side, Term,
};

const POINTS: [f64; 5] = [-2.5, -1.0, 0.25, 1.5, 3.0];

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

fn law(mean: &str, spread: &str, is_variance: &str) -> Normal {
    let (mean, spread) = (number(mean), number(spread));
    if is_variance == "1" { Normal::with_variance(mean, spread) } else { Normal::new(mean, spread) }.unwrap()
}

fn quantity(cells: &[&str]) -> Quantity {
    let term = match cells[9] {
        "k1" => Term::K1,
        "k2" => Term::K2,
        "k3" => Term::K3,
        other => panic!("{other}"),
    };
    let rule = match cells[8] {
        "divergence" => return Quantity::Divergence(term),
        "loss" => GradientRule::Loss(term),
        "reward" => GradientRule::Reward(term, Baseline::Constant(0.3)),
        "reparameterised" => GradientRule::Reparameterized,
        other => panic!("{other}"),
    };
    let side = if cells[10] == "P" { Side::Source } else { Side::Model };
    Quantity::Gradient { side, rule, component: cells[11].parse().unwrap() }
}

/// The integrals have 25 digits, and automatic differentiation some 15 of the largest term.
#[test]
fn moments_are_those_of_integrals_and_values_those_of_automatic_differentiation() {
    let text = include_str!("../../../tests/reference/normal_gradients.csv");
    let (mut rows, mut infinite) = (0, 0);
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let target = Pair::of(law(cells[0], cells[1], cells[2]), law(cells[3], cells[4], cells[5])).unwrap();
        let behaviour = (!cells[6].is_empty())
            .then(|| Behaviour::new(target.clone(), law(cells[6], cells[7], "0").into()).unwrap());
        let laws = behaviour.as_ref().map_or_else(|| NormalLaws::of(&target), NormalLaws::of_behaviour).unwrap();
        let importance = match cells[12] {
            "unweighted" => Importance::Unweighted,
            "ratio" => Importance::Ratio,
            "clipped" => Importance::Clipped(number(cells[13])),
            other => panic!("{other}"),
        };
        let quantity = quantity(&cells);
        let found = NormalValues::of_draws(&laws, quantity, importance, cells[14] == "1").unwrap();
        let moments = found.moments();
        let near = |found: f64, expected: f64, room: f64, what: &str| {
            assert!((found - expected).abs() <= room, "{what}: {found:e} is not {expected:e} in {line}");
        };
        for (z, value) in POINTS.into_iter().zip(cells[18].split(' ')) {
            let expected = number(value);
            near(found.value(z), expected, 3e-13 * (1.0 + expected.abs()), "the value");
        }
        let truth = number(cells[15]);
        let exact = match quantity {
            Quantity::Divergence(_) => Cumulants::of(&target).mean,
            Quantity::Gradient { side, component, .. } => laws.gradient(side)[component],
        };
        near(exact, truth, 1e-13 * truth.abs(), "the gradient");
        rows += 1;
        let variance = match cells[17] {
            "" => {
                assert!(moments.mean.is_none_or(f64::is_infinite) && moments.variance.is_none(), "{line}: {moments:?}");
                infinite += 1;
                continue;
            }
            "inf" => {
                assert_eq!(moments.variance, Some(f64::INFINITY), "{line}");
                infinite += 1;
                f64::INFINITY
            }
            finite => number(finite),
        };
        let mean = number(cells[16]);
        let spread = if variance.is_finite() { variance.sqrt() } else { 0.0 };
        near(moments.mean.unwrap(), mean, 1e-12 * mean.abs() + 1e-15 * spread + 1e-30, "the mean");
        if variance.is_finite() {
            near(moments.variance.unwrap(), variance, 1e-12 * variance, "the variance");
        }
    }
    assert!(rows > 60 && infinite > 5, "{rows} rows, {infinite} of them infinite");
}
