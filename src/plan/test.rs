//! How the trials of a condition decide between P and Q.

use kl_math::decision::StoppingRule;
use kl_math::decision::fixed::{FixedTest, NeymanPearson};

/// The name of the estimator that decides.
pub const DECIDING: &str = "log_ratio";

/// The test of a condition.
#[derive(Clone, Debug)]
pub enum PlannedTest {
    /// Sequences of fixed length.
    Fixed(PlannedFixedTest),
    /// Sequences that end when the test does.
    Sequential(PlannedSequentialTest),
}

/// A test of fixed length.
#[derive(Clone, Debug)]
pub struct PlannedFixedTest {
    /// The test.
    pub test: FixedTest,
    /// How its threshold was found.
    pub kind: FixedKind,
    /// Which chance to decide P though Q is true is wanted, if one is.
    pub beta: Option<f64>,
}

/// How the threshold of a test of fixed length was found.
#[derive(Clone, Debug)]
pub enum FixedKind {
    /// By the chance to decide Q though P is true, which is at most `wanted`.
    NeymanPearson {
        /// The chance.
        wanted: f64,
        /// What came of it.
        found: Box<NeymanPearson>,
    },
    /// It was given.
    Threshold,
    /// By the chance of P beforehand.
    Bayes,
}

/// A test that may end early.
#[derive(Clone, Copy, Debug)]
pub struct PlannedSequentialTest {
    /// When it ends.
    pub rule: StoppingRule,
    /// Which.
    pub kind: SequentialKind,
    /// The chances of the two errors that are wanted, alpha and beta, if they are.
    pub wanted: Option<(f64, f64)>,
}

/// Where the limits of a sequential test are from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SequentialKind {
    /// Wald's, of two chances of errors.
    Wald,
    /// They were given.
    Limits,
    /// A look after every symbol.
    Peeking,
    /// The mixture test of a normal mean.
    Mixture {
        /// The chance to decide Q though P is true is at most this.
        alpha: f64,
    },
}

impl PlannedTest {
    /// Its name in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Fixed(PlannedFixedTest { kind, .. }) => match kind {
                FixedKind::NeymanPearson { .. } => "neyman_pearson",
                FixedKind::Threshold => "threshold",
                FixedKind::Bayes => "bayes",
            },
            Self::Sequential(PlannedSequentialTest { kind, .. }) => match kind {
                SequentialKind::Wald => "wald",
                SequentialKind::Limits => "limits",
                SequentialKind::Peeking => "peeking",
                SequentialKind::Mixture { .. } => "mixture_sprt",
            },
        }
    }

    /// When sequences end, if that is not at a fixed length.
    pub fn rule(&self) -> Option<&StoppingRule> {
        match self {
            Self::Fixed(_) => None,
            Self::Sequential(test) => Some(&test.rule),
        }
    }

    /// Between which values of Λ it goes on, nats: of fixed length the threshold twice; none where they move.
    pub fn limits(&self) -> (Option<f64>, Option<f64>) {
        match self {
            Self::Fixed(planned) => (Some(planned.test.threshold()), Some(planned.test.threshold())),
            Self::Sequential(planned) => planned.rule.constant_limits().unzip(),
        }
    }

    /// What the chance of an error, `alpha` or `beta`, is surely no more than: by Wald's inequality, P(Q) ≤ e^lower under P and
    /// P(P) ≤ e^−upper under Q.
    pub fn bound(&self, error: &str) -> Option<f64> {
        let Self::Sequential(planned) = self else { return None };
        match (planned.rule.constant_limits(), planned.kind, error) {
            (Some((lower, _)), _, "alpha") => Some(libm::exp(lower)),
            (Some((_, upper)), _, "beta") => Some(libm::exp(-upper)),
            (None, SequentialKind::Mixture { alpha }, "alpha") => Some(alpha),
            _ => None,
        }
    }

    /// The chances of the two errors that are wanted, alpha and beta, if both are.
    pub fn wanted(&self) -> Option<(f64, f64)> {
        match self {
            Self::Fixed(PlannedFixedTest { kind: FixedKind::NeymanPearson { wanted, .. }, beta, .. }) => {
                Some((*wanted, (*beta)?))
            }
            Self::Fixed(_) => None,
            Self::Sequential(test) => test.wanted,
        }
    }
}
