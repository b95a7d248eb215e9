//! Moments against a quadrature that shares no nodes with them, and near Q.

use super::{NormalLaws, NormalValues};
use crate::distribution::{Behaviour, Normal, Pair};
use crate::divergence::{Baseline, GradientRule, Importance, Quantity, Side, Term};
use crate::numeric::{compensated, nodes};
use std::f64::consts::TAU;

fn normal([mean, std_dev]: [f64; 2]) -> Normal {
    Normal::new(mean, std_dev).unwrap()
}

fn pair(p: [f64; 2], q: [f64; 2]) -> Pair {
    Pair::of(normal(p), normal(q)).unwrap()
}

fn quantities() -> Vec<Quantity> {
    let terms = [Term::K1, Term::K2, Term::K3];
    let reward = |term| GradientRule::Reward(term, Baseline::Constant(0.3));
    let rules = terms.into_iter().flat_map(|term| [GradientRule::Loss(term), reward(term)]);
    let gradients = rules.flat_map(|rule| {
        let sides = [Side::Source, Side::Model].into_iter().filter(move |side| rule.suits(*side));
        sides.flat_map(move |side| [0, 1].map(|component| Quantity::Gradient { side, rule, component }))
    });
    terms.map(Quantity::Divergence).into_iter().chain(gradients).collect()
}

/// ln of a normal density, less a constant.
fn log_density(x: f64, [mean, std_dev]: [f64; 2]) -> f64 {
    let z = (x - mean) / std_dev;
    -0.5 * z * z - libm::log(std_dev)
}

/// The value at x from the definitions.
fn defined(
    x: f64,
    [s, p, q]: [[f64; 2]; 3],
    quantity: Quantity,
    importance: Importance,
    is_differentiated: bool,
) -> f64 {
    let l = log_density(x, p) - log_density(x, q);
    let w = libm::exp(log_density(x, p) - log_density(x, s));
    let (w, is_free) = match importance {
        Importance::Clipped(most) if w > most => (most, false),
        Importance::Unweighted => (1.0, true),
        _ => (w, true),
    };
    let k = |term| match term {
        Term::K1 => l,
        Term::K2 => 0.5 * l * l,
        Term::K3 => libm::exp(-l) - 1.0 + l,
    };
    let slope = |term| match term {
        Term::K1 => 1.0,
        Term::K2 => l,
        Term::K3 => 1.0 - libm::exp(-l),
    };
    let Quantity::Gradient { side, rule, component } = quantity else {
        let Quantity::Divergence(term) = quantity else { unreachable!() };
        return w * k(term);
    };
    let [mean, std_dev] = if side == Side::Source { p } else { q };
    let y = (x - mean) / std_dev;
    let score = [y / std_dev, (y * y - 1.0) / std_dev][component];
    w * score
        * match rule {
            GradientRule::Loss(term) if side == Side::Model => -slope(term),
            GradientRule::Loss(term) => slope(term) + if is_differentiated && is_free { k(term) } else { 0.0 },
            GradientRule::Reward(term, _) => k(term) - 0.3,
            GradientRule::Reparameterized => panic!("not by a score"),
        }
}

/// Over a grid of laws and all quantities and weights: where a clip is, the witness is cut, too.
#[test]
fn moments_are_those_of_a_quadrature() {
    let (mut examined, mut infinite) = (0, 0);
    let p = [0.3, 1.0];
    for q in [[0.3, 1.3], [1.0, 0.8], [-0.5, 1.0]] {
        for s in [[0.3, 1.0], [0.0, 1.25], [0.6, 0.85]] {
            let behaviour = Behaviour::new(pair(p, q), normal(s).into()).unwrap();
            let laws = NormalLaws::of_behaviour(&behaviour).unwrap();
            for importance in [Importance::Unweighted, Importance::Ratio, Importance::Clipped(1.2)] {
                let weight =
                    |z: f64| log_density(s[0] + s[1] * z, p) - log_density(s[0] + s[1] * z, s) - libm::log(1.2);
                let mut breaks = vec![f64::NEG_INFINITY];
                let grid = || (-4000..4000).map(|step| f64::from(step) / 100.0 + 0.003);
                if matches!(importance, Importance::Clipped(_)) {
                    for low in grid().filter(|&z| weight(z) * weight(z + 0.01) < 0.0) {
                        let (mut low, mut high) = (low, low + 0.01);
                        for _ in 0..60 {
                            let middle = 0.5 * (low + high);
                            if weight(low) * weight(middle) > 0.0 { low = middle } else { high = middle }
                        }
                        breaks.push(low);
                    }
                }
                breaks.push(f64::INFINITY);
                let nodes = nodes(&breaks, 9);
                for quantity in quantities() {
                    for is_differentiated in [false, true] {
                        let values = NormalValues::of_draws(&laws, quantity, importance, is_differentiated).unwrap();
                        let found = values.moments();
                        let (Some(mean), Some(variance)) = (found.mean, found.variance) else {
                            infinite += 1;
                            continue;
                        };
                        let sum = |f: &dyn Fn(f64) -> f64| {
                            let term = |z: f64| libm::exp(-0.5 * z * z) / TAU.sqrt() * f(z);
                            compensated(
                                nodes.iter().filter(|node| node.x.abs() < 30.0).map(|node| node.weight * term(node.x)),
                            )
                        };
                        let value =
                            |z: f64| defined(s[0] + s[1] * z, [s, p, q], quantity, importance, is_differentiated);
                        let what = format!("{quantity:?} {importance:?} {is_differentiated} q = {q:?} s = {s:?}");
                        if variance.is_infinite() {
                            infinite += 1;
                            continue;
                        }
                        let expected = sum(&|z| (value(z) - mean) * (value(z) - mean));
                        assert!((variance / expected - 1.0).abs() < 1e-11, "{what}: {variance:e} {expected:e}");
                        let expected = sum(&value);
                        assert!(
                            (mean - expected).abs() < 1e-13 * (1.0 + variance.sqrt()),
                            "{what}: {mean:e} {expected:e}"
                        );
                        if let Some((third, _)) = found.higher {
                            let expected = sum(&|z| (value(z) - mean) * (value(z) - mean) * (value(z) - mean));
                            let room = 1e-9 * variance * variance.sqrt() + 1e-9 * expected.abs();
                            assert!((third - expected).abs() < room, "{what}: {third:e} {expected:e}");
                        }
                        examined += 1;
                    }
                }
            }
        }
    }
    assert!(examined > 800 && infinite > 10, "{examined} {infinite}");
}

/// E of k3 and its variance, to the first order in u: ½ E[l²] and Var[l²/2], where terms cancel to 1e-36 of their size.
#[test]
fn near_q_all_digits_are_kept() {
    let near = libm::exp2(-30.0);
    let pair = pair([1.0 + near, 1.0], [1.0, 1.0]);
    let laws = NormalLaws::of(&pair).unwrap();
    let of = |quantity| NormalValues::of_draws(&laws, quantity, Importance::Unweighted, false).unwrap().moments();
    let (k2, k3) = (of(Quantity::Divergence(Term::K2)), of(Quantity::Divergence(Term::K3)));
    // l = u z + u²/2: E[l²] = u² and Var[l²/2] = u⁴/2.
    for found in [k2, k3] {
        assert!((found.mean.unwrap() / (0.5 * near * near) - 1.0).abs() < 1e-12, "{found:?}");
        assert!((found.variance.unwrap() / (0.5 * near * near * near * near) - 1.0).abs() < 1e-8, "{found:?}");
    }
    let reward = GradientRule::Reward(Term::K3, Baseline::Constant(0.0));
    let found = of(Quantity::Gradient { side: Side::Source, rule: reward, component: 1 });
    // E[l²/2 (z² − 1)] = u², E[(l²/2)² (z² − 1)²] = u⁴/4 E[z⁴ (z² − 1)²] = u⁴/4 (105 − 30 + 3).
    assert!((found.mean.unwrap() / (near * near) - 1.0).abs() < 1e-8, "{found:?}");
    assert!((found.variance.unwrap() / (18.5 * near * near * near * near) - 1.0).abs() < 1e-8, "{found:?}");
}

#[test]
fn where_p_is_q_nothing_is_left_to_chance() {
    let pair = pair([0.4, 1.7], [0.4, 1.7]);
    let laws = NormalLaws::of(&pair).unwrap();
    for quantity in quantities() {
        let found = NormalValues::of_draws(&laws, quantity, Importance::Unweighted, false).unwrap();
        let is_score = match quantity {
            Quantity::Gradient { rule: GradientRule::Loss(term), .. } => term == Term::K1,
            Quantity::Gradient { .. } => true,
            Quantity::Divergence(_) => false,
        };
        let moments = found.moments();
        assert_eq!((moments.mean, moments.variance == Some(0.0)), (Some(0.0), !is_score), "{quantity:?} {moments:?}");
    }
}

/// σ₁² ≥ 2σ_S²: the weights have no variance, exactly from there on.
#[test]
fn a_variance_is_infinite_from_where_its_integral_diverges() {
    let variance = |of_drawn: f64| {
        let target = Pair::of(Normal::with_variance(0.0, 2.0).unwrap(), normal([0.0, 1.0])).unwrap();
        let behaviour = Behaviour::new(target, Normal::with_variance(0.0, of_drawn).unwrap().into()).unwrap();
        let laws = NormalLaws::of_behaviour(&behaviour).unwrap();
        NormalValues::of_draws(&laws, Quantity::Divergence(Term::K1), Importance::Ratio, false)
            .unwrap()
            .moments()
            .variance
    };
    assert_eq!([variance(1.0), variance(0.9)], [Some(f64::INFINITY); 2]);
    // Of a bell that is 1,000 wide.
    assert!(variance(1.000_002).is_some_and(|variance| variance.is_finite() && variance > 1e9));
    // r alone, unweighted, has not even a mean: of k3 it is ∞, of a score that changes its sign it is nothing.
    let behaviour = Behaviour::new(pair([0.0, 1.0], [0.0, 1.5]), normal([0.0, 2.0]).into()).unwrap();
    let laws = NormalLaws::of_behaviour(&behaviour).unwrap();
    let mean =
        |quantity| NormalValues::of_draws(&laws, quantity, Importance::Unweighted, false).unwrap().moments().mean;
    let loss = |component| Quantity::Gradient { side: Side::Source, rule: GradientRule::Loss(Term::K3), component };
    assert_eq!(mean(Quantity::Divergence(Term::K3)), Some(f64::INFINITY));
    assert_eq!([mean(loss(0)), mean(loss(1))], [None, Some(f64::NEG_INFINITY)]);
}

/// A clip where S has next to nothing leaves no more than a factor; one where the weights' squares would grow without it keeps all of them.
#[test]
fn clips_may_be_anywhere() {
    let moments = |s: [f64; 2], p: [f64; 2], most: f64| {
        let behaviour = Behaviour::new(pair(p, [0.5, 1.5]), normal(s).into()).unwrap();
        let laws = NormalLaws::of_behaviour(&behaviour).unwrap();
        NormalValues::of_draws(&laws, Quantity::Divergence(Term::K1), Importance::Clipped(most), false)
            .unwrap()
            .moments()
    };
    let target = pair([0.0, 1.0], [0.5, 1.5]);
    let known = crate::divergence::Cumulants::of(&target);
    let halved = moments([0.0, 1.0 + 1e-9], [0.0, 1.0], 0.5);
    assert!((halved.mean.unwrap() / (0.5 * known.mean) - 1.0).abs() < 1e-7, "{halved:?}");
    assert!((halved.variance.unwrap() / (0.25 * known.spread.unwrap().variance) - 1.0).abs() < 1e-7, "{halved:?}");
    for most in [1e2, 1e6, 1e12] {
        let (s, p, q) = ([0.0, 1.0], [0.0, 2.0], [0.5, 1.5]);
        // ln w = 3z²/8 − ln 2.
        let end = ((libm::log(most) + std::f64::consts::LN_2) / 0.375).sqrt();
        let value = |z: f64| defined(z, [s, p, q], Quantity::Divergence(Term::K1), Importance::Clipped(most), false);
        let (found, nodes) = (moments(s, p, most), nodes(&[f64::NEG_INFINITY, -end, end, f64::INFINITY], 9));
        let sum = |f: &dyn Fn(f64) -> f64| {
            let inside = nodes.iter().filter(|node| node.x.abs() < 30.0);
            compensated(inside.map(|node| node.weight * libm::exp(-0.5 * node.x * node.x) / TAU.sqrt() * f(node.x)))
        };
        let (mean, variance) = (found.mean.unwrap(), found.variance.unwrap());
        let expected = sum(&value);
        assert!((mean / expected - 1.0).abs() < 1e-12, "{most:e}: {mean} {expected}");
        let expected = sum(&|z| (value(z) - mean) * (value(z) - mean));
        assert!((variance / expected - 1.0).abs() < 1e-12, "{most:e}: {variance} {expected}");
    }
}

/// Far out r is beyond the doubles, where the density is smaller still: half of the weight of all, and no clip within reach.
#[test]
fn values_beyond_the_doubles_have_a_part_in_the_mean() {
    let (p, q) = ([1.3, 0.8], [0.1, 4.7]);
    let behaviour = Behaviour::new(pair(p, q), normal([1.3, 0.8 * (1.0 + 1e-9)]).into()).unwrap();
    let laws = NormalLaws::of_behaviour(&behaviour).unwrap();
    let of = |quantity| NormalValues::of_draws(&laws, quantity, Importance::Clipped(0.5), false).unwrap();
    let divergence = crate::divergence::Cumulants::of(&pair(p, q)).mean;
    let values = of(Quantity::Divergence(Term::K3));
    assert!(values.value(60.0).is_infinite());
    assert!((values.moments().mean.unwrap() / (0.5 * divergence) - 1.0).abs() < 1e-6);
    let rule = GradientRule::Loss(Term::K3);
    for component in [0, 1] {
        let values = of(Quantity::Gradient { side: Side::Model, rule, component });
        let truth = laws.gradient(Side::Model)[component];
        assert!((values.moments().mean.unwrap() / (0.5 * truth) - 1.0).abs() < 1e-6, "{component}");
    }
}

/// K of quadratic values is exact, and that of others nowhere below what a quadrature says.
#[test]
fn cumulant_functions_bound_the_exponentials() {
    let (p, q) = ([0.2, 1.0], [0.6, 1.1]);
    let target = pair(p, q);
    let laws = NormalLaws::of(&target).unwrap();
    let nodes = nodes(&[f64::NEG_INFINITY, f64::INFINITY], 9);
    for quantity in quantities() {
        let values = NormalValues::of_draws(&laws, quantity, Importance::Unweighted, false).unwrap();
        let moments = values.moments();
        let function = values.cumulants(&moments).unwrap();
        let (mean, std_dev) = (moments.mean.unwrap(), moments.variance.unwrap().sqrt());
        for s in [-0.05, 0.05].map(|tilt| tilt / std_dev) {
            // Some have no exponentials: those of the law within 12 standard deviations.
            let exponent = |z: f64| s * (values.value(z) - mean) - 0.5 * z * z;
            let inside = || nodes.iter().filter(|node| node.x.abs() < 12.0);
            let top = inside().map(|node| exponent(node.x)).fold(0.0, f64::max);
            let sum = compensated(inside().map(|node| node.weight * libm::exp(exponent(node.x) - top)));
            let expected = top + libm::log(sum / TAU.sqrt());
            let found = function.value(s);
            assert!(found >= expected - 1e-9 * expected.abs(), "{quantity:?} {s}: {found:e} {expected:e}");
        }
        assert!((function.variance() / moments.variance.unwrap() - 1.0).abs() < 0.01, "{quantity:?}");
    }
}
