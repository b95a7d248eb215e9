//! An experiment as written: reads a TOML file and the settings of the command line into a [`Plan`], or reports every
//! mistake in them, each at its place.
//!
//! The modules, each of which imports only those below it:
//!
//! | module | what it does |
//! |---|---|
//! | `schema` | the JSON Schema of the file, from the lists of keys, families and estimators |
//! | `resolved` | fills in the defaults: what the manifest keeps |
//! | `conditions` | crosses what varies into conditions, pairs P with Q, checks the sampler and the estimators |
//! | `function` | adds an estimator that is a function of the program that reads the file |
//! | `keys` | checks each top-level key |
//! | `document` | parses the text and replaces what the command line sets |
//! | `grid` | `[grid]`, `[[case]]`, ranges and key paths |
//! | `argument` | P and Q on the command line |
//! | `distribution` | one distribution, with its faults at their places |
//! | `column_file` | P or Q from a column of a CSV file |
//! | `words` | help for what the mathematics refuses, and families in the syntax of a file |
//! | `key` | keys of tables: names, meanings, and what may be written for them |
//! | `value` | values and keys with their places, exact arithmetic, rules for single values |
//! | `diagnostics` | a mistake, all of them, and their drawing |
//!
//! `open` reads the text, and `sequence` reads sequences of symbols and values, which are not part of the file.

mod argument;
mod column_file;
mod conditions;
mod diagnostics;
mod distribution;
mod document;
mod function;
mod grid;
mod key;
mod keys;
mod open;
mod resolved;
mod schema;
mod sequence;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use argument::{Argument, FitTask, FittedFamily, read_fit, read_one, read_pair, read_pair_of};
pub use diagnostics::{Diagnostics, Located, Source};
pub use document::Override;
pub use function::OwnFunction;
pub use schema::schema;
pub use sequence::{
    Likelihoods, Line, Misread, ModelLine, Models, PendingSymbol, PendingValue, Script, SequenceReader, SequenceTask,
    SymbolScript, Unreadable, ValueScript, with_sequences,
};
pub use value::grouped;
pub use words::{listed, nearest, pair_help, written};

use crate::plan::{Pilot, Plan};
use column_file::Files;
use diagnostics::{Diagnostic, Report};
use document::Document;
use keys::Keys;
use kl_math::numeric::ask_for;
use std::path::PathBuf;

/// Reads an experiment file, with the overrides applied in order.
///
/// ```
/// use kl_runner::experiment_file::{Override, Source, read};
/// let text = "trials = 100\nN = [10, 20]\nP.bernoulli.p = 0.5\nQ.bernoulli.p = \"2/3\"";
/// let source = Source { name: "coin.toml".into(), text: text.into() };
/// let plan = read(&source, "coin", &[Override::flag("--trials", "trials", "1e6")])?;
/// assert_eq!((plan.trials, plan.conditions.len()), (1_000_000, 2));
/// # Ok::<(), kl_runner::experiment_file::Diagnostics>(())
/// ```
pub fn read(source: &Source, experiment: &str, overrides: &[Override]) -> Result<Plan, Diagnostics> {
    read_with(source, experiment, overrides, &[])
}

/// Reads an experiment as [`read`] does, and adds estimators that are functions to those of the file.
pub fn read_with(
    source: &Source,
    experiment: &str,
    overrides: &[Override],
    functions: &[OwnFunction],
) -> Result<Plan, Diagnostics> {
    /// The bytes of memory needed for a byte of the file; a list of numbers needs the most.
    const GROWTH: u64 = 40;
    let mut report = Report::default();
    if let Err(error) = ask_for(GROWTH * source.text.len() as u64) {
        let help =
            "write long lists as ranges, split the experiment into several files, or allow the program more memory";
        report.push(Diagnostic::new(format!("to read {} {error}", source.name)).help(help));
        return Err(report.into_diagnostics(vec![source.clone()]));
    }
    let mut document = Document::parse(source, overrides, &mut report);
    let syntax_errors = report.len();
    let broken = std::mem::take(&mut document.broken);
    let mut keys = Keys::read(document, !functions.is_empty(), &mut report);
    if keys.gradient.is_some() && !functions.is_empty() {
        let title = "a function of your own cannot estimate a gradient";
        report.push(Diagnostic::new(title).help("remove `gradient`, or give no functions"));
    }
    for (function, text) in functions.iter().zip(1 + overrides.len()..) {
        function.add_to(&mut keys.estimators, text, &mut report);
    }
    document::report_settings_without_effect(overrides, &keys.grid, keys.cases.as_ref(), &mut report);
    let files = Files::beside(&source.name);
    let (setting_names, mut conditions) = conditions::expand(&keys, &files, &mut report);
    if let Some(gradient) = &keys.gradient {
        keys.estimators = gradient.by_component(&conditions, &mut report);
    }
    conditions::bind_estimators(&keys.estimators, &mut conditions);
    conditions::check_sampler(&keys, &mut conditions, &mut report);
    let test = keys.tests.first().map(|&(_, place, _)| place);
    conditions::check_estimators(&keys.estimators, &mut conditions, test, &mut report);
    let pilot =
        if report.is_empty() { conditions::assign_trials(&keys, &mut conditions, &mut report) } else { Pilot::None };
    let reference = keys::read_reference(keys.reference.as_ref(), &keys.estimators, &mut report);
    if syntax_errors > 0 {
        report.keep_certain(syntax_errors, |place| document::is_doubtful(&broken, place));
    }
    match keys.trials {
        Some(_) if report.is_empty() => Ok(Plan {
            resolved: resolved::resolved(&keys, &files, reference),
            reference,
            level: keys.level,
            experiment: experiment.to_owned(),
            file: "-".to_owned(),
            folder: PathBuf::from("."),
            question: keys.question,
            seed: keys.seed,
            unit: keys.unit,
            record: keys.record,
            sampler: keys.sampler,
            check: keys.check,
            estimators: keys.estimators.into_iter().map(|listed| listed.estimator).collect(),
            trials: conditions.iter().map(|condition| condition.trials).max().unwrap_or_default(),
            pilot,
            setting_names,
            conditions,
        }),
        _ => {
            let texts = std::iter::once(source.clone()).chain(overrides.iter().map(Override::source));
            Err(report.into_diagnostics(texts.chain(functions.iter().map(OwnFunction::source)).collect()))
        }
    }
}
