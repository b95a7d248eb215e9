//! Approximations and bounds of the error rates of tests of fixed length.

use super::FixedTest;
use super::exponents::{Exponent, Exponents};
use crate::distribution::Pair;
use crate::divergence::{Cumulants, Spread};
use crate::numeric::normal_quantile;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// What an approximation is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorRate {
    /// The chance to decide Q though P is true.
    Alpha,
    /// The chance to decide P though Q is true.
    Beta,
    /// The chance of an error where P and Q are true equally often, of the test with threshold 0.
    Mean,
}

/// A way to know an error rate without its exact law.
///
/// ```
/// use kl_math::decision::fixed::{APPROXIMATIONS, NeymanPearson, Setting};
/// use kl_math::distribution::{Bernoulli, Pair};
/// let coins = Pair::of(Bernoulli::new(0.5)?, Bernoulli::new(0.4)?)?;
/// let found = NeymanPearson::of(&coins, 10_000, 0.05).expect("a binomial law");
/// let setting = Setting::new(&coins, &found.test, Some(0.05));
/// let named = |name: &str| APPROXIMATIONS.iter().find(|entry| entry.name == name).and_then(|entry| entry.ln_of(&setting));
/// // The exact −ln β is 175.955.
/// assert!(named("stein").is_some_and(|ln| (-ln - 204.110).abs() < 1e-3));
/// assert!(named("strassen").is_some_and(|ln| (-ln - 175.369).abs() < 1e-3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Approximation {
    /// Its name in files.
    pub name: &'static str,
    /// Where it is from.
    pub source: &'static str,
    /// Which error rate it is of.
    pub rate: ErrorRate,
    /// Whether the exact rate is never above it.
    pub is_bound: bool,
    ln_of: fn(&Setting<'_>) -> Option<f64>,
}

impl Approximation {
    /// The chance; none where the approximation does not exist, or would be above 1.
    pub fn of(&self, setting: &Setting<'_>) -> Option<f64> {
        self.ln_of(setting).map(libm::exp)
    }

    /// Its natural logarithm, which exists also where the chance is below all doubles; −∞ where it is 0.
    pub fn ln_of(&self, setting: &Setting<'_>) -> Option<f64> {
        (self.ln_of)(setting).filter(|&ln| ln <= 0.0)
    }
}

/// A pair and a test, with what approximations need of them.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    pair: &'a Pair,
    test: FixedTest,
    level: Option<f64>,
    cumulants: Cumulants,
    exponents: Option<Exponents>,
}

impl<'a> Setting<'a> {
    /// The setting of this test between P and Q; `level` is the alpha that it was made for, if it was made for one.
    pub fn new(pair: &'a Pair, test: &FixedTest, level: Option<f64>) -> Self {
        Self {
            pair,
            test: test.for_pair(pair),
            level: level.filter(|&level| level > 0.0 && level < 1.0),
            cumulants: Cumulants::of(pair),
            exponents: Exponents::of(pair),
        }
    }

    fn n(&self) -> f64 {
        self.test.n() as f64
    }

    /// D, and V where it is finite, of one symbol.
    fn spread(&self) -> Option<(f64, f64)> {
        spread(&self.cumulants)
    }
}

fn spread(cumulants: &Cumulants) -> Option<(f64, f64)> {
    let Spread { variance, .. } = cumulants.spread?;
    (variance > 0.0 && variance.is_finite()).then_some((cumulants.mean, variance))
}

/// All of them, the bounds first. To add one is to add an entry.
///
/// With D and V the mean and the variance of X = ln(p/q) under P, T the threshold, N the length, ε the level and the exponents
/// I_P(x) = sup_{u ≤ 0} ux − K(u), I_Q(x) = sup_{s ≥ 0} sx − K(s − 1), K(u) = ln E_P e^{uX}:
///
/// - `chernoff`: alpha ≤ e^{−N I_P(T/N)}, beta ≤ e^{−N I_Q(T/N)}.
/// - `hoeffding`: beta ≤ e^{−N I_Q(x)} at level ε, where N I_P(x) = ln(1/ε).
/// - `chernoff_information`: the mean error ≤ e^{−NC}, C = −min_{0≤s≤1} ln Σ pˢ q¹⁻ˢ.
/// - `stein`: beta ≈ e^{−ND}.
/// - `strassen`: −ln beta ≈ ND + √(NV) Φ⁻¹(ε) + ½ ln N.
/// - `bahadur_rao`: e^{−N I(x)}/(s √(2πNK″)), s the tilt; on a lattice of span d, x the atom next to the threshold, times
///   ds/(1 − e^{−ds}).
/// - `normal`: alpha ≈ Φ((T − ND)/√(NV)), beta likewise with the mean and the variance under Q.
pub static APPROXIMATIONS: [Approximation; 10] = [
    Approximation {
        name: "chernoff",
        source: "Chernoff 1952, \"A measure of asymptotic efficiency\", theorem 1",
        rate: ErrorRate::Alpha,
        is_bound: true,
        ln_of: |setting| setting.ln_bound(ErrorRate::Alpha),
    },
    Approximation {
        name: "chernoff",
        source: "Chernoff 1952, \"A measure of asymptotic efficiency\", theorem 1",
        rate: ErrorRate::Beta,
        is_bound: true,
        ln_of: |setting| setting.ln_bound(ErrorRate::Beta),
    },
    Approximation {
        name: "hoeffding",
        source: "Hoeffding 1965, \"Asymptotically optimal tests for multinomial distributions\"",
        rate: ErrorRate::Beta,
        is_bound: true,
        ln_of: |setting| setting.ln_hoeffding(),
    },
    Approximation {
        name: "chernoff_information",
        source: "Chernoff 1952, \"A measure of asymptotic efficiency\", section 4",
        rate: ErrorRate::Mean,
        is_bound: true,
        ln_of: |setting| {
            let information = setting.exponents.as_ref()?.information();
            (setting.test.threshold() == 0.0).then(|| -setting.n() * information)
        },
    },
    Approximation {
        name: "stein",
        source: "Chernoff 1956, \"Large-sample theory: parametric case\", crediting Stein",
        rate: ErrorRate::Beta,
        is_bound: false,
        ln_of: |setting| setting.level.map(|_| -setting.n() * setting.cumulants.mean),
    },
    Approximation {
        name: "strassen",
        source: "Strassen 1962, \"Asymptotische Abschätzungen in Shannons Informationstheorie\"",
        rate: ErrorRate::Beta,
        is_bound: false,
        ln_of: |setting| {
            let (level, (mean, variance)) = (setting.level?, setting.spread()?);
            Some(-strassen(mean, variance, level, setting.n()))
        },
    },
    Approximation {
        name: "bahadur_rao",
        source: "Bahadur & Rao 1960, \"On deviations of the sample mean\"",
        rate: ErrorRate::Alpha,
        is_bound: false,
        ln_of: |setting| setting.ln_bahadur_rao(ErrorRate::Alpha),
    },
    Approximation {
        name: "bahadur_rao",
        source: "Bahadur & Rao 1960, \"On deviations of the sample mean\"",
        rate: ErrorRate::Beta,
        is_bound: false,
        ln_of: |setting| setting.ln_bahadur_rao(ErrorRate::Beta),
    },
    Approximation {
        name: "normal",
        source: "the central limit theorem",
        rate: ErrorRate::Alpha,
        is_bound: false,
        ln_of: |setting| {
            let (mean, variance) = setting.spread()?;
            let (n, threshold) = (setting.n(), setting.test.threshold());
            Some(ln_upper_tail((n * mean - threshold) / (n * variance).sqrt()))
        },
    },
    Approximation {
        name: "normal",
        source: "the central limit theorem",
        rate: ErrorRate::Beta,
        is_bound: false,
        ln_of: |setting| {
            let (mean, variance) = spread(&Cumulants::of(&setting.pair.reversed().ok()?))?;
            let (n, threshold) = (setting.n(), setting.test.threshold());
            Some(ln_upper_tail((threshold + n * mean) / (n * variance).sqrt()))
        },
    },
];

/// −ln beta at level ε by Strassen's formula, nats.
fn strassen(mean: f64, variance: f64, level: f64, n: f64) -> f64 {
    let z = if level <= 0.5 { -normal_quantile(level) } else { normal_quantile(1.0 - level) };
    n * mean + (n * variance).sqrt() * z + 0.5 * libm::log(n)
}

impl Setting<'_> {
    fn exponent(&self, rate: ErrorRate, x: f64) -> Option<Exponent> {
        let exponents = self.exponents.as_ref()?;
        match rate {
            ErrorRate::Alpha => Some(exponents.under_source(x)),
            ErrorRate::Beta => Some(exponents.under_model(x)),
            ErrorRate::Mean => None,
        }
    }

    fn ln_bound(&self, rate: ErrorRate) -> Option<f64> {
        self.exponent(rate, self.test.least() / self.n()).map(|found| -self.n() * found.value)
    }

    fn ln_hoeffding(&self) -> Option<f64> {
        let x = self.exponents.as_ref()?.source_point(-libm::log(self.level?) / self.n());
        self.exponent(ErrorRate::Beta, x).map(|found| -self.n() * found.value)
    }

    fn ln_bahadur_rao(&self, rate: ErrorRate) -> Option<f64> {
        let (exponents, n) = (self.exponents.as_ref()?, self.n());
        let least = self.test.least();
        let reached = match (exponents.around(n, least), rate) {
            (Some((below, _)), ErrorRate::Alpha) => below,
            (Some((_, at)), _) => at,
            (None, _) => least,
        };
        let found = self.exponent(rate, reached / n)?;
        let tilt = found.tilt.abs();
        if tilt == 0.0 || found.curvature <= 0.0 {
            return None;
        }
        let step = exponents.span().map_or(1.0 / tilt, |span| span / -libm::expm1(-span * tilt));
        Some(-n * found.value + libm::log(step) - 0.5 * libm::log(TAU * n * found.curvature))
    }
}

/// ln P(Z ≥ z), Z standard normal: far out by z⁻² terms of the asymptotic series (Olver et al., NIST Handbook, 7.12.1).
fn ln_upper_tail(z: f64) -> f64 {
    const FAR: f64 = 30.0;
    if z < FAR {
        return libm::log(0.5 * libm::erfc(z * FRAC_1_SQRT_2));
    }
    let y = 1.0 / (z * z);
    -0.5 * z * z - libm::log(z) - 0.5 * libm::log(TAU) + libm::log1p(-y * (1.0 - y * (3.0 - 15.0 * y)))
}
