//! A user's program as an estimator: `{ name = "mine", command = ["python3", "mine.py"] }`.

use super::built_in::{built_in_json, read_reference};
use crate::experiment_file::diagnostics::{Diagnostic, Report};
use crate::experiment_file::key::fragment::{
    any_of, from_to, from_to_below, needs, reference, table, text, whole, with, with_default, words_with_default,
};
use crate::experiment_file::key::{Key, names};
use crate::experiment_file::value::rules::{among, whole_number, wrong};
use crate::experiment_file::value::{Entry, Form, Value, number_json};
use crate::experiment_file::words::{listed, nearest};
use crate::plan::MAX_LENGTH;
use crate::programs::{Expected, Function, Maker, Program, ProgramCommand, ProgramInput, Twin};
use kl_sim::estimator::ESTIMATORS;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;
use std::time::Duration;

/// The help for a table that is wrong.
pub(crate) fn example() -> String {
    format!("write for example: {}", Program::EXAMPLE)
}

/// The keys of a program's table.
pub(crate) const KEYS: [Key; 9] = [
    Key::new("name", "A name of your own, in results.", || {
        with(
            json!({ "type": "string", "pattern": r"^[A-Za-z0-9_.-]+$", "minLength": 1, "maxLength": LONGEST_NAME }),
            "not",
            reference("estimator_name"),
        )
    }),
    // The first word has a letter.
    Key::new(
        "command",
        "The program, then each of its arguments.",
        || json!({ "type": "array", "minItems": 1, "items": [{ "type": "string", "minLength": 1 }], "additionalItems": text() }),
    ),
    Key::new("input", "What is sent of each trial.", || words_with_default(&ProgramInput::ALL.map(ProgramInput::name))),
    Key::new("M", "Send a sample of so many symbols from Q as well.", || whole(1, MAX_LENGTH)),
    Key::new("timeout", "The most seconds that an answer may take.", || {
        with_default(from_to(LEAST_SECONDS, MOST_SECONDS), Program::TIMEOUT.as_secs())
    }),
    Key::new(
        "max_failures",
        "How many trials of a condition may fail: one in a hundred, and at least ten, if it is not said.",
        || whole(0, MOST_FAILURES),
    ),
    Key::new(
        "expected",
        "What the mean of the estimates is: `closed_form` if it is KL(P‖Q), a number, or the estimator that has the same.",
        || {
            any_of([
                json!({ "type": "string", "enum": [CLOSED_FORM] }),
                json!({ "type": "number" }),
                reference("estimator_name"),
                reference("estimator"),
            ])
        },
    ),
    Key::new("same_as", "The built-in estimator that gives the same estimate of each trial.", || {
        any_of([reference("estimator_name"), reference("estimator")])
    }),
    Key::new("tolerance", "How far estimates may be from those of `same_as`.", || {
        with_default(from_to_below(0.0, 1.0), Twin::TOLERANCE)
    }),
];

const CLOSED_FORM: &str = "closed_form";

/// The most letters of a name.
const LONGEST_NAME: usize = 60;

/// The shortest timeout.
const LEAST_SECONDS: f64 = 0.001;

/// The schema of a program's table.
pub(crate) fn schema() -> Json {
    let table = with(table(&KEYS), "required", json!(["name", "command"]));
    with(table, "dependencies", json!({ "tolerance": needs(&["same_as"]) }))
}

/// The longest timeout, one day.
const MOST_SECONDS: f64 = 86_400.0;

/// The largest `max_failures`.
const MOST_FAILURES: u64 = 1_000_000_000_000;

/// Reads a table that has the key `command`.
pub(crate) fn read_program(entries: &[Entry], report: &mut Report) -> Option<Program> {
    let before = report.len();
    let mut command = ProgramCommand { words: Vec::new(), timeout: Program::TIMEOUT };
    for Entry { key, value, .. } in entries {
        match key.as_str() {
            "command" => command.words = read_command(value, report),
            "timeout" => command.timeout = read_timeout(value, report).unwrap_or(Program::TIMEOUT),
            _ => {}
        }
    }
    let program = read_settings(entries, (&names(&KEYS), "a `command`"), Maker::Command(command), report);
    (report.len() == before).then_some(program)
}

/// Reads the settings of a function of the program that reads the experiment.
pub(crate) fn read_function(entries: &[Entry], function: &Arc<dyn Function>, report: &mut Report) -> Option<Program> {
    let before = report.len();
    let keys: Vec<&str> = names(&KEYS).into_iter().filter(|key| !["command", "timeout"].contains(key)).collect();
    let program = read_settings(entries, (&keys, "a function"), Maker::Function(Arc::clone(function)), report);
    (report.len() == before).then_some(program)
}

/// Reads all settings but those of the command. `keys` are those that the table may have, since the estimator has `what`.
fn read_settings(entries: &[Entry], (keys, what): (&[&str], &str), maker: Maker, report: &mut Report) -> Program {
    let mut program = Program { maker, ..Program::new("", []) };
    let mut tolerance = None;
    for Entry { key, key_place, value } in entries {
        match key.as_str() {
            unknown if !keys.contains(&unknown) => {
                let help = nearest(key, keys)
                    .map_or_else(|| format!("it has {}", listed(keys)), |near| format!("did you mean `{near}`?"));
                let title = format!("an estimator with {what} has no key `{key}`");
                report.push(Diagnostic::new(title).at(*key_place).help(help));
            }
            "name" => program.name = read_name(value, report).unwrap_or_default(),
            "input" => {
                let input = among(value, "input", ProgramInput::ALL, ProgramInput::name, report);
                program.input = input.unwrap_or_default();
            }
            "M" => program.model_draws = whole_number(value, "M", 1, MAX_LENGTH, "M = 1_000", report),
            "max_failures" => {
                let failures = whole_number(value, "max_failures", 0, MOST_FAILURES, "max_failures = 10", report);
                program.failures = failures;
            }
            "expected" => program.claims.expected = read_expected(value, report),
            "same_as" => {
                let reference = read_reference(value, "same_as", report);
                program.claims.same_as = reference.map(|reference| Twin { reference, tolerance: Twin::TOLERANCE });
            }
            "tolerance" => tolerance = Some((*key_place, read_tolerance(value, report))),
            _ => {}
        }
    }
    match (&mut program.claims.same_as, tolerance) {
        (Some(twin), Some((_, Some(tolerance)))) => twin.tolerance = tolerance,
        (None, Some((place, _))) if !entries.iter().any(|entry| entry.key == "same_as") => {
            let title = "`tolerance` says how far estimates may be from those of `same_as`, which is not there";
            report.push(Diagnostic::new(title).at(place).help("write for example: same_as = \"k3\", tolerance = 1e-9"));
        }
        _ => {}
    }
    program
}

/// Reads what the mean of a program's estimates is to be.
fn read_expected(value: &Value, report: &mut Report) -> Option<Expected> {
    const RULE: &str = "\"closed_form\", a number, or the name of a built-in estimator";
    let help = || "write expected = \"closed_form\" if the estimator is unbiased";
    match &value.form {
        Form::Text(name) if name == CLOSED_FORM => Some(Expected::ClosedForm),
        Form::Text(name) if !ESTIMATORS.iter().any(|kind| kind.name == name) => {
            let names: Vec<&str> =
                std::iter::once(CLOSED_FORM).chain(ESTIMATORS.iter().map(|kind| kind.name)).collect();
            let mistake = wrong(value, "expected", RULE);
            report.push(match nearest(name, &names) {
                Some(near) => mistake.help(format!("did you mean {near:?}?")),
                None => mistake.help(help()),
            });
            None
        }
        Form::Text(_) | Form::Table(_) => read_reference(value, "expected", report).map(Expected::MeanOf),
        _ => match value.as_f64().filter(|number| number.is_finite()) {
            Some(number) => Some(Expected::Number(number)),
            None => {
                report.push(wrong(value, "expected", RULE).help(help()));
                None
            }
        },
    }
}

fn read_tolerance(value: &Value, report: &mut Report) -> Option<f64> {
    let tolerance = value.as_f64().filter(|tolerance| (0.0..1.0).contains(tolerance));
    if tolerance.is_none() {
        let rule = "a number from 0 to below 1";
        report.push(wrong(value, "tolerance", rule).help("write for example: tolerance = 1e-9"));
    }
    tolerance
}

/// Reads a name, which must be safe in CSV files and not that of a built-in estimator.
fn read_name(value: &Value, report: &mut Report) -> Option<String> {
    let is_plain = |name: &str| {
        (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    };
    let Form::Text(name) = &value.form else {
        report.push(wrong(value, "name", "a name of your own").help(example()));
        return None;
    };
    if ESTIMATORS.iter().any(|kind| kind.name == name) {
        let title = format!("{name:?} is the name of a built-in estimator");
        report.push(Diagnostic::new(title).at(value.place).help("choose another name, or remove `command`"));
        return None;
    }
    if !is_plain(name) {
        let rule = format!("up to {LONGEST_NAME} letters, digits, `_`, `-` and `.`");
        report.push(wrong(value, "name", &rule).help(example()));
        return None;
    }
    Some(name.clone())
}

fn read_command(value: &Value, report: &mut Report) -> Vec<String> {
    const RULE: &str = "a list of strings: the program, then each of its arguments";
    let words = |items: &[Value]| -> Option<Vec<String>> {
        let word = |item: &Value| match &item.form {
            Form::Text(word) if !word.contains('\0') => Some(word.clone()),
            _ => None,
        };
        items.iter().map(word).collect()
    };
    let found = match &value.form {
        Form::List(items) => words(items).filter(|words| words.first().is_some_and(|name| !name.is_empty())),
        _ => None,
    };
    found.unwrap_or_else(|| {
        let help = match &value.form {
            // A shell command line: show it as a list.
            Form::Text(line) => shlex::split(line).filter(|words| !words.is_empty()).map(|words| {
                let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
                format!("write command = [{}]", words.join(", "))
            }),
            _ => None,
        };
        report.push(wrong(value, "command", RULE).help(help.unwrap_or_else(example)));
        Vec::new()
    })
}

fn read_timeout(value: &Value, report: &mut Report) -> Option<Duration> {
    let seconds = value.as_f64().filter(|seconds| (LEAST_SECONDS..=MOST_SECONDS).contains(seconds));
    if seconds.is_none() {
        let rule = format!("a number of seconds from {LEAST_SECONDS} to {MOST_SECONDS}");
        report.push(wrong(value, "timeout", &rule).help("write for example: timeout = 30"));
    }
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

/// The table with its defaults, as in the manifest.
pub(crate) fn program_json(program: &Program) -> Json {
    let command = program.command();
    let function = match &program.maker {
        Maker::Command(_) => None,
        Maker::Function(function) => Some(function.name().into()),
    };
    let keys = [
        ("name", Some(json!(program.name))),
        ("command", command.map(|command| json!(command.words))),
        ("function", function),
        ("input", Some(program.input.name().into())),
        ("M", program.model_draws.map(Json::from)),
        ("timeout", command.map(|command| number_json(command.timeout.as_secs_f64()))),
        ("max_failures", program.failures.map(Json::from)),
        ("expected", program.claims.expected.as_ref().map(expected_json)),
        ("same_as", program.claims.same_as.as_ref().map(|twin| built_in_json(twin.reference.as_ref()))),
        ("tolerance", program.claims.same_as.as_ref().map(|twin| number_json(twin.tolerance))),
    ];
    let keys = keys.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Json::Object(keys.collect::<Map<_, _>>())
}

fn expected_json(expected: &Expected) -> Json {
    match expected {
        Expected::ClosedForm => "closed_form".into(),
        Expected::Number(number) => number_json(*number),
        Expected::MeanOf(estimator) => built_in_json(estimator.as_ref()),
    }
}
