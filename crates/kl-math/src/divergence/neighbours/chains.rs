//! Pairs of Markov chains: rates of entropy per symbol.

use super::{Absent, Found, Measure, Neighbours};
use crate::chain::{ChainLaw, stationary};
use crate::distribution::MarkovPair;
use crate::divergence::Cumulants;
use crate::numeric::DoubleDouble;

/// H(P) = −Σ πᵢ Pᵢⱼ ln Pᵢⱼ, and H(P, Q) = H(P) + D, if D is a rate.
pub(super) fn of_chains(pair: &MarkovPair, order: Option<f64>) -> Neighbours {
    let rate = |side: &crate::distribution::Distribution| {
        let law = side.chain().ok_or(Absent::Memory)?.law();
        entropy_rate(law).map(Measure::exact).ok_or(Absent::Classes)
    };
    let entropies = [rate(pair.source()), rate(pair.model())];
    let divergence = Cumulants::of_chains(pair.chains()).mean;
    let absent: Found = Err(Absent::Memory);
    Neighbours {
        entropies,
        cross_entropy: entropies[0].map(|entropy| Measure::exact(entropy.value + divergence)),
        jensen_shannon: absent,
        total_variation: absent,
        hellinger_squared: absent,
        chi_squared: absent,
        bhattacharyya: absent,
        renyi_half: absent,
        renyi_two: absent,
        renyi_other: order.map(|order| (order, absent)),
        chernoff: Err(Absent::Memory),
    }
}

fn entropy_rate(law: ChainLaw<'_>) -> Option<f64> {
    let visits = stationary(law.transition)?;
    let rows = law.transition.chunks_exact(visits.len().max(1));
    let terms = visits.iter().zip(rows).flat_map(|(&visit, row)| row.iter().map(move |&mass| (visit, mass)));
    let all = terms.map(|(visit, mass)| visit * DoubleDouble::from(super::symbols::surprise(mass, mass)));
    Some(all.sum::<DoubleDouble>().to_f64())
}
