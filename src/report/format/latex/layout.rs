//! How a table is divided: columns that are too wide side by side, and rows and stacks of columns that are too many for a page.

use super::cells::TexTable;
use std::ops::Range;

/// Lines that fit on a page.
const PAGE: usize = 40;

/// Lines that the head and the rules of a stack take, about.
const AROUND: usize = 4;

/// Letters in a line of the caption.
const CAPTION: usize = 80;

/// Fewer rows than these are no table: rather than that, the columns below each other are divided, too.
const FEW: usize = 8;

/// What one float shows: some rows, with the columns in stacks below each other.
#[derive(Debug)]
pub(super) struct Part {
    /// The rows.
    pub(super) rows: Range<usize>,
    /// The columns of each stack, the ones that name the rows first.
    pub(super) stacks: Vec<Vec<usize>>,
}

/// Divides a table into parts of at most this width in points, as far as its widest column allows. Each fits on a page, below a caption of
/// so many letters.
pub(super) fn parts(table: &TexTable<'_>, widest: f64, caption: usize) -> Vec<Part> {
    let stacks = stacks(table, widest);
    let rows = table.rows();
    let tallest = (0..rows).map(|row| table.lines(row)).max().unwrap_or(1);
    let lines = PAGE.saturating_sub(caption / CAPTION);
    let together = (lines / (AROUND + tallest * rows.min(FEW))).clamp(1, stacks.len());
    let most = ((lines / together).saturating_sub(AROUND) / tallest).max(1);
    let of_rows = (0..rows.max(1)).step_by(most).map(|start| start..rows.min(start + most));
    let part = |rows: Range<usize>| {
        stacks.chunks(together).map(move |stacks| Part { rows: rows.clone(), stacks: stacks.to_vec() })
    };
    of_rows.flat_map(part).collect()
}

fn stacks(table: &TexTable<'_>, widest: f64) -> Vec<Vec<usize>> {
    let keys: Vec<usize> = (0..table.keys()).collect();
    let of_keys: f64 = keys.iter().map(|&column| table.width(column)).sum();
    let mut stacks: Vec<Vec<usize>> = Vec::new();
    let mut taken = f64::INFINITY;
    for column in keys.len()..table.columns() {
        let width = table.width(column);
        taken += width;
        match stacks.last_mut() {
            Some(stack) if taken <= widest => stack.push(column),
            _ => {
                stacks.push(keys.iter().copied().chain([column]).collect());
                taken = of_keys + width;
            }
        }
    }
    if stacks.is_empty() { vec![keys] } else { stacks }
}
