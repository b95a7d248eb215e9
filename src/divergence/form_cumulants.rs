//! Cumulants of log ratios that are linear in the statistics of a standard variable.

use super::CumulantFunction;
use crate::distribution::{CountLaw, LogRatioForm};
use crate::numeric::{digamma, digamma_gap, eigen, exp_excess, hurwitz_zeta, log_excess, log_gamma_gap};

/// X of a [`LogRatioForm`], about its mean: its cumulants and its cumulant generating function.
///
/// ```
/// use kl_runner::distribution::LogRatioForm;
/// use kl_runner::divergence::{CumulantFunction, FormCumulants};
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
        fall: f64,
        slope: f64,
    },
    /// −Σ hᵢ ln xᵢ as (αᵢ, hᵢ), and their sums.
    Dirichlet {
        parts: Vec<(f64, f64)>,
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
    /// use kl_runner::distribution::LogRatioForm;
    /// use kl_runner::divergence::{CumulantFunction, FormCumulants};
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
            LogRatioForm::Gamma { shape, fall, slope, .. } => Self::Gamma { shape: *shape, fall: *fall, slope: *slope },
            LogRatioForm::Dirichlet { alpha, falls, .. } => Self::Dirichlet {
                parts: alpha.iter().copied().zip(falls.iter().copied()).collect(),
                whole: (alpha.iter().sum(), falls.iter().sum()),
            },
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
            Self::Gamma { shape, fall, slope } => {
                Self::Gamma { shape: shape - s * fall, fall: *fall, slope: slope / (1.0 - s * slope) }
            }
            Self::Dirichlet { parts, whole } => {
                let tilted = |&(a, h): &(f64, f64)| (a - s * h, h);
                Self::Dirichlet { parts: parts.iter().map(tilted).collect(), whole: tilted(whole) }
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
            Self::Gamma { shape, fall, slope } => below_one([fall / shape, *slope].into_iter()),
            Self::Dirichlet { parts, whole } => below_one(parts.iter().chain([whole]).map(|(a, h)| h / a)),
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
            Self::Gamma { shape, fall, slope } => {
                let (h, y) = (s * fall, s * slope);
                log_gamma_gap(*shape, -h) + shape * log_excess(-y) + h * libm::log1p(-y)
            }
            Self::Dirichlet { parts, whole } => {
                let gap = |&(a, h): &(f64, f64)| log_gamma_gap(a, -s * h);
                parts.iter().map(gap).sum::<f64>() - gap(whole)
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
            Self::Gamma { shape, fall, slope } => {
                let (h, y) = (s * fall, s * slope);
                let rates = slope * (shape * y - h) / (1.0 - y);
                rates - fall * (digamma_gap(*shape, -h) - libm::log1p(-y))
            }
            Self::Dirichlet { parts, whole } => {
                let rise = |&(a, h): &(f64, f64)| -h * digamma_gap(a, -s * h);
                parts.iter().map(rise).sum::<f64>() - rise(whole)
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
            Self::Gamma { shape, fall, slope } => {
                let distance = slope - fall / shape;
                fall * fall * (hurwitz_zeta(2, *shape) - 1.0 / shape) + shape * distance * distance
            }
            Self::Dirichlet { parts, whole } => {
                let term = |&(a, h): &(f64, f64)| h * h * hurwitz_zeta(2, a);
                parts.iter().map(term).sum::<f64>() - term(whole)
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
            Self::Gamma { shape, fall, slope } => {
                let (a, h, y) = (*shape, *fall, *slope);
                let third = 2.0 * h * h * h * hurwitz_zeta(3, a) - 3.0 * h * y * y + 2.0 * a * y * y * y;
                let fourth = 6.0 * h * h * h * h * hurwitz_zeta(4, a) - 8.0 * h * y * y * y + 6.0 * a * y * y * y * y;
                (third, fourth)
            }
            Self::Dirichlet { parts, whole } => {
                let third = |&(a, h): &(f64, f64)| 2.0 * h * h * h * hurwitz_zeta(3, a);
                let fourth = |&(a, h): &(f64, f64)| 6.0 * h * h * h * h * hurwitz_zeta(4, a);
                let all = |term: &dyn Fn(&(f64, f64)) -> f64| parts.iter().map(term).sum::<f64>() - term(whole);
                (all(&third), all(&fourth))
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

    fn farthest(&self, upper: bool) -> f64 {
        /// As near to where K is infinite as is of use.
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

    fn scale(&self) -> f64 {
        self.scale
    }
}
