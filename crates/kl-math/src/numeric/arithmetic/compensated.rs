//! Sums whose rounding does not grow with their length.

/// Neumaier's sum (1974, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen"): an ulp or two of the sum of
/// the sizes is all that is lost, however many terms there are.
///
/// ```
/// use kl_math::numeric::CompensatedSum;
/// let mut sum = CompensatedSum::default();
/// (0..100_000).for_each(|_| sum.push(0.1));
/// assert_eq!(sum.value(), 10_000.0);
/// assert_ne!((0..100_000).map(|_| 0.1).sum::<f64>(), 10_000.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// One more term. Once one is infinite the sum is plain.
    pub fn push(&mut self, term: f64) {
        let next = self.sum + term;
        if next.is_finite() {
            self.lost += if self.sum.abs() >= term.abs() { (self.sum - next) + term } else { (term - next) + self.sum };
        }
        self.sum = next;
    }

    /// The sum so far.
    pub fn value(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

impl Extend<f64> for CompensatedSum {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, terms: I) {
        terms.into_iter().for_each(|term| self.push(term));
    }
}

/// The sum of some terms.
pub fn compensated(terms: impl Iterator<Item = f64>) -> f64 {
    let mut sum = CompensatedSum::default();
    sum.extend(terms);
    sum.value()
}
