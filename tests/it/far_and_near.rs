//! D and V of random pairs over many decades, near and far, of one family and of two, against values from an independent source
//! (`tests/reference/far_and_near.py`): right to 1e-13, or within the stated error.

use kl_math::distribution::{ClosedFormSource, Distribution, Number, Pair, PairError, Parameter, Value};
use kl_math::divergence::{Cumulants, SymbolFunction, SymbolValues, cumulant_function};
use kl_runner::experiment_file::{Argument, read_pair};

use std::collections::BTreeMap;
use std::sync::Arc;

/// How far off a formula may be, as a part of the value.
const ROOM: f64 = 1e-13;

fn parameter(value: &serde_json::Value) -> Parameter {
    match value {
        serde_json::Value::Array(items) => Parameter::List(items.iter().map(parameter).collect()),
        serde_json::Value::Object(entries) => {
            Parameter::Table(entries.iter().map(|(key, value)| (key.clone(), parameter(value))).collect())
        }
        serde_json::Value::String(fraction) => Parameter::Number(Number::fraction(fraction).unwrap()),
        number => Parameter::Number(Number::new(number.as_f64().unwrap())),
    }
}

fn distribution(family: &str, parameters: &str) -> Distribution {
    let parameters = parameter(&serde_json::from_str(parameters).unwrap());
    Distribution::read(&Parameter::Table(vec![(family.into(), parameters)])).unwrap()
}

fn compared(p: &str, q: &str) -> Pair {
    let [p, q] = [("--p", p), ("--q", q)].map(|(name, text)| Argument { name, text });
    read_pair(p, q).unwrap()
}

#[test]
fn every_pair_is_right_or_within_the_stated_error() {
    let path = std::env::var("KL_PAIRS").unwrap_or_else(|_| "tests/reference/far_and_near.csv".into());
    let mut reader = csv::Reader::from_path(path).unwrap();
    // Of each two families: pairs, refused ones, the worst D and V without a stated error, the worst part of a stated one.
    let mut worst: BTreeMap<String, ([usize; 2], [f64; 3])> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let (counts, errors) = worst.entry(format!("{} {}", &row[0], &row[2])).or_default();
        counts[0] += 1;
        let pair = Pair::new(Arc::new(distribution(&row[0], &row[1])), Arc::new(distribution(&row[2], &row[3])));
        let pair = match pair {
            Ok(pair) => pair,
            // An integral that cannot be taken is no digit lost in silence.
            Err(PairError::NotIntegrable { .. }) => {
                counts[1] += 1;
                continue;
            }
            Err(error) => panic!("{row:?}: {error}"),
        };
        let (found, mean) = (Cumulants::of(&pair), row[4].parse::<f64>().unwrap());
        let off = (found.mean - mean).abs();
        match found.error {
            // The reference itself is rounded to a double.
            Some(error) => errors[2] = errors[2].max(off / (error + f64::EPSILON * mean)),
            None => errors[0] = errors[0].max(off / mean),
        }
        if let Ok(variance) = row[5].parse::<f64>() {
            let found = found.spread.unwrap().variance;
            errors[1] = errors[1].max(if variance == 0.0 { found } else { (found / variance - 1.0).abs() });
        }
        let is_right = errors[0] <= ROOM && errors[1] <= ROOM && errors[2] <= 1.0;
        assert!(is_right, "{row:?}: {found:?} is off by {off:e}");
    }
    for (families, ([rows, refused], [mean, variance, part])) in &worst {
        println!(
            "{families:42} {rows:6} D {mean:.1e} V {variance:.1e}, {part:.2} of the stated error, {refused} refused"
        );
    }
    let rows: usize = worst.values().map(|(counts, _)| counts[0]).sum();
    let refused: usize = worst.values().map(|(counts, _)| counts[1]).sum();
    assert!(rows > 350 && worst.len() > 50 && 50 * refused <= rows, "{rows} {refused}");
}

/// Ratios of scales beyond 1e308 made D infinite, or NaN: by mpmath.
#[test]
fn scales_further_apart_than_doubles_reach_have_a_divergence() {
    for (p, q, expected) in [
        ("cauchy(location=0, scale=1e-200)", "cauchy(location=0, scale=1e200)", 919.647_742_836_498_3),
        ("cauchy(location=0, scale=1e200)", "cauchy(location=0, scale=1e-200)", 919.647_742_836_498_3),
        ("cauchy(location=0, scale=1e-300)", "cauchy(location=1e10, scale=1e300)", 1_380.164_761_435_307_5),
        ("cauchy(location=0, scale=1e-300)", "cauchy(location=1e300, scale=1e300)", 1_380.857_908_615_867_5),
        ("uniform(low=0, high=1e-200)", "uniform(low=0, high=1e200)", 921.034_037_197_618_2),
        ("uniform(low=1, high=2)", "uniform(low=-1e308, high=5e307)", 709.601_673_750_274_2),
        ("laplace(location=0, scale=1e-200)", "laplace(location=1e200, scale=1e200)", 921.034_037_197_618_2),
        ("pareto(scale=1e200, shape=2)", "pareto(scale=1e-200, shape=2)", 1_842.068_074_395_236_5),
        ("exponential(rate=1e200)", "exponential(rate=1e-200)", 920.034_037_197_618_2),
        ("gamma(shape=2, rate=1e200)", "gamma(shape=2, rate=1e-200)", 1_840.068_074_395_236_5),
        ("normal(mean=0, std_dev=1e-200)", "normal(mean=0, std_dev=1e200)", 920.534_037_197_618_2),
        ("weibull(shape=1, scale=1e-200)", "weibull(shape=1, scale=1e200)", 920.034_037_197_618_2),
    ] {
        let found = Cumulants::of(&compared(p, q)).mean;
        assert!((found / expected - 1.0).abs() < 1e-15, "{p} {q}: {found}");
    }
}

/// Their log ratio was infinite at every value. With w = ((s₁−s₂)² + d²)/(4 s₁ s₂) as large, ln(s₂/s₁) and what ln(1+u²) takes off.
#[test]
fn so_has_the_log_ratio_of_a_value() {
    let pairs = [("1e-200", "1e200", 1e-200), ("1e200", "1e-200", 1e200)];
    for (own, other, unit) in pairs {
        let [p, q] = [own, other].map(|scale| format!("cauchy(location=0, scale={scale})"));
        let pair = compared(&p, &q);
        let values = pair.values().unwrap();
        for u in [-3.0, 0.5, 1.0, 40.0] {
            let (square, far) = (libm::log1p(u * u), 921.034_037_197_618_2);
            let expected = if unit < 1.0 { far - square } else { far + libm::log(u * u) - square };
            let found = values.log_ratio_at(Value::Real(u * unit));
            assert!((found / expected - 1.0).abs() < 1e-15, "{p} at {u}: {found} is not {expected}");
        }
    }
}

/// It was refused, as D's terms were held to cancel: by mpmath.
#[test]
fn a_beta_law_whose_alphas_are_one_is_no_loss() {
    let pair = compared("beta(alpha=0.016, beta=1.5e8)", "beta(alpha=0.016, beta=800)");
    let found = Cumulants::of(&pair);
    assert!(found.error.is_none() && (found.mean / 0.178_274_473_203_014_6 - 1.0).abs() < 1e-14, "{found:?}");
}

/// Members of two families that have names in one were integrated, or refused.
#[test]
fn laws_with_names_in_one_family_have_its_formula() {
    for (p, q, same) in [
        ("beta(alpha=4, beta=1000)", "uniform(low=0, high=1)", ["beta(alpha=4, beta=1000)", "beta(alpha=1, beta=1)"]),
        ("uniform(low=0, high=1)", "beta(alpha=2, beta=3)", ["beta(alpha=1, beta=1)", "beta(alpha=2, beta=3)"]),
        ("exponential(rate=2)", "gamma(shape=3, rate=1)", ["gamma(shape=1, rate=2)", "gamma(shape=3, rate=1)"]),
        ("gamma(shape=3, rate=1)", "exponential(scale=2)", ["gamma(shape=3, rate=1)", "gamma(shape=1, scale=2)"]),
        (
            "exponential(rate=2)",
            "weibull(shape=3, scale=1)",
            ["weibull(shape=1, scale=0.5)", "weibull(shape=3, scale=1)"],
        ),
        (
            "gamma(shape=1, rate=2)",
            "weibull(shape=3, scale=1)",
            ["weibull(shape=1, scale=0.5)", "weibull(shape=3, scale=1)"],
        ),
        (
            "weibull(shape=1, scale=4)",
            "gamma(shape=2, rate=3)",
            ["gamma(shape=1, rate=0.25)", "gamma(shape=2, rate=3)"],
        ),
        ("geometric(p=0.2)", "negative_binomial(r=1, p=0.3)", ["geometric(p=0.2)", "geometric(p=0.3)"]),
        ("negative_binomial(r=1, p=0.2)", "geometric(p=0.3)", ["geometric(p=0.2)", "geometric(p=0.3)"]),
    ] {
        let ([found, known], [pair, other]) = {
            let pairs = [compared(p, q), compared(same[0], same[1])];
            (pairs.each_ref().map(Cumulants::of), pairs)
        };
        assert_eq!((found.mean, found.spread, found.source), (known.mean, known.spread, ClosedFormSource::ClosedForm));
        assert!(found.error.is_none(), "{p} {q}");
        let k = |pair: &Pair| cumulant_function(pair.values().unwrap()).unwrap();
        if let (Some(_), false) = (other.values().unwrap().form(), p.starts_with("weibull")) {
            assert!((k(&pair).value(-0.1) / k(&other).value(-0.1) - 1.0).abs() < 1e-12, "{p} {q}");
        }
    }
    // Around the shares a uniform law is the one between 0 and 1, and the log of its length more.
    let (near, wide) = (compared("beta(alpha=2, beta=3)", "beta(alpha=1, beta=1)"), "uniform(low=-1, high=3)");
    let found = Cumulants::of(&compared("beta(alpha=2, beta=3)", wide)).mean - Cumulants::of(&near).mean;
    assert!((found - libm::log(4.0)).abs() < 1e-15, "{found}");
}

/// What a sampler and a stream's key are made from is the same double as ever; D is of what is written.
#[test]
fn reciprocals_and_roots_are_kept_beside_what_they_are_of() {
    let third = distribution("exponential", r#"{"scale": 3}"#);
    assert_eq!(third.normalised_parameters(), [1.0 / 3.0]);
    assert_eq!(distribution("normal", r#"{"mean": 0, "variance": 2}"#).normalised_parameters(), [0.0, 2f64.sqrt()]);
    assert_eq!(
        distribution("gamma", r#"{"shape": "1/3", "scale": 7}"#).normalised_parameters(),
        [1.0 / 3.0, 1.0 / 7.0]
    );
    // ¼ (relative difference of the variances)², which the roots had to 4e-6.
    let found = Cumulants::of(&compared("normal(mean=0, variance=3)", "normal(mean=0, variance=3.0000000003)")).mean;
    let relative = (3.0 - 3.000_000_000_3) / 3.000_000_000_3;
    assert!((found / (0.25 * relative * relative) - 1.0).abs() < 1e-9, "{found:e}");
}

/// The square of a value that a tiny mass makes small was beyond a double.
#[test]
fn a_rare_symbol_has_a_variance() {
    let pair = compared("a=1e-160,b=1", "a=0.5,b=0.5");
    let found = SymbolValues::of(pair.symbols().unwrap(), SymbolFunction::Excess);
    let variance = found.spread().unwrap().variance;
    assert!((variance / 2.5e159 - 1.0).abs() < 1e-14, "{variance:e}");
}
