//! How a density falls toward the ends of its support.

/// −ln of a density, or of a mass, toward one end of its support but for a bounded part: a sum of terms a tᵇ (ln t)ᶜ, maybe with
/// one a e^(rt). t is |x| where the end is infinite, and 1 over the distance from the end where it is finite.
///
/// It decides by theory, not by overflow, whether a moment such as ∫ q²/p is finite.
///
/// ```
/// use kl_math::distribution::TailDecay;
/// // q²/p of two normal laws about 0 with the variances s and 1: x²/s − x²/2.
/// let normal = |variance: f64| TailDecay::new([(2.0, 0, 0.5 / variance)]);
/// let is_finite = |s: f64| normal(s).weighted(2.0, &normal(1.0), -1.0).is_integrable(false);
/// assert_eq!([1.9, 2.0, 2.1].map(is_finite), [Some(true), Some(false), Some(false)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TailDecay {
    terms: Vec<Term>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Term {
    /// r, 0 where there is no exponential.
    rate: f64,
    power: f64,
    logs: u32,
    factor: f64,
    /// What the factor is a difference of.
    size: f64,
}

impl TailDecay {
    /// The sum of these terms, each b, c and a.
    pub fn new(terms: impl IntoIterator<Item = (f64, u32, f64)>) -> Self {
        let term = |(power, logs, factor): (f64, u32, f64)| Term { rate: 0.0, power, logs, factor, size: factor.abs() };
        Self::sorted(terms.into_iter().map(term).collect())
    }

    /// The same and a e^(rt), r > 0.
    #[must_use]
    pub fn with_exponential(mut self, rate: f64, factor: f64) -> Self {
        self.terms.push(Term { rate, power: 0.0, logs: 0, factor, size: factor.abs() });
        Self::sorted(self.terms)
    }

    /// A weighted sum of this one and another.
    #[must_use]
    pub fn weighted(&self, weight: f64, other: &Self, other_weight: f64) -> Self {
        let scaled = |terms: &[Term], by: f64| -> Vec<Term> {
            terms.iter().map(|term| Term { factor: by * term.factor, size: by.abs() * term.size, ..*term }).collect()
        };
        let mut terms = scaled(&self.terms, weight);
        for term in scaled(&other.terms, other_weight) {
            match terms
                .iter_mut()
                .find(|known| (known.rate, known.power, known.logs) == (term.rate, term.power, term.logs))
            {
                Some(known) => {
                    known.factor += term.factor;
                    known.size += term.size;
                }
                None => terms.push(term),
            }
        }
        Self::sorted(terms)
    }

    /// Sorted with the dominant term first.
    fn sorted(mut terms: Vec<Term>) -> Self {
        terms.sort_by(|a, b| b.rate.total_cmp(&a.rate).then(b.power.total_cmp(&a.power)).then(b.logs.cmp(&a.logs)));
        Self { terms }
    }

    /// Whether e to the minus this is integrable at its end; none where that depends on the rounding of the parameters.
    pub fn is_integrable(&self, is_finite_end: bool) -> Option<bool> {
        /// A factor below this part of what it is a difference of is rounding, unless it is 0.
        const ROUNDING: f64 = 1e-15;
        // 1/t at the end of a range, t^−2 dt near a point.
        let least = if is_finite_end { -1.0 } else { 1.0 };
        let Some(term) = self.terms.iter().find(|term| term.factor != 0.0) else {
            return Some(is_finite_end);
        };
        let is_log = (term.rate, term.power, term.logs) == (0.0, 0.0, 1);
        let margin = if is_log { term.factor - least } else { term.factor };
        let is_rounding = margin != 0.0 && margin.abs() <= ROUNDING * (term.size + least.abs());
        (!is_rounding && !margin.is_nan()).then_some(margin > 0.0)
    }

    /// Whether it grows more slowly than another.
    pub(in crate::distribution) fn is_slower(&self, other: &Self) -> bool {
        let difference = self.weighted(1.0, other, -1.0);
        difference.terms.iter().find(|term| term.factor != 0.0).is_some_and(|term| term.factor < 0.0)
    }

    /// The r up to which e^(rt) has a mean: 0 where the density falls more slowly than any exponential, ∞ where it falls faster.
    pub(super) fn exponential_rate(&self) -> f64 {
        match self.terms.iter().find(|term| term.factor != 0.0) {
            Some(term) if term.rate > 0.0 || term.power > 1.0 || (term.power == 1.0 && term.logs > 0) => f64::INFINITY,
            Some(term) if term.power == 1.0 => term.factor,
            _ => 0.0,
        }
    }
}
