//! Pairs of continuous laws that are integrated: D and V against an independent source (`tests/reference/continuous_pairs.py`), and
//! which of them are infinite.

use crate::harness::Workspace;
use kl_math::distribution::Pair;
use kl_math::divergence::{Cumulants, Spread};
use kl_runner::experiment_file::{Argument, read_pair};

fn pair(p: &str, q: &str) -> Pair {
    read_pair(Argument { name: "P =", text: p }, Argument { name: "Q =", text: q })
        .unwrap_or_else(|mistakes| panic!("{p} against {q}: {mistakes}"))
}

/// D is within the error that is stated, and that is small; V has twelve digits, or those that rounding leaves.
#[test]
fn divergences_are_within_the_error_that_is_stated() {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').from_path("tests/reference/continuous_pairs.csv").unwrap();
    let (mut rows, mut wrong) = (0, Vec::new());
    for row in reader.records() {
        let row = row.unwrap();
        let what = format!("{} against {}", &row[0], &row[1]);
        let found = Cumulants::of(&pair(&row[0], &row[1]));
        let [mean, variance] = [&row[2], &row[3]].map(|printed| printed.parse::<f64>().unwrap());
        let room = found.error.unwrap_or(1e-13 * mean);
        if (found.mean - mean).abs() > room {
            wrong.push(format!("{what}: {found:?} is not {mean:e}"));
        }
        if room > 1e-11 * mean.max(1.0) {
            wrong.push(format!("{what}: an error of {room:e}"));
        }
        let spread = found.spread.unwrap();
        // What rounding does to X is a part of a small standard deviation.
        let digits = 1e-12 + 1e-16 / variance.sqrt();
        let is_right = spread.variance == variance || (spread.variance / variance - 1.0).abs() <= digits;
        if !is_right {
            wrong.push(format!("{what}: {spread:?} is not {variance:e}"));
        }
        rows += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows >= 140, "{rows}");
}

/// Tails decide what is infinite, and not integrals that do not converge: whether D and V are finite.
#[test]
fn tails_decide_what_is_infinite() {
    let (finite, no_variance, infinite) = ((true, true), (true, false), (false, false));
    let t = |df: &str| format!("student_t(location=0, scale=1, df={df})");
    let logistic = |scale: &str| format!("logistic(location=0, scale={scale})");
    let laplace = |scale: &str| format!("laplace(location=0, scale={scale})");
    let gumbel = |scale: &str| format!("gumbel(location=0, scale={scale})");
    let inverse = |shape: &str| format!("inverse_gamma(shape={shape}, scale=1)");
    let gamma = |shape: &str| format!("gamma(shape={shape}, rate=1)");
    let weibull = |shape: &str| format!("weibull(shape={shape}, scale=1)");
    let (normal, cauchy) = ("normal(mean=0, std_dev=1)".to_owned(), "cauchy(location=0, scale=1)".to_owned());
    let lognormal = "lognormal(mean=0, std_dev=1)".to_owned();
    let truncated = |ends: &str| format!("truncated_normal(mean=0, std_dev=1, {ends})");
    let mixture = |weight: &str, other: &str| {
        let rest = 1.0 - weight.parse::<f64>().unwrap();
        format!(
            "mixture([{{ weight = {rest}, normal = {{ mean = 0, std_dev = 1 }} }}, {{ weight = {weight}, {other} }}])"
        )
    };
    let pareto = |shape: &str| format!("pareto(scale=1, shape={shape})");
    let uniform = "uniform(low=0, high=1)".to_owned();
    for (p, q, expected) in [
        // E|x|ᵏ of a t law is finite for k < ν.
        (t("0.5"), normal.clone(), infinite),
        (t("2"), normal.clone(), infinite),
        (t("2.3"), normal.clone(), no_variance),
        (t("4"), normal.clone(), no_variance),
        (t("5"), normal.clone(), finite),
        (t("1"), logistic("1"), infinite),
        (t("2"), logistic("1"), no_variance),
        (t("3"), logistic("1"), finite),
        (t("1"), laplace("1"), infinite),
        (t("2"), laplace("1"), no_variance),
        (t("0.3"), cauchy.clone(), finite),
        (cauchy.clone(), t("9"), finite),
        (cauchy.clone(), logistic("1"), infinite),
        (normal.clone(), t("0.2"), finite),
        // A Gumbel law falls like e^−e^(−x/s) to the left.
        (normal.clone(), gumbel("0.1"), finite),
        (t("50"), gumbel("10"), infinite),
        (cauchy.clone(), gumbel("10"), infinite),
        (laplace("1"), gumbel("1"), infinite),
        (laplace("1"), gumbel("1.5"), no_variance),
        (laplace("1"), gumbel("2"), no_variance),
        (laplace("1"), gumbel("2.5"), finite),
        (logistic("1"), gumbel("1"), infinite),
        (logistic("1"), gumbel("2"), no_variance),
        (logistic("1"), gumbel("2.5"), finite),
        (gumbel("1"), normal.clone(), finite),
        (gumbel("9"), logistic("1"), finite),
        (gumbel("1"), t("1"), finite),
        // To the right it falls like e^(−x/s).
        (pareto("1"), gumbel("1"), infinite),
        (pareto("2"), gumbel("1"), no_variance),
        (inverse("1"), gumbel("1"), infinite),
        (inverse("3"), gumbel("1"), finite),
        (lognormal.clone(), gumbel("1"), finite),
        // An inverse gamma law falls like e^(−b/x) toward 0.
        (uniform.clone(), inverse("1"), infinite),
        ("uniform(low=0.1, high=1)".to_owned(), inverse("1"), finite),
        ("exponential(rate=1)".to_owned(), inverse("1"), infinite),
        (gamma("1"), inverse("1"), infinite),
        (gamma("1.5"), inverse("1"), no_variance),
        (gamma("2"), inverse("1"), no_variance),
        (gamma("2.5"), inverse("1"), finite),
        ("beta(alpha=1, beta=2)".to_owned(), inverse("1"), infinite),
        ("beta(alpha=2, beta=0.1)".to_owned(), inverse("1"), no_variance),
        ("beta(alpha=3, beta=0.1)".to_owned(), inverse("1"), finite),
        (weibull("1"), inverse("1"), infinite),
        (weibull("2"), inverse("1"), no_variance),
        (weibull("3"), inverse("1"), finite),
        (lognormal.clone(), inverse("1"), finite),
        (pareto("0.5"), inverse("1"), finite),
        (inverse("1"), gamma("2"), infinite),
        (inverse("2"), gamma("2"), no_variance),
        (inverse("3"), gamma("2"), finite),
        (inverse("3"), weibull("3"), infinite),
        (inverse("4"), weibull("3"), no_variance),
        (inverse("0.5"), lognormal.clone(), finite),
        (inverse("2"), normal.clone(), infinite),
        (inverse("3"), pareto("3"), infinite),
        (normal.clone(), inverse("1"), infinite),
        // A truncated law ends, or falls like the normal one.
        (truncated("low=0"), normal.clone(), finite),
        (truncated("low=-1, high=2"), normal.clone(), finite),
        (normal.clone(), truncated("low=-40"), infinite),
        (normal.clone(), truncated("high=3"), infinite),
        (truncated("low=-1, high=2"), truncated("low=0, high=2"), infinite),
        (truncated("low=0, high=2"), truncated("low=0"), finite),
        (truncated("low=0"), truncated("low=0, high=2"), infinite),
        (truncated("low=0"), inverse("1"), infinite),
        (truncated("low=0.01"), inverse("1"), finite),
        (truncated("high=0"), gumbel("0.1"), finite),
        (truncated("low=0"), weibull("9"), finite),
        (weibull("0.1"), truncated("low=0"), finite),
        (pareto("2"), truncated("low=0"), infinite),
        (pareto("4"), truncated("low=0"), no_variance),
        (inverse("2"), truncated("low=0"), infinite),
        (inverse("4"), truncated("low=0"), no_variance),
        ("beta(alpha=0.1, beta=0.1)".to_owned(), truncated("low=0, high=1"), finite),
        // The component that falls most slowly is that of the mixture; those that weigh nothing are not there.
        (mixture("0.1", "student_t = { location = 0, scale = 1, df = 2 }"), normal.clone(), infinite),
        (mixture("0.1", "student_t = { location = 0, scale = 1, df = 3 }"), normal.clone(), no_variance),
        (mixture("0", "cauchy = { location = 0, scale = 1 }"), "normal(mean=1, std_dev=1)".to_owned(), finite),
        (cauchy.clone(), mixture("0.1", "student_t = { location = 0, scale = 1, df = 30 }"), finite),
        (cauchy.clone(), mixture("0.1", "laplace = { location = 0, scale = 1 }"), infinite),
        (laplace("1"), mixture("0.5", "gumbel = { location = 0, scale = 0.1 }"), finite),
        (gumbel("1"), mixture("0.5", "gumbel = { location = 0, scale = 0.1 }"), finite),
        (mixture("0.5", "laplace = { location = 0, scale = 1 }"), gumbel("1.5"), no_variance),
        (mixture("0.5", "uniform = { low = -1, high = 1 }"), gumbel("0.5"), finite),
        (mixture("0.5", "exponential = { rate = 1 }"), lognormal.clone(), infinite),
        (normal.clone(), mixture("0.5", "exponential = { rate = 1 }"), finite),
        (truncated("low=0, high=1"), "beta(alpha=3, beta=0.1)".to_owned(), finite),
    ] {
        let found = Cumulants::of(&pair(&p, &q));
        let what = format!("{p} against {q}: {found:?}");
        assert_eq!(found.mean.is_finite(), expected.0, "{what}");
        assert!(!found.mean.is_nan() && found.mean > 0.0, "{what}");
        let spread = found.spread.map(|spread: Spread| spread.variance.is_finite());
        assert_eq!(spread, expected.0.then_some(expected.1), "{what}");
    }
}

/// What converges too slowly for any sum of doubles is refused, and not called infinite or a large number.
#[test]
fn integrals_next_to_the_border_are_refused() {
    for (p, q) in [
        ("student_t(location=0, scale=1, df=2.001)", "normal(mean=0, std_dev=1)"),
        ("student_t(location=0, scale=1, df=4.001)", "normal(mean=0, std_dev=1)"),
        ("inverse_gamma(shape=1.001, scale=1)", "gamma(shape=2, rate=1)"),
        ("laplace(location=0, scale=1)", "gumbel(location=0, scale=1.0001)"),
    ] {
        let (p, q) = (Argument { name: "P =", text: p }, Argument { name: "Q =", text: q });
        let refused = read_pair(p, q).map(|pair| Cumulants::of(&pair)).unwrap_err().to_string();
        assert!(refused.contains("cannot be taken to 1e-12"), "{refused}");
    }
}

/// A normal law is widened to a truncated one to be compared, which is nobody's business.
#[test]
fn a_refused_integral_names_the_families_as_written() {
    let p = Argument { name: "P =", text: "truncated_normal(mean=0, std_dev=0.1, low=50, high=60)" };
    let refused = read_pair(p, Argument { name: "Q =", text: "normal(mean=0, std_dev=1)" }).unwrap_err().to_string();
    assert!(refused.contains("no closed form for truncated_normal against normal"), "{refused}");
}

/// Student's law of one degree of freedom is the Cauchy law.
#[test]
fn student_of_one_degree_is_cauchy() {
    let (t, cauchy) = ("student_t(location=1, scale=2, df=1)", "cauchy(location=1, scale=2)");
    for (p, q) in [(t, cauchy), (cauchy, t), (t, t)] {
        let found = Cumulants::of(&pair(p, q));
        assert_eq!((found.mean, found.error), (0.0, None), "{p} {q}");
    }
    let (other, far) = ("cauchy(location=0, scale=1)", "student_t(location=0, scale=1, df=1)");
    let expected = Cumulants::of(&pair(cauchy, other));
    for (p, q) in [(t, other), (t, far), (cauchy, far)] {
        assert_eq!(Cumulants::of(&pair(p, q)), expected, "{p} {q}");
    }
}

/// A mixture of one component is that component, whatever others weigh nothing.
#[test]
fn a_mixture_of_one_law_is_that_law() {
    let (one, law) =
        ("{ mixture = [{ weight = 1, normal = { mean = 1, std_dev = 2 } }] }", "normal(mean=1, std_dev=2)");
    let two = "{ mixture = [{ weight = 0, cauchy = { location = 0, scale = 1 } }, \
               { weight = 1, normal = { mean = 1, std_dev = 2 } }] }";
    for (p, q) in [(one, law), (law, one), (two, law), (one, two), (two, two)] {
        let found = Cumulants::of(&pair(p, q));
        assert_eq!((found.mean, found.error), (0.0, None), "{p} {q}");
    }
    let other = "normal(mean=0, std_dev=1)";
    for p in [one, two] {
        assert_eq!(Cumulants::of(&pair(p, other)), Cumulants::of(&pair(law, other)), "{p}");
    }
    let same = "{ mixture = [{ weight = 0.5, normal = { mean = 1, std_dev = 2 } }, \
                { weight = 0.5, normal = { mean = 1, std_dev = 2 } }] }";
    assert_eq!(Cumulants::of(&pair(same, law)).mean, 0.0);
}

/// Weights, parameters and whole components vary in a grid and on the command line.
#[test]
fn grids_reach_into_mixtures() {
    let spec = "trials = 200\nN = 5\nQ.normal = { mean = 0, std_dev = 2 }\n\
                P.mixture = [{ weight = 0.5, normal = { mean = -1, std_dev = 1 } }, \
                { weight = \"1/2\", normal = { mean = 1, std_dev = 1 } }]\n\
                [grid]\n\"P.mixture.2.normal.mean\" = [1, 2]\n\"Q.normal.std_dev\" = [2, 3]\n";
    let here = Workspace::new().file("two.toml", spec);
    here.run(["two.toml", "--quiet"]).succeeds();
    let rows = here.rows("results/two/summary.csv");
    assert_eq!(rows.len(), 4);
    let written = |mean: &str| {
        format!(
            "mixture([{{ weight = 0.5, normal = {{ mean = -1, std_dev = 1 }} }}, \
             {{ weight = \"1/2\", normal = {{ mean = {mean}, std_dev = 1 }} }}])"
        )
    };
    for (row, mean) in rows.iter().zip(["1", "1", "2", "2"]) {
        assert_eq!((row["P.mixture.2.normal.mean"].as_str(), row["p"].as_str()), (mean, written(mean).as_str()));
        // What is printed can be given back.
        let found = Cumulants::of(&pair(&row["p"], &row["q"]));
        assert_eq!(found.mean.to_string(), row["closed_form"]);
    }
    here.run(["two.toml", "--quiet", "--set", "P.mixture.1.normal.std_dev=0.5"]).succeeds();
    assert!(here.rows("results/two/summary.csv")[0]["p"].contains("mean = -1, std_dev = 0.5"));
    for (path, message) in [
        ("P.mixture.0.normal.mean", "`P.mixture.0.normal.mean` is not a parameter"),
        ("P.mixture.normal.mean", "`P.mixture.normal.mean` is not a parameter"),
        ("P.mixture.2.normal.width", "`P.mixture.2.normal.width` is not a parameter"),
        ("P.mixture.2.mean", "`P.mixture.2.mean` is not a parameter"),
    ] {
        let wrong = spec.replace("P.mixture.2.normal.mean\"", &format!("{path}\""));
        let wrong = Workspace::new().file("wrong.toml", wrong);
        wrong.run(["plan", "wrong.toml"]).refuses().says(message).says("write \"P.mixture.2.normal.mean\"");
    }
}
