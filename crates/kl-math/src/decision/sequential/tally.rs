//! What is known of a test that has been followed symbol by symbol.

use crate::decision::Decision;
use crate::numeric::{CompensatedSum, DoubleDouble};

/// A part of the outcomes that ends after n symbols: its chance, and the moments of Λₙ in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) mass: f64,
    /// E[Λ; part], nats.
    pub(super) first: f64,
    /// E[Λ²; part], nats².
    pub(super) second: f64,
}

impl Part {
    /// All of it at one value.
    pub(super) fn at(value: f64, mass: f64) -> Self {
        Self { mass, first: mass * value, second: mass * value * value }
    }
}

/// Sums over the outcomes of one decision.
#[derive(Clone, Copy, Debug, Default)]
struct End {
    mass: CompensatedSum,
    /// Chance and Σ chance · Λ where Λ is finite.
    finite: CompensatedSum,
    log_ratio: CompensatedSum,
}

/// What changes no digit of a chance.
pub(super) const NO_DIGIT: f64 = 1e-15;

/// Sums over all outcomes, as they end.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    ends: [End; 3],
    /// P(τ > n) for n = 0, 1, …
    survival: Vec<f64>,
    rate: CompensatedSum,
    rate_square: CompensatedSum,
    /// The chances that Λ ends at −∞ and at +∞.
    infinite: [CompensatedSum; 2],
    /// How far rounding may move a probability, as a part of it.
    pub(super) rounding: f64,
    /// The chance of what was not followed to its end.
    pub(super) lost: f64,
    /// How many products it took.
    pub(super) work: u64,
}

impl Tally {
    /// A test that ends at once where `max` is 0.
    pub(super) fn start() -> Self {
        Self { survival: vec![1.0], ..Self::default() }
    }

    /// A part that ends after `n` symbols with a finite Λₙ.
    pub(super) fn stop(&mut self, n: u64, decision: Decision, part: Part) {
        let end = &mut self.ends[place(decision)];
        end.mass.push(part.mass);
        end.finite.push(part.mass);
        end.log_ratio.push(part.first);
        let symbols = n as f64;
        self.rate.push(part.first / symbols);
        self.rate_square.push(part.second / symbols / symbols);
    }

    /// A part that ends with an infinite Λ.
    pub(super) fn stop_at_infinity(&mut self, decision: Decision, is_above: bool, mass: f64) {
        self.ends[place(decision)].mass.push(mass);
        self.infinite[usize::from(is_above)].push(mass);
    }

    /// The chance P(τ > n) of the next n.
    pub(super) fn survive(&mut self, mass: f64) {
        self.survival.push(mass);
    }

    /// The chance that nothing has ended yet.
    pub(super) fn alive(&self) -> f64 {
        self.survival.last().copied().unwrap_or(1.0)
    }

    /// Whether what is left is below this part of the smaller chance to decide that is above 0 so far, and below a thousandth of it
    /// of all.
    pub(super) fn is_over(&self, negligible: f64) -> bool {
        /// Survivors below this never count.
        const LEAST: f64 = 1e-100;
        let chances = [Decision::P, Decision::Q].map(|decision| self.chance(decision));
        let least = chances.into_iter().filter(|&chance| chance > 0.0).fold(f64::INFINITY, f64::min);
        let alive = self.alive();
        alive <= LEAST || (least.is_finite() && alive <= (negligible * least).min(1e-3 * negligible))
    }

    pub(super) fn chance(&self, decision: Decision) -> f64 {
        self.ends[place(decision)].mass.value()
    }

    /// How far the chances of two are apart at most.
    pub(super) fn apart(&self, other: &Self) -> f64 {
        let apart = Decision::ALL.into_iter().map(|end| (self.chance(end) - other.chance(end)).abs());
        apart.fold(0.0, f64::max)
    }

    /// Of the outcomes with this decision and a finite Λ: their chance and E[Λ; these].
    pub(super) fn finite(&self, decision: Decision) -> (f64, f64) {
        let end = &self.ends[place(decision)];
        (end.finite.value(), end.log_ratio.value())
    }

    pub(super) fn infinite(&self) -> [f64; 2] {
        self.infinite.map(CompensatedSum::value)
    }

    /// E[Λ_τ/τ] and E[(Λ_τ/τ)²] over the outcomes with a finite Λ.
    pub(super) fn rates(&self) -> (f64, f64) {
        (self.rate.value(), self.rate_square.value())
    }

    /// E τ = Σ P(τ > n), and Var τ by E τ² = Σ (2n + 1) P(τ > n).
    pub(super) fn lengths(&self) -> [f64; 2] {
        let (mut mean, mut square) = (DoubleDouble::ZERO, DoubleDouble::ZERO);
        for (n, &left) in self.survival.iter().enumerate() {
            mean += left;
            square += DoubleDouble::product(2.0 * n as f64 + 1.0, left);
        }
        [mean.to_f64(), (square - mean * mean).to_f64().max(0.0)]
    }

    pub(super) fn survival(&self) -> &[f64] {
        &self.survival
    }
}

fn place(decision: Decision) -> usize {
    match decision {
        Decision::P => 0,
        Decision::Q => 1,
        Decision::Undecided => 2,
    }
}
