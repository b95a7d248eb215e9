//! A smooth function that takes long, from few of its values.

use std::f64::consts::PI;

/// ln E\[e^{x g}\] of a g with mean 0 and variance 1, for |x| up to a bound, within 4e-11 x² and never below.
///
/// What is interpolated is its ratio to x², which is near ½ and smooth, at the roots of a Chebyshev polynomial; that they are
/// enough is taken from how little the coefficients change when there are twice as many.
#[derive(Clone, Debug)]
pub(super) struct Interpolated {
    reach: f64,
    coefficients: Vec<f64>,
}

/// How far the ratio may be off.
const ROOM: f64 = 1e-11;

impl Interpolated {
    /// Of a function that is finite on \[−reach, reach\]; none where it is not smooth enough.
    pub(super) fn new(f: impl Fn(f64) -> f64, reach: f64) -> Option<Self> {
        const FIRST: usize = 32;
        const LAST: usize = 256;
        let ratio = &|x: f64| f(reach * x) / (reach * x * reach * x);
        let mut found = Self { reach, coefficients: coefficients(FIRST, ratio) };
        let mut size = FIRST;
        while size < LAST {
            size *= 2;
            let finer = coefficients(size, ratio);
            let change: f64 = finer.iter().enumerate().fold(0.0, |sum, (place, finer)| {
                sum + (finer - found.coefficients.get(place).copied().unwrap_or(0.0)).abs()
            });
            found.coefficients = finer;
            // A series that falls as it should leaves out less than it last added.
            if change <= ROOM {
                return Some(found);
            }
        }
        None
    }

    /// An upper bound of the function at `x`; none beyond the bound of |x|.
    pub(super) fn value(&self, x: f64) -> Option<f64> {
        if x.abs() > self.reach {
            return None;
        }
        // Clenshaw's recurrence.
        let t = x / self.reach;
        let (mut next, mut after) = (0.0, 0.0);
        for coefficient in self.coefficients.iter().skip(1).rev() {
            (next, after) = (coefficient + 2.0 * t * next - after, next);
        }
        let ratio = self.coefficients.first().copied().unwrap_or(0.0) + t * next - after;
        Some((ratio + 2.0 * ROOM) * x * x)
    }
}

/// The Chebyshev coefficients of the polynomial through the values at the roots of the polynomial of degree `size`, which is
/// even: at 0 the ratio would be 0/0.
fn coefficients(size: usize, ratio: impl Fn(f64) -> f64) -> Vec<f64> {
    let angle = |place: usize| PI * (place as f64 + 0.5) / size as f64;
    let values: Vec<f64> = (0..size).map(|place| ratio(libm::cos(angle(place)))).collect();
    let coefficient = |degree: usize| {
        let terms = values.iter().enumerate().map(|(place, value)| value * libm::cos(degree as f64 * angle(place)));
        let scale = if degree == 0 { 1.0 } else { 2.0 };
        scale * terms.sum::<f64>() / size as f64
    };
    (0..size).map(coefficient).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln E[e^{xg}] of a Poisson number of mean 1000, standardised: never above what is found, and hardly below.
    #[test]
    fn a_smooth_function_is_met_from_above() {
        let f = |x: f64| 1e3 * crate::numeric::exp_excess(x / 1e3f64.sqrt());
        let found = Interpolated::new(f, 24.0).unwrap();
        for step in -240..=240 {
            let x = f64::from(step) / 10.0;
            let excess = found.value(x).unwrap() - f(x);
            assert!((0.0..=4e-11 * x * x + 1e-300).contains(&excess), "{x}: {excess:e}");
        }
        assert_eq!(found.value(24.1), None);
    }

    #[test]
    fn a_function_with_a_kink_is_left_alone() {
        assert!(Interpolated::new(|x: f64| 0.5 * x * x * (1.0 + (x - 3.0).abs()), 24.0).is_none());
    }
}
