//! A regression check in words and as JSON.

use crate::check::{Baseline, Change, Check, CheckVerdict, ExperimentCheck, JudgedTest, TestKind, TheoryCheck};
use crate::plan::Plan;
use crate::report::finding::nominal_tests;
use crate::report::shown::Shown;
use crate::report::{counted, grouped, json_number, p_value, printable, significant};
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// The output of `runner check`.
pub struct CheckReport<'a> {
    /// The results of the check.
    pub check: &'a Check,
    /// The folder of the committed results.
    pub results: &'a Path,
    /// The experiment files as the user named them, for the command that reproduces a failure.
    pub files: &'a [String],
}

/// A detectable bias above this many times D is not given in percent of it.
const MANY_TIMES: f64 = 10.0;

/// The largest number of failing tests that are listed.
const LISTED: usize = 12;

impl fmt::Display for CheckReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.contract())?;
        let width = self.check.experiments.iter().map(|one| printable(&one.plan.experiment).width()).max().unwrap_or(0);
        for (experiment, file) in self.check.experiments.iter().zip(self.files) {
            self.experiment(out, experiment, file, width)?;
        }
        if let (drawn, planned) = self.check.trials()
            && drawn < planned
        {
            writeln!(
                out,
                "{} of {} trials were enough: {} saved",
                grouped(drawn),
                grouped(planned),
                saved(drawn, planned)
            )?;
        }
        let count = counted(self.check.experiments.len() as u64, "experiment");
        match self.check.verdict() {
            CheckVerdict::Pass => writeln!(out, "PASS: {count}"),
            CheckVerdict::Regressed => {
                let has_changed = |found: &ExperimentCheck| matches!(found.bytes, Some(Baseline::Changed { .. }));
                let advice = match self.check.experiments.iter().any(has_changed) {
                    true => "; if the change is meant, `runner check --update` accepts it",
                    false => "",
                };
                writeln!(out, "REGRESSED: {}{advice}", self.of(CheckVerdict::Regressed))
            }
            CheckVerdict::Changed => writeln!(
                out,
                "CHANGED: {}; this is not an error, and `runner check --update` accepts it",
                self.of(CheckVerdict::Changed)
            ),
            CheckVerdict::Inconclusive => writeln!(
                out,
                "INCONCLUSIVE: {}; use more trials, or a larger `detect` in [check]",
                self.of(CheckVerdict::Inconclusive)
            ),
        }
    }
}

impl CheckReport<'_> {
    /// The error rates that the check guarantees.
    pub(super) fn contract(&self) -> String {
        let (tests, nominal) = self.check.test_counts();
        let nominal = nominal_tests(nominal, self.check.nominal_false_alarm);
        if let (0, Some(nominal)) = (tests, &nominal) {
            return nominal.clone();
        }
        if tests == 0 {
            return "every committed byte is compared with a rerun; a correct program never fails".to_owned();
        }
        let promise = format!(
            "over {}, the chance of any false alarm is at most {:e}",
            counted(tests as u64, "test"),
            self.check.false_alarm
        );
        let percent = |part: f64| format!("{} %", significant(100.0 * part, 2));
        let times = |part: f64| format!("{} times", significant(part, 2));
        let miss = self.check.miss();
        let mut contract = match self.check.detectable_biases() {
            None => format!("{promise}; none of them tests a mean"),
            Some((low, high)) if low == high && high > MANY_TIMES && high.is_finite() => format!(
                "{promise}; no bias below {} KL(P‖Q) is detected, since the variance is dominated by events that so few trials cannot \
                 contain",
                times(high)
            ),
            Some((low, high)) if low == high => {
                format!(
                    "{promise}; a bias of {} of KL(P‖Q) or more is missed with a probability of at most {miss:e}",
                    percent(high)
                )
            }
            Some((low, high)) if high > MANY_TIMES && high.is_finite() => {
                let least = if low > MANY_TIMES { times(low) } else { format!("{} of", percent(low)) };
                format!(
                    "{promise}; in the best condition, a bias of {least} KL(P‖Q) or more is missed with a probability of at most {miss:e}; in the \
                     worst, whose variance is dominated by events that so few trials cannot contain, no bias below {} KL(P‖Q) is detected",
                    times(high)
                )
            }
            Some((low, high)) if high.is_finite() => format!(
                "{promise}; a bias of {} of KL(P‖Q) or more is missed with a probability of at most {miss:e}, and in the best condition one of {}",
                percent(high),
                percent(low)
            ),
            Some((low, _)) => format!(
                "{promise}; in the best condition, a bias of {} of KL(P‖Q) or more is missed with a probability of at most {miss:e}; in \
                 some conditions no bias is sure to be detected",
                percent(low)
            ),
        };
        if let Some(nominal) = nominal {
            contract.push_str(&format!("; {nominal}"));
        }
        contract
    }

    fn of(&self, verdict: CheckVerdict) -> String {
        let of = self.check.experiments.iter().filter(|experiment| experiment.verdict() == verdict);
        of.map(|experiment| printable(&experiment.plan.experiment)).collect::<Vec<_>>().join(", ")
    }

    fn experiment(
        &self,
        out: &mut fmt::Formatter<'_>,
        found: &ExperimentCheck,
        file: &str,
        width: usize,
    ) -> fmt::Result {
        let name = &found.plan.experiment;
        let shown = printable(name);
        let mut lead = format!("{shown}{:1$}", "", width.saturating_sub(shown.width()));
        if let Some(baseline) = &found.bytes {
            writeln!(out, "{lead}  bytes  {}", self.baseline(baseline, name))?;
            for line in details(baseline) {
                writeln!(out, "{:width$}           {line}", "")?;
            }
            lead = " ".repeat(width);
        }
        let Some(law) = &found.theory else { return Ok(()) };
        let failing: Vec<&JudgedTest> = law.tests.iter().filter(|judged| judged.is_rejected).collect();
        let smallest = law.tests.iter().min_by(|a, b| a.test.p_value.total_cmp(&b.test.p_value));
        let tests = counted(law.tests.len() as u64, "test");
        match (failing.as_slice(), smallest) {
            ([], None) => writeln!(out, "{lead}  law    nothing to test")?,
            ([], Some(smallest)) => writeln!(
                out,
                "{lead}  law    {tests} of {} with seed {}, the smallest p-value {}{}",
                fresh(law),
                law.seed,
                if smallest.test.method.is_none() { "≤ " } else { "" },
                p_value(smallest.test.p_value)
            )?,
            (some, _) => {
                writeln!(out, "{lead}  law    {} of {tests} of {} FAIL", grouped(some.len() as u64), fresh(law))?;
                for judged in some.iter().take(LISTED) {
                    writeln!(out, "{:width$}           {}", "", failure(&found.plan, judged))?;
                }
                if some.len() > LISTED {
                    writeln!(out, "{:width$}           and {} more", "", grouped((some.len() - LISTED) as u64))?;
                }
                writeln!(
                    out,
                    "{:width$}           to reproduce: runner {} --seed {} --out DIR{}",
                    "",
                    printable(file),
                    law.seed,
                    allowing_commands(&found.plan)
                )?;
                if let Some((judged, trial)) = some.iter().find_map(|judged| Some((judged, judged.test.first_trial?))) {
                    writeln!(
                        out,
                        "{:width$}           to replay the first: runner replay {} --condition {} --trial {trial} --seed {} \
                         --allow-commands",
                        "",
                        printable(file),
                        judged.test.condition + 1,
                        law.seed
                    )?;
                }
            }
        }
        let blind: Vec<&JudgedTest> = law.tests.iter().filter(|judged| found.is_inconclusive(judged)).collect();
        if let (Some(worst), Some(detect)) = (blind.first(), found.plan.check.detect) {
            let seen = worst.power.map_or("no bias is detected".to_owned(), |power| {
                format!("only one of {} % is detected", significant(100.0 * power.detectable, 2))
            });
            writeln!(
                out,
                "{:width$}           a bias of {} % of KL(P‖Q) must be detected, but in {} {seen} ({})",
                "",
                significant(100.0 * detect.get(), 2),
                counted(blind.len() as u64, "test"),
                place(&found.plan, worst),
            )?;
        }
        Ok(())
    }

    /// The state of the committed results in a few words.
    pub(super) fn baseline(&self, baseline: &Baseline, name: &str) -> String {
        let folder = self.results.join(name);
        let folder = printable(&folder.display().to_string());
        match baseline {
            Baseline::Same { files, tolerated } => {
                let same = format!("the same as {folder}: {}", counted(*files as u64, "file"));
                match *tolerated {
                    0 => same,
                    count => {
                        let cells = counted(count as u64, "number");
                        format!("{same}; {cells} of estimators of your own differ within the tolerance of [check]")
                    }
                }
            }
            Baseline::Missing => format!("MISSING: there are no results in {folder}"),
            Baseline::OtherSpec(_) => format!("SPEC CHANGED since {folder} was written"),
            Baseline::OtherStream { found } => {
                format!("OTHER STREAMS: {folder} has stream version {found}, with other random numbers")
            }
            Baseline::Newer { format } => {
                format!("NEWER: {folder} has layout {format}, which this version of the program does not know")
            }
            Baseline::Unreadable { file, reason } => format!("UNREADABLE: {folder}/{file}: {}", printable(reason)),
            Baseline::Changed { count, edited, .. } => {
                let edited = match edited.as_slice() {
                    [] => String::new(),
                    files => format!("; edited since they were written: {}", printable(&files.join(", "))),
                };
                format!("CHANGED: {} from {folder}{edited}", counted(*count as u64, "difference"))
            }
        }
    }

    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Value {
        let experiments = self.check.experiments.iter().map(|found| {
            json!({
                "experiment": found.plan.experiment,
                "verdict": found.verdict().name(),
                "bytes": found.bytes.as_ref().map(baseline_json),
                "law": found.theory.as_ref().map(|law| json!({
                    "seed": law.seed.get(),
                    "trials": law.drawn.to_string(),
                    "planned_trials": law.planned.to_string(),
                    "tests": law.tests.iter().map(|judged| test_json(&found.plan, judged)).collect::<Vec<_>>(),
                })),
            })
        });
        json!({
            "schema": "kl-runner/check/1",
            "verdict": self.check.verdict().name(),
            "false_alarm": self.check.false_alarm,
            "tests": self.check.test_counts().0,
            "nominal_false_alarm": self.check.nominal_false_alarm,
            "nominal_tests": self.check.test_counts().1,
            "miss": self.check.miss(),
            "detectable_bias": self.check.detectable_biases().map(|(_, high)| json_number(high)),
            "experiments": experiments.collect::<Vec<_>>(),
        })
    }
}

/// `74 %`: the part of the planned trials that was not drawn.
fn saved(drawn: u128, planned: u128) -> String {
    format!("{} %", significant(100.0 * (1.0 - drawn as f64 / planned as f64), 2))
}

/// The flag that a command for this experiment needs, if it starts programs.
pub(super) fn allowing_commands(plan: &Plan) -> &'static str {
    if plan.programs().next().is_some() { " --allow-commands" } else { "" }
}

/// `fresh trials`, or how many of them were drawn.
fn fresh(law: &TheoryCheck) -> String {
    match (law.drawn, law.planned) {
        (drawn, planned) if drawn < planned => format!("{} of {} fresh trials", grouped(drawn), grouped(planned)),
        _ => "fresh trials".to_owned(),
    }
}

/// The changes, line by line.
pub(super) fn details(baseline: &Baseline) -> Vec<String> {
    match baseline {
        Baseline::Changed { changes, count, .. } => {
            let more =
                (*count > changes.len()).then(|| format!("and {} more", grouped((count - changes.len()) as u64)));
            changes.iter().map(change_text).chain(more).collect()
        }
        Baseline::OtherSpec(differences) => {
            let mut lines = Vec::new();
            for difference in differences {
                let (here, there) = (difference.here.as_ref(), difference.there.as_ref());
                spec_changes(&difference.key, (here, there), &mut lines);
            }
            let more = lines.len().saturating_sub(LISTED);
            lines.truncate(LISTED);
            lines.into_iter().chain((more > 0).then(|| format!("and {} more", grouped(more as u64)))).collect()
        }
        _ => Vec::new(),
    }
}

/// Says where two values of a key differ: `grid.Q[2].label was "flat", is "even"`. Only the parts that differ are named.
fn spec_changes(key: &str, (here, there): (Option<&Value>, Option<&Value>), lines: &mut Vec<String>) {
    match (here, there) {
        (here, there) if here == there => (),
        (Some(Value::Object(here)), Some(Value::Object(there))) => {
            for part in here.keys().chain(there.keys().filter(|part| !here.contains_key(*part))) {
                spec_changes(&format!("{key}.{part}"), (here.get(part), there.get(part)), lines);
            }
        }
        (Some(Value::Array(here)), Some(Value::Array(there))) if here.len() == there.len() => {
            for (place, pair) in here.iter().zip(there).enumerate() {
                spec_changes(&format!("{key}[{}]", place + 1), (Some(pair.0), Some(pair.1)), lines);
            }
        }
        (here, there) => {
            let shown =
                |value: Option<&Value>| value.map_or_else(|| "absent".to_owned(), |value| quoted(&value.to_string()));
            lines.push(format!("{} was {}, is {}", printable(key), shown(here), shown(there)));
        }
    }
}

/// `summary.csv line 3, condition 2, N = 100: mean was 0.2, is 0.3 (4.1 standard errors apart)`.
pub(super) fn change_text(change: &Change) -> String {
    let place = match (change.line, change.row.as_str()) {
        (Some(line), "") => format!(" line {line}"),
        (Some(line), row) => format!(" line {line}, {}", printable(row)),
        (None, _) => String::new(),
    };
    let errors = change.errors.map(|errors| format!(" ({} standard errors apart)", significant(errors.abs(), 2)));
    format!(
        "{}{place}: {} was {}, is {}{}",
        change.file,
        printable(&change.column),
        quoted(&change.old),
        quoted(&change.new),
        errors.unwrap_or_default()
    )
}

/// A cell, or a word for an empty one; long cells are shortened.
fn quoted(cell: &str) -> String {
    const SHOWN: usize = 120;
    match cell.chars().count() {
        0 => "empty".to_owned(),
        long if long > SHOWN => format!("{}…", printable(&cell.chars().take(SHOWN).collect::<String>())),
        _ => printable(cell),
    }
}

/// `condition 2, Q.bernoulli.p = 0.6, N = 100`.
pub(super) fn place(plan: &Plan, judged: &JudgedTest) -> String {
    let mut parts = vec![format!("condition {}", judged.test.condition + 1)];
    if let Some(condition) = plan.conditions.get(judged.test.condition) {
        let conditions = plan.conditions.iter();
        let conditions = conditions.map(|condition| (&*condition.label, condition.settings.as_slice()));
        let settings = Shown::of(&plan.setting_names, conditions).sentence(&condition.label, &condition.settings);
        parts.extend(settings.iter().map(|setting| printable(setting)));
        parts.push(format!("N = {}", grouped(condition.n)));
    }
    if plan.estimators.len() > 1 {
        parts.push(printable(&judged.test.estimator));
    }
    parts.join(", ")
}

/// The test that failed, by how much, and the effect that it would detect.
pub(super) fn failure(plan: &Plan, judged: &JudgedTest) -> String {
    let test = &judged.test;
    if let Some(detail) = &test.detail {
        return format!("{}: {}", place(plan, judged), printable(detail));
    }
    let percent = |part: f64| format!("{} %", significant(100.0 * part, 2));
    let effect = match (test.kind, test.effect) {
        (TestKind::Mean, Some(effect)) => format!(", a bias of {} of D", percent(effect)),
        (TestKind::Variance | TestKind::Infinite, Some(effect)) => format!(", off by {}", percent(effect)),
        _ => String::new(),
    };
    let seen = judged.power.filter(|power| power.detectable.is_finite());
    let seen = seen.map(|power| format!(" ({} would be detected nearly always)", percent(power.detectable)));
    format!(
        "{}: {} has p-value {}{effect}{}",
        place(plan, judged),
        test.kind.name(),
        p_value(test.p_value),
        seen.unwrap_or_default()
    )
}

fn test_json(plan: &Plan, judged: &JudgedTest) -> Value {
    json!({
        "condition": judged.test.condition + 1,
        "n": plan.conditions.get(judged.test.condition).map(|condition| condition.n),
        "estimator": judged.test.estimator,
        "test": judged.test.kind.name(),
        "p_value": judged.test.p_value,
        "trials": judged.test.trials,
        "effect": judged.test.effect.map(json_number),
        "nominal": judged.test.is_nominal(),
        "detectable": judged.power.map(|power| json_number(power.detectable)),
        "failed": judged.is_rejected,
    })
}

fn baseline_json(baseline: &Baseline) -> Value {
    let change = |change: &Change| {
        json!({
            "file": change.file,
            "line": change.line,
            "row": change.row,
            "column": change.column,
            "old": change.old,
            "new": change.new,
            "standard_errors": change.errors,
        })
    };
    match baseline {
        Baseline::Same { files, tolerated } => json!({ "state": "same", "files": files, "tolerated": tolerated }),
        Baseline::Missing => json!({ "state": "missing" }),
        Baseline::OtherSpec(differences) => {
            let keys: Vec<Value> =
                differences.iter().map(|one| json!({ "key": one.key, "old": one.here, "new": one.there })).collect();
            json!({ "state": "spec changed", "differences": keys })
        }
        Baseline::OtherStream { found } => json!({ "state": "other streams", "stream_version": found }),
        Baseline::Newer { format } => json!({ "state": "newer", "format": format }),
        Baseline::Unreadable { file, reason } => json!({ "state": "unreadable", "file": file, "reason": reason }),
        Baseline::Changed { changes, count, edited } => json!({
            "state": "changed",
            "count": count,
            "changes": changes.iter().map(change).collect::<Vec<_>>(),
            "edited": edited,
        }),
    }
}
