"""Makes neighbours.csv: entropies, distances and divergences of pairs by their definitions in 60-digit arithmetic, at the exact
doubles printed. Sums run over symbols or counts; densities are integrated. The order of Chernoff information is found by
halving the slope of the sum itself.

    python3 neighbours.py > neighbours.csv

Needs: pip install mpmath
"""

import csv
import sys

from mpmath import exp, factorial, inf, log, mp, mpf, nstr, pi, quad, sqrt

mp.dps = 60
TINY = 2.0**-50
SYMBOLS = [
    ([0.5, 0.5], [0.9375, 0.0625]), ([0.5, 0.5], [0.5, 0.5]), ([0.25, 0.75], [0.25 + TINY, 0.75 - TINY]),
    ([0.5, 0.5], [0.5 + 2.0**-20, 0.5 - 2.0**-20]), ([0.5, 0.5], [1.0, 0.0]), ([1.0, 0.0], [0.5, 0.5]),
    ([1.0, 0.0], [0.0, 1.0]), ([0.5, 0.5, 0.0], [0.0, 0.25, 0.75]), ([0.5, 0.5, 0.0], [0.25, 0.25, 0.5]),
    ([TINY, 1 - TINY], [0.5, 0.5]), ([0.5, 0.5], [TINY, 1 - TINY]), ([TINY, 1 - TINY], [2 * TINY, 1 - 2 * TINY]),
    ([TINY, 1 - TINY], [1 - TINY, TINY]), ([0.125, 0.375, 0.5], [0.5, 0.25, 0.25]),
    ([0.25] * 4, [0.25 + 2.0**-30, 0.25 - 2.0**-30, 0.25 + 2.0**-40, 0.25 - 2.0**-40]),
    ([0.0625] * 16, [2.0**-(k + 1) for k in range(15)] + [2.0**-15]), ([0.75, 0.25], [0.4375, 0.5625]),
    ([0.5, 0.25, 0.25, 0.0], [0.5, 0.25, 0.0, 0.25]), ([0.5, 0.5], [0.625, 0.375]),
    ([2.0**-10, 1 - 2.0**-10], [2.0**-10 + 2.0**-40, 1 - 2.0**-10 - 2.0**-40]), ([0.875, 0.125], [0.125, 0.875]),
]
VALUES = [
    ("normal", (0.0, 1.0), (0.5, 1.25)), ("normal", (0.0, 1.0), (2.0**-20, 1.0)), ("normal", (0.0, 1.0), (3.0, 1.0)),
    ("normal", (0.0, 2.0), (0.0, 1.0)), ("exponential", (1.0,), (1.5,)), ("exponential", (1.0,), (1.0 + 2.0**-20,)),
    ("exponential", (1.0,), (4.0,)), ("poisson", (3.0,), (4.0,)), ("poisson", (3.0,), (3.0 + 2.0**-20,)),
    ("poisson", (2.0,), (9.0,)),
]
COLUMNS = [
    "family", "p", "q", "entropy_p", "entropy_q", "cross_entropy", "jensen_shannon", "total_variation", "hellinger_squared",
    "chi_squared", "bhattacharyya", "renyi_half", "renyi_two", "chernoff", "chernoff_order",
]


HALVINGS = 150


def halved(slope):
    low, high = mpf(0), mpf(1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2


def text(value):
    return "" if value is None else "inf" if value == inf else nstr(value, 25) if value else "0"


def common(power, slope, uncovered, second, varies=True):
    """From a ↦ Σ pᵃ q¹⁻ᵃ, its slope and Σ p²/q, which is none for infinite; the power may be the same for every order."""
    half = power(mpf("0.5"))
    chi = inf if uncovered or second is None else second - 1
    distance = -log(half) if half else inf
    order = halved(slope) if half and half != 1 and varies else None
    information = -log(power(order)) if order is not None else distance
    two = inf if chi == inf else log(1 + chi)
    return [1 - half, chi, distance, 2 * distance, two, information, order]


def of_symbols(p, q):
    p, q = [mpf(x) for x in p], [mpf(x) for x in q]
    both = [(a, b) for a, b in zip(p, q) if a and b]
    uncovered = any(a and not b for a, b in zip(p, q))
    entropy = lambda x: -sum(a * log(a) for a in x if a)
    cross = inf if uncovered else -sum(a * log(b) for a, b in both)
    middle = [(a + b) / 2 for a, b in zip(p, q)]
    jensen = entropy(middle) - (entropy(p) + entropy(q)) / 2
    total = sum(abs(a - b) for a, b in zip(p, q)) / 2
    power = lambda s: sum(a**s * b ** (1 - s) for a, b in both)
    slope = lambda s: sum(a**s * b ** (1 - s) * log(a / b) for a, b in both)
    second = sum(a * a / b for a, b in both)
    return [entropy(p), entropy(q), cross, jensen, total] + common(power, slope, uncovered, second, any(a != b for a, b in both))


def of_values(family, p, q):
    def density(parameters, x):
        if family == "normal":
            mean, deviation = map(mpf, parameters)
            return exp(-((x - mean) ** 2) / (2 * deviation**2)) / (deviation * sqrt(2 * pi))
        rate = mpf(parameters[0])
        return rate * exp(-rate * x) if family == "exponential" else exp(-rate) * rate**x / factorial(x)

    def over(f):
        if family == "poisson":
            return sum(f(mpf(k)) for k in range(250))
        return quad(f, [0, 1, 4, 10, 30, 80, 200] if family == "exponential" else [-60, -20, -8, -3, 0, 3, 8, 20, 60])

    at = lambda x: (density(p, x), density(q, x))

    def power(s):
        return over(lambda x: at(x)[0] ** s * at(x)[1] ** (1 - s))

    def slope(s):
        return over(lambda x: at(x)[0] ** s * at(x)[1] ** (1 - s) * log(at(x)[0] / at(x)[1]))

    heavy = (family == "normal" and p[1] ** 2 >= 2 * q[1] ** 2) or (family == "exponential" and q[0] >= 2 * p[0])
    second = None if heavy else power(mpf(2))
    return [None] * 5 + common(power, slope, False, second)


mp_rows = csv.writer(sys.stdout, lineterminator="\n")
mp_rows.writerow(COLUMNS)
listed = lambda numbers: " ".join(repr(float(x)) for x in numbers)
for p, q in SYMBOLS:
    mp_rows.writerow(["categorical", listed(p), listed(q)] + [text(x) for x in of_symbols(p, q)])
# The information is flat about its order, so that fewer halvings give as many of its digits.
mp.dps, HALVINGS = 30, 48
for family, p, q in VALUES:
    mp_rows.writerow([family, listed(p), listed(q)] + [text(x) for x in of_values(family, p, q)])
