//! Estimates from distances between numbers or vectors.

use super::estimate::{DataEstimate, ErrorMethod, Lack};
use super::resampled::Spread;
use crate::estimator::{name_with, nearest_neighbour_estimate};
use crate::simulation::StreamKey;
use kl_math::numeric::{KdTree, digamma, log_gamma};
use kl_math::statistics::student_quantile;
use rand::Rng;

/// Values from P, and what is known of Q.
#[derive(Clone, Copy, Debug)]
pub struct NearestData<'a> {
    /// The coordinates of the values from P, `dimensions` of each.
    pub source: &'a [f64],
    /// The coordinates of values from Q, or ln q at each of the values from P.
    pub model: ModelValues<'a>,
    /// The number of coordinates of a value.
    pub dimensions: usize,
}

/// Q, by a sample or by its density.
#[derive(Clone, Copy, Debug)]
pub enum ModelValues<'a> {
    /// The coordinates of values.
    Sample(&'a [f64]),
    /// ln q of each value from P.
    LogDensity(&'a [f64]),
}

/// The smallest part that the spread of estimates is had from.
const LEAST_PART: usize = 10;

/// The parts of the data, and how often the data are divided anew.
const MOST_PARTS: usize = 20;
const DIVISIONS: u64 = 5;

/// Estimates KL(P‖Q) from the distances to the `k`th nearest neighbours, in nats.
///
/// With a sample from Q it is [`nearest_neighbour_estimate`]; with the density q it is −Ĥ − (1/n) Σ ln q(xᵢ), Ĥ the entropy of
/// Kozachenko and Leonenko (1987): ψ(n) − ψ(k) + ln c + (d/n) Σ ln ρₖ(i), c the volume of the unit ball in d dimensions.
///
/// The plain bootstrap draws values twice, and their distance is 0. So the data are divided at random into b disjoint parts of at least
/// 10 values and 4(k+1); estimates from the parts are independent, and their variance is b times that of all: it falls as one over the
/// size. The standard error is had from five such divisions. Its interval is estimate ± t se with b − 1 degrees of freedom, and knows
/// nothing of the bias.
///
/// ```
/// use kl_sim::data::{ModelValues, NearestData, estimate_nearest};
/// let (p, q) = ([0.0, 1.0, 3.0], [0.5, 4.0]);
/// let data = NearestData { source: &p, model: ModelValues::Sample(&q), dimensions: 1 };
/// let found = estimate_nearest(&data, 1, 0.95, 57);
/// assert!((found.estimate.unwrap() + std::f64::consts::LN_2).abs() < 1e-15);
/// assert_eq!(found.std_error, None);
/// ```
pub fn estimate_nearest(data: &NearestData<'_>, k: usize, level: f64, seed: u64) -> DataEstimate {
    let settings = (k > 1).then_some(("k", k as f64));
    let name = match data.model {
        ModelValues::Sample(_) => name_with("knn", settings),
        ModelValues::LogDensity(_) => name_with("knn_entropy", settings),
    };
    let [n, m] = data.sizes();
    let estimate = data.estimate(k);
    let found = DataEstimate::new(name, estimate);
    if n <= k || m < k {
        return found.lacking(Lack::TooFew);
    }
    if estimate.is_none() {
        return found.lacking(Lack::Coincide);
    }
    let parts = MOST_PARTS.min(n.min(m) / LEAST_PART.max(4 * (k + 1)));
    if parts < 2 {
        return found.lacking(Lack::TooFew);
    }
    match data.variance_of_parts(k, parts, seed) {
        Some(variance) => {
            let quantile = student_quantile(0.5 * (1.0 - level), parts as f64 - 1.0);
            found.with_std_error((variance / parts as f64).sqrt(), ErrorMethod::Parts, quantile)
        }
        None => found.lacking(Lack::Coincide),
    }
}

impl NearestData<'_> {
    /// The number of values from P, and of those that Q is known by.
    fn sizes(&self) -> [usize; 2] {
        let of = |values: &[f64]| values.len() / self.dimensions;
        let model = match self.model {
            ModelValues::Sample(model) => of(model),
            ModelValues::LogDensity(logs) => logs.len(),
        };
        [of(self.source), model]
    }

    fn estimate(&self, k: usize) -> Option<f64> {
        match self.model {
            ModelValues::Sample(model) => nearest_neighbour_estimate(self.source, model, self.dimensions, k),
            ModelValues::LogDensity(logs) => {
                let sum: f64 = logs.iter().sum();
                if sum == f64::NEG_INFINITY {
                    return Some(f64::INFINITY);
                }
                let mean = sum / logs.len() as f64;
                Some(-entropy(self.source, self.dimensions, k)? - mean).filter(|estimate| estimate.is_finite())
            }
        }
    }

    /// The mean variance of estimates from disjoint parts; none if two values coincide within one.
    fn variance_of_parts(&self, k: usize, parts: usize, seed: u64) -> Option<f64> {
        let sizes = self.sizes();
        let key = StreamKey::of_resamples(seed, "parts", k as u64, &[sizes[0] as u64, sizes[1] as u64, parts as u64]);
        let mut variances = Spread::default();
        for division in 0..DIVISIONS {
            let mut stream = key.stream(division);
            let [source_order, model_order] = sizes.map(|size| shuffled(size, &mut stream));
            let mut estimates = Spread::default();
            for part in 0..parts {
                let pick = |order: &[usize], values: &[f64], width: usize| -> Vec<f64> {
                    let size = order.len() / parts;
                    let places = order.iter().skip(part * size).take(size);
                    places.flat_map(|&place| values.iter().skip(place * width).take(width).copied()).collect()
                };
                let source = pick(&source_order, self.source, self.dimensions);
                let model = match self.model {
                    ModelValues::Sample(model) => pick(&model_order, model, self.dimensions),
                    ModelValues::LogDensity(logs) => pick(&source_order, logs, 1),
                };
                let model = match self.model {
                    ModelValues::Sample(_) => ModelValues::Sample(&model),
                    ModelValues::LogDensity(_) => ModelValues::LogDensity(&model),
                };
                estimates.push(NearestData { source: &source, model, ..*self }.estimate(k)?);
            }
            let (_, std_dev) = estimates.moments()?;
            variances.push(std_dev * std_dev);
        }
        variances.moments().map(|(mean, _)| mean)
    }
}

/// The entropy in nats, from the distances to the `k`th nearest of the others.
fn entropy(values: &[f64], dimensions: usize, k: usize) -> Option<f64> {
    let (n, d) = (values.len() / dimensions, dimensions as f64);
    let near = KdTree::new(dimensions, values);
    let mut sum = 0.0;
    for (place, value) in values.chunks_exact(dimensions).enumerate() {
        sum += libm::log(near.distance(value, k, Some(place))?);
    }
    let ball = 0.5 * d * libm::log(std::f64::consts::PI) - log_gamma(0.5 * d + 1.0);
    Some(digamma(n as f64) - digamma(k as f64) + ball + d * (sum / n as f64)).filter(|entropy| entropy.is_finite())
}

/// The places 0 … size − 1 in random order (Fisher and Yates).
fn shuffled(size: usize, stream: &mut impl Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..size).collect();
    for last in (1..size).rev() {
        // The product's high word is uniform to 2⁻⁶⁴ times the size.
        let place = ((u128::from(stream.next_u64()) * (last as u128 + 1)) >> 64) as usize;
        order.swap(last, place);
    }
    order
}
