//! The law of a squared deviation against references.

use super::*;

/// The law of the mean of `n` copies of a variable, by enumeration, as (value, mass).
fn means(symbol: &[(f64, f64)], n: usize) -> Vec<(f64, f64)> {
    let sums = (0..n).fold(vec![(0.0, 1.0)], |sums: Vec<(f64, f64)>, _| {
        sums.iter()
            .flat_map(|&(sum, mass)| symbol.iter().map(move |&(more, value)| (sum + value, mass * more)))
            .collect()
    });
    sums.into_iter().map(|(sum, mass)| (sum / n as f64, mass)).collect()
}

fn skewed() -> (Vec<(f64, f64)>, f64) {
    let (p, x) = ([0.7, 0.2, 0.1], [0.3, -0.2, -1.7]);
    let symbol: Vec<(f64, f64)> = p.into_iter().zip(x).collect();
    let variance = symbol.iter().map(|(p, x)| p * x * x).sum();
    assert!(symbol.iter().map(|(p, x)| p * x).sum::<f64>().abs() < 1e-15);
    (symbol, variance)
}

fn fourth_moment(symbol: &[(f64, f64)], variance: f64, n: usize) -> f64 {
    let fourth: f64 = symbol.iter().map(|(p, x)| p * x * x * x * x).sum();
    3.0 + (fourth / (variance * variance) - 3.0) / n as f64
}

/// Both bounds against the true two-sided p-value, for every value that two trials of three symbols can give.
#[test]
fn no_bound_is_ever_below_the_truth() {
    let (symbol, variance) = skewed();
    let estimates = means(&symbol, 3);
    let squares: Vec<(f64, f64)> =
        estimates.iter().map(|(value, mass)| (*mass, value * value * 3.0 / variance)).collect();
    let statistic = means(&squares, 2);
    let atoms: Vec<Atom> = estimates.iter().map(|&(value, mass)| Atom { value, mass }).collect();
    let exact = SquaredDeviation::exact(&atoms, 0.0, variance / 3.0);
    let cumulants = FiniteCumulants::new(symbol.clone());
    let general = SquaredDeviation::of_mean(&cumulants, variance, 3, fourth_moment(&symbol, variance, 3));
    for &(ratio, _) in &statistic {
        let upper: f64 = statistic.iter().filter(|(other, _)| *other >= ratio - 1e-12).map(|(_, mass)| mass).sum();
        let lower: f64 = statistic.iter().filter(|(other, _)| *other <= ratio + 1e-12).map(|(_, mass)| mass).sum();
        let truth = (2.0 * upper.min(lower)).min(1.0);
        assert!(exact.two_sided_p_value(ratio, 2) >= truth, "{ratio}");
        assert!(general.two_sided_p_value(ratio, 2) >= truth, "{ratio}");
    }
}

/// The trapezoidal sum against the sum over all atoms.
#[test]
fn the_upper_cumulant_is_that_of_the_exact_law() {
    let (symbol, variance) = skewed();
    for n in [1, 4, 8] {
        let law = means(&symbol, n);
        let mean = MeanOfSymbols {
            symbol: FiniteCumulants::new(symbol.clone()),
            ungathered: None,
            variance,
            n: n as f64,
            fourth_moment: fourth_moment(&symbol, variance, n),
        };
        for s in [1e-4, 0.01, 0.1, 0.3] {
            let exact: f64 =
                law.iter().map(|(value, mass)| mass * libm::exp(s * value * value * n as f64 / variance)).sum();
            let found = mean.upper_cumulant(s);
            let excess = found - libm::log(exact);
            // Where e^{sg²} is dominated by one far atom the stretches are loose, never low.
            assert!((-1e-14..1e-4).contains(&excess), "n {n}, s {s}: {excess:e}");
        }
    }
}

#[test]
fn the_lower_cumulant_bounds_that_of_the_exact_law() {
    let (symbol, variance) = skewed();
    let law = means(&symbol, 6);
    let fourth_moment = fourth_moment(&symbol, variance, 6);
    let symbol = FiniteCumulants::new(symbol);
    let mean = MeanOfSymbols { symbol: symbol.clone(), ungathered: None, variance, n: 6.0, fourth_moment };
    for u in [1e-3, 0.03, 0.2, 3.0] {
        let exact: f64 = law.iter().map(|(value, mass)| mass * libm::exp(-u * value * value * 6.0 / variance)).sum();
        let exact = libm::log(exact);
        assert!(lower_cumulant_near(u, mean.fourth_moment) >= exact, "{u}");
        let excess = mean.lower_cumulant(&symbol, u) - exact;
        assert!((0.0..1e-11).contains(&excess), "{u}: {excess:e}");
    }
}

/// Ten thousand trials see a variance that is a tenth too large or too small.
#[test]
fn the_bound_has_power() {
    let (symbol, variance) = skewed();
    let n = 1_000_000_000;
    let kurtosis = 3.0 + (fourth_moment(&symbol, variance, 1) - 3.0) / n as f64;
    let law = SquaredDeviation::of_mean(&FiniteCumulants::new(symbol), variance, n, kurtosis);
    for ratio in [0.9, 1.1] {
        let p = law.two_sided_p_value(ratio, 10_000);
        assert!(p < 1e-9, "{ratio}: {p:e}");
    }
    assert!(law.two_sided_p_value(1.01, 10_000) > 0.5);
}

/// A rare symbol far out: the mass of e^{sg²} lies where only whole stretches are bounded.
#[test]
fn a_heavy_tail_is_not_cut_off() {
    for rare in [1e-6, 1e-9] {
        let n = 1_000;
        let symbol = vec![(rare, 1.0 - rare), (1.0 - rare, -rare)];
        let variance = rare * (1.0 - rare);
        let fourth = variance * (1.0 - 3.0 * variance);
        let mean = MeanOfSymbols {
            symbol: FiniteCumulants::new(symbol),
            ungathered: None,
            variance,
            n: n as f64,
            fourth_moment: 3.0 + (fourth / (variance * variance) - 3.0) / n as f64,
        };
        let law = crate::law::Binomial::new(n, rare.into(), (1.0 - rare).into());
        for s in [0.01, 0.3] {
            let exponent = |count: u64| {
                let deviation = count as f64 - n as f64 * rare;
                law.log_mass(count) + s * deviation * deviation / (n as f64 * variance)
            };
            let mut exact = LogSum::default();
            (0..=n).for_each(|count| exact.push(exponent(count)));
            let excess = mean.upper_cumulant(s) - exact.value();
            // The stretches may be loose by a small part of an exponent of many thousands.
            assert!(excess > -1e-9 && excess < 0.2 * exact.value().max(1.0), "{rare} {s}: {excess} {}", exact.value());
        }
    }
}

/// A fair coin has an odd number of tosses: two counts lie equally far from the middle, but for an ulp.
#[test]
fn atoms_that_differ_by_rounding_alone_are_one() {
    let (a, b) = (libm::log(0.5 / 0.4), libm::log(0.5 / 0.6));
    let values = (0..=3).map(|k| (f64::from(k) * a + f64::from(3 - k) * b) / 3.0);
    let atoms: Vec<Atom> = values.zip([0.125, 0.375, 0.375, 0.125]).map(|(value, mass)| Atom { value, mass }).collect();
    let variance = (a - b) * (a - b) * 0.25 / 3.0;
    let law = SquaredDeviation::exact(&atoms, 0.020_410_997_260_127_586, variance);
    // Sixteen trials, each one head off the middle: truly 2·0.75¹⁶.
    let (p, truth) = (law.two_sided_p_value(1.0 / 3.0, 16), 2.0 * libm::pow(0.75, 16.0));
    assert!(p >= truth && p < truth * (1.0 + 1e-6), "{p:e} {truth:e}");
}

/// Both bounds are the same where the law is near normal: neither is better than the truth allows.
#[test]
fn the_general_bound_is_not_below_the_exact_one() {
    let (symbol, variance) = skewed();
    let atoms: Vec<Atom> = means(&symbol, 8).iter().map(|&(value, mass)| Atom { value, mass }).collect();
    let exact = SquaredDeviation::exact(&atoms, 0.0, variance / 8.0);
    let cumulants = FiniteCumulants::new(symbol.clone());
    let general = SquaredDeviation::of_mean(&cumulants, variance, 8, fourth_moment(&symbol, variance, 8));
    for ratio in [0.5, 0.8, 0.95, 1.05, 1.2, 1.5] {
        let (exact, general) = (exact.two_sided_p_value(ratio, 300), general.two_sided_p_value(ratio, 300));
        assert!(general >= exact * (1.0 - 1e-9), "{ratio}: {general:e} {exact:e}");
        assert!(libm::log(general) <= 0.7 * libm::log(exact) + 1e-9, "{ratio}: {general:e} {exact:e}");
    }
}

#[test]
fn a_square_that_is_always_one_is_no_surprise() {
    let atoms = [(-0.1, 0.5), (0.3, 0.5)].map(|(value, mass)| Atom { value, mass });
    assert_eq!(SquaredDeviation::exact(&atoms, 0.1, 0.04).two_sided_p_value(1.0 + 2e-16, 10_000), 1.0);
}

/// Very many trials, so that a variance which gathering enlarged by a hundred-thousandth is far off: p of a ratio one standard
/// deviation from 1 stays of the size of 1 on both sides.
#[track_caller]
fn is_no_surprise_to_either_side(law: &SquaredDeviation, fourth_moment: f64) {
    let trials = 1_000_000_000_000;
    let deviation = (fourth_moment - 1.0).sqrt() * 1e-6;
    for ratio in [1.0 - deviation, 1.0 + deviation] {
        let p = law.two_sided_p_value(ratio, trials);
        assert!(p > 0.3, "{ratio}: {p:e}");
    }
    // And yet ten of them are one.
    for ratio in [1.0 - 10.0 * deviation, 1.0 + 10.0 * deviation] {
        let p = law.two_sided_p_value(ratio, trials);
        assert!(p < 1e-6, "{ratio}: {p:e}");
    }
}

/// Values that lie everywhere between two points of any grid, as (mass, value), and their variance and fourth moment.
fn scattered(count: usize) -> (Vec<(f64, f64)>, f64, f64) {
    let mass = 1.0 / count as f64;
    let half: Vec<f64> = (0..count / 2).map(|k| libm::sin(k as f64 * 1.7) + 1.5).collect();
    let terms: Vec<(f64, f64)> = half.iter().flat_map(|&x| [(mass, x), (mass, -x)]).collect();
    let moment = |power: i32| terms.iter().map(|(mass, x)| mass * libm::pow(*x, f64::from(power))).sum::<f64>();
    let (square, fourth) = (moment(2), moment(4));
    (terms, square, fourth / (square * square))
}

#[test]
fn very_many_atoms_do_not_enlarge_the_variance() {
    let (terms, variance, fourth_moment) = scattered(3 * MOST_SQUARES);
    let atoms: Vec<Atom> = terms.iter().map(|&(mass, value)| Atom { value, mass }).collect();
    is_no_surprise_to_either_side(&SquaredDeviation::exact(&atoms, 0.0, variance), fourth_moment);
}

/// Listed for the lower tail, too many to be listed, and gathered before they come here.
#[test]
fn a_large_alphabet_does_not_enlarge_the_variance() {
    for count in [MOST_TILTED / 2, MOST_LISTED, 2 * MOST_LISTED] {
        let (terms, variance, fourth_moment) = scattered(count);
        let symbol = FiniteCumulants::new(terms);
        for symbol in [symbol.gathered_beyond(MOST_TILTED), symbol] {
            let fourth_moment = 3.0 + (fourth_moment - 3.0) / 50.0;
            let law = SquaredDeviation::of_mean(&symbol, variance, 50, fourth_moment);
            let trials = 1_000_000_000_000;
            let ratio = 1.0 - (fourth_moment - 1.0).sqrt() * 1e-6;
            let p = law.two_sided_p_value(ratio, trials);
            assert!(p > 0.3, "{count}, {}: {p:e}", symbol.is_gathered());
        }
    }
}
