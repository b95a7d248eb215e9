//! What holds of all families: that parameters are compared as they are written, and which values doubles can hold.

use super::{
    Beta, Cauchy, Dirichlet, Distribution, Exponential, Gamma, Geometric, Laplace, Lognormal, MultivariateNormal,
    NegativeBinomial, Normal, Number, Pair, PairError, Parameter, ParameterErrors, Pareto, Poisson, Uniform, Weibull,
};
use crate::numeric::hurwitz_zeta;

/// By how much the nearest double falls short of a third, as a part of it: 2⁻⁵⁴.
const SHORT: f64 = f64::EPSILON / 4.0;

/// V of P and Q, one with a third written as a fraction and one with the nearest double.
#[track_caller]
fn variance<D: Into<Distribution>>(family: impl Fn(Number) -> Result<D, ParameterErrors>) -> f64 {
    let side = |third: Number| -> Distribution { family(third).unwrap().into() };
    let pair = Pair::of(side(Number::fraction("1/3").unwrap()), side(Number::new(1.0 / 3.0))).unwrap();
    let found = pair.values().unwrap().closed_form();
    found.variance.unwrap()
}

/// A third and the nearest double are one number to a double. Near equality V is I h², I Fisher's information, h the distance.
#[test]
fn a_fraction_is_not_the_double_next_to_it() {
    let trigamma = |x: f64| hurwitz_zeta(2, x);
    let (third, square) = (1.0 / 3.0, SHORT * SHORT);
    let apart = third * third * square;
    let number = |x: f64| Parameter::from(x);
    let matrix = |third: Number| vec![vec![third.into(), number(0.0)], vec![number(0.0), number(1.0)]];
    for (what, found, expected) in [
        ("normal mean", variance(|x| Normal::new(x, 1.0)), apart),
        ("normal std_dev", variance(|x| Normal::new(0.0, x)), 2.0 * square),
        ("normal variance", variance(|x| Normal::with_variance(0.0, x)), 0.5 * square),
        ("lognormal mu", variance(|x| Lognormal::new(x, 1.0)), apart),
        ("lognormal sigma", variance(|x| Lognormal::new(0.0, x)), 2.0 * square),
        ("exponential rate", variance(Exponential::new), square),
        ("exponential scale", variance(Exponential::with_scale), square),
        ("laplace location", variance(|x| Laplace::new(x, 1.0)), apart),
        ("laplace scale", variance(|x| Laplace::new(0.0, x)), square),
        ("cauchy location", variance(|x| Cauchy::new(x, 1.0)), 0.5 * apart),
        ("cauchy scale", variance(|x| Cauchy::new(0.0, x)), 0.5 * square),
        ("pareto shape", variance(|x| Pareto::new(1.0, x)), square),
        ("weibull scale", variance(|x| Weibull::new(2.0, x)), 4.0 * square),
        ("gamma shape", variance(|x| Gamma::new(x, 1.0)), trigamma(third) * apart),
        ("gamma rate", variance(|x| Gamma::new(2.0, x)), 2.0 * square),
        ("gamma scale", variance(|x| Gamma::with_scale(2.0, x)), 2.0 * square),
        ("beta alpha", variance(|x| Beta::new(x, 2.0)), (trigamma(third) - trigamma(third + 2.0)) * apart),
        ("beta beta", variance(|x| Beta::new(2.0, x)), (trigamma(third) - trigamma(third + 2.0)) * apart),
        (
            "dirichlet alpha",
            variance(|x| Dirichlet::new(vec![x, Number::new(1.0), Number::new(2.0)])),
            (trigamma(third) - trigamma(third + 3.0)) * apart,
        ),
        (
            "mvn mean",
            variance(|x| MultivariateNormal::new([x, Number::new(0.0)], [[2.0, 1.0], [1.0, 2.0]])),
            apart / 1.5,
        ),
        ("mvn covariance", variance(|x| MultivariateNormal::new([0.0, 0.0], matrix(x))), 0.5 * square),
        ("poisson rate", variance(Poisson::new), third * square),
        ("geometric p", variance(Geometric::new), 1.5 * square),
        ("negative binomial p", variance(|x| NegativeBinomial::new(3.0, x)), 4.5 * square),
    ] {
        assert!((found / expected - 1.0).abs() < 1e-12, "{what}: {found:e} is not {expected:e}");
    }
}

/// A law whose values are no further apart than doubles is refused; one that spreads over several of them is not.
#[test]
fn values_that_doubles_cannot_tell_apart_are_refused() {
    let against = |p: Distribution, q: Distribution| Pair::of(p, q).err();
    let normal = |mean: f64, std_dev: f64| Normal::new(mean, std_dev).unwrap().into();
    let poisson = |rate: f64| Poisson::new(rate).unwrap().into();
    let uniform = |low: f64, high: f64| Uniform::new(low, high).unwrap().into();
    for (p, q) in [
        (normal(1e300, 1.0), normal(0.0, 1e300)),
        (normal(1e16, 2.0), normal(1e16, 4.0)),
        (poisson(1e32), poisson(2e32)),
        (uniform(1.0, 1.0f64.next_up()), uniform(0.0, 2.0)),
    ] {
        let what = format!("{p} against {q}");
        assert!(matches!(against(p, q), Some(PairError::Unresolved { .. })), "{what}");
    }
    for (p, q) in [
        (normal(1e16, 2.1), normal(1e16, 4.0)),
        (poisson(1e31), poisson(2e31)),
        (uniform(1.0, 1.0f64.next_up().next_up()), uniform(0.0, 2.0)),
    ] {
        let what = format!("{p} against {q}");
        assert_eq!(against(p, q), None, "{what}");
    }
}

/// Q's kink is the only place where a piece ends, and P lies far from it: D is E[|x − m|]/b + ln 2b less P's entropy.
#[test]
fn a_source_far_from_its_model_is_integrated_where_it_lies() {
    for far in [30.0, -1e3, 1e6, -1e9] {
        let pair = Pair::of(Normal::new(0.0, 1.0).unwrap(), Laplace::new(far, 2.0).unwrap()).unwrap();
        let found = pair.values().unwrap().closed_form();
        let entropy = 0.5 * (1.0 + libm::log(std::f64::consts::TAU));
        let expected = f64::abs(far) / 2.0 + libm::log(4.0) - entropy;
        let off = (found.mean - expected).abs();
        assert!(off <= found.error.unwrap() + f64::EPSILON * expected, "{far}: {found:?} is not {expected}");
        // X = far/2 − x/2 + ln 4 − ln √2π − x²/2, of variance ½ + ¼, but for what cancels in ln q.
        let room = 1e-12 + 1e-15 * f64::abs(far);
        assert!((found.variance.unwrap() - 0.75).abs() <= room, "{far}: {found:?}");
    }
}
