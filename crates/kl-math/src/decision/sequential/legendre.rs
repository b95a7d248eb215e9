//! Gauss–Legendre rules of any order.

use std::f64::consts::PI;

/// The nodes and weights on [−1, 1] of the rule with `order` ≥ 1 nodes, by rising node: roots of Pₘ by Newton's method, weights
/// 2/((1 − x²) Pₘ′(x)²) (NIST Handbook, 3.5.19).
pub(super) fn gauss_legendre(order: u32) -> Vec<(f64, f64)> {
    let degree = f64::from(order);
    let mut rule: Vec<(f64, f64)> = (0..order)
        .map(|place| {
            let mut x = -libm::cos(PI * (f64::from(place) + 0.75) / (degree + 0.5));
            // Newton's method doubles the digits of a guess that has three.
            for _ in 0..6 {
                let (value, slope) = legendre(order, x);
                x -= value / slope;
            }
            let (_, slope) = legendre(order, x);
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect();
    // Exactly symmetric, and of length 2.
    for place in 0..rule.len() / 2 {
        let other = rule.len() - 1 - place;
        let (x, weight) = (0.5 * (rule[other].0 - rule[place].0), 0.5 * (rule[other].1 + rule[place].1));
        rule[place] = (-x, weight);
        rule[other] = (x, weight);
    }
    let scale = 2.0 / rule.iter().map(|(_, weight)| weight).sum::<f64>();
    rule.iter_mut().for_each(|(_, weight)| *weight *= scale);
    rule
}

/// Pₘ(x) and its derivative, |x| < 1.
fn legendre(order: u32, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (0.0, 1.0);
    for k in 1..=order {
        let k = f64::from(k);
        (before, value) = (value, ((2.0 * k - 1.0) * x * value - (k - 1.0) * before) / k);
    }
    (value, f64::from(order) * (before - x * value) / (1.0 - x * x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_m_nodes_is_exact_to_degree_2m_less_1() {
        for order in [1, 2, 5, 24, 101, 400] {
            let rule = gauss_legendre(order);
            assert!(rule.windows(2).all(|pair| pair[0].0 < pair[1].0));
            let highest = (2 * order - 2).min(60);
            for degree in (0..=highest).step_by(2) {
                let power = |x: f64| libm::pow(x, f64::from(degree));
                let found: f64 = rule.iter().map(|&(x, weight)| weight * power(x)).sum();
                let expected = 2.0 / (f64::from(degree) + 1.0);
                assert!((found / expected - 1.0).abs() < 1e-12, "{order} {degree}: {found} {expected}");
            }
        }
        // x² is of degree 2, one too many for a single node.
        assert_eq!(gauss_legendre(1), [(0.0, 2.0)]);
    }
}
