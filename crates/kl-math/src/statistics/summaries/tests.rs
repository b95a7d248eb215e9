//! What is saved is read back, whatever it is a summary of.

use super::*;
use crate::numeric::DoubleDouble;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A summary as it comes back from where it was saved.
fn read_back<S: Restore + Serialize + DeserializeOwned>(saved: &S, empty: &S, trials: u64) -> Option<S> {
    let bytes = postcard::to_stdvec(saved).unwrap();
    postcard::from_bytes::<S>(&bytes).unwrap().restore(empty, trials)
}

/// It comes back as it was, and not as one of fewer trials.
#[track_caller]
fn comes_back<S>(empty: S, trials: u64, push: impl FnOnce(&mut S))
where
    S: Restore + Serialize + DeserializeOwned + Clone + PartialEq + std::fmt::Debug,
{
    let mut summary = empty.clone();
    push(&mut summary);
    // As text, since an estimate may have no standard error, which is no number and equals none.
    assert_eq!(format!("{:?}", read_back(&summary, &empty, trials)), format!("{:?}", Some(&summary)));
    assert_eq!(read_back(&empty, &empty, 0), Some(empty));
}

proptest! {
    #[test]
    fn every_summary_comes_back(
        estimates in proptest::collection::vec((-3.0f64..3.0, proptest::option::of(0.01f64..2.0), 1u64..4), 1..30),
        counts in proptest::collection::vec((0u64..=20, 0u64..=20), 1..30),
    ) {
        let trials: u64 = estimates.iter().map(|&(_, _, times)| times).sum();
        comes_back(Moments::about(0.3), trials, |to| estimates.iter().for_each(|&(x, _, times)| to.push(x, times)));
        comes_back(CentralSums::default(), trials, |to| estimates.iter().for_each(|&(x, _, _)| to.push(x)));
        comes_back(JointMoments::about([0.3, -0.2]), trials, |to| {
            estimates.iter().for_each(|&(x, error, times)| to.push([x, x * error.unwrap_or(0.5)], times));
        });
        let test = IntervalTest { z: 1.5, truth: 0.3, mean: Some(0.2), exact_error: Some(0.7) };
        comes_back(Intervals::new(test), trials, |to| {
            estimates.iter().for_each(|&(x, error, times)| to.push(x, error, times));
        });
        comes_back(Estimates::within(1_000), trials, |to| {
            estimates.iter().for_each(|&(x, error, times)| to.push(x, error, times));
        });
        let mut too_many = Estimates::within(0);
        too_many.push(1.0, None, 1);
        prop_assert_eq!(read_back(&too_many, &Estimates::within(0), 1).map(|read| read.sample()), Some(None));
        comes_back(Histogram::empty(7), trials, |to| {
            estimates.iter().for_each(|&(x, _, times)| to.push((x + 3.0) as usize, times));
        });
        let thirds = [DoubleDouble::ratio(1, 3); 3];
        comes_back(CountSums::new(&thirds, 40), counts.len() as u64, |to| {
            counts.iter().for_each(|&(a, b)| to.push(&[a, b, 40 - a - b], 1));
        });
        // Few are within five standard deviations.
        let rare = [DoubleDouble::ratio(1, 1_000), DoubleDouble::ratio(999, 1_000)];
        comes_back(CountTally::new(&rare, 40, 100).unwrap(), counts.len() as u64, |to| {
            counts.iter().for_each(|&(a, b)| to.push(a + b));
        });
    }
}

/// A file may hold anything: what no trials of that kind can give is none.
#[test]
fn what_cannot_be_is_none() {
    let mut moments = Moments::about(0.0);
    moments.push(f64::NAN, 1);
    assert_eq!(read_back(&moments, &Moments::about(0.0), 1), None);
    let mut moments = Moments::about(0.0);
    moments.push(1.0, 3);
    assert_eq!(read_back(&moments, &Moments::about(0.0), 2), None);
    let mut histogram = Histogram::empty(3);
    histogram.push(1, 5);
    assert!(read_back(&histogram, &Histogram::empty(3), 5).is_some());
    assert_eq!(read_back(&histogram, &Histogram::empty(4), 5), None);
    assert_eq!(read_back(&histogram, &Histogram::empty(3), 4), None);
    let half = [DoubleDouble::ratio(1, 2); 2];
    let mut sums = CountSums::new(&half, 10);
    sums.push(&[10, 0], 2);
    assert_eq!(read_back(&sums, &CountSums::new(&half, 4), 2), None);
    assert_eq!(read_back(&sums, &CountSums::new(&[DoubleDouble::ratio(1, 3); 3], 10), 2), None);
    let mut tally = CountTally::new(&half, 10, 100).unwrap();
    tally.push(11);
    assert_eq!(read_back(&tally, &CountTally::new(&half, 10, 100).unwrap(), 1), None);
    let mut estimates = Estimates::within(9);
    [1.0, 2.0].into_iter().for_each(|x| estimates.push(x, None, 1));
    assert_eq!(read_back(&estimates, &Estimates::within(1), 2), None);
    let mut infinite = Estimates::within(9);
    infinite.push(f64::INFINITY, None, 1);
    assert_eq!(read_back(&infinite, &Estimates::within(9), 1), None);
}

/// A list that claims to be longer than the memory is no list, and neither is one of parts of doubles.
#[test]
fn lists_that_are_none_are_refused() {
    let claimed = postcard::to_stdvec(&(u64::MAX, Vec::<(u64, u64)>::new())).unwrap();
    assert!(postcard::from_bytes::<Histogram>(&claimed).is_err());
    let beyond = postcard::to_stdvec(&(3u64, vec![(1u64, 5u64), (1, 5)])).unwrap();
    assert!(postcard::from_bytes::<Histogram>(&beyond).is_err());
    let within = postcard::to_stdvec(&(4u64, vec![(1u64, 5u64), (1, 6)])).unwrap();
    assert_eq!(postcard::from_bytes::<Histogram>(&within).unwrap().counts(), [0, 5, 0, 6]);
}
