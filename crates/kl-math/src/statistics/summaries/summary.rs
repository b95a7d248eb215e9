//! Summaries are monoids, merged along one fixed tree.

/// What is kept of many trials: an empty one exists where it is made, and merging two that cover
/// neighbouring ranges covers both.
pub trait Summary {
    /// Takes in the summary of the trials that follow.
    fn merge(&mut self, later: Self);
}

/// Merges the summaries of blocks 0, 1, 2, … along the fixed binary tree of their numbers: a node of
/// level k covers 2ᵏ blocks and starts at a multiple of 2ᵏ. Floating-point sums then have the same bits
/// however the blocks were shared out, and any aligned range can be computed elsewhere.
///
/// ```
/// use kl_math::statistics::{Summary, TreeMerge};
/// #[derive(PartialEq, Debug)]
/// struct Shape(String);
/// impl Summary for Shape {
///     fn merge(&mut self, later: Self) {
///         self.0 = format!("({}{})", self.0, later.0);
///     }
/// }
/// let mut tree = TreeMerge::new();
/// for block in ["a", "b", "c", "d", "e"] {
///     tree.push(Shape(block.into()), 0);
/// }
/// assert_eq!(tree.finish(), Some(Shape("(((ab)(cd))e)".into())));
/// ```
#[derive(Debug)]
pub struct TreeMerge<S> {
    /// Nodes whose sibling has not come yet, by falling level.
    waiting: Vec<(u32, S)>,
}

impl<S: Summary> TreeMerge<S> {
    /// A tree without blocks.
    pub fn new() -> Self {
        Self { waiting: Vec::new() }
    }

    /// Takes the next node: the summary of the next 2^`level` blocks. Only the last node may cover fewer.
    pub fn push(&mut self, summary: S, level: u32) {
        let (mut summary, mut level) = (summary, level);
        while let Some((_, mut earlier)) = self.waiting.pop_if(|(waiting, _)| *waiting == level) {
            earlier.merge(summary);
            summary = earlier;
            level += 1;
        }
        self.waiting.push((level, summary));
    }

    /// The summary of all blocks, or `None` if there were none.
    pub fn finish(self) -> Option<S> {
        self.waiting.into_iter().rev().map(|(_, summary)| summary).reduce(|later, mut earlier| {
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
