//! Parameters as people write them, free of any syntax, and what can be wrong with them.

use crate::numeric::{DoubleDouble, shortest};

/// A number with the text it was written as: `0.4`, or the exact fraction `1/6`.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    value: DoubleDouble,
    text: Box<str>,
}

/// Why a text is no exact fraction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FractionError {
    /// Not two whole numbers with a slash between them.
    #[error("a fraction is two whole numbers with a slash between them, such as \"1/6\"")]
    Form,
    /// The denominator is zero.
    #[error("a fraction cannot have the denominator 0")]
    ZeroDenominator,
    /// A part does not fit 64 bits.
    #[error("a fraction's parts go up to 2^63")]
    TooLarge,
}

impl Number {
    /// A double, labelled with its shortest decimal form.
    pub fn new(value: f64) -> Self {
        Self { value: value.into(), text: shortest(value).into() }
    }

    /// An exact fraction such as `1/6` or `-3/4`, kept to 106 bits.
    ///
    /// ```
    /// use kl_math::distribution::Number;
    /// let sixth = Number::fraction("1/6")?;
    /// assert_eq!(sixth.value().to_f64(), 1.0 / 6.0);
    /// assert_eq!(sixth.to_string(), "1/6");
    /// # Ok::<(), kl_math::distribution::FractionError>(())
    /// ```
    pub fn fraction(text: &str) -> Result<Self, FractionError> {
        let (numerator, denominator) = text.split_once('/').ok_or(FractionError::Form)?;
        let (numerator, denominator) = (numerator.trim(), denominator.trim());
        let (negative, numerator) = match numerator.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, numerator),
        };
        let (numerator, denominator) = (whole(numerator)?, whole(denominator)?);
        if denominator == 0 {
            return Err(FractionError::ZeroDenominator);
        }
        let size = DoubleDouble::ratio(numerator, denominator);
        let sign = if negative { "-" } else { "" };
        Ok(Self { value: if negative { -size } else { size }, text: format!("{sign}{numerator}/{denominator}").into() })
    }

    /// The value, to 106 bits.
    pub fn value(&self) -> DoubleDouble {
        self.value
    }
}

fn whole(text: &str) -> Result<u64, FractionError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FractionError::Form);
    }
    text.parse().ok().filter(|&part| part <= 1 << 63).ok_or(FractionError::TooLarge)
}

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text)
    }
}

/// A parameter as written: the neutral tree that files and flags are turned into.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// A number or an exact fraction.
    Number(Number),
    /// Any other text, and what else a file may hold (`true`, a date), by its spelling.
    Text(String),
    /// `[…]`.
    List(Vec<Parameter>),
    /// `{ key = …, … }`, in the order written.
    Table(Vec<(String, Parameter)>),
}

impl Parameter {
    /// What kind of thing this is, for messages: "a number", "a text", …
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::new(value)
    }
}

impl<N: Into<Number>> From<N> for Parameter {
    fn from(number: N) -> Self {
        Self::Number(number.into())
    }
}

impl<P: Into<Self>, const LENGTH: usize> From<[P; LENGTH]> for Parameter {
    fn from(items: [P; LENGTH]) -> Self {
        Self::List(items.into_iter().map(P::into).collect())
    }
}

impl<P: Into<Self>> From<Vec<P>> for Parameter {
    fn from(items: Vec<P>) -> Self {
        Self::List(items.into_iter().map(P::into).collect())
    }
}

impl From<&[f64]> for Parameter {
    fn from(items: &[f64]) -> Self {
        Self::List(items.iter().map(|&item| item.into()).collect())
    }
}

/// One step down a [`Parameter`] tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into a list, counting from 0.
    Index(usize),
}

/// What is wrong with a parameter. Each message names the value and the rule; [`help`](Self::help)
/// says what to write instead.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A number outside [0, 1], or not a number at all.
    #[error("{value} is not a probability: a probability lies between 0 and 1")]
    NotAProbability {
        /// The number as written.
        value: String,
    },
    /// A number that breaks a family's rule.
    #[error("{value} is not {rule}")]
    OutOfRange {
        /// The number as written, or what it is part of.
        value: String,
        /// What it must be.
        rule: String,
        /// What to write instead.
        help: &'static str,
    },
    /// Something else than a number.
    #[error("{found} where {rule} should stand")]
    NotANumber {
        /// What stands there.
        found: &'static str,
        /// What the number must be.
        rule: &'static str,
        /// What to write instead.
        help: &'static str,
    },
    /// None of the two spellings of one parameter.
    #[error("{family} needs `{one}` or `{other}`")]
    Either {
        /// The family.
        family: &'static str,
        /// One of them.
        one: &'static str,
        /// The other.
        other: &'static str,
        /// A line that would do.
        example: &'static str,
    },
    /// Both of them.
    #[error("{family} takes `{one}` or `{other}`, and not both")]
    Both {
        /// The family.
        family: &'static str,
        /// The one that stands first.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Weights that do not add up.
    #[error("the probabilities sum to {sum}, not to 1")]
    WeightSum {
        /// Their sum.
        sum: f64,
    },
    /// One symbol twice (a list or a flag can say so; a TOML table cannot).
    #[error("the symbol {symbol:?} stands twice")]
    DuplicateSymbol {
        /// The symbol.
        symbol: String,
    },
    /// A symbol with no name.
    #[error("a symbol needs a name")]
    NamelessSymbol,
    /// Too few or too many symbols.
    #[error("an alphabet has {least} to {most} symbols, and this has {found}")]
    AlphabetSize {
        /// How many there are.
        found: usize,
        /// The smallest size.
        least: usize,
        /// The largest size.
        most: usize,
    },
    /// A number where a list should stand, say.
    #[error("{found} where {expected} should stand")]
    Type {
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
        /// A line that would do.
        example: &'static str,
    },
    /// A key that the family does not have.
    #[error("{family} has no parameter `{key}`")]
    UnknownKey {
        /// The family.
        family: &'static str,
        /// The key as written.
        key: String,
        /// The keys it has.
        known: &'static [&'static str],
    },
    /// A parameter left out.
    #[error("{family} needs its parameter `{key}`")]
    MissingKey {
        /// The family.
        family: &'static str,
        /// The key left out.
        key: &'static str,
        /// A line that would do.
        example: &'static str,
    },
    /// No such family.
    #[error("there is no distribution called `{name}`")]
    UnknownFamily {
        /// The name as written.
        name: String,
        /// The families there are.
        known: Vec<&'static str>,
    },
    /// No family, or several.
    #[error("a distribution is one family, and this names {found}")]
    FamilyCount {
        /// How many are named.
        found: usize,
    },
}

impl Fault {
    /// Something else where a probability should stand.
    pub(super) fn no_probability(written: &Parameter) -> Self {
        let help = "write a number such as 0.4, or an exact fraction such as \"1/6\"";
        Self::NotANumber { found: written.kind(), rule: "a probability", help }
    }

    /// What to write instead, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NotAProbability { .. } => {
                Some("write a number such as 0.4 or an exact fraction such as \"1/6\"".into())
            }
            Self::OutOfRange { help, .. } | Self::NotANumber { help, .. } => Some((*help).into()),
            Self::Both { .. } => Some("remove one of the two".into()),
            Self::WeightSum { .. } => {
                Some("they must sum to 1 within 1e-9; exact fractions such as \"1/6\" help".into())
            }
            Self::DuplicateSymbol { .. } => Some("give each symbol its own name".into()),
            Self::AlphabetSize { found: 0..=1, .. } => Some("name at least two symbols".into()),
            Self::AlphabetSize { .. } => Some("put symbols together".into()),
            Self::UnknownKey { key, known, .. } => Some(
                nearest(key, known)
                    // One letter is as near to any other.
                    .filter(|near| key.len() > 1 || known.len() == 1 || near.eq_ignore_ascii_case(key))
                    .map_or_else(|| format!("it has {}", listed(known)), |near| format!("did you mean `{near}`?")),
            ),
            Self::MissingKey { example, .. } | Self::Either { example, .. } | Self::Type { example, .. } => {
                Some(format!("for example: {example}"))
            }
            Self::UnknownFamily { name, known } => Some(
                nearest(name, known)
                    .map_or_else(|| format!("there are {}", listed(known)), |near| format!("did you mean `{near}`?")),
            ),
            Self::FamilyCount { .. } => Some("for example: P.bernoulli.p = 0.5, or P = [0.5, 0.5]".into()),
            Self::NamelessSymbol => Some("write a name between the quotes, such as \"H\"".into()),
        }
    }
}

/// The known word nearest to `word`, if any is near enough to be what was meant.
///
/// ```
/// use kl_math::distribution::nearest;
/// assert_eq!(nearest("trails", &["seed", "trials"]), Some("trials"));
/// assert_eq!(nearest("banana", &["seed", "trials"]), None);
/// ```
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    known
        .iter()
        .map(|&candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= candidate.chars().count().max(word.chars().count()).div_ceil(3))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// `` `a`, `b` and `c` ``.
pub fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A [`Fault`] and where in the parameter tree it is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{fault}")]
pub struct ParameterError {
    /// The way from the root of the tree to the value at fault.
    pub path: Vec<Step>,
    /// What is wrong there.
    pub fault: Fault,
}

impl ParameterError {
    /// A fault at the root of a tree.
    pub fn here(fault: Fault) -> Self {
        Self { path: Vec::new(), fault }
    }

    /// The same fault seen from one step further up.
    #[must_use]
    pub fn under(mut self, step: Step) -> Self {
        self.path.insert(0, step);
        self
    }
}

/// Everything that is wrong with the parameters of a distribution; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterErrors(pub Vec<ParameterError>);

impl From<Vec<ParameterError>> for ParameterErrors {
    fn from(errors: Vec<ParameterError>) -> Self {
        Self(errors)
    }
}

impl std::fmt::Display for ParameterErrors {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            out.write_str(if place > 0 { "; " } else { "" })?;
            for step in &error.path {
                match step {
                    Step::Key(key) => write!(out, "{key}: ")?,
                    Step::Index(index) => write!(out, "[{index}]: ")?,
                }
            }
            write!(out, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ParameterErrors {}
