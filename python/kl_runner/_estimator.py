"""Python functions as estimators."""

import inspect
import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from types import ModuleType
from typing import Any, Literal

_KEYWORDS = ("p", "q", "n", "seeds", "model", "symbols")


@dataclass(frozen=True, slots=True)
class Estimator:
    """A Python function that estimates KL(P‖Q), with what it takes and what is claimed of it.

    The function is called as `f(x, *, p, q, n, seeds, model, symbols)` with those of the keywords that it takes, so that `f(x)` will
    do. It sees many trials at once and returns one estimate for each: an array of shape (trials,), nats per symbol (nan for a
    trial without an estimate, inf where the estimate is infinite), or a tuple (estimates, standard errors).

        x        input="counts": int64, (trials, K): how often each symbol occurs.
                 input="sequence": int64, (trials, N): the symbols by their place in the alphabet, from 0; or float64, (trials, N), or
                 (trials, N, d) for vectors of d numbers.
        p, q     P and Q: float64, (K,), over symbols; else a dict of the family and its parameters.
        n        N, the length of a sequence.
        seeds    uint64, (trials,): start the random numbers of each trial from its own seed.
        model    a sample of M symbols from Q beside each trial, as counts, or of M values.
        symbols  the names of the symbols.

    Which trials come together follows from the experiment alone, so that the last bits, which in some libraries depend on the shape
    of an array, are the same on any number of threads. The thread that calls `run` makes all calls. An exception is a failure of its
    trial: the batch is asked about again, trial by trial.

    Attributes:
        function: The function.
        input: "sequence" or "counts": what x is.
        expected: The exact mean that is tested: "closed_form", a number in the unit of the experiment, or the name of a built-in estimator.
        same_as: The built-in estimator whose estimates it must give, trial by trial: "k3", or {"name": "dirichlet", "a": 0.5}.
        tolerance: How far these may be apart, as a part of their size (1e-9).
        M: The number of symbols from Q that it needs.
        max_failures: How many trials of a condition may fail: by default one in a hundred, and at least 10.
    """

    function: Callable[..., object]
    _: KW_ONLY
    input: Literal["sequence", "counts"] = "sequence"
    expected: str | float | Mapping[str, object] | None = None
    same_as: str | Mapping[str, object] | None = None
    tolerance: float | None = None
    M: int | None = None
    max_failures: int | None = None

    def __post_init__(self) -> None:
        function = self.function
        if not callable(function):
            raise TypeError(f"an estimator is a function, not {type(function).__name__}")
        if isinstance(function, type):
            raise TypeError(f"an estimator is a function, and {function.__name__} is a class: give an instance, {function.__name__}(…)")
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"an estimator returns an array, and {_name(function)} is a generator or `async`: make it a plain function")


def _keywords(function: Callable[..., object]) -> frozenset[str]:
    """Which of the keywords a function takes."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return frozenset()
    if parameters and parameters[0].kind in (parameters[0].POSITIONAL_ONLY, parameters[0].POSITIONAL_OR_KEYWORD):
        parameters = parameters[1:]
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        return frozenset(_KEYWORDS)
    named = [one for one in parameters if one.kind in (one.KEYWORD_ONLY, one.POSITIONAL_OR_KEYWORD)]
    for one in named:
        if one.name not in _KEYWORDS and one.default is one.empty:
            given = ", ".join(_KEYWORDS)
            raise TypeError(f"the estimator {_name(function)} needs `{one.name}`: beside x it can be given {given}")
    return frozenset(one.name for one in named if one.name in _KEYWORDS)


def _name(function: Callable[..., object]) -> str:
    return str(getattr(function, "__qualname__", type(function).__qualname__))


@dataclass(frozen=True, slots=True)
class _Context:
    """What all trials of a condition have in common, for one function."""

    index: int
    given: Mapping[str, Any]


class Functions:
    """The functions of a run, as the Rust part calls them."""

    def __init__(self, estimators: Mapping[str, Estimator], toml: Callable[[object], str]) -> None:
        try:
            import numpy
        except ImportError:
            raise ModuleNotFoundError("functions as estimators need numpy: pip install numpy") from None
        self._numpy: ModuleType = numpy
        self._functions = [estimator.function for estimator in estimators.values()]
        self._keywords = [_keywords(function) for function in self._functions]
        # The first exception of each, and the shape of the first array that it was called with.
        self._raised: dict[int, Exception] = {}
        self._shapes: dict[int, tuple[int, ...]] = {}
        self._inputs = [estimator.input for estimator in estimators.values()]
        self._names = list(estimators)
        self.settings = [
            (toml(_settings(name, estimator)), _name(estimator.function), "seeds" in keywords)
            for (name, estimator), keywords in zip(estimators.items(), self._keywords)
        ]

    def raised(self) -> Exception | None:
        """The first exception of the first function that raised one."""
        return self._raised[min(self._raised)] if self._raised else None

    def advice(self, name: str) -> str | None:
        """What a function that raises was called with, in words."""
        index = self._names.index(name)
        if index not in self._raised or index not in self._shapes:
            return None
        text = f"it was called with x of shape {self._shapes[index]}"
        if self._inputs[index] == "sequence" and len(self._shapes[index]) == 2:
            return f'{text}: the sequences; for how often each symbol occurs give Estimator({name}, input="counts")'
        return text

    def context(self, index: int, facts: str) -> _Context:
        """What the function needs to know of a condition."""
        found = json.loads(facts)
        given = {"n": found["n"], "symbols": found.get("symbols"), "p": self._side(found["p"]), "q": self._side(found["q"])}
        return _Context(index, {name: value for name, value in given.items() if name in self._keywords[index]})

    def _side(self, side: dict[str, Any]) -> Any:
        return arrays_of_side(self._numpy, side)

    def array(self, data: tuple[str, list[int], bytearray]) -> Any:
        """An array of numbers that came as bytes."""
        kind, shape, numbers = data
        return self._numpy.frombuffer(numbers, dtype=kind).reshape(shape)

    def estimates(
        self,
        context: _Context,
        trials: int,
        seeds: bytearray | None,
        sample: tuple[str, list[int], bytearray],
        model: tuple[str, list[int], bytearray] | None,
    ) -> tuple[object, ...]:
        """Calls a function: `("estimates", …)`, `("raised", …)` or `("unfit", …)`."""
        given = dict(context.given)
        keywords = self._keywords[context.index]
        if seeds is not None and "seeds" in keywords:
            given["seeds"] = self._numpy.frombuffer(seeds, dtype="u8")
        if "model" in keywords:
            given["model"] = None if model is None else self.array(model)
        x = self.array(sample)
        self._shapes.setdefault(context.index, x.shape)
        try:
            found = self._functions[context.index](x, **given)
        except Exception as error:
            self._raised.setdefault(context.index, error)
            # The first call is this one.
            calls = None if error.__traceback__ is None else error.__traceback__.tb_next
            text = "".join(traceback.format_exception(type(error), error, calls))
            return "raised", _one_line(error), _writable(text)
        try:
            return "estimates", *self._columns(found, trials)
        except _Unfit as unfit:
            return "unfit", str(unfit)

    def _columns(self, found: object, trials: int) -> tuple[bytes, bytes | None]:
        if not isinstance(found, tuple):
            return self._column(found, trials), None
        if len(found) != 2:
            raise _Unfit(f"it returned a tuple of {len(found)}: return the estimates, or (estimates, standard errors)")
        estimates, std_errors = found
        return self._column(estimates, trials), None if std_errors is None else self._column(std_errors, trials)

    def _column(self, found: object, trials: int) -> bytes:
        numpy = self._numpy
        if found is None:
            raise _Unfit(f"it returned None for {trials:,} trials: return an array of shape ({trials},)")
        try:
            array = numpy.asarray(found)
        except Exception as error:
            raise _Unfit(f"what it returned cannot be made an array: {_one_line(error)}") from None
        if array.dtype.kind not in "fiu":
            raise _Unfit(f"it returned an array of type {array.dtype}: return real numbers")
        if array.shape != (trials,):
            shape = tuple(int(size) for size in array.shape)
            raise _Unfit(f"it returned an array of shape {shape} for {trials:,} trials: return one of shape ({trials},)")
        return bytes(numpy.ascontiguousarray(array, dtype=numpy.float64).tobytes())


class _Unfit(Exception):
    """What a function returned is not a list of estimates."""


def arrays_of_side(numpy: Any, side: dict[str, Any]) -> Any:
    """P or Q: its probabilities as an array, else its family and its parameters, lists as arrays."""
    if "probabilities" in side:
        return _fixed(numpy, side["probabilities"])
    return {name: _fixed(numpy, value) if isinstance(value, list) else value for name, value in side.items()}


def _fixed(numpy: Any, numbers: list[Any]) -> Any:
    """An array that cannot be written to: later batches get the same one."""
    array = numpy.array(numbers, dtype=numpy.float64)
    array.flags.writeable = False
    return array


def _settings(name: str, estimator: Estimator) -> dict[str, object]:
    given = {
        "name": name,
        "input": estimator.input,
        "M": estimator.M,
        "max_failures": estimator.max_failures,
        "expected": estimator.expected,
        "same_as": estimator.same_as,
        "tolerance": estimator.tolerance,
    }
    return {key: value for key, value in given.items() if value is not None}


def _one_line(error: BaseException) -> str:
    text = _writable(" ".join("".join(traceback.format_exception_only(type(error), error)).split()))
    return text if len(text) <= 300 else text[:300] + "…"


def _writable(text: str) -> str:
    """The text without lone surrogates, such as those of file names that are not UTF-8: the Rust part and files cannot hold them."""
    return text.encode("utf-8", "backslashreplace").decode()
