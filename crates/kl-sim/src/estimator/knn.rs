//! From distances between values: nothing is known of P and Q but samples.

use super::{
    Batch, Cost, Detail, Estimator, EstimatorKind, ScoredTrial, Scorer, Setting, SettingForm, Settings, Theory,
    name_with,
};
use kl_math::distribution::{Distribution, Pair, Space};
use kl_math::divergence::Cumulants;
use kl_math::law::Bins;
use kl_math::numeric::KdTree;
use std::sync::Arc;

/// (d/n) Σᵢ ln(νₖ(i)/ρₖ(i)) + ln(m/(n−1)), nats, over the n values of a sequence from P and m values from Q, in d dimensions
/// (Wang, Kulkarni and Verdú 2009, "Divergence estimation for multidimensional densities via k-nearest-neighbor distances").
///
/// ρₖ(i) is the distance of value i from the kth nearest of the other n−1, νₖ(i) from the kth nearest of the m. It tends to
/// KL(P‖Q) as n and m grow, and slowly where d is large. For densities on the line, over vectors and over shares, of
/// which all but the last are coordinates. Nothing exact is known of its mean or variance, so its rows are untested.
///
/// ```
/// use kl_sim::estimator::{Estimator, NearestNeighbours};
/// assert_eq!(NearestNeighbours::new(5, Some(1_000)).name(), "knn(k=5; M=1000)");
/// assert_eq!(NearestNeighbours::new(1, None).model_draws(50), Some(50));
/// ```
#[derive(Clone, Debug)]
pub struct NearestNeighbours {
    name: String,
    k: usize,
    /// m, where it is not n.
    model_length: Option<u64>,
}

/// How it is written.
pub(super) const KIND: EstimatorKind = EstimatorKind {
    name: "knn",
    meaning: "of numbers or vectors: from distances to the kth nearest among N values from P and M from Q",
    settings: &[
        Setting { name: "k", form: SettingForm::Whole(1.0, 1_000.0), example: "k = 5" },
        Setting { name: "M", form: SettingForm::Whole(1.0, MOST_VALUES as f64), example: "M = 1_000" },
    ],
    make: |settings| {
        let whole = |key: &str| settings.get(key).and_then(|value| value.number()).map(|value| value as u64);
        Arc::new(NearestNeighbours::new(whole("k").unwrap_or(1) as usize, whole("M")))
    },
};

/// More values than this are not kept.
const MOST_VALUES: u64 = 10_000_000;

impl NearestNeighbours {
    /// With the `k`th neighbours, and `m` values from Q or as many as from P.
    pub fn new(k: usize, m: Option<u64>) -> Self {
        let settings = [("k", Some(k as f64).filter(|&k| k > 1.0)), ("M", m.map(|m| m as f64))];
        let given = settings.into_iter().filter_map(|(key, value)| Some((key, value?)));
        Self { name: name_with(KIND.name, given), k, model_length: m }
    }
}

/// How many coordinates tell one value of a distribution from another; none where values are symbols or counts.
fn dimensions(side: &Distribution) -> Option<usize> {
    match side.values()?.space() {
        Space::Counts => None,
        Space::Line => Some(1),
        Space::Vectors(size) => Some(size),
        // The last is what the others leave.
        Space::Simplex(size) => Some(size - 1),
    }
}

/// The estimate itself, from the coordinates of both samples, `dimensions` of each value.
///
/// None if there are too few values, or if two of them coincide, so that a distance is 0, or are too far apart for a double.
///
/// ```
/// use kl_sim::estimator::nearest_neighbour_estimate;
/// let (p, q) = ([0.0, 1.0, 3.0], [0.5, 4.0]);
/// // ρ = 1, 1, 2 and ν = ½, ½, 1, so that only ln(2/2) + ln ½ is left.
/// let estimate = nearest_neighbour_estimate(&p, &q, 1, 1).expect("no two coincide");
/// assert!((estimate + std::f64::consts::LN_2).abs() < 1e-15);
/// ```
pub fn nearest_neighbour_estimate(source: &[f64], model: &[f64], dimensions: usize, k: usize) -> Option<f64> {
    let (n, m) = (source.len() / dimensions, model.len() / dimensions);
    let (near, far) = (KdTree::new(dimensions, source), KdTree::new(dimensions, model));
    let mut sum = 0.0;
    for (place, value) in source.chunks_exact(dimensions).enumerate() {
        let within = near.distance(value, k, Some(place))?;
        let across = far.distance(value, k, None)?;
        sum += libm::log(across) - libm::log(within);
    }
    let sizes = libm::log(m as f64 / (n as f64 - 1.0));
    Some(sum * dimensions as f64 / n as f64 + sizes).filter(|estimate| estimate.is_finite())
}

impl Estimator for NearestNeighbours {
    fn name(&self) -> &str {
        &self.name
    }

    fn written(&self) -> (&'static str, Settings) {
        let k = (self.k > 1).then_some(("k", self.k as f64));
        let m = self.model_length.map(|m| ("M", m as f64));
        (KIND.name, k.into_iter().chain(m).map(|(key, value)| (key, value.into())).collect())
    }

    fn suits(&self, pair: &Pair, n: u64) -> Result<(), String> {
        let (source, m) = (pair.source(), self.model_length.unwrap_or(n));
        let Some(dimensions) = dimensions(source) else {
            return Err(format!("measures distances between numbers or vectors, and the values of {source} coincide"));
        };
        let (k, most) = (self.k as u64, MOST_VALUES / dimensions as u64);
        if n <= k {
            return Err(format!("needs k = {k} other values beside each, and N is {n}"));
        }
        if m < k {
            return Err(format!("needs k = {k} values from Q, and M is {m}"));
        }
        if n.max(m) > most {
            return Err(format!("keeps at most {most} such values, and here are {}", n.max(m)));
        }
        Ok(())
    }

    fn theory(&self, pair: &Pair, n: u64) -> Theory {
        Theory::of_estimand(pair, n)
    }

    fn moments(&self, _: &Pair, _: u64) -> (Option<f64>, Option<f64>) {
        (None, None)
    }

    fn bins(&self, pair: &Pair, n: u64) -> Bins {
        // Edges need to be near only: what a logarithm of a distance strays by is added to what the log ratio does.
        let known = Cumulants::of(pair);
        let strays = std::f64::consts::PI * std::f64::consts::PI / 6.0 / self.k as f64;
        let spread = known.spread.map_or(f64::INFINITY, |spread| spread.variance) + strays;
        let rate = 1.0 / n as f64 + 1.0 / self.model_length.unwrap_or(n) as f64;
        Bins::new(None, known.mean, (spread * rate).sqrt(), (f64::NEG_INFINITY, f64::INFINITY), 0.0)
    }

    fn model_draws(&self, n: u64) -> Option<u64> {
        Some(self.model_length.unwrap_or(n))
    }

    fn cost(&self, pair: &Pair, n: u64) -> Cost {
        /// To put a value into a tree.
        const PLACED: u128 = 40_000;
        /// A look at a value on the way to the nearest, and a coordinate of it.
        const SEEN: u128 = 1_500;
        const COORDINATE: u128 = 200;
        /// A neighbour that is kept.
        const KEPT: u128 = 8_000;
        /// In one dimension so many are looked at, and in each more three times as many, up to all.
        const LOOKS: u128 = 6;
        let dimensions = dimensions(pair.source()).unwrap_or(1);
        let m = self.model_length.unwrap_or(n);
        let power = u32::try_from(dimensions).ok().and_then(|power| 3u128.checked_pow(power));
        let looks = power.and_then(|power| power.checked_mul(LOOKS)).unwrap_or(u128::MAX);
        let asked = |among: u64| {
            looks.min(u128::from(among)) * (SEEN + COORDINATE * dimensions as u128) + KEPT * self.k as u128
        };
        Cost::of_trial(PLACED * (u128::from(n) + u128::from(m)) + u128::from(n) * (asked(n) + asked(m)))
    }

    fn scorer<'a>(&'a self, pair: &'a Pair, n: u64) -> Box<dyn Scorer + 'a> {
        let m = self.model_length.unwrap_or(n);
        Box::new(KnnScorer { pair, n, m, k: self.k, so_far: Vec::new(), model: Vec::new(), scratch: Vec::new() })
    }
}

/// Keeps the values of a sequence until it ends.
#[derive(Debug)]
struct KnnScorer<'a> {
    pair: &'a Pair,
    n: u64,
    m: u64,
    k: usize,
    so_far: Vec<f64>,
    model: Vec<f64>,
    scratch: Vec<f64>,
}

/// Adds the coordinates of values to a list.
fn place(side: &Distribution, draws: &[f64], coordinates: &mut Vec<f64>, scratch: &mut Vec<f64>) {
    let (Some(values), Some(dimensions)) = (side.values(), dimensions(side)) else { return };
    for draw in draws.chunks_exact(values.base_variable().width().max(1)) {
        coordinates.extend(values.coordinates(draw, scratch).into_iter().take(dimensions));
    }
}

fn width(side: &Distribution) -> usize {
    side.values().map_or(1, |values| values.base_variable().width().max(1))
}

impl Scorer for KnnScorer<'_> {
    fn detail(&self) -> Detail {
        Detail::Sequence
    }

    fn score(&mut self, batch: &Batch<'_>, scored: &mut Vec<ScoredTrial>) {
        let (source, model) = (self.pair.source(), self.pair.model());
        let length = batch.length() as usize * width(source);
        let mut samples = batch.model_draws().chunks_exact(self.m as usize * width(model));
        for draws in batch.view.draws().chunks_exact(length) {
            if batch.start == 0 {
                self.so_far.clear();
            }
            place(source, draws, &mut self.so_far, &mut self.scratch);
            if batch.end == self.n {
                self.model.clear();
                place(model, samples.next().unwrap_or_default(), &mut self.model, &mut self.scratch);
                let dimensions = dimensions(source).unwrap_or(1);
                let estimate = nearest_neighbour_estimate(&self.so_far, &self.model, dimensions, self.k);
                let failed = ScoredTrial::failed(self.n);
                scored.push(estimate.map_or(failed, |estimate| ScoredTrial { estimate, ..failed }));
            }
        }
    }

    fn running(&self, _: u64) -> f64 {
        // The sample from Q has no order beside the sequence's.
        f64::NAN
    }
}
