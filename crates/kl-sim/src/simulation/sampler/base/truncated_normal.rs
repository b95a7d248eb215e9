//! Normal numbers between two ends, or beyond one.

use super::exponential::exponential;
use super::normal::normal;
use super::uniform::uniform;
use crate::simulation::words::Words;

/// Draws w with the density e^(−aw − w²/2), up to a factor, for low < w < high: the normal law itself between ends that hold much
/// of its mass, where a is 0, or from an end of its on, where low is 0.
///
/// By rejection, which is exact, from one of three laws (Robert 1995, "Simulation of truncated normal variables"). Of the numbers
/// that are drawn at least one in five is taken.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct TruncatedNormal {
    steepness: f64,
    low: f64,
    high: f64,
    proposal: Proposal,
}

/// What numbers are drawn from.
#[derive(Clone, Copy, Debug)]
enum Proposal {
    Normal,
    Uniform,
    Exponential { rate: f64 },
}

impl TruncatedNormal {
    pub(super) fn new(steepness: f64, low: f64, high: f64) -> Self {
        // The rate that is taken most often; from large a on it is a.
        let rate = if steepness < 1e8 { 0.5 * (steepness + (steepness * steepness + 4.0).sqrt()) } else { steepness };
        let proposal = if low < 0.0 {
            Proposal::Normal
        } else if rate * high < 1.0 {
            Proposal::Uniform
        } else {
            Proposal::Exponential { rate }
        };
        Self { steepness, low, high, proposal }
    }

    pub(super) fn draw(&self, random: &mut (impl Words + ?Sized)) -> f64 {
        let a = self.steepness;
        loop {
            let (w, price) = match self.proposal {
                Proposal::Normal => (normal(random), 0.0),
                Proposal::Uniform => {
                    let w = self.high * uniform(random);
                    // Of a density whose top is within, what lies below that.
                    (w, if a < 0.0 { 0.5 * (a + w) * (a + w) } else { w * (a + 0.5 * w) })
                }
                Proposal::Exponential { rate } => {
                    let w = exponential(random) / rate;
                    (w, 0.5 * (w - (rate - a)) * (w - (rate - a)))
                }
            };
            if self.low < w && w < self.high && (price == 0.0 || exponential(random) > price) {
                return w;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, stream};
    use super::*;
    use kl_math::numeric::nodes;

    /// Over 200 stretches of each of the three proposals, and of their borders.
    #[test]
    fn a_hundred_thousand_numbers_follow_their_law() {
        for (steepness, low, high) in [
            (0.0, -1.0, 2.0),
            (0.0, -0.7, f64::INFINITY),
            (0.0, 0.0, f64::INFINITY),
            (0.3, 0.0, 0.8),
            (-0.5, 0.0, 0.6),
            (2.0, 0.0, 3.0),
            (50.0, 0.0, f64::INFINITY),
            (1e8, 0.0, 1e-9),
        ] {
            let density = |w: f64| libm::exp(-w * (steepness + 0.5 * w));
            let reach = f64::min(high, low + 12.0 / f64::max(1.0, steepness / 3.0));
            let mass = |from: f64, to: f64| {
                nodes(&[from, to], 6).iter().map(|node| node.weight * density(node.x)).sum::<f64>()
            };
            let whole = mass(low, reach);
            let edges: Vec<f64> = (1..200).map(|step| low + (reach - low) * f64::from(step) / 200.0).collect();
            let chances: Vec<f64> = edges.iter().map(|&edge| mass(low, edge) / whole).collect();
            // Stretches that hardly any number falls into are left to their neighbours.
            let kept: Vec<(f64, f64)> = edges.into_iter().zip(chances).filter(|(_, chance)| *chance < 0.999).collect();
            let (edges, chances): (Vec<f64>, Vec<f64>) = kept.into_iter().unzip();
            let (law, mut stream) = (TruncatedNormal::new(steepness, low, high), stream());
            let what = format!("{steepness} {low} {high}");
            let draws = (0..100_000).map(|_| law.draw(&mut stream)).inspect(|w| assert!(low < *w && *w < high));
            assert_follows(draws, &edges, &chances, &what);
        }
    }
}
