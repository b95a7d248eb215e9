//! What is averaged along a sequence.

use super::component::PathComponent;
use super::error::PathError;
use super::laws::{Event, PathLaws};
use crate::divergence::{Baseline, Credit, GradientRule, Importance, Side, Term, WeightSpan, Weighting};
use crate::numeric::DoubleDouble;
use std::sync::Arc;

/// What is made of a sequence x₁ … x_N.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PathQuantity {
    /// An estimate of KL(P‖Q): Σ W_t k_t.
    Divergence(Term),
    /// The same with KL of the row that x_t is drawn from in k_t's place (Rao–Blackwell).
    MeanDivergence,
    /// One component of an estimate of its gradient.
    Gradient {
        /// With respect to whose logits.
        side: Side,
        /// What is averaged.
        rule: GradientRule,
        /// Which rewards a symbol's score is multiplied with.
        credit: Credit,
        /// Which logit.
        component: PathComponent,
    },
    /// The same with KL of each row in k1's place: the gradient of the rows visited, and with rewards to go that of the visits, too.
    MeanGradient {
        /// With respect to whose logits.
        side: Side,
        /// Which rewards a symbol's score is multiplied with.
        credit: Credit,
        /// Which logit.
        component: PathComponent,
    },
}

/// An estimate of KL(P‖Q) a symbol, or of one component of its gradient, from a sequence of N symbols from S, in nats: all over N.
///
/// With l_t = ln(p/q), r_t = q/p and w_t = p/s at x_t given what came before, k_t one of l, l²/2, r − 1 + l, s_t = ∇ ln p, and W_t the
/// weight, 1 if there is none, else w_t, Π_{u≤t} w_u (prefix), Π w (sequence), or (Π w)^{1/N} (geometric mean):
///
/// | quantity | Σ over t of |
/// |---|---|
/// | divergence | W_t k_t |
/// | k1, k2, k3 as loss, of P | W_t s_t, W_t l_t s_t, W_t (1 − r_t) s_t; with the weight differentiated + k_t ∇W_t |
/// | k1, k2, k3 as loss, of Q | −W_t s_t, −W_t l_t s_t, W_t (r_t − 1) s_t, where s = ∇ ln q |
/// | reward | W_t (k_t − b) s_t |
/// | reward to go | W_t (k_t − b) Σ_{u≤t} s_u |
/// | mean gradient | W_t ∇KL_t; with rewards to go W_t (∇KL_t + KL_t Σ_{u<t} s_u), KL_t that of the row that x_t is from |
///
/// [`Credit::Sequence`] makes one term of the whole sequence, of L = Σ l and R = Π r: W g(L) Σ s as loss, W (k(L) − b) Σ s as reward. A
/// draw that P cannot make counts 0 where it is weighed.
///
/// Of a chain, the mean of k1 as reward to go is the gradient of D_N/N, and that of k1 as reward of single symbols only a part of it.
///
/// Source: Tang & Munos (2025, arXiv 2506.09477); Precup, Sutton & Singh (2000) for weights of prefixes.
///
/// ```
/// use kl_math::distribution::{MarkovChain, Pair};
/// use kl_math::divergence::{Baseline, Credit, GradientRule, Side, Term, Weighting};
/// use kl_math::path::{PathComponent, PathEstimate, PathLaws, PathQuantity};
/// use std::sync::Arc;
/// let p = MarkovChain::new([0.5, 0.5], [[0.75, 0.25], [0.5, 0.5]])?;
/// let pair = Pair::of(p, MarkovChain::new([0.5, 0.5], [[0.5, 0.5], [0.25, 0.75]])?)?;
/// let laws = Arc::new(PathLaws::of(&pair).expect("chains"));
/// let mean = |credit| {
///     let rule = GradientRule::Reward(Term::K1, Baseline::Constant(0.0));
///     let component = PathComponent::Transition(0, 1);
///     let quantity = PathQuantity::Gradient { side: Side::Source, rule, credit, component };
///     let estimate = PathEstimate::new(Arc::clone(&laws), quantity, Weighting::default()).expect("a finite divergence");
///     (estimate.moments(10).expect("few states").mean, estimate.gradient(10).expect("few states"))
/// };
/// let (whole, gradient) = mean(Credit::RewardToGo);
/// assert!((whole - gradient).abs() < 1e-16);
/// let (part, _) = mean(Credit::Symbol);
/// assert!((part - gradient).abs() > 0.001);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PathEstimate {
    laws: Arc<PathLaws>,
    quantity: PathQuantity,
    weighting: Weighting,
    /// The row and the symbol of the component.
    place: Option<(Option<usize>, usize)>,
}

impl PathEstimate {
    /// The estimate of a quantity.
    ///
    /// # Errors
    ///
    /// It is infinite, or not one that is defined.
    pub fn new(laws: Arc<PathLaws>, quantity: PathQuantity, weighting: Weighting) -> Result<Self, PathError> {
        let mut weighting = weighting;
        if laws.is_source() {
            // All weights are 1.
            weighting.importance = match weighting.importance {
                Importance::Clipped(most) if most < 1.0 => Importance::Clipped(most),
                _ => Importance::Unweighted,
            };
        }
        check(quantity, weighting)?;
        if matches!(quantity, PathQuantity::Gradient { rule: GradientRule::Reparameterized, .. }) {
            return Err(PathError::Reparameterized);
        }
        if laws.is_infinite() {
            return Err(PathError::InfiniteDivergence);
        }
        let baseline_is_mean = matches!(
            quantity,
            PathQuantity::Gradient { rule: GradientRule::Reward(_, Baseline::Mean | Baseline::LeaveOneOut), .. }
        );
        if laws.leaves_source() && (weighting.importance == Importance::Unweighted || baseline_is_mean) {
            return Err(PathError::OutsideSource);
        }
        let place = match quantity {
            PathQuantity::Divergence(_) | PathQuantity::MeanDivergence => None,
            PathQuantity::Gradient { side, component, .. } | PathQuantity::MeanGradient { side, component, .. } => {
                Some(laws.place(side, component).ok_or(PathError::Component)?)
            }
        };
        let estimate = Self { laws, quantity, weighting, place };
        if estimate.is_beyond() {
            return Err(PathError::Beyond);
        }
        Ok(estimate)
    }

    /// The laws of S, P and Q.
    pub fn laws(&self) -> &Arc<PathLaws> {
        &self.laws
    }

    /// What is averaged.
    pub fn quantity(&self) -> PathQuantity {
        self.quantity
    }

    /// Whether it is of KL(P‖Q) itself.
    pub fn is_value(&self) -> bool {
        matches!(self.quantity, PathQuantity::Divergence(_) | PathQuantity::MeanDivergence)
    }

    pub(super) fn weighting(&self) -> Weighting {
        self.weighting
    }

    /// Whether it has an estimate from `n` symbols: a mean of the others is none of one.
    pub fn has_length(&self, n: u64) -> bool {
        n > 1 || (n == 1 && !matches!(self.baseline(), Some(Baseline::LeaveOneOut)))
    }

    /// ∂(D_N/N)/∂θ of its component, nats, or D_N/N itself; none where that takes too long.
    pub fn gradient(&self, n: u64) -> Option<f64> {
        self.estimand()?.mean(n)
    }

    /// Whether that is known.
    pub fn has_gradient(&self, n: u64) -> bool {
        self.estimand().is_some_and(|estimand| estimand.has_mean(n))
    }

    /// An estimate from P whose mean that is.
    fn estimand(&self) -> Option<Self> {
        let quantity = match self.quantity {
            PathQuantity::Divergence(_) | PathQuantity::MeanDivergence => PathQuantity::MeanDivergence,
            PathQuantity::Gradient { side, component, .. } | PathQuantity::MeanGradient { side, component, .. } => {
                PathQuantity::MeanGradient { side, credit: Credit::RewardToGo, component }
            }
        };
        Self::new(Arc::new(self.laws.on_source()), quantity, Weighting::default()).ok()
    }

    /// Whose logits, if any.
    pub(super) fn side(&self) -> Side {
        match self.quantity {
            PathQuantity::Gradient { side, .. } | PathQuantity::MeanGradient { side, .. } => side,
            PathQuantity::Divergence(_) | PathQuantity::MeanDivergence => Side::Source,
        }
    }

    /// Which rewards a score is multiplied with; values have none.
    pub(super) fn credit(&self) -> Credit {
        match self.quantity {
            PathQuantity::Gradient { credit, .. } | PathQuantity::MeanGradient { credit, .. } => credit,
            PathQuantity::Divergence(_) | PathQuantity::MeanDivergence => Credit::Symbol,
        }
    }

    pub(super) fn baseline(&self) -> Option<Baseline> {
        match self.quantity {
            PathQuantity::Gradient { rule: GradientRule::Reward(_, baseline), .. } => Some(baseline),
            _ => None,
        }
    }

    /// Whether the baseline is a mean of the sequence's own rewards.
    pub(super) fn has_mean_baseline(&self) -> bool {
        matches!(self.baseline(), Some(Baseline::Mean | Baseline::LeaveOneOut))
    }

    /// Whether weights are differentiated: those of losses of P.
    pub(super) fn differentiates(&self) -> bool {
        let is_loss =
            matches!(self.quantity, PathQuantity::Gradient { side: Side::Source, rule: GradientRule::Loss(_), .. });
        self.weighting.is_differentiated && is_loss
    }

    /// Whether all of the sequence has one weight.
    pub(super) fn has_one_weight(&self) -> bool {
        matches!(self.weighting.span, WeightSpan::Sequence | WeightSpan::GeometricMean)
    }

    /// The weight of an event; 1 if there is none.
    pub(super) fn weight(&self, event: &Event) -> DoubleDouble {
        if self.weighting.importance == Importance::Unweighted { DoubleDouble::ONE } else { event.weight }
    }

    /// ∇ ln of the event's probability.
    pub(super) fn score(&self, row: usize, symbol: usize, event: &Event) -> DoubleDouble {
        let Some(own) = self.own(row) else { return DoubleDouble::ZERO };
        let is_own = self.place.is_some_and(|(_, place)| place == symbol);
        // An event that it cannot make has the score 1 only in name.
        if is_own && event.of(self.side()) > DoubleDouble::ZERO { DoubleDouble::ONE - own } else { -own }
    }

    /// The probability of the component's symbol in a row, if the row has the component.
    fn own(&self, row: usize) -> Option<DoubleDouble> {
        let (of, symbol) = self.place?;
        let event = self.laws.row(row).get(symbol).filter(|_| of.is_none_or(|of| of == row))?;
        Some(event.of(self.side()))
    }

    /// The derivative of KL of a row.
    pub(super) fn row_gradient(&self, row: usize) -> DoubleDouble {
        let (Some(_), Some((_, symbol))) = (self.own(row), self.place) else { return DoubleDouble::ZERO };
        let Some(event) = self.laws.row(row).get(symbol) else { return DoubleDouble::ZERO };
        match self.side() {
            Side::Source => event.source * (event.log_ratio - self.laws.divergence(row)),
            Side::Model => event.model - event.source,
        }
    }

    /// k of an event: of the log ratio where the whole sequence has one term.
    pub(super) fn term(&self, row: usize, event: &Event) -> DoubleDouble {
        match self.quantity {
            PathQuantity::MeanDivergence | PathQuantity::MeanGradient { .. } => self.laws.divergence(row),
            _ if self.credit() == Credit::Sequence => event.log_ratio,
            PathQuantity::Divergence(term)
            | PathQuantity::Gradient { rule: GradientRule::Loss(term) | GradientRule::Reward(term, _), .. } => {
                match term {
                    Term::K1 => event.log_ratio,
                    Term::K2 => event.log_ratio * event.log_ratio / DoubleDouble::TWO,
                    Term::K3 => event.excess,
                }
            }
            // There is no such estimate.
            PathQuantity::Gradient { rule: GradientRule::Reparameterized, .. } => DoubleDouble::ZERO,
        }
    }

    /// What W_t is multiplied with where nothing depends on other symbols.
    pub(super) fn own_part(&self, row: usize, symbol: usize, event: &Event) -> DoubleDouble {
        let (term, score) = (self.term(row, event), self.score(row, symbol, event));
        match self.quantity {
            PathQuantity::Divergence(_) | PathQuantity::MeanDivergence => term,
            PathQuantity::MeanGradient { .. } => self.row_gradient(row),
            PathQuantity::Gradient { rule: GradientRule::Reward(_, baseline), .. } => match baseline {
                Baseline::Constant(baseline) => (term - DoubleDouble::from(baseline)) * score,
                Baseline::Mean | Baseline::LeaveOneOut => term * score,
            },
            PathQuantity::Gradient { rule: GradientRule::Loss(kind), side, .. } => {
                let slope = match kind {
                    Term::K1 => DoubleDouble::ONE,
                    Term::K2 => event.log_ratio,
                    Term::K3 => -event.relative,
                };
                if side == Side::Source { slope * score } else { -(slope * score) }
            }
            PathQuantity::Gradient { rule: GradientRule::Reparameterized, .. } => DoubleDouble::ZERO,
        }
    }

    /// What W_t times the sum of the scores is multiplied with, of rewards to go.
    pub(super) fn to_go(&self, row: usize, event: &Event) -> DoubleDouble {
        match (self.credit(), self.baseline()) {
            (Credit::RewardToGo, Some(Baseline::Constant(baseline))) => {
                self.term(row, event) - DoubleDouble::from(baseline)
            }
            // The rows that are visited do not depend on Q.
            (Credit::RewardToGo, _) if self.side() == Side::Source => self.term(row, event),
            _ => DoubleDouble::ZERO,
        }
    }

    /// The largest part of one symbol by size, before parts cancel: what an estimate's rounding is measured by.
    pub fn largest_part(&self) -> f64 {
        let rows = (0..self.laws.rows()).filter(|&row| self.laws.is_reached(row));
        let parts = rows.flat_map(|row| {
            let events = self.laws.row(row).iter().enumerate().filter(|(_, event)| event.can_happen());
            events.map(move |(symbol, event)| {
                let part = self.own_part(row, symbol, event).to_f64().abs();
                part * event.weight.to_f64().max(1.0)
            })
        });
        parts.filter(|part| part.is_finite()).fold(0.0, f64::max)
    }

    fn is_beyond(&self) -> bool {
        let rows = (0..self.laws.rows()).filter(|&row| self.laws.is_reached(row));
        let mut events = rows.flat_map(|row| self.laws.row(row).iter().map(move |event| (row, event)));
        events.any(|(row, event)| {
            let numbers =
                [event.weight, event.log_ratio, event.relative, self.term(row, event), self.laws.divergence(row)];
            event.can_happen() && numbers.iter().any(|number| !number.to_f64().is_finite())
        })
    }
}

/// Whether there is such a quantity with such weights.
fn check(quantity: PathQuantity, weighting: Weighting) -> Result<(), PathError> {
    let Weighting { importance, span, is_differentiated } = weighting;
    let has_one_weight = matches!(span, WeightSpan::Sequence | WeightSpan::GeometricMean);
    let is_normalised = importance == Importance::SelfNormalised;
    if is_normalised && has_one_weight {
        return Err(PathError::NormalisedSequence);
    }
    if let PathQuantity::Gradient { side, rule, credit, .. } = quantity {
        if !rule.suits(side) {
            return Err(PathError::RewardOfModel);
        }
        if matches!((rule, credit), (GradientRule::Loss(_), Credit::RewardToGo)) {
            return Err(PathError::LossToGo);
        }
        if is_normalised && is_differentiated && matches!(rule, GradientRule::Loss(_)) && side == Side::Source {
            return Err(PathError::NormalisedDifferential);
        }
        let is_partial = !has_one_weight && importance != Importance::Unweighted;
        if credit == Credit::Sequence && is_partial {
            return Err(PathError::PartialWeight);
        }
        let has_mean = matches!(rule, GradientRule::Reward(_, Baseline::Mean | Baseline::LeaveOneOut));
        let is_by_symbol =
            credit == Credit::Symbol && (span == WeightSpan::Symbol || importance == Importance::Unweighted);
        if has_mean && (!is_by_symbol || is_normalised) {
            return Err(PathError::Baseline);
        }
    }
    if let PathQuantity::MeanGradient { credit: Credit::Sequence, .. } = quantity {
        return Err(PathError::LossToGo);
    }
    Ok(())
}
