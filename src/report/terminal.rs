//! An experiment's rows on a terminal.

use super::finding;
use super::{
    Align, Cell, Table, Tone, counted, fixed, grouped, grouped_decimal, p_value, printable, significant, with_error,
};
use crate::comparison::{Method, Verdict};
use crate::plan::Plan;
use crate::record::{Label, Rows, SummaryRow};
use anstyle::Style;
use std::fmt;

/// More rows than this are left to `summary.csv`.
const SHOWN_ROWS: usize = 60;

/// What a run prints: the question, the conditions' table, and in words what was found.
pub struct Report<'a> {
    /// The plan that was run.
    pub plan: &'a Plan,
    /// Its rows.
    pub rows: Rows<'a>,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bold = Style::new().bold();
        write!(out, "{bold}{}{bold:#}", self.plan.experiment)?;
        match &self.plan.question {
            Some(question) => writeln!(out, ": {}", printable(question))?,
            None => writeln!(out)?,
        }
        for line in self.setting() {
            writeln!(out, "  {}", printable(&line))?;
        }
        writeln!(out)?;
        let (shown, hidden) = shown(self.rows);
        write!(out, "{}", conditions(self.plan, &shown))?;
        if hidden > 0 {
            writeln!(out, "  … and {} more in summary.csv", grouped(hidden as u64))?;
        }
        writeln!(out)?;
        writeln!(out, "{}", finding::sentence(self.plan, self.rows))
    }
}

impl Report<'_> {
    /// P and Q where they are the same in all conditions, and how the trials were made.
    fn setting(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(first) = self.plan.conditions.first() {
            let pairs = || self.plan.conditions.iter().map(|condition| &condition.pair);
            if pairs().all(|pair| pair.source() == first.pair.source()) {
                lines.push(format!("P = {}", Label::new(&first.pair.source().to_string()).shown()));
            }
            if pairs().all(|pair| pair.model() == first.pair.model()) {
                lines.push(format!("Q = {}", Label::new(&first.pair.model().to_string()).shown()));
            }
        }
        lines.push(format!(
            "{} a condition, seed {}, sampler {}, in {}",
            trials(self.plan),
            self.plan.seed,
            self.plan.sampler.name(),
            self.plan.unit.name()
        ));
        lines
    }
}

/// `10,000 trials`, or `2,000 to 50,000 trials`.
pub(super) fn trials(plan: &Plan) -> String {
    match plan.trial_range() {
        (fewest, most) if fewest == most => counted(most, "trial"),
        (fewest, most) => format!("{} to {}", grouped(fewest), counted(most, "trial")),
    }
}

/// The rows to show: all if they are few, else the first ones and every one that disagrees.
fn shown(rows: Rows<'_>) -> (Vec<SummaryRow<'_>>, usize) {
    let shown: Vec<SummaryRow<'_>> = rows
        .iter()
        .enumerate()
        .filter(|(place, row)| rows.len() <= SHOWN_ROWS || *place < SHOWN_ROWS / 2 || row.verdict == Verdict::Disagree)
        .map(|(_, row)| row)
        .take(SHOWN_ROWS)
        .collect();
    let hidden = rows.len() - shown.len();
    (shown, hidden)
}

/// The table of the conditions: what was varied, theory, estimate, and how they compare.
pub fn conditions(plan: &Plan, rows: &[SummaryRow<'_>]) -> Table {
    let mut table = Table::new();
    for name in &plan.setting_names {
        table.column(name, Align::Right);
    }
    table.column("N", Align::Right);
    if plan.estimators.len() > 1 {
        table.column("estimator", Align::Left);
    }
    for name in ["closed form", "mean", "z", "infinite trials", "p-value", "variance ratio", "p of ratio"] {
        table.column(name, Align::Right);
    }
    table.column("verdict", Align::Left);
    for row in rows {
        table.row(cells(plan, row));
    }
    table.without_empty_columns()
}

fn cells(plan: &Plan, row: &SummaryRow<'_>) -> Vec<Cell> {
    let found = &row.comparison;
    let text = |value: Option<String>| Cell::from(value.unwrap_or_default());
    let mut cells: Vec<Cell> = row.settings.iter().map(|setting| printable(setting).into()).collect();
    cells.push(grouped(row.n).into());
    if plan.estimators.len() > 1 {
        cells.push(row.estimator.into());
    }
    let ratio_error = found.variance_mcse.zip(found.closed_form_variance).map(|(error, variance)| error / variance);
    let infinite = found.infinite_expected.map(|expected| {
        let (count, trials) = (grouped(found.infinite_trials), grouped(found.trials));
        format!("{count} of {trials}, expected {}", grouped_decimal(expected))
    });
    let mean_p_value = found.p_value.map(|p| match found.p_value_method {
        Some(Method::Bound) => format!("≤ {}", p_value(p)),
        _ => p_value(p),
    });
    cells.extend([
        significant(found.closed_form, 6).into(),
        with_error(found.mean, found.mcse).into(),
        text(found.z.map(|z| fixed(z, 1))),
        text(infinite),
        text(mean_p_value.or(found.infinite_p_value.map(p_value))),
        text(found.variance_ratio.map(|ratio| with_error(ratio, ratio_error))),
        text(found.variance_p_value.map(|p| format!("≤ {}", p_value(p)))),
    ]);
    let tone = match row.verdict {
        Verdict::Agree => Tone::Good,
        Verdict::Disagree => Tone::Bad,
        Verdict::Infinite | Verdict::Untested => Tone::Notable,
    };
    cells.push(Cell { text: row.verdict.name().to_owned(), tone });
    cells
}
