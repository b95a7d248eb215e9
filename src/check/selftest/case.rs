//! The calibration cases: which formula is tested with which law.

use super::study::{Law, StudyTrials};
use kl_math::statistics::{Measure, precision_gain, precision_gain_mcse_if_normal};

/// A measure and its standard error, computed from a study's trials.
pub type Formula = fn(Measure, &StudyTrials<'_>) -> Option<(f64, f64)>;

/// A formula for a standard error, and the law that it is tested with.
#[derive(Clone, Copy, Debug)]
pub struct CalibrationCase {
    /// The measure.
    pub measure: Measure,
    /// The law that the formula assumes.
    pub assumption: Assumption,
    /// The law of the estimates.
    pub law: Law,
    /// Number of trials in a study.
    pub trials: usize,
    /// The relative error that is tolerated, since a formula that holds for many trials is tested with a few; none if
    /// the formula does not hold for this law and the case is only shown.
    pub tolerance: Option<f64>,
    /// The formula.
    pub formula: Formula,
}

/// The law of the estimates that a formula assumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// Any.
    None,
    /// Normal.
    Normal,
}

impl Assumption {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "any law",
            Self::Normal => "if normal",
        }
    }
}

/// Squared standard errors that are unbiased at any number of trials: the tolerance is for the skewness of batches.
const EXACT: f64 = 0.03;

/// Formulas for many trials.
const CLOSE: f64 = 0.06;

/// Formulas that estimate a density from the distance of two order statistics: 2 to 8 % too large at 200 trials.
const NEAR: f64 = 0.12;

/// Formulas that estimate a kurtosis, for a law with a long tail: a few hundred trials rarely show it.
const LOOSE: f64 = 0.25;

/// Few trials.
const FEW: usize = 4;

/// Many.
const MANY: usize = 200;

/// Every calibration case, and the formulas that are known to fail and only shown.
pub fn calibration_cases() -> Vec<CalibrationCase> {
    use Law::{Coin, Exponential, ExponentialPairs, Normal, NormalPairs};
    use Measure as M;
    let any = |measure, law, trials, tolerance| CalibrationCase {
        measure,
        assumption: Assumption::None,
        law,
        trials,
        tolerance: Some(tolerance),
        formula: of_any_law,
    };
    let if_normal = |measure, law, tolerance| CalibrationCase {
        measure,
        assumption: Assumption::Normal,
        law,
        trials: MANY,
        tolerance,
        formula: of_a_normal_law,
    };
    let mut cases: Vec<CalibrationCase> = [Normal, Exponential, Coin].map(|law| any(M::Bias, law, FEW, EXACT)).to_vec();
    for (law, long_tail) in [(Normal, CLOSE), (Coin, CLOSE), (Exponential, LOOSE)] {
        cases.extend([
            any(M::RelativeBias, law, MANY, EXACT),
            any(M::EmpiricalSe, law, MANY, long_tail),
            any(M::Mse, law, MANY, EXACT),
            any(M::Rmse, law, MANY, long_tail),
            any(M::MeanAbsoluteError, law, MANY, EXACT),
            any(M::ModelSe, law, MANY, long_tail),
            any(M::MeanModelSe, law, MANY, EXACT),
            any(M::MeanIntervalWidth, law, MANY, EXACT),
            any(M::ModelSeError, law, MANY, long_tail),
            any(M::Coverage, law, MANY, EXACT),
        ]);
    }
    for law in [Normal, Exponential] {
        cases.extend(M::QUANTILES.map(|quantile| any(quantile, law, MANY, NEAR)));
        cases.push(any(M::MedianBias, law, MANY, NEAR));
        cases.extend([M::TrimmedMean, M::TrimmedBias].map(|trimmed| any(trimmed, law, MANY, CLOSE)));
    }
    cases.extend([
        // It has no density.
        CalibrationCase { tolerance: None, ..any(M::Median, Coin, MANY, CLOSE) },
        any(M::BiasEliminatedCoverage, Normal, MANY, CLOSE),
        // It assumes that the mean is known.
        CalibrationCase { tolerance: None, ..any(M::BiasEliminatedCoverage, Exponential, MANY, CLOSE) },
        any(M::Rejection, Normal, MANY, EXACT),
        any(M::Rejection, Coin, MANY, EXACT),
        any(M::PrecisionGain, NormalPairs, MANY, CLOSE),
        any(M::PrecisionGain, ExponentialPairs, MANY, LOOSE),
        if_normal(M::EmpiricalSe, Normal, Some(CLOSE)),
        if_normal(M::EmpiricalSe, Exponential, None),
        if_normal(M::ModelSeError, Normal, Some(CLOSE)),
        if_normal(M::ModelSeError, Exponential, None),
        if_normal(M::PrecisionGain, NormalPairs, Some(CLOSE)),
        if_normal(M::PrecisionGain, ExponentialPairs, None),
    ]);
    cases
}

/// The formulas of this program.
fn of_any_law(measure: Measure, drawn: &StudyTrials<'_>) -> Option<(f64, f64)> {
    let found = match measure {
        Measure::PrecisionGain => precision_gain(drawn.estimates, drawn.others)?,
        _ => drawn.study.assess(measure)?,
    };
    Some((found.estimate, found.mcse?))
}

/// The formulas of the literature for normal estimates.
fn of_a_normal_law(measure: Measure, drawn: &StudyTrials<'_>) -> Option<(f64, f64)> {
    match measure {
        Measure::PrecisionGain => {
            let gain = precision_gain(drawn.estimates, drawn.others)?;
            Some((gain.estimate, precision_gain_mcse_if_normal(drawn.estimates, drawn.others)?))
        }
        _ => Some((drawn.study.assess(measure)?.estimate, drawn.study.mcse_if_normal(measure)?)),
    }
}
