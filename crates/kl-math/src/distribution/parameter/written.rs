//! Parameters as a tree without syntax: what files, flags and constructors are turned into.

use super::number::Number;

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
    /// What kind of parameter this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::List(_) => Kind::List,
            Self::Table(_) => Kind::Table,
        }
    }

    /// All of it on one line, as a file has it.
    pub(in crate::distribution) fn in_a_file(&self) -> String {
        match self {
            Self::Number(number) => {
                let text = number.to_string();
                if text.contains('/') { format!("{text:?}") } else { text }
            }
            Self::Text(text) => format!("{text:?}"),
            Self::List(items) => format!("[{}]", items.iter().map(Self::in_a_file).collect::<Vec<_>>().join(", ")),
            Self::Table(entries) => {
                let entries = entries.iter().map(|(key, value)| format!("{key} = {}", value.in_a_file()));
                format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// Numbers and lists of them on one line, as they were written.
    pub(in crate::distribution) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::shown).collect::<Vec<_>>().join(", ")),
            Self::Table(_) => self.kind().to_string(),
        }
    }
}

/// The kind of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// A table.
    Table,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Table => "a table",
        })
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
