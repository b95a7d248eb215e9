//! Committed numbers of users' own estimators that count as the same although some digits differ.

use crate::plan::{Plan, Tolerance};
use crate::record::TableReader;
use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

/// What may differ between the committed results of a plan and those of a rerun.
#[derive(Debug)]
pub struct Tolerated {
    tolerance: Tolerance,
    /// The estimators whose rows may differ.
    programs: Vec<String>,
    /// Whether the precision of all is relative to one of them.
    is_reference: bool,
    /// The standard deviation of the estimates, by condition and estimator, as the rerun wrote it.
    spreads: HashMap<(String, String), f64>,
}

/// A row, whose cells are looked up by column.
pub(super) trait Row {
    fn cell(&self, column: &str) -> Option<&str>;

    fn number(&self, column: &str) -> Option<f64> {
        self.cell(column)?.parse().ok()
    }
}

impl Tolerated {
    /// What [`CheckSettings::tolerance`](crate::plan::CheckSettings) of the plan allows; none if it allows nothing. `fresh` has
    /// the results of the rerun.
    pub fn of(plan: &Plan, fresh: &Path) -> Option<Self> {
        let tolerance = plan.check.tolerance?;
        let programs: Vec<String> = plan.programs().map(|program| program.name.clone()).collect();
        if programs.is_empty() {
            return None;
        }
        let reference = plan.estimators.get(plan.reference);
        let is_reference = reference.is_some_and(|estimator| estimator.program().is_some());
        let spreads = spreads(&fresh.join("summary.csv")).unwrap_or_default();
        Some(Self { tolerance, programs, is_reference, spreads })
    }

    /// Whether a cell of a row of `file` may be `new` where it was `old`.
    ///
    /// Numbers a and b are the same if |a − b| is no more than the stated part of the larger of the two or, in numbers of
    /// nats or bits, of the standard deviation of the estimates; or no more than the stated number of standard errors, in
    /// numbers that have one.
    pub(super) fn accepts(&self, file: &str, row: &dyn Row, column: &str, [old, new]: [&str; 2]) -> bool {
        let Some(estimator) = row.cell("estimator") else { return false };
        let is_relative_to_program = self.is_reference && file == "measures.csv";
        if !is_relative_to_program && !self.programs.iter().any(|program| program == estimator) {
            return false;
        }
        // An estimate at the edge of a bin may fall to its other side.
        if file == "law.csv" {
            return COUNTED.contains(&column);
        }
        let (Ok(old), Ok(new)) = (old.parse::<f64>(), new.parse::<f64>()) else { return false };
        if !old.is_finite() || !new.is_finite() || TOLD.contains(&column) {
            return false;
        }
        let condition = row.cell("condition").unwrap_or_default();
        let spread = self.spreads.get(&(condition.to_owned(), estimator.to_owned())).copied();
        let Tolerance { standard_errors, relative } = self.tolerance;
        let apart = (old - new).abs();
        match column {
            // Both are in standard errors of the mean, or change by no more than the number of them.
            "z" | "p_value" => {
                let errors_a_spread = row.number("trials").unwrap_or(0.0).sqrt();
                let size = spread.zip(row.number("mean")).map_or(1.0, |(spread, mean)| 1.0 + mean.abs() / spread);
                apart <= standard_errors + relative * errors_a_spread * size
            }
            _ => {
                let spread = spread.filter(|_| OF_ESTIMATES.contains(&column)).unwrap_or(0.0);
                let of_size = relative * old.abs().max(new.abs()).max(spread);
                let error = error_column(file, column).and_then(|column| row.number(column)).unwrap_or(0.0);
                apart <= of_size || apart <= standard_errors * error
            }
        }
    }
}

/// Columns of law.csv that say where estimates fell.
const COUNTED: [&str; 2] = ["trials", "observed"];

/// Numbers that an estimator has no part in.
const TOLD: [&str; 6] = ["condition", "n", "trial", "trials", "seed", "closed_form"];

/// Numbers in nats or bits whose size is that of the estimates, not their own.
const OF_ESTIMATES: [&str; 5] = ["mean", "bias", "rmse", "estimate", "mcse"];

/// The column with the standard error of another one.
fn error_column(file: &str, column: &str) -> Option<&'static str> {
    match (file, column) {
        ("summary.csv", "mean" | "bias" | "rmse") | ("measures.csv", "estimate") => Some("mcse"),
        ("summary.csv", "variance") => Some("variance_mcse"),
        _ => None,
    }
}

/// The standard deviations in a summary.csv.
fn spreads(path: &Path) -> Option<HashMap<(String, String), f64>> {
    let mut table = TableReader::new(File::open(path).ok()?).ok()?;
    let place = |name: &str| table.columns().iter().position(|column| column == name);
    let places = [place("condition")?, place("estimator")?, place("variance")?];
    let mut spreads = HashMap::new();
    while let Some(row) = table.next_row().ok()? {
        let [Some(condition), Some(estimator), Some(variance)] = places.map(|place| row.get(place)) else { continue };
        if let Ok(variance) = variance.parse::<f64>() {
            spreads.insert((condition.clone(), estimator.clone()), variance.sqrt());
        }
    }
    Some(spreads)
}
