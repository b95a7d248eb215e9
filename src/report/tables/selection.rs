//! Which rows and columns of results a table shows.

use super::column::{DEFAULT_COLUMNS, OF_OWN_MEANS, ResultColumn, rank};
use super::{ErrorStyle, Filter, Listing, Pivot, SelectionError, Table};
use crate::experiment_file::nearest;
use crate::record::{Overview, SavedResults, SummaryRow};
use crate::report::finding::has_own_mean;
use crate::report::shown::{shown_rows, whole_settings};
use std::collections::HashSet;

/// Names all columns.
const EVERY_COLUMN: &str = "all";

/// The rows and columns that a table shows.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The conditions that every row satisfies.
    pub filters: Vec<Filter>,
    /// Columns by their names in `summary.csv`, or `all`; the default ones if none are named. With a pivot, the columns whose values name
    /// the columns of the table.
    pub columns: Vec<String>,
    /// One column by the values of others.
    pub pivot: Option<Pivot>,
    /// How estimates and their errors are written.
    pub errors: ErrorStyle,
    /// Whether the default is every column.
    pub every_column: bool,
}

impl Selection {
    /// The table of `rows`.
    pub fn table(&self, overview: &Overview, rows: &[SummaryRow<'_>]) -> Result<Table, SelectionError> {
        match &self.pivot {
            None if self.columns.is_empty() && !self.every_column => {
                let rows = self.filtered(overview, rows)?;
                let table = match shown_rows(overview, &rows) {
                    Some((shown, short)) => self
                        .default_table(&shown, short.iter().collect())
                        .with_whole(whole_settings(overview, &rows).into_iter()),
                    None => self.default_table(overview, rows),
                };
                Ok(table.without_empty_columns().ranked(rank))
            }
            None => Ok(self.listing(overview, rows)?.table()),
            Some(pivot) => pivot.table(self, overview, &self.filtered(overview, rows)?),
        }
    }

    /// The table without a pivot, row by row, with its empty columns.
    pub fn listing<'a>(
        &self,
        overview: &'a Overview,
        rows: &'a [SummaryRow<'a>],
    ) -> Result<Listing<'a>, SelectionError> {
        let rows = self.filtered(overview, rows)?;
        let columns = match self.columns.as_slice() {
            [] if self.every_column => ResultColumn::all(overview).collect(),
            // No column is called so, except a key that a user named.
            [all] if all == EVERY_COLUMN && ResultColumn::named(all, overview).is_none() => {
                ResultColumn::all(overview).collect()
            }
            [] => default_columns(overview, &rows),
            names => names.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?,
        };
        Ok(Listing::new(overview, rows, columns, self.errors))
    }

    /// The results with the rows that satisfy all filters, and with nothing of others; none if there are no filters.
    pub fn chosen(&self, results: &SavedResults) -> Result<Option<SavedResults>, SelectionError> {
        if self.filters.is_empty() {
            return Ok(None);
        }
        let kept: HashSet<(usize, &str)> =
            self.filtered(&results.overview, &results.rows)?.into_iter().map(place).collect();
        let is_kept = |row: &SummaryRow<'_>| kept.contains(&place(row));
        let mut chosen = results.of_rows(is_kept);
        let is_left = |name: &String| chosen.rows.iter().any(|row| row.estimator == *name);
        let estimators = chosen.overview.estimators.iter().filter(|name| is_left(name)).cloned().collect();
        chosen.overview.estimators = estimators;
        Ok(Some(chosen))
    }

    /// The filters in words; none if there are none.
    pub fn filters_in_words(&self) -> Option<String> {
        let filters: Vec<String> = self.filters.iter().map(ToString::to_string).collect();
        (!filters.is_empty()).then(|| filters.join(" and "))
    }

    fn default_table(&self, overview: &Overview, rows: Vec<&SummaryRow<'_>>) -> Table {
        let columns = default_columns(overview, &rows);
        Listing::new(overview, rows, columns, self.errors).table()
    }

    /// The rows that satisfy all filters.
    fn filtered<'a>(
        &self,
        overview: &Overview,
        rows: &'a [SummaryRow<'a>],
    ) -> Result<Vec<&'a SummaryRow<'a>>, SelectionError> {
        let filters = self.filters.iter().map(|filter| Ok((filter, named(&filter.column, overview)?)));
        let filters = filters.collect::<Result<Vec<_>, SelectionError>>()?;
        if filters.is_empty() {
            return Ok(rows.iter().collect());
        }
        let mut left = Vec::new();
        for row in rows {
            let mut is_left = true;
            for &(filter, column) in &filters {
                is_left &= filter.accepts(&column.raw(row, overview))?;
            }
            if is_left {
                left.push(row);
            }
        }
        if left.is_empty() { Err(self.no_row(overview, rows)) } else { Ok(left) }
    }

    fn no_row(&self, overview: &Overview, rows: &[SummaryRow<'_>]) -> SelectionError {
        let filters: Vec<String> = self.filters.iter().map(ToString::to_string).collect();
        let first = self.filters.first().and_then(|filter| ResultColumn::named(&filter.column, overview));
        let mut values: Vec<String> = Vec::new();
        for row in rows {
            let value = first.map(|column| column.value(row, overview).to_string()).unwrap_or_default();
            if !values.contains(&value) {
                values.push(value);
            }
            if values.len() > 12 {
                values.push("…".to_owned());
                break;
            }
        }
        let column = self.filters.first().map_or("", |filter| filter.column.as_str());
        SelectionError::NoRow {
            experiment: overview.experiment.clone(),
            filters: filters.join(" and "),
            values: format!("{column} is {}", values.join("; ")),
        }
    }
}

/// What no two rows of results have in common.
fn place<'a>(row: &'a SummaryRow<'_>) -> (usize, &'a str) {
    (row.condition, &row.estimator)
}

/// The column of this name, or the error that there is none.
pub(super) fn named<'a>(name: &str, overview: &'a Overview) -> Result<ResultColumn<'a>, SelectionError> {
    ResultColumn::named(name, overview).ok_or_else(|| {
        let all: Vec<&str> = ResultColumn::all(overview).map(ResultColumn::name).collect();
        SelectionError::NoColumn {
            experiment: overview.experiment.clone(),
            name: name.to_owned(),
            nearest: nearest(name, &all).map(str::to_owned),
            all: all.into_iter().map(str::to_owned).collect(),
        }
    })
}

/// What varies, theory, the estimates, and how they compare.
fn default_columns<'a>(overview: &'a Overview, rows: &[&SummaryRow<'_>]) -> Vec<ResultColumn<'a>> {
    let settings = ResultColumn::all(overview).filter(|column| matches!(column, ResultColumn::Setting { .. }));
    let mut trials = rows.iter().map(|row| row.comparison.trials);
    let first = trials.next();
    let has_own_means = rows.iter().any(|row| has_own_mean(row));
    let names = ["n"]
        .into_iter()
        .chain((overview.estimators.len() > 1).then_some("estimator"))
        .chain(trials.any(|other| Some(other) != first).then_some("trials"))
        .chain(DEFAULT_COLUMNS.into_iter().filter(|name| has_own_means || !OF_OWN_MEANS.contains(name)));
    settings.chain(names.filter_map(|name| ResultColumn::named(name, overview))).collect()
}
