"""Distributions of scipy.stats are the ones that scipy means."""

import math

import kl_runner
import pytest

numpy = pytest.importorskip("numpy")
scipy = pytest.importorskip("scipy")
from scipy import integrate, special, stats  # noqa: E402

CONTINUOUS = [
    (stats.norm(1, 2), stats.norm(loc=0.5, scale=3)),
    (stats.norm(), stats.norm(scale=2)),
    (stats.laplace(1, 2), stats.laplace(loc=0, scale=1)),
    (stats.cauchy(1, 2), stats.cauchy(scale=1.5)),
    (stats.uniform(1, 2), stats.uniform(loc=0, scale=4)),
    (stats.expon(0, 2), stats.expon(scale=0.5)),
    (stats.gamma(2.5, scale=0.5), stats.gamma(a=3, scale=2)),
    (stats.erlang(2, scale=0.5), stats.gamma(3)),
    (stats.chi2(3), stats.chi2(df=4, scale=2)),
    (stats.beta(2, 3), stats.beta(b=2.5, a=1.5)),
    (stats.lognorm(0.5, scale=2), stats.lognorm(s=1, scale=math.e)),
    (stats.pareto(3, scale=2), stats.pareto(b=1.5, scale=2)),
    (stats.logistic(1, 2), stats.logistic(scale=1.5)),
    (stats.gumbel_r(1, 2), stats.gumbel_r(loc=0.5, scale=1.5)),
    (stats.t(5, 1, 2), stats.t(df=3, scale=1.5)),
    (stats.invgamma(2.5, scale=2), stats.invgamma(a=3)),
    (stats.truncnorm(-1, 2, 1, 0.5), stats.truncnorm(a=-2, b=3, loc=1, scale=0.5)),
    (stats.truncnorm(-1, math.inf, loc=1), stats.truncnorm(-3, math.inf, loc=2)),
    (stats.truncnorm(-math.inf, math.inf, loc=1), stats.norm(1, 2)),
    (stats.weibull_min(1.5, scale=2), stats.weibull_min(c=2, scale=3)),
]
DISCRETE = [
    (stats.binom(10, 0.3), stats.binom(n=10, p=0.4)),
    (stats.poisson(2), stats.poisson(mu=3.5)),
    (stats.geom(0.3, -1), stats.geom(p=0.2, loc=-1)),
    (stats.nbinom(3, 0.4), stats.nbinom(n=2.5, p=0.3)),
    (stats.bernoulli(0.3), stats.bernoulli(p=0.4)),
]


def name(pair):
    return f"{pair[0].dist.name}-{pair[1].dist.name}"


@pytest.mark.parametrize("pair", CONTINUOUS, ids=name)
def test_densities_are_those_of_scipy(pair):
    p, q = pair
    # Over the quantiles of P, each a part of the unit interval: no tail is cut.
    evidence = lambda u: float(p.logpdf(p.ppf(u)) - q.logpdf(p.ppf(u)))
    expected, _ = integrate.quad(evidence, 0.0, 1.0, epsabs=1e-9, limit=500)
    square, _ = integrate.quad(lambda u: (evidence(u) - expected) ** 2, 0.0, 1.0, epsabs=1e-8, limit=500)
    found = kl_runner.kl(p, q)
    assert found.divergence == pytest.approx(expected, rel=1e-6, abs=1e-9)
    assert found.variance == pytest.approx(square, rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("pair", DISCRETE, ids=name)
def test_masses_are_those_of_scipy(pair):
    p, q = pair
    values = numpy.arange(0, 11 if p.dist.name == "binom" else 2 if p.dist.name == "bernoulli" else 400)
    mass, evidence = p.pmf(values), p.logpmf(values) - q.logpmf(values)
    kept = mass > 0.0
    expected = math.fsum(mass[kept] * evidence[kept])
    found = kl_runner.kl(p, q)
    assert found.divergence == pytest.approx(expected, rel=1e-11)
    assert found.variance == pytest.approx(math.fsum(mass[kept] * (evidence[kept] - expected) ** 2), rel=1e-10)


@pytest.mark.parametrize("pair", [*CONTINUOUS, *DISCRETE[:-1]], ids=name)
def test_draws_of_scipy_have_the_density_of_scipy(pair):
    p, q = pair
    draws = p.rvs(20, random_state=numpy.random.default_rng(57))
    found = kl_runner.score(p, q, draws)
    density = "logpdf" if hasattr(p.dist, "pdf") else "logpmf"
    assert found.log_p == pytest.approx(math.fsum(getattr(p, density)(draws)), rel=1e-10)
    assert found.log_q == pytest.approx(math.fsum(getattr(q, density)(draws)), rel=1e-10)


def test_vectors_are_those_of_scipy():
    p = stats.multivariate_normal([0.0, 1.0, 2.0], [[2.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 3.0]])
    q = stats.multivariate_normal(mean=[1.0, 1.0, 0.0], cov=numpy.diag([1.0, 2.0, 3.0]))
    step = q.mean - p.mean
    precision = numpy.linalg.inv(q.cov)
    logs = numpy.linalg.slogdet(q.cov)[1] - numpy.linalg.slogdet(p.cov)[1]
    expected = (numpy.trace(precision @ p.cov) + step @ precision @ step - 3 + logs) / 2
    assert kl_runner.kl(p, q).divergence == pytest.approx(expected, rel=1e-12)
    draws = p.rvs(5, random_state=numpy.random.default_rng(57))
    assert kl_runner.score(p, q, draws).log_p == pytest.approx(p.logpdf(draws).sum(), rel=1e-12)

    a, b = numpy.array([1.0, 2.0, 3.0]), numpy.array([2.0, 2.0, 1.5])
    constant = special.gammaln(a.sum()) - special.gammaln(b.sum()) + (special.gammaln(b) - special.gammaln(a)).sum()
    expected = constant + ((a - b) * (special.digamma(a) - special.digamma(a.sum()))).sum()
    assert kl_runner.kl(stats.dirichlet(a), stats.dirichlet(b)).divergence == pytest.approx(expected, rel=1e-12)


def test_every_family_of_scipy_is_tested():
    from kl_runner import _distributions

    assert {p.dist.name for p, _ in [*CONTINUOUS, *DISCRETE]} == set(_distributions._SCIPY)


@pytest.mark.parametrize(
    "value, message",
    [
        (stats.vonmises(1), "p is scipy.stats.vonmises, which has no family here\n  help: see kl_runner.families()"),
        (stats.norm, "p is scipy.stats.norm without parameters\n  help: give them: scipy.stats.norm(…)"),
        (type("Mine", (stats.rv_continuous,), {"_pdf": lambda self, x: 1.0})(name="norm")(), "p is a law called norm that is not"),
        (stats.dirichlet, "p is scipy.stats.dirichlet without parameters"),
        (stats.norm([0, 1], 1), "p is a distribution whose loc is not one number\n  help: give one distribution"),
        (stats.geom(0.3), "p is scipy.stats.geom with loc=0\n  help: a geometric law here counts from 0: write scipy.stats.geom(p"),
        (stats.gamma(2, loc=1), "p is scipy.stats.gamma with loc=1\n  help: this family has no location"),
        (stats.invgamma(2, loc=1), "p is scipy.stats.invgamma with loc=1\n  help: this family has no location"),
        (stats.gumbel_l(), "p is scipy.stats.gumbel_l, which has no family here"),
        (stats.beta(2, 3, scale=2), "p is scipy.stats.beta with scale=2\n  help: this family has no scale"),
        (stats.norm(0, -1), "p is scipy.stats.norm with scale=-1\n  help: a scale is above 0"),
        (stats.rv_discrete(values=([0, 1], [0.5, 0.5])), "p is a scipy.stats rv_sample, which has no family here"),
        (stats.wishart(3, numpy.eye(2)), "p is a scipy.stats wishart_frozen, which has no family here"),
    ],
)
def test_what_cannot_be_mapped_is_refused_by_name(value, message):
    with pytest.raises(kl_runner.SpecError) as refused:
        kl_runner.kl(value, "normal(mean=0, std_dev=1)")
    assert str(refused.value).startswith(f"error: {message}")
