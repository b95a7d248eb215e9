//! Scored sequences: the derivation of one, a row each of many.

use super::{json_number, printable, signed, significant};
use crate::estimator::{SequenceScore, SequenceScorer};
use crate::statistics::Unit;
use serde_json::{Value, json};
use std::fmt;

/// The derivation of one sequence's estimate, step by step.
pub struct Derivation<'a> {
    /// The sequence's first symbols.
    pub start: &'a str,
    /// The names of the symbols.
    pub symbols: &'a [String],
    /// P's probability of each symbol, and Q's.
    pub masses: [&'a [crate::numeric::DoubleDouble]; 2],
    /// What theory expects.
    pub scorer: &'a SequenceScorer<'a>,
    /// The score.
    pub score: &'a SequenceScore,
}

/// So many symbols are written out.
const WRITTEN_OUT: usize = 8;

impl Derivation<'_> {
    /// `4·ln 0.5 + 2·ln 0.5`, or nothing where there are too many symbols.
    fn sum(&self, masses: &[crate::numeric::DoubleDouble]) -> String {
        let terms: Vec<String> = (self.score.counts.iter().zip(masses))
            .filter(|&(&count, _)| count > 0)
            .map(|(count, mass)| format!("{count}·ln {}", significant(mass.to_f64(), 4)))
            .collect();
        if terms.len() > WRITTEN_OUT { String::new() } else { format!(" = {}", terms.join(" + ")) }
    }

    fn counts(&self) -> String {
        let seen = self.symbols.iter().zip(&self.score.counts).filter(|&(_, &count)| count > 0);
        let mut shown: Vec<String> = seen.map(|(symbol, count)| format!("{} {count}", printable(symbol))).collect();
        if shown.len() > WRITTEN_OUT {
            let more = shown.len() - WRITTEN_OUT;
            shown.truncate(WRITTEN_OUT);
            shown.push(format!("and {more} more symbols"));
        }
        shown.join(", ")
    }
}

impl fmt::Display for Derivation<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let score = self.score;
        let number = |value: f64| significant(value, 6);
        writeln!(out, "sequence            {}   (N = {})", printable(self.start), super::grouped(score.length))?;
        writeln!(out, "counts              {}", self.counts())?;
        writeln!(out, "ln P(seq)           {}{}", number(score.log_source), self.sum(self.masses[0]))?;
        writeln!(out, "ln Q(seq)           {}{}", number(score.log_model), self.sum(self.masses[1]))?;
        let (Some(log_ratio), Some(estimate)) = (score.log_ratio, score.estimate) else {
            return writeln!(out, "P(seq)/Q(seq)       does not exist: P and Q both rule the sequence out");
        };
        writeln!(out, "P(seq)/Q(seq)       {}", ratio(log_ratio))?;
        writeln!(out, "its logarithm       {} nats", signed(log_ratio))?;
        let bits = signed(Unit::Bits.of_nats(estimate));
        writeln!(out, "divided by N        {} nats ({bits} bits) a symbol", signed(estimate))?;
        let distance = |z: Option<f64>| match z {
            Some(z) if z.abs() < 1e-9 => "L is just that".to_owned(),
            Some(z) if z < 0.0 => format!("L is {} standard errors below", significant(-z, 3)),
            Some(z) => format!("L is {} standard errors above", significant(z, 3)),
            None if estimate.is_infinite() => {
                "such a sequence is impossible then, or proves the other wrong".to_owned()
            }
            None => "no distance in standard errors can be given".to_owned(),
        };
        let (if_p, if_q) = (self.scorer.if_source, self.scorer.if_model);
        writeln!(
            out,
            "if P is true        L has mean KL(P‖Q) = {}: {}",
            number(if_p.mean),
            distance(score.z_if_source)
        )?;
        writeln!(
            out,
            "if Q is true        L has mean −KL(Q‖P) = {}: {}",
            number(if_q.mean),
            distance(score.z_if_model)
        )?;
        writeln!(out, "so it speaks        for {}", spoken_for(score.estimate))
    }
}

/// Which of the two an estimate speaks for.
fn spoken_for(estimate: Option<f64>) -> &'static str {
    match estimate {
        Some(estimate) if estimate > 0.0 => "P",
        Some(estimate) if estimate < 0.0 => "Q",
        _ => "neither",
    }
}

/// e^x in a form that people can read, however large.
fn ratio(log_ratio: f64) -> String {
    let value = libm::exp(log_ratio);
    if log_ratio.is_infinite() || (value.is_finite() && value > 0.0) {
        return significant(value, 6);
    }
    let decimal = log_ratio / std::f64::consts::LN_10;
    let exponent = decimal.floor();
    format!("{}e{exponent}", significant(libm::exp10(decimal - exponent), 3))
}

/// One row of many: columns of fixed width, so that rows can come one by one.
pub struct ScoreRow<'a> {
    /// The line number, or `total`.
    pub name: String,
    /// The score; none where the line could not be read.
    pub score: Option<&'a SequenceScore>,
}

/// The header of [`ScoreRow`]s.
pub const SCORE_HEADER: &str = "    line               N    L in nats    z if P    z if Q  speaks for\n";

impl fmt::Display for ScoreRow<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(score) = self.score else {
            return writeln!(out, "{:>8}  not read", self.name);
        };
        let z = |z: Option<f64>| z.map_or_else(|| "–".to_owned(), |z| super::fixed(z, 2));
        writeln!(
            out,
            "{:>8} {:>15} {:>12} {:>9} {:>9}  {}",
            self.name,
            super::grouped(score.length),
            score.estimate.map_or_else(|| "–".to_owned(), signed),
            z(score.z_if_source),
            z(score.z_if_model),
            spoken_for(score.estimate)
        )
    }
}

/// A score for programs; the schema is in `docs/json.md`.
pub fn score_json(line: Option<u64>, symbols: &[String], score: &SequenceScore) -> Value {
    let counts: serde_json::Map<String, Value> =
        symbols.iter().cloned().zip(score.counts.iter().map(|&count| count.into())).collect();
    json!({
        "schema": "kl-runner/score/1",
        "line": line,
        "n": score.length,
        "counts": counts,
        "log_p": json_number(score.log_source),
        "log_q": json_number(score.log_model),
        "log_ratio": score.log_ratio.map(json_number),
        "estimate": score.estimate.map(|nats| json!({
            "nats": json_number(nats),
            "bits": json_number(Unit::Bits.of_nats(nats)),
        })),
        "z_if_p": score.z_if_source,
        "z_if_q": score.z_if_model,
    })
}
