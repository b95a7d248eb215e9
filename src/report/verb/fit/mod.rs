//! The member of a family that is nearest to P, in both directions: what each fit is, and what it loses.

mod data;
mod text;

use crate::experiment_file::FitTask;
use crate::record::Label;
use kl_math::distribution::{Distribution, Normal, Pair, PairError};
use kl_math::divergence::Divergence;
use kl_math::divergence::fit::{
    FitError, NormalFit, ReverseFit, TiedFit, forward_normal, normal_against, reverse_normal,
};
use std::sync::Arc;

/// By which divergence a fit is the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitDirection {
    /// argmin KL(P‖Q).
    Forward,
    /// argmin KL(Q‖P).
    Reverse,
    /// Both of them.
    Both,
}

/// The output of `runner fit`.
#[derive(Clone, Debug)]
pub struct FitReport {
    p: Arc<Distribution>,
    /// ln Z, nats: P is known up to the factor Z.
    log_z: f64,
    /// Forward and reverse; none where it was not asked for.
    fits: [Option<Result<Fit, FitError>>; 2],
    /// The searches for the reverse fit of a normal distribution.
    searches: Option<ReverseFit>,
    /// The class of each symbol, where symbols are tied.
    classes: Option<Vec<usize>>,
}

/// One fit.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    pub(super) q: Distribution,
    /// Mean and standard deviation, of a normal distribution.
    pub(super) normal: Option<NormalFit>,
    /// KL(P‖Q) and KL(Q‖P), nats, or why they cannot be computed.
    pub(super) divergences: [Result<Divergence, PairError>; 2],
}

/// The names of the two fits.
const NAMES: [&str; 2] = ["forward", "reverse"];

/// What they minimise.
const MINIMISED: [&str; 2] = ["KL(P‖Q)", "KL(Q‖P)"];

impl FitReport {
    /// Fits in the directions that are asked for.
    ///
    /// # Errors
    ///
    /// The reason, or both of them, where no fit that is asked for exists.
    pub fn new(task: &FitTask, direction: FitDirection, log_z: f64) -> Result<Self, Vec<FitError>> {
        let is_wanted = [direction != FitDirection::Reverse, direction != FitDirection::Forward];
        let mut report = match task {
            FitTask::Normal(p) => Self::of_normals(p, is_wanted),
            FitTask::Tied(p, ties) => Self::of_ties(p, ties, is_wanted).map_err(|error| vec![error])?,
        };
        report.log_z = log_z;
        if report.fits.iter().flatten().any(Result::is_ok) {
            return Ok(report);
        }
        Err(report.fits.into_iter().flatten().filter_map(Result::err).collect())
    }

    fn of_normals(p: &Arc<Distribution>, [forward, reverse]: [bool; 2]) -> Self {
        let fit = |normal: NormalFit| {
            let q = Normal::new(normal.mean, normal.std_dev).map_err(|_| FitError::Unsettled)?;
            Ok(Fit::new(p, q.into(), Some(normal)))
        };
        let searched = reverse.then(|| reverse_normal(p));
        let searches = searched.as_ref().and_then(|found| found.as_ref().ok()).cloned();
        let fits = [
            forward.then(|| forward_normal(p).and_then(fit)),
            searched.map(|found| found.and_then(|found| fit(found.fit))),
        ];
        Self { p: Arc::clone(p), log_z: 0.0, fits, searches, classes: None }
    }

    fn of_ties(p: &Arc<Distribution>, ties: &[Vec<usize>], [forward, reverse]: [bool; 2]) -> Result<Self, FitError> {
        let found = TiedFit::of(p, ties)?;
        let fit = |probabilities: &Vec<f64>| {
            let q = TiedFit::over_symbols_of(p, probabilities).ok_or(FitError::Unsettled)?;
            Ok(Fit::new(p, q.into(), None))
        };
        let fits = [
            forward.then(|| fit(&found.forward)),
            reverse.then(|| found.reverse.as_ref().map_err(FitError::clone).and_then(fit)),
        ];
        Ok(Self { p: Arc::clone(p), log_z: 0.0, fits, searches: None, classes: Some(found.classes) })
    }

    /// The distribution P.
    pub fn source(&self) -> &Distribution {
        &self.p
    }

    /// The fits that exist, each with its name.
    pub fn fitted(&self) -> impl Iterator<Item = (&'static str, &Distribution)> {
        self.found().map(|(place, fit)| (NAMES.get(place).copied().unwrap_or_default(), &fit.q))
    }

    /// The fits that exist, each with its place.
    fn found(&self) -> impl Iterator<Item = (usize, &Fit)> {
        self.fits.iter().enumerate().filter_map(|(place, fit)| Some((place, fit.as_ref()?.as_ref().ok()?)))
    }

    /// The fits that do not exist, each with its place and the reason.
    fn missing(&self) -> impl Iterator<Item = (usize, &FitError)> {
        self.fits.iter().enumerate().filter_map(|(place, fit)| Some((place, fit.as_ref()?.as_ref().err()?)))
    }

    fn elbo(&self, fit: &Fit) -> Option<f64> {
        let [_, back] = &fit.divergences;
        back.as_ref().ok().map(|back| self.log_z - back.mean)
    }

    fn name(&self) -> String {
        Label::new(&self.p.to_string()).shown().to_owned()
    }
}

impl Fit {
    fn new(p: &Arc<Distribution>, q: Distribution, normal: Option<NormalFit>) -> Self {
        let model = Arc::new(q.clone());
        let between = |from: &Arc<Distribution>, to: &Arc<Distribution>| {
            Pair::new(Arc::clone(from), Arc::clone(to)).map(|pair| Divergence::of(&pair))
        };
        let by_fit = |error: PairError| match normal {
            Some(normal) if error.is_numeric() => normal_against(p, normal.mean, normal.std_dev).map_err(|_| error),
            _ => Err(error),
        };
        let divergences = [between(p, &model), between(&model, p).or_else(by_fit)];
        Self { q, normal, divergences }
    }
}
