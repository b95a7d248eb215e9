//! What is known of estimates from counts to the first order in 1/N and 1/M: their variance and their bias.

/// How fast the bias of an estimator falls with the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BiasOrder {
    /// There is none.
    Unbiased,
    /// As 1/N, with a known constant.
    First,
    /// As 1/N².
    Second,
    /// Faster than 1/N, at a rate that is not known.
    Small,
    /// Exponentially.
    Exponential,
    /// Not at all.
    Lasting,
    /// At an unknown rate.
    Unknown,
}

/// How the variance of an estimate follows from the sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarianceRule {
    /// By the delta method.
    Delta,
    /// By leaving out each symbol once.
    Jackknife,
    /// Not by a formula.
    None,
}

/// The shares that an estimator takes for P and Q, and what follows from them to the first order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstOrder {
    /// How its bias falls.
    pub bias: BiasOrder,
    /// How its variance is had.
    pub variance: VarianceRule,
    /// a, added to each count from P.
    source_pseudo: f64,
    /// b, added to each count from Q.
    model_pseudo: f64,
    /// Whether the shares from Q sum to 1.
    is_normalised: bool,
    /// Whether a symbol that was not seen from Q counts as one that was seen once.
    has_unseen_as_one: bool,
    /// Whether the estimate alternates with the counts, as that from Grassberger's G does.
    is_alternating: bool,
}

/// Q, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub enum KnownModel<'a> {
    /// ln q of each symbol, −∞ where it is ruled out.
    Logs(&'a [f64]),
    /// How often each symbol occurs in a sample from Q.
    Counts(&'a [u64]),
}

/// The first-order facts of one sample, or of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expansion {
    /// The variance of the estimate.
    pub variance: f64,
    /// Its bias, where that is of the first order.
    pub bias: Option<f64>,
    /// KL of the shares that stand for P from those that stand for Q, normalised.
    pub divergence: f64,
    /// What the estimate varies by even where that is 0, beside what every estimate does: this over 2N².
    pub more_degrees: f64,
}

impl FirstOrder {
    /// Of an estimator whose estimates tell nothing but themselves.
    pub(super) const UNKNOWN: Self = Self {
        bias: BiasOrder::Unknown,
        variance: VarianceRule::None,
        source_pseudo: 0.0,
        model_pseudo: 0.0,
        is_normalised: true,
        has_unseen_as_one: false,
        is_alternating: false,
    };

    /// Of one that is the observed shares' divergence to the first order, but for its bias.
    pub(super) const fn of_shares(bias: BiasOrder) -> Self {
        Self { bias, variance: VarianceRule::Delta, ..Self::UNKNOWN }
    }

    #[must_use]
    pub(super) const fn alternating(self) -> Self {
        Self { is_alternating: true, ..self }
    }

    pub(super) const fn of_jackknife() -> Self {
        Self { bias: BiasOrder::Second, variance: VarianceRule::Jackknife, ..Self::UNKNOWN }
    }

    #[must_use]
    pub(super) const fn with_source_pseudo(self, source_pseudo: f64) -> Self {
        Self { source_pseudo, ..self }
    }

    #[must_use]
    pub(super) const fn with_model_pseudo(self, model_pseudo: f64, is_normalised: bool) -> Self {
        Self { model_pseudo, is_normalised, ..self }
    }

    #[must_use]
    pub(super) const fn with_unseen_as_one(self) -> Self {
        Self { has_unseen_as_one: true, ..self }
    }

    /// Variance and bias to the first order, with the estimator's own shares for P and Q. None where a symbol has weight that Q
    /// rules out, or where there is no formula.
    ///
    /// # Formula
    ///
    /// With p̃ᵢ = (nᵢ+a)/(N+aK), q̃ᵢ = (mᵢ+b)/(M+bK) and x = ln(p̃/q̃), by the delta method
    ///
    /// variance = (N/(N+aK))² Var_p̃\[x\]/N + (M/(M+bK))² Var_q̃\[p̃/q̃\]/M,
    ///
    /// of which the second part is (Σ p̂²/q̂ − 1)/M where a = b = 0, and is not there if Q is known. The jackknife has Var_p̂\[u\]/(N−1)
    /// with u = n ln n − (n−1) ln(n−1) − ln q. The bias is
    ///
    /// (K̂−1)/(2N) + a Σ (1−K p̃) x/N + (Σ p̃/q̃ − 1)/(2M) − b (Σ p̃/q̃ − K)/M,
    ///
    /// K̂ the symbols seen from P, and without K in the last part if the shares from Q are not divided by their sum.
    pub fn expand(&self, counts: &[u64], model: KnownModel<'_>) -> Option<Expansion> {
        let k = counts.len() as f64;
        let n = sum(counts);
        let source = Shares::new(counts, self.source_pseudo, false);
        let seen = counts.iter().filter(|&&count| count > 0).count() as f64;
        let (log_model, model_shares) = match model {
            KnownModel::Logs(logs) => (logs.to_vec(), None),
            KnownModel::Counts(model_counts) => {
                let shares = Shares::new(model_counts, self.model_pseudo, self.has_unseen_as_one);
                (shares.list.iter().map(|&share| libm::log(share)).collect(), Some((shares, sum(model_counts))))
            }
        };
        let x: Vec<f64> = source.list.iter().zip(&log_model).map(|(&p, &log)| log_ratio(p, log)).collect();
        if x.iter().any(|x| x.is_infinite()) {
            return None;
        }
        let divergence = weighted_mean(&source.list, &x);
        let of_source = match self.variance {
            VarianceRule::None => return None,
            VarianceRule::Delta => source.slope * source.slope * weighted_variance(&source.list, &x) / n,
            VarianceRule::Jackknife => {
                let step = |(&count, log): (&u64, &f64)| {
                    if count == 0 { 0.0 } else { super::rule::log_step(count as f64) - log }
                };
                let u: Vec<f64> = counts.iter().zip(&log_model).map(step).collect();
                if n < 2.0 { return None } else { weighted_variance(&source.list, &u) / (n - 1.0) }
            }
        };
        let a = self.source_pseudo;
        let smoothing: f64 = source.list.iter().zip(&x).map(|(p, x)| (1.0 - k * p) * x).sum();
        let mut bias = (seen - 1.0) / (2.0 * n) + a * smoothing / n;
        let mut variance = of_source;
        if let Some((shares, m)) = model_shares {
            let ratios: Vec<f64> =
                source.list.iter().zip(&shares.list).map(|(&p, &q)| if p > 0.0 { p / q } else { 0.0 }).collect();
            variance += shares.slope * shares.slope * weighted_variance(&shares.list, &ratios) / m;
            let ratio: f64 = ratios.iter().sum();
            let size = if self.is_normalised { k } else { 0.0 };
            bias += (ratio - 1.0) / (2.0 * m) - self.model_pseudo * (ratio - size) / m;
        }
        // The part (−1)ⁿ/(2n) of G(n) adds ±1/(2N) for each symbol. The signs of two symbols are alike if N is even, else opposite; those of
        // more are nearly independent.
        let more_degrees = match seen {
            _ if !self.is_alternating || seen < 2.0 => 0.0,
            2.0 => 2.0 * (1.0 - n % 2.0),
            _ => 0.5 * seen,
        };
        Some(Expansion {
            more_degrees,
            variance,
            bias: (self.bias == BiasOrder::First).then_some(bias),
            divergence: divergence.max(0.0),
        })
    }
}

/// Smoothed shares that sum to 1.
struct Shares {
    list: Vec<f64>,
    /// By how much a share grows with the observed one.
    slope: f64,
}

impl Shares {
    fn new(counts: &[u64], pseudo: f64, has_unseen_as_one: bool) -> Self {
        let weight = |&count: &u64| {
            if has_unseen_as_one && count == 0 { 1.0 } else { count as f64 + pseudo }
        };
        let weights: Vec<f64> = counts.iter().map(weight).collect();
        let total: f64 = weights.iter().sum();
        Self { list: weights.iter().map(|weight| weight / total).collect(), slope: sum(counts) / total }
    }
}

fn sum(counts: &[u64]) -> f64 {
    counts.iter().sum::<u64>() as f64
}

/// ln p − ln q, 0 without weight.
fn log_ratio(p: f64, log_model: f64) -> f64 {
    if p > 0.0 { libm::log(p) - log_model } else { 0.0 }
}

fn weighted_mean(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

/// The variance about the mean, of weights that sum to 1.
fn weighted_variance(weights: &[f64], values: &[f64]) -> f64 {
    let mean = weighted_mean(weights, values);
    weights.iter().zip(values).map(|(weight, value)| weight * ((value - mean) * (value - mean))).sum()
}
