//! What is wrong with a spec, and where.

use super::source::Source;
use std::sync::Arc;

/// A stretch of one of the texts that a spec is made of.
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
    /// Something is not there; where the syntax is broken this may be a mere consequence.
    pub(crate) of_absence: bool,
}

impl Diagnostic {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), place: None, context: None, help: Vec::new(), of_absence: false }
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

    pub(crate) fn of_absence(mut self) -> Self {
        self.of_absence = true;
        self
    }
}

/// Everything that is wrong with a spec: at least one mistake, in the order of the file. Of very many the first ones are kept,
/// and how many more there are.
///
/// Its [`Display`](std::fmt::Display) is [`render`](Self::render) without colour.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    pub(crate) texts: Arc<[Source]>,
    pub(crate) list: Vec<Diagnostic>,
    /// How many more there are.
    pub(crate) more: usize,
}

impl Diagnostics {
    /// How many mistakes there are; never 0.
    #[expect(clippy::len_without_is_empty, reason = "it never is")]
    pub fn len(&self) -> usize {
        self.list.len() + self.more
    }

    /// The rule that each mistake that is kept breaks, on one line each.
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
