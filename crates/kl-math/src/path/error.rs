//! Why there is no estimate.

/// Why sequences have no such estimate, as the end of a sentence that begins with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// P can make what Q cannot.
    #[error("is for finite divergences: KL(P‖Q) is infinite")]
    InfiniteDivergence,
    /// S can draw what P cannot, and nothing weighs it.
    #[error("is infinite where S draws what P cannot: write importance = \"ratio\"")]
    OutsideSource,
    /// A value is beyond the doubles.
    #[error("has a value beyond the largest double")]
    Beyond,
    /// The side has no such parameter.
    #[error(
        "has no such component: a start that is stationary is held fixed, and the others are logits of symbols or of steps"
    )]
    Component,
    /// A reward of Q.
    #[error("is for P's parameters alone: draws do not depend on Q's")]
    RewardOfModel,
    /// Draws that move with their parameters.
    #[error("is for normal distributions: what is drawn from an alphabet does not move with its parameters")]
    Reparameterized,
    /// A loss with rewards to go.
    #[error("has no rewards to go: a loss is differentiated at its own symbol")]
    LossToGo,
    /// A weight of a part of a sequence, and the term of all of it.
    #[error("is of whole sequences: write over = \"sequence\" or over = \"geometric_mean\" for its weight")]
    PartialWeight,
    /// One weight, divided by itself.
    #[error("has one weight a sequence, which self_normalised makes 1: write over = \"symbol\" or over = \"prefix\"")]
    NormalisedSequence,
    /// Weights of other draws, differentiated.
    #[error("has no differentiated weights that are self-normalised")]
    NormalisedDifferential,
    /// A baseline that is a mean of the sequence's rewards, where it is not known what is to be averaged.
    #[error("has its baseline from the rewards of single symbols, weighed one by one and not self-normalised")]
    Baseline,
}
