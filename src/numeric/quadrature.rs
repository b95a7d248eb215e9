//! Integrals over pieces of the line, whatever happens at their ends.

use std::f64::consts::{FRAC_PI_2, PI};

use super::DoubleDouble;

/// The step in t halves with every level; at the first one it is 1/8.
const FIRST_LEVEL: u32 = 3;

/// Some 55 000 nodes a piece.
const LAST_LEVEL: u32 = 12;

/// 2⁻⁵³.
const HALF_ULP: f64 = 0.5 * f64::EPSILON;

/// e^±690 is as far as a node goes from a finite end, or from 0: squares may overflow, the nodes do not.
const FURTHEST_LOG: f64 = 690.0;

/// A point and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Where the integrand is asked for; a breakpoint only by rounding, so never 0.
    pub x: f64,
    /// The factor of its value.
    pub weight: f64,
}

/// An integral and how far it may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Integral {
    /// ∫f.
    pub value: f64,
    /// The difference of the last two levels, what is left out at the ends, and rounding. Infinite where the integral
    /// seems to diverge.
    pub error: f64,
    /// The last level used.
    pub level: u32,
}

/// The nodes of the trapezoidal rule with step 2^−`level` in t after a double exponential transform (Takahasi & Mori
/// 1974, "Double exponential formulas for numerical integration"), on every piece between neighbouring `breakpoints`,
/// which ascend; the first may be −∞ and the last ∞.
///
/// * a finite piece: x = a + (b−a)/(1 + exp(−π sinh t)), tanh–sinh;
/// * a half-infinite one: x = b ± exp(½π sinh t), exp–sinh;
/// * the whole line, [−∞, ∞]: x = sinh(½π sinh t), sinh–sinh.
///
/// Distances from an end at 0 are exact and go down to 1e-300; near another end b they are rounded, to b itself at
/// last. So a singular point is best moved to 0. Fewer than two breakpoints, or two equal ones, make no nodes.
///
/// ```
/// use kl_runner::numeric::nodes;
/// // ∫₀¹ x^−½ dx
/// let sum: f64 = nodes(&[0.0, 1.0], 5).iter().map(|node| node.weight / node.x.sqrt()).sum();
/// assert!((sum - 2.0).abs() < 1e-14);
/// ```
pub fn nodes(breakpoints: &[f64], level: u32) -> Vec<Node> {
    breakpoints.windows(2).flat_map(|ends| piece(ends[0], ends[1], level)).map(|(node, _)| node).collect()
}

/// ∫f over all pieces between neighbouring `breakpoints`; see [`nodes`] for what they may be. For one function what
/// [`integrate_many`] is for several.
///
/// ```
/// use kl_runner::numeric::integrate;
/// let found = integrate(&[f64::NEG_INFINITY, 0.0, f64::INFINITY], |x| libm::exp(-x.abs()));
/// assert!((found.value - 2.0).abs() <= found.error && found.error < 1e-14);
/// ```
pub fn integrate(breakpoints: &[f64], f: impl Fn(f64) -> f64) -> Integral {
    let [integral] = integrate_many(breakpoints, |x| [f(x)]);
    integral
}

/// Several integrals that share their nodes: ∫fₖ over all pieces between neighbouring `breakpoints`, see [`nodes`].
///
/// f must be analytic within every piece; at its ends it may be singular as long as it can be integrated, and at
/// infinity it may fall in any way. Levels are doubled until two agree, for every f, to what rounding leaves, 2e-15
/// ∫|f| where the mass is some 1 from the breakpoint, 2e-14 at 1e±100, and u ∫|xf′|, u = 2⁻⁵³, where a breakpoint is
/// far from 0; or to the last, 12. Mass must not hide between the first nodes: a peak of width w is found if it is
/// within some 10 w of a breakpoint, or of 0 on the whole line; so cut where the mass is.
///
/// A value that is not finite counts as 0, and the larger one of its finite neighbours' contributions is added to the
/// error: nothing where an integrand overflows or is 0 · ∞ far out in its tails, much where it does so in the middle.
///
/// ```
/// use kl_runner::numeric::integrate_many;
/// let moments = integrate_many(&[0.0, f64::INFINITY], |x| [1.0, x, x * x].map(|power| power * libm::exp(-x)));
/// assert!(moments.iter().zip([1.0, 1.0, 2.0]).all(|(found, expected)| (found.value - expected).abs() < 1e-14));
/// ```
pub fn integrate_many<const K: usize>(breakpoints: &[f64], f: impl Fn(f64) -> [f64; K]) -> [Integral; K] {
    let mut coarse = sums(breakpoints, FIRST_LEVEL, &f);
    let mut level = FIRST_LEVEL;
    loop {
        level += 1;
        let fine = sums(breakpoints, level, &f);
        let differences: [f64; K] = std::array::from_fn(|k| (fine[k].value - coarse[k].value).abs());
        if level == LAST_LEVEL || (0..K).all(|k| differences[k] <= fine[k].rounding) {
            return std::array::from_fn(|k| Integral {
                value: fine[k].value,
                error: differences[k] + fine[k].left_out + fine[k].rounding,
                level,
            });
        }
        coarse = fine;
    }
}

/// What one level finds.
#[derive(Clone, Copy, Debug)]
struct LevelSum {
    value: f64,
    rounding: f64,
    left_out: f64,
}

/// One integrand's contributions along a piece, in order.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    sum: DoubleDouble,
    /// ∫|f|.
    size: f64,
    rounding: f64,
    /// The sizes of the first two and the last two contributions.
    ends: [f64; 4],
    count: u32,
    /// Values not finite since the last finite one.
    gap: f64,
    left_out: f64,
    /// The last node with a finite value, and that value.
    place: Option<(f64, f64)>,
}

impl Run {
    fn push(&mut self, Node { x, weight }: Node, value: f64, logarithm: f64) {
        let contribution = weight * value;
        if !contribution.is_finite() {
            self.gap += 1.0;
            return;
        }
        let size = contribution.abs();
        if self.gap > 0.0 {
            self.left_out += self.gap * size.max(self.ends[3]);
            self.gap = 0.0;
        }
        self.sum += contribution;
        self.size += size;
        // The rounding of `logarithm` moves the node; of several nodes' moves, independent ones, some cancel.
        self.rounding += HALF_ULP * (16.0 + 0.5 * logarithm) * size;
        // And so does that of x, which matters where the breakpoint is far from 0.
        if let Some((before, last)) = self.place
            && x != before
        {
            let slope = ((value - last) / (x - before)).abs();
            let moved = HALF_ULP * x.abs() * slope * weight;
            self.rounding += if moved.is_finite() { moved } else { 0.0 };
        }
        self.place = Some((x, value));
        if self.count < 2 {
            self.ends[self.count as usize] = size;
        }
        self.count += 1;
        (self.ends[2], self.ends[3]) = (self.ends[3], size);
    }

    /// With four times what is beyond the two ends if it goes on falling as it last did, for near an end not 0 places
    /// are rounded; `total` says what is negligible.
    fn left_out(&self, total: f64) -> f64 {
        if self.count == 0 {
            return if self.gap > 0.0 { f64::INFINITY } else { 0.0 };
        }
        let beyond = |last: f64, before: f64| {
            if last <= 1e-30 * total {
                0.0
            } else if last < before {
                4.0 * last * last / (before - last)
            } else {
                f64::INFINITY
            }
        };
        let [first, second, before, last] = self.ends;
        self.left_out + self.gap * last + beyond(first, second) + beyond(last, before)
    }
}

fn sums<const K: usize>(breakpoints: &[f64], level: u32, f: &impl Fn(f64) -> [f64; K]) -> [LevelSum; K] {
    let mut runs: Vec<[Run; K]> = Vec::new();
    for ends in breakpoints.windows(2) {
        let mut run = [Run::default(); K];
        for (node, logarithm) in piece(ends[0], ends[1], level) {
            for (run, value) in run.iter_mut().zip(f(node.x)) {
                run.push(node, value, logarithm);
            }
        }
        runs.push(run);
    }
    std::array::from_fn(|k| {
        let size = runs.iter().map(|run| run[k].size).sum::<f64>();
        LevelSum {
            value: runs.iter().map(|run| run[k].sum).sum::<DoubleDouble>().to_f64(),
            rounding: runs.iter().map(|run| run[k].rounding).sum(),
            left_out: runs.iter().map(|run| run[k].left_out(size)).sum(),
        }
    })
}

/// The nodes of one piece by rising x, each with the size of its distance's logarithm.
fn piece(low: f64, high: f64, level: u32) -> Vec<(Node, f64)> {
    let step = 1.0 / f64::from(1u32 << level.min(30));
    // asinh: 690 = ½π sinh t, or π sinh t on a finite piece.
    let is_finite = low.is_finite() && high.is_finite();
    let furthest = libm::asinh(FURTHEST_LOG / if is_finite { PI } else { FRAC_PI_2 });
    let count = (furthest / step) as i64;
    let place = |index: i64| {
        let t = index as f64 * step;
        let (u, speed) = (FRAC_PI_2 * libm::sinh(t), FRAC_PI_2 * libm::cosh(t) * step);
        let node = match (low.is_finite(), high.is_finite()) {
            (true, true) => {
                // At the distance small · (b−a) from the nearer end.
                let (fall, length) = (libm::exp(-2.0 * u.abs()), (high - low).min(f64::MAX));
                let (small, large) = (fall / (1.0 + fall), 1.0 / (1.0 + fall));
                let x = if u < 0.0 { low + length * small } else { high - length * small };
                Node { x, weight: 2.0 * speed * length * small * large }
            }
            (true, false) => Node { x: low + libm::exp(u), weight: speed * libm::exp(u) },
            (false, true) => Node { x: high - libm::exp(-u), weight: speed * libm::exp(-u) },
            (false, false) => Node { x: libm::sinh(u), weight: speed * libm::cosh(u) },
        };
        (node, u.abs())
    };
    // Two equal breakpoints, or two in the wrong order, have nothing between them.
    if low < high { (-count..=count).map(place).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::hurwitz_zeta;

    const INFINITY: f64 = f64::INFINITY;

    #[track_caller]
    fn meets(breakpoints: &[f64], expected: f64, f: impl Fn(f64) -> f64) {
        let found = integrate(breakpoints, f);
        let error = (found.value - expected).abs();
        assert!(error <= 1e-14 * expected, "{found:?} is not {expected}, by {:e}", error / expected);
        assert!(error <= found.error, "{found:?} hides an error of {error:e}");
        assert!(found.error <= 1e-13 * expected, "{found:?}: {:e}", found.error / expected);
    }

    #[test]
    fn densities_on_the_line() {
        let line = [-INFINITY, INFINITY];
        for scale in [1.0, 1e-2, 1e2] {
            meets(&line, (2.0 * PI).sqrt() * scale, |x| libm::exp(-0.5 * (x / scale) * (x / scale)));
            meets(&line, PI * scale, |x| 1.0 / (1.0 + (x / scale) * (x / scale)));
            meets(&line, 1.0, |v| libm::exp(v - libm::exp(v)));
        }
        // Γ(0.01)
        meets(&line, 99.432_585_119_150_6, |v| libm::exp(0.01 * v - libm::exp(v)));
        // ∫ e^{v/2}/(1+e^v) dv
        meets(&line, PI, |v| libm::exp(0.5 * v) / (1.0 + libm::exp(v)));
    }

    #[test]
    fn masses_of_any_scale_beside_a_cut() {
        for scale in [1e-100, 1e-6, 1.0, 1e6, 1e100] {
            for sign in [1.0, -1.0] {
                let cut = if sign > 0.0 { [0.0, INFINITY] } else { [-INFINITY, 0.0] };
                meets(&cut, scale, |x| libm::exp(-x.abs() / scale));
                meets(&cut, (0.5 * PI).sqrt() * scale, |x| libm::exp(-0.5 * (x / scale) * (x / scale)));
                meets(&cut, 2.0 * scale, |x| (x.abs() / scale) * (x.abs() / scale) * libm::exp(-x.abs() / scale));
            }
            meets(&[-INFINITY, 0.0, INFINITY], 2.0 * scale, |x| libm::exp(-x.abs() / scale));
            meets(&[-INFINITY, 0.0, INFINITY], PI * scale, |x| 1.0 / (1.0 + (x / scale) * (x / scale)));
        }
    }

    /// Places near 1e6 are multiples of 1e-10, and a peak with slopes of 1 is that far off.
    #[test]
    fn a_mass_far_from_zero_is_right_as_far_as_places_are() {
        let found = integrate(&[-INFINITY, 1e6, INFINITY], |x| libm::exp(-0.5 * (x - 1e6) * (x - 1e6)));
        let error = (found.value - (2.0 * PI).sqrt()).abs();
        assert!(error <= found.error && found.error < 1e-9, "{found:?} {error:e}");
    }

    #[test]
    fn algebraic_tails_and_singular_ends() {
        for shape in [0.1, 0.5, 1.0, 3.0, 50.0] {
            meets(&[1.0, INFINITY], 1.0, |x| shape * libm::pow(x, -shape - 1.0));
        }
        meets(&[0.0, 1.0], 1.0, |x| -libm::log(x));
        meets(&[0.0, 1.0], 24.0, |x| {
            let square = libm::log(x) * libm::log(x);
            square * square
        });
        meets(&[0.0, 1.0], 20.0, |x| libm::pow(x, -0.95));
        // ∫ −ln(1−x)/x = ζ(2): the logarithm's end is at 1, where distances are rounded, to 0 at last.
        let found = integrate(&[0.0, 1.0], |x| -libm::log1p(-x) / x);
        let error = (found.value - hurwitz_zeta(2, 1.0)).abs();
        assert!(error <= 1e-14 && error <= found.error && found.error < 1e-11, "{found:?} {error:e}");
        meets(&[-1.0, 0.0, 2.0], 4.0 * 2f64.sqrt() / 2.0 + 2.0, |x| 1.0 / x.abs().sqrt());
    }

    /// Near 1 distances are multiples of 2⁻⁵²: the mass of the first is missed, and said to be.
    #[test]
    fn a_singular_end_away_from_zero_is_confessed() {
        let found = integrate(&[1.0, 2.0], |x| 1.0 / (x - 1.0).sqrt());
        let error = (found.value - 2.0).abs();
        assert!(error > 1e-9 && error < found.error && found.error < 1e-5, "{found:?}");
    }

    #[test]
    fn what_diverges_has_no_finite_error() {
        assert_eq!(integrate(&[0.0, 1.0], |x| 1.0 / x).error, INFINITY);
        assert_eq!(integrate(&[0.0, 1.0], |_| f64::NAN), Integral { value: 0.0, error: INFINITY, level: 4 });
        // A thousandth of the mass is beyond 1e300.
        let found = integrate(&[1.0, INFINITY], |x| 1e-2 * libm::pow(x, -1.01));
        assert!((found.value - 1.0).abs() < found.error && found.error < 1.0, "{found:?}");
    }

    #[test]
    fn values_that_are_not_finite_count_where_there_is_mass() {
        // 0 · ∞ beyond 38 deviations.
        let found = integrate(&[-INFINITY, 0.0, INFINITY], |x| {
            let density = libm::exp(-0.5 * x * x);
            density * libm::log(density)
        });
        assert!((found.value / -(0.5 * PI).sqrt() - 1.0).abs() < 1e-13 && found.error < 1e-13, "{found:?}");
        let holed = integrate(&[0.0, 1.0], |x| if (0.4..0.6).contains(&x) { f64::NAN } else { 1.0 });
        assert!((0.15..2.0).contains(&holed.error), "{holed:?}");
    }

    #[test]
    fn no_pieces_no_integral() {
        for breakpoints in [&[][..], &[1.0], &[2.0, 2.0]] {
            assert_eq!(integrate(breakpoints, |_| 1.0).value, 0.0);
        }
    }

    #[test]
    fn nodes_are_ordered_and_their_weights_sum_to_the_length() {
        let nodes = nodes(&[-3.0, 0.0, 1e-9, 4.0], 6);
        assert!(nodes.windows(2).all(|pair| pair[0].x <= pair[1].x));
        assert!((nodes.iter().map(|node| node.weight).sum::<f64>() - 7.0).abs() < 1e-14);
        assert!(nodes.iter().any(|node| node.x > 0.0 && node.x < 1e-290));
        assert!(nodes.iter().any(|node| node.x < 0.0 && node.x > -1e-290));
    }
}
