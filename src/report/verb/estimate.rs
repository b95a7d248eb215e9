//! Estimates from one's own data.

use crate::record::Label;
use crate::report::{
    Align, Cell, ErrorStyle, Table, Value, counted, fixed, grouped, json_number, p_value, printable, significant,
    with_error,
};
use kl_math::numeric::shortest_real;
use kl_math::statistics::Unit;
use kl_sim::data::{DataEstimate, EqualityTest, ErrorMethod, Lack, Resampling};
use kl_sim::estimator::BiasOrder;
use serde_json::{Value as Json, json};
use std::fmt;

/// What the data are.
#[derive(Clone, Debug)]
pub struct GivenData {
    /// Files and columns, in words.
    pub title: String,
    /// Q, if it is known.
    pub model: Option<String>,
    /// The number of values from P, and from Q if it is known by a sample.
    pub sizes: (u64, Option<u64>),
    /// The size of the alphabet.
    pub symbols: Option<usize>,
    /// The number of coordinates of a value.
    pub dimensions: Option<usize>,
    /// The number of different symbols that were seen from P.
    pub seen: Option<usize>,
}

/// The output of `runner estimate`.
#[derive(Clone, Debug)]
pub struct EstimateReport {
    /// What the data are.
    pub data: GivenData,
    /// The level of the intervals.
    pub level: f64,
    /// How data were drawn again.
    pub resampling: Resampling,
    /// The test of P = Q.
    pub equality: Option<EqualityTest>,
    /// Mean and standard deviation of the log ratio, if P and Q are known.
    pub expected: Option<(f64, Option<f64>)>,
    /// The estimates.
    pub estimates: Vec<DataEstimate>,
    /// What was assumed and left out.
    pub notes: Vec<String>,
    /// What a reader should beware of.
    pub warnings: Vec<String>,
}

impl EstimateReport {
    /// Warns if there are fewer values than symbols.
    pub fn warn_of_size(&mut self) {
        let (n, m) = self.data.sizes;
        let symbols = self.data.symbols.unwrap_or(0) as u64;
        let samples = [("P", Some(n)), ("Q", m)];
        for (side, size) in samples.into_iter().filter_map(|(side, size)| Some((side, size?))) {
            if size < symbols {
                let (size, symbols) = (grouped(size), grouped(symbols));
                let text = format!("{size} values from {side} are fewer than the {symbols} symbols: biases are large");
                self.warnings.push(text);
            }
        }
    }

    /// Warns of estimates whose bias is larger than their standard error.
    pub fn warn_of_bias(&mut self) {
        let is_large = |found: &&DataEstimate| {
            found.bias.zip(found.std_error).is_some_and(|(bias, std_error)| bias.abs() > std_error)
        };
        let names: Vec<&str> = self.estimates.iter().filter(is_large).map(|found| found.estimator.as_str()).collect();
        if !names.is_empty() {
            self.warnings.push(format!("the bias is larger than the standard error of {}", names.join(", ")));
        }
    }

    /// Warns of values from P that are the same as another one from P, or as one from Q.
    pub fn warn_of_twins(&mut self, of_source: u64, of_model: u64) {
        let n = grouped(self.data.sizes.0);
        let fails = self.estimates.iter().any(|found| found.lack == Some(Lack::Coincide));
        let advice = if fails { "; take a larger --k, or --symbols if the values are few" } else { "" };
        for (count, what) in [(of_source, "another one"), (of_model, "one from Q")] {
            if count > 0 {
                self.warnings.push(format!(
                    "{} of {n} values from P are the same as {what}: nearest neighbours are for values that do not \
                     repeat{advice}",
                    grouped(count)
                ));
            }
        }
    }

    /// A row for each estimator.
    pub fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record([
            "estimator",
            "estimate_nats",
            "estimate_bits",
            "std_error_nats",
            "std_error_by",
            "low_nats",
            "high_nats",
            "bias_nats",
            "bias_order",
            "missing",
        ])?;
        let number = |value: Option<f64>| value.map(shortest_real).unwrap_or_default();
        for found in &self.estimates {
            writer.write_record([
                found.estimator.clone(),
                number(found.estimate),
                number(found.estimate.map(|nats| Unit::Bits.of_nats(nats))),
                number(found.std_error),
                found.method.map(method).unwrap_or_default().to_owned(),
                number(found.interval.map(|[low, _]| low)),
                number(found.interval.map(|[_, high]| high)),
                number(found.bias),
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
        let row = |found: &DataEstimate| {
            json!({
                "estimator": found.estimator,
                "estimate": found.estimate.map(both),
                "std_error": found.std_error.map(both),
                "std_error_by": found.method.map(method),
                "interval": found.interval.map(|[low, high]| json!({ "low": both(low), "high": both(high) })),
                "bias": found.bias.map(both),
                "bias_order": bias_order(found.bias_order),
                "missing": found.lack.map(lack),
            })
        };
        let equality = |test: &EqualityTest| {
            json!({
                "statistic": json_number(test.statistic),
                "degrees": test.degrees,
                "p_value": test.p_value,
            })
        };
        let expected =
            |(mean, std_dev): (f64, Option<f64>)| json!({ "mean": both(mean), "std_dev": std_dev.map(both) });
        json!({
            "schema": "kl-runner/estimate/1",
            "data": self.data.title,
            "q": self.data.model,
            "n": self.data.sizes.0,
            "m": self.data.sizes.1,
            "symbols": self.data.symbols,
            "symbols_seen": self.data.seen,
            "dimensions": self.data.dimensions,
            "level": self.level,
            "seed": self.resampling.seed,
            "resamples": self.resampling.resamples,
            "equality": self.equality.as_ref().map(equality),
            "expected": self.expected.map(expected),
            "estimates": self.estimates.iter().map(row).collect::<Vec<_>>(),
            "notes": self.notes,
            "warnings": self.warnings,
        })
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.column("estimator", Align::Left);
        table.column("nats", Align::Right);
        table.column("bits", Align::Right);
        table.column(format!("{} interval", percent(self.level)), Align::Right);
        table.column("bias", Align::Right);
        table.column("error by", Align::Left);
        for found in &self.estimates {
            let value = |value: f64| Value::Estimate { value, error: found.std_error, style: ErrorStyle::PlusMinus };
            let bits = found.estimate.map(|nats| significant(Unit::Bits.of_nats(nats), 3));
            let bias = match found.bias {
                Some(bias) => significant(bias, 2),
                None => bias_order(found.bias_order).to_owned(),
            };
            let by = found.method.map(method).or(found.lack.map(lack)).unwrap_or_default();
            table.row(vec![
                found.estimator.as_str().into(),
                found.estimate.map_or_else(|| "none".into(), |estimate| Cell::from(value(estimate))),
                bits.unwrap_or_default().into(),
                interval(found).into(),
                bias.into(),
                by.into(),
            ]);
        }
        table
    }
}

impl fmt::Display for EstimateReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, m) = self.data.sizes;
        write!(out, "{}: {} from P", printable(&self.data.title), counted(n, "value"))?;
        match (&self.data.model, m) {
            (Some(model), _) => write!(out, ", Q = {}", printable(Label::new(model).shown()))?,
            (None, Some(m)) => write!(out, ", {} from Q", grouped(m))?,
            (None, None) => {}
        }
        writeln!(out)?;
        if let (Some(symbols), Some(seen)) = (self.data.symbols, self.data.seen) {
            writeln!(out, "{}, {} of them seen from P", counted(symbols as u64, "symbol"), grouped(seen as u64))?;
        }
        if let Some(test) = &self.equality {
            writeln!(
                out,
                "if P = Q, G ≥ {} has probability {} (χ², {} of freedom)",
                significant(test.statistic, 4),
                p_value(test.p_value),
                counted(test.degrees as u64, "degree")
            )?;
        }
        if let Some((mean, std_dev)) = self.expected {
            let spread = std_dev.map(|std_dev| format!(" and standard deviation {}", significant(std_dev, 3)));
            writeln!(
                out,
                "if --p and --q are true, log_ratio has mean KL(P‖Q) = {}{}",
                significant(mean, 6),
                spread.unwrap_or_default()
            )?;
        }
        writeln!(out)?;
        fmt::Display::fmt(&self.table(), out)?;
        let mut notes: Vec<String> = self.notes.iter().map(|note| printable(note)).collect();
        if self.estimates.iter().any(|found| found.method == Some(ErrorMethod::Bootstrap)) {
            let Resampling { seed, resamples, .. } = self.resampling;
            notes.push(format!("bootstrap: {} resamples, seed {seed}", grouped(resamples)));
        }
        if !notes.is_empty() {
            writeln!(out)?;
        }
        notes.iter().try_for_each(|note| writeln!(out, "{note}"))
    }
}

/// The interval in words.
pub(super) fn interval(found: &DataEstimate) -> String {
    match found.interval {
        None if found.lack == Some(Lack::BelowZero) => lack(Lack::BelowZero).to_owned(),
        limits_of => limits_of.map(|ends| limits(ends, found.std_error)).unwrap_or_default(),
    }
}

/// Both limits to the decimals of the standard error, and two digits of the upper one at least; without an error to the decimals of the
/// upper one, which has three digits.
fn limits([low, high]: [f64; 2], std_error: Option<f64>) -> String {
    if let Some(error) = std_error.filter(|error| *error > 0.0 && high > 0.0).map(|error| error.min(high)) {
        let ends = [low, high].map(|end| with_error(end, Some(error)));
        let plain =
            ends.each_ref().map(|end| end.split_once(" ± ").map(|(end, _)| end).filter(|end| !end.contains('(')));
        if let [Some(lower), Some(upper)] = plain {
            return format!("{} … {upper}", if low == 0.0 { "0" } else { lower });
        }
    }
    let upper = significant(high, 3);
    let decimals = upper.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let lower = if low == 0.0 || upper.contains('e') { significant(low, 3) } else { fixed(low, decimals) };
    format!("{lower} … {upper}")
}

pub(super) fn percent(level: f64) -> String {
    format!("{} %", significant(100.0 * level, 6))
}

pub(super) fn method(method: ErrorMethod) -> &'static str {
    match method {
        ErrorMethod::Delta => "delta",
        ErrorMethod::Jackknife => "jackknife",
        ErrorMethod::Bootstrap => "bootstrap",
        ErrorMethod::Parts => "parts",
        ErrorMethod::Spread => "spread",
        ErrorMethod::Clusters => "clusters",
    }
}

pub(super) fn bias_order(order: BiasOrder) -> &'static str {
    match order {
        BiasOrder::Unbiased => "none",
        BiasOrder::First => "1/N",
        BiasOrder::Second => "1/N²",
        BiasOrder::Small => "small",
        BiasOrder::Exponential => "e^−N",
        BiasOrder::Lasting => "lasting",
        BiasOrder::Unknown => "unknown",
    }
}

pub(super) fn lack(lack: Lack) -> &'static str {
    match lack {
        Lack::Infinite => "infinite",
        Lack::InfiniteResamples => "infinite resamples",
        Lack::TooFew => "too few values",
        Lack::OneSymbol => "one symbol seen",
        Lack::Coincide => "values coincide",
        Lack::BelowZero => "below 0",
    }
}
