"""Estimators of KL(P‖Q) from samples of P (Schulman 2020), for many sequences at once.

Each takes the counts of the symbols, (trials, K), and returns one estimate for each trial, nats per symbol.
"""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Array = NDArray[np.float64]


def k1(x: Counts, *, p: Array, q: Array, n: int) -> Array:
    """The mean of −ln r, with r = q/p: unbiased."""
    return x @ -np.log(q / p) / n


def k2(x: Counts, *, p: Array, q: Array, n: int) -> Array:
    """The mean of (ln r)²/2: biased, with a small variance where P and Q are near."""
    return x @ (np.log(q / p) ** 2 / 2) / n


def k3(x: Counts, *, p: Array, q: Array, n: int) -> Array:
    """The mean of r − 1 − ln r: unbiased, and never negative."""
    r = q / p
    return x @ (r - 1 - np.log(r)) / n


def k3_upside_down(x: Counts, *, p: Array, q: Array, n: int) -> Array:
    """A mistake that is easily made: the same with r = p/q, which estimates neither KL(P‖Q) nor KL(Q‖P)."""
    r = p / q
    return x @ (r - 1 - np.log(r)) / n


def plug_in(x: Counts, *, q: Array, n: int) -> tuple[Array, Array]:
    """KL of the observed frequencies against Q, and a standard error from its first-order term; P is not known."""
    frequencies = x / n
    log_ratios = np.log(np.where(x > 0, frequencies, q) / q)
    estimates = (frequencies * log_ratios).sum(axis=1)
    variances = (frequencies * (log_ratios - estimates[:, None]) ** 2).sum(axis=1)
    return estimates, np.sqrt(variances / n)
