//! A regression check as annotations of files.

use super::annotation::{Annotation, AnnotationLevel};
use super::check::{CheckReport, change_text, details, failure};
use super::saved_check::{SavedChecks, SavedVerdict};
use crate::check::{Baseline, Change, ExperimentCheck, JudgedTest};
use crate::report::counted;
use std::path::Path;

/// The first file of results, which has a row for each condition and estimator.
const SUMMARY: &str = "summary.csv";

impl CheckReport<'_> {
    /// An annotation for each change and each test that failed: the first of each experiment before any second one, since GitHub shows
    /// ten of a step.
    pub fn annotations(&self) -> Vec<Annotation> {
        let mut all: Vec<(usize, Annotation)> = Vec::new();
        for (found, file) in self.check.experiments.iter().zip(self.files) {
            let of_bytes = found.bytes.iter().flat_map(|baseline| self.of_baseline(found, baseline, file));
            let of_tests = self.of_tests(found, file);
            all.extend(of_bytes.chain(of_tests).enumerate());
        }
        all.sort_by_key(|(place, _)| *place);
        all.into_iter().map(|(_, annotation)| annotation).collect()
    }

    fn of_baseline(&self, found: &ExperimentCheck, baseline: &Baseline, file: &str) -> Vec<Annotation> {
        let name = &found.plan.experiment;
        let said = self.baseline(baseline, name);
        match baseline {
            Baseline::Same { .. } => Vec::new(),
            Baseline::Changed { changes, .. } => changes.iter().map(|change| self.of_change(name, change)).collect(),
            Baseline::Unreadable { file, .. } => {
                let place = (Some(self.committed(name, file)), None);
                vec![annotation(AnnotationLevel::Error, place, format!("{name}: results that cannot be read"), said)]
            }
            Baseline::Missing | Baseline::OtherSpec(_) | Baseline::OtherStream { .. } | Baseline::Newer { .. } => {
                let advice = ["`runner check --update` runs it into the committed results".to_owned()];
                let lines: Vec<String> = std::iter::once(said).chain(details(baseline)).chain(advice).collect();
                let place = (Some(file.to_owned()), Some(1));
                let title = format!("{name}: nothing to compare with");
                vec![annotation(AnnotationLevel::Warning, place, title, lines.join("\n"))]
            }
        }
    }

    fn of_change(&self, name: &str, change: &Change) -> Annotation {
        let place = (Some(self.committed(name, &change.file)), Some(change.line.unwrap_or(1)));
        let title = format!("{name}: a committed result changed");
        annotation(AnnotationLevel::Error, place, title, change_text(change))
    }

    fn of_tests(&self, found: &ExperimentCheck, file: &str) -> Vec<Annotation> {
        let (name, plan) = (&found.plan.experiment, &found.plan);
        let Some(theory) = &found.theory else { return Vec::new() };
        let failing = theory.tests.iter().filter(|judged| judged.is_rejected).map(|judged| {
            let again = format!("to reproduce: runner {file} --seed {} --out DIR", theory.seed);
            let message = format!("{}\n{again}", failure(plan, judged));
            let title = format!("{name}: fresh trials disagree with theory");
            annotation(AnnotationLevel::Error, self.row(found, judged, file), title, message)
        });
        let blind = theory.tests.iter().filter(|judged| found.is_inconclusive(judged)).count();
        let inconclusive = (blind > 0).then(|| {
            let title = format!("{name}: too few trials");
            let message = format!(
                "{} could miss a bias that [check] wants detected: use more trials, or a larger `detect`",
                counted(blind as u64, "test")
            );
            annotation(AnnotationLevel::Warning, (Some(file.to_owned()), Some(1)), title, message)
        });
        failing.chain(inconclusive).collect()
    }

    /// The row of the committed summary that a test is of; the experiment file where there is none.
    fn row(&self, found: &ExperimentCheck, judged: &JudgedTest, file: &str) -> (Option<String>, Option<usize>) {
        let estimators = &found.plan.estimators;
        let place = estimators.iter().position(|estimator| estimator.name() == judged.test.estimator);
        match (&found.bytes, place) {
            (Some(Baseline::Same { .. } | Baseline::Changed { .. }), Some(place)) => {
                // The first line has the names of the columns.
                let line = 2 + judged.test.condition * estimators.len() + place;
                (Some(self.committed(&found.plan.experiment, SUMMARY)), Some(line))
            }
            _ => (Some(file.to_owned()), Some(1)),
        }
    }

    fn committed(&self, name: &str, file: &str) -> String {
        self.results.join(name).join(file).display().to_string()
    }
}

impl SavedChecks<'_> {
    /// An annotation for each line that changed, and for each file that was edited.
    pub fn annotations(&self) -> Vec<Annotation> {
        let of_folder = |check: &super::SavedCheck| {
            let file = |name: &str| Some(Path::new(&check.folder).join(name).display().to_string());
            match &check.verdict {
                SavedVerdict::Same => Vec::new(),
                SavedVerdict::Edited(name) => {
                    let message = "it was edited, cut short or removed since it was saved".to_owned();
                    let title = format!("{}: not what was saved", check.folder);
                    vec![annotation(AnnotationLevel::Error, (file(name), Some(1)), title, message)]
                }
                SavedVerdict::Changed(changes) => {
                    let line = |change: &super::MeasureChange| {
                        let message = format!("was {}\nis {}", change.saved, change.now);
                        let title = format!("{}: a measure changed", check.folder);
                        annotation(AnnotationLevel::Error, (file("measures.csv"), Some(change.line)), title, message)
                    };
                    changes.iter().map(line).collect()
                }
            }
        };
        self.checks.iter().flat_map(of_folder).collect()
    }
}

fn annotation(
    level: AnnotationLevel,
    (file, line): (Option<String>, Option<usize>),
    title: String,
    message: String,
) -> Annotation {
    Annotation { level, file, line, columns: None, title, message }
}
