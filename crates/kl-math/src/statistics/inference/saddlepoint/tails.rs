//! The formula of Lugannani and Rice.

use crate::divergence::CumulantFunction;
use crate::law::Normal;

/// How much the next term of the expansion may be. Of a sum of gamma numbers, whose tails the formula has nearly exactly, it is −1/12
/// over the shape.
const NEXT_TERM: f64 = 0.05;

/// Within this many standard deviations of the mean 1/u − 1/w is extrapolated. There u and w are right to some 1e-10 of
/// themselves, mostly the error of K″ as a difference, and so is the difference to 1e-7; that it is no straight line between
/// here and twice this matters to less than 1e-5 of its size.
const NEAR: f64 = 2e-3;

/// Independent terms of a sum, some of them of one law and some of another, each about its own mean.
pub(in crate::statistics::inference) struct Terms<'a> {
    parts: Vec<(f64, &'a dyn CumulantFunction)>,
    span: Option<f64>,
}

impl<'a> Terms<'a> {
    /// `count` copies of one.
    pub(in crate::statistics::inference) fn of(cumulants: &'a dyn CumulantFunction, count: f64) -> Self {
        Self { parts: vec![(count, cumulants)], span: cumulants.span() }
    }

    /// Copies of several, on a lattice of this span.
    pub(in crate::statistics::inference) fn of_parts(
        mut parts: Vec<(f64, &'a dyn CumulantFunction)>,
        span: Option<f64>,
    ) -> Self {
        parts.retain(|(count, one)| *count > 0.0 && one.variance() > 0.0);
        Self { parts, span }
    }

    fn sum(&self, of_one: impl Fn(&dyn CumulantFunction) -> f64) -> f64 {
        self.parts.iter().map(|(count, one)| count * of_one(*one)).sum()
    }

    pub(in crate::statistics::inference) fn value(&self, s: f64) -> f64 {
        self.sum(|one| one.value(s))
    }

    pub(in crate::statistics::inference) fn slope(&self, s: f64) -> f64 {
        self.sum(|one| one.slope(s))
    }

    pub(in crate::statistics::inference) fn curvature(&self, s: f64) -> f64 {
        self.sum(|one| one.curvature(s))
    }

    pub(in crate::statistics::inference) fn variance(&self) -> f64 {
        self.sum(|one| one.variance())
    }

    fn end_of_domain(&self, upper: bool) -> f64 {
        self.parts.iter().map(|(_, one)| one.end_of_domain(upper)).fold(f64::INFINITY, f64::min)
    }

    /// λ₄/8 − 5λ₃²/24 after tilting by s: what the density's expansion goes on with.
    pub(in crate::statistics::inference) fn next_term(&self, s: f64) -> f64 {
        let (mut variance, mut third, mut fourth) = (0.0, 0.0, 0.0);
        for &(count, one) in &self.parts {
            let square = one.curvature(s);
            if square > 0.0 {
                let (skewness, kurtosis) = one.shape(s);
                variance += count * square;
                third += count * skewness * square * square.sqrt();
                fourth += count * kurtosis * square * square;
            }
        }
        let cube = third * third / (variance * variance * variance);
        fourth / (variance * variance) / 8.0 - 5.0 / 24.0 * cube
    }

    /// The s at which the tilted mean is `mean`: by Newton's steps, and by halves where these would leave the interval that is known
    /// to hold it; `start` is near it, or 0. None beyond the domain.
    pub(in crate::statistics::inference) fn tilt(&self, mean: f64, start: f64) -> Option<f64> {
        const STEPS: usize = 60;
        const SETTLED: f64 = 1e-13;
        const UNSETTLED: f64 = 1e-9;
        let end = self.end_of_domain(mean > 0.0).copysign(mean);
        let (mut near, mut far) = (0.0, end);
        let mut s = if start * mean > 0.0 { start } else { mean / self.variance() };
        for _ in 0..STEPS {
            if s.abs() >= far.abs() {
                s = 0.5 * (near + far);
            }
            let slope = self.slope(s);
            if slope.abs() < mean.abs() {
                near = s
            } else {
                far = s
            }
            let step = (mean - slope) / self.curvature(s);
            let next = s + step;
            let is_inside = next.abs() > near.abs() && next.abs() < far.abs() && next * mean > 0.0;
            if step.abs() <= SETTLED * s.abs() {
                return Some(s);
            }
            s = if is_inside { next } else { 0.5 * (near + far) };
        }
        // Rounding may keep steps from settling. Beyond the reach of K′ there is no answer.
        ((self.slope(s) - mean).abs() <= UNSETTLED * mean.abs()).then_some(s)
    }

    /// 1/u − 1/w and w at s ≠ 0, as seen in the direction of s.
    fn difference(&self, s: f64) -> (f64, f64) {
        let w = (2.0 * (s * self.slope(s) - self.value(s))).sqrt();
        let u = s.abs() * self.curvature(s).sqrt();
        (1.0 / u - 1.0 / w, w)
    }
}

/// The tails of the sum beyond `deviation` in its own direction and in the other one, each with the atom there, if there is one;
/// none where the approximation is no good.
pub(in crate::statistics::inference) fn tails(terms: &Terms<'_>, deviation: f64) -> Option<[f64; 2]> {
    let std_dev = terms.variance().sqrt();
    let standardised = deviation.abs() / std_dev;
    if terms.end_of_domain(deviation >= 0.0) == 0.0 {
        return None;
    }
    let (s, w, difference) = if standardised < NEAR {
        let at = |steps: f64| terms.difference((steps * NEAR / std_dev).copysign(deviation)).0;
        let (one, two) = (at(1.0), at(2.0));
        let difference = one + (standardised / NEAR - 1.0) * (two - one);
        // w = z (1 − z λ₃/6), and λ₃/6 is −(1/u − 1/w) at 0.
        (deviation / terms.variance(), standardised * (1.0 + standardised * difference), difference)
    } else {
        let s = terms.tilt(deviation, 0.0)?;
        let (difference, w) = terms.difference(s);
        (s, w, difference)
    };
    let is_near = terms.next_term(s).abs() <= NEXT_TERM;
    if !is_near {
        return None;
    }
    let normal = Normal::new(0.0, 1.0);
    let density = libm::exp(-0.5 * w * w) * FRAC_1_SQRT_TAU;
    let [mut outer, mut inner] =
        [normal.upper_tail(w) + density * difference, normal.lower_tail(w) - density * difference];
    if let Some(span) = terms.span {
        let atom = density * span / terms.curvature(s).sqrt();
        let share = outer_share(span * s.abs());
        outer += atom * share;
        inner += atom * (1.0 - share);
    }
    Some([outer, inner])
}

/// 1/√(2π).
const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// 1/(1 − e^−y) − 1/y, y ≥ 0: the part of an atom that the tail has beyond what the continuous formula counts.
fn outer_share(y: f64) -> f64 {
    /// Below this the next term of the series, y⁵/30240, is less than an ulp.
    const SERIES: f64 = 1e-2;
    if y < SERIES { 0.5 + y / 12.0 * (1.0 - y * y / 60.0) } else { -1.0 / libm::expm1(-y) - 1.0 / y }
}
