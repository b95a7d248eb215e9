//! How a run is cut into parts.

use super::cost::{group_cost, trial_cost};
use super::{Group, Plan};
use kl_sim::simulation::Trials;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Range;
use std::str::FromStr;

/// A run is cut into no more parts than this.
pub const MOST_PARTS: u32 = 1_000_000;

/// Which part of how many: K/M.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PartNumber {
    of: u32,
    part: u32,
}

/// Why a part cannot be numbered so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartNumberError {
    /// It is not of the form `K/M`.
    #[error("write it as K/M, as in 3/100: part 3 of 100")]
    Form,
    /// They are too many.
    #[error("a run has at most {MOST_PARTS} parts")]
    Many,
    /// The part is none of 1 to M.
    #[error("the parts of {of} are 1/{of} to {of}/{of}")]
    Range {
        /// How many parts there are.
        of: NonZeroU32,
    },
}

impl PartNumber {
    /// The one part of one.
    pub const WHOLE: Self = Self { of: 1, part: 1 };

    /// Part `part` of `of`, counted from 1.
    pub fn new(part: u32, of: NonZeroU32) -> Result<Self, PartNumberError> {
        if of.get() > MOST_PARTS {
            return Err(PartNumberError::Many);
        }
        if (1..=of.get()).contains(&part) {
            Ok(Self { of: of.get(), part })
        } else {
            Err(PartNumberError::Range { of })
        }
    }

    /// Every part of so many.
    pub fn all(of: NonZeroU32) -> impl Iterator<Item = Self> {
        let of = of.get().min(MOST_PARTS);
        (1..=of).map(move |part| Self { of, part })
    }

    /// Its number, from 1.
    pub fn part(self) -> u32 {
        self.part
    }

    /// How many parts there are.
    pub fn of(self) -> u32 {
        self.of
    }
}

impl FromStr for PartNumber {
    type Err = PartNumberError;

    fn from_str(text: &str) -> Result<Self, PartNumberError> {
        let (part, of) = text.split_once('/').ok_or(PartNumberError::Form)?;
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| PartNumberError::Form);
        Self::new(number(part)?, NonZeroU32::new(number(of)?).ok_or(PartNumberError::Form)?)
    }
}

impl TryFrom<String> for PartNumber {
    type Error = PartNumberError;

    fn try_from(text: String) -> Result<Self, PartNumberError> {
        text.parse()
    }
}

impl From<PartNumber> for String {
    fn from(number: PartNumber) -> Self {
        number.to_string()
    }
}

impl fmt::Display for PartNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.part, self.of)
    }
}

/// A place in the row of all blocks of a run: before a block of a group, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The group's place in [`Plan::groups`].
    pub group: usize,
    /// The number of the block.
    pub block: u64,
}

impl Place {
    /// Before the first block of a group.
    pub fn start_of(group: usize) -> Self {
        Self { group, block: 0 }
    }

    /// The blocks of a group, of `blocks` in all, that are in a range of places.
    pub fn blocks(range: &Range<Self>, group: usize, blocks: u64) -> Range<u64> {
        let bound = |place: Self| match place.group.cmp(&group) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => place.block.min(blocks),
            std::cmp::Ordering::Greater => blocks,
        };
        bound(range.start)..bound(range.end).max(bound(range.start))
    }

    /// The groups of which a range of places has blocks, or may have.
    pub fn groups(range: &Range<Self>) -> Range<usize> {
        if range.is_empty() {
            return range.start.group..range.start.group;
        }
        range.start.group..range.end.group + usize::from(range.end.block > 0)
    }
}

/// The blocks of a group in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct GroupBlocks {
    /// The cost of all groups before it.
    before: u128,
    blocks: u64,
    /// The cost of a block; the last one may have fewer trials and costs less.
    block_cost: u128,
    cost: u128,
}

/// All blocks of all groups of a plan in one row, each with a cost that follows from the plan alone: it is the same on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockRow {
    groups: Vec<GroupBlocks>,
    total: u128,
}

impl BlockRow {
    /// The row of a plan; `sampling` makes the samplers, whose blocks are laid out.
    pub fn of(plan: &Plan, sampling: impl Fn(&Plan, &Group) -> Trials) -> Self {
        let mut row = Self { groups: Vec::new(), total: 0 };
        for group in plan.groups() {
            let trials = sampling(plan, &group);
            let blocks = trials.blocks(group.trials);
            let (block_cost, cost) = match &trials {
                Trials::Each(each) => {
                    let cost = u128::from(trial_cost(plan, &group, &trials));
                    (cost * u128::from(each.sizes().block), cost * u128::from(group.trials))
                }
                Trials::Tallied(_) => {
                    let cost = group_cost(plan, &group, &trials);
                    (cost, cost)
                }
            };
            row.groups.push(GroupBlocks { before: row.total, blocks, block_cost, cost });
            row.total += cost;
        }
        row
    }

    /// The place after the last block.
    pub fn end(&self) -> Place {
        Place::start_of(self.groups.len())
    }

    /// How many blocks a group has.
    pub fn blocks(&self, group: usize) -> u64 {
        self.groups.get(group).map_or(0, |group| group.blocks)
    }

    /// Part K of M: the blocks that start in \[T(K−1)/M, TK/M) of the total cost T. It may have none.
    pub fn part(&self, number: PartNumber) -> Range<Place> {
        let PartNumber { part, of } = number;
        let (part, of) = (u128::from(part), u128::from(of));
        let bound = |part: u128| (self.total / of) * part + (self.total % of) * part / of;
        self.first_from(bound(part - 1))..if part == of { self.end() } else { self.first_from(bound(part)) }
    }

    /// The first block that starts at this cost or later.
    fn first_from(&self, cost: u128) -> Place {
        let group = self.groups.partition_point(|group| group.before + group.cost <= cost);
        let Some(found) = self.groups.get(group) else { return self.end() };
        let block = cost.saturating_sub(found.before).div_ceil(found.block_cost.max(1));
        match u64::try_from(block) {
            Ok(block) if block < found.blocks => Place { group, block },
            _ => Place::start_of(group + 1),
        }
    }

    /// The cost of a range of places.
    pub fn cost(&self, range: &Range<Place>) -> u128 {
        self.before(range.end).saturating_sub(self.before(range.start))
    }

    /// The cost of all blocks before a place.
    fn before(&self, place: Place) -> u128 {
        self.groups
            .get(place.group)
            .map_or(self.total, |group| group.before + (u128::from(place.block) * group.block_cost).min(group.cost))
    }

    /// What the cut depends on, as text: two rows with the same are cut in the same places.
    pub fn described(&self) -> String {
        let group = |group: &GroupBlocks| format!("{},{},{};", group.blocks, group.block_cost, group.cost);
        self.groups.iter().map(group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(groups: &[(u64, u128, u128)]) -> BlockRow {
        let mut row = BlockRow { groups: Vec::new(), total: 0 };
        for &(blocks, block_cost, last) in groups {
            let cost = block_cost * u128::from(blocks - 1) + last.clamp(1, block_cost);
            row.groups.push(GroupBlocks { before: row.total, blocks, block_cost, cost });
            row.total += cost;
        }
        row
    }

    proptest! {
        /// Every block is in one part, where its start lies, and none is in two.
        #[test]
        fn parts_cover_the_row(groups in proptest::collection::vec((1u64..9, 1u128..50, 1u128..50), 0..8), of in 1u32..60) {
            let row = row(&groups);
            let of = NonZeroU32::new(of).unwrap();
            let (mut next, mut cost) = (Place::default(), 0);
            for number in PartNumber::all(of) {
                let range = row.part(number);
                prop_assert_eq!(range.start, next, "{}", number);
                for group in Place::groups(&range) {
                    for block in Place::blocks(&range, group, row.blocks(group)) {
                        let start = row.before(Place { group, block });
                        let (part, of) = (u128::from(number.part), u128::from(number.of));
                        // Bounds are rounded down.
                        prop_assert!(row.total * (part - 1) / of <= start && start < row.total * part / of);
                    }
                }
                cost += row.cost(&range);
                next = range.end;
            }
            prop_assert_eq!((next, cost), (row.end(), row.total));
        }
    }

    #[test]
    fn part_numbers_are_read() {
        let read = |text: &str| text.parse::<PartNumber>().map(|number| (number.part(), number.of()));
        assert_eq!(read("3/7"), Ok((3, 7)));
        assert_eq!(read("8/7").unwrap_err().to_string(), "the parts of 7 are 1/7 to 7/7");
        for wrong in ["3", "3/", "/7", "0x3/7", "-1/7", "3/0", "3/7/9", ""] {
            assert_eq!(read(wrong), Err(PartNumberError::Form), "{wrong}");
        }
        assert!(matches!(read("0/7"), Err(PartNumberError::Range { .. })));
    }
}
