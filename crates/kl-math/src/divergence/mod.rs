//! Closed forms of KL(P‖Q) and of the moments of the log ratio, accurate when Q is near P.

mod cumulants;
mod direction;
mod finite;
pub mod fit;
mod gradient;
mod kl;
mod loss;
mod neighbours;
mod normal_draws;
mod symbol_function;
mod symbol_values;
mod tilted_moments;
mod value_moments;

pub use cumulants::{Bounded, ChainCumulants, CumulantFunction, FiniteCumulants, FormCumulants, VarianceAlone};
pub use direction::{Direction, Directions, reverse_divergence};
pub use gradient::{Quantity, divergence_gradient};
pub use kl::{Divergence, jeffreys, kl, kl_bits, reverse_kl};
pub use loss::{Baseline, Credit, GradientRule, Importance, Side, Term, WeightSpan, Weighting};
pub use neighbours::{Absent, Chernoff, Found, Measure, Neighbours};
pub use normal_draws::{NormalLaws, NormalValues};
pub use symbol_function::SymbolFunction;
pub use symbol_values::SymbolValues;
pub use value_moments::ValueMoments;

use crate::chain::{ChainPair, ChainTheory};
use crate::distribution::{ClosedFormSource, Pair, SymbolPair, ValuePair};
use std::sync::Arc;

/// The first four cumulants of X = ln(p(x)/q(x)) for one symbol x ~ P, in powers of nats.
///
/// Where P has mass and Q has none, or P's tail is too heavy for Q's, D is infinite and the others do not exist. Of symbols
/// with memory these are the KL rate and the asymptotic variance.
///
/// ```
/// use kl_math::distribution::{Distribution, Pair};
/// use kl_math::divergence::Cumulants;
/// let coin = |p: f64| std::sync::Arc::new(Distribution::of_weights(&[p, 1.0 - p]).expect("a coin"));
/// let log_ratio = Cumulants::of(&Pair::new(coin(0.5), coin(0.4))?);
/// assert!((log_ratio.mean / 0.020_410_997_260_127_555 - 1.0).abs() < 2e-15);
/// # Ok::<(), kl_math::distribution::PairError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cumulants {
    /// D = E_P\[X\] = KL(P‖Q), nats per symbol.
    pub mean: f64,
    /// What is known beyond the mean, if D is finite.
    pub spread: Option<Spread>,
    /// Where D and V are from.
    pub source: ClosedFormSource,
    /// How far D may be off, nats, if it is not from a formula.
    pub error: Option<f64>,
}

/// Cumulants of the log ratio from the second on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// V = Var_P\[X\], nats² per symbol; +∞ where P's tail is too heavy for Q's.
    pub variance: f64,
    /// κ₃ and κ₄, nats³ and nats⁴, where they exist.
    pub higher: Option<(f64, f64)>,
}

impl Cumulants {
    /// The cumulants of the log ratio of `pair`.
    pub fn of(pair: &Pair) -> Self {
        match pair {
            Pair::Symbols(pair) => Self::of_symbols(pair),
            Pair::Values(pair) => Self::of_values(pair),
            Pair::Chains(pair) => Self::of_chains(pair.chains()),
        }
    }

    /// The cumulants of the log ratio of a symbol.
    pub fn of_symbols(pair: &SymbolPair) -> Self {
        finite::cumulants(pair)
    }

    /// The limits of E\[S\]/N and Var\[S\]/N; a chain that may end up in one of several classes has the mean of one symbol.
    fn of_chains(pair: &ChainPair) -> Self {
        let first = ChainTheory::of(pair, 1);
        let mean = first.rate.unwrap_or(first.mean);
        let spread = first.asymptotic_variance.map(|variance| Spread { variance, higher: None });
        Self { mean, spread, source: ClosedFormSource::ClosedForm, error: None }
    }

    fn of_values(pair: &ValuePair) -> Self {
        let known = pair.closed_form();
        let spread = known.variance.map(|variance| Spread { variance, higher: higher(pair, variance) });
        Self { mean: known.mean, spread, source: known.source, error: known.error }
    }
}

fn higher(pair: &ValuePair, variance: f64) -> Option<(f64, f64)> {
    let (third, fourth) = match pair.form_of_law() {
        _ if variance == 0.0 => (0.0, 0.0),
        _ if !variance.is_finite() => return None,
        Some(form) => {
            let form = FormCumulants::of(form);
            (form.third(), form.fourth())
        }
        None => pair.discretised()?.higher?,
    };
    Some((third, fourth)).filter(|_| third.is_finite() && fourth.is_finite())
}

/// K of the log ratio of one value about D, for pairs over counts, numbers or vectors; none where it does not vary, or
/// nothing is known of it.
///
/// ```
/// use kl_math::distribution::{Exponential, Pair};
/// use kl_math::divergence::cumulant_function;
/// // X + ln 2 = E: K(s) = −ln(1 − s) − s, for s < 1.
/// let pair = Pair::of(Exponential::new(1.0)?, Exponential::new(2.0)?)?;
/// let k = cumulant_function(pair.values().expect("numbers")).expect("it varies");
/// assert!((k.value(0.5) - (std::f64::consts::LN_2 - 0.5)).abs() < 1e-16);
/// assert_eq!(k.value(1.0), f64::INFINITY);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cumulant_function(pair: &ValuePair) -> Option<Arc<dyn CumulantFunction>> {
    /// A bound of the chance of all that a discretised law leaves out.
    const LEFT_OUT: f64 = 1e-60;
    /// How far the mean of what is kept may be from D, in standard deviations.
    const MEAN_ROOM: f64 = 1e-10;
    let known = pair.closed_form();
    known.variance.filter(|&variance| variance > 0.0 && variance.is_finite())?;
    if let Some(form) = pair.form_of_law() {
        return Some(Arc::new(FormCumulants::of(form)));
    }
    let discretised = pair.discretised()?;
    let terms: Vec<(f64, f64)> = discretised.terms().iter().map(|&(mass, ratio)| (mass, ratio - known.mean)).collect();
    let (mean, square) = terms
        .iter()
        .fold((0.0, 0.0), |(mean, square), &(mass, value)| (mean + mass * value, square + mass * value * value));
    // Where values that are left out make up the mean, what is left says nothing.
    let is_centred = mean.abs() <= MEAN_ROOM * square.sqrt() + f64::EPSILON * discretised.size;
    is_centred.then(|| Arc::new(FiniteCumulants::gathered(terms, LEFT_OUT, discretised.size)) as _)
}
