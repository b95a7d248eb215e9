//! Special functions as the divergences need them: differences and sums of positive terms, so that nothing cancels.

use crate::numeric::{digamma, exp_excess, log_gap};

/// ζ(s, a) = Σ_{j≥0} 1/(a+j)^s for whole s ≥ 2 and a > 0: ψ⁽ᵐ⁾(a) = (−1)^{m+1} m! ζ(m+1, a).
///
/// Directly up to a + j = 20, beyond by Euler and Maclaurin (Olver et al., NIST Handbook, 25.11.28). Relative error
/// below 1e-15.
///
/// ```
/// use kl_math::numeric::hurwitz_zeta;
/// let basel = std::f64::consts::PI * std::f64::consts::PI / 6.0;
/// assert!((hurwitz_zeta(2, 1.0) / basel - 1.0).abs() < 1e-15);
/// ```
pub fn hurwitz_zeta(s: u32, a: f64) -> f64 {
    /// B₂ₘ/(2m)!
    const COEFFICIENTS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30_240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
        1.0 / 74_724_249_600.0,
    ];
    let power = |base: f64| (0..s).fold(1.0, |product, _| product * base);
    let steps = (20.0 - a).max(0.0).ceil();
    let large = a + steps;
    let inverse = 1.0 / large;
    let last = power(inverse);
    let order = f64::from(s);
    let mut sum = last * large / (order - 1.0) + 0.5 * last;
    let mut factor = order * last * inverse;
    for (m, coefficient) in COEFFICIENTS.iter().enumerate() {
        sum += coefficient * factor;
        let next = order + 2.0 * m as f64 + 1.0;
        factor *= next * (next + 1.0) * inverse * inverse;
    }
    // From the smallest up.
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        sum += power(1.0 / (a + j));
    }
    sum
}

/// lnΓ(a+h) − lnΓ(a) − h ψ(a) for a > 0 and a + h > 0: never negative, and right to a few ulp however small h is.
///
/// With g(x) = x − ln(1+x) it is Σ_{j≥0} g(h/(a+j)). Some twenty terms are taken one by one; the rest is the same
/// function at a larger A, where Stirling's series, t = h/A, gives A [(1+t) ln(1+t) − t] + g(t)/2 +
/// Σ cₘ A⁻ᵖ [(1+t)⁻ᵖ − 1 + pt], p = 2m−1.
///
/// ```
/// use kl_math::numeric::log_gamma_gap;
/// // ψ′(1)/2·h² = π²/12·h² for a small h.
/// assert!((log_gamma_gap(1.0, 1e-9) / 8.224_670_334_241_132e-19 - 1.0).abs() < 1e-8);
/// ```
pub fn log_gamma_gap(a: f64, h: f64) -> f64 {
    log_gamma_gap_to(a, a + h, h)
}

/// lnΓ(b) − lnΓ(a) − h ψ(a), the [`log_gamma_gap`] to b = a + h: given b beside h it keeps its digits where b is so far
/// below a that h has lost those of b, and where h is so small that b has lost those of h.
///
/// ```
/// use kl_math::numeric::log_gamma_gap_to;
/// // −ln b + (1−b) γ… for a small b: lnΓ(b) = −ln b − γb, ψ(1) = −γ.
/// assert!((log_gamma_gap_to(1.0, 1e-300, -1.0) / (690.775_527_898_213_7 - 0.577_215_664_901_532_9) - 1.0).abs() < 1e-15);
/// ```
pub fn log_gamma_gap_to(a: f64, b: f64, h: f64) -> f64 {
    if a > 0.0 && b <= 0.0 {
        return f64::INFINITY;
    }
    /// B₂ₘ/(2m(2m−1)).
    const COEFFICIENTS: [f64; 7] =
        [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    let steps = (20.0 - a.min(b)).max(0.0).ceil();
    let (large, end) = (a + steps, b + steps);
    let t = h / large;
    let excess = log_excess_to(large, end, h);
    let mut correction = 0.0;
    let mut sum = if t < FAR {
        let (mut power, mut end_power) = (1.0 / large, 1.0 / end);
        for (m, coefficient) in COEFFICIENTS.iter().enumerate() {
            let p = 2.0 * m as f64 + 1.0;
            correction += coefficient * (end_power - power * (1.0 - p * t));
            power /= large * large;
            end_power /= end * end;
        }
        end * log_of_ratio(end, large, h) - h
    } else {
        let (logarithm, mut power) = (libm::log1p(t), 1.0 / large);
        for (m, coefficient) in COEFFICIENTS.iter().enumerate() {
            let p = 2.0 * m as f64 + 1.0;
            correction += coefficient * power * (exp_excess(-p * logarithm) + p * excess);
            power /= large * large;
        }
        large * log_gap(t)
    };
    sum += 0.5 * excess + correction;
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        sum += log_excess_to(a + j, b + j, h);
    }
    sum
}

/// lnΓ(a+h) − lnΓ(a) for a > 0 and a + h > 0, h ψ(a) + [`log_gamma_gap`](a, h): near a no digit cancels.
///
/// ```
/// use kl_math::numeric::log_gamma_step;
/// assert!((log_gamma_step(3.0, 1.0) / 3.0f64.ln() - 1.0).abs() < 1e-15);
/// ```
pub fn log_gamma_step(a: f64, h: f64) -> f64 {
    h * digamma(a) + log_gamma_gap(a, h)
}

/// g(x) = x − ln(1+x) for x > −1: what an exponential law adds to a divergence. Never negative, right to a few ulp:
/// near zero, with u = x/(2+x), g = 2u²/(1−u) − 2u³ (1/3 + u²/5 + …).
///
/// ```
/// use kl_math::numeric::log_excess;
/// assert!((log_excess(1e-8) / 0.5e-16 - 1.0).abs() < 1e-8);
/// assert_eq!(log_excess(-1.0), f64::INFINITY);
/// ```
pub fn log_excess(x: f64) -> f64 {
    if x <= -1.0 {
        return f64::INFINITY;
    }
    if x.abs() >= 0.5 {
        return x - libm::log1p(x);
    }
    let u = x / (2.0 + x);
    let square = u * u;
    let series = (0..20).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 3));
    2.0 * square * (1.0 / (1.0 - u) - u * series)
}

/// Below this 1 + x has lost too much of what x was made from.
pub(crate) const FAR: f64 = -0.9;

/// g(x) for x = (b−a)/a, a and b positive: x − ln(b/a), which keeps its digits where b is so far below a that x is −1 but
/// for rounding.
///
/// ```
/// use kl_math::numeric::log_excess_of;
/// assert_eq!(log_excess_of(1.0, 1e-300), 1e-300f64.ln().abs() - 1.0);
/// ```
pub fn log_excess_of(a: f64, b: f64) -> f64 {
    log_excess_to(a, b, b - a)
}

/// The same with b − a beside b.
pub(in crate::numeric) fn log_excess_to(a: f64, b: f64, difference: f64) -> f64 {
    let x = difference / a;
    if x < FAR { x - log_of_ratio(b, a, difference) } else { log_excess(x) }
}

/// ln(1+x) for x = (b−a)/a, a and b positive, likewise.
///
/// ```
/// use kl_math::numeric::log1p_of;
/// assert_eq!(log1p_of(1.0, 1e-300), 1e-300f64.ln());
/// assert_eq!(log1p_of(1.0, 1.25), 0.25f64.ln_1p());
/// ```
pub fn log1p_of(a: f64, b: f64) -> f64 {
    let x = (b - a) / a;
    if x < FAR { log_of_ratio(b, a, b - a) } else { libm::log1p(x) }
}

/// ln(a/b) for positive a and b whose difference a − b is `difference`: through it where they are near.
///
/// ```
/// use kl_math::numeric::log_of_ratio;
/// assert!((log_of_ratio(1.0 + 1e-12, 1.0, 1e-12) / 1e-12 - 1.0).abs() < 1e-11);
/// assert_eq!(log_of_ratio(2.0, 1.0, 1.0), std::f64::consts::LN_2);
/// ```
pub fn log_of_ratio(a: f64, b: f64, difference: f64) -> f64 {
    let relative = difference / b;
    if relative.abs() < 0.5 {
        return libm::log1p(relative);
    }
    let ratio = a / b;
    if (f64::MIN_POSITIVE..f64::MAX).contains(&ratio) { libm::log(ratio) } else { libm::log(a) - libm::log(b) }
}

/// Li₂(w/(1+w)) = Σ zᵏ/k², z = w/(1+w), for w ≥ 0; right to a few ulp for any w, where z rounds to 1 too.
///
/// ```
/// use kl_math::numeric::dilogarithm_of_odds;
/// assert!((dilogarithm_of_odds(f64::INFINITY) / 1.644_934_066_848_226_4 - 1.0).abs() < 1e-15);
/// ```
pub fn dilogarithm_of_odds(w: f64) -> f64 {
    const ZETA_2: f64 = 1.644_934_066_848_226_4;
    // Terms of at most 2⁻ᵏ/k².
    let series = |z: f64| z * (1..60u32).rev().fold(0.0, |sum, k| sum * z + 1.0 / f64::from(k * k));
    if w <= 1.0 {
        return series(w / (1.0 + w));
    }
    // Euler's reflection: Li₂(z) = ζ(2) − ln z ln(1−z) − Li₂(1−z).
    let rest = 1.0 / (1.0 + w);
    let logarithms = if rest > 0.0 { -libm::log1p(-rest) * libm::log1p(w) } else { 0.0 };
    ZETA_2 - logarithms - series(rest)
}
