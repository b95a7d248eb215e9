//! The cumulant generating function of a centred variable.

/// K(s) = ln E\[e^{sY}\] of a variable Y with E\[Y\] = 0.
///
/// The zero mean is used, not computed, so that K keeps its digits where s is small: that is where the bounds of many
/// trials live.
pub trait CumulantFunction: std::fmt::Debug + Send + Sync {
    /// K(s); +∞ where the exponential has no mean.
    fn value(&self, s: f64) -> f64;

    /// K′(s), the mean of Y after tilting by e^{sY}; it rises with s.
    fn slope(&self, s: f64) -> f64;

    /// K″(0).
    fn variance(&self) -> f64;

    /// K″(s), the variance of Y after tilting by e^{sY}; by a difference of slopes unless a function knows better.
    fn curvature(&self, s: f64) -> f64 {
        const STEP: f64 = 1e-5;
        let unit = if s == 0.0 { 1.0 / self.variance().sqrt() } else { s.abs() };
        let step = STEP * unit;
        (self.slope(s + step) - self.slope(s - step)) / (2.0 * step)
    }

    /// The end of the domain of K above or below 0, as a distance from 0: beyond it K is infinite, or a bound gains nothing. 0 if K
    /// is infinite on that side.
    fn end_of_domain(&self, upper: bool) -> f64;

    /// The size of the values that Y is computed from, for what rounding may do.
    fn scale(&self) -> f64;

    /// Whether a value takes milliseconds: then tilts are found less finely, which costs a little power and no truth.
    fn is_costly(&self) -> bool {
        false
    }

    /// A bound of the chance of all values that K leaves out: 0 unless tails were cut off.
    fn left_out(&self) -> f64 {
        0.0
    }
}
