//! Each formula against its definition: plain sums, derivatives by weights, leaving out trials, every sample of a small law.

use super::*;
use proptest::prelude::*;

/// √(Σ IFᵢ²/(n(n−1))) of a functional of weighted trials, by central differences.
fn infinitesimal(n: usize, functional: impl Fn(&[f64]) -> f64) -> f64 {
    const STEP: f64 = 1e-4;
    let size = n as f64;
    let moved = |place: usize, step: f64| {
        let weight = |i: usize| (1.0 - step) / size + if i == place { step } else { 0.0 };
        functional(&(0..n).map(weight).collect::<Vec<_>>())
    };
    let influence = |place: usize| (moved(place, STEP) - moved(place, -STEP)) / (2.0 * STEP);
    ((0..n).map(|place| influence(place) * influence(place)).sum::<f64>() / (size * (size - 1.0))).sqrt()
}

fn dot(weights: &[f64], values: impl Iterator<Item = f64>) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

fn weighted_variance(weights: &[f64], values: &[f64]) -> f64 {
    let mean = dot(weights, values.iter().copied());
    dot(weights, values.iter().map(|value| (value - mean) * (value - mean)))
}

fn variance(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    weighted_variance(&vec![1.0 / n; values.len()], values) * n / (n - 1.0)
}

fn near(found: Option<f64>, expected: f64, part: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() <= part * (1.0 + expected.abs()))
}

proptest! {
    #[test]
    fn standard_errors_are_those_of_the_infinitesimal_jackknife(
        trials in proptest::collection::vec((-2.0f64..3.0, 0.3f64..2.0), 5..25),
    ) {
        let (estimates, std_errors): (Vec<f64>, Vec<f64>) = trials.iter().copied().unzip();
        prop_assume!(variance(&estimates) > 0.05);
        let study = Study::of(&estimates).with_truth(0.7).with_std_errors(&std_errors, 0.95);
        let mcse = |measure| study.assess(measure).and_then(|assessment| assessment.mcse);
        let squared_errors = || estimates.iter().map(|x| (x - 0.7) * (x - 0.7));
        let variances = || std_errors.iter().map(|se| se * se);
        let n = estimates.len();
        let by_weights = |functional: &dyn Fn(&[f64]) -> f64| infinitesimal(n, functional);
        prop_assert!(near(mcse(Measure::Bias), by_weights(&|w| dot(w, estimates.iter().copied())), 1e-9));
        prop_assert!(near(mcse(Measure::EmpiricalSe), by_weights(&|w| weighted_variance(w, &estimates).sqrt()), 1e-5));
        prop_assert!(near(mcse(Measure::Mse), by_weights(&|w| dot(w, squared_errors())), 1e-9));
        prop_assert!(near(mcse(Measure::Rmse), by_weights(&|w| dot(w, squared_errors()).sqrt()), 1e-5));
        prop_assert!(near(mcse(Measure::ModelSe), by_weights(&|w| dot(w, variances()).sqrt()), 1e-5));
        // S has divisor n − 1, the functional n.
        let divisor = ((n as f64 - 1.0) / n as f64).sqrt();
        let error = by_weights(&|w| 100.0 * (dot(w, variances()) / weighted_variance(w, &estimates)).sqrt());
        prop_assert!(near(mcse(Measure::ModelSeError), divisor * error, 1e-5));
    }

    #[test]
    fn gains_are_jackknifed_by_leaving_out_each_trial(
        pairs in proptest::collection::vec((-2.0f64..3.0, -1.0f64..1.0), 4..20),
    ) {
        let (b, noise): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        prop_assume!(variance(&b) > 0.05);
        let a: Vec<f64> = b.iter().zip(noise).map(|(b, noise)| b + noise).collect();
        let without = |values: &[f64], place: usize| {
            let mut rest = values.to_vec();
            rest.remove(place);
            variance(&rest)
        };
        let n = a.len() as f64;
        let left: Vec<f64> = (0..a.len()).map(|j| 100.0 * (without(&a, j) / without(&b, j) - 1.0)).collect();
        prop_assume!(left.iter().all(|gain| gain.abs() < 1e4));
        let gain = precision_gain(&b, &a).unwrap();
        prop_assert!(near(Some(gain.estimate), 100.0 * (variance(&a) / variance(&b) - 1.0), 1e-10));
        let expected = ((n - 1.0) * (n - 1.0) / n * variance(&left)).sqrt();
        prop_assert!(near(gain.mcse, expected, 1e-8), "{:?} {}", gain, expected);
    }

    /// A change of unit by a power of two changes no digit, and powers do not overflow.
    #[test]
    fn units_do_not_matter(trials in proptest::collection::vec((-2.0f64..3.0, 0.1f64..2.0), 4..12), power in -900i32..900) {
        let (x, se): (Vec<f64>, Vec<f64>) = trials.into_iter().unzip();
        prop_assume!(variance(&x) > 0.0);
        let scaled = |values: &[f64]| values.iter().map(|&value| libm::ldexp(value, power)).collect::<Vec<_>>();
        let (far, far_se) = (scaled(&x), scaled(&se));
        let here = Study::of(&x).with_truth(1.0).with_std_errors(&se, 0.9);
        let there = Study::of(&far).with_truth(libm::ldexp(1.0, power)).with_std_errors(&far_se, 0.9);
        for measure in Measure::ALL.into_iter().filter(|&measure| measure != Measure::Mse) {
            let back = |value: f64| libm::ldexp(value, -power * measure.dimension());
            let found = there.assess(measure).map(|found| (back(found.estimate), found.mcse.map(back)));
            prop_assert_eq!(found, here.assess(measure).map(|found| (found.estimate, found.mcse)), "{:?}", measure);
        }
        let gain = |b: &[f64], a: &[f64]| precision_gain(b, a).map(|gain| (gain.estimate, gain.mcse));
        prop_assert_eq!(gain(&scaled(&x), &scaled(&se)), gain(&x, &se));
    }
}

/// Over all samples of four from a law of three values: the squared standard errors of means of trials have exactly the variance
/// of the measure as their mean, those of a part 3/4 of it.
#[test]
fn squared_standard_errors_are_unbiased_where_they_should_be() {
    let law = [(0.5, -1.0f64, 2.0), (0.3, 0.5, 0.4), (0.2, 4.0, 2.5)];
    let mut sums = [[0.0; 3]; 3];
    for sample in 0..81 {
        let digits = [sample % 3, sample / 3 % 3, sample / 9 % 3, sample / 27];
        let chance: f64 = digits.iter().map(|&digit: &usize| law[digit].0).product();
        let (estimates, std_errors) = (digits.map(|digit| law[digit].1), digits.map(|digit| law[digit].2));
        let study = Study::of(&estimates).with_truth(1.0).with_std_errors(&std_errors, 0.95);
        for (sums, measure) in sums.iter_mut().zip([Measure::Bias, Measure::Mse, Measure::Coverage]) {
            let found = study.assess(measure).unwrap();
            let mcse = found.mcse.unwrap();
            for (sum, value) in sums.iter_mut().zip([found.estimate, found.estimate * found.estimate, mcse * mcse]) {
                *sum += chance * value;
            }
        }
    }
    for ([mean, square, mcse_square], share) in sums.into_iter().zip([1.0, 1.0, 0.75]) {
        assert!((mcse_square - share * (square - mean * mean)).abs() < 1e-12, "{mcse_square} {}", square - mean * mean);
    }
}

#[test]
fn what_does_not_exist_is_none() {
    let names =
        |study: &Study<'_, f64>| study.assess_all().iter().map(|found| found.measure.name()).collect::<Vec<_>>();
    assert_eq!(names(&Study::of(&[])), [""; 0]);
    assert_eq!(names(&Study::of(&[1.0])), ["mean"]);
    assert_eq!(Study::of(&[1.0]).assess(Measure::Mean).unwrap().mcse, None);
    assert_eq!(
        names(&Study::of(&[1.0, 2.0]).with_truth(0.0)),
        [
            "mean",
            "bias",
            "empirical_se",
            "mse",
            "rmse",
            "mean_absolute_error",
            "quantile_5",
            "quantile_25",
            "median",
            "quantile_75",
            "quantile_95",
            "median_bias"
        ]
    );
    assert_eq!(
        names(&Study::of(&[1.0]).with_truth(2.0)),
        ["mean", "bias", "relative_bias", "mse", "rmse", "mean_absolute_error"]
    );
    // A kurtosis of three trials says nothing.
    assert_eq!(Study::of(&[1.0, 2.0, 5.0]).assess(Measure::EmpiricalSe).unwrap().mcse, None);
    let constant = Study::of(&[2.0; 9]).with_truth(2.0).with_std_errors(&[0.0; 9], 0.95);
    let found = |measure| constant.assess(measure).map(|found| (found.estimate, found.mcse));
    assert_eq!(found(Measure::Bias), Some((0.0, Some(0.0))));
    assert_eq!(found(Measure::EmpiricalSe), Some((0.0, None)));
    assert_eq!(found(Measure::Rmse), Some((0.0, None)));
    assert_eq!(found(Measure::ModelSe), Some((0.0, None)));
    assert_eq!(found(Measure::ModelSeError), None);
    assert_eq!(found(Measure::Coverage), Some((1.0, Some(0.0))));
    assert_eq!(found(Measure::Rejection), Some((1.0, Some(0.0))));
    assert_eq!(precision_gain(&[1.0, 1.0, 1.0, 1.0], &[1.0, 2.0, 3.0, 5.0]), None);
    assert_eq!(precision_gain(&[1.0, 2.0, 3.0], &[1.0, 2.0]), None);
    assert_eq!(precision_gain(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).unwrap().mcse, None);
    let none = precision_gain(&[1.0, 2.0, 3.0, 5.0], &[4.0; 4]).unwrap();
    assert_eq!((none.estimate, none.mcse), (-100.0, Some(0.0)));
    // The square of this bias is no double.
    assert_eq!(Study::of(&[1e200, 2e200]).with_truth(0.0).assess(Measure::Mse), None);
    assert!(Study::of(&[1e200, 2e200]).with_truth(0.0).assess(Measure::Rmse).is_some());
}

fn decimals(text: &[&str]) -> Vec<DoubleDouble> {
    text.iter().map(|text| text.parse().expect("a decimal")).collect()
}

/// Two values that are equally frequent and equally far from θ: squares do not vary, and what is left of them is rounding.
#[test]
fn what_is_within_rounding_of_zero_is_zero() {
    for (low, high, middle) in
        [("0.4", "0.6", "0.5"), ("-0.1", "0.7", "0.3"), ("1000000000.1", "1000000000.3", "1000000000.2")]
    {
        let estimates = decimals(&[low, high, low, high, low, high, high, low]);
        let std_errors = decimals(&["0.1"; 8]);
        let truth = decimals(&[middle])[0];
        let study = Study::of(&estimates).with_truth(truth).with_std_errors(&std_errors, 0.95);
        let found = |measure| study.assess(measure).map(|found| (found.estimate, found.mcse));
        assert_eq!(found(Measure::Bias).map(|found| found.0), Some(0.0), "{low}");
        assert_eq!(found(Measure::RelativeBias).map(|found| found.0), Some(0.0), "{low}");
        for measure in [Measure::EmpiricalSe, Measure::Mse, Measure::Rmse, Measure::ModelSe, Measure::ModelSeError] {
            assert_eq!(found(measure).and_then(|found| found.1), Some(0.0), "{low} {measure:?}");
        }
    }
    // Three values that have no double, and their mean.
    let thirds =
        Study::of(&decimals(&["0.1", "0.2", "0.3"])[..]).with_truth(decimals(&["0.2"])[0]).assess(Measure::Bias);
    assert_eq!(thirds.map(|bias| bias.estimate), Some(0.0));
    // What is small and no rounding stays.
    let near = decimals(&["0.1", "0.2", "0.30000000000000000000003"]);
    let bias = Study::of(&near).with_truth(decimals(&["0.2"])[0]).assess(Measure::Bias).map(|bias| bias.estimate);
    assert!((bias.unwrap() / 1e-23 - 1.0).abs() < 1e-6, "{bias:?}");
}

/// B strays a third as far as A, in decimals: the gain is 800 % whichever trial is left out.
#[test]
fn a_gain_that_no_trial_moves_has_no_error() {
    let a = decimals(&["0.3", "0.9", "-0.6", "1.2", "0"]);
    let b = decimals(&["0.1", "0.3", "-0.2", "0.4", "0"]);
    let gain = precision_gain(&b, &a).unwrap();
    assert_eq!((gain.estimate, gain.mcse), (800.0, Some(0.0)));
}

/// Neighbouring decimals are one double there: what is said of their distances must come from the decimals.
#[test]
fn quantiles_far_from_zero_have_the_errors_of_those_near_it() {
    let digits: Vec<u32> = (0..200u32).map(|k| k * k * 7 % 10 + k % 3).collect();
    let here: Vec<DoubleDouble> = digits.iter().map(|digit| format!("{}", digit).parse().unwrap()).collect();
    let here: Vec<DoubleDouble> = here.iter().map(|&value| value / DoubleDouble::from(10.0)).collect();
    let near_zero = Study::of(&here).assess_all();
    for offset in [1_000_000_000_000_000u64, 7_000_000_000_000_000_000] {
        let far = |digit: u32| format!("{}.{}", offset + u64::from(digit / 10), digit % 10).parse().unwrap();
        let there: Vec<DoubleDouble> = digits.iter().map(|&digit| far(digit)).collect();
        let far = Study::of(&there).assess_all();
        for (near, far) in near_zero.iter().zip(&far).filter(|(near, _)| near.measure.percent().is_some()) {
            let (near_error, far_error) = (near.mcse.unwrap(), far.mcse.unwrap());
            assert!((near_error - far_error).abs() <= 1e-12 * near_error, "{near:?} {far:?}");
        }
    }
    assert!(near_zero.iter().any(|found| found.measure == Measure::Median && found.mcse > Some(0.01)));
}
