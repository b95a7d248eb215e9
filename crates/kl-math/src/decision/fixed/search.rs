//! The search for lengths that keep to two error rates, by exact laws.

use super::{NeymanPearson, Truth};
use crate::distribution::{LogRatioForm, Pair};

/// Laws of more atoms take too long for a search.
const MOST_ATOMS: f64 = 131_072.0;

/// So many atoms are listed, and so many runs of lengths gone through, one after another.
const MOST_WORK: f64 = 2_097_152.0;
const MOST_RUNS: u32 = 600;

/// What chances may be off, as a part of themselves.
const ROUNDING: f64 = 1e-9;

/// Lengths of tests of a pair at two rates.
pub(super) struct Search<'a> {
    pair: &'a Pair,
    alpha: f64,
    beta: f64,
    shape: Shape,
}

/// What the values of Λ of a sequence look like.
enum Shape {
    /// N start + j span, j a count that grows with N: for each N one j is the cut between P and Q, and it grows with N, too.
    Lattice {
        start: f64,
        span: f64,
    },
    /// Vectors of the counts of so many values.
    Listed {
        values: usize,
    },
    Other,
}

/// What a search for the smallest length finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// The smallest length.
    At(u64),
    /// It is not below this one, from which on the randomised test keeps to the rates: the next ones do not tell.
    From(u64),
}

/// A test of one length.
struct Tried {
    beta: f64,
    /// Where it cuts: lengths with the same cut follow each other, and beta rises or falls all along them.
    cut: Option<f64>,
}

impl<'a> Search<'a> {
    pub(super) fn new(pair: &'a Pair, alpha: f64, beta: f64) -> Self {
        Self { pair, alpha, beta, shape: Shape::of(pair) }
    }

    fn test(&self, n: u64, alpha: f64) -> Option<NeymanPearson> {
        if self.shape.atoms(n) > MOST_ATOMS { None } else { NeymanPearson::of(self.pair, n, alpha) }
    }

    fn randomised(&self, n: u64, alpha: f64) -> Option<f64> {
        self.test(n, alpha)?.randomised_beta
    }

    fn tried(&self, n: u64) -> Option<Tried> {
        let found = self.test(n, self.alpha)?;
        let cut = match (&self.shape, found.atom) {
            (Shape::Lattice { start, span }, Some(atom)) => Some(((atom.value - n as f64 * start) / span).round()),
            _ => None,
        };
        Some(Tried { beta: found.beta?, cut })
    }

    /// The smallest length; none where laws are not known up to it.
    pub(super) fn first(&self) -> Option<First> {
        let (mut low, mut high) = (0u64, 1u64);
        loop {
            match self.randomised(high, self.alpha) {
                Some(beta) if beta <= self.beta => break,
                Some(_) => (low, high) = (high, high.checked_mul(2)?),
                None => {
                    high = last(low, high, |n| self.test(n, self.alpha).is_some());
                    if high == low || self.randomised(high, self.alpha)? > self.beta {
                        return None;
                    }
                    break;
                }
            }
        }
        let from = last(low, high, |n| self.randomised(n, self.alpha).is_some_and(|beta| beta > self.beta)) + 1;
        let mut n = from;
        for _ in 0..MOST_RUNS {
            let Some(tried) = self.tried(n) else { break };
            if tried.beta <= self.beta {
                return Some(First::At(n));
            }
            let end = self.last_of_run(n, tried.cut);
            if end > n && self.keeps(end) {
                return Some(First::At(last(n, end, |n| !self.keeps(n)) + 1));
            }
            n = end + 1;
        }
        Some(First::From(from))
    }

    /// Whether the test of this length is known to keep to beta.
    fn keeps(&self, n: u64) -> bool {
        self.tried(n).is_some_and(|tried| tried.beta <= self.beta)
    }

    /// A length from `first` on from which all keep to the rates, as surely all do from `settled` on, and whether it is the smallest.
    pub(super) fn always(&self, first: u64, settled: Option<u64>) -> (Option<u64>, bool) {
        let Some(mass) = Truth::P.law(self.pair, first).map(|law| law.largest_mass()) else { return (settled, false) };
        let Some(mass) = mass else { return (Some(first), true) };
        let settled = settled.map(|settled| settled.max(first));
        let level = self.alpha - mass * (1.0 + ROUNDING);
        let by_mass = if level > 0.0 { self.settled_by_mass(first, level) } else { None };
        let settled = by_mass.into_iter().chain(settled).min();
        match settled.and_then(|settled| self.least_always(first, settled)) {
            Some(least) => (Some(least), true),
            None => (settled, false),
        }
    }

    /// The smallest length from `first` on whose randomised test of this lower level keeps to beta.
    fn settled_by_mass(&self, first: u64, level: f64) -> Option<u64> {
        let is_short = |n: u64| self.randomised(n, level).map(|beta| beta > self.beta);
        let (mut low, mut step) = (first, 1u64);
        if !is_short(first)? {
            return Some(first);
        }
        while is_short(low.checked_add(step)?)? {
            (low, step) = (low + step, step.checked_mul(2)?);
        }
        Some(last(low, low + step, |n| is_short(n).unwrap_or(true)) + 1)
    }

    /// The smallest length from `first` on after which all keep to the rates, as those from `settled` on do; none where that takes too long.
    fn least_always(&self, first: u64, settled: u64) -> Option<u64> {
        let mut above = settled;
        let mut work = 0.0;
        for _ in 0..MOST_RUNS {
            if above <= first {
                return Some(first);
            }
            let n = above - 1;
            work += self.shape.atoms(n);
            if work > MOST_WORK {
                return None;
            }
            let tried = self.tried(n)?;
            if tried.beta > self.beta {
                return Some(above);
            }
            let start = self.first_of_run(first, n, tried.cut);
            if start < n && !self.keeps(start) {
                return Some(last(start, n, |n| !self.keeps(n)) + 1);
            }
            above = start;
        }
        None
    }

    /// The last length with the same cut as `n`.
    fn last_of_run(&self, n: u64, cut: Option<f64>) -> u64 {
        let Some(cut) = cut else { return n };
        let is_same = |n: u64| self.tried(n).is_some_and(|tried| tried.cut == Some(cut));
        let (mut end, mut step) = (n, 1u64);
        while is_same(end.saturating_add(step)) {
            (end, step) = (end + step, 2 * step);
        }
        last(end, end + step, is_same)
    }

    /// The first length from `first` on with the same cut as `n`.
    fn first_of_run(&self, first: u64, n: u64, cut: Option<f64>) -> u64 {
        let Some(cut) = cut else { return n };
        let is_same = |n: u64| self.tried(n).is_some_and(|tried| tried.cut == Some(cut));
        let (mut start, mut step) = (n, 1u64);
        while start > first && is_same(start.saturating_sub(step).max(first)) {
            (start, step) = (start.saturating_sub(step).max(first), 2 * step);
        }
        if start == first {
            return first;
        }
        last(start.saturating_sub(step).max(first), start, |n| !is_same(n)) + 1
    }
}

impl Shape {
    fn of(pair: &Pair) -> Self {
        match pair {
            Pair::Symbols(symbols) => {
                let possible = symbols.source_probabilities().iter().map(|mass| mass.to_f64());
                let mut values: Vec<(f64, f64)> = symbols
                    .log_ratios()
                    .iter()
                    .copied()
                    .zip(possible)
                    .filter(|&(ratio, mass)| mass > 0.0 && ratio.is_finite())
                    .collect();
                values.sort_by(|a, b| a.0.total_cmp(&b.0));
                values.dedup_by(|value, kept| {
                    let is_same = value.0 == kept.0;
                    if is_same {
                        kept.1 += value.1;
                    }
                    is_same
                });
                match values.as_slice() {
                    // The rarer value is counted: its counts stay the same for longer.
                    &[(low, of_low), (high, of_high)] if of_high <= of_low => {
                        Self::Lattice { start: low, span: high - low }
                    }
                    &[(low, _), (high, _)] => Self::Lattice { start: high, span: low - high },
                    values => Self::Listed { values: values.len() },
                }
            }
            Pair::Values(values) => match values.form_of_law() {
                Some(&LogRatioForm::Count { constant, slope, .. }) => Self::Lattice { start: constant, span: slope },
                _ => Self::Other,
            },
            Pair::Chains(_) => Self::Other,
        }
    }

    /// How many atoms are listed for the law of `n` symbols.
    fn atoms(&self, n: u64) -> f64 {
        match self {
            Self::Listed { values } => {
                (1..*values).fold(1.0, |ways, step| ways * (n as f64 + step as f64) / step as f64)
            }
            Self::Lattice { .. } | Self::Other => 1.0,
        }
    }
}

/// The last number from `low` on for which `holds`, as it does for `low` and not for `high`.
fn last(mut low: u64, mut high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle } else { high = middle }
    }
    low
}
