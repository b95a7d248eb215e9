//! Summaries are monoids, merged along one fixed tree.

use serde::{Deserialize, Serialize};

/// What is kept of many trials: an empty one exists where it is made, and merging two that cover
/// neighbouring ranges covers both.
pub trait Summary {
    /// Takes in the summary of the trials that follow.
    fn merge(&mut self, later: Self);
}

/// A summary that can be saved and read back. What every summary of its kind has in common is not saved.
pub trait Restore: Sized {
    /// The summary that was saved, with what it has in common with `empty`, the summary of no trial; none if it cannot be one of
    /// `trials` trials of that kind. A file may hold anything.
    fn restore(self, empty: &Self, trials: u64) -> Option<Self>;
}

/// What two optional summaries have in common: both are there, or none.
pub fn restore_option<S: Restore>(saved: Option<S>, empty: Option<&S>, trials: u64) -> Option<Option<S>> {
    match (saved, empty) {
        (Some(saved), Some(empty)) => saved.restore(empty, trials).map(Some),
        (None, None) => Some(None),
        _ => None,
    }
}

/// A node of the fixed binary tree of block numbers: the summary of 2^`level` blocks from number `first` on, a multiple of 2^`level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node<S> {
    /// The first of its blocks.
    pub first: u64,
    /// It has 2^`level` of them.
    pub level: u32,
    /// Their summary.
    pub summary: S,
}

impl<S> Node<S> {
    /// One block.
    pub fn block(first: u64, summary: S) -> Self {
        Self { first, level: 0, summary }
    }

    /// One past the last of its blocks; none if it is no node of the tree.
    pub fn end(&self) -> Option<u64> {
        let size = 1u64.checked_shl(self.level)?;
        if self.first.is_multiple_of(size) { self.first.checked_add(size) } else { None }
    }

    /// Whether `next` is the other half of the same node.
    fn is_followed_by(&self, next: &Self) -> bool {
        self.level == next.level && (self.first >> self.level) & 1 == 0 && self.end() == Some(next.first)
    }
}

/// Merges the summaries of neighbouring blocks along the fixed binary tree of their numbers: a node of
/// level k covers 2ᵏ blocks and starts at a multiple of 2ᵏ. Floating-point sums then have the same bits
/// however the blocks were shared out, and any range can be computed elsewhere: its nodes are what is kept of it.
///
/// ```
/// use kl_math::statistics::{Node, Summary, TreeMerge};
/// #[derive(PartialEq, Debug)]
/// struct Shape(String);
/// impl Summary for Shape {
///     fn merge(&mut self, later: Self) {
///         self.0 = format!("({}{})", self.0, later.0);
///     }
/// }
/// let of = |first: u64, blocks: &str| {
///     let mut tree = TreeMerge::new();
///     (first..).zip(blocks.chars()).for_each(|(block, name)| tree.push(Node::block(block, Shape(name.into()))));
///     tree
/// };
/// let (mut some, others) = (of(0, "abc"), of(3, "de"));
/// others.into_nodes().into_iter().for_each(|node| some.push(node));
/// assert_eq!(some.finish(), Some(Shape("(((ab)(cd))e)".into())));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TreeMerge<S> {
    /// Nodes whose sibling has not come, one after the other.
    nodes: Vec<Node<S>>,
}

impl<S: Summary> TreeMerge<S> {
    /// A tree without blocks.
    pub fn new() -> Self {
        Self { nodes: Vec::new() }
    }

    /// Takes the node that follows those before.
    pub fn push(&mut self, node: Node<S>) {
        let mut node = node;
        while let Some(mut earlier) = self.nodes.pop_if(|waiting| waiting.is_followed_by(&node)) {
            earlier.summary.merge(node.summary);
            node = Node { level: earlier.level + 1, ..earlier };
        }
        self.nodes.push(node);
    }

    /// The nodes so far.
    pub fn nodes(&self) -> &[Node<S>] {
        &self.nodes
    }

    /// The nodes so far: what is moved from one to another stays in the whole.
    pub fn nodes_mut(&mut self) -> &mut [Node<S>] {
        &mut self.nodes
    }

    /// The nodes, to be pushed elsewhere.
    pub fn into_nodes(self) -> Vec<Node<S>> {
        self.nodes
    }

    /// The summary of all blocks from number 0 on, or `None` if there were none.
    pub fn finish(self) -> Option<S> {
        self.nodes.into_iter().rev().map(|node| node.summary).reduce(|later, mut earlier| {
            earlier.merge(later);
            earlier
        })
    }
}

impl<S: Summary> Default for TreeMerge<S> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Shape(String);

    impl Summary for Shape {
        fn merge(&mut self, later: Self) {
            self.0 = format!("({}{})", self.0, later.0);
        }
    }

    fn of(blocks: std::ops::Range<u64>) -> TreeMerge<Shape> {
        let mut tree = TreeMerge::new();
        blocks.for_each(|block| tree.push(Node::block(block, Shape(format!("{block} ")))));
        tree
    }

    proptest! {
        /// Wherever the blocks are cut, and however the parts are cut again.
        #[test]
        fn parts_make_the_tree_of_the_whole(all in 1u64..70, cuts in proptest::collection::vec(0u64..70, 0..6)) {
            let mut cuts: Vec<u64> = cuts.into_iter().map(|cut| cut.min(all)).chain([0, all]).collect();
            cuts.sort_unstable();
            let mut merged = TreeMerge::new();
            for cut in cuts.windows(2) {
                let part = of(cut[0]..cut[1]);
                prop_assert!(part.nodes().len() <= 2 * 7);
                let mut next = cut[0];
                for node in part.into_nodes() {
                    prop_assert_eq!(node.first, next);
                    next = node.end().unwrap();
                    merged.push(node);
                }
                prop_assert_eq!(next, cut[1]);
            }
            prop_assert_eq!(&merged, &of(0..all));
            prop_assert_eq!(merged.finish(), of(0..all).finish());
        }
    }

    #[test]
    fn what_is_no_node_has_no_end() {
        let end = |first, level| Node { first, level, summary: () }.end();
        assert_eq!(
            [end(0, 0), end(4, 2), end(6, 2), end(0, 64), end(u64::MAX, 0)],
            [Some(1), Some(8), None, None, None]
        );
    }
}
