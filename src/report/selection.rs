//! Which rows and columns of results a table shows.

use super::column::{Chosen, USUAL};
use super::{Align, Cell, Column, ErrorStyle, Table, Value, printable};
use crate::experiment_file::nearest;
use crate::record::{Overview, SummaryRow, columns};
use std::collections::HashMap;

/// What a table is to show of an experiment.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// What rows must satisfy, all of it.
    pub filters: Vec<Filter>,
    /// Columns by their names in `summary.csv`; the usual ones if none are named. With a pivot, what goes across.
    pub columns: Vec<String>,
    /// One column spread over rows and columns of others.
    pub pivot: Option<Pivot>,
    /// How estimates and their errors are written.
    pub errors: ErrorStyle,
    /// Every column of `summary.csv` where none are named.
    pub every_column: bool,
}

/// A column of which each value has a cell of its own, by two others.
#[derive(Clone, Debug, Default)]
pub struct Pivot {
    /// What goes down.
    pub rows: Vec<String>,
    /// What is in the cells.
    pub cell: String,
}

/// Why a table cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// No column has that name.
    #[error("{experiment} has no column {name}{}", .nearest.as_ref().map(|nearest| format!(": do you mean {nearest}?")).unwrap_or_default())]
    NoColumn {
        /// The experiment.
        experiment: String,
        /// What was asked for.
        name: String,
        /// The name it resembles.
        nearest: Option<String>,
        /// All there are.
        all: Vec<String>,
    },
    /// A condition on rows without an operator.
    #[error("`{text}` is no condition")]
    NoFilter {
        /// What was written.
        text: String,
    },
    /// Words cannot be larger than others.
    #[error("{column} {operator} {value}: only numbers are larger or smaller")]
    NoNumber {
        /// The column.
        column: String,
        /// The comparison.
        operator: &'static str,
        /// What it is compared with.
        value: String,
    },
    /// No row is left.
    #[error("no row of {experiment} has {filters}")]
    NoRow {
        /// The experiment.
        experiment: String,
        /// The filters.
        filters: String,
        /// What the first filter's column holds.
        values: String,
    },
    /// Two rows for one cell of a pivot.
    #[error("two rows of {experiment} have one cell: {place}; they differ in {differ}")]
    Ambiguous {
        /// The experiment.
        experiment: String,
        /// Which cell.
        place: String,
        /// In which columns the rows differ.
        differ: String,
    },
    /// A pivot that says only a part.
    #[error("a table by two keys needs three flags: --rows, --columns and --cell")]
    HalfPivot,
}

impl SelectionError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::NoColumn { all, .. } => format!("there are {}", all.join(", ")),
            Self::NoFilter { .. } => {
                "write it as in --where N=1000, --where 'mcse<0.001' or --where verdict!=agree".to_owned()
            }
            Self::NoNumber { .. } => "compare with a number, or with = or !=".to_owned(),
            Self::NoRow { values, .. } => values.clone(),
            Self::Ambiguous { differ, .. } => {
                let key = differ.split(", ").next().unwrap_or(differ);
                format!("add one of them to --rows, or choose rows: --where {key}=…")
            }
            Self::HalfPivot => "for example: --rows Q.bernoulli.p --columns N --cell bias".to_owned(),
        }
    }
}

/// What a row must satisfy.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    column: String,
    operator: &'static str,
    value: String,
}

/// The longer ones first: `<` begins `<=`.
const OPERATORS: [&str; 7] = ["<=", ">=", "!=", "==", "<", ">", "="];

impl Filter {
    /// Reads one, such as `N=1000`, `mcse<0.001` or `verdict!=agree`.
    ///
    /// ```
    /// use kl_runner::report::Filter;
    /// assert!(Filter::read("N >= 1_000").is_ok());
    /// assert!(Filter::read("N").is_err());
    /// ```
    pub fn read(text: &str) -> Result<Self, SelectionError> {
        let first = OPERATORS.iter().filter_map(|operator| Some((text.find(operator)?, *operator)));
        // The first operator of the text, the longer of two that begin together.
        let found = first.min_by_key(|(place, operator)| (*place, std::cmp::Reverse(operator.len())));
        let parts =
            found.map(|(place, operator)| (text[..place].trim(), operator, text[place + operator.len()..].trim()));
        match parts {
            Some((column, operator, value)) if !column.is_empty() => {
                let operator = if operator == "==" { "=" } else { operator };
                Ok(Self { column: column.to_owned(), operator, value: value.to_owned() })
            }
            _ => Err(SelectionError::NoFilter { text: text.to_owned() }),
        }
    }

    fn accepts(&self, cell: &str) -> Result<bool, SelectionError> {
        let numbers = number(cell).zip(number(&self.value));
        let order = match (self.operator, numbers) {
            ("=", None) => return Ok(cell == self.value),
            ("!=", None) => return Ok(cell != self.value),
            (_, Some((one, other))) => one.total_cmp(&other),
            (_, None) if number(&self.value).is_some() => return Ok(false),
            (operator, None) => {
                let (column, value) = (self.column.clone(), self.value.clone());
                return Err(SelectionError::NoNumber { column, operator, value });
            }
        };
        Ok(match self.operator {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "!=" => order.is_ne(),
            _ => order.is_eq(),
        })
    }
}

/// Numbers as files and people write them: 1_000, 1,000 and 1e3; −0 is 0.
fn number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    plain.parse::<f64>().ok().filter(|number| !number.is_nan()).map(|number| number + 0.0)
}

/// A row with its fields as the file spells them: only that of the row at work is kept.
struct Spelt<'a> {
    row: &'a SummaryRow<'a>,
    fields: Vec<String>,
}

/// Where columns are in a row's fields.
struct Places<'a> {
    overview: &'a Overview,
    names: Vec<&'a str>,
}

impl<'a> Places<'a> {
    fn new(overview: &'a Overview) -> Self {
        Self { overview, names: columns(&overview.setting_names).collect() }
    }

    fn of(&self, column: Chosen) -> Option<usize> {
        self.names.iter().position(|name| *name == column.name(self.overview))
    }

    fn spelt(&self, row: &'a SummaryRow<'a>) -> Spelt<'a> {
        Spelt { row, fields: row.fields(self.overview) }
    }
}

/// A table whose rows are made when they are looked at, a row for each row of results: a large grid has a million of them.
pub struct Listing<'a> {
    places: Places<'a>,
    rows: Vec<&'a SummaryRow<'a>>,
    chosen: Vec<Chosen>,
    /// Which columns have an error to tell in a column of its own.
    has_error: Vec<bool>,
    errors: ErrorStyle,
}

impl Listing<'_> {
    /// The columns.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        for (column, &has_error) in self.chosen.iter().zip(&self.has_error) {
            let head = column.head(self.places.overview);
            let error =
                Column { key: format!("mcse of {}", head.key), name: format!("mcse of {}", head.name), ..head.clone() };
            columns.push(head);
            columns.extend(has_error.then_some(error));
        }
        columns
    }

    /// The rows, a cell for each column.
    pub fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        self.rows.iter().map(|row| {
            let mut cells = Vec::with_capacity(self.chosen.len());
            for (cell, &has_error) in self.cells(row).into_iter().zip(&self.has_error) {
                let error = has_error.then(|| error_of(&cell.value).into());
                cells.push(styled(cell, self.errors));
                cells.extend(error);
            }
            cells
        })
    }

    fn cells(&self, row: &SummaryRow<'_>) -> Vec<Cell> {
        let spelt = Spelt { row, fields: row.fields(self.places.overview) };
        spelt.cells(&self.chosen, &self.places)
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        self.columns().into_iter().for_each(|column| table.push_column(column));
        // People read no digits beyond those that are shown.
        let shown = |row: Vec<Cell>| row.into_iter().map(|cell| Cell { raw: None, ..cell }).collect();
        self.rows().for_each(|row| table.row(shown(row)));
        table
    }
}

impl Selection {
    /// The table of `rows`.
    pub fn table(&self, overview: &Overview, rows: &[SummaryRow<'_>]) -> Result<Table, SelectionError> {
        match &self.pivot {
            None => {
                let table = self.listing(overview, rows)?.table();
                let are_usual = self.columns.is_empty() && !self.every_column;
                Ok(if are_usual { table.without_empty_columns() } else { table })
            }
            Some(pivot) => self.cross(pivot, &Places::new(overview), &self.kept(overview, rows)?),
        }
    }

    /// The same where there is no pivot, row by row, those columns included that have nothing to tell.
    pub fn listing<'a>(
        &self,
        overview: &'a Overview,
        rows: &'a [SummaryRow<'a>],
    ) -> Result<Listing<'a>, SelectionError> {
        let rows = self.kept(overview, rows)?;
        let chosen = match self.columns.as_slice() {
            [] if self.every_column => {
                Chosen::names(overview).filter_map(|name| Chosen::named(name, overview)).collect()
            }
            [] => usual(overview, &rows),
            names => names.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?,
        };
        let has_error = vec![false; chosen.len()];
        let mut listing = Listing { places: Places::new(overview), rows, chosen, has_error, errors: self.errors };
        if self.errors == ErrorStyle::Columns {
            let mut has_error = std::mem::take(&mut listing.has_error);
            for row in &listing.rows {
                for (has_error, cell) in has_error.iter_mut().zip(listing.cells(row)) {
                    *has_error |= matches!(cell.value, Value::Estimate { error: Some(_), .. });
                }
            }
            listing.has_error = has_error;
        }
        Ok(listing)
    }

    /// The rows that satisfy all filters.
    fn kept<'a>(
        &self,
        overview: &Overview,
        rows: &'a [SummaryRow<'a>],
    ) -> Result<Vec<&'a SummaryRow<'a>>, SelectionError> {
        let places = Places::new(overview);
        let filters = self.filters.iter().map(|filter| Ok((filter, named(&filter.column, overview)?)));
        let filters = filters.collect::<Result<Vec<_>, SelectionError>>()?;
        if filters.is_empty() {
            return Ok(rows.iter().collect());
        }
        let mut kept = Vec::new();
        for row in rows {
            let spelt = Spelt { row, fields: row.fields(overview) };
            let mut is_kept = true;
            for &(filter, column) in &filters {
                is_kept &= filter.accepts(&spelt.cell(column, &places).raw())?;
            }
            if is_kept {
                kept.push(row);
            }
        }
        if kept.is_empty() { Err(self.no_row(overview, rows)) } else { Ok(kept) }
    }

    /// A row for each value of some columns, a column for each value of another.
    fn cross(&self, pivot: &Pivot, places: &Places<'_>, rows: &[&SummaryRow<'_>]) -> Result<Table, SelectionError> {
        let overview = places.overview;
        let down = pivot.rows.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?;
        let across = self.columns.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?;
        let cell = named(&pivot.cell, overview)?;
        if down.is_empty() || across.is_empty() {
            return Err(SelectionError::HalfPivot);
        }
        let (mut lines, mut heads) = (Distinct::default(), Distinct::default());
        let mut taken: HashMap<(usize, usize), usize> = HashMap::new();
        for (index, row) in rows.iter().enumerate() {
            let spelt = places.spelt(row);
            let raw = |chosen: &[Chosen]| chosen.iter().map(|&column| spelt.raw(column, places)).collect::<Vec<_>>();
            let at = (lines.place(raw(&down)), heads.place(raw(&across)));
            if let Some(other) = taken.insert(at, index).and_then(|other| rows.get(other)) {
                return Err(ambiguous([&spelt, &places.spelt(other)], &pivot.rows, &self.columns, places));
            }
        }
        let mut table = Table::new();
        down.iter().for_each(|column| table.push_column(column.head(overview)));
        let head = cell.head(overview);
        for values in &heads.all {
            let parts: Vec<String> = across
                .iter()
                .zip(values)
                .map(|(column, value)| format!("{} = {}", column.head(overview).name, printable(value)))
                .collect();
            let name = format!("{}, {}", head.name, parts.join(", "));
            table.push_column(Column { key: name.clone(), name, unit: head.unit.clone(), align: Align::Right });
        }
        for (line, values) in lines.all.iter().enumerate() {
            let label = (0..heads.all.len()).find_map(|column| rows.get(*taken.get(&(line, column))?));
            let labels = label.map_or_else(
                || values.iter().map(|value| value.as_str().into()).collect(),
                |row| places.spelt(row).cells(&down, places),
            );
            let found = (0..heads.all.len()).map(|column| {
                let row = taken.get(&(line, column)).and_then(|&row| rows.get(row));
                row.map_or_else(Cell::default, |row| styled(places.spelt(row).cell(cell, places), self.errors))
            });
            table.row(labels.into_iter().chain(found).collect());
        }
        Ok(table)
    }

    fn no_row(&self, overview: &Overview, rows: &[SummaryRow<'_>]) -> SelectionError {
        let shown: Vec<String> = self
            .filters
            .iter()
            .map(|filter| format!("{} {} {}", filter.column, filter.operator, filter.value))
            .collect();
        let first = self.filters.first().and_then(|filter| Chosen::named(&filter.column, overview));
        let mut values: Vec<String> = Vec::new();
        for row in rows {
            let value = first.map(|column| column.cell(row, None).text()).unwrap_or_default();
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
            filters: shown.join(" and "),
            values: format!("{column} is {}", values.join("; ")),
        }
    }
}

impl Spelt<'_> {
    fn raw(&self, column: Chosen, places: &Places<'_>) -> String {
        places.of(column).and_then(|place| self.fields.get(place)).cloned().unwrap_or_default()
    }

    fn cell(&self, column: Chosen, places: &Places<'_>) -> Cell {
        column.cell(self.row, Some(self.raw(column, places)))
    }

    fn cells(&self, chosen: &[Chosen], places: &Places<'_>) -> Vec<Cell> {
        chosen.iter().map(|&column| self.cell(column, places)).collect()
    }
}

fn named(name: &str, overview: &Overview) -> Result<Chosen, SelectionError> {
    Chosen::named(name, overview).ok_or_else(|| {
        let all: Vec<&str> = Chosen::names(overview).collect();
        SelectionError::NoColumn {
            experiment: overview.experiment.clone(),
            name: name.to_owned(),
            nearest: nearest(name, &all).map(str::to_owned),
            all: all.into_iter().map(str::to_owned).collect(),
        }
    })
}

/// What was varied, theory, estimate, and how they compare.
fn usual(overview: &Overview, rows: &[&SummaryRow<'_>]) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = (0..overview.setting_names.len()).map(Chosen::Setting).collect();
    let mut trials = rows.iter().map(|row| row.comparison.trials);
    let first = trials.next();
    let names = ["n"]
        .into_iter()
        .chain((overview.estimators.len() > 1).then_some("estimator"))
        .chain(trials.any(|other| Some(other) != first).then_some("trials"))
        .chain(USUAL);
    chosen.extend(names.filter_map(|name| Chosen::named(name, overview)));
    chosen
}

/// The error of an estimate as a value of its own.
fn error_of(value: &Value) -> Value {
    match *value {
        Value::Estimate { value, error: Some(error), .. } => Value::ErrorOf { value, error },
        _ => Value::None,
    }
}

/// The same with its error written as is wanted.
fn styled(cell: Cell, style: ErrorStyle) -> Cell {
    match cell.value {
        Value::Estimate { value, error, .. } => Cell { value: Value::Estimate { value, error, style }, ..cell },
        _ => cell,
    }
}

/// Items in the order in which they first come up.
#[derive(Default)]
struct Distinct {
    all: Vec<Vec<String>>,
    places: HashMap<Vec<String>, usize>,
}

impl Distinct {
    /// The place of `item`, at the end if it is new.
    fn place(&mut self, item: Vec<String>) -> usize {
        *self.places.entry(item).or_insert_with_key(|item| {
            self.all.push(item.clone());
            self.all.len() - 1
        })
    }
}

fn ambiguous(rows: [&Spelt<'_>; 2], down: &[String], across: &[String], places: &Places<'_>) -> SelectionError {
    let ([one, other], overview) = (rows, places.overview);
    let keys = ["n", "p", "q", "estimator"].into_iter().chain(overview.setting_names.iter().map(String::as_str));
    let chosen = |name: &str| Chosen::named(name, overview);
    let differ: Vec<&str> = keys
        .filter(|name| chosen(name).is_some_and(|column| one.raw(column, places) != other.raw(column, places)))
        .collect();
    let parts =
        down.iter().chain(across).filter_map(|name| Some(format!("{name} = {}", one.raw(chosen(name)?, places))));
    SelectionError::Ambiguous {
        experiment: overview.experiment.clone(),
        place: parts.collect::<Vec<_>>().join(", "),
        differ: differ.join(", "),
    }
}
