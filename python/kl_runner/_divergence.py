"""KL(P‖Q) and KL(Q‖P)."""

import math
from dataclasses import dataclass, field

from . import _kl_runner
from ._text import distribution

_Numbers = tuple[float, float, float | None, float | None, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of P and Q beside KL(P‖Q). `float()` gives its value; NaN where it is not computed.

    Attributes:
        value: Nats, or a plain number; None where it is not computed.
        error: How far the value may be off at most; None for a formula and for sums over symbols.
        missing: Why it is not computed; None if it is.
    """

    value: float | None
    error: float | None
    missing: str | None

    def __float__(self) -> float:
        return math.nan if self.value is None else self.value


@dataclass(frozen=True, slots=True, repr=False)
class KL:
    """KL(P‖Q): what `kl` returns. `float()` gives the divergence in nats.

    Attributes:
        divergence: KL(P‖Q), nats per symbol; inf where P has mass and Q has none, or where P's tail is too heavy for Q's.
        bits: The same in bits.
        variance: The variance of ln(p(x)/q(x)) of one symbol x from P, nats²; None where the divergence is infinite.
        error: How far the divergence may be off, nats; None for a formula.
        source: "closed form", "finite sum" or "quadrature".
        p: The name of P.
        q: The name of Q.
        missing: Why KL(Q‖P) cannot be computed; None if it can.
    """

    divergence: float
    bits: float
    variance: float | None
    error: float | None
    source: str
    p: str
    q: str
    missing: str | None
    _back: _Numbers | None = field(repr=False)
    _texts: tuple[str, str] = field(repr=False)

    @property
    def reverse(self) -> "KL | None":
        """KL(Q‖P); None where it cannot be computed, and `missing` says why."""
        if self._back is None:
            return None
        there = (self.divergence, self.bits, self.variance, self.error, self.source)
        return KL(*self._back, p=self.q, q=self.p, missing=None, _back=there, _texts=self._texts[::-1])

    @property
    def neighbours(self) -> dict[str, Measure]:
        """Other measures of P and Q, computed when they are asked for.

        In nats: `entropy_p`, `entropy_q`, `cross_entropy`, `jensen_shannon`, `bhattacharyya`, `renyi_half`, `renyi_two` and
        `chernoff`. Numbers: `total_variation`, `hellinger_squared`, `chi_squared`, and `chernoff_order`, whose value is None where
        every order gives the same.
        """
        return {name: Measure(*found) for name, found in _kl_runner.neighbours(*self._texts)}

    def renyi(self, order: float) -> Measure:
        """The Rényi divergence of P from Q of an order above 0, nats; KL(P‖Q) at order 1."""
        if not 0 < order < math.inf:
            raise ValueError(f"order must be a number above 0, not {order!r}")
        return Measure(*_kl_runner.renyi(*self._texts, order))

    def __float__(self) -> float:
        return self.divergence

    def __repr__(self) -> str:
        error = "" if self.error is None else f" ± {self.error:.2g} nats"
        return (
            f"<KL(P‖Q) = {self.divergence!r} nats = {self.bits!r} bits, {self.source}{error}; "
            f"P = {self.p}, Q = {self.q}>"
        )


def kl(p: object, q: object) -> KL:
    """Computes KL(P‖Q), the mean of ln(p(x)/q(x)) for x from P, and KL(Q‖P).

    Args:
        p: P, the source: text, probabilities, a dict, or a distribution of scipy or torch (see `help(kl_runner)`).
        q: Q, the model, over the same values as P.

    Returns:
        A `KL` with `divergence` (nats per symbol, 0 or more, maybe inf), `bits`, `variance` (nats²), `error` (nats, or None for a
        formula), `source` and `reverse`. For Markov chains these are the KL rate and the asymptotic variance.

    Raises:
        SpecError: P or Q is wrong, they are not over the same values, or there is no family for a distribution of a library.
        TypeError: P or Q is of a type that says no distribution.

    Example:
        >>> import kl_runner
        >>> r = kl_runner.kl("normal(mean=0, std_dev=1)", "normal(mean=1, std_dev=1)")
        >>> r.divergence, r.variance, float(r.reverse)
        (0.5, 1.0, 0.5)
        >>> kl_runner.kl({"sun": 0.5, "rain": 0.5}, {"sun": 1, "rain": 0}).divergence
        inf
    """
    texts = distribution(p, "p"), distribution(q, "q")
    (p_name, q_name), there, back, missing = _kl_runner.kl(*texts)
    return KL(*there, p=p_name, q=q_name, missing=missing, _back=back, _texts=texts)
