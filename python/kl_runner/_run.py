"""Experiments, run from Python."""

import os
import warnings
from collections.abc import Callable, Mapping
from typing import Literal

from . import _kl_runner
from ._estimator import Estimator, Functions
from ._kl_runner import RunError
from ._results import Results
from ._spec import Spec, functions_of, request

_Failures = tuple[int, str, int, int, bool, list[tuple[int, str, str]]]


class EstimatorError(RunError):
    """A function failed in more trials than may fail, or returned no list of estimates. Its first exception is the cause."""


class EstimatorWarning(UserWarning):
    """A function failed in some trials; the results are over the others."""


def run(
    spec: Spec,
    *,
    estimators: Mapping[str, Callable[..., object] | Estimator] | None = None,
    trials: int | float | Mapping[str, object] | None = None,
    seed: int | None = None,
    sampler: Literal["sequence", "counts", "tally"] | None = None,
    set: Mapping[str, object] | None = None,
    record: bool = False,
    out: str | os.PathLike[str] | None = None,
    replace: bool = False,
    threads: int | None = None,
    name: str = "experiment",
    allow_commands: bool = False,
) -> Results:
    """Runs an experiment: samples sequences from P and holds the estimates of KL(P‖Q) against exact theory.

    Args:
        spec: The path of an experiment file, its text in TOML, or a dict with its keys: {"N": 100, "trials": 10_000, "P": …, "Q": …}.
            P and Q of a dict may be all that `kl` takes.
        estimators: Functions by name, beside the estimators that the experiment names (see `Estimator`): {"mine": f}, or
            {"mine": Estimator(f, input="counts", expected="closed_form")}.
        trials: Overrides the trials: a number, or a goal such as {"relative_error": 0.01}.
        seed: Overrides the seed.
        sampler: Overrides the sampler.
        set: Overrides other keys, by path: {"Q.bernoulli.p": 0.7}.
        record: Records the estimate of each trial in trials.csv. Without `out` they are in memory, and up to 10 million
            estimates are kept there in any case.
        out: Writes the results to a folder of the experiment's name in this one: the same bytes as the command `runner` leaves.
        replace: Replaces earlier results of the same experiment even where trials would be lost.
        threads: How many threads simulate, from 1 to 1024; by default one for each core. The results do not depend on it.
        name: The name of an experiment that is not a file.
        allow_commands: Allows the experiment to start the programs that it names as estimators.

    Returns:
        `Results`: the rows as tables, the estimates, the verdict, figures and the report's page.

    Raises:
        SpecError: The experiment is wrong; the text shows every mistake at its place.
        EstimatorError: A function failed too often; its exception is the cause.
        RunError: The run cannot be done, such as where earlier results would be lost.
        KeyboardInterrupt: Ctrl-C was pressed.

    Example:
        >>> import kl_runner
        >>> results = kl_runner.run({"P": [0.5, 0.5], "Q": [0.4, 0.6], "N": 100, "trials": 1_000})
        >>> results.verdict, results.rows[0]["trials"]
        ('agree', 1000)
    """
    if threads is not None and not 1 <= threads <= 1024:
        raise ValueError(f"threads is {threads}, but must be a number from 1 to 1024, or None for one for each core")
    functions = functions_of(estimators)
    settings = {"trials": trials, "seed": seed, "sampler": sampler, "record": "csv" if record else None}
    given = {key: value for key, value in settings.items() if value is not None}
    asked = request(spec, {**given, **(set or {})}, functions, name=name, allow_commands=allow_commands)
    return carry_out(asked, functions, out=None if out is None else os.fspath(out), replace=replace, threads=threads)


def carry_out(
    asked: _kl_runner.Request,
    functions: Functions | None,
    *,
    out: str | None = None,
    replace: bool = False,
    threads: int | None = None,
    false_alarm: float = 1e-6,
) -> Results:
    """Runs what is asked. `false_alarm` is the chance that any row of a right experiment is said to disagree, at most: results that are
    shown or written have that of the command."""
    try:
        saved, kept, failures, differences = _kl_runner.run(asked, functions, out, replace, threads, false_alarm)
    except RunError as error:
        # A pilot that the function has spoilt.
        if functions is None or functions.raised() is None:
            raise
        raise EstimatorError(str(error)) from functions.raised()
    cause = None if functions is None else functions.raised()
    if saved is None:
        raise EstimatorError(failure_text(failures, functions)) from cause
    if failures:
        warnings.warn(failure_text(failures, functions), EstimatorWarning, stacklevel=3)
    return Results(saved, kept, differences)


def failure_text(failures: list[_Failures], functions: Functions | None = None) -> str:
    """Says in which trials estimators gave no estimate, and why."""
    lines = []
    for condition, estimator, count, trials, is_stopped, first in failures:
        if is_stopped and count == 1 and first and first[0][1].startswith(("it returned", "what it returned")):
            lines.append(f"the estimator `{estimator}` returned no list of estimates in condition {condition}: {first[0][1]}")
            continue
        stopped = ", and was stopped" if is_stopped else ""
        lines.append(
            f"the estimator `{estimator}` gave no estimate in {count:,} of {trials:,} trials of condition {condition}{stopped}"
        )
        lines += [f"  trial {trial:,}: {reason}" for trial, reason, _ in first]
        advice = None if functions is None else functions.advice(estimator)
        if advice is not None:
            lines.append(f"  {advice}")
        if first:
            lines.append(f"  kl_runner.trial(spec, {condition}, {first[0][0]}) gives what was drawn in that trial")
        if is_stopped and count > 1:
            lines.append("  to tolerate this many failures, give Estimator(…, max_failures=…)")
    return "\n".join(lines) or "no estimator could be asked"
