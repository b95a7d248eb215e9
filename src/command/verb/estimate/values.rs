//! Estimates from files of values: symbols, numbers or vectors.

use super::Arguments;
use super::counts::{Counts, best_control};
use super::inputs::{Known, short, texts, usage};
use crate::command::error::Error;
use crate::given_samples::{Kind, SampleTable, guess_kind, read_numbers};
use crate::report::{EstimateReport, GivenData, counted, significant};
use kl_math::distribution::{Distribution, Pair, Space, Value};
use kl_sim::data::{ModelValues, NearestData, estimate_log_ratios, estimate_nearest};
use kl_sim::estimator::{Estimator, LogRatio};
use std::collections::HashSet;

/// The sample from P, and the one from Q if Q is not known.
pub(super) struct Values {
    pub(super) tables: Vec<SampleTable>,
    pub(super) known: Known,
}

/// The k of nearest neighbours unless others are named.
const DEFAULT_K: [u16; 2] = [1, 5];

impl Values {
    /// Estimates KL(P‖Q) by what the values are.
    pub(super) fn estimate(self, arguments: &Arguments) -> Result<EstimateReport, Error> {
        let mut notes: Vec<String> = Vec::new();
        for table in self.tables.iter().filter(|table| table.is_nameless) {
            notes.push(format!("{}: the first line is a number, and is taken for a value, not a name", table.file));
        }
        for table in self.tables.iter().filter(|table| table.missing > 0) {
            notes.push(format!("{}: {} left out, since a value is missing", table.file, counted(table.missing, "row")));
        }
        if let (Some(group), None, None, None) = (
            self.tables.first().and_then(|table| table.group.as_ref()),
            &arguments.data.p_group,
            &arguments.data.q_group,
            &self.known.q,
        ) {
            notes.push(format!("P is {group}, the first group in the file (else: --p-group)"));
        }
        let kind = self.kind(arguments, &mut notes)?;
        match kind {
            Kind::Symbols => {
                let samples = texts(&self.tables, arguments);
                let title = self.title();
                Counts::of_samples(samples, self.known, title, notes).estimate(arguments)
            }
            Kind::Numbers => self.of_numbers(arguments, notes),
        }
    }

    /// What the values are: as a flag or Q says, else as they look, which is said.
    fn kind(&self, arguments: &Arguments, notes: &mut Vec<String>) -> Result<Kind, Error> {
        let format = arguments.data.format();
        let columns = self.tables.first().map_or(1, |table| table.columns.len());
        let of_model = self.known.q.as_ref().map(|q| match q.values().map(|values| values.space()) {
            None | Some(Space::Counts) => Kind::Symbols,
            Some(_) => Kind::Numbers,
        });
        let said = if arguments.data.symbols.is_some() || arguments.data.alphabet.is_some() {
            Some((Kind::Symbols, "--symbols"))
        } else {
            arguments.data.numbers.then_some((Kind::Numbers, "--numbers"))
        };
        let kind = match (said, of_model, &self.known.q) {
            (Some((said, flag)), Some(kind), Some(q)) if said != kind => {
                return Err(usage(
                    format!("{flag} does not go with the values of {}", short(q)),
                    "leave out one of them",
                ));
            }
            (_, Some(kind), _) => kind,
            (Some((said, _)), None, _) => said,
            (None, None, _) => {
                let guess = guess_kind(&self.tables.iter().collect::<Vec<_>>(), &format);
                let (taken, flag) = match guess.kind {
                    Kind::Symbols => ("symbols", "--numbers"),
                    Kind::Numbers => ("numbers", "--symbols"),
                };
                notes.push(format!("values are taken for {taken}, since {} (else: {flag})", guess.reason));
                guess.kind
            }
        };
        if kind == Kind::Symbols && columns > 1 {
            let what = "symbols are of one column, and several are named".to_owned();
            return Err(usage(what, "name one column"));
        }
        Ok(kind)
    }

    fn title(&self) -> String {
        let columns = self.tables.first().map(|table| table.columns.join(", ")).unwrap_or_default();
        let mut files: Vec<&str> = self.tables.iter().map(|table| table.file.as_str()).collect();
        files.dedup();
        let groups: Vec<&str> = self.tables.iter().filter_map(|table| table.group.as_deref()).collect();
        let groups = if groups.is_empty() { String::new() } else { format!(", {}", groups.join(" against ")) };
        let noun = if columns.contains(", ") { "columns" } else { "column" };
        format!("{}, {noun} {columns}{groups}", files.join(" against "))
    }

    fn of_numbers(&self, arguments: &Arguments, notes: Vec<String>) -> Result<EstimateReport, Error> {
        let (format, mut samples, mut mistakes) = (arguments.data.format(), Vec::new(), Vec::new());
        for table in &self.tables {
            match read_numbers(table, &format) {
                Ok(numbers) => samples.push(numbers),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        if !mistakes.is_empty() {
            return Err(Error::Samples(mistakes));
        }
        let columns = self.tables.first().map_or(1, |table| table.columns.len());
        let source = samples.first().map_or(&[][..], Vec::as_slice);
        let n = (source.len() / columns) as u64;
        let log_model = match &self.known.q {
            Some(q) => Some(log_densities(q, source, columns)?),
            None => None,
        };
        let is_shares = self
            .known
            .q
            .as_ref()
            .is_some_and(|q| q.values().is_some_and(|values| matches!(values.space(), Space::Simplex(_))));
        if is_shares && let Some(table) = self.tables.first() {
            check_shares(table, source, columns)?;
        }
        // The last share is what the others leave.
        let dimensions = if is_shares { columns - 1 } else { columns };
        let coordinates: Vec<f64> =
            source.chunks_exact(columns).flat_map(|value| value.iter().take(dimensions).copied()).collect();
        let model = match (&log_model, samples.get(1)) {
            (Some(logs), _) => ModelValues::LogDensity(logs),
            (None, Some(model)) => ModelValues::Sample(model),
            (None, None) => ModelValues::Sample(&[]),
        };
        let data = NearestData { source: &coordinates, model, dimensions };
        let mut report = EstimateReport {
            data: GivenData {
                title: self.title(),
                model: self.known.q.as_ref().map(ToString::to_string),
                sizes: (n, samples.get(1).map(|model| (model.len() / columns) as u64)),
                symbols: None,
                dimensions: Some(columns),
                seen: None,
            },
            level: arguments.level,
            resampling: arguments.resampling(),
            equality: None,
            expected: None,
            estimates: Vec::new(),
            notes,
            warnings: Vec::new(),
        };
        if let Some(pair) = &self.known.pair {
            let ratios = log_ratios(pair, source, columns)?;
            report.estimates = estimate_log_ratios(&ratios, best_control(pair), arguments.level);
            let (mean, std_dev) = LogRatio.moments(pair, n);
            report.expected = mean.map(|mean| (mean, std_dev));
        }
        let ks: &[u16] = if arguments.k.is_empty() { &DEFAULT_K } else { &arguments.k };
        for &k in ks {
            report.estimates.push(estimate_nearest(&data, usize::from(k), arguments.level, arguments.seed));
        }
        let twins = coincidences(&coordinates, samples.get(1).map_or(&[], Vec::as_slice), dimensions);
        report.warn_of_twins(twins.0, twins.1);
        Ok(report)
    }
}

/// Refuses shares that do not sum to 1, but for rounding.
fn check_shares(table: &SampleTable, values: &[f64], columns: usize) -> Result<(), Error> {
    // Of shares that were written to three decimals.
    const ROUNDING: f64 = 5e-3;
    for (row, shares) in table.rows.iter().zip(values.chunks_exact(columns)) {
        let sum: f64 = shares.iter().sum();
        let (what, help) = if (sum - 1.0).abs() > ROUNDING {
            (
                format!("the shares sum to {}, and Q is over shares that sum to 1", significant(sum, 6)),
                "divide by the sum",
            )
        } else if shares.iter().any(|share| *share < 0.0) {
            ("a share is below 0".to_owned(), "correct it, or leave out the row")
        } else {
            continue;
        };
        return Err(usage(format!("{}:{}: {what}", table.file, row.line), help));
    }
    Ok(())
}

/// ln q at each value.
fn log_densities(q: &Distribution, values: &[f64], columns: usize) -> Result<Vec<f64>, Error> {
    let Some(law) = q.values().filter(|law| law.space().width() == columns) else {
        let taken = q.values().map(|law| law.space().to_string()).unwrap_or_default();
        let what = format!("{} takes {taken}, and the data have {}", short(q), counted(columns as u64, "column"));
        return Err(usage(what, "name as many columns with --column, or another --q"));
    };
    let mut room = Vec::new();
    let log = |value: &[f64]| law.ln_prob(point(law.space(), value, &mut room));
    Ok(values.chunks_exact(columns).map(log).collect())
}

/// ln(p/q) at each value, once.
fn log_ratios(pair: &Pair, values: &[f64], columns: usize) -> Result<Vec<(f64, u64)>, Error> {
    let Some(pair) = pair.values() else { return Ok(Vec::new()) };
    let mut room = Vec::new();
    let mut ratios = Vec::with_capacity(values.len() / columns);
    for value in values.chunks_exact(columns) {
        let point = point(pair.space(), value, &mut room);
        if pair.ln_probs(point)[0] == f64::NEG_INFINITY {
            let what = format!("the data have {value:?}, where P has no density: they are not from P");
            return Err(usage(what, "correct --p, or leave it out"));
        }
        ratios.push((pair.precise_log_ratio_at(point), 1));
    }
    Ok(ratios)
}

/// A value of a space by its numbers.
fn point<'a>(space: Space, value: &'a [f64], room: &'a mut Vec<f64>) -> Value<'a> {
    match (space, value) {
        (Space::Counts | Space::Line, &[x]) => Value::Real(x),
        (Space::Simplex(_), shares) => {
            // What sums to nearly one is divided by its sum.
            let sum = libm::log(shares.iter().sum());
            room.clear();
            room.extend(shares.iter().map(|&share| libm::log(share) - sum));
            Value::LogShares(room)
        }
        (_, coordinates) => Value::Vector(coordinates),
    }
}

/// How many values of a sample are the same as another one of it, and as one of the other sample.
fn coincidences(values: &[f64], others: &[f64], dimensions: usize) -> (u64, u64) {
    let key = |value: &[f64]| value.iter().map(|x| x.to_bits()).collect::<Vec<u64>>();
    let others: HashSet<Vec<u64>> = others.chunks_exact(dimensions).map(key).collect();
    let (mut seen, mut twins, mut shared) = (HashSet::new(), 0, 0);
    for value in values.chunks_exact(dimensions).map(key) {
        shared += u64::from(others.contains(&value));
        twins += u64::from(!seen.insert(value));
    }
    (twins, shared)
}
