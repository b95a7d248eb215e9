//! Base variables: the variables without location and scale that values are functions of.

use crate::numeric::DoubleDouble;

/// A variable without location and scale, of which a family's values are functions.
///
/// A draw is one or more numbers; the *statistics* of a draw are the functions of it whose sums over a sequence a
/// [`LogRatioForm`](crate::distribution::LogRatioForm) needs.
#[derive(Clone, Debug, PartialEq)]
pub enum BaseVariable {
    /// E with density e^−E on E > 0. Statistic: E.
    Exponential,
    /// z, standard normal. Statistics: z, z².
    Normal,
    /// Independent standard normal z₁ … z_d. Statistics: each zᵢ, then zᵢzⱼ for j ≤ i, row by row.
    Normals {
        /// d.
        dimensions: usize,
    },
    /// G with density Gᵃ⁻¹ e^−G/Γ(a); a draw is ln G and G, and so are the statistics.
    Gamma {
        /// a.
        shape: f64,
    },
    /// Shares x₁ … x_K with the Dirichlet density; a draw is ln x₁ … ln x_K, and so are the statistics.
    Dirichlet {
        /// α.
        alpha: Vec<f64>,
    },
    /// t with density e^−|t|/2. No statistic.
    Laplace,
    /// t with density 1/(π(1+t²)). No statistic.
    Cauchy,
    /// u, uniform between 0 and 1. No statistic.
    Uniform,
    /// y = ln(x/(1−x)), x of the beta law of a and a: density 1/(2 cosh(y/2))²ᵃ up to a factor. No statistic.
    LogOdds {
        /// a.
        shape: f64,
    },
    /// w with density e^(−aw − w²/2) up to a factor, low < w < high. No statistic.
    TruncatedNormal {
        /// a: 0 unless low is 0.
        steepness: f64,
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// One of several variables, drawn anew each time: its number from 0, its own numbers, and zeros. No statistic.
    Mixture {
        /// Weights that sum to 1, and the variables.
        parts: Vec<(DoubleDouble, Self)>,
    },
    /// k, Poisson. Statistic: k.
    Poisson {
        /// The mean.
        mean: f64,
    },
    /// k failures before r successes. Statistic: k.
    NegativeBinomial {
        /// r.
        successes: f64,
        /// p.
        success: f64,
    },
    /// k successes among n tries. Statistic: k.
    Binomial {
        /// n.
        tries: u64,
        /// p.
        success: f64,
    },
}

impl BaseVariable {
    /// How many numbers a draw is.
    pub fn width(&self) -> usize {
        match self {
            Self::Gamma { .. } => 2,
            Self::Dirichlet { alpha } => alpha.len(),
            Self::Mixture { parts } => 1 + parts.iter().map(|(_, part)| part.width()).max().unwrap_or(0),
            Self::Normals { dimensions } => *dimensions,
            _ => 1,
        }
    }

    /// How many statistics a draw has.
    pub fn statistics(&self) -> usize {
        match self {
            Self::Laplace
            | Self::Cauchy
            | Self::Uniform
            | Self::LogOdds { .. }
            | Self::TruncatedNormal { .. }
            | Self::Mixture { .. } => 0,
            Self::Exponential | Self::Poisson { .. } | Self::NegativeBinomial { .. } | Self::Binomial { .. } => 1,
            Self::Normal | Self::Gamma { .. } => 2,
            Self::Dirichlet { alpha } => alpha.len(),
            Self::Normals { dimensions } => dimensions + dimensions * (dimensions + 1) / 2,
        }
    }
}
