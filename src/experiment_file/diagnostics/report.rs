//! Collects mistakes in bounded memory.

use super::diagnostic::{Diagnostic, Diagnostics, Place};
use super::source::Source;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Collects mistakes, each once. A file may have hundreds of thousands: full texts are kept for those that may be shown.
#[derive(Debug, Default)]
pub(crate) struct Report {
    list: Vec<Found<Diagnostic>>,
    /// For mistakes late in the file: whether something is missing.
    rest: Vec<Found<bool>>,
    count: usize,
    titles: HashSet<(Option<Place>, u64)>,
    places: HashSet<Place>,
}

/// A mistake with its number in the order of discovery.
#[derive(Debug)]
struct Found<T> {
    number: usize,
    place: Option<Place>,
    what: T,
}

impl Report {
    /// At least this many mistakes are kept.
    const KEPT: usize = 500;

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let mut hasher = DefaultHasher::new();
        diagnostic.title.hash(&mut hasher);
        if !self.titles.insert((diagnostic.place, hasher.finish())) {
            return;
        }
        self.list.push(Found { number: self.count, place: diagnostic.place, what: diagnostic });
        self.count += 1;
        if self.list.len() >= 2 * Self::KEPT {
            self.list.sort_by_key(|found| order(found.place));
            let late = self.list.drain(Self::KEPT..);
            self.rest.extend(late.map(|found| Found {
                number: found.number,
                place: found.place,
                what: found.what.missing_part,
            }));
        }
    }

    /// Adds a mistake unless this method has already added one at the same place, which the values of a range share.
    pub(crate) fn push_first(&mut self, diagnostic: Diagnostic) {
        if diagnostic.place.is_none_or(|place| self.places.insert(place)) {
            self.push(diagnostic);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number of mistakes found so far.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Removes the mistakes after the `first` ones that broken syntax may have caused.
    pub(crate) fn keep_certain(&mut self, first: usize, doubtful: impl Fn(Place) -> bool) {
        let is_certain = |number: usize, place: Option<Place>, missing_part: bool| {
            number < first || (!missing_part && place.is_some_and(|place| !doubtful(place)))
        };
        self.list.retain(|found| is_certain(found.number, found.place, found.what.missing_part));
        self.rest.retain(|found| is_certain(found.number, found.place, found.what));
        self.count = self.list.len() + self.rest.len();
    }

    /// Returns the mistakes in the order of the file, those without a place last.
    pub(crate) fn into_diagnostics(mut self, texts: Vec<Source>) -> Diagnostics {
        // At one place, in the order of discovery.
        self.list.sort_by_key(|found| (order(found.place), found.number));
        let list = self.list.into_iter().map(|found| found.what).collect();
        Diagnostics { texts: texts.into(), list, more: self.rest.len() }
    }
}

fn order(place: Option<Place>) -> (usize, usize) {
    place.map_or((usize::MAX, 0), |place| (place.text, place.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mistakes are found from the end of the file to its start, the worst order, and twice.
    #[test]
    fn the_first_of_many_mistakes_are_kept_and_all_are_counted() {
        let many = 20_000;
        let mut report = Report::default();
        for place in (0..many).rev().chain(0..many) {
            let at = Place { text: 0, start: 10 * place, end: 10 * place + 5 };
            report.push(Diagnostic::new(format!("mistake {place}")).at(at));
            assert!(report.list.len() < 2 * Report::KEPT);
        }
        assert_eq!(report.len(), many);
        let found = report.into_diagnostics(Vec::new());
        assert_eq!(found.len(), many);
        let titles: Vec<&str> = found.titles().take(20).collect();
        let expected: Vec<String> = (0..20).map(|place| format!("mistake {place}")).collect();
        assert_eq!(titles, expected);
        assert!(found.render(false).ends_with("and 19980 more"), "{}", found.render(false));
    }

    #[test]
    fn certain_mistakes_without_a_text_are_counted() {
        let mut report = Report::default();
        report.push(Diagnostic::new("syntax"));
        for place in 0..5_000 {
            let diagnostic = Diagnostic::new("twice").at(Place { text: 0, start: place, end: place });
            report.push(if place % 2 == 0 { diagnostic.missing_part() } else { diagnostic });
        }
        report.keep_certain(1, |place| place.start >= 4_000);
        assert_eq!((report.len(), report.is_empty()), (1 + 2_000, false));
        assert_eq!(report.into_diagnostics(Vec::new()).len(), 2_001);
    }
}
