//! A histogram: its shape, the part that is shown, and the share outside.

use super::bar::{Bar, Bounded, Shape, bars, gathered, is_atom, trimmed};
use crate::record::SavedBin;
use crate::report::figure::series::Row;

/// Bins narrower than this fraction of the values are atoms with rounding errors.
const ROUNDING: f64 = 1e-9;

/// If bins double in width, the bins around 0 with a smaller share than this are drawn as one.
const CORE: f64 = 0.02;

/// The estimates of a row.
#[derive(Debug)]
pub(super) struct Histogram {
    /// The kind of its bars.
    pub(super) shape: Shape,
    /// The bars that are shown, sorted by value.
    pub(super) bars: Vec<Bar>,
    /// The share of infinite estimates, and its probability.
    pub(super) infinite: Option<(f64, Option<f64>)>,
    /// The share of finite estimates that are not shown.
    pub(super) outside: f64,
    /// The share of the trials below 0.
    pub(super) wrong: Option<f64>,
    /// The distances of shares from their probabilities in standard errors: of each bar in which enough trials are expected.
    pub(super) distances: Vec<f64>,
    /// The same from approximate probabilities.
    pub(super) approximate_distances: Vec<f64>,
}

impl Histogram {
    /// The histogram of a row's bins; none if there are none.
    pub(super) fn of(row: &Row, bins: &[SavedBin]) -> Option<Self> {
        let constant = row.comparison.expected.filter(|mean| mean.is_finite());
        let constant = constant.filter(|_| row.comparison.closed_form_variance == Some(0.0));
        let ends = |bin: &SavedBin| match constant {
            // One bin of all values, but all estimates are equal.
            Some(mean) if bin.ends == (f64::NEG_INFINITY, f64::INFINITY) => (mean, mean),
            _ => bin.ends,
        };
        let is_bounded = |(low, high): (f64, f64)| low.is_finite() && high.is_finite();
        let bounded: Vec<Bounded<'_>> =
            bins.iter().map(|bin| (ends(bin), bin)).filter(|&(ends, _)| is_bounded(ends)).collect();
        let size = bounded.iter().map(|&((low, high), _)| low.abs().max(high.abs())).fold(0.0, f64::max);
        let narrow = if is_doubling(&bounded) { 0.0 } else { ROUNDING * size };
        let atom = |(low, high): (f64, f64)| if high - low <= narrow { (low, low) } else { (low, high) };
        let bounded: Vec<Bounded<'_>> = bounded.into_iter().map(|(ends, bin)| (atom(ends), bin)).collect();
        let mut infinite = bins.iter().filter(|bin| bin.ends == (f64::INFINITY, f64::INFINITY));
        let infinite = infinite.next().map(|bin| (bin.observed, bin.exact));
        if bounded.is_empty() && infinite.is_none() {
            return None;
        }
        let shape = shape(&bounded);
        let (shape, bars) = gathered(shape, trimmed(bars(shape, &bounded)));
        let shown: f64 = bars.iter().map(|bar| bar.share).sum();
        let all: f64 = bins.iter().map(|bin| bin.observed).sum();
        let outside = all - shown - infinite.map_or(0.0, |(share, _)| share);
        let trials = row.comparison.trials;
        let with = |of: fn(&Bar) -> Option<f64>| bars.iter().filter_map(move |bar| Some((bar.share, of(bar)?)));
        let infinite_exact = infinite.and_then(|(share, exact)| Some((share, exact?)));
        Some(Self {
            shape,
            distances: distances(trials, with(|bar| bar.exact).chain(infinite_exact)),
            approximate_distances: distances(trials, with(|bar| bar.approximate)),
            bars,
            infinite,
            outside: if outside < 1e-12 { 0.0 } else { outside },
            wrong: below_zero(bins),
        })
    }

    /// The range from the first bar to the last.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        Some((self.bars.first()?.ends.0, self.bars.last()?.ends.1))
    }

    /// The height of the highest bar, observed or exact.
    pub(super) fn highest(&self) -> f64 {
        let heights = self.bars.iter().map(Bar::highest);
        let infinite = self.infinite.map_or(0.0, |(share, exact)| share.max(exact.unwrap_or(0.0)));
        heights.fold(if self.shape == Shape::Atoms { infinite } else { 0.0 }, f64::max)
    }

    /// The median distance of neighbouring atoms, if there are two.
    pub(super) fn spacing(&self) -> Option<f64> {
        let gaps = self.bars.windows(2).map(|pair| match pair {
            [one, next] => next.ends.0 - one.ends.0,
            _ => 0.0,
        });
        let mut gaps: Vec<f64> = gaps.collect();
        gaps.sort_by(f64::total_cmp);
        gaps.get(gaps.len() / 2).copied()
    }
}

/// Whether most bins are twice as wide as the one before.
fn is_doubling(bounded: &[Bounded<'_>]) -> bool {
    let doubles = bounded.iter().filter(|&&((low, high), _)| {
        let (near, far) = (low.abs().min(high.abs()), low.abs().max(high.abs()));
        near > 0.0 && (far / near - 2.0).abs() < 1e-9
    });
    2 * doubles.count() > bounded.len()
}

fn shape(bounded: &[Bounded<'_>]) -> Shape {
    let weight = |bin: &SavedBin| bin.observed.max(bin.exact.or(bin.approximate).unwrap_or(0.0));
    let sum = |wanted: bool| -> f64 {
        bounded.iter().filter(|&&(ends, _)| is_atom(ends) == wanted).map(|(_, bin)| weight(bin)).sum()
    };
    if sum(true) >= sum(false) {
        return Shape::Atoms;
    }
    if !is_doubling(bounded) {
        return Shape::Density;
    }
    let mut edges: Vec<f64> = bounded.iter().map(|&((_, high), _)| high).filter(|&high| high > 0.0).collect();
    edges.sort_by(f64::total_cmp);
    let within = |edge: f64| -> f64 {
        bounded.iter().filter(|&&((low, high), _)| low >= -edge && high <= edge).map(|(_, bin)| weight(bin)).sum()
    };
    let cores = edges.iter().take_while(|&&edge| within(edge) <= CORE);
    Shape::Powers(cores.last().or(edges.first()).copied().unwrap_or(1.0))
}

/// The share of the trials below 0; a bin with ends on both sides counts in proportion to its width.
fn below_zero(bins: &[SavedBin]) -> Option<f64> {
    let mut share = 0.0;
    for bin in bins.iter().filter(|bin| bin.observed > 0.0 && bin.ends.0 < 0.0) {
        let (low, high) = bin.ends;
        share += match () {
            () if high <= 0.0 => bin.observed,
            () if (high - low).is_finite() => bin.observed * (-low / (high - low)),
            () => return None,
        };
    }
    Some(share)
}

/// The distances in standard errors of shares from probabilities, where at least ten trials are expected on either side.
fn distances(trials: u64, pairs: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    let trials = trials as f64;
    let tested = pairs.filter(|&(_, exact)| (exact * trials).min((1.0 - exact) * trials) >= 10.0);
    tested.map(|(observed, exact)| (observed - exact).abs() / (exact * (1.0 - exact) / trials).sqrt()).collect()
}
