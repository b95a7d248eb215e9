//! Which rows and columns of results a table shows.

use super::column::{Chosen, USUAL};
use super::{Align, Cell, Column, ErrorStyle, Table, Value, printable};
use crate::distribution::nearest;
use crate::record::{Overview, SummaryRow, columns};

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

/// A row with its fields as the file spells them.
struct Spelt<'a> {
    row: &'a SummaryRow<'a>,
    fields: Vec<String>,
}

impl Selection {
    /// The table of `rows`.
    pub fn table(&self, overview: &Overview, rows: &[SummaryRow<'_>]) -> Result<Table, SelectionError> {
        let names: Vec<&str> = columns(&overview.setting_names).collect();
        let place = |column: Chosen| names.iter().position(|name| *name == column.name(overview));
        let filters = self.filters.iter().map(|filter| Ok((filter, named(&filter.column, overview)?)));
        let filters = filters.collect::<Result<Vec<_>, SelectionError>>()?;
        let mut kept = Vec::new();
        for row in rows {
            let fields = row.fields(overview);
            let mut is_kept = true;
            for &(filter, column) in &filters {
                let field = place(column).and_then(|place| fields.get(place)).cloned();
                is_kept &= filter.accepts(&column.cell(row, Some(field.unwrap_or_default())).raw())?;
            }
            if is_kept {
                kept.push(Spelt { row, fields });
            }
        }
        if kept.is_empty() && !filters.is_empty() {
            return Err(self.no_row(overview, rows));
        }
        match &self.pivot {
            None => self.list(overview, &kept, &place),
            Some(pivot) => self.cross(pivot, overview, &kept, &place),
        }
    }

    /// A row for each row.
    fn list(
        &self,
        overview: &Overview,
        rows: &[Spelt<'_>],
        place: &dyn Fn(Chosen) -> Option<usize>,
    ) -> Result<Table, SelectionError> {
        let chosen = match self.columns.as_slice() {
            [] if self.every_column => {
                Chosen::names(overview).filter_map(|name| Chosen::named(name, overview)).collect()
            }
            [] => usual(overview, rows),
            names => names.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?,
        };
        let mut table = Table::new();
        let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.cells(&chosen, place)).collect();
        // Which columns have an error to tell in a column of its own.
        let has_error = |column: usize| {
            let has = |row: &Vec<Cell>| {
                matches!(row.get(column), Some(Cell { value: Value::Estimate { error: Some(_), .. }, .. }))
            };
            self.errors == ErrorStyle::Columns && cells.iter().any(has)
        };
        for (place, column) in chosen.iter().enumerate() {
            let head = column.head(overview);
            let error =
                Column { key: format!("mcse of {}", head.key), name: format!("mcse of {}", head.name), ..head.clone() };
            table.push_column(head);
            if has_error(place) {
                table.push_column(error);
            }
        }
        for row in &cells {
            let mut styled = Vec::new();
            for (place, cell) in row.iter().enumerate() {
                styled.push(self.styled(cell));
                if has_error(place) {
                    styled.push(error_of(&cell.value).into());
                }
            }
            table.row(styled);
        }
        Ok(if self.columns.is_empty() && !self.every_column { table.without_empty_columns() } else { table })
    }

    /// A row for each value of some columns, a column for each value of another.
    fn cross(
        &self,
        pivot: &Pivot,
        overview: &Overview,
        rows: &[Spelt<'_>],
        place: &dyn Fn(Chosen) -> Option<usize>,
    ) -> Result<Table, SelectionError> {
        let down = pivot.rows.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?;
        let across = self.columns.iter().map(|name| named(name, overview)).collect::<Result<Vec<_>, _>>()?;
        let cell = named(&pivot.cell, overview)?;
        if down.is_empty() || across.is_empty() {
            return Err(SelectionError::HalfPivot);
        }
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut heads: Vec<Vec<String>> = Vec::new();
        let mut taken: std::collections::HashMap<(usize, usize), usize> = std::collections::HashMap::new();
        for (index, row) in rows.iter().enumerate() {
            let raw = |chosen: &[Chosen]| chosen.iter().map(|&column| row.raw(column, place)).collect::<Vec<_>>();
            let at = (position(&mut lines, raw(&down)), position(&mut heads, raw(&across)));
            if let Some(other) = taken.insert(at, index).and_then(|other| rows.get(other)) {
                return Err(ambiguous(overview, row, other, &pivot.rows, &self.columns, place));
            }
        }
        let mut table = Table::new();
        down.iter().for_each(|column| table.push_column(column.head(overview)));
        let head = cell.head(overview);
        for values in &heads {
            let parts: Vec<String> = across
                .iter()
                .zip(values)
                .map(|(column, value)| format!("{} = {}", column.head(overview).name, printable(value)))
                .collect();
            let name = format!("{}, {}", head.name, parts.join(", "));
            table.push_column(Column { key: name.clone(), name, unit: head.unit.clone(), align: Align::Right });
        }
        for (line, values) in lines.iter().enumerate() {
            let label = (0..heads.len()).find_map(|column| rows.get(*taken.get(&(line, column))?));
            let labels = label.map_or_else(
                || values.iter().map(|value| value.as_str().into()).collect(),
                |row| row.cells(&down, place),
            );
            let found = (0..heads.len()).map(|column| {
                let row = taken.get(&(line, column)).and_then(|&row| rows.get(row));
                row.map_or_else(Cell::default, |row| self.styled(&row.cell(cell, place)))
            });
            table.row(labels.into_iter().chain(found).collect());
        }
        Ok(table)
    }

    fn styled(&self, cell: &Cell) -> Cell {
        let value = match cell.value {
            Value::Estimate { value, error, .. } => Value::Estimate { value, error, style: self.errors },
            ref other => other.clone(),
        };
        Cell { value, ..cell.clone() }
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
    fn raw(&self, column: Chosen, place: &dyn Fn(Chosen) -> Option<usize>) -> String {
        place(column).and_then(|place| self.fields.get(place)).cloned().unwrap_or_default()
    }

    fn cell(&self, column: Chosen, place: &dyn Fn(Chosen) -> Option<usize>) -> Cell {
        column.cell(self.row, Some(self.raw(column, place)))
    }

    fn cells(&self, chosen: &[Chosen], place: &dyn Fn(Chosen) -> Option<usize>) -> Vec<Cell> {
        chosen.iter().map(|&column| self.cell(column, place)).collect()
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
fn usual(overview: &Overview, rows: &[Spelt<'_>]) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = (0..overview.setting_names.len()).map(Chosen::Setting).collect();
    let mut trials = rows.iter().map(|row| row.row.comparison.trials);
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

/// The place of `item` in `all`, at the end if it is new.
fn position(all: &mut Vec<Vec<String>>, item: Vec<String>) -> usize {
    all.iter().position(|other| *other == item).unwrap_or_else(|| {
        all.push(item);
        all.len() - 1
    })
}

fn ambiguous(
    overview: &Overview,
    one: &Spelt<'_>,
    other: &Spelt<'_>,
    down: &[String],
    across: &[String],
    place: &dyn Fn(Chosen) -> Option<usize>,
) -> SelectionError {
    let keys = ["n", "p", "q", "estimator"].into_iter().chain(overview.setting_names.iter().map(String::as_str));
    let chosen = |name: &str| Chosen::named(name, overview);
    let differ: Vec<&str> = keys
        .filter(|name| chosen(name).is_some_and(|column| one.raw(column, place) != other.raw(column, place)))
        .collect();
    let parts =
        down.iter().chain(across).filter_map(|name| Some(format!("{name} = {}", one.raw(chosen(name)?, place))));
    SelectionError::Ambiguous {
        experiment: overview.experiment.clone(),
        place: parts.collect::<Vec<_>>().join(", "),
        differ: differ.join(", "),
    }
}
