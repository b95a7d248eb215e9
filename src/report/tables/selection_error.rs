//! Why a table of results cannot be made.

/// Why a table cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// No column has that name.
    #[error("{experiment} has no column {name}{}", .nearest.as_ref().map(|nearest| format!(": do you mean {nearest}?")).unwrap_or_default())]
    NoColumn {
        /// The experiment.
        experiment: String,
        /// What was asked for.
        name: String,
        /// The name it resembles.
        nearest: Option<String>,
        /// All there are.
        all: Vec<String>,
    },
    /// A condition on rows without an operator.
    #[error("`{text}` is not a condition")]
    NoFilter {
        /// What was written.
        text: String,
    },
    /// Words cannot be larger than others.
    #[error("{column} {operator} {value}: only numbers are larger or smaller")]
    NoNumber {
        /// The column.
        column: String,
        /// The comparison.
        operator: &'static str,
        /// What it is compared with.
        value: String,
    },
    /// No row is left.
    #[error("no row of {experiment} has {filters}")]
    NoRow {
        /// The experiment.
        experiment: String,
        /// The filters.
        filters: String,
        /// What the first filter's column holds.
        values: String,
    },
    /// Two rows for one cell of a pivot.
    #[error("two rows of {experiment} have one cell: {place}; they differ in {differ}")]
    Ambiguous {
        /// The experiment.
        experiment: String,
        /// Which cell.
        place: String,
        /// In which columns the rows differ.
        differ: String,
    },
    /// A pivot that says only a part.
    #[error("a table by two keys needs three flags: --rows, --columns and --cell")]
    HalfPivot,
}

impl SelectionError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::NoColumn { all, .. } => format!("there are {}", all.join(", ")),
            Self::NoFilter { .. } => {
                "write it as in --where N=1000, --where 'mcse<0.001' or --where verdict!=agree".to_owned()
            }
            Self::NoNumber { .. } => "compare with a number, or with = or !=".to_owned(),
            Self::NoRow { values, .. } => values.clone(),
            Self::Ambiguous { differ, .. } => {
                let key = differ.split(", ").next().unwrap_or(differ);
                format!("add one of them to --rows, or choose rows: --where {key}=…")
            }
            Self::HalfPivot => "for example: --rows Q.bernoulli.p --columns N --cell bias".to_owned(),
        }
    }
}
