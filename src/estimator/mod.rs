//! Floor 0: estimators of KL(P‖Q), one a file.

/// The estimators that a file may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EstimatorKind {
    /// (1/N) ln(P(seq)/Q(seq)).
    LogRatio,
}

impl EstimatorKind {
    /// Every estimator.
    pub const ALL: [Self; 1] = [Self::LogRatio];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::LogRatio => "log_ratio",
        }
    }
}
