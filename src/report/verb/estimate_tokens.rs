//! Estimates from training logs.

use super::estimate::{bias_order, interval, lack, method, percent};
use crate::report::{Align, Cell, ErrorStyle, Table, Value, counted, grouped, json_number, printable, significant};
use kl_math::numeric::shortest_real;
use kl_math::statistics::Unit;
use kl_sim::data::{Lack, Level, TokenEstimate, TokenStudy, Weighting};
use kl_sim::estimator::BiasOrder;
use serde_json::{Value as Json, json};
use std::fmt;

/// The output of `runner estimate` for a training log.
#[derive(Clone, Debug)]
pub struct TokenReport {
    /// The file.
    pub file: String,
    /// The columns of ln p, ln q and maybe ln s.
    pub columns: Vec<String>,
    /// The column that names sequences.
    pub sequence_column: Option<String>,
    /// The level of the intervals.
    pub level: f64,
    /// The estimates.
    pub study: TokenStudy,
    /// What a reader should beware of.
    pub warnings: Vec<String>,
}

/// Below this part of the sequences the weights leave few of them.
const FEW: f64 = 0.1;

/// With fewer sequences standard errors are themselves uncertain.
const FEW_SEQUENCES: u64 = 20;

impl TokenReport {
    /// Warns of numbers above 0, which are no log-probabilities.
    pub fn warn_of_positive(&mut self, count: u64) {
        if count > 0 {
            self.warnings.push(format!(
                "{} above 0: log-probabilities of symbols are at most 0, so these may be −ln p, or densities",
                if count == 1 { "1 number is".to_owned() } else { format!("{} numbers are", grouped(count)) }
            ));
        }
    }

    /// Warns of few sequences, and of weights that leave few of them.
    pub fn warn(&mut self) {
        let [_, sequences] = self.study.sizes;
        if sequences < FEW_SEQUENCES {
            let count = counted(sequences, "sequence");
            self.warnings.push(format!("{count} only: standard errors over sequences are uncertain themselves"));
        }
        if let Some([_, effective]) = self.study.effective
            && effective < FEW * sequences as f64
        {
            self.warnings.push(format!(
                "the weights of {} leave an effective sample of {}: their products are dominated by few",
                counted(sequences, "sequence"),
                significant(effective, 3)
            ));
        }
        let is_infinite = |one: &TokenEstimate| one.found.lack == Some(Lack::Infinite);
        if self.study.ruled_out > 0 {
            let tokens = counted(self.study.ruled_out, "token");
            self.warnings.push(format!("Q gives no probability to {tokens}: KL(P‖Q) is infinite"));
        } else if self.study.estimates.iter().any(is_infinite) {
            self.warnings.push("some weights, or values of k3, are beyond the largest double".to_owned());
        }
    }

    /// A row for each estimate.
    pub fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record([
            "level",
            "weights",
            "estimator",
            "estimate_nats",
            "estimate_bits",
            "std_error_nats",
            "low_nats",
            "high_nats",
            "bias_order",
            "missing",
        ])?;
        let number = |value: Option<f64>| value.map(shortest_real).unwrap_or_default();
        for TokenEstimate { level, weighting, found } in &self.study.estimates {
            writer.write_record([
                level_name(*level).to_owned(),
                weighting_name(*weighting).to_owned(),
                found.estimator.clone(),
                number(found.estimate),
                number(found.estimate.map(|nats| Unit::Bits.of_nats(nats))),
                number(found.std_error),
                number(found.interval.map(|[low, _]| low)),
                number(found.interval.map(|[_, high]| high)),
                bias_order(found.bias_order).to_owned(),
                found.lack.map(lack).unwrap_or_default().to_owned(),
            ])?;
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Json {
        let both = |nats: f64| json!({ "nats": json_number(nats), "bits": json_number(Unit::Bits.of_nats(nats)) });
        let row = |TokenEstimate { level, weighting, found }: &TokenEstimate| {
            json!({
                "level": level_name(*level),
                "weights": weighting_name(*weighting),
                "estimator": found.estimator,
                "estimate": found.estimate.map(both),
                "std_error": found.std_error.map(both),
                "std_error_by": found.method.map(method),
                "interval": found.interval.map(|[low, high]| json!({ "low": both(low), "high": both(high) })),
                "bias_order": bias_order(found.bias_order),
                "missing": found.lack.map(lack),
            })
        };
        let effective = |[tokens, sequences]: [f64; 2]| json!({ "tokens": tokens, "sequences": sequences });
        json!({
            "schema": "kl-runner/estimate-tokens/1",
            "file": self.file,
            "columns": self.columns,
            "sequence_column": self.sequence_column,
            "tokens": self.study.sizes[0],
            "sequences": self.study.sizes[1],
            "level": self.level,
            "effective_sample": self.study.effective.map(effective),
            "estimates": self.study.estimates.iter().map(row).collect::<Vec<_>>(),
            "warnings": self.warnings,
        })
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.column("mean over", Align::Left);
        table.column("weights", Align::Left);
        table.column("k", Align::Left);
        table.column("nats", Align::Right);
        table.column("bits", Align::Right);
        table.column(format!("{} interval", percent(self.level)), Align::Right);
        table.column("bias", Align::Left);
        for TokenEstimate { level, weighting, found } in &self.study.estimates {
            let value = |value: f64| Value::Estimate { value, error: found.std_error, style: ErrorStyle::PlusMinus };
            table.row(vec![
                level_words(*level).into(),
                weighting_name(*weighting).replace('_', "-").into(),
                found.estimator.as_str().into(),
                found.estimate.map_or_else(|| "none".into(), |estimate| Cell::from(value(estimate))),
                found.estimate.map(|nats| significant(Unit::Bits.of_nats(nats), 3)).unwrap_or_default().into(),
                interval(found).into(),
                bias_order(found.bias_order).into(),
            ]);
        }
        table
    }
}

impl fmt::Display for TokenReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [tokens, sequences] = self.study.sizes;
        write!(out, "{}: {}", printable(&self.file), counted(tokens, "token"))?;
        match &self.sequence_column {
            Some(column) => writeln!(out, " in {}, by {}", counted(sequences, "sequence"), printable(column))?,
            None => writeln!(out, ", each a sequence of its own (else: --sequence-column)")?,
        }
        if let Some([of_tokens, of_sequences]) = self.study.effective {
            writeln!(
                out,
                "effective sample: {} tokens, {} sequences",
                significant(of_tokens, 4),
                significant(of_sequences, 4)
            )?;
        }
        writeln!(out)?;
        fmt::Display::fmt(&self.table(), out)?;
        let estimates = &self.study.estimates;
        let has = |order| estimates.iter().any(|one| one.found.bias_order == order);
        writeln!(
            out,
            "\ntoken: nats per token; sum and sequence: nats per sequence; standard errors are over sequences"
        )?;
        if has(BiasOrder::First) {
            writeln!(out, "bias 1/N: it falls with the number of sequences")?;
        }
        if has(BiasOrder::Lasting) {
            writeln!(
                out,
                "bias lasting: more data do not remove it{}",
                if self.study.effective.is_some() { " (k2, and tokens whose prefixes S wrote)" } else { " (k2)" }
            )?;
        }
        Ok(())
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Token => "token",
        Level::Sum => "sum",
        Level::Sequence => "sequence",
    }
}

fn level_words(level: Level) -> &'static str {
    match level {
        Level::Token => "tokens",
        Level::Sum => "sums of tokens",
        Level::Sequence => "sequences",
    }
}

fn weighting_name(weighting: Weighting) -> &'static str {
    match weighting {
        Weighting::None => "none",
        Weighting::Importance => "importance",
        Weighting::SelfNormalised => "self_normalised",
    }
}
