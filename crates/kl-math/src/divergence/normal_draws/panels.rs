//! Integrals over the standard normal law, panel by panel.

use super::pieces::Piece;
use crate::numeric::GAUSS_LEGENDRE;
use std::f64::consts::TAU;

/// An integral, that of the integrand's size, and how far the integral may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Integral {
    pub(super) value: f64,
    pub(super) size: f64,
    pub(super) error: f64,
}

/// A value, and what rounding may have made of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Noisy {
    pub(super) value: f64,
    pub(super) noise: f64,
}

/// Panels that an integral is first made of, at the most.
const MOST_PANELS: f64 = 20_000.0;

/// A part of an integral: of the integrand, its size and its noise.
type Part = [f64; 3];

/// ∫ of an integrand of this power of the function over all pieces: by Gauss and Legendre's rule on panels as wide as the narrowest bell,
/// each of them halved until that changes nothing. None where there would be too many, or where there is no number.
pub(super) fn integral(pieces: &[Piece], power: u32, integrand: impl Fn(f64) -> Noisy) -> Option<Integral> {
    const DEPTH: u32 = 8;
    /// With more panels than this they are halved less often: the work is bounded, and the stated error says what is left.
    const FEW: usize = 256;
    const ROOM: f64 = 1e-17;
    let point = |z: f64| {
        let Noisy { value, noise } = integrand(z);
        [value, value.abs(), noise]
    };
    let mut panels = Vec::new();
    let (from, to) = range(pieces, power);
    for piece in pieces {
        let (low, high) = (piece.low.max(from), piece.high.min(to));
        if low < high {
            panels.extend(cut(low, high, narrowest(piece, power))?);
        }
    }
    let first: Vec<(f64, f64, Part)> =
        panels.into_iter().map(|(start, half)| (start, half, part(start, half, &point))).collect();
    let room = ROOM * first.iter().map(|(_, _, [_, size, _])| size).sum::<f64>();
    let depth = DEPTH.saturating_sub((first.len() / FEW).checked_ilog2().map_or(0, |more| more + 1)).max(1);
    let mut sum = Integral::default();
    for (start, half, whole) in first {
        let ([value, size, noise], change) = refined(start, half, whole, room, depth, &point);
        sum = Integral { value: sum.value + value, size: sum.size + size, error: sum.error + noise + change };
    }
    (sum.value.is_finite() && sum.error.is_finite()).then_some(sum)
}

/// Points with their masses under the standard normal law, from −`reach` to `reach`; none where they would be too many.
pub(super) fn masses(pieces: &[Piece], reach: f64) -> Option<Vec<(f64, f64)>> {
    /// The function and exponentials of it are smooth on this scale.
    const WIDEST: f64 = 0.25;
    let mut points = Vec::new();
    for piece in pieces {
        let (low, high) = (piece.low.max(-reach), piece.high.min(reach));
        if low < high {
            for (start, half) in cut(low, high, WIDEST.min(0.5 * narrowest(piece, 1)))? {
                let node = |(z, weight): (f64, f64)| (half * weight * density(z), z);
                points.extend(nodes(start, half).map(node));
            }
        }
    }
    Some(points)
}

/// e^(−z²/2)/√(2π).
fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / TAU.sqrt()
}

/// Start and half the length of panels of about this width.
fn cut(low: f64, high: f64, width: f64) -> Option<impl Iterator<Item = (f64, f64)>> {
    let count = ((high - low) / width).ceil().max(1.0);
    let half = 0.5 * (high - low) / count;
    (count <= MOST_PANELS).then(|| (0..count as u32).map(move |place| (low + 2.0 * half * f64::from(place), half)))
}

/// The points of a panel and the weights that sum to 2.
fn nodes(start: f64, half: f64) -> impl Iterator<Item = (f64, f64)> {
    let middle = start + half;
    GAUSS_LEGENDRE
        .into_iter()
        .flat_map(move |(node, weight)| [(middle - half * node, weight), (middle + half * node, weight)])
}

fn part(start: f64, half: f64, point: &impl Fn(f64) -> Part) -> Part {
    nodes(start, half).fold([0.0; 3], |[value, size, noise], (z, weight)| {
        let [next, next_size, next_noise] = point(z);
        let weight = half * weight;
        [value + weight * next, size + weight * next_size, noise + weight * next_noise]
    })
}

/// A panel and by how much its last halving changed it.
fn refined(start: f64, half: f64, whole: Part, room: f64, depth: u32, point: &impl Fn(f64) -> Part) -> (Part, f64) {
    let quarter = 0.5 * half;
    let (left, right) = (part(start, quarter, point), part(start + half, quarter, point));
    let [[a, b, c], [d, e, f], [before, ..]] = [left, right, whole];
    let change = (a + d - before).abs();
    if change <= room + c + f || depth == 0 || !change.is_finite() {
        return ([a + d, b + e, c + f], change);
    }
    let (([a, b, c], first), ([d, e, f], second)) = (
        refined(start, quarter, left, room, depth - 1, point),
        refined(start + half, quarter, right, room, depth - 1, point),
    );
    ([a + d, b + e, c + f], first + second)
}

/// Where a power of the function and the density have anything of their integral: around the bells of all pieces, and around the ends of
/// those that grow up to there. Elsewhere the function goes on from what is next to nothing.
fn range(pieces: &[Piece], power: u32) -> (f64, f64) {
    /// In widths of a bell: its integral with a polynomial of the 24th degree ends there.
    const REACH: f64 = 16.0;
    let mut around = vec![(0.0, 1.0)];
    for piece in pieces {
        let bells = piece.terms.terms().iter().map(|term| term.bell(f64::from(power)));
        if bells.clone().any(|bell| bell.is_none()) {
            around.extend([piece.low, piece.high].into_iter().filter(|end| end.is_finite()).map(|end| (end, 1.0)));
        }
        around.extend(bells.flatten().map(|(middle, width)| (middle.to_f64(), width.to_f64())));
    }
    let low = around.iter().map(|(middle, width)| middle - REACH * width).fold(f64::INFINITY, f64::min);
    let high = around.iter().map(|(middle, width)| middle + REACH * width).fold(f64::NEG_INFINITY, f64::max);
    (low, high)
}

/// The narrowest scale of the terms.
fn narrowest(piece: &Piece, power: u32) -> f64 {
    let curvature = |square: f64| (1.0 - 2.0 * f64::from(power) * square).abs().max(1.0);
    let squares = piece.terms.terms().iter().map(|term| term.exponent.coefficient(2).to_f64());
    squares.map(|square| 1.0 / curvature(square).sqrt()).fold(1.0, f64::min)
}
