//! Reads external trials, on all threads: the file is cut into blocks of rows, and what these hold is joined in their order.

mod block_reader;
mod blocks;
mod gathered;
mod layout;
mod rules;
mod seen_trials;
mod trial_names;

use super::csv_rows::Rows;
use super::header::Header;
use super::{ColumnNames, ExternalTrials, TrialsError};
use block_reader::{Block, read_block};
use blocks::Blocks;
use csv::ByteRecord;
use gathered::Gathered;
use layout::Layout;
use rayon::prelude::*;
use std::io::{self, BufReader, Read};

/// The number of mistakes that are reported one by one.
const REPORTED: usize = 20;

/// Blocks that are in memory for each thread.
const BLOCKS: usize = 2;

pub(super) fn read(name: &str, input: impl Read, columns: &ColumnNames) -> Result<ExternalTrials, TrialsError> {
    let unreadable = |source: io::Error| TrialsError::Unreadable { name: name.to_owned(), source };
    let mut input = BufReader::with_capacity(1 << 18, input);
    let mut rows = Rows::new(&mut input, columns.format.delimiter, columns.format.decimal);
    let mut row = ByteRecord::new();
    if rows.next(&mut row).map_err(unreadable)?.is_none() {
        return Err(TrialsError::Empty { name: name.to_owned() });
    }
    let (delimiter, lines) = (rows.delimiter(), rows.lines());
    let (layout, trials) = Layout::new(Header::new(name, &row), columns)?;
    let mut gathered = Gathered::new(&layout, trials, lines);
    let mut blocks = Blocks::new(input, delimiter);
    loop {
        let some = blocks.some(BLOCKS * rayon::current_num_threads()).map_err(unreadable)?;
        if some.is_empty() {
            return gathered.finish(name);
        }
        let read: Vec<Block> = some.par_iter().map(|text| read_block(&layout, text, delimiter)).collect();
        for block in read {
            gathered.add(block).map_err(|line| TrialsError::Memory { name: name.to_owned(), line })?;
        }
    }
}
