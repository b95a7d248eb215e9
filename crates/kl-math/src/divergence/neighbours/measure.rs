//! One measure of a pair, or why there is none.

/// A measure of P and Q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Nats, or a plain number.
    pub value: f64,
    /// How far it may be off at most; none for a formula and for sums over symbols, which have the digits of a double.
    pub error: Option<f64>,
}

/// Why a measure is not computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Absent {
    /// Each symbol depends on the one before.
    #[error("not of chains")]
    Memory,
    /// A chain may end up in one of several classes.
    #[error("no single rate")]
    Classes,
    /// Vectors or shares.
    #[error("not of vectors")]
    Vectors,
    /// More counts than are summed.
    #[error("too many counts")]
    TooWide,
    /// No quadrature, or no sum, converges.
    #[error("no integral")]
    Unsettled,
    /// Whether it is finite is not known.
    #[error("unknown tails")]
    Tails,
    /// Finite, and more than a double holds.
    #[error("too large")]
    TooLarge,
    /// The order of a Rényi divergence is not a positive number.
    #[error("no such order")]
    Order,
}

impl Measure {
    /// A number with the digits of a double.
    pub(super) const fn exact(value: f64) -> Self {
        Self { value, error: None }
    }

    /// A number that rounding may put off by `rounding`, which is no error where it is a few ulp.
    pub(super) fn rounded(value: f64, rounding: f64) -> Self {
        /// A part of the value.
        const DIGITS: f64 = 5e-14;
        let is_exact = value.is_infinite() || rounding <= DIGITS * value.abs();
        Self { value, error: (!is_exact).then_some(rounding) }
    }

    /// An infinite one, decided by supports and tails.
    pub(super) const INFINITE: Self = Self::exact(f64::INFINITY);
}
