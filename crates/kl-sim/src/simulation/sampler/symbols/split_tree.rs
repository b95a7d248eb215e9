//! A few symbols, told apart by one split after the other.

use super::share::Share;
use kl_math::numeric::DoubleDouble;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Where a side of a split leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// To one symbol.
    Symbol(u16),
    /// To the split with this number.
    Split(usize),
}

/// A symbol falls to the left with the probability `share`, else to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) share: Share,
    pub(super) left: Side,
    pub(super) right: Side,
}

/// Huffman's tree of the symbols that have probability (Cover & Thomas, §5.6): so the frequent ones take few splits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SplitTree {
    /// Each before those of its sides, the left side's before the right side's.
    pub(super) splits: Vec<Split>,
    pub(super) root: Side,
}

/// A part of the tree while it is built.
struct Part {
    /// Of all of its symbols.
    probability: DoubleDouble,
    kind: PartKind,
}

enum PartKind {
    Symbol(u16),
    /// The numbers of two parts.
    Pair(usize, usize),
}

impl SplitTree {
    /// The two parts of least weight are joined, again and again. A symbol's weight is ⌊2⁶⁴ p⌋, a part's the sum; of equal
    /// weights the part that has the earlier first symbol comes first. The part with the earlier first symbol is the left one.
    pub(super) fn new(probabilities: &[DoubleDouble]) -> Self {
        let mut parts = Vec::new();
        let mut heap = BinaryHeap::new();
        for (symbol, &probability) in probabilities.iter().enumerate() {
            if probability > DoubleDouble::ZERO {
                heap.push(Reverse((probability.to_fixed_64(), symbol, parts.len())));
                parts.push(Part { probability, kind: PartKind::Symbol(symbol as u16) });
            }
        }
        while let Some(Reverse(one)) = heap.pop() {
            let Some(Reverse(other)) = heap.pop() else { break };
            let [(left_weight, first, left), (right_weight, _, right)] =
                if one.1 < other.1 { [one, other] } else { [other, one] };
            heap.push(Reverse((left_weight + right_weight, first, parts.len())));
            let probability = parts[left].probability + parts[right].probability;
            parts.push(Part { probability, kind: PartKind::Pair(left, right) });
        }
        let mut splits = Vec::new();
        let root = parts.len().checked_sub(1).map_or(Side::Symbol(0), |root| lay_out(&parts, root, &mut splits));
        Self { splits, root }
    }
}

/// Adds the splits of a part in their order; where it is reached.
fn lay_out(parts: &[Part], part: usize, splits: &mut Vec<Split>) -> Side {
    match parts[part].kind {
        PartKind::Symbol(symbol) => Side::Symbol(symbol),
        PartKind::Pair(left, right) => {
            let place = splits.len();
            let share = Share::of(parts[left].probability, parts[right].probability);
            splits.push(Split { share, left: Side::Symbol(0), right: Side::Symbol(0) });
            let sides = [left, right].map(|side| lay_out(parts, side, splits));
            [splits[place].left, splits[place].right] = sides;
            Side::Split(place)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(weights: &[(u64, u64)]) -> SplitTree {
        SplitTree::new(&weights.iter().map(|&(a, b)| DoubleDouble::ratio(a, b)).collect::<Vec<_>>())
    }

    /// The tree in brackets.
    fn written(tree: &SplitTree, side: Side) -> String {
        match side {
            Side::Symbol(symbol) => symbol.to_string(),
            Side::Split(place) => {
                let Split { left, right, .. } = tree.splits[place];
                format!("({} {})", written(tree, left), written(tree, right))
            }
        }
    }

    /// The mean number of random bits a symbol takes: two a split, one where the split is a half.
    fn bits(tree: &SplitTree, side: Side, probabilities: &[f64]) -> (f64, f64) {
        match side {
            Side::Symbol(symbol) => (probabilities[usize::from(symbol)], 0.0),
            Side::Split(place) => {
                let Split { share, left, right } = tree.splits[place];
                let [left, right] = [left, right].map(|side| bits(tree, side, probabilities));
                let here = 2.0 - libm::exp2(1.0 - f64::from(share.levels()));
                (left.0 + right.0, left.1 + right.1 + here * (left.0 + right.0))
            }
        }
    }

    #[test]
    fn frequent_symbols_take_few_splits() {
        for (weights, expected) in [
            (vec![(1, 2), (1, 2)], "(0 1)"),
            (vec![(1, 6); 6], "(((0 1) (2 3)) (4 5))"),
            (vec![(1, 4); 4], "((0 1) (2 3))"),
            (vec![(1, 100), (97, 100), (1, 100), (1, 100)], "(((0 2) 3) 1)"),
            (vec![(0, 1), (1, 3), (0, 1), (2, 3)], "(1 3)"),
            (vec![(0, 1), (1, 1)], "1"),
        ] {
            let tree = tree(&weights);
            assert_eq!(written(&tree, tree.root), expected);
        }
    }

    #[test]
    fn six_equal_symbols_take_three_bits_and_two_thirds() {
        let tree = tree(&[(1, 6); 6]);
        let (mass, bits) = bits(&tree, tree.root, &[1.0 / 6.0; 6]);
        assert!((mass - 1.0).abs() < 1e-15 && (bits - 11.0 / 3.0).abs() < 1e-12, "{bits}");
    }
}
