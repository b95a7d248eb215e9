//! The means of the estimates, in units of their standard error: one setting by N, several in rows, very many as a
//! histogram.

mod convergence;
mod layout;
mod rows;
mod scored;
mod scores;

use crate::record::SavedResults;
use crate::report::figure::frame::{Figure, Frame};
use scored::{Quantity, Scored};

/// With more rows than this, a histogram is drawn.
const ROWS: usize = 40;

/// What a row is: with several estimators a condition has several rows.
fn row_noun(results: &SavedResults) -> &'static str {
    if results.overview.estimators.len() > 1 { "row" } else { "condition" }
}

/// Draws the means beside theory; none if no row can differ from theory.
pub(super) fn plot(results: &SavedResults, frame: Frame) -> Option<Figure> {
    let scored: Vec<Scored<'_>> = results.rows.iter().filter_map(Scored::of).collect();
    let first = scored.first()?;
    let is_one_setting = scored.iter().all(|one| {
        (&one.row.settings, &one.row.estimator) == (&first.row.settings, &first.row.estimator)
            && one.quantity == Quantity::Mean
    });
    Some(match scored.len() {
        2.. if is_one_setting => convergence::draw(results, &scored, frame),
        count if count <= ROWS => rows::draw(results, &scored, frame),
        _ => scores::draw(row_noun(results), &scored, frame),
    })
}
