//! Pairs of finite alphabets: sums over all symbols whose terms have one sign, so that nothing cancels where Q is near P.

use super::{Chernoff, Neighbours, order::least};
use crate::distribution::SymbolPair;
use crate::divergence::Cumulants;
use crate::numeric::{DoubleDouble, exp_excess};

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

    pub(super) fn all(&self) -> Neighbours {
        let half = self.power_less_one(0.5);
        let chi = self.sum(|symbol| symbol.chi_squared());
        let is_same = self.symbols.iter().all(|symbol| symbol.p == symbol.q);
        let chernoff = if is_same { Chernoff { information: 0.0, order: None } } else { self.chernoff() };
        Neighbours {
            entropies: [
                Some(self.sum(|symbol| surprise(symbol.p, symbol.p))),
                Some(self.sum(|symbol| surprise(symbol.q, symbol.q))),
            ],
            cross_entropy: Some(self.sum(|symbol| surprise(symbol.p, symbol.q))),
            jensen_shannon: Some(self.sum(Symbol::jensen_shannon).clamp(0.0, std::f64::consts::LN_2)),
            total_variation: Some((0.5 * self.sum(|symbol| (symbol.p - symbol.q).abs().to_f64())).clamp(0.0, 1.0)),
            hellinger_squared: Some((0.0 - half).clamp(0.0, 1.0)),
            chi_squared: Some(chi).filter(|chi| chi.is_finite() || self.divergence == f64::INFINITY),
            bhattacharyya: Some(0.0 - self.log_power(0.5)),
            renyi_half: self.renyi(0.5),
            renyi_two: self.renyi(2.0),
            chernoff: Some(chernoff),
        }
    }

    pub(super) fn renyi(&self, order: f64) -> Option<f64> {
        if order == 1.0 || (order > 1.0 && self.divergence == f64::INFINITY) {
            return Some(self.divergence);
        }
        Some(self.log_power(order) / (order - 1.0)).filter(|found| !found.is_nan())
    }

    fn chernoff(&self) -> Chernoff {
        let common = |symbol: &&Symbol| symbol.ratio.is_finite();
        if !self.symbols.iter().any(|symbol| common(&symbol)) {
            return Chernoff { information: f64::INFINITY, order: None };
        }
        // The slopes of the terms, less p − q; these sum to what the other symbols have more in Q than in P.
        let others = self.symbols.iter().filter(|symbol| !common(symbol));
        let rest: DoubleDouble = others.map(|symbol| symbol.q - symbol.p).sum();
        let slope = |order: f64| {
            let terms = self.symbols.iter().filter(common).map(|symbol| symbol.slope(order));
            (terms.map(DoubleDouble::from).sum::<DoubleDouble>() + rest).to_f64()
        };
        let order = least(slope);
        Chernoff { information: 0.0 - self.log_power(order), order: Some(order) }
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
        self.sum(|symbol| symbol.power_less_line(order))
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

    /// pᵃ q¹⁻ᵃ, for p and q above 0.
    fn power(&self, order: f64) -> f64 {
        match self.ratio {
            ratio if ratio > 0.0 => self.p.to_f64() * libm::exp((order - 1.0) * ratio),
            ratio => self.q.to_f64() * libm::exp(order * ratio),
        }
    }

    /// pᵃ q¹⁻ᵃ − a p − (1−a) q.
    fn power_less_line(&self, order: f64) -> f64 {
        let (p, q) = (self.p.to_f64(), self.q.to_f64());
        match self.ratio {
            f64::NEG_INFINITY => (order - 1.0) * q,
            f64::INFINITY if order <= 1.0 => -order * p,
            f64::INFINITY => f64::INFINITY,
            ratio if ratio.abs() <= 1.0 => q * (exp_excess(order * ratio) - order * exp_excess(ratio)),
            _ => self.power(order) - order * p - (1.0 - order) * q,
        }
    }

    /// pᵃ q¹⁻ᵃ ln(p/q) − (p − q), for p and q above 0.
    fn slope(&self, order: f64) -> f64 {
        let ratio = self.ratio;
        if ratio.abs() <= 1.0 {
            return self.q.to_f64() * (ratio * libm::expm1(order * ratio) - exp_excess(ratio));
        }
        self.power(order) * ratio - (self.p - self.q).to_f64()
    }
}

/// −p ln q, with the digits that ln q has next to 1.
fn surprise(p: DoubleDouble, q: DoubleDouble) -> f64 {
    if p.to_f64() == 0.0 {
        return 0.0;
    }
    let missing = (DoubleDouble::ONE - q).to_f64();
    let log = if missing < 0.5 { libm::log1p(-missing) } else { libm::log(q.to_f64()) };
    0.0 - p.to_f64() * log
}

/// (1−u) ln(1−u) + (1+u) ln(1+u) = Σ u²ᵏ/(k(2k−1)), for u from 0 to 1; `rest` is 1 − u.
fn even_part(u: f64, rest: f64) -> f64 {
    /// Below it the series has all digits after …
    const NEAR: f64 = 0.25;
    /// … so many terms.
    const TERMS: u32 = 15;
    if u > NEAR {
        let low = if rest > 0.0 { rest * libm::log(rest) } else { 0.0 };
        return low + (1.0 + u) * libm::log1p(u);
    }
    let square = u * u;
    let term = |sum: f64, k: u32| sum * square + 1.0 / (f64::from(k) * f64::from(2 * k - 1));
    (1..=TERMS).rev().fold(0.0, term) * square
}
