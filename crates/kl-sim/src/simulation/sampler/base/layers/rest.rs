//! What lies under a density and in none of its layers.

use super::density::Density;
use crate::simulation::sampler::base::branchless::exp;
use crate::simulation::sampler::base::exponential::exponential;
use crate::simulation::sampler::binomial::Alias;
use crate::simulation::words::Words;

/// The rest, by rejection: rectangles along the density, and tails under a hat that falls exponentially.
#[derive(Debug)]
pub(super) struct Rest {
    pieces: Vec<Piece>,
    tails: Vec<Tail>,
    /// Over the pieces, then the tails.
    hats: Alias,
}

/// A rectangle beside a layer, which no layer enters: as wide as it is from `edge` on to `edge` + `width`, which may be
/// negative, and from `floor` to `top`, the density at the edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    edge: f64,
    width: f64,
    floor: f64,
    top: f64,
    /// ln f falls at least by the first on the way from the edge to the far end, and by no more than the second: at a share
    /// of the way no less than that share of the first, and no more than that share of the second.
    falls: [f64; 2],
}

/// What is beyond an edge. As ln f is concave, f(x) ≤ f(edge) e^{−fall·|x − edge|}.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    edge: f64,
    log_height: f64,
    /// Towards the tail.
    side: f64,
    fall: f64,
}

impl Tail {
    pub(super) fn new(density: &impl Density, edge: f64, side: f64) -> Self {
        Self { edge, log_height: density.log(edge), side, fall: -side * density.slope(edge) }
    }

    fn area(&self) -> f64 {
        libm::exp(self.log_height) / self.fall
    }

    /// A number beyond the edge, or none: then it is rejected.
    pub(super) fn draw(&self, density: &impl Density, stream: &mut (impl Words + ?Sized)) -> Option<f64> {
        let beyond = exponential(stream);
        let x = self.edge + self.side * (beyond / self.fall);
        (libm::log(stream.unit()) + self.log_height - beyond <= density.log(x)).then_some(x)
    }
}

impl Piece {
    /// The rectangle from an `edge` outward, `far` enough for the density to fall to `floor`.
    pub(super) fn new(density: &impl Density, edge: f64, far: f64, floor: f64) -> Self {
        let (log, width) = (density.log(edge), far - edge);
        // The tangent at the edge and the chord: ln f is concave.
        let falls = [-width * density.slope(edge), log - density.log(far)];
        Self { edge, width, floor, top: libm::exp(log), falls }
    }

    /// The rectangle from `low` to `high` and from `floor` to `top`.
    pub(super) fn plain(low: f64, high: f64, floor: f64, top: f64) -> Self {
        Self { edge: low, width: high - low, floor, top, falls: [0.0, f64::INFINITY] }
    }

    fn area(&self) -> f64 {
        self.width.abs() * (self.top - self.floor)
    }

    /// A number beside the layer, or none: then it is rejected.
    fn draw(&self, density: &impl Density, stream: &mut (impl Words + ?Sized)) -> Option<f64> {
        /// More than rounding can make of a fall.
        const ROOM: f64 = 1e-9;
        let (share, height) = (stream.unit(), self.floor + stream.unit() * (self.top - self.floor));
        let x = self.edge + share * self.width;
        let bound = |fall: f64| self.top * exp(-share * fall);
        // Nearly always one of the bounds says enough.
        if height > bound(self.falls[0]) * (1.0 + ROOM) {
            return None;
        }
        (height < bound(self.falls[1]) * (1.0 - ROOM) || height <= libm::exp(density.log(x))).then_some(x)
    }
}

impl Rest {
    pub(super) fn new(pieces: Vec<Piece>, tails: Vec<Tail>) -> Self {
        let areas: Vec<f64> = pieces.iter().map(Piece::area).chain(tails.iter().map(Tail::area)).collect();
        Self { pieces, tails, hats: Alias::new(&areas) }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn draw(&self, density: &impl Density, stream: &mut (impl Words + ?Sized)) -> f64 {
        loop {
            let hat = self.hats.pick(stream.long());
            let drawn = match self.pieces.get(hat) {
                Some(piece) => piece.draw(density, stream),
                None => self.tails.get(hat - self.pieces.len()).and_then(|tail| tail.draw(density, stream)),
            };
            if let Some(x) = drawn {
                return x;
            }
        }
    }
}

#[cfg(test)]
impl Rest {
    /// The floor of what is above the layers.
    pub(super) fn cap_floor(&self) -> f64 {
        self.pieces[0].floor
    }

    pub(super) fn tails(&self) -> &[Tail] {
        &self.tails
    }
}

#[cfg(test)]
impl Tail {
    /// Where it starts, and towards which side it goes.
    pub(super) fn edge(&self) -> (f64, f64) {
        (self.edge, self.side)
    }
}
