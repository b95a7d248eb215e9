//! Means over independent draws of what training code makes of each: estimates of KL(P‖Q) and of its gradient, weighed or not.

mod normals;
mod symbols;
#[cfg(test)]
mod tests;

use super::theory::OneSymbol;
use super::{Cost, Estimator, PathMean, RunningMoments, Scorer, Settings, SymbolMeanScorer, Theory};
use kl_math::distribution::{Behaviour, ClosedFormSource, Distribution, Pair, SymbolLaws};
use kl_math::divergence::{
    Baseline, Cumulants, GradientRule, Importance, NormalLaws, Quantity, WeightSpan, Weighting, divergence_gradient,
};
use kl_math::law::Bins;
use kl_math::path::PathQuantity;
use normals::NormalMean;
use std::borrow::Cow;
use std::sync::Arc;
use symbols::SymbolsMean;

/// The mean over N independent draws of a [`Quantity`], nats, weighed by w = p/s where the draws are from another distribution.
///
/// The estimand is KL(P‖Q), or the component of its gradient; the expected mean is that of what is averaged, which may be another number.
/// Both are exact, and so is the variance. Draws are symbols of a finite alphabet, with gradients by logits, or numbers where all
/// distributions are normal, with gradients by the mean and by the standard deviation, or the variance, as it is written.
///
/// ```
/// use kl_math::divergence::{GradientRule, Quantity, Side, Term, Weighting};
/// use kl_sim::estimator::DrawMean;
/// use kl_sim::prelude::*;
/// let pair = Pair::of(Categorical::new([0.5, 0.25, 0.25])?, Categorical::new([0.25, 0.25, 0.5])?)?;
/// let of = |name, term| {
///     let quantity = Quantity::Gradient { side: Side::Source, rule: GradientRule::Loss(term), component: 0 };
///     DrawMean::new(name, quantity, Weighting::default())
/// };
/// let results = Experiment::new(pair).estimator(of("k2_as_loss", Term::K2)).estimator(of("k1_as_loss", Term::K1)).run()?;
/// // k2 leads to the gradient, k1 to nothing, and both do what theory says.
/// assert_eq!(results[0].theory.mean, Some(results[0].theory.closed_form));
/// assert_eq!(results[1].theory.mean, Some(0.0));
/// assert!(results.iter().all(|result| result.verdict == Verdict::Agree));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DrawMean {
    name: String,
    written: (&'static str, Settings),
    quantity: Quantity,
    weighting: Weighting,
    /// P, Q and S, where S is not P.
    behaviour: Option<Arc<Behaviour>>,
}

impl DrawMean {
    /// The mean of a quantity, with a name for results.
    pub fn new(name: &'static str, quantity: Quantity, weighting: Weighting) -> Self {
        Self::written_as(name.to_owned(), (name, Settings::new()), quantity, weighting)
    }

    /// The same, as a file writes it.
    pub(super) fn written_as(
        name: String,
        written: (&'static str, Settings),
        quantity: Quantity,
        weighting: Weighting,
    ) -> Self {
        Self { name, written, quantity, weighting, behaviour: None }
    }

    /// The same of sequences that are drawn from S: the pair that it is then given is S and Q.
    #[must_use]
    pub fn of_behaviour(&self, behaviour: Arc<Behaviour>) -> Self {
        let quantity = match self.quantity {
            Quantity::Gradient { side, rule, component } => {
                Quantity::Gradient { side, rule, component: behaviour.place_in_drawn(component) }
            }
            quantity @ Quantity::Divergence(_) => quantity,
        };
        Self { quantity, behaviour: Some(behaviour), ..self.clone() }
    }

    /// What is averaged; none where that is not known of such a pair.
    fn subject<'a>(&'a self, pair: &'a Pair) -> Subject<'a> {
        let symbols = match &self.behaviour {
            Some(behaviour) => behaviour.symbols(),
            None => pair.symbols().map(|symbols| symbols.laws()),
        };
        let normals = || match &self.behaviour {
            Some(behaviour) => NormalLaws::of_behaviour(behaviour),
            None => NormalLaws::of(pair),
        };
        symbols.map(Subject::Symbols).or_else(|| normals().map(Subject::Normals)).unwrap_or(Subject::Other)
    }

    fn mean(&self, pair: &Pair) -> Option<Mean> {
        match self.subject(pair) {
            Subject::Symbols(laws) => SymbolsMean::of(&laws, self.quantity, self.weighting).map(Mean::Symbols),
            Subject::Normals(laws) => {
                NormalMean::of(&laws, self.quantity, self.weighting).map(|mean| Mean::Normals(Box::new(mean)))
            }
            Subject::Other => None,
        }
    }

    /// KL(P‖Q), or the component of its gradient.
    fn estimand(&self, pair: &Pair) -> Option<f64> {
        let Quantity::Gradient { side, component, .. } = self.quantity else {
            return Some(Cumulants::of(self.target(pair)).mean);
        };
        match self.subject(pair) {
            Subject::Symbols(laws) => divergence_gradient(&laws, side)?.get(component).copied(),
            Subject::Normals(laws) => laws.gradient(side).get(component).copied(),
            Subject::Other => None,
        }
    }

    /// Why the rule is none for such draws, whatever their parameters.
    fn misfit(&self, subject: &Subject<'_>) -> Option<&'static str> {
        if self.weighting.span != WeightSpan::Symbol {
            return Some("weighs symbols one by one alone");
        }
        if self.weighting.importance == Importance::SelfNormalised {
            return Some("is a mean over single draws, and this weight depends on the other ones");
        }
        let Quantity::Gradient { side, rule, .. } = self.quantity else { return None };
        let is_weighed = self.behaviour.is_some() || self.weighting.importance != Importance::Unweighted;
        match (rule, subject) {
            (GradientRule::Reward(_, Baseline::Mean | Baseline::LeaveOneOut), _) => {
                Some("is a mean over single draws, and this baseline depends on the other ones")
            }
            (GradientRule::Reparameterized, Subject::Symbols(_)) => {
                Some("is reparameterised, and a categorical distribution has no reparameterised estimator")
            }
            _ if !rule.suits(side) => Some("is for the parameters of P alone: draws do not depend on those of Q"),
            (GradientRule::Reparameterized, _) if is_weighed => {
                Some("is reparameterised: its draws are made by P itself, and have no weights")
            }
            _ => None,
        }
    }

    /// The distributions, S first where there is one.
    fn distributions<'a>(&'a self, pair: &'a Pair) -> impl Iterator<Item = &'a Arc<Distribution>> {
        let target = self.target(pair);
        let drawn = self.behaviour.as_ref().map(|behaviour| behaviour.drawn().source());
        drawn.into_iter().chain([target.source(), target.model()])
    }
}

/// What draws are from, and what is compared.
enum Subject<'a> {
    Symbols(SymbolLaws<'a>),
    Normals(NormalLaws<'a>),
    Other,
}

/// What is averaged.
enum Mean {
    Symbols(SymbolsMean),
    Normals(Box<NormalMean>),
}

impl Mean {
    fn one(&self) -> OneSymbol {
        match self {
            Self::Symbols(mean) => mean.one(),
            Self::Normals(mean) => mean.one(),
        }
    }
}

impl Estimator for DrawMean {
    fn name(&self) -> &str {
        &self.name
    }

    fn written(&self) -> (&'static str, Settings) {
        self.written.clone()
    }

    fn target<'a>(&'a self, pair: &'a Pair) -> &'a Pair {
        self.behaviour.as_ref().map_or(pair, |behaviour| behaviour.target())
    }

    fn drawn_by(&self, behaviour: &Arc<Behaviour>) -> Option<Arc<dyn Estimator>> {
        if let (Quantity::Divergence(term), Some(_)) = (self.quantity, behaviour.drawn().chains()) {
            // Of a chain, what weighs a symbol depends on the one before.
            let (name, written) = (self.name.clone(), self.written.clone());
            let along = PathMean::written_as(name, written, PathQuantity::Divergence(term), self.weighting);
            return along.drawn_by(behaviour);
        }
        Some(Arc::new(self.of_behaviour(Arc::clone(behaviour))))
    }

    fn suits(&self, pair: &Pair, _: u64) -> Result<(), String> {
        let subject = self.subject(pair);
        if let Some(misfit) = self.misfit(&subject) {
            return Err(misfit.to_owned());
        }
        let components = match &subject {
            Subject::Symbols(laws) => {
                let is_gradient = matches!(self.quantity, Quantity::Gradient { .. });
                if is_gradient && symbols::is_infinite(laws) {
                    return Err("has no gradient to estimate: KL(P‖Q) is infinite".to_owned());
                }
                laws.source.len()
            }
            Subject::Normals(laws) => match self.quantity {
                Quantity::Gradient { side, .. } => laws.component_names(side).len(),
                Quantity::Divergence(_) => 0,
            },
            Subject::Other => {
                const KNOWN: &str =
                    "is for independent symbols and for normal distributions, whose gradients are known";
                let is_other = |side: &&Arc<Distribution>| !matches!(side.as_ref(), Distribution::Normal(_));
                let other = self.distributions(pair).find(is_other);
                return Err(other.map_or(KNOWN.to_owned(), |other| format!("{KNOWN}, and {other} is neither")));
            }
        };
        if let Quantity::Gradient { component, .. } = self.quantity
            && component >= components
        {
            return Err(format!("has no component {}: there are {components}", component + 1));
        }
        let is_held = match self.mean(pair) {
            Some(Mean::Symbols(mean)) => mean.is_held(),
            Some(Mean::Normals(mean)) => mean.is_held(),
            None => false,
        };
        if is_held { Ok(()) } else { Err("has a value beyond the largest double".to_owned()) }
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let (Some(mean), Some(estimand)) = (self.mean(pair), self.estimand(pair)) else {
            return Theory::of_estimand(self.target(pair), n);
        };
        let divergence = Cumulants::of(self.target(pair));
        let (closed_form, source) = (estimand, ClosedFormSource::ClosedForm);
        let known = match mean {
            Mean::Symbols(mean) => mean.theory(n, &divergence),
            Mean::Normals(mean) => mean.theory(n, &divergence),
        };
        Theory { closed_form, source, closed_form_error: None, ..known }
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        self.mean(pair).map_or((None, None), |mean| mean.one().moments(n))
    }

    fn running_moments<'a>(&'a self, pair: &'a Pair) -> RunningMoments<'a> {
        let one = self.mean(pair).map(|mean| mean.one());
        Box::new(move |n| one.map_or((None, None), |one| one.moments(n)))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        match self.mean(pair) {
            Some(Mean::Symbols(mean)) => mean.bins(n),
            Some(Mean::Normals(mean)) => mean.bins(n),
            None => Bins::new(None, 0.0, f64::INFINITY, (f64::NEG_INFINITY, f64::INFINITY), 0.0),
        }
    }

    fn symbol_values<'a>(&self, pair: &'a Pair) -> Option<Cow<'a, [f64]>> {
        match self.mean(pair)? {
            Mean::Symbols(mean) => Some(mean.values().to_vec().into()),
            Mean::Normals(_) => None,
        }
    }

    fn symbol_deviations(&self, pair: &Pair) -> Option<Vec<f64>> {
        match self.mean(pair)? {
            Mean::Symbols(mean) => Some(mean.deviations().to_vec()),
            Mean::Normals(_) => None,
        }
    }

    fn is_symbol_mean(&self, pair: &Pair) -> bool {
        pair.symbols().is_some()
    }

    fn weights(&self, pair: &Pair) -> Option<Vec<f64>> {
        match self.subject(pair) {
            Subject::Symbols(laws) => symbols::weights(&laws, self.weighting.importance),
            Subject::Normals(_) | Subject::Other => None,
        }
    }

    fn can_be_infinite(&self, pair: &Pair) -> Option<bool> {
        match self.mean(pair)? {
            Mean::Symbols(mean) => Some(mean.values().iter().any(|value| value.is_infinite())),
            Mean::Normals(_) => Some(false),
        }
    }

    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        /// A symbol's value is computed anew for each block.
        const SYMBOL: u128 = 2_700_000;
        /// A number's weight, and its r.
        const EXPONENTIALS: u128 = 40_000;
        let values = match pair {
            Pair::Values(_) => Cost::of_trial(EXPONENTIALS.saturating_mul(u128::from(n))),
            _ => {
                let symbols = pair.symbols().map_or(0, |pair| pair.symbols().len() as u128);
                Cost { trial: 0, block: SYMBOL * symbols }
            }
        };
        Cost::of_means(pair, n) + values
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        match self.mean(pair) {
            Some(Mean::Normals(mean)) => mean.scorer(n),
            Some(Mean::Symbols(mean)) => Box::new(SymbolMeanScorer::new(mean.values().to_vec().into(), n)),
            None => Box::new(SymbolMeanScorer::new(Vec::new().into(), n)),
        }
    }
}
