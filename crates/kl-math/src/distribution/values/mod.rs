//! Families over counts, numbers or vectors: values, base variables, tails, and changes of variable.

mod base_variable;
mod growth;
mod tail_decay;

pub use base_variable::BaseVariable;
pub use growth::Growth;
pub(in crate::distribution) use growth::has_log_moment;
pub use tail_decay::TailDecay;

/// Where values lie: only distributions over one space can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// 0, 1, 2, …
    Counts,
    /// The real numbers or a part of them.
    Line,
    /// Vectors with this many coordinates.
    Vectors(usize),
    /// Vectors of this many positive shares that sum to 1.
    Simplex(usize),
}

impl Space {
    /// How many numbers a value is.
    pub fn width(self) -> usize {
        match self {
            Self::Counts | Self::Line => 1,
            Self::Vectors(size) | Self::Simplex(size) => size,
        }
    }
}

impl std::fmt::Display for Space {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Counts => out.write_str("counts 0, 1, 2, …"),
            Self::Line => out.write_str("real numbers"),
            Self::Vectors(size) => write!(out, "vectors of {size} numbers"),
            Self::Simplex(size) => write!(out, "{size} shares of a whole"),
        }
    }
}

/// A value, in the form that keeps its digits near an end of its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// x itself; a count is a whole number.
    Real(f64),
    /// ln x of a positive x, which may be too small or too large for a double.
    Log(f64),
    /// ln x and ln(1−x) of an x in (0, 1).
    Share {
        /// ln x.
        log: f64,
        /// ln(1−x).
        log_rest: f64,
    },
    /// The coordinates of a vector.
    Vector(&'a [f64]),
    /// The logarithms of shares.
    LogShares(&'a [f64]),
}

impl Value<'_> {
    /// x; NaN of a vector.
    pub fn value(self) -> f64 {
        match self {
            Self::Real(x) => x,
            Self::Log(log) | Self::Share { log, .. } => libm::exp(log),
            Self::Vector(_) | Self::LogShares(_) => f64::NAN,
        }
    }

    /// ln x, −∞ for x ≤ 0.
    pub fn log(self) -> f64 {
        match self {
            Self::Log(log) | Self::Share { log, .. } => log,
            Self::Real(x) if x > 0.0 => libm::log(x),
            Self::Real(_) | Self::Vector(_) | Self::LogShares(_) => f64::NEG_INFINITY,
        }
    }

    /// ln(1−x), −∞ for x ≥ 1.
    pub fn log_rest(self) -> f64 {
        match self {
            Self::Share { log_rest, .. } => log_rest,
            other if other.value() < 1.0 => libm::log1p(-other.value()),
            _ => f64::NEG_INFINITY,
        }
    }

    /// Whether x lies in \[low, high\], by its logarithm where x is given by that.
    pub fn lies_in(self, [low, high]: [f64; 2]) -> bool {
        match self {
            Self::Log(log) => (low <= 0.0 || log >= libm::log(low)) && high > 0.0 && log <= libm::log(high),
            other => (low..=high).contains(&other.value()),
        }
    }
}

/// A change of variable for integrals against a density: x as a function of a v for which the density of v is
/// smooth, centred near 0 and some units wide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ChangeOfVariable {
    /// x = centre + width·v.
    Linear {
        /// Where v = 0 is.
        centre: f64,
        /// The x of one unit of v.
        width: f64,
    },
    /// ln x = centre + width·v.
    Log {
        /// ln x where v = 0.
        centre: f64,
        /// The ln x of one unit of v.
        width: f64,
    },
    /// ln(x/(1−x)) = centre + width·v.
    Logit {
        /// The logit where v = 0.
        centre: f64,
        /// The logit of one unit of v.
        width: f64,
    },
}

impl ChangeOfVariable {
    /// The point at `v` and ln(dx/dv) there.
    pub fn at(self, v: f64) -> (Value<'static>, f64) {
        match self {
            Self::Linear { centre, width } => (Value::Real(centre + width * v), libm::log(width)),
            Self::Log { centre, width } => {
                let log = centre + width * v;
                (Value::Log(log), log + libm::log(width))
            }
            Self::Logit { centre, width } => {
                let logit = centre + width * v;
                let (log, log_rest) = (-softplus(-logit), -softplus(logit));
                (Value::Share { log, log_rest }, log + log_rest + libm::log(width))
            }
        }
    }

    /// The v of an x, ∓∞ at and beyond the ends.
    pub fn place(self, x: f64) -> f64 {
        match self {
            Self::Linear { centre, width } => (x - centre) / width,
            Self::Log { .. } if x <= 0.0 => f64::NEG_INFINITY,
            Self::Log { centre, width } => (libm::log(x) - centre) / width,
            Self::Logit { .. } if x <= 0.0 => f64::NEG_INFINITY,
            Self::Logit { .. } if x >= 1.0 => f64::INFINITY,
            Self::Logit { centre, width } => (libm::log(x) - libm::log1p(-x) - centre) / width,
        }
    }
}

impl ChangeOfVariable {
    /// How far v may be from the place of an x, by rounding.
    pub(in crate::distribution) fn rounding(self, x: f64) -> f64 {
        const ULPS: f64 = 2.0 * f64::EPSILON;
        let (size, width) = match self {
            Self::Linear { centre, width } => (centre.abs() + x.abs(), width),
            Self::Log { centre, width } => (centre.abs() + libm::log(x).abs(), width),
            Self::Logit { centre, width } => (centre.abs() + (libm::log(x) - libm::log1p(-x)).abs(), width),
        };
        ULPS * (self.place(x).abs() + size / width)
    }
}

/// ln(1 + eᵗ).
fn softplus(t: f64) -> f64 {
    t.max(0.0) + libm::log1p(libm::exp(-t.abs()))
}

/// A member of a family over counts, numbers or vectors.
pub trait Values: std::fmt::Debug {
    /// Where its values lie.
    fn space(&self) -> Space;

    /// The base variable that its values are functions of.
    fn base_variable(&self) -> BaseVariable;

    /// ln of the density, or of the mass; −∞ outside the support.
    fn ln_prob(&self, point: Value<'_>) -> f64;

    /// The value that a draw of [`standard`](Self::base_variable) becomes; `room` is scratch space for vectors.
    fn value<'a>(&self, draw: &'a [f64], room: &'a mut Vec<f64>) -> Value<'a>;

    /// The coordinates of that value; shares themselves, not their logarithms.
    fn coordinates(&self, draw: &[f64], room: &mut Vec<f64>) -> Vec<f64> {
        match self.value(draw, room) {
            Value::Vector(vector) => vector.to_vec(),
            Value::LogShares(logs) => logs.iter().map(|log| libm::exp(*log)).collect(),
            point => vec![point.value()],
        }
    }

    /// The size of all that [`ln_prob`](Self::ln_prob) is computed from at a point, in nats: rounding may put it off by so many
    /// ulp. Where a term is a function of a difference, that is its slope times what the difference is made of.
    fn size_of_ln_prob(&self, point: Value<'_>) -> f64 {
        self.ln_prob(point).abs()
    }

    /// The base variable as a function of x, for a single number.
    fn standardised(&self, x: f64) -> f64 {
        x
    }

    /// The smallest and the largest value; of no meaning for vectors.
    fn support(&self) -> [f64; 2] {
        [f64::NEG_INFINITY, f64::INFINITY]
    }

    /// How to integrate against it, for a density on the line.
    fn change_of_variable(&self) -> ChangeOfVariable {
        ChangeOfVariable::Linear { centre: 0.0, width: 1.0 }
    }

    /// The a up to which E\[tᵃ\] is finite toward the lower and the upper end of the support, ∞ where all are: t is |x| where the
    /// end is infinite, and 1 over the distance from it where it is finite.
    fn tail_power(&self) -> [f64; 2] {
        [f64::INFINITY; 2]
    }

    /// How −ln of the density grows toward the lower and the upper end of the support.
    fn growth(&self) -> [Growth; 2] {
        [Growth::SLOW; 2]
    }

    /// The decay of the density, or of the probability, toward the lower and the upper end of the support; none where it is unknown, as of
    /// vectors.
    fn tail_decay(&self) -> Option<[TailDecay; 2]> {
        None
    }

    /// Where its density is not smooth, ends of the support aside.
    fn kinks(&self) -> Vec<f64> {
        Vec::new()
    }

    /// Of a mixture ln of each component's weight, and its values; of others nothing.
    fn components(&self) -> Vec<(f64, &dyn Values)> {
        Vec::new()
    }
}

/// The components of a mixture; of others the one law there is.
pub(in crate::distribution) fn parts(values: &dyn Values) -> Vec<(f64, &dyn Values)> {
    let components = values.components();
    if components.is_empty() { vec![(0.0, values)] } else { components }
}
