//! Whether the estimate of each trial is recorded.

/// What is recorded of each trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// Nothing: only summaries are written.
    #[default]
    None,
    /// A row of `trials.csv`.
    Csv,
}

impl Record {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::None, Self::Csv];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Csv => "csv",
        }
    }
}
