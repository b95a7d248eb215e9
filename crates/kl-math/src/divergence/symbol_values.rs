//! A function of the symbol over a finite alphabet, and its moments.

use super::finite::central_moments;
use super::{Spread, SymbolFunction};
use crate::distribution::SymbolPair;
use crate::numeric::{DoubleDouble, precise_log_or};
use std::collections::HashMap;

/// The values f of a [`SymbolFunction`] on the symbols of a finite alphabet, and their moments under P.
///
/// Everything is computed to 106 bits from the probabilities as they are: the values, their mean, and the values about it,
/// so that mean and variance have a relative error below 1e-13 also where Q is within 1e-12 of P and where values that
/// are nearly equal make a tiny variance. That is exact as far as the probabilities are: those of decimals whose sum is not 1
/// are rounded to 106 bits.
///
/// ```
/// use kl_math::distribution::{Bernoulli, Pair};
/// use kl_math::divergence::{SymbolFunction, SymbolValues};
/// let pair = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.25)?)?;
/// let k3 = SymbolValues::of(pair.symbols().expect("a coin"), SymbolFunction::Excess);
/// // r − 1 + x: ½ − 1 + ln 2 and 3/2 − 1 − ln 3/2.
/// assert!((k3.values()[0] - (std::f64::consts::LN_2 - 0.5)).abs() < 1e-16);
/// assert!((k3.mean() - 0.5 * (4.0f64 / 3.0).ln()).abs() < 1e-16);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SymbolValues {
    values: Vec<f64>,
    deviations: Vec<f64>,
    centred: Vec<(f64, f64)>,
    mean: f64,
    spread: Option<Spread>,
}

/// Symbols that P can produce and Q can, too, and that share one log ratio.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) mass: DoubleDouble,
    pub(super) x: DoubleDouble,
    /// r − 1 + x.
    pub(super) excess: DoubleDouble,
    /// r − 1.
    pub(super) relative: DoubleDouble,
}

/// The value of a symbol to 106 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct PreciseValue {
    /// The chance of the symbol.
    pub(super) mass: DoubleDouble,
    pub(super) value: DoubleDouble,
    /// The size of what the value is computed from.
    pub(super) size: f64,
}

impl SymbolValues {
    /// The values of `function` on the symbols of `pair`.
    pub fn of(pair: &SymbolPair, function: SymbolFunction) -> Self {
        let (groups, places) = groups(pair);
        let found = groups.iter().map(|group| function.precisely(group.x, group.excess, group.relative));
        let mut precise: Vec<DoubleDouble> = found.collect();
        let is_covered = pair.uncovered().next().is_none();
        let mean = mean(&groups, function, outside(pair));
        if is_covered && is_constant(&groups, &precise, mean, function) {
            precise.fill(mean);
        }
        let about = |value: &DoubleDouble| (*value - mean).to_f64();
        let deviations: Vec<f64> = precise.iter().map(about).collect();
        let centred: Vec<(f64, f64)> =
            groups.iter().zip(&deviations).map(|(group, &about)| (group.mass.to_f64(), about)).collect();
        let values = merged(precise.iter().map(|value| value.to_f64()).collect());
        let of_symbol = |symbol: usize, known: &[f64]| match places.get(symbol).copied().flatten() {
            Some(place) => known.get(place).copied().unwrap_or(0.0),
            None if pair.log_ratios()[symbol] == f64::INFINITY => f64::INFINITY,
            None if pair.log_ratios()[symbol] == f64::NEG_INFINITY => function.at_impossible(),
            None => 0.0,
        };
        let of_symbols = |known: &[f64]| (0..places.len()).map(|symbol| of_symbol(symbol, known)).collect::<Vec<f64>>();
        let spread = is_covered.then(|| spread(&centred)).filter(|spread| spread.variance.is_finite());
        let mean = if is_covered { mean.to_f64() } else { f64::INFINITY };
        Self { values: of_symbols(&values), deviations: of_symbols(&deviations), centred, mean, spread }
    }

    /// Values of the symbols that can be drawn, about their mean; a symbol without has the value 0.
    pub(super) fn of_precise(symbols: impl Iterator<Item = Option<PreciseValue>>, mean: DoubleDouble) -> Self {
        /// Closer to the mean than this part of its size, a value is the mean but for the rounding of 106 bits.
        const SAME: f64 = 1e-27;
        let mut symbols: Vec<Option<PreciseValue>> = symbols.collect();
        if symbols.iter().flatten().any(|symbol| symbol.value.to_f64().is_infinite()) {
            let values = symbols.iter().map(|symbol| symbol.as_ref().map_or(0.0, |symbol| symbol.value.to_f64()));
            let values: Vec<f64> = values.collect();
            let deviations = vec![0.0; values.len()];
            return Self { values, deviations, centred: Vec::new(), mean: mean.to_f64(), spread: None };
        }
        let size_of_mean = mean.to_f64().abs();
        let is_mean =
            |symbol: &PreciseValue| (symbol.value - mean).to_f64().abs() <= SAME * (symbol.size + size_of_mean);
        if symbols.iter().flatten().all(is_mean) {
            symbols.iter_mut().flatten().for_each(|symbol| symbol.value = mean);
        }
        let about = |symbol: &PreciseValue| (symbol.mass.to_f64(), (symbol.value - mean).to_f64());
        let centred: Vec<(f64, f64)> = symbols.iter().flatten().map(about).collect();
        let deviations = symbols.iter().map(|symbol| symbol.as_ref().map_or(0.0, |found| about(found).1)).collect();
        let values = symbols.iter().map(|symbol| symbol.as_ref().map_or(0.0, |found| found.value.to_f64())).collect();
        let spread = Some(spread(&centred)).filter(|spread| spread.variance.is_finite());
        Self { values: merged(values), deviations, centred, mean: mean.to_f64(), spread }
    }

    /// The best control variate: x + c (r − 1) with the c of least variance, c = −Cov(x, r)/Var(r).
    ///
    /// c − 1 = −Cov(r − 1 + x, r)/Var(r) is what is computed. Where Q has the mass m outside P's support, E\[r\] = 1 − m; with χ²
    /// = E\[r²\] − 1 and S = Σ q ln(q/p) over P's support, Var(r) = χ² + 2m − m² and Cov(x, r) = −S − D (1 − m), so that
    /// c = (S + D (1 − m))/(χ² + 2m − m²): J/χ² where m = 0. The mean is then D − c m. 0 where r does not vary, and where D is
    /// infinite.
    pub fn best_control(pair: &SymbolPair) -> SymbolFunction {
        let (groups, _) = groups(pair);
        let missing = outside(pair);
        let (mut together, mut square) = (DoubleDouble::ZERO, DoubleDouble::ZERO);
        let excess: DoubleDouble = groups.iter().map(|group| group.mass * group.excess).sum();
        for group in &groups {
            let relative = group.relative + missing;
            together += group.mass * (group.excess - excess) * relative;
            square += group.mass * relative * relative;
        }
        // Where q/p is beyond a double, so is every value but that of x alone.
        if !square.to_f64().is_finite() || !together.to_f64().is_finite() {
            return SymbolFunction::controlled(0.0);
        }
        let is_one = groups.iter().all(|group| group.relative == DoubleDouble::ZERO) || groups.len() < 2;
        if is_one || pair.uncovered().next().is_some() {
            return SymbolFunction::controlled(0.0);
        }
        SymbolFunction::Controlled { less_one: -(together / square) }
    }

    /// The first symbol that both P and Q can produce and whose f is beyond the largest double, as where q/p is.
    pub fn beyond(pair: &SymbolPair, function: SymbolFunction) -> Option<&str> {
        let probabilities = pair
            .source_probabilities()
            .iter()
            .zip(pair.model_probabilities())
            .zip(pair.log_ratios())
            .zip(pair.symbols());
        let is_beyond = |p: DoubleDouble, q: DoubleDouble, ratio: f64| {
            let group = Group::of(p, q, ratio);
            !function.precisely(group.x, group.excess, group.relative).to_f64().is_finite()
        };
        let both = probabilities.filter(|(((p, q), _), _)| p.to_f64() > 0.0 && q.to_f64() > 0.0);
        both.filter(|(((p, q), ratio), _)| is_beyond(**p, **q, **ratio)).map(|(_, symbol)| symbol.as_str()).next()
    }

    /// f of each symbol, in P's order, nats: +∞ where Q has no mass. Values that differ by rounding alone are one value.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// f of each symbol about the mean, with digits that [`values`](Self::values) may have lost; meaningful where D is
    /// finite.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// Mass and deviation of each log ratio that P can produce.
    pub fn centred(&self) -> &[(f64, f64)] {
        &self.centred
    }

    /// E\[f\], nats; infinite where D is.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Variance, third and fourth cumulant of f, in powers of nats; none where D is infinite, or where they are beyond a double.
    pub fn spread(&self) -> Option<Spread> {
        self.spread
    }

    /// The largest of the finite values by size.
    pub fn size(&self) -> f64 {
        self.values.iter().filter(|value| value.is_finite()).fold(0.0, |size, value| f64::max(size, value.abs()))
    }
}

/// Q's mass outside of P's support.
fn outside(pair: &SymbolPair) -> DoubleDouble {
    let probabilities = pair.source_probabilities().iter().zip(pair.model_probabilities());
    probabilities.filter(|(p, _)| p.to_f64() == 0.0).map(|(_, &q)| q).sum()
}

/// E\[f\] over the groups, from terms ≥ 0: E\[r − 1 + x\] = D − m, and E\[r − 1\] = −m is no sum of theirs.
fn mean(groups: &[Group], function: SymbolFunction, missing: DoubleDouble) -> DoubleDouble {
    let over = |term: &dyn Fn(&Group) -> DoubleDouble| -> DoubleDouble {
        groups.iter().map(|group| group.mass * term(group)).sum()
    };
    match function {
        SymbolFunction::LogRatio => over(&|group| group.excess) + missing,
        SymbolFunction::HalfSquare => over(&|group| group.x * group.x / DoubleDouble::TWO),
        SymbolFunction::Excess => over(&|group| group.excess),
        SymbolFunction::Controlled { less_one } => over(&|group| group.excess) - less_one * missing,
    }
}

/// Whether f is a constant but for the rounding of 106 bits.
fn is_constant(groups: &[Group], values: &[DoubleDouble], mean: DoubleDouble, function: SymbolFunction) -> bool {
    /// As a part of what the values are made of.
    const SAME: f64 = 1e-27;
    /// What E[r − 1] may be off by where probabilities do not sum to 1 in all of their bits.
    const UNSUMMED: f64 = 1e-30;
    let size = |group: &Group| match function {
        SymbolFunction::Controlled { less_one } => {
            let weight = less_one.to_f64().abs();
            weight * group.relative.to_f64().abs() + group.excess.to_f64() + weight * UNSUMMED / SAME
        }
        _ => 0.0,
    };
    let same = |(group, value): (&Group, &DoubleDouble)| {
        (*value - mean).to_f64().abs() <= SAME * (size(group) + mean.to_f64().abs())
    };
    groups.len() < 2 || groups.iter().zip(values).all(same)
}

fn spread(centred: &[(f64, f64)]) -> Spread {
    let (variance, higher) = central_moments(centred);
    Spread { variance, higher: Some(higher).filter(|(third, fourth)| third.is_finite() && fourth.is_finite()) }
}

/// The groups, and for each symbol the place of its group, if it has one.
fn groups(pair: &SymbolPair) -> (Vec<Group>, Vec<Option<usize>>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<u64, usize> = HashMap::new();
    let probabilities = pair.source_probabilities().iter().zip(pair.model_probabilities()).zip(pair.log_ratios());
    let places = probabilities.map(|((&p, &q), &ratio)| {
        if p.to_f64() == 0.0 || q.to_f64() == 0.0 {
            return None;
        }
        let place = *known.entry(ratio.to_bits()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.mass += p,
            None => groups.push(Group::of(p, q, ratio)),
        }
        Some(place)
    });
    let places = places.collect();
    (groups, places)
}

impl Group {
    pub(super) fn of(p: DoubleDouble, q: DoubleDouble, ratio: f64) -> Self {
        let (log, excess) = precise_log_or(p, q, ratio);
        Self { mass: p, x: -log, excess, relative: (q - p) / p }
    }
}

/// Values closer than this part of themselves are equal but for rounding.
const SAME: f64 = 4e-15;

/// Replaces values that differ by rounding alone by the first of them.
fn merged(mut values: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut first = f64::NEG_INFINITY;
    for place in order {
        if values[place] - first <= SAME * values[place].abs() {
            values[place] = first;
        } else {
            first = values[place];
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::testing::symbols as pair;
    use crate::divergence::Cumulants;

    const FUNCTIONS: [SymbolFunction; 3] =
        [SymbolFunction::HalfSquare, SymbolFunction::Excess, SymbolFunction::LogRatio];

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 2e-13 * expected.abs(), "{found:e} is not {expected:e}");
    }

    /// The formulas of the literature, whose terms cancel where Q is near P: here it is far.
    #[test]
    fn moments_are_those_of_the_textbook() {
        for (p, q) in [(vec![0.2, 0.3, 0.5], vec![0.5, 0.25, 0.25]), (vec![0.5, 0.5, 0.0], vec![0.3, 0.2, 0.5])] {
            let pair = pair(&p, &q);
            let known = Cumulants::of_symbols(&pair);
            let (d, v, higher) = (known.mean, known.spread.unwrap().variance, known.spread.unwrap().higher.unwrap());
            let inside: Vec<(f64, f64)> = p.iter().copied().zip(q.iter().copied()).filter(|(p, _)| *p > 0.0).collect();
            let missing = 1.0 - inside.iter().map(|(_, q)| q).sum::<f64>();
            let back: f64 = inside.iter().map(|(p, q)| q * libm::log(q / p)).sum();
            let chi: f64 = inside.iter().map(|(p, q)| q * q / p).sum::<f64>() - 1.0;
            let of = |function| SymbolValues::of(&pair, function);
            let k2 = of(SymbolFunction::HalfSquare);
            near(k2.mean(), 0.5 * (v + d * d));
            near(k2.spread().unwrap().variance, 0.25 * (higher.1 + 4.0 * higher.0 * d + 2.0 * v * v + 4.0 * d * d * v));
            let square = chi + 2.0 * missing - missing * missing;
            let together = -back - d * (1.0 - missing);
            let k3 = of(SymbolFunction::Excess);
            near(k3.mean(), d - missing);
            near(k3.spread().unwrap().variance, v + square + 2.0 * together);
            let best = SymbolValues::best_control(&pair);
            near(best.weight(), -together / square);
            let controlled = of(best);
            near(controlled.mean(), d + together / square * missing);
            let least = v - together * together / square;
            assert!((controlled.spread().unwrap().variance - least).abs() < 1e-14, "{least:e}");
            // No other weight has less variance.
            for c in [best.weight() - 0.1, best.weight() + 0.1] {
                assert!(of(SymbolFunction::controlled(c)).spread().unwrap().variance > least);
            }
        }
    }

    /// Mean and variance over all sequences of three symbols.
    #[test]
    fn enumeration_of_short_sequences_gives_the_same_moments() {
        let pair = pair(&[0.2, 0.3, 0.5], &[0.5, 0.25, 0.25]);
        let probabilities: Vec<f64> = pair.source_probabilities().iter().map(|mass| mass.to_f64()).collect();
        for function in
            FUNCTIONS.into_iter().chain([SymbolFunction::controlled(-1.0), SymbolValues::best_control(&pair)])
        {
            let found = SymbolValues::of(&pair, function);
            let x = |symbol: usize| function.of(pair.log_ratios()[symbol]);
            let sequence = |code: usize| [code / 9, code / 3 % 3, code % 3];
            let mean = |f: &dyn Fn(f64) -> f64| -> f64 {
                let term = |code: usize| {
                    let symbols = sequence(code);
                    let mass: f64 = symbols.iter().map(|&symbol| probabilities[symbol]).product();
                    mass * f(symbols.iter().map(|&symbol| x(symbol)).sum::<f64>() / 3.0)
                };
                (0..27).map(term).sum()
            };
            let first = mean(&|l| l);
            assert!((found.mean() - first).abs() < 1e-15);
            let square = mean(&|l| (l - first) * (l - first));
            assert!((found.spread().unwrap().variance / 3.0 - square).abs() < 1e-15);
        }
    }

    #[test]
    fn what_has_no_spread_has_none_to_the_last_bit() {
        let spread = |p: &[f64], q: &[f64], function| SymbolValues::of(&pair(p, q), function).spread().unwrap();
        let best = |p: &[f64], q: &[f64]| SymbolValues::best_control(&pair(p, q));
        let zero = Spread { variance: 0.0, higher: Some((0.0, 0.0)) };
        for (p, q) in
            [([0.5, 0.5], [0.4, 0.6]), ([0.3, 0.7], [0.3 + 1e-12, 0.7 - 1e-12]), ([1e-10, 1.0 - 1e-10], [0.3, 0.7])]
        {
            assert_eq!(spread(&p, &q, best(&p, &q)), zero);
            let values = SymbolValues::of(&pair(&p, &q), best(&p, &q));
            assert_eq!(values.values()[0], values.values()[1]);
        }
        // x is ±ln 2.
        assert_eq!(spread(&[2.0 / 3.0, 1.0 / 3.0], &[1.0 / 3.0, 2.0 / 3.0], SymbolFunction::HalfSquare), zero);
        // P is Q, or covers a part of it in proportion.
        for function in FUNCTIONS {
            assert_eq!(spread(&[0.5, 0.5], &[0.5, 0.5], function), zero);
            assert_eq!(spread(&[0.5, 0.5, 0.0], &[0.25, 0.25, 0.5], function), zero);
        }
        assert_eq!(best(&[0.5, 0.5], &[0.5, 0.5]), SymbolFunction::controlled(0.0));
    }

    #[test]
    fn what_q_rules_out_is_infinite_and_nothing_is_nan() {
        let pair = pair(&[0.5, 0.25, 0.25, 0.0, 0.0], &[0.5, 0.25, 0.0, 0.25, 0.0]);
        let functions = FUNCTIONS.into_iter().chain([-1.0, 0.0, 1.0].map(SymbolFunction::controlled));
        for function in functions.chain([SymbolValues::best_control(&pair)]) {
            let found = SymbolValues::of(&pair, function);
            assert_eq!((found.values()[2], found.values()[4], found.mean()), (f64::INFINITY, 0.0, f64::INFINITY));
            assert!(found.values()[3].is_infinite() && found.spread().is_none());
            assert!(found.values().iter().chain(found.deviations()).all(|value| !value.is_nan()));
        }
    }

    #[test]
    fn a_variance_beyond_the_doubles_is_none() {
        let found = |function| SymbolValues::of(&pair(&[1.0, 5e-324], &[0.5, 0.5]), function);
        assert!(found(SymbolFunction::Excess).spread().is_none());
        assert!(found(SymbolFunction::HalfSquare).spread().is_some_and(|spread| spread.variance > 0.0));
    }
}
