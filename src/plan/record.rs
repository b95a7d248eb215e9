//! Whether the estimate of each trial is kept.

/// What is kept of each trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// Nothing: summaries only.
    #[default]
    None,
    /// A row of `trials.csv`.
    Csv,
}

impl Record {
    /// Every choice.
    pub const ALL: [Self; 2] = [Self::None, Self::Csv];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Csv => "csv",
        }
    }
}
