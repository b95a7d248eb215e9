//! Whether the sampler can do what the rest of the spec asks for.

use super::conditions::grouped;
use super::diagnostic::{Diagnostic, Place, Report};
use super::estimators::Listed;
use super::keys::Spec;
use crate::plan::{Condition, MAX_TALLIED, Record, Refusal, SamplerKind};
use kl_math::distribution::{Distribution, Pair, SymbolPair, ValuePair};
use kl_math::law::count_vectors;
use kl_sim::estimator::View;
use std::sync::Arc;

/// Notes which conditions the sampler cannot draw; reports what it can do for none of them, and what the rest of the spec asks
/// for in vain.
pub(super) fn settle_sampler(spec: &Spec, conditions: &mut [Condition], report: &mut Report) {
    let Some(place) = spec.sampler_place.filter(|_| !spec.sampler.is_ordered()) else {
        return;
    };
    if spec.sampler == SamplerKind::Tally {
        report_tally(spec, conditions, place, report);
    }
    let mut refused: Vec<(usize, Mistake)> = Vec::new();
    // Conditions of one pair stand together: the masses are looked at once for each length.
    let mut fitting = std::collections::HashSet::new();
    for (index, condition) in conditions.iter().enumerate() {
        let Some(pair) = condition.sampled_pair() else { continue };
        let mistake = match pair.as_ref() {
            Pair::Symbols(pair) if spec.sampler == SamplerKind::Tally => {
                let masses = (pair.source_masses().as_ptr(), condition.n);
                if fitting.contains(&masses) {
                    continue;
                }
                let found = too_many_counts(pair, condition.n);
                if found.is_none() {
                    fitting.insert(masses);
                }
                found
            }
            Pair::Symbols(_) => None,
            Pair::Values(pair) => unsuited_to_values(spec.sampler, pair, condition.n),
            Pair::Chains(pair) => Some(unsuited_to_chains(spec.sampler, pair.source())),
        };
        refused.extend(mistake.map(|mistake| (index, mistake)));
    }
    let others = conditions.iter().filter(|condition| !condition.is_refused()).count();
    if refused.len() == others {
        if let Some((_, (title, helps))) = refused.into_iter().next() {
            let mistake = Diagnostic::new(title).at(place);
            report.push(helps.into_iter().fold(mistake, Diagnostic::help));
        }
        return;
    }
    for (index, (title, _)) in refused {
        if let Some(condition) = conditions.get_mut(index) {
            condition.refusal = Refusal::Sampler(title.into());
        }
    }
    if spec.sampler == SamplerKind::Counts {
        report_unseen(spec, conditions, place, report);
    }
}

/// What is wrong, and what to write instead.
type Mistake = (String, Vec<&'static str>);

/// Reports an estimator that needs each value or symbol where the sampler draws sums or counts.
fn report_unseen(spec: &Spec, conditions: &[Condition], place: Place, report: &mut Report) {
    for Listed { estimator, place: listed } in &spec.estimators {
        let needs = |&(pair, n): &(&Arc<Pair>, u64)| {
            let drawn = if pair.values().is_some() { View::Sums } else { View::Counts };
            estimator.scorer(pair, n).view() > drawn
        };
        let mut able = conditions.iter().filter_map(|condition| condition.sampled_pair().zip(Some(condition.n)));
        let Some((pair, _)) = able.find(needs) else { continue };
        let has_values = pair.values().is_some();
        let (what, drawn) = if has_values { ("value", "their sums") } else { ("symbol", "how often each occurs") };
        let title = format!(
            "the estimator `{}` needs every {what} of {}, and the sampler `counts` draws {drawn}",
            estimator.name(),
            shortened(&pair.source().to_string())
        );
        let at = listed.unwrap_or(place);
        let mistake = Diagnostic::new(title).at(at).context(place, "the sampler");
        let told_counts = estimator.program().filter(|_| !has_values);
        report.push(match told_counts {
            Some(_) => mistake
                .help("draw every symbol: sampler = \"sequence\"")
                .help("or tell it the counts: input = \"counts\""),
            None => mistake.help(SEQUENCE),
        });
    }
}

const SEQUENCE: &str = "draw every value instead: sampler = \"sequence\"";

/// Why trials with a memory cannot be drawn this way, and what to write instead.
fn unsuited_to_chains(sampler: SamplerKind, source: &Distribution) -> Mistake {
    let (sampler, source) = (sampler.name(), shortened(&source.to_string()));
    let title = format!("the sampler `{sampler}` cannot be used: in sequences from {source} the order matters");
    (title, vec!["draw every symbol instead: sampler = \"sequence\""])
}

/// Why trials over values that are not symbols cannot be drawn this way, and what to write instead.
fn unsuited_to_values(sampler: SamplerKind, pair: &ValuePair, n: u64) -> Option<Mistake> {
    let [source, model] = [pair.source(), pair.model()].map(|side| shortened(&side.to_string()));
    let form = pair.form().filter(|form| form.has_known_sum());
    let reason = match (sampler, form) {
        (SamplerKind::Sequence, _) => return None,
        (SamplerKind::Tally, _) => {
            let title =
                format!("the sampler `tally` counts sequences by their symbol counts, and {source} has no symbols");
            let is_known = form.is_some_and(|form| form.sums_fit(n)) && pair.uncovered().is_none();
            let help = if is_known { "draw each sequence's sum instead: sampler = \"counts\"" } else { SEQUENCE };
            return Some((title, vec![help]));
        }
        (SamplerKind::Counts, None) => {
            format!("the log ratio of {source} against {model} is no function of a sum whose law is known")
        }
        (SamplerKind::Counts, Some(_)) if pair.uncovered().is_some() => {
            format!("{model} rules out values of {source}, which a sum does not show")
        }
        (SamplerKind::Counts, Some(form)) if !form.sums_fit(n) => {
            format!("sums over N = {} values of {source} are too large to be drawn", grouped(n.into()))
        }
        (SamplerKind::Counts, Some(_)) => return None,
    };
    Some((format!("the sampler `{}` cannot be used: {reason}", sampler.name()), vec![SEQUENCE]))
}

/// Reports what a tally cannot do: keep each trial.
fn report_tally(spec: &Spec, conditions: &[Condition], place: Place, report: &mut Report) {
    if let (Record::Csv, Some(record)) = (spec.record, spec.record_place) {
        let title = "the sampler `tally` draws all trials at once, and there is no estimate of each to record";
        report.push(Diagnostic::new(title).at(record).context(place, "the sampler").help(COUNTS));
    }
    let needs_samples =
        |listed: &&Listed| conditions.iter().any(|found| listed.estimator.model_draws(found.n).is_some());
    if let Some(listed) = spec.estimators.iter().find(needs_samples) {
        let title = format!(
            "the sampler `tally` draws all trials at once, and the estimator `{}` needs a sample from Q beside each",
            listed.estimator.name()
        );
        report
            .push(Diagnostic::new(title).at(listed.place.unwrap_or(place)).context(place, "the sampler").help(COUNTS));
    }
    if let Some(listed) = spec.estimators.iter().find(|listed| listed.estimator.program().is_some()) {
        let title = format!(
            "the sampler `tally` draws all trials at once, and the estimator `{}` is asked about each",
            listed.estimator.name()
        );
        report
            .push(Diagnostic::new(title).at(listed.place.unwrap_or(place)).context(place, "the sampler").help(COUNTS));
    }
}

/// More symbol counts than memory and time have room for.
fn too_many_counts(pair: &SymbolPair, n: u64) -> Option<Mistake> {
    let vectors = count_vectors(pair.source_masses(), n);
    if vectors <= MAX_TALLIED {
        return None;
    }
    let title = format!(
        "the sampler `tally` lists at most {} symbol counts, and sequences of N = {} from {} have about {}",
        grouped(MAX_TALLIED),
        grouped(n.into()),
        shortened(&pair.source().to_string()),
        if vectors < 1_000_000_000 { grouped(vectors) } else { format!("{:.0e}", vectors as f64) }
    );
    Some((title, vec![COUNTS, "or take shorter sequences"]))
}

const COUNTS: &str = "draw each trial's counts instead: sampler = \"counts\"";

/// The start of a long name.
fn shortened(name: &str) -> String {
    const SHOWN: usize = 60;
    let start: String = name.chars().take(SHOWN).collect();
    if start.len() < name.len() { start + "…" } else { start }
}
