//! Floor 3: estimates held against theory.

mod measures;
mod verdict;

pub use measures::{Assessed, Rivals};
pub use verdict::{FALSE_ALARM, Verdict, judge};

use crate::estimator::{ContributionCumulants, Contributions, Estimator, Rate, Theory};
use crate::simulation::{CellSummary, GroupSummary};
use kl_math::distribution::{ClosedFormSource, Pair, SymbolPair};
use kl_math::law::{Atom, Binomial, Law};
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::{CountSums, Dispersion, SquaredDeviation, two_sided_bound};
use std::borrow::Cow;
use std::sync::Arc;

/// Laws of means of symbols with at most so many atoms are summed for the test of the variance.
const SUMMED_ATOMS: usize = 4096;

/// Laws that are listed with at most so many atoms are summed, too: there is no other way to them.
const LISTED_ATOMS: usize = 1 << 16;

/// Spreads below this part of the estimates' size are taken from sums of counts, not from the estimates.
const RESOLVED: f64 = 1e-6;

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

impl Method {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Exact, Self::Bound];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Bound => "bound",
        }
    }
}

/// One estimator in one condition: what was found beside what theory says, in nats per symbol. What does
/// not exist is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// How many trials there were.
    pub trials: u64,
    /// The estimand, KL(P‖Q); none where the condition cannot be had.
    pub closed_form: Option<f64>,
    /// Where the closed form is from.
    pub closed_form_source: ClosedFormSource,
    /// How far it may be off, if it is not from a formula.
    pub closed_form_error: Option<f64>,
    /// Where the estimand depends on N: what it and N Var\[L\] tend to.
    pub rate: Option<Rate>,
    /// The exact mean of the estimate.
    pub expected: Option<f64>,
    /// The mean of the estimates, if there are any.
    pub mean: Option<f64>,
    /// Its Monte Carlo standard error: the exact one, √(Var\[L\]/R), where Var\[L\] is known.
    pub mcse: Option<f64>,
    /// mean − closed form.
    pub bias: Option<f64>,
    /// (mean − expected)/mcse; none where mcse is below what rounding does to the mean.
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
    /// How many trials an estimator of the user's own gave no estimate for; what is said of estimates is of the others.
    pub failed_trials: u64,
    /// How many estimates were infinite.
    pub infinite_trials: u64,
    /// How many are expected to be, where any can.
    pub infinite_expected: Option<f64>,
    /// Two-sided p-value of their number, which is binomial.
    pub infinite_p_value: Option<f64>,
    /// Where theory leaves no room for chance: whether the estimates are what it says.
    pub exact_match: Option<bool>,
    /// Why a test is missing, or why there is no estimate at all.
    pub reason: Option<Arc<str>>,
}

/// Why a test of a row is missing.
mod reasons {
    pub(super) const NO_THEORY: &str = "the exact mean and variance of this estimator are not known here";
    pub(super) const NO_VARIANCE: &str = "the variance of the estimate is not known, or beyond the largest double";
    pub(super) const INFINITE_VARIANCE: &str = "the variance of the estimate is infinite";
    pub(super) const NO_BOUND: &str = "no bound of the tails of the estimate is known";
    pub(super) const UNRESOLVED: &str =
        "the standard error is below what rounding does to the estimates and to the closed form";
}

impl Comparison {
    /// Holds the summary of one cell against its theory.
    pub fn new(
        pair: &Pair,
        estimator: &dyn Estimator,
        theory: &Theory,
        group: &GroupSummary,
        cell: &CellSummary,
    ) -> Option<Self> {
        let found = Found::new(pair, estimator, theory, group, cell)?;
        let mut comparison = Self { failed_trials: cell.failed, ..Self::empty(theory, &found, cell.infinite) };
        if theory.infinite_mass > DoubleDouble::ZERO {
            comparison.count_infinite(theory.infinite_mass);
            return Some(comparison);
        }
        if found.impossible {
            comparison.p_value = theory.variance.filter(|&variance| variance > 0.0).map(|_| 0.0);
            comparison.exact_match = Some(false);
            return Some(comparison);
        }
        let is_infinite = theory.mean.is_some_and(|mean| !mean.is_finite());
        let Some(dispersion) = found.dispersion.filter(|_| !is_infinite) else {
            comparison.explain(theory);
            return Some(comparison);
        };
        let centre = theory.centre().unwrap_or(0.0);
        let from_estimand = centre - theory.closed_form;
        if from_estimand.is_finite() {
            comparison.bias = Some(dispersion.deviation + from_estimand);
            let square = dispersion.mean_square + from_estimand * (2.0 * dispersion.deviation + from_estimand);
            comparison.rmse = Some(square.max(0.0).sqrt());
        }
        comparison.variance = dispersion.variance;
        if !found.is_consistent {
            comparison.exact_match = Some(false);
        }
        match theory.variance {
            Some(0.0) => comparison.match_constant(theory, centre, dispersion),
            Some(variance) if variance.is_finite() => {
                comparison.measure_mean(theory, &found, dispersion, variance);
                comparison.measure_variance(theory, dispersion, variance);
            }
            _ => {
                let spread = dispersion.variance.map(|variance| (variance / comparison.estimates() as f64).sqrt());
                comparison.mcse = spread;
            }
        }
        comparison.explain(theory);
        Some(comparison)
    }

    /// A row without any estimate, for this reason; of the theory no more is told than the estimand.
    pub fn unavailable(reason: Arc<str>, theory: Option<&Theory>) -> Self {
        Self {
            reason: Some(reason),
            closed_form: theory.map(|theory| theory.closed_form),
            closed_form_source: theory.map(|theory| theory.source).unwrap_or_default(),
            closed_form_error: theory.and_then(|theory| theory.closed_form_error),
            ..Self::default()
        }
    }

    /// Says why nothing was tested, if nothing was.
    fn explain(&mut self, theory: &Theory) {
        let is_tested = self.tests().next().is_some() || self.exact_match.is_some();
        if is_tested || self.reason.is_some() || theory.closed_form.is_infinite() {
            return;
        }
        let reason = match (theory.mean, theory.variance) {
            (None, _) => reasons::NO_THEORY,
            (_, None) => reasons::NO_VARIANCE,
            (_, Some(f64::INFINITY)) => reasons::INFINITE_VARIANCE,
            _ => reasons::NO_BOUND,
        };
        self.reason = Some(reason.into());
    }

    /// How many estimates there are.
    pub fn estimates(&self) -> u64 {
        self.trials - self.failed_trials
    }

    /// Whether rounding is small beside the spread of the estimates and of their mean, as far as that is known.
    pub fn is_resolved(&self) -> bool {
        self.reason.as_deref() != Some(reasons::UNRESOLVED)
    }

    /// The estimand; +∞ where the condition cannot be had, which pictures and sentences leave out.
    pub fn estimand(&self) -> f64 {
        self.closed_form.unwrap_or(f64::INFINITY)
    }

    /// The mean of the estimates; +∞ where there are none.
    pub fn estimated(&self) -> f64 {
        self.mean.unwrap_or(f64::INFINITY)
    }

    /// The p-values there are, each a test of its own.
    pub fn tests(&self) -> impl Iterator<Item = f64> {
        [self.p_value, self.variance_p_value, self.infinite_p_value].into_iter().flatten()
    }

    fn empty(theory: &Theory, found: &Found<'_>, infinite_trials: u64) -> Self {
        Self {
            trials: found.sums.trials(),
            closed_form: Some(theory.closed_form),
            closed_form_source: theory.source,
            closed_form_error: theory.closed_form_error,
            rate: theory.rate,
            expected: theory.mean,
            mean: Some(found.mean),
            closed_form_variance: theory.variance,
            infinite_trials,
            ..Self::default()
        }
    }

    fn count_infinite(&mut self, infinite_mass: DoubleDouble) {
        self.infinite_expected = Some(self.trials as f64 * infinite_mass.to_f64());
        let law = Binomial::new(self.trials, infinite_mass, DoubleDouble::ONE - infinite_mass);
        self.infinite_p_value = Some(law.two_sided_p_value(self.infinite_trials));
    }

    fn match_constant(&mut self, theory: &Theory, expected: f64, dispersion: Dispersion) {
        let room = (ROUNDING * expected.abs()).max(theory.uncertainty());
        let is_constant = dispersion.mean_square.sqrt() <= room;
        if is_constant {
            // What is left is rounding, not spread.
            self.variance = self.variance.map(|_| 0.0);
            self.rmse = self.bias.map(f64::abs);
        }
        self.exact_match = Some(is_constant && dispersion.deviation.abs() <= room && self.exact_match != Some(false));
        self.mcse = Some(0.0);
        self.variance_mcse = self.variance.map(|_| 0.0);
    }

    fn measure_mean(&mut self, theory: &Theory, found: &Found<'_>, dispersion: Dispersion, variance: f64) {
        let mcse = variance.sqrt() / (self.trials as f64).sqrt();
        self.mcse = Some(mcse);
        // What rounding and the error of the expected mean may do is no deviation.
        let room = theory.uncertainty();
        let is_resolved = mcse > room;
        if is_resolved {
            self.z = Some(dispersion.deviation / mcse);
        } else {
            self.reason = Some(reasons::UNRESOLVED.into());
        }
        let sure = (dispersion.deviation.abs() * (1.0 - ROUNDING) - room).max(0.0);
        let deviation = sure.copysign(dispersion.deviation);
        let exact = theory.law.as_ref().and_then(|law| found.exact_p_value(law, deviation, self.trials));
        let bound = || {
            let contributions = theory.contributions.as_ref().filter(|_| is_resolved)?;
            let count = contributions.count as f64 * self.trials as f64;
            Some((two_sided_bound(contributions.cumulants.function(), deviation, count), Method::Bound))
        };
        let is_counted = matches!(theory.law, Some(Law::TwoValues(_)));
        let exact = exact.filter(|_| is_resolved || is_counted).map(|p_value| (p_value, Method::Exact));
        (self.p_value, self.p_value_method) = exact.or_else(bound).unzip();
    }

    fn measure_variance(&mut self, theory: &Theory, dispersion: Dispersion, variance: f64) {
        let (Some(found), Some(kurtosis), Some(mean)) = (dispersion.variance, theory.excess_kurtosis, theory.mean)
        else {
            return;
        };
        let trials = self.trials as f64;
        self.variance_ratio = Some(found / variance);
        self.variance_mcse = Some(variance * (2.0 / (trials - 1.0) + kurtosis / trials).max(0.0).sqrt());
        // The root of a mean square is off by no more than its terms are (Minkowski).
        let room = theory.uncertainty() / variance.sqrt();
        if room >= 1.0 {
            self.reason = Some(reasons::UNRESOLVED.into());
            return;
        }
        let law = law_of_squares(theory, kurtosis, mean, variance);
        let root = (dispersion.mean_square / variance).sqrt();
        let sure = if root > 1.0 { (root - room).max(1.0) } else { (root + room).min(1.0) };
        self.variance_p_value = law.map(|law| law.two_sided_p_value(sure * sure, self.trials));
    }
}

/// The law of the squared distance from the mean: summed over atoms where they are few and far enough apart for
/// their differences to be more than rounding.
fn law_of_squares(theory: &Theory, kurtosis: f64, mean: f64, variance: f64) -> Option<SquaredDeviation> {
    let most = match &theory.contributions {
        Some(Contributions { count: 1, cumulants: ContributionCumulants::Symbol(_) }) => LISTED_ATOMS,
        _ => SUMMED_ATOMS,
    };
    let atoms = theory.law.as_ref().and_then(|law| law.atoms(most));
    let scale = |atoms: &[Atom]| atoms.iter().map(|atom| atom.value.abs()).fold(0.0, f64::max);
    let contributions = theory.contributions.as_ref();
    match (atoms, contributions) {
        (Some(atoms), _) if variance.sqrt() > RESOLVED * scale(&atoms) => {
            Some(SquaredDeviation::exact(&atoms, mean, variance))
        }
        (_, Some(Contributions { cumulants, count })) => {
            let (variance, fourth_moment) = (variance * *count as f64, 3.0 + kurtosis);
            Some(match cumulants {
                ContributionCumulants::Symbol(symbol) => {
                    SquaredDeviation::of_mean(symbol, variance, *count, fourth_moment)
                }
                ContributionCumulants::Other(function) => {
                    SquaredDeviation::of_contributions(Arc::clone(function), variance, *count, fourth_moment)
                }
            })
        }
        (_, None) => None,
    }
}

/// What the trials say, before their p-values are asked for.
struct Found<'a> {
    sums: &'a CountSums,
    values: Option<Cow<'a, [f64]>>,
    mean: f64,
    dispersion: Option<Dispersion>,
    /// A symbol occurred to which P gives no chance.
    impossible: bool,
    /// The expected mean is that of the symbols' values: a wrong closed form shows here without any chance.
    is_consistent: bool,
}

impl<'a> Found<'a> {
    fn new(
        pair: &'a Pair,
        estimator: &dyn Estimator,
        theory: &Theory,
        group: &'a GroupSummary,
        cell: &CellSummary,
    ) -> Option<Self> {
        let sums = &group.sums;
        let masses = pair.symbols().map_or(&[][..], SymbolPair::source_masses);
        let values = estimator.symbol_values(pair);
        let occurred = || sums.totals().iter().enumerate().filter(|&(_, &total)| total > 0);
        let mut found = Self {
            sums,
            values,
            mean: f64::INFINITY,
            dispersion: None,
            impossible: occurred().any(|(symbol, _)| masses[symbol] == DoubleDouble::ZERO),
            is_consistent: true,
        };
        let Some(values) = found.values.clone() else {
            found.dispersion = cell.moments.and_then(|moments| moments.dispersion());
            // About the mean, else D or 0; without any finite estimate all are infinite.
            let centre = theory.centre().unwrap_or(0.0);
            let finite = found.dispersion.filter(|_| cell.infinite == 0);
            found.mean = finite.map_or(f64::INFINITY, |found| centre + found.deviation);
            return (sums.trials() > cell.failed).then_some(found);
        };
        let is_finite = occurred().all(|(symbol, _)| values[symbol].is_finite());
        found.mean = match (is_finite, found.impossible) {
            (true, _) => sums.deviation_from(0.0, &values)?,
            (false, true) => f64::NEG_INFINITY,
            (false, false) => f64::INFINITY,
        };
        if let (true, false, Some(expected)) =
            (is_finite, found.impossible, theory.mean.filter(|mean| mean.is_finite()))
        {
            let deviations = estimator.symbol_deviations(pair);
            let (scores, centre) = deviations.as_deref().map_or((&*values, expected), |deviations| (deviations, 0.0));
            found.dispersion = sums.dispersion(masses, scores, centre).or_else(|| {
                // On large alphabets the spread comes from the estimates, the mean still from the counts.
                let moments = cell.moments?.dispersion()?;
                let is_resolved = moments.mean_square.sqrt() > RESOLVED * found.mean.abs();
                let variance = moments.variance.filter(|_| is_resolved || theory.variance == Some(0.0));
                Some(Dispersion { deviation: sums.deviation_from(centre, scores)?, variance, ..moments })
            });
            found.is_consistent = is_mean(expected, masses, &values);
        }
        (sums.trials() > 0).then_some(found)
    }

    /// Where the log ratio takes two values, their count over all trials is binomial; sums over all trials are of the
    /// family of one trial's.
    fn exact_p_value(&self, law: &Law, deviation: f64, trials: u64) -> Option<f64> {
        let law = match law {
            Law::TwoValues(law) => law,
            Law::Sum(law) => return law.two_sided_p_value(deviation, trials),
            Law::Atoms(_) => return None,
        };
        let counted: u128 = (self.sums.totals().iter().zip(self.values.as_deref()?))
            .filter(|(_, value)| value.to_bits() == law.first.to_bits())
            .map(|(total, _)| total)
            .sum();
        Some(law.of_trials(trials)?.two_sided_p_value(u64::try_from(counted).ok()?))
    }
}

/// Whether Σ pᵢ xᵢ is `expected` but for rounding.
fn is_mean(expected: f64, masses: &[DoubleDouble], values: &[f64]) -> bool {
    let possible = || masses.iter().zip(values).filter(|(mass, _)| mass.to_f64() > 0.0);
    let mean: DoubleDouble = possible().map(|(&mass, &value)| mass * DoubleDouble::from(value)).sum();
    let size: f64 = possible().map(|(mass, value)| mass.to_f64() * value.abs()).sum();
    (mean - DoubleDouble::from(expected)).to_f64().abs() <= ROUNDING * size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimator::LogRatio;
    use kl_math::distribution::Categorical;

    fn pair(p: &[f64], q: &[f64]) -> Pair {
        Pair::of(Categorical::new(p).unwrap(), Categorical::new(q).unwrap()).unwrap()
    }

    /// What comes of trials with these symbol counts, under a theory that may have been tampered with.
    fn compared(pair: &Pair, trials: &[&[u64]], tamper: impl Fn(&mut Theory)) -> Comparison {
        let n = trials[0].iter().sum();
        let mut sums = CountSums::new(pair.symbols().unwrap().source_masses(), n);
        trials.iter().for_each(|counts| sums.push(counts, 1));
        let group = GroupSummary { sums, tally: None, cells: Vec::new() };
        let mut theory = LogRatio.theory(pair, n);
        tamper(&mut theory);
        Comparison::new(pair, &LogRatio, &theory, &group, &CellSummary::default()).unwrap()
    }

    /// Two trials of one symbol, both the rarest, whose chance is 1e-3: 2·(1e-3)², doubled for two sides.
    #[test]
    fn the_bound_of_the_mean_counts_every_symbol() {
        let pair = pair(&[0.9, 0.099, 0.001], &[0.5, 0.4, 0.1]);
        let found = compared(&pair, &[&[0, 0, 1], &[0, 0, 1]], |_| ());
        let p = found.p_value.unwrap();
        assert!((2e-6..2e-6 * (1.0 + 1e-6)).contains(&p), "{p:e}");
    }

    #[test]
    fn a_wrong_closed_form_is_seen_without_any_chance() {
        let pair = pair(&[0.5, 0.5], &[0.4, 0.6]);
        assert_eq!(compared(&pair, &[&[5, 5]], |_| ()).exact_match, None);
        let off = compared(&pair, &[&[5, 5]], |theory| theory.mean = theory.mean.map(|mean| mean * (1.0 + 1e-9)));
        assert_eq!(off.exact_match, Some(false));
        let constant = Pair::new(Arc::clone(pair.source()), Arc::clone(pair.source())).unwrap();
        assert_eq!(compared(&constant, &[&[5, 5]], |_| ()).exact_match, Some(true));
        assert_eq!(compared(&constant, &[&[5, 5]], |theory| theory.mean = Some(1e-9)).exact_match, Some(false));
    }

    /// With the law of the squares summed over atoms, and bounded from the law of a symbol.
    #[test]
    fn both_tests_of_the_variance_say_nearly_the_same() {
        let pair = pair(&[0.7, 0.2, 0.1], &[0.5, 0.2, 0.3]);
        let wide: Vec<&[u64]> =
            [[20u64, 4, 6], [26, 3, 1], [25, 4, 1], [17, 7, 6]].iter().map(|c| c.as_slice()).cycle().take(80).collect();
        let narrow: Vec<&[u64]> = [[21u64, 6, 3], [22, 5, 3]].iter().map(|c| c.as_slice()).cycle().take(40).collect();
        for trials in [wide, narrow] {
            let exact = compared(&pair, &trials, |_| ()).variance_p_value.unwrap();
            let bound = compared(&pair, &trials, |theory| theory.law = None).variance_p_value.unwrap();
            assert!(exact < 1e-3 && bound >= exact && libm::log(bound) < 0.6 * libm::log(exact), "{exact:e} {bound:e}");
        }
    }

    /// A skewed source, whose squares spread far more than a normal law's: quiet trials are no surprise.
    #[test]
    fn the_test_of_the_variance_knows_the_kurtosis() {
        let pair = pair(&[0.98, 0.015, 0.005], &[0.4, 0.3, 0.3]);
        let quiet: Vec<&[u64]> = [[10u64, 0, 0]].iter().map(|counts| counts.as_slice()).cycle().take(20).collect();
        let exact = compared(&pair, &quiet, |_| ()).variance_p_value.unwrap();
        let bound = compared(&pair, &quiet, |theory| theory.law = None).variance_p_value.unwrap();
        // Truly 2·0.98²⁰⁰.
        assert!(exact >= 2.0 * libm::pow(0.98, 200.0) && bound >= exact * (1.0 - 1e-9), "{exact:e} {bound:e}");
        // A little too quiet, many times: here the second order decides.
        let kinds: [(&[u64], usize); 4] =
            [(&[10, 0, 0], 3_380), (&[9, 1, 0], 450), (&[9, 0, 1], 150), (&[8, 1, 1], 20)];
        let calm: Vec<&[u64]> = kinds.iter().flat_map(|&(counts, times)| std::iter::repeat_n(counts, times)).collect();
        let exact = compared(&pair, &calm, |_| ()).variance_p_value.unwrap();
        let bound = compared(&pair, &calm, |theory| theory.law = None).variance_p_value.unwrap();
        assert!(exact < 0.1 && bound >= exact * (1.0 - 1e-9), "{exact:e} {bound:e}");
    }

    #[test]
    fn hardly_possible_symbols_give_finite_numbers() {
        let pair = pair(&[1.0, 5e-324], &[0.5, 0.5]);
        let found = compared(&pair, &[&[1, 0], &[1, 0]], |_| ());
        let numbers = [found.mcse, found.z, found.variance_mcse, found.variance_ratio, found.rmse];
        assert!(numbers.into_iter().flatten().all(f64::is_finite), "{found:?}");
    }
}
