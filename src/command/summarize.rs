//! `runner summarize TRIALS.csv`: the performance of estimators, from anybody's trials.

use super::{Outcome, hand_out, show, show_json};
use crate::cli::{SummarizeArguments, SummaryFormat};
use crate::error::Error;
use crate::external_trials::{ColumnNames, ExternalTrials, measure_performance};
use crate::outside::{WithinLines, open_input};
use crate::report::TrialsReport;
use std::io::{self, Read};

pub(super) fn summarize(arguments: &SummarizeArguments) -> Result<Outcome, Error> {
    let (name, input) = open(arguments)?;
    let columns = ColumnNames {
        estimate: arguments.estimate_column.clone(),
        std_error: arguments.se_column.clone(),
        truth: arguments.truth_column.clone(),
        by: arguments.by.clone(),
        paired: arguments.reference.is_some(),
    };
    let trials = ExternalTrials::read(&name, WithinLines::new(input), &columns)?;
    let groups = measure_performance(&trials, arguments.truth, arguments.level, arguments.reference.as_deref())?;
    let report = TrialsReport {
        name: &name,
        by: &trials.by,
        level: trials.has_std_errors.then_some(arguments.level),
        reference: arguments.reference.as_deref(),
        groups: &groups,
    };
    match arguments.format {
        SummaryFormat::Terminal => show(&report.to_string())?,
        SummaryFormat::Csv => hand_out(&report.csv().map_err(|error| Error::Output(error.into()))?)?,
        SummaryFormat::Json => show_json(&format!("{:#}\n", report.json()))?,
    };
    Ok(Outcome::Agreed)
}

fn open(arguments: &SummarizeArguments) -> Result<(String, Box<dyn Read>), Error> {
    if arguments.trials.as_os_str() == "-" {
        return Ok(("<stdin>".to_owned(), Box::new(io::stdin())));
    }
    let name = arguments.trials.display().to_string();
    let file = open_input(&arguments.trials).map_err(|source| Error::Input { name: name.clone(), source })?;
    Ok((name, Box::new(file)))
}
