//! The ways to make the trials.

/// How the symbols of the trials are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SamplerKind {
    /// Every symbol of every sequence.
    #[default]
    Sequence,
    /// The symbol counts of every sequence.
    Counts,
    /// For all sequences together, how many have which symbol counts.
    Tally,
}

impl SamplerKind {
    /// Every sampler.
    pub const ALL: [Self; 3] = [Self::Sequence, Self::Counts, Self::Tally];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequence => "sequence",
            Self::Counts => "counts",
            Self::Tally => "tally",
        }
    }

    /// Whether there are sequences, and not only their symbol counts.
    pub fn is_ordered(self) -> bool {
        self == Self::Sequence
    }
}
