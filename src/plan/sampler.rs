//! The ways to make sequences.

/// How the symbols of a trial are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SamplerKind {
    /// Every symbol of every sequence.
    #[default]
    Sequence,
}

impl SamplerKind {
    /// Every sampler.
    pub const ALL: [Self; 1] = [Self::Sequence];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequence => "sequence",
        }
    }
}
