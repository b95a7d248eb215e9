"""Distributions of scipy.stats and torch.distributions as text, by their names. Neither library is imported."""

import math
from collections.abc import Callable
from typing import Any

from ._kl_runner import SpecError
from ._toml import joined, number

_Parameters = dict[str, float]


def from_library(value: object, name: str) -> str | None:
    """The text of a distribution of scipy or torch; None if the object is of neither library."""
    library, kind = _library(value)
    if library == "scipy.stats":
        return _from_scipy(value, kind, name)
    if library == "torch.distributions":
        return _from_torch(value, kind, name)
    return None


def _library(value: object) -> tuple[str | None, str]:
    """The library of an object's class, or of a class that it derives from, and the name of its own class."""
    for base in type(value).__mro__:
        for library in ("scipy.stats", "torch.distributions"):
            if base.__module__ == library or base.__module__.startswith(library + "."):
                return library, type(value).__name__
    return None, ""


def _refused(name: str, described: str, help: str) -> SpecError:
    return SpecError(f"error: {name} is {described}\n  help: {help}")


def _no_family(name: str, described: str) -> SpecError:
    return _refused(name, f"{described}, which has no family here", "see kl_runner.families() for those there are")


def _call(family: str, **parameters: float) -> str:
    """A member of a family as text."""
    return f"{family}({', '.join(f'{key}={number(value, key)}' for key, value in parameters.items())})"


def _categorical(weights: list[float]) -> str:
    """Probabilities of symbols without names, which sum to 1 up to rounding in a narrower type."""
    total = math.fsum(weights)
    return joined(weight / total for weight in weights)


#: How far the sum of probabilities may be from 1 in types of few digits: rounding of each, and of a softmax.
NARROW = {"float32": 1e-5, "float16": 2e-3}


def narrow_weights(weights: list[float], room: float) -> str:
    """Probabilities in a type of few digits, which sum to 1 up to its rounding: they are divided by their sum."""
    is_one = abs(math.fsum(weights) - 1) <= room and all(weight >= 0 for weight in weights)
    return _categorical(weights) if is_one else joined(weights)


def _vector_normal(mean: list[float], covariance: list[list[float]]) -> str:
    """A multivariate normal; the two halves of the covariance may differ by rounding."""
    size = range(len(mean))
    rows = [joined((covariance[i][j] + covariance[j][i]) / 2 for j in size) for i in size]
    return f"multivariate_normal(mean={joined(mean)}, covariance=[{', '.join(rows)}])"


def _truncated_normal(of: _Parameters) -> str:
    """The ends a and b of scipy are in standard deviations from the mean; an end that is infinite is left out."""
    mean, std_dev = of["loc"], of["scale"]
    ends = {key: mean + std_dev * of[end] for key, end in (("low", "a"), ("high", "b")) if math.isfinite(of[end])}
    if not ends:
        return _call("normal", mean=mean, std_dev=std_dev)
    return _call("truncated_normal", mean=mean, std_dev=std_dev, **ends)


# scipy.stats. Each takes the parameters by name; `loc` is 0 but for those in _MOVABLE.

_SCIPY: dict[str, Callable[[_Parameters], str]] = {
    "bernoulli": lambda of: _call("bernoulli", p=of["p"]),
    "beta": lambda of: _call("beta", alpha=of["a"], beta=of["b"]),
    "binom": lambda of: _call("binomial", n=of["n"], p=of["p"]),
    "cauchy": lambda of: _call("cauchy", location=of["loc"], scale=of["scale"]),
    "chi2": lambda of: _call("gamma", shape=of["df"] / 2, scale=2 * of["scale"]),
    "erlang": lambda of: _call("gamma", shape=of["a"], scale=of["scale"]),
    "expon": lambda of: _call("exponential", scale=of["scale"]),
    "gamma": lambda of: _call("gamma", shape=of["a"], scale=of["scale"]),
    "geom": lambda of: _call("geometric", p=of["p"]),
    "gumbel_r": lambda of: _call("gumbel", location=of["loc"], scale=of["scale"]),
    "invgamma": lambda of: _call("inverse_gamma", shape=of["a"], scale=of["scale"]),
    "laplace": lambda of: _call("laplace", location=of["loc"], scale=of["scale"]),
    "logistic": lambda of: _call("logistic", location=of["loc"], scale=of["scale"]),
    "lognorm": lambda of: _call("lognormal", mean=math.log(of["scale"]), std_dev=of["s"]),
    "nbinom": lambda of: _call("negative_binomial", r=of["n"], p=of["p"]),
    "norm": lambda of: _call("normal", mean=of["loc"], std_dev=of["scale"]),
    "pareto": lambda of: _call("pareto", scale=of["scale"], shape=of["b"]),
    "poisson": lambda of: _call("poisson", rate=of["mu"]),
    "t": lambda of: _call("student_t", location=of["loc"], scale=of["scale"], df=of["df"]),
    "truncnorm": lambda of: _truncated_normal(of),
    "uniform": lambda of: _call("uniform", low=of["loc"], high=of["loc"] + of["scale"]),
    "weibull_min": lambda of: _call("weibull", shape=of["c"], scale=of["scale"]),
}

#: What `loc` must be, where it cannot be anything and is not 0.
_LOC = {"geom": -1.0}
_MOVABLE = {"cauchy", "gumbel_r", "laplace", "logistic", "norm", "t", "truncnorm", "uniform"}
#: Families whose scale is always 1.
_UNSCALED = {"beta"}


def _from_scipy(value: Any, kind: str, name: str) -> str:
    if kind == "multivariate_normal_frozen":
        return _vector_normal(value.mean.tolist(), value.cov.tolist())
    if kind == "dirichlet_frozen":
        return f"dirichlet(alpha={joined(value.alpha.tolist())})"
    if kind == "Normal":
        return _call("normal", mean=_scalar(value.mu, name, "mu"), std_dev=_scalar(value.sigma, name, "sigma"))
    if kind not in ("rv_continuous_frozen", "rv_discrete_frozen"):
        if kind.endswith("_gen"):
            called = f"scipy.stats.{kind.removesuffix('_gen')}"
            raise _refused(name, f"{called} without parameters", f"give them: {called}(…)")
        raise _no_family(name, f"a scipy.stats {kind}")
    law = value.dist.name
    # A law of a user's own may have the name of one of scipy's.
    if not type(value.dist).__module__.startswith("scipy.stats"):
        raise _no_family(name, f"a law called {law} that is not one of scipy's")
    write = _SCIPY.get(law)
    if write is None:
        raise _no_family(name, f"scipy.stats.{law}")
    parameters = _scipy_parameters(value, name)
    loc, scale = parameters["loc"], parameters["scale"]
    wanted = _LOC.get(law, 0.0)
    if law not in _MOVABLE and loc != wanted:
        described = f"scipy.stats.{law} with loc={loc:g}"
        if law == "geom":
            raise _refused(name, described, "a geometric law here counts from 0: write scipy.stats.geom(p, loc=-1)")
        raise _refused(name, described, f"this family has no location: write it with loc={wanted:g}")
    if law in _UNSCALED and scale != 1.0:
        raise _refused(name, f"scipy.stats.{law} with scale={scale:g}", "this family has no scale: leave it out")
    if scale <= 0.0:
        raise _refused(name, f"scipy.stats.{law} with scale={scale:g}", "a scale is above 0")
    return write(parameters)


def _scipy_parameters(value: Any, name: str) -> _Parameters:
    """The parameters of a frozen law, by name or by place."""
    shapes = [shape.strip() for shape in (value.dist.shapes or "").split(",") if shape.strip()]
    # Of discrete laws nothing follows loc.
    names = [*shapes, "loc", "scale"]
    given = {"loc": 0.0, "scale": 1.0} | dict(zip(names, value.args)) | value.kwds
    return {key: _scalar(found, name, key) for key, found in given.items()}


# torch.distributions. Each takes a distribution without a batch shape.

_TORCH: dict[str, Callable[[Any], str]] = {
    "Bernoulli": lambda of: _call("bernoulli", p=_chance(of)),
    "Beta": lambda of: _call("beta", alpha=of.concentration1.item(), beta=of.concentration0.item()),
    "Binomial": lambda of: _call("binomial", n=of.total_count.item(), p=_chance(of)),
    "Categorical": lambda of: _categorical(_weights(of)),
    "Cauchy": lambda of: _call("cauchy", location=of.loc.item(), scale=of.scale.item()),
    "Chi2": lambda of: _call("gamma", shape=of.concentration.item(), rate=of.rate.item()),
    "Dirichlet": lambda of: f"dirichlet(alpha={joined(of.concentration.tolist())})",
    "Exponential": lambda of: _call("exponential", rate=of.rate.item()),
    "Gamma": lambda of: _call("gamma", shape=of.concentration.item(), rate=of.rate.item()),
    "Geometric": lambda of: _call("geometric", p=_chance(of)),
    "Gumbel": lambda of: _call("gumbel", location=of.loc.item(), scale=of.scale.item()),
    "InverseGamma": lambda of: _call("inverse_gamma", shape=of.concentration.item(), scale=of.rate.item()),
    "Laplace": lambda of: _call("laplace", location=of.loc.item(), scale=of.scale.item()),
    "LogNormal": lambda of: _call("lognormal", mean=of.loc.item(), std_dev=of.scale.item()),
    "MultivariateNormal": lambda of: _vector_normal(of.loc.tolist(), of.covariance_matrix.tolist()),
    "NegativeBinomial": lambda of: _call("negative_binomial", r=of.total_count.item(), p=_chance(of, -1.0)),
    "Normal": lambda of: _call("normal", mean=of.loc.item(), std_dev=of.scale.item()),
    "Pareto": lambda of: _call("pareto", scale=of.scale.item(), shape=of.alpha.item()),
    "Poisson": lambda of: _call("poisson", rate=of.rate.item()),
    "StudentT": lambda of: _call("student_t", location=of.loc.item(), scale=of.scale.item(), df=of.df.item()),
    "Uniform": lambda of: _call("uniform", low=of.low.item(), high=of.high.item()),
    "Weibull": lambda of: _call("weibull", shape=of.concentration.item(), scale=of.scale.item()),
}


def _from_torch(value: Any, kind: str, name: str) -> str:
    write = _TORCH.get(kind)
    # A class of the same name that derives from one of torch's may mean something else.
    if write is None or not type(value).__module__.startswith("torch.distributions"):
        raise _no_family(name, f"a torch.distributions {kind}")
    if tuple(value.batch_shape):
        shape = tuple(value.batch_shape)
        raise _refused(name, f"a batch of torch.distributions.{kind}, of shape {shape}", "give one of them")
    return write(value)


def _is_by_logits(of: Any) -> bool:
    """Whether a distribution was made from logits: the other form is worked out, in the same width, when it is asked for."""
    return "logits" in vars(of) and "probs" not in vars(of)


def _chance(of: Any, sign: float = 1.0) -> float:
    """The probability of success, or of failure if `sign` is -1, with the digits of a double."""
    if _is_by_logits(of):
        logit = sign * float(of.logits.item())
        # The exponential of a negative number does not overflow.
        small = math.exp(-abs(logit))
        return (1.0 if logit >= 0.0 else small) / (1.0 + small)
    chance = float(of.probs.item())
    return chance if sign > 0.0 else 1.0 - chance


def _weights(of: Any) -> list[float]:
    """The probabilities of a categorical law up to a factor."""
    if _is_by_logits(of):
        logits = of.logits.tolist()
        most = max(logits)
        return [math.exp(logit - most) for logit in logits]
    return list(of.probs.tolist())


def _scalar(found: Any, name: str, parameter: str) -> float:
    """A parameter that is one number."""
    try:
        return float(found.item() if hasattr(found, "item") else found)
    except (TypeError, ValueError):
        described = f"a distribution whose {parameter} is not one number"
        raise _refused(name, described, "give one distribution, not an array of them") from None
