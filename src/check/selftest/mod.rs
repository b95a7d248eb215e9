//! The calibration of the Monte Carlo standard errors.
//!
//! Many studies are simulated. The Monte Carlo standard error of a measure should equal the standard deviation of the
//! measure over the studies.

mod case;
mod study;

pub use case::{Assumption, CalibrationCase, Formula, calibration_cases};
pub use study::{Law, StudyTrials};

use kl_math::statistics::Spread;
use kl_sim::simulation::StreamKey;
use rayon::prelude::*;
use study::TrialBuffer;

/// Number of batches in which the studies of a law are drawn, each from its own stream.
pub const BATCHES: usize = 40;

/// Bound on the chance that any of the formulas fails although all are right.
pub const FALSE_ALARM: f64 = 1e-6;

/// The result of one calibration case.
#[derive(Clone, Copy, Debug)]
pub struct CaseResult {
    /// The case.
    pub case: CalibrationCase,
    /// The standard deviation of the measure over all studies.
    pub std_dev: f64,
    /// The root of the mean squared standard error.
    pub mcse: f64,
    /// The standard error of their ratio, from its variation between batches.
    pub ratio_error: f64,
    /// The number of batches in which the standard error is too small by more than the tolerance, and the number in
    /// which it is too large. A batch without a ratio counts as both.
    pub outside: [usize; 2],
}

impl CaseResult {
    /// The ratio of the standard error to the standard deviation of the measure.
    pub fn ratio(&self) -> f64 {
        self.mcse / self.std_dev
    }

    /// Whether the formula passes; none if the case is only shown.
    pub fn holds(&self, limit: usize) -> Option<bool> {
        self.case.tolerance.map(|_| self.outside.iter().all(|&batches| batches < limit))
    }
}

/// The results of all calibration cases.
///
/// A case fails if in `limit` or more of the batches the ratio of standard errors is off in the same direction by more
/// than the tolerance. Batches are independent, and for a right formula each is off in that direction with probability
/// at most ½. So a right formula fails with probability at most 2 P(Binomial(40, ½) ≥ limit), whatever the law, and
/// `limit` is the least for which all cases together stay below [`FALSE_ALARM`].
#[derive(Clone, Debug)]
pub struct Selftest {
    /// The seed.
    pub seed: u64,
    /// Number of studies of each law.
    pub studies: u64,
    /// The number of batches off in one direction at which a case fails.
    pub limit: usize,
    /// The exact bound on the probability that right formulas fail.
    pub false_alarm: f64,
    /// The results, in the order of the cases.
    pub results: Vec<CaseResult>,
}

impl Selftest {
    /// Tests every case with `studies` studies of each law, at least two per batch.
    ///
    /// ```
    /// use kl_runner::check::selftest::{Selftest, calibration_cases};
    /// let bias: Vec<_> = calibration_cases().into_iter().take(1).collect();
    /// let selftest = Selftest::run(&bias, 57, 4_000);
    /// assert!(selftest.passes() && selftest.false_alarm <= 1e-6);
    /// ```
    pub fn run(cases: &[CalibrationCase], seed: u64, studies: u64) -> Self {
        let tested = cases.iter().filter(|case| case.tolerance.is_some()).count();
        let (limit, chance) = limit(FALSE_ALARM / (2.0 * tested.max(1) as f64));
        let in_batch = studies / BATCHES as u64;
        let mut settings: Vec<(Law, usize)> = Vec::new();
        for case in cases {
            if !settings.contains(&(case.law, case.trials)) {
                settings.push((case.law, case.trials));
            }
        }
        let places: Vec<(Law, usize, usize)> =
            settings.iter().flat_map(|&(law, trials)| (0..BATCHES).map(move |batch| (law, trials, batch))).collect();
        let batches: Vec<Vec<(usize, Batch)>> = places
            .into_par_iter()
            .map(|(law, trials, batch)| draw_batch(cases, law, trials, batch, seed, in_batch))
            .collect();
        let mut of_cases: Vec<Vec<Batch>> = vec![Vec::new(); cases.len()];
        for (place, batch) in batches.into_iter().flatten() {
            of_cases[place].push(batch);
        }
        let results = cases.iter().zip(of_cases).map(|(&case, batches)| result(case, &batches)).collect();
        let studies = in_batch * BATCHES as u64;
        Self { seed, studies, limit, false_alarm: 2.0 * tested as f64 * chance, results }
    }

    /// Whether every case passes.
    pub fn passes(&self) -> bool {
        self.results.iter().all(|result| result.holds(self.limit) != Some(false))
    }
}

/// The variance of a measure over some studies, and its mean squared standard error.
#[derive(Clone, Copy, Debug)]
struct Batch {
    variance: f64,
    mean_square: f64,
}

impl Batch {
    fn ratio(&self) -> f64 {
        (self.mean_square / self.variance).sqrt()
    }
}

/// Draws one batch of studies and computes every case of its law from them.
fn draw_batch(
    cases: &[CalibrationCase],
    law: Law,
    trials: usize,
    batch: usize,
    seed: u64,
    studies: u64,
) -> Vec<(usize, Batch)> {
    let concerned: Vec<(usize, &CalibrationCase)> =
        cases.iter().enumerate().filter(|(_, case)| (case.law, case.trials) == (law, trials)).collect();
    let mut stream = StreamKey::of_studies(seed, law.name(), trials as u64).stream(batch as u64);
    let mut buffer = TrialBuffer::default();
    let mut found: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); concerned.len()];
    for _ in 0..studies {
        law.draw(&mut stream, trials, &mut buffer);
        let drawn = buffer.study(law);
        for ((_, case), (measures, squares)) in concerned.iter().zip(&mut found) {
            // A study without the measure makes its batch NaN.
            let (measure, mcse) = (case.formula)(case.measure, &drawn).unwrap_or((f64::NAN, f64::NAN));
            measures.push(measure);
            squares.push(mcse * mcse);
        }
    }
    let batch = |(measures, squares): (Vec<f64>, Vec<f64>)| Batch {
        variance: Spread::of(&measures).variance().unwrap_or(f64::NAN),
        mean_square: Spread::of(&squares).mean().unwrap_or(f64::NAN),
    };
    concerned.into_iter().map(|(place, _)| place).zip(found.into_iter().map(batch)).collect()
}

fn result(case: CalibrationCase, batches: &[Batch]) -> CaseResult {
    let mean = |of: fn(&Batch) -> f64| batches.iter().map(of).sum::<f64>() / batches.len() as f64;
    let ratios: Vec<f64> = batches.iter().map(Batch::ratio).collect();
    let tolerance = case.tolerance.unwrap_or(0.0);
    let (low, high) = (1.0 / (1.0 + tolerance), 1.0 + tolerance);
    let outside = |is_within: &dyn Fn(f64) -> bool| ratios.iter().filter(|&&ratio| !is_within(ratio)).count();
    CaseResult {
        case,
        std_dev: mean(|batch| batch.variance).sqrt(),
        mcse: mean(|batch| batch.mean_square).sqrt(),
        ratio_error: Spread::of(&ratios).std_dev().unwrap_or(f64::NAN) / (batches.len() as f64).sqrt(),
        outside: [outside(&|ratio| ratio >= low), outside(&|ratio| ratio <= high)],
    }
}

/// The least k for which P(Binomial(40, ½) ≥ k) is at most `most`, and that probability.
fn limit(most: f64) -> (usize, f64) {
    let (mut chance, mut mass, mut limit) = (0.0, libm::ldexp(1.0, -(BATCHES as i32)), BATCHES + 1);
    while limit > 0 && chance + mass <= most {
        chance += mass;
        limit -= 1;
        // C(40, k − 1) from C(40, k).
        mass *= limit as f64 / (BATCHES + 1 - limit) as f64;
    }
    (limit, chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_on_false_alarms_is_the_binomial_tail() {
        // 2⁻⁴⁰, and (1 + 40)/2⁴⁰.
        let unit = libm::ldexp(1.0, -40);
        assert_eq!(limit(unit), (40, unit));
        assert_eq!(limit(41.0 * unit), (39, 41.0 * unit));
        assert_eq!(limit(821.0 * unit), (38, 821.0 * unit));
        assert_eq!(limit(0.5 * unit), (41, 0.0));
        let (all, sum) = limit(1.1);
        assert!(all == 0 && (sum - 1.0).abs() < 1e-12);
    }
}
