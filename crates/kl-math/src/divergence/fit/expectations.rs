//! Means of the log density under a normal distribution, against Hermite polynomials.

use crate::distribution::{Distribution, Value, Values};
use crate::numeric::nodes;

const ULP: f64 = f64::EPSILON;

/// E\[ℓ(m + σz) Heₖ(z)\] for k = 0 … 4, z standard normal, ℓ = ln p: by Stein's lemma E\[ℓ Heₖ\] = σᵏ E\[ℓ⁽ᵏ⁾\], so that all
/// derivatives of KL(Q‖P) in (m, ln σ) follow from ℓ alone, also where ℓ has kinks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expectations {
    /// The means.
    pub(super) means: [f64; 5],
    /// How far each may be off.
    pub(super) errors: [f64; 5],
}

/// Standard deviations from the mean at which e^(−z²/2) is below 1e-140: what a log density of Gumbel's tail adds there is still less
/// than an ulp.
const REACH: f64 = 26.0;

/// What a quadrature's own change is multiplied with.
const MARGIN: f64 = 4.0;

impl Expectations {
    /// Under the normal law with this mean and standard deviation; none where no quadrature settles.
    pub(super) fn of(values: &dyn Values, kinks: &Kinks, mean: f64, std_dev: f64) -> Option<Self> {
        let at = |z: f64| values.ln_prob(Value::Real(mean + std_dev * z));
        let base = at(0.0);
        if !base.is_finite() {
            return None;
        }
        let noise = |z: f64| ULP * values.size_of_ln_prob(Value::Real(mean + std_dev * z));
        // A constant less in ℓ changes the first mean alone.
        let term = |z: f64, weight: f64| {
            let mass = weight * libm::exp(-0.5 * z * z) * FRAC_1_SQRT_TAU;
            let log = at(z) - base;
            if mass > 0.0 { Some((mass, log, ULP * (2.0 + 0.5 * z * z) * log.abs() + noise(z))) } else { None }
        };
        let places: Vec<f64> = kinks.0.iter().map(|kink| (kink - mean) / std_dev).collect();
        let found = if places.is_empty() { trapezoid(&term) } else { pieces(&places, &term) };
        found.map(|mut sums| {
            sums.means[0] += base;
            sums.errors[0] += 2.0 * ULP * base.abs();
            sums
        })
    }
}

/// Where a log density has kinks or jumps.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinks(Vec<f64>);

impl Kinks {
    /// Those of a law: of a mixture those of its components, and their ends.
    pub(super) fn of(law: &Distribution) -> Self {
        let mut all = Vec::new();
        gather(law, &mut all);
        all.retain(|kink: &f64| kink.is_finite());
        all.sort_by(f64::total_cmp);
        all.dedup();
        Self(all)
    }
}

fn gather(law: &Distribution, all: &mut Vec<f64>) {
    if let Distribution::Mixture(mixture) = law {
        mixture.weighed().for_each(|(_, part)| gather(part, all));
    } else if let Some(values) = law.values() {
        all.extend(values.kinks().into_iter().chain(values.support()));
    }
}

/// 1/√(2π).
const FRAC_1_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

/// Sums of terms, the sizes of those terms, and what rounding does.
#[derive(Clone, Copy, Default)]
struct Sums {
    means: [f64; 5],
    sizes: [f64; 5],
    noise: [f64; 5],
}

impl Sums {
    fn add(&mut self, z: f64, term: Option<(f64, f64, f64)>) {
        let Some((mass, log, noise)) = term else { return };
        let z2 = z * z;
        let hermite = [1.0, z, z2 - 1.0, z * (z2 - 3.0), (z2 - 6.0) * z2 + 3.0];
        for (place, polynomial) in hermite.into_iter().enumerate() {
            self.means[place] += mass * polynomial * log;
            self.sizes[place] += mass * polynomial.abs() * log.abs();
            self.noise[place] += mass * polynomial.abs() * noise;
        }
    }

    fn mapped(self, other: Self, join: impl Fn(f64, f64) -> f64) -> Self {
        let all = |one: [f64; 5], two: [f64; 5]| std::array::from_fn(|place| join(one[place], two[place]));
        Self {
            means: all(self.means, other.means),
            sizes: all(self.sizes, other.sizes),
            noise: all(self.noise, other.noise),
        }
    }

    /// The means, if they have settled since the coarser quadrature.
    fn settled(self, before: Self) -> Option<Expectations> {
        const ROOM: f64 = 64.0 * ULP;
        let change: [f64; 5] = std::array::from_fn(|place| (self.means[place] - before.means[place]).abs());
        let is_settled = (0..5).all(|place| change[place] <= ROOM * self.sizes[place] + 4.0 * self.noise[place]);
        let errors =
            std::array::from_fn(|place| MARGIN * (change[place] + 8.0 * ULP * self.sizes[place] + self.noise[place]));
        is_settled.then_some(Expectations { means: self.means, errors })
    }
}

/// The trapezoidal rule, whose error falls exponentially with the width of the strip in which ℓ is analytic.
fn trapezoid(term: &impl Fn(f64, f64) -> Option<(f64, f64, f64)>) -> Option<Expectations> {
    const FIRST: u32 = 3;
    const LAST: u32 = 10;
    let mut sums = Sums::default();
    let mut before: Option<Sums> = None;
    for level in FIRST..=LAST {
        let step = 1.0 / f64::from(1_u32 << level);
        let count = (REACH / step) as i64;
        let is_new = |index: &i64| level == FIRST || index % 2 != 0;
        for index in (-count..=count).filter(is_new) {
            let z = index as f64 * step;
            sums.add(z, term(z, 1.0));
        }
        let scaled = sums.mapped(sums, |sum, _| sum * step);
        if scaled.means.iter().any(|mean| !mean.is_finite()) {
            return None;
        }
        if let Some(found) = before.and_then(|before| scaled.settled(before)) {
            return Some(found);
        }
        before = Some(scaled);
    }
    None
}

/// A double exponential quadrature between the kinks.
fn pieces(places: &[f64], term: &impl Fn(f64, f64) -> Option<(f64, f64, f64)>) -> Option<Expectations> {
    const FIRST: u32 = 4;
    const LAST: u32 = 10;
    let inner = places.iter().copied().chain([0.0]).filter(|place| place.abs() < REACH);
    let mut ends: Vec<f64> = inner.chain([-REACH, REACH]).collect();
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let mut before: Option<Sums> = None;
    for level in FIRST..=LAST {
        let mut sums = Sums::default();
        nodes(&ends, level).into_iter().for_each(|node| sums.add(node.x, term(node.x, node.weight)));
        if sums.means.iter().any(|mean| !mean.is_finite()) {
            return None;
        }
        if let Some(found) = before.and_then(|before| sums.settled(before)) {
            return Some(found);
        }
        before = Some(sums);
    }
    None
}
