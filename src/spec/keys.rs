//! The top-level keys, checked one by one.

use super::check::read_check;
use super::diagnostic::{Diagnostic, Place, Report};
use super::document::Document;
use super::estimators::{Listed, read_estimators};
use super::exact::Exact;
use super::grid::{Axis, read_cases, read_grid};
use super::trials::Trials;
use super::value::{Entry, Form, Value};
use super::words::{example, listed, nearest};
use crate::plan::{Chance, CheckSettings, MAX_LENGTH, Record, SamplerKind, Seed};
use kl_math::distribution::FamilyEntry;
use kl_math::statistics::Unit;
use kl_sim::estimator::usual_estimator;

/// Every top-level key, in the order the manifest has them.
pub(super) const KEYS: [&str; 15] = [
    "question",
    "seed",
    "trials",
    "N",
    "P",
    "Q",
    "unit",
    "record",
    "sampler",
    "estimators",
    "reference",
    "level",
    "grid",
    "case",
    "check",
];

/// An experiment as written, each key by itself checked.
#[derive(Debug, Default)]
pub(super) struct Spec {
    pub(super) question: Option<String>,
    pub(super) seed: Seed,
    pub(super) trials: Option<Trials>,
    pub(super) lengths: Option<Vec<u64>>,
    pub(super) source: Option<Value>,
    pub(super) model: Option<Value>,
    pub(super) unit: Unit,
    pub(super) record: Record,
    pub(super) record_place: Option<Place>,
    pub(super) sampler: SamplerKind,
    pub(super) sampler_place: Option<Place>,
    pub(super) estimators: Vec<Listed>,
    pub(super) reference: Option<Value>,
    pub(super) level: Option<Chance>,
    pub(super) check: CheckSettings,
    pub(super) cases: Option<Axis>,
    pub(super) grid: Vec<Axis>,
    /// Where the conditions are multiplied: the key `grid`, else the whole.
    pub(super) grid_place: Option<Place>,
    /// Keys that are there but wrong, or that a misspelt one was meant for: not missing.
    excused: Vec<String>,
}

impl Spec {
    /// Reads every key and reports what is wrong with each.
    pub(super) fn read(document: Document, report: &mut Report) -> Self {
        let usual = Listed { estimator: usual_estimator(), place: None };
        let mut spec = Self { estimators: vec![usual], ..Self::default() };
        for entry in document.entries {
            let before = report.len();
            let varies = matches!(entry.key.as_str(), "grid" | "case");
            spec.read_key(entry, report);
            if varies && report.len() > before {
                // What seems to be missing may be what is wrong there.
                spec.excused.extend(["N", "P", "Q"].map(str::to_owned));
            }
        }
        spec.report_missing(report);
        spec
    }

    fn read_key(&mut self, entry: Entry, report: &mut Report) {
        let Entry { key, key_place, value } = entry;
        if KEYS.contains(&key.as_str()) {
            self.excused.push(key.clone());
        }
        match key.as_str() {
            "question" => match value.form {
                Form::Text(question) => self.question = Some(question),
                _ => report.push(wrong(&value, "question", "a text").help("write question = \"…\"")),
            },
            "seed" => {
                let seed = whole_number(&value, "seed", 0, Seed::MAX.get(), "seed = 57", report);
                self.seed = seed.and_then(Seed::new).unwrap_or_default();
            }
            "trials" => self.trials = Trials::read(&value, report),
            "N" => self.lengths = read_lengths(&value, report),
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
            "estimators" => self.estimators = read_estimators(&value, report),
            "reference" => self.reference = Some(value),
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

    /// A key that does not exist, with the one that was meant.
    fn unknown(&mut self, key: &str, place: Place) -> Diagnostic {
        let meant = match key.to_lowercase().as_str() {
            "source" | "true" | "truth" => Some("P"),
            "model" | "target" => Some("Q"),
            "length" | "size" | "tosses" => Some("N"),
            "samples" | "runs" | "repetitions" | "replications" | "repeats" => Some("trials"),
            lower if lower.starts_with("p.") => Some("P"),
            lower if lower.starts_with("q.") => Some("Q"),
            _ => nearest(key, &KEYS),
        };
        let family = FamilyEntry::named(key);
        let help = match (meant, family) {
            (_, Some(family)) => format!("a distribution stands under `P` or `Q`, such as P.{}", example(family)),
            _ if key.starts_with("P.") || key.starts_with("Q.") => format!("write {key} without the quotes"),
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, _) => format!("the keys are {}", listed(&KEYS)),
        };
        self.excused.extend(meant.map(str::to_owned));
        Diagnostic::new(format!("there is no key `{key}`")).at(place).help(help)
    }

    /// Required keys that neither the file nor its grid nor its cases set.
    fn report_missing(&self, report: &mut Report) {
        let varied = |key: &str| self.axes().any(|axis| axis.paths.iter().any(|path| path.side() == key));
        for (key, example) in [
            ("trials", "trials = 10_000"),
            ("N", "N = [10, 100, 1_000]"),
            ("P", "P.bernoulli.p = 0.5"),
            ("Q", "Q.bernoulli.p = 0.6"),
        ] {
            if !(varied(key) || self.excused.iter().any(|excused| excused == key)) {
                let title = format!("the key `{key}` is missing");
                report.push(Diagnostic::new(title).help(format!("write for example: {example}")).of_absence());
            }
        }
    }

    /// What varies, from the outermost on.
    pub(super) fn axes(&self) -> impl Iterator<Item = &Axis> {
        self.cases.iter().chain(&self.grid)
    }
}

/// A whole number within bounds, however it is spelt: `10_000`, `1e12`, `0x10`.
pub(super) fn whole_number(
    value: &Value,
    key: &str,
    least: u64,
    most: u64,
    example: &str,
    report: &mut Report,
) -> Option<u64> {
    let whole = match &value.form {
        Form::Number(numeral) => numeral.text.as_deref().and_then(Exact::parse).and_then(Exact::whole),
        _ => None,
    };
    let whole = whole.and_then(|whole| u64::try_from(whole).ok()).filter(|whole| (least..=most).contains(whole));
    if whole.is_none() {
        let rule = format!("a whole number from {least} to {}", rounded_bound(most));
        let help = match &value.form {
            Form::Text(text) if Exact::parse(text).is_some() => format!("write it without quotes: {example}"),
            _ => format!("write for example: {example}"),
        };
        report.push(wrong(value, key, &rule).help(help));
    }
    whole
}

/// 1e15 rather than 1000000000000000.
fn rounded_bound(bound: u64) -> String {
    match bound.checked_ilog10() {
        Some(power) if power >= 6 && 10u64.pow(power) == bound => format!("1e{power}"),
        _ if bound == Seed::MAX.get() => "9223372036854775807 (2^63 − 1)".into(),
        _ => bound.to_string(),
    }
}

/// N: one length or a list of them.
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

/// One length.
pub(super) fn read_length(value: &Value, report: &mut Report) -> Option<u64> {
    whole_number(value, "N", 1, MAX_LENGTH, "N = 100, or N = [10, 100]", report)
}

/// The place in `names` of a text that must be one of them.
pub(super) fn choice(value: &Value, key: &str, names: &[&str], report: &mut Report) -> Option<usize> {
    let text = match &value.form {
        Form::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let found = text.and_then(|text| names.iter().position(|&name| name == text));
    if found.is_none() {
        let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        let near = text.and_then(|text| nearest(text, names)).or(names.first().copied()).unwrap_or_default();
        report.push(wrong(value, key, &quoted.join(" or ")).help(format!("write for example: {key} = {near:?}")));
    }
    found
}

/// The member of a closed set that a value names.
pub(super) fn among<T: Copy, const K: usize>(
    value: &Value,
    key: &str,
    all: [T; K],
    name: fn(T) -> &'static str,
    report: &mut Report,
) -> Option<T> {
    choice(value, key, &all.map(name), report).and_then(|index| all.get(index).copied())
}

fn read_level(value: &Value, report: &mut Report) -> Option<Chance> {
    let found = value.as_f64().and_then(Chance::new);
    if found.is_none() {
        report.push(wrong(value, "level", "a number above 0 and below 1").help("write for example: level = 0.95"));
    }
    found
}

/// "`trials` is 0, and must be …".
pub(super) fn wrong(value: &Value, key: &str, rule: &str) -> Diagnostic {
    Diagnostic::new(format!("`{key}` is {}, and must be {rule}", value.described())).at(value.place)
}
