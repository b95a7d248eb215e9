"""KL divergence with its variance, exactly where a formula is known, and the log ratio of sequences.

    >>> import kl_runner
    >>> r = kl_runner.kl([0.5, 0.5], [0.4, 0.6])
    >>> r.divergence, r.bits
    (0.02041099726012755, 0.029446844526784238)

kl(p, q)               KL(P‖Q) and its reverse, nats, with the variance of ln(p/q) and the error of the number
score(p, q, sequence)  (1/N) ln(P(seq)/Q(seq)) of one sequence, nats per symbol
families()             the families of distributions, with their parameters
read(folder)           the results that a run of the command `runner` left: tables, figures, the report's page

P and Q are written as one of

- text, as after --p of the command `runner kl`: "0.5,0.5", "H=1/2,T=1/2" or "normal(mean=0, std_dev=1)"
- a list, a tuple or a one-dimensional array of probabilities, which must sum to 1 within 1e-9
- a dict from symbols to probabilities, or a family as in an experiment file: {"normal": {"mean": 0, "std_dev": 1}}
- a frozen distribution of scipy.stats, or a distribution of torch.distributions without a batch shape

Nothing but Python itself is needed: scipy and torch are not imported, and numpy only to give a column of a table. Numbers are the same as those of the command, to the
last bit. Mistakes raise SpecError, a ValueError, with the text that the command prints; objects of other types raise TypeError. Results
that cannot be read raise ResultsError, an OSError.

Tables of results give their columns as arrays of numpy where there is numpy, and libraries that read Arrow (polars, pyarrow, pandas,
duckdb) take them as they are: polars.DataFrame(kl_runner.read("results/coin").summary).
"""

from ._divergence import KL, kl
from ._families import Family, families
from ._kl_runner import ResultsError, SpecError
from ._results import Figure, Results, read
from ._score import Score, score
from ._table import Table

__all__ = [
    "KL",
    "Family",
    "Figure",
    "Results",
    "ResultsError",
    "Score",
    "SpecError",
    "Table",
    "families",
    "kl",
    "read",
    "score",
]
