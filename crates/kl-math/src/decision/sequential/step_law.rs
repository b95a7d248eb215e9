//! The law of one step of Λ.

use crate::distribution::{Behaviour, CountLaw, Distribution, LogRatioForm, Pair};
use crate::law::{Binomial, NegativeBinomial, Poisson, SumLaw};
use crate::numeric::{DoubleDouble, compensated};
use std::fmt;
use std::sync::Arc;

/// The law of one step of Λ, ln(p(x)/q(x)) of one symbol x that is drawn from the truth: P, Q, or a third distribution S. Nats.
///
/// ```
/// use kl_math::decision::StepLaw;
/// use kl_math::distribution::{Bernoulli, Pair};
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// // E_P[ln(p/q)] = ½ ln 2 − ½ ln 1.5 = KL(P‖Q).
/// let (mean, _) = StepLaw::of(&pair).and_then(|steps| steps.moments()).expect("finite");
/// assert!((mean - 0.143_841_036_225_890_4).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub enum StepLaw {
    /// Values that may be infinite, by rising value, with their probabilities.
    Atoms(Vec<(f64, DoubleDouble)>),
    /// A normal law.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation, above 0.
        std_dev: f64,
    },
    /// Another law without atoms.
    Other(Arc<dyn ContinuousStep>),
}

/// The law of a step that has no atoms.
pub trait ContinuousStep: fmt::Debug + Send + Sync {
    /// P(step < x).
    fn below(&self, x: f64) -> f64;
    /// Mean and variance.
    fn moments(&self) -> (f64, f64);
    /// The root h ≠ 0 of E e^(hX) = 1, if it is known.
    fn exponent(&self) -> Option<f64>;
}

/// Counts with less than this chance beyond them are one atom: far below what rounding does.
const CUT_TAIL: f64 = 1e-22;
/// More atoms than this of one count are not listed.
const MOST_COUNTS: u32 = 100_000;

impl StepLaw {
    /// The law where P is the truth; none for chains, for a P that Q does not cover beyond symbols, and where the law of ln(p/q) of
    /// one value is not known.
    pub fn of(pair: &Pair) -> Option<Self> {
        match pair {
            Pair::Symbols(pair) => Some(Self::atoms(pair.log_ratios(), pair.source_probabilities())),
            Pair::Values(values) if values.uncovered().is_none() => {
                Self::of_form(values.form_of_law()?, values.covers_model())
            }
            Pair::Values(_) | Pair::Chains(_) => None,
        }
    }

    /// The law where Q is the truth; none as for [`of`](Self::of), P and Q exchanged.
    pub fn of_model(pair: &Pair) -> Option<Self> {
        match pair {
            Pair::Symbols(pair) => Some(Self::atoms(pair.log_ratios(), pair.model_probabilities())),
            Pair::Values(_) => Self::of(&pair.reversed().ok()?).map(Self::negated),
            Pair::Chains(_) => None,
        }
    }

    /// The law where S is the truth: of symbols, and of normals P and Q with one standard deviation under a normal S.
    pub fn of_behaviour(behaviour: &Behaviour) -> Option<Self> {
        if let Some(laws) = behaviour.symbols() {
            return Some(Self::atoms(laws.log_ratios, laws.drawn?));
        }
        let Distribution::Normal(truth) = behaviour.drawn().source().as_ref() else { return None };
        let pair = behaviour.target().values()?;
        let (LogRatioForm::Normal { constant, linear, square }, Distribution::Normal(source)) =
            (pair.form()?, pair.source().as_ref())
        else {
            return None;
        };
        // ln(p/q) is c + b z, z the distance from P's mean in P's standard deviations.
        (*square == 0.0 && *linear != 0.0).then(|| Self::Normal {
            mean: constant + linear * ((truth.mean() - source.mean()) / source.std_dev()),
            std_dev: linear.abs() * (truth.std_dev() / source.std_dev()),
        })
    }

    /// Mean and variance of a step, in nats and nats²; none where a step may be infinite.
    pub fn moments(&self) -> Option<(f64, f64)> {
        match self {
            Self::Atoms(atoms) if atoms.iter().any(|(value, _)| value.is_infinite()) => None,
            Self::Atoms(atoms) => {
                let mean: DoubleDouble = atoms.iter().map(|&(value, mass)| mass * DoubleDouble::from(value)).sum();
                let square = |&(value, mass): &(f64, DoubleDouble)| {
                    let centred = DoubleDouble::from(value) - mean;
                    mass * centred * centred
                };
                let variance: DoubleDouble = atoms.iter().map(square).sum();
                Some((mean.to_f64(), variance.to_f64()))
            }
            Self::Normal { mean, std_dev } => Some((*mean, std_dev * std_dev)),
            Self::Other(law) => Some(law.moments()),
        }
    }

    /// The root h ≠ 0 of E e^(hX) = 1, X one step; 0 where that is a double root, for steps without drift. −1 where P is the truth and 1
    /// where Q is, if P and Q take the same values. None where steps go one way only or may be infinite, or where it is not known.
    pub fn exponent(&self) -> Option<f64> {
        match self {
            Self::Atoms(atoms) => {
                let (mean, _) = self.moments()?;
                root_of_atoms(atoms, mean)
            }
            Self::Normal { mean, std_dev } => Some(-2.0 * mean / (std_dev * std_dev)),
            Self::Other(law) => law.exponent(),
        }
    }

    /// Probabilities of values, those of equal ones added; values of chance 0 are left out.
    pub fn atoms(values: &[f64], masses: &[DoubleDouble]) -> Self {
        let mut atoms: Vec<(f64, DoubleDouble)> = values
            .iter()
            .zip(masses)
            .filter(|(_, mass)| **mass > DoubleDouble::ZERO)
            .map(|(&value, &mass)| (value, mass))
            .collect();
        atoms.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut merged: Vec<(f64, DoubleDouble)> = Vec::with_capacity(atoms.len());
        for (value, mass) in atoms {
            match merged.last_mut() {
                Some(last) if last.0 == value => last.1 += mass,
                _ => merged.push((value, mass)),
            }
        }
        Self::Atoms(merged)
    }

    /// `covers`: whether P can produce whatever Q can.
    fn of_form(form: &LogRatioForm, covers: bool) -> Option<Self> {
        match form {
            LogRatioForm::Constant(value) => Some(Self::atoms(&[*value], &[DoubleDouble::ONE])),
            LogRatioForm::Normal { constant, linear, square } if *square == 0.0 && *linear != 0.0 => {
                Some(Self::Normal { mean: *constant, std_dev: linear.abs() })
            }
            LogRatioForm::Normals { constant, linear, square } if square.iter().flatten().all(|&a| a == 0.0) => {
                let std_dev = linear.iter().map(|b| b * b).sum::<f64>().sqrt();
                (std_dev > 0.0).then_some(Self::Normal { mean: *constant, std_dev })
            }
            LogRatioForm::Count { count, constant, slope } => of_counts(*count, *constant, *slope),
            form => {
                let law = SumLaw::of_form(form, 1)?;
                Some(Self::Other(Arc::new(OneValue { law, covers })))
            }
        }
    }

    /// The law of minus a step.
    fn negated(self) -> Self {
        match self {
            Self::Atoms(atoms) => Self::Atoms(atoms.into_iter().rev().map(|(value, mass)| (-value, mass)).collect()),
            Self::Normal { mean, std_dev } => Self::Normal { mean: -mean, std_dev },
            Self::Other(law) => Self::Other(Arc::new(Negated(law))),
        }
    }
}

/// The root of Σ p (e^(hv) − 1) on the side against the drift: the sum is convex in h, 0 at 0 and below it just beside.
fn root_of_atoms(atoms: &[(f64, DoubleDouble)], mean: f64) -> Option<f64> {
    let goes_both_ways = atoms.first()?.0 < 0.0 && atoms.last()?.0 > 0.0;
    if !goes_both_ways {
        return None;
    }
    if mean == 0.0 {
        return Some(0.0);
    }
    let sign = -mean.signum();
    let scale = atoms.iter().map(|atom| atom.0.abs()).fold(0.0, f64::max);
    let excess = |h: f64| compensated(atoms.iter().map(|(value, mass)| mass.to_f64() * libm::expm1(sign * h * value)));
    let (mut low, mut high) = (0.0, 1.0 / scale);
    while excess(high) <= 0.0 {
        (low, high) = (high, 2.0 * high);
    }
    // Below the root the sum is negative, and close to 0 it is rounding: halving goes on from above.
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return Some(sign * high);
        }
        if excess(middle) > 0.0 { high = middle } else { low = middle }
    }
}

/// The log ratio of one value.
#[derive(Debug)]
struct OneValue {
    law: SumLaw,
    covers: bool,
}

impl ContinuousStep for OneValue {
    fn below(&self, x: f64) -> f64 {
        self.law.below(x)
    }

    fn moments(&self) -> (f64, f64) {
        let (mean, std_dev) = self.law.moments();
        let slope = self.law.value(1.0) - self.law.value(0.0);
        (self.law.value(mean), slope * slope * std_dev * std_dev)
    }

    /// E_P[q/p] = 1.
    fn exponent(&self) -> Option<f64> {
        self.covers.then_some(-1.0)
    }
}

#[derive(Debug)]
struct Negated(Arc<dyn ContinuousStep>);

impl ContinuousStep for Negated {
    fn below(&self, x: f64) -> f64 {
        1.0 - self.0.below(-x)
    }

    fn moments(&self) -> (f64, f64) {
        let (mean, variance) = self.0.moments();
        (-mean, variance)
    }

    fn exponent(&self) -> Option<f64> {
        self.0.exponent().map(|root| -root)
    }
}

/// The atoms of c + ℓk.
fn of_counts(count: CountLaw, constant: f64, slope: f64) -> Option<StepLaw> {
    let value = |k: f64| constant + slope * k;
    match count {
        CountLaw::Poisson { mean } => {
            let law = Poisson::new(mean);
            listed(value, |k| law.mass(k), |k| law.upper_tail(k))
        }
        CountLaw::NegativeBinomial { successes, success } => {
            let law = NegativeBinomial::new(successes, success, 1.0 - success);
            listed(value, |k| law.mass(k), |k| law.upper_tail(k))
        }
        CountLaw::Binomial { tries, success } if tries <= f64::from(MOST_COUNTS) => {
            let success = DoubleDouble::from(success);
            let law = Binomial::new(tries as u64, success, DoubleDouble::ONE - success);
            listed(value, |k| law.mass(k as u64), |k| if k > tries { 0.0 } else { law.upper_tail(k as u64) })
        }
        CountLaw::Binomial { .. } => None,
    }
}

/// The values of counts with their masses; the last one has all that is beyond it.
fn listed(value: impl Fn(f64) -> f64, mass: impl Fn(f64) -> f64, tail: impl Fn(f64) -> f64) -> Option<StepLaw> {
    let (mut values, mut masses) = (Vec::new(), Vec::new());
    for k in (0..MOST_COUNTS).map(f64::from) {
        let rest = tail(k);
        let is_last = rest <= CUT_TAIL;
        values.push(value(k));
        masses.push(DoubleDouble::from(if is_last { rest } else { mass(k) }));
        if is_last {
            // The masses are right to some 1e-12 of themselves: their sum is made 1.
            let sum: DoubleDouble = masses.iter().copied().sum();
            masses.iter_mut().for_each(|mass| *mass = *mass / sum);
            return Some(StepLaw::atoms(&values, &masses));
        }
    }
    None
}
