//! A density with one top, cut into layers of equal chance.

mod density;
mod rest;
#[cfg(test)]
mod tests;

pub(super) use density::{Density, Sides};

use super::batch::{BATCH, Longs};
use crate::simulation::words::Words;
use density::reach;
use rest::{Piece, Rest, Tail};

/// Draws from the density f of a law, by `K` rectangles that lie under it (Marsaglia & Tsang 2000, "The ziggurat method
/// for generating random variables"; McFarland 2016, "A modified ziggurat algorithm for generating exponentially and
/// normally distributed pseudorandom numbers").
///
/// From the top down, each rectangle is as wide as f is at its upper end, and has the area 1/K. Of K numbers of a layer,
/// each as likely as any other, the first few less than K own one: a uniform number in the rectangle needs no comparison
/// with f. The last few numbers stand for the *rest*: between the steps of the rectangles and f, above the first, and in
/// the tails. That is drawn by rejection. So the chances of the parts are whole numbers over K, and the law of what is
/// drawn is that of f up to rounding: 1e-14 in total variation, which is what K heights add up to.
///
/// A draw is one number of 64 bits: the layer from the highest, the place from the lowest 54. Places are odd multiples of
/// 2⁻⁵⁴ of a layer's width, so that none of a density above 0 is 0.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct Layers<D, const K: usize> {
    density: D,
    /// Where each layer starts, and how far neighbouring places are apart; 0 for those that own none.
    starts: [f64; K],
    steps: [f64; K],
    /// The first number that stands for the rest.
    limit: u64,
    rest: Rest,
}

/// Bits of a place.
const PLACE_BITS: u32 = 54;

impl<D: Density, const K: usize> Layers<D, K> {
    /// Bits of a layer: K is a power of two, from 4 to 2¹⁰.
    const LAYER_BITS: u32 = {
        assert!(K.is_power_of_two() && K >= 4 && K.ilog2() + PLACE_BITS <= u64::BITS);
        K.ilog2()
    };

    pub(super) fn new(density: D) -> Self {
        let area = density.area() / K as f64;
        let mut heights = Heights::of(&density);
        heights.start(area);
        let (mut starts, mut steps, mut pieces, mut owned) = ([0.0; K], [0.0; K], Vec::new(), 0);
        pieces.push(Piece::plain(heights.low, heights.high, heights.height, 1.0));
        while owned + 1 < K {
            let next = heights.height - area / heights.width();
            if next < f64::MIN_POSITIVE {
                break;
            }
            starts[owned] = heights.low;
            steps[owned] = heights.width() / (1u64 << PLACE_BITS) as f64;
            owned += 1;
            let (low, high) = (heights.low, heights.high);
            heights.fall(next);
            pieces.push(Piece::new(&density, high, heights.high, next));
            if D::SIDES == Sides::Both {
                pieces.push(Piece::new(&density, low, heights.low, next));
            }
        }
        pieces.push(Piece::plain(heights.low, heights.high, 0.0, heights.height));
        let mut tails = vec![Tail::new(&density, heights.high, 1.0)];
        if D::SIDES == Sides::Both {
            tails.push(Tail::new(&density, heights.low, -1.0));
        }
        let limit = (owned as u64) << (u64::BITS - Self::LAYER_BITS);
        Self { starts, steps, limit, rest: Rest::new(pieces, tails), density }
    }

    /// One number, from one stream.
    #[inline]
    pub(super) fn draw(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        let long = stream.long();
        if long < self.limit { self.place(long) } else { self.rest.draw(&self.density, stream) }
    }

    /// One number of the density that f and its mirror image make.
    #[inline]
    pub(super) fn draw_mirrored(&self, stream: &mut (impl Words + ?Sized)) -> f64 {
        let long = stream.long();
        if long < self.limit { self.place_mirrored(long) } else { self.settle_mirrored(long, stream) }
    }

    /// A number for each of the `longs`, and those of the rest from the stream, one after the other.
    #[inline]
    pub(super) fn fill(&self, longs: &Longs, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
        for (number, &long) in numbers.iter_mut().zip(longs.iter()) {
            *number = self.place(long);
        }
        self.settle_each(longs, numbers, |_| self.rest.draw(&self.density, stream));
    }

    /// The same of the density and its mirror image.
    #[inline]
    pub(super) fn fill_mirrored(&self, longs: &Longs, stream: &mut (impl Words + ?Sized), numbers: &mut [f64; BATCH]) {
        for (number, &long) in numbers.iter_mut().zip(longs.iter()) {
            *number = self.place_mirrored(long);
        }
        self.settle_each(longs, numbers, |long| self.settle_mirrored(long, stream));
    }

    /// The number in the layer of a long, if it has one.
    #[inline]
    fn place(&self, long: u64) -> f64 {
        let layer = self.layer(long);
        let place = long << (u64::BITS - PLACE_BITS) >> (u64::BITS - PLACE_BITS) | 1;
        let offset = place as i64 as f64 * self.steps[layer];
        if D::SIDES == Sides::Both { self.starts[layer] + offset } else { offset }
    }

    /// Places of 55 bits, of which the highest is the sign, and the odd ones of which are used: for each there is its
    /// negative.
    #[inline]
    fn place_mirrored(&self, long: u64) -> f64 {
        let place = (long << (u64::BITS - PLACE_BITS)) as i64 >> (u64::BITS - PLACE_BITS - 1) | 1;
        place as f64 * self.steps[self.layer(long)]
    }

    #[cold]
    #[inline(never)]
    fn settle_mirrored(&self, long: u64, stream: &mut (impl Words + ?Sized)) -> f64 {
        let size = self.rest.draw(&self.density, stream);
        if long >> (PLACE_BITS - 1) & 1 == 1 { -size } else { size }
    }

    #[inline]
    fn layer(&self, long: u64) -> usize {
        (long >> (u64::BITS - Self::LAYER_BITS)) as usize
    }

    /// Those that are of the rest, in their order.
    #[inline]
    fn settle_each(&self, longs: &Longs, numbers: &mut [f64; BATCH], mut settle: impl FnMut(u64) -> f64) {
        const GROUP: usize = 8;
        for (longs, numbers) in longs.as_chunks::<GROUP>().0.iter().zip(numbers.as_chunks_mut::<GROUP>().0) {
            // Few groups have one: those are found without a jump for each number.
            if longs.iter().fold(false, |any, &long| any | (long >= self.limit)) {
                for (number, &long) in numbers.iter_mut().zip(longs).filter(|(_, long)| **long >= self.limit) {
                    *number = settle(long);
                }
            }
        }
    }
}

/// A height, and the interval in which the density is not below it.
struct Heights<'a, D> {
    density: &'a D,
    height: f64,
    low: f64,
    high: f64,
}

impl<'a, D: Density> Heights<'a, D> {
    fn of(density: &'a D) -> Self {
        let sides = if D::SIDES == Sides::Both { 0.5 } else { 1.0 };
        let width = sides * density.area();
        Self { density, height: 1.0, low: if D::SIDES == Sides::Both { -width } else { 0.0 }, high: width }
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }

    /// Falls to where a rectangle that reached up to the top would have about this `area`: there the rest has least.
    fn start(&mut self, area: f64) {
        /// A step takes the logarithm of the depth at least half of the way.
        const STEPS: usize = 12;
        let mut depth = (area / self.width()).min(0.5);
        for _ in 0..STEPS {
            self.fall(1.0 - depth);
            depth = (depth * area / self.width()).sqrt().min(0.5);
        }
    }

    fn fall(&mut self, height: f64) {
        self.height = height;
        self.high = reach(self.density, 1.0, libm::log(height), self.high);
        if D::SIDES == Sides::Both {
            self.low = reach(self.density, -1.0, libm::log(height), -self.low);
        }
    }
}
