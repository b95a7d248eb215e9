//! Sequences over a few symbols, from splits of all their places at once.

use super::split_tree::{Side, Split, SplitTree};
use super::tosses::Tosses;
use crate::estimator::{Detail, Rows, View};
use crate::simulation::sampler::blocks::{Sampler, Segment};
use crate::simulation::stream::Stream;

/// Most symbols that are drawn at once: longer sequences come in parts of this length.
const MOST_SYMBOLS: u64 = 1 << 15;

/// Most trials that are drawn at once.
const MOST_TRIALS: u64 = 128;

/// How many trials of `n` symbols are drawn at once: a power of two.
fn trials_at_once(n: u64) -> u64 {
    1 << (MOST_SYMBOLS / n.max(1)).clamp(1, MOST_TRIALS).ilog2()
}

/// The sampler of one block.
///
/// What is drawn at once is a part: several trials, or some places of a long one. Its size depends on N alone. Each split of
/// the tree, in order, divides the places that have come to it.
#[derive(Debug)]
pub(super) struct SplitSequence<'a> {
    tree: &'a SplitTree,
    alphabet: usize,
    n: u64,
    stream: Stream,
    part: Part,
    /// The last segment's first trial, and how many trials have begun.
    trial: u64,
    begun: u64,
    tosses: Tosses,
    /// How many places of each trial have come to each split: a row a split.
    arrived: Vec<u32>,
    left: Vec<u32>,
    right: Vec<u32>,
    /// The sides of each split's places, and where those of each trial begin.
    sides: Vec<u64>,
    starts: Vec<usize>,
    scratch: Vec<u16>,
    /// The last segment's counts, and its symbols if they were asked for.
    counts: Vec<u64>,
    symbols: Vec<u32>,
}

/// What was drawn last.
#[derive(Debug, Default)]
struct Part {
    /// Where the stream was before.
    position: u64,
    first: u64,
    trials: u64,
    start: u64,
    length: u64,
    /// A row of counts for each trial.
    counts: Vec<u64>,
    /// The symbols of all trials, if they are known.
    symbols: Vec<u16>,
}

impl Part {
    fn holds(&self, trial: u64, place: u64) -> bool {
        trial.wrapping_sub(self.first) < self.trials && place.wrapping_sub(self.start) < self.length
    }
}

impl<'a> SplitSequence<'a> {
    pub(super) fn new(tree: &'a SplitTree, alphabet: usize, n: u64, stream: Stream) -> Self {
        Self {
            tree,
            alphabet,
            n,
            stream,
            part: Part::default(),
            trial: 0,
            begun: 0,
            tosses: Tosses::default(),
            arrived: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
            sides: Vec::new(),
            starts: Vec::new(),
            scratch: Vec::new(),
            counts: Vec::new(),
            symbols: Vec::new(),
        }
    }
}

impl Sampler for SplitSequence<'_> {
    fn draw(&mut self, segment: Segment, detail: Detail) -> View<'_> {
        let Segment { trials, start, end } = segment;
        let (mut counts, mut symbols) = (std::mem::take(&mut self.counts), std::mem::take(&mut self.symbols));
        counts.clear();
        counts.reserve(trials * self.alphabet);
        symbols.clear();
        if start == 0 {
            self.trial = self.begun;
            self.begun += trials as u64;
        }
        let last = self.trial + trials as u64;
        let mut trial = self.trial;
        while trial < last {
            if end - start == self.n && self.n <= MOST_SYMBOLS {
                // Whole trials, as many as the part has.
                self.reach(trial, 0, detail);
                let part = &self.part;
                let ready = (part.first + part.trials).min(last) - trial;
                let rows =
                    |width: usize| (trial - part.first) as usize * width..(trial - part.first + ready) as usize * width;
                counts.extend_from_slice(&part.counts[rows(self.alphabet)]);
                if detail == Detail::Sequence {
                    symbols.extend(part.symbols[rows(self.n as usize)].iter().copied().map(u32::from));
                }
                trial += ready;
            } else {
                let row = counts.len();
                counts.resize(row + self.alphabet, 0);
                self.piece(trial, start, end, detail, &mut counts[row..], &mut symbols);
                trial += 1;
            }
        }
        (self.counts, self.symbols) = (counts, symbols);
        let counts = Rows::new(self.alphabet, self.counts.as_slice());
        match detail {
            Detail::Sequence => View::Symbols { counts, symbols: &self.symbols },
            Detail::Totals => View::Counts(counts),
        }
    }
}

impl SplitSequence<'_> {
    /// Adds up the places `start`…`end` of a trial, and their symbols if `detail` asks for them.
    fn piece(&mut self, trial: u64, start: u64, end: u64, detail: Detail, counts: &mut [u64], symbols: &mut Vec<u32>) {
        let mut place = start;
        while place < end {
            self.reach(trial, place, detail);
            let (first, until) = (self.part.start, self.part.start + self.part.length);
            let stop = end.min(until);
            if stop - place < self.part.length || detail == Detail::Sequence {
                self.reach(trial, place, Detail::Sequence);
            }
            let row = (trial - self.part.first) as usize;
            let pieces = row * self.part.length as usize;
            let range = pieces + (place - first) as usize..pieces + (stop - first) as usize;
            if stop - place == self.part.length {
                let rows = self.part.counts[row * self.alphabet..].iter();
                counts.iter_mut().zip(rows).for_each(|(total, count)| *total += count);
            } else {
                self.part.symbols[range.clone()].iter().for_each(|&symbol| counts[usize::from(symbol)] += 1);
            }
            if detail == Detail::Sequence {
                symbols.extend(self.part.symbols[range].iter().copied().map(u32::from));
            }
            place = stop;
        }
    }

    /// Draws on until the part with this place of this trial, its symbols too if `detail` asks for them.
    fn reach(&mut self, trial: u64, place: u64, detail: Detail) {
        while !self.part.holds(trial, place) {
            debug_assert!((trial, place) >= (self.part.first, self.part.start), "segments come in order");
            self.next_part();
            let is_wanted = self.part.holds(trial, place);
            self.draw_part(if is_wanted { detail } else { Detail::Totals });
        }
        if detail == Detail::Sequence && self.part.symbols.is_empty() {
            self.stream.seek(self.part.position);
            self.draw_part(detail);
        }
    }

    /// Goes to where the next part begins.
    fn next_part(&mut self) {
        let (n, part) = (self.n, &mut self.part);
        let end = part.start + part.length;
        if part.trials > 0 && end < n {
            part.start = end;
        } else {
            (part.first, part.start) = (part.first + part.trials, 0);
            part.trials = trials_at_once(n);
        }
        part.length = (n - part.start).min(MOST_SYMBOLS);
        part.position = self.stream.position();
    }

    /// Draws the part's counts, and its symbols if `detail` asks for them.
    fn draw_part(&mut self, detail: Detail) {
        let (trials, length) = (self.part.trials as usize, self.part.length as usize);
        self.part.counts.clear();
        self.part.counts.resize(trials * self.alphabet, 0);
        self.part.symbols.clear();
        self.sides.clear();
        self.starts.clear();
        self.arrived.clear();
        self.arrived.resize(trials * self.tree.splits.len().max(1), 0);
        self.left.resize(trials, 0);
        self.arrived[..trials].fill(length as u32);
        if let Side::Symbol(symbol) = self.tree.root {
            let all = std::mem::take(&mut self.arrived);
            self.arrive(Side::Symbol(symbol), all.iter().copied());
            self.arrived = all;
        }
        for (number, split) in self.tree.splits.iter().enumerate() {
            let arrived = std::mem::take(&mut self.arrived);
            let mut left = std::mem::take(&mut self.left);
            let tosses = &arrived[number * trials..][..trials];
            match detail {
                Detail::Totals => self.tosses.count(&mut self.stream, split.share, tosses, &mut left),
                Detail::Sequence => {
                    let mut start = self.sides.len();
                    for &tosses in tosses {
                        self.starts.push(start);
                        start += (tosses as usize).div_ceil(64);
                    }
                    self.tosses.sides(&mut self.stream, split.share, tosses, &mut left, &mut self.sides);
                }
            }
            let mut right = std::mem::take(&mut self.right);
            right.clear();
            right.extend(tosses.iter().zip(&left).map(|(all, left)| all - left));
            self.arrived = arrived;
            self.arrive(split.left, left.iter().copied());
            self.arrive(split.right, right.iter().copied());
            (self.left, self.right) = (left, right);
        }
        if detail == Detail::Sequence {
            self.order(trials, length);
        }
    }

    /// Notes how many places of each trial come to a side.
    fn arrive(&mut self, side: Side, places: impl Iterator<Item = u32>) {
        match side {
            Side::Symbol(symbol) => {
                let counts = self.part.counts.iter_mut().skip(usize::from(symbol)).step_by(self.alphabet);
                counts.zip(places).for_each(|(count, places)| *count = u64::from(places));
            }
            Side::Split(number) => {
                let trials = self.part.trials as usize;
                self.arrived[number * trials..].iter_mut().zip(places).for_each(|(arrived, places)| *arrived = places);
            }
        }
    }

    /// Puts the symbols of each trial in order.
    fn order(&mut self, trials: usize, length: usize) {
        let mut symbols = std::mem::take(&mut self.part.symbols);
        symbols.resize(trials * length, 0);
        self.scratch.resize(length * self.tree.splits.len().max(1), 0);
        let view = Splits { splits: &self.tree.splits, sides: &self.sides, starts: &self.starts, trials };
        for (trial, symbols) in symbols.chunks_exact_mut(length).enumerate() {
            view.order(self.tree.root, trial, symbols, &mut self.scratch);
        }
        self.part.symbols = symbols;
    }
}

/// The sides of all splits of a part.
struct Splits<'a> {
    splits: &'a [Split],
    sides: &'a [u64],
    starts: &'a [usize],
    trials: usize,
}

impl Splits<'_> {
    /// The symbols of the places of a trial that come to a side, in order.
    fn order(&self, side: Side, trial: usize, symbols: &mut [u16], scratch: &mut [u16]) {
        let number = match side {
            Side::Symbol(symbol) => return symbols.fill(symbol),
            Side::Split(number) => number,
        };
        let Split { left, right, .. } = self.splits[number];
        let words = &self.sides[self.starts[number * self.trials + trial]..];
        let bit = |place: usize| (words[place / 64] >> (place % 64) & 1) as usize;
        if let (Side::Symbol(left), Side::Symbol(right)) = (left, right) {
            symbols.iter_mut().enumerate().for_each(|(place, symbol)| *symbol = [left, right][bit(place)]);
            return;
        }
        let right_places: usize = (0..symbols.len()).map(bit).sum();
        let (here, scratch) = scratch.split_at_mut(symbols.len());
        let (left_symbols, right_symbols) = here.split_at_mut(symbols.len() - right_places);
        self.order(left, trial, left_symbols, scratch);
        self.order(right, trial, right_symbols, scratch);
        // Of the places before, so many came from the right.
        let (starts, mut from_right) = ([0, left_symbols.len()], 0);
        for (place, symbol) in symbols.iter_mut().enumerate() {
            let is_right = bit(place);
            *symbol = here[starts[is_right] + [place - from_right, from_right][is_right]];
            from_right += is_right;
        }
    }
}
