//! Gradients of KL(P‖Q), and what training code averages to estimate them.

use super::SymbolValues;
use super::symbol_values::Group;
use crate::distribution::SymbolPair;
use crate::numeric::DoubleDouble;

/// Whose logits a gradient is with respect to: the ln of P's or Q's probabilities, up to a constant (softmax).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logits {
    /// P's.
    Source,
    /// Q's.
    Model,
}

/// An estimator of the gradient of KL(P‖Q) with respect to logits: the mean over symbols x ~ P of a weight times a score.
///
/// With l = ln(p/q) and r = q/p at x. The score of P's logit c is ∂ ln p(x)/∂θ_c = 1\[x = c\] − p_c, that of Q's logit c is
/// 1\[x = c\] − q_c. A *loss* is a function of x that is differentiated as it stands; a *reward* is held fixed, and multiplies the
/// score (Williams 1992). D = KL(P‖Q), and Q covers P.
///
/// | name | of P: weight | mean | of Q: weight | mean |
/// |---|---|---|---|---|
/// | k1 as loss, l | 1 | 0 | −1 | ∇ KL(P‖Q) |
/// | k2 as loss, l²/2 | l | ∇ KL(P‖Q) | −l | −p_c l_c + q_c D |
/// | k3 as loss, r − 1 + l | 1 − r | ∇ KL(Q‖P) where P covers Q | r − 1 | ∇ KL(P‖Q) where P covers Q |
/// | k1 as reward | l − b | ∇ KL(P‖Q) | – | – |
/// | k2 as reward | l²/2 | p_c (l_c²/2 − E\[l²\]/2) | – | – |
/// | k3 as reward | r − 1 + l | ∇ KL(P‖Q) + q_c − p_c where P covers Q | – | – |
///
/// Symbols do not depend on Q: there a reward has nothing to multiply. See Tang & Munos (2025, "On a few pitfalls in KL divergence
/// gradient estimation for RL", arXiv 2506.09477).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientRule {
    /// l, differentiated.
    K1AsLoss,
    /// l²/2, differentiated.
    K2AsLoss,
    /// r − 1 + l, differentiated.
    K3AsLoss,
    /// l less a constant, times the score.
    K1AsReward {
        /// b.
        baseline: f64,
    },
    /// l²/2, times the score.
    K2AsReward,
    /// r − 1 + l, times the score.
    K3AsReward,
}

impl GradientRule {
    /// Whether it is one for these logits.
    pub fn suits(self, logits: Logits) -> bool {
        let is_loss = matches!(self, Self::K1AsLoss | Self::K2AsLoss | Self::K3AsLoss);
        is_loss || logits == Logits::Source
    }

    /// What the score of a symbol is multiplied with.
    fn weight(self, logits: Logits, group: &Group) -> DoubleDouble {
        let of_source = match self {
            Self::K1AsLoss => DoubleDouble::ONE,
            Self::K2AsLoss => group.x,
            Self::K3AsLoss => -group.relative,
            Self::K1AsReward { baseline } => group.x - DoubleDouble::from(baseline),
            Self::K2AsReward => group.x * group.x / DoubleDouble::TWO,
            Self::K3AsReward => group.excess,
        };
        if logits == Logits::Model { -of_source } else { of_source }
    }

    /// What the weight's mean is taken of: a constant times the score has the mean 0 under P's logits.
    fn without_constant(self, logits: Logits, group: &Group) -> DoubleDouble {
        match (self, logits) {
            (Self::K1AsLoss, Logits::Source) => DoubleDouble::ZERO,
            (Self::K1AsReward { .. }, _) => group.x,
            _ => self.weight(logits, group),
        }
    }
}

/// ∂ KL(P‖Q)/∂θ_c for each logit c, nats: p_c (l_c − D) of P's, q_c − p_c of Q's, where Q covers P; none where it does not, and
/// D is infinite.
///
/// Source: Cover & Thomas 2006, section 2.3, differentiated. As accurate where Q is near P as where it is far.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_math::divergence::{Logits, divergence_gradient};
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// let gradient = divergence_gradient(pair.symbols().expect("a coin"), Logits::Model).expect("a finite divergence");
/// // Q's probability of the first symbol is to rise from 1/4.
/// assert_eq!(gradient, [-0.25, 0.25]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn divergence_gradient(pair: &SymbolPair, logits: Logits) -> Option<Vec<f64>> {
    let symbols = Symbols::of(pair)?;
    let gradient = (0..symbols.list.len()).map(|component| match logits {
        Logits::Source => symbols.mean_with_score(component, logits, |group| group.x),
        Logits::Model => symbols.mean_with_score(component, logits, |_| -DoubleDouble::ONE),
    });
    Some(gradient.map(DoubleDouble::to_f64).collect())
}

impl SymbolValues {
    /// Component `component` of what `rule` averages to estimate the gradient; none where D is infinite, where the rule does not
    /// suit the logits, or where there is no such component.
    ///
    /// ```
    /// use kl_math::distribution::{Bernoulli, Pair};
    /// use kl_math::divergence::{GradientRule, Logits, SymbolValues};
    /// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
    /// let of = |rule| SymbolValues::of_gradient(pair.symbols().expect("a coin"), Logits::Source, rule, 0).expect("a component");
    /// // k1 as a loss leads nowhere; k3 to the gradient of KL(Q‖P), p − q.
    /// assert_eq!(of(GradientRule::K1AsLoss).mean(), 0.0);
    /// assert_eq!(of(GradientRule::K3AsLoss).mean(), 0.25);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_gradient(pair: &SymbolPair, logits: Logits, rule: GradientRule, component: usize) -> Option<Self> {
        let symbols = Symbols::of(pair)?;
        if component >= symbols.list.len() || !rule.suits(logits) {
            return None;
        }
        let mean = symbols.mean_with_score(component, logits, |group| rule.without_constant(logits, group));
        let own = symbols.probability(component, logits);
        let value = |(place, group): (usize, &Option<Group>)| {
            let group = group.as_ref()?;
            let weight = rule.weight(logits, group);
            let score = if place == component { DoubleDouble::ONE - own } else { -own };
            Some((group.mass, weight * score, weight.to_f64().abs()))
        };
        Some(Self::of_precise(symbols.list.iter().enumerate().map(value), mean))
    }
}

/// What is needed of each symbol; nothing of those that P cannot produce.
struct Symbols<'a> {
    list: Vec<Option<Group>>,
    pair: &'a SymbolPair,
}

impl<'a> Symbols<'a> {
    /// None where Q does not cover P.
    fn of(pair: &'a SymbolPair) -> Option<Self> {
        if pair.uncovered().next().is_some() {
            return None;
        }
        let probabilities = pair.source_probabilities().iter().zip(pair.model_probabilities()).zip(pair.log_ratios());
        let group = |((&p, &q), &ratio): ((&DoubleDouble, &DoubleDouble), &f64)| {
            (p > DoubleDouble::ZERO).then(|| Group::of(p, q, ratio))
        };
        Some(Self { list: probabilities.map(group).collect(), pair })
    }

    fn probability(&self, component: usize, logits: Logits) -> DoubleDouble {
        let probabilities = match logits {
            Logits::Source => self.pair.source_probabilities(),
            Logits::Model => self.pair.model_probabilities(),
        };
        probabilities.get(component).copied().unwrap_or(DoubleDouble::ZERO)
    }

    /// E\[g s\] = p_c g_c − π_c E\[g\], with π the probabilities of the logits' side.
    fn mean_with_score(
        &self,
        component: usize,
        logits: Logits,
        weight: impl Fn(&Group) -> DoubleDouble,
    ) -> DoubleDouble {
        let mean: DoubleDouble = self.list.iter().flatten().map(|group| group.mass * weight(group)).sum();
        let own = match self.list.get(component) {
            Some(Some(group)) => group.mass * weight(group),
            _ => DoubleDouble::ZERO,
        };
        own - self.probability(component, logits) * mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::testing::symbols as pair;

    const RULES: [GradientRule; 6] = [
        GradientRule::K1AsLoss,
        GradientRule::K2AsLoss,
        GradientRule::K3AsLoss,
        GradientRule::K1AsReward { baseline: 0.3 },
        GradientRule::K2AsReward,
        GradientRule::K3AsReward,
    ];

    const PAIRS: [([f64; 4], [f64; 4]); 4] = [
        ([0.5, 0.25, 0.125, 0.125], [0.25, 0.25, 0.375, 0.125]),
        ([0.75, 0.125, 0.125, 0.0], [0.0625, 0.0625, 0.375, 0.5]),
        ([0.25, 0.25, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]),
        ([0.96875, 0.015625, 0.0078125, 0.0078125], [0.0078125, 0.0078125, 0.015625, 0.96875]),
    ];

    /// The softmax of logits that are changed by `by` at `component`.
    fn moved(p: &[f64], component: usize, by: f64) -> Vec<f64> {
        let weight = |(place, p): (usize, &f64)| if place == component { p * libm::exp(by) } else { *p };
        let weights: Vec<f64> = p.iter().enumerate().map(weight).collect();
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / sum).collect()
    }

    /// Central differences of D itself.
    #[test]
    fn gradients_are_slopes_of_the_divergence() {
        const STEP: f64 = 1e-4;
        let divergence = |p: &[f64], q: &[f64]| -> f64 {
            p.iter().zip(q).filter(|(p, _)| **p > 0.0).map(|(p, q)| p * libm::log(p / q)).sum()
        };
        for (p, q) in PAIRS {
            let pair = pair(&p, &q);
            let found = [Logits::Source, Logits::Model].map(|logits| divergence_gradient(&pair, logits).unwrap());
            for (component, (of_source, of_model)) in found[0].iter().zip(&found[1]).enumerate() {
                let slope = |of: &dyn Fn(f64) -> f64| (of(STEP) - of(-STEP)) / (2.0 * STEP);
                let by_source = slope(&|by| divergence(&moved(&p, component, by), &q));
                let by_model = slope(&|by| divergence(&p, &moved(&q, component, by)));
                assert!((of_source - by_source).abs() < 1e-8, "{p:?} {q:?} {component}");
                assert!((of_model - by_model).abs() < 1e-8, "{p:?} {q:?} {component}");
            }
        }
    }

    /// Mean and variance from the values, symbol by symbol, and the known results.
    #[test]
    fn means_and_variances_are_those_of_the_values() {
        for (p, q) in PAIRS {
            let pair = pair(&p, &q);
            let truth = divergence_gradient(&pair, Logits::Source).unwrap();
            let missing: f64 = p.iter().zip(&q).filter(|(p, _)| **p == 0.0).map(|(_, q)| q).sum();
            for (rule, logits) in RULES.into_iter().flat_map(|rule| [(rule, Logits::Source), (rule, Logits::Model)]) {
                for component in 0..4 {
                    let Some(found) = SymbolValues::of_gradient(&pair, logits, rule, component) else {
                        assert!(!rule.suits(logits));
                        continue;
                    };
                    let mean: f64 = p.iter().zip(found.values()).map(|(p, value)| p * value).sum();
                    assert!((found.mean() - mean).abs() < 1e-15, "{rule:?} {logits:?}: {} {mean}", found.mean());
                    let variance: f64 =
                        p.iter().zip(found.values()).map(|(p, value)| p * (value - mean) * (value - mean)).sum();
                    let spread = found.spread().unwrap().variance;
                    assert!((spread - variance).abs() <= 1e-13 * variance + 1e-30, "{rule:?} {logits:?}");
                    let (here, there) = (p[component], q[component]);
                    let expected = match (rule, logits) {
                        (GradientRule::K1AsLoss, Logits::Source) => 0.0,
                        (GradientRule::K2AsLoss | GradientRule::K1AsReward { .. }, Logits::Source) => truth[component],
                        // A symbol that P cannot produce does not show.
                        (GradientRule::K3AsLoss, Logits::Source) if here == 0.0 => 0.0,
                        (GradientRule::K3AsLoss, Logits::Source) => here * (1.0 - missing) - there,
                        (GradientRule::K3AsReward, Logits::Source) => {
                            truth[component] + if here > 0.0 { there } else { 0.0 } - here * (1.0 - missing)
                        }
                        (GradientRule::K1AsLoss, Logits::Model) => there - here,
                        _ => continue,
                    };
                    assert!((found.mean() - expected).abs() < 1e-15, "{rule:?} {logits:?} {p:?} {q:?}");
                }
            }
        }
    }

    #[test]
    fn near_q_all_digits_are_kept_and_the_mean_of_k1_as_a_loss_is_0() {
        let near = libm::exp2(-40.0);
        let pair = pair(&[0.5, 0.25, 0.25], &[0.5 + near, 0.25 - near, 0.25]);
        let gradient = divergence_gradient(&pair, Logits::Source).unwrap();
        // p (l − D) = p l to the first order, l = −ln(1 + u).
        let first = -0.5 * libm::log1p(2.0 * near);
        assert!((gradient[0] / first - 1.0).abs() < 1e-11, "{gradient:?}");
        let values = SymbolValues::of_gradient(&pair, Logits::Source, GradientRule::K1AsLoss, 1).unwrap();
        assert_eq!(values.mean(), 0.0);
    }

    #[test]
    fn there_is_no_gradient_where_the_divergence_is_infinite() {
        let pair = pair(&[0.5, 0.5], &[1.0, 0.0]);
        assert_eq!(divergence_gradient(&pair, Logits::Source), None);
        assert_eq!(SymbolValues::of_gradient(&pair, Logits::Source, GradientRule::K2AsLoss, 0), None);
        let covered = super::tests::pair(&[0.5, 0.5], &[0.25, 0.75]);
        assert_eq!(SymbolValues::of_gradient(&covered, Logits::Source, GradientRule::K2AsLoss, 2), None);
        assert_eq!(SymbolValues::of_gradient(&covered, Logits::Model, GradientRule::K3AsReward, 0), None);
    }
}
