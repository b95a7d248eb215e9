//! The law of the log ratio as a sum over many values.

use super::closed_form::ClosedFormSource;
use super::pair_error::PairError;
use super::values::{Point, Space, Values};
use super::{ClosedForm, Distribution, Standard};
use crate::numeric::{exp_excess, nodes};

/// The law of X = ln(p(x)/q(x)), x ~ P, on counts or on the line: every count that matters, or the nodes of a quadrature
/// that is refined until nothing changes.
///
/// Values that are left out have together less than 1e-60 of the mass.
#[derive(Clone, Debug)]
pub struct Discretised {
    /// Mass and X of each value, by rising x, where Q has mass.
    terms: Vec<(f64, f64)>,
    /// P's mass where Q has none.
    pub uncovered: f64,
    /// P's mass where Q has some.
    pub covered: f64,
    /// D and V.
    pub closed_form: ClosedForm,
    /// κ₃ and κ₄, where they exist.
    pub higher: Option<(f64, f64)>,
}

/// Counts that a sum runs over at the most.
const MOST_COUNTS: usize = 1 << 20;

/// Counts beyond 2⁵³ are not all doubles.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Counts and nodes with less of the mass are left out.
const NEGLIGIBLE_LOG: f64 = -184.0;

/// A value's mass under P and its X, +∞ where Q has no mass.
#[derive(Clone, Copy)]
struct Term {
    mass: f64,
    ratio: f64,
}

impl Discretised {
    /// The law of ln(p/q) for two distributions over counts or on the line.
    pub fn of(source: &Distribution, model: &Distribution) -> Result<Self, PairError> {
        let (Some(p), Some(q)) = (source.values(), model.values()) else {
            return Err(PairError::Families { source_family: source.family(), model_family: model.family() });
        };
        match p.space() {
            Space::Counts => Self::of_counts(source, model, p, q),
            Space::Line => Self::of_densities(source, model, p, q),
            Space::Vectors(_) | Space::Simplex(_) => {
                Err(PairError::Families { source_family: source.family(), model_family: model.family() })
            }
        }
    }

    /// The terms: mass and X of each value, by rising x.
    pub fn terms(&self) -> &[(f64, f64)] {
        &self.terms
    }

    fn of_counts(
        source: &Distribution,
        model: &Distribution,
        p: &dyn Values,
        q: &dyn Values,
    ) -> Result<Self, PairError> {
        let [low, high] = p.support();
        let start = mean_of_counts(&p.standard()).floor().clamp(low, high.min(MOST_EXACT));
        let term = |k: f64| {
            let log = p.ln_prob(Point::Real(k));
            (log > NEGLIGIBLE_LOG || k == start).then(|| Term {
                mass: libm::exp(log),
                ratio: if q.ln_prob(Point::Real(k)) == f64::NEG_INFINITY {
                    f64::INFINITY
                } else {
                    source.log_ratio_at(model, Point::Real(k))
                },
            })
        };
        let step = |k: &f64, by: f64| Some(k + by).filter(|k| (low..=high).contains(k));
        let below = std::iter::successors(step(&start, -1.0), |k| step(k, -1.0)).map_while(term);
        let mut terms: Vec<Term> = below.take(MOST_COUNTS).collect();
        terms.reverse();
        let room = MOST_COUNTS - terms.len();
        terms.extend(std::iter::successors(Some(start), |k| step(k, 1.0)).map_while(term).take(room));
        if terms.len() == MOST_COUNTS {
            return Err(PairError::TooWide { family: source.family(), most: MOST_COUNTS });
        }
        // Terms end where the support does, or in a tail.
        let is_tail = [false, terms.len() as f64 <= high - low];
        let sums = Sums::of(&terms, covers(p, q), is_tail);
        Ok(Self::new(&terms, sums, ClosedFormSource::FiniteSum, sums.rounding()))
    }

    fn of_densities(
        source: &Distribution,
        model: &Distribution,
        p: &dyn Values,
        q: &dyn Values,
    ) -> Result<Self, PairError> {
        const FIRST_LEVEL: u32 = 4;
        const LAST_LEVEL: u32 = 11;
        let chart = p.chart();
        let [low, high] = p.support().map(|end| chart.place(end));
        // Where Q's density is narrow, nodes are dense if a piece ends there.
        let centre = q.chart().at(0.0).0.value();
        let inner = q.support().into_iter().chain(p.kinks()).chain(q.kinks()).chain([centre]);
        let mut breakpoints: Vec<f64> = inner.map(|x| chart.place(x)).filter(|v| low < *v && *v < high).collect();
        breakpoints.extend([low, high]);
        breakpoints.sort_by(f64::total_cmp);
        breakpoints.dedup();
        let terms_at = |level: u32| -> Vec<Term> {
            let nodes = nodes(&breakpoints, level);
            let terms = nodes.iter().filter_map(|node| {
                let (point, stretch) = chart.at(node.x);
                let mass = node.weight * libm::exp(p.ln_prob(point) + stretch);
                let is_covered = q.ln_prob(point) > f64::NEG_INFINITY;
                let ratio = if is_covered { source.log_ratio_at(model, point) } else { f64::INFINITY };
                // Next to an end where Q's density is infinite a node may be rounded to that end: its mass is rounding, too.
                (mass > 0.0 && ratio > f64::NEG_INFINITY).then_some(Term { mass, ratio })
            });
            terms.collect()
        };
        let covers = covers(p, q);
        let mut last = Sums::of(&terms_at(FIRST_LEVEL), covers, [true; 2]);
        for level in FIRST_LEVEL + 1..=LAST_LEVEL {
            let terms = terms_at(level);
            let sums = Sums::of(&terms, covers, [true; 2]);
            let change = (sums.mean - last.mean).abs();
            let settled = |now: f64, before: f64, room: f64| {
                (now - before).abs() <= room || (now.is_infinite() && before.is_infinite())
            };
            let is_settled = settled(sums.mean, last.mean, 1e-14 * sums.size)
                && settled(sums.variance, last.variance, 1e-13 * sums.variance)
                && settled(sums.covered, last.covered, 1e-14);
            if is_settled && (sums.covered + sums.uncovered - 1.0).abs() < 1e-12 {
                return Ok(Self::new(&terms, sums, ClosedFormSource::Quadrature, change + sums.rounding()));
            }
            last = sums;
        }
        Err(PairError::NotIntegrable { source_family: source.family(), model_family: model.family() })
    }

    fn new(terms: &[Term], sums: Sums, source: ClosedFormSource, error: f64) -> Self {
        let closed_form = if sums.mean.is_finite() {
            ClosedForm { mean: sums.mean, variance: Some(sums.variance), source, error: Some(error) }
        } else {
            ClosedForm { source, ..ClosedForm::INFINITE }
        };
        let kept = terms.iter().filter(|term| term.ratio.is_finite() && libm::log(term.mass) > NEGLIGIBLE_LOG);
        Self {
            terms: kept.map(|term| (term.mass, term.ratio)).collect(),
            uncovered: sums.uncovered,
            covered: sums.covered,
            closed_form,
            higher: sums.higher,
        }
    }
}

/// Whether P has mass wherever Q has.
fn covers(p: &dyn Values, q: &dyn Values) -> bool {
    let ([low, high], [other_low, other_high]) = (p.support(), q.support());
    low <= other_low && other_high <= high
}

fn mean_of_counts(standard: &Standard) -> f64 {
    match *standard {
        Standard::Poisson { mean } => mean,
        Standard::NegativeBinomial { successes, success } => successes * (1.0 - success) / success,
        Standard::Binomial { tries, success } => tries as f64 * success,
        _ => 0.0,
    }
}

/// Sums over the terms.
#[derive(Clone, Copy)]
struct Sums {
    covered: f64,
    uncovered: f64,
    mean: f64,
    variance: f64,
    higher: Option<(f64, f64)>,
    /// Σ p |X|.
    size: f64,
}

impl Sums {
    /// `covers` says that P has mass wherever Q has: then D may be summed from terms that are never negative; `is_tail`
    /// which ends of the terms lie in tails.
    fn of(terms: &[Term], covers: bool, is_tail: [bool; 2]) -> Self {
        /// D below this is near enough to 0 for its terms to cancel.
        const NEAR: f64 = 1e-2;
        let sum = |term: &dyn Fn(&Term) -> f64| compensated(terms.iter().map(term));
        let is_covered = |term: &Term| term.ratio < f64::INFINITY;
        let covered = sum(&|term| if is_covered(term) { term.mass } else { 0.0 });
        let uncovered = sum(&|term| if is_covered(term) { 0.0 } else { term.mass });
        let size = sum(&|term| if is_covered(term) { term.mass * term.ratio.abs() } else { 0.0 });
        let mut sums = Self { covered, uncovered, mean: f64::INFINITY, variance: f64::INFINITY, higher: None, size };
        let diverges = |power: &dyn Fn(f64) -> f64| is_divergent(terms, is_tail, power);
        if uncovered > 0.0 || diverges(&f64::abs) {
            return sums;
        }
        sums.mean = sum(&|term| term.mass * term.ratio);
        if covers && sums.mean < NEAR {
            // E[e^−X − 1 + X] and E[e^−X] = 1.
            sums.mean = sum(&|term| term.mass * exp_excess(-term.ratio));
        }
        let about = |ratio: f64| ratio - sums.mean;
        let (square, fourth) = (
            |ratio: f64| about(ratio) * about(ratio),
            |ratio: f64| about(ratio) * about(ratio) * about(ratio) * about(ratio),
        );
        if diverges(&square) {
            return sums;
        }
        sums.variance = sum(&|term| term.mass * square(term.ratio));
        if !diverges(&fourth) {
            let third = sum(&|term| term.mass * square(term.ratio) * about(term.ratio));
            let fourth = sum(&|term| term.mass * fourth(term.ratio));
            sums.higher = Some((third, fourth - 3.0 * sums.variance * sums.variance));
        }
        sums
    }

    /// What rounding may do to D.
    fn rounding(&self) -> f64 {
        4e-16 * self.size
    }
}

/// Whether the sum of a function of X goes on growing at an end: its outermost terms are still a part of it.
fn is_divergent(terms: &[Term], is_tail: [bool; 2], power: &dyn Fn(f64) -> f64) -> bool {
    const OUTERMOST: usize = 4;
    const PART: f64 = 1e-9;
    let term = |term: &Term| term.mass * power(term.ratio);
    let whole: f64 = terms.iter().map(term).sum();
    let ends = [&terms[..OUTERMOST.min(terms.len())], &terms[terms.len().saturating_sub(OUTERMOST)..]];
    let is_large = |end: &[Term]| terms.len() > 64 && end.iter().map(term).sum::<f64>() > PART * whole;
    !whole.is_finite() || ends.into_iter().zip(is_tail).any(|(end, is_tail)| is_tail && is_large(end))
}

/// Neumaier's sum.
fn compensated(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0f64, 0.0);
    for term in terms {
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    sum + lost
}
