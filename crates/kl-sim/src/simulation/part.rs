//! Some blocks of a group, done.

use super::job::{GroupSummary, Job};
use super::path::{PATH_TRIALS, PathPoint};
use super::sampler::Trials;
use kl_math::statistics::{Node, Restore, TreeMerge};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// The blocks of a group that are done: a run of them, without a gap.
///
/// Any run of blocks can be done anywhere. [`append`](Self::append) puts neighbours together, and the result is the same to the last bit
/// as if one engine had done all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPart {
    start: u64,
    tree: TreeMerge<GroupSummary>,
    paths: Vec<PathPoint>,
}

/// A part as it is saved: the nodes of its tree, and the running estimates of the first trials.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedPart<'a> {
    nodes: Cow<'a, [Node<GroupSummary>]>,
    paths: Cow<'a, [PathPoint]>,
}

impl GroupPart {
    /// No block yet; the first will be number `start`.
    pub fn new(start: u64) -> Self {
        Self { start, tree: TreeMerge::new(), paths: Vec::new() }
    }

    /// The numbers of the blocks.
    pub fn blocks(&self) -> Range<u64> {
        self.start..self.tree.nodes().last().and_then(Node::end).unwrap_or(self.start)
    }

    /// How many trials of the estimation at `place` of the job have no estimate.
    pub fn failed(&self, place: usize) -> u64 {
        self.tree.nodes().iter().map(|node| node.summary.estimation(place).failed).sum()
    }

    /// Adds the nodes of the next blocks, and their paths.
    pub(super) fn push(&mut self, nodes: Vec<Node<GroupSummary>>, paths: Vec<PathPoint>) {
        nodes.into_iter().for_each(|node| self.tree.push(node));
        self.paths.extend(paths);
    }

    /// Adds the blocks that come next. Returns whether they are the next.
    pub fn append(&mut self, later: Self) -> bool {
        let is_next = later.start == self.blocks().end;
        if is_next {
            self.push(later.tree.into_nodes(), later.paths);
        }
        is_next
    }

    /// What it takes to have it again. Counts move to the first node, where they take the least room: no sum changes.
    pub fn save(&mut self) -> SavedPart<'_> {
        if let [first, others @ ..] = self.tree.nodes_mut() {
            others.iter_mut().for_each(|node| node.summary.move_counts_to(&mut first.summary));
        }
        SavedPart { nodes: self.tree.nodes().into(), paths: self.paths.as_slice().into() }
    }

    /// The summary of the blocks from number 0 on, and the paths.
    pub(super) fn finish(self) -> (Option<GroupSummary>, Vec<PathPoint>) {
        (self.tree.finish(), self.paths)
    }
}

impl SavedPart<'_> {
    /// The part that was saved; none if it cannot be what became of these blocks. A file may hold anything.
    pub fn restore(self, job: &Job<'_>, trials: &Trials, blocks: Range<u64>) -> Option<GroupPart> {
        let empty = job.empty(trials);
        let expected = trials.within(&blocks, job.trials);
        let mut part = GroupPart::new(blocks.start);
        let mut found = 0u64;
        for Node { first, level, summary } in self.nodes.into_owned() {
            let summary = summary.restore(&empty, expected)?;
            found = found.checked_add(summary.trials())?;
            let node = Node { first, level, summary };
            if node.first != part.blocks().end || node.end()? > blocks.end {
                return None;
            }
            part.tree.push(node);
        }
        let is_point = |point: &PathPoint| {
            point.estimation < job.estimations.len() && point.trial < PATH_TRIALS && (1..=job.n).contains(&point.length)
        };
        part.paths = self.paths.into_owned();
        (part.blocks() == blocks && found == expected && part.paths.iter().all(is_point)).then_some(part)
    }
}
