//! Estimates from training logs.

use super::Arguments;
use super::inputs::{read_table, usage};
use crate::command::error::Error;
use crate::given_samples::{LogProbabilities, SampleColumns};
use crate::report::TokenReport;
use clap::Args;
use kl_sim::data::{TokenData, estimate_tokens};

/// The columns of a training log.
#[derive(Args, Clone, Debug)]
pub(super) struct TokenFlags {
    /// The column of ln p of each token: P is the policy whose KL from Q is wanted
    #[arg(long, value_name = "NAME", requires = "logq_column", conflicts_with_all = ["column", "group_column", "p_counts", "q"])]
    pub(super) logp_column: Option<String>,

    /// The column of ln q of each token, such as that of the reference policy
    #[arg(long, value_name = "NAME", requires = "logp_column")]
    pub(super) logq_column: Option<String>,

    /// The column of ln s of each token, if they were sampled from another policy S, such as an older P
    #[arg(long, value_name = "NAME", requires = "logp_column")]
    pub(super) logs_column: Option<String>,

    /// The column that names the sequence of each token; without one each token is a sequence of its own
    #[arg(long, value_name = "NAME", requires = "logp_column")]
    pub(super) sequence_column: Option<String>,
}

impl TokenFlags {
    /// The estimates, if columns of log-probabilities are named.
    pub(super) fn estimate(&self, arguments: &Arguments) -> Result<Option<TokenReport>, Error> {
        let (Some(p), Some(q)) = (&self.logp_column, &self.logq_column) else { return Ok(None) };
        let [path] = arguments.files.as_slice() else {
            let what = format!("log-probabilities are of one file, and there are {}", arguments.files.len());
            return Err(usage(what, "name the file, as in `runner estimate rollouts.csv --logp-column lp …`"));
        };
        let values: Vec<String> = [p, q].into_iter().chain(&self.logs_column).cloned().collect();
        let format = arguments.data.format();
        let columns = SampleColumns {
            values: &values,
            flags: &["--logp-column", "--logq-column", "--logs-column"],
            group: self.sequence_column.as_deref(),
            group_flag: "--sequence-column",
            needs_all: true,
            format: &format,
        };
        let of_samples = |mistake| Error::Samples(vec![mistake]);
        let table = read_table(path, &columns)?.map_err(of_samples)?;
        let logs = LogProbabilities::read(&table, &format).map_err(of_samples)?;
        let column = |place: usize| logs.columns.get(place).map(Vec::as_slice);
        let data = TokenData {
            log_source: column(0).unwrap_or_default(),
            log_model: column(1).unwrap_or_default(),
            log_sampler: column(2),
            sequences: &logs.sequences,
            count: logs.count,
        };
        let study = estimate_tokens(&data, arguments.level);
        let mut report = TokenReport {
            file: table.file.clone(),
            columns: table.columns.clone(),
            sequence_column: self.sequence_column.clone(),
            level: arguments.level,
            study,
            warnings: Vec::new(),
        };
        // Rounding may leave a little more than ln 1.
        let is_positive = |log: &&f64| **log > 1e-6;
        report.warn_of_positive(logs.columns.iter().flatten().filter(is_positive).count() as u64);
        report.warn();
        Ok(Some(report))
    }
}
