//! Pairs of finite alphabets: sums over all symbols whose terms have one sign, so that nothing cancels where Q is near P.

use super::order::least;
use super::terms::{change_of_power, even_part, power_less_line, slope_in_order};
use super::{Absent, Chernoff, Found, Measure, Neighbours};
use crate::distribution::SymbolPair;
use crate::divergence::Cumulants;
use crate::numeric::DoubleDouble;

/// A part of p and q that rounding of two doubles may have put each off by, with room to spare.
const ROUNDING: f64 = 64.0 * f64::EPSILON * f64::EPSILON;

pub(super) struct SymbolNeighbours {
    symbols: Vec<Symbol>,
    /// D, nats.
    divergence: f64,
}

/// A symbol that P or Q has.
struct Symbol {
    p: DoubleDouble,
    q: DoubleDouble,
    /// ln(p/q), nats.
    ratio: f64,
}

impl SymbolNeighbours {
    pub(super) fn of(pair: &SymbolPair) -> Self {
        let probabilities = pair.source_probabilities().iter().zip(pair.model_probabilities()).zip(pair.log_ratios());
        let all = probabilities.map(|((&p, &q), &ratio)| Symbol { p, q, ratio });
        let symbols = all.filter(|symbol| (symbol.p + symbol.q).to_f64() > 0.0).collect();
        Self { symbols, divergence: Cumulants::of_symbols(pair).mean }
    }

    pub(super) fn all(&self, order: Option<f64>) -> Neighbours {
        let half = self.power_less_one(0.5);
        let chi = self.sum(|symbol| symbol.chi_squared());
        let is_known = chi.is_finite() || self.divergence == f64::INFINITY;
        let exact = |value: f64| Ok(Measure::exact(value));
        Neighbours {
            entropies: [
                exact(self.sum(|symbol| surprise(symbol.p, symbol.p))),
                exact(self.sum(|symbol| surprise(symbol.q, symbol.q))),
            ],
            cross_entropy: exact(self.sum(|symbol| surprise(symbol.p, symbol.q))),
            jensen_shannon: Ok(self.jensen_shannon()),
            total_variation: Ok(self.total_variation()),
            hellinger_squared: Ok(Measure::rounded((0.0 - half).clamp(0.0, 1.0), self.rounding(0.5))),
            chi_squared: if is_known { Ok(self.with_rounding_of_chi_squared(chi)) } else { Err(Absent::TooLarge) },
            bhattacharyya: Ok(Measure::rounded(0.0 - self.log_power(0.5), 2.0 * self.rounding(0.5))),
            renyi_half: self.renyi(0.5),
            renyi_two: self.renyi(2.0),
            renyi_other: order.map(|order| (order, self.renyi(order))),
            chernoff: Ok(self.chernoff()),
        }
    }

    pub(super) fn renyi(&self, order: f64) -> Found {
        let is_d = order == 1.0 || (order > 1.0 && self.divergence == f64::INFINITY);
        let value = if is_d { self.divergence } else { self.log_power(order) / (order - 1.0) };
        let is_known = value < f64::INFINITY || self.divergence == f64::INFINITY;
        match is_known {
            true if is_d => Ok(Measure::exact(value)),
            // The logarithm of half or more changes by no more than twice as much.
            true => Ok(Measure::rounded(value, 2.0 * self.rounding(order) / (order - 1.0).abs())),
            false => Err(Absent::TooLarge),
        }
    }

    /// The sum of p − q where P has more, or of q − p where Q has: they are the same, and the one over less mass has more digits.
    fn total_variation(&self) -> Measure {
        let over = |of: fn(&Symbol) -> [DoubleDouble; 2]| {
            let more = || self.symbols.iter().map(of).filter(|[more, less]| less < more);
            let value = more().map(|[more, less]| more - less).sum::<DoubleDouble>().to_f64();
            (value, more().map(|[more, _]| more.to_f64()).sum::<f64>())
        };
        let sides = [over(|symbol| [symbol.p, symbol.q]), over(|symbol| [symbol.q, symbol.p])];
        let [(of_source, size_of_source), (of_model, size_of_model)] = sides;
        let (value, size) =
            if size_of_model < size_of_source { (of_model, size_of_model) } else { (of_source, size_of_source) };
        Measure::rounded(value.clamp(0.0, 1.0), ROUNDING * size)
    }

    fn jensen_shannon(&self) -> Measure {
        let value = self.sum(Symbol::jensen_shannon).clamp(0.0, std::f64::consts::LN_2);
        // A part of p changes ½ p ln(p/m) + ½ q ln(q/m) by as much of ½ p |ln(p/m)|, which is at most ½ |p − q|.
        let rounding = ROUNDING * self.sum(|symbol| (symbol.p - symbol.q).abs().to_f64());
        Measure::rounded(value, rounding)
    }

    fn with_rounding_of_chi_squared(&self, value: f64) -> Measure {
        let slope = |symbol: &Symbol| {
            let (q, gap) = (symbol.q.to_f64(), (symbol.p - symbol.q).abs().to_f64());
            if q > 0.0 { gap * (symbol.larger() / q) } else { 0.0 }
        };
        Measure::rounded(value, 2.0 * ROUNDING * self.sum(slope))
    }

    /// What rounding of X does to Σ pᵃ q¹⁻ᵃ where P and Q are near each other, else less than that of a double.
    fn rounding(&self, order: f64) -> f64 {
        let near = self.symbols.iter().filter(|symbol| symbol.ratio.abs() < 1.0);
        near.map(|symbol| symbol.larger() * change_of_power(order, symbol.ratio).abs()).sum::<f64>() * ROUNDING
    }

    fn chernoff(&self) -> Chernoff {
        if self.symbols.iter().all(|symbol| symbol.p == symbol.q) {
            return Chernoff { information: Measure::exact(0.0), order: None };
        }
        if !self.symbols.iter().any(|symbol| symbol.ratio.is_finite()) {
            return Chernoff { information: Measure::INFINITE, order: None };
        }
        if self.symbols.iter().all(|symbol| symbol.ratio == 0.0 || symbol.ratio.is_infinite()) {
            return Chernoff { information: Measure::exact(0.0 - self.log_power(0.5)), order: None };
        }
        // Far apart the powers are small beside p and q; near each other they cancel, and p − q is taken from them.
        let is_far = self.log_power(0.5) < -std::f64::consts::LN_2;
        let slope = |order: f64| match is_far {
            true => self.tilted_mean(order),
            false => self.sum(|symbol| symbol.larger() * slope_in_order(order, symbol.ratio)),
        };
        let order = least(slope);
        let information = Measure::rounded(0.0 - self.log_power(order), 2.0 * self.rounding(order));
        Chernoff { information, order: Some(order) }
    }

    /// The mean of X under the law with probabilities in proportion to pᵃ q¹⁻ᵃ.
    fn tilted_mean(&self, order: f64) -> f64 {
        let common = || self.symbols.iter().filter(|symbol| symbol.ratio.is_finite());
        let top = common().map(|symbol| symbol.log_power(order)).fold(f64::NEG_INFINITY, f64::max);
        let weigh = |symbol: &Symbol| libm::exp(symbol.log_power(order) - top);
        let sum: DoubleDouble = common().map(|symbol| DoubleDouble::from(weigh(symbol) * symbol.ratio)).sum();
        let whole: DoubleDouble = common().map(|symbol| DoubleDouble::from(weigh(symbol))).sum();
        (sum / whole).to_f64()
    }

    fn sum(&self, term: impl Fn(&Symbol) -> f64) -> f64 {
        let mut sum = DoubleDouble::from(0.0);
        for value in self.symbols.iter().map(term) {
            if value == f64::INFINITY {
                return value;
            }
            sum += value;
        }
        sum.to_f64()
    }

    /// Σ pᵃ q¹⁻ᵃ − 1, as Σ (pᵃ q¹⁻ᵃ − a p − (1−a) q): all terms are ≤ 0 below order 1, and ≥ 0 above.
    fn power_less_one(&self, order: f64) -> f64 {
        self.sum(|symbol| symbol.larger() * power_less_line(order, symbol.ratio))
    }

    /// ln Σ pᵃ q¹⁻ᵃ.
    fn log_power(&self, order: f64) -> f64 {
        /// Beyond it the sum itself has more digits, or is all that a double can hold.
        const FAR: f64 = 0.5;
        let less_one = self.power_less_one(order);
        if less_one.abs() <= FAR {
            return libm::log1p(less_one);
        }
        let logs = || self.symbols.iter().map(|symbol| symbol.log_power(order));
        let largest = logs().fold(f64::NEG_INFINITY, f64::max);
        if largest.is_infinite() {
            return largest;
        }
        let sum = logs().map(|log| DoubleDouble::from(libm::exp(log - largest))).sum::<DoubleDouble>();
        largest + libm::log(sum.to_f64())
    }
}

impl Symbol {
    /// ½ p ln(p/m) + ½ q ln(q/m) with m = ½(p + q).
    fn jensen_shannon(&self) -> f64 {
        let whole = self.p + self.q;
        let u = ((self.q - self.p) / whole).abs().to_f64();
        let lesser = if self.p < self.q { self.p } else { self.q };
        let rest = (DoubleDouble::TWO * lesser / whole).to_f64();
        0.25 * whole.to_f64() * even_part(u, rest)
    }

    fn chi_squared(&self) -> f64 {
        let (p, q, gap) = (self.p.to_f64(), self.q.to_f64(), (self.p - self.q).to_f64());
        if p == 0.0 {
            return q;
        }
        gap * (gap / q)
    }

    /// ln(pᵃ q¹⁻ᵃ).
    fn log_power(&self, order: f64) -> f64 {
        let (p, q) = (self.p.to_f64(), self.q.to_f64());
        match self.ratio {
            f64::NEG_INFINITY => f64::NEG_INFINITY,
            f64::INFINITY if order <= 1.0 => f64::NEG_INFINITY,
            ratio if ratio > 0.0 => libm::log(p) + (order - 1.0) * ratio,
            ratio => libm::log(q) + order * ratio,
        }
    }

    /// The larger of p and q.
    fn larger(&self) -> f64 {
        if self.ratio < 0.0 { self.q.to_f64() } else { self.p.to_f64() }
    }
}

/// −p ln q, with the digits that ln q has next to 1.
pub(super) fn surprise(p: DoubleDouble, q: DoubleDouble) -> f64 {
    if p.to_f64() == 0.0 {
        return 0.0;
    }
    let missing = (DoubleDouble::ONE - q).to_f64();
    let log = if missing < 0.5 { libm::log1p(-missing) } else { libm::log(q.to_f64()) };
    0.0 - p.to_f64() * log
}
