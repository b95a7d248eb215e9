//! Whether the sampler can do what the rest of the spec asks for.

use super::conditions::grouped;
use super::diagnostic::{Diagnostic, Report};
use super::keys::Spec;
use crate::law::count_vectors;
use crate::plan::{Condition, MAX_TALLIED, Record, SamplerKind};

/// Reports what a tally cannot do: keep each trial, or list more symbol counts than memory and time have room for.
pub(super) fn report_unsuitable(spec: &Spec, conditions: &[Condition], report: &mut Report) {
    let (SamplerKind::Tally, Some(place)) = (spec.sampler, spec.sampler_place) else {
        return;
    };
    const COUNTS: &str = "draw each trial's counts instead: sampler = \"counts\"";
    if let (Record::Csv, Some(record)) = (spec.record, spec.record_place) {
        let title = "the sampler `tally` draws all trials at once, and there is no estimate of each to record";
        report.push(Diagnostic::new(title).at(record).context(place, "the sampler").help(COUNTS));
    }
    // Conditions of one pair stand together: the masses are looked at once for each length.
    let mut fitting = std::collections::HashSet::new();
    for condition in conditions {
        let masses = condition.pair.source_masses();
        if !fitting.insert((masses.as_ptr(), condition.n)) {
            continue;
        }
        let vectors = count_vectors(masses, condition.n);
        if vectors > MAX_TALLIED {
            let title = format!(
                "the sampler `tally` lists at most {} symbol counts, and sequences of N = {} from {} have about {}",
                grouped(MAX_TALLIED),
                grouped(condition.n.into()),
                shortened(&condition.pair.source().to_string()),
                if vectors < 1_000_000_000 { grouped(vectors) } else { format!("{:.0e}", vectors as f64) }
            );
            report.push(Diagnostic::new(title).at(place).help(COUNTS).help("or take shorter sequences"));
            return;
        }
    }
}

/// The start of a long name.
fn shortened(name: &str) -> String {
    const SHOWN: usize = 60;
    let start: String = name.chars().take(SHOWN).collect();
    if start.len() < name.len() { start + "…" } else { start }
}
