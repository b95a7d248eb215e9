//! Means over the sequence of a function of the symbol that is not the log ratio itself.

use super::known_values::KnownValues;
use super::scorer::each_value_scorer;
use super::theory::{FEW_ATOMS, MANY_ATOMS, OneSymbol, finite_range};
use super::weights::{WEIGHTS, is_weighed, weighed_term};
use super::{
    ContributionCumulants, Cost, Estimator, EstimatorKind, RunningMoments, Scorer, Setting, SettingForm, Settings,
    SymbolMeanScorer, Theory, name_with,
};
use kl_math::distribution::{Behaviour, Pair, SymbolPair, ValuePair};
use kl_math::divergence::{Cumulants, FiniteCumulants, SymbolFunction, SymbolValues, Term, ValueMoments};
use kl_math::law::{Bins, Law, infinite_mass};
use std::borrow::Cow;
use std::sync::Arc;

/// (1/N) Σ f(xᵢ), nats per symbol, of a function of x = ln(p/q) and r = q/p = e^−x (Schulman 2020, "Approximating KL
/// divergence"): k2, k3 or a control variate.
///
/// With D = KL(P‖Q), V, κ₃ and κ₄ of x, m the mass of Q outside P's support, χ² = E_P\[r²\] − 1 and J = KL(P‖Q) + KL(Q‖P):
///
/// | name | f | mean | variance, times N |
/// |---|---|---|---|
/// | `k2` | x²/2 | ½ (V + D²) | ¼ (κ₄ + 4 κ₃ D + 2 V² + 4 D² V) |
/// | `k3` | r − 1 + x | D − m | V + χ² − 2J, where m = 0 |
/// | `control_variate` | x + c (r − 1) | D − c m | V + c² χ² − 2cJ, where m = 0 |
///
/// Without a setting c is the best one, of least variance: J/χ² and V − J²/χ² where m = 0, see
/// [`SymbolValues::best_control`]. An estimate is infinite as often as that of the log ratio is.
///
/// ```
/// use kl_math::distribution::{Distribution, Pair};
/// use kl_sim::estimator::{Estimator, LogRatio, SymbolMean};
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let pair = Pair::new(coin(0.5), coin(0.4))?;
/// let (k3, best) = (SymbolMean::k3().theory(&pair, 10), SymbolMean::control_variate(None).theory(&pair, 10));
/// assert!((k3.mean.unwrap() / LogRatio.theory(&pair, 10).mean.unwrap() - 1.0).abs() < 1e-15);
/// // Of two symbols x is linear in r: nothing is left to chance.
/// assert_eq!(best.variance, Some(0.0));
/// # Ok::<(), kl_math::distribution::PairError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SymbolMean {
    name: String,
    function: Function,
    known: KnownValues,
}

/// Which function, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    HalfSquare,
    Excess,
    /// c, or the best one.
    Controlled(Option<f64>),
}

/// How k2 is written.
pub(super) const K2: EstimatorKind = EstimatorKind {
    name: "k2",
    meaning: "the mean of ½ ln²(p/q): biased, and of little variance where Q is near P",
    settings: WEIGHTS,
    make: |settings| match is_weighed(settings) {
        true => weighed_term(K2.name, Term::K2, settings),
        false => Arc::new(SymbolMean::k2()),
    },
};

/// How k3 is written.
pub(super) const K3: EstimatorKind = EstimatorKind {
    name: "k3",
    meaning: "the mean of q/p − 1 + ln(p/q): unbiased, and never negative",
    settings: WEIGHTS,
    make: |settings| match is_weighed(settings) {
        true => weighed_term(K3.name, Term::K3, settings),
        false => Arc::new(SymbolMean::k3()),
    },
};

/// How a control variate is written.
pub(super) const CONTROL_VARIATE: EstimatorKind = EstimatorKind {
    name: "control_variate",
    meaning: "the mean of ln(p/q) + c (q/p − 1), with the c of least variance unless it is given: unbiased",
    settings: &[Setting { name: WEIGHT, form: SettingForm::Number(-1e6, 1e6), example: "c = -1" }],
    make: |settings| Arc::new(SymbolMean::control_variate(settings.get(WEIGHT).and_then(|value| value.number()))),
};

const WEIGHT: &str = "c";

impl SymbolMean {
    fn new(name: String, function: Function) -> Self {
        Self { name, function, known: KnownValues::default() }
    }

    /// The mean of x²/2.
    pub fn k2() -> Self {
        Self::new(K2.name.to_owned(), Function::HalfSquare)
    }

    /// The mean of r − 1 + x.
    pub fn k3() -> Self {
        Self::new(K3.name.to_owned(), Function::Excess)
    }

    /// The mean of x + c (r − 1), with the c of least variance if there is none.
    pub fn control_variate(c: Option<f64>) -> Self {
        let name = name_with(CONTROL_VARIATE.name, c.map(|c| (WEIGHT, c)));
        Self::new(name, Function::Controlled(c))
    }

    /// The function itself, for this pair.
    fn of(&self, pair: &Pair) -> SymbolFunction {
        match self.function {
            Function::HalfSquare => SymbolFunction::HalfSquare,
            Function::Excess => SymbolFunction::Excess,
            Function::Controlled(Some(c)) => SymbolFunction::controlled(c),
            Function::Controlled(None) => match pair {
                Pair::Symbols(pair) => SymbolValues::best_control(pair),
                Pair::Values(pair) => ValueMoments::best_control(pair),
                Pair::Chains(_) => SymbolFunction::controlled(0.0),
            },
        }
    }

    /// Its values on the symbols, if there are some.
    fn symbols(&self, pair: &Pair) -> Option<Arc<SymbolValues>> {
        pair.symbols().map(|symbols| self.known.get(symbols, || SymbolValues::of(symbols, self.of(pair))))
    }

    /// What is known of one symbol or value.
    fn one(&self, pair: &Pair) -> OneSymbol {
        match pair {
            Pair::Symbols(_) => self.symbols(pair).map(|symbols| one_symbol(&symbols)).unwrap_or_default(),
            Pair::Values(values) => one_value(&ValueMoments::of(values, self.of(pair))),
            Pair::Chains(_) => OneSymbol::default(),
        }
    }

    /// Whether an estimate may be below 0.
    fn is_signed(&self) -> bool {
        matches!(self.function, Function::Controlled(_))
    }

    fn theory_of_values(&self, pair: &Pair, values: &ValuePair, n: u64) -> Theory {
        let function = self.of(pair);
        let moments = ValueMoments::of(values, function);
        let cumulants = moments.cumulants(values, function);
        // Without any exponential nothing rigorous is known of the variance of trials.
        let has_exponentials = cumulants.as_ref().is_some_and(|found| found.end_of_domain(true) > 0.0);
        let known = OneSymbol { higher: moments.higher.filter(|_| has_exponentials), ..one_value(&moments) };
        known.theory(
            infinite_mass(pair, n),
            n,
            &Cumulants::of(pair),
            || cumulants.map(ContributionCumulants::Other),
            None,
        )
    }
}

impl Estimator for SymbolMean {
    fn name(&self) -> &str {
        &self.name
    }

    fn written(&self) -> (&'static str, Settings) {
        match self.function {
            Function::HalfSquare => (K2.name, Settings::new()),
            Function::Excess => (K3.name, Settings::new()),
            Function::Controlled(c) => (CONTROL_VARIATE.name, c.map(|c| (WEIGHT, c.into())).into_iter().collect()),
        }
    }

    fn drawn_by(&self, behaviour: &Arc<Behaviour>) -> Option<Arc<dyn Estimator>> {
        let (kind, term) = match self.function {
            Function::HalfSquare => (K2.name, Term::K2),
            Function::Excess => (K3.name, Term::K3),
            Function::Controlled(_) => return None,
        };
        weighed_term(kind, term, &Settings::new()).drawn_by(behaviour)
    }

    fn suits(&self, pair: &Pair, _: u64) -> Result<(), String> {
        match pair {
            Pair::Symbols(symbols) => match SymbolValues::beyond(symbols, self.of(pair)) {
                Some(symbol) => Err(format!("has a value beyond the largest double for the symbol {symbol:?}")),
                None => Ok(()),
            },
            Pair::Values(_) => Ok(()),
            Pair::Chains(_) => Err("is a mean over independent symbols, and these have a memory".to_owned()),
        }
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let probabilities = match pair {
            Pair::Symbols(symbols) => symbols.source_probabilities(),
            Pair::Values(values) => return self.theory_of_values(pair, values, n),
            Pair::Chains(_) => return Theory::of_estimand(pair, n),
        };
        let Some(symbols) = self.symbols(pair) else { return Theory::of_estimand(pair, n) };
        let contribution = || {
            let function = FiniteCumulants::new(symbols.centred().to_vec()).with_size(symbols.size());
            Some(ContributionCumulants::Symbol(function))
        };
        let law = Law::of_symbols(probabilities, symbols.values(), n, FEW_ATOMS);
        one_symbol(&symbols).theory(infinite_mass(pair, n), n, &Cumulants::of(pair), contribution, law)
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        self.one(pair).moments(n)
    }

    fn running_moments<'a>(&'a self, pair: &'a Pair) -> RunningMoments<'a> {
        let one = self.one(pair);
        Box::new(move |n| one.moments(n))
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        /// A spread below this part of the values' size does not show in estimates.
        const RESOLVED: f64 = 1e-9;
        let Some((probabilities, symbols)) =
            pair.symbols().map(SymbolPair::source_probabilities).zip(self.symbols(pair))
        else {
            let least = if self.is_signed() { f64::NEG_INFINITY } else { 0.0 };
            return self.one(pair).bins(infinite_mass(pair, n), n, None, (least, f64::INFINITY));
        };
        let (known, range) = (one_symbol(&symbols), finite_range(symbols.values()));
        let std_dev = known.moments(n).1.unwrap_or(f64::INFINITY);
        if std_dev > 0.0 && std_dev < RESOLVED * symbols.size() {
            return OneSymbol { variance: Some(0.0), ..known }.bins(infinite_mass(pair, n), n, None, range);
        }
        let law = Law::of_symbols(probabilities, symbols.values(), n, MANY_ATOMS);
        known.bins(infinite_mass(pair, n), n, law.as_ref(), range)
    }

    fn symbol_values<'a>(&self, pair: &'a Pair) -> Option<Cow<'a, [f64]>> {
        self.symbols(pair).map(|symbols| symbols.values().to_vec().into())
    }

    fn symbol_deviations(&self, pair: &Pair) -> Option<Vec<f64>> {
        self.symbols(pair).map(|symbols| symbols.deviations().to_vec())
    }

    fn is_symbol_mean(&self, pair: &Pair) -> bool {
        pair.symbols().is_some()
    }

    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        /// A symbol's value is computed anew for each block, where there are few symbols.
        const SYMBOL: u128 = 2_700_000;
        /// Else it is there.
        const KNOWN: u128 = 2_000;
        let of_symbol = if pair.symbols().is_some_and(KnownValues::keeps) { KNOWN } else { SYMBOL };
        /// A value's exponential.
        const EXPONENTIAL: u128 = 20_000;
        let has_best = self.function == Function::Controlled(None);
        let of_function = match pair {
            Pair::Symbols(pair) => {
                Cost { trial: 0, block: of_symbol * (1 + u128::from(has_best)) * pair.symbols().len() as u128 }
            }
            Pair::Values(_) if self.function != Function::HalfSquare => Cost::of_trial(EXPONENTIAL * u128::from(n)),
            Pair::Values(_) | Pair::Chains(_) => Cost::default(),
        };
        Cost::of_means(pair, n) + of_function
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        match pair {
            Pair::Values(values) => each_value_scorer(values, self.of(pair), n),
            Pair::Symbols(_) | Pair::Chains(_) => {
                let values = self.symbols(pair).map(|symbols| symbols.values().to_vec());
                Box::new(SymbolMeanScorer::new(values.unwrap_or_default().into(), n))
            }
        }
    }
}

pub(super) fn one_symbol(symbols: &SymbolValues) -> OneSymbol {
    OneSymbol {
        mean: Some(symbols.mean()),
        error: None,
        variance: symbols.spread().map(|spread| spread.variance),
        higher: symbols.spread().and_then(|spread| spread.higher),
    }
}

fn one_value(moments: &ValueMoments) -> OneSymbol {
    OneSymbol { mean: moments.mean, error: moments.error, variance: moments.variance, higher: moments.higher }
}
