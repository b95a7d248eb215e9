//! Pairs of two families, infinite divergences, and pairs far apart.

use super::*;

/// Limits of the parameters have their right values, and none is NaN.
#[test]
fn edges_are_results() {
    let divergence = |p: &str, q: &str| Cumulants::of(&pair(p, q)).mean;
    let infinite = f64::INFINITY;
    for (p, q, expected) in [
        ("poisson = { rate = 0 }", "poisson = { rate = 1 }", 1.0),
        ("poisson = { rate = 1 }", "poisson = { rate = 0 }", infinite),
        ("poisson = { rate = 0 }", "poisson = { rate = 0 }", 0.0),
        ("binomial = { n = 5, p = 1 }", "binomial = { n = 5, p = 0.6 }", -5.0 * libm::log(0.6)),
        ("binomial = { n = 5, p = 0.3 }", "binomial = { n = 5, p = 0 }", infinite),
        ("binomial = { n = 6, p = 0.3 }", "binomial = { n = 5, p = 0.3 }", infinite),
        ("geometric = { p = 1 }", "geometric = { p = 0.5 }", std::f64::consts::LN_2),
        ("geometric = { p = 0.5 }", "geometric = { p = 1 }", infinite),
        ("uniform = { low = 0, high = 1 }", "uniform = { low = -1, high = 3 }", libm::log(4.0)),
        ("uniform = { low = -1, high = 3 }", "uniform = { low = 0, high = 1 }", infinite),
        ("pareto = { scale = 1, shape = 2 }", "pareto = { scale = 2, shape = 2 }", infinite),
        ("cauchy = { location = 0, scale = 1 }", "normal = { mean = 0, std_dev = 1 }", infinite),
        ("normal = { mean = 0, std_dev = 1 }", "exponential = { rate = 1 }", infinite),
    ] {
        let found = divergence(p, q);
        assert!(found == expected || (found / expected - 1.0).abs() < 1e-14, "{p} against {q}: {found}");
    }
}

/// P covers Q's values in part, V is infinite or D is: the program still agrees with theory and says why.
#[test]
fn infinite_divergences_are_told_with_their_reason() {
    let spec = |p: &str, q: &str| format!("trials = 2_000\nN = [1, 20]\nP.{p}\nQ.{q}\n");
    let uncovered = spec("normal = { mean = 0, std_dev = 1 }", "exponential = { rate = 1 }");
    let workspace = Workspace::new().file("case.toml", uncovered);
    workspace.run(["case.toml"]).succeeds().shows("P gives values below 0 probability 0.5 and Q gives it none");
    let rows = workspace.rows("results/case/summary.csv");
    assert!(rows.iter().all(|row| row["verdict"] == "infinite" && !row["infinite_p_value"].is_empty()));

    let heavy = spec("cauchy = { location = 0, scale = 1 }", "normal = { mean = 0, std_dev = 1 }");
    let workspace = Workspace::new().file("case.toml", heavy);
    workspace.run(["case.toml"]).succeeds().shows("P's tail is too heavy for Q's");
    let rows = workspace.rows("results/case/summary.csv");
    assert!(
        rows.iter().all(|row| row["verdict"] == "infinite" && row["infinite_trials"] == "0" && row["z"].is_empty())
    );

    let spread = spec("pareto = { scale = 1, shape = 1.5 }", "exponential = { rate = 1 }");
    let workspace = Workspace::new().file("case.toml", spread);
    workspace.run(["case.toml"]).succeeds();
    let rows = workspace.rows("results/case/summary.csv");
    assert!(
        rows.iter().all(|row| row["closed_form_variance"] == "inf" && !row["mcse"].is_empty() && row["z"].is_empty())
    );
}

/// Counts of which those in the middle have next to no mass.
const POISSONS: &str =
    "mixture = [{ weight = 0.25, poisson = { rate = 1 } }, { weight = 0.75, poisson = { rate = 400 } }]";

/// Mixed pairs against brute force, and marked as what they are.
#[test]
fn mixed_pairs_are_summed_or_integrated_and_marked() {
    for (p, q, source) in [
        ("normal = { mean = 0, std_dev = 1 }", "laplace = { location = 0.3, scale = 1 }", "quadrature"),
        ("laplace = { location = 0.3, scale = 1 }", "normal = { mean = 0, std_dev = 1 }", "quadrature"),
        ("poisson = { rate = 3 }", "geometric = { p = 0.25 }", "finite sum"),
        ("geometric = { p = 0.25 }", "poisson = { rate = 3 }", "finite sum"),
        ("exponential = { rate = 1 }", "gamma = { shape = 2.5, rate = 2 }", "closed form"),
        ("exponential = { rate = 1 }", "weibull = { shape = 0.7, scale = 1 }", "closed form"),
        ("lognormal = { mean = 0, std_dev = 1 }", "gamma = { shape = 1.5, rate = 1 }", "quadrature"),
        ("uniform = { low = 0, high = 1 }", "beta = { alpha = 0.5, beta = 0.5 }", "closed form"),
        ("negative_binomial = { r = 2.5, p = 0.5 }", "poisson = { rate = 2 }", "finite sum"),
        ("negative_binomial = { r = 2.5, p = 0.5 }", "negative_binomial = { r = 3, p = 0.5 }", "finite sum"),
        ("weibull = { shape = 1.5, scale = 1 }", "exponential = { rate = 1 }", "closed form"),
        (POISSONS, "poisson = { rate = 3 }", "finite sum"),
        ("poisson = { rate = 3 }", POISSONS, "finite sum"),
        (POISSONS, "negative_binomial = { r = 0.5, p = 0.01 }", "finite sum"),
        ("mixture = [{ weight = 1, poisson = { rate = 3 } }]", "poisson = { rate = 4 }", "closed form"),
    ] {
        let pair = pair(p, q);
        let (found, terms) = (Cumulants::of(&pair), terms(&pair));
        let what = format!("{p} against {q}");
        assert_eq!(found.source.name(), source, "{what}");
        assert_eq!(found.error.is_none(), source == "closed form", "{what}");
        assert!(found.error.unwrap_or(0.0) <= 1e-13 * found.mean.max(1.0), "{what}: {:?}", found.error);
        let divergence = mean(&terms, |ratio| ratio);
        assert_near(found.mean, divergence, 1e-10, &what);
        let variance = mean(&terms, |ratio| (ratio - divergence) * (ratio - divergence));
        assert_near(found.spread.unwrap().variance, variance, 1e-9, &what);
    }
}

/// A categorical law and a binomial one over the same symbols.
#[test]
fn a_binomial_law_is_one_over_symbols_beside_a_categorical_one() {
    let pair = pair("binomial = { n = 2, p = 0.5 }", "categorical = { 0 = 0.3, 1 = 0.4, 2 = 0.3 }");
    assert!(pair.values().is_none());
    let expected = 0.5 * libm::log(0.25 / 0.3) + 0.5 * libm::log(0.5 / 0.4);
    assert_near(Cumulants::of(&pair).mean, expected, 1e-14, "binomial against categorical");
}

/// 1 + x where x is a ratio less one, near −1: D had an error of up to 5e-5, and was infinite from a ratio of 1e-8 on.
#[test]
fn a_source_far_narrower_than_its_model_keeps_the_digits_of_d() {
    let ratio: f64 = 1e-12;
    let (excess, squares) = (ratio - 1.0 - libm::log(ratio), 0.5 * (ratio * ratio - 1.0) - libm::log(ratio));
    for (p, q, expected) in [
        ("exponential = { rate = 1e6 }", "exponential = { rate = 1e-6 }", excess),
        ("pareto = { scale = 1, shape = 1e6 }", "pareto = { scale = 1, shape = 1e-6 }", excess),
        ("gamma = { shape = 2, rate = 1e6 }", "gamma = { shape = 2, rate = 1e-6 }", 2.0 * excess),
        ("laplace = { location = 0, scale = 1e-6 }", "laplace = { location = 0, scale = 1e6 }", excess),
        ("normal = { mean = 0, std_dev = 1e-6 }", "normal = { mean = 0, std_dev = 1e6 }", squares),
        ("lognormal = { mean = 0, std_dev = 1e-6 }", "lognormal = { mean = 0, std_dev = 1e6 }", squares),
        (
            "multivariate_normal = { mean = [0, 0], covariance = [[1e-12, 0], [0, 1e-12]] }",
            "multivariate_normal = { mean = [0, 0], covariance = [[1e12, 0], [0, 1e12]] }",
            2.0 * squares,
        ),
        ("cauchy = { location = 0, scale = 1e-6 }", "cauchy = { location = 0, scale = 1e6 }", -libm::log(4.0 * ratio)),
    ] {
        let pair = pair(p, q);
        let what = format!("{p} against {q}");
        assert_near(Cumulants::of(&pair).mean, expected, 3e-12, &what);
        let Some(form) = pair.values().and_then(|values| values.form().cloned()) else { continue };
        // The mean of X itself, from which estimates are made.
        let (constant, _) = form.coefficients();
        assert!(constant.is_finite(), "{what}: {constant}");
        let values = pair.values().unwrap();
        let point = Value::Real(if p.starts_with("pareto") { 1.0 + 1e-6 } else { 1e-6 });
        if !p.starts_with("multi") {
            let found = values.log_ratio_at(point);
            let [p, q] = [pair.source(), pair.model()].map(|side| side.values().unwrap().ln_prob(point));
            assert!((found - (p - q)).abs() < 1e-6 * found.abs().max(1.0), "{what}: {found}");
        }
    }
    let cauchy = pair("cauchy = { location = 0, scale = 1e-10 }", "cauchy = { location = 0, scale = 1e10 }");
    let found = cauchy.values().unwrap().log_ratio_at(Value::Real(0.0));
    assert_near(found, libm::log(1e20), 1e-14, "cauchy's log ratio");
}

/// Concentrations so large and so unlike that the terms of D cancelled: D was 0 once, then refused, or told to be off by 1e-8
/// of itself. By 100-digit arithmetic.
#[test]
fn concentrations_that_are_far_apart_keep_their_digits() {
    let read = |p: &str, q: &str| read_pair(Argument { name: "P =", text: p }, Argument { name: "Q =", text: q });
    for (p, q, mean, variance) in [
        ("dirichlet(alpha=[1e18, 2])", "dirichlet(alpha=[0.5, 2])", 81.180_745_420_237_43, 2.0),
        (
            "beta(alpha=500125.28, beta=0.0039283)",
            "beta(alpha=0.48877, beta=0.0039283)",
            0.055517073177126425,
            0.003928300145555902,
        ),
    ] {
        let found = Cumulants::of(&read(p, q).unwrap());
        assert_near(found.mean, mean, 1e-14, p);
        assert_near(found.spread.unwrap().variance, variance, 1e-14, p);
        assert!(found.error.is_none(), "{p}: {found:?}");
    }
}
