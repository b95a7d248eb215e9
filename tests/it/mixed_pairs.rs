//! Two families over the same values: what is infinite, what is nearly so, what is one law, and what tests make of it.

use crate::harness::Workspace;
use kl_math::distribution::Pair;
use kl_math::divergence::{Cumulants, cumulant_function};
use kl_math::statistics::{SquaredDeviation, two_sided_bound};
use kl_runner::experiment_file::{Argument, read_pair};

fn pair(p: &str, q: &str) -> Option<Pair> {
    let text = |member: &str| format!("{{ {member} }}");
    let (p, q) = (text(p), text(q));
    read_pair(Argument { name: "P =", text: &p }, Argument { name: "Q =", text: &q }).ok()
}

const EXPONENTIAL: &str = "exponential = { rate = 1 }";

fn pareto(shape: f64) -> String {
    format!("pareto = {{ scale = 1, shape = {shape} }}")
}

/// D and V of Pareto(1, a) against a standard exponential: X = ln a − (a+1) ln x + x.
fn of_pareto(a: f64) -> (f64, f64) {
    let mean = libm::log(a) - (a + 1.0) / a + a / (a - 1.0);
    let (first, mixed) = (a / (a - 1.0), a / (a - 1.0) / (a - 1.0) - 1.0 / (a - 1.0));
    let square = a / (a - 2.0) - first * first;
    (mean, (a + 1.0) * (a + 1.0) / a / a + square - 2.0 * (a + 1.0) * mixed)
}

/// D was called infinite up to a = 1.06, and V up to 2.1: their integrals end where doubles do, not where they diverge.
#[test]
fn moments_near_the_border_are_finite_or_refused_but_not_infinite() {
    for shape in [0.5, 1.0] {
        assert_eq!(Cumulants::of(&pair(&pareto(shape), EXPONENTIAL).unwrap()).mean, f64::INFINITY, "{shape}");
    }
    for shape in [1.001, 1.02, 2.001, 2.05] {
        assert!(pair(&pareto(shape), EXPONENTIAL).is_none(), "{shape}");
    }
    for shape in [1.05, 1.08, 1.5, 2.0, 2.1, 2.5] {
        let found = Cumulants::of(&pair(&pareto(shape), EXPONENTIAL).unwrap());
        let ((mean, variance), spread) = (of_pareto(shape), found.spread.unwrap());
        assert!((found.mean - mean).abs() <= found.error.unwrap(), "{shape}: {found:?} {mean}");
        let is_right = if shape > 2.0 { (spread.variance / variance - 1.0).abs() < 1e-11 } else { false };
        assert!(is_right || shape <= 2.0 && spread.variance == f64::INFINITY, "{shape}: {spread:?} {variance}");
        assert!(shape > 4.0 || spread.higher.is_none(), "{shape}");
    }
}

/// X² is too large for a double where its mass makes it small; and D of wide laws was further off than was said.
#[test]
fn a_wide_lognormal_has_a_finite_variance_and_an_honest_error() {
    for width in [3.0, 6.0, 8.0, 10.0, 12.0] {
        let source = format!("lognormal = {{ mean = 0, std_dev = {width} }}");
        let found = Cumulants::of(&pair(&source, EXPONENTIAL).unwrap());
        let mean = libm::exp(0.5 * width * width) - 0.5 - libm::log(width * std::f64::consts::TAU.sqrt());
        assert!((found.mean - mean).abs() <= found.error.unwrap(), "{width}: {found:?} {mean}");
        assert!(found.error.unwrap() < 1e-12 * mean);
        let square = libm::exp(2.0 * width * width);
        assert!((found.spread.unwrap().variance / square - 1.0).abs() < 0.01, "{width}: {found:?}");
    }
    assert!(pair("lognormal = { mean = 0, std_dev = 20 }", EXPONENTIAL).is_none());
}

/// Members of two families that are one law: D and V were rounding, or the pair was refused.
#[test]
fn two_names_of_one_law_are_no_distance_apart() {
    let pairs = [
        ("gamma = { shape = 1, rate = 1 }", EXPONENTIAL),
        (EXPONENTIAL, "gamma = { shape = 1, rate = 1 }"),
        ("weibull = { shape = 1, scale = 1 }", EXPONENTIAL),
        ("exponential = { rate = 3 }", "weibull = { shape = 1, scale = \"1/3\" }"),
        ("beta = { alpha = 1, beta = 1 }", "uniform = { low = 0, high = 1 }"),
        ("geometric = { p = 0.3 }", "negative_binomial = { r = 1, p = 0.3 }"),
        ("negative_binomial = { r = 1, p = 0.3 }", "geometric = { p = 0.3 }"),
    ];
    let mut spec = "trials = 2_000\nN = [1, 1_000]\n".to_owned();
    for (p, q) in pairs {
        let found = Cumulants::of(&pair(p, q).unwrap());
        assert_eq!((found.mean, found.spread.unwrap().variance), (0.0, 0.0), "{p} {q}");
        assert!(found.error.is_none(), "{p} {q}: {found:?}");
        spec.push_str(&format!("[[case]]\nP.{p}\nQ.{q}\n"));
    }
    // And those that nearly are.
    for (p, q) in [
        ("gamma = { shape = 1, rate = 1 }", "exponential = { rate = 1.000000000001 }"),
        ("negative_binomial = { r = 1.000000001, p = 0.3 }", "geometric = { p = 0.3 }"),
    ] {
        let found = Cumulants::of(&pair(p, q).unwrap());
        assert!(found.mean > 0.0 && (2.0 * found.mean / found.spread.unwrap().variance - 1.0).abs() < 1e-2);
        spec.push_str(&format!("[[case]]\nP.{p}\nQ.{q}\n"));
    }
    let workspace = Workspace::new().file("case.toml", spec);
    workspace.run(["case.toml", "--quiet"]).succeeds();
    let rows = workspace.rows("results/case/summary.csv");
    assert!(rows.iter().all(|row| row["verdict"] == "agree"));
}

/// Values far out made all others one: K was too small, and one p-value of 25 was below 1e-3.
#[test]
fn values_far_out_do_not_make_the_others_one() {
    for (p, q) in [
        ("lognormal = { mean = 0, std_dev = 0.9 }", "normal = { mean = 0, std_dev = 1 }"),
        ("lognormal = { mean = 0, std_dev = 1 }", "normal = { mean = 0, std_dev = 1 }"),
        ("pareto = { scale = 1, shape = 4.5 }", EXPONENTIAL),
        ("weibull = { shape = 0.2, scale = 1 }", EXPONENTIAL),
    ] {
        let pair = pair(p, q).unwrap();
        let known = Cumulants::of(&pair);
        let values = pair.values().unwrap();
        let function = cumulant_function(values).unwrap();
        let std_dev = known.spread.unwrap().variance.sqrt();
        for s in [-3.0, -1.0, -0.3, -0.1].map(|s| s / std_dev) {
            let terms = values.discretised().unwrap().terms().iter();
            let expected = libm::log(terms.map(|(mass, ratio)| mass * libm::exp(s * (ratio - known.mean))).sum());
            let excess = function.value(s) / expected - 1.0;
            assert!((-1e-9..1e-2).contains(&excess), "{p}, s = {s:e}: {excess:e}");
        }
        // The rounding of values that never occur was taken off every exponent.
        let p_value = two_sided_bound(function.as_ref(), -8.0 * std_dev / 1e5, 1e10);
        assert!(p_value < 1e-6, "{p}: {p_value:e}");
    }
}

/// Six standard errors and a variance half as large again are seen, where the law has light tails.
#[test]
fn tests_of_mixed_pairs_have_power() {
    for (p, q) in [
        ("poisson = { rate = 3 }", "geometric = { p = 0.25 }"),
        ("geometric = { p = 0.25 }", "poisson = { rate = 3 }"),
        ("normal = { mean = 0, std_dev = 1 }", "laplace = { location = 0.3, scale = 1 }"),
        ("uniform = { low = 0, high = 1 }", "beta = { alpha = 2, beta = 2 }"),
        ("gamma = { shape = 1, rate = 1 }", "exponential = { rate = 1.000001 }"),
    ] {
        let pair = pair(p, q).unwrap();
        let (function, spread) =
            (cumulant_function(pair.values().unwrap()).unwrap(), Cumulants::of(&pair).spread.unwrap());
        for z in [-6.0, 6.0] {
            let p_value = two_sided_bound(function.as_ref(), z * spread.variance.sqrt() / 1e3, 1e6);
            assert!(p_value < 1e-6, "{p}: {p_value:e}");
        }
        // κ₄ of counts was lost once: their first terms are an end, and no tail.
        let excess = spread.higher.unwrap().1 / spread.variance / spread.variance / 100.0;
        let law = SquaredDeviation::of_contributions(function, spread.variance, 100, 3.0 + excess);
        for ratio in [1.0 / 1.5, 1.5] {
            let p_value = law.two_sided_p_value(ratio, 10_000);
            assert!(p_value < 1e-6, "{p}: {p_value:e}");
        }
    }
    // An upper tail like a power: Chebyshev's kind of inequality is left.
    let pair = pair(&pareto(4.5), EXPONENTIAL).unwrap();
    let function = cumulant_function(pair.values().unwrap()).unwrap();
    let p_value = two_sided_bound(function.as_ref(), 6.0 * function.variance().sqrt() / 1e3, 1e6);
    assert!((0.05..0.06).contains(&p_value), "{p_value}");
}
