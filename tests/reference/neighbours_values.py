"""Makes neighbours_values.csv: entropies, distances and divergences of pairs of counts and of numbers by their definitions, in
arithmetic of 35 digits and more at the exact doubles printed. Counts are summed until nothing is left. Densities are integrated by 48 points
of Gauss and Legendre on each segment between places c ± s 2^k about each centre c and end, and the places where p = q; their
masses must sum to 1. What is infinite is marked by hand from the tails: "c" for the cross-entropy, "2" for order 2, "3" for
order 3.

    python3 neighbours_values.py > neighbours_values.csv

Needs: pip install mpmath
"""

import csv
import sys

from mpmath import exp, fsum, gamma, inf, isinf, log, log1p, loggamma, mp, mpf, nstr, pi, sqrt
from mpmath.calculus.quadrature import GaussLegendre

mp.dps = 35
NODES = GaussLegendre(mp).calc_nodes(5, mp.prec + 20)
TINY = 2.0**-20


def normal(m, s):
    return lambda x: -((x - m) ** 2) / (2 * s * s) - log(s * sqrt(2 * pi))


def normal_mass(m, s, low, high):
    below = lambda x: mp.ncdf((x - m) / s)
    return below(high) - below(low)


# ln of the density, the support, and centres with scales.
FAMILIES = {
    "normal": lambda m, s: (normal(m, s), (-inf, inf), [(m, s)]),
    "student_t": lambda m, s, v: (
        lambda x: loggamma((v + 1) / 2) - loggamma(v / 2) - log(v * pi) / 2 - log(s) - (v + 1) / 2 * log1p(((x - m) / s) ** 2 / v),
        (-inf, inf), [(m, s)]),
    "cauchy": lambda m, s: (lambda x: -log(pi * s) - log1p(((x - m) / s) ** 2), (-inf, inf), [(m, s)]),
    "laplace": lambda m, s: (lambda x: -abs(x - m) / s - log(2 * s), (-inf, inf), [(m, s)]),
    "logistic": lambda m, s: (lambda x: -abs(x - m) / s - log(s) - 2 * log1p(exp(-abs(x - m) / s)), (-inf, inf), [(m, s)]),
    "gumbel": lambda m, s: (lambda x: -(x - m) / s - exp(-(x - m) / s) - log(s), (-inf, inf), [(m, s)]),
    "exponential": lambda r: (lambda x: log(r) - r * x, (mpf(0), inf), [(mpf(0), 1 / r)]),
    "gamma": lambda a, r: (lambda x: a * log(r) + (a - 1) * log(x) - r * x - loggamma(a), (mpf(0), inf), [(mpf(0), 1 / r), (a / r, sqrt(a) / r)]),
    "inverse_gamma": lambda a, b: (lambda x: a * log(b) - (a + 1) * log(x) - b / x - loggamma(a), (mpf(0), inf), [(mpf(0), b / a)]),
    "lognormal": lambda m, s: (lambda x: normal(m, s)(log(x)) - log(x), (mpf(0), inf), [(mpf(0), exp(m))]),
    "weibull": lambda k, s: (lambda x: log(k / s) + (k - 1) * log(x / s) - (x / s) ** k, (mpf(0), inf), [(mpf(0), s)]),
    "pareto": lambda s, a: (lambda x: log(a) + a * log(s) - (a + 1) * log(x), (s, inf), [(s, s / a)]),
    "beta": lambda a, b: (lambda x: (a - 1) * log(x) + (b - 1) * log1p(-x) + loggamma(a + b) - loggamma(a) - loggamma(b),
                          (mpf(0), mpf(1)), [(mpf(0), mpf("0.5")), (mpf(1), mpf("0.5"))]),
    "uniform": lambda a, b: (lambda x: -log(b - a), (a, b), [(a, b - a)]),
    "truncated_normal": lambda m, s, a, b: (lambda x, c=log(normal_mass(m, s, a, b)): normal(m, s)(x) - c, (a, b), [(m, s), (a, s), (b, s)]),
    "poisson": lambda r: (lambda k: k * log(r) - r - loggamma(k + 1) if r else mpf(0), (0, inf if r else 0), []),
    "geometric": lambda p: (lambda k: log(p) + k * log1p(-p), (0, inf), []),
    "negative_binomial": lambda r, p: (
        lambda k: loggamma(k + r) - loggamma(k + 1) - loggamma(r) + r * log(p) + k * log1p(-p), (0, inf), []),
    "binomial": lambda n, p: (
        lambda k: loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p), (0, n), []),
}
COUNTS = [
    ("poisson 3.0", "poisson 4.0", ""), (f"poisson 3.0", f"poisson {3 + TINY!r}", ""), ("poisson 2.0", "poisson 9.0", ""),
    ("poisson 0.5", "poisson 40.0", ""), ("poisson 1000.0", "poisson 1010.0", ""), ("poisson 0.0", "poisson 2.0", ""),
    ("poisson 2.0", "poisson 0.0", "c23"), ("geometric 0.5", "geometric 0.375", ""), ("geometric 0.5", f"geometric {0.5 + TINY!r}", ""),
    ("geometric 0.25", "geometric 0.5", "23"), ("geometric 0.5", "poisson 1.0", "23"), ("poisson 1.0", "geometric 0.5", ""),
    ("binomial 10.0 0.25", "binomial 10.0 0.375", ""), ("binomial 10.0 0.25", "binomial 20.0 0.125", ""),
    ("binomial 20.0 0.125", "binomial 10.0 0.25", "c23"), ("binomial 10.0 0.25", "poisson 3.0", ""),
    ("poisson 3.0", "binomial 10.0 0.25", "c23"), ("negative_binomial 3.0 0.25", "negative_binomial 3.0 0.3125", ""),
    ("negative_binomial 2.5 0.375", "negative_binomial 3.5 0.5", ""), ("poisson 3.0", "negative_binomial 3.0 0.5", ""),
    ("negative_binomial 3.0 0.5", "poisson 3.0", "23"),
    ("mixture 0.5 poisson 2.0 0.5 poisson 9.0", "poisson 5.0", ""), ("poisson 5.0", "mixture 0.5 poisson 2.0 0.5 poisson 9.0", ""),
    ("mixture 0.5 poisson 2.0 0.5 poisson 9.0", f"mixture {0.5 + TINY!r} poisson 2.0 {0.5 - TINY!r} poisson 9.0", ""),
    ("mixture 0.75 geometric 0.5 0.25 poisson 6.0", "geometric 0.25", ""), ("negative_binomial 40.0 0.5", "poisson 40.0", "23"),
    ("poisson 2000.0", "negative_binomial 500.0 0.2", ""),
]
NUMBERS = [
    ("normal 0.0 1.0", "normal 0.5 1.25", ""), ("normal 0.0 1.0", f"normal {TINY!r} 1.0", ""), ("normal 0.0 1.0", "normal 3.0 1.0", ""),
    ("normal 0.0 2.0", "normal 0.0 1.0", "23"), ("normal 0.0 1.0", f"normal 0.0 {TINY!r}", "23"), ("normal 0.0 1.0", "normal 12.0 1.0", ""),
    ("exponential 1.0", "exponential 1.5", "3"), ("exponential 1.0", f"exponential {1 + TINY!r}", ""), ("exponential 1.0", "exponential 4.0", "23"),
    ("student_t 0.0 1.0 3.0", "normal 0.0 1.0", "23"), ("student_t 0.0 1.0 1.5", "normal 0.0 1.0", "c23"),
    ("normal 0.0 1.0", "student_t 0.0 1.0 3.0", ""), ("student_t 0.0 1.0 5.0", "student_t 0.5 1.5 8.0", "3"),
    ("student_t 0.0 1.0 5.0", f"student_t {TINY!r} 1.0 5.0", ""), ("cauchy 0.0 1.0", "cauchy 1.0 2.0", ""),
    ("cauchy 0.0 1.0", "normal 0.0 1.0", "c23"), ("laplace 0.0 1.0", "laplace 0.5 1.25", ""), ("laplace 0.0 1.0", "normal 0.0 1.0", "23"),
    ("logistic 0.0 1.0", "normal 0.0 1.75", "23"), ("normal 0.0 1.75", "logistic 0.0 1.0", ""),
    ("gamma 0.25 1.0", "gamma 3.0 2.0", "23"), ("gamma 3.0 2.0", "gamma 0.25 1.0", ""), ("gamma 2.0 1.0", "lognormal 0.5 0.75", "23"),
    ("beta 0.5 0.5", "beta 2.0 3.0", "23"), ("beta 2.0 3.0", "beta 0.5 0.5", ""), ("uniform 0.0 1.0", "uniform 0.0 2.0", ""),
    ("uniform 0.0 2.0", "uniform 1.0 3.0", "c23"), ("uniform 0.0 1.0", "beta 0.5 0.5", ""), ("uniform 0.25 0.5", "beta 3.0 3.0", ""),
    ("mixture 0.5 normal -2.0 1.0 0.5 normal 2.0 0.5", "normal 0.0 2.0", ""),
    ("normal 0.0 2.0", "mixture 0.5 normal -2.0 1.0 0.5 normal 2.0 0.5", "23"),
    ("mixture 0.5 normal -2.0 1.0 0.5 normal 2.0 0.5", f"mixture {0.5 + TINY!r} normal -2.0 1.0 {0.5 - TINY!r} normal 2.0 0.5", ""),
    ("mixture 0.5 normal -2.0 1.0 0.5 normal 2.0 0.5", "mixture 0.25 normal -1.0 1.0 0.75 normal 1.0 1.0", ""),
    ("truncated_normal 0.0 1.0 -1.0 2.0", "truncated_normal 0.5 1.25 -1.0 2.0", ""),
    ("truncated_normal 0.0 1.0 -1.0 2.0", "normal 0.0 1.0", ""), ("normal 0.0 1.0", "truncated_normal 0.0 1.0 -1.0 2.0", "c23"),
    ("weibull 1.5 1.0", "gamma 2.0 2.0", ""), ("gumbel 0.0 1.0", "normal 0.5 1.25", "23"), ("normal 0.5 1.25", "gumbel 0.0 1.0", "23"),
    ("pareto 1.0 2.5", "pareto 1.0 3.0", ""), ("pareto 1.0 2.0", "pareto 1.5 2.0", "c23"), ("exponential 1.0", "uniform 0.0 1.0", "c23"),
    ("inverse_gamma 3.0 2.0", "lognormal 0.0 0.75", "23"),
]
ORDER = mpf("0.25")
COLUMNS = [
    "p", "q", "entropy_p", "entropy_q", "cross_entropy", "jensen_shannon", "total_variation", "hellinger_squared", "chi_squared",
    "bhattacharyya", "renyi_half", "renyi_two", "renyi_quarter", "renyi_three", "chernoff", "chernoff_order",
]


def law(text):
    """ln of the density, support, centres."""
    name, *rest = text.split()
    if name != "mixture":
        return FAMILIES[name](*[mpf(float(number)) for number in rest])
    parts = []
    while rest:
        weight, family, *rest = rest
        numbers = []
        while len(numbers) < FAMILIES[family].__code__.co_argcount:
            numbers.append(mpf(float(rest.pop(0))))
        parts.append((mpf(float(weight)), FAMILIES[family](*numbers)))
    density = lambda x: log(fsum(weight * exp(part[0](x)) for weight, part in parts))
    low, high = min(part[1][0] for _, part in parts), max(part[1][1] for _, part in parts)
    return density, (low, high), [centre for _, part in parts for centre in part[2]]


def at(side, x):
    density, (low, high), _ = side
    return density(x) if low < x < high or (not side[2] and low <= x <= high) else -inf


def points_of_counts(p, q, marks):
    top = min(max(p[1][1], q[1][1]), 20_000)
    k, found = 0, []
    while k <= top:
        logs = at(p, k), at(q, k)
        powers = [order * logs[0] - (order - 1) * logs[1] for order in (2, 3) if str(order) not in marks and not isinf(logs[0])]
        if max([*logs, *powers]) > -160:
            found.append((mpf(1), *logs))
        k += 1
    return found


def points_of_numbers(p, q, marks):
    low, high = min(p[1][0], q[1][0]), max(p[1][1], q[1][1])
    ends = {end for side in (p, q) for end in side[1] if not isinf(end)}
    for centre, scale in p[2] + q[2]:
        ends.add(centre)
        # Next to an end a density may be infinite, and a tail may be heavy.
        is_end = centre in (low, high)
        for k in range(-300 if is_end else -12, 150):
            step = scale * mpf(2) ** k
            ends |= {centre - step, centre + step}
    ends = sorted(end for end in ends if low <= end <= high)

    def segment(a, b):
        half, middle = (b - a) / 2, (a + b) / 2
        return [(weight * half, middle + half * x) for x, weight in NODES]

    gap = lambda x: at(p, x) - at(q, x) if not isinf(at(p, x)) or not isinf(at(q, x)) else mpf(0)
    crossings = []
    for a, b in zip(ends, ends[1:]):
        signs = [(x, gap(x)) for _, x in sorted(segment(a, b), key=lambda node: node[1])]
        for (x, one), (y, other) in zip(signs, signs[1:]):
            if one * other < 0:
                for _ in range(130):
                    middle = (x + y) / 2
                    x, y = (middle, y) if gap(middle) * one > 0 else (x, middle)
                crossings.append(x)
    ends = sorted(set(ends) | set(crossings))
    nodes = [node for a, b in zip(ends, ends[1:]) for node in segment(a, b)]
    found = [(weight, at(p, x), at(q, x)) for weight, x in nodes]
    return [point for point in found if max(point[1:]) > -10_000]


def measures(points, marks):
    weigh = lambda term: fsum(weight * term(a, b) for weight, a, b in points)
    for side in (1, 2):
        mass = fsum(point[0] * exp(point[side]) for point in points)
        assert abs(mass - 1) < mpf("1e-20"), nstr(mass - 1, 5)
    entropy = [weigh(lambda *logs: -exp(logs[side]) * logs[side] if not isinf(logs[side]) else mpf(0)) for side in (0, 1)]
    cross = inf if "c" in marks else weigh(lambda a, b: -exp(a) * b if not isinf(a) else mpf(0))

    def half_kl(a, middle):
        return mpf("0.5") * exp(a) * (a - middle) if not isinf(a) else mpf(0)

    def jensen(a, b):
        top = max(a, b)
        middle = top + log((exp(a - top) + exp(b - top)) / 2)
        return half_kl(a, middle) + half_kl(b, middle)

    common = [point for point in points if not isinf(point[1]) and not isinf(point[2])]
    power = lambda s: fsum(weight * exp(s * a + (1 - s) * b) for weight, a, b in common)
    slope = lambda s: fsum(weight * exp(s * a + (1 - s) * b) * (a - b) for weight, a, b in common)
    # With nothing cancelled: 1 − Σ √(pq) and the like where Q is near P.
    below = lambda s: weigh(lambda a, b: s * exp(a) + (1 - s) * exp(b) - (0 if isinf(a) or isinf(b) else exp(s * a + (1 - s) * b)))
    hellinger = below(mpf("0.5"))
    distance = -log1p(-hellinger) if hellinger < 1 else inf
    renyi = lambda s, mark: inf if mark in marks else log(power(s)) / (s - 1)
    chi = inf if "2" in marks else power(mpf(2)) - 1
    low, high = mpf(0), mpf(1)
    order, information = None, inf
    if common:
        # Where p = q throughout every order gives the same.
        if all(a == b for _, a, b in common):
            order = None
        elif slope(mpf("1e-30")) > 0:
            order = mpf(0)
        elif slope(1 - mpf("1e-30")) < 0:
            order = mpf(1)
        else:
            order = mp.findroot(slope, (mpf("1e-3"), 1 - mpf("1e-3")), solver="anderson", tol=mpf("1e-50"), verify=False)
        information = -log(power(mpf("0.5") if order is None else order))
    total = weigh(lambda a, b: abs(exp(a) - exp(b))) / 2
    return [*entropy, cross, weigh(jensen), total, hellinger, chi, distance, 2 * distance, renyi(mpf(2), "2"), renyi(ORDER, ""),
            renyi(mpf(3), "3"), information, order]


def text(value):
    return "" if value is None else "inf" if isinf(value) else nstr(value, 22) if value else "0"


rows = csv.writer(sys.stdout, lineterminator="\n")
rows.writerow(COLUMNS)
for pairs, points in [(COUNTS, points_of_counts), (NUMBERS, points_of_numbers)]:
    for p, q, marks in pairs:
        print(p, "against", q, file=sys.stderr)
        # Next to 1 the distance from it needs digits.
        mp.dps = 110 if "beta" in p + q else 35
        rows.writerow([p, q] + [text(value) for value in measures(points(law(p), law(q), marks), marks)])
        sys.stdout.flush()
