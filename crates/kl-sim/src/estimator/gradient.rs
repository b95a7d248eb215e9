//! Gradients of KL(P‖Q), estimated as training code does.

use super::symbol_mean::one_symbol;
use super::theory::{FEW_ATOMS, MANY_ATOMS, finite_range};
use super::{ContributionCumulants, Cost, Estimator, Scorer, Settings, SymbolMeanScorer, Theory, name_with};
use kl_math::distribution::{ClosedFormSource, Pair, SymbolPair};
use kl_math::divergence::{Cumulants, FiniteCumulants, GradientRule, Logits, SymbolValues, divergence_gradient};
use kl_math::law::{Bins, Law};
use kl_math::numeric::DoubleDouble;
use std::borrow::Cow;

/// One component of the gradient of KL(P‖Q) with respect to logits, estimated by the mean of a [`GradientRule`] over N independent
/// symbols from P, nats.
///
/// The estimand is the component itself, ∂ KL(P‖Q)/∂θ_c ([`divergence_gradient`]); the expected mean is that of the rule, which may be another
/// number. Both are exact, and so is the variance.
///
/// ```
/// use kl_math::divergence::{GradientRule, Logits};
/// use kl_sim::estimator::GradientMean;
/// use kl_sim::prelude::*;
/// let pair = Pair::of(Categorical::new([0.5, 0.25, 0.25])?, Categorical::new([0.25, 0.25, 0.5])?)?;
/// let of = |rule| GradientMean::new(Logits::Source, rule, 0).expect("a rule for P's logits");
/// let results = Experiment::new(pair)
///     .estimator(of(GradientRule::K2AsLoss))
///     .estimator(of(GradientRule::K1AsLoss))
///     .run()?;
/// // k2 leads to the gradient, k1 to nothing, and both do what theory says.
/// assert_eq!(results[0].theory.mean, Some(results[0].theory.closed_form));
/// assert_eq!(results[1].theory.mean, Some(0.0));
/// assert!(results.iter().all(|result| result.verdict == Verdict::Agree));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct GradientMean {
    name: String,
    logits: Logits,
    rule: GradientRule,
    component: usize,
}

impl GradientMean {
    /// The component of the logit at a place of the alphabet, counted from 0; none where the rule does not suit the logits.
    pub fn new(logits: Logits, rule: GradientRule, component: usize) -> Option<Self> {
        let baseline = match rule {
            GradientRule::K1AsReward { baseline } if baseline != 0.0 => Some(("baseline", baseline)),
            _ => None,
        };
        let settings = baseline.into_iter().chain([("component", component as f64 + 1.0)]);
        rule.suits(logits).then(|| Self { name: name_with(kind(rule), settings), logits, rule, component })
    }

    fn values(&self, pair: &Pair) -> Option<SymbolValues> {
        SymbolValues::of_gradient(pair.symbols()?, self.logits, self.rule, self.component)
    }

    /// The component of the gradient itself, where there is one.
    fn estimand(&self, pair: &Pair) -> Option<f64> {
        divergence_gradient(pair.symbols()?, self.logits)?.get(self.component).copied()
    }
}

/// The name of a rule.
fn kind(rule: GradientRule) -> &'static str {
    match rule {
        GradientRule::K1AsLoss => "k1_as_loss",
        GradientRule::K2AsLoss => "k2_as_loss",
        GradientRule::K3AsLoss => "k3_as_loss",
        GradientRule::K1AsReward { .. } => "k1_as_reward",
        GradientRule::K2AsReward => "k2_as_reward",
        GradientRule::K3AsReward => "k3_as_reward",
    }
}

impl Estimator for GradientMean {
    fn name(&self) -> &str {
        &self.name
    }

    fn written(&self) -> (&'static str, Settings) {
        let mut settings = Settings::from([("component", self.component as f64 + 1.0)]);
        if let GradientRule::K1AsReward { baseline } = self.rule {
            settings.insert("baseline", baseline);
        }
        (kind(self.rule), settings)
    }

    fn suits(&self, pair: &Pair, _: u64) -> Result<(), String> {
        let Some(symbols) = pair.symbols() else {
            return Err("is for independent symbols: numbers and chains have no logits here".to_owned());
        };
        if symbols.uncovered().next().is_some() {
            return Err("has no gradient to estimate: KL(P‖Q) is infinite".to_owned());
        }
        if self.component >= symbols.symbols().len() {
            return Err(format!("has no component {}: there are {}", self.component + 1, symbols.symbols().len()));
        }
        let is_finite = |values: &SymbolValues| values.values().iter().all(|value| value.is_finite());
        match self.values(pair) {
            Some(values) if is_finite(&values) => Ok(()),
            _ => Err("has a value beyond the largest double".to_owned()),
        }
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let (Some(values), Some(estimand)) = (self.values(pair), self.estimand(pair)) else {
            return Theory::of_estimand(pair, n);
        };
        let probabilities = pair.symbols().map_or(&[][..], SymbolPair::source_probabilities);
        let contribution = || {
            let function = FiniteCumulants::new(values.centred().to_vec()).with_size(values.size());
            Some(ContributionCumulants::Symbol(function))
        };
        let law = Law::of_symbols(probabilities, values.values(), n, FEW_ATOMS);
        Theory {
            closed_form: estimand,
            source: ClosedFormSource::ClosedForm,
            closed_form_error: None,
            infinite_mass: DoubleDouble::ZERO,
            ..one_symbol(&values).theory(pair, n, &Cumulants::of(pair), contribution, law)
        }
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        self.values(pair).map_or((None, None), |values| one_symbol(&values).moments(n))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        let Some(values) = self.values(pair) else {
            return Bins::new(None, 0.0, f64::INFINITY, (f64::NEG_INFINITY, f64::INFINITY), 0.0);
        };
        let probabilities = pair.symbols().map_or(&[][..], SymbolPair::source_probabilities);
        let law = Law::of_symbols(probabilities, values.values(), n, MANY_ATOMS);
        one_symbol(&values).bins(pair, n, law.as_ref(), finite_range(values.values()))
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

    const RULES: [GradientRule; 6] = [
        GradientRule::K1AsLoss,
        GradientRule::K2AsLoss,
        GradientRule::K3AsLoss,
        GradientRule::K1AsReward { baseline: 0.25 },
        GradientRule::K2AsReward,
        GradientRule::K3AsReward,
    ];

    fn all(symbols: usize) -> Vec<GradientMean> {
        let rules = RULES.into_iter().flat_map(|rule| [(Logits::Source, rule), (Logits::Model, rule)]);
        rules
            .flat_map(|(logits, rule)| (0..symbols).filter_map(move |place| GradientMean::new(logits, rule, place)))
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
            let results = all(5).into_iter().fold(experiment, Experiment::estimator).run().unwrap();
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
        for estimator in all(3) {
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

    #[test]
    fn what_has_no_gradient_is_refused() {
        let of = |place| GradientMean::new(Logits::Source, GradientRule::K2AsLoss, place).unwrap();
        assert!(GradientMean::new(Logits::Model, GradientRule::K1AsReward { baseline: 0.0 }, 0).is_none());
        assert_eq!(of(0).name(), "k2_as_loss(component=1)");
        let refusal = |pair: &Pair, place| of(place).suits(pair, 1).unwrap_err();
        assert!(refusal(&pair(&[0.5, 0.5], &[1.0, 0.0]), 0).contains("infinite"));
        assert!(refusal(&pair(&[0.5, 0.5], &[0.25, 0.75]), 2).contains("no component 3"));
        let numbers = Pair::of(Exponential::new(1.0).unwrap(), Exponential::new(2.0).unwrap()).unwrap();
        assert!(refusal(&numbers, 0).contains("independent symbols"));
    }
}
