//! Normal laws that draws are from and that are compared, and the gradient of their divergence.

use super::polynomial::Polynomial;
use crate::distribution::{Behaviour, Distribution, Normal, Pair};
use crate::divergence::Side;
use crate::numeric::{DoubleDouble, Positive};

/// What numbers are drawn from, P and Q, all normal.
///
/// ```
/// use kl_math::distribution::{Normal, Pair};
/// use kl_math::divergence::{NormalLaws, Side};
/// let pair = Pair::of(Normal::new(0.0, 1.0)?, Normal::with_variance(1.0, 4.0)?)?;
/// let laws = NormalLaws::of(&pair).expect("two normals");
/// assert_eq!(laws.component_names(Side::Source), ["mean", "std_dev"]);
/// assert_eq!(laws.component_names(Side::Model), ["mean", "variance"]);
/// // (m₁ − m₂)/σ₂² and (σ₁² − σ₂²)/(σ₁ σ₂²).
/// assert_eq!(laws.gradient(Side::Source), [-0.25, -0.75]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NormalLaws<'a> {
    /// S; none where S is P.
    pub drawn: Option<&'a Normal>,
    /// P.
    pub source: &'a Normal,
    /// Q.
    pub model: &'a Normal,
}

/// Two normal laws, a and b, compared in the standard variable of a.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compared {
    /// σa/σb.
    pub(super) ratio: DoubleDouble,
    /// (σa² − σb²)/σb².
    pub(super) excess: DoubleDouble,
    /// (ma − mb)/σb.
    pub(super) distance: DoubleDouble,
    /// ln(σa/σb).
    log_ratio: DoubleDouble,
}

impl Compared {
    pub(super) fn of(a: &Normal, b: &Normal) -> Self {
        let ((mean, std_dev), (other_mean, other)) = (a.exact_parameters(), b.exact_parameters());
        // (σa − σb)/σb: differences are formed once, so that near laws keep their digits.
        let relative = measured(std_dev.to_double_double(), other.to_double_double(), other);
        Self {
            ratio: DoubleDouble::ONE + relative,
            excess: relative * (DoubleDouble::TWO + relative),
            distance: measured(mean, other_mean, other),
            log_ratio: std_dev.precise_log_over(other),
        }
    }

    /// ln(a/b) at a's standard variable.
    pub(super) fn log_density_ratio(&self) -> Polynomial {
        let constant = (self.distance * self.distance).scaled(0.5) - self.log_ratio;
        Polynomial::new([constant, self.ratio * self.distance, self.excess.scaled(0.5)])
    }

    /// b's standard variable at a's.
    pub(super) fn standardised(&self) -> Polynomial {
        Polynomial::new([self.distance, self.ratio])
    }
}

/// (a − b)/x.
fn measured(a: DoubleDouble, b: DoubleDouble, x: Positive) -> DoubleDouble {
    let size = Positive::distance(a, b).map_or(DoubleDouble::ZERO, |distance| distance.over(x).to_double_double());
    if a < b { -size } else { size }
}

/// What a component of the gradient of a normal law is measured in.
pub(super) fn unit(law: &Normal, component: usize) -> Positive {
    let (_, std_dev) = law.exact_parameters();
    if component == 1 && law.is_by_variance() {
        // ∂/∂σ² = (1/(2σ)) ∂/∂σ.
        return std_dev.times(std_dev).times(Positive::from(2.0)).reciprocal();
    }
    std_dev.reciprocal()
}

/// `value` times `unit`, where either alone may be beyond the doubles.
pub(super) fn in_units(value: DoubleDouble, unit: Positive) -> f64 {
    if value.to_f64() == 0.0 {
        return 0.0;
    }
    Positive::new(value.abs()).times(unit).to_f64().copysign(value.to_f64())
}

impl<'a> NormalLaws<'a> {
    /// P and Q, from which draws are; none unless both are normal.
    pub fn of(pair: &'a Pair) -> Option<Self> {
        Some(Self { drawn: None, source: normal(pair.source())?, model: normal(pair.model())? })
    }

    /// P, Q and S; none unless all are normal.
    pub fn of_behaviour(behaviour: &'a Behaviour) -> Option<Self> {
        let drawn = Some(normal(behaviour.drawn().source())?);
        Some(Self { drawn, ..Self::of(behaviour.target())? })
    }

    /// The law whose parameters these are.
    pub(super) fn side(&self, side: Side) -> &'a Normal {
        match side {
            Side::Source => self.source,
            Side::Model => self.model,
        }
    }

    /// The parameters that a gradient is with respect to, as they are written: `mean`, and `std_dev` or `variance`.
    pub fn component_names(&self, side: Side) -> [&'static str; 2] {
        self.side(side).parameter_names()
    }

    /// ∂ KL(P‖Q) with respect to the parameters of P or of Q as they are written, nats by their units. With r = σ₁/σ₂,
    /// δ = (m₁ − m₂)/σ₂:
    ///
    /// | by | of P | of Q |
    /// |---|---|---|
    /// | the mean | r δ/σ₁ | −δ/σ₂ |
    /// | the standard deviation | (r² − 1)/σ₁ | −(r² − 1 + δ²)/σ₂ |
    /// | the variance | (r² − 1)/(2σ₁²) | −(r² − 1 + δ²)/(2σ₂²) |
    ///
    /// As accurate where Q is near P as where it is far. Source: Kullback 1959, *Information Theory and Statistics*, chapter 9,
    /// differentiated.
    pub fn gradient(&self, side: Side) -> [f64; 2] {
        let Compared { ratio, excess, distance, .. } = Compared::of(self.source, self.model);
        let by = match side {
            Side::Source => [ratio * distance, excess],
            Side::Model => [-distance, -(excess + distance * distance)],
        };
        let [mean, spread] = by;
        [in_units(mean, unit(self.side(side), 0)), in_units(spread, unit(self.side(side), 1))]
    }
}

/// The distribution as a normal one, if it is one.
fn normal(distribution: &Distribution) -> Option<&Normal> {
    if let Distribution::Normal(normal) = distribution { Some(normal) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::divergence::Cumulants;

    fn divergence(p: [f64; 2], q: [f64; 2]) -> f64 {
        Cumulants::of(&Pair::of(Normal::new(p[0], p[1]).unwrap(), Normal::new(q[0], q[1]).unwrap()).unwrap()).mean
    }

    /// Central differences of D itself.
    #[test]
    fn gradients_are_slopes_of_the_divergence() {
        const STEP: f64 = 1e-5;
        for (p, q) in
            [([0.0, 1.0], [1.0, 2.0]), ([3.0, 0.5], [2.5, 0.4]), ([-1.0, 2.0], [4.0, 0.7]), ([1.0, 1.0], [1.0, 1.0])]
        {
            let pair = Pair::of(Normal::new(p[0], p[1]).unwrap(), Normal::new(q[0], q[1]).unwrap()).unwrap();
            let laws = NormalLaws::of(&pair).unwrap();
            for component in 0..2 {
                let moved = |law: [f64; 2], by: f64| {
                    let mut law = law;
                    law[component] += by;
                    law
                };
                let of_source = (divergence(moved(p, STEP), q) - divergence(moved(p, -STEP), q)) / (2.0 * STEP);
                let of_model = (divergence(p, moved(q, STEP)) - divergence(p, moved(q, -STEP))) / (2.0 * STEP);
                for (side, slope) in [(Side::Source, of_source), (Side::Model, of_model)] {
                    let found = laws.gradient(side)[component];
                    assert!(
                        (found - slope).abs() < 1e-8 * (1.0 + slope.abs()),
                        "{p:?} {q:?} {side:?}: {found} {slope}"
                    );
                }
            }
        }
    }

    /// ∂/∂σ² = ∂/∂σ/(2σ).
    #[test]
    fn components_are_those_of_the_parameters_as_written() {
        let q = || Normal::new(1.0, 3.0).unwrap();
        let by_deviation = Pair::of(Normal::new(0.5, 1.5).unwrap(), q()).unwrap();
        let by_variance = Pair::of(Normal::with_variance(0.5, 2.25).unwrap(), q()).unwrap();
        let [deviation, variance] = [&by_deviation, &by_variance].map(|pair| NormalLaws::of(pair).unwrap());
        assert_eq!(variance.component_names(Side::Source), ["mean", "variance"]);
        let [a, b] = [deviation, variance].map(|laws| laws.gradient(Side::Source));
        assert_eq!(a[0], b[0]);
        assert!((a[1] / 3.0 / b[1] - 1.0).abs() < 1e-15);
    }

    #[test]
    fn near_q_all_digits_are_kept() {
        let near = libm::exp2(-40.0);
        let pair = Pair::of(Normal::new(1.0 + near, 1.0 + near).unwrap(), Normal::new(1.0, 1.0).unwrap()).unwrap();
        let laws = NormalLaws::of(&pair).unwrap();
        // r² − 1 = 2u + u² over 1 + u; δ² + 2u + u² with δ = u.
        assert_eq!(laws.gradient(Side::Source)[0], near);
        assert!((laws.gradient(Side::Source)[1] / (near * (2.0 + near) / (1.0 + near)) - 1.0).abs() < 1e-15);
        assert!((laws.gradient(Side::Model)[1] / -(2.0 * near + 2.0 * near * near) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn parameters_of_any_size_give_no_nan() {
        for scale in [1e-300, 1e-200, 1e200, 1e300] {
            let pair = Pair::of(Normal::new(0.0, scale).unwrap(), Normal::new(0.0, 2.0 * scale).unwrap()).unwrap();
            let laws = NormalLaws::of(&pair).unwrap();
            for side in [Side::Source, Side::Model] {
                assert!(laws.gradient(side).into_iter().all(|slope| !slope.is_nan()), "{scale:e}");
            }
            assert!((laws.gradient(Side::Source)[1] * scale / -0.75 - 1.0).abs() < 1e-15, "{scale:e}");
        }
    }
}
