//! A mistake in an experiment file.

use super::source::Source;
use std::sync::Arc;

/// A range of bytes in the file or in a command-line setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// 0 is the file, 1 the first command-line setting, …
    pub(crate) text: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// One mistake: its place, the rule it breaks, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    pub(crate) title: String,
    pub(crate) place: Option<Place>,
    pub(crate) context: Option<(Place, String)>,
    pub(crate) help: Vec<String>,
    /// Whether something is missing, which may be a consequence of broken syntax.
    pub(crate) missing_part: bool,
}

impl Diagnostic {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), place: None, context: None, help: Vec::new(), missing_part: false }
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub(crate) fn context(mut self, place: Place, label: impl Into<String>) -> Self {
        self.context = Some((place, label.into()));
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(crate) fn missing_part(mut self) -> Self {
        self.missing_part = true;
        self
    }
}

/// All mistakes in an experiment file, at least one, in the order of the file. Of very many, the first are kept and the
/// others counted.
///
/// Its [`Display`](std::fmt::Display) is [`render`](Self::render) without colour.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    pub(crate) texts: Arc<[Source]>,
    pub(crate) list: Vec<Diagnostic>,
    /// The number of mistakes that are not kept.
    pub(crate) more: usize,
}

impl Diagnostics {
    /// The number of mistakes; never 0.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.list.len() + self.more
    }

    /// The titles of the mistakes that are kept.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|diagnostic| diagnostic.title.as_str())
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { texts: Arc::new([]), list: vec![diagnostic], more: 0 }
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}
