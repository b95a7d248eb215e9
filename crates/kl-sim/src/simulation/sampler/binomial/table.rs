//! A law made ready for many draws.

use super::alias::Alias;
use super::count_law::CountLaw;
use super::tail::{Side, Tail};
use crate::simulation::words::Words;
use kl_math::numeric::DoubleDouble;

/// Draws from one law by a look into a table of 2ᴮ bytes.
///
/// The middle of the law is cut into at most 255 *cells* of 2ᵏ values. A cell whose smallest mass is m owns ⌊2ᴮ 2ᵏ m⌋
/// of the 2ᴮ leading values of a random word; the next k bits choose among the cell's values. So every value of the
/// cell has the same chance from the table, which is no more than its mass. The few leading values that belong to no
/// cell stand for what the probabilities are above that: drawn by rejection from *pieces*, intervals of values under a flat
/// hat, and from two tails. That the hats are high enough takes no more than that the law rises to its mode and falls
/// from there, log-concavely; the chances of the parts are whole numbers over 2ᴮ and need no sum of probabilities.
///
/// So the law of what is drawn is that of the probabilities used. Narrow laws use products of ratios of neighbours, whose
/// rounding is 3 u a step from the mode: 3·0.8·186 u = 5e-14 in total variation at the widest; where that would be more than
/// 1e-14, [`CountLaw::precise_weights`] if there are any. Wide ones use [`CountLaw::mass`], 4e-14 for the binomial law.
#[derive(Debug)]
pub(in crate::simulation::sampler) struct Table<L> {
    /// The cell that owns each leading value, or [`UNOWNED`].
    owners: Box<[u8]>,
    /// B.
    bits: u32,
    /// k.
    width_bits: u32,
    /// The first value of the first cell.
    first: u64,
    /// Seldom needed: apart, so that the tables of many laws lie close together.
    rest: Box<Rest<L>>,
}

const UNOWNED: u8 = u8::MAX;

/// Cells are numbered by a byte.
const MAX_CELLS: u64 = 255;

/// Cells reach this many standard deviations from the mode: further out they would own nothing.
const CELL_REACH: f64 = 4.0;

/// Pieces reach so far: beyond, with chance 4e-8, are the tails.
const PIECE_REACH: f64 = 5.5;

/// The law is narrow if its pieces have at most so many values; each is then a piece of its own.
const NARROW: u64 = 2048;

/// For a law of a larger standard deviation, products of ratios would round too often.
const RATIO_REACH: f64 = 31.0;

/// Pieces of wide laws are eighths of a cell.
const EIGHTH_BITS: u32 = 3;

impl<L: CountLaw> Table<L> {
    /// A table of 2^`bits` bytes, 4 ≤ `bits` ≤ 16, for a law whose deviation is at most 10¹², or 10⁶ where
    /// the numbers are from short words.
    pub(in crate::simulation::sampler) fn new(law: L, bits: u32) -> Self {
        let Plan { owners, width_bits, first, pieces } = Plan::new(&law, bits);
        Self { owners, bits, width_bits, first, rest: Box::new(Rest::new(law, pieces)) }
    }

    /// A bound of how far the law of what is drawn is from one of this standard deviation in total variation.
    pub(in crate::simulation::sampler) fn error(deviation: f64) -> f64 {
        const UNIT: f64 = f64::EPSILON / 2.0;
        let is_narrow = 2.0 * (PIECE_REACH * deviation + 4.0) < NARROW as f64;
        match is_narrow {
            true if deviation <= RATIO_REACH => 3.0 * UNIT * (0.8 * deviation + 1.0),
            true => 3.0 * UNIT,
            false => 4e-14,
        }
    }

    /// The bits of a word that say which number it stands for.
    #[cfg(test)]
    pub(super) fn word_bits(&self) -> u32 {
        self.bits + self.width_bits
    }

    /// One number, from a random word and, rarely, from `refine`.
    #[inline]
    pub(in crate::simulation::sampler) fn draw(&self, word: u32, refine: &mut (impl Words + ?Sized)) -> u64 {
        let leading = (word >> (32 - self.bits)) as usize;
        match self.owners.get(leading) {
            Some(&cell) if cell != UNOWNED => {
                let place = u64::from(word << self.bits) >> (32 - self.width_bits);
                self.first + (u64::from(cell) << self.width_bits) + place
            }
            _ => self.rest.draw(refine),
        }
    }

    /// One number, from one stream alone, for a law of any deviation up to 10¹²: as many bits as it takes.
    #[inline]
    pub(in crate::simulation::sampler) fn draw_from(&self, stream: &mut (impl Words + ?Sized)) -> u64 {
        if self.bits + self.width_bits <= u32::BITS {
            let word = stream.word();
            return self.draw(word, stream);
        }
        let word = stream.long();
        match self.owners.get((word >> (u64::BITS - self.bits)) as usize) {
            Some(&cell) if cell != UNOWNED => {
                let place = (word << self.bits) >> (u64::BITS - self.width_bits);
                self.first + (u64::from(cell) << self.width_bits) + place
            }
            _ => self.rest.draw(stream),
        }
    }
}

impl<L: CountLaw> Table<L> {
    /// A number for each place, from the stream alone: 16 bits a number if that is enough for cell and place, else 32 or
    /// 64. The numbers of the rest come after those of the cells, one after the other.
    pub(in crate::simulation::sampler) fn fill(&self, stream: &mut (impl Words + ?Sized), numbers: &mut [f64]) {
        match self.bits + self.width_bits {
            ..=16 => self.fill_from::<2>(stream, numbers),
            17..=32 => self.fill_from::<4>(stream, numbers),
            _ => self.fill_from::<8>(stream, numbers),
        }
    }

    /// The same from words of `SIZE` bytes.
    fn fill_from<const SIZE: usize>(&self, stream: &mut (impl Words + ?Sized), numbers: &mut [f64]) {
        const TOGETHER: usize = 256;
        const GROUP: usize = 32;
        let (mut words, mut cells) = ([[0; SIZE]; TOGETHER], [UNOWNED; TOGETHER]);
        for numbers in numbers.chunks_mut(TOGETHER) {
            let words = &mut words[..numbers.len()];
            stream.fill_bytes(words.as_flattened_mut());
            for ((number, cell), word) in numbers.iter_mut().zip(&mut cells).zip(words) {
                let mut bytes = [0; size_of::<u64>()];
                bytes[size_of::<u64>() - SIZE..].copy_from_slice(word);
                let word = u64::from_le_bytes(bytes);
                *cell = self.owners.get((word >> (u64::BITS - self.bits)) as usize).copied().unwrap_or(UNOWNED);
                // In two steps, as the width may be 0.
                let place = word << self.bits >> 1 >> (u64::BITS - 1 - self.width_bits);
                *number = (self.first + (u64::from(*cell) << self.width_bits) + place) as i64 as f64;
            }
            for (numbers, cells) in numbers.chunks_mut(GROUP).zip(cells.as_chunks::<GROUP>().0) {
                // Few groups have one: those are found without a jump for each number.
                if cells.iter().fold(false, |any, &cell| any | (cell == UNOWNED)) {
                    for (number, _) in numbers.iter_mut().zip(cells).filter(|(_, cell)| **cell == UNOWNED) {
                        *number = self.rest.draw(stream) as i64 as f64;
                    }
                }
            }
        }
    }
}

/// The cells of a table, and what is known of the pieces.
struct Plan {
    owners: Box<[u8]>,
    width_bits: u32,
    first: u64,
    pieces: Vec<Piece>,
}

impl Plan {
    fn new(law: &impl CountLaw, bits: u32) -> Self {
        let (mode, deviation) = (law.mode(), law.std_dev());
        let within = |deviations: f64| {
            let reach = (deviations * deviation) as u64 + 4;
            (mode.saturating_sub(reach), (mode + reach).min(law.last()))
        };
        let ((low, high), (cell_low, cell_high)) = (within(PIECE_REACH), within(CELL_REACH));
        let width_bits = cell_width_bits(cell_high - cell_low + 1, deviation, bits);
        let is_narrow = high - low < NARROW;
        let piece_bits = if is_narrow { 0 } else { width_bits - EIGHTH_BITS };
        let mut pieces =
            if is_narrow { narrow_pieces(law, low, high) } else { wide_pieces(law, low, high, piece_bits) };

        let a_cell = 1usize << (width_bits - piece_bits);
        let skipped = ((cell_low - low) >> piece_bits) as usize;
        let cells = ((cell_high - cell_low + 1) >> width_bits).min(MAX_CELLS) as usize;
        let values = (1u64 << bits) as f64 * (1u64 << width_bits) as f64;
        let mut owners = vec![UNOWNED; 1 << bits].into_boxed_slice();
        let mut start = 0;
        for (cell, pieces) in pieces[skipped..].chunks_exact_mut(a_cell).take(cells).enumerate() {
            let least = pieces.iter().map(|piece| piece.low).fold(f64::INFINITY, f64::min);
            // A little less than the mass, so that rounding does not own more.
            let end = owners.len().min(start + (values * least * (1.0 - 1e-12)) as usize);
            owners[start..end].fill(cell as u8);
            let base = (end - start) as f64 / values;
            pieces.iter_mut().for_each(|piece| piece.base = base);
            start = end;
        }
        let first = low + ((skipped as u64) << piece_bits);
        Self { owners, width_bits, first, pieces }
    }
}

/// The k that leaves least to the rest: a cell loses half a leading value to rounding, and the probabilities above its
/// smallest, for a normal law 0.4·2ᵏ/σ in all.
fn cell_width_bits(span: u64, deviation: f64, bits: u32) -> u32 {
    let loss = |k: u32| {
        let cells = (span >> k) as f64;
        let above = if k == 0 { 0.0 } else { 0.4 * (1u64 << k) as f64 / deviation };
        0.5 * cells / (1u64 << bits) as f64 + above
    };
    let fitting = (0..64).find(|&k| span >> k <= MAX_CELLS).unwrap_or(0);
    (fitting..fitting + 6).min_by(|&a, &b| loss(a).total_cmp(&loss(b))).unwrap_or(fitting)
}

/// A interval of 2^`width_bits` values.
#[derive(Clone, Copy, Debug)]
struct Piece {
    first: u64,
    width_bits: u32,
    /// The chance that each value has from the table.
    base: f64,
    /// The smallest mass of a value.
    low: f64,
    /// The largest.
    high: f64,
}

/// A piece for each value, its mass by the ratios of neighbours and the sum of all.
fn narrow_pieces(law: &impl CountLaw, low: u64, high: u64) -> Vec<Piece> {
    /// What is less is no part of the sum.
    const NEGLIGIBLE: f64 = 1e-20;
    let (first, weights) = if law.std_dev() > RATIO_REACH
        && let Some((first, weights)) = law.precise_weights(NEGLIGIBLE)
    {
        (first, weights.into_iter().map(DoubleDouble::to_f64).collect())
    } else {
        weights_by_ratios(law, NEGLIGIBLE)
    };
    let middle = (law.mode() - first) as usize;
    // From the least to the largest, so that rounding is that of the last few.
    let (below, above) = weights.split_at(middle.min(weights.len()));
    let sum = below.iter().sum::<f64>() + above.iter().rev().sum::<f64>();
    let weight =
        |value: u64| value.checked_sub(first).and_then(|place| weights.get(place as usize)).copied().unwrap_or(0.0);
    let piece = |first: u64| {
        let mass = weight(first) / sum;
        Piece { first, width_bits: 0, base: 0.0, low: mass, high: mass }
    };
    (low..=high).map(piece).collect()
}

/// The probabilities relative to the mode's, as products of ratios of neighbours, from the first value returned on.
fn weights_by_ratios(law: &impl CountLaw, least: f64) -> (u64, Vec<f64>) {
    let (last, mode, ratio) = (law.last(), law.mode(), law.ratios());
    let outward = |weight: &mut f64, factor: f64| {
        *weight *= factor;
        (*weight >= least).then_some(*weight)
    };
    let mut weights: Vec<f64> =
        (0..mode).rev().scan(1.0, |weight, value| outward(weight, 1.0 / ratio(value))).collect();
    let first = mode - weights.len() as u64;
    weights.reverse();
    weights.push(1.0);
    weights.extend((mode..last).scan(1.0, |weight, value| outward(weight, ratio(value))));
    (first, weights)
}

/// Pieces of 2^`width_bits` values. The last value is far away.
fn wide_pieces(law: &impl CountLaw, low: u64, high: u64, width_bits: u32) -> Vec<Piece> {
    let (mode, width) = (law.mode(), 1u64 << width_bits);
    let piece = |count: u64| {
        let first = low + (count << width_bits);
        let last = first + width - 1;
        let (one, other) = (law.mass(first), law.mass(last));
        let top = if (first..=last).contains(&mode) { law.mass(mode) } else { 0.0 };
        Piece { first, width_bits, base: 0.0, low: one.min(other), high: one.max(other).max(top) }
    };
    (0..=(high - low) >> width_bits).map(piece).collect()
}

/// What there is between the tails.
#[derive(Debug)]
enum Middle {
    /// Of a narrow law, each value from `first` on.
    Values { first: u64, count: usize },
    /// Of a wide one, pieces of many values.
    Pieces(Vec<Piece>),
}

/// What the probabilities are above the chances from the table.
#[derive(Debug)]
struct Rest<L> {
    law: L,
    middle: Middle,
    tails: Vec<Tail>,
    /// Over the pieces, then the tails.
    hats: Alias,
}

impl<L: CountLaw> Rest<L> {
    fn new(law: L, pieces: Vec<Piece>) -> Self {
        let log_mass = |value| law.log_mass(value);
        let below = pieces.first().and_then(|piece| piece.first.checked_sub(1));
        let above = pieces.last().map(|piece| piece.first + (1 << piece.width_bits)).filter(|&edge| edge <= law.last());
        let tails: Vec<Tail> = [(below, Side::Below), (above, Side::Above)]
            .into_iter()
            .filter_map(|(edge, side)| Some(Tail::new(&law, edge?, side, log_mass)))
            .collect();
        let weights: Vec<f64> = pieces
            .iter()
            .map(|piece| (piece.high - piece.base) * (1u64 << piece.width_bits) as f64)
            .chain(tails.iter().map(Tail::weight))
            .collect();
        let middle = match pieces.first() {
            Some(&Piece { first, width_bits: 0, .. }) => Middle::Values { first, count: pieces.len() },
            _ => Middle::Pieces(pieces),
        };
        Self { law, middle, tails, hats: Alias::new(&weights) }
    }

    #[cold]
    #[inline(never)]
    fn draw(&self, stream: &mut (impl Words + ?Sized)) -> u64 {
        loop {
            let hat = self.hats.pick(stream.long());
            let drawn = match &self.middle {
                Middle::Values { first, count } if hat < *count => return first + hat as u64,
                Middle::Values { count, .. } => self.draw_beyond(hat - count, stream),
                Middle::Pieces(pieces) => match pieces.get(hat) {
                    Some(piece) => piece.draw(stream, &self.law),
                    None => self.draw_beyond(hat - pieces.len(), stream),
                },
            };
            if let Some(value) = drawn {
                return value;
            }
        }
    }
}

impl<L: CountLaw> Rest<L> {
    fn draw_beyond(&self, tail: usize, stream: &mut (impl Words + ?Sized)) -> Option<u64> {
        self.tails.get(tail).and_then(|tail| tail.draw(stream, |value| self.law.log_mass(value)))
    }
}

impl Piece {
    fn draw(&self, stream: &mut (impl Words + ?Sized), law: &impl CountLaw) -> Option<u64> {
        let value = self.first + (stream.long() >> (64 - self.width_bits));
        let height = self.base + stream.unit() * (self.high - self.base);
        // Nearly always it is below all probabilities of the piece, and no mass need be worked out.
        (height <= self.low || height <= law.mass(value)).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_follows, law, stream};
    use super::*;
    use kl_math::law::Binomial;
    use kl_math::numeric::DoubleDouble;
    use proptest::prelude::*;

    /// Narrow, skewed, with a rare success, wide, certain.
    fn laws() -> Vec<Binomial> {
        [
            (1, 1, 3),
            (10, 1, 2),
            (1_000, 2, 5),
            (1_000, 1, 1_000),
            (1_000, 999, 1_000),
            (40_000, 1, 2),
            (7, 0, 1),
            (7, 1, 1),
        ]
        .into_iter()
        .chain([(200_000, 1, 2), (1_000_000, 2, 5), (10_000_000, 1, 50), (1_000_000_000_000, 1, 2)])
        .map(|(n, success, of)| law(n, success, of))
        .collect()
    }

    fn table(law: Binomial, bits: u32) -> Table<Binomial> {
        Table::new(law, bits)
    }

    /// No law by chance: what belongs to no cell is just what the probabilities are above the table, to 1e-12 of the whole.
    #[test]
    fn the_parts_are_the_whole() {
        for law in laws().into_iter().filter(|law| law.trials() < 1_000_000_000) {
            for bits in [8, 11, 13] {
                let (table, pieces) = (table(law, bits), Plan::new(&law, bits).pieces);
                let nobody = table.owners.iter().filter(|&&owner| owner == UNOWNED).count();
                let mut above = 0.0;
                for piece in &pieces {
                    for value in piece.first..piece.first + (1 << piece.width_bits) {
                        let mass = law.mass(value);
                        let room = 1e-12 * mass;
                        assert!(piece.base <= piece.low && piece.low <= mass + room && mass <= piece.high + room);
                        above += mass - piece.base;
                    }
                }
                let (first, last) = (pieces.first().unwrap(), pieces.last().unwrap());
                if let Some(below) = first.first.checked_sub(1) {
                    above += law.lower_tail(below);
                }
                above += law.upper_tail(last.first + (1 << last.width_bits));
                let share = nobody as f64 / table.owners.len() as f64;
                assert!((above - share).abs() < 1e-12, "{law:?} {bits}: {above} {share}");
            }
        }
    }

    /// Every word, by the cells: each value of a cell the same number of times, and that is its `base`.
    #[test]
    fn words_are_shared_out_as_stated() {
        let (table, pieces) = (table(law(100, 1, 2), 8), Plan::new(&law(100, 1, 2), 8).pieces);
        let mut refine = stream(1);
        let mut seen = std::collections::BTreeMap::new();
        let words = (0..1u32 << 16).map(|high| high << 16);
        for word in words.filter(|word| table.owners[(word >> 24) as usize] != UNOWNED) {
            *seen.entry(table.draw(word, &mut refine)).or_insert(0u32) += 1;
        }
        for piece in &pieces {
            let found = f64::from(seen.get(&piece.first).copied().unwrap_or(0)) / 65_536.0;
            assert_eq!(found, piece.base, "{}", piece.first);
        }
    }

    #[test]
    fn tails_have_hats_that_cover_them() {
        for law in laws() {
            for tail in &table(law, 13).rest.tails {
                tail.assert_covers(&law);
            }
        }
    }

    #[test]
    fn a_million_draws_follow_each_law() {
        for law in laws() {
            let (table, mut source, mut refine) = (table(law, 13), stream(2), stream(3));
            let draws: Vec<u64> = (0..1_000_000).map(|_| table.draw(source.word(), &mut refine)).collect();
            assert_follows(&law, &draws, &format!("{law:?}"));
            // The rest alone: were its law wrong by a tenth, the whole would hardly show it.
            let most: Vec<u64> = (0..200_000).map(|_| table.rest.draw(&mut refine)).collect();
            let mean = most.iter().map(|&value| value as f64 - law.mean()).sum::<f64>() / 200_000.0;
            let expected = table.rest_mean(&law);
            // The rest's deviation is at most some three of the law's: 7 standard errors.
            assert!((mean - expected).abs() < 7.0 * 3.0 * law.std_dev() / 447.0 + 1e-9, "{law:?}: {mean} {expected}");
        }
    }

    impl Table<Binomial> {
        /// The mean, about that of the law, of what the table leaves over: from the cells alone.
        fn rest_mean(&self, law: &Binomial) -> f64 {
            let (mut share, mut sum) = (0.0, 0.0);
            for &owner in &self.owners {
                if owner != UNOWNED {
                    let half = 0.5 * ((1u64 << self.width_bits) - 1) as f64;
                    let first = self.first + (u64::from(owner) << self.width_bits);
                    share += 1.0;
                    sum += first as f64 + half - law.mean();
                }
            }
            let all = self.owners.len() as f64;
            if share < all { -sum / (all - share) } else { 0.0 }
        }
    }

    proptest! {
        #[test]
        fn any_law_has_a_table(n in 0u64..3_000_000, success in 0u64..=1_000_000, bits in 4u32..=14) {
            let law = Binomial::new(n, DoubleDouble::ratio(success, 1_000_000), DoubleDouble::ratio(1_000_000 - success, 1_000_000));
            let (table, mut source, mut refine) = (table(law, bits), stream(4), stream(5));
            for _ in 0..200 {
                let value = table.draw(source.word(), &mut refine);
                prop_assert!(value <= n && law.mass(value) > 1e-30);
                prop_assert!(law.mass(table.rest.draw(&mut refine)) > 1e-30);
            }
        }
    }
}
