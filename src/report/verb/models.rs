//! Models compared by sequences: a table of each, JSON and CSV.

use crate::experiment_file::{Likelihoods, ModelLine, Models};
use crate::report::{Align, Cell, Table, grouped, json_number, printable, significant};
use kl_math::numeric::{Unit, shortest_real};
use kl_math::statistics::{Evidence, EvidenceError, compare_models};
use serde_json::{Value, json};
use std::f64::consts::LN_10;
use std::fmt;

/// What sequences say of models.
pub struct ModelReport<'a> {
    /// The names of the models, such as `P` and `Q1`.
    pub names: &'a [String],
    /// The models.
    pub models: &'a Models,
    /// Their prior probabilities.
    pub priors: &'a [f64],
    /// The sequences that could be read.
    pub lines: &'a [ModelLine],
}

/// What one sequence, or all of them, say of the models.
struct Compared<'a> {
    /// Its line; none for all of them.
    line: Option<u64>,
    likelihoods: &'a Likelihoods,
    evidence: Result<Vec<Evidence>, EvidenceError>,
}

/// Likelihoods of all sequences together; none if there are none.
fn total(lines: &[ModelLine], models: usize) -> Likelihoods {
    let mut total = Likelihoods { length: 0, logs: vec![0.0; models] };
    for line in lines.iter().filter_map(|line| line.likelihoods.as_ref().ok()) {
        total.length += line.length;
        total.logs.iter_mut().zip(&line.logs).for_each(|(sum, log)| *sum += log);
    }
    total
}

impl ModelReport<'_> {
    /// The likelihoods of all sequences together.
    fn total(&self) -> Likelihoods {
        total(self.lines, self.names.len())
    }

    /// Why the sequences together cannot be compared, if they cannot, and the line of the first that is to blame.
    pub fn fault(&self) -> Option<(Option<u64>, EvidenceError)> {
        let error = self.evidence(&self.total()).err()?;
        let lines = self.lines.iter().filter_map(|line| Some((line.number, line.likelihoods.as_ref().ok()?)));
        let of_line = |(number, found): (u64, &Likelihoods)| Some((Some(number), self.evidence(found).err()?));
        Some(lines.filter_map(of_line).next().unwrap_or((None, error)))
    }

    fn evidence(&self, likelihoods: &Likelihoods) -> Result<Vec<Evidence>, EvidenceError> {
        compare_models(&likelihoods.logs, self.priors)
    }

    /// Each sequence.
    fn each(&self) -> impl Iterator<Item = Compared<'_>> {
        self.lines.iter().filter_map(|line| {
            let likelihoods = line.likelihoods.as_ref().ok()?;
            Some(Compared { line: Some(line.number), likelihoods, evidence: self.evidence(likelihoods) })
        })
    }

    /// −log₂ L/N, the bits that a symbol takes in an ideal code; none of densities.
    fn bits(&self, log: f64, length: u64) -> Option<f64> {
        self.models.has_probabilities().then(|| 0.0 - Unit::Bits.of_nats(log) / length as f64)
    }

    /// What a symbol takes more than with the best model, bits.
    fn excess(evidence: &Evidence, length: u64) -> f64 {
        Unit::Bits.of_nats(evidence.log_bayes_factor) / length as f64
    }

    /// The names of the models that are the most likely.
    fn best(&self, evidence: &[Evidence]) -> String {
        let best = self.names.iter().zip(evidence).filter(|(_, evidence)| evidence.rank == 1);
        best.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn distribution(&self, place: usize) -> String {
        self.models.distributions().nth(place).map_or_else(String::new, |model| model.to_string())
    }

    /// The models by rank.
    fn ranked(&self, evidence: &[Evidence]) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.names.len()).collect();
        places.sort_by_key(|&place| evidence.get(place).map(|evidence| evidence.rank));
        places
    }

    fn table(&self, likelihoods: &Likelihoods, evidence: &[Evidence]) -> Table {
        let item = if self.models.has_probabilities() { "symbol" } else { "value" };
        let mut table = Table::new();
        table.column("rank", Align::Right);
        table.column("model", Align::Left);
        table.column("ln L", Align::Right);
        table.column("ln(best/it)", Align::Right);
        table.column("Bayes factor", Align::Right);
        table.column("log10", Align::Right);
        table.column("prior", Align::Right);
        table.column("posterior", Align::Right);
        if self.models.has_probabilities() {
            table.column("bits/symbol", Align::Right);
        }
        table.column(format!("excess, bits/{item}"), Align::Right);
        for place in self.ranked(evidence) {
            let (Some(name), Some(found)) = (self.names.get(place), evidence.get(place)) else { continue };
            let (log, prior) = (likelihoods.logs[place], self.priors[place]);
            let log_factor = found.log_bayes_factor;
            let mut cells = vec![
                Cell::from(found.rank.to_string()),
                Cell::from(printable(&format!("{name} {}", self.distribution(place)))),
                Cell::from(significant(log, 6)),
                Cell::from(significant(log_factor, 6)),
                Cell::from(super::score::ratio(log_factor)),
                Cell::from(significant(log_factor / LN_10, 4)),
                Cell::from(significant(prior, 4)),
                Cell::from(significant(found.posterior, 4)),
            ];
            if let Some(bits) = self.bits(log, likelihoods.length) {
                cells.push(Cell::from(significant(bits, 6)));
            }
            cells.push(Cell::from(significant(Self::excess(found, likelihoods.length), 6)));
            table.row(cells);
        }
        table
    }

    fn json_of(&self, compared: &Compared<'_>) -> Value {
        let Compared { line, likelihoods, evidence } = compared;
        let evidence = evidence.as_deref().unwrap_or_default();
        let models = (0..self.names.len()).map(|place| {
            let (log, found) = (likelihoods.logs[place], evidence.get(place));
            let factor = found.map(|found| libm::exp(found.log_bayes_factor));
            // Beyond the largest double there is its logarithm alone.
            let factor = factor.filter(|factor| factor.is_finite() || log.is_infinite());
            json!({
                "name": self.names[place],
                "rank": found.map(|found| found.rank),
                "log_likelihood": json_number(log),
                "log_bayes_factor": found.map(|found| json_number(found.log_bayes_factor)),
                "bayes_factor": factor.map(json_number),
                "log10_bayes_factor": found.map(|found| json_number(found.log_bayes_factor / LN_10)),
                "posterior": found.map(|found| found.posterior),
                "bits": self.bits(log, likelihoods.length).map(json_number),
                "excess_bits": found.map(|found| json_number(Self::excess(found, likelihoods.length))),
            })
        });
        json!({ "line": line, "n": likelihoods.length, "models": models.collect::<Vec<_>>() })
    }

    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Value {
        let likelihoods = self.total();
        let total = Compared { line: None, evidence: self.evidence(&likelihoods), likelihoods: &likelihoods };
        let models = self.names.iter().zip(self.priors).enumerate().map(
            |(place, (name, prior))| json!({ "name": name, "distribution": self.distribution(place), "prior": prior }),
        );
        json!({
            "schema": "kl-runner/models/1",
            "models": models.collect::<Vec<_>>(),
            "sequences": self.each().map(|compared| self.json_of(&compared)).collect::<Vec<_>>(),
            "total": self.json_of(&total),
        })
    }

    /// The header of [`csv_rows`](Self::csv_rows).
    pub const CSV_HEADER: [&'static str; 12] = [
        "line",
        "n",
        "model",
        "distribution",
        "prior",
        "rank",
        "log_likelihood",
        "log_bayes_factor",
        "log10_bayes_factor",
        "posterior",
        "bits",
        "excess_bits",
    ];

    /// A row for each sequence and model, and for all sequences together, with the line `total`.
    pub fn csv_rows(&self) -> Vec<[String; 12]> {
        let likelihoods = self.total();
        let total = Compared { line: None, evidence: self.evidence(&likelihoods), likelihoods: &likelihoods };
        let mut rows = Vec::new();
        for Compared { line, likelihoods, evidence } in self.each().chain([total]) {
            let evidence = evidence.unwrap_or_default();
            for (place, name) in self.names.iter().enumerate() {
                let (log, found) = (likelihoods.logs[place], evidence.get(place));
                let number =
                    |of: &dyn Fn(&Evidence) -> f64| found.map_or_else(String::new, |found| shortest_real(of(found)));
                rows.push([
                    line.map_or_else(|| "total".to_owned(), |line| line.to_string()),
                    likelihoods.length.to_string(),
                    name.clone(),
                    self.distribution(place),
                    shortest_real(self.priors[place]),
                    found.map_or_else(String::new, |found| found.rank.to_string()),
                    shortest_real(log),
                    number(&|found| found.log_bayes_factor),
                    number(&|found| found.log_bayes_factor / LN_10),
                    number(&|found| found.posterior),
                    self.bits(log, likelihoods.length).map_or_else(String::new, shortest_real),
                    number(&|found| Self::excess(found, likelihoods.length)),
                ]);
            }
        }
        rows
    }
}

impl fmt::Display for ModelReport<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let likelihoods = self.total();
        let Ok(evidence) = self.evidence(&likelihoods) else { return Ok(()) };
        match self.lines {
            [line] => writeln!(out, "sequence {}   (N = {})", printable(&line.start), grouped(likelihoods.length))?,
            lines => {
                let all = grouped(likelihoods.length);
                writeln!(out, "{} sequences   (N = {all} in all)", grouped(lines.len() as u64))?;
            }
        }
        write!(out, "\n{}", self.table(&likelihoods, &evidence))?;
        writeln!(out, "\nthe best model is {}", self.best(&evidence))?;
        if self.lines.len() < 2 {
            return Ok(());
        }
        let mut table = Table::new();
        table.column("line", Align::Right);
        table.column("N", Align::Right);
        table.column("best", Align::Left);
        self.names.iter().for_each(|name| table.column(format!("posterior of {name}"), Align::Right));
        for compared in self.each() {
            let evidence = compared.evidence.unwrap_or_default();
            let (line, best) = (compared.line.unwrap_or_default(), self.best(&evidence));
            let start = [line.to_string(), grouped(compared.likelihoods.length), best].map(Cell::from);
            let posteriors = evidence.iter().map(|found| Cell::from(significant(found.posterior, 4)));
            table.row(start.into_iter().chain(posteriors).collect());
        }
        write!(out, "\n{table}")
    }
}
