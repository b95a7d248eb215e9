//! The measures of a gradient over all of its components, a row for each estimator.

use crate::record::{Overview, Rows};
use crate::report::shown::Shown;
use crate::report::{Align, Cell, Table, grouped, printable, with_error};
use kl_math::statistics::Measure;
use kl_sim::comparison::Performance;
use kl_sim::estimator::split_component;

/// The measures that are shown, and their headings.
const MEASURES: [(Measure, &str); 4] = [
    (Measure::BiasNorm, "‖bias‖"),
    (Measure::Cosine, "cosine"),
    (Measure::NoiseToSignal, "noise/signal"),
    (Measure::CovarianceTrace, "trace of covariance"),
];

/// At most this many rows are shown.
const SHOWN: usize = 60;

/// The table; none where the estimators have no components, or nothing is known of them together.
pub(super) fn gradient_table(overview: &Overview, rows: Rows<'_>) -> Option<Table> {
    if !overview.has_components() {
        return None;
    }
    let whole = |found: &&Performance| found.measure.is_of_gradient();
    let rows: Vec<_> = rows.iter().filter(|row| row.measures.iter().any(|found| whole(&found))).take(SHOWN).collect();
    if rows.is_empty() {
        return None;
    }
    let shown = Shown::of(&overview.setting_names, rows.iter().map(|row| (&*row.label, &*row.settings)));
    let mut table = Table::new();
    for name in shown.names() {
        table.column(name, Align::Left);
    }
    table.column("N", Align::Right);
    table.column("over all components", Align::Left);
    for (_, heading) in MEASURES {
        table.column(heading, Align::Right);
    }
    for row in &rows {
        let settings = shown.values(&row.label, &row.settings);
        let mut cells: Vec<Cell> = settings.iter().map(|value| printable(value).into()).collect();
        cells.push(grouped(row.n).into());
        cells.push(printable(split_component(&row.estimator).0).into());
        cells.extend(MEASURES.map(|(measure, _)| {
            let found = row.measures.iter().find(|found| found.measure == measure);
            found.map_or_else(String::new, |found| with_error(found.estimate, found.mcse)).into()
        }));
        table.row(cells);
    }
    Some(table.without_empty_columns())
}
