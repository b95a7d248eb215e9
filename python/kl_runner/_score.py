"""The log ratio of a sequence."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import _kl_runner
from ._text import distribution, has_whole_names, sequence_text


@dataclass(frozen=True, slots=True, repr=False)
class Score:
    """The log ratio of one sequence: what `score` returns. `float()` gives `estimate`, or nan where there is none.

    Attributes:
        n: N, the length of the sequence.
        log_p: ln P(seq), of densities where values are real numbers.
        log_q: ln Q(seq).
        log_ratio: ln(P(seq)/Q(seq)): inf if Q rules the sequence out, -inf if P does, None if both do.
        estimate: log_ratio/N, nats per symbol: an estimate of KL(P‖Q).
        bits: The same in bits.
        z_if_p: How many exact standard errors the estimate is from KL(P‖Q); None where there are none.
        z_if_q: The same from -KL(Q‖P).
        counts: How often each symbol occurs; None if the values are not symbols.
        transitions: For Markov chains: how often each symbol follows each (outer key).
        values: For numbers, vectors and shares: `smallest`, `mean` and `largest`, with one number per coordinate.
    """

    n: int
    log_p: float
    log_q: float
    log_ratio: float | None
    estimate: float | None
    bits: float | None
    z_if_p: float | None
    z_if_q: float | None
    counts: Mapping[str, int] | None
    transitions: Mapping[str, Mapping[str, int]] | None
    values: Mapping[str, list[float]] | None

    def __float__(self) -> float:
        return float("nan") if self.estimate is None else self.estimate

    def __repr__(self) -> str:
        if self.estimate is None:
            return f"<score of {self.n} items: none, P(seq) = Q(seq) = 0>"
        z = ", ".join(
            f"z if {side} = {'none' if z is None else format(z, '.3g')}"
            for side, z in (("P", self.z_if_p), ("Q", self.z_if_q))
        )
        return f"<score of {self.n} items: {self.estimate!r} nats = {self.bits!r} bits per item, {z}>"


def score(p: object, q: object, sequence: object) -> Score:
    """Computes (1/N) ln(P(seq)/Q(seq)) of one sequence.

    Args:
        p: P: text, probabilities, a dict, or a distribution of scipy or torch (see `help(kl_runner)`).
        q: Q, over the same values.
        sequence: text as the command reads it ("HHTHHT", "dry wet", "0.5 -1.2"), or a list, tuple or array of names of symbols, of
            numbers, or of rows of numbers (vectors). Whole numbers are names of symbols if P or Q is a dict with such keys.

    Returns:
        A `Score`: `estimate` in nats per symbol, `log_p`, `log_q`, `log_ratio` in nats, and distances in standard errors.

    Raises:
        SpecError: P, Q or the sequence is wrong.
        TypeError: one is of a type that cannot be read.

    Example:
        >>> import kl_runner
        >>> s = kl_runner.score({"H": 0.5, "T": 0.5}, {"H": 0.4, "T": 0.6}, "HHTHHT")
        >>> s.n, s.counts, s.estimate
        (6, {'H': 4, 'T': 2}, 0.08798851527815495)
    """
    text, items, is_numbers = sequence_text(sequence)
    is_numbers = is_numbers and not (has_whole_names(p) or has_whole_names(q))
    found = json.loads(_kl_runner.score(distribution(p, "p"), distribution(q, "q"), text, items, is_numbers))
    estimate = found["estimate"] or {}
    return Score(
        n=found["n"],
        log_p=float(found["log_p"]),
        log_q=float(found["log_q"]),
        log_ratio=_number(found["log_ratio"]),
        estimate=_number(estimate.get("nats")),
        bits=_number(estimate.get("bits")),
        z_if_p=_number(found["z_if_p"]),
        z_if_q=_number(found["z_if_q"]),
        counts=found["counts"],
        transitions=found.get("transitions"),
        values=found.get("values"),
    )


def _number(found: Any) -> float | None:
    """A number in JSON, where infinity is "inf"."""
    return None if found is None else float(found)
