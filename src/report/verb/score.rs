//! Scored sequences: the derivation of one, or a row for each of many.

use crate::report::{fixed, grouped, json_number, printable, signed, significant};
use kl_math::distribution::Pair;
use kl_math::numeric::DoubleDouble;
use kl_math::statistics::Unit;
use kl_sim::estimator::{Seen, SequenceScore};
use serde_json::{Value, json};
use std::fmt;

/// The derivation of one sequence's estimate, step by step.
pub struct Derivation<'a> {
    /// How the sequence begins.
    pub start: &'a str,
    /// P and Q.
    pub pair: &'a Pair,
    /// The score.
    pub score: &'a SequenceScore,
}

/// At most this many symbols, transitions or coordinates are written out.
const WRITTEN_OUT: usize = 8;

/// Counts of events in a sequence, with the probability of each under P and Q.
struct Counted<'a> {
    counts: &'a [u64],
    probabilities: [Vec<f64>; 2],
}

impl<'a> Counted<'a> {
    /// The counts of symbols or transitions; none for values.
    fn of(pair: &Pair, seen: &'a Seen) -> Option<Self> {
        let plain = |probabilities: &[DoubleDouble]| probabilities.iter().map(|mass| mass.to_f64()).collect();
        match (seen, pair) {
            (Seen::Symbols(counts), Pair::Symbols(pair)) => Some(Self {
                counts,
                probabilities: [plain(pair.source_probabilities()), plain(pair.model_probabilities())],
            }),
            (Seen::Events(counts), Pair::Chains(pair)) => {
                let chains = pair.chains();
                Some(Self { counts, probabilities: [chains.source_events().to_vec(), chains.model_events().to_vec()] })
            }
            _ => None,
        }
    }

    /// ` = 4·ln 0.5 + 2·ln 0.5`, or nothing where there are too many terms.
    fn sum(&self, side: usize) -> String {
        let terms: Vec<String> = (self.counts.iter().zip(&self.probabilities[side]))
            .filter(|&(&count, _)| count > 0)
            .map(|(count, mass)| format!("{count}·ln {}", significant(*mass, 4)))
            .collect();
        if terms.len() > WRITTEN_OUT { String::new() } else { format!(" = {}", terms.join(" + ")) }
    }
}

/// `H 4, T 2`, and the number of those left out.
fn listed(counts: &[u64], name: impl Fn(usize) -> String, noun: &str) -> String {
    let seen = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
    let mut shown: Vec<String> = seen.map(|(place, count)| format!("{} {count}", name(place))).collect();
    if shown.len() > WRITTEN_OUT {
        let more = shown.len() - WRITTEN_OUT;
        shown.truncate(WRITTEN_OUT);
        shown.push(format!("and {more} more {noun}"));
    }
    shown.join(", ")
}

/// One number, or a vector of them.
fn coordinates(values: &[f64]) -> String {
    let mut shown: Vec<String> = values.iter().take(WRITTEN_OUT).map(|&value| significant(value, 6)).collect();
    if values.len() > WRITTEN_OUT {
        shown.push("…".to_owned());
    }
    if values.len() == 1 { shown.concat() } else { format!("({})", shown.join(", ")) }
}

impl Derivation<'_> {
    /// The contents of the sequence: a label and a text for each line.
    fn contents(&self) -> Vec<(&'static str, String)> {
        match &self.score.seen {
            Seen::Symbols(counts) => {
                vec![("counts", listed(counts, |place| printable(&names(self.pair)[place]), "symbols"))]
            }
            Seen::Events(events) => {
                let states = names(self.pair);
                let (first, transitions) = events.split_at(states.len().min(events.len()));
                let step = |place: usize| {
                    let (from, to) = (&states[place / states.len()], &states[place % states.len()]);
                    format!("{}→{}", printable(from), printable(to))
                };
                let starts = first.iter().zip(states).filter(|&(&count, _)| count > 0);
                let mut contents = vec![("first symbol", starts.map(|(_, state)| printable(state)).collect())];
                if self.score.length > 1 {
                    contents.push(("transitions", listed(transitions, step, "transitions")));
                }
                contents
            }
            Seen::Values(range) => {
                let [smallest, mean, largest] =
                    [&range.smallest, &range.mean, &range.largest].map(|values| coordinates(values));
                vec![("values", format!("smallest {smallest}, mean {mean}, largest {largest}"))]
            }
        }
    }

    /// The noun for an item, and the suffix of the mean of L.
    fn words(&self) -> (&'static str, &'static str) {
        match self.score.seen {
            Seen::Symbols(_) => ("symbol", ""),
            Seen::Events(_) => ("symbol", "/N"),
            Seen::Values(_) => ("value", ""),
        }
    }
}

/// The names of the symbols or states, in P's order.
fn names(pair: &Pair) -> &[String] {
    match pair {
        Pair::Symbols(pair) => pair.symbols(),
        Pair::Values(_) => &[],
        Pair::Chains(pair) => pair.states(),
    }
}

impl fmt::Display for Derivation<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let score = self.score;
        let number = |value: f64| significant(value, 6);
        writeln!(out, "sequence            {}   (N = {})", printable(self.start), grouped(score.length))?;
        for (label, text) in self.contents() {
            writeln!(out, "{label:<20}{text}")?;
        }
        let counted = Counted::of(self.pair, &score.seen);
        let sum = |side: usize| counted.as_ref().map_or_else(String::new, |counted| counted.sum(side));
        let (item, per) = self.words();
        writeln!(out, "ln P(seq)           {}{}", number(score.log_source), sum(0))?;
        writeln!(out, "ln Q(seq)           {}{}", number(score.log_model), sum(1))?;
        let (Some(log_ratio), Some(estimate)) = (score.log_ratio, score.estimate) else {
            return writeln!(
                out,
                "P(seq)/Q(seq)       does not exist: the sequence has probability 0 under both P and Q"
            );
        };
        writeln!(out, "P(seq)/Q(seq)       {}", ratio(log_ratio))?;
        writeln!(out, "its logarithm       {} nats", signed(log_ratio))?;
        let bits = signed(Unit::Bits.of_nats(estimate));
        writeln!(out, "divided by N        {} nats ({bits} bits) per {item}", signed(estimate))?;
        let distance = |z: Option<f64>| match z {
            Some(z) if z.abs() < 1e-9 => "L is equal to that".to_owned(),
            Some(z) if z < 0.0 => format!("L is {} standard errors below", significant(-z, 3)),
            Some(z) => format!("L is {} standard errors above", significant(z, 3)),
            None if estimate.is_infinite() => "the sequence has probability 0 under P or Q".to_owned(),
            None => "no distance in standard errors can be given".to_owned(),
        };
        let known = |mean: Option<f64>| mean.map_or_else(|| "unknown".to_owned(), number);
        let (if_p, if_q) = (known(score.if_source.mean), known(score.if_model.mean));
        let (from_p, from_q) = (distance(score.z_if_source()), distance(score.z_if_model()));
        writeln!(out, "if P is true        L has mean KL(P‖Q){per} = {if_p}: {from_p}")?;
        writeln!(out, "if Q is true        L has mean −KL(Q‖P){per} = {if_q}: {from_q}")?;
        writeln!(out, "the sequence favours {}", favoured(score.estimate))
    }
}

/// The distribution that an estimate favours.
fn favoured(estimate: Option<f64>) -> &'static str {
    match estimate {
        Some(estimate) if estimate > 0.0 => "P",
        Some(estimate) if estimate < 0.0 => "Q",
        _ => "neither",
    }
}

/// e^x in a readable form, however large.
pub(super) fn ratio(log_ratio: f64) -> String {
    let value = libm::exp(log_ratio);
    if log_ratio.is_infinite() || (value.is_finite() && value > 0.0) {
        return significant(value, 6);
    }
    let decimal = log_ratio / std::f64::consts::LN_10;
    let exponent = decimal.floor();
    format!("{}e{exponent}", significant(libm::exp10(decimal - exponent), 3))
}

/// A row of a table of fixed column widths, so that rows can be printed one by one.
pub struct ScoreRow<'a> {
    /// The line number, or `total`.
    pub name: String,
    /// The score; none if the line could not be read.
    pub score: Option<&'a SequenceScore>,
}

/// The header of [`ScoreRow`]s.
pub const SCORE_HEADER: &str = "   line            N    L in nats    z if P    z if Q  favours\n";

impl fmt::Display for ScoreRow<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(score) = self.score else {
            return writeln!(out, "{:>7}  not read", self.name);
        };
        let z = |z: Option<f64>| z.map_or_else(|| "–".to_owned(), |z| fixed(z, 2));
        writeln!(
            out,
            "{:>7} {:>12} {:>12} {:>9} {:>9}  {}",
            self.name,
            grouped(score.length),
            score.estimate.map_or_else(|| "–".to_owned(), signed),
            z(score.z_if_source()),
            z(score.z_if_model()),
            favoured(score.estimate)
        )
    }
}

/// The JSON document of a score; its schema is in `docs/json.md`.
pub fn score_json(line: Option<u64>, pair: &Pair, score: &SequenceScore) -> Value {
    let mut json = json!({
        "schema": "kl-runner/score/1",
        "line": line,
        "n": score.length,
        "counts": null,
        "log_p": json_number(score.log_source),
        "log_q": json_number(score.log_model),
        "log_ratio": score.log_ratio.map(json_number),
        "estimate": score.estimate.map(|nats| json!({
            "nats": json_number(nats),
            "bits": json_number(Unit::Bits.of_nats(nats)),
        })),
        "z_if_p": score.z_if_source(),
        "z_if_q": score.z_if_model(),
    });
    match &score.seen {
        Seen::Symbols(counts) => json["counts"] = by_name(names(pair), counts),
        Seen::Events(events) => {
            let states = names(pair);
            let (first, transitions) = events.split_at(states.len().min(events.len()));
            let rows = || transitions.chunks_exact(states.len().max(1));
            // A symbol occurs at the start, or after another.
            let counts: Vec<u64> =
                first.iter().enumerate().map(|(to, n)| n + rows().map(|row| row[to]).sum::<u64>()).collect();
            json["counts"] = by_name(states, &counts);
            json["first"] = by_name(states, first);
            json["transitions"] = states.iter().cloned().zip(rows().map(|row| by_name(states, row))).collect();
        }
        Seen::Values(range) => {
            let numbers = |values: &[f64]| values.iter().copied().map(json_number).collect::<Vec<Value>>();
            json["values"] = json!({
                "smallest": numbers(&range.smallest),
                "mean": numbers(&range.mean),
                "largest": numbers(&range.largest),
            });
        }
    }
    json
}

fn by_name(names: &[String], counts: &[u64]) -> Value {
    names.iter().cloned().zip(counts.iter().map(|&count| Value::from(count))).collect()
}
