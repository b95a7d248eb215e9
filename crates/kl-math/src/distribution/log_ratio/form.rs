//! Log ratios that are simple functions of a standard variable.

/// X = ln(p(x)/q(x)), x ~ P, in nats, where it is a constant plus a linear form in the statistics of P's
/// [`BaseVariable`](crate::distribution::BaseVariable): then the log ratio of a sequence is one in their sums.
///
/// Slopes are made from differences of the parameters, so that they keep their digits where Q is near P.
#[derive(Clone, Debug, PartialEq)]
pub enum LogRatioForm {
    /// X is always the same.
    Constant(f64),
    /// X = c + x E, E standard exponential.
    Exponential {
        /// c.
        constant: f64,
        /// x.
        slope: f64,
    },
    /// X = c + b z + ½ x z², z standard normal.
    Normal {
        /// c.
        constant: f64,
        /// b.
        linear: f64,
        /// x.
        square: f64,
    },
    /// X = c + bᵀz + ½ zᵀAz, z independent standard normal.
    Normals {
        /// c.
        constant: f64,
        /// b.
        linear: Vec<f64>,
        /// A, symmetric.
        square: Vec<Vec<f64>>,
    },
    /// X = c − h ln G + y G, G of the gamma law with shape a.
    Gamma {
        /// a.
        shape: f64,
        /// c.
        constant: f64,
        /// h.
        shape_difference: f64,
        /// y.
        slope: f64,
        /// a y − h, which may be far smaller than either.
        excess: f64,
    },
    /// X = c − Σ hᵢ ln xᵢ, x of the Dirichlet law.
    Dirichlet {
        /// α.
        alpha: Vec<f64>,
        /// c.
        constant: f64,
        /// h.
        shape_differences: Vec<f64>,
    },
    /// X = c + ℓ k, k a count.
    Count {
        /// The law of k.
        count: CountLaw,
        /// c.
        constant: f64,
        /// ℓ.
        slope: f64,
    },
}

/// The law of a count whose sums are of the same family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CountLaw {
    /// Poisson.
    Poisson {
        /// Its mean.
        mean: f64,
    },
    /// Failures before `successes` successes, each of chance `success`.
    NegativeBinomial {
        /// r.
        successes: f64,
        /// p.
        success: f64,
    },
    /// Successes among `tries` tries, each of chance `success`.
    Binomial {
        /// n.
        tries: f64,
        /// p.
        success: f64,
    },
}

impl LogRatioForm {
    /// The constant, and the slope of each statistic of the standard variable.
    pub fn coefficients(&self) -> (f64, Vec<f64>) {
        match self {
            Self::Constant(value) => (*value, Vec::new()),
            Self::Exponential { constant, slope } | Self::Count { constant, slope, .. } => (*constant, vec![*slope]),
            Self::Normal { constant, linear, square } => (*constant, vec![*linear, 0.5 * square]),
            Self::Normals { constant, linear, square } => {
                let products = square.iter().enumerate().flat_map(|(i, row)| {
                    row.iter().take(i + 1).enumerate().map(move |(j, a)| if i == j { 0.5 * a } else { *a })
                });
                (*constant, linear.iter().copied().chain(products).collect())
            }
            Self::Gamma { constant, shape_difference, slope, .. } => (*constant, vec![-shape_difference, *slope]),
            Self::Dirichlet { constant, shape_differences, .. } => {
                (*constant, shape_differences.iter().map(|shape_difference| -shape_difference).collect())
            }
        }
    }

    /// X plus a constant.
    pub(in crate::distribution) fn shifted(mut self, more: f64) -> Self {
        match &mut self {
            Self::Constant(constant)
            | Self::Exponential { constant, .. }
            | Self::Normal { constant, .. }
            | Self::Normals { constant, .. }
            | Self::Gamma { constant, .. }
            | Self::Dirichlet { constant, .. }
            | Self::Count { constant, .. } => *constant += more,
        }
        self
    }

    /// Whether the sums over a sequence of the statistics that X needs have a law that is known, whatever its length.
    pub fn has_known_sum(&self) -> bool {
        match self {
            Self::Gamma { shape_difference, .. } => *shape_difference == 0.0,
            Self::Dirichlet { .. } => self.is_constant(),
            Self::Constant(_)
            | Self::Exponential { .. }
            | Self::Normal { .. }
            | Self::Normals { .. }
            | Self::Count { .. } => true,
        }
    }

    /// Whether the sums of `n` values can be drawn: those of binomial numbers are whole to the last one, and none is
    /// beyond the doubles.
    pub fn sums_fit(&self, n: u64) -> bool {
        const MOST: f64 = 9_007_199_254_740_992.0;
        const LARGEST: f64 = 1e300;
        match self {
            Self::Count { count: CountLaw::Binomial { tries, .. }, .. } => n as f64 * tries <= MOST,
            Self::Count { count, .. } => n as f64 * count.mean() < LARGEST,
            _ => true,
        }
    }

    /// Whether X takes one value only.
    pub fn is_constant(&self) -> bool {
        self.coefficients().1.iter().all(|&slope| slope == 0.0)
    }
}
