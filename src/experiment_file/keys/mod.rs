//! The top-level keys, checked one by one.

mod built_in;
mod check;
mod estimators;
mod gradient;
mod program;
mod test;
mod trials;

pub(crate) use built_in::built_in_json;
pub(crate) use estimators::{Listed, add_function, read_reference};
pub(crate) use gradient::Gradient;
pub(crate) use program::{program_json, schema as program_schema};
pub(crate) use test::{Limits, TESTS, Threshold, WrittenTest, keys_of_test, read_test, test_needs, test_schema};
pub(crate) use trials::Trials;

use super::diagnostics::{Diagnostic, Place, Report};
use super::document::Document;
use super::grid::{Axis, read_cases, read_grid};
use super::key::fragment::{
    any_of, chance, either, list, reference, table, text, whole, with, with_default, words, words_with_default,
};
use super::key::{Key, names};
use super::value::rules::{among, read_length, whole_number, wrong};
use super::value::{Entry, Form, Value};
use super::words::{example, listed, nearest};
use crate::plan::{Chance, CheckSettings, MAX_LENGTH, Record, SamplerKind, Seed};
use check::read_check;
use estimators::read_estimators;
use kl_math::distribution::FamilyEntry;
use kl_math::statistics::Unit;
use kl_sim::estimator::default_estimator;
use serde_json::json;

/// The top-level keys, in the order of the manifest.
pub(crate) const KEYS: [Key; 19] = [
    Key::new("question", "The question that the experiment answers: it is printed with the results.", text),
    Key::new("seed", "The seed of the random streams: the same seed gives the same bytes, on any machine.", || {
        with_default(whole(0, Seed::MAX.get()), 0)
    }),
    Key::new("trials", "Sequences for each condition: a number such as 10_000 or 1e6, or a goal.", trials::schema),
    Key::new("N", "Symbols in a sequence: a number or a list.", || {
        let length = whole(1, MAX_LENGTH);
        either(length.clone(), with(list(length), "uniqueItems", true.into()))
    }),
    Key::new("P", "The source, which sequences are drawn from.", || reference("distribution")),
    Key::new("Q", "The model, which P is compared with.", || reference("distribution")),
    Key::new("S", "What sequences are drawn from, if it is not P: a distribution, or \"P\" or \"Q\".", || {
        reference("drawn_from")
    }),
    Key::new("unit", "The unit of the results.", || words_with_default(&Unit::ALL.map(Unit::name))),
    Key::new("record", "\"csv\" keeps the estimate of each trial, in trials.csv.", || {
        words_with_default(&Record::ALL.map(Record::name))
    }),
    Key::new(
        "sampler",
        "How trials are drawn: symbol by symbol, by the counts of symbols, or all trials of a condition at once.",
        || words_with_default(&SamplerKind::ALL.map(SamplerKind::name)),
    ),
    Key::new(
        "gradient",
        "Estimate the gradient of KL(P‖Q) with respect to P or Q, or to one parameter, such as \"P.categorical.H\".",
        || any_of([words(&["P", "Q"]), json!({ "type": "string", "pattern": r"^[PQ]\.[^.]+\..+$" })]),
    ),
    Key::new("estimators", "The estimators: names, tables with settings, or programs of your own.", || {
        with_default(list(reference("any_estimator")), vec![default_estimator().name()])
    }),
    Key::new(
        "reference",
        "The estimator that the precision of the others is compared with: the first, if not said.",
        text,
    ),
    Key::new("level", "Compute intervals estimate ± z·se of this level, such as 0.95.", chance),
    Key::new("decide", "Each trial decides between P and Q by the log ratio of its sequence.", || {
        test_schema("decide")
    }),
    Key::new("stop", "Each trial is a sequential test of P against Q.", || test_schema("stop")),
    Key::new("grid", "Key paths with lists or ranges of values, which are all crossed.", || reference("grid")),
    Key::new("case", "Tables that set several keys together.", || list(reference("case"))),
    Key::new("check", "How strict `runner check` is.", || table(&check::KEYS)),
];

/// The keys of an experiment file, each checked by itself.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) question: Option<String>,
    pub(crate) seed: Seed,
    pub(crate) trials: Option<Trials>,
    pub(crate) lengths: Option<Vec<u64>>,
    /// The place of `N`.
    pub(crate) lengths_place: Option<Place>,
    pub(crate) source: Option<Value>,
    pub(crate) model: Option<Value>,
    /// What sequences are drawn from, if it is given.
    pub(crate) behaviour: Option<Value>,
    pub(crate) gradient: Option<Gradient>,
    /// `[decide]` and `[stop]`, each as it is written.
    pub(crate) tests: Vec<(&'static str, Place, Value)>,
    pub(crate) unit: Unit,
    pub(crate) record: Record,
    pub(crate) record_place: Option<Place>,
    pub(crate) sampler: SamplerKind,
    pub(crate) sampler_place: Option<Place>,
    pub(crate) estimators: Vec<Listed>,
    pub(crate) reference: Option<Value>,
    pub(crate) level: Option<Chance>,
    pub(crate) check: CheckSettings,
    pub(crate) cases: Option<Axis>,
    pub(crate) grid: Vec<Axis>,
    /// The place of the key `grid`.
    pub(crate) grid_place: Option<Place>,
    /// Keys that are present but wrong, or that a misspelt key was meant for: they are not reported as missing.
    excused: Vec<String>,
}

impl Keys {
    /// Reads every key and reports what is wrong with each; `has_functions` says that estimators will be added.
    pub(crate) fn read(document: Document, has_functions: bool, report: &mut Report) -> Self {
        let usual = Listed { estimator: default_estimator().into(), place: None };
        let mut keys = Self { estimators: vec![usual], ..Self::default() };
        let mut estimators = None;
        for entry in document.entries {
            let before = report.len();
            let varies = matches!(entry.key.as_str(), "grid" | "case");
            if entry.key == "estimators" {
                keys.excused.push(entry.key);
                estimators = Some(entry.value);
                continue;
            }
            keys.read_key(entry, report);
            if varies && report.len() > before {
                // A key that seems to be missing may be among the wrong ones.
                keys.excused.extend(["N", "P", "Q"].map(str::to_owned));
            }
        }
        match (&mut keys.gradient, &estimators) {
            (Some(gradient), list) => gradient.read_estimators(list.as_ref(), report),
            (None, Some(list)) => keys.estimators = read_estimators(list, has_functions, report),
            (None, None) => {}
        }
        keys.report_missing(report);
        keys
    }

    fn read_key(&mut self, entry: Entry, report: &mut Report) {
        let Entry { key, key_place, value } = entry;
        if names(&KEYS).contains(&key.as_str()) {
            self.excused.push(key.clone());
        }
        match key.as_str() {
            "question" => match value.form {
                Form::Text(question) => self.question = Some(question),
                _ => report.push(wrong(&value, "question", "a string").help("write question = \"…\"")),
            },
            "seed" => {
                let seed = whole_number(&value, "seed", 0, Seed::MAX.get(), "seed = 57", report);
                self.seed = seed.and_then(Seed::new).unwrap_or_default();
            }
            "trials" => self.trials = Trials::read(&value, report),
            "N" => {
                self.lengths_place = Some(key_place);
                self.lengths = read_lengths(&value, report);
            }
            "P" => self.source = Some(value),
            "Q" => self.model = Some(value),
            "unit" => self.unit = among(&value, "unit", Unit::ALL, Unit::name, report).unwrap_or_default(),
            "record" => {
                self.record = among(&value, "record", Record::ALL, Record::name, report).unwrap_or_default();
                self.record_place = Some(value.place);
            }
            "sampler" => {
                let sampler = among(&value, "sampler", SamplerKind::ALL, SamplerKind::name, report);
                self.sampler = sampler.unwrap_or_default();
                self.sampler_place = Some(value.place);
            }
            "S" => self.behaviour = Some(value),
            "gradient" => self.gradient = Gradient::read(&value, report),
            "reference" => self.reference = Some(value),
            "decide" => self.tests.push(("decide", key_place, value)),
            "stop" => self.tests.push(("stop", key_place, value)),
            "level" => self.level = read_level(&value, report),
            "grid" => {
                self.grid_place = Some(value.place);
                self.grid = read_grid(value, report);
            }
            "case" => self.cases = read_cases(value, report),
            "check" => self.check = read_check(&value, report),
            _ => report.push(self.unknown(&key, key_place)),
        }
    }

    /// The mistake of an unknown key, with the key that was probably meant.
    fn unknown(&mut self, key: &str, place: Place) -> Diagnostic {
        let meant = match key.to_lowercase().as_str() {
            "source" | "true" | "truth" => Some("P"),
            "model" | "target" => Some("Q"),
            "length" | "size" | "tosses" => Some("N"),
            "samples" | "runs" | "repetitions" | "replications" | "repeats" => Some("trials"),
            lower if lower.starts_with("p.") => Some("P"),
            lower if lower.starts_with("q.") => Some("Q"),
            "sprt" | "sequential" => Some("stop"),
            "test" | "decision" => Some("decide"),
            "behaviour" | "behavior" | "proposal" | "policy" => Some("S"),
            lower if lower.starts_with("s.") => Some("S"),
            _ => nearest(key, &names(&KEYS)),
        };
        let family = FamilyEntry::named(key);
        let help = match (meant, family) {
            (_, Some(family)) => format!("write a distribution under `P` or `Q`, such as P.{}", example(family)),
            _ if ["P.", "Q.", "S."].iter().any(|side| key.starts_with(side)) => {
                format!("write {key} without the quotes")
            }
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, _) => format!("the keys are {}", listed(&names(&KEYS))),
        };
        self.excused.extend(meant.map(str::to_owned));
        Diagnostic::new(format!("there is no key `{key}`")).at(place).help(help)
    }

    /// Reports required keys that neither the file nor its grid nor its cases set.
    fn report_missing(&self, report: &mut Report) {
        let varied = |key: &str| self.axes().any(|axis| axis.paths.iter().any(|path| path.side() == key));
        let stops = varied("stop") || self.tests.iter().any(|(test, ..)| *test == "stop");
        for (key, example) in [
            ("trials", "trials = 10_000"),
            ("N", "N = [10, 100, 1_000]"),
            ("P", "P.bernoulli.p = 0.5"),
            ("Q", "Q.bernoulli.p = 0.6"),
        ] {
            if !(varied(key) || (key == "N" && stops) || self.excused.iter().any(|excused| excused == key)) {
                let title = format!("the key `{key}` is missing");
                report.push(Diagnostic::new(title).help(format!("write for example: {example}")).missing_part());
            }
        }
    }

    /// The axes, the outermost first.
    pub(crate) fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.cases.iter().chain(&self.grid)
    }
}

/// Reads N: one length or a list of lengths.
fn read_lengths(value: &Value, report: &mut Report) -> Option<Vec<u64>> {
    match &value.form {
        Form::List(items) if items.is_empty() => {
            report
                .push(Diagnostic::new("`N` is an empty list").at(value.place).help("write for example: N = [10, 100]"));
            None
        }
        Form::List(items) => {
            let lengths: Vec<Option<u64>> = items.iter().map(|item| read_length(item, report)).collect();
            let mut seen = std::collections::HashSet::new();
            for (item, length) in items.iter().zip(&lengths) {
                if let Some(length) = length
                    && !seen.insert(length)
                {
                    let title = format!("`N` has the value {length} twice");
                    report.push(Diagnostic::new(title).at(item.place).help("remove one of the two"));
                }
            }
            lengths.into_iter().collect()
        }
        _ => read_length(value, report).map(|length| vec![length]),
    }
}

fn read_level(value: &Value, report: &mut Report) -> Option<Chance> {
    let found = value.as_f64().and_then(Chance::new);
    if found.is_none() {
        report.push(wrong(value, "level", "a number above 0 and below 1").help("write for example: level = 0.95"));
    }
    found
}
