//! The distance of the rows from theory, in standard errors.

use crate::record::SavedResults;
use crate::report::figure::draw::shortened;
use crate::report::figure::series::{Row, condition};
use crate::report::figure::words::{and, errors, number_of, some};
use crate::report::{counted, fixed, with_error};

/// A quantity of a row that is compared with theory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    /// The mean of the estimates.
    Mean,
    /// The number of infinite estimates.
    Infinite,
}

/// A row, and its distance from theory in standard errors.
pub(super) struct Scored<'a> {
    /// The row.
    pub(super) row: &'a Row,
    /// The quantity that is compared.
    pub(super) quantity: Quantity,
    /// Its distance from theory in standard errors.
    pub(super) score: f64,
}

impl<'a> Scored<'a> {
    /// Compares the mean, or where there is none the number of infinite estimates.
    pub(super) fn of(row: &'a Row) -> Option<Self> {
        let found = &row.comparison;
        if let Some(score) = found.z.filter(|score| score.is_finite()) {
            return Some(Self { row, quantity: Quantity::Mean, score });
        }
        let (trials, expected) = (found.trials as f64, found.infinite_expected?);
        let error = (expected * (1.0 - expected / trials)).sqrt();
        let score = (found.infinite_trials as f64 - expected) / error;
        score.is_finite().then_some(Self { row, quantity: Quantity::Infinite, score })
    }

    /// Whether any row compares this quantity.
    pub(super) fn has(scored: &[Self], quantity: Quantity) -> bool {
        scored.iter().any(|one| one.quantity == quantity)
    }
}

/// A sentence on how many rows are within one and two standard errors of theory, and on the farthest.
pub(super) fn agreement(scored: &[Scored<'_>]) -> String {
    let mut pairs: Vec<_> = scored.iter().map(|one| (one.row.source.label(), one.row.n)).collect();
    pairs.sort();
    pairs.dedup();
    let shared = match pairs.len() {
        groups if groups == scored.len() => String::new(),
        groups => format!(
            " Conditions with the same P and N share their sequences, so their errors are correlated: there {} {}.",
            if groups == 1 { "is" } else { "are" },
            number_of(groups, "such group")
        ),
    };
    format!("{}{shared}", distances(scored))
}

fn distances(scored: &[Scored<'_>]) -> String {
    let within = |errors: f64| scored.iter().filter(|one| one.score.abs() <= errors).count();
    let farthest = scored.iter().map(|one| one.score.abs()).fold(0.0, f64::max);
    let all = scored.len();
    let noun = match (Scored::has(scored, Quantity::Mean), Scored::has(scored, Quantity::Infinite)) {
        (true, true) => "number",
        (false, true) => "count",
        _ => "mean",
    };
    if all == 1 {
        return format!("The {noun} lies {} standard errors from theory.", errors(farthest));
    }
    if within(2.0) == all {
        let all = number_of(all, noun);
        return format!("All {all} lie within two standard errors of theory, the farthest {} away.", errors(farthest));
    }
    format!(
        "{} of {} lie within one standard error of theory and {} within two, where about {} \
         and {} are expected; the farthest is {} away.",
        within(1.0),
        counted(all as u64, noun),
        within(2.0),
        fixed(0.6827 * all as f64, 0),
        fixed(0.9545 * all as f64, 0),
        errors(farthest)
    )
}

/// The end of an axis of scores: 4 standard errors, or more if a row is farther from theory.
pub(super) fn reach(scored: &[Scored<'_>]) -> f64 {
    scored.iter().map(|one| one.score.abs() * 1.1).fold(4.0, f64::max)
}

/// The results of some conditions: `N = 10: 0.02 ± 0.01 nats, N = 100: …`.
pub(super) fn numbers(results: &SavedResults, scored: &[Scored<'_>]) -> String {
    let unit = results.overview.unit.name();
    let one = |one: &Scored<'_>| {
        let found = &one.row.comparison;
        let name = shortened(&condition(&results.overview, one.row), 300.0, 11.0);
        match one.quantity {
            Quantity::Mean => format!("{name}: {} {unit}", with_error(found.estimated(), found.mcse)),
            Quantity::Infinite => format!("{name}: {} infinite", counted(found.infinite_trials, "estimate")),
        }
    };
    let some: Vec<String> = some(scored, 6).into_iter().map(one).collect();
    and(&some)
}
