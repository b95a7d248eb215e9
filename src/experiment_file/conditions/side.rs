//! P, Q, or a test, at every point of the grid.

use crate::experiment_file::diagnostics::Place;
use crate::experiment_file::distribution::{has_components, with_family, with_numbers};
use crate::experiment_file::grid::{Axis, Path};
use crate::experiment_file::value::{Entry, Form, Value};
use kl_math::distribution::Distribution;
use std::collections::HashMap;
use std::sync::Arc;

/// Everything that P, or Q, or the test, is in some condition.
///
/// The side depends on some of the axes; `members` has an entry for each point of those axes.
#[derive(Debug)]
pub(crate) struct Side<T> {
    /// For each axis, the step in `members` for a step along the axis; 0 for an axis that the side does not depend on.
    strides: Vec<usize>,
    members: Vec<Option<(T, Place)>>,
}

impl<T> Default for Side<T> {
    fn default() -> Self {
        Self { strides: Vec::new(), members: Vec::new() }
    }
}

impl<T: Clone> Side<T> {
    /// Reads all of them. `read` is also given the place of the key of the grid, where only that sets anything: what is missing is
    /// reported there, once.
    pub(crate) fn read(
        side: &str,
        written: Option<&Value>,
        axes: &[&Axis],
        rows: &[Vec<Vec<Value>>],
        mut read: impl FnMut(Value, Option<Place>) -> Option<(T, Place)>,
    ) -> Self {
        let columns: Vec<(usize, usize, &Path)> = axes
            .iter()
            .enumerate()
            .flat_map(|(axis, all)| all.paths.iter().enumerate().map(move |(column, path)| (axis, column, path)))
            .filter(|(_, _, path)| path.side() == side)
            .collect();
        let mut strides = vec![0; axes.len()];
        let mut count = 1;
        for (axis, rows) in rows.iter().enumerate().rev() {
            if columns.iter().any(|column| column.0 == axis) {
                strides[axis] = count;
                count *= rows.len();
            }
        }
        let base = fixed(written, columns.iter().map(|column| column.2));
        if base.is_none() && columns.is_empty() {
            return Self { strides, members: vec![None] };
        }
        // Several cases may have the same P, which is then allocated once. Grid values all differ.
        let may_repeat = columns.iter().any(|column| axes[column.0].paths.len() > 1);
        let mut known: HashMap<String, Option<(T, Place)>> = HashMap::new();
        let is_pieced = base.is_none() && columns.iter().all(|column| column.2.keys.len() > 2);
        let absent = columns.first().map(|column| column.2.place).filter(|_| is_pieced);
        let members = (0..count)
            .map(|point| {
                let mut value = base.clone();
                for &(axis, column, path) in &columns {
                    let row = point / strides[axis] % rows[axis].len();
                    value = Some(inserted(value, path.keys.get(1..).unwrap_or_default(), &rows[axis][row][column]));
                }
                let value = with_family(value?);
                if may_repeat {
                    known.entry(value.toml()).or_insert_with(|| read(value, absent)).clone()
                } else {
                    read(value, absent)
                }
            })
            .collect();
        Self { strides, members }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// What it is at a point of the grid, and its place.
    pub(crate) fn at(&self, digits: &[usize]) -> Option<&(T, Place)> {
        let point: usize = self.strides.iter().zip(digits).map(|(stride, digit)| stride * digit).sum();
        self.members.get(point)?.as_ref()
    }
}

impl Side<Arc<Distribution>> {
    /// The most symbols of any alphabet (for a chain: pairs of states).
    pub(crate) fn symbols(&self) -> usize {
        let size = |distribution: &Distribution| match distribution.mass_function().alphabet().size() {
            symbols if distribution.chain().is_some() => symbols * symbols,
            symbols => symbols,
        };
        self.members.iter().flatten().map(|(distribution, _)| size(distribution)).max().unwrap_or_default()
    }
}

/// The value written for P or Q, without the parameters that the paths set.
pub(crate) fn fixed<'a>(written: Option<&Value>, paths: impl Iterator<Item = &'a Path>) -> Option<Value> {
    paths.fold(written.cloned().map(with_family), |value, path| without(value?, path.keys.get(1..).unwrap_or_default()))
}

fn without(mut value: Value, keys: &[String]) -> Option<Value> {
    let (first, rest) = keys.split_first()?;
    if has_components(first)
        && !rest.is_empty()
        && let Form::Table(entries) = &mut value.form
    {
        entries.iter_mut().filter(|entry| entry.key == *first).for_each(|entry| with_numbers(&mut entry.value));
    }
    if let Form::Table(entries) = &mut value.form
        && let Some(found) = entries.iter().position(|entry| entry.key == *first)
    {
        let entry = entries.remove(found);
        if let Some(left) = without(entry.value, rest) {
            entries.insert(found, Entry { key: entry.key, key_place: entry.key_place, value: left });
        }
        if entries.is_empty() {
            return None;
        }
    }
    Some(value)
}

/// Sets the value at a path. A value on the way that is not a table is kept and reported when the distribution is read.
fn inserted(base: Option<Value>, keys: &[String], value: &Value) -> Value {
    let Some((first, rest)) = keys.split_first() else { return value.clone() };
    let mut base = base.unwrap_or_else(|| Value::new(value.place, Form::Table(Vec::new())));
    if let Form::Table(entries) = &mut base.form {
        let found = entries.iter().position(|entry| entry.key == *first).map(|found| entries.remove(found).value);
        let value = inserted(found, rest, value);
        entries.push(Entry { key: first.clone(), key_place: value.place, value });
    }
    base
}
