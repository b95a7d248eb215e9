//! Whether the sampler fits the rest of the experiment.

use crate::experiment_file::diagnostics::{Diagnostic, Place, Report};
use crate::experiment_file::keys::{Keys, Listed};
use crate::experiment_file::value::grouped;
use crate::plan::{Condition, MAX_TALLIED, Record, Refusal, SamplerKind};
use kl_math::distribution::{Distribution, Pair, SymbolPair, ValuePair};
use kl_math::law::count_vectors;
use kl_sim::estimator::Detail;
use std::sync::Arc;

/// Records which conditions the sampler cannot draw. Reports a sampler that can draw none of them, and keys that the sampler
/// does not support.
pub(crate) fn check_sampler(keys: &Keys, conditions: &mut [Condition], report: &mut Report) {
    let Some(place) = keys.sampler_place.filter(|_| !keys.sampler.is_ordered()) else {
        return;
    };
    if conditions.iter().any(|condition| condition.rule().is_some()) {
        let title =
            format!("the sampler `{}` cannot be used: a sequential test looks after every symbol", keys.sampler.name());
        let mistake = Diagnostic::new(title).at(place).help("draw every symbol: sampler = \"sequence\"");
        report.push(mistake.help("or test sequences of fixed length: [decide] in place of [stop]"));
        return;
    }
    if keys.sampler == SamplerKind::Tally {
        report_tally(keys, conditions, place, report);
    }
    let mut refused: Vec<(usize, Mistake)> = Vec::new();
    // Conditions of one pair are adjacent: the probabilities are examined once for each length.
    let mut fitting = std::collections::HashSet::new();
    for (index, condition) in conditions.iter().enumerate() {
        let Some(pair) = condition.sampled_pair() else { continue };
        let mistake = match pair.as_ref() {
            Pair::Symbols(pair) if keys.sampler == SamplerKind::Tally => {
                let probabilities = (pair.source_probabilities().as_ptr(), condition.n);
                if fitting.contains(&probabilities) {
                    continue;
                }
                let found = too_many_counts(pair, condition.n);
                if found.is_none() {
                    fitting.insert(probabilities);
                }
                found
            }
            Pair::Symbols(_) => None,
            Pair::Values(pair) => unsuited_to_values(keys.sampler, pair, condition.n),
            Pair::Chains(pair) => Some(unsuited_to_chains(keys.sampler, pair.source())),
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
    if keys.sampler == SamplerKind::Counts {
        report_unseen(keys, conditions, place, report);
    }
}

/// What is wrong, and what to write instead.
type Mistake = (String, Vec<&'static str>);

/// Reports an estimator that needs each value or symbol where the sampler draws sums or counts.
fn report_unseen(keys: &Keys, conditions: &[Condition], place: Place, report: &mut Report) {
    for Listed { estimator, place: listed } in &keys.estimators {
        let twin = estimator.program().and_then(|program| program.claims.same_as.as_ref()).map(|twin| &twin.reference);
        let needs_twin = |pair: &Pair, n: u64| {
            twin.is_some_and(|twin| twin.suits(pair, n).is_ok() && twin.scorer(pair, n).detail() == Detail::Sequence)
        };
        let needs =
            |&(pair, n): &(&Arc<Pair>, u64)| estimator.detail(pair, n) == Detail::Sequence || needs_twin(pair, n);
        let mut able = conditions.iter().filter_map(|condition| condition.sampled_pair().zip(Some(condition.n)));
        let Some((pair, _)) = able.find(needs) else { continue };
        let has_values = pair.values().is_some();
        let (what, drawn) =
            if has_values { ("value", "their sums") } else { ("symbol", "how often each symbol occurs") };
        let title = format!(
            "the estimator `{}` needs every {what} of {}, but the sampler `counts` draws only {drawn}",
            estimator.name(),
            shortened(&pair.source().to_string())
        );
        let at = listed.unwrap_or(place);
        let mistake = Diagnostic::new(title).at(at).context(place, "the sampler");
        let told_counts = estimator.program().filter(|_| !has_values);
        report.push(match told_counts {
            Some(_) => mistake
                .help("draw every symbol: sampler = \"sequence\"")
                .help("or send it the counts: input = \"counts\""),
            None => mistake.help(SEQUENCE),
        });
    }
}

const SEQUENCE: &str = "draw every value instead: sampler = \"sequence\"";

/// The reason why chains cannot be drawn with this sampler, and what to write instead.
fn unsuited_to_chains(sampler: SamplerKind, source: &Distribution) -> Mistake {
    let (sampler, source) = (sampler.name(), shortened(&source.to_string()));
    let title =
        format!("the sampler `{sampler}` cannot be used: the order of symbols matters in sequences from {source}");
    (title, vec!["draw every symbol instead: sampler = \"sequence\""])
}

/// The reason why trials of values cannot be drawn with this sampler, and what to write instead.
fn unsuited_to_values(sampler: SamplerKind, pair: &ValuePair, n: u64) -> Option<Mistake> {
    let [source, model] = [pair.source(), pair.model()].map(|side| shortened(&side.to_string()));
    let form = pair.form().filter(|form| form.has_known_sum());
    let reason = match (sampler, form) {
        (SamplerKind::Sequence, _) => return None,
        (SamplerKind::Tally, _) => {
            let title =
                format!("the sampler `tally` counts sequences by their symbol counts, but {source} has no symbols");
            let is_known = form.is_some_and(|form| form.sums_fit(n)) && pair.uncovered().is_none();
            let help = if is_known { "draw each sequence's sum instead: sampler = \"counts\"" } else { SEQUENCE };
            return Some((title, vec![help]));
        }
        (SamplerKind::Counts, None) => {
            format!("the log ratio of {source} against {model} is not a function of a sum with a known distribution")
        }
        (SamplerKind::Counts, Some(_)) if pair.uncovered().is_some() => {
            format!("{source} has values that are impossible under {model}, which a sum does not show")
        }
        (SamplerKind::Counts, Some(form)) if !form.sums_fit(n) => {
            format!("sums over N = {} values of {source} are too large to draw", grouped(n.into()))
        }
        (SamplerKind::Counts, Some(_)) => return None,
    };
    Some((format!("the sampler `{}` cannot be used: {reason}", sampler.name()), vec![SEQUENCE]))
}

/// Reports keys that need each trial, which a tally does not have.
fn report_tally(keys: &Keys, conditions: &[Condition], place: Place, report: &mut Report) {
    if let (Record::Csv, Some(record)) = (keys.record, keys.record_place) {
        let title = "the sampler `tally` draws all trials together, so there is no estimate of each trial to record";
        report.push(Diagnostic::new(title).at(record).context(place, "the sampler").help(COUNTS));
    }
    let needs_samples =
        |listed: &&Listed| conditions.iter().any(|found| listed.estimator.model_draws(found.n).is_some());
    if let Some(listed) = keys.estimators.iter().find(needs_samples) {
        let title = format!(
            "the sampler `tally` draws all trials together, but the estimator `{}` needs a sample from Q for each trial",
            listed.estimator.name()
        );
        report
            .push(Diagnostic::new(title).at(listed.place.unwrap_or(place)).context(place, "the sampler").help(COUNTS));
    }
    if let Some(listed) = keys.estimators.iter().find(|listed| listed.estimator.program().is_some()) {
        let title = format!(
            "the sampler `tally` draws all trials together, but the estimator `{}` is asked about each trial",
            listed.estimator.name()
        );
        report
            .push(Diagnostic::new(title).at(listed.place.unwrap_or(place)).context(place, "the sampler").help(COUNTS));
    }
}

/// The mistake of too many symbol counts for memory and time, if it is one.
fn too_many_counts(pair: &SymbolPair, n: u64) -> Option<Mistake> {
    let vectors = count_vectors(pair.source_probabilities(), n);
    if vectors <= MAX_TALLIED {
        return None;
    }
    let title = format!(
        "the sampler `tally` lists at most {} symbol counts, but sequences of N = {} from {} have about {}",
        grouped(MAX_TALLIED),
        grouped(n.into()),
        shortened(&pair.source().to_string()),
        if vectors < 1_000_000_000 { grouped(vectors) } else { format!("{:.0e}", vectors as f64) }
    );
    Some((title, vec![COUNTS, "or use shorter sequences"]))
}

const COUNTS: &str = "draw each trial's counts instead: sampler = \"counts\"";

/// The start of a long name.
fn shortened(name: &str) -> String {
    const SHOWN: usize = 60;
    let start: String = name.chars().take(SHOWN).collect();
    if start.len() < name.len() { start + "…" } else { start }
}
