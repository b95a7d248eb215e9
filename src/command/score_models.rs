//! `runner score` with several models.

use super::error::Error;
use super::outcome::Outcome;
use super::output::{say, show, show_data, show_json};
use crate::experiment_file::{Argument, ModelLine, Models};
use crate::outside::printable;
use crate::report::ModelReport;
use kl_math::statistics::check_priors;

/// How the comparison is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Csv,
}

/// The models and their priors, as they are written.
pub(super) struct Written<'a> {
    pub(super) p: Option<&'a str>,
    pub(super) q: &'a [String],
    pub(super) prior: Option<&'a str>,
}

impl Written<'_> {
    /// The name and the distribution of each model.
    fn models(&self) -> Vec<(String, Argument<'_>)> {
        let source = self.p.map(|text| ("P".to_owned(), Argument { name: "--p", text }));
        let name = |place: usize| if self.q.len() == 1 { "Q".to_owned() } else { format!("Q{}", place + 1) };
        let others = self.q.iter().enumerate();
        source.into_iter().chain(others.map(|(place, text)| (name(place), Argument { name: "--q", text }))).collect()
    }

    /// The prior of each model: equal unless they are written.
    fn priors(&self, models: usize) -> Result<Vec<f64>, Error> {
        let Some(text) = self.prior else { return Ok(vec![1.0 / models as f64; models]) };
        let read = |(place, word): (usize, &str)| {
            number(word.trim()).ok_or_else(|| Error::Prior { place: place + 1, found: word.trim().to_owned() })
        };
        let priors = text.split(',').enumerate().map(read).collect::<Result<Vec<f64>, Error>>()?;
        check_priors(models, &priors).map_err(Error::Priors)?;
        Ok(priors)
    }

    /// Compares the models by sequences, a line each, that `name` holds.
    pub(super) fn compare(&self, name: &str, text: &[u8], format: Format) -> Result<Outcome, Error> {
        let (names, arguments): (Vec<String>, Vec<Argument<'_>>) = self.models().into_iter().unzip();
        let models = Models::read(&arguments).map_err(Error::Specs)?;
        let priors = self.priors(names.len())?;
        let (lines, misread): (Vec<ModelLine>, Vec<ModelLine>) =
            models.read_sequences(text)?.into_iter().partition(|line| line.likelihoods.is_ok());
        for line in &misread {
            if let Err((mistake, help)) = &line.likelihoods {
                let (mistake, help) = (printable(mistake), printable(help));
                say(&format!("error: {}:{}: {mistake}\n  help: {help}\n", printable(name), line.number));
            }
        }
        let (name, bad) = (name.to_owned(), misread.len());
        match (lines.is_empty(), bad) {
            (true, 0) => return Err(Error::NoSequence { name }),
            (true, bad) => return Err(Error::BadLines { name, bad }),
            (false, _) => {}
        }
        let report = ModelReport { names: &names, models: &models, priors: &priors, lines: &lines };
        if let Some((line, error)) = report.fault() {
            return Err(Error::Evidence { place: line.map_or(name.clone(), |line| format!("{name}:{line}")), error });
        }
        match format {
            Format::Text => show(&report.to_string())?,
            Format::Json => show_json(&format!("{:#}\n", report.json()))?,
            Format::Csv => show_data(&csv_text(&report)?)?,
        };
        if bad > 0 { Err(Error::BadLines { name, bad }) } else { Ok(Outcome::Agreed) }
    }
}

/// A number, or a fraction of two.
fn number(word: &str) -> Option<f64> {
    let plain = |word: &str| word.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match word.split_once('/') {
        Some((numerator, denominator)) => {
            Some(plain(numerator)? / plain(denominator)?).filter(|number| number.is_finite())
        }
        None => plain(word),
    }
}

fn csv_text(report: &ModelReport<'_>) -> Result<String, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let rows = report.csv_rows();
    let header = ModelReport::CSV_HEADER.map(str::to_owned);
    std::iter::once(&header)
        .chain(&rows)
        .try_for_each(|row| writer.write_record(row))
        .map_err(|error| Error::Output(error.into()))?;
    let bytes = writer.into_inner().map_err(|error| Error::Output(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
