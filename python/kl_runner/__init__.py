"""KL divergence with its variance, the log ratio of sequences, and experiments that hold estimators against exact theory.

    >>> import kl_runner
    >>> r = kl_runner.kl([0.5, 0.5], [0.4, 0.6])
    >>> r.divergence, r.bits
    (0.02041099726012755, 0.029446844526784238)

kl(p, q)               KL(P‖Q) and its reverse, nats, with the variance of ln(p/q) and the error of the number
score(p, q, sequence)  (1/N) ln(P(seq)/Q(seq)) of one sequence, nats per symbol
compare(seq, models)   which of several models a sequence speaks for: likelihoods, Bayes factors, posteriors
families()             the families of distributions, with their parameters
run(spec, …)           runs an experiment, also with functions of your own as estimators: Results
read(folder)           the results that a run of the command `runner` left: Results
trial(spec, i, j)      what was drawn in one trial of an experiment
testing                assert_estimator(f, p=…, q=…, n=…): a test of an estimator with a stated error rate

P and Q are written as one of

- text, as after --p of the command `runner kl`: "0.5,0.5", "H=1/2,T=1/2" or "normal(mean=0, std_dev=1)"
- a list, a tuple or a one-dimensional array of probabilities, which must sum to 1 within 1e-9 (in float32 within 1e-5: they are then divided
  by their sum)
- a dict from symbols to probabilities, or a family as in an experiment file: {"normal": {"mean": 0, "std_dev": 1}}
- a frozen distribution of scipy.stats, or a distribution of torch.distributions without a batch shape

Nothing but Python itself is needed: scipy and torch are not imported, and numpy only for functions as estimators and to give a column of a
table. Numbers are the same as those of the command, to the last bit. Mistakes raise SpecError, a ValueError, with the text that the command
prints; objects of other types raise TypeError. Results that cannot be read raise ResultsError, an OSError, and a run that cannot be done
RunError, a RuntimeError, such as EstimatorError where a function fails too often.

Tables of results give their columns as arrays of numpy where there is numpy, and libraries that read Arrow (polars, pyarrow, pandas,
duckdb) take them as they are: polars.DataFrame(kl_runner.run("experiments/coin.toml").summary).
"""

from ._compare import ModelEvidence, compare
from ._divergence import KL, Measure, kl
from ._estimator import Estimator
from ._families import Family, families
from ._kl_runner import ResultsError, RunError, SpecError
from ._results import Figure, Results, read
from ._run import EstimatorError, EstimatorWarning, run
from ._score import Score, score
from ._table import Table
from ._trial import Trial, trial

__all__ = [
    "KL",
    "Estimator",
    "EstimatorError",
    "EstimatorWarning",
    "Family",
    "Figure",
    "Measure",
    "ModelEvidence",
    "Results",
    "ResultsError",
    "RunError",
    "Score",
    "SpecError",
    "Table",
    "Trial",
    "compare",
    "families",
    "kl",
    "read",
    "run",
    "score",
    "trial",
]
