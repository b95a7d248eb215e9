"""Distributions of torch.distributions are the ones that torch means."""

import kl_runner
import pytest

torch = pytest.importorskip("torch")
from torch import distributions as d  # noqa: E402


def t(*values):
    return torch.tensor(values[0] if len(values) == 1 else values, dtype=torch.float64)


PAIRS = [
    (d.Bernoulli(t(0.3)), d.Bernoulli(logits=t(0.4))),
    (d.Bernoulli(logits=t(-40.0)), d.Bernoulli(logits=t(-41.0))),
    (d.Beta(t(2.0), t(3.0)), d.Beta(t(1.5), t(2.5))),
    (d.Binomial(10, t(0.3)), d.Binomial(10, logits=t(0.4))),
    (d.Categorical(t(1.0, 2.0, 5.0)), d.Categorical(logits=t(0.1, 0.2, 0.3))),
    (d.Cauchy(t(1.0), t(2.0)), d.Cauchy(t(0.0), t(1.5))),
    (d.Chi2(t(3.0)), d.Chi2(t(4.0))),
    (d.Dirichlet(t(1.0, 2.0, 3.0)), d.Dirichlet(t(2.0, 2.0, 1.5))),
    (d.Exponential(t(0.5)), d.Exponential(t(2.0))),
    (d.Gamma(t(2.5), t(0.5)), d.Gamma(t(3.0), t(2.0))),
    (d.Geometric(t(0.3)), d.Geometric(logits=t(-1.0))),
    (d.Gumbel(t(1.0), t(2.0)), d.Gumbel(t(0.5), t(1.5))),
    (d.InverseGamma(t(2.5), t(0.5)), d.InverseGamma(t(3.0), t(2.0))),
    (d.Laplace(t(1.0), t(2.0)), d.Laplace(t(0.0), t(1.0))),
    (d.LogNormal(t(0.5), t(2.0)), d.LogNormal(t(0.0), t(1.0))),
    (
        d.MultivariateNormal(t(0.0, 1.0), t([2.0, 0.5], [0.5, 1.0])),
        d.MultivariateNormal(t(1.0, 1.0), scale_tril=t([1.0, 0.0], [0.3, 2.0])),
    ),
    (d.NegativeBinomial(3.0, t(0.6)), d.NegativeBinomial(2.5, logits=t(0.8))),
    (d.Normal(t(1.0), t(2.0)), d.Normal(t(0.5), t(3.0))),
    (d.Pareto(t(2.0), t(3.0)), d.Pareto(t(2.0), t(1.5))),
    (d.Poisson(t(2.0)), d.Poisson(t(3.5))),
    (d.StudentT(t(5.0), t(1.0), t(2.0)), d.StudentT(t(3.0), t(0.0), t(1.5))),
    (d.Uniform(t(1.0), t(3.0)), d.Uniform(t(0.0), t(4.0))),
    (d.Weibull(t(2.0), t(1.5)), d.Weibull(t(3.0), t(2.0))),
]


def name(pair):
    return type(pair[0]).__name__


def of_torch(p, q):
    """KL(P‖Q) by torch: its formula, or the sum or the integral of its densities."""
    try:
        return float(d.kl_divergence(p, q))
    except NotImplementedError:
        pass
    if isinstance(p, d.InverseGamma):
        # A divergence does not change when x is replaced by 1/x.
        return float(d.kl_divergence(p.base_dist, q.base_dist))
    if isinstance(p, d.StudentT):
        # By the trapezoidal rule in y of x = sinh(y), whose density falls like an exponential.
        y = torch.linspace(-80.0, 80.0, 400_001, dtype=torch.float64)
        x = torch.sinh(y)
        mass = (p.log_prob(x) + torch.log(torch.cosh(y))).exp() * (y[1] - y[0])
        return float((mass * (p.log_prob(x) - q.log_prob(x))).sum())
    if not p.support.is_discrete:
        # By the quantiles of a Weibull law, which torch lacks.
        u = (torch.arange(2_000_000, dtype=torch.float64) + 0.5) / 2_000_000
        x = p.scale * (-torch.log1p(-u)) ** (1 / p.concentration)
        return float((p.log_prob(x) - q.log_prob(x)).mean())
    values = torch.arange(400, dtype=torch.float64)
    evidence = p.log_prob(values) - q.log_prob(values)
    return float((p.log_prob(values).exp() * evidence).sum())


@pytest.mark.parametrize("pair", PAIRS, ids=name)
def test_divergences_are_those_of_torch(pair):
    assert kl_runner.kl(*pair).divergence == pytest.approx(of_torch(*pair), rel=1e-5 if name(pair) == "Weibull" else 1e-9)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if name(pair) not in ("Bernoulli", "Categorical")], ids=name)
def test_draws_of_torch_have_the_density_of_torch(pair):
    torch.manual_seed(57)
    p, q = pair
    draws = p.sample((20,))
    found = kl_runner.score(p, q, draws)
    # A Dirichlet draw sums to 1 up to rounding.
    assert found.log_p == pytest.approx(float(p.log_prob(draws).sum()), rel=1e-9)
    assert found.log_q == pytest.approx(float(q.log_prob(draws).sum()), rel=1e-9)


def test_every_family_of_torch_is_tested():
    from kl_runner import _distributions

    assert {name(pair) for pair in PAIRS} == set(_distributions._TORCH)


def test_numbers_of_single_width_are_what_they_are():
    p, q = d.Normal(0.1, 1.0), d.Normal(torch.tensor(0.2, requires_grad=True), 1.0)
    assert kl_runner.kl(p, q).divergence == pytest.approx((float(p.loc) - q.loc.item()) ** 2 / 2, rel=1e-14)
    # Probabilities of single width do not sum to 1 to the digits of a double: they are divided by their sum.
    p, q = d.Categorical(logits=torch.tensor([0.1, 0.2, 10.0])), d.Categorical(torch.tensor([0.2, 0.3, 0.5]))
    assert kl_runner.kl(p, q).divergence == pytest.approx(float(d.kl_divergence(p, q)), rel=1e-5)


@pytest.mark.parametrize(
    "value, message",
    [
        (d.VonMises(0.0, 1.0), "p is a torch.distributions VonMises, which has no family here"),
        (d.Normal(torch.zeros(3), 1.0), "p is a batch of torch.distributions.Normal, of shape (3,)\n  help: give one of them"),
        (type("Normal", (d.Normal,), {})(0.0, 1.0), "p is a torch.distributions Normal, which has no family here"),
        (d.Independent(d.Normal(torch.zeros(3), 1.0), 1), "p is a torch.distributions Independent"),
    ],
)
def test_what_cannot_be_mapped_is_refused_by_name(value, message):
    with pytest.raises(kl_runner.SpecError) as refused:
        kl_runner.kl(value, "normal(mean=0, std_dev=1)")
    assert str(refused.value).startswith(f"error: {message}")


def test_tensors_are_probabilities_and_sequences():
    assert kl_runner.kl(t(0.25, 0.75), t(0.5, 0.5)) == kl_runner.kl([0.25, 0.75], [0.5, 0.5])
    p, q = d.Normal(t(0.0), t(1.0)), d.Normal(t(1.0), t(1.0))
    assert kl_runner.score(p, q, t(0.5, -1.0)) == kl_runner.score(p, q, "0.5 -1")
