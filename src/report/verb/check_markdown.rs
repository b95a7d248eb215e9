//! A regression check in Markdown, for the summary of a step.

use super::check::{CheckReport, change_text, details, failure, place};
use super::saved_check::{SavedChecks, SavedVerdict};
use crate::check::{Baseline, CheckVerdict, ExperimentCheck};
use crate::report::format::escaped;
use crate::report::{Align, Table, counted, grouped, markdown, p_value};

/// The most findings that are listed; the others are counted.
const LISTED: usize = 50;

impl CheckReport<'_> {
    /// A heading with the verdict, a table of the experiments, and one of what was found.
    pub fn markdown(&self) -> String {
        let mut table = columns(&["experiment", "verdict", "committed results", "fresh trials"]);
        for found in &self.check.experiments {
            let name = &found.plan.experiment;
            let bytes =
                found.bytes.as_ref().map_or_else(|| "not checked".to_owned(), |bytes| self.baseline(bytes, name));
            let verdict = found.verdict().name();
            table.row(vec![name.as_str().into(), verdict.into(), bytes.into(), fresh_trials(found).into()]);
        }
        let findings: Vec<[String; 2]> = self.check.experiments.iter().flat_map(findings).collect();
        let heading = match self.check.verdict() {
            CheckVerdict::Pass => "Results as they should be",
            CheckVerdict::Regressed => "Results regressed",
            CheckVerdict::Changed => "Results of another spec, or none",
            CheckVerdict::Inconclusive => "Too few trials to tell",
        };
        let contract = escaped(&self.contract());
        format!("### {heading}\n\n{contract}.\n\n{}{}", markdown(&table), listed(&["experiment", "finding"], &findings))
    }
}

impl SavedChecks<'_> {
    /// A heading with the verdict, a table of the folders, and one of the lines that changed.
    pub fn markdown(&self) -> String {
        let mut table = columns(&["folder", "verdict"]);
        let mut changes: Vec<[String; 2]> = Vec::new();
        for check in self.checks {
            let verdict = match &check.verdict {
                SavedVerdict::Same => "the same measures".to_owned(),
                SavedVerdict::Edited(file) => format!("{file} is not the file that was saved"),
                SavedVerdict::Changed(found) => {
                    let said = |one: &super::MeasureChange| {
                        let place = format!("{}/measures.csv line {}", check.folder, one.line);
                        [place, format!("was {}, is {}", one.saved, one.now)]
                    };
                    changes.extend(found.iter().map(said));
                    format!("{} of measures.csv changed", counted(found.len() as u64, "line"))
                }
            };
            table.row(vec![check.folder.as_str().into(), verdict.into()]);
        }
        let are_same = self.checks.iter().all(|check| check.verdict == SavedVerdict::Same);
        let heading = if are_same { "Saved trials as they should be" } else { "Saved trials changed" };
        format!("### {heading}\n\n{}{}", markdown(&table), listed(&["place", "change"], &changes))
    }
}

/// The tests of fresh trials in a few words.
fn fresh_trials(found: &ExperimentCheck) -> String {
    let Some(theory) = &found.theory else { return "not checked".to_owned() };
    let failing = theory.tests.iter().filter(|judged| judged.is_rejected).count();
    let tests = counted(theory.tests.len() as u64, "test");
    match theory.tests.iter().min_by(|a, b| a.test.p_value.total_cmp(&b.test.p_value)) {
        None => "nothing to test".to_owned(),
        Some(_) if failing > 0 => format!("{} of {tests} failed, seed {}", grouped(failing as u64), theory.seed),
        Some(smallest) => {
            let sign = if smallest.test.method.is_none() { "≤ " } else { "" };
            format!("{tests}, smallest p-value {sign}{}, seed {}", p_value(smallest.test.p_value), theory.seed)
        }
    }
}

/// What was found of an experiment, each beside its name.
fn findings(found: &ExperimentCheck) -> Vec<[String; 2]> {
    let of_bytes = match &found.bytes {
        Some(Baseline::Changed { changes, .. }) => changes.iter().map(change_text).collect(),
        Some(other) => details(other),
        None => Vec::new(),
    };
    let tests = found.theory.iter().flat_map(|theory| &theory.tests);
    let failing = tests.clone().filter(|judged| judged.is_rejected).map(|judged| failure(&found.plan, judged));
    let blind = tests.filter(|judged| found.is_inconclusive(judged));
    let blind =
        blind.map(|judged| format!("{}: a bias that must be detected could be missed", place(&found.plan, judged)));
    let all = of_bytes.into_iter().chain(failing).chain(blind);
    all.map(|finding| [found.plan.experiment.clone(), finding]).collect()
}

/// A table of findings below an empty line; nothing if there are none.
fn listed(head: &[&str], findings: &[[String; 2]]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut table = columns(head);
    for [what, finding] in findings.iter().take(LISTED) {
        table.row(vec![what.as_str().into(), finding.as_str().into()]);
    }
    let more = findings.len().saturating_sub(LISTED);
    let more = if more > 0 { format!("\nand {} more\n", grouped(more as u64)) } else { String::new() };
    format!("\n{}{more}", markdown(&table))
}

fn columns(head: &[&str]) -> Table {
    let mut table = Table::new();
    head.iter().for_each(|name| table.column(*name, Align::Left));
    table
}
