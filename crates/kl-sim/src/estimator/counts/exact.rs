//! What is known of estimates from counts: their law, listed over all vectors of counts.

use super::CountEstimator;
use super::facts::Facts;
use super::rule::{Rule, log_of};
use crate::estimator::{ContributionCumulants, Contributions, Theory};
use kl_math::distribution::SymbolPair;
use kl_math::divergence::{Cumulants, FiniteCumulants};
use kl_math::law::{Bins, Law, ListedLaw, Multinomial, infinite_mass_of_symbols, unseen_mass};
use kl_math::numeric::DoubleDouble;
use std::sync::{Arc, OnceLock};

/// Laws of at most this many vectors of counts are listed: of a sample from Q too, pairs of vectors.
const MOST_VECTORS: u64 = 1 << 16;

/// More values than this are gathered for Chernoff's bound.
const FEW_VALUES: usize = 1024;

/// Estimates that are the same but for rounding must be within this part of each other for a test.
const CONSTANT: f64 = 1e-12;

/// Values with their chances, and the size of what they are computed from.
struct Listed {
    values: Vec<(f64, DoubleDouble)>,
    size: f64,
}

impl CountEstimator {
    fn list(&self, pair: &SymbolPair, n: u64) -> Option<Listed> {
        let source = Multinomial::new(pair.source_probabilities(), n, MOST_VECTORS)?;
        let alphabet = pair.source_probabilities().len();
        let evaluator = self.evaluator(n, alphabet);
        let Some(sample) = self.sample else {
            let logs = super::model_logs(pair);
            let largest = logs.iter().filter(|log| log.is_finite()).fold(0.0, |size, log| f64::max(size, log.abs()));
            let value = |counts: &[u64]| evaluator.estimate(counts, n, log_of(&logs));
            let values = source.iter().map(|(counts, chance)| (value(counts), chance)).collect();
            return Some(Listed { values, size: evaluator.size(largest) });
        };
        let m = sample.length(n);
        let model = Multinomial::new(pair.model_probabilities(), m, MOST_VECTORS / source.len().max(1) as u64)?;
        let logs = self.sampled_logs(sample, n, alphabet);
        let mut values = Vec::with_capacity(source.len() * model.len());
        for (model_counts, model_chance) in model.iter() {
            let logs: Vec<f64> = (0..alphabet).map(logs.of(model_counts)).collect();
            let value = |counts: &[u64]| evaluator.estimate(counts, n, log_of(&logs));
            values.extend(source.iter().map(|(counts, chance)| (value(counts), chance * model_chance)));
        }
        Some(Listed { values, size: evaluator.size(logs.size()) })
    }

    /// What is known of estimates from `n` symbols of this pair: listed once, since theory, bins and moments all ask for it.
    fn facts(&self, pair: &SymbolPair, n: u64) -> Arc<Facts> {
        self.facts.get(pair, n, || {
            let infinite_mass = self.infinite_mass(pair, n);
            let listed = self.list(pair, n);
            let moments = listed.as_ref().map_or((None, None), Listed::moments);
            let law = listed.map(|listed| (ListedLaw::new(listed.values, listed.size), listed.size));
            let moments = if infinite_mass > DoubleDouble::ZERO { (Some(f64::INFINITY), None) } else { moments };
            Facts { infinite_mass, moments, law, theory: OnceLock::new() }
        })
    }

    fn infinite_mass(&self, pair: &SymbolPair, n: u64) -> DoubleDouble {
        let (p, q) = (pair.source_probabilities(), pair.model_probabilities());
        match (self.sample, self.rule) {
            // Of alphabets that are too large no trials are made: `suits` refuses them.
            (Some(sample), _) if sample.has_no_log_of_zero() => {
                unseen_mass(p, n, q, sample.length(n)).unwrap_or(DoubleDouble::ZERO)
            }
            (Some(_), _) => DoubleDouble::ZERO,
            (None, Rule::Logs(logs)) if logs.pseudo > 0.0 => {
                if q.contains(&DoubleDouble::ZERO) {
                    DoubleDouble::ONE
                } else {
                    DoubleDouble::ZERO
                }
            }
            (None, Rule::Shrinkage) => shrunk_infinite_mass(p, q, n),
            (None, Rule::Logs(_) | Rule::Coverage) => infinite_mass_of_symbols(pair, n),
        }
    }

    pub(super) fn exact_theory(&self, pair: &SymbolPair, n: u64) -> Theory {
        let facts = self.facts(pair, n);
        facts.theory.get_or_init(|| facts.theory_of(pair)).clone()
    }

    pub(super) fn exact_moments(&self, pair: &SymbolPair, n: u64) -> (Option<f64>, Option<f64>) {
        // The law is not worked out for them.
        match self.facts.find(pair, n) {
            Some(facts) => facts.moments,
            None if self.infinite_mass(pair, n) > DoubleDouble::ZERO => (Some(f64::INFINITY), None),
            None => self.list(pair, n).as_ref().map_or((None, None), Listed::moments),
        }
    }

    pub(super) fn exact_bins(&self, pair: &SymbolPair, n: u64) -> Bins {
        let facts = self.facts(pair, n);
        let everything = (f64::NEG_INFINITY, f64::INFINITY);
        let infinite_mass = facts.infinite_mass.to_f64();
        if let Some((law, _)) = &facts.law {
            let (mean, std_dev) = (law.mean(), law.variance().sqrt());
            return Bins::new(Some(&Law::Atoms(law.atoms().to_vec())), mean, std_dev, everything, infinite_mass);
        }
        // Edges need to be near only: about D, by the first two terms of the variance of large samples.
        let known = Cumulants::of_symbols(pair);
        let sample = self.sample.map_or(0.0, |sample| 1.0 / sample.length(n) as f64);
        let rate = 1.0 / n as f64 + sample;
        let symbols = pair.source_probabilities().len() as f64;
        let first = known.spread.map_or(f64::INFINITY, |spread| spread.variance * rate);
        let std_dev = (first + 0.5 * (symbols - 1.0) * rate * rate).sqrt();
        Bins::new(None, known.mean, std_dev, everything, infinite_mass)
    }
}

/// The chance that shares which are shrunk have weight where Q has no mass: they have, unless all symbols are one that Q allows, and there
/// are several.
fn shrunk_infinite_mass(p: &[DoubleDouble], q: &[DoubleDouble], n: u64) -> DoubleDouble {
    if !q.contains(&DoubleDouble::ZERO) {
        return DoubleDouble::ZERO;
    }
    if n == 1 {
        return DoubleDouble::ONE;
    }
    let allowed = p.iter().zip(q).filter(|(_, mass)| **mass > DoubleDouble::ZERO);
    let alone: DoubleDouble = allowed.map(|(share, _)| power(*share, n)).sum();
    DoubleDouble::ONE - alone
}

/// xᴺ, by squares.
fn power(x: DoubleDouble, n: u64) -> DoubleDouble {
    let (mut result, mut square, mut left) = (DoubleDouble::ONE, x, n);
    while left > 0 {
        if left & 1 == 1 {
            result = result * square;
        }
        square = square * square;
        left >>= 1;
    }
    result
}

impl Listed {
    /// The mean and the standard deviation.
    fn moments(&self) -> (Option<f64>, Option<f64>) {
        let terms = || self.values.iter().filter(|(_, chance)| *chance > DoubleDouble::ZERO);
        let mean: DoubleDouble = terms().map(|&(value, chance)| DoubleDouble::from(value) * chance).sum();
        let square = |value: f64| (value - mean.to_f64()) * (value - mean.to_f64());
        let variance: f64 = terms().map(|&(value, chance)| chance.to_f64() * square(value)).sum();
        (Some(mean.to_f64()), Some(variance.sqrt()))
    }
}

impl Facts {
    fn theory_of(&self, pair: &SymbolPair) -> Theory {
        let (known, infinite_mass, listed) = (Cumulants::of_symbols(pair), self.infinite_mass, &self.law);
        let finite = listed.as_ref().filter(|_| infinite_mass == DoubleDouble::ZERO);
        let mean = finite.map(|(law, _)| law.mean());
        let resolved = finite.filter(|(law, _)| law.variance() > 0.0 || law.rounding() <= CONSTANT * law.mean().abs());
        Theory {
            closed_form: known.mean,
            source: known.source,
            closed_form_error: known.error,
            rate: None,
            mean_error: None,
            scale: listed.as_ref().map_or(known.mean.abs(), |(_, size)| *size),
            mean: if infinite_mass > DoubleDouble::ZERO { Some(f64::INFINITY) } else { mean },
            variance: resolved.map(|(law, _)| law.variance()),
            excess_kurtosis: resolved.and_then(|(law, _)| law.excess_kurtosis()),
            contributions: resolved.filter(|(law, _)| law.variance() > 0.0).map(|(law, size)| Contributions {
                cumulants: ContributionCumulants::Symbol(cumulants(law, *size)),
                count: 1,
            }),
            law: listed.as_ref().map(|(law, _)| Law::Atoms(law.atoms().to_vec())),
            infinite_mass,
        }
    }
}

/// K of the estimate about its mean; of very many values a function that is nowhere smaller.
fn cumulants(law: &ListedLaw, size: f64) -> FiniteCumulants {
    let centred = law.centred().to_vec();
    if centred.len() <= FEW_VALUES {
        FiniteCumulants::new(centred).sized(size)
    } else {
        FiniteCumulants::gathered(centred, 0.0, size)
    }
}
