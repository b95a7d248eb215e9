"""One trial of an experiment again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from . import _kl_runner
from ._estimator import arrays_of_side
from ._spec import Spec, request

_Data = tuple[str, list[int], bytearray]


@dataclass(frozen=True, slots=True, repr=False)
class Trial:
    """What was drawn in one trial of an experiment: what `trial` returns.

    Arrays are of numpy.

    Attributes:
        condition: The condition, from 1.
        trial: The trial, from 1.
        n: N, the length of the sequence.
        seed: The seed that a function takes as `seeds`.
        p: P: probabilities (K,), or a dict of the family and its parameters.
        q: Q.
        symbols: The names of the symbols; None if values are numbers.
        counts: int64, (K,): how often each symbol occurs; None if the values are not symbols.
        sequence: int64, (N,): the symbols by their place from 0; or float64, (N,) or (N, d); None where counts alone were drawn.
        model: The sample from Q, if one was asked for: counts (K,), or values.
    """

    condition: int
    trial: int
    n: int
    seed: int
    p: Any
    q: Any
    symbols: list[str] | None
    counts: Any
    sequence: Any
    model: Any

    def __repr__(self) -> str:
        if self.counts is not None and self.symbols is not None:
            shown = ", ".join(f"{symbol}: {count}" for symbol, count in list(zip(self.symbols, self.counts))[:10])
            drawn = f"counts {{{shown}{', …' if len(self.symbols) > 10 else ''}}}"
        else:
            drawn = "sequence [" + ", ".join(str(x) for x in self.sequence[:5]) + (", …]" if self.n > 5 else "]")
        return f"<trial {self.trial} of condition {self.condition}, N = {self.n}: {drawn}>"


def trial(
    spec: Spec,
    condition: int = 1,
    trial: int = 1,
    *,
    seed: int | None = None,
    sampler: Literal["sequence", "counts"] | None = None,
    set: Mapping[str, object] | None = None,
    M: int | None = None,
) -> Trial:
    """Draws one trial of an experiment again.

    Args:
        spec: The experiment, as `run` takes it.
        condition: The condition, counted from 1 as in the results.
        trial: The trial, counted from 1.
        seed: Overrides the seed.
        sampler: Overrides the sampler.
        set: Overrides other keys, by path.
        M: Draws a sample of so many symbols or values from Q, too.

    Returns:
        A `Trial`. `f(t.counts[None])` calls a function with it as `run` does.

    Raises:
        SpecError: The experiment is wrong.
        RunError: There is no such condition or trial, or it has none of its own (sampler "tally").

    Example:
        >>> import kl_runner
        >>> coin = {"P": [0.5, 0.5], "Q": [0.4, 0.6], "N": 10, "trials": 1_000}
        >>> kl_runner.trial(coin, 1, 7).counts.tolist()
        [9, 1]
    """
    import numpy

    settings = {key: value for key, value in {"seed": seed, "sampler": sampler}.items() if value is not None}
    asked = request(spec, {**settings, **(set or {})}, allow_commands=True)
    facts, own_seed, counts, sequence, model = _kl_runner.trial(asked, condition, trial, M)
    found = json.loads(facts)

    def alone(data: _Data | None) -> Any:
        if data is None:
            return None
        kind, shape, numbers = data
        return numpy.frombuffer(numbers, dtype=kind).reshape(shape[1:])

    p, q = (arrays_of_side(numpy, found[side]) for side in ("p", "q"))
    symbols = found.get("symbols")
    return Trial(condition, trial, found["n"], own_seed, p, q, symbols, alone(counts), alone(sequence), alone(model))
