//! The columns of a group, of all trials or of those that have what a measure needs.

use super::{Group, Number, Settings};
use kl_math::numeric::{DoubleDouble, shortest};
use kl_math::statistics::{Measure, Study, student_quantile};
use rayon::prelude::*;
use std::borrow::Cow;

/// What a measure needs beside the estimate of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    Truth,
    StdError,
    Interval,
    TruthAndInterval,
    Test,
}

impl Needs {
    pub(super) const ALL: [Self; 6] =
        [Self::Nothing, Self::Truth, Self::StdError, Self::TruthAndInterval, Self::Interval, Self::Test];

    pub(super) fn of(measure: Measure) -> Self {
        use Measure as M;
        match measure {
            M::Bias | M::RelativeBias | M::Mse | M::Rmse | M::MeanAbsoluteError | M::MedianBias | M::TrimmedBias => {
                Self::Truth
            }
            M::ModelSe | M::MeanModelSe | M::ModelSeError => Self::StdError,
            M::MeanIntervalWidth => Self::Interval,
            // Where rows have estimands of their own, what is eliminated is the mean error.
            M::Coverage | M::BiasEliminatedCoverage => Self::TruthAndInterval,
            M::Rejection => Self::Test,
            _ => Self::Nothing,
        }
    }
}

/// Which trials of a group.
pub(super) enum Those {
    All,
    At(Vec<usize>),
}

impl Those {
    /// How many they are, of `all`.
    pub(super) fn count(&self, all: usize) -> usize {
        match self {
            Self::All => all,
            Self::At(places) => places.len(),
        }
    }

    /// Whether something is true of each of them.
    pub(super) fn all(&self, all: usize, mut is_true: impl FnMut(usize) -> bool) -> bool {
        match self {
            Self::All => (0..all).all(is_true),
            Self::At(places) => places.iter().all(|&place| is_true(place)),
        }
    }
}

/// The quantile of Student's t beside each estimate; NaN where there are no degrees of freedom.
pub(super) fn quantiles(group: &Group, level: f64) -> Vec<f64> {
    let tail = 0.5 * (1.0 - level);
    let quantile = |degrees: &DoubleDouble| match degrees.to_f64() {
        degrees if degrees.is_nan() => f64::NAN,
        degrees => student_quantile(tail, degrees),
    };
    group.of(Number::Degrees).par_iter().map(quantile).collect()
}

/// The columns of a group. What all trials have is not copied.
pub(super) struct GroupColumns<'a> {
    pub(super) estimates: Cow<'a, [DoubleDouble]>,
    pub(super) truths: Cow<'a, [DoubleDouble]>,
    numbers: [Cow<'a, [DoubleDouble]>; 4],
    quantiles: Cow<'a, [f64]>,
}

impl<'a> GroupColumns<'a> {
    pub(super) fn new(group: &'a Group, quantiles: &'a [f64]) -> Self {
        let of = [Number::StdError, Number::Low, Number::High, Number::P];
        Self {
            estimates: Cow::Borrowed(&group.estimates),
            truths: Cow::Borrowed(&group.truths),
            numbers: of.map(|number| Cow::Borrowed(group.of(number))),
            quantiles: Cow::Borrowed(quantiles),
        }
    }

    fn of(&self, number: Number) -> &[DoubleDouble] {
        self.numbers.get(number as usize).map_or(&[], |numbers| numbers)
    }

    /// Whether the trial at a place has what is needed.
    pub(super) fn has(&self, needs: Needs, place: usize) -> bool {
        let is_known = |values: &[DoubleDouble]| values.get(place).is_some_and(|value| !value.to_f64().is_nan());
        let has_truth = || self.truths.is_empty() || is_known(&self.truths);
        let has_interval = || {
            if self.of(Number::Low).is_empty() {
                let has_quantile = self.quantiles.is_empty() || self.quantiles.get(place).is_some_and(|q| !q.is_nan());
                is_known(self.of(Number::StdError)) && has_quantile
            } else {
                is_known(self.of(Number::Low)) && is_known(self.of(Number::High))
            }
        };
        match needs {
            Needs::Nothing => true,
            Needs::Truth => has_truth(),
            Needs::StdError => is_known(self.of(Number::StdError)),
            Needs::Interval => has_interval(),
            Needs::TruthAndInterval => has_truth() && has_interval(),
            Needs::Test if self.of(Number::P).is_empty() => has_interval(),
            Needs::Test => is_known(self.of(Number::P)),
        }
    }

    /// The trials that have what is needed.
    pub(super) fn those_with(&self, needs: Needs) -> Those {
        let all = self.estimates.len();
        if (0..all).all(|place| self.has(needs, place)) {
            return Those::All;
        }
        Those::At((0..all).filter(|&place| self.has(needs, place)).collect())
    }

    /// Those of some trials.
    pub(super) fn of_those(&self, those: &Those) -> GroupColumns<'_> {
        fn pick<'a, T: Copy>(values: &'a [T], those: &Those) -> Cow<'a, [T]> {
            match those {
                Those::All => Cow::Borrowed(values),
                Those::At(places) => places.iter().filter_map(|&place| values.get(place).copied()).collect(),
            }
        }
        GroupColumns {
            estimates: pick(&self.estimates, those),
            truths: pick(&self.truths, those),
            numbers: self.numbers.each_ref().map(|numbers| pick(numbers, those)),
            quantiles: pick(&self.quantiles, those),
        }
    }

    /// Each number less the estimand of its row: the errors are estimates of 0.
    pub(super) fn errors(&self) -> GroupColumns<'_> {
        let less = |values: &[DoubleDouble]| values.iter().zip(self.truths.iter()).map(|(&a, &b)| a - b).collect();
        GroupColumns {
            estimates: less(&self.estimates),
            truths: Cow::Borrowed(&[]),
            numbers: [
                Cow::Borrowed(self.of(Number::StdError)),
                less(self.of(Number::Low)),
                less(self.of(Number::High)),
                Cow::Borrowed(self.of(Number::P)),
            ],
            quantiles: Cow::Borrowed(&self.quantiles),
        }
    }

    /// The study of those measures whose needs all these trials fulfil.
    pub(super) fn study(
        &self,
        settings: &Settings<'_>,
        is_fulfilled: impl Fn(Needs) -> bool,
    ) -> Study<'_, DoubleDouble> {
        let mut study = Study::of(&self.estimates).with_null(settings.null);
        if is_fulfilled(Needs::StdError) {
            study = study.with_std_errors(self.of(Number::StdError), settings.level).with_quantiles(&self.quantiles);
        }
        if is_fulfilled(Needs::Interval) && !self.of(Number::Low).is_empty() {
            study = study.with_limits(self.of(Number::Low), self.of(Number::High));
        }
        if is_fulfilled(Needs::Test) && !self.of(Number::P).is_empty() {
            study = study.with_p_values(self.of(Number::P), alpha(settings.level));
        }
        match settings.trim {
            Some(trim) => study.with_trim(trim),
            None => study,
        }
    }
}

/// 1 − level as a decimal: of 0.95 it is 0.05, which the difference of the doubles is not.
fn alpha(level: f64) -> f64 {
    let exact = shortest(level).parse().unwrap_or(DoubleDouble::from(level));
    (DoubleDouble::ONE - exact).to_f64()
}
