//! Estimates in order of size.

use super::doubles;
use crate::statistics::{Restore, Summary};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, TryReserveError};

/// So much of an estimate may be rounding: two units in the last place.
const ROUNDING: f64 = 4.5e-16;

/// Numbers by rising size, each with how often it is there.
///
/// Quantiles are Hyndman and Fan's type 7 (1996, "Sample quantiles in statistical packages"), as in R and NumPy: with x₀ ≤ … ≤ xₙ₋₁
/// and h = (n−1) p, that of level p is x_⌊h⌋ + (h − ⌊h⌋)(x_⌊h⌋₊₁ − x_⌊h⌋).
///
/// ```
/// use kl_math::statistics::Sample;
/// let sample = Sample::new(vec![(3.0, 1), (1.0, 2), (2.0, 1)]);
/// // 1, 1, 2, 3
/// assert_eq!((sample.quantile(0.0), sample.quantile(0.5), sample.quantile(1.0)), (Some(1.0), Some(1.5), Some(3.0)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    values: Vec<f64>,
    /// How many numbers there are up to each value; empty where each is there once.
    up_to: Vec<u64>,
}

impl Sample {
    /// Of these finite numbers, each so often.
    pub fn new(mut counted: Vec<(f64, u64)>) -> Self {
        if counted.iter().all(|&(_, times)| times == 1) {
            return Self::of_once(counted.into_iter().map(|(value, _)| value).collect());
        }
        counted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0;
        let up_to = counted.iter().map(|&(_, times)| {
            sum += times;
            sum
        });
        Self { up_to: up_to.collect(), values: counted.into_iter().map(|(value, _)| value).collect() }
    }

    /// Of these finite numbers, each once: they take the memory of a double.
    pub fn of_once(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        Self { values, up_to: Vec::new() }
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.up_to.last().copied().unwrap_or(self.values.len() as u64)
    }

    /// The quantile of a level in \[0, 1\]; none of no numbers.
    pub fn quantile(&self, level: f64) -> Option<f64> {
        let last = self.count().checked_sub(1)?;
        let place = level.clamp(0.0, 1.0) * last as f64;
        self.between(place as u64, place - place.floor()).map(|(below, step)| below + step)
    }

    /// The quantile of a level in percent, which no rounding moves.
    pub fn percentile(&self, percent: u32) -> Option<f64> {
        let place = u128::from(self.count().checked_sub(1)?) * u128::from(percent.min(100));
        let (below, step) = self.between((place / 100) as u64, (place % 100) as f64 / 100.0)?;
        Some(below + step)
    }

    /// Half the distance of the quantiles whose levels are one standard error √(p(1−p)/n) off to either side: the standard error
    /// of a percentile, for laws with a density there (Woodruff 1952, "Confidence intervals for medians and other position
    /// measures"). None where those levels are none.
    pub fn percentile_error(&self, percent: u32) -> Option<f64> {
        let level = f64::from(percent) / 100.0;
        let reach = (level * (1.0 - level) / self.count() as f64).sqrt();
        if level <= reach || 1.0 - level <= reach {
            return None;
        }
        let last = self.count().checked_sub(1)? as f64;
        let [low, high] = [(level - reach) * last, (level + reach) * last];
        let [low, high] = [low, high].map(|place| self.between(place as u64, place - place.floor()));
        let ((low, step), (high, next)) = low.zip(high)?;
        // Estimates may be far from 0, and near each other; what is as near as rounding takes them is no distance.
        let distance = 0.5 * ((high - low) + (next - step));
        Some(if distance <= ROUNDING * low.abs().max(high.abs()) { 0.0 } else { distance })
    }

    /// The number at a place, from 0, and a part of the way to the next.
    fn between(&self, place: u64, part: f64) -> Option<(f64, f64)> {
        let below = self.at(place)?;
        if part == 0.0 { Some((below, 0.0)) } else { Some((below, part * (self.at(place + 1)? - below))) }
    }

    /// The number at a place, from 0.
    fn at(&self, place: u64) -> Option<f64> {
        let found = match self.up_to.as_slice() {
            [] => usize::try_from(place).ok()?,
            up_to => up_to.partition_point(|&count| count <= place),
        };
        self.values.get(found).copied()
    }

    /// How many numbers are below one.
    fn below(&self, number: f64) -> u64 {
        let before = self.values.partition_point(|value| value.total_cmp(&number).is_lt());
        match before.checked_sub(1) {
            Some(last) if !self.up_to.is_empty() => self.up_to.get(last).copied().unwrap_or_default(),
            _ => before as u64,
        }
    }
}

/// Estimates in the order of the trials, each with its standard error and its number of trials, up to a capacity.
///
/// They take 8 bytes each, 16 if they have standard errors, and 8 more where some stand for several trials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimates {
    /// None once there were too many, or no memory for them.
    kept: Option<Vec<Piece>>,
    #[serde(skip)]
    count: usize,
    #[serde(skip)]
    room: usize,
}

/// The largest number of estimates in a chunk: a chunk is filled before the next one begins, and none is copied when it grows.
const PIECE: usize = 1 << 14;

/// Some estimates, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Piece {
    #[serde(with = "doubles")]
    estimates: Vec<f64>,
    /// NaN where there is none; empty if there is none at all.
    #[serde(with = "doubles")]
    std_errors: Vec<f64>,
    /// Of how many trials each is; empty if each is of one.
    trials: Vec<u64>,
}

/// An estimate, its standard error or NaN, and how many trials have both.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Kept {
    estimate: f64,
    std_error: f64,
    trials: u64,
}

impl Piece {
    fn get(&self, place: usize) -> Option<Kept> {
        let &estimate = self.estimates.get(place)?;
        let std_error = self.std_errors.get(place).copied().unwrap_or(f64::NAN);
        Some(Kept { estimate, std_error, trials: self.trials.get(place).copied().unwrap_or(1) })
    }

    fn iter(&self) -> impl Iterator<Item = Kept> {
        (0..self.estimates.len()).filter_map(|place| self.get(place))
    }

    fn shrink(&mut self) {
        self.estimates.shrink_to_fit();
        self.std_errors.shrink_to_fit();
        self.trials.shrink_to_fit();
    }

    fn push(&mut self, kept: Kept) -> Result<(), TryReserveError> {
        let before = self.estimates.len();
        if !kept.std_error.is_nan() || !self.std_errors.is_empty() {
            fill(&mut self.std_errors, before, f64::NAN, kept.std_error)?;
        }
        if kept.trials != 1 || !self.trials.is_empty() {
            fill(&mut self.trials, before, 1, kept.trials)?;
        }
        fill(&mut self.estimates, before, f64::NAN, kept.estimate)
    }
}

/// Appends `item` as the one after the first `before` of them; those of them that are not there are `none`.
fn fill<T: Clone>(items: &mut Vec<T>, before: usize, none: T, item: T) -> Result<(), TryReserveError> {
    items.try_reserve((before + 1).saturating_sub(items.len()))?;
    items.resize(before, none);
    items.push(item);
    Ok(())
}

/// An estimate and its standard error, and how many trials have an estimate that is fewer of its standard errors off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankedInterval {
    /// That part of the trials, in percent.
    pub centile: f64,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub std_error: f64,
}

impl Estimates {
    /// An empty sample with this capacity.
    pub fn within(room: usize) -> Self {
        Self { kept: Some(Vec::new()), count: 0, room }
    }

    /// The finite estimate that `trials` more trials have, and its standard error if it has one.
    pub fn push(&mut self, estimate: f64, std_error: Option<f64>, trials: u64) {
        let kept = Kept { estimate, std_error: std_error.unwrap_or(f64::NAN), trials };
        self.keep(1, |pieces| append(pieces, kept));
    }

    /// How many there may be.
    pub fn room(&self) -> usize {
        self.room
    }

    /// How many bytes they take.
    pub fn bytes(&self) -> usize {
        let of_piece = |piece: &Piece| {
            8 * (piece.estimates.capacity() + piece.std_errors.capacity() + piece.trials.capacity())
                + size_of::<Piece>()
        };
        self.kept.iter().flatten().map(of_piece).sum()
    }

    /// All estimates; none if they were more than the capacity.
    pub fn sample(&self) -> Option<Sample> {
        self.kept.as_ref()?;
        if self.stand_for_one() {
            collected(self.count, self.all().map(|kept| kept.estimate)).map(Sample::of_once)
        } else {
            collected(self.count, self.all().map(|kept| (kept.estimate, kept.trials))).map(Sample::new)
        }
    }

    /// Of those that have a standard error, `most` that are evenly spread when they are ranked by |θ̂ − θ|/se, or all if they are
    /// fewer; none if they were more than the capacity. What a zip plot shows (Morris, White & Crowther 2019, figure 5).
    ///
    /// ```
    /// use kl_math::statistics::Estimates;
    /// let mut estimates = Estimates::within(10);
    /// [(1.5, 0.1), (0.9, 0.1), (1.2, 0.1), (1.0, 0.0)].map(|(x, se)| estimates.push(x, Some(se), 1));
    /// let ranked = estimates.ranked(1.0, 2);
    /// assert_eq!(ranked.iter().map(|one| (one.centile, one.estimate)).collect::<Vec<_>>(), [(25.0, 0.9), (75.0, 1.5)]);
    /// ```
    pub fn ranked(&self, truth: f64, most: u64) -> Vec<RankedInterval> {
        let known = || self.all().filter(|kept| kept.std_error.is_finite());
        // Exactly right, with or without an error.
        let distance = |kept: &Kept| match (kept.estimate - truth).abs() {
            0.0 => 0.0,
            distance => distance / kept.std_error,
        };
        let distances = if self.stand_for_one() {
            collected(self.count, known().map(|kept| distance(&kept))).map(Sample::of_once)
        } else {
            collected(self.count, known().map(|kept| (distance(&kept), kept.trials))).map(Sample::new)
        };
        let Some(distances) = distances else { return Vec::new() };
        let (sum, count) = (distances.count(), most.min(distances.count()));
        // The middle of each one's share of the trials.
        let middle = |rank: u64| (u128::from(sum) * u128::from(2 * rank + 1) / u128::from(2 * count)) as u64;
        let wanted: Vec<(u64, f64)> =
            (0..count).map(middle).filter_map(|place| Some((place, distances.at(place)?))).collect();
        // Those that are as far off, by size: of many trials few are different where so many are as far off.
        let mut ties: BTreeMap<[i64; 3], (RankedInterval, u64)> = BTreeMap::new();
        for kept in known() {
            let off = distance(&kept);
            if wanted.binary_search_by(|&(_, wanted)| wanted.total_cmp(&off)).is_ok() {
                let key = [off, kept.estimate, kept.std_error].map(ordered);
                let one = RankedInterval { centile: 0.0, estimate: kept.estimate, std_error: kept.std_error };
                ties.entry(key).or_insert((one, 0)).1 += kept.trials;
            }
        }
        let row = |(rank, &(place, off)): (u64, &(u64, f64))| {
            let mut up_to = distances.below(off);
            let mut as_far = ties.range([ordered(off), i64::MIN, i64::MIN]..=[ordered(off), i64::MAX, i64::MAX]);
            let (_, &(one, _)) = as_far.find(|(_, (_, trials))| {
                up_to += trials;
                up_to > place
            })?;
            Some(RankedInterval { centile: 100.0 * (rank as f64 + 0.5) / count as f64, ..one })
        };
        (0..).zip(&wanted).filter_map(row).collect()
    }

    /// All of them, one after the other.
    fn all(&self) -> impl Iterator<Item = Kept> {
        self.kept.iter().flatten().flat_map(Piece::iter)
    }

    /// Whether each is of one trial.
    fn stand_for_one(&self) -> bool {
        self.kept.iter().flatten().all(|piece| piece.trials.is_empty())
    }

    /// Adds `more`; where that exceeds the capacity or the memory, no estimate is kept.
    fn keep(&mut self, more: usize, put: impl FnOnce(&mut Vec<Piece>) -> Result<(), TryReserveError>) {
        let Some(pieces) = &mut self.kept else { return };
        self.count += more;
        if self.count > self.room || put(pieces).is_err() {
            self.kept = None;
        }
    }
}

/// At most `most` items, if there is memory for them.
fn collected<T>(most: usize, items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let mut all = Vec::new();
    all.try_reserve_exact(most).ok()?;
    all.extend(items.take(most));
    Some(all)
}

/// A number whose order is that of [`f64::total_cmp`].
fn ordered(number: f64) -> i64 {
    let bits = number.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn append(pieces: &mut Vec<Piece>, kept: Kept) -> Result<(), TryReserveError> {
    match pieces.last_mut() {
        Some(last) if last.estimates.len() < PIECE => last.push(kept),
        _ => {
            pieces.try_reserve(1)?;
            let mut piece = Piece::default();
            piece.push(kept)?;
            pieces.push(piece);
            Ok(())
        }
    }
}

impl Summary for Estimates {
    fn merge(&mut self, later: Self) {
        let (more, Some(later)) = (later.count, later.kept) else {
            self.kept = None;
            return;
        };
        self.keep(more, |pieces| {
            for piece in later {
                match pieces.last_mut() {
                    Some(last) if last.estimates.len() + piece.estimates.len() <= PIECE => {
                        piece.iter().try_for_each(|kept| last.push(kept))?;
                    }
                    last => {
                        // It is full, or as good as that.
                        last.into_iter().for_each(Piece::shrink);
                        pieces.try_reserve(1)?;
                        pieces.push(piece);
                    }
                }
            }
            Ok(())
        });
    }
}

impl Restore for Estimates {
    fn restore(self, empty: &Self, _: u64) -> Option<Self> {
        let is_right = |piece: &Piece| {
            let most = piece.estimates.len();
            most <= PIECE
                && piece.std_errors.len() <= most
                && piece.trials.len() <= most
                && piece.estimates.iter().all(|estimate| estimate.is_finite())
        };
        let pieces = self.kept.iter().flatten();
        let count = pieces.clone().map(|piece| piece.estimates.len()).sum();
        (count <= empty.room && pieces.clone().all(is_right)).then_some(Self { count, room: empty.room, ..self })
    }
}

#[cfg(test)]
mod tests;
