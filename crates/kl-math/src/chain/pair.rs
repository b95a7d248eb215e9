//! A source and a model that are Markov chains.

use super::law::{ChainLaw, events};
use super::stationary::{MAX_STATES, closed_classes, members, reachable, stationary_within};
use super::steps::Entry;
use crate::numeric::{DoubleDouble, divergence_term, log_of_ratio, precise_log};

/// A source P and a model Q that are Markov chains over the same states.
///
/// The log ratio of a sequence x₁ … x_N is a sum over its *events*: the first symbol, one of K, and then N − 1
/// transitions, each one of K².
///
/// ```
/// use kl_math::chain::{ChainLaw, ChainPair};
/// use kl_math::numeric::DoubleDouble;
/// let [half, quarter, rest] = [0.5, 0.25, 0.75].map(DoubleDouble::from);
/// let source = ChainLaw { initial: &[half; 2], transition: &[half; 4] };
/// let model = ChainLaw { initial: &[half; 2], transition: &[quarter, rest, half, half] };
/// let pair = ChainPair::new(source, model)?;
/// assert_eq!(pair.event_log_ratios()[..4], [0.0, 0.0, std::f64::consts::LN_2, -0.405_465_108_108_164_4]);
/// # Ok::<(), kl_math::chain::ChainError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChainPair {
    pub(super) states: usize,
    /// P's initial probabilities, then its transitions.
    pub(super) source: Vec<f64>,
    /// Q's likewise.
    model: Vec<f64>,
    pub(super) log_ratios: Vec<f64>,
    /// The same about a number of their own for first symbols and another one for transitions, which keeps sums small.
    centred: Vec<f64>,
    /// KL of the initial probabilities, then of each row; without the mass that Q lacks.
    pub(super) divergences: Vec<f64>,
    /// KL of each row of transitions about that of a row that P visits, to 106 bits before the difference is rounded: exactly 0
    /// where the two are the same.
    divergence_gaps: Vec<f64>,
    /// Where P can be, and what it may end up in.
    pub(super) visited: u64,
    pub(super) classes: Vec<u64>,
    /// KL a symbol in the long run, and the stationary distribution, where there is one closed class.
    pub(super) rate: Option<f64>,
    pub(super) stationary: Vec<f64>,
}

/// Why two chains cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// A matrix is not square, or not of the initial vector's size.
    #[error("{states} initial probabilities need {} transition probabilities, and there are {found}", states * states)]
    Shape {
        /// K.
        states: usize,
        /// Entries of the matrix.
        found: usize,
    },
    /// P and Q have different states.
    #[error("P has {source_states} states and Q has {model_states}: they need the same ones")]
    Sizes {
        /// How many P has.
        source_states: usize,
        /// How many Q has.
        model_states: usize,
    },
    /// No states, or too many.
    #[error("a chain has 1 to {MAX_STATES} states, and this has {found}")]
    States {
        /// How many there are.
        found: usize,
    },
}

impl ChainPair {
    /// Puts two chains side by side; initial probabilities and rows are divided by their sums first.
    pub fn new(source: ChainLaw<'_>, model: ChainLaw<'_>) -> Result<Self, ChainError> {
        let (states, model_states) = (source.initial.len(), model.initial.len());
        if states == 0 || states > MAX_STATES {
            return Err(ChainError::States { found: states });
        }
        for side in [source, model] {
            let (states, found) = (side.initial.len(), side.transition.len());
            if states * states != found {
                return Err(ChainError::Shape { states, found });
            }
        }
        if states != model_states {
            return Err(ChainError::Sizes { source_states: states, model_states });
        }
        let (source, model) = (events(source), events(model));
        let probabilities = || source.iter().zip(&model);
        let log_ratios: Vec<f64> = probabilities().map(|(&p, &q)| log_ratio(p, q)).collect();
        let divergences = (probabilities().zip(&log_ratios).collect::<Vec<_>>())
            .chunks_exact(states)
            .map(|row| {
                let terms = row.iter().filter(|(_, ratio)| ratio.is_finite());
                terms
                    .map(|&((&p, &q), &ratio)| DoubleDouble::from(divergence_term(p, q, ratio)))
                    .sum::<DoubleDouble>()
                    .to_f64()
            })
            .collect();
        let precise: Vec<DoubleDouble> = (source.chunks_exact(states).zip(model.chunks_exact(states)))
            .zip(log_ratios.chunks_exact(states))
            .map(|((p, q), ratios)| precise_divergence(p, q, ratios))
            .collect();
        let reach = reachable(&source[states..]);
        let visited = (source.iter().zip(&reach))
            .filter(|(mass, _)| **mass > DoubleDouble::ZERO)
            .fold(0, |set, (_, reach)| set | reach);
        let classes = closed_classes(&reach, visited);
        let mut pair = Self {
            states,
            centred: Vec::new(),
            log_ratios,
            divergences,
            divergence_gaps: gaps(&precise[1..], visited),
            visited,
            rate: None,
            stationary: vec![0.0; states],
            source: source.iter().map(|mass| mass.to_f64()).collect(),
            model: model.iter().map(|mass| mass.to_f64()).collect(),
            classes,
        };
        if let &[class] = pair.classes.as_slice() {
            pair.stationary = stationary_within(&source[states..], class).iter().map(|share| share.to_f64()).collect();
            let has_infinite = pair.log_ratios[..states].contains(&f64::INFINITY)
                || members(visited).any(|from| pair.row(from).any(|(_, _, ratio)| ratio.is_infinite()));
            let rate = || pair.stationary.iter().zip(&pair.divergences[1..]).map(|(share, kl)| share * kl).sum();
            pair.rate = Some(if has_infinite { f64::INFINITY } else { rate() });
        }
        let centre = pair.centre();
        let about = |(event, &ratio): (usize, &f64)| if event < states { ratio } else { ratio - centre };
        pair.centred = pair.log_ratios.iter().enumerate().map(about).collect();
        Ok(pair)
    }

    /// The same chains with the divergence of each row, KL(P\[i,·\]‖Q\[i,·\]), in place of the log ratio of each of its
    /// events: infinite where P can leave a state in a way that Q cannot.
    pub fn averaged(&self) -> Self {
        let is_infinite = |row: usize| {
            let events = row * self.states..(row + 1) * self.states;
            let mut ratios = self.source[events.clone()].iter().zip(&self.log_ratios[events]);
            ratios.any(|(&mass, ratio)| mass > 0.0 && ratio.is_infinite())
        };
        // Rows of the same divergence get the same value to the last bit.
        let same = |row: usize| {
            let is_same = |other: &usize| self.divergence_gaps[*other] == self.divergence_gaps[row];
            members(self.visited).filter(is_same).find(|&other| !is_infinite(other + 1)).unwrap_or(row)
        };
        let value = |row: usize| match row {
            row if is_infinite(row) => f64::INFINITY,
            0 => self.divergences[0],
            row => self.divergences[same(row - 1) + 1],
        };
        let gap = |row: usize| if row == 0 { 0.0 } else { self.divergence_gaps[row - 1] };
        let of_rows = |value: &dyn Fn(usize) -> f64| {
            (0..=self.states).flat_map(|row| std::iter::repeat_n(value(row), self.states)).collect()
        };
        Self { log_ratios: of_rows(&value), centred: of_rows(&gap), ..self.clone() }
    }

    /// K, the number of states.
    pub fn states(&self) -> usize {
        self.states
    }

    /// P's probabilities of the K first symbols and then of the K² transitions, row by row; each row sums to one.
    pub fn source_events(&self) -> &[f64] {
        &self.source
    }

    /// Q's, in the same order.
    pub fn model_events(&self) -> &[f64] {
        &self.model
    }

    /// ln(p/q) in nats of the K first symbols and then of the K² transitions, row by row: 0 where P has no mass, +∞
    /// where only Q has none. Right to a few ulp however near Q is to P.
    pub fn event_log_ratios(&self) -> &[f64] {
        &self.log_ratios
    }

    /// The transitions from one state that P can make: to where, with which probability and log ratio.
    pub(super) fn row(&self, from: usize) -> impl Iterator<Item = (usize, f64, f64)> + Clone {
        let start = self.states * (from + 1);
        let events = start..start + self.states;
        let row = self.source[events.clone()].iter().zip(&self.log_ratios[events]).enumerate();
        row.map(|(to, (&mass, &ratio))| (to, mass, ratio)).filter(|&(_, mass, _)| mass > 0.0)
    }

    /// The same for the first symbol.
    pub(super) fn first(&self) -> impl Iterator<Item = (usize, f64, f64)> + Clone {
        let row = self.source.iter().zip(&self.log_ratios).take(self.states).enumerate();
        row.map(|(to, (&mass, &ratio))| (to, mass, ratio)).filter(|&(_, mass, _)| mass > 0.0)
    }

    /// What log ratios of transitions are taken about: any number would do, this one keeps the sums small. (Averaged ones are
    /// taken about another.)
    pub(super) fn centre(&self) -> f64 {
        match self.rate {
            Some(rate) if rate.is_finite() => rate,
            _ => 0.0,
        }
    }

    /// Whether P can make an event that Q cannot within `n` symbols.
    pub(super) fn can_be_infinite(&self, n: u64) -> bool {
        self.possible_log_ratios(n).iter().flatten().any(|ratio| ratio.is_infinite())
    }

    /// The log ratios of the first symbols, and of the transitions, that P can make within `n` symbols.
    pub(crate) fn possible_log_ratios(&self, n: u64) -> [Vec<f64>; 2] {
        let ratio = |(_, _, ratio): (usize, f64, f64)| ratio;
        let steps = members(self.left_within(n)).flat_map(|from| self.row(from));
        [self.first().map(ratio).collect(), steps.map(ratio).collect()]
    }

    /// The set of states that P can leave within `n` symbols: those that it can be in before the last one.
    fn left_within(&self, n: u64) -> u64 {
        let Some(steps) = n.checked_sub(2) else { return 0 };
        let mut set = self.first().fold(0u64, |set, (to, ..)| set | 1 << to);
        // After K steps no state is new.
        for _ in 0..steps.min(self.states as u64) {
            set |= members(set).flat_map(|from| self.row(from)).fold(0, |set, (to, ..)| set | 1 << to);
        }
        set
    }

    /// Each state's transitions with what `value` makes of their log ratios about a common number; those that Q cannot make are
    /// left out.
    pub(super) fn entries<T>(&self, value: impl Fn(f64) -> T) -> Vec<Vec<Entry<T>>> {
        let row = |from: usize| {
            let finite = self.row(from).filter(|(_, _, ratio)| ratio.is_finite());
            let centred = |to: usize| self.centred[self.states * (from + 1) + to];
            finite.map(|(to, mass, _)| Entry { to, mass, value: value(centred(to)) }).collect()
        };
        (0..self.states).map(row).collect()
    }

    /// The first symbols that P can begin with, each with its probability and its log ratio about a common number.
    pub(super) fn first_entries(&self) -> impl Iterator<Item = (usize, f64, f64)> + Clone {
        self.first().map(|(to, mass, _)| (to, mass, self.centred[to]))
    }
}

/// KL of two rows of probabilities without the mass that Q lacks, to some 30 digits: Σ p (q/p − 1 + ln(p/q)), terms ≥ 0, and Q's
/// mass where P has none.
fn precise_divergence(p: &[DoubleDouble], q: &[DoubleDouble], log_ratios: &[f64]) -> DoubleDouble {
    let term = |((&p, &q), &ratio): ((&DoubleDouble, &DoubleDouble), &f64)| match (p.to_f64() > 0.0, q.to_f64() > 0.0) {
        (true, true) => match precise_log(p, q) {
            Some((_, excess)) => p * excess,
            // q/p is beyond a double.
            None => p * DoubleDouble::from(ratio) + (q - p),
        },
        (true, false) => DoubleDouble::ZERO,
        (false, _) => q,
    };
    p.iter().zip(q).zip(log_ratios).map(term).sum()
}

/// How far each is from the first one of a state that is visited: 0 if they differ by rounding alone.
fn gaps(divergences: &[DoubleDouble], visited: u64) -> Vec<f64> {
    /// What is lost of a sum of terms ≥ 0, as a part of it, …
    const SAME: f64 = 1e-27;
    /// … and for each probability of a row, whose sum may be so far from 1.
    const UNSUMMED: f64 = 5e-32;
    let reference = members(visited).next().and_then(|state| divergences.get(state)).copied();
    let reference = reference.unwrap_or(DoubleDouble::ZERO);
    let gap = |&divergence: &DoubleDouble| {
        let gap = (divergence - reference).to_f64();
        let rounding = SAME * (divergence.to_f64() + reference.to_f64()) + UNSUMMED * divergences.len() as f64;
        if gap.abs() <= rounding { 0.0 } else { gap }
    };
    divergences.iter().map(gap).collect()
}

fn log_ratio(p: DoubleDouble, q: DoubleDouble) -> f64 {
    if p.to_f64() == 0.0 {
        0.0
    } else if q.to_f64() == 0.0 {
        f64::INFINITY
    } else {
        // A difference of some 2⁻¹⁰⁰ is what stationary probabilities are rounded by.
        let difference = (p - q).to_f64();
        let is_rounding = difference.abs() < 1e-29 * p.to_f64();
        if is_rounding { 0.0 } else { log_of_ratio(p.to_f64(), q.to_f64(), difference) }
    }
}
