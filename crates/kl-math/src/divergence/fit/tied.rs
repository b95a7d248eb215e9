//! The categorical distribution with tied symbols that is nearest to P.

use super::error::FitError;
use super::moments::taken;
use crate::distribution::{Categorical, Distribution, MassFunction};
use crate::numeric::{DoubleDouble, compensated, log_excess};
use std::collections::HashSet;

/// The categorical distributions over P's symbols that are nearest to P among those where the symbols of a class have one
/// probability.
///
/// # Formula
///
/// With the classes C of sizes |C|, P(C) = Σ_C pᵢ and the geometric mean g_C = (Π_C pᵢ)^(1/|C|):
///
/// - forward, argmin KL(P‖Q): qᵢ = P(C)/|C|, since −Σ P(C) ln q_C is least at Q(C) = P(C);
/// - reverse, argmin KL(Q‖P): qᵢ = g_C/Z with Z = Σ_C |C| g_C, and then KL(Q‖P) = −ln Z. With Q(C) = w_C it is
///   Σ w_C ln(w_C/(|C| g_C)), the divergence of w from weights that sum to Z, which is convex in w.
///
/// A class with a symbol that P cannot produce has g_C = 0: reverse gives it no mass, forward its share.
///
/// # Source
///
/// Cover & Thomas 2006, *Elements of Information Theory*, theorem 2.6.3 (Gibbs' inequality) for both.
///
/// # Example
///
/// ```
/// use kl_math::divergence::fit::TiedFit;
/// use kl_math::prelude::*;
/// let p = Categorical::named([("a", 0.5), ("b", 0.32), ("c", 0.18)])?;
/// // b and c together have the mass 1/2; their geometric mean is 0.24.
/// let fit = TiedFit::of(&p.into(), &[vec![1, 2]])?;
/// assert_eq!(fit.forward, [0.5, 0.25, 0.25]);
/// assert!((fit.reverse.expect("a reverse fit")[1] - 0.24 / 0.98).abs() < 1e-15);
/// assert!((fit.least_reverse + libm::log(0.98)).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TiedFit {
    /// The probabilities that minimise KL(P‖Q), in P's order.
    pub forward: Vec<f64>,
    /// The probabilities that minimise KL(Q‖P).
    ///
    /// # Errors
    ///
    /// Every class has a symbol that P cannot produce.
    pub reverse: Result<Vec<f64>, FitError>,
    /// The least KL(Q‖P) = −ln Z, nats; +∞ without a reverse fit.
    pub least_reverse: f64,
    /// The class of each symbol, by its number from 0 in the order of first symbols.
    pub classes: Vec<usize>,
}

impl TiedFit {
    /// Ties the symbols in these places, from 0, of P's alphabet; what no tie names stays free.
    ///
    /// # Errors
    ///
    /// P without a finite alphabet, places that P does not have, and symbols that are tied twice.
    pub fn of(p: &Distribution, ties: &[Vec<usize>]) -> Result<Self, FitError> {
        let masses = p.mass_function();
        let probabilities = masses.probabilities();
        if probabilities.is_empty() {
            return Err(FitError::NotSymbols { taken: taken(p, p.values()) });
        }
        let classes = classes(masses, ties)?;
        let count = classes.iter().max().map_or(0, |last| last + 1);
        let mut found = vec![Class::default(); count];
        for (&class, &p) in classes.iter().zip(probabilities) {
            if let Some(class) = found.get_mut(class) {
                class.add(p);
            }
        }
        let of_class = |share: &dyn Fn(&Class) -> f64| -> Vec<f64> {
            let shares: Vec<f64> = found.iter().map(share).collect();
            classes.iter().map(|&class| shares.get(class).copied().unwrap_or(0.0)).collect()
        };
        let forward = of_class(&|class| (class.mass / DoubleDouble::from(class.size as f64)).to_f64());
        // 1 − Z in terms that are never negative: what each class has less than its mass.
        let short: DoubleDouble = found.iter().map(Class::shortfall).sum();
        let missing = short.to_f64().clamp(0.0, 1.0);
        let is_possible = found.iter().any(|class| class.geometric_mean() > 0.0);
        if !is_possible {
            let reverse = Err(FitError::AllImpossible);
            return Ok(Self { forward, reverse, least_reverse: f64::INFINITY, classes });
        }
        let whole: f64 = found.iter().map(|class| class.size as f64 * class.geometric_mean()).sum();
        let reverse = of_class(&|class| class.geometric_mean() / whole);
        let least_reverse = if missing < 0.5 { 0.0 - libm::log1p(-missing) } else { 0.0 - libm::log(whole) };
        Ok(Self { forward, reverse: Ok(reverse), least_reverse, classes })
    }

    /// Probabilities over P's symbols as a distribution, under P's names if it has any; none where they do not sum to 1.
    pub fn over_symbols_of(p: &Distribution, probabilities: &[f64]) -> Option<Categorical> {
        let alphabet = p.mass_function().alphabet();
        if alphabet.is_named() {
            Categorical::named(alphabet.symbols().iter().cloned().zip(probabilities.iter().copied())).ok()
        } else {
            Categorical::new(probabilities).ok()
        }
    }
}

/// The number of each symbol's class.
fn classes(masses: &MassFunction, ties: &[Vec<usize>]) -> Result<Vec<usize>, FitError> {
    let symbols = masses.alphabet().symbols();
    let size = symbols.len();
    let mut tie_of: Vec<Option<usize>> = vec![None; size];
    let mut seen = HashSet::new();
    for (tie, places) in ties.iter().enumerate() {
        for &place in places {
            let slot = tie_of.get_mut(place).ok_or(FitError::NoSymbol { place, size })?;
            if !seen.insert(place) {
                return Err(FitError::TiedTwice { symbol: symbols.get(place).cloned().unwrap_or_default() });
            }
            *slot = Some(tie);
        }
    }
    let mut number_of: Vec<Option<usize>> = vec![None; ties.len()];
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    let number = |tie: Option<usize>| match tie.and_then(|tie| number_of.get_mut(tie)) {
        Some(known) => *known.get_or_insert_with(&mut fresh),
        None => fresh(),
    };
    Ok(tie_of.into_iter().map(number).collect())
}

/// Symbols with one probability.
#[derive(Clone, Default)]
struct Class {
    size: u64,
    mass: DoubleDouble,
    probabilities: Vec<DoubleDouble>,
}

impl Class {
    fn add(&mut self, p: DoubleDouble) {
        self.size += 1;
        self.mass += p;
        self.probabilities.push(p);
    }

    fn mean(&self) -> DoubleDouble {
        self.mass / DoubleDouble::from(self.size as f64)
    }

    /// (1/|C|) Σ ln(mean/pᵢ), which is never negative; infinite where some pᵢ is 0.
    fn log_fall(&self) -> f64 {
        let mean = self.mean();
        if self.probabilities.iter().any(|p| p.to_f64() <= 0.0) {
            return f64::INFINITY;
        }
        // ln(mean/p) + (p/mean − 1), whose second part sums to 0: no term is negative.
        let term = |p: &DoubleDouble| {
            let relative = ((*p - mean) / mean).to_f64();
            if relative > -0.5 { log_excess(relative) } else { relative - libm::log((*p / mean).to_f64()) }
        };
        let sum = compensated(self.probabilities.iter().map(term));
        sum / self.size as f64
    }

    fn geometric_mean(&self) -> f64 {
        self.mean().to_f64() * libm::exp(-self.log_fall())
    }

    /// P(C) − |C| g_C.
    fn shortfall(&self) -> DoubleDouble {
        DoubleDouble::product(self.mass.to_f64(), -libm::expm1(-self.log_fall()))
    }
}
