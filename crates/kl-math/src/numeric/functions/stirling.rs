//! What Stirling's formula leaves out: the differences of log-gammas without their large parts.
//!
//! φ(x) = lnΓ(x) − x ln x + x is convex, and x ln x − x is the part of lnΓ that divergences hold against each other exactly.

use super::special::{log_excess_to, log_of_ratio};
use crate::numeric::{log_excess, log_gap};

/// Beyond this the asymptotic series are used, below it steps of one.
const LARGE: f64 = 20.0;

/// B₂ₘ/(2m(2m−1)).
const REMAINDER: [f64; 7] =
    [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];

/// Nodes and weights of Gauss and Legendre's rule of ten points on (0, 1), the lower half.
const GAUSS: [(f64, f64); 5] = [
    (0.013_046_735_741_414_14, 0.033_335_672_154_344_07),
    (0.067_468_316_655_507_75, 0.074_725_674_575_290_3),
    (0.160_295_215_850_487_8, 0.109_543_181_257_991_02),
    (0.283_302_302_935_376_4, 0.134_633_359_654_998_18),
    (0.425_562_830_509_184_39, 0.147_762_112_357_376_44),
];

/// ∫₀¹ f.
fn integrated(f: impl Fn(f64) -> f64) -> f64 {
    GAUSS.iter().map(|&(node, weight)| weight * (f(node) + f(1.0 - node))).sum()
}

/// φ(b) − φ(a) − (b−a) φ′(a) for positive a and b = a + h, φ(x) = lnΓ(x) − x ln x + x: never negative, and right to some ten
/// ulp however near or far they are. With t = h/a it is ½ [t − ln(1+t)] but for a part of it of the size 1/a.
///
/// ```
/// use kl_math::numeric::stirling_gap;
/// // lnΓ(3) − lnΓ(2) − ψ(2) less 2 h(½), h(t) = (1+t) ln(1+t) − t.
/// let expected = std::f64::consts::LN_2 - 0.422_784_335_098_467_14 - 2.0 * (1.5 * 1.5f64.ln() - 0.5);
/// assert!((stirling_gap(2.0, 3.0, 1.0) / expected - 1.0).abs() < 1e-14);
/// assert_eq!(stirling_gap(1e17, 1e17, 0.0), 0.0);
/// ```
pub fn stirling_gap(a: f64, b: f64, h: f64) -> f64 {
    let t = h / a;
    if !(-0.5..=0.5).contains(&t) && a < 1.0 {
        // One step up: at a small a and b the large parts of the remainders would cancel.
        let first = log_excess_to(a, b, h) - (gap_part(a, b, h) - gap_part(a + 1.0, b + 1.0, h));
        return first + stirling_gap(a + 1.0, b + 1.0, h);
    }
    if !(-0.5..=0.5).contains(&t) {
        return h * log_less_digamma(a) - 0.5 * log_of_ratio(b, a, h) + (stirling_remainder(b) - stirling_remainder(a));
    }
    if (1.0..LARGE).contains(&a) && t.abs() < 0.25 {
        // h² ∫ (1−u) φ″(a+uh) du: the sum below would lose as many ulp as a is large.
        return integrated(|u| {
            let part = t / (1.0 + u * t);
            (1.0 - u) * part * part * trigamma_excess(a + u * h)
        });
    }
    let steps = (LARGE - a.min(b)).max(0.0).ceil();
    let (large, end) = (a + steps, b + steps);
    let far = remainder_gap(large, h / large);
    if steps == 0.0 {
        return 0.5 * log_excess(t) + far;
    }
    // x h(h/x) falls with x by little less than what the terms g(h/x) add.
    let mut sum = 0.5 * log_excess_to(large, end, h) + far + (large * log_gap(h / large) - a * log_gap(t));
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        sum += log_excess_to(a + j, b + j, h);
    }
    sum
}

/// a h(t) = b ln(b/a) − b + a, t = h/a.
fn gap_part(a: f64, b: f64, h: f64) -> f64 {
    let t = h / a;
    if t < 1e6 { a * log_gap(t) } else { b * log_of_ratio(b, a, h) - h }
}

/// Σ cₘ a⁻ᵖ [(1+t)⁻ᵖ − 1 + pt], p = 2m − 1, for a ≥ 20 and t near 0: the brackets by u₀ = 0, uₚ = (uₚ₋₁ + p t²)/(1+t).
fn remainder_gap(a: f64, t: f64) -> f64 {
    let (mut sum, mut bracket, mut power, mut p) = (0.0, 0.0, 1.0 / a, 0.0);
    for coefficient in REMAINDER {
        p += 1.0;
        bracket = (bracket + p * t * t) / (1.0 + t);
        sum += coefficient * power * bracket;
        p += 1.0;
        bracket = (bracket + p * t * t) / (1.0 + t);
        power /= a * a;
    }
    sum
}

/// δ(x) = lnΓ(x) − (x−½) ln x + x − ½ ln 2π for x > 0, within some 1e-15.
fn stirling_remainder(x: f64) -> f64 {
    let steps = (LARGE - x).max(0.0).ceil();
    let large = x + steps;
    let square = 1.0 / large / large;
    let mut sum = REMAINDER.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient) / large;
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        sum += (x + j + 0.5) * log_of_ratio(x + j + 1.0, x + j, 1.0) - 1.0;
    }
    sum
}

/// ln a − ψ(a) = −φ′(a) for a > 0: positive, and right to a few ulp.
pub fn log_less_digamma(a: f64) -> f64 {
    let steps = (LARGE - a).max(0.0).ceil();
    let large = a + steps;
    let s = 1.0 / large / large;
    let series = s * (1.0 / 12.0 - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s / 132.0))));
    let mut sum = 0.5 / large + series;
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        // 1/x − ln(1 + 1/x)
        sum += if a + j > 1e-300 { log_excess(1.0 / (a + j)) } else { 1.0 / (a + j) };
    }
    sum
}

/// a² φ″(a), φ″(a) = ψ′(a) − 1/a = Σ 1/((a+j)²(a+j+1)): from 1 at 0 down to ½ at ∞, right to a few ulp.
///
/// ```
/// use kl_math::numeric::trigamma_excess;
/// assert!((trigamma_excess(1.0) / (1.644_934_066_848_226_4 - 1.0) - 1.0).abs() < 1e-15);
/// assert_eq!(trigamma_excess(1e17), 0.5);
/// ```
pub fn trigamma_excess(a: f64) -> f64 {
    stepped(
        a,
        2,
        |x| 1.0 / (x + 1.0),
        |r, s| {
            0.5 + r
                * (1.0 / 6.0
                    - s * (1.0 / 30.0 - s * (1.0 / 42.0 - s * (1.0 / 30.0 - s * (5.0 / 66.0 - s * 691.0 / 2730.0)))))
        },
    )
}

/// −a³ φ‴(a), φ‴(a) = ψ″(a) + 1/a² = −Σ (3x+2)/(x³(x+1)²), x = a + j: from 2 at 0 down to 1 at ∞.
pub fn tetragamma_excess(a: f64) -> f64 {
    stepped(
        a,
        3,
        |x| (3.0 * x + 2.0) / ((x + 1.0) * (x + 1.0)),
        |r, s| 1.0 + r * (0.5 - s * (1.0 / 6.0 - s * (1.0 / 6.0 - s * (0.3 - s * (5.0 / 6.0 - s * 691.0 / 210.0))))),
    )
}

/// a⁴ φ⁗(a), φ⁗(a) = ψ‴(a) − 2/a³ = Σ (12x²+16x+6)/(x⁴(x+1)³), x = a + j: from 6 at 0 down to 3 at ∞.
pub fn pentagamma_excess(a: f64) -> f64 {
    stepped(
        a,
        4,
        |x| ((12.0 * x + 16.0) * x + 6.0) / ((x + 1.0) * (x + 1.0) * (x + 1.0)),
        |r, s| 3.0 + r * (2.0 - s * (1.0 - s * (4.0 / 3.0 - s * (3.0 - s * (10.0 - s * 691.0 / 15.0))))),
    )
}

/// aⁿ Σ term(a+j)/(a+j)ⁿ, the sum beyond 20 by a series in 1/x and 1/x².
fn stepped(a: f64, power: u32, term: impl Fn(f64) -> f64, series: impl Fn(f64, f64) -> f64) -> f64 {
    let steps = (LARGE - a).max(0.0).ceil();
    let large = a + steps;
    let share = |x: f64| (0..power).fold(1.0, |product, _| product * (a / x));
    let mut sum = share(large) * series(1.0 / large, 1.0 / large / large);
    let mut j = steps;
    while j > 0.0 {
        j -= 1.0;
        sum += share(a + j) * if a + j < 1e100 { term(a + j) } else { 0.0 };
    }
    sum
}

/// What [`stirling_gap`] grows by from a to a + e and from b = a + h to b + g at once, h by f = g − e, where e is a small part of a
/// and g of b: through derivatives, so that nothing cancels. With x = a + se and y = h + sf along the way
///
/// * for small h/a it is ∫∫ (1−u) [2yf φ″(x+uy) + y²(e+uf) φ‴(x+uy)] du ds, and
/// * else ∫ g [φ′(x+y) − φ′(x)] − e y φ″(x) ds.
pub(crate) fn stirling_gap_growth([a, b, h]: [f64; 3], [e, g, f]: [f64; 3]) -> f64 {
    let near = (h / a).abs() <= 0.5;
    integrated(|s| {
        let (x, y, z) = (a + s * e, h + s * f, b + s * g);
        if near {
            return integrated(|u| {
                let at = x + u * y;
                let (part, second, third) = (y / at, trigamma_excess(at), tetragamma_excess(at));
                (1.0 - u) * part * (2.0 * (f / at) * second - part * ((e + u * f) / at) * third)
            });
        }
        let rise = log_less_digamma(x) - log_less_digamma(z);
        g * rise - (e / x) * (y / x) * trigamma_excess(x)
    })
}

/// What h² φ″(a) grows by from a to a + e and from h to h + f, likewise.
pub(crate) fn trigamma_growth(a: f64, h: f64, e: f64, f: f64) -> f64 {
    integrated(|s| {
        let (x, y) = (a + s * e, h + s * f);
        (y / x) * (2.0 * (f / x) * trigamma_excess(x) - (y / x) * (e / x) * tetragamma_excess(x))
    })
}

/// φ′(a+h) − φ′(a) for a > 0 and a + h > 0: of the sign of h, right to some ten ulp.
pub(crate) fn log_less_digamma_fall(a: f64, h: f64) -> f64 {
    let t = h / a;
    if t.abs() > 0.5 {
        return log_less_digamma(a) - log_less_digamma(a + h);
    }
    integrated(|u| {
        let at = a + u * h;
        h / at / at * trigamma_excess(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_a_difference_of_gaps() {
        for (a, h) in [(0.3, 0.1), (5.0, -2.0), (5.0, 40.0), (30.0, -29.0), (0.1, 7.0), (400.0, 1.0)] {
            let (e, g) = (0.2 * a, 0.15 * (a + h));
            let f = g - e;
            let (low, high) = (stirling_gap(a, a + h, h), stirling_gap(a + e, a + h + g, h + f));
            let found = stirling_gap_growth([a, a + h, h], [e, g, f]);
            assert!((found - (high - low)).abs() < 1e-14 * (high + low), "{a} {h}: {found:e} {:e}", high - low);
            let of = |a: f64, h: f64| (h / a) * (h / a) * trigamma_excess(a);
            let (low, high, found) = (of(a, h), of(a + e, h + f), trigamma_growth(a, h, e, f));
            assert!((found - (high - low)).abs() < 1e-14 * (high + low), "{a} {h}: {found:e} {:e}", high - low);
            let (rise, other) = (log_less_digamma_fall(a, h), log_less_digamma(a) - log_less_digamma(a + h));
            assert!((rise - other).abs() < 1e-14 * log_less_digamma(a), "{a} {h}");
        }
    }

    /// By mpmath, on both sides of where the series begin and far and near: two parts in 10¹⁴ tell the coefficients.
    #[test]
    fn gaps_are_those_of_the_log_gammas() {
        for (a, b, gap, rest) in [
            (20.0, 26.0, 0.019_106_206_173_364_244, 0.025_208_281_311_841_944),
            (20.0, 14.5, 0.023_726_161_669_613_65, 0.025_208_281_311_841_944),
            (21.0, 21.5, 0.000_141_709_481_427_521_7, 0.023_998_445_481_273_945),
            (30.0, 20.0, 0.036_528_709_050_021_43, 0.016_759_248_976_630_5),
            (50.0, 74.0, 0.044_238_398_942_662, 0.010_033_332_000_253_862),
            (0.5, 0.25, 0.148_066_870_408_007_84, 1.270_362_845_461_478_2),
            (3.0, 12.0, 0.868_569_315_989_048_9, 0.175_827_953_569_642_56),
            (3.0, 3.5, 0.006_906_874_842_491_281, 0.175_827_953_569_642_56),
        ] {
            let (found, less) = (stirling_gap(a, b, b - a), log_less_digamma(a));
            assert!((found / gap - 1.0).abs() < 2e-14, "{a} {b}: {found:e}");
            assert!((less / rest - 1.0).abs() < 4e-15, "{a}: {less:e}");
        }
    }
}
