//! Elementary functions written so that nothing cancels.

/// h(t) = (1+t) ln(1+t) − t for t ≥ −1: what one symbol with p = (1+t) q adds to KL(P‖Q)/q.
///
/// Never negative, zero only at t = 0, and right to a few ulp everywhere: near zero, with
/// u = t/(2+t), h = 2u²/(1−u) Σₖ [u²ᵏ/(2k+1) + u²ᵏ⁺¹/(2k+3)]. h(−1) = 1.
///
/// ```
/// use kl_math::numeric::log_gap;
/// assert_eq!(log_gap(-1.0), 1.0);
/// assert!((log_gap(1e-8) / 0.5e-16 - 1.0).abs() < 1e-8);
/// ```
pub fn log_gap(t: f64) -> f64 {
    if t <= -1.0 {
        return 1.0;
    }
    if t.abs() >= 0.5 {
        return (1.0 + t) * libm::log1p(t) - t;
    }
    let u = t / (2.0 + t);
    let square = u * u;
    // The first term left out is below 2⁻⁶⁰ of the sum: |u| ≤ 1/3 at most.
    let series = match square {
        tiny if tiny < 1.0 / 65_536.0 => gap_series::<5>(u, square),
        small if small < 1.0 / 256.0 => gap_series::<10>(u, square),
        _ => gap_series::<20>(u, square),
    };
    2.0 * square / (1.0 - u) * series
}

/// The first `TERMS` terms of Σₖ [u²ᵏ/(2k+1) + u²ᵏ⁺¹/(2k+3)].
fn gap_series<const TERMS: u32>(u: f64, square: f64) -> f64 {
    (0..TERMS).rev().fold(0.0, |sum, k| {
        let k = f64::from(k);
        sum * square + (1.0 / (2.0 * k + 1.0) + u / (2.0 * k + 3.0))
    })
}

/// φ(z) = eᶻ − 1 − z, accurate near zero, where it is z²/2 + z³/6 + …
///
/// ```
/// use kl_math::numeric::exp_excess;
/// assert!((exp_excess(1e-9) / 0.5e-18 - 1.0).abs() < 1e-8);
/// ```
pub fn exp_excess(z: f64) -> f64 {
    if z.abs() >= 0.5 { libm::expm1(z) - z } else { small_excess(z) }
}

/// The same where `rise`, eᶻ − 1, is known.
pub(crate) fn exp_excess_of(z: f64, rise: f64) -> f64 {
    if z.abs() >= 0.5 { rise - z } else { small_excess(z) }
}

/// φ(z) for |z| < ½.
fn small_excess(z: f64) -> f64 {
    // The terms left out are below 2⁻⁶⁰ at |z| = ½ and below 2⁻⁸⁵ of the sum where z is smaller.
    let series = match z.abs() {
        tiny if tiny < 1.0 / 65_536.0 => excess_series::<7>(z),
        small if small < 1.0 / 256.0 => excess_series::<10>(z),
        middle if middle < 1.0 / 16.0 => excess_series::<15>(z),
        _ => excess_series::<20>(z),
    };
    0.5 * z * z * series
}

/// Horner on 1 + z/3 (1 + z/4 (…)), up to the divisor below `END`.
fn excess_series<const END: u32>(z: f64) -> f64 {
    (3..END).rev().fold(1.0, |tail, k| 1.0 + z / f64::from(k) * tail)
}

/// sin z − z, accurate near zero, where it is −z³/6 + z⁵/120 − …
///
/// ```
/// use kl_math::numeric::sine_excess;
/// assert!((sine_excess(1e-3) / -1.666_666_583_333_335e-10 - 1.0).abs() < 1e-15);
/// ```
pub fn sine_excess(z: f64) -> f64 {
    if z.abs() >= 0.5 {
        return libm::sin(z) - z;
    }
    // Horner on −z³/6 (1 − z²/20 (1 − z²/42 (…))); ten terms reach below an ulp.
    let square = z * z;
    let series = (2..12).rev().fold(1.0, |tail, k| {
        let k = f64::from(2 * k);
        1.0 - square / (k * (k + 1.0)) * tail
    });
    -square * z / 6.0 * series
}

/// The remainder of Stirling's formula, δ(n) = ln Γ(n+1) − [(n+½) ln n − n + ½ ln 2π], for n ≥ 0 (δ(0) = 0
/// by the convention that the binomial's boundary terms are taken apart).
///
/// For n ≤ 15 from a table, beyond by its asymptotic series (Loader 2000, "Fast and accurate computation
/// of binomial probabilities"). Between whole numbers below 15 by δ(n) = δ(n+1) + (n+½) ln(1+1/n) − 1.
///
/// ```
/// use kl_math::numeric::stirling_error;
/// assert!((stirling_error(100.0) - 0.000_833_330_555_634_9).abs() < 1e-16);
/// ```
pub fn stirling_error(n: f64) -> f64 {
    // δ(0) is unused; δ(1) … δ(15), made with 30-digit arithmetic from the definition.
    const TABLE: [f64; 16] = [
        0.0,
        0.081_061_466_795_327_26,
        0.041_340_695_955_409_3,
        0.027_677_925_684_998_34,
        0.020_790_672_103_765_093,
        0.016_644_691_189_821_192,
        0.013_876_128_823_070_748,
        0.011_896_709_945_891_77,
        0.010_411_265_261_972_096,
        0.009_255_462_182_712_733,
        0.008_330_563_433_362_87,
        0.007_573_675_487_951_841,
        0.006_942_840_107_209_53,
        0.006_408_994_188_004_207,
        0.005_951_370_112_758_847_7,
        0.005_554_733_551_962_801,
    ];
    if n <= 15.0 && n == n.floor() {
        return TABLE[n as usize];
    }
    if n < 15.0 {
        // δ(n) − δ(n+1) = (n+½) ln(1+1/n) − 1.
        return stirling_error(n + 1.0) + ((n + 0.5) * libm::log1p(1.0 / n) - 1.0);
    }
    let r = 1.0 / n;
    let s = r * r;
    r * (1.0 / 12.0
        - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0 - s * (1.0 / 1188.0 - s * (691.0 / 360_360.0))))))
}
