//! The chances of an error of the tests of one setting, by N.

use crate::record::SavedResults;
use crate::report::figure::decided::{Beside, Decided, is_of_drawn};
use crate::report::figure::series::Row;

/// A kind of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Q is decided though P is true.
    Alpha,
    /// P is decided though Q is true.
    Beta,
    /// The mean of both.
    Mean,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Alpha, Self::Beta, Self::Mean];

    /// Its name in files.
    fn key(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Mean => "mean_error",
        }
    }

    /// Its name in sentences.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mean => "the mean error",
            _ => self.key(),
        }
    }

    /// The heading of its panel.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Alpha => "alpha: Q is decided though P is true",
            Self::Beta => "beta: P is decided though Q is true",
            Self::Mean => "mean error: (alpha + beta)/2",
        }
    }
}

/// What an approximation says.
pub(super) struct Said<'a> {
    /// Its name in files.
    pub(super) name: &'a str,
    /// Whether it is a bound.
    pub(super) is_bound: bool,
    /// N and the chance, by rising N.
    pub(super) points: Vec<(u64, f64)>,
}

/// The chance of one kind of error.
pub(super) struct Rate<'a> {
    /// The kind.
    pub(super) kind: Kind,
    /// N and the exact chance, by rising N.
    pub(super) exact: Vec<(u64, f64)>,
    /// N, and in how large a part of the trials the error was made, with its standard error.
    pub(super) trials: Vec<(u64, (f64, f64))>,
    /// The approximations in the order of the file.
    pub(super) said: Vec<Said<'a>>,
}

impl Rate<'_> {
    /// The trials where the error was made at all: no other can be seen on a logarithmic axis.
    pub(super) fn observed(&self) -> impl Iterator<Item = (u64, (f64, f64))> {
        self.trials.iter().copied().filter(|&(_, (chance, _))| chance > 0.0)
    }

    /// Every N of which something is known.
    pub(super) fn lengths(&self) -> Vec<u64> {
        let exact = self.exact.iter().map(|&(n, _)| n);
        let said = self.said.iter().flat_map(|said| said.points.iter().map(|&(n, _)| n));
        let mut all: Vec<u64> = exact.chain(self.observed().map(|(n, _)| n)).chain(said).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The chances of the first setting.
pub(super) struct Rates<'a> {
    /// Every kind of error.
    pub(super) panels: Vec<Rate<'a>>,
    /// A row of the setting.
    pub(super) first: Option<&'a Row>,
    /// How many settings there are.
    pub(super) settings: usize,
}

impl<'a> Rates<'a> {
    /// The chances of tests of fixed length. What sequences are drawn from does not make another setting.
    pub(super) fn of(results: &'a SavedResults, decided: &[Decided<'a>]) -> Self {
        let names = &results.overview.setting_names;
        let own = |row: &'a Row| -> Vec<&'a String> {
            let named = names.iter().zip(row.settings.iter());
            named.filter(|(name, _)| !is_of_drawn(name)).map(|(_, value)| value).collect()
        };
        let fixed = || decided.iter().filter(|one| !one.is_sequential());
        let mut settings: Vec<Vec<&String>> = Vec::new();
        for one in fixed() {
            let setting = own(one.row);
            if !settings.contains(&setting) {
                settings.push(setting);
            }
        }
        let chosen: Vec<&Decided<'a>> = fixed().filter(|one| Some(&own(one.row)) == settings.first()).collect();
        let panels = Kind::ALL.into_iter().map(|kind| rate(results, &chosen, kind)).collect();
        Self { panels, first: chosen.first().map(|one| one.row), settings: settings.len() }
    }
}

fn rate<'a>(results: &'a SavedResults, chosen: &[&Decided<'a>], kind: Kind) -> Rate<'a> {
    let of = |one: &&&Decided<'a>| -> Option<(u64, Beside)> {
        match (kind, one.truth) {
            (Kind::Alpha, "P") => Some((one.row.n, one.q)),
            (Kind::Beta, "Q") => Some((one.row.n, one.p)),
            _ => None,
        }
    };
    let found: Vec<(u64, Beside)> = chosen.iter().filter_map(|one| of(&one)).collect();
    let mut exact: Vec<(u64, f64)> = found.iter().filter_map(|&(n, chance)| Some((n, chance.exact?))).collect();
    let trials = found.iter().filter_map(|&(n, chance)| Some((n, chance.observed?))).collect();
    let mut said: Vec<Said<'a>> = Vec::new();
    let is_chosen = |condition: usize| chosen.iter().any(|one| one.row.condition == condition);
    let own = |quantity: &str, condition: usize| quantity == kind.key() && is_chosen(condition);
    for one in results.approximations.iter().filter(|one| own(&one.quantity, one.condition)) {
        // Conditions that differ in what sequences are drawn from say the same.
        let known = exact.iter().any(|&(n, _)| n == one.n);
        exact.extend(one.exact.filter(|_| !known).map(|chance| (one.n, chance)));
        let point = (one.n, one.value);
        match said.iter_mut().find(|said| said.name == one.approximation) {
            Some(said) if said.points.iter().any(|&(n, _)| n == one.n) => {}
            Some(said) => said.points.push(point),
            None => said.push(Said { name: &one.approximation, is_bound: one.bound, points: vec![point] }),
        }
    }
    exact.sort_by_key(|&(n, _)| n);
    said.iter_mut().for_each(|said| said.points.sort_by_key(|&(n, _)| n));
    Rate { kind, exact, trials, said }
}
