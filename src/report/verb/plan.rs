//! A plan before it runs, as a table and as JSON.

use super::experiment_json::{condition_json, serialize_head, settings};
use super::planned_decisions::{planned_json, planned_table};
use super::run::trials;
use super::unseen::unseen_by_behaviour;
use crate::check::{MISS, PlannedDecisions, Power, PowerAnalysis, StepNoise};
use crate::plan::{PILOT_MISS, PILOT_TRIALS, PartForecast, PilotResult, Plan, PlannedEstimator, Record};
use crate::record::predicted_size;
use crate::report::shown::{LABEL, Shown};
use crate::report::{Align, Cell, Table, counted, grouped, grouped_decimal, json_number, printable, significant};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};
use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

/// The largest number of rows that are shown.
const SHOWN: usize = 60;

/// The output of `runner plan` for one experiment.
pub struct PlanReport<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The power analysis of each row.
    pub analyses: &'a [PowerAnalysis],
    /// The expected running time.
    pub time: Duration,
    /// The same with the sampler `counts`, where that would be much less.
    pub time_of_counts: Option<Duration>,
    /// The wanted cosine of a step's gradient to the true one.
    pub cosine: f64,
    /// What is known beforehand of tests.
    pub decisions: &'a [PlannedDecisions],
    /// The wanted standard error of the rate of each decision.
    pub rate_error: f64,
    /// The parts that it is to be cut into, if that was asked for.
    pub parts: Option<PlannedParts>,
}

/// A run in parts.
#[derive(Clone, Debug)]
pub struct PlannedParts {
    /// What a part takes, and how even they are.
    pub forecast: PartForecast,
    /// The expected time of a part on average.
    pub seconds: f64,
    /// On how many threads.
    pub threads: usize,
    /// The command that does part K of M.
    pub command: String,
}

impl PlannedParts {
    fn json(&self) -> Value {
        let PartForecast { of, longest, empty, memory, files } = self.forecast;
        json!({
            "of": of,
            "seconds": self.seconds,
            "threads": self.threads,
            "longest": longest,
            "empty": empty,
            "memory_bytes": memory.to_string(),
            "files_bytes": files.to_string(),
            "command": self.command,
        })
    }
}

impl fmt::Display for PlannedParts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PartForecast { of, longest, empty, memory, files } = self.forecast;
        let time = |seconds: f64| spoken(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX));
        let unevenness = match longest {
            _ if longest < 1.05 => String::new(),
            _ => format!(", the longest {} ({} times the mean)", time(self.seconds * longest), significant(longest, 2)),
        };
        let idle = if empty > 0 { format!("; {} of them have nothing to do", grouped(empty)) } else { String::new() };
        let threads = counted(self.threads as u64, "thread");
        writeln!(
            out,
            "{}: {} each on {threads}{unevenness}{idle}",
            counted(of.get().into(), "part"),
            time(self.seconds)
        )?;
        writeln!(out, "  at most about {} of memory and files of about {} each", size(memory), size(files))?;
        if of.get() == 1 {
            return writeln!(out, "  that is the whole run: `runner run` does it");
        }
        writeln!(out, "  {}", printable(&self.command.replace("--part K/M", &format!("--part K/{of}"))))?;
        writeln!(
            out,
            "  for each K from 1 to {of}, in any order, on any machine; `runner merge` puts the parts together"
        )
    }
}

/// A number of bytes in words.
fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    let (size, unit) = match bytes {
        _ if bytes < 1e6 => ((bytes / 1e3).max(1.0), "kB"),
        _ if bytes < 1e9 => (bytes / 1e6, "MB"),
        _ => (bytes / 1e9, "GB"),
    };
    format!("{} {unit}", significant(size, 2))
}

impl PlanReport<'_> {
    /// The rows.
    pub fn table(&self) -> Table {
        let mut table = Table::new();
        let conditions = self.plan.conditions.iter();
        let shown = Shown::of(
            &self.plan.setting_names,
            conditions.map(|condition| (&*condition.label, condition.settings.as_slice())),
        );
        for name in shown.names() {
            let align = if name == LABEL { Align::Left } else { Align::Right };
            table.column(name, align);
        }
        table.column("N", Align::Right);
        if self.plan.estimators.len() > 1 {
            table.column("estimator", Align::Left);
        }
        let (fewest, most) = self.plan.trial_range();
        if fewest < most {
            table.column("trials", Align::Right);
        }
        for name in [
            "closed form",
            "mcse",
            "mcse / closed form",
            "smallest bias detected",
            "smallest variance error detected",
            "infinite trials",
        ] {
            table.column(name, Align::Right);
        }
        let unit = self.plan.unit;
        let percent = |part: f64| format!("{} %", significant(100.0 * part, 2));
        let seen = |power: Option<Power>| {
            power.map_or_else(String::new, |power| match power.detectable.abs() {
                // 60,000 % says less than 600 times.
                seen if seen > 10.0 && seen.is_finite() => format!("{} ×", significant(seen, 2)),
                seen if seen.is_finite() => percent(seen),
                _ => "none".to_owned(),
            })
        };
        for analysis in self.analyses.iter().take(SHOWN) {
            let Some(condition) = self.plan.conditions.get(analysis.condition) else { continue };
            let settings = shown.values(&condition.label, &condition.settings);
            let mut cells: Vec<Cell> = settings.iter().map(|value| printable(value).into()).collect();
            cells.push(grouped(condition.n).into());
            if self.plan.estimators.len() > 1 {
                cells.push(analysis.estimator.as_str().into());
            }
            if fewest < most {
                cells.push(grouped(condition.trials).into());
            }
            let part = analysis.mcse.map(|mcse| mcse / analysis.closed_form.abs()).filter(|part| part.is_finite());
            cells.extend([
                significant(unit.of_nats(analysis.closed_form), 6).into(),
                analysis.mcse.map_or_else(String::new, |mcse| significant(unit.of_nats(mcse), 2)).into(),
                part.map_or_else(String::new, percent).into(),
                seen(analysis.bias).into(),
                seen(analysis.variance).into(),
                analysis.infinite.map_or_else(String::new, grouped_decimal).into(),
            ]);
            table.row(cells);
        }
        table.without_empty_columns()
    }

    /// What a step by each estimator of a gradient would be.
    fn steps_table(&self) -> Table {
        let mut table = Table::new();
        table.column("condition", Align::Right);
        table.column("gradient by", Align::Left);
        table.column("noise/signal of a sequence", Align::Right);
        table.column(format!("sequences a step for cosine {}", self.cosine), Align::Right);
        for step in StepNoise::of(self.analyses, self.cosine).iter().take(SHOWN) {
            table.row(vec![
                grouped(step.condition as u64 + 1).into(),
                step.estimator.as_str().into(),
                step.noise_to_signal.map_or_else(String::new, |ratio| significant(ratio, 3)).into(),
                step.sequences.map_or_else(|| "no number".to_owned(), grouped).into(),
            ]);
        }
        table
    }

    fn steps_json(&self) -> Value {
        let steps = StepNoise::of(self.analyses, self.cosine);
        let json = |step: &StepNoise| {
            json!({
                "condition": step.condition + 1,
                "estimator": step.estimator,
                "noise_to_signal": step.noise_to_signal.map(json_number),
                "sequences": step.sequences,
            })
        };
        steps.iter().map(json).collect()
    }

    fn cost(&self) -> String {
        let symbols = match u64::try_from(self.plan.symbols()) {
            Ok(symbols) if symbols < 1_000_000_000_000 => grouped(symbols),
            _ => significant(self.plan.symbols() as f64, 3),
        };
        let size = match self.plan.record {
            Record::None => String::new(),
            Record::Csv => {
                format!(", trials.csv of about {} MB", significant(predicted_size(self.plan) as f64 / 1e6, 2))
            }
        };
        let programs: Vec<String> = self.plan.programs().map(|program| format!("`{}`", program.name)).collect();
        let programs =
            if programs.is_empty() { String::new() } else { format!(" and the time of {}", programs.join(", ")) };
        let offer = self.time_of_counts.map_or_else(String::new, |time| {
            format!(" ({} with --sampler counts, which draws how often each symbol occurs)", spoken(time))
        });
        format!(
            "{} of {}, sampler {}: {symbols} symbols, {}{offer}{programs}{size}",
            counted(self.plan.conditions.len() as u64, "condition"),
            trials(self.plan),
            self.plan.sampler.name(),
            spoken(self.time),
        )
    }

    fn pilot_line(&self, result: &PilotResult) -> String {
        format!(
            "condition {}, {}: variance {}, at most about {}; {}",
            grouped(result.condition as u64 + 1),
            printable(&result.estimator),
            significant(result.variance, 3),
            significant(result.bound, 3),
            counted(result.trials, "trial")
        )
    }

    /// Writes the JSON document row by row; its schema is in `docs/json.md`.
    pub fn write_json(&self, mut out: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut out, &JsonPlan(self))?;
        out.write_all(b"\n")
    }

    /// The row, by the names of the columns of `summary.csv` as far as they are known before a run.
    fn json_row(&self, analysis: &PowerAnalysis) -> Value {
        let unit = self.plan.unit;
        let power = |power: Option<Power>| power.map(|power| json_number(power.detectable));
        let condition = self.plan.conditions.get(analysis.condition);
        let mut row = condition.map(|condition| condition_json(analysis.condition, condition)).unwrap_or_default();
        let values = [
            ("estimator", json!(analysis.estimator)),
            ("unit", unit.name().into()),
            ("closed_form", json_number(unit.of_nats(analysis.closed_form))),
            ("expected", json!(analysis.expected.map(|mean| json_number(unit.of_nats(mean))))),
            ("mcse", json!(analysis.mcse.map(|mcse| json_number(unit.of_nats(mcse))))),
            ("infinite_expected", json!(analysis.infinite.map(json_number))),
            ("detectable_bias", json!(power(analysis.bias))),
            ("detectable_variance", json!(power(analysis.variance))),
        ];
        row.extend(values.map(|(key, value)| (key.to_owned(), value)));
        row.extend(condition.map(|condition| settings(self.plan, condition)).unwrap_or_default());
        row.into()
    }
}

struct JsonPlan<'a>(&'a PlanReport<'a>);

impl Serialize for JsonPlan<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plan = self.0.plan;
        let bytes = (plan.record == Record::Csv).then(|| predicted_size(plan).to_string());
        let mut object = serializer.serialize_map(None)?;
        serialize_head("kl-runner/plan/2", plan, &mut object)?;
        object.serialize_entry("symbols", &plan.symbols().to_string())?;
        object.serialize_entry("seconds", &self.0.time.as_secs_f64())?;
        object.serialize_entry("seconds_of_counts", &self.0.time_of_counts.map(|time| time.as_secs_f64()))?;
        object.serialize_entry("trials_csv_bytes", &bytes)?;
        object.serialize_entry("false_alarm", &plan.check.false_alarm.get())?;
        object.serialize_entry("miss", &MISS)?;
        object.serialize_entry("pilots", &plan.pilot.results().iter().map(PilotResult::json).collect::<Vec<_>>())?;
        if plan.has_components() {
            object.serialize_entry("cosine", &self.0.cosine)?;
            object.serialize_entry("steps", &self.0.steps_json())?;
        }
        if !self.0.decisions.is_empty() {
            object.serialize_entry("rate_error", &self.0.rate_error)?;
            object.serialize_entry("decisions", &planned_json(self.0.decisions))?;
        }
        object.serialize_entry("parts", &self.0.parts.as_ref().map(PlannedParts::json))?;
        object.serialize_entry("rows", &JsonRows(self.0))?;
        object.end()
    }
}

struct JsonRows<'a>(&'a PlanReport<'a>);

impl Serialize for JsonRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.analyses.iter().map(|analysis| self.0.json_row(analysis)))
    }
}

/// The built-in estimators whose estimates are held against those of another one: their names, that one's, and how far apart they
/// may be in the first condition, nats.
fn near_estimators(plan: &Plan) -> impl Iterator<Item = (&str, &str, f64)> {
    let first = plan.conditions.first();
    let estimators = first.into_iter().flat_map(|condition| plan.estimators_of(condition));
    estimators.filter_map(move |(_, planned)| {
        let (PlannedEstimator::Estimator(estimator), condition) = (planned, first?) else { return None };
        let same_as = estimator.same_as(condition.sampled_pair()?, condition.n)?;
        Some((estimator.name(), same_as.reference.name(), same_as.within))
    })
}

impl fmt::Display for PlanReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}: {}", printable(&self.plan.experiment), printable(&self.cost()))?;
        writeln!(out)?;
        if let Some(parts) = &self.parts {
            writeln!(out, "{parts}")?;
        }
        fmt::Display::fmt(&self.table(), out)?;
        let hidden = self.analyses.len().saturating_sub(SHOWN);
        if hidden > 0 {
            writeln!(out, "  … and {} more with --json", grouped(hidden as u64))?;
        }
        if let Some(table) = planned_table(self.plan, self.decisions, self.rate_error) {
            writeln!(out)?;
            fmt::Display::fmt(&table, out)?;
        }
        for program in self.plan.programs() {
            let claims = program.claims.described();
            let claims = claims.unwrap_or_else(|| "nothing is claimed of it, and nothing is tested".to_owned());
            writeln!(out, "  {}: {}", printable(&program.name), printable(&claims))?;
        }
        for (name, reference, within) in near_estimators(self.plan) {
            let (within, unit) = (significant(self.plan.unit.of_nats(within), 3), self.plan.unit.name());
            let text =
                format!("each estimate is held against that of {reference}, within {within} {unit} in condition 1");
            writeln!(out, "  {}: {text}", printable(name))?;
        }
        for (index, _, estimator, reason) in self.plan.refused().take(REFUSED) {
            let (condition, estimator) = (grouped(index as u64 + 1), printable(estimator.name()));
            writeln!(out, "  condition {condition}, {estimator}: not possible: {}", printable(reason))?;
        }
        let more = self.plan.refused().skip(REFUSED).count();
        if more > 0 {
            writeln!(out, "  … and {} more that are not possible", grouped(more as u64))?;
        }
        for note in unseen_by_behaviour(self.plan) {
            writeln!(out, "  {}", printable(&note))?;
        }
        let results = self.plan.pilot.results();
        if !results.is_empty() {
            writeln!(out)?;
            writeln!(out, "{}", pilot_sentence())?;
        }
        for result in results.iter().take(PILOTED) {
            writeln!(out, "  {}", self.pilot_line(result))?;
        }
        if results.len() > PILOTED {
            writeln!(out, "  … and {} more with --json", grouped((results.len() - PILOTED) as u64))?;
        }
        if self.plan.has_components() {
            writeln!(out)?;
            fmt::Display::fmt(&self.steps_table(), out)?;
        }
        writeln!(out)?;
        writeln!(
            out,
            "A bias is given as a part of the closed form, an error of the variance as a part of the exact variance. With a false-alarm rate \
             of {:e} over all rows, an error of the size shown is missed with a probability of at most {MISS:e} (approximately, for \
             variances).",
            self.plan.check.false_alarm.get()
        )
    }
}

/// The largest number of impossible rows that are listed.
const REFUSED: usize = 5;

/// The largest number of results of a pilot that are listed.
const PILOTED: usize = 5;

/// Says why there was a pilot.
fn pilot_sentence() -> String {
    let trials = grouped(PILOT_TRIALS);
    format!(
        "Theory does not give these variances. A pilot of {trials} trials a condition, with random numbers of its own, gives bounds \
         that they exceed with a probability of about {} %:",
        significant(100.0 * PILOT_MISS, 1)
    )
}

/// A time in words.
fn spoken(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (size, unit) = match seconds {
        _ if seconds < 1.0 => return "less than a second".to_owned(),
        _ if seconds < 120.0 => (seconds, "seconds"),
        _ if seconds < 7_200.0 => (seconds / 60.0, "minutes"),
        _ if seconds < 172_800.0 => (seconds / 3_600.0, "hours"),
        _ => (seconds / 86_400.0, "days"),
    };
    format!("about {} {unit}", significant(size, 2))
}
