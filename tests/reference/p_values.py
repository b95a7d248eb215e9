"""Reference p-values of means and of mean squares, from exact laws.

Run it in this folder; it needs Python only, takes a minute and writes p_values.csv with the columns

    quantity, pair, p, q, n, trials, at, p_value

where p and q are the weights of a categorical pair, or the rates of an exponential one; `at` is the mean of the log
ratios of all symbols less its expectation (quantity mean), or the mean of (L - D)^2 over its expectation (quantity
variance, of `trials` trials of `n` symbols); p_value is min(1, 2 min(P(X <= at), P(X >= at))).

The method is not the program's. Counts are summed in whole numbers:

    lattice    the log ratios are whole multiples of ln 2, or the squares of whole numbers: by convolution,
    two steps  they are a ln 2 + b ln 3: by convolution over (a, b),
    vectors    every vector of counts has its multinomial probability,

and where L has a density or too many values, the law of a mean square comes from its characteristic function phi,

    P(X <= x) = 1/2 - 1/pi * integral over t > 0 of Im(e^(-itx) phi(t)^R)/t

(Gil-Pelaez 1951, "Note on the inversion theorem"), with trapezoid sums whose step is halved as a check.
"""

import cmath
import csv
import sys
from collections import defaultdict
from fractions import Fraction
from itertools import product
from math import comb, exp, fsum, lgamma, log, pi, sqrt

WRITTEN = []


def write(quantity, pair, p, q, n, trials, law, mean, scale):
    """`law` has (value, probability), by rising value: some of its values down to a p-value of 1e-6."""
    values = [value for value, _ in law]
    masses = [float(mass) for _, mass in law]
    below, above, total = [], [], 0.0
    for mass in masses:
        total += mass
        below.append(total)
    total = 0.0
    for mass in reversed(masses):
        total += mass
        above.append(total)
    above.reverse()
    wanted = [0.9, 0.5, 0.2, 0.1, 0.05, 0.02, 1e-2, 1e-3, 1e-4, 1e-5, 2e-6]
    places = set()
    for level in wanted:
        upper = [i for i in range(len(law)) if 2 * above[i] >= level and masses[i] > 1e-12 * level]
        lower = [i for i in range(len(law)) if 2 * below[i] >= level and masses[i] > 1e-12 * level]
        places |= {upper[-1], lower[0]}
    for i in sorted(places):
        truth = min(1.0, 2 * min(below[i], above[i]))
        if truth >= 1e-6:
            WRITTEN.append([quantity, pair, p, q, n, trials, repr((values[i] - mean) / scale), repr(truth)])


def text(weights):
    return ";".join(repr(weight) for weight in weights)


def convolved(steps, count):
    """The law of a sum of `count` steps, as whole numbers of ways; steps are {tuple: ways}."""
    law = {tuple(0 for _ in next(iter(steps))): 1}
    for _ in range(count):
        following = defaultdict(int)
        for place, ways in law.items():
            for step, more in steps.items():
                following[tuple(a + b for a, b in zip(place, step))] += ways * more
        law = following
    return law


def as_law(ways, value):
    total = sum(ways.values())
    return sorted((value(place), Fraction(number, total) if total < 10**300 else number / total) for place, number in ways.items())


def lattice_means():
    p, q = [0.5, 0.25, 0.125, 0.125], [0.125, 0.125, 0.25, 0.5]
    steps = {(2,): 4, (1,): 2, (-1,): 1, (-2,): 1}
    mean = log(2) * fsum(a * b for a, b in zip(p, [2, 1, -1, -2]))
    for count in (100, 400):
        law = as_law(convolved(steps, count), lambda place: place[0] * log(2) / count)
        write("mean", "categorical", text(p), text(q), count, 1, law, mean, 1.0)


def two_step_means():
    p, q = [0.4, 0.3, 0.15, 0.1, 0.05], [0.2] * 5
    steps = {(1, 0): 8, (-1, 1): 6, (-2, 1): 3, (-1, 0): 2, (-2, 0): 1}
    mean = fsum(a * log(a / b) for a, b in zip(p, q))
    for count in (100, 200):
        law = as_law(convolved(steps, count), lambda place: (place[0] * log(2) + place[1] * log(3)) / count)
        write("mean", "categorical", text(p), text(q), count, 1, law, mean, 1.0)


def vectors(count, p, values, most):
    """Every vector of counts, the last but one of at most `most` each, with the sum of its values."""
    law = []
    logs = [log(mass) for mass in p]
    factorials = [lgamma(k + 1) for k in range(count + 1)]

    def go(symbol, left, weight, total):
        if symbol == len(p) - 1:
            law.append((total + left * values[symbol], exp(weight + left * logs[symbol] - factorials[left])))
            return
        for k in range(min(left, most[symbol]) + 1):
            go(symbol + 1, left - k, weight + k * logs[symbol] - factorials[k], total + k * values[symbol])

    go(0, count, factorials[count], 0.0)
    law.sort()
    merged = [list(law[0])]
    for value, mass in law[1:]:
        if value - merged[-1][0] < 1e-10:
            merged[-1][1] += mass
        else:
            merged.append([value, mass])
    return merged


def rare_means():
    p, q = [0.001, 0.099, 0.2, 0.7], [0.25] * 4
    values = [log(a / b) for a, b in zip(p, q)]
    mean = fsum(a * b for a, b in zip(p, values))
    for count, most in ((100, [100] * 3), (1000, [16, 180, 320])):
        law = [(value / count, mass) for value, mass in vectors(count, p, values, most)]
        write("mean", "categorical", text(p), text(q), count, 1, law, mean, 1.0)


def variances_of_counts():
    for p, q in (([0.5, 0.5], [0.4, 0.6]), ([0.3, 0.7], [0.6, 0.4])):
        n, centre, whole = 10, round(10 * p[0]), 10
        heads = round(10 * p[0])
        steps = defaultdict(int)
        for k in range(n + 1):
            steps[((k - centre) ** 2,)] += comb(n, k) * heads**k * (whole - heads) ** (n - k)
        for trials in (100, 400):
            law = as_law(convolved(steps, trials), lambda place: place[0] / trials)
            write("variance", "categorical", text(p), text(q), n, trials, law, 0.0, n * p[0] * p[1])


def variance_of_symbols():
    p, q = [0.05, 0.1, 0.15, 0.3, 0.4], [0.2] * 5
    values = [log(a / b) for a, b in zip(p, q)]
    mean = fsum(a * b for a, b in zip(p, values))
    squares = [(value - mean) ** 2 for value in values]
    variance = fsum(a * b for a, b in zip(p, squares))
    law = [(value / 100, mass) for value, mass in vectors(100, p, squares, [40, 55, 70, 100])]
    write("variance", "categorical", text(p), text(q), 1, 100, law, 0.0, variance)


def inverted(atoms, trials, places, step):
    """P(mean of `trials` squares <= x) at each of `places`; atoms are (square, mass)."""
    terms, t = [], 0.5 * step
    while True:
        phi = sum(mass * cmath.exp(1j * t * square) for square, mass in atoms) ** trials
        terms.append((t, phi))
        if abs(phi) < 1e-17 and t > 10 * step:
            break
        t += step
    found = []
    for place in places:
        total = fsum((cmath.exp(-1j * t * trials * place) * phi).imag / t for t, phi in terms)
        found.append(0.5 - total * step / pi)
    return found


def write_inverted(pair, p, q, n, trials, atoms, only_below):
    places = [0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.97] + ([] if only_below else [1.03, 1.1, 1.25, 1.4, 1.6, 1.8])
    coarse, fine = (inverted(atoms, trials, places, step) for step in (0.01, 0.007))
    for place, one, other in zip(places, coarse, fine):
        assert abs(one - other) < 1e-11, (place, one, other)
        truth = min(1.0, 2 * min(other, 1 - other))
        if truth > 1e-6:
            WRITTEN.append(["variance", pair, p, q, n, trials, repr(place), repr(truth)])


def variances_of_means():
    p, q = [0.4, 0.3, 0.15, 0.1, 0.05], [0.2] * 5
    steps = {(1, 0): 8, (-1, 1): 6, (-2, 1): 3, (-1, 0): 2, (-2, 0): 1}
    mean = fsum(a * log(a / b) for a, b in zip(p, q))
    variance = fsum(a * (log(a / b) - mean) ** 2 for a, b in zip(p, q))
    for n in (20, 60):
        law = as_law(convolved(steps, n), lambda place: place[0] * log(2) + place[1] * log(3))
        atoms = [((value - n * mean) ** 2 / (n * variance), float(mass)) for value, mass in law if mass > 1e-18]
        write_inverted("categorical", text(p), text(q), n, 100, atoms, False)
    # L of an exponential pair is linear in a gamma number of shape n.
    for n in (4, 40):
        width = 0.01 * sqrt(n) / 2
        numbers = [width * (k + 0.5) for k in range(int((n + 12 * sqrt(n) + 40) / width))]
        masses = [exp((n - 1) * log(x) - x - lgamma(n)) * width for x in numbers]
        total = fsum(masses)
        atoms = [((x - n) ** 2 / n, mass / total) for x, mass in zip(numbers, masses) if mass > 1e-18]
        write_inverted("exponential", "1.0", "2.0", n, 100, atoms, True)


for made in (lattice_means, two_step_means, rare_means, variances_of_counts, variance_of_symbols, variances_of_means):
    made()
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["quantity", "pair", "p", "q", "n", "trials", "at", "p_value"])
writer.writerows(WRITTEN)
