//! Crosses the axes of an experiment into conditions; each distribution and each pair is made once.

mod bound;
mod estimators;
mod lengths;
mod sampler;
mod side;
mod test;
mod trials;

pub(crate) use bound::bind_estimators;
pub(crate) use estimators::check_estimators;
pub(crate) use sampler::check_sampler;
pub(crate) use side::fixed;
pub(crate) use trials::assign_trials;

use super::column_file::Files;
use super::diagnostics::{Diagnostic, Place, Report};
use super::distribution::{read_side, with_family};
use super::grid::{Axis, Path};
use super::keys::{Keys, Trials, WrittenTest, read_test};
use super::value::rules::wrong;
use super::value::{Form, Value, grouped};
use super::words::pair_help;
use crate::plan::{Condition, Laws, MAX_CONDITIONS, Refusal, is_same};
use kl_math::distribution::{Behaviour, Distribution, Pair, PairError};
use kl_math::numeric::ask_for;
use lengths::{Lengths, is_length_axis};
use side::Side;
use std::collections::HashMap;
use std::sync::Arc;

/// Returns the names of the settings, and the conditions in order: by case, by grid key as written, by N.
///
/// If a mistake is reported, the conditions may be incomplete.
pub(crate) fn expand(keys: &Keys, files: &Files, report: &mut Report) -> (Vec<String>, Vec<Condition>) {
    let conflicting = report_conflicts(keys, report);
    let table = test::table_of(keys, report);
    let lengths = if table == Some("stop") { Lengths::ByTest } else { Lengths::of(keys, report) };
    let outer: Vec<&Axis> = keys.axes().filter(|axis| !is_length_axis(axis)).collect();
    let fits = report_excess(keys, &outer, &lengths, report);
    let crossed = outer.iter().map(|axis| axis.len()).product::<usize>().saturating_mul(lengths.factor());
    // The bytes that a run needs for each condition and each of its estimators; theory is made for one at a time.
    let of_conditions = crossed as u64 * (500 + 1_000 * keys.estimators.len() as u64);
    if fits && !has_memory(crossed, of_conditions, keys, report) {
        return (Vec::new(), Vec::new());
    }
    let rows: Vec<Vec<Vec<Value>>> = outer
        .iter()
        .map(|axis| {
            // With too many values, the first is enough to find other mistakes.
            let rows = axis.rows(if fits { usize::MAX } else { 1 });
            axis.report_repeats(&rows, report);
            rows
        })
        .collect();
    let mut side = |side: &str, written: Option<&Value>| {
        let is_clear = !conflicting.iter().any(|conflicting| conflicting == side);
        let read = |value: Value, absent| read_side(&value, absent, files, report);
        if is_clear { Side::read(side, written, &outer, &rows, read) } else { Side::default() }
    };
    let (source, model) = (side("P", keys.source.as_ref()), side("Q", keys.model.as_ref()));
    let has_behaviour =
        keys.behaviour.is_some() || outer.iter().any(|axis| axis.paths.iter().any(|path| path.side() == "S"));
    let behaviour: Side<Behaved> = if has_behaviour && !conflicting.iter().any(|conflicting| conflicting == "S") {
        let read = |value: Value, absent| match &value.form {
            Form::Text(text) if text == "P" => Some((Behaved::Source, value.place)),
            Form::Text(text) if text == "Q" => Some((Behaved::Model, value.place)),
            Form::Text(_) => {
                let help = "write S = \"Q\", or for example S.bernoulli.p = 0.55";
                report.push_first(wrong(&value, "S", "\"P\", \"Q\" or a distribution").help(help));
                None
            }
            _ => read_side(&value, absent, files, report).map(|(found, place)| (Behaved::Given(found), place)),
        };
        Side::read("S", keys.behaviour.as_ref(), &outer, &rows, read)
    } else {
        Side::default()
    };
    let tests: Side<WrittenTest> = match table {
        Some(name) => {
            // One that has no place beside the other is read for its mistakes.
            keys.tests.iter().filter(|(test, ..)| *test != name).for_each(|(test, _, value)| {
                read_test(test, value, report);
            });
            match keys.tests.iter().find(|(test, ..)| *test == name).map(|(.., value)| value) {
                Some(written) if !matches!(written.form, Form::Table(_)) => {
                    read_test(name, written, report);
                    Side::default()
                }
                written => Side::read(name, written, &outer, &rows, |value, _| read_test(name, &value, report)),
            }
        }
        None => Side::default(),
    };
    let (sources, symbols, models, behaviours) = (source.len(), source.symbols(), model.len(), behaviour.len());
    let pairs = sources.saturating_mul(models).saturating_mul(if has_behaviour { 3 * behaviours.max(1) } else { 1 });
    let distinct = pairs.min(crossed.saturating_mul(3)) as u64;
    // For each pair, the probabilities of Q in the order of P, and the log ratios.
    let of_pairs = distinct.saturating_mul(24 * symbols as u64);
    if report.is_empty() && !has_memory(crossed, of_conditions.saturating_add(of_pairs), keys, report) {
        return (Vec::new(), Vec::new());
    }
    // A whole S is what the column `s` shows.
    let is_column = |path: &Path| !path.is_length() && path.keys != ["S"];
    let names = keys.axes().flat_map(|axis| &axis.paths).filter(|path| is_column(path));
    let names = has_behaviour.then(|| "s".to_owned()).into_iter().chain(names.map(|path| path.name.clone())).collect();

    let mut pairs: HashMap<[*const Distribution; 2], Option<Laws>> = HashMap::new();
    let mut drawn: HashMap<[*const Distribution; 3], Option<Arc<Behaviour>>> = HashMap::new();
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
                // A pair whose numbers cannot be computed does not stop the others.
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
        let behaviour = match behaviour.at(&digits) {
            Some((behaved, s_place)) => {
                let s = behaved.distribution(p, q);
                let key = [Arc::as_ptr(p), Arc::as_ptr(q), Arc::as_ptr(s)];
                let found = drawn.entry(key).or_insert_with(|| drawn_from(laws, s, (*s_place, p_place), report));
                Some((Arc::clone(s), found.clone()))
            }
            None if has_behaviour => continue,
            None => None,
        };
        let shown = behaviour.as_ref().map(|(s, _)| s.to_string());
        let settings = digits
            .iter()
            .zip(&rows)
            .zip(&outer)
            .flat_map(|((&digit, rows), axis)| rows[digit].iter().zip(&axis.paths))
            .filter(|(_, path)| is_column(path))
            .map(|(value, path)| match (&value.form, path.keys.as_slice()) {
                // A whole distribution is shown by its name.
                (Form::Table(_), [side]) if side == "P" => laws.source().to_string(),
                (Form::Table(_), [_]) => laws.model().to_string(),
                _ => value.shown(),
            });
        let settings: Vec<String> = shown.clone().into_iter().chain(settings).collect();
        let labels = digits.iter().zip(&outer).filter_map(|(&digit, axis)| axis.labels.get(digit));
        let label: Arc<str> = labels.map(|label| label.text.as_str()).collect::<Vec<_>>().join(", ").into();
        let test = match tests.at(&digits) {
            Some(test) => Some(test),
            None if table.is_some() => continue,
            None => None,
        };
        let longest = match test {
            Some((WrittenTest::Sequential(_, max), _)) => Some(*max),
            _ => None,
        };
        for &n in lengths.at(&digits, &longest) {
            let test = match (test, laws) {
                (Some(test), Laws::Compared(pair)) => match test::planned(test, pair, n, report) {
                    Some(test) => Some(Arc::new(test)),
                    None => continue,
                },
                _ => None,
            };
            conditions.push(Condition {
                laws: laws.clone(),
                drawn: behaviour.as_ref().and_then(|(_, drawn)| drawn.clone()),
                test,
                bound: None,
                n,
                trials: match keys.trials {
                    Some(Trials::Fixed(trials)) => trials,
                    _ => 0,
                },
                settings: settings.clone(),
                label: label.clone(),
                refusal: Refusal::None,
            });
        }
    }
    if conditions.iter().all(Condition::is_refused) {
        refused.into_iter().for_each(|mistake| report.push_first(mistake));
    }
    (names, conditions)
}

/// What sequences are drawn from, as a file writes it.
#[derive(Clone, Debug)]
enum Behaved {
    /// P itself.
    Source,
    /// Q itself.
    Model,
    /// Another distribution, or one of the two again.
    Given(Arc<Distribution>),
}

impl Behaved {
    fn distribution<'a>(
        &'a self,
        source: &'a Arc<Distribution>,
        model: &'a Arc<Distribution>,
    ) -> &'a Arc<Distribution> {
        match self {
            Self::Source => source,
            Self::Model => model,
            Self::Given(distribution) => distribution,
        }
    }
}

/// What sequences are drawn from, if it is not P; reports an S that does not fit.
fn drawn_from(
    laws: &Laws,
    behaviour: &Arc<Distribution>,
    (s_place, p_place): (Place, Place),
    report: &mut Report,
) -> Option<Arc<Behaviour>> {
    let Laws::Compared(pair) = laws else { return None };
    if is_same(behaviour, pair.source()) {
        return None;
    }
    match Behaviour::shared(Pair::clone(pair), behaviour) {
        Ok(behaviour) => Some(Arc::new(behaviour)),
        Err(error) => {
            let help = pair_help(error.error());
            report.push_first(Diagnostic::new(error.to_string()).at(s_place).context(p_place, "P is here").help(help));
            None
        }
    }
}

fn mismatch(error: &PairError, q: Place, p: Place) -> Diagnostic {
    Diagnostic::new(error.to_string()).at(q).context(p, "P is here").help(pair_help(error)).missing_part()
}

/// Reports paths that conflict: set in a case and in the grid, or of a family other than the one at the top of the file.
/// Returns the sides (P or Q) with conflicts, which are not read.
fn report_conflicts(keys: &Keys, report: &mut Report) -> Vec<String> {
    let mut conflicting = Vec::new();
    let in_cases: &[Path] = keys.cases.as_ref().map_or(&[], |cases| &cases.paths);
    for path in keys.grid.iter().flat_map(|axis| &axis.paths) {
        if let Some(conflict) = in_cases.iter().find_map(|earlier| path.conflict(earlier)) {
            report.push(conflict);
            conflicting.push(path.side().to_owned());
        }
    }
    for path in keys.axes().flat_map(|axis| &axis.paths) {
        let written = match path.side() {
            "P" => keys.source.as_ref(),
            "Q" => keys.model.as_ref(),
            "S" => keys.behaviour.as_ref(),
            _ => None,
        };
        let Some(family) = path.keys.get(1) else { continue };
        if let Some(other) =
            written.cloned().map(with_family).iter().flat_map(Value::entries).find(|entry| entry.key != *family)
        {
            let title = format!(
                "`{}` conflicts with `{}.{}`: a distribution has one family",
                path.name,
                path.side(),
                other.key
            );
            let help = format!("remove one of the two, or vary `{}` as a whole", path.side());
            report.push(Diagnostic::new(title).at(path.place).context(other.key_place, "set here").help(help));
            conflicting.push(path.side().to_owned());
        }
    }
    conflicting
}

/// Whether the number of conditions is within the limit; reports it if not.
fn report_excess(keys: &Keys, outer: &[&Axis], lengths: &Lengths, report: &mut Report) -> bool {
    let factors = outer.iter().map(|axis| axis.len()).chain([lengths.factor()]);
    let count = factors.fold(1u128, |count, factor| count.saturating_mul(factor as u128));
    if count > u128::from(MAX_CONDITIONS) {
        let mut diagnostic = Diagnostic::new(format!(
            "the grid has {} conditions, but an experiment may have at most {}",
            grouped(count),
            grouped(u128::from(MAX_CONDITIONS))
        ))
        .help("shorten its lists, use fewer steps, or split the experiment into several files");
        diagnostic.place = keys.grid_place;
        report.push(diagnostic);
    }
    count <= u128::from(MAX_CONDITIONS)
}

/// Whether there is enough memory for the conditions; reports it if not.
fn has_memory(conditions: usize, bytes: u64, keys: &Keys, report: &mut Report) -> bool {
    let Err(error) = ask_for(bytes) else { return true };
    let mut diagnostic = Diagnostic::new(format!("for {} conditions {error}", grouped(conditions as u128)))
        .help("vary fewer parameters, split the experiment into several files, or allow the program more memory");
    diagnostic.place = keys.grid_place;
    report.push(diagnostic);
    false
}
