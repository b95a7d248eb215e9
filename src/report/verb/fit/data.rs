//! Fits as JSON and as CSV.

use super::{Fit, FitReport, NAMES};
use crate::report::json_number;
use kl_math::distribution::PairError;
use kl_math::divergence::Divergence;
use kl_math::divergence::fit::{NormalFit, StartPoint};
use kl_math::numeric::{shortest, shortest_real};
use kl_math::statistics::Unit;
use serde_json::{Value, json};

/// The columns of the table that `--csv` prints, a row for each fit.
const COLUMNS: [&str; 16] = [
    "direction",
    "q",
    "mean",
    "mean_error",
    "std_dev",
    "std_dev_error",
    "kl_nats",
    "kl_bits",
    "kl_error_nats",
    "reverse_nats",
    "reverse_bits",
    "reverse_error_nats",
    "log_z",
    "elbo_nats",
    "elbo_bits",
    "missing",
];

fn nats_and_bits(nats: f64) -> Value {
    json!({ "nats": json_number(nats), "bits": json_number(Unit::Bits.of_nats(nats)) })
}

fn divergence(found: &Result<Divergence, PairError>) -> Value {
    match found {
        Ok(found) => {
            let mut value = nats_and_bits(found.mean);
            if let Some(object) = value.as_object_mut() {
                object.insert("error".to_owned(), json!(found.error.map(json_number)));
            }
            value
        }
        Err(error) => json!({ "missing": error.to_string() }),
    }
}

fn normal(found: &NormalFit) -> Value {
    json!({
        "mean": json_number(found.mean),
        "mean_error": found.mean_error.map(json_number),
        "std_dev": json_number(found.std_dev),
        "std_dev_error": found.std_dev_error.map(json_number),
    })
}

impl FitReport {
    /// The JSON document; its schema is in `docs/json.md`.
    pub fn json(&self) -> Value {
        let fit = |place: usize| match self.fits.get(place).and_then(Option::as_ref) {
            None => Value::Null,
            Some(Err(error)) => json!({ "missing": error.to_string() }),
            Some(Ok(fit)) => {
                let [there, back] = &fit.divergences;
                json!({
                    "q": fit.q.to_string(),
                    "normal": fit.normal.as_ref().map(normal),
                    "probabilities": self.classes.as_ref().map(|_| self.probabilities(fit)),
                    "p_against_q": divergence(there),
                    "q_against_p": divergence(back),
                    "elbo": self.elbo(fit).map(nats_and_bits),
                })
            }
        };
        json!({
            "schema": "kl-runner/fit/1",
            "p": self.name(),
            "family": if self.classes.is_some() { "categorical" } else { "normal" },
            "log_z": json_number(self.log_z),
            "forward": fit(0),
            "reverse": fit(1),
            "searches": self.searches.as_ref().map(|_| self.search_list()),
            "left_out": self.searches.as_ref().map(|found| found.left_out),
            "classes": self.classes.as_ref().map(|classes| self.class_list(classes)),
        })
    }

    fn probabilities(&self, fit: &Fit) -> Vec<Value> {
        let symbols = self.p.mass_function().alphabet().symbols();
        let probabilities = fit.q.mass_function().probabilities();
        let named = symbols.iter().zip(probabilities);
        named.map(|(symbol, q)| json!({ "symbol": symbol, "probability": json_number(q.to_f64()) })).collect()
    }

    /// The symbols of each class.
    fn class_list(&self, classes: &[usize]) -> Vec<Vec<&String>> {
        let count = classes.iter().max().map_or(0, |last| last + 1);
        let mut list = vec![Vec::new(); count];
        for (symbol, class) in self.p.mass_function().alphabet().symbols().iter().zip(classes) {
            if let Some(members) = list.get_mut(*class) {
                members.push(symbol);
            }
        }
        list
    }

    fn search_list(&self) -> Vec<Value> {
        let found =
            self.searches.iter().flat_map(|found| found.starts.iter().enumerate().map(|start| (found.best, start)));
        let search = |(best, (place, start)): (usize, (usize, &kl_math::divergence::fit::Start))| {
            let (point, component) = match start.point {
                StartPoint::Component(component) => ("component", Some(component + 1)),
                StartPoint::Centre => ("centre", None),
                StartPoint::Forward => ("forward", None),
            };
            json!({
                "start": point,
                "component": component,
                "mean": json_number(start.mean),
                "std_dev": json_number(start.std_dev),
                "end": start.end.as_ref().map(normal),
                "q_against_p": start.divergence.map(nats_and_bits),
                "best": place == best,
            })
        };
        found.map(search).collect()
    }

    /// The same as CSV, a row for each fit that is asked for.
    pub fn csv(&self) -> csv::Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS)?;
        for (place, fit) in self.fits.iter().enumerate() {
            let Some(fit) = fit else { continue };
            let name = NAMES.get(place).copied().unwrap_or_default().to_owned();
            match fit {
                Ok(fit) => writer.write_record([vec![name], self.cells(fit), vec![String::new()]].concat())?,
                Err(error) => {
                    let empty = vec![String::new(); COLUMNS.len() - 2];
                    writer.write_record([vec![name], empty, vec![error.to_string()]].concat())?;
                }
            }
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn cells(&self, fit: &Fit) -> Vec<String> {
        let cell = |value: Option<f64>| value.map(shortest).unwrap_or_default();
        let real = |value: Option<f64>| value.map(shortest_real).unwrap_or_default();
        let of = |value: fn(&NormalFit) -> Option<f64>| real(fit.normal.as_ref().and_then(value));
        let divergences = fit.divergences.iter().flat_map(|found| {
            let found = found.as_ref().ok();
            let nats = found.map(|found| found.mean);
            [cell(nats), cell(nats.map(|nats| Unit::Bits.of_nats(nats))), cell(found.and_then(|found| found.error))]
        });
        let elbo = self.elbo(fit);
        [
            vec![fit.q.to_string()],
            vec![
                of(|normal| Some(normal.mean)),
                of(|normal| normal.mean_error),
                of(|normal| Some(normal.std_dev)),
                of(|normal| normal.std_dev_error),
            ],
            divergences.collect(),
            vec![real(Some(self.log_z)), real(elbo), real(elbo.map(|nats| Unit::Bits.of_nats(nats)))],
        ]
        .concat()
    }
}
