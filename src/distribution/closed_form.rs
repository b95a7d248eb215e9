//! What a closed form says of the log ratio.

/// Mean and variance of X = ln(p(x)/q(x)) for one x ~ P, in nats and nats².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosedForm {
    /// D = KL(P‖Q): infinite where P has mass and Q has none.
    pub mean: f64,
    /// V; none where D is infinite.
    pub variance: Option<f64>,
}

impl ClosedForm {
    /// P has mass where Q has none.
    pub const INFINITE: Self = Self { mean: f64::INFINITY, variance: None };

    /// Both are finite, or too large for a double.
    pub fn finite(mean: f64, variance: f64) -> Self {
        Self { mean, variance: Some(variance) }
    }

    /// The sum of `count` independent ones.
    #[must_use]
    pub fn times(self, count: f64) -> Self {
        Self { mean: count * self.mean, variance: self.variance.map(|variance| count * variance) }
    }
}
