//! What is known of estimates that look along a sequence.

use crate::estimator::theory::{FEW_ATOMS, MANY_ATOMS};
use crate::estimator::{ContributionCumulants, Contributions, Theory};
use kl_math::distribution::ClosedFormSource;
use kl_math::divergence::{Bounded, CumulantFunction, FiniteCumulants, VarianceAlone};
use kl_math::law::{Bins, Law, ListedLaw};
use kl_math::path::{PathEstimate, PathMoments};
use std::sync::Arc;

/// Mean and standard deviation.
pub(super) fn moments(estimate: &PathEstimate, n: u64) -> (Option<f64>, Option<f64>) {
    let found = estimate.moments(n);
    (found.map(|moments| moments.mean), found.map(|moments| moments.variance.sqrt()))
}

/// What is known of it; `known` is what is known of KL(P‖Q).
pub(super) fn theory(estimate: &PathEstimate, known: Theory, n: u64) -> Theory {
    let known = if estimate.is_value() {
        known
    } else {
        // The divergence of which this is the gradient has its own source and rate.
        let closed_form = estimate.gradient(n).unwrap_or(known.closed_form);
        Theory { closed_form, source: ClosedFormSource::ClosedForm, closed_form_error: None, rate: None, ..known }
    };
    let Some(moments) = estimate.moments(n) else { return known };
    let most = if estimate.is_linear() { FEW_ATOMS } else { MANY_ATOMS };
    let law = estimate.law(n, most);
    let largest = |law: &ListedLaw| law.atoms().iter().fold(0.0, |size, atom| f64::max(size, atom.value.abs()));
    // What is summed may be far larger than what is left of it.
    let scale = law.as_ref().map_or(0.0, largest).max(moments.size).max(estimate.largest_part());
    let cumulants = || match &law {
        Some(law) => ContributionCumulants::Symbol(of_law(law, scale)),
        None => ContributionCumulants::Other(function(estimate, moments, n)),
    };
    let varies = moments.variance > 0.0;
    Theory {
        scale,
        mean: Some(moments.mean),
        variance: Some(moments.variance),
        excess_kurtosis: law.as_ref().filter(|_| varies).and_then(ListedLaw::excess_kurtosis),
        contributions: varies.then(|| Contributions { cumulants: cumulants(), count: 1 }),
        law: law.map(|law| Law::Atoms(law.into_atoms())),
        ..known
    }
}

/// A function that K of the estimate about its mean is nowhere above: by how far it reaches, if that is of any use.
fn function(estimate: &PathEstimate, moments: PathMoments, n: u64) -> Arc<dyn CumulantFunction> {
    /// In standard deviations: farther, the variance alone says more.
    const FAR: f64 = 1e6;
    let (variance, scale) = (moments.variance, moments.size);
    let reach = estimate.reach(n).map(|reach| reach + moments.mean.abs());
    match reach.filter(|reach| *reach < FAR * variance.sqrt()) {
        Some(reach) => Arc::new(Bounded { variance, reach, scale }),
        None => Arc::new(VarianceAlone { variance, scale }),
    }
}

/// K of the estimate about its mean; of very many values a function that is nowhere smaller.
fn of_law(law: &ListedLaw, size: f64) -> FiniteCumulants {
    const FEW_VALUES: usize = 1024;
    let centred = law.centred().to_vec();
    if centred.len() <= FEW_VALUES {
        FiniteCumulants::new(centred).sized(size)
    } else {
        FiniteCumulants::gathered(centred, 0.0, size)
    }
}

/// Bins of a histogram.
pub(super) fn bins(estimate: &PathEstimate, n: u64) -> Bins {
    let (mean, std_dev) = moments(estimate, n);
    let everything = (f64::NEG_INFINITY, f64::INFINITY);
    let law = mean.and_then(|_| estimate.law(n, FEW_ATOMS)).map(|law| Law::Atoms(law.into_atoms()));
    // Without moments bins need to be near only.
    let near = || estimate.gradient(n).unwrap_or(0.0);
    Bins::new(law.as_ref(), mean.unwrap_or_else(near), std_dev.unwrap_or(f64::INFINITY), everything, 0.0)
}
