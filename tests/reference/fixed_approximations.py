"""Makes fixed_approximations.csv: approximations of the error rates of tests of fixed length, and the smallest lengths, in 50-digit
arithmetic, at the exact doubles printed.

D, V and K(u) = ln sum p (p/q)^u are sums over symbols, or textbook formulas for normal, exponential and Poisson numbers; the tilt is found by
halving K'. The exponents are I_P(x) = ux - K(u) and I_Q(x) = (u + 1) x - K(u) where K'(u) = x, each held at 0 on the far side of its
mean. Of Bahadur and Rao's formula the lattice form is taken for two symbols and for Poisson numbers, x then the atom next to the threshold.
Lengths are of coins: every length from 1 on is tried with exact binomial sums of fractions of integers, `length_smallest` is the first at
which the most powerful test that is not randomised keeps to both rates, `length_always` the first from which all up to 4 times the
largest failing one do.

    python3 fixed_approximations.py > fixed_approximations.csv

Needs: pip install mpmath
"""

import csv
import sys
from fractions import Fraction

from mpmath import ceil, diff, erfc, erfinv, exp, log, mp, mpf, nstr, pi, sqrt

mp.dps = 50
COLUMNS = [
    "family", "p", "q", "n", "threshold", "level", "chernoff_alpha", "chernoff_beta", "hoeffding", "stein", "strassen",
    "bahadur_rao_alpha", "bahadur_rao_beta", "normal_alpha", "normal_beta", "length_smallest", "length_always",
]


class Pair:
    """K with its first two derivatives, and the lattice of one log ratio: start and span, or None."""

    def __init__(self, family, p, q):
        a, b = [[mpf(x) for x in side] for side in (p, q)]
        self.lattice, self.ends = None, (mpf(-8), mpf(8))
        if family == "categorical":
            a, b = [[x / sum(side) for x in side] for side in (a, b)]
            terms = [(x, log(x / y)) for x, y in zip(a, b)]
            weights = lambda u: [(m * exp(u * x), x) for m, x in terms]
            self.k = lambda u: log(sum(w for w, _ in weights(u)))
            self.slope = lambda u: sum(w * x for w, x in weights(u)) / sum(w for w, _ in weights(u))
            if len(a) == 2:
                low, high = sorted(x for _, x in terms)
                self.lattice = (low, high - low)
        elif family == "normal":
            (m, d), (m2, _) = a, b
            t = (m - m2) / d
            self.k = lambda u: t * t / 2 * (u + u * u)
            self.slope = lambda u: t * t / 2 * (1 + 2 * u)
        elif family == "exponential":
            r, s = a[0], b[0]
            # X = ln(r/s) + (s - r) x, with K finite below r/(s - r) for s > r.
            self.ends = (mpf(-8), r / (s - r) * mpf("0.99"))
            self.k = lambda u: u * log(r / s) + log(r / (r - u * (s - r)))
            self.slope = lambda u: log(r / s) + (s - r) / (r - u * (s - r))
        elif family == "poisson":
            r, s = a[0], b[0]
            self.k = lambda u: u * (s - r) + r * ((r / s) ** u - 1)
            self.slope = lambda u: s - r + r * (r / s) ** u * log(r / s)
            self.lattice = (s - r, abs(log(r / s)))

    def curvature(self, u):
        return diff(self.slope, u)

    def tilt(self, x, low, high):
        for _ in range(180):
            middle = (low + high) / 2
            low, high = (middle, high) if self.slope(middle) < x else (low, middle)
        return (low + high) / 2

    def exponents(self, x):
        """Value and tilt under P, and under Q."""
        low, high = self.ends
        if not self.slope(low) < x < self.slope(high):
            raise ValueError("the tilt is out of reach")
        u = self.tilt(x, low, high)
        of_p = (u * x - self.k(u), u) if u < 0 else (mpf(0), mpf(0))
        of_q = ((u + 1) * x - self.k(u), u + 1) if u > -1 else (mpf(0), mpf(0))
        return of_p, of_q


def upper(z):
    return erfc(z / sqrt(mpf(2))) / 2


def bahadur_rao(pair, n, x, which):
    value, s = pair.exponents(x)[which]
    if s == 0:
        return None
    u = s if which == 0 else s - 1
    s = abs(s)
    step = pair.lattice[1] / (1 - exp(-pair.lattice[1] * s)) if pair.lattice else 1 / s
    return -n * value + log(step / sqrt(2 * pi * n * pair.curvature(u)))


def approximations(family, p, q, n, threshold, level):
    pair, t, level = Pair(family, p, q), mpf(threshold), mpf(level)
    d, v = pair.slope(mpf(0)), pair.curvature(mpf(0))
    d_q, v_q = -pair.slope(mpf(-1)), pair.curvature(mpf(-1))
    of_p, of_q = pair.exponents(t / n)
    # Where the exponent under P is ln(1/level)/n.
    low, high = pair.ends[0], mpf(0)
    for _ in range(180):
        middle = (low + high) / 2
        is_more = middle * pair.slope(middle) - pair.k(middle) > -log(level) / n
        low, high = (middle, high) if is_more else (low, middle)
    u = (low + high) / 2
    hoeffding = -n * ((u + 1) * pair.slope(u) - pair.k(u)) if u > -1 else mpf(0)
    z = sqrt(mpf(2)) * erfinv(2 * level - 1)
    strassen = -(n * d + sqrt(n * v) * z + log(mpf(n)) / 2)
    below = at = t
    if pair.lattice:
        start, span = pair.lattice
        steps = ceil((t - n * start) / span)
        below, at = n * start + (steps - 1) * span, n * start + steps * span
    rao = [bahadur_rao(pair, n, x / n, which) for which, x in enumerate((below, at))]
    normal = [log(upper((n * d - t) / sqrt(n * v))), log(upper((t + n * d_q) / sqrt(n * v_q)))]
    found = [-n * of_p[0], -n * of_q[0], hoeffding, -n * d, strassen, *rao, *normal]
    # What says a chance above 1 says nothing.
    return [x if x is not None and x <= 0 else None for x in found]


def lengths(p, q, alpha, beta):
    """Of coins with q < p at the first symbol: few of it speak for Q."""
    (a, b), (c, d) = [[int(x * 100) for x in side] for side in (p, q)]
    alpha, beta = Fraction(alpha), Fraction(beta)
    smallest, last_failing, n = None, 0, 0
    row = [1]
    while n < 4 * last_failing + 20:
        n += 1
        row = [1, *(x + y for x, y in zip(row, row[1:])), 1]
        rejected, chance, missed = 0, 0, 0
        while True:
            more = row[rejected] * a**rejected * b ** (n - rejected)
            if Fraction(chance + more, 100**n) > alpha:
                break
            chance += more
            missed += row[rejected] * c**rejected * d ** (n - rejected)
            rejected += 1
        if 1 - Fraction(missed, 100**n) <= beta:
            smallest = smallest or n
        else:
            last_failing = n
    return smallest, last_failing + 1


CASES = [
    ("categorical", [0.5, 0.5], [0.4, 0.6], [100, 10000], [-2.0, 0.0, 1.5]),
    ("categorical", [0.1, 0.9], [0.2, 0.8], [100, 1000], [-2.0, 0.0, 1.5]),
    ("categorical", [0.2, 0.3, 0.5], [0.5, 0.25, 0.25], [50, 1000], [-2.0, 0.0]),
    ("normal", [0.25, 1.0], [0.0, 1.0], [10, 1000], [-1.0, 0.0, 2.0]),
    ("exponential", [1.0], [1.25], [30, 1000], [-1.0, 0.0, 2.0]),
    ("poisson", [3.0], [2.5], [30, 1000], [-1.0, 0.0, 2.0]),
    ("poisson", [0.5], [0.75], [30, 1000], [-1.0, 0.5]),
]
LENGTHS = [
    ([0.5, 0.5], [0.4, 0.6], 0.0625, 0.0625), ([0.5, 0.5], [0.25, 0.75], 0.05, 0.1), ([0.75, 0.25], [0.25, 0.75], 0.01, 0.01),
    ([0.9, 0.1], [0.75, 0.25], 0.05, 0.2),
]


def main():
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(COLUMNS)
    words = lambda side: " ".join(repr(x) for x in side)
    for family, p, q, sizes, thresholds in CASES:
        for n in sizes:
            for threshold in thresholds:
                level = 0.05 if threshold >= 0 else 1e-6
                found = approximations(family, p, q, n, threshold, level)
                shown = ["" if x is None else nstr(x, 25) for x in found]
                rows.writerow([family, words(p), words(q), n, repr(threshold), repr(level), *shown, "", ""])
    for p, q, alpha, beta in LENGTHS:
        found = lengths(p, q, alpha, beta)
        rows.writerow(["lengths", words(p), words(q), "", repr(beta), repr(alpha), *[""] * 9, *found])


main()
