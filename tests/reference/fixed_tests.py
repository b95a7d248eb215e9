"""Makes fixed_tests.csv: tests of fixed length between P and Q by their definitions in 60-digit arithmetic, at the exact doubles
printed; weights of symbols are divided by their exact sum.

Coins: binomial sums over all counts. Several symbols: all vectors of counts, with multinomial chances. Normal, exponential, gamma and
Poisson numbers: the law of the sum, by mpmath's erfc and incomplete gamma functions and by sums. A test decides P where
Λ = Σ ln(p/q) >= threshold - room, room = 1e-12 N max |ln(p/q)| for symbols, 1e-12 (N |c| + |threshold|) for counts with log ratio
c + l k, else 0.

Columns: the chance to decide Q under P, to decide P under Q, to decide Q under S at the threshold; of the Neyman-Pearson test at level
`level`: its alpha and beta, the value and the mass under P of the first atom that decides P, the chance to decide Q there that
makes alpha the level, and beta then. A chance below 1e-300 is not printed.

    python3 fixed_tests.py > fixed_tests.csv

Needs: pip install mpmath
"""

import csv
import sys
from fractions import Fraction

from mpmath import binomial, erfc, exp, factorial, findroot, gammainc, inf, log, mp, mpf, nstr, sqrt

mp.dps = 60
COLUMNS = [
    "family", "p", "q", "s", "n", "threshold", "level", "p_decides_q", "q_decides_p", "s_decides_q", "alpha", "beta",
    "atom_value", "atom_mass", "randomisation", "randomised_beta",
]


def exact(weights):
    parts = [Fraction(weight) for weight in weights]
    return [mpf((part / sum(parts)).numerator) / mpf((part / sum(parts)).denominator) for part in parts]


def ratio(p, q):
    if p == 0 and q == 0:
        return mpf(0)
    return inf if q == 0 else -inf if p == 0 else log(p / q)


def vectors(n, size):
    if size == 1:
        yield (n,)
        return
    for count in range(n + 1):
        for rest in vectors(n - count, size - 1):
            yield (count, *rest)


def atoms(laws, ratios, n):
    """Value of the log ratio, and its mass under each law; none has both infinities here."""
    found = []
    # Powers by index: of a chance 0 the power 0 is 1.
    tables = [[[mpf(1)] for _ in ratios] for _ in laws]
    for law, table in zip(laws, tables):
        for chance, powers in zip(law, table):
            for _ in range(n):
                powers.append(powers[-1] * chance)
    factorials = [factorial(k) for k in range(n + 1)]
    for counts in vectors(n, len(ratios)):
        signs = {x for x, count in zip(ratios, counts) if count and abs(x) == inf}
        if len(signs) == 2:
            continue
        value = signs.pop() if signs else sum(x * count for x, count in zip(ratios, counts) if count)
        ways = factorials[n]
        for count in counts:
            ways /= factorials[count]
        masses = []
        for table in tables:
            mass = ways
            for powers, count in zip(table, counts):
                mass *= powers[count]
            masses.append(mass)
        found.append((value, masses))
    return found


def merged(found):
    found = sorted(found, key=lambda atom: atom[0])
    kept = []
    for value, masses in found:
        if kept and (value == kept[-1][0] or (abs(value) < inf and abs(value - kept[-1][0]) < mpf(10) ** -40)):
            kept[-1] = (kept[-1][0], [a + b for a, b in zip(kept[-1][1], masses)])
        else:
            kept.append((value, masses))
    return kept


def neyman_pearson(found, level):
    """Of atoms (value, [mass under P, mass under Q, ...]) by rising value."""
    alpha, place = mpf(0), 0
    while found[place][1][0] + alpha <= level:
        alpha += found[place][1][0]
        place += 1
    value, masses = found[place]
    beta = sum(masses[1] for _, masses in found[place:])
    randomisation = (level - alpha) / masses[0]
    return [alpha, beta, value, masses[0], randomisation, beta - randomisation * masses[1]]


def symbols(p, q, s, n, threshold, level):
    laws = [exact(side) for side in (p, q, s)]
    ratios = [ratio(a, b) for a, b in zip(*laws[:2])]
    found = merged(atoms(laws, ratios, n))
    room = mpf("1e-12") * n * max((abs(x) for x in ratios if abs(x) < inf), default=0)
    least = mpf(threshold) - room
    chance = lambda law, decides_p: sum((m[law] for v, m in found if (v >= least) == decides_p), mpf(0))
    # Not where Q has mass on what P lacks alone: there is no atom of P.
    possible = [atom for atom in found if atom[1][0] > 0 or atom[0] == -inf]
    return [chance(0, False), chance(1, True), chance(2, False)] + neyman_pearson(possible, mpf(level))


def upper(z):
    return erfc(z / sqrt(mpf(2))) / 2


def normal(p, q, s, n, threshold, level):
    (m, d), (m2, _), (m3, d3) = [[mpf(x) for x in side] for side in (p, q, s)]
    # X = b x + a.
    b = (m - m2) / d**2
    a = (m2**2 - m**2) / (2 * d**2)
    z = lambda mean, dev, t: (t - n * (a + b * mean)) / (abs(b) * dev * sqrt(mpf(n)))
    t = mpf(threshold)
    quantile = findroot(lambda x: log(upper(x)) - log(mpf(level)), mpf(2))
    cut = n * (a + b * m) - quantile * abs(b) * d * sqrt(mpf(n))
    beta = upper(z(m2, d, cut))
    return [upper(-z(m, d, t)), upper(z(m2, d, t)), upper(-z(m3, d3, t)), mpf(level), beta, None, None, 0, beta]


def gamma_sum(shape, rates, constant, slope, n, threshold, level):
    """X = constant + slope x, x of a gamma law of this shape: rates of P, Q and S."""
    low = lambda rate, x: gammainc(n * shape, 0, rate * x, regularized=True) if x > 0 else mpf(0)
    high = lambda rate, x: gammainc(n * shape, rate * x, inf, regularized=True) if x > 0 else mpf(1)
    below, above = (low, high) if slope > 0 else (high, low)
    cut = lambda t: (t - n * constant) / slope
    a, b, c = rates
    t = cut(mpf(threshold))
    mean = n * shape / a
    left, right = mpf(0), 50 * mean + 50 * shape
    for _ in range(220):
        middle = (left + right) / 2
        passes = below(a, middle) > mpf(level)
        if passes == (slope > 0):
            right = middle
        else:
            left = middle
    beta = above(b, left)
    return [below(a, t), above(b, t), below(c, t) if c else None, mpf(level), beta, None, None, 0, beta]


def exponential(p, q, s, n, threshold, level):
    a, b, c = mpf(p[0]), mpf(q[0]), mpf(s[0])
    return gamma_sum(mpf(1), (a, b, c), log(a / b), b - a, n, threshold, level)


def gamma(p, q, s, n, threshold, level):
    (k, a), (_, b) = [[mpf(x) for x in side] for side in (p, q)]
    return gamma_sum(k, (a, b, None), k * log(a / b), b - a, n, threshold, level)


def normal_spread(p, q, s, n, threshold, level):
    """Of one mean: x^2 is of the gamma law with shape 1/2 and rate 1/(2 variance)."""
    a, b = mpf(p[1]), mpf(q[1])
    rates = (1 / (2 * a**2), 1 / (2 * b**2), None)
    return gamma_sum(mpf(1) / 2, rates, log(b / a), 1 / (2 * b**2) - 1 / (2 * a**2), n, threshold, level)


def counts(masses, constant, slope, n, threshold, level):
    """X = constant + slope k: the masses of the sum under P, Q and maybe S."""
    found = [(n * constant + slope * k, list(mass)) for k, mass in enumerate(zip(*masses))]
    found.sort(key=lambda atom: atom[0])
    least = mpf(threshold) - mpf("1e-12") * (n * abs(constant) + abs(mpf(threshold)))
    chance = lambda law, decides_p: sum((m[law] for v, m in found if (v >= least) == decides_p), mpf(0))
    third = chance(2, False) if len(masses) == 3 else None
    return [chance(0, False), chance(1, True), third] + neyman_pearson(found, mpf(level))


def poisson(p, q, s, n, threshold, level):
    a, b, c = mpf(p[0]), mpf(q[0]), mpf(s[0])
    most = int(n * max(a, b, c) * 6 + 400)
    masses = [[exp(-n * rate) * (n * rate) ** k / factorial(k) for k in range(most)] for rate in (a, b, c)]
    return counts(masses, b - a, log(a / b), n, threshold, level)


def geometric(p, q, s, n, threshold, level):
    a, b = mpf(p[0]), mpf(q[0])
    most = int(n / min(a, b) * 8 + 3000)
    masses = [[binomial(n + k - 1, k) * rate**n * (1 - rate) ** k for k in range(most)] for rate in (a, b)]
    return counts(masses, log(a / b), log((1 - a) / (1 - b)), n, threshold, level)


FAMILIES = {
    "categorical": symbols, "normal": normal, "exponential": exponential, "gamma": gamma, "normal_spread": normal_spread,
    "poisson": poisson, "geometric": geometric,
}
CASES = [
    *(
        ("categorical", p, q, s, n, threshold, level)
        for p, q, s, thresholds, levels, lengths in [
            ([0.5, 0.5], [0.4, 0.6], [0.45, 0.55], [0.0, 1.5], [0.05, 1e-6], [1, 10, 100, 1000, 10000]),
            ([0.6, 0.4], [0.4, 0.6], [0.5, 0.5], [0.0, -4.0], [0.05, 1e-3], [10, 101, 2000]),
            ([0.02, 0.98], [0.04, 0.96], [0.01, 0.99], [0.0, -2.0], [0.01], [50, 3000]),
            ([0.5, 0.5], [0.5 + 2.0**-20, 0.5 - 2.0**-20], [0.5, 0.5], [0.0, 1e-5], [0.05], [500]),
            ([0.5, 0.5], [1.0, 0.0], [0.25, 0.75], [0.0, -3.0], [0.05, 0.001], [3, 9]),
            ([1.0, 0.0], [0.5, 0.5], [0.25, 0.75], [0.0, 3.0], [0.05], [3, 9]),
            ([0.25, 0.75, 0.0], [0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.0, -1.0], [0.05], [5, 40]),
            ([0.2, 0.3, 0.5], [0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.0, 2.5], [0.05, 1e-9], [1, 12, 90]),
            ([0.25, 0.25, 0.5], [0.5, 0.25, 0.25], [0.125, 0.375, 0.5], [0.0], [0.05], [8, 60]),
            ([0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25], [0.0, -3.0], [0.01], [4, 30]),
            ([0.1, 0.2, 0.3, 0.2, 0.2], [0.2, 0.2, 0.2, 0.3, 0.1], [0.2, 0.2, 0.2, 0.2, 0.2], [0.0, 1.0], [0.1], [3, 16]),
        ]
        for threshold in thresholds
        for level in levels
        for n in lengths
    ),
    *(
        (family, p, q, s, n, threshold, level)
        for family, p, q, s in [
            ("normal", [0.25, 1.0], [0.0, 1.0], [0.5, 2.0]),
            ("normal", [-1.0, 2.0], [1.0, 2.0], [0.0, 1.0]),
            ("exponential", [1.0], [2.0], [1.5]),
            ("exponential", [2.0], [1.5], [1.0]),
            ("gamma", [2.5, 1.0], [2.5, 1.25], []),
            ("normal_spread", [0.0, 1.0], [0.0, 1.5], []),
            ("poisson", [3.0], [2.5], [4.0]),
            ("poisson", [0.5], [0.75], [0.25]),
            ("geometric", [0.5], [0.375], []),
            ("geometric", [0.25], [0.5], []),
        ]
        for threshold in [0.0, -2.0, 3.5]
        for level in ([0.05, 1e-4] if threshold == 0.0 else [0.01])
        for n in [1, 20, 300]
    ),
]


def shown(value):
    if value is None:
        return ""
    if value == inf or value == -inf:
        return "inf" if value > 0 else "-inf"
    return "0" if abs(value) < mpf(10) ** -300 else nstr(value, 25)


def main():
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(COLUMNS)
    words = lambda side: " ".join(repr(x) for x in side)
    for family, p, q, s, n, threshold, level in CASES:
        if family == "normal":
            level = float(level)
        found = FAMILIES[family](p, q, s, n, threshold, level)
        rows.writerow([family, words(p), words(q), words(s), n, repr(threshold), repr(level), *map(shown, found)])


main()
