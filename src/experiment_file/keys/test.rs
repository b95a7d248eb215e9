//! `[decide]` and `[stop]`: how each trial decides between P and Q.

use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::key::fragment::{above_zero, from_to_below, needs, whole, with_default, within};
use crate::experiment_file::key::{Key, fragment, names};
use crate::experiment_file::value::rules::{whole_number, wrong};
use crate::experiment_file::value::{Entry, Form, Value};
use crate::experiment_file::words::{listed, nearest};
use crate::plan::MAX_LENGTH;
use serde_json::{Value as Json, json};

/// The tables of tests, each with its keys.
pub(crate) const TESTS: [(&str, &[Key]); 2] = [
    (
        "decide",
        &[
            Key::new("alpha", "The wanted chance to decide Q though P is true.", error_rate),
            Key::new("beta", "A wanted chance to decide P though Q is true.", error_rate),
            Key::new(
                "threshold",
                "Decide P above this log ratio of the whole sequence, in nats.",
                || json!({ "type": "number" }),
            ),
            Key::new("prior", "The chance of P beforehand: decide for what is then more likely.", error_rate),
        ],
    ),
    (
        "stop",
        &[
            Key::new("alpha", "The wanted chance to decide Q though P is true.", error_rate),
            Key::new("beta", "The wanted chance to decide P though Q is true (Wald's test).", error_rate),
            Key::new("upper", "Decide P as soon as the log ratio is as large as this, in nats.", above_zero),
            Key::new(
                "lower",
                "Decide Q as soon as the log ratio is as small as this, in nats.",
                || json!({ "type": "number", "exclusiveMaximum": 0 }),
            ),
            Key::new(
                "z",
                "Look after every symbol whether the log ratio is this many standard errors off.",
                above_zero,
            ),
            Key::new("first", "The symbol after which the first look is taken.", || {
                with_default(whole(1, MAX_LENGTH), 1)
            }),
            Key::new("tau", "The width of the mixture over means, for normals of one width.", above_zero),
            Key::new("max", "The symbols after which a test ends without a decision: it stands for N.", || {
                whole(1, MAX_LENGTH)
            }),
        ],
    ),
];

/// Keys that a test needs, and all that it may have.
type KeySet = (&'static [&'static str], &'static [&'static str]);

/// The sets of keys that tests have, each beside those that are needed.
const FORMS: [(&str, &[KeySet]); 2] = [
    (
        "decide",
        &[(&["alpha"], &["alpha", "beta"]), (&["threshold"], &["threshold", "beta"]), (&["prior"], &["prior", "beta"])],
    ),
    (
        "stop",
        &[
            (&["max", "z"], &["max", "z", "first"]),
            (&["max", "tau", "alpha"], &["max", "tau", "alpha"]),
            (&["max", "upper", "lower"], &["max", "upper", "lower"]),
            (&["max", "alpha", "beta"], &["max", "alpha", "beta"]),
        ],
    ),
];

/// Logarithms of smaller chances are of no use.
const LEAST_CHANCE: f64 = 1e-300;

fn error_rate() -> Json {
    from_to_below(LEAST_CHANCE, 1.0)
}

/// The keys of a table of a test; none for another key.
pub(crate) fn keys_of_test(name: &str) -> Option<&'static [Key]> {
    TESTS.iter().find(|(test, _)| *test == name).map(|&(_, keys)| keys)
}

/// The schema of the table of a test, some of whose keys the grid or the cases may set.
pub(crate) fn test_schema(name: &str) -> Json {
    let sets = forms(name).iter().map(|&(_, set)| set).collect::<Vec<_>>();
    within(fragment::table(keys_of_test(name).unwrap_or_default()), &sets)
}

/// What the table of a test needs where nothing varies.
pub(crate) fn test_needs(name: &str) -> Json {
    fragment::any_of(forms(name).iter().map(|(needed, _)| needs(needed)))
}

fn forms(name: &str) -> &'static [(&'static [&'static str], &'static [&'static str])] {
    FORMS.iter().find(|(test, _)| *test == name).map(|&(_, forms)| forms).unwrap_or_default()
}

/// A test as a file writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum WrittenTest {
    /// Sequences of fixed length; and which chance to decide P though Q is true is wanted.
    Fixed(Threshold, Option<f64>),
    /// A test that may end before `max` symbols.
    Sequential(Limits, u64),
}

/// Where a test of fixed length decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Threshold {
    /// As far up as the chance to decide Q though P is true allows.
    Alpha(f64),
    /// At this log ratio of the sequence, nats.
    At(f64),
    /// At the chance of P beforehand.
    Prior(f64),
}

/// Where a sequential test stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limits {
    Wald { alpha: f64, beta: f64 },
    Own { lower: f64, upper: f64 },
    Peeking { z: f64, first: u64 },
    Mixture { alpha: f64, tau: f64 },
}

const DECIDE: &str = "write [decide] on a line, and below it alpha = 0.05";
const STOP: &str = "write [stop] on a line, and below it alpha = 0.05, beta = 0.05 and max = 1_000, a line each";

/// Reads the table of a test; `name` is its key.
pub(crate) fn read_test(name: &str, value: &Value, report: &mut Report) -> Option<(WrittenTest, Place)> {
    let help = if name == "stop" { STOP } else { DECIDE };
    let Form::Table(entries) = &value.form else {
        report.push(wrong(value, name, "a table").help(help));
        return None;
    };
    let known = &names(keys_of_test(name).unwrap_or_default());
    let before = report.len();
    for Entry { key, key_place, .. } in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
        let meant = match key.to_lowercase().as_str() {
            "n" | "length" | "limit" | "maximum" => nearest("max", known),
            "a" => nearest("upper", known),
            "b" => nearest("lower", known),
            _ => nearest(key, known),
        };
        let help =
            meant.map_or_else(|| format!("it has {}", listed(known)), |meant| format!("did you mean `{meant}`?"));
        report.push(Diagnostic::new(format!("`{name}` has no key `{key}`")).at(*key_place).help(help));
    }
    let reader = Reader { name, entries, place: value.place };
    let test = if name == "stop" { reader.sequential(report) } else { reader.fixed(report) };
    // The first key stands for the table, which in a file is several lines.
    let place = entries.first().map_or(value.place, |entry| Place { end: entry.value.place.end, ..entry.key_place });
    test.filter(|_| report.len() == before).map(|test| (test, place))
}

/// The keys of one table.
struct Reader<'a> {
    name: &'a str,
    entries: &'a [Entry],
    place: Place,
}

impl Reader<'_> {
    fn find(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// A number that keeps a rule; one that does not is reported.
    fn number(
        &self,
        key: &str,
        (rule, example): (&str, &str),
        is_right: impl Fn(f64) -> bool,
        report: &mut Report,
    ) -> Option<f64> {
        let value = &self.find(key)?.value;
        let found = value.as_f64().filter(|number| number.is_finite() && is_right(*number));
        if found.is_none() {
            let help = format!("write for example: {key} = {example}");
            // The values of a range share their place.
            report.push_first(wrong(value, &format!("{}.{key}", self.name), rule).help(help));
        }
        found
    }

    fn chance(&self, key: &str, report: &mut Report) -> Option<f64> {
        let rule = ("a number from 1e-300 to below 1", "0.05");
        self.number(key, rule, |chance| (LEAST_CHANCE..1.0).contains(&chance), report)
    }

    /// Reports keys that exclude each other, and whatever stands beside those that are used.
    fn report_others(&self, used: &[&str], report: &mut Report) {
        let known = names(keys_of_test(self.name).unwrap_or_default());
        let others = self.entries.iter().filter(|entry| known.contains(&entry.key.as_str()));
        for other in others.filter(|entry| !used.contains(&entry.key.as_str())) {
            let first = used.first().copied().unwrap_or_default();
            let mistake = Diagnostic::new(format!("`{}.{}` has no effect beside `{first}`", self.name, other.key));
            let context = self.find(first).map(|entry| entry.key_place);
            let mistake = mistake.at(other.key_place).help("remove one of the two");
            report.push(match context {
                Some(context) => mistake.context(context, "given here"),
                None => mistake,
            });
        }
    }

    fn missing(&self, title: String, help: &str, report: &mut Report) {
        report.push(Diagnostic::new(title).at(self.place).help(help).missing_part());
    }

    fn fixed(&self, report: &mut Report) -> Option<WrittenTest> {
        let beta = self.chance("beta", report);
        let threshold = if self.find("threshold").is_some() {
            self.report_others(&["threshold", "beta"], report);
            self.number("threshold", ("a number of nats", "0.0"), |_| true, report).map(Threshold::At)
        } else if self.find("prior").is_some() {
            self.report_others(&["prior", "beta"], report);
            self.chance("prior", report).map(Threshold::Prior)
        } else if self.find("alpha").is_some() {
            self.chance("alpha", report).map(Threshold::Alpha)
        } else {
            self.missing("`decide` needs `alpha`, `threshold` or `prior`".to_owned(), DECIDE, report);
            None
        };
        Some(WrittenTest::Fixed(threshold?, beta))
    }

    fn sequential(&self, report: &mut Report) -> Option<WrittenTest> {
        let max = match self.find("max") {
            Some(entry) => whole_number(&entry.value, "stop.max", 1, MAX_LENGTH, "max = 1_000", report),
            None => {
                let title = "`stop` needs `max`, the symbols after which a test ends without a decision".to_owned();
                self.missing(title, "write for example: max = 1_000", report);
                None
            }
        };
        let above = ("a finite number above 0", "2.9");
        let others = ["alpha", "beta", "tau", "upper", "lower"];
        let only_first = self.find("first").is_some() && !others.iter().any(|key| self.find(key).is_some());
        let limits = if self.find("z").is_some() || only_first {
            self.report_others(&["z", "first", "max"], report);
            let first = match self.find("first") {
                Some(entry) => whole_number(&entry.value, "stop.first", 1, MAX_LENGTH, "first = 10", report),
                None => Some(1),
            };
            if self.find("z").is_none() {
                self.missing("`stop.first` needs `z`".to_owned(), "write for example: z = 1.96", report);
            }
            let z = self.number("z", ("a finite number above 0", "1.96"), |z| z > 0.0, report);
            if let (Some(first), Some(max), Some(entry)) = (first, max, self.find("first"))
                && first > max
            {
                let title =
                    format!("`stop.first` is {first}, but the longest test has {max} symbols: there is no look");
                let help = format!("write a first look of at most {max}, or a larger max");
                report.push_first(Diagnostic::new(title).at(entry.value.place).help(help));
            }
            z.zip(first).map(|(z, first)| Limits::Peeking { z, first })
        } else if self.find("tau").is_some() {
            self.report_others(&["tau", "alpha", "max"], report);
            if self.find("alpha").is_none() {
                let title = "`stop` with `tau` needs `alpha`".to_owned();
                self.missing(title, "write for example: alpha = 0.05", report);
            }
            let tau = self.number("tau", ("a finite number above 0", "1.0"), |tau| tau > 0.0, report);
            self.chance("alpha", report).zip(tau).map(|(alpha, tau)| Limits::Mixture { alpha, tau })
        } else if self.find("upper").is_some() || self.find("lower").is_some() {
            self.report_others(&["upper", "lower", "max"], report);
            for (key, example) in [("upper", "upper = 2.9"), ("lower", "lower = -2.9")] {
                if self.find(key).is_none() {
                    let title = format!("`stop` needs both limits: `{key}` is missing");
                    self.missing(title, &format!("write for example: {example}"), report);
                }
            }
            let upper = self.number("upper", above, |upper| upper > 0.0, report);
            let lower = self.number("lower", ("a finite number below 0", "-2.9"), |lower| lower < 0.0, report);
            lower.zip(upper).map(|(lower, upper)| Limits::Own { lower, upper })
        } else if self.find("alpha").is_some() || self.find("beta").is_some() {
            for key in ["alpha", "beta"] {
                if self.find(key).is_none() {
                    let title = format!("`stop` needs both chances of an error: `{key}` is missing");
                    self.missing(title, &format!("write for example: {key} = 0.05"), report);
                }
            }
            let (alpha, beta) = (self.chance("alpha", report), self.chance("beta", report));
            let (alpha, beta) = alpha.zip(beta)?;
            if self.find("first").is_some() {
                self.report_others(&["alpha", "beta", "max"], report);
            }
            if alpha + beta >= 1.0 {
                let place = self.find("beta").map_or(self.place, |entry| entry.value.place);
                let title = "`stop.alpha` and `stop.beta` together must be below 1";
                report
                    .push_first(Diagnostic::new(title).at(place).help("write for example: alpha = 0.05, beta = 0.05"));
                return None;
            }
            Some(Limits::Wald { alpha, beta })
        } else {
            let title = "`stop` needs limits: `alpha` and `beta`, `upper` and `lower`, `z`, or `tau` and `alpha`";
            self.missing(title.to_owned(), STOP, report);
            None
        };
        Some(WrittenTest::Sequential(limits?, max?))
    }
}
