//! Estimates from the log-probabilities that training code writes down, token by token.

use super::estimate::{DataEstimate, ErrorMethod, Lack};
use crate::estimator::BiasOrder;
use kl_math::divergence::SymbolFunction;
use kl_math::statistics::student_quantile;

/// The log-probabilities of tokens.
#[derive(Clone, Copy, Debug)]
pub struct TokenData<'a> {
    /// ln p of each token, finite: P is the policy whose divergence is wanted.
    pub log_source: &'a [f64],
    /// ln q of each token, −∞ where Q rules it out.
    pub log_model: &'a [f64],
    /// ln s of each token, finite, if they were sampled from another policy S.
    pub log_sampler: Option<&'a [f64]>,
    /// The sequence of each token: a number below that of the sequences.
    pub sequences: &'a [usize],
    /// The number of sequences; each has a token.
    pub count: usize,
}

/// What an estimate is a mean of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Each token: nats per token.
    Token,
    /// The sum over the tokens of a sequence: nats per sequence.
    Sum,
    /// Each sequence, whose ratio is the product of those of its tokens: nats per sequence.
    Sequence,
}

/// How what was sampled from S is weighted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// Not at all: it was sampled from P.
    None,
    /// By w = p/s.
    Importance,
    /// By w over its mean.
    SelfNormalised,
}

/// An estimate and what it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenEstimate {
    /// Tokens, or sequences.
    pub level: Level,
    /// The weights.
    pub weighting: Weighting,
    /// k1, k2 or k3, and what is known of it.
    pub found: DataEstimate,
}

/// All estimates from the log-probabilities of tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenStudy {
    /// The number of tokens, and of sequences.
    pub sizes: [u64; 2],
    /// The effective sample size (Σw)²/Σw² of tokens, and of sequences, if there are weights.
    pub effective: Option<[f64; 2]>,
    /// The number of tokens that Q rules out.
    pub ruled_out: u64,
    /// The estimates.
    pub estimates: Vec<TokenEstimate>,
}

const FUNCTIONS: [(&str, SymbolFunction); 3] =
    [("k1", SymbolFunction::LogRatio), ("k2", SymbolFunction::HalfSquare), ("k3", SymbolFunction::Excess)];

/// Estimates KL(P‖Q) by k1, k2 and k3 (Schulman 2020), with x = ln(p/q) and r = e^−x: x, x²/2 and r − 1 + x.
///
/// Over tokens, x is that of a token; over sequences it is the sum over the tokens, so that r is their product. `Level::Sum` adds up the
/// values of the tokens of a sequence: its k1 is that of the sequence, and its k3 is as unbiased, with less variance. With S, tokens have
/// the weights w = p/s of their own, which leaves the bias of prefixes that S wrote; sequences and sums have the product of those.
///
/// # Formula
///
/// An estimate is Σ a/Σ b over the C sequences, with a the sum of w k in the sequence, and b its number of tokens or 1, or the sum of w
/// where weights are normalised. Its standard error is √(C/(C−1) Σ (a − estimate b)²)/Σ b: tokens of a sequence may depend on each
/// other. The interval is estimate ± t se with C − 1 degrees of freedom.
///
/// ```
/// use kl_sim::data::{TokenData, estimate_tokens};
/// let data = TokenData {
///     log_source: &[-0.5, -1.0, -0.25],
///     log_model: &[-1.0, -1.0, -0.75],
///     log_sampler: None,
///     sequences: &[0, 0, 1],
///     count: 2,
/// };
/// let study = estimate_tokens(&data, 0.95);
/// assert_eq!(study.estimates[0].found.estimate, Some(1.0 / 3.0));
/// ```
pub fn estimate_tokens(data: &TokenData<'_>, level: f64) -> TokenStudy {
    let log_ratios: Vec<f64> = data.log_source.iter().zip(data.log_model).map(|(p, q)| p - q).collect();
    let log_weights: Option<Vec<f64>> =
        data.log_sampler.map(|sampler| data.log_source.iter().zip(sampler).map(|(p, s)| p - s).collect());
    let of_sequences = |values: &[f64]| data.summed(values.iter().copied());
    let sequence_ratios = of_sequences(&log_ratios);
    let sequence_weights = log_weights.as_deref().map(of_sequences);
    let lengths = data.summed(std::iter::repeat_n(1.0, log_ratios.len()));
    let ones = vec![1.0; data.count];
    let has_sequences = data.count < log_ratios.len();
    let levels: &[Level] = if has_sequences { &[Level::Token, Level::Sum, Level::Sequence] } else { &[Level::Token] };
    let weightings: &[Weighting] =
        if log_weights.is_some() { &[Weighting::Importance, Weighting::SelfNormalised] } else { &[Weighting::None] };
    let mut estimates = Vec::new();
    for &of in levels {
        for &weighting in weightings {
            let is_normalised = weighting == Weighting::SelfNormalised;
            let weights = |logs: &Option<Vec<f64>>, size: usize| match logs {
                Some(logs) => exponentials(logs, is_normalised),
                None => vec![1.0; size],
            };
            for (name, function) in FUNCTIONS {
                let (terms, sizes) = match of {
                    Level::Token => {
                        let weights = weights(&log_weights, log_ratios.len());
                        let terms = log_ratios.iter().zip(&weights).map(|(&x, w)| w * function.of(x));
                        let sizes = if is_normalised { data.summed(weights.iter().copied()) } else { lengths.clone() };
                        (data.summed(terms), sizes)
                    }
                    // The sum of k1 is k1 of the sequence.
                    Level::Sum if function == SymbolFunction::LogRatio => continue,
                    Level::Sum | Level::Sequence => {
                        let weights = weights(&sequence_weights, data.count);
                        let values = match of {
                            Level::Sum => data.summed(log_ratios.iter().map(|&x| function.of(x))),
                            _ => sequence_ratios.iter().map(|&x| function.of(x)).collect(),
                        };
                        let terms = values.iter().zip(&weights).map(|(value, w)| w * value).collect();
                        (terms, if is_normalised { weights } else { ones.clone() })
                    }
                };
                // A token without others is a sequence.
                let alike = if has_sequences { of } else { Level::Sequence };
                let bias_order = bias(alike, weighting, function);
                let found = DataEstimate { bias_order, ..ratio(name, &terms, &sizes, level) };
                estimates.push(TokenEstimate { level: of, weighting, found: found.without_interval_if_lasting() });
            }
        }
    }
    let effective = |logs: &Vec<f64>| {
        let weights = exponentials(logs, true);
        let (sum, squares) = weights.iter().fold((0.0, 0.0), |(sum, squares), w| (sum + w, squares + w * w));
        sum * sum / squares
    };
    TokenStudy {
        sizes: [log_ratios.len() as u64, data.count as u64],
        ruled_out: data.log_model.iter().filter(|&&log| log == f64::NEG_INFINITY).count() as u64,
        effective: log_weights
            .as_ref()
            .zip(sequence_weights.as_ref())
            .map(|(token, all)| [effective(token), effective(all)]),
        estimates,
    }
}

impl TokenData<'_> {
    /// The sums over the tokens of each sequence.
    fn summed(&self, values: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut sums = vec![0.0; self.count];
        for (value, &sequence) in values.zip(self.sequences) {
            if let Some(sum) = sums.get_mut(sequence) {
                *sum += value;
            }
        }
        sums
    }
}

/// e to these powers; over the largest of them if only their ratios count.
fn exponentials(logs: &[f64], is_scaled: bool) -> Vec<f64> {
    let largest = if is_scaled { logs.iter().copied().fold(f64::NEG_INFINITY, f64::max) } else { 0.0 };
    logs.iter().map(|log| libm::exp(log - largest)).collect()
}

/// How the bias falls with the number of sequences.
fn bias(level: Level, weighting: Weighting, function: SymbolFunction) -> BiasOrder {
    match (level, weighting) {
        _ if function == SymbolFunction::HalfSquare => BiasOrder::Lasting,
        // The prefixes of tokens are S's.
        (Level::Token, Weighting::Importance | Weighting::SelfNormalised) => BiasOrder::Lasting,
        // A ratio of means.
        (Level::Token, Weighting::None) | (_, Weighting::SelfNormalised) => BiasOrder::First,
        (Level::Sum | Level::Sequence, Weighting::None | Weighting::Importance) => BiasOrder::Unbiased,
    }
}

/// Σ a/Σ b with its standard error over clusters.
fn ratio(name: &str, terms: &[f64], sizes: &[f64], level: f64) -> DataEstimate {
    let size: f64 = sizes.iter().sum();
    let estimate = terms.iter().sum::<f64>() / size;
    let found = DataEstimate::new(name, Some(estimate).filter(|estimate| !estimate.is_nan()));
    let count = terms.len() as f64;
    if !estimate.is_finite() {
        return found.lacking(Lack::Infinite);
    }
    if count < 2.0 {
        return found.lacking(Lack::TooFew);
    }
    let squares: f64 = terms.iter().zip(sizes).map(|(a, b)| a - estimate * b).map(|rest| rest * rest).sum();
    let std_error = (count / (count - 1.0) * squares).sqrt() / size;
    found.with_std_error(std_error, ErrorMethod::Clusters, student_quantile(0.5 * (1.0 - level), count - 1.0))
}
