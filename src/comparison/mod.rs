//! Floor 3: estimates held against theory.

mod verdict;

pub use verdict::{FALSE_ALARM, Verdict, judge};

use crate::distribution::Pair;
use crate::estimator::{Estimator, Theory};
use crate::law::{Binomial, Law};
use crate::numeric::DoubleDouble;
use crate::simulation::{CellSummary, GroupSummary};
use crate::statistics::{CountSums, Dispersion, SquaredDeviation, two_sided_bound};

/// Laws with at most so many atoms are summed for the test of the variance.
const SUMMED_ATOMS: usize = 4096;

/// Estimates that theory says are all the same may differ from it by so much of its size, for rounding.
const ROUNDING: f64 = 1e-12;

/// How a p-value was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// From the exact law.
    Exact,
    /// By Chernoff's bound: the truth is no larger.
    Bound,
}

/// One estimator in one condition: what was found beside what theory says, in nats per symbol. What does
/// not exist is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// How many trials there were.
    pub trials: u64,
    /// The estimand, KL(P‖Q).
    pub closed_form: f64,
    /// The exact mean of the estimate.
    pub expected: Option<f64>,
    /// The mean of the estimates.
    pub mean: f64,
    /// Its Monte Carlo standard error: the exact one, √(Var\[L\]/R), where Var\[L\] is known.
    pub mcse: Option<f64>,
    /// mean − closed form.
    pub bias: Option<f64>,
    /// (mean − expected)/mcse.
    pub z: Option<f64>,
    /// Two-sided p-value of the mean, never below the truth.
    pub p_value: Option<f64>,
    /// Where it is from.
    pub p_value_method: Option<Method>,
    /// Var\[L\], exact.
    pub closed_form_variance: Option<f64>,
    /// S², the variance of the estimates.
    pub variance: Option<f64>,
    /// Its exact standard error, √Var(S²) = Var\[L\] √(2/(R−1) + e/R), e the excess kurtosis of L.
    pub variance_mcse: Option<f64>,
    /// S²/Var\[L\].
    pub variance_ratio: Option<f64>,
    /// Two-sided p-value of (1/R) Σ (Lᵢ − E\[L\])², never below the truth.
    pub variance_p_value: Option<f64>,
    /// √((1/R) Σ (Lᵢ − closed form)²).
    pub rmse: Option<f64>,
    /// How many estimates were infinite.
    pub infinite_trials: u64,
    /// How many are expected to be, where any can.
    pub infinite_expected: Option<f64>,
    /// Two-sided p-value of their number, which is binomial.
    pub infinite_p_value: Option<f64>,
    /// Where theory leaves no room for chance: whether the estimates are what it says.
    pub exact_match: Option<bool>,
}

impl Comparison {
    /// Holds the summary of one cell against its theory.
    pub fn new(
        pair: &Pair,
        estimator: &dyn Estimator,
        theory: &Theory,
        group: &GroupSummary,
        cell: &CellSummary,
        n: u64,
    ) -> Option<Self> {
        let found = Found::new(pair, estimator, group, cell)?;
        let mut comparison = Self::empty(theory, &found, cell.infinite);
        if theory.infinite_mass > DoubleDouble::ZERO {
            comparison.count_infinite(theory.infinite_mass);
            return Some(comparison);
        }
        if found.impossible {
            comparison.p_value = theory.variance.filter(|&variance| variance > 0.0).map(|_| 0.0);
            comparison.exact_match = Some(false);
            return Some(comparison);
        }
        let Some((expected, dispersion)) = theory.mean.zip(found.dispersion) else {
            return Some(comparison);
        };
        comparison.mean = expected + dispersion.deviation;
        let from_estimand = expected - theory.closed_form;
        comparison.bias = Some(dispersion.deviation + from_estimand);
        comparison.variance = dispersion.variance;
        let square = dispersion.mean_square + from_estimand * (2.0 * dispersion.deviation + from_estimand);
        comparison.rmse = Some(square.max(0.0).sqrt());
        match theory.variance {
            Some(0.0) => comparison.match_constant(expected, dispersion),
            Some(variance) => {
                comparison.measure_mean(theory, &found, dispersion, variance, n);
                comparison.measure_variance(theory, dispersion, variance, n);
            }
            None => {
                let spread = dispersion.variance.map(|variance| (variance / comparison.trials as f64).sqrt());
                comparison.mcse = spread;
            }
        }
        Some(comparison)
    }

    /// The p-values there are, each a test of its own.
    pub fn tests(&self) -> impl Iterator<Item = f64> {
        [self.p_value, self.variance_p_value, self.infinite_p_value].into_iter().flatten()
    }

    fn empty(theory: &Theory, found: &Found<'_>, infinite_trials: u64) -> Self {
        Self {
            trials: found.sums.trials(),
            closed_form: theory.closed_form,
            expected: theory.mean,
            mean: found.mean,
            mcse: None,
            bias: None,
            z: None,
            p_value: None,
            p_value_method: None,
            closed_form_variance: theory.variance,
            variance: None,
            variance_mcse: None,
            variance_ratio: None,
            variance_p_value: None,
            rmse: None,
            infinite_trials,
            infinite_expected: None,
            infinite_p_value: None,
            exact_match: None,
        }
    }

    fn count_infinite(&mut self, infinite_mass: DoubleDouble) {
        self.infinite_expected = Some(self.trials as f64 * infinite_mass.to_f64());
        let law = Binomial::new(self.trials, infinite_mass, DoubleDouble::ONE - infinite_mass);
        self.infinite_p_value = Some(law.two_sided_p_value(self.infinite_trials));
    }

    fn match_constant(&mut self, expected: f64, dispersion: Dispersion) {
        let room = ROUNDING * expected.abs();
        self.exact_match = Some(dispersion.deviation.abs() <= room && dispersion.mean_square.sqrt() <= room);
        self.mcse = Some(0.0);
        self.variance_mcse = self.variance.map(|_| 0.0);
    }

    fn measure_mean(&mut self, theory: &Theory, found: &Found<'_>, dispersion: Dispersion, variance: f64, n: u64) {
        let mcse = (variance / self.trials as f64).sqrt();
        self.mcse = Some(mcse);
        self.z = Some(dispersion.deviation / mcse);
        let exact = theory.law.as_ref().and_then(|law| found.exact_p_value(law, self.trials));
        let bound = || {
            let cumulants = theory.symbol_cumulants.as_ref()?;
            let symbols = n as f64 * self.trials as f64;
            Some((two_sided_bound(cumulants, dispersion.deviation, symbols), Method::Bound))
        };
        let p_value = exact.map(|p_value| (p_value, Method::Exact)).or_else(bound);
        (self.p_value, self.p_value_method) = p_value.unzip();
    }

    fn measure_variance(&mut self, theory: &Theory, dispersion: Dispersion, variance: f64, n: u64) {
        let (Some(found), Some(kurtosis), Some(mean)) = (dispersion.variance, theory.excess_kurtosis, theory.mean)
        else {
            return;
        };
        let trials = self.trials as f64;
        self.variance_ratio = Some(found / variance);
        self.variance_mcse = Some(variance * (2.0 / (trials - 1.0) + kurtosis / trials).max(0.0).sqrt());
        let atoms = theory.law.as_ref().and_then(|law| law.atoms(SUMMED_ATOMS));
        let law = match (atoms, &theory.symbol_cumulants) {
            (Some(atoms), _) => Some(SquaredDeviation::exact(&atoms, mean, variance)),
            (None, Some(symbol)) => Some(SquaredDeviation::of_mean(symbol, variance * n as f64, n, 3.0 + kurtosis)),
            (None, None) => None,
        };
        let ratio = dispersion.mean_square / variance;
        self.variance_p_value = law.map(|law| law.two_sided_p_value(ratio, self.trials));
    }
}

/// What the trials say, before theory is asked.
struct Found<'a> {
    sums: &'a CountSums,
    values: Option<&'a [f64]>,
    mean: f64,
    dispersion: Option<Dispersion>,
    /// A symbol occurred to which P gives no chance.
    impossible: bool,
}

impl<'a> Found<'a> {
    fn new(pair: &'a Pair, estimator: &dyn Estimator, group: &'a GroupSummary, cell: &CellSummary) -> Option<Self> {
        let sums = &group.sums;
        if sums.trials() == 0 {
            return None;
        }
        let masses = pair.source_masses();
        let values = estimator.symbol_values(pair);
        let occurred = || sums.totals().iter().enumerate().filter(|&(_, &total)| total > 0);
        let impossible = occurred().any(|(symbol, _)| masses[symbol] == DoubleDouble::ZERO);
        let mean = values.map_or(f64::INFINITY, |values| {
            let symbols: DoubleDouble = occurred().map(|(_, &total)| DoubleDouble::from(total)).sum();
            let share = |total| (DoubleDouble::from(total) / symbols).to_f64();
            let sum: f64 = occurred().map(|(symbol, &total)| share(total) * values[symbol]).sum();
            if sum.is_nan() { f64::NEG_INFINITY } else { sum }
        });
        let finite = pair.uncovered().next().is_none();
        let from_sums = || {
            let values = values.filter(|_| finite && !impossible)?;
            sums.dispersion(masses, values).or_else(|| {
                // On large alphabets the spread comes from the estimates, the mean still from the counts.
                let moments = cell.moments?.dispersion()?;
                Some(Dispersion { deviation: sums.mean_deviation(masses, values)?, ..moments })
            })
        };
        Some(Self { sums, values, mean, dispersion: from_sums(), impossible })
    }

    /// Where the log ratio takes two values, their count over all trials is binomial.
    fn exact_p_value(&self, law: &Law, trials: u64) -> Option<f64> {
        let Law::TwoValues(law) = law else {
            return None;
        };
        let counted: u128 = (self.sums.totals().iter().zip(self.values?))
            .filter(|(_, value)| value.to_bits() == law.first.to_bits())
            .map(|(total, _)| total)
            .sum();
        Some(law.of_trials(trials)?.two_sided_p_value(u64::try_from(counted).ok()?))
    }
}
