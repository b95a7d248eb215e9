//! Crosses what varies into conditions, with each distribution and each pair made once.

use super::diagnostic::{Diagnostic, Place, Report};
use super::distributions::{Side, meant};
use super::grid::{Axis, repeated};
use super::keys::Spec;
use super::path::Path;
use super::trials::Trials;
use super::value::{Form, Value};
use crate::plan::{Condition, Laws, MAX_CONDITIONS, Refusal};
use kl_math::distribution::{Distribution, Pair, PairError};
use kl_math::numeric::ask_for;
use std::collections::HashMap;
use std::sync::Arc;

/// The conditions in order (case, grid keys as written, N last), and the names of their settings.
///
/// Reports what is wrong; then what is returned is of no use.
pub(super) fn expand(spec: &Spec, report: &mut Report) -> (Vec<String>, Vec<Condition>) {
    let clashing = report_clashes(spec, report);
    let lengths = Lengths::of(spec, report);
    let outer: Vec<&Axis> = spec.axes().filter(|axis| !is_length_axis(axis)).collect();
    let fits = report_excess(spec, &outer, &lengths, report);
    let crossed = outer.iter().map(|axis| axis.len()).product::<usize>().saturating_mul(lengths.factor());
    // What a run takes for each condition and each of its estimators: theory is made for one after the other.
    let of_conditions = crossed as u64 * (500 + 1_000 * spec.estimators.len() as u64);
    if fits && !has_memory(crossed, of_conditions, spec, report) {
        return (Vec::new(), Vec::new());
    }
    let rows: Vec<Vec<Vec<Value>>> = outer
        .iter()
        .map(|axis| {
            // Of too many values the first will do to look for other mistakes.
            let rows = axis.rows(if fits { usize::MAX } else { 1 });
            axis.report_repeats(&rows, report);
            rows
        })
        .collect();
    let mut side = |side: &str, written: Option<&Value>| {
        let is_clear = !clashing.iter().any(|clashing| clashing == side);
        if is_clear { Side::read(side, written, &outer, &rows, report) } else { Side::default() }
    };
    let (source, model) = (side("P", spec.source.as_ref()), side("Q", spec.model.as_ref()));
    let ((sources, symbols), (models, _)) = (source.extent(), model.extent());
    let distinct = sources.saturating_mul(models).min(crossed) as u64;
    // Of each pair the masses of Q in P's order, and the log ratios.
    let of_pairs = distinct.saturating_mul(24 * symbols as u64);
    if report.is_empty() && !has_memory(crossed, of_conditions.saturating_add(of_pairs), spec, report) {
        return (Vec::new(), Vec::new());
    }
    let names = spec.axes().flat_map(|axis| &axis.paths).filter(|path| !path.is_length());
    let names = names.map(|path| path.name.clone()).collect();

    let mut pairs: HashMap<[*const Distribution; 2], Option<Laws>> = HashMap::new();
    let mut refused = Vec::new();
    let mut conditions = Vec::with_capacity(if fits { crossed } else { 0 });
    let count: usize = rows.iter().map(Vec::len).product();
    let mut digits = vec![0; rows.len()];
    for point in 0..count {
        let mut rest = point;
        for (digit, rows) in digits.iter_mut().zip(&rows).rev() {
            (*digit, rest) = (rest % rows.len(), rest / rows.len());
        }
        let (Some(&(ref p, p_place)), Some(&(ref q, q_place))) = (source.at(&digits), model.at(&digits)) else {
            continue;
        };
        let laws = pairs.entry([Arc::as_ptr(p), Arc::as_ptr(q)]).or_insert_with(|| {
            match Pair::new(Arc::clone(p), Arc::clone(q)) {
                Ok(pair) => Some(Laws::Compared(Arc::new(pair))),
                // One pair whose numbers cannot be had does not stop the others.
                Err(error) if error.is_numeric() => {
                    refused.push(mismatch(&error, q_place, p_place));
                    let (source, model) = (Arc::clone(p), Arc::clone(q));
                    Some(Laws::Uncompared { source, model, reason: error.to_string().into() })
                }
                Err(error) => {
                    report.push_first(mismatch(&error, q_place, p_place));
                    None
                }
            }
        });
        let Some(laws) = laws.as_ref().filter(|_| report.is_empty()) else { continue };
        let settings: Vec<String> = digits
            .iter()
            .zip(&rows)
            .zip(&outer)
            .flat_map(|((&digit, rows), axis)| rows[digit].iter().zip(&axis.paths))
            .filter(|(_, path)| !path.is_length())
            .map(|(value, path)| match (&value.form, path.keys.as_slice()) {
                // A whole distribution goes by its name.
                (Form::Table(_), [side]) if side == "P" => laws.source().to_string(),
                (Form::Table(_), [_]) => laws.model().to_string(),
                _ => value.shown(),
            })
            .collect();
        conditions.extend(lengths.at(&digits).iter().map(|&n| Condition {
            laws: laws.clone(),
            n,
            trials: match spec.trials {
                Some(Trials::Fixed(trials)) => trials,
                _ => 0,
            },
            settings: settings.clone(),
            refusal: Refusal::None,
        }));
    }
    if conditions.iter().all(Condition::is_refused) {
        refused.into_iter().for_each(|mistake| report.push_first(mistake));
    }
    (names, conditions)
}

fn mismatch(error: &PairError, q: Place, p: Place) -> Diagnostic {
    Diagnostic::new(error.to_string()).at(q).context(p, "P is here").help(super::words::pair_help(error)).of_absence()
}

/// A grid key that is N: it is crossed last, and has no column of its own.
fn is_length_axis(axis: &Axis) -> bool {
    axis.paths.len() == 1 && axis.length_column().is_some()
}

/// The lengths to run through, innermost.
enum Lengths {
    /// The same at every point.
    Crossed(Vec<u64>),
    /// Each case, the outermost axis, has its own.
    ByCase(Vec<u64>),
}

impl Lengths {
    fn of(spec: &Spec, report: &mut Report) -> Self {
        if let Some((cases, column)) = spec.cases.as_ref().and_then(|cases| Some((cases, cases.length_column()?))) {
            let lengths = cases.lengths(column, report).into_iter().map(|(length, _)| length).collect();
            // Cases that set N alone are crossed like any other list of lengths.
            return if is_length_axis(cases) { Self::Crossed(lengths) } else { Self::ByCase(lengths) };
        }
        let Some(axis) = spec.grid.iter().find(|axis| is_length_axis(axis)) else {
            return Self::Crossed(spec.lengths.clone().unwrap_or_default());
        };
        let lengths = axis.lengths(0, report);
        let mut seen = HashMap::new();
        for &(length, place) in &lengths {
            if let Some(earlier) = seen.insert(length, place) {
                report.push_first(repeated(axis, &length.to_string(), place, earlier));
            }
        }
        Self::Crossed(lengths.into_iter().map(|(length, _)| length).collect())
    }

    fn at(&self, digits: &[usize]) -> &[u64] {
        match self {
            Self::Crossed(lengths) => lengths,
            Self::ByCase(lengths) => digits.first().and_then(|&case| lengths.get(case..=case)).unwrap_or_default(),
        }
    }

    /// By how much they multiply the conditions.
    fn factor(&self) -> usize {
        match self {
            Self::Crossed(lengths) => lengths.len(),
            Self::ByCase(_) => 1,
        }
    }
}

/// Reports paths that set the same thing twice: in a case and in the grid, or in a family other than
/// the file's. Returns the sides that they are on: there is no reading those.
fn report_clashes(spec: &Spec, report: &mut Report) -> Vec<String> {
    let mut clashing = Vec::new();
    let in_cases: &[Path] = spec.cases.as_ref().map_or(&[], |cases| &cases.paths);
    for path in spec.grid.iter().flat_map(|axis| &axis.paths) {
        if let Some(clash) = in_cases.iter().find_map(|earlier| path.clash(earlier)) {
            report.push(clash);
            clashing.push(path.side().to_owned());
        }
    }
    for path in spec.axes().flat_map(|axis| &axis.paths) {
        let written = match path.side() {
            "P" => spec.source.as_ref(),
            "Q" => spec.model.as_ref(),
            _ => None,
        };
        let Some(family) = path.keys.get(1) else { continue };
        if let Some(other) =
            written.cloned().map(meant).iter().flat_map(Value::entries).find(|entry| entry.key != *family)
        {
            let title =
                format!("`{}` clashes with `{}.{}`: a distribution is one family", path.name, path.side(), other.key);
            let help = format!("remove one of the two, or vary all of `{}`", path.side());
            report.push(Diagnostic::new(title).at(path.place).context(other.key_place, "set here").help(help));
            clashing.push(path.side().to_owned());
        }
    }
    clashing
}

/// Reports more conditions than there may be; whether there are few enough.
fn report_excess(spec: &Spec, outer: &[&Axis], lengths: &Lengths, report: &mut Report) -> bool {
    let factors = outer.iter().map(|axis| axis.len()).chain([lengths.factor()]);
    let count = factors.fold(1u128, |count, factor| count.saturating_mul(factor as u128));
    if count > u128::from(MAX_CONDITIONS) {
        let mut diagnostic = Diagnostic::new(format!(
            "the grid has {} conditions, and an experiment has at most {}",
            grouped(count),
            grouped(u128::from(MAX_CONDITIONS))
        ))
        .help("shorten its lists, take fewer steps, or split it over several files");
        diagnostic.place = spec.grid_place;
        report.push(diagnostic);
    }
    count <= u128::from(MAX_CONDITIONS)
}

/// Whether the memory that conditions will take can be had; else that is reported.
fn has_memory(conditions: usize, bytes: u64, spec: &Spec, report: &mut Report) -> bool {
    let Err(error) = ask_for(bytes) else { return true };
    let mut diagnostic = Diagnostic::new(format!("for {} conditions {error}", grouped(conditions as u128)))
        .help("vary less, split the experiment over several files, or allow the program more memory");
    diagnostic.place = spec.grid_place;
    report.push(diagnostic);
    false
}

/// 1_000_000 for a million.
pub(super) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
