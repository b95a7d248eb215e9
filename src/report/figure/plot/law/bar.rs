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
    /// Its probability, if it is known.
    pub(super) exact: Option<f64>,
    /// Its approximate probability, if that is known instead.
    pub(super) approximate: Option<f64>,
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

    /// Its height under the approximate law.
    pub(super) fn approximate_height(&self) -> Option<f64> {
        self.approximate.map(|mass| mass / self.width)
    }

    /// The height of its share, its probability or its approximate one, whichever is highest.
    pub(super) fn highest(&self) -> f64 {
        self.weight() / self.width
    }

    fn weight(&self) -> f64 {
        self.share.max(self.exact.or(self.approximate).unwrap_or(0.0))
    }

    /// One bar between these ends in place of some.
    fn joined(bars: &[Self], ends: (f64, f64)) -> Self {
        let sum = |of: fn(&Self) -> Option<f64>| bars.iter().map(of).sum::<Option<f64>>();
        Self {
            ends,
            share: bars.iter().map(|bar| bar.share).sum(),
            exact: sum(|bar| bar.exact),
            approximate: sum(|bar| bar.approximate),
            width: ends.1 - ends.0,
        }
    }
}

/// The bars of a shape, sorted by value.
pub(super) fn bars(shape: Shape, bounded: &[Bounded<'_>]) -> Vec<Bar> {
    let bar = |ends: (f64, f64), bin: &SavedBin, width: f64| Bar {
        ends,
        share: bin.observed,
        exact: bin.exact,
        approximate: bin.approximate,
        width,
    };
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
                approximate: inner.iter().map(|(_, bin)| bin.approximate).sum(),
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
                let ends = (last.ends.0, bar.ends.1);
                *last = Bar::joined(&[*last, bar], ends);
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

/// With more bars than this, neighbours are drawn as one.
const BARS: usize = 44;

/// With more atoms than this, they are drawn in groups.
const ATOMS: usize = 60;

/// Neighbours joined, if bars are many: ranges and evenly spaced atoms by their number, other atoms in groups of equal width. Groups of
/// atoms have densities.
pub(super) fn gathered(shape: Shape, bars: Vec<Bar>) -> (Shape, Vec<Bar>) {
    /// Gaps that differ by a smaller part are the same.
    const EVEN: f64 = 1e-6;
    match shape {
        Shape::Density if bars.len() > BARS => {
            let joined = bars.chunks(bars.len().div_ceil(BARS)).filter_map(|some| {
                let ends = (some.first()?.ends.0, some.last()?.ends.1);
                Some(Bar::joined(some, ends))
            });
            (Shape::Density, joined.collect())
        }
        Shape::Atoms if bars.len() > ATOMS => {
            let values: Vec<f64> = bars.iter().map(|bar| bar.ends.0).collect();
            let gaps = || values.iter().zip(values.iter().skip(1)).map(|(one, next)| next - one);
            let (least, most) = (gaps().fold(f64::INFINITY, f64::min), gaps().fold(0.0, f64::max));
            let (first, last) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
            let (start, width) = if most - least <= EVEN * most {
                (first - most / 2.0, (last - first) / (values.len() - 1) as f64 * bars.len().div_ceil(BARS) as f64)
            } else {
                let width = (last - first) / (BARS - 1) as f64;
                (first - width / 2.0, width)
            };
            let place = |bar: &Bar| ((bar.ends.0 - start) / width).floor();
            let groups = bars.chunk_by(|one, next| place(one) == place(next)).filter_map(|some| {
                let from = start + place(some.first()?) * width;
                Some(Bar::joined(some, (from, from + width)))
            });
            (Shape::Density, groups.collect())
        }
        shape => (shape, bars),
    }
}

pub(super) fn is_atom((low, high): (f64, f64)) -> bool {
    low == high
}
