//! Gradients of KL(P‖Q), and what training code averages to estimate them.

use super::SymbolValues;
use super::loss::{Baseline, GradientRule, Importance, Side, Term};
use super::symbol_values::{Group, PreciseValue};
use crate::distribution::SymbolLaws;
use crate::numeric::DoubleDouble;

/// ∂ KL(P‖Q)/∂θ_c for each logit c, nats: p_c (l_c − D) of P's, q_c − p_c of Q's, where Q covers P; none where it does not, and
/// D is infinite.
///
/// Source: Cover & Thomas 2006, section 2.3, differentiated. As accurate where Q is near P as where it is far.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_math::divergence::{Side, divergence_gradient};
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// let laws = pair.symbols().expect("a coin").laws();
/// // Q's probability of the first symbol is to rise from 1/4.
/// assert_eq!(divergence_gradient(&laws, Side::Model).expect("a finite divergence"), [-0.25, 0.25]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn divergence_gradient(laws: &SymbolLaws<'_>, side: Side) -> Option<Vec<f64>> {
    let draws = Draws::of(laws);
    if draws.is_infinite() {
        return None;
    }
    let target = laws.source.iter().zip(laws.model).zip(laws.log_ratios);
    let term = |((&p, &q), &ratio): ((&DoubleDouble, &DoubleDouble), &f64)| {
        (p > DoubleDouble::ZERO).then(|| Group::of(p, q, ratio))
    };
    let groups: Vec<Option<Group>> = target.map(term).collect();
    // Σ p l in terms that do not cancel: r − 1 + l, and the mass of Q where P has none.
    let divergence: DoubleDouble = groups.iter().flatten().map(|group| group.mass * group.x).sum();
    let gradient = laws.source.iter().zip(laws.model).zip(&groups).map(|((&p, &q), group)| match (side, group) {
        (Side::Source, Some(group)) => p * (group.x - divergence),
        (Side::Source, None) => DoubleDouble::ZERO,
        (Side::Model, _) => q - p,
    });
    Some(gradient.map(DoubleDouble::to_f64).collect())
}

/// What is made of one draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// An estimate of KL(P‖Q) itself.
    Divergence(Term),
    /// One component of an estimate of its gradient.
    Gradient {
        /// With respect to whose logits, or parameters of a normal law.
        side: Side,
        /// What is averaged.
        rule: GradientRule,
        /// Which logit, by its symbol's place, from 0; of a normal law 0 for the mean and 1 for the spread as it is written.
        component: usize,
    },
}

impl SymbolValues {
    /// What is averaged over independent draws x ~ S, weighed by w = p/s: the value of `quantity` at each symbol, with its exact mean and
    /// variance under S.
    ///
    /// With l = ln(p/q), r = q/p, the score s_c = 1\[x = c\] − p_c of P's logit c, t_c = 1\[x = c\] − q_c of Q's, and the weight w, which
    /// is 1 unweighted, and where S is P:
    ///
    /// | quantity | value | mean with S = P | mean, weighed, where S covers P |
    /// |---|---|---|---|
    /// | k1, k2, k3 | w l, w l²/2, w (r − 1 + l) | D, E\[l²\]/2, D | the same |
    /// | k1 as loss, of P | w s | 0 | 0 |
    /// | k2 as loss, of P | w l s | ∇ KL(P‖Q) | the same |
    /// | k3 as loss, of P | w (1 − r) s | ∇ KL(Q‖P) where P covers Q | the same |
    /// | the weight differentiated, too | w (1 + l) s, w (l + l²/2) s, w l s | ∇ KL(P‖Q) of k1 and k3 | the same |
    /// | reward k less a baseline b | w (k − b) s | ∇ KL(P‖Q) of k1; + q − p of k3 | the same |
    /// | k1, k2, k3 as loss, of Q | −w t, −w l t, w (r − 1) t | ∇ KL(P‖Q); q_c D − p_c l_c of k2 | the same |
    ///
    /// Where P has no mass, a weighed draw counts 0, and an unweighted one is infinite. Where S has no mass nothing shows: the mean
    /// lacks Σ p f over those symbols. None where the rule does not suit the side, where there is no such component, where KL(P‖Q) has
    /// no gradient, and for baselines and weights that depend on the other draws.
    ///
    /// Source: Tang & Munos (2025, "On a few pitfalls in KL divergence gradient estimation for RL", arXiv 2506.09477) for losses and
    /// rewards; Owen (2013, "Monte Carlo theory, methods and examples", ch. 9) for weights.
    ///
    /// ```
    /// use kl_math::distribution::{Bernoulli, Pair};
    /// use kl_math::divergence::{GradientRule, Importance, Quantity, Side, SymbolValues, Term};
    /// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
    /// let laws = pair.symbols().expect("a coin").laws();
    /// let of = |term| {
    ///     let quantity = Quantity::Gradient { side: Side::Source, rule: GradientRule::Loss(term), component: 0 };
    ///     SymbolValues::of_draws(&laws, quantity, Importance::Unweighted, false).expect("a component")
    /// };
    /// // k1 as a loss leads nowhere; k3 to the gradient of KL(Q‖P), p − q.
    /// assert_eq!(of(Term::K1).mean(), 0.0);
    /// assert_eq!(of(Term::K3).mean(), 0.25);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_draws(
        laws: &SymbolLaws<'_>,
        quantity: Quantity,
        importance: Importance,
        is_differentiated: bool,
    ) -> Option<Self> {
        let draws = Draws::of(laws);
        if !draws.have(quantity) || importance == Importance::SelfNormalised {
            return None;
        }
        let weighed = Weighed { draws: &draws, quantity, importance, is_differentiated };
        let mean = weighed.mean()?;
        Some(Self::of_precise(draws.list.iter().enumerate().map(|(place, draw)| weighed.value(place, draw)), mean))
    }
}

/// A symbol that S can draw.
struct Draw {
    /// S's probability.
    mass: DoubleDouble,
    /// p/s.
    ratio: DoubleDouble,
    /// What is computed of P and Q, where both have mass.
    of: Compared,
}

/// What a draw is to P and Q.
enum Compared {
    Both(Group),
    /// P alone: l = ∞.
    SourceAlone,
    /// Q alone: l = −∞.
    ModelAlone,
    Neither,
}

/// All that S can draw.
struct Draws<'a> {
    laws: &'a SymbolLaws<'a>,
    list: Vec<Option<Draw>>,
    /// Whether S can draw all that P can.
    covers_source: bool,
}

impl<'a> Draws<'a> {
    fn of(laws: &'a SymbolLaws<'a>) -> Self {
        let draw = |place: usize| {
            let (p, q) = (*laws.source.get(place)?, *laws.model.get(place)?);
            let mass = laws.drawn.map_or(Some(p), |drawn| drawn.get(place).copied())?;
            let of = match (p > DoubleDouble::ZERO, q > DoubleDouble::ZERO) {
                (true, true) => Compared::Both(Group::of(p, q, *laws.log_ratios.get(place)?)),
                (true, false) => Compared::SourceAlone,
                (false, true) => Compared::ModelAlone,
                (false, false) => Compared::Neither,
            };
            let ratio = if laws.drawn.is_none() { DoubleDouble::ONE } else { p / mass };
            (mass > DoubleDouble::ZERO).then_some(Draw { mass, ratio, of })
        };
        let list: Vec<Option<Draw>> = (0..laws.source.len()).map(draw).collect();
        let covers_source = list.iter().zip(laws.source).all(|(draw, &p)| draw.is_some() || p == DoubleDouble::ZERO);
        Self { laws, list, covers_source }
    }

    /// Whether KL(P‖Q) is infinite.
    fn is_infinite(&self) -> bool {
        let mut both = self.laws.source.iter().zip(self.laws.model);
        both.any(|(&p, &q)| p > DoubleDouble::ZERO && q == DoubleDouble::ZERO)
    }

    fn have(&self, quantity: Quantity) -> bool {
        match quantity {
            Quantity::Divergence(_) => true,
            Quantity::Gradient { side, rule, component } => {
                let is_of_one_draw =
                    matches!(rule, GradientRule::Loss(_) | GradientRule::Reward(_, Baseline::Constant(_)));
                component < self.list.len() && rule.suits(side) && is_of_one_draw && !self.is_infinite()
            }
        }
    }
}

/// What is averaged, of draws.
struct Weighed<'a> {
    draws: &'a Draws<'a>,
    quantity: Quantity,
    importance: Importance,
    is_differentiated: bool,
}

impl Weighed<'_> {
    /// The weight of a draw, and whether it depends on P's parameters.
    fn weight(&self, draw: &Draw) -> (DoubleDouble, bool) {
        match self.importance {
            Importance::Clipped(most) if draw.ratio > DoubleDouble::from(most) => (DoubleDouble::from(most), false),
            Importance::Unweighted => (DoubleDouble::ONE, true),
            _ => (draw.ratio, true),
        }
    }

    /// What the draw's weight is multiplied with, without the score.
    fn factor(&self, group: &Group, is_free: bool) -> DoubleDouble {
        let value = |term: Term| match term {
            Term::K1 => group.x,
            Term::K2 => group.x * group.x / DoubleDouble::TWO,
            Term::K3 => group.excess,
        };
        match self.quantity {
            Quantity::Divergence(term) => value(term),
            Quantity::Gradient { rule: GradientRule::Loss(term), side, .. } => {
                let slope = match term {
                    Term::K1 => DoubleDouble::ONE,
                    Term::K2 => group.x,
                    Term::K3 => -group.relative,
                };
                match side {
                    Side::Model => -slope,
                    Side::Source if self.is_differentiated && is_free && term == Term::K3 => group.x,
                    Side::Source if self.is_differentiated && is_free => slope + value(term),
                    Side::Source => slope,
                }
            }
            Quantity::Gradient { rule: GradientRule::Reward(term, baseline), .. } => match baseline {
                Baseline::Constant(baseline) => value(term) - DoubleDouble::from(baseline),
                Baseline::Mean | Baseline::LeaveOneOut => value(term),
            },
            // Symbols have none: see `Draws::have`.
            Quantity::Gradient { rule: GradientRule::Reparameterized, .. } => DoubleDouble::ZERO,
        }
    }

    /// The score of a draw at a place; 1 where there is none to multiply with.
    fn score(&self, place: usize) -> DoubleDouble {
        let Quantity::Gradient { side, component, .. } = self.quantity else { return DoubleDouble::ONE };
        let own = self.probability(side, component);
        if place == component { DoubleDouble::ONE - own } else { -own }
    }

    fn probability(&self, side: Side, component: usize) -> DoubleDouble {
        let probabilities = match side {
            Side::Source => self.draws.laws.source,
            Side::Model => self.draws.laws.model,
        };
        probabilities.get(component).copied().unwrap_or(DoubleDouble::ZERO)
    }

    /// The value at a symbol; nothing where S has no mass.
    fn value(&self, place: usize, draw: &Option<Draw>) -> Option<PreciseValue> {
        let draw = draw.as_ref()?;
        let (weight, is_free) = self.weight(draw);
        let is_weighed = self.importance != Importance::Unweighted;
        let infinite =
            |value: f64| PreciseValue { mass: draw.mass, value: DoubleDouble::from(value), size: f64::INFINITY };
        Some(match &draw.of {
            Compared::Both(group) => {
                let factor = weight * self.factor(group, is_free);
                PreciseValue { mass: draw.mass, value: factor * self.score(place), size: factor.to_f64().abs() }
            }
            Compared::ModelAlone | Compared::Neither if is_weighed => {
                PreciseValue { mass: draw.mass, value: DoubleDouble::ZERO, size: 0.0 }
            }
            Compared::SourceAlone | Compared::Neither => infinite(f64::INFINITY),
            Compared::ModelAlone => infinite(self.at_impossible(place)),
        })
    }

    /// The value of an unweighted draw that P cannot make: l = −∞ and r = ∞.
    fn at_impossible(&self, place: usize) -> f64 {
        let sign = match self.quantity {
            Quantity::Divergence(Term::K1) => -1.0,
            Quantity::Divergence(_) => 1.0,
            Quantity::Gradient { rule: GradientRule::Loss(Term::K1), side, .. } => {
                // The slope of l is finite.
                let slope = if side == Side::Source { 1.0 } else { -1.0 };
                return slope * self.score(place).to_f64();
            }
            Quantity::Gradient { rule: GradientRule::Loss(_), side: Side::Source, .. } => -self.score(place).to_f64(),
            Quantity::Gradient { rule: GradientRule::Loss(_), .. } => self.score(place).to_f64(),
            Quantity::Gradient { rule: GradientRule::Reward(Term::K1, _), .. } => -self.score(place).to_f64(),
            Quantity::Gradient { .. } => self.score(place).to_f64(),
        };
        if sign == 0.0 { 0.0 } else { f64::INFINITY.copysign(sign) }
    }

    /// E_S of the value.
    fn mean(&self) -> Option<DoubleDouble> {
        let draws = || self.draws.list.iter().enumerate();
        let values = draws().filter_map(|(place, draw)| self.value(place, draw));
        let is_infinite = |value: &PreciseValue| value.value.to_f64().is_infinite();
        if let Some(infinite) = values.clone().find(is_infinite) {
            return Some(infinite.value);
        }
        let Quantity::Gradient { side, component, .. } = self.quantity else {
            return Some(values.map(|value| value.mass * value.value).sum());
        };
        // E[g s] = m_c g_c − π_c E[g]: fewer terms cancel than in the sum of the values. A constant times the score of P has the mean 0.
        let is_centred = side == Side::Source
            && self.draws.covers_source
            && (self.draws.laws.drawn.is_none() || self.importance == Importance::Ratio);
        let constant = |group: &Group, is_free: bool| match self.quantity {
            Quantity::Gradient { rule: GradientRule::Loss(Term::K1), .. } if is_centred => {
                self.factor(group, is_free) - DoubleDouble::ONE
            }
            Quantity::Gradient { rule: GradientRule::Reward(term, Baseline::Constant(_)), .. } if is_centred => {
                let bare =
                    Quantity::Gradient { side, component, rule: GradientRule::Reward(term, Baseline::Constant(0.0)) };
                Weighed { quantity: bare, ..*self }.factor(group, is_free)
            }
            _ => self.factor(group, is_free),
        };
        let part = |draw: &Draw| {
            let (weight, is_free) = self.weight(draw);
            match &draw.of {
                Compared::Both(group) => draw.mass * weight * constant(group, is_free),
                Compared::ModelAlone if self.importance == Importance::Unweighted && is_k1_loss(self.quantity) => {
                    let slope = if side == Side::Source { DoubleDouble::ONE } else { -DoubleDouble::ONE };
                    draw.mass * slope
                }
                _ => DoubleDouble::ZERO,
            }
        };
        let all: DoubleDouble = self.draws.list.iter().flatten().map(part).sum();
        let own = self.draws.list.get(component).and_then(Option::as_ref).map_or(DoubleDouble::ZERO, part);
        Some(own - self.probability(side, component) * all)
    }
}

fn is_k1_loss(quantity: Quantity) -> bool {
    matches!(quantity, Quantity::Gradient { rule: GradientRule::Loss(Term::K1), .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::SymbolPair;
    use crate::distribution::testing::symbols as pair;

    const RULES: [GradientRule; 6] = [
        GradientRule::Loss(Term::K1),
        GradientRule::Loss(Term::K2),
        GradientRule::Loss(Term::K3),
        GradientRule::Reward(Term::K1, Baseline::Constant(0.3)),
        GradientRule::Reward(Term::K2, Baseline::Constant(0.0)),
        GradientRule::Reward(Term::K3, Baseline::Constant(0.0)),
    ];

    fn of_gradient(pair: &SymbolPair, side: Side, rule: GradientRule, component: usize) -> Option<SymbolValues> {
        let quantity = Quantity::Gradient { side, rule, component };
        SymbolValues::of_draws(&pair.laws(), quantity, Importance::Unweighted, false)
    }

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
            let found = [Side::Source, Side::Model].map(|logits| divergence_gradient(&pair.laws(), logits).unwrap());
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
            let truth = divergence_gradient(&pair.laws(), Side::Source).unwrap();
            let missing: f64 = p.iter().zip(&q).filter(|(p, _)| **p == 0.0).map(|(_, q)| q).sum();
            for (rule, logits) in RULES.into_iter().flat_map(|rule| [(rule, Side::Source), (rule, Side::Model)]) {
                for component in 0..4 {
                    let Some(found) = of_gradient(&pair, logits, rule, component) else {
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
                        (GradientRule::Loss(Term::K1), Side::Source) => 0.0,
                        (GradientRule::Loss(Term::K2) | GradientRule::Reward(Term::K1, _), Side::Source) => {
                            truth[component]
                        }
                        // A symbol that P cannot produce does not show.
                        (GradientRule::Loss(Term::K3), Side::Source) if here == 0.0 => 0.0,
                        (GradientRule::Loss(Term::K3), Side::Source) => here * (1.0 - missing) - there,
                        (GradientRule::Reward(Term::K3, _), Side::Source) => {
                            truth[component] + if here > 0.0 { there } else { 0.0 } - here * (1.0 - missing)
                        }
                        (GradientRule::Loss(Term::K1), Side::Model) => there - here,
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
        let gradient = divergence_gradient(&pair.laws(), Side::Source).unwrap();
        // p (l − D) = p l to the first order, l = −ln(1 + u).
        let first = -0.5 * libm::log1p(2.0 * near);
        assert!((gradient[0] / first - 1.0).abs() < 1e-11, "{gradient:?}");
        let values = of_gradient(&pair, Side::Source, GradientRule::Loss(Term::K1), 1).unwrap();
        assert_eq!(values.mean(), 0.0);
    }

    #[test]
    fn there_is_no_gradient_where_the_divergence_is_infinite() {
        let pair = pair(&[0.5, 0.5], &[1.0, 0.0]);
        assert_eq!(divergence_gradient(&pair.laws(), Side::Source), None);
        assert_eq!(of_gradient(&pair, Side::Source, GradientRule::Loss(Term::K2), 0), None);
        let covered = super::tests::pair(&[0.5, 0.5], &[0.25, 0.75]);
        assert_eq!(of_gradient(&covered, Side::Source, GradientRule::Loss(Term::K2), 2), None);
        assert_eq!(
            of_gradient(&covered, Side::Model, GradientRule::Reward(Term::K3, Baseline::Constant(0.0)), 0),
            None
        );
    }
}
