//! Means over independent draws of what training code makes of each: estimates of KL(P‖Q) and of its gradient, weighed or not.

use super::symbol_mean::one_symbol;
use super::theory::{FEW_ATOMS, MANY_ATOMS, finite_range};
use super::{ContributionCumulants, Cost, Estimator, Scorer, Settings, SymbolMeanScorer, Theory};
use kl_math::distribution::{Behaviour, ClosedFormSource, Pair, SymbolLaws};
use kl_math::divergence::{
    Cumulants, FiniteCumulants, Importance, Quantity, SymbolValues, WeightSpan, Weighting, divergence_gradient,
};
use kl_math::law::{Bins, Law, at_least_once};
use kl_math::numeric::DoubleDouble;
use std::borrow::Cow;
use std::sync::Arc;

/// The mean over N independent draws of a [`Quantity`], nats, weighed by w = p/s where the draws are from another distribution.
///
/// The estimand is KL(P‖Q), or the component of its gradient; the expected mean is that of what is averaged, which may be another number.
/// Both are exact, and so is the variance, for finite alphabets.
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

    fn laws<'a>(&'a self, pair: &'a Pair) -> Option<SymbolLaws<'a>> {
        match &self.behaviour {
            Some(behaviour) => behaviour.symbols(),
            None => pair.symbols().map(|symbols| symbols.laws()),
        }
    }

    fn values(&self, pair: &Pair) -> Option<SymbolValues> {
        let Weighting { importance, is_differentiated, .. } = self.weighting;
        SymbolValues::of_draws(&self.laws(pair)?, self.quantity, importance, is_differentiated)
    }

    /// KL(P‖Q), or the component of its gradient.
    fn estimand(&self, pair: &Pair) -> Option<f64> {
        match self.quantity {
            Quantity::Divergence(_) => Some(Cumulants::of(self.target(pair)).mean),
            Quantity::Gradient { side, component, .. } => {
                divergence_gradient(&self.laws(pair)?, side)?.get(component).copied()
            }
        }
    }

    /// The chance that one draw's value is infinite.
    fn infinite_mass(&self, pair: &Pair, values: &SymbolValues) -> DoubleDouble {
        let probabilities = self.laws(pair).map_or(&[][..], |laws| laws.drawn.unwrap_or(laws.source));
        let infinite = probabilities.iter().zip(values.values()).filter(|(_, value)| value.is_infinite());
        infinite.map(|(&mass, _)| mass).sum()
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
        Some(Arc::new(self.of_behaviour(Arc::clone(behaviour))))
    }

    fn suits(&self, pair: &Pair, _: u64) -> Result<(), String> {
        let Some(laws) = self.laws(pair) else {
            return Err(match self.quantity {
                Quantity::Gradient { .. } => "is for independent symbols: numbers and chains have no logits here",
                Quantity::Divergence(_) => "weighs independent symbols alone, and these are numbers or a chain",
            }
            .to_owned());
        };
        if self.weighting.span != WeightSpan::Symbol {
            return Err("weighs symbols one by one alone".to_owned());
        }
        if let Quantity::Gradient { component, .. } = self.quantity {
            if laws.source.iter().zip(laws.model).any(|(p, q)| p.to_f64() > 0.0 && q.to_f64() == 0.0) {
                return Err("has no gradient to estimate: KL(P‖Q) is infinite".to_owned());
            }
            if component >= laws.source.len() {
                return Err(format!("has no component {}: there are {}", component + 1, laws.source.len()));
            }
        }
        let is_held = |value: &f64| value.is_finite() || value.is_infinite();
        match self.values(pair) {
            Some(values) if values.values().iter().all(is_held) => Ok(()),
            _ => Err("has a value beyond the largest double".to_owned()),
        }
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let (Some(values), Some(estimand)) = (self.values(pair), self.estimand(pair)) else {
            return Theory::of_estimand(self.target(pair), n);
        };
        let probabilities = self.laws(pair).map_or(&[][..], |laws| laws.drawn.unwrap_or(laws.source));
        let contribution = || {
            let function = FiniteCumulants::new(values.centred().to_vec()).with_size(values.size());
            Some(ContributionCumulants::Symbol(function))
        };
        let law = Law::of_symbols(probabilities, values.values(), n, FEW_ATOMS);
        let infinite = at_least_once(self.infinite_mass(pair, &values), n);
        let (closed_form, source) = (estimand, ClosedFormSource::ClosedForm);
        let known = one_symbol(&values).theory(infinite, n, &Cumulants::of(self.target(pair)), contribution, law);
        Theory { closed_form, source, closed_form_error: None, ..known }
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        self.values(pair).map_or((None, None), |values| one_symbol(&values).moments(n))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        let Some(values) = self.values(pair) else {
            return Bins::new(None, 0.0, f64::INFINITY, (f64::NEG_INFINITY, f64::INFINITY), 0.0);
        };
        let probabilities = self.laws(pair).map_or(&[][..], |laws| laws.drawn.unwrap_or(laws.source));
        let law = Law::of_symbols(probabilities, values.values(), n, MANY_ATOMS);
        let infinite = at_least_once(self.infinite_mass(pair, &values), n);
        one_symbol(&values).bins(infinite, n, law.as_ref(), finite_range(values.values()))
    }

    fn symbol_values<'a>(&self, pair: &'a Pair) -> Option<Cow<'a, [f64]>> {
        Some(self.values(pair)?.values().to_vec().into())
    }

    fn symbol_deviations(&self, pair: &Pair) -> Option<Vec<f64>> {
        Some(self.values(pair)?.deviations().to_vec())
    }

    fn is_symbol_mean(&self, pair: &Pair) -> bool {
        pair.symbols().is_some()
    }

    fn weights(&self, pair: &Pair) -> Option<Vec<f64>> {
        let (laws, importance) = (self.laws(pair)?, self.weighting.importance);
        let drawn = laws.drawn.filter(|_| importance != Importance::Unweighted)?;
        let weight = |(&s, &p): (&DoubleDouble, &DoubleDouble)| match (importance, (p / s).to_f64()) {
            _ if s == DoubleDouble::ZERO => 0.0,
            (Importance::Clipped(most), weight) => weight.min(most),
            (_, weight) => weight,
        };
        Some(drawn.iter().zip(laws.source).map(weight).collect())
    }

    fn can_be_infinite(&self, pair: &Pair) -> Option<bool> {
        let values = self.values(pair)?;
        Some(values.values().iter().any(|value| value.is_infinite()))
    }

    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        /// A symbol's value is computed anew for each block.
        const SYMBOL: u128 = 2_700_000;
        let symbols = pair.symbols().map_or(0, |pair| pair.symbols().len() as u128);
        Cost::of_means(pair, n) + Cost { trial: 0, block: SYMBOL * symbols }
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        let values = self.values(pair).map(|values| values.values().to_vec());
        Box::new(SymbolMeanScorer::new(values.unwrap_or_default().into(), n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::Verdict;
    use crate::experiment::Experiment;
    use kl_math::distribution::{Categorical, Exponential};
    use kl_math::divergence::{Baseline, GradientRule, Side, Term};

    const RULES: [(&str, GradientRule); 6] = [
        ("k1_as_loss", GradientRule::Loss(Term::K1)),
        ("k2_as_loss", GradientRule::Loss(Term::K2)),
        ("k3_as_loss", GradientRule::Loss(Term::K3)),
        ("k1_as_reward", GradientRule::Reward(Term::K1, Baseline::Constant(0.25))),
        ("k2_as_reward", GradientRule::Reward(Term::K2, Baseline::Constant(0.0))),
        ("k3_as_reward", GradientRule::Reward(Term::K3, Baseline::Constant(0.0))),
    ];

    /// Every rule for each component of `symbols` logits.
    fn all(symbols: usize, weighting: Weighting) -> Vec<DrawMean> {
        let rules = RULES.into_iter().flat_map(|rule| [(Side::Source, rule), (Side::Model, rule)]);
        let suited = rules.filter(|(side, (_, rule))| rule.suits(*side));
        suited
            .flat_map(|(side, (name, rule))| {
                let of = move |component| Quantity::Gradient { side, rule, component };
                (0..symbols).map(move |place| DrawMean::new(name, of(place), weighting))
            })
            .collect()
    }

    fn pair(p: &[f64], q: &[f64]) -> Pair {
        Pair::of(Categorical::new(p.to_vec()).unwrap(), Categorical::new(q.to_vec()).unwrap()).unwrap()
    }

    /// Every estimator of five symbols, a rare one among them, fixed seed: one false alarm in 10⁶ such runs at most.
    #[test]
    fn simulated_gradients_agree_with_theory() {
        for (p, q) in [
            ([0.4, 0.3, 0.2, 0.0995, 0.0005], [0.1, 0.2, 0.3, 0.3, 0.1]),
            ([0.5, 0.25, 0.25, 0.0, 0.0], [0.2, 0.2, 0.2, 0.2, 0.2]),
            ([0.2, 0.2, 0.2, 0.2, 0.2], [0.2, 0.2, 0.2, 0.2, 0.2]),
        ] {
            let experiment = Experiment::new(pair(&p, &q)).length(20).trials(20_000).seed(24);
            let results =
                all(5, Weighting::default()).into_iter().fold(experiment, Experiment::estimator).run().unwrap();
            assert_eq!(results.len(), 45);
            for result in results {
                assert_ne!(result.verdict, Verdict::Disagree, "{p:?} {q:?} {result:?}");
                let tested = result.theory.variance.is_some_and(|variance| variance > 0.0);
                assert!(!tested || result.verdict == Verdict::Agree, "{p:?} {q:?} {result:?}");
            }
        }
    }

    /// Mean and variance over all sequences of three symbols, N = 4.
    #[test]
    fn enumeration_of_short_sequences_gives_the_same_moments() {
        let (p, pair) = ([0.2, 0.3, 0.5], pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]));
        for estimator in all(3, Weighting::default()) {
            let values = estimator.symbol_values(&pair).unwrap();
            let (mut mean, mut square) = (0.0, 0.0);
            for code in 0..81usize {
                let symbols = [code / 27, code / 9 % 3, code / 3 % 3, code % 3];
                let mass: f64 = symbols.iter().map(|&symbol| p[symbol]).product();
                let estimate: f64 = symbols.iter().map(|&symbol| values[symbol]).sum::<f64>() / 4.0;
                mean += mass * estimate;
                square += mass * estimate * estimate;
            }
            let theory = estimator.theory(&pair, 4);
            assert!((theory.mean.unwrap() - mean).abs() < 1e-15, "{}", estimator.name());
            assert!((theory.variance.unwrap() - (square - mean * mean)).abs() < 1e-15, "{}", estimator.name());
            let (moment, deviation) = estimator.moments(&pair, 4);
            assert_eq!((moment, deviation.map(|deviation| deviation * deviation > 0.0)), (theory.mean, Some(true)));
        }
    }

    /// All weights of all quantities, where S has less, more and no mass, over all sequences of three symbols, N = 3; and the known means.
    #[test]
    fn weighed_draws_have_the_moments_of_enumeration() {
        let (p, q) = ([0.2, 0.3, 0.5], [0.5, 0.25, 0.25]);
        for s in [[0.3, 0.3, 0.4], [0.6, 0.3, 0.1], [0.5, 0.0, 0.5]] {
            let target = pair(&p, &q);
            let behaviour = Arc::new(Behaviour::new(target, Categorical::new(s).unwrap().into()).unwrap());
            for importance in [Importance::Unweighted, Importance::Ratio, Importance::Clipped(1.2)] {
                for is_differentiated in [false, true] {
                    let weighting = Weighting { importance, is_differentiated, ..Weighting::default() };
                    for estimator in all(3, weighting) {
                        let estimator = estimator.of_behaviour(Arc::clone(&behaviour));
                        check(&estimator, &behaviour, (&p, &q, &s));
                    }
                }
            }
        }
    }

    fn check(estimator: &DrawMean, behaviour: &Behaviour, (p, q, s): (&[f64; 3], &[f64; 3], &[f64; 3])) {
        let Quantity::Gradient { side, rule, component } = estimator.quantity else { panic!("a gradient") };
        let value = |x: usize| {
            let (l, w) = (libm::log(p[x] / q[x]), p[x] / s[x]);
            let (w, is_free) = match estimator.weighting.importance {
                Importance::Clipped(most) if w > most => (most, false),
                Importance::Unweighted => (1.0, true),
                _ => (w, true),
            };
            let k = |term| match term {
                Term::K1 => l,
                Term::K2 => l * l / 2.0,
                Term::K3 => q[x] / p[x] - 1.0 + l,
            };
            let slope = |term| match term {
                Term::K1 => 1.0,
                Term::K2 => l,
                Term::K3 => 1.0 - q[x] / p[x],
            };
            let own = if side == Side::Source { p } else { q };
            let score = f64::from(u8::from(x == component)) - own[component];
            let moves = estimator.weighting.is_differentiated && is_free;
            w * score
                * match rule {
                    GradientRule::Loss(term) if side == Side::Model => -slope(term),
                    GradientRule::Loss(term) => slope(term) + if moves { k(term) } else { 0.0 },
                    GradientRule::Reward(term, Baseline::Constant(baseline)) => k(term) - baseline,
                    GradientRule::Reward(..) => panic!("a constant"),
                }
        };
        let (mut mean, mut square) = (0.0, 0.0);
        for code in 0..27usize {
            let symbols = [code / 9, code / 3 % 3, code % 3];
            let mass: f64 = symbols.iter().map(|&symbol| s[symbol]).product();
            if mass > 0.0 {
                let estimate: f64 = symbols.iter().map(|&symbol| value(symbol)).sum::<f64>() / 3.0;
                mean += mass * estimate;
                square += mass * estimate * estimate;
            }
        }
        let theory = estimator.theory(behaviour.drawn(), 3);
        let what = format!("{} {:?} {side:?} {s:?}", estimator.name(), estimator.weighting);
        assert!((theory.mean.unwrap() - mean).abs() < 2e-15, "{what}: {:?} {mean}", theory.mean);
        assert!((theory.variance.unwrap() - (square - mean * mean)).abs() < 3e-15, "{what}");
        if s.iter().all(|&s| s > 0.0) && estimator.weighting.importance == Importance::Ratio && side == Side::Source {
            let back = p[component] - q[component];
            let known = match (rule, estimator.weighting.is_differentiated) {
                (GradientRule::Loss(Term::K1), false) => 0.0,
                (GradientRule::Loss(Term::K3), false) => back,
                (GradientRule::Loss(Term::K2), false) => theory.closed_form,
                (GradientRule::Loss(Term::K1 | Term::K3), true) => theory.closed_form,
                (GradientRule::Reward(Term::K1, _), _) => theory.closed_form,
                (GradientRule::Reward(Term::K3, _), _) => theory.closed_form - back,
                _ => return,
            };
            assert!((mean - known).abs() < 2e-15, "{what}: {mean} {known}");
        }
    }

    /// Draws from S, weighed and not, of five symbols, fixed seed: one false alarm in 10⁶ such runs at most.
    #[test]
    fn simulated_draws_of_another_distribution_agree_with_theory() {
        let target = pair(&[0.4, 0.3, 0.2, 0.0995, 0.0005], &[0.1, 0.2, 0.3, 0.3, 0.1]);
        let s = Categorical::new([0.2, 0.2, 0.3, 0.2, 0.1]).unwrap();
        let behaviour = Arc::new(Behaviour::new(target, s.into()).unwrap());
        for importance in [Importance::Unweighted, Importance::Ratio, Importance::Clipped(1.5)] {
            let weighting = Weighting { importance, ..Weighting::default() };
            let terms = [("k1", Term::K1), ("k2", Term::K2), ("k3", Term::K3)];
            let values = terms.map(|(name, term)| DrawMean::new(name, Quantity::Divergence(term), weighting));
            let estimators = values.into_iter().chain(all(5, weighting));
            let experiment = Experiment::new(Pair::clone(behaviour.drawn())).length(20).trials(20_000).seed(24);
            let drawn = estimators.map(|estimator| estimator.of_behaviour(Arc::clone(&behaviour)));
            for result in drawn.fold(experiment, Experiment::estimator).run().unwrap() {
                let tested = result.theory.variance.is_some_and(|variance| variance > 0.0);
                assert!(!tested || result.verdict == Verdict::Agree, "{importance:?} {result:?}");
            }
        }
    }

    #[test]
    fn what_has_no_gradient_is_refused() {
        let of = |component| {
            let rule = GradientRule::Loss(Term::K2);
            DrawMean::new(
                "k2_as_loss",
                Quantity::Gradient { side: Side::Source, rule, component },
                Weighting::default(),
            )
        };
        let refusal = |pair: &Pair, place| of(place).suits(pair, 1).unwrap_err();
        assert!(refusal(&pair(&[0.5, 0.5], &[1.0, 0.0]), 0).contains("infinite"));
        assert!(refusal(&pair(&[0.5, 0.5], &[0.25, 0.75]), 2).contains("no component 3"));
        let numbers = Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(2.0).unwrap()).unwrap();
        assert!(refusal(&numbers, 0).contains("independent symbols"));
    }
}
