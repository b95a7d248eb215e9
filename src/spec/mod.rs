//! Floor 1: an experiment as written. A TOML file and the settings of the command line become a
//! [`Plan`], or every mistake in them is reported at once, each at its place.
//!
//! The way of a spec: text → `document` (values with places) → `keys` (each key checked) →
//! `conditions` (crossed and paired) → [`Plan`].

mod argument;
mod check;
mod conditions;
mod diagnostic;
mod distributions;
mod document;
mod estimators;
mod exact;
mod grid;
mod keys;
mod path;
mod program;
mod range;
mod render;
mod resolved;
mod sampling;
mod sequence;
mod setting;
mod source;
mod trials;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use argument::{Argument, read_pair};
pub use diagnostic::Diagnostics;
pub use sequence::{Line, Misread, PendingSymbol, PendingValue, Script, SequenceReader, SymbolScript, ValueScript};
pub use setting::Override;
pub use source::Source;
pub use words::{listed, nearest, pair_help, written};

use crate::plan::Plan;
use diagnostic::{Diagnostic, Report};
use document::Document;
use keys::Spec;
use kl_math::numeric::ask_for;
use std::path::PathBuf;

/// Reads a spec, with the overrides laid over the file in order.
///
/// ```
/// use kl_runner::spec::{Override, Source, read};
/// let text = "trials = 100\nN = [10, 20]\nP.bernoulli.p = 0.5\nQ.bernoulli.p = \"2/3\"";
/// let source = Source { name: "coin.toml".into(), text: text.into() };
/// let plan = read(&source, "coin", &[Override::flag("--trials", "trials", "1e6")])?;
/// assert_eq!((plan.trials, plan.conditions.len()), (1_000_000, 2));
/// # Ok::<(), kl_runner::spec::Diagnostics>(())
/// ```
pub fn read(source: &Source, experiment: &str, overrides: &[Override]) -> Result<Plan, Diagnostics> {
    /// What a byte of a file becomes until it is read: a list of numbers has the most.
    const GROWTH: u64 = 40;
    let mut report = Report::default();
    if let Err(error) = ask_for(GROWTH * source.text.len() as u64) {
        let help =
            "write long lists as ranges, split the experiment over several files, or allow the program more memory";
        report.push(Diagnostic::new(format!("to read {} {error}", source.name)).help(help));
        return Err(report.into_diagnostics(vec![source.clone()]));
    }
    let mut document = Document::parse(source, overrides, &mut report);
    let syntax_errors = report.len();
    let broken = std::mem::take(&mut document.broken);
    let spec = Spec::read(document, &mut report);
    setting::report_idle(overrides, &spec, &mut report);
    let (setting_names, mut conditions) = conditions::expand(&spec, &mut report);
    sampling::settle_sampler(&spec, &mut conditions, &mut report);
    estimators::settle_estimators(&spec.estimators, &mut conditions, &mut report);
    if report.is_empty() {
        trials::settle(&spec, &mut conditions, &mut report);
    }
    let reference = estimators::read_reference(spec.reference.as_ref(), &spec.estimators, &mut report);
    if syntax_errors > 0 {
        report.keep_certain(syntax_errors, |place| document::is_doubtful(&broken, place));
    }
    match spec.trials {
        Some(_) if report.is_empty() => Ok(Plan {
            resolved: resolved::resolved(&spec, reference),
            reference,
            level: spec.level,
            experiment: experiment.to_owned(),
            folder: PathBuf::from("."),
            question: spec.question,
            seed: spec.seed,
            unit: spec.unit,
            record: spec.record,
            sampler: spec.sampler,
            check: spec.check,
            estimators: spec.estimators.into_iter().map(|listed| listed.estimator).collect(),
            trials: conditions.iter().map(|condition| condition.trials).max().unwrap_or_default(),
            setting_names,
            conditions,
        }),
        _ => {
            let texts = std::iter::once(source.clone()).chain(overrides.iter().map(Override::source));
            Err(report.into_diagnostics(texts.collect()))
        }
    }
}
