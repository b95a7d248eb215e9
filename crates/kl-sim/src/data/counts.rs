//! Estimates from the counts of symbols.

use super::estimate::{DataEstimate, ErrorMethod, Lack, Resampling, quantile};
use super::resampled::{Resamples, Spread};
use crate::estimator::{CountEstimator, Estimator, KnownModel, VarianceRule};
use crate::simulation::CountsBlocks;
use kl_math::statistics::{DivergenceSpread, chi_square_p_value};

/// The counts of a sample from P, and Q or the counts of a sample from it.
#[derive(Clone, Copy, Debug)]
pub struct CountData<'a> {
    /// How often each symbol of the alphabet was seen from P.
    pub counts: &'a [u64],
    /// Q.
    pub model: KnownModel<'a>,
    /// Whether the alphabet is finite: if it is not, the symbols are those that were seen.
    pub is_finite: bool,
}

/// A test of P = Q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EqualityTest {
    /// G = 2 Σ observed ln(observed/expected): 2N times the plug-in estimate where Q is known.
    pub statistic: f64,
    /// K − 1 of K symbols.
    pub degrees: f64,
    /// The probability of such a G or a larger one, if χ² is its law.
    pub p_value: f64,
}

/// All estimates from one set of counts.
#[derive(Clone, Debug, PartialEq)]
pub struct CountStudy {
    /// One for each estimator.
    pub estimates: Vec<DataEstimate>,
    /// The test of P = Q; none if the alphabet is not finite.
    pub equality: Option<EqualityTest>,
    /// The number of symbols from P, and from Q if they are sampled.
    pub sizes: (u64, Option<u64>),
    /// The number of different symbols that were seen from P.
    pub seen: usize,
    /// The symbols, by place, that were seen from P and that Q rules out or has not shown.
    pub unsupported: Vec<usize>,
}

/// Estimates KL(P‖Q) by every estimator that suits the data. The symbols from P, and those of a sample from Q, are at least one. Symbols that
/// Q rules out, and P did not show, are left out: estimators that smooth would give P a share of them.
///
/// ```
/// use kl_sim::data::{CountData, Resampling, estimate_counts};
/// use kl_sim::estimator::KnownModel;
/// let logs = [0.2f64, 0.5, 0.3].map(libm::log);
/// let data = CountData { counts: &[12, 30, 8], model: KnownModel::Logs(&logs), is_finite: true };
/// let resampling = Resampling { seed: 57, resamples: 100, everywhere: false };
/// let study = estimate_counts(&data, 0.95, &resampling);
/// let plug_in = &study.estimates[0];
/// assert!((plug_in.estimate.unwrap() - 0.052_572_7).abs() < 1e-6);
/// assert!((study.equality.unwrap().statistic - 100.0 * plug_in.estimate.unwrap()).abs() < 1e-12);
/// ```
pub fn estimate_counts(data: &CountData<'_>, level: f64, resampling: &Resampling) -> CountStudy {
    if let Some((counts, logs)) = data.within_support() {
        return estimate_counts(
            &CountData { counts: &counts, model: KnownModel::Logs(&logs), ..*data },
            level,
            resampling,
        );
    }
    let estimators: Vec<CountEstimator> = match data.model {
        KnownModel::Logs(_) => CountEstimator::of_one_sample().into_iter().filter(|one| data.suits(one)).collect(),
        KnownModel::Counts(_) => CountEstimator::of_two_samples().into(),
    };
    let mut estimates: Vec<DataEstimate> = estimators.iter().map(|one| data.first(one, level)).collect();
    let is_drawn = |found: &DataEstimate| resampling.everywhere || found.std_error.is_none();
    let has_error = |found: &DataEstimate| !matches!(found.lack, Some(Lack::Infinite | Lack::OneSymbol));
    let drawn: Vec<bool> = estimates.iter().map(|found| has_error(found) && is_drawn(found)).collect();
    let spreads = data.resample(&estimators, &drawn, resampling);
    for ((found, spread), is_drawn) in estimates.iter_mut().zip(spreads).zip(drawn) {
        if is_drawn {
            data.bootstrapped(found, &spread, level);
        }
    }
    let (n, m) = data.sizes();
    let (equality, unsupported) = (data.equality(), data.unsupported());
    CountStudy { estimates, equality, sizes: (n, m), seen: data.seen(), unsupported }
}

impl CountData<'_> {
    /// Whether an estimator can work without an alphabet of which the size is known, if there is none.
    fn suits(&self, estimator: &CountEstimator) -> bool {
        self.is_finite || !matches!(estimator.written().0, "dirichlet" | "shrink")
    }

    /// Counts and ln q without the symbols that Q rules out, if there are such and P showed none of them.
    fn within_support(&self) -> Option<(Vec<u64>, Vec<f64>)> {
        let KnownModel::Logs(logs) = self.model else { return None };
        let possible = || self.counts.iter().zip(logs).filter(|(_, log)| **log > f64::NEG_INFINITY);
        let is_respected = possible().count() < self.counts.len() && self.unsupported().is_empty();
        is_respected.then(|| possible().map(|(&count, &log)| (count, log)).unzip())
    }

    /// The number of different symbols that were seen from P.
    fn seen(&self) -> usize {
        self.counts.iter().filter(|&&count| count > 0).count()
    }

    fn sizes(&self) -> (u64, Option<u64>) {
        let model = match self.model {
            KnownModel::Logs(_) => None,
            KnownModel::Counts(counts) => Some(counts.iter().sum()),
        };
        (self.counts.iter().sum(), model)
    }

    fn unsupported(&self) -> Vec<usize> {
        let is_ruled_out = |place: usize| match self.model {
            KnownModel::Logs(logs) => logs.get(place) == Some(&f64::NEG_INFINITY),
            KnownModel::Counts(counts) => counts.get(place) == Some(&0),
        };
        let seen = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        seen.map(|(place, _)| place).filter(|&place| is_ruled_out(place)).collect()
    }

    fn estimate(&self, estimator: &CountEstimator) -> Option<f64> {
        match self.model {
            KnownModel::Logs(logs) => estimator.estimate(self.counts, logs),
            KnownModel::Counts(counts) => estimator.estimate_two(self.counts, counts),
        }
    }

    /// An estimate with what is known to the first order.
    fn first(&self, estimator: &CountEstimator, level: f64) -> DataEstimate {
        let facts = estimator.first_order();
        let found =
            DataEstimate { bias_order: facts.bias, ..DataEstimate::new(estimator.name(), self.estimate(estimator)) };
        let Some(estimate) = found.estimate.filter(|estimate| estimate.is_finite()) else { return found };
        if self.seen() < 2 {
            return found.lacking(Lack::OneSymbol);
        }
        let Some(known) = facts.expand(self.counts, self.model) else { return found };
        let spread = DivergenceSpread {
            variance: known.variance,
            divergence: known.divergence,
            degrees: self.degrees() + known.more_degrees,
            size: self.effective_size(),
        };
        let method =
            if facts.variance == VarianceRule::Jackknife { ErrorMethod::Jackknife } else { ErrorMethod::Delta };
        let interval = spread.interval(estimate - known.bias.unwrap_or(0.0), level);
        // Larger D have wider errors: a negative estimate may be near some of them, and not near 0.
        let interval = interval.filter(|[low, _]| estimate >= 0.0 || *low == 0.0);
        let std_error = Some(known.variance.sqrt());
        DataEstimate { std_error, method: Some(method), bias: known.bias, ..found }.with_interval(interval)
    }

    /// K − 1 of the symbols that are possible.
    fn degrees(&self) -> f64 {
        let is_possible = |place: usize| match self.model {
            KnownModel::Logs(logs) => logs.get(place).is_some_and(|log| *log > f64::NEG_INFINITY),
            KnownModel::Counts(model) => {
                [self.counts, model].iter().any(|counts| counts.get(place).is_some_and(|&count| count > 0))
            }
        };
        (0..self.counts.len()).filter(|&place| is_possible(place)).count().saturating_sub(1) as f64
    }

    /// N, or N M/(N + M).
    fn effective_size(&self) -> f64 {
        let (n, m) = self.sizes();
        let n = n as f64;
        m.map_or(n, |m| n / (n + m as f64) * m as f64)
    }

    /// G of the counts: against Q, or of both samples against their sum.
    fn equality(&self) -> Option<EqualityTest> {
        if !self.is_finite {
            return None;
        }
        let statistic: f64 = match self.model {
            KnownModel::Logs(_) => 2.0 * self.sizes().0 as f64 * self.estimate(&CountEstimator::plug_in())?,
            KnownModel::Counts(model) => {
                let (n, m) = (self.sizes().0 as f64, self.sizes().1? as f64);
                let both = self.counts.iter().zip(model);
                let part = |count: u64, sum: f64, size: f64| {
                    if count == 0 { 0.0 } else { count as f64 * libm::log(count as f64 / size * ((n + m) / sum)) }
                };
                let symbol = |(&count, &other): (&u64, &u64)| {
                    let sum = (count + other) as f64;
                    part(count, sum, n) + part(other, sum, m)
                };
                2.0 * both.map(symbol).sum::<f64>()
            }
        };
        let (statistic, degrees) = (statistic.max(0.0), self.degrees());
        // P is not Q where P shows what Q rules out, though few symbols leave no degree of freedom.
        let p_value = if statistic == f64::INFINITY { 0.0 } else { chi_square_p_value(statistic, degrees) };
        Some(EqualityTest { statistic, degrees, p_value })
    }

    /// The spread of the estimates of samples drawn again, of those estimators that are drawn.
    fn resample(&self, estimators: &[CountEstimator], drawn: &[bool], resampling: &Resampling) -> Vec<Spread> {
        let mut spreads = vec![Spread::default(); estimators.len()];
        if !drawn.contains(&true) {
            return spreads;
        }
        let (n, m) = self.sizes();
        let blocks = CountsBlocks::of_resamples(resampling.seed, "source", self.counts);
        let of_model = match self.model {
            KnownModel::Logs(_) => None,
            KnownModel::Counts(counts) => Some(CountsBlocks::of_resamples(resampling.seed, "model", counts)),
        };
        let mut sources = Resamples::new(&blocks, n);
        let mut models = of_model.as_ref().zip(m).map(|(blocks, m)| Resamples::new(blocks, m));
        for _ in 0..resampling.resamples {
            let model = match (self.model, &mut models) {
                (KnownModel::Counts(_), Some(models)) => KnownModel::Counts(models.next()),
                (known, _) => known,
            };
            let again = CountData { counts: sources.next(), model, ..*self };
            for ((spread, estimator), _) in spreads.iter_mut().zip(estimators).zip(drawn).filter(|(_, drawn)| **drawn) {
                spread.push(again.estimate(estimator).unwrap_or(f64::NAN));
            }
        }
        spreads
    }

    /// KL of the observed shares, which is true of what is drawn again; none if it is infinite.
    fn divergence(&self) -> Option<f64> {
        let plug_in = match self.model {
            KnownModel::Logs(_) => CountEstimator::plug_in(),
            KnownModel::Counts(_) => CountEstimator::plug_in_two_sample(None),
        };
        self.estimate(&plug_in).filter(|truth| truth.is_finite())
    }

    /// Takes the standard error of samples drawn again, and their mean less what is true of them for the bias if that is not known.
    fn bootstrapped(&self, found: &mut DataEstimate, spread: &Spread, level: f64) {
        let Some((mean, std_dev)) = spread.moments() else {
            (found.std_error, found.method, found.interval) = (None, None, None);
            found.lack = Some(Lack::InfiniteResamples);
            return;
        };
        let known = DataEstimate {
            bias: found.bias.or(self.divergence().map(|truth| mean - truth)),
            lack: None,
            ..found.clone()
        };
        *found = known.with_std_error(std_dev, ErrorMethod::Bootstrap, quantile(level));
    }
}
