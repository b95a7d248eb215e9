//! The ways to draw the trials.

/// How the symbols of the trials are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SamplerKind {
    /// Every symbol of every sequence.
    #[default]
    Sequence,
    /// The symbol counts of every sequence.
    Counts,
    /// For all sequences together, the number of sequences with each vector of symbol counts.
    Tally,
}

impl SamplerKind {
    /// Every sampler.
    pub const ALL: [Self; 3] = [Self::Sequence, Self::Counts, Self::Tally];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequence => "sequence",
            Self::Counts => "counts",
            Self::Tally => "tally",
        }
    }

    /// Whether sequences are drawn, rather than only their symbol counts.
    pub fn is_ordered(self) -> bool {
        self == Self::Sequence
    }
}
