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

    /// The skewness and the excess kurtosis of Y after tilting by e^{sY}; by differences of slopes unless a function knows
    /// better. NaN where these leave the domain.
    fn shape(&self, s: f64) -> (f64, f64) {
        const STEP: f64 = 0.02;
        let variance = self.curvature(s);
        let step = STEP / variance.sqrt();
        let slope = |steps: f64| self.slope(s + steps * step);
        let third = (slope(1.0) - 2.0 * slope(0.0) + slope(-1.0)) / (step * step);
        let fourth = (slope(2.0) - 2.0 * slope(1.0) + 2.0 * slope(-1.0) - slope(-2.0)) / (2.0 * step * step * step);
        (third / (variance * variance.sqrt()), fourth / (variance * variance))
    }

    /// Mass and value of every value of Y, if they are few enough to be known one by one.
    fn values(&self) -> Option<&[(f64, f64)]> {
        None
    }

    /// Mass and value of points that stand for the law of Y.
    fn points(&self) -> Option<&[(f64, f64)]> {
        self.values()
    }

    /// The span of the lattice that Y lies on: the largest number of which all distances of its values are whole multiples,
    /// no more than some hundred times; none if there is no such number.
    fn span(&self) -> Option<f64> {
        None
    }

    /// Whether e^{sY²} has a mean for some s > 0: Y is bounded, or its tails are those of a normal law.
    fn has_exponential_squares(&self) -> bool {
        false
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
