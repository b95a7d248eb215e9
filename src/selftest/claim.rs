//! Which standard errors are claimed to be right, and of which laws.

use super::{Drawn, Law};
use kl_math::statistics::{Measure, precision_gain, precision_gain_mcse_if_normal};

/// A measure and its standard error, computed from a study's trials.
pub type Formula = fn(Measure, &Drawn<'_>) -> Option<(f64, f64)>;

/// A formula for a standard error, and a law it is put to.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// What is measured.
    pub measure: Measure,
    /// What the formula takes the law to be.
    pub assumption: Assumption,
    /// The law of the estimates.
    pub law: Law,
    /// Trials in a study.
    pub trials: usize,
    /// By how large a part the standard error may be off, since a formula that holds for many trials is put to a few; none if it is
    /// not claimed for this law, and only shown.
    pub tolerance: Option<f64>,
    /// The formula.
    pub formula: Formula,
}

/// What a formula takes the law of the estimates to be.
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

/// Off by hardly more than batches are lopsided: squared standard errors that are unbiased at any number of trials.
const EXACT: f64 = 0.03;

/// For formulas that take many trials.
const CLOSE: f64 = 0.06;

/// For those that take the distance of two order statistics for a density: too large by 2 to 8 % at 200 trials.
const NEAR: f64 = 0.12;

/// For those that take a kurtosis from a law with a long tail, which a few hundred trials rarely show.
const LOOSE: f64 = 0.25;

/// Few trials.
const FEW: usize = 4;

/// Many.
const MANY: usize = 200;

/// Everything that is claimed, and what is known to be wrong.
pub fn claims() -> Vec<Claim> {
    use Law::{Coin, Exponential, ExponentialPairs, Normal, NormalPairs};
    use Measure as M;
    let any = |measure, law, trials, tolerance| Claim {
        measure,
        assumption: Assumption::None,
        law,
        trials,
        tolerance: Some(tolerance),
        formula: of_any_law,
    };
    let if_normal = |measure, law, tolerance| Claim {
        measure,
        assumption: Assumption::Normal,
        law,
        trials: MANY,
        tolerance,
        formula: of_a_normal_law,
    };
    let mut claims: Vec<Claim> = [Normal, Exponential, Coin].map(|law| any(M::Bias, law, FEW, EXACT)).to_vec();
    for (law, long_tail) in [(Normal, CLOSE), (Coin, CLOSE), (Exponential, LOOSE)] {
        claims.extend([
            any(M::RelativeBias, law, MANY, EXACT),
            any(M::EmpiricalSe, law, MANY, long_tail),
            any(M::Mse, law, MANY, EXACT),
            any(M::Rmse, law, MANY, long_tail),
            any(M::ModelSe, law, MANY, long_tail),
            any(M::ModelSeError, law, MANY, long_tail),
            any(M::Coverage, law, MANY, EXACT),
        ]);
    }
    for law in [Normal, Exponential] {
        claims.extend(M::QUANTILES.map(|quantile| any(quantile, law, MANY, NEAR)));
    }
    claims.extend([
        // It has no density.
        Claim { tolerance: None, ..any(M::Median, Coin, MANY, CLOSE) },
        any(M::BiasEliminatedCoverage, Normal, MANY, CLOSE),
        // It takes the mean as known.
        Claim { tolerance: None, ..any(M::BiasEliminatedCoverage, Exponential, MANY, CLOSE) },
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
    claims
}

/// The program's own.
fn of_any_law(measure: Measure, drawn: &Drawn<'_>) -> Option<(f64, f64)> {
    let found = match measure {
        Measure::PrecisionGain => precision_gain(drawn.estimates, drawn.others)?,
        _ => drawn.study.assess(measure)?,
    };
    Some((found.estimate, found.mcse?))
}

/// The literature's, where it takes estimates to be normal.
fn of_a_normal_law(measure: Measure, drawn: &Drawn<'_>) -> Option<(f64, f64)> {
    match measure {
        Measure::PrecisionGain => {
            let gain = precision_gain(drawn.estimates, drawn.others)?;
            Some((gain.estimate, precision_gain_mcse_if_normal(drawn.estimates, drawn.others)?))
        }
        _ => Some((drawn.study.assess(measure)?.estimate, drawn.study.mcse_if_normal(measure)?)),
    }
}
