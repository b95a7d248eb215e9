//! The mean over draws of symbols.

use crate::estimator::symbol_mean::one_symbol;
use crate::estimator::theory::{FEW_ATOMS, MANY_ATOMS, OneSymbol, finite_range};
use crate::estimator::{ContributionCumulants, Theory};
use kl_math::distribution::SymbolLaws;
use kl_math::divergence::{Cumulants, FiniteCumulants, Importance, Quantity, SymbolValues, Weighting};
use kl_math::law::{Bins, Law, at_least_once};
use kl_math::numeric::DoubleDouble;

/// What is averaged, symbol by symbol, and the chance of each.
pub(super) struct SymbolsMean {
    values: SymbolValues,
    probabilities: Vec<DoubleDouble>,
}

/// Whether KL(P‖Q) is infinite.
pub(super) fn is_infinite(laws: &SymbolLaws<'_>) -> bool {
    laws.source.iter().zip(laws.model).any(|(p, q)| p.to_f64() > 0.0 && q.to_f64() == 0.0)
}

/// The weight of each symbol, where symbols that are drawn from S are weighed.
pub(super) fn weights(laws: &SymbolLaws<'_>, importance: Importance) -> Option<Vec<f64>> {
    let drawn = laws.drawn.filter(|_| importance != Importance::Unweighted)?;
    let weight = |(&s, &p): (&DoubleDouble, &DoubleDouble)| match (importance, (p / s).to_f64()) {
        _ if s == DoubleDouble::ZERO => 0.0,
        (Importance::Clipped(most), weight) => weight.min(most),
        (_, weight) => weight,
    };
    Some(drawn.iter().zip(laws.source).map(weight).collect())
}

impl SymbolsMean {
    pub(super) fn of(laws: &SymbolLaws<'_>, quantity: Quantity, weighting: Weighting) -> Option<Self> {
        let Weighting { importance, is_differentiated, .. } = weighting;
        let values = SymbolValues::of_draws(laws, quantity, importance, is_differentiated)?;
        Some(Self { values, probabilities: laws.drawn.unwrap_or(laws.source).to_vec() })
    }

    pub(super) fn values(&self) -> &[f64] {
        self.values.values()
    }

    pub(super) fn deviations(&self) -> &[f64] {
        self.values.deviations()
    }

    /// Whether each value is a double, or infinite by definition.
    pub(super) fn is_held(&self) -> bool {
        self.values().iter().all(|value| value.is_finite() || value.is_infinite())
    }

    pub(super) fn one(&self) -> OneSymbol {
        one_symbol(&self.values)
    }

    pub(super) fn theory(&self, n: u64, divergence: &Cumulants) -> Theory {
        let contribution = || {
            let function = FiniteCumulants::new(self.values.centred().to_vec()).with_size(self.values.size());
            Some(ContributionCumulants::Symbol(function))
        };
        self.one().theory(self.infinite_mass(n), n, divergence, contribution, self.law(n, FEW_ATOMS))
    }

    pub(super) fn bins(&self, n: u64) -> Bins {
        let law = self.law(n, MANY_ATOMS);
        self.one().bins(self.infinite_mass(n), n, law.as_ref(), finite_range(self.values()))
    }

    fn law(&self, n: u64, most: u64) -> Option<Law> {
        Law::of_symbols(&self.probabilities, self.values(), n, most)
    }

    /// The chance that the mean over `n` draws is infinite.
    fn infinite_mass(&self, n: u64) -> DoubleDouble {
        let infinite = self.probabilities.iter().zip(self.values()).filter(|(_, value)| value.is_infinite());
        at_least_once(infinite.map(|(&mass, _)| mass).sum(), n)
    }
}
