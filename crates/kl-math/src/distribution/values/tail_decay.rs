//! How a density falls toward the ends of its support.

/// −ln of a density, or of a mass, toward one end of its support but for a bounded part: a sum of terms a tᵇ (ln t)ᶜ. t is |x|
/// where the end is infinite, and 1 over the distance from the end where it is finite.
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
    power: f64,
    logs: u32,
    factor: f64,
    /// What the factor is a difference of.
    size: f64,
}

impl TailDecay {
    /// The sum of these terms, each b, c and a.
    pub fn new(terms: impl IntoIterator<Item = (f64, u32, f64)>) -> Self {
        let term = |(power, logs, factor): (f64, u32, f64)| Term { power, logs, factor, size: factor.abs() };
        Self::sorted(terms.into_iter().map(term).collect())
    }

    /// A weighted sum of this one and another.
    #[must_use]
    pub fn weighted(&self, weight: f64, other: &Self, other_weight: f64) -> Self {
        let scaled = |terms: &[Term], by: f64| -> Vec<Term> {
            terms.iter().map(|term| Term { factor: by * term.factor, size: by.abs() * term.size, ..*term }).collect()
        };
        let mut terms = scaled(&self.terms, weight);
        for term in scaled(&other.terms, other_weight) {
            match terms.iter_mut().find(|known| (known.power, known.logs) == (term.power, term.logs)) {
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
        terms.sort_by(|a, b| b.power.total_cmp(&a.power).then(b.logs.cmp(&a.logs)));
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
        let is_log = (term.power, term.logs) == (0.0, 1);
        let margin = if is_log { term.factor - least } else { term.factor };
        let is_rounding = margin != 0.0 && margin.abs() <= ROUNDING * (term.size + least.abs());
        (!is_rounding).then_some(margin > 0.0)
    }
}
