//! The trials of all blocks so far, in the order of the file.

use super::REPORTED;
use super::block_reader::{Block, BlockGroup};
use super::layout::Layout;
use super::seen_trials::SeenTrials;
use super::trial_names::{Renumbered, TrialNames};
use crate::external_trials::{CellMistake, ExternalTrials, Group, TrialsError};
use std::collections::{HashMap, TryReserveError};

/// What blocks that have been read hold together.
pub(super) struct Gathered<'a> {
    layout: &'a Layout<'a>,
    trials: ExternalTrials,
    groups: HashMap<Vec<u8>, usize>,
    names: TrialNames,
    seen: Vec<SeenTrials>,
    missing: Vec<u64>,
    first: Vec<CellMistake>,
    mistakes: u64,
    /// The number of lines so far.
    lines: u64,
}

impl<'a> Gathered<'a> {
    /// Nothing yet but the first `lines` lines, which name the columns.
    pub(super) fn new(layout: &'a Layout<'a>, trials: ExternalTrials, lines: u64) -> Self {
        let missing = vec![0; layout.header.names.len()];
        let (groups, names, seen, first) = (HashMap::new(), TrialNames::default(), Vec::new(), Vec::new());
        Self { layout, trials, groups, names, seen, missing, first, mistakes: 0, lines }
    }

    /// Adds the next block; the error is the first line that there is no memory for.
    pub(super) fn add(&mut self, block: Block) -> Result<(), u64> {
        let full = self.lines + 1;
        if block.is_full {
            return Err(full);
        }
        let names = block.names.add_to(&mut self.names);
        let mut repeated = Vec::new();
        for group in block.groups {
            self.add_group(group, &names, &mut repeated).map_err(|_| full)?;
        }
        self.add_mistakes(block.mistakes, &block.wrong_lines, repeated);
        self.missing.iter_mut().zip(block.missing).for_each(|(all, count)| *all += count);
        self.lines += block.lines;
        Ok(())
    }

    fn add_group(
        &mut self,
        BlockGroup { key, set, group, rows }: BlockGroup,
        names: &Renumbered,
        repeated: &mut Vec<(u64, usize, CellMistake)>,
    ) -> Result<(), TryReserveError> {
        let place = match self.groups.get(&key) {
            Some(&place) => place,
            None => {
                self.trials.groups.push(Group { keys: group.keys.clone(), ..Group::default() });
                self.seen.push(SeenTrials::default());
                self.groups.insert(key, self.trials.groups.len() - 1);
                self.trials.groups.len() - 1
            }
        };
        if let Some(seen) = self.seen.get_mut(place) {
            for (trial, line) in rows {
                let (trial, line) = (names.get(trial), line + self.lines);
                if let Some(earlier) = seen.insert(trial, line)? {
                    let column = self.layout.trial.and_then(|place| self.layout.header.names.get(place)).cloned();
                    let help =
                        format!("line {earlier} has it too; separate the groups with --by, or number the trials anew");
                    let found = self.names.text(trial);
                    let mistake = CellMistake { line, column, found, rule: "a trial comes once in a group", help };
                    repeated.push((line, set, mistake));
                }
            }
        }
        let is_named = self.layout.trial.is_some();
        match self.trials.groups.get_mut(place) {
            Some(all) => all.append(group, names, is_named),
            None => Ok(()),
        }
    }

    /// Adds the mistakes of a block by line. A trial that comes again is found in its row before what is wrong in a later set.
    fn add_mistakes(
        &mut self,
        own: Vec<CellMistake>,
        wrong_lines: &[u64],
        mut repeated: Vec<(u64, usize, CellMistake)>,
    ) {
        repeated.sort_by_key(|(line, set, _)| (*line, *set));
        repeated.dedup_by_key(|(line, _, _)| *line);
        let is_repeated = |line: u64| repeated.binary_search_by_key(&line, |(line, _, _)| *line).is_ok();
        let others = wrong_lines.iter().filter(|line| !is_repeated(**line + self.lines)).count();
        self.mistakes += (others + repeated.len()) as u64;
        let own = own.into_iter().map(|mistake| CellMistake { line: mistake.line + self.lines, ..mistake });
        let mut all: Vec<CellMistake> = own.filter(|mistake| !is_repeated(mistake.line)).collect();
        all.extend(repeated.iter().take(REPORTED).map(|(_, _, mistake)| mistake.clone()));
        all.sort_by_key(|mistake| mistake.line);
        self.first.extend(all.into_iter().take(REPORTED - self.first.len().min(REPORTED)));
    }

    /// All trials, unless there are mistakes.
    pub(super) fn finish(self, name: &str) -> Result<ExternalTrials, TrialsError> {
        let Self { layout, mut trials, missing, first, mistakes: count, .. } = self;
        if count > 0 {
            return Err(TrialsError::Cells { name: name.to_owned(), first, count });
        }
        trials.groups.iter_mut().for_each(Group::unite_truths);
        let missing = layout.header.names.iter().zip(missing).filter(|(_, count)| *count > 0);
        trials.missing_cells = missing.map(|(name, count)| (name.clone(), count)).collect();
        if trials.groups.is_empty() { Err(TrialsError::NoRows { name: name.to_owned() }) } else { Ok(trials) }
    }
}

impl Group {
    /// Adds the trials of a later block, if there is memory for them: a file may have hundreds of millions.
    fn append(&mut self, later: Self, names: &Renumbered, is_named: bool) -> Result<(), TryReserveError> {
        fn add<T: Copy>(all: &mut Vec<T>, later: impl ExactSizeIterator<Item = T>) -> Result<(), TryReserveError> {
            all.try_reserve(later.len())?;
            all.extend(later);
            Ok(())
        }
        let before = self.rows();
        let trial = |trial: u64| if is_named { names.get(trial) } else { before + trial };
        add(&mut self.trials, later.trials.iter().map(|&own| trial(own)))?;
        add(&mut self.candidates, later.candidates.iter().map(|&own| names.get(own)))?;
        add(&mut self.estimates, later.estimates.iter().copied())?;
        add(&mut self.truths, later.truths.iter().copied())?;
        for (all, later) in self.numbers.iter_mut().zip(&later.numbers) {
            add(all, later.iter().copied())?;
        }
        self.truth = self.truth.or(later.truth);
        self.missing += later.missing;
        self.infinite += later.infinite;
        Ok(())
    }
}
