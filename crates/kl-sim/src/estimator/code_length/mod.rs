//! The code length of a sequence under Q less that under P.
//!
//! # The bound
//!
//! Let Λ = ln(P(seq)/Q(seq)) of a sequence of N symbols, ℓ_P and ℓ_Q the lengths of its codes in bits, and p̂ = w/2⁶² the
//! quantised probability of a symbol. Then
//!
//! |ℓ_Q − ℓ_P − Λ/ln 2| ≤ 2 + N (2⁻⁶² + max |log₂(p/p̂) − log₂(q/q̂)|),
//!
//! where the maximum is over the symbols (of a chain: first symbols and transitions) that P gives mass.
//!
//! *Proof.* The coder keeps an interval of size R/2¹²⁶ times 2 to the minus the number k of bits put down, with 2¹²⁵ < R ≤ 2¹²⁶.
//!
//! 1. A symbol of weight w takes ⌊R/2⁶²⌋ w of R. Since R − 2⁶² < 2⁶² ⌊R/2⁶²⌋ ≤ R, that is R p̂ times a factor in (1 − 2⁶²/R, 1], and
//!    2⁶²/R < 2⁻⁶³. So if π is the size of the final interval, 0 ≤ −log₂ π + Σ log₂ p̂ ≤ −N log₂(1 − 2⁻⁶³) < N 2⁻⁶².
//! 2. The code ends with the fewest bits m whose continuations all lie in the interval. Two are always enough: the first multiple of
//!    2¹²⁴ from the lower end on is less than 2¹²⁴ away, and 2¹²⁴ further is still inside, for R > 2¹²⁵. So ℓ = k + m ≤ k + 2, and
//!    k ≤ −log₂ π; and ℓ ≥ −log₂ π, for the continuations have the size 2^−ℓ and lie in an interval of size π. Hence
//!    0 ≤ ℓ + log₂ π ≤ 2.
//! 3. By 1 and 2, ℓ_P is −Σ log₂ p̂ and something in \[0, 2 + N 2⁻⁶²\], and ℓ_Q likewise: their difference is Σ log₂(p̂/q̂) within
//!    2 + N 2⁻⁶². Last, Λ/ln 2 − Σ log₂(p̂/q̂) = Σ (log₂(p/p̂) − log₂(q/q̂)). ∎
//!
//! Continuations of different sequences' codes are disjoint: no code begins with another, and Σ 2^−ℓ ≤ 1 over all sequences of one
//! length (Kraft 1949).
//!
//! The mean of the estimates is within the bound of D by what is true of each of them.

mod bits;
mod coder;
mod law;
mod scorer;
mod table;
#[cfg(test)]
mod tests;

use super::theory::chain_theory;
use super::{Cost, Estimator, EstimatorKind, LogRatio, SameAs, Scorer, Settings, Theory};
use kl_math::distribution::Pair;
use kl_math::law::Bins;
use kl_math::numeric::DoubleDouble;
use law::CodedLaw;
use scorer::CodeScorer;
use std::f64::consts::LN_2;
use std::sync::Arc;
use table::MOST_SYMBOLS;

/// (ℓ_Q − ℓ_P) ln 2/N, in nats per symbol: ℓ_Q and ℓ_P are the numbers of bits of the sequence's codes by a range coder whose
/// probabilities are Q's and P's (Rissanen 1976; Martin 1979; Cover and Thomas 2006, theorem 5.4.3).
///
/// It is what Q's code is longer than P's: to code P's symbols as if they came from Q costs D more a symbol, on the average. Each
/// code is decoded again; a sequence that does not come back has no estimate.
///
/// Symbols of a finite alphabet, independent or of a Markov chain; at most 65,536 of them and sequences of at most 2²⁴, for each
/// is kept until it is decoded. Q must give mass to all that P can produce. Each estimate is within
/// \[2/N + 2⁻⁶² + max |log₂(p/p̂) − log₂(q/q̂)|\] ln 2 of the [log ratio](LogRatio), where p̂ and q̂ are whole numbers of 2⁻⁶².
///
/// ```
/// use kl_sim::prelude::*;
/// use kl_sim::estimator::CodeLength;
/// let pair = Pair::of(Categorical::new([0.5, 0.25, 0.25])?, Categorical::new([0.25, 0.25, 0.5])?)?;
/// let results = Experiment::new(pair).estimator(CodeLength).length(1_000).trials(100).run()?;
/// let found = &results[0].comparison;
/// assert!((found.mean.expect("all are decoded") - 0.25 * std::f64::consts::LN_2).abs() < 0.01);
/// assert_eq!((found.failed_trials, results[0].verdict), (0, Verdict::Agree));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CodeLength;

/// How it is written.
pub(super) const KIND: EstimatorKind = EstimatorKind {
    name: "code_length",
    meaning: "what Q's code of the sequence is longer than P's: each is coded and decoded",
    settings: &[],
    make: |_| Arc::new(CodeLength),
};

/// The longest sequence, which is kept until it is decoded.
const LONGEST: u64 = 1 << 24;

impl CodeLength {
    /// How far an estimate from `n` symbols may be from the log ratio, nats per symbol; see the proof in this file. None if the
    /// values are no symbols.
    ///
    /// ```
    /// use kl_math::distribution::{Bernoulli, Pair};
    /// use kl_sim::estimator::CodeLength;
    /// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
    /// let bits = CodeLength::bound(&pair, 100).expect("symbols") / std::f64::consts::LN_2;
    /// assert!((bits - 0.02).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bound(pair: &Pair, n: u64) -> Option<f64> {
        /// 2⁻⁶².
        const TRUNCATION: f64 = 2.168_404_344_971_009e-19;
        /// What the logarithms here and the log ratio itself are rounded by, as a part of the logarithms.
        const ROUNDING: f64 = 1e-14;
        let laws = CodedLaw::of_pair(pair)?;
        let error = |row: usize, symbol: usize, masses: [DoubleDouble; 2]| {
            let [Some(source), Some(model)] = [0, 1].map(|side| laws[side].table(row)?.log_error(symbol, masses[side]))
            else {
                return 0.0;
            };
            let size: f64 = masses.iter().map(|mass| 1.0 + libm::log(mass.to_f64()).abs()).sum();
            (source - model).abs() + ROUNDING * size
        };
        let quantised = match pair {
            Pair::Symbols(pair) => {
                let masses = pair.source_probabilities().iter().zip(pair.model_probabilities()).enumerate();
                masses.map(|(symbol, (&p, &q))| error(0, symbol, [p, q])).fold(0.0, f64::max)
            }
            Pair::Chains(pair) => {
                let (chains, states) = (pair.chains(), pair.chains().states().max(1));
                let masses = chains.source_events().iter().zip(chains.model_events()).enumerate();
                let masses = masses.map(|(event, (&p, &q))| (event, [p, q].map(DoubleDouble::from)));
                masses.map(|(event, masses)| error(event / states, event % states, masses)).fold(0.0, f64::max)
            }
            Pair::Values(_) => return None,
        };
        Some((2.0 / n as f64 + TRUNCATION) * LN_2 + quantised)
    }
}

impl Estimator for CodeLength {
    fn name(&self) -> &str {
        KIND.name
    }

    fn written(&self) -> (&'static str, Settings) {
        (KIND.name, Settings::new())
    }

    fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        let uncoded = match pair {
            Pair::Values(_) => {
                return Err("codes symbols of a finite alphabet, independent or of a Markov chain".to_owned());
            }
            Pair::Symbols(pair) => {
                let symbols = pair.symbols();
                if symbols.len() > MOST_SYMBOLS {
                    let found = symbols.len();
                    return Err(format!("codes alphabets of at most {MOST_SYMBOLS} symbols, and this one has {found}"));
                }
                pair.uncovered()
                    .next()
                    .and_then(|symbol| symbols.get(symbol))
                    .map(|symbol| format!("the symbol {symbol}"))
            }
            Pair::Chains(pair) => {
                (chain_theory(pair.chains(), n).infinite_mass > DoubleDouble::ZERO).then(|| "something".to_owned())
            }
        };
        if let Some(uncoded) = uncoded {
            return Err(format!("has no code under Q for {uncoded} that P can produce: Q gives it no mass"));
        }
        if n > LONGEST {
            return Err(format!("keeps each sequence until it is decoded: N is {n}, and may be at most {LONGEST}"));
        }
        Ok(())
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        let estimand = Theory::of_estimand(pair, n);
        let error = Self::bound(pair, n).map(|bound| bound + estimand.closed_form_error.unwrap_or(0.0));
        Theory { mean: error.map(|_| estimand.closed_form), mean_error: error, ..estimand }
    }

    fn moments(&self, pair: &Pair, n: u64) -> (Option<f64>, Option<f64>) {
        (Self::bound(pair, n).and(LogRatio.moments(pair, n).0), None)
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        let (mean, std_dev) = LogRatio.moments(pair, n);
        let everything = (f64::NEG_INFINITY, f64::INFINITY);
        Bins::new(None, mean.unwrap_or(0.0), std_dev.unwrap_or(f64::INFINITY), everything, 0.0)
    }

    fn can_be_infinite(&self, _: &Pair) -> Option<bool> {
        Some(false)
    }

    fn same_as(&self, pair: &Pair, n: u64) -> Option<SameAs<'_>> {
        /// The bound itself is rounded.
        const ROUNDING: f64 = 1e-12;
        Some(SameAs { reference: &LogRatio, tolerance: ROUNDING, within: Self::bound(pair, n)? })
    }

    fn cost(&self, _: &Pair, n: u64) -> Cost {
        /// To code a symbol twice, and decode it twice.
        const SYMBOL: u128 = 60_000;
        Cost::of_trial(SYMBOL.saturating_mul(u128::from(n)))
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        match CodedLaw::of_pair(pair) {
            Some(laws) => Box::new(CodeScorer::new(laws, n)),
            // Values are refused before.
            None => LogRatio.scorer(pair, n),
        }
    }
}
