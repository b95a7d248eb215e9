//! How training code makes a loss of KL(P‖Q), and how it weighs what another distribution drew.

/// An estimate of KL(P‖Q) from one draw: a function of l = ln(p/q) and r = q/p (Schulman 2020, "Approximating KL divergence").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// l.
    K1,
    /// l²/2.
    K2,
    /// r − 1 + l.
    K3,
}

/// Whose parameters a gradient is with respect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// P's.
    Source,
    /// Q's.
    Model,
}

/// What is taken off a reward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Baseline {
    /// A number, nats: 0 for none.
    Constant(f64),
    /// The mean of the rewards of the sequence, its own among them.
    Mean,
    /// The mean of the other rewards of the sequence.
    LeaveOneOut,
}

/// What is averaged to estimate a gradient of KL(P‖Q).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientRule {
    /// The term is differentiated as it stands, the draw held fixed.
    Loss(Term),
    /// The term is held fixed, less a baseline, and multiplies the score (Williams 1992).
    Reward(Term, Baseline),
    /// Draws are functions of P's parameters, x = m + σ ε, and ln(p/q) is differentiated along with them (Kingma & Welling 2014,
    /// "Auto-encoding variational Bayes"). A categorical distribution has no such estimator.
    Reparameterized,
}

impl GradientRule {
    /// Whether it is one for these parameters: draws do not depend on Q, so that a reward has nothing to multiply there.
    pub fn suits(self, side: Side) -> bool {
        matches!(self, Self::Loss(_)) || side == Side::Source
    }
}

/// How a draw x from S counts for one from P, by w = p(x)/s(x).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Importance {
    /// As it is: the weight is 1.
    #[default]
    Unweighted,
    /// w.
    Ratio,
    /// The smaller of w and this.
    Clipped(f64),
    /// w over the mean of all w.
    SelfNormalised,
}

/// Of what a weight is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WeightSpan {
    /// Of each symbol.
    #[default]
    Symbol,
    /// Of the symbols up to this one: the product of their weights.
    Prefix,
    /// Of the whole sequence: the product of all.
    Sequence,
    /// The geometric mean of all weights of the sequence.
    GeometricMean,
}

/// Which later rewards a symbol's score is multiplied with, in sequences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credit {
    /// Σ_t k_t s_t: that of the symbol itself.
    #[default]
    Symbol,
    /// Σ_t s_t Σ_{u ≥ t} k_u: its own and all later ones.
    RewardToGo,
    /// (Σ_t s_t) k(sequence): the term of the whole sequence's log ratio.
    Sequence,
}

/// The weights of an estimator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weighting {
    /// How a draw counts.
    pub importance: Importance,
    /// Of what the weight is.
    pub span: WeightSpan,
    /// Whether the weight is differentiated with the term: ∇(w k) = w (k s + ∇k).
    pub is_differentiated: bool,
}
