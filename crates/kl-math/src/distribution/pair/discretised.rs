//! The law of the log ratio as a sum over many values.

use crate::distribution::values::{has_log_moment, parts};
use crate::distribution::{BaseVariable, ClosedForm, ClosedFormSource, Distribution, PairError, Space, Value, Values};
use crate::numeric::{compensated, exp_excess, nodes};

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
    /// The size of what X is computed from, for what rounding may do: E\[|ln p| + |ln q|\] where X is their difference.
    pub size: f64,
}

/// Counts that a sum runs over at the most.
pub(super) const MOST_COUNTS: usize = 1 << 20;

/// Counts beyond 2⁵³ are not all doubles.
pub(super) const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// Counts and nodes with less of the mass are left out.
const NEGLIGIBLE_LOG: f64 = -184.0;

/// An X that is finite and larger than doubles are.
const BEYOND: f64 = f64::MAX;

/// A value's mass under P and its X, +∞ where Q has no mass.
#[derive(Clone, Copy)]
struct Term {
    mass: f64,
    ratio: f64,
    /// What rounding may do to X.
    noise: f64,
    /// What rounding may do to the mass, as a part of it.
    loss: f64,
}

impl Term {
    /// `log_jacobian` is ln of what the density at `point` is multiplied by; none where X is too large for a double, and its mass next
    /// to nothing.
    fn at(pair: &Sides<'_>, point: Value<'_>, mass: f64, log_jacobian: f64) -> Option<Self> {
        const ULP: f64 = f64::EPSILON;
        let ln_q = pair.q.ln_prob(point);
        let size = pair.p.size_of_ln_prob(point);
        let loss = ULP * (2.0 + size + 2.0 * log_jacobian.abs());
        if !point.lies_in(pair.q.support()) {
            return Some(Self { mass, ratio: f64::INFINITY, noise: 0.0, loss });
        }
        let ratio = pair.source.log_ratio_at(pair.model, point);
        let sizes = || 1.0 + size + pair.q.size_of_ln_prob(point);
        let own = || pair.source.size_of_log_ratio(pair.model, point);
        let noise = ULP * if pair.is_difference { own().unwrap_or_else(sizes) } else { ratio.abs() };
        if ln_q > f64::NEG_INFINITY && ratio.is_finite() {
            return Some(Self { mass, ratio, noise, loss });
        }
        // Where D is infinite the mass counts all the same.
        (!pair.has_mean).then_some(Self { mass, ratio: BEYOND, noise: 0.0, loss })
    }
}

/// P and Q.
struct Sides<'a> {
    source: &'a Distribution,
    model: &'a Distribution,
    p: &'a dyn Values,
    q: &'a dyn Values,
    /// X is the difference of two logarithms, whose rounding it has.
    is_difference: bool,
    /// D is finite.
    has_mean: bool,
}

impl Sides<'_> {
    /// Whether E\[|X|^`power`\] is finite: Q has mass wherever P has, and P's tail is light enough for Q's.
    fn has_moment(&self, power: f64) -> bool {
        has_log_moment(self.p, self.q, power)
    }

    /// Whether P has mass wherever Q has.
    fn covers(&self) -> bool {
        let ([low, high], [other_low, other_high]) = (self.p.support(), self.q.support());
        low <= other_low && other_high <= high
    }

    fn not_integrable(&self) -> PairError {
        PairError::NotIntegrable { source_family: self.source.family(), model_family: self.model.family() }
    }
}

impl Discretised {
    /// The law of ln(p/q) for two distributions over counts or on the line.
    pub fn of(source: &Distribution, model: &Distribution) -> Result<Self, PairError> {
        let (Some(p), Some(q)) = (source.values(), model.values()) else {
            return Err(PairError::Families { source_family: source.family(), model_family: model.family() });
        };
        let is_difference = source.formula(model).is_none();
        let sides = Sides { source, model, p, q, is_difference, has_mean: has_log_moment(p, q, 1.0) };
        match p.space() {
            Space::Counts => Self::of_counts(&sides),
            Space::Line => Self::of_densities(&sides),
            Space::Vectors(_) | Space::Simplex(_) => {
                Err(PairError::Families { source_family: source.family(), model_family: model.family() })
            }
        }
    }

    /// The terms: mass and X of each value, by rising x.
    pub fn terms(&self) -> &[(f64, f64)] {
        &self.terms
    }

    fn of_counts(sides: &Sides<'_>) -> Result<Self, PairError> {
        let p = sides.p;
        let [low, high] = p.support();
        let [first, last] = means_of_counts(p);
        let is_between = |k: f64| (first..=last).contains(&k);
        let term = |k: f64| {
            let log = p.ln_prob(Value::Real(k));
            let is_kept = log > NEGLIGIBLE_LOG || is_between(k);
            is_kept.then(|| Term::at(sides, Value::Real(k), libm::exp(log), 0.0)).flatten()
        };
        let step = |k: &f64, by: f64| Some(k + by).filter(|k| (low..=high).contains(k));
        let below = std::iter::successors(step(&first, -1.0), |k| step(k, -1.0)).map_while(term);
        let mut terms: Vec<Term> = below.take(MOST_COUNTS).collect();
        terms.reverse();
        // Between the means of components there may be next to nothing.
        let between = std::iter::successors(Some(first), |k| step(k, 1.0)).take_while(|&k| k < last);
        terms.extend(between.take(MOST_COUNTS - terms.len()).filter_map(term));
        let room = MOST_COUNTS - terms.len();
        terms.extend(std::iter::successors(Some(last), |k| step(k, 1.0)).map_while(term).take(room));
        if terms.len() == MOST_COUNTS {
            return Err(PairError::TooWide { family: sides.source.family(), most: MOST_COUNTS });
        }
        let sums = Sums::of(&terms, sides);
        if sums.is_drowned() {
            return Err(sides.not_integrable());
        }
        Ok(Self::new(&terms, sums, ClosedFormSource::FiniteSum, sums.rounding))
    }

    fn of_densities(sides: &Sides<'_>) -> Result<Self, PairError> {
        const FIRST_LEVEL: u32 = 4;
        const LAST_LEVEL: u32 = 11;
        /// A node's ulp covers a handful of operations, and the change between two levels covers the error of the second.
        const MARGIN: f64 = 4.0;
        let (p, q) = (sides.p, sides.q);
        let parts: Vec<_> =
            parts(p).into_iter().map(|(weight, part)| (weight, part, breakpoints(part, p, q))).collect();
        let terms_at = |level: u32| -> Vec<Term> {
            let mut terms = Vec::new();
            for (log_weight, part, breakpoints) in &parts {
                let change_of_variable = part.change_of_variable();
                let nodes = nodes(breakpoints, level);
                terms.extend(nodes.iter().filter_map(|node| {
                    let (point, log_jacobian) = change_of_variable.at(node.x);
                    let mass = node.weight * libm::exp(part.ln_prob(point) + log_jacobian + log_weight);
                    // Next to an end where Q's density is infinite a node may be rounded to that end: its mass is rounding, too.
                    let term = if mass > 0.0 { Term::at(sides, point, mass, log_jacobian) } else { None };
                    term.map(|term| (point.value(), term))
                }));
            }
            if parts.len() > 1 {
                terms.sort_by(|(x, _), (other, _)| x.total_cmp(other));
            }
            terms.into_iter().map(|(_, term)| term).collect()
        };
        let mut last = Sums::of(&terms_at(FIRST_LEVEL), sides);
        for level in FIRST_LEVEL + 1..=LAST_LEVEL {
            let terms = terms_at(level);
            let sums = Sums::of(&terms, sides);
            let change = (sums.mean - last.mean).abs();
            let settled = |now: f64, before: f64, room: f64| {
                (now - before).abs() <= room || (now.is_infinite() && before.is_infinite())
            };
            let room = 1e-13 * sums.variance + sums.noise * sums.variance.sqrt();
            let is_settled = settled(sums.mean, last.mean, 1e-14 * sums.size + sums.rounding)
                && settled(sums.variance, last.variance, room)
                && settled(sums.covered, last.covered, 1e-14);
            let is_whole = sums.is_whole && (sums.covered + sums.uncovered - 1.0).abs() < 1e-12;
            if is_settled && is_whole && !sums.is_drowned() {
                let change = if change.is_finite() { change } else { 0.0 };
                // What the probabilities miss of 1, or have more, so do terms of D.
                let missing = (sums.covered + sums.uncovered - 1.0).abs() * sums.size;
                let error = MARGIN * (change + sums.rounding + sums.tail) + missing;
                return Ok(Self::new(&terms, sums, ClosedFormSource::Quadrature, error));
            }
            last = sums;
        }
        Err(sides.not_integrable())
    }

    fn new(terms: &[Term], sums: Sums, source: ClosedFormSource, error: f64) -> Self {
        let closed_form = if sums.mean.is_finite() {
            ClosedForm { mean: sums.mean, variance: Some(sums.variance), source, error: Some(error) }
        } else {
            ClosedForm { source, ..ClosedForm::INFINITE }
        };
        let kept = terms.iter().filter(|term| term.ratio < BEYOND && libm::log(term.mass) > NEGLIGIBLE_LOG);
        Self {
            terms: kept.map(|term| (term.mass, term.ratio)).collect(),
            uncovered: sums.uncovered,
            covered: sums.covered,
            closed_form,
            higher: sums.higher,
            size: sums.noise / f64::EPSILON,
        }
    }

    /// Whether P and Q are one law, as far as doubles can tell.
    pub fn is_constant(&self) -> bool {
        self.closed_form.variance == Some(0.0)
    }
}

/// Where segments end, in terms of the change of variable of P, or of a part of it.
pub(super) fn breakpoints(part: &dyn Values, p: &dyn Values, q: &dyn Values) -> Vec<f64> {
    let change_of_variable = part.change_of_variable();
    let [low, high] = part.support().map(|end| change_of_variable.place(end));
    // Where Q's density is narrow, nodes are dense if a segment ends there.
    let centre = q.change_of_variable().at(0.0).0.value();
    let inner = q.support().into_iter().chain(p.kinks()).chain(q.kinks()).chain([centre]);
    let mut breakpoints: Vec<f64> =
        inner.map(|x| change_of_variable.place(x)).filter(|v| low < *v && *v < high).collect();
    // Where P's own mass is far from all of these, nodes are dense there only if a segment ends there, too.
    const NEAR: f64 = 10.0;
    let is_far = |v: &f64| v.abs() > NEAR;
    if !breakpoints.is_empty() && breakpoints.iter().chain(&[low, high]).all(is_far) {
        breakpoints.push(0.0);
    }
    breakpoints.extend([low, high]);
    breakpoints.sort_by(f64::total_cmp);
    breakpoints.dedup();
    breakpoints
}

/// The least and the largest mean of the parts of a law of counts, as counts it can take.
pub(super) fn means_of_counts(p: &dyn Values) -> [f64; 2] {
    let [low, high] = p.support();
    let means = parts(p).into_iter().map(|(_, part)| mean_of_counts(&part.base_variable()));
    means
        .map(|mean| mean.floor().clamp(low, high.min(MOST_EXACT)))
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[first, last], mean| [first.min(mean), last.max(mean)])
}

pub(in crate::distribution) fn mean_of_counts(standard: &BaseVariable) -> f64 {
    match *standard {
        BaseVariable::Poisson { mean } => mean,
        BaseVariable::NegativeBinomial { successes, success } => successes * (1.0 - success) / success,
        BaseVariable::Binomial { tries, success } => tries as f64 * success,
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
    /// What rounding may do to X on the average.
    noise: f64,
    /// What rounding may do to D.
    rounding: f64,
    /// What D may have beyond the terms.
    tail: f64,
    /// Nothing of D or V lies beyond the terms.
    is_whole: bool,
}

impl Sums {
    /// The tails of P and Q decide what is infinite: the terms end where doubles do.
    fn of(terms: &[Term], sides: &Sides<'_>) -> Self {
        /// D below this is near enough to 0 for its terms to cancel.
        const NEAR: f64 = 1e-2;
        let sum = |term: &dyn Fn(&Term) -> f64| compensated(terms.iter().map(term));
        let over_covered =
            |term: &dyn Fn(&Term) -> f64| compensated(terms.iter().filter(|term| term.ratio < f64::INFINITY).map(term));
        let covered = over_covered(&|term| term.mass);
        let uncovered = sum(&|term| if term.ratio < f64::INFINITY { 0.0 } else { term.mass });
        let size = over_covered(&|term| term.mass * term.ratio.abs());
        let noise = over_covered(&|term| term.mass * term.noise);
        let (mean, variance) = (f64::INFINITY, f64::INFINITY);
        let mut sums = Self {
            covered,
            uncovered,
            mean,
            variance,
            higher: None,
            size,
            noise,
            rounding: 0.0,
            tail: 0.0,
            is_whole: true,
        };
        if !sides.has_mean {
            return sums;
        }
        let is_same = |term: &Term| term.ratio.abs() <= SAME * term.noise;
        let same = |sums: Self| {
            let rounding = sum(&|term| term.mass * term.noise * term.noise);
            Self { mean: 0.0, variance: 0.0, higher: Some((0.0, 0.0)), rounding, ..sums }
        };
        if sides.is_difference && sides.covers() && terms.iter().all(is_same) {
            return same(sums);
        }
        sums.mean = sum(&|term| term.mass * term.ratio);
        sums.rounding = sum(&|term| term.mass * (term.noise + term.loss * term.ratio.abs()));
        /// What the terms may miss of Q where they are all that counts: a part of it that lies apart is more.
        const MISSED: f64 = 1e-13;
        let missed = || -sum(&|term| term.mass * libm::expm1(-term.ratio));
        if sides.covers() && sums.mean < NEAR && missed().abs() < MISSED {
            // E[e^−X − 1 + X] and E[e^−X] = 1.
            sums.mean = sum(&|term| term.mass * exp_excess(-term.ratio));
            sums.rounding = sum(&|term| {
                let steepness = libm::expm1(-term.ratio).abs() + term.noise;
                term.mass * (steepness * term.noise + term.loss * exp_excess(-term.ratio))
            });
            if parts(sides.q).len() > 1 {
                // A part of Q that lies apart may have no more than this.
                sums.rounding += missed().abs();
            }
        }
        // Counts end where the support does, or with less than 1e-80 of the mass; nodes where doubles do.
        let is_whole = |term: &dyn Fn(&Term) -> f64| sides.p.space() == Space::Counts || has_ended(terms, term);
        let size_of = |term: &Term| term.mass * term.ratio.abs();
        sums.tail = if sides.p.space() == Space::Counts { 0.0 } else { outermost(terms, &size_of).into_iter().sum() };
        sums.is_whole = is_whole(&size_of);
        // Factor by factor, so that a small mass meets a large value before that is squared.
        let central = |term: &Term, power: u32| {
            let about = term.ratio - sums.mean;
            (0..power).fold(term.mass, |product, _| product * about)
        };
        if !sides.has_moment(2.0) {
            return sums;
        }
        let variance = sum(&|term| central(term, 2));
        sums.is_whole &= is_whole(&|term| central(term, 2));
        if sides.has_moment(4.0) && is_whole(&|term| central(term, 4)) {
            let (third, fourth) = (sum(&|term| central(term, 3)), sum(&|term| central(term, 4)));
            sums.higher = Some((third, fourth - 3.0 * variance * variance));
        }
        sums.variance = variance;
        sums
    }

    /// Whether X varies hardly more than by rounding.
    fn is_drowned(&self) -> bool {
        self.variance > 0.0 && self.noise > 1e-3 * self.variance.sqrt()
    }
}

/// X is 0 if it is within so many times what rounding may have made of it.
const SAME: f64 = 4.0;

/// Whether a sum has ended: its outermost terms are no part of it any more, or there are only few.
fn has_ended(terms: &[Term], term: &dyn Fn(&Term) -> f64) -> bool {
    const PART: f64 = 1e-13;
    let whole: f64 = terms.iter().map(term).sum();
    let is_small = |end: f64| terms.len() <= 64 || end <= PART * whole;
    whole.is_finite() && outermost(terms, term).into_iter().all(is_small)
}

/// The sums of the outermost terms at either end.
fn outermost(terms: &[Term], term: &dyn Fn(&Term) -> f64) -> [f64; 2] {
    const OUTERMOST: usize = 4;
    let ends = [&terms[..OUTERMOST.min(terms.len())], &terms[terms.len().saturating_sub(OUTERMOST)..]];
    ends.map(|end| end.iter().map(term).sum())
}
