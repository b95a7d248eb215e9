//! Cumulants of log ratios that are linear in the statistics of a standard variable.

use super::CumulantFunction;
use crate::distribution::{CountLaw, LogRatioForm};
use crate::numeric::{
    Concentration, DoubleDouble, deviance_part, digamma, eigen, exp_excess, log_excess, log_less_digamma_fall,
    pentagamma_excess, stirling_gap, tetragamma_excess, trigamma_excess,
};

/// X of a [`LogRatioForm`], about its mean: its cumulants and its cumulant generating function.
///
/// ```
/// use kl_math::distribution::LogRatioForm;
/// use kl_math::divergence::{CumulantFunction, FormCumulants};
/// // X = ½E: K(s) = −ln(1 − s/2) − s/2.
/// let half = FormCumulants::of(&LogRatioForm::Exponential { constant: 0.0, slope: 0.5 });
/// assert!((half.value(1.0) - (std::f64::consts::LN_2 - 0.5)).abs() < 1e-16);
/// assert_eq!((half.variance(), half.third(), half.fourth()), (0.25, 0.25, 0.375));
/// ```
#[derive(Clone, Debug)]
pub struct FormCumulants {
    shape: Shape,
    scale: f64,
}

/// X without its constant, which has no part in what follows.
#[derive(Clone, Debug)]
enum Shape {
    Constant,
    /// x E.
    Exponential {
        slope: f64,
    },
    /// Σ b z + ½ x z² over independent z.
    Normals(Vec<Component>),
    /// −h ln G + y G.
    Gamma {
        shape: f64,
        shape_difference: f64,
        slope: f64,
        /// a y − h.
        excess: f64,
    },
    /// −Σ hᵢ ln xᵢ as αᵢ, tᵢ = hᵢ/αᵢ and tᵢ − T, and their sums A and T.
    Dirichlet {
        parts: Vec<[f64; 3]>,
        whole: (f64, f64),
    },
    /// ℓ k.
    Poisson {
        mean: f64,
        slope: f64,
    },
    /// ℓ k; the odds are those of failure.
    NegativeBinomial {
        successes: f64,
        odds: f64,
        slope: f64,
    },
    /// ℓ k.
    Binomial {
        tries: f64,
        success: f64,
        slope: f64,
    },
}

#[derive(Clone, Copy, Debug)]
struct Component {
    linear: f64,
    square: f64,
}

impl FormCumulants {
    /// The cumulants of X.
    pub fn of(form: &LogRatioForm) -> Self {
        let (constant, coefficients) = form.coefficients();
        // What each statistic is in size.
        let size = match form {
            LogRatioForm::Gamma { shape, .. } => digamma(*shape).abs().max(*shape),
            LogRatioForm::Dirichlet { alpha, .. } => {
                alpha.iter().map(|&a| digamma(a).abs()).fold(digamma(alpha.iter().sum()).abs(), f64::max)
            }
            LogRatioForm::Count { count, .. } => count.mean(),
            _ => 1.0,
        };
        let scale = constant.abs() + coefficients.iter().map(|slope| slope.abs()).sum::<f64>() * (1.0 + size);
        Self { shape: Shape::of(form), scale }
    }

    /// The cumulants of X after its law has been tilted by e^sX, which leaves X of the same kind; none where e^sX has no mean.
    ///
    /// ```
    /// use kl_math::distribution::LogRatioForm;
    /// use kl_math::divergence::{CumulantFunction, FormCumulants};
    /// let half = FormCumulants::of(&LogRatioForm::Exponential { constant: 0.0, slope: 0.5 });
    /// // ½E with E of rate ½: E itself.
    /// assert_eq!(half.tilted(1.0).map(|tilted| tilted.variance()), Some(1.0));
    /// assert!(half.tilted(2.0).is_none());
    /// ```
    pub fn tilted(&self, s: f64) -> Option<Self> {
        let (low, high) = self.shape.domain();
        (low < s && s < high).then(|| Self { shape: self.shape.tilted(s), scale: self.scale })
    }

    /// κ₃, nats³.
    pub fn third(&self) -> f64 {
        self.shape.higher().0
    }

    /// κ₄, nats⁴.
    pub fn fourth(&self) -> f64 {
        self.shape.higher().1
    }
}

impl CountLaw {
    /// Its mean.
    pub fn mean(self) -> f64 {
        match self {
            Self::Poisson { mean } => mean,
            Self::NegativeBinomial { successes, success } => successes * (1.0 - success) / success,
            Self::Binomial { tries, success } => tries * success,
        }
    }

    /// Its standard deviation.
    pub fn std_dev(self) -> f64 {
        match self {
            Self::Poisson { mean } => mean.sqrt(),
            Self::NegativeBinomial { success, .. } => (self.mean() / success).sqrt(),
            Self::Binomial { success, .. } => (self.mean() * (1.0 - success)).sqrt(),
        }
    }
}

impl Shape {
    fn of(form: &LogRatioForm) -> Self {
        if form.is_constant() {
            return Self::Constant;
        }
        match form {
            LogRatioForm::Constant(_) => Self::Constant,
            LogRatioForm::Exponential { slope, .. } => Self::Exponential { slope: *slope },
            LogRatioForm::Normal { linear, square, .. } => {
                Self::Normals(vec![Component { linear: *linear, square: *square }])
            }
            LogRatioForm::Normals { linear, square, .. } => {
                let (values, vectors) = eigen(square.clone());
                let along = |vector: &[f64]| vector.iter().zip(linear).map(|(v, b)| v * b).sum();
                let components = values.iter().zip(&vectors);
                Self::Normals(components.map(|(&square, v)| Component { linear: along(v), square }).collect())
            }
            LogRatioForm::Gamma { shape, shape_difference, slope, excess, .. } => {
                Self::Gamma { shape: *shape, shape_difference: *shape_difference, slope: *slope, excess: *excess }
            }
            LogRatioForm::Dirichlet { alpha, shape_differences, .. } => {
                let sum = |terms: &[f64]| terms.iter().map(|&term| DoubleDouble::from(term)).sum::<DoubleDouble>();
                let (whole, step) = (sum(alpha), sum(shape_differences) / sum(alpha));
                let part = |(&a, &h): (&f64, &f64)| {
                    let t = DoubleDouble::from(h) / DoubleDouble::from(a);
                    [a, t.to_f64(), (t - step).to_f64()]
                };
                Self::Dirichlet {
                    parts: alpha.iter().zip(shape_differences).map(part).collect(),
                    whole: (whole.to_f64(), step.to_f64()),
                }
            }
            LogRatioForm::Count { count, slope, .. } => match *count {
                CountLaw::Poisson { mean } => Self::Poisson { mean, slope: *slope },
                CountLaw::NegativeBinomial { successes, success } => {
                    Self::NegativeBinomial { successes, odds: (1.0 - success) / success, slope: *slope }
                }
                CountLaw::Binomial { tries, success } => Self::Binomial { tries, success, slope: *slope },
            },
        }
    }

    /// The same after tilting by e^sX, which has a mean.
    fn tilted(&self, s: f64) -> Self {
        match self {
            Self::Constant => Self::Constant,
            Self::Exponential { slope } => Self::Exponential { slope: slope / (1.0 - s * slope) },
            Self::Normals(components) => {
                let tilted = |&Component { linear, square }: &Component| {
                    let spread = 1.0 / (1.0 - s * square);
                    Component { linear: linear * spread * spread.sqrt(), square: square * spread }
                };
                Self::Normals(components.iter().map(tilted).collect())
            }
            Self::Gamma { shape, shape_difference, slope, excess } => {
                let left = 1.0 - s * slope;
                Self::Gamma {
                    shape: shape - s * shape_difference,
                    shape_difference: *shape_difference,
                    slope: slope / left,
                    excess: excess / left,
                }
            }
            Self::Dirichlet { parts, whole: (a, t) } => {
                let left = 1.0 - s * t;
                let tilted = |&[a, t, about]: &[f64; 3]| {
                    let own = 1.0 - s * t;
                    [a * own, t / own, about / own / left]
                };
                Self::Dirichlet { parts: parts.iter().map(tilted).collect(), whole: (a * left, t / left) }
            }
            Self::Poisson { mean, slope } => Self::Poisson { mean: mean * libm::exp(s * slope), slope: *slope },
            Self::NegativeBinomial { successes, odds, slope } => {
                let odds = odds * libm::exp(s * slope) / (1.0 - odds * libm::expm1(s * slope));
                Self::NegativeBinomial { successes: *successes, odds, slope: *slope }
            }
            Self::Binomial { tries, success, slope } => {
                let lifted = success * libm::exp(s * slope);
                Self::Binomial { tries: *tries, success: lifted / (lifted + 1.0 - success), slope: *slope }
            }
        }
    }

    /// Which s the exponential has a mean for: those between.
    fn domain(&self) -> (f64, f64) {
        /// 1 > s·rate, for each rate.
        fn below_one(rates: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
            let low = rates.clone().fold(0.0, f64::min);
            let high = rates.fold(0.0, f64::max);
            (1.0 / low.min(-f64::MIN_POSITIVE), 1.0 / high.max(f64::MIN_POSITIVE))
        }
        match self {
            Self::Constant | Self::Poisson { .. } | Self::Binomial { .. } => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Exponential { slope } => below_one([*slope].into_iter()),
            Self::Normals(components) => below_one(components.iter().map(|component| component.square)),
            Self::Gamma { shape, shape_difference, slope, .. } => {
                below_one([shape_difference / shape, *slope].into_iter())
            }
            Self::Dirichlet { parts, whole } => below_one(parts.iter().map(|part| part[1]).chain([whole.1])),
            // odds·(e^{sℓ} − 1) < 1.
            Self::NegativeBinomial { odds, slope, .. } => below_one([slope / libm::log1p(1.0 / odds)].into_iter()),
        }
    }

    fn value(&self, s: f64) -> f64 {
        match self {
            Self::Constant => 0.0,
            Self::Exponential { slope } => log_excess(-s * slope),
            Self::Normals(components) => components
                .iter()
                .map(|&Component { linear, square }| {
                    let x = s * square;
                    0.5 * (log_excess(-x) + s * linear * (s * linear) / (1.0 - x))
                })
                .sum(),
            Self::Gamma { shape, shape_difference, slope, excess } => {
                let h = s * shape_difference;
                deviance_part(s * excess, shape * (1.0 - s * slope)) + stirling_gap(*shape, shape - h, -h)
            }
            Self::Dirichlet { parts, whole: (a, t) } => {
                let left = 1.0 - s * t;
                let of = |a: f64, t: f64, about: f64| Concentration {
                    from: a,
                    to: a * (1.0 - s * t),
                    step: -s * t * a,
                    deviation: -s * about / left,
                };
                let parts: Vec<Concentration> = parts.iter().map(|&[a, t, about]| of(a, t, about)).collect();
                Concentration::divergence(&parts, of(*a, *t, 0.0)).0
            }
            Self::Poisson { mean, slope } => mean * exp_excess(s * slope),
            Self::NegativeBinomial { successes, odds, slope } => {
                let w = odds * libm::expm1(s * slope);
                successes * (log_excess(-w) + odds * exp_excess(s * slope))
            }
            Self::Binomial { tries, success, slope } => {
                let (t, failure) = (s * slope, 1.0 - success);
                if t > 500.0 {
                    return tries * (libm::log(*success) + failure * t);
                }
                if t < -500.0 {
                    return tries * (libm::log1p(-success) - success * t);
                }
                let excess = success * exp_excess(failure * t) + failure * exp_excess(-success * t);
                tries * libm::log1p(excess)
            }
        }
    }

    fn slope(&self, s: f64) -> f64 {
        match self {
            Self::Constant => 0.0,
            Self::Exponential { slope } => s * slope * slope / (1.0 - s * slope),
            Self::Normals(components) => components
                .iter()
                .map(|&Component { linear, square }| {
                    let left = 1.0 - s * square;
                    let pull = linear * linear * s * (1.0 + 0.5 * s * square / left);
                    (0.5 * s * square * square + pull) / left
                })
                .sum(),
            Self::Gamma { shape, shape_difference, slope, excess } => {
                let v = s * excess / (shape * (1.0 - s * slope));
                shape_difference * log_excess(v) + excess * v
                    - shape_difference * log_less_digamma_fall(*shape, -s * shape_difference)
            }
            Self::Dirichlet { parts, whole: (a, t) } => {
                let main = |&[part, _, about]: &[f64; 3]| {
                    let v = -s * about / (1.0 - s * t);
                    part * (t * log_excess(v) - about * libm::log1p(v))
                };
                let rest = |a: f64, t: f64| -t * a * log_less_digamma_fall(a, -s * t * a);
                let sum: f64 = parts.iter().map(|part| main(part) + rest(part[0], part[1])).sum();
                sum - rest(*a, *t)
            }
            Self::Poisson { mean, slope } => mean * slope * libm::expm1(s * slope),
            Self::NegativeBinomial { successes, odds, slope } => {
                let rise = libm::expm1(s * slope);
                successes * slope * odds * (1.0 + odds) * rise / (1.0 - odds * rise)
            }
            Self::Binomial { tries, success, slope } => {
                let (t, failure) = (s * slope, 1.0 - success);
                // Either form is a fraction of numbers below 1.
                let share = if t > 0.0 {
                    -failure * libm::expm1(-t) / (1.0 + failure * libm::expm1(-t))
                } else {
                    failure * libm::expm1(t) / (1.0 + success * libm::expm1(t))
                };
                tries * slope * success * share
            }
        }
    }

    fn variance(&self) -> f64 {
        match self {
            Self::Constant => 0.0,
            Self::Exponential { slope } => slope * slope,
            Self::Normals(components) => {
                components.iter().map(|c| 0.5 * c.square * c.square + c.linear * c.linear).sum()
            }
            Self::Gamma { shape, shape_difference, excess, .. } => {
                let (step, distance) = (shape_difference / shape, excess / shape);
                step * step * trigamma_excess(*shape) + shape * distance * distance
            }
            Self::Dirichlet { parts, whole: (a, t) } => {
                let of = |a: f64, t: f64, deviation: f64| Concentration { from: a, to: a, step: t * a, deviation };
                let parts: Vec<Concentration> = parts.iter().map(|&[a, t, about]| of(a, t, about)).collect();
                Concentration::variance(&parts, of(*a, *t, 0.0))
            }
            Self::Poisson { mean, slope } => mean * slope * slope,
            Self::NegativeBinomial { successes, odds, slope } => successes * odds * (1.0 + odds) * slope * slope,
            Self::Binomial { tries, success, slope } => tries * success * (1.0 - success) * slope * slope,
        }
    }

    /// κ₃ and κ₄.
    fn higher(&self) -> (f64, f64) {
        match self {
            Self::Constant => (0.0, 0.0),
            Self::Exponential { slope } => {
                let cube = slope * slope * slope;
                (2.0 * cube, 6.0 * cube * slope)
            }
            Self::Normals(components) => components.iter().fold((0.0, 0.0), |(third, fourth), c| {
                let (x, b) = (c.square, c.linear * c.linear);
                (third + x * (x * x + 3.0 * b), fourth + 3.0 * x * x * (x * x + 4.0 * b))
            }),
            Self::Gamma { shape, shape_difference, excess, .. } => {
                // By t = h/a and e = y − t: ψ″(a) is −1/a² and less, ψ‴(a) 2/a³ and more.
                let (a, t, e) = (*shape, shape_difference / shape, excess / shape);
                let third = t * t * t * tetragamma_excess(a) + a * e * e * (3.0 * t + 2.0 * e);
                let fourth = a * e * e * (12.0 * t * t + 16.0 * t * e + 6.0 * e * e);
                (third, t * t * t * t * pentagamma_excess(a) + fourth)
            }
            Self::Dirichlet { parts, whole: (a, t) } => {
                let third = |a: f64, t: f64| t * t * t * tetragamma_excess(a);
                let fourth = |a: f64, t: f64| t * t * t * t * pentagamma_excess(a);
                // Σ αᵢ (tᵢ³ − T³) and Σ 2αᵢ (tᵢ⁴ − T⁴) about T, as Σ αᵢ (tᵢ − T) = 0.
                let (mut cubes, mut fourths) = (-third(*a, *t), -fourth(*a, *t));
                for &[part, own, d] in parts {
                    cubes += third(part, own) + part * d * d * (d + 3.0 * t);
                    fourths += fourth(part, own) + 2.0 * part * d * d * (d * d + 4.0 * d * t + 6.0 * t * t);
                }
                (cubes, fourths)
            }
            Self::Poisson { mean, slope } => {
                let cube = mean * slope * slope * slope;
                (cube, cube * slope)
            }
            Self::NegativeBinomial { successes, odds, slope } => {
                // With p = 1/(1+odds): κ₃ = r odds (1+odds)(1+2 odds), κ₄ = r odds (1+odds)(1 + 6 odds (1+odds)).
                let base = successes * odds * (1.0 + odds) * slope * slope * slope;
                (base * (1.0 + 2.0 * odds), base * slope * (1.0 + 6.0 * odds * (1.0 + odds)))
            }
            Self::Binomial { tries, success, slope } => {
                let spread = success * (1.0 - success);
                let base = tries * spread * slope * slope * slope;
                (base * (1.0 - 2.0 * success), base * slope * (1.0 - 6.0 * spread))
            }
        }
    }
}

impl CumulantFunction for FormCumulants {
    fn value(&self, s: f64) -> f64 {
        let (low, high) = self.shape.domain();
        if low < s && s < high { self.shape.value(s) } else { f64::INFINITY }
    }

    fn slope(&self, s: f64) -> f64 {
        self.shape.slope(s)
    }

    fn variance(&self) -> f64 {
        self.shape.variance()
    }

    fn end_of_domain(&self, upper: bool) -> f64 {
        /// The end of the domain, a little short of where K is infinite.
        const NEARLY: f64 = 1.0 - 1e-9;
        /// Exponents stay within what e^x can be.
        const EXPONENT: f64 = 300.0;
        if matches!(self.shape, Shape::Constant) {
            return 0.0;
        }
        let (low, high) = self.shape.domain();
        let reach = if upper { high } else { -low } * NEARLY;
        match self.shape {
            Shape::Poisson { slope, .. } | Shape::Binomial { slope, .. } | Shape::NegativeBinomial { slope, .. } => {
                reach.min(EXPONENT / slope.abs())
            }
            _ => reach.min(1e100 / self.shape.variance().sqrt()),
        }
    }

    fn span(&self) -> Option<f64> {
        match self.shape {
            Shape::Poisson { slope, .. } | Shape::NegativeBinomial { slope, .. } | Shape::Binomial { slope, .. } => {
                Some(slope.abs())
            }
            _ => None,
        }
    }

    fn has_exponential_squares(&self) -> bool {
        let is_linear = |components: &[Component]| components.iter().all(|component| component.square == 0.0);
        matches!(&self.shape, Shape::Binomial { .. }) || matches!(&self.shape, Shape::Normals(c) if is_linear(c))
    }

    fn scale(&self) -> f64 {
        self.scale
    }
}
