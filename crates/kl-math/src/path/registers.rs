//! The numbers that an estimate is linear in, and how a symbol changes them.

use super::estimate::{PathEstimate, PathQuantity};
use super::laws::Event;
use super::operator::Entry;
use crate::divergence::{Baseline, Credit, GradientRule, Importance, Side, Term, WeightSpan};
use crate::numeric::{DoubleDouble, precise_exp};

/// How many there are.
pub(super) const REGISTERS: usize = 11;

/// W, the weight so far, and W times: A = Σ s, K = Σ k, A K, K², A K², R − 1 where R = Π r, A (R − 1), X = R − 1 + L, A X; and the sum
/// G. What is small where Q is near P is a register of its own, so that it is no difference.
const W: usize = 0;
const A: usize = 1;
const K: usize = 2;
const AK: usize = 3;
const K2: usize = 4;
const AK2: usize = 5;
const R: usize = 6;
const AR: usize = 7;
const X: usize = 8;
const AX: usize = 9;
const G: usize = 10;

/// One number for each register.
pub(super) type Registers = [DoubleDouble; REGISTERS];

/// The registers before the first symbol.
pub(super) fn at_start() -> Registers {
    let mut registers = [DoubleDouble::ZERO; REGISTERS];
    registers[W] = DoubleDouble::ONE;
    registers
}

/// What an event does: to which register so much of which one before is added. Parts that are 0 are left out.
pub(super) type Change = Vec<Entry>;

/// What an event is to an estimate.
struct Step {
    /// What W is multiplied with.
    weight: DoubleDouble,
    /// What G is.
    carry: DoubleDouble,
    score: DoubleDouble,
    term: DoubleDouble,
    /// r − 1 and r − 1 + l.
    relative: DoubleDouble,
    excess: DoubleDouble,
    /// What is added to G: so much times W, and so much times W A.
    own: DoubleDouble,
    past: DoubleDouble,
}

impl Step {
    fn change(&self) -> Change {
        let (one, two) = (DoubleDouble::ONE, DoubleDouble::TWO);
        let (s, k, rise, excess) = (self.score, self.term, self.relative, self.excess);
        let (square, ratio) = (k * k, one + rise);
        let parts: [(usize, &[(usize, DoubleDouble)]); 11] = [
            (W, &[(W, one)]),
            (A, &[(A, one), (W, s)]),
            (K, &[(K, one), (W, k)]),
            (AK, &[(AK, one), (K, s), (A, k), (W, s * k)]),
            (K2, &[(K2, one), (K, two * k), (W, square)]),
            (AK2, &[(AK2, one), (AK, two * k), (A, square), (K2, s), (K, two * s * k), (W, s * square)]),
            (R, &[(R, ratio), (W, rise)]),
            (AR, &[(AR, ratio), (A, rise), (R, s * ratio), (W, s * rise)]),
            (X, &[(X, one), (R, rise), (W, excess)]),
            (AX, &[(AX, one), (AR, rise), (A, excess), (X, s), (R, s * rise), (W, s * excess)]),
            (G, &[(W, self.own), (A, self.past)]),
        ];
        let weighed =
            parts.iter().flat_map(|&(to, parts)| parts.iter().map(move |&(from, part)| (to, from, self.weight * part)));
        let change = weighed.chain([(G, G, self.carry)]);
        change.filter(|(.., part)| *part != DoubleDouble::ZERO).collect()
    }
}

impl PathEstimate {
    /// Whether it is linear in the registers: weights that are cut or divided by other weights of the sequence are not, but for those
    /// of single symbols.
    pub fn is_linear(&self) -> bool {
        let weighting = self.weighting();
        match weighting.importance {
            Importance::Unweighted | Importance::Ratio => true,
            Importance::Clipped(_) => weighting.span == WeightSpan::Symbol,
            Importance::SelfNormalised => false,
        }
    }

    /// What an event does to the registers, in sequences of `n` symbols.
    pub(super) fn change(&self, row: usize, symbol: usize, event: &Event, n: u64) -> Change {
        self.step(row, symbol, event, n).change()
    }

    fn step(&self, row: usize, symbol: usize, event: &Event, n: u64) -> Step {
        let (zero, one) = (DoubleDouble::ZERO, DoubleDouble::ONE);
        let weighting = self.weighting();
        let is_weighed = weighting.importance != Importance::Unweighted;
        let mut step = Step {
            weight: one,
            carry: one,
            score: self.score(row, symbol, event),
            term: self.term(row, event),
            relative: event.relative,
            excess: event.excess,
            own: self.own_part(row, symbol, event),
            past: self.to_go(row, event),
        };
        if is_weighed && !event.is_of_source() {
            // W is 0 from here on; one symbol's weight is 0 at this symbol.
            (step.term, step.own, step.past) = (zero, zero, zero);
        }
        let differentiated = self.differentiates();
        match weighting.span {
            WeightSpan::Symbol => {
                let (weight, is_free) = self.symbol_weight(event);
                if differentiated && is_free && self.credit() == Credit::Symbol {
                    step.own += step.term * step.score;
                }
                step.own = weight * step.own;
                step.past = weight * step.past;
                if self.has_mean_baseline() {
                    // A is Σ w s.
                    step.score = weight * step.score;
                }
            }
            WeightSpan::Prefix => {
                step.weight = self.weight(event);
                if differentiated && self.credit() == Credit::Symbol {
                    step.own += step.term * step.score;
                    step.past += step.term;
                }
            }
            WeightSpan::Sequence | WeightSpan::GeometricMean => {
                step.weight = match weighting.span {
                    WeightSpan::GeometricMean if is_weighed && event.is_of_source() => {
                        precise_exp(event.log_weight / DoubleDouble::from(u128::from(n)))
                    }
                    _ => self.weight(event),
                };
                step.carry = step.weight;
            }
        }
        step
    }

    /// The weight of one symbol, and whether it depends on P's parameters.
    pub(super) fn symbol_weight(&self, event: &Event) -> (DoubleDouble, bool) {
        match self.weighting().importance {
            Importance::Clipped(most) if event.weight > DoubleDouble::from(most) => (DoubleDouble::from(most), false),
            _ => (self.weight(event), true),
        }
    }

    /// The estimate as so much of each register, from `n` symbols.
    pub(super) fn of_registers(&self, n: u64) -> Registers {
        let (zero, one) = (DoubleDouble::ZERO, DoubleDouble::ONE);
        let mut of = [zero; REGISTERS];
        let length = DoubleDouble::from(u128::from(n));
        // By how much the weight of all changes with the sum of the scores.
        let slope = if self.weighting().span == WeightSpan::GeometricMean { one / length } else { one };
        let slope = if self.differentiates() { slope } else { zero };
        let half = DoubleDouble::HALF;
        match self.quantity() {
            PathQuantity::Gradient { rule: GradientRule::Loss(term), side, credit: Credit::Sequence, .. } => {
                match term {
                    Term::K1 => (of[A], of[AK]) = (one, slope),
                    Term::K2 => (of[AK], of[AK2]) = (one, slope * half),
                    Term::K3 => (of[AR], of[AX]) = (-one, slope),
                }
                if side == Side::Model {
                    of = of.map(|part| -part);
                }
            }
            PathQuantity::Gradient {
                rule: GradientRule::Reward(term, Baseline::Constant(baseline)),
                credit: Credit::Sequence,
                ..
            } => {
                let baseline = DoubleDouble::from(baseline);
                match term {
                    Term::K1 => (of[AK], of[A]) = (one, -baseline),
                    Term::K2 => (of[AK2], of[A]) = (half, -baseline),
                    Term::K3 => (of[AX], of[A]) = (one, -baseline),
                }
            }
            _ if self.has_mean_baseline() => {
                let others = if self.baseline() == Some(Baseline::Mean) { length } else { length - one };
                (of[G], of[AK]) = (length / others, -one / others);
            }
            _ => {
                of[G] = one;
                if self.has_one_weight() {
                    of[AK] = slope;
                }
            }
        }
        of.map(|part| part / length)
    }
}
