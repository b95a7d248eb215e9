//! What is averaged over draws of a normal law, as a function of the draw.

use super::laws::{Compared, NormalLaws, in_units, unit};
use super::pieces::{Piece, pieces};
use super::polynomial::Polynomial;
use super::rule::{Factor, factor, is_of_one_draw, known_mean, own_score, reparameterised};
use super::terms::{Term as Summand, Terms};
use crate::divergence::{GradientRule, Importance, Quantity, Side, Term};
use crate::numeric::{DoubleDouble, Positive, exp_excess};

/// What is averaged over independent draws x ~ S, weighed by w = p/s, where S, P and Q are normal, with its exact moments under S.
///
/// With l = ln(p/q), r = q/p, y = (x − m)/σ the standard variable of the law whose parameters they are, and the score
///
/// | component | as it is written | score |
/// |---|---|---|
/// | 0 | `mean` | y/σ |
/// | 1 | `std_dev` | (y² − 1)/σ |
/// | 1 | `variance` | (y² − 1)/(2σ²) |
///
/// the values are those of [`SymbolValues::of_draws`](crate::divergence::SymbolValues::of_draws); reparameterised, x = m₁ + σ₁ε, they are
/// (x − m₂)/σ₂² for the mean and −1/σ₁ + ε (x − m₂)/σ₂² for the standard deviation, that over 2σ₁ for the variance.
///
/// Everything is a sum of polynomials times exponentials of quadratic polynomials, so that moments are those of bells; of clipped
/// weights they are integrals between the points where the clip begins.
///
/// ```
/// use kl_math::distribution::{Normal, Pair};
/// use kl_math::divergence::{GradientRule, Importance, NormalLaws, NormalValues, Quantity, Side};
/// let pair = Pair::of(Normal::new(0.0, 1.0)?, Normal::new(1.0, 2.0)?)?;
/// let laws = NormalLaws::of(&pair).expect("two normals");
/// let quantity = Quantity::Gradient { side: Side::Source, rule: GradientRule::Reparameterized, component: 0 };
/// let values = NormalValues::of_draws(&laws, quantity, Importance::Unweighted, false).expect("a component");
/// // (x − 1)/4 at x = 3, with the mean −1/4 and the variance σ₁²/σ₂⁴.
/// assert_eq!(values.value(3.0), 0.5);
/// let moments = values.moments();
/// assert_eq!((moments.mean, moments.variance), (Some(-0.25), Some(0.0625)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NormalValues {
    quantity: Quantity,
    importance: Importance,
    is_differentiated: bool,
    /// l at the standard variable z of S.
    log_ratio: Polynomial,
    /// ln w.
    log_weight: Polynomial,
    /// Of the score: y, and the score in units of `unit` as a polynomial in y.
    argument: Polynomial,
    score: Polynomial,
    unit: Positive,
    /// The mean, where it is known without any sum.
    pub(super) known_mean: Option<f64>,
    rounded: Rounded,
}

/// The same to doubles.
#[derive(Clone, Copy, Debug)]
struct Rounded {
    log_ratio: [f64; 3],
    log_weight: [f64; 3],
    argument: [f64; 3],
    score: [f64; 3],
    free: [f64; 4],
    held: [f64; 4],
    /// The largest weight, if there is one.
    most: f64,
    is_weighed: bool,
    unit: f64,
}

impl NormalValues {
    /// The values of `quantity` at draws of S, of P where `laws` have no S.
    ///
    /// None where the rule does not suit the side, where there is no such component, for baselines and weights that depend on the other
    /// draws, and where something reparameterised would be weighed: it is drawn from P.
    pub fn of_draws(
        laws: &NormalLaws<'_>,
        quantity: Quantity,
        importance: Importance,
        is_differentiated: bool,
    ) -> Option<Self> {
        if !is_of_one_draw(laws, quantity, importance) {
            return None;
        }
        let of_source = Compared::of(laws.source, laws.model);
        let identity = Polynomial::new([DoubleDouble::ZERO, DoubleDouble::ONE]);
        let from_drawn = laws.drawn.map(|drawn| Compared::of(drawn, laws.source));
        // P's standard variable, and ln w = −ln(s/p).
        let source_variable = from_drawn.map_or_else(|| identity.clone(), |known| known.standardised());
        let log_weight = from_drawn.map_or_else(
            || Polynomial::constant(DoubleDouble::ZERO),
            |known| known.log_density_ratio().scaled(-DoubleDouble::ONE),
        );
        let log_ratio = of_source.log_density_ratio().at(&source_variable);
        let (argument, score, unit) = match quantity {
            Quantity::Divergence(_) => (identity, Polynomial::constant(DoubleDouble::ONE), Positive::ONE),
            Quantity::Gradient { side, rule, component } => {
                let unit = unit(laws.side(side), component);
                if rule == GradientRule::Reparameterized {
                    (identity, reparameterised(of_source, component), unit)
                } else {
                    let variable = match side {
                        Side::Source => source_variable,
                        Side::Model => Compared::of(laws.drawn.unwrap_or(laws.source), laws.model).standardised(),
                    };
                    (variable, own_score(component), unit)
                }
            }
        };
        let known_mean = known_mean(laws, quantity, importance, is_differentiated);
        let of = |polynomial: &Polynomial| [0, 1, 2].map(|power| polynomial.coefficient(power).to_f64());
        let factor = |is_free| factor(quantity, is_differentiated && is_free).map(DoubleDouble::to_f64);
        let rounded = Rounded {
            log_ratio: of(&log_ratio),
            log_weight: of(&log_weight),
            argument: of(&argument),
            score: of(&score),
            free: factor(true),
            held: factor(false),
            most: if let Importance::Clipped(most) = importance { most } else { f64::INFINITY },
            is_weighed: importance != Importance::Unweighted,
            unit: unit.to_f64(),
        };
        Some(Self {
            quantity,
            importance,
            is_differentiated,
            log_ratio,
            log_weight,
            argument,
            score,
            unit,
            known_mean,
            rounded,
        })
    }

    /// The value at x = m + σz of S.
    pub fn value(&self, z: f64) -> f64 {
        self.plain_value(z) * self.rounded.unit
    }

    /// Whether no value is beyond the largest double within twelve standard deviations.
    pub fn is_held(&self) -> bool {
        /// Further out a draw is with a chance below 1e-32.
        const REACH: i32 = 12;
        (-4 * REACH..=4 * REACH).all(|quarter| self.value(0.25 * f64::from(quarter)).is_finite())
    }

    /// Whether no value is negative.
    pub fn is_nonnegative(&self) -> bool {
        matches!(self.quantity, Quantity::Divergence(Term::K2 | Term::K3))
    }

    /// The value in units of the score.
    pub(super) fn plain_value(&self, z: f64) -> f64 {
        let Rounded { free, held, most, is_weighed, .. } = &self.rounded;
        let log_ratio = at(&self.rounded.log_ratio, z);
        let log_weight = if *is_weighed { at(&self.rounded.log_weight, z) } else { 0.0 };
        let weight = libm::exp(log_weight);
        let is_free = weight <= *most;
        let (weight, log_weight, [a, b, c, d]) =
            if is_free { (weight, log_weight, free) } else { (*most, libm::log(*most), held) };
        let excess = if *d == 0.0 { 0.0 } else { d * weighed_excess(weight, log_weight, log_ratio) };
        (weight * (a + log_ratio * (b + log_ratio * c)) + excess)
            * at(&self.rounded.score, at(&self.rounded.argument, z))
    }

    /// The size of all that the value is computed from: rounding moves it by some ulp of this.
    pub(super) fn plain_size(&self, z: f64) -> f64 {
        let Rounded { free, held, most, is_weighed, .. } = &self.rounded;
        let (log_ratio, parts) = (at(&self.rounded.log_ratio, z), size_at(&self.rounded.log_ratio, z));
        let (log_weight, weight_parts) = if *is_weighed {
            (at(&self.rounded.log_weight, z), size_at(&self.rounded.log_weight, z))
        } else {
            (0.0, 0.0)
        };
        let weight = libm::exp(log_weight);
        let (weight, log_weight, [a, b, c, d]) =
            if weight <= *most { (weight, log_weight, free) } else { (*most, libm::log(*most), held) };
        let (excess, slope) = if *d == 0.0 { (0.0, 0.0) } else { weighed_sizes(weight, log_weight, log_ratio) };
        let size = log_ratio.abs() + parts;
        let plain = weight * (a.abs() + size * (b.abs() + size * c.abs()));
        let factor = (plain + d.abs() * excess) * (1.0 + weight_parts) + d.abs() * slope * parts;
        factor * size_at(&self.rounded.score, size_at(&self.rounded.argument, z))
    }

    /// Sign and ln of the size of a value that may be beyond the doubles, far out where r or w is, and how much of it may be rounding.
    pub(super) fn far_value(&self, z: f64) -> (f64, f64, f64) {
        let Rounded { free, held, most, is_weighed, .. } = &self.rounded;
        let (log_ratio, parts) = (at(&self.rounded.log_ratio, z), size_at(&self.rounded.log_ratio, z));
        let log_weight = if *is_weighed { at(&self.rounded.log_weight, z) } else { 0.0 };
        let weight_parts = if *is_weighed { size_at(&self.rounded.log_weight, z) } else { 0.0 };
        let log_most = libm::log(*most);
        let (log_weight, [a, b, c, d]) = if log_weight <= log_most { (log_weight, free) } else { (log_most, held) };
        // Of r − 1 + l and the rest, what is larger than the doubles is all.
        let is_of_ratio = *d != 0.0 && log_ratio < FAR;
        let factor = if is_of_ratio { *d } else { a + log_ratio * (b + log_ratio * c) };
        let factor = factor * at(&self.rounded.score, at(&self.rounded.argument, z));
        let exponent = if is_of_ratio { log_weight - log_ratio } else { log_weight };
        (1f64.copysign(factor), exponent + libm::log(factor.abs()), f64::EPSILON * (4.0 + parts + weight_parts))
    }

    /// A number in units of the score, as it is.
    pub(super) fn in_units(&self, value: DoubleDouble, power: u32) -> Option<f64> {
        let unit = (0..power).fold(Positive::ONE, |product, _| product.times(self.unit));
        let found = in_units(value, unit);
        // Too small for a double, it would be said not to vary.
        (found.is_finite() && (found.abs() >= f64::MIN_POSITIVE || value.to_f64() == 0.0)).then_some(found)
    }

    /// The function as sums of polynomials times exponentials, interval by interval, in units of the score; `is_centred` leaves out
    /// constants whose mean is known to be 0.
    pub(super) fn pieces(&self, is_centred: bool) -> Vec<Piece> {
        let weights = match self.importance {
            Importance::Clipped(most) => pieces(&self.log_weight, most),
            _ => pieces(&self.log_weight, f64::INFINITY),
        };
        let zero = Polynomial::constant(DoubleDouble::ZERO);
        let score = self.score.at(&self.argument);
        let piece = |(low, high, is_free): (f64, f64, bool)| {
            let (weight, exponent) = match self.importance {
                Importance::Unweighted => (DoubleDouble::ONE, zero.clone()),
                Importance::Clipped(most) if !is_free => (DoubleDouble::from(most), zero.clone()),
                _ => (DoubleDouble::ONE, self.log_weight.clone()),
            };
            let [constant, linear, square, excess] = self.factor(is_free, is_centred);
            let plain = Polynomial::new([constant - excess, linear + excess, square]).at(&self.log_ratio);
            let with_ratio = exponent.plus(&self.log_ratio.scaled(-DoubleDouble::ONE));
            let terms = Terms::default()
                .with(Summand { polynomial: plain.times(&score).scaled(weight), exponent })
                .with(Summand { polynomial: score.scaled(excess * weight), exponent: with_ratio });
            Piece { low, high, terms }
        };
        weights.into_iter().map(piece).collect()
    }

    /// A constant times the score of P has the mean 0 under P.
    fn factor(&self, is_free: bool, is_centred: bool) -> Factor {
        let [constant, rest @ ..] = factor(self.quantity, self.is_differentiated && is_free);
        let is_score = matches!(
            self.quantity,
            Quantity::Gradient { side: Side::Source, rule: GradientRule::Loss(_) | GradientRule::Reward(..), .. }
        );
        let constant = if is_centred && is_score && self.is_of_source() { DoubleDouble::ZERO } else { constant };
        let [linear, square, excess] = rest;
        [constant, linear, square, excess]
    }

    /// Whether weighed means are means under P.
    fn is_of_source(&self) -> bool {
        let has_none = self.log_weight.leading().is_none();
        self.importance == Importance::Ratio || has_none && self.rounded.most >= 1.0
    }
}

fn at([a, b, c]: &[f64; 3], z: f64) -> f64 {
    a + z * (b + z * c)
}

fn size_at([a, b, c]: &[f64; 3], z: f64) -> f64 {
    a.abs() + z.abs() * (b.abs() + z.abs() * c.abs())
}

/// Below, nothing cancels in r − 1 + l.
const FAR: f64 = -30.0;

/// The sizes of w (r − 1 + l) and of its slope in l, w (1 − r).
fn weighed_sizes(weight: f64, log_weight: f64, log_ratio: f64) -> (f64, f64) {
    let excess = weighed_excess(weight, log_weight, log_ratio).abs();
    let slope =
        if log_ratio > FAR { weight * libm::expm1(-log_ratio).abs() } else { libm::exp(log_weight - log_ratio) };
    (excess, slope)
}

/// w (r − 1 + l), where r alone may be beyond the doubles.
fn weighed_excess(weight: f64, log_weight: f64, log_ratio: f64) -> f64 {
    if log_ratio > FAR {
        weight * exp_excess(-log_ratio)
    } else {
        libm::exp(log_weight - log_ratio) + weight * (log_ratio - 1.0)
    }
}
