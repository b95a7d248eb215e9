//! Which measures of performance there are.

/// A measure of how well an estimator does, estimated from n trials; θ is the estimand, θ̂ᵢ the estimates, m their mean, S
/// their standard deviation (divisor n − 1), k their kurtosis, Vᵢ = seᵢ² the variances that a model claims.
///
/// Sources: Morris, White & Crowther (2019), "Using simulation studies to evaluate statistical methods", Statistics in
/// Medicine 38, table 6; where theirs assumes normal estimates ([`Study::mcse_if_normal`](super::Study::mcse_if_normal))
/// the standard error here is that of the infinitesimal jackknife, √(Σ IFᵢ²/(n(n−1))) with IFᵢ what trial i moves the
/// measure by (Efron 1982, "The jackknife, the bootstrap and other resampling plans", chapter 6), which does not.
///
/// ```
/// use kl_math::statistics::Measure;
/// assert_eq!(Measure::EmpiricalSe.name(), "empirical_se");
/// assert_eq!(Measure::named("rmse"), Some(Measure::Rmse));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// m; standard error S/√n.
    Mean,
    /// m − θ; standard error S/√n.
    Bias,
    /// m/θ − 1; standard error S/(√n |θ|); none if θ = 0.
    RelativeBias,
    /// S; standard error S √((k−1)/n)/2, of any law. It needs four trials.
    EmpiricalSe,
    /// Σ(θ̂ᵢ − θ)²/n; standard error √(Σ[(θ̂ᵢ−θ)² − MSE]²/(n(n−1))).
    Mse,
    /// √MSE; standard error: that of MSE over 2 RMSE.
    Rmse,
    /// Σ|θ̂ᵢ − θ|/n; standard error: that of a mean, from the spread of the |θ̂ᵢ − θ|.
    MeanAbsoluteError,
    /// ModSE = √(Σ Vᵢ/n); standard error √(Var(Vᵢ)/(4 n ModSE²)).
    ModelSe,
    /// Σ seᵢ/n, which is at most ModSE; standard error: that of a mean, from the spread of the seᵢ.
    MeanModelSe,
    /// 100 (ModSE/S − 1), in percent; standard error 50 (ModSE/S) √(Σ[(Vᵢ−V̄)/V̄ − (dᵢ²−M)/M]²/(n(n−1))) with dᵢ = θ̂ᵢ − m and M
    /// the mean of dᵢ², of any law. It needs four trials.
    ModelSeError,
    /// The part C of the intervals, θ̂ᵢ ± z seᵢ unless others are given, that hold θ; standard error √(C(1−C)/n).
    Coverage,
    /// The part C of the intervals that hold m; standard error √(C(1−C)/n), which takes m as known: it is too large by some
    /// 16 % where estimates are exponential.
    BiasEliminatedCoverage,
    /// The part C of the tests that reject: of the intervals that do not hold the null value, which is 0 unless another is given,
    /// or of the p-values below 1 − level; standard error √(C(1−C)/n).
    Rejection,
    /// The mean width of the intervals; standard error: that of a mean.
    MeanIntervalWidth,
    /// The part C of the intervals θ̂ᵢ ± z σ that hold θ, with σ the exact standard deviation of an estimate; standard error
    /// √(C(1−C)/n). Of runs only: [`Study`](super::Study) knows no σ.
    ExactSeCoverage,
    /// The part C of those intervals that do not hold 0; standard error √(C(1−C)/n).
    ExactSeRejection,
    /// The part C of the estimates that are 0 or less; standard error √(C(1−C)/n). Of runs only, which have its exact chance
    /// beside it.
    Nonpositive,
    /// The quantile of the estimates of level 5 %, as [`Sample`](crate::statistics::Sample) has it; standard error: half the distance of
    /// the quantiles whose levels are √(p(1−p)/n) off to either side (Woodruff 1952), where estimates have a density.
    Quantile5,
    /// That of level 25 %, the lower quartile.
    Quantile25,
    /// That of level 50 %.
    Median,
    /// That of level 75 %, the upper quartile.
    Quantile75,
    /// That of level 95 %.
    Quantile95,
    /// The median of the estimates − θ; standard error: that of the median.
    MedianBias,
    /// The mean of the estimates without the ⌊γn⌋ smallest and as many largest, γ the part that is trimmed at either end; standard
    /// error S_w √n/h, S_w the standard deviation of the estimates with those moved to the nearest that stay, h the number that
    /// stays (Tukey & McLaughlin 1963, "Less vulnerable confidence and significance procedures for location", Sankhyā A 25).
    TrimmedMean,
    /// That mean − θ; the same standard error.
    TrimmedBias,
    /// 100 [(S_A/S_B)² − 1], in percent: how many more trials estimator A needs to be as exact as this one, B, over the same
    /// sequences; standard error: the jackknife's √((n−1)/n Σ(f₍ⱼ₎ − f̄)²), of any law. It needs four trials.
    PrecisionGain,
    /// N (Σ w)²/(N Σ w²) over all draws, N the length of a sequence: how many draws from P tell as much as the N weighed ones (Kong
    /// 1992); standard error: by the delta method. Of runs only.
    EffectiveSampleSize,
    /// ‖m − g‖, m the mean of an estimated gradient and g the true one; the standard error is a bound. Of runs only.
    BiasNorm,
    /// The trace of the covariance of the estimates of a gradient: the sum of the variances of its components; the standard error is a
    /// bound. Of runs only.
    CovarianceTrace,
    /// The cosine of the angle between the mean of an estimated gradient and the true one; the standard error is a bound. Of runs only.
    Cosine,
    /// √trace/‖g‖: how large the noise of one sequence's gradient is beside the true one; the standard error is a bound. Of runs only.
    NoiseToSignal,
}

impl Measure {
    /// Every measure, in the order of tables.
    pub const ALL: [Self; 31] = [
        Self::Mean,
        Self::Bias,
        Self::RelativeBias,
        Self::EmpiricalSe,
        Self::Mse,
        Self::Rmse,
        Self::MeanAbsoluteError,
        Self::ModelSe,
        Self::MeanModelSe,
        Self::ModelSeError,
        Self::Coverage,
        Self::BiasEliminatedCoverage,
        Self::Rejection,
        Self::MeanIntervalWidth,
        Self::ExactSeCoverage,
        Self::ExactSeRejection,
        Self::Nonpositive,
        Self::Quantile5,
        Self::Quantile25,
        Self::Median,
        Self::Quantile75,
        Self::Quantile95,
        Self::MedianBias,
        Self::TrimmedMean,
        Self::TrimmedBias,
        Self::PrecisionGain,
        Self::EffectiveSampleSize,
        Self::BiasNorm,
        Self::CovarianceTrace,
        Self::Cosine,
        Self::NoiseToSignal,
    ];

    /// Those that are quantiles.
    pub const QUANTILES: [Self; 5] =
        [Self::Quantile5, Self::Quantile25, Self::Median, Self::Quantile75, Self::Quantile95];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Bias => "bias",
            Self::RelativeBias => "relative_bias",
            Self::EmpiricalSe => "empirical_se",
            Self::Mse => "mse",
            Self::Rmse => "rmse",
            Self::MeanAbsoluteError => "mean_absolute_error",
            Self::ModelSe => "model_se",
            Self::MeanModelSe => "mean_model_se",
            Self::ModelSeError => "model_se_error",
            Self::Coverage => "coverage",
            Self::BiasEliminatedCoverage => "bias_eliminated_coverage",
            Self::Rejection => "rejection",
            Self::MeanIntervalWidth => "mean_interval_width",
            Self::ExactSeCoverage => "exact_se_coverage",
            Self::ExactSeRejection => "exact_se_rejection",
            Self::Nonpositive => "nonpositive",
            Self::Quantile5 => "quantile_5",
            Self::Quantile25 => "quantile_25",
            Self::Median => "median",
            Self::Quantile75 => "quantile_75",
            Self::Quantile95 => "quantile_95",
            Self::MedianBias => "median_bias",
            Self::TrimmedMean => "trimmed_mean",
            Self::TrimmedBias => "trimmed_bias",
            Self::PrecisionGain => "precision_gain",
            Self::EffectiveSampleSize => "effective_sample_size",
            Self::BiasNorm => "bias_norm",
            Self::CovarianceTrace => "covariance_trace",
            Self::Cosine => "cosine",
            Self::NoiseToSignal => "noise_to_signal",
        }
    }

    /// Its level in percent, if it is a quantile.
    pub fn percent(self) -> Option<u32> {
        match self {
            Self::Quantile5 => Some(5),
            Self::Quantile25 => Some(25),
            Self::Median => Some(50),
            Self::Quantile75 => Some(75),
            Self::Quantile95 => Some(95),
            _ => None,
        }
    }

    /// Whether it is of estimates in order of size.
    pub(super) fn is_of_order(self) -> bool {
        self.percent().is_some() || matches!(self, Self::MedianBias | Self::TrimmedMean | Self::TrimmedBias)
    }

    /// Whether it is of all components of a gradient together.
    pub fn is_of_gradient(self) -> bool {
        matches!(self, Self::BiasNorm | Self::CovarianceTrace | Self::Cosine | Self::NoiseToSignal)
    }

    /// The measure of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Its power of the estimates' unit: 1 of a bias, 2 of an MSE, 0 of a part.
    pub fn dimension(self) -> i32 {
        match self {
            Self::Mean | Self::Bias | Self::BiasNorm | Self::EmpiricalSe | Self::Rmse | Self::ModelSe => 1,
            Self::Quantile5 | Self::Quantile25 | Self::Median | Self::Quantile75 | Self::Quantile95 => 1,
            Self::MeanAbsoluteError | Self::MeanModelSe | Self::MeanIntervalWidth => 1,
            Self::MedianBias | Self::TrimmedMean | Self::TrimmedBias => 1,
            Self::Mse | Self::CovarianceTrace => 2,
            _ => 0,
        }
    }
}

/// What a study says of one measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assessment {
    /// Which.
    pub measure: Measure,
    /// The estimate.
    pub estimate: f64,
    /// Its Monte Carlo standard error, where the trials are enough for one.
    pub mcse: Option<f64>,
}
