//! Mean and variance of the log ratio of one value.

/// Where D and V are from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClosedFormSource {
    /// A formula.
    #[default]
    ClosedForm,
    /// Summed over all values that matter.
    FiniteSum,
    /// Integrated numerically.
    Quadrature,
}

impl ClosedFormSource {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::ClosedForm, Self::FiniteSum, Self::Quadrature];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClosedForm => "closed form",
            Self::FiniteSum => "finite sum",
            Self::Quadrature => "quadrature",
        }
    }
}

/// Mean and variance of X = ln(p(x)/q(x)) for one x ~ P, in nats and nats².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosedForm {
    /// D = KL(P‖Q): infinite where P has mass and Q has none, or where P's tail is too heavy for Q's.
    pub mean: f64,
    /// V; none where D is infinite, +∞ where D alone is finite.
    pub variance: Option<f64>,
    /// Where they are from.
    pub source: ClosedFormSource,
    /// How far D may be off, if it is not from a formula, nats.
    pub error: Option<f64>,
}

impl ClosedForm {
    /// P has mass where Q has none.
    pub const INFINITE: Self =
        Self { mean: f64::INFINITY, variance: None, source: ClosedFormSource::ClosedForm, error: None };

    /// Both are finite, or too large for a double.
    pub fn finite(mean: f64, variance: f64) -> Self {
        Self { mean, variance: Some(variance), ..Self::INFINITE }
    }

    /// Whether D is a hundred standard deviations or more from 0.
    pub fn is_far(self) -> bool {
        self.variance.is_some_and(|variance| self.mean * self.mean > 1e4 * variance)
    }

    /// D and V of X plus a constant.
    #[must_use]
    pub(in crate::distribution) fn shifted(self, more: f64) -> Self {
        Self { mean: self.mean + more, ..self }
    }

    /// The sum of `count` independent ones.
    #[must_use]
    pub fn times(self, count: f64) -> Self {
        let variance = self.variance.map(|variance| count * variance);
        Self { mean: count * self.mean, variance, ..self }
    }
}
