//! One sequence, symbol by symbol.

use super::estimate::{PathEstimate, PathQuantity};
use crate::divergence::{Baseline, Credit, GradientRule, Importance, Side, Term, WeightSpan, Weighting};
use crate::numeric::{CompensatedSum, exp_excess};
use std::sync::Arc;

/// The estimate from a sequence as it comes, symbol by symbol. What is kept does not grow with it.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_math::divergence::{Term, Weighting};
/// use kl_math::path::{PathEstimate, PathLaws, PathQuantity, PathWalk};
/// use std::sync::Arc;
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// let laws = Arc::new(PathLaws::of(&pair).expect("a coin"));
/// let estimate = PathEstimate::new(laws, PathQuantity::Divergence(Term::K1), Weighting::default())?;
/// let mut walk = PathWalk::new(&estimate);
/// [0, 0].into_iter().for_each(|symbol| walk.push(symbol));
/// assert_eq!(walk.estimate(), std::f64::consts::LN_2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PathWalk {
    estimate: PathEstimate,
    steps: Arc<[Step]>,
    row: usize,
    length: u64,
    /// Π w of a weight of prefixes, times 2^(−400) for each time that it was too large.
    weight: f64,
    /// Σ ln w, and whether a w was 0.
    log_weight: CompensatedSum,
    is_void: bool,
    score: f64,
    term: CompensatedSum,
    /// The sum of what is averaged, and of its weights.
    total: CompensatedSum,
    weights: CompensatedSum,
}

/// An event in doubles.
#[derive(Clone, Copy, Debug)]
struct Step {
    weight: f64,
    log_weight: f64,
    is_void: bool,
    score: f64,
    term: f64,
    own: f64,
    past: f64,
}

impl PathWalk {
    /// Before the first symbol.
    pub fn new(estimate: &PathEstimate) -> Self {
        let laws = estimate.laws();
        let is_weighed = estimate.weighting().importance != Importance::Unweighted;
        let steps = (0..laws.rows()).flat_map(|row| {
            laws.row(row).iter().enumerate().map(move |(symbol, event)| {
                let is_void = is_weighed && !event.is_of_source();
                let shown = |value: f64| if is_void { 0.0 } else { value };
                Step {
                    weight: estimate.weight(event).to_f64(),
                    log_weight: if is_weighed { event.log_weight.to_f64() } else { 0.0 },
                    is_void,
                    score: estimate.score(row, symbol, event).to_f64(),
                    term: shown(estimate.term(row, event).to_f64()),
                    own: shown(estimate.own_part(row, symbol, event).to_f64()),
                    past: shown(estimate.to_go(row, event).to_f64()),
                }
            })
        });
        Self {
            estimate: estimate.clone(),
            steps: steps.collect(),
            row: 0,
            length: 0,
            weight: 1.0,
            log_weight: CompensatedSum::default(),
            is_void: false,
            score: 0.0,
            term: CompensatedSum::default(),
            total: CompensatedSum::default(),
            weights: CompensatedSum::default(),
        }
    }

    /// Before the first symbol of another sequence.
    pub fn restart(&mut self) {
        let none = CompensatedSum::default();
        (self.row, self.length, self.weight, self.is_void, self.score) = (0, 0, 1.0, false, 0.0);
        (self.log_weight, self.term, self.total, self.weights) = (none, none, none, none);
    }

    /// One more symbol, by its place in S's order.
    pub fn push(&mut self, symbol: usize) {
        let estimate = &self.estimate;
        let Some(&step) = self.steps.get(self.row * estimate.laws().symbols() + symbol) else { return };
        let Weighting { importance, span, .. } = estimate.weighting();
        let before = self.score;
        self.row = estimate.laws().after(symbol);
        self.length += 1;
        self.is_void |= step.is_void;
        self.log_weight.push(step.log_weight);
        self.term.push(step.term);
        self.weight *= step.weight;
        let weight = match span {
            WeightSpan::Symbol => step.weight,
            WeightSpan::Prefix => self.weight,
            WeightSpan::Sequence | WeightSpan::GeometricMean => 1.0,
        };
        let (weight, is_free) = match importance {
            Importance::Clipped(most) if !estimate.has_one_weight() && weight > most => (most, false),
            _ => (weight, true),
        };
        let by_mean = estimate.has_mean_baseline();
        self.score += if by_mean { weight * step.score } else { step.score };
        let mut own = step.own;
        if step.past != 0.0 {
            let is_mean = matches!(estimate.quantity(), PathQuantity::MeanGradient { .. });
            own = if is_mean { own + step.past * before } else { step.past * self.score };
        }
        if estimate.differentiates() && is_free && !estimate.has_one_weight() && estimate.credit() == Credit::Symbol {
            own += step.term * if span == WeightSpan::Prefix { self.score } else { step.score };
        }
        self.total.push(weight * own);
        self.weights.push(weight);
        if importance == Importance::SelfNormalised {
            self.rescale();
        }
    }

    /// Keeps the weights of prefixes within the doubles where their quotients are all that counts.
    fn rescale(&mut self) {
        const LARGE: f64 = 1e150;
        if self.weight > LARGE {
            let (total, weights) = (self.total.value() / LARGE, self.weights.value() / LARGE);
            (self.total, self.weights) = (CompensatedSum::default(), CompensatedSum::default());
            self.total.push(total);
            self.weights.push(weights);
            self.weight /= LARGE;
        }
    }

    /// How many symbols there were.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The estimate from the symbols so far: NaN where there is none.
    pub fn estimate(&self) -> f64 {
        let estimate = &self.estimate;
        if !estimate.has_length(self.length) {
            return f64::NAN;
        }
        let length = self.length as f64;
        let Weighting { importance, span, .. } = estimate.weighting();
        let (total, score, term) = (self.total.value(), self.score, self.term.value());
        match importance {
            Importance::SelfNormalised => {
                let weights = self.weights.value();
                return if weights > 0.0 { total / weights } else { 0.0 };
            }
            _ if estimate.has_mean_baseline() => {
                let others = if estimate.baseline() == Some(Baseline::Mean) { length } else { length - 1.0 };
                return (length * total - score * term) / others / length;
            }
            _ => {}
        }
        let is_geometric = span == WeightSpan::GeometricMean;
        let (weight, is_free) = if estimate.has_one_weight() && importance != Importance::Unweighted {
            self.whole_weight(importance, if is_geometric { length } else { 1.0 })
        } else {
            (1.0, true)
        };
        if weight == 0.0 {
            return 0.0;
        }
        let slope =
            if estimate.differentiates() && is_free { if is_geometric { 1.0 / length } else { 1.0 } } else { 0.0 };
        let value = match (self.of_whole(slope), estimate.has_one_weight()) {
            (Some(whole), _) => whole,
            (None, true) => total + slope * score * term,
            (None, false) => total,
        };
        weight * value / length
    }

    /// The weight of the whole sequence, and whether it depends on P's parameters.
    fn whole_weight(&self, importance: Importance, root: f64) -> (f64, bool) {
        let weight = if self.is_void { 0.0 } else { libm::exp(self.log_weight.value() / root) };
        match importance {
            Importance::Clipped(most) if weight > most => (most, false),
            _ => (weight, true),
        }
    }

    /// What is made of the term of the whole sequence, if that is what it is of.
    fn of_whole(&self, slope: f64) -> Option<f64> {
        let PathQuantity::Gradient { side, rule, credit: Credit::Sequence, .. } = self.estimate.quantity() else {
            return None;
        };
        let (ratio, score) = (self.term.value(), self.score);
        let value = |term: Term| match term {
            Term::K1 => ratio,
            Term::K2 => 0.5 * ratio * ratio,
            Term::K3 => exp_excess(-ratio),
        };
        Some(match rule {
            GradientRule::Loss(term) => {
                let own = match term {
                    Term::K1 => 1.0,
                    Term::K2 => ratio,
                    Term::K3 => -libm::expm1(-ratio),
                };
                if side == Side::Source { score * (own + slope * value(term)) } else { -score * own }
            }
            GradientRule::Reward(term, Baseline::Constant(baseline)) => score * (value(term) - baseline),
            GradientRule::Reward(term, _) => score * value(term),
            GradientRule::Reparameterized => return None,
        })
    }
}
