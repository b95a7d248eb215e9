//! A sample and its ranks against references.

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

proptest! {
    /// Against the definition, of trials written out and sorted.
    #[test]
    fn intervals_are_ranked_as_by_sorting_them(
        trials in proptest::collection::vec((-3i8..4, 0u8..3, 1u64..4), 0..40),
        most in 1u64..30,
        cut in 0usize..40,
    ) {
        let push = |trials: &[(i8, u8, u64)]| {
            let mut estimates = Estimates::within(1_000);
            for &(estimate, std_error, times) in trials {
                // Some have none.
                let error = (std_error > 0 || estimate > 1).then_some(f64::from(std_error));
                estimates.push(f64::from(estimate), error, times);
            }
            estimates
        };
        let (first, second) = trials.split_at(cut.min(trials.len()));
        let mut merged = push(first);
        merged.merge(push(second));
        let mut all = Vec::new();
        for &(estimate, std_error, times) in trials.iter().filter(|trial| trial.1 > 0 || trial.0 > 1) {
            let (estimate, std_error) = (f64::from(estimate), f64::from(std_error));
            let off = if estimate == 1.0 { 0.0 } else { (estimate - 1.0).abs() / std_error };
            all.extend(vec![(off, estimate, std_error); times as usize]);
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)));
        let count = (most as usize).min(all.len());
        let expected: Vec<_> = (0..count).map(|rank| all[all.len() * (2 * rank + 1) / (2 * count)]).collect();
        let found: Vec<_> = merged.ranked(1.0, most).iter().map(|one| (one.estimate, one.std_error)).collect();
        prop_assert_eq!(found, expected.iter().map(|&(_, x, s)| (x, s)).collect::<Vec<_>>());
    }
}

/// As a run merges them, block by block; what the README promises.
#[test]
fn an_estimate_takes_no_more_memory_than_promised() {
    for (std_error, times, promised) in [(None, 1, 8), (Some(0.5), 1, 16), (Some(0.5), 3, 24)] {
        for block in [1, 16, 1_000, 4_096, 20_000] {
            let mut tree = crate::statistics::TreeMerge::new();
            let count = 300_000;
            for first in (0..count).step_by(block) {
                let mut some = Estimates::within(1 << 24);
                (first..(first + block).min(count)).for_each(|k| some.push(k as f64, std_error, times));
                tree.push(crate::statistics::Node::block((first / block) as u64, some));
            }
            let all = tree.finish().unwrap();
            let bytes = all.bytes();
            assert!(bytes as f64 <= 1.1 * (promised * count) as f64, "{block} {promised}: {bytes}");
            assert_eq!(all.sample().map(|sample| sample.count()), Some(times * count as u64));
        }
    }
}

#[test]
fn of_none_nothing_is_known() {
    assert_eq!(Sample::new(Vec::new()).percentile(50), None);
    assert_eq!(Sample::new(vec![(2.0, 1)]).percentile(95), Some(2.0));
    assert_eq!(Sample::new(vec![(2.0, 1)]).percentile_error(50), None);
}

#[test]
fn what_rounding_parts_has_no_distance() {
    let error = |values: [f64; 2]| Sample::new(values.map(|value| (value, 50)).to_vec()).percentile_error(50);
    assert_eq!(error([0.3, 0.1 + 0.2]), Some(0.0));
    assert_eq!(error([-0.3, -(0.1 + 0.2)]), Some(0.0));
    assert!(error([0.3, 0.300_000_000_000_01]).is_some_and(|error| error > 1e-15));
    assert!(error([0.0, 5e-18]).is_some_and(|error| error > 1e-18));
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
