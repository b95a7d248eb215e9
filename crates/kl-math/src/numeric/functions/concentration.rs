//! Divergences of Dirichlet laws, without the large parts of their log-gammas.

use crate::numeric::{log_gap, log_of_ratio, stirling_gap, stirling_gap_growth, trigamma_excess, trigamma_growth};

/// One of the α of a Dirichlet law beside what it is held against, or their sums A and B.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concentration {
    /// α, or A.
    pub from: f64,
    /// β, or B.
    pub to: f64,
    /// β − α with digits that the two may have lost.
    pub step: f64,
    /// β A/(α B) − 1, likewise; 0 of the sums.
    pub deviation: f64,
}

impl Concentration {
    /// D of the law of the `from` against that of the `to`, and how far it may be off.
    ///
    /// With G(a, h) = lnΓ(a+h) − lnΓ(a) − hψ(a) it is Σ G(αᵢ, hᵢ) − G(A, H); with φ(x) = lnΓ(x) − x ln x + x, s the deviations,
    /// h(s) = (1+s) ln(1+s) − s and R(a, h) = φ(a+h) − φ(a) − hφ′(a) that is Σ αᵢ (B/A) h(sᵢ) + Σ R(αᵢ, hᵢ) − R(A, H). All
    /// terms but the last are ≥ 0; where one α and its β are nearly the whole, that one's R and the last are taken together, by
    /// what R grows by between the two.
    pub fn divergence(parts: &[Self], whole: Self) -> (f64, f64) {
        /// What rounding may leave a term off by, as a part of itself, …
        const ROUNDING: f64 = 4e-15;
        /// … and R(a, h) for each 1 of an a below 20.
        const STEPPED: f64 = 1.5e-15;
        let ratio = whole.to / whole.from;
        let main: f64 = parts.iter().map(|part| part.main(ratio)).sum();
        let gap = |part: &Self| {
            let (value, stepped) =
                (stirling_gap(part.from, part.to, part.step), if part.from < 20.0 { part.from } else { 0.0 });
            (value, value * (ROUNDING + STEPPED * stepped))
        };
        let both = |sum: (f64, f64), next: (f64, f64)| (sum.0 + next.0, sum.1 + next.1);
        let largest = Self::dominant(parts, whole);
        let others = parts.iter().enumerate().filter(|(place, _)| Some(*place) != largest.map(|(place, _)| place));
        let gaps = others.map(|(_, part)| gap(part)).fold((0.0, 0.0), both);
        let last = match largest {
            Some((place, grown)) => {
                let part = parts[place];
                let growth = stirling_gap_growth([part.from, part.to, part.step], grown);
                (growth, ROUNDING * growth.abs())
            }
            None => gap(&whole),
        };
        ((main + (gaps.0 - last.0)).max(0.0), ROUNDING * main + gaps.1 + last.1)
    }

    /// V, Σ hᵢ² ψ′(αᵢ) − H² ψ′(A) = Σ αᵢ (sᵢ B/A)² + Σ hᵢ² φ″(αᵢ) − H² φ″(A), likewise.
    pub fn variance(parts: &[Self], whole: Self) -> f64 {
        let ratio = whole.to / whole.from;
        let square = |x: f64| x * x;
        let main: f64 = parts.iter().map(|part| part.from * square(part.deviation * ratio)).sum();
        let rest_of = |part: &Self| square(part.step / part.from) * trigamma_excess(part.from);
        let largest = Self::dominant(parts, whole);
        let others = parts.iter().enumerate().filter(|(place, _)| Some(*place) != largest.map(|(place, _)| place));
        let squares: f64 = others.map(|(_, part)| rest_of(part)).sum();
        let last = match largest {
            Some((place, [rest, _, step])) => trigamma_growth(parts[place].from, parts[place].step, rest, step),
            None => rest_of(&whole),
        };
        (main + (squares - last)).max(0.0)
    }

    /// α (B/A) h(s).
    fn main(&self, ratio: f64) -> f64 {
        let share = self.from * ratio;
        if self.deviation < 1e6 {
            return share * log_gap(self.deviation);
        }
        self.to * (log_of_ratio(self.to, self.from, self.step) - libm::log(ratio) - 1.0) + share
    }

    /// The place of the α that is nearly the whole, if its β is, too, and the sums of the other α, of the other β and of the other
    /// steps.
    fn dominant(parts: &[Self], whole: Self) -> Option<(usize, [f64; 3])> {
        /// The others are at most this part of it.
        const SMALL: f64 = 0.25;
        let place = parts.iter().position(|part| part.from > 0.5 * whole.from)?;
        let sum = |of: &dyn Fn(&Self) -> f64| -> f64 {
            parts.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, part)| of(part)).sum()
        };
        let (rest, other) = (sum(&|part| part.from), sum(&|part| part.to));
        let is_rest_small = rest <= SMALL * parts[place].from && other <= SMALL * parts[place].to;
        is_rest_small.then(|| (place, [rest, other, sum(&|part| part.step)]))
    }
}
