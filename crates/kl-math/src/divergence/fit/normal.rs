//! The normal distribution nearest to P by KL(Q‖P): a search from several starts.

use super::error::FitError;
use super::moments::{Moments, forward_normal, real_values};
use super::search::Search;
use crate::distribution::{ClosedFormSource, Distribution, Values, resolved};
use crate::divergence::Divergence;
use crate::numeric::Unit;

/// A normal distribution that is nearest to P, or nearer than all around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalFit {
    /// Its mean m, in the unit of P's values.
    pub mean: f64,
    /// Its standard deviation σ > 0, in the unit of P's values.
    pub std_dev: f64,
    /// A bound on the distance of m from that of the exact minimum; none where the minimum is too flat for one.
    pub mean_error: Option<f64>,
    /// The same of σ.
    pub std_dev_error: Option<f64>,
}

/// Where a search starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartPoint {
    /// At mean and standard deviation of the component in this place, from 0, of the mixture that P is.
    Component(usize),
    /// At the centre of P, as wide as P.
    Centre,
    /// At the fit of the other direction.
    Forward,
}

/// One search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// What it started from.
    pub point: StartPoint,
    /// The mean it started at.
    pub mean: f64,
    /// The standard deviation it started at.
    pub std_dev: f64,
    /// The local minimum it ended at; none where it did not end.
    pub end: Option<NormalFit>,
    /// KL(Q‖P) there less an error that is the same for all starts, nats: what the starts are compared by.
    pub divergence: Option<f64>,
}

/// The nearest normal distribution by KL(Q‖P), and every search for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReverseFit {
    /// The best end of all searches.
    pub fit: NormalFit,
    /// Which of the starts led there; of several that are equally good the first.
    pub best: usize,
    /// All searches: from the components, or from the centre, then from the fit of the other direction, if there is one.
    pub starts: Vec<Start>,
    /// Components that no search started from, since there are very many.
    pub left_out: usize,
}

/// The largest number of components that searches start from: those that weigh most.
pub const MOST_STARTS: usize = 32;

/// The normal Q that minimises KL(Q‖P), for P with a density on the whole line.
///
/// # Formula
///
/// KL(Q‖P) = −ln σ − ½ ln 2πe − E\[ln p(m + σz)\], z standard normal. With ℓ = ln p and the Hermite polynomials Heₖ the gradient in
/// (m/σ, ln σ) is −(E\[ℓ z\], 1 + E\[ℓ He₂\]), and the curvature −(E\[ℓ He₂\], E\[ℓ He₃\]; E\[ℓ He₃\], 2 E\[ℓ He₂\] + E\[ℓ He₄\]).
/// Newton's method with halved steps goes on until steps no longer shrink. Where the gradient is 0 the first entry of the curvature
/// is 1, so that a symmetric P always has a minimum in its middle, too. The stated error is twice the norm of the inverse curvature times that of the gradient and its error, and it is stated
/// only where the curvature around keeps at least half of its size.
///
/// There may be several minima, one at each mode of P. The result is the best of all searches, which start from the components of a
/// mixture, or from the centre of P, and from the fit by KL(P‖Q). A better one that no start leads to is not excluded.
///
/// # Errors
///
/// P that is not over real numbers, P without a density on a part of the line, and searches that do not end.
///
/// # Source
///
/// Bishop 2006, *Pattern Recognition and Machine Learning*, section 10.1.2; the derivatives by Stein's lemma, Opper & Archambeau
/// 2009, "The variational Gaussian approximation revisited", equations (3) and (4).
///
/// # Example
///
/// ```
/// use kl_math::divergence::fit::{normal_against, reverse_normal};
/// use kl_math::prelude::*;
/// // Of two modes far apart it is on the heavier one: its ln weight is what is lost.
/// let p = Mixture::new([(0.7, Normal::new(-20.0, 1.0)?), (0.3, Normal::new(20.0, 2.0)?)])?;
/// let found = reverse_normal(&p.clone().into())?;
/// let (fit, within) = (found.fit, |found: f64, exact: f64, error: Option<f64>| error.is_some_and(|e| (found - exact).abs() <= e && e < 1e-11));
/// assert!(within(fit.mean, -20.0, fit.mean_error) && within(fit.std_dev, 1.0, fit.std_dev_error), "{fit:?}");
/// let lost = normal_against(&p.into(), fit.mean, fit.std_dev)?.mean;
/// assert!((lost + libm::log(0.7)).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn reverse_normal(p: &Distribution) -> Result<ReverseFit, FitError> {
    let values = real_values(p)?;
    if let Some(where_not) = where_not(values.support()) {
        return Err(FitError::NotCovered { where_not });
    }
    // Where doubles lie too far apart for P, nothing can be searched for.
    resolved(p).map_err(|_| FitError::Unresolved)?;
    let search = Search::new(p, values);
    let (points, left_out) = start_points(p, values);
    let starts: Vec<Start> = points
        .into_iter()
        .map(|(point, [mean, std_dev])| {
            let end = search.minimum(mean, std_dev);
            let (end, divergence) = end.map_or((None, None), |(fit, divergence)| (Some(fit), Some(divergence)));
            Start { point, mean, std_dev, end, divergence }
        })
        .collect();
    let least = starts.iter().filter_map(|start| start.divergence).fold(f64::INFINITY, f64::min);
    // Equal but for rounding, as the two modes of a symmetric mixture are.
    const SAME: f64 = 1e-12;
    let is_best = |start: &Start| start.divergence.is_some_and(|found| found <= least + SAME * (1.0 + least.abs()));
    let best = starts.iter().position(is_best).ok_or(FitError::Unsettled)?;
    let fit = starts.get(best).and_then(|start| start.end).ok_or(FitError::Unsettled)?;
    Ok(ReverseFit { fit, best, starts, left_out })
}

/// KL(Q‖P) of a normal Q with this mean and standard deviation, nats, by the quadrature of [`reverse_normal`]: also where P is so
/// much wider or narrower than Q in parts that the quadrature of [`kl`](crate::kl) gives up. Its variance is not computed.
///
/// # Errors
///
/// Those of [`reverse_normal`], and integrals that do not settle.
///
/// # Example
///
/// ```
/// use kl_math::divergence::fit::normal_against;
/// use kl_math::prelude::*;
/// let p = Normal::new(1.0, 2.0)?;
/// let found = normal_against(&p.clone().into(), 0.0, 1.0)?;
/// let exact = kl(&Normal::new(0.0, 1.0)?, &p)?.mean;
/// assert!(found.error.is_some_and(|error| (found.mean - exact).abs() <= error && error < 1e-13));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn normal_against(p: &Distribution, mean: f64, std_dev: f64) -> Result<Divergence, FitError> {
    let values = real_values(p)?;
    if let Some(where_not) = where_not(values.support()) {
        return Err(FitError::NotCovered { where_not });
    }
    let search = Search::new(p, values);
    let found = search.at(mean, libm::log(std_dev)).ok_or(FitError::Unsettled)?;
    Ok(Divergence {
        mean: found.value.max(0.0),
        variance: None,
        error: Some(found.noise),
        source: ClosedFormSource::Quadrature,
        unit: Unit::Nats,
    })
}

/// Where there is no density.
fn where_not([low, high]: [f64; 2]) -> Option<String> {
    let shown = crate::numeric::shortest;
    match (low.is_finite(), high.is_finite()) {
        (false, false) => None,
        (true, false) => Some(format!("below {}", shown(low))),
        (false, true) => Some(format!("above {}", shown(high))),
        (true, true) => Some(format!("below {} and above {}", shown(low), shown(high))),
    }
}

/// Where searches start, and how many components are left out.
fn start_points(p: &Distribution, values: &dyn Values) -> (Vec<(StartPoint, [f64; 2])>, usize) {
    let (mut points, mut left_out) = (Vec::new(), 0);
    if let Distribution::Mixture(mixture) = p {
        let mut components: Vec<(usize, f64, &Distribution)> =
            mixture.weighed().enumerate().map(|(place, (weight, law))| (place, weight, law)).collect();
        left_out = components.len().saturating_sub(MOST_STARTS);
        if left_out > 0 {
            components.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            components.truncate(MOST_STARTS);
            components.sort_by_key(|component| component.0);
        }
        points.extend(components.into_iter().filter_map(|(place, _, law)| {
            law.values().map(|values| (StartPoint::Component(place), about(law, values)))
        }));
    } else {
        points.push((StartPoint::Centre, about(p, values)));
    }
    if let Ok(forward) = forward_normal(p) {
        points.push((StartPoint::Forward, [forward.mean, forward.std_dev]));
    }
    (points, left_out)
}

/// Mean and standard deviation, or the centre and the width where there are none.
fn about(law: &Distribution, values: &dyn Values) -> [f64; 2] {
    let has_variance =
        values.tail_power().iter().zip(values.support()).all(|(power, end)| end.is_finite() || *power > 2.0);
    if has_variance && let Ok(moments) = Moments::of(law) {
        return [moments.mean, moments.variance.sqrt()];
    }
    let change = values.change_of_variable();
    let [low, centre, high] = [-1.0, 0.0, 1.0].map(|v| change.at(v).0.value());
    [centre, 0.5 * high - 0.5 * low]
}
