//! Floor 3: the program's own standard errors, held against what they claim to be.
//!
//! Many studies are simulated; a measure's Monte Carlo standard error should be the standard deviation of the measure over them.

mod claim;
mod law;

pub use claim::{Assumption, Claim, Formula, claims};
pub use law::{Drawn, Law};

use kl_math::statistics::Spread;
use kl_sim::simulation::StreamKey;
use law::Trials;
use rayon::prelude::*;

/// Studies of a law are drawn in so many batches, each from a stream of its own.
pub const BATCHES: usize = 40;

/// How often right formulas may fail, all together.
pub const FALSE_ALARM: f64 = 1e-6;

/// What came of one claim.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// The claim.
    pub claim: Claim,
    /// The standard deviation of the measure over all studies.
    pub std_dev: f64,
    /// The root of the mean squared standard error.
    pub mcse: f64,
    /// The standard error of their ratio, from how it varies between batches.
    pub ratio_error: f64,
    /// In how many batches the standard error is too small by more than the tolerance, and in how many too large; a batch without a
    /// ratio counts as both.
    pub outside: [usize; 2],
}

impl Finding {
    /// What the mean squared standard error is to the variance of the measure, as a ratio of standard errors.
    pub fn ratio(&self) -> f64 {
        self.mcse / self.std_dev
    }

    /// Whether the claim stands; none if nothing is claimed.
    pub fn holds(&self, limit: usize) -> Option<bool> {
        self.claim.tolerance.map(|_| self.outside.iter().all(|&batches| batches < limit))
    }
}

/// What came of all claims.
///
/// A claim fails if in `limit` or more of the batches the ratio of standard errors is off in the same direction by more
/// than the tolerance. Batches are independent, and one of a right formula is off that way with chance ½ at most: that is
/// what is claimed. So a right formula fails with chance 2 P(Binomial(40, ½) ≥ limit) at most, exactly, whatever the law, and
/// `limit` is the least for which all claims together stay below [`FALSE_ALARM`].
#[derive(Clone, Debug)]
pub struct Selftest {
    /// The seed.
    pub seed: u64,
    /// Studies of each law.
    pub studies: u64,
    /// The batches that fail a claim.
    pub limit: usize,
    /// The exact bound on the chance that right formulas fail.
    pub false_alarm: f64,
    /// The findings, in the order of the claims.
    pub findings: Vec<Finding>,
}

impl Selftest {
    /// Puts every claim to the test, with `studies` studies of each law, at least two a batch.
    ///
    /// ```
    /// use kl_runner::selftest::{Selftest, claims};
    /// let bias: Vec<_> = claims().into_iter().take(1).collect();
    /// let selftest = Selftest::run(&bias, 57, 4_000);
    /// assert!(selftest.passes() && selftest.false_alarm <= 1e-6);
    /// ```
    pub fn run(claims: &[Claim], seed: u64, studies: u64) -> Self {
        let claimed = claims.iter().filter(|claim| claim.tolerance.is_some()).count();
        let (limit, chance) = limit(FALSE_ALARM / (2.0 * claimed.max(1) as f64));
        let in_batch = studies / BATCHES as u64;
        let mut settings: Vec<(Law, usize)> = Vec::new();
        for claim in claims {
            if !settings.contains(&(claim.law, claim.trials)) {
                settings.push((claim.law, claim.trials));
            }
        }
        let places: Vec<(Law, usize, usize)> =
            settings.iter().flat_map(|&(law, trials)| (0..BATCHES).map(move |batch| (law, trials, batch))).collect();
        let batches: Vec<Vec<(usize, Batch)>> = places
            .into_par_iter()
            .map(|(law, trials, batch)| drawn(claims, law, trials, batch, seed, in_batch))
            .collect();
        let mut of_claims: Vec<Vec<Batch>> = vec![Vec::new(); claims.len()];
        for (place, batch) in batches.into_iter().flatten() {
            of_claims[place].push(batch);
        }
        let findings = claims.iter().zip(of_claims).map(|(&claim, batches)| finding(claim, &batches)).collect();
        let studies = in_batch * BATCHES as u64;
        Self { seed, studies, limit, false_alarm: 2.0 * claimed as f64 * chance, findings }
    }

    /// Whether every claim stands.
    pub fn passes(&self) -> bool {
        self.findings.iter().all(|finding| finding.holds(self.limit) != Some(false))
    }
}

/// Measures and squared standard errors of some studies.
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

/// One batch of studies, seen by every claim about its law.
fn drawn(claims: &[Claim], law: Law, trials: usize, batch: usize, seed: u64, studies: u64) -> Vec<(usize, Batch)> {
    let concerned: Vec<(usize, &Claim)> =
        claims.iter().enumerate().filter(|(_, claim)| (claim.law, claim.trials) == (law, trials)).collect();
    let mut stream = StreamKey::of_studies(seed, law.name(), trials as u64).stream(batch as u64);
    let mut room = Trials::default();
    let mut found: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); concerned.len()];
    for _ in 0..studies {
        law.draw(&mut stream, trials, &mut room);
        let drawn = room.drawn(law);
        for ((_, claim), (measures, squares)) in concerned.iter().zip(&mut found) {
            // A study without the measure spoils its batch.
            let (measure, mcse) = (claim.formula)(claim.measure, &drawn).unwrap_or((f64::NAN, f64::NAN));
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

fn finding(claim: Claim, batches: &[Batch]) -> Finding {
    let mean = |of: fn(&Batch) -> f64| batches.iter().map(of).sum::<f64>() / batches.len() as f64;
    let ratios: Vec<f64> = batches.iter().map(Batch::ratio).collect();
    let tolerance = claim.tolerance.unwrap_or(0.0);
    let (low, high) = (1.0 / (1.0 + tolerance), 1.0 + tolerance);
    let outside = |is_within: &dyn Fn(f64) -> bool| ratios.iter().filter(|&&ratio| !is_within(ratio)).count();
    Finding {
        claim,
        std_dev: mean(|batch| batch.variance).sqrt(),
        mcse: mean(|batch| batch.mean_square).sqrt(),
        ratio_error: Spread::of(&ratios).std_dev().unwrap_or(f64::NAN) / (batches.len() as f64).sqrt(),
        outside: [outside(&|ratio| ratio >= low), outside(&|ratio| ratio <= high)],
    }
}

/// The least number of batches which half a chance in each reaches with chance `most` at most, and that chance.
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
