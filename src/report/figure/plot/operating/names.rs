//! What tells conditions apart: their settings, and what is true.

use crate::report::figure::decided::Decided;
use crate::report::figure::series::named_value;

/// The settings that tell conditions apart, and whether what is true does so.
pub(super) struct Names<'a> {
    names: &'a [String],
    places: Vec<usize>,
    has_truths: bool,
}

impl<'a> Names<'a> {
    /// The settings that vary, without the one along the axis, if there is one. Keys of S say what is true; S as a whole is called P or Q
    /// where it is one of them.
    pub(super) fn of(names: &'a [String], decided: &[Decided<'_>], across: Option<usize>) -> Self {
        let value = |one: &Decided<'_>, place: usize| one.row.settings.get(place).cloned();
        let varies = |place: usize| {
            decided.iter().any(|one| value(one, place) != decided.first().and_then(|first| value(first, place)))
        };
        let settings = names.iter().enumerate().filter(|(_, name)| !is_whole(name)).map(|(place, _)| place);
        let places = settings.filter(|&place| Some(place) != across && varies(place)).collect();
        let truths = || decided.iter().map(|one| truth(names, one));
        let has_keys = names.iter().any(|name| name.starts_with("S."));
        let has_truths = !has_keys && truths().any(|truth| Some(truth) != truths().next());
        Self { names, places, has_truths }
    }

    /// The settings of a condition, and what is true.
    pub(super) fn settings(&self, one: &Decided<'_>) -> Vec<String> {
        let named = |&place: &usize| Some(named_value(self.names.get(place)?, one.row.settings.get(place)?));
        let truth = self.has_truths.then(|| truth(self.names, one));
        self.places.iter().filter_map(named).chain(truth).collect()
    }
}

/// Whether a setting is S as a whole.
fn is_whole(name: &str) -> bool {
    name == "s" || name == "S"
}

/// `P is true`, or `S = bernoulli(p=0.52)`.
fn truth(names: &[String], one: &Decided<'_>) -> String {
    let place = names.iter().position(|name| is_whole(name));
    match place.and_then(|place| one.row.settings.get(place)) {
        Some(law) if one.truth == "S" => format!("S = {law}"),
        _ => format!("{} is true", one.truth),
    }
}
