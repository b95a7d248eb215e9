//! The binomial law against references.

use super::*;
use proptest::prelude::*;

fn ratio(success: u64, denominator: u64, trials: u64) -> Binomial {
    let probability = |part| DoubleDouble::ratio(part, denominator);
    Binomial::new(trials, probability(success), probability(denominator - success))
}

/// C(n, k) aᵏ bⁿ⁻ᵏ for every k, in integers, by the recurrence of Pascal's triangle.
fn numerators(n: u64, a: u128, b: u128) -> Vec<u128> {
    (0..n).fold(vec![1], |row, _| {
        let shifted = std::iter::once(0).chain(row.iter().copied());
        row.iter().copied().chain([0]).zip(shifted).map(|(stay, step)| stay * b + step * a).collect()
    })
}

#[test]
fn every_interval_agrees_with_integer_arithmetic() {
    let mut worst = 0.0f64;
    for (bits, n) in [(1, 1), (1, 2), (1, 7), (1, 60), (1, 126), (2, 60), (3, 11), (3, 41), (7, 18), (20, 6)] {
        let denominator = 1u64 << bits;
        for success in [1, denominator / 3, denominator / 2, denominator - 1] {
            let law = ratio(success, denominator, n);
            let exact = numerators(n, u128::from(success), u128::from(denominator - success));
            let whole = (1u128 << (bits * n)) as f64;
            for low in 0..=n {
                let mut sum = 0;
                for high in low..=n {
                    sum += exact[high as usize];
                    let truth = sum as f64 / whole;
                    let found = law.mass_between(low, high);
                    let error = if truth == 0.0 { found } else { (found / truth - 1.0).abs() };
                    worst = worst.max(error);
                    assert!(error < 1e-13, "n {n}, p {success}/{denominator}, {low}..={high}: {found} {truth}");
                    if low == high {
                        assert!((law.mass(low) - truth).abs() <= 1e-13 * truth);
                    }
                }
                let doubled = 2 * exact[..=low as usize].iter().sum::<u128>().min(exact[low as usize..].iter().sum());
                let p_value = law.two_sided_p_value(low);
                let truth = (doubled as f64 / whole).min(1.0);
                assert!(p_value >= truth && p_value <= truth * (1.0 + 3e-10), "{p_value} {truth}");
            }
        }
    }
    println!("worst relative error {worst:e}");
}

#[test]
fn the_two_sums_agree_where_they_meet() {
    // σ = 1000 at p = ½, and nearly a Poisson law at p = 1e-3.
    for (p, q, n) in [(1, 1, 4_000_000), (1, 999, 1_001_001_001), (999, 1, 1_001_001_001)] {
        let law = ratio(p, p + q, n);
        let mean = law.mode();
        for step in [0, 1, 700, 3000, 9000, 20_000, 36_000] {
            for length in [1, 2, 500, 5000, 30_000] {
                let (low, high) = (mean + step, mean + step + length - 1);
                let direct = law.sum_of_ratios(low, high.min(n));
                let integral = law.integral_of_ratios(low, high.min(n), law.log_mass(low), 1000.0);
                let error = (integral / direct - 1.0).abs();
                assert!(error < 1e-12, "p {p}/{}, {low}..={high}: {error:e}", p + q);
            }
        }
    }
}

#[test]
fn certain_and_impossible_events_are_exact() {
    let (never, always) = (ratio(0, 1, 9), ratio(1, 1, 9));
    for k in 0..=9 {
        let (zero, nine) = (f64::from(k == 0), f64::from(k == 9));
        assert_eq!([never.mass(k), never.lower_tail(k), never.upper_tail(k)], [zero, 1.0, zero]);
        assert_eq!([always.mass(k), always.lower_tail(k), always.upper_tail(k)], [nine, nine, 1.0]);
        assert_eq!([never.two_sided_p_value(k), always.two_sided_p_value(k)], [zero, nine]);
    }
    let fair = ratio(1, 2, 9);
    assert_eq!([fair.mass(10), fair.lower_tail(10), fair.upper_tail(10)], [0.0, 1.0, 0.0]);
    assert_eq!([fair.two_sided_p_value(10), fair.mass_between(3, 2), fair.lower_tail(9)], [0.0, 0.0, 1.0]);
    let empty = ratio(1, 2, 0);
    assert_eq!([empty.mass(0), empty.lower_tail(0), empty.upper_tail(0), empty.two_sided_p_value(0)], [1.0; 4]);
    assert_eq!(ratio(0, 1, 0).mass(0), 1.0);
}

#[test]
fn tails_fade_through_the_subnormal_numbers() {
    // 2^−1074 is the least positive double.
    assert_eq!(ratio(1, 2, 1074).lower_tail(0), f64::from_bits(1));
    assert_eq!(ratio(1, 2, 1076).lower_tail(0), 0.0);
    for n in [1076, 1 << 20, 1 << 53] {
        assert_eq!(ratio(1, 2, n).two_sided_p_value(0), f64::MIN_POSITIVE);
        assert_eq!(ratio(1, 2, n).two_sided_p_value(n), f64::MIN_POSITIVE);
    }
    let tiny = DoubleDouble::from(5e-324);
    let law = Binomial::new(1 << 53, tiny, DoubleDouble::ONE - tiny);
    assert_eq!([law.lower_tail(0), law.upper_tail(2)], [1.0, 0.0]);
    // P(X ≥ 1) = np = 2^−1021, less a part 2^−1021 of itself.
    assert!((law.upper_tail(1) / (2.0 * f64::MIN_POSITIVE) - 1.0).abs() < 1e-12);
}

/// Any law of up to 2⁵³ trials, and a count near its centre or anywhere.
fn any_case() -> impl Strategy<Value = (Binomial, u64)> {
    let probability = (0.0..1.0f64, 0..40i32, any::<bool>());
    (0.0..53.0f64, probability, -40.0..40.0f64).prop_map(|(bits, (p, fall, swapped), z)| {
        let n = libm::exp2(bits) as u64;
        let p = DoubleDouble::from(libm::ldexp(p, -fall));
        let (p, q) = (p, DoubleDouble::ONE - p);
        let (p, q) = if swapped { (q, p) } else { (p, q) };
        let (mean, variance) = (n as f64 * p.to_f64(), n as f64 * p.to_f64() * q.to_f64());
        (Binomial::new(n, p, q), ((mean + z * variance.sqrt()) as u64).min(n))
    })
}

proptest! {
    #[test]
    fn the_two_tails_add_up((law, k) in any_case()) {
        let (lower, upper) = (law.lower_tail(k), law.upper_tail(k + 1));
        prop_assert!((lower + upper - 1.0).abs() < 1e-12, "{lower} + {upper}");
    }

    #[test]
    fn tails_are_monotone_probabilities((law, k) in any_case()) {
        let tails = [law.lower_tail(k), law.lower_tail(k + 1), law.upper_tail(k), law.upper_tail(k + 1)];
        prop_assert!(tails.iter().all(|tail| (0.0..=1.0).contains(tail)), "{tails:?}");
        prop_assert!(tails[0] <= tails[1] && tails[2] >= tails[3], "{tails:?}");
    }

    #[test]
    fn the_p_value_is_no_smaller_than_the_tails((law, k) in any_case()) {
        let (p_value, tail) = (law.two_sided_p_value(k), law.lower_tail(k).min(law.upper_tail(k)));
        prop_assert!(p_value > 0.0 && p_value <= 1.0 && p_value >= (2.0 * tail).min(1.0));
    }

    #[test]
    fn an_interval_is_a_difference_of_tails((law, k) in any_case(), fraction in 0.0..1.0f64) {
        let high = k + ((law.trials - k) as f64 * fraction * fraction * fraction) as u64;
        let sum = law.mass_between(k, high) + law.upper_tail(high + 1);
        prop_assert!((sum - law.upper_tail(k)).abs() <= 2e-11 * sum + 1e-315);
    }
}
