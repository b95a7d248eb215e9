//! Estimates in order of size.

use super::Summary;

/// Numbers by rising size, each with how often it is there.
///
/// Quantiles are Hyndman and Fan's type 7 (1996, "Sample quantiles in statistical packages"), as in R and NumPy: with x₀ ≤ … ≤ xₙ₋₁
/// and h = (n−1) p, that of level p is x_⌊h⌋ + (h − ⌊h⌋)(x_⌊h⌋₊₁ − x_⌊h⌋).
///
/// ```
/// use kl_runner::statistics::Sample;
/// let sample = Sample::new(vec![(3.0, 1), (1.0, 2), (2.0, 1)]);
/// // 1, 1, 2, 3
/// assert_eq!((sample.quantile(0.0), sample.quantile(0.5), sample.quantile(1.0)), (Some(1.0), Some(1.5), Some(3.0)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    values: Vec<f64>,
    /// How many numbers there are up to each value.
    up_to: Vec<u64>,
}

impl Sample {
    /// Of these finite numbers, each so often.
    pub fn new(mut counted: Vec<(f64, u64)>) -> Self {
        counted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0;
        let up_to = counted.iter().map(|&(_, times)| {
            sum += times;
            sum
        });
        Self { up_to: up_to.collect(), values: counted.into_iter().map(|(value, _)| value).collect() }
    }

    /// How many numbers there are.
    pub fn count(&self) -> u64 {
        self.up_to.last().copied().unwrap_or(0)
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
        // Estimates may be far from 0, and near each other.
        Some(0.5 * ((high - low) + (next - step)))
    }

    /// The number at a place, from 0, and a part of the way to the next.
    fn between(&self, place: u64, part: f64) -> Option<(f64, f64)> {
        let at = |place: u64| self.values.get(self.up_to.partition_point(|&count| count <= place)).copied();
        let below = at(place)?;
        if part == 0.0 { Some((below, 0.0)) } else { Some((below, part * (at(place + 1)? - below))) }
    }
}

/// Estimates as they come, each with its standard error and with how many trials have it, as long as there is room for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimates {
    /// None once there were too many.
    kept: Option<Vec<Kept>>,
    room: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Kept {
    estimate: f64,
    /// NaN where there is none.
    std_error: f64,
    trials: u64,
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
    /// None yet, and at most `room` of them.
    pub fn within(room: usize) -> Self {
        Self { kept: Some(Vec::new()), room }
    }

    /// The finite estimate that `trials` more trials have, and its standard error if it has one.
    pub fn push(&mut self, estimate: f64, std_error: Option<f64>, trials: u64) {
        if let Some(kept) = &mut self.kept {
            kept.push(Kept { estimate, std_error: std_error.unwrap_or(f64::NAN), trials });
        }
        self.keep_within();
    }

    /// All of them, if there was room.
    pub fn sample(&self) -> Option<Sample> {
        let counted = |kept: &Vec<Kept>| kept.iter().map(|kept| (kept.estimate, kept.trials)).collect();
        self.kept.as_ref().map(|kept| Sample::new(counted(kept)))
    }

    /// Of those that have a standard error, `most` that are evenly spread when they are ranked by |θ̂ − θ|/se, or all if they are
    /// fewer; none if there was no room. What a zip plot shows (Morris, White & Crowther 2019, figure 5).
    ///
    /// ```
    /// use kl_runner::statistics::Estimates;
    /// let mut estimates = Estimates::within(10);
    /// [(1.5, 0.1), (0.9, 0.1), (1.2, 0.1), (1.0, 0.0)].map(|(x, se)| estimates.push(x, Some(se), 1));
    /// let ranked = estimates.ranked(1.0, 2);
    /// assert_eq!(ranked.iter().map(|one| (one.centile, one.estimate)).collect::<Vec<_>>(), [(25.0, 0.9), (75.0, 1.5)]);
    /// ```
    pub fn ranked(&self, truth: f64, most: u64) -> Vec<RankedInterval> {
        let known = self.kept.iter().flatten().filter(|kept| kept.std_error.is_finite());
        let mut ranked: Vec<(f64, &Kept)> = known
            .map(|kept| match ((kept.estimate - truth).abs(), kept.std_error) {
                // Exactly right, with or without an error.
                (0.0, _) => (0.0, kept),
                (distance, std_error) => (distance / std_error, kept),
            })
            .collect();
        ranked.sort_by(|(a, one), (b, other)| {
            let tie = one.estimate.total_cmp(&other.estimate).then(one.std_error.total_cmp(&other.std_error));
            a.total_cmp(b).then(tie)
        });
        let mut sum = 0;
        let up_to: Vec<u64> = ranked
            .iter()
            .map(|(_, kept)| {
                sum += kept.trials;
                sum
            })
            .collect();
        let count = most.min(sum);
        let row = |rank: u64| {
            // The middle of its share of the trials.
            let place = u128::from(sum) * u128::from(2 * rank + 1) / u128::from(2 * count);
            let found = up_to.partition_point(|&trials| u128::from(trials) <= place);
            let (_, kept) = ranked.get(found)?;
            let centile = 100.0 * (rank as f64 + 0.5) / count as f64;
            Some(RankedInterval { centile, estimate: kept.estimate, std_error: kept.std_error })
        };
        (0..count).filter_map(row).collect()
    }

    fn keep_within(&mut self) {
        self.kept.take_if(|kept| kept.len() > self.room);
    }
}

impl Summary for Estimates {
    fn merge(&mut self, later: Self) {
        self.kept = self.kept.take().zip(later.kept).map(|(mut kept, later)| {
            kept.extend(later);
            kept
        });
        self.keep_within();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against the definition, of numbers written out.
        #[test]
        fn quantiles_are_those_of_the_definition(
            counted in proptest::collection::vec((-5i32..5, 1u64..4), 1..30),
            percent in 0u32..=100,
        ) {
            let counted: Vec<(f64, u64)> = counted.into_iter().map(|(x, times)| (f64::from(x), times)).collect();
            let mut all: Vec<f64> = counted.iter().flat_map(|&(x, times)| vec![x; times as usize]).collect();
            all.sort_by(f64::total_cmp);
            let place = (all.len() - 1) * percent as usize;
            let (below, above) = (all[place / 100], all[(place / 100 + 1).min(all.len() - 1)]);
            let expected = below + (place % 100) as f64 / 100.0 * (above - below);
            let sample = Sample::new(counted);
            prop_assert_eq!(sample.count(), all.len() as u64);
            prop_assert_eq!(sample.percentile(percent), Some(expected));
            let near = sample.quantile(f64::from(percent) / 100.0).unwrap();
            prop_assert!((near - expected).abs() < 1e-12);
        }

        /// However they come apart.
        #[test]
        fn estimates_merge(values in proptest::collection::vec(-5i8..5, 0..30), cut in 0usize..30, room in 0usize..40) {
            let push = |values: &[i8]| {
                let mut estimates = Estimates::within(room);
                values.iter().for_each(|&value| estimates.push(f64::from(value), None, 1));
                estimates
            };
            let (first, second) = values.split_at(cut.min(values.len()));
            let mut merged = push(first);
            merged.merge(push(second));
            prop_assert_eq!(merged.sample(), push(&values).sample());
            prop_assert_eq!(merged.sample().is_some(), values.len() <= room);
        }
    }

    #[test]
    fn of_none_nothing_is_known() {
        assert_eq!(Sample::new(Vec::new()).percentile(50), None);
        assert_eq!(Sample::new(vec![(2.0, 1)]).percentile(95), Some(2.0));
        assert_eq!(Sample::new(vec![(2.0, 1)]).percentile_error(50), None);
    }

    /// Of normal numbers the median has standard error √(π/2n).
    #[test]
    fn the_error_of_a_median_is_that_of_its_law() {
        let n = 100_000u64;
        let quantile = |i: u64| match (i as f64 + 0.5) / n as f64 {
            tail if tail <= 0.5 => -crate::numeric::normal_quantile(tail),
            level => crate::numeric::normal_quantile(1.0 - level),
        };
        let sample = Sample::new((0..n).map(|i| (quantile(i), 1)).collect());
        let expected = (std::f64::consts::FRAC_PI_2 / n as f64).sqrt();
        let found = sample.percentile_error(50).unwrap();
        assert!((found / expected - 1.0).abs() < 1e-4, "{found} {expected}");
    }
}
