//! What is commonly said of sequential tests without computing their law.

use super::{Decision, StepLaw, StoppingRule};

/// A named approximation of one number of a sequential test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approximation {
    /// Its name: `wald_bound`, say.
    pub name: &'static str,
    /// Where it is from.
    pub source: &'static str,
    /// What it approximates.
    pub quantity: ApproximatedQuantity,
    /// A chance, or symbols.
    pub value: f64,
    /// Whether the truth is never above it, whatever `max` is.
    pub is_bound: bool,
}

/// What an approximation is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApproximatedQuantity {
    /// The chance of a decision.
    Chance(Decision),
    /// E τ of a test without `max`.
    MeanLength,
}

const WALD: &str = "Wald 1945, Sequential tests of statistical hypotheses";
const SIEGMUND: &str = "Siegmund 1985, Sequential Analysis, chapter 10";
const ROBBINS: &str = "Robbins 1970, Statistical methods related to the law of the iterated logarithm";

/// How far beyond a limit a walk of small normal steps is on average, in standard deviations of a step: −ζ(½)/√(2π) (Siegmund 1985).
const OVERSHOOT: f64 = 0.582_597_157_939_01;

/// What is commonly said of a test with these steps, in the order bound, approximation, correction.
///
/// # Formula
///
/// Constant limits −b and a. h is the other root of E e^(hX) = 1, X one step: −1 where P is the truth, 1 where Q is.
///
/// * Wald's bound: h < 0: P(decides Q) ≤ e^(hb); h > 0: P(decides P) ≤ e^(−ha).
/// * Wald's approximation, as if Λ ended on a limit: P(decides P) ≈ (1 − e^(−hb))/(e^(ha) − e^(−hb)), b/(a + b) for h = 0;
///   E τ ≈ (a P(decides P) − b P(decides Q))/E X, ab/Var X for h = 0.
/// * Siegmund's correction: the same with both limits moved outward by 0.583 standard deviations of a step. It is made for small normal
///   steps; of symbols, whose overshoot depends on where exactly their values are, it is a rough one.
///
/// Of the mixture test of a normal mean, where P is the truth: P(decides Q) ≤ alpha (Ville's inequality).
///
/// Empty where none of these is known, as for steps that may be infinite, and for steps that cannot go both ways.
///
/// ```
/// use kl_math::decision::{ApproximatedQuantity, Decision, StepLaw, StoppingRule, approximations};
/// // P = N(0.5, 1) against Q = N(0, 1), P the truth: the chance of Q is 0.0379, not 0.05.
/// let steps = StepLaw::Normal { mean: 0.125, std_dev: 0.5 };
/// let rule = StoppingRule::wald(0.05, 0.05, 100_000)?;
/// let of_q = approximations(&steps, &rule).into_iter().filter(|one| one.quantity == ApproximatedQuantity::Chance(Decision::Q));
/// let found: Vec<(&str, f64)> = of_q.map(|one| (one.name, (1e4 * one.value).round() / 1e4)).collect();
/// assert_eq!(found, [("wald_bound", 0.0526), ("wald", 0.05), ("siegmund", 0.0378)]);
/// # Ok::<(), kl_math::decision::StoppingRuleError>(())
/// ```
pub fn approximations(steps: &StepLaw, rule: &StoppingRule) -> Vec<Approximation> {
    if let Some((alpha, mean, variance)) = rule.mixture_level() {
        let is_p = matches!(steps.moments(), Some(moments) if is_same(moments, (mean, variance)));
        return match steps {
            StepLaw::Normal { .. } if is_p => vec![Approximation {
                name: "robbins_bound",
                source: ROBBINS,
                quantity: ApproximatedQuantity::Chance(Decision::Q),
                value: alpha,
                is_bound: true,
            }],
            _ => Vec::new(),
        };
    }
    let (Some((lower, upper)), Some((mean, variance)), Some(root)) =
        (rule.constant_limits(), steps.moments(), steps.exponent())
    else {
        return Vec::new();
    };
    let (a, b) = (upper, -lower);
    let bound = match root {
        root if root < 0.0 => Some((Decision::Q, libm::exp(root * b))),
        root if root > 0.0 => Some((Decision::P, libm::exp(-root * a))),
        _ => None,
    };
    let mut found: Vec<Approximation> = bound
        .map(|(decision, value)| Approximation {
            name: "wald_bound",
            source: WALD,
            quantity: ApproximatedQuantity::Chance(decision),
            value,
            is_bound: true,
        })
        .into_iter()
        .collect();
    let beyond = OVERSHOOT * variance.sqrt();
    for (name, source, beyond) in [("wald", WALD, 0.0), ("siegmund", SIEGMUND, beyond)] {
        let (a, b) = (a + beyond, b + beyond);
        let (for_p, for_q) = chances(root, a, b);
        let length = if (root * (a + b)).abs() < SMALL { a * b / variance } else { (a * for_p - b * for_q) / mean };
        let quantities = [
            (ApproximatedQuantity::Chance(Decision::P), for_p),
            (ApproximatedQuantity::Chance(Decision::Q), for_q),
            (ApproximatedQuantity::MeanLength, length),
        ];
        let known = quantities.into_iter().filter(|(_, value)| value.is_finite());
        found.extend(known.map(|(quantity, value)| Approximation { name, source, quantity, value, is_bound: false }));
    }
    found
}

/// Of smaller roots the limit is as good as the formula.
const SMALL: f64 = 1e-7;

/// The chances to end at a rather than at −b where e^(hΛ) is a martingale.
fn chances(root: f64, a: f64, b: f64) -> (f64, f64) {
    if root == 0.0 {
        return (b / (a + b), a / (a + b));
    }
    // The chance of the limit that Λ drifts away from, at the distance `against`: both exponentials are at most 1.
    let size = root.abs();
    let (against, with) = if root > 0.0 { (a, b) } else { (b, a) };
    let chance = libm::exp(-size * against) * libm::expm1(-size * with) / libm::expm1(-size * (against + with));
    if root > 0.0 { (chance, 1.0 - chance) } else { (1.0 - chance, chance) }
}

/// Whether two pairs of moments differ by rounding alone.
fn is_same(one: (f64, f64), other: (f64, f64)) -> bool {
    let is_near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * a.abs();
    is_near(one.0, other.0) && is_near(one.1, other.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::SequentialLaw;
    use crate::distribution::{Bernoulli, Exponential, Pair};
    use proptest::prelude::*;

    fn value(found: &[Approximation], name: &str, quantity: ApproximatedQuantity) -> f64 {
        found.iter().find(|one| one.name == name && one.quantity == quantity).unwrap().value
    }

    const LENGTH: ApproximatedQuantity = ApproximatedQuantity::MeanLength;
    const FOR_P: ApproximatedQuantity = ApproximatedQuantity::Chance(Decision::P);
    const FOR_Q: ApproximatedQuantity = ApproximatedQuantity::Chance(Decision::Q);

    #[test]
    fn normals_by_hand() {
        let rule = StoppingRule::wald(0.05, 0.05, 1_000).unwrap();
        let found = approximations(&StepLaw::Normal { mean: 0.125, std_dev: 0.5 }, &rule);
        assert!((value(&found, "siegmund", FOR_Q) - 0.037_843).abs() < 1e-6);
        assert!((value(&found, "siegmund", LENGTH) - 23.927).abs() < 1e-3);
        // Wald: the nominal errors, and 0.9 ln 19/D.
        assert!((value(&found, "wald", FOR_Q) - 0.05).abs() < 1e-14);
        assert!((value(&found, "wald", LENGTH) - 0.9 * libm::log(19.0) / 0.125).abs() < 1e-11);
        // Truth halfway: no drift.
        let found = approximations(&StepLaw::Normal { mean: 0.0, std_dev: 0.5 }, &rule);
        assert!((value(&found, "wald", LENGTH) - libm::log(19.0) * libm::log(19.0) / 0.25).abs() < 1e-11);
        assert!(found.iter().all(|one| !one.is_bound));
    }

    /// A walk that cannot pass a limit: there is no overshoot, and the approximation is the law.
    #[test]
    fn ruin_of_a_gambler_is_exact() {
        let pair = Pair::of(Bernoulli::new(0.6).unwrap(), Bernoulli::new(0.4).unwrap()).unwrap();
        let limit = 4.0 * libm::log(1.5);
        let rule = StoppingRule::between(-2.0 * limit, limit, 100_000).unwrap();
        for steps in [StepLaw::of(&pair).unwrap(), StepLaw::of_model(&pair).unwrap()] {
            let law = SequentialLaw::of(&steps, &rule).unwrap();
            let found = approximations(&steps, &rule);
            for (quantity, exact) in
                [(FOR_P, law.chance(Decision::P)), (FOR_Q, law.chance(Decision::Q)), (LENGTH, law.mean_length())]
            {
                let near = value(&found, "wald", quantity);
                assert!((near / exact - 1.0).abs() < 1e-12, "{quantity:?} {near} {exact}");
            }
        }
    }

    #[test]
    fn the_root_of_p_is_minus_one_and_that_of_q_is_one() {
        let coins = Pair::of(Bernoulli::new(0.3).unwrap(), Bernoulli::new(0.8).unwrap()).unwrap();
        let waits = Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(3.0).unwrap()).unwrap();
        for pair in [coins, waits] {
            assert!((StepLaw::of(&pair).unwrap().exponent().unwrap() + 1.0).abs() < 1e-14);
            assert!((StepLaw::of_model(&pair).unwrap().exponent().unwrap() - 1.0).abs() < 1e-14);
        }
        // One way only, and one value.
        let one = crate::numeric::DoubleDouble::ONE;
        assert_eq!(StepLaw::atoms(&[1.0, 2.0], &[one.scaled(0.5), one.scaled(0.5)]).exponent(), None);
        assert_eq!(StepLaw::atoms(&[-1.0, 1.0], &[one.scaled(0.5), one.scaled(0.5)]).exponent(), Some(0.0));
    }

    proptest! {
        /// Bounds hold for every `max`, whatever the truth is.
        #[test]
        fn bounds_hold((p, q, s) in (0.05..0.95f64, 0.05..0.95f64, 0.05..0.95f64), a in 0.1..4.0f64, b in 0.1..4.0f64, max in 1u64..500) {
            let pair = Pair::of(Bernoulli::new(p).unwrap(), Bernoulli::new(q).unwrap()).unwrap();
            let truth = crate::distribution::Behaviour::new(pair, Bernoulli::new(s).unwrap().into()).unwrap();
            let steps = StepLaw::of_behaviour(&truth).unwrap();
            let rule = StoppingRule::between(-b, a, max).unwrap();
            let law = SequentialLaw::of(&steps, &rule).unwrap();
            for one in approximations(&steps, &rule).iter().filter(|one| one.is_bound) {
                let ApproximatedQuantity::Chance(decision) = one.quantity else { panic!("a chance") };
                prop_assert!(law.chance(decision) <= one.value * (1.0 + 1e-9));
            }
        }
    }

    /// The mixture test of a normal mean rejects P at most so often, and at most half of it is lost within 200 values.
    #[test]
    fn mixtures_keep_their_level() {
        let (alpha, mean, variance) = (0.1, 0.5, 1.0);
        let rule = StoppingRule::mixture(alpha, 1.0, mean, variance, 200).unwrap();
        let steps = StepLaw::Normal { mean, std_dev: 1.0 };
        let found = approximations(&steps, &rule);
        assert_eq!(found.iter().map(|one| (one.quantity, one.value)).collect::<Vec<_>>(), [(FOR_Q, alpha)]);
        let chance = SequentialLaw::of(&steps, &rule).unwrap().chance(Decision::Q);
        assert!((0.5 * alpha..alpha).contains(&chance), "{chance}");
        assert!(approximations(&StepLaw::Normal { mean: -mean, std_dev: 1.0 }, &rule).is_empty());
    }
}
