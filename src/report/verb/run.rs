//! The results of an experiment on a terminal.

use super::decisions::decision_table;
use super::gradients::gradient_table;
use crate::plan::Plan;
use crate::record::{Overview, Rows, SummaryRow};
use crate::report::finding;
use crate::report::{Selection, Table, counted, grouped, printable};
use anstyle::Style;
use kl_sim::comparison::Verdict;
use std::fmt;

/// The largest number of rows that are shown on a terminal.
const SHOWN_ROWS: usize = 60;

/// The largest number of rows on a page, where they can be sorted and filtered.
const ROWS_OF_PAGE: usize = 1_000;

/// The output of a run: the question, the table of conditions, and the finding in words.
pub struct Report<'a> {
    /// What the rows have in common.
    pub overview: &'a Overview,
    /// The rows.
    pub rows: Rows<'a>,
    /// The table to show.
    pub table: Table,
    /// The number of rows that the table leaves out.
    pub hidden: usize,
}

impl<'a> Report<'a> {
    /// The report with the default table: all rows if they are few, else the first ones and every one that disagrees.
    pub fn new(overview: &'a Overview, rows: Rows<'a>) -> Self {
        Self::with_rows(overview, rows, SHOWN_ROWS)
    }

    /// The report of a page, which has room for more rows.
    pub(in crate::report) fn of_page(overview: &'a Overview, rows: Rows<'a>) -> Self {
        Self::with_rows(overview, rows, ROWS_OF_PAGE)
    }

    fn with_rows(overview: &'a Overview, rows: Rows<'a>, most: usize) -> Self {
        let (shown, hidden) = shown(rows, most);
        // The default columns always exist.
        let table = Selection::default().table(overview, &shown).unwrap_or_default();
        Self { overview, rows, table, hidden }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bold = Style::new().bold();
        write!(out, "{bold}{}{bold:#}", printable(&self.overview.experiment))?;
        match &self.overview.question {
            Some(question) => writeln!(out, ": {}", printable(question))?,
            None => writeln!(out)?,
        }
        for line in self.setting() {
            writeln!(out, "  {}", printable(&line))?;
        }
        writeln!(out)?;
        fmt::Display::fmt(&self.table, out)?;
        if let hidden @ [_, ..] = self.table.hidden_headings(out.precision()).as_slice() {
            let all = "the terminal is narrow; `runner report --columns all` shows every column";
            writeln!(out, "  left out: {} ({all})", hidden.join(", "))?;
        }
        if self.hidden > 0 {
            writeln!(out, "  … and {} more in summary.csv", grouped(self.hidden as u64))?;
        }
        if let Some(table) = gradient_table(self.overview, self.rows) {
            writeln!(out)?;
            fmt::Display::fmt(&table, out)?;
        }
        if let Some(table) = decision_table(self.overview, self.rows) {
            writeln!(out)?;
            fmt::Display::fmt(&table, out)?;
        }
        writeln!(out)?;
        writeln!(out, "{}", finding::sentence(self.overview, self.rows))
    }
}

impl Report<'_> {
    /// P and Q if they are the same in all conditions, and how the trials were drawn.
    pub(crate) fn setting(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(first) = self.rows.iter().next() {
            if self.rows.iter().all(|row| row.source == first.source) {
                lines.push(format!("P = {}", first.source.label()));
            }
            if self.rows.iter().all(|row| row.model == first.model) {
                lines.push(format!("Q = {}", first.model.label()));
            }
        }
        let trials = || self.rows.iter().map(|row| row.comparison.trials);
        let range = (trials().min().unwrap_or_default(), trials().max().unwrap_or_default());
        lines.push(format!(
            "{} per condition, seed {}, sampler {}, in {}",
            spanned(range, "trial"),
            self.overview.seed,
            self.overview.sampler,
            self.overview.unit.name()
        ));
        lines
    }
}

/// `10,000 trials`, or `2,000 to 50,000 trials`.
pub(super) fn trials(plan: &Plan) -> String {
    spanned(plan.trial_range(), "trial")
}

fn spanned((fewest, most): (u64, u64), noun: &str) -> String {
    if fewest == most { counted(most, noun) } else { format!("{} to {}", grouped(fewest), counted(most, noun)) }
}

/// A caption for a table: the question, P and Q, and how the trials were drawn.
pub fn caption(overview: &Overview, rows: Rows<'_>) -> String {
    let report = Report { overview, rows, table: Table::new(), hidden: 0 };
    let question = overview.question.clone().map(|question| format!("{question} "));
    let mut lines = report.setting();
    // The numbers come last, and end the sentence.
    lines.last_mut().into_iter().for_each(|line| line.push('.'));
    printable(&(question.unwrap_or_default() + &lines.join("; ")))
}

/// The rows to show: all if they are at most `most`, else the first ones and every one that disagrees.
fn shown(rows: Rows<'_>, most: usize) -> (Vec<SummaryRow<'_>>, usize) {
    let shown: Vec<SummaryRow<'_>> = rows
        .iter()
        .enumerate()
        .filter(|(place, row)| rows.len() <= most || *place < most / 2 || row.verdict == Verdict::Disagree)
        .map(|(_, row)| row)
        .take(most)
        .collect();
    let hidden = rows.len() - shown.len();
    (shown, hidden)
}
