"""Tests of estimators with a stated error rate.

    from kl_runner.testing import assert_estimator

    def test_k3():
        assert_estimator(k3, p=[0.5, 0.3, 0.2], q=[0.4, 0.4, 0.2], n=100, input="counts")
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from ._estimator import Estimator
from ._kl_runner import RunError
from ._run import carry_out
from ._spec import functions_of, request
from ._trial import trial as draw_again

__all__ = ["assert_estimator"]

_NAME = "estimator"


def assert_estimator(
    function: Callable[..., object],
    *,
    p: object,
    q: object,
    n: int,
    input: Literal["sequence", "counts"] = "sequence",
    expected: str | float | Mapping[str, object] | None = "closed_form",
    same_as: str | Mapping[str, object] | None = None,
    tolerance: float | None = None,
    trials: int | None = None,
    detect: float = 0.01,
    false_alarm: float = 1e-6,
    seed: int = 1,
    M: int | None = None,
    max_failures: int = 0,
) -> None:
    """Asserts that the mean of an estimator's estimates is what it should be, by simulation.

    A right estimator fails with probability `false_alarm`, and one whose mean is off by `detect` times KL(P‖Q) passes with probability
    0.001 at most, where `trials` are left out. Both are the rates of Student's t, since the variance comes from the sample: exact for
    normal estimates, close for others, since no fewer than 1,000 trials are tested and more where estimates are skewed. The number of
    trials follows from a bound on the variance which a pilot finds and which holds with probability 0.99. A seed fixes the outcome.

    Args:
        function: Takes many trials at once and returns one estimate for each, as `kl_runner.Estimator` describes.
        p: P: text, probabilities, a dict, or a distribution of scipy or torch.
        q: Q, over the same values.
        n: N, the length of a sequence.
        input: What the function takes as x: "sequence", the symbols of each trial by their place from 0, of shape (trials, N), or "counts",
            how often each symbol occurs, of shape (trials, K).
        expected: The exact mean in nats: "closed_form" for KL(P‖Q), a number, or the name of a built-in estimator; None for no test
            of the mean.
        same_as: The built-in estimator whose estimates it must give, trial by trial, such as "k3".
        tolerance: How far these may be apart, as a part of their size (1e-9).
        trials: How many trials; by default as many as are needed to see `detect`, which a pilot of 1,000 trials finds.
        detect: The bias that is to be seen, as a part of KL(P‖Q).
        false_alarm: The probability that a right estimator fails.
        seed: The seed of the trials.
        M: The number of symbols from Q that the function takes as `model`.
        max_failures: How many trials may raise an exception or be nan.

    Raises:
        AssertionError: The estimator is wrong; the text shows what was found and the trial to look at.
        SpecError: P, Q or a setting is wrong.

    Example:
        >>> import numpy
        >>> from kl_runner.testing import assert_estimator
        >>> def k1(x, *, p, q):
        ...     return numpy.log(p / q)[x].mean(axis=1)
        >>> assert_estimator(k1, p=[0.5, 0.5], q=[0.4, 0.6], n=100)
    """
    estimator = Estimator(
        function, input=input, expected=expected, same_as=same_as, tolerance=tolerance, M=M, max_failures=max_failures
    )
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm is {false_alarm}, but must be a probability between 0 and 1, such as 1e-6")
    # Only a test of the mean needs so many trials that it sees a bias.
    goal: object = {"detect": detect} if expected is not None else 10_000
    drawn: dict[str, object] = {
        "P": p,
        "Q": q,
        "N": n,
        "trials": goal if trials is None else trials,
        "seed": seed,
        "sampler": "counts" if input == "counts" else "sequence",
        "check": {"false_alarm": false_alarm, "nominal_false_alarm": false_alarm},
    }
    __tracebackhide__ = True
    name = getattr(function, "__name__", type(function).__name__)
    try:
        functions = functions_of({_NAME: estimator})
        asked = request({**drawn, "estimators": []}, {}, functions)
        results = carry_out(asked, functions, false_alarm=false_alarm)
    except RunError as error:
        raise AssertionError(_of_the_failures(str(error), name, input)) from error.__cause__
    row = results.rows[0]
    differences = results.differences
    if row["verdict"] == "untested" or row["verdict"] == "infinite":
        raise AssertionError(f"`{name}` was not tested: {row['reason'] or 'KL(P‖Q) is infinite'}")
    if row["verdict"] != "disagree" and not differences:
        return
    lines = [f"`{name}` is not right for P = {row['p']} and Q = {row['q']}, N = {n}, input=\"{input}\""]
    if row["expected"] is not None:
        lines += _of_the_mean(row, expected, false_alarm)
    for _, _, reference, differing, compared, first in differences:
        lines.append(f"  same as   {reference}: {differing:,} of {compared:,} estimates differ")
        if first is not None:
            number, own, other = first
            *found, again = _of_the_trial(drawn, number, input, own)
            lines += [f"  trial     {number:,}", *found, f"            {reference} gives {other!r}", again]
    if not differences and results.trials is not None:
        lines += ["  trial     1", *_of_the_trial(drawn, 1, input, float(results.trials["estimate"][0]))]
    raise AssertionError("\n".join(lines))


def _of_the_mean(row: dict[str, Any], expected: object, false_alarm: float) -> list[str]:
    what = "KL(P‖Q)" if expected == "closed_form" else f"expected={expected!r}"
    bias = row["mean"] - row["expected"]
    part = f", {bias / row['expected']:+.2%} of it" if row["expected"] else ""
    return [
        f"  expected  {row['expected']:.6g} nats: {what}",
        f"  mean      {row['mean']:.6g} ± {row['mcse']:.2g} nats in {row['trials']:,} trials, a bias of {bias:+.3g}{part}",
        _of_the_test(row, false_alarm),
    ]


def _of_the_test(row: dict[str, Any], false_alarm: float) -> str:
    z, p = row["z"], row["p_value"]
    if z is None or p is None:
        # Estimates that are all the same have no error that z could be measured by.
        return "  test      all estimates are the same, and not the expected" if row["reason"] is None else f"  test      {row['reason']}"
    return f"  z         {z:.4g}, p-value {f'{p:.2g}' if p > 0 else '< 1e-300'} (a right one fails below {false_alarm:g})"


def _of_the_failures(said: str, name: str, input: str) -> str:
    """What is said of an estimator of a run, said of the function that is tested."""
    for of_a_run, here in [
        (f'Estimator({_NAME}, input="counts")', 'input="counts"'),
        ("Estimator(…, max_failures=…)", "max_failures=…"),
        (f"`{_NAME}`", f"`{name}`"),
    ]:
        said = said.replace(of_a_run, here)
    if "it was called with x of shape" in said:
        return said
    shape = "(trials, K): how often each symbol occurs" if input == "counts" else "(trials, N): the symbols by their place from 0, or numbers"
    return f'{said}\n  it is called with x of shape {shape}, as input="{input}" says'


def _of_the_trial(spec: dict[str, object], number: int, input: str, estimate: object) -> list[str]:
    """What was drawn in a trial, and what the function made of it."""
    drawn = draw_again(spec, 1, number)
    data = drawn.counts if input == "counts" else drawn.sequence
    shown = ", ".join(str(x) for x in data[:10].tolist()) + (", …" if len(data) > 10 else "")
    again = {**spec, "trials": number, "P": _Shown(spec["P"]), "Q": _Shown(spec["Q"])}
    again.pop("check")
    return [f"  {input:<9} [{shown}]", f"  estimate  {estimate!r}", f"  again     kl_runner.trial({again}, 1, {number})"]


class _Shown:
    """A distribution in a message."""

    def __init__(self, value: object) -> None:
        self._text = " ".join(repr(value).split())

    def __repr__(self) -> str:
        return self._text if len(self._text) <= 60 else "…"
