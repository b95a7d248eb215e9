//! What a rule makes of one draw, in formulas.

use super::laws::{Compared, NormalLaws};
use super::polynomial::Polynomial;
use crate::distribution::Family;
use crate::divergence::{Baseline, GradientRule, Importance, Quantity, Side, Term};
use crate::numeric::DoubleDouble;

/// What the weight is multiplied with, without the score: c₀ + c₁ l + c₂ l² + c₃ (r − 1 + l).
pub(super) type Factor = [DoubleDouble; 4];

/// Whether it is a function of one draw.
pub(super) fn is_of_one_draw(laws: &NormalLaws<'_>, quantity: Quantity, importance: Importance) -> bool {
    let is_weight = match importance {
        Importance::Unweighted | Importance::Ratio => true,
        Importance::Clipped(most) => most >= 0.0,
        Importance::SelfNormalised => false,
    };
    let is_rule = match quantity {
        Quantity::Divergence(_) => true,
        Quantity::Gradient { side, rule, component } => {
            let is_rule = match rule {
                GradientRule::Loss(_) | GradientRule::Reward(_, Baseline::Constant(_)) => true,
                GradientRule::Reward(..) => false,
                GradientRule::Reparameterized => laws.drawn.is_none() && importance == Importance::Unweighted,
            };
            is_rule && rule.suits(side) && component < laws.component_names(side).len()
        }
    };
    is_weight && is_rule
}

/// c₀ … c₃ of the quantity.
pub(super) fn factor(quantity: Quantity, is_differentiated: bool) -> Factor {
    const ZERO: DoubleDouble = DoubleDouble::ZERO;
    const ONE: DoubleDouble = DoubleDouble::ONE;
    let value = |term: Term| match term {
        Term::K1 => [ZERO, ONE, ZERO, ZERO],
        Term::K2 => [ZERO, ZERO, DoubleDouble::HALF, ZERO],
        Term::K3 => [ZERO, ZERO, ZERO, ONE],
    };
    // 1 − r = l − (r − 1 + l).
    let slope = |term: Term| match term {
        Term::K1 => [ONE, ZERO, ZERO, ZERO],
        Term::K2 => [ZERO, ONE, ZERO, ZERO],
        Term::K3 => [ZERO, ONE, ZERO, -ONE],
    };
    match quantity {
        Quantity::Divergence(term) => value(term),
        Quantity::Gradient { side: Side::Model, rule: GradientRule::Loss(term), .. } => slope(term).map(|part| -part),
        Quantity::Gradient { rule: GradientRule::Loss(term), .. } if is_differentiated => {
            let ([a, b, c, d], [e, f, g, h]) = (slope(term), value(term));
            [a + e, b + f, c + g, d + h]
        }
        Quantity::Gradient { rule: GradientRule::Loss(term), .. } => slope(term),
        Quantity::Gradient { rule: GradientRule::Reward(term, baseline), .. } => {
            let [constant, linear, square, excess] = value(term);
            let baseline = if let Baseline::Constant(baseline) = baseline { baseline } else { 0.0 };
            [constant - DoubleDouble::from(baseline), linear, square, excess]
        }
        Quantity::Gradient { rule: GradientRule::Reparameterized, .. } => [ONE, ZERO, ZERO, ZERO],
    }
}

/// The score in its units: y, or y² − 1.
pub(super) fn own_score(component: usize) -> Polynomial {
    let (zero, one) = (DoubleDouble::ZERO, DoubleDouble::ONE);
    if component == 0 { Polynomial::new([zero, one, zero]) } else { Polynomial::new([-one, zero, one]) }
}

/// In units of 1/σ₁, with r = σ₁/σ₂ and δ = (m₁ − m₂)/σ₂: r (δ + r z), or −1 + r z (δ + r z).
pub(super) fn reparameterised(compared: Compared, component: usize) -> Polynomial {
    let Compared { ratio, distance, .. } = compared;
    let (linear, square) = (ratio * distance, ratio * ratio);
    if component == 0 {
        Polynomial::new([linear, square])
    } else {
        Polynomial::new([-DoubleDouble::ONE, linear, square])
    }
}

/// The mean where it is that of a formula: with draws from P, or weights p/s in full.
pub(super) fn known_mean(
    laws: &NormalLaws<'_>,
    quantity: Quantity,
    importance: Importance,
    is_differentiated: bool,
) -> Option<f64> {
    let is_clipped = matches!(importance, Importance::Clipped(most) if most < 1.0);
    if importance != Importance::Ratio && (laws.drawn.is_some() || is_clipped) {
        return None;
    }
    let gradient = |laws: &NormalLaws<'_>, side: Side, component: usize| {
        let [mean, spread] = laws.gradient(side);
        if component == 0 { mean } else { spread }
    };
    match quantity {
        Quantity::Divergence(Term::K1 | Term::K3) => Some(laws.source.closed_form(laws.model)?.mean),
        Quantity::Divergence(Term::K2) => None,
        Quantity::Gradient { side: Side::Source, rule, component } => match (rule, is_differentiated) {
            (GradientRule::Loss(Term::K1), false) => Some(0.0),
            (GradientRule::Loss(Term::K2), false)
            | (GradientRule::Loss(Term::K1 | Term::K3), true)
            | (GradientRule::Reward(Term::K1, _) | GradientRule::Reparameterized, _) => {
                Some(gradient(laws, Side::Source, component))
            }
            // ∇ KL(Q‖P).
            (GradientRule::Loss(Term::K3), false) => {
                let reversed = NormalLaws { drawn: None, source: laws.model, model: laws.source };
                Some(gradient(&reversed, Side::Model, component))
            }
            (GradientRule::Loss(Term::K2), true) | (GradientRule::Reward(..), _) => None,
        },
        Quantity::Gradient { side: Side::Model, rule: GradientRule::Loss(Term::K1 | Term::K3), component } => {
            Some(gradient(laws, Side::Model, component))
        }
        Quantity::Gradient { side: Side::Model, .. } => None,
    }
}
