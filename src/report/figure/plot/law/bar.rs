//! The bars of a histogram.

use crate::record::SavedBin;

/// The share of each tail that is not shown.
const TAIL: f64 = 0.0005;

/// The kind of bars.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// Single values.
    Atoms,
    /// Ranges of equal width, whose height is a density.
    Density,
    /// Ranges that double in width beyond this distance from 0.
    Powers(f64),
}

/// A bin between two finite ends.
pub(super) type Bounded<'a> = ((f64, f64), &'a SavedBin);

/// A bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    /// Its ends.
    pub(super) ends: (f64, f64),
    /// The share of the trials in it.
    pub(super) share: f64,
    exact: Option<f64>,
    /// The width that shares are divided by.
    width: f64,
}

impl Bar {
    /// Its height.
    pub(super) fn height(&self) -> f64 {
        self.share / self.width
    }

    /// Its height under the exact law.
    pub(super) fn exact_height(&self) -> Option<f64> {
        self.exact.map(|exact| exact / self.width)
    }

    fn weight(&self) -> f64 {
        self.share.max(self.exact.unwrap_or(0.0))
    }
}

/// The bars of a shape, sorted by value.
pub(super) fn bars(shape: Shape, bounded: &[Bounded<'_>]) -> Vec<Bar> {
    let bar = |ends: (f64, f64), bin: &SavedBin, width: f64| Bar { ends, share: bin.observed, exact: bin.exact, width };
    match shape {
        Shape::Atoms => {
            bounded.iter().filter(|&&(ends, _)| is_atom(ends)).map(|&(ends, bin)| bar(ends, bin, 1.0)).collect()
        }
        Shape::Density => {
            let (cells, typical) = cells(bounded);
            let bars = bounded.iter().zip(cells);
            merged(bars.map(|(&(_, bin), (from, to))| bar((from, to), bin, to - from)).collect(), typical)
        }
        Shape::Powers(core) => {
            let (inner, outer): (Vec<Bounded<'_>>, Vec<_>) =
                bounded.iter().partition(|((low, high), _)| *low >= -core && *high <= core);
            let middle = Bar {
                ends: (-core, core),
                share: inner.iter().map(|(_, bin)| bin.observed).sum(),
                exact: inner.iter().map(|(_, bin)| bin.exact).sum(),
                width: 1.0,
            };
            let mut bars: Vec<Bar> = outer.into_iter().map(|(ends, bin)| bar(ends, bin, 1.0)).collect();
            bars.push(middle);
            bars.sort_by(|one, other| one.ends.0.total_cmp(&other.ends.0));
            bars
        }
    }
}

/// Joins narrow bars with their neighbours: a very narrow bar at the end of a range could be very high.
fn merged(bars: Vec<Bar>, typical: f64) -> Vec<Bar> {
    let mut joined: Vec<Bar> = Vec::new();
    for bar in bars {
        match joined.last_mut() {
            Some(last) if last.ends.1 == bar.ends.0 && last.width.min(bar.width) < typical / 4.0 => {
                *last = Bar {
                    ends: (last.ends.0, bar.ends.1),
                    share: last.share + bar.share,
                    exact: last.exact.zip(bar.exact).map(|(one, other)| one + other),
                    width: last.width + bar.width,
                };
            }
            _ => joined.push(bar),
        }
    }
    joined
}

/// Divides the axis among bins that may have gaps between them; returns the cells and their median width.
fn cells(bounded: &[Bounded<'_>]) -> (Vec<(f64, f64)>, f64) {
    let between: Vec<f64> = bounded
        .windows(2)
        .map(|pair| match pair {
            [((_, high), _), ((low, _), _)] => high + (low - high) / 2.0,
            _ => 0.0,
        })
        .collect();
    let first = bounded.first().map(|&((low, _), _)| low);
    let last = bounded.last().map(|&((_, high), _)| high);
    let edges: Vec<f64> = first.into_iter().chain(between).chain(last).collect();
    let mut cells: Vec<(f64, f64)> = edges.iter().copied().zip(edges.iter().copied().skip(1)).collect();
    let mut widths: Vec<f64> = cells.iter().map(|(from, to)| to - from).collect();
    widths.sort_by(f64::total_cmp);
    let typical = widths.get(widths.len() / 2).copied().filter(|&width| width > 0.0).unwrap_or(1.0);
    for (from, to) in &mut cells {
        // The density of an atom would be infinite.
        if *to - *from < typical * 1e-3 {
            (*from, *to) = (*from - typical / 2.0, *to + typical / 2.0);
        }
    }
    (cells, typical)
}

/// Removes the outermost parts of both tails.
pub(super) fn trimmed(bars: Vec<Bar>) -> Vec<Bar> {
    let tail = bars.iter().map(Bar::weight).sum::<f64>() * TAIL;
    let light = |bars: &mut dyn Iterator<Item = &Bar>| {
        let mut weight = 0.0;
        bars.take_while(|bar| {
            weight += bar.weight();
            weight <= tail
        })
        .count()
    };
    let (first, last) = (light(&mut bars.iter()), light(&mut bars.iter().rev()));
    let kept = bars.len().saturating_sub(first + last);
    bars.into_iter().skip(first).take(kept).collect()
}

pub(super) fn is_atom((low, high): (f64, f64)) -> bool {
    low == high
}
