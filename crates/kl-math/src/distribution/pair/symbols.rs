//! A source and a model over one finite alphabet.

use super::error::PairError;
use crate::distribution::{Alphabet, Categorical, Distribution};
use crate::numeric::DoubleDouble;
use std::collections::HashMap;
use std::sync::Arc;

/// Two distributions of independent symbols. Symbols are matched by name if both alphabets have names, else by position; all that
/// is said of them is in P's order.
#[derive(Clone, Debug)]
pub struct SymbolPair {
    source: Arc<Distribution>,
    model: Arc<Distribution>,
    /// Q's probabilities in P's order; none if they are as Q has them, as in most of the many pairs of a grid.
    model_probabilities: Option<Box<[DoubleDouble]>>,
    log_ratios: Box<[f64]>,
}

/// What sequences are drawn from, P and Q: the probability of each symbol, in one order.
#[derive(Clone, Copy, Debug)]
pub struct SymbolLaws<'a> {
    /// S's probabilities; none where S is P.
    pub drawn: Option<&'a [DoubleDouble]>,
    /// P's probabilities.
    pub source: &'a [DoubleDouble],
    /// Q's probabilities.
    pub model: &'a [DoubleDouble],
    /// ln(p/q), nats: +∞ where Q has no mass, −∞ where P has none, 0 where neither has.
    pub log_ratios: &'a [f64],
}

impl SymbolPair {
    /// Two distributions that are known to be over symbols: what [`Pair::of`](crate::distribution::Pair::of) makes of them, for
    /// programs that have to be small.
    ///
    /// # Errors
    ///
    /// The symbols of one are not those of the other.
    ///
    /// ```
    /// use kl_math::distribution::{Categorical, SymbolPair};
    /// let coins = SymbolPair::of(Categorical::new([0.5, 0.5])?, Categorical::new([0.25, 0.75])?)?;
    /// assert_eq!(coins.log_ratios().first(), Some(&std::f64::consts::LN_2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(source: Categorical, model: Categorical) -> Result<Self, PairError> {
        Self::new(Arc::new(source.into()), Arc::new(model.into()))
    }

    pub(super) fn new(source: Arc<Distribution>, model: Arc<Distribution>) -> Result<Self, PairError> {
        let (p, q) = (source.mass_function(), model.mass_function());
        let order = matched(p.alphabet(), q.alphabet())?;
        let is_same = order.iter().enumerate().all(|(place, &symbol)| place == symbol);
        let model_probabilities: Option<Box<[DoubleDouble]>> =
            (!is_same).then(|| order.iter().map(|&symbol| q.probabilities()[symbol]).collect());
        let in_order = model_probabilities.as_deref().unwrap_or(q.probabilities());
        let log_ratios = log_ratios(p.probabilities(), in_order);
        Ok(Self { source, model, model_probabilities, log_ratios })
    }

    /// The same pair with P and Q in each other's place.
    ///
    /// # Errors
    ///
    /// As for the pair itself.
    pub fn reversed(&self) -> Result<Self, PairError> {
        Self::new(Arc::clone(&self.model), Arc::clone(&self.source))
    }

    /// The source P.
    pub fn source(&self) -> &Arc<Distribution> {
        &self.source
    }

    /// The model Q.
    pub fn model(&self) -> &Arc<Distribution> {
        &self.model
    }

    /// The symbols, in P's order.
    pub fn symbols(&self) -> &[String] {
        self.source.mass_function().alphabet().symbols()
    }

    /// P's probability of each symbol.
    pub fn source_probabilities(&self) -> &[DoubleDouble] {
        self.source.mass_function().probabilities()
    }

    /// Q's probability of each symbol, in P's order.
    pub fn model_probabilities(&self) -> &[DoubleDouble] {
        self.model_probabilities.as_deref().unwrap_or_else(|| self.model.mass_function().probabilities())
    }

    /// ln(p/q) of each symbol, in nats: +∞ where Q has no mass, −∞ where P has none, 0 where neither has.
    ///
    /// Values that differ by rounding alone are one value, to the last bit: what is constant or takes two
    /// values in mathematics does so here.
    pub fn log_ratios(&self) -> &[f64] {
        &self.log_ratios
    }

    /// The laws, symbol by symbol: sequences are drawn from P.
    pub fn laws(&self) -> SymbolLaws<'_> {
        SymbolLaws {
            drawn: None,
            source: self.source_probabilities(),
            model: self.model_probabilities(),
            log_ratios: &self.log_ratios,
        }
    }

    /// ln(p/q) of the symbols that P can produce, about its mean under P, each with its probability; meaningful where
    /// KL(P‖Q) is finite. The mean of these values is 0 to 106 bits, whatever closed form says of D.
    pub fn centred_log_ratios(&self) -> Vec<(f64, f64)> {
        let possible = || {
            let probabilities = self.source_probabilities().iter().zip(&self.log_ratios);
            probabilities
                .filter(|(mass, _)| mass.to_f64() > 0.0)
                .map(|(&mass, &ratio)| (mass, DoubleDouble::from(ratio)))
        };
        let mean: DoubleDouble = possible().map(|(mass, ratio)| mass * ratio).sum();
        possible().map(|(mass, ratio)| (mass.to_f64(), (ratio - mean).to_f64())).collect()
    }

    /// The symbols that P can produce and Q cannot.
    pub fn uncovered(&self) -> impl Iterator<Item = usize> {
        self.log_ratios.iter().enumerate().filter(|&(_, &ratio)| ratio == f64::INFINITY).map(|(symbol, _)| symbol)
    }
}

/// ln(p/q) of each symbol; values that differ by rounding alone are one.
pub(super) fn log_ratios(source: &[DoubleDouble], model: &[DoubleDouble]) -> Box<[f64]> {
    merged(source.iter().zip(model).map(|(&p, &q)| log_ratio(p, q)).collect()).into()
}

/// For each symbol of `source`, its place in `model`.
pub(super) fn matched(source: &Alphabet, model: &Alphabet) -> Result<Vec<usize>, PairError> {
    if !(source.is_named() && model.is_named()) {
        let (source_size, model_size) = (source.size(), model.size());
        return if source_size == model_size {
            Ok((0..source_size).collect())
        } else {
            Err(PairError::Sizes { source_size, model_size })
        };
    }
    let mut places: HashMap<&str, usize> =
        model.symbols().iter().enumerate().map(|(place, symbol)| (symbol.as_str(), place)).collect();
    let mut order = Vec::with_capacity(source.size());
    let mut only_source = Vec::new();
    for symbol in source.symbols() {
        match places.remove(symbol.as_str()) {
            Some(place) => order.push(place),
            None => only_source.push(symbol.clone()),
        }
    }
    if only_source.is_empty() && places.is_empty() {
        return Ok(order);
    }
    let only_model = model.symbols().iter().filter(|symbol| places.contains_key(symbol.as_str())).cloned().collect();
    Err(PairError::Symbols { only_source, only_model })
}

/// Log ratios closer than this part of the largest are equal but for rounding: each is right to some ulp.
const SAME: f64 = 4e-15;

/// Replaces values that differ by rounding alone by the first of them.
fn merged(mut ratios: Vec<f64>) -> Vec<f64> {
    let scale =
        ratios.iter().copied().filter(|ratio| ratio.is_finite()).fold(0.0, |scale, ratio| f64::max(scale, ratio.abs()));
    let mut order: Vec<usize> = (0..ratios.len()).filter(|&symbol| ratios[symbol].is_finite()).collect();
    order.sort_by(|&a, &b| ratios[a].total_cmp(&ratios[b]));
    let mut first = f64::NEG_INFINITY;
    for symbol in order {
        if ratios[symbol] - first <= SAME * scale {
            ratios[symbol] = first;
        } else {
            first = ratios[symbol];
        }
    }
    ratios
}

/// ln(p/q), through the difference where they are near, so that none of its digits cancel.
fn log_ratio(p: DoubleDouble, q: DoubleDouble) -> f64 {
    let (high, low) = (p.to_f64(), q.to_f64());
    if high == 0.0 && low == 0.0 {
        return 0.0;
    }
    if low == 0.0 {
        return f64::INFINITY;
    }
    if high == 0.0 {
        return f64::NEG_INFINITY;
    }
    let relative = ((p - q) / q).to_f64();
    if relative.abs() < 0.5 {
        return libm::log1p(relative);
    }
    let ratio = (p / q).to_f64();
    if ratio.is_finite() && ratio >= f64::MIN_POSITIVE { libm::log(ratio) } else { libm::log(high) - libm::log(low) }
}

#[cfg(test)]
mod tests {
    use crate::distribution::testing::symbols as pair;

    /// The decimals are proportional, their doubles are not quite.
    #[test]
    fn proportional_probabilities_have_one_log_ratio() {
        let pair = pair(&[0.207, 0.793, 0.0], &[0.070_794, 0.271_206, 0.658]);
        assert_eq!(pair.log_ratios()[0], pair.log_ratios()[1]);
    }

    #[test]
    fn a_difference_of_a_few_ulp_is_kept_where_it_is_all_there_is() {
        let half = 0.5;
        let above = half + 2.0 * f64::EPSILON;
        let pair = pair(&[half, half], &[above, 1.0 - above]);
        assert!(pair.log_ratios()[0] < 0.0 && pair.log_ratios()[1] > 0.0);
    }

    #[test]
    fn centred_log_ratios_have_mean_zero() {
        let centred = pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]).centred_log_ratios();
        assert!(centred.iter().map(|(mass, value)| mass * value).sum::<f64>().abs() < 1e-16);
    }
}
