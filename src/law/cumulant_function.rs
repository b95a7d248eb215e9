//! The cumulant generating function of a centred variable with finitely many values.

use crate::numeric::exp_excess;

/// K(s) = ln E\[e^{sY}\] of a variable Y with E\[Y\] = 0, which takes finitely many values.
///
/// The zero mean is used, not computed: with it E\[e^{sY}\] = 1 + Σ p φ(sy), φ(z) = eᶻ − 1 − z ≥ 0, so that
/// K keeps all its digits where s is small, which is where the bounds of many trials live.
///
/// ```
/// use kl_runner::law::CumulantFunction;
/// // Y = ±1 with equal chances: K(s) = ln cosh s.
/// let k = CumulantFunction::new(vec![(0.5, 1.0), (0.5, -1.0)]);
/// assert!((k.value(1e-9) / 0.5e-18 - 1.0).abs() < 1e-12);
/// assert!((k.slope(1.0) - 0.761_594_155_955_764_9).abs() < 1e-15);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CumulantFunction {
    /// Mass and value, the masses positive.
    terms: Vec<(f64, f64)>,
    largest: f64,
    smallest: f64,
}

impl CumulantFunction {
    /// The function of a variable with these (mass, value) pairs; masses of zero are left out.
    pub fn new(mut terms: Vec<(f64, f64)>) -> Self {
        terms.retain(|&(mass, _)| mass > 0.0);
        let largest = terms.iter().map(|&(_, value)| value).fold(f64::NEG_INFINITY, f64::max);
        let smallest = terms.iter().map(|&(_, value)| value).fold(f64::INFINITY, f64::min);
        Self { terms, largest, smallest }
    }

    /// K(s).
    pub fn value(&self, s: f64) -> f64 {
        let top = self.top(s);
        if top < 500.0 {
            return libm::log1p(self.terms.iter().map(|&(mass, y)| mass * exp_excess(s * y)).sum());
        }
        top + libm::log(self.terms.iter().map(|&(mass, y)| mass * libm::exp(s * y - top)).sum())
    }

    /// K′(s), the mean of Y after tilting by e^{sY}: it rises from the smallest value to the largest.
    pub fn slope(&self, s: f64) -> f64 {
        let top = self.top(s);
        let sums = if top < 500.0 {
            self.terms.iter().fold((0.0, 1.0), |(above, below), &(mass, y)| {
                (above + mass * y * libm::expm1(s * y), below + mass * exp_excess(s * y))
            })
        } else {
            self.terms.iter().fold((0.0, 0.0), |(above, below), &(mass, y)| {
                let weight = mass * libm::exp(s * y - top);
                (above + weight * y, below + weight)
            })
        };
        sums.0 / sums.1
    }

    /// K″(s), the variance of Y after tilting by e^{sY}.
    pub fn curvature(&self, s: f64) -> f64 {
        let (top, slope) = (self.top(s), self.slope(s));
        let (above, below) = self.terms.iter().fold((0.0, 0.0), |(above, below), &(mass, y)| {
            let weight = mass * libm::exp(s * y - top);
            (above + weight * (y - slope) * (y - slope), below + weight)
        });
        above / below
    }

    /// K″(0).
    pub fn variance(&self) -> f64 {
        self.terms.iter().map(|&(mass, y)| mass * y * y).sum()
    }

    /// The largest value of Y, or the smallest, and its mass.
    pub fn extreme(&self, upper: bool) -> (f64, f64) {
        let value = if upper { self.largest } else { self.smallest };
        (value, self.terms.iter().filter(|&&(_, y)| y == value).map(|&(mass, _)| mass).sum())
    }

    /// A function that is nowhere smaller, of a variable with at most `count` values.
    ///
    /// Each value is split between the two nearest of `count` evenly spaced ones so that its mean stays:
    /// every exponential is convex, so its mean can only grow (Jensen).
    #[must_use]
    pub fn spread_onto(&self, count: usize) -> Self {
        let width = (self.largest - self.smallest) / (count - 1) as f64;
        if self.terms.len() <= count || width <= 0.0 {
            return self.clone();
        }
        let mut masses = vec![0.0; count];
        for &(mass, value) in &self.terms {
            let place = (value - self.smallest) / width;
            let below = (place as usize).min(count - 2);
            let share = (place - below as f64).clamp(0.0, 1.0);
            masses[below] += mass * (1.0 - share);
            masses[below + 1] += mass * share;
        }
        let value = |place: usize| if place + 1 == count { self.largest } else { self.smallest + place as f64 * width };
        Self::new(masses.into_iter().enumerate().map(|(place, mass)| (mass, value(place))).collect())
    }

    fn top(&self, s: f64) -> f64 {
        if s >= 0.0 { s * self.largest } else { s * self.smallest }
    }
}
