//! What is wrong with a spec, and where.

use super::Source;
use std::collections::HashSet;
use std::sync::Arc;

/// A stretch of one of the texts that a spec is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// 0 is the file, 1 the first command-line setting, …
    pub(super) text: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One mistake: its place, the rule it breaks, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Diagnostic {
    pub(super) title: String,
    pub(super) place: Option<Place>,
    pub(super) context: Option<(Place, String)>,
    pub(super) help: Vec<String>,
    /// Something is not there; where the syntax is broken this may be a mere consequence.
    pub(super) of_absence: bool,
}

impl Diagnostic {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), place: None, context: None, help: Vec::new(), of_absence: false }
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    pub(super) fn context(mut self, place: Place, label: impl Into<String>) -> Self {
        self.context = Some((place, label.into()));
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(super) fn of_absence(mut self) -> Self {
        self.of_absence = true;
        self
    }
}

/// Everything that is wrong with a spec: at least one mistake, in the order of the file.
///
/// Its [`Display`](std::fmt::Display) is [`render`](Self::render) without colour.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    pub(super) texts: Arc<[Source]>,
    pub(super) list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// How many mistakes there are; never 0.
    #[expect(clippy::len_without_is_empty, reason = "it never is")]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The rule that each mistake breaks, on one line each.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|diagnostic| diagnostic.title.as_str())
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { texts: Arc::new([]), list: vec![diagnostic] }
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Collects mistakes, each once.
#[derive(Debug, Default)]
pub(super) struct Report {
    list: Vec<Diagnostic>,
    titles: HashSet<(Option<Place>, String)>,
    places: HashSet<Place>,
}

impl Report {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.titles.insert((diagnostic.place, diagnostic.title.clone())) {
            self.list.push(diagnostic);
        }
    }

    /// As [`push`](Self::push), unless this already met something at the place: the values of a range
    /// share one.
    pub(super) fn push_first(&mut self, diagnostic: Diagnostic) {
        if diagnostic.place.is_none_or(|place| self.places.insert(place)) {
            self.push(diagnostic);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Keeps of what was added since there were `first` only what broken syntax cannot have caused.
    pub(super) fn keep_certain(&mut self, first: usize, doubtful: impl Fn(Place) -> bool) {
        let certain =
            |diagnostic: &Diagnostic| !diagnostic.of_absence && diagnostic.place.is_some_and(|place| !doubtful(place));
        let mut index = 0;
        self.list.retain(|diagnostic| {
            index += 1;
            index <= first || certain(diagnostic)
        });
    }

    /// What was found, in the order of the file; what has no place comes last.
    pub(super) fn into_diagnostics(mut self, texts: Vec<Source>) -> Diagnostics {
        self.list.sort_by_key(|diagnostic| diagnostic.place.map_or((usize::MAX, 0), |place| (place.text, place.start)));
        Diagnostics { texts: texts.into(), list: self.list }
    }
}
