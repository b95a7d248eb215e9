//! The law of a squared deviation from the density of a mean.

use crate::divergence::{CumulantFunction, FiniteCumulants};
use crate::law::Binomial;
use crate::numeric::DoubleDouble;
use crate::statistics::inference::saddlepoint::{Split, Terms};

/// The logarithm of the density by which it has fallen from the middle where it is cut off.
const CUT: f64 = 80.0;

/// How much of that tilts may take back.
const LEFT: f64 = 16.0;

/// K of g² − 1, where g is a mean of independent terms, standardised, from points with masses that stand for its law.
///
/// The points have the first moments of g exactly: E\[g²\] = 1 and E\[g⁴\].
#[derive(Clone, Debug)]
pub(super) struct SquareOfMean {
    squares: FiniteCumulants,
    /// Tilts end here: beyond they would show where the density is cut off.
    upper_end: f64,
}

impl SquareOfMean {
    /// From K of one of `count` terms about its mean, and E\[g⁴\]; none where the density is not known well enough.
    pub(super) fn of(cumulants: &dyn CumulantFunction, count: f64, fourth_moment: f64) -> Option<Self> {
        let std_dev = (count * cumulants.variance()).sqrt();
        let skewness = cumulants.shape(0.0).0 / count.sqrt();
        let points = match cumulants.points() {
            Some(points) if count == 1.0 => {
                points.iter().map(|&(mass, value)| Point { mass, place: value / std_dev }).collect()
            }
            _ => points(cumulants, count, std_dev)?,
        };
        let points = with_moments(points, [1.0, 0.0, 1.0, skewness, fourth_moment])?;
        let farthest = points.iter().map(|point| point.place.abs()).fold(0.0, f64::max);
        let squares = points.into_iter().map(|Point { mass, place }| (mass, place * place - 1.0)).collect();
        let upper_end = if cumulants.has_exponential_squares() { (CUT - LEFT) / (farthest * farthest) } else { 0.0 };
        Some(Self { squares: FiniteCumulants::of_continuum(squares), upper_end })
    }
}

impl CumulantFunction for SquareOfMean {
    fn value(&self, s: f64) -> f64 {
        self.squares.value(s)
    }

    fn slope(&self, s: f64) -> f64 {
        self.squares.slope(s)
    }

    fn curvature(&self, s: f64) -> f64 {
        self.squares.curvature(s)
    }

    fn shape(&self, s: f64) -> (f64, f64) {
        self.squares.shape(s)
    }

    fn variance(&self) -> f64 {
        self.squares.variance()
    }

    fn end_of_domain(&self, upper: bool) -> f64 {
        if upper { self.upper_end } else { self.squares.end_of_domain(false) }
    }

    fn scale(&self) -> f64 {
        self.squares.scale()
    }
}

/// A value of g, and the mass that it stands for.
#[derive(Clone, Copy, Debug)]
struct Point {
    mass: f64,
    place: f64,
}

/// Points of the law of g: where rare values make steps, of each of their counts.
fn points(cumulants: &dyn CumulantFunction, count: f64, std_dev: f64) -> Option<Vec<Point>> {
    /// Counts that are less probable are left out.
    const NEGLIGIBLE: f64 = 1e-12;
    let Some(Split { far, rest }) = cumulants.values().and_then(|values| Split::of(values, count)) else {
        return density(&Terms::of(cumulants, count), 1.0, 0.0, std_dev);
    };
    let law =
        Binomial::new(count as u64, DoubleDouble::from(far.mass), DoubleDouble::ONE - DoubleDouble::from(far.mass));
    let (far, rest) = ((far.mean, far.about_mean()), (rest.mean, rest.about_mean()));
    let mut all = Vec::new();
    for steps in 0..=count as u64 {
        let (chance, steps) = (law.mass(steps), steps as f64);
        if chance < NEGLIGIBLE && steps > law.mean() {
            break;
        }
        let others = count - steps;
        let parts = Terms::of_parts(vec![(others, &rest.1), (steps, &far.1)], None);
        all.extend(density(&parts, chance, steps * far.0 + others * rest.0, std_dev)?);
    }
    Some(all)
}

/// Points of the law of a sum about `centre`, of mass `whole`, by the saddlepoint density √(1/(2πK″(ŝ))) e^(K(ŝ) − ŝy), at
/// distances from the centre that grow with it, so that a trapezoid sum is good to many digits.
fn density(terms: &Terms<'_>, whole: f64, centre: f64, std_dev: f64) -> Option<Vec<Point>> {
    const STEP: f64 = 0.125;
    const STEPS: u32 = 80;
    /// By how much the next term of the density may change over the middle of the law.
    const CHANGE: f64 = 0.05;
    let own = terms.variance().sqrt();
    let point = |s: f64, distance: f64, width: f64| {
        let log = terms.value(s) - s * distance * own;
        (
            log,
            Point {
                mass: width * own * libm::exp(log) / terms.curvature(s).sqrt(),
                place: (centre + distance * own) / std_dev,
            },
        )
    };
    let mut points = vec![point(0.0, 0.0, STEP).1];
    let mut next_terms = vec![terms.next_term(0.0)];
    for sign in [1.0, -1.0] {
        let mut s = 0.0;
        for step in 1..=STEPS {
            let half = 0.5 * STEP * f64::from(step);
            let (distance, width) = (sign * 2.0 * libm::sinh(half), STEP * libm::cosh(half));
            let Some(tilt) = terms.tilt(distance * own, s) else { break };
            s = tilt;
            let (log, found) = point(s, distance, width);
            points.push(found);
            if step == 12 {
                next_terms.push(terms.next_term(s));
            }
            if log < -CUT {
                break;
            }
        }
    }
    let change = next_terms.iter().fold(0.0f64, |change, term| change.max((term - next_terms[0]).abs()));
    let has_settled = change <= CHANGE;
    if !has_settled {
        return None;
    }
    let sum: f64 = points.iter().map(|point| point.mass).sum();
    points.iter_mut().for_each(|point| point.mass *= whole / sum);
    Some(points)
}

/// The points with masses multiplied by a smooth function near 1, so that they have these moments, from the zeroth to the fourth;
/// none where it is not near 1.
fn with_moments(mut points: Vec<Point>, moments: [f64; 5]) -> Option<Vec<Point>> {
    const FAR: f64 = 6.0;
    const MOST: f64 = 0.5;
    let basis = |place: f64| {
        let damped = 1.0 + place * place / (FAR * FAR);
        let mut power = 1.0 / (damped * damped);
        std::array::from_fn::<f64, 5, _>(|_| {
            let this = power;
            power *= place;
            this
        })
    };
    let mut rows = [[0.0; 6]; 5];
    for &Point { mass, place } in &points {
        let mut power = mass;
        for row in &mut rows {
            row.iter_mut().zip(basis(place)).for_each(|(cell, term)| *cell += power * term);
            row[5] -= power;
            power *= place;
        }
    }
    rows.iter_mut().zip(moments).for_each(|(row, moment)| row[5] += moment);
    let factors = solve(rows)?;
    for point in &mut points {
        let more: f64 = basis(point.place).iter().zip(factors).map(|(term, factor)| term * factor).sum();
        let is_small = more.abs() <= MOST;
        if !is_small {
            return None;
        }
        point.mass *= 1.0 + more;
    }
    Some(points)
}

/// The solution of five linear equations, by elimination; none if they have no single one.
fn solve(mut rows: [[f64; 6]; 5]) -> Option<[f64; 5]> {
    for place in 0..5 {
        let pivot = (place..5).max_by(|&a, &b| rows[a][place].abs().total_cmp(&rows[b][place].abs()))?;
        rows.swap(place, pivot);
        let top = rows[place];
        if top[place] == 0.0 {
            return None;
        }
        for (other, row) in rows.iter_mut().enumerate() {
            if other != place {
                let factor = row[place] / top[place];
                row.iter_mut().zip(top).for_each(|(cell, above)| *cell -= factor * above);
            }
        }
    }
    Some(std::array::from_fn(|place| rows[place][5] / rows[place][place]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::LogRatioForm;
    use crate::divergence::FormCumulants;

    /// The saddlepoint density of a gamma law is its own but for a factor.
    #[test]
    fn the_points_of_a_gamma_law_have_its_moments() {
        let count: f64 = 40.0;
        let exponential = FormCumulants::of(&LogRatioForm::Exponential { constant: 0.0, slope: 1.0 });
        let points = density(&Terms::of(&exponential, count), 0.5, 0.0, count.sqrt()).unwrap();
        let mean = |of: &dyn Fn(f64) -> f64| points.iter().map(|point| point.mass * of(point.place)).sum::<f64>();
        // Skewness and kurtosis of the gamma law of shape 40 are 2/√40 and 3 + 6/40; the last value is from mpmath's quadrature
        // of its density at 30 digits.
        let cases: [(&dyn Fn(f64) -> f64, f64); 6] = [
            (&|_| 1.0, 1.0),
            (&|g| g, 0.0),
            (&|g| g * g, 1.0),
            (&|g| g * g * g, 2.0 / count.sqrt()),
            (&|g| g * g * g * g, 3.15),
            (&|g| libm::exp(-g * g), 0.578_608_845_641_810_7),
        ];
        for (place, (of, expected)) in cases.into_iter().enumerate() {
            let found = mean(of) / 0.5;
            assert!((found - expected).abs() < 1e-10, "{place}: {found} {expected}");
        }
    }
}
