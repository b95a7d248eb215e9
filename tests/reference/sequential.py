#!/usr/bin/env python3
"""Exact laws of sequential tests by other means than the library's. Needs mpmath.

Coins, three symbols and peeking: dynamic programming over counts of symbols, in exact fractions of the doubles that are printed, divided
by their sums, or in 50 digits where `max` is large; the log ratio of a vector of counts is computed to 50 digits and reaches a limit that it misses by less
than 1e-12 of it.

Normals: Gauss-Legendre solutions of the integral equations u(x) = P(up | x) + int K(x, y) u(y) dy of the chance to end at the upper
limit and m(x) = 1 + int K(x, y) m(y) dy of the mean length (no `max`), in 30 digits.

    python3 tests/reference/sequential.py > tests/reference/sequential.csv
"""
from fractions import Fraction

import mpmath as mp

mp.mp.dps = 50
TIE = mp.mpf("1e-12")


def law(values, masses, limits, maximum):
    """Chances (upper, lower, undecided), mean and variance of the length, mean log ratio at the end, and the median length."""
    size = len(values)
    alive = {(0,) * size: masses[0] * 0 + 1}
    chances, length, square, ratio, median = [masses[0] * 0] * 3, 0, 0, mp.mpf(0), None
    ended = 0
    for n in range(1, maximum + 1):
        after = {}
        for counts, mass in alive.items():
            for place, part in enumerate(masses):
                key = counts[:place] + (counts[place] + 1,) + counts[place + 1:]
                after[key] = after.get(key, 0) + mass * part
        alive = {}
        lower, upper = limits(n)
        for counts, mass in after.items():
            here = mp.fsum(count * value for count, value in zip(counts, values))
            end = None
            if here >= upper - TIE * abs(upper):
                end = 0
            elif here <= lower + TIE * abs(lower):
                end = 1
            elif n == maximum:
                end = 2
            if end is None:
                alive[counts] = mass
                continue
            chances[end] += mass
            length += mass * n
            square += mass * n * n
            ratio += number(mass) * here
            ended += mass
        if median is None and 2 * ended >= 1:
            median = n
        if not alive:
            break
    mean = number(length)
    return [number(chance) for chance in chances] + [mean, number(square - length * length), ratio, median]


def number(exact):
    return mp.mpf(exact.numerator) / exact.denominator if isinstance(exact, Fraction) else mp.mpf(exact)


def shares(weights):
    """The doubles divided by their exact sum."""
    exact = [Fraction(weight) for weight in weights]
    return [weight / sum(exact) for weight in exact]


def log_ratios(p, q):
    return [mp.log(number(a) / number(b)) for a, b in zip(shares(p), shares(q))]


def row(kind, p, q, truth, low, high, maximum, found):
    cells = [kind, " ".join(map(repr, p)), " ".join(map(repr, q)), " ".join(map(repr, truth)), repr(low), repr(high), str(maximum)]
    print(",".join(cells + [str(mp.nstr(value, 20)) if value is not None else "" for value in found]), flush=True)


def symbols(p, q, truth, low, high, maximum, exact=True):
    masses = shares(truth) if exact else [number(share) for share in shares(truth)]
    limits = lambda n: (mp.mpf(low), mp.mpf(high))
    row("limits", p, q, truth, low, high, maximum, law(log_ratios(p, q), masses, limits, maximum))


def peeking(z, first, maximum):
    """A fair coin against one of heads 0.4: looks from `first` on. Λ's mean and standard deviation are those under P."""
    p, q = [0.5, 0.5], [0.4, 0.6]
    a, b = log_ratios(p, q)
    mean, deviation = (a + b) / 2, abs(a - b) / 2

    def limits(n):
        if n < first:
            return -mp.inf, mp.inf
        half = mp.mpf(z) * deviation * mp.sqrt(n)
        return n * mean - half, n * mean + half

    found = law([a, b], [Fraction(1, 2)] * 2, limits, maximum)
    # Both limits decide Q.
    row("peeking", p, q, p, z, float(first), maximum, [mp.mpf(0), found[0] + found[1]] + found[2:])


def normal(delta, truth, limit, nodes):
    """P = N(delta, 1), Q = N(0, 1), drawn from N(truth, 1): the step is normal with this mean and standard deviation."""
    mp.mp.dps = 30
    d, limit = mp.mpf(delta), mp.mpf(limit)
    mean = d * mp.mpf(truth) - d * d / 2
    points = gauss_legendre(nodes)
    xs = [limit * x for x, _ in points]
    ws = [limit * w for _, w in points]
    density = lambda y, x: mp.npdf(y, x + mean, d)
    up = lambda x: mp.erfc((limit - x - mean) / d / mp.sqrt(2)) / 2
    matrix = mp.matrix(nodes, nodes)
    for i in range(nodes):
        for j in range(nodes):
            matrix[i, j] = (1 if i == j else 0) - ws[j] * density(xs[j], xs[i])
    solved = [mp.lu_solve(matrix, mp.matrix([f(x) for x in xs])) for f in (up, lambda x: mp.mpf(1))]
    kernel = [w * density(x, 0) for x, w in zip(xs, ws)]
    upper = up(0) + mp.fsum(k * u for k, u in zip(kernel, solved[0]))
    length = 1 + mp.fsum(k * m for k, m in zip(kernel, solved[1]))
    mp.mp.dps = 50
    return upper, length, mean * length


def gauss_legendre(count):
    points = []
    for i in range(count):
        x = mp.cos(mp.pi * (i + mp.mpf("0.75")) / (count + mp.mpf("0.5")))
        for _ in range(60):
            a, b = mp.mpf(1), x
            for k in range(2, count + 1):
                a, b = b, ((2 * k - 1) * x * b - (k - 1) * a) / k
            slope = count * (x * b - a) / (x * x - 1)
            step = b / slope
            x -= step
            if abs(step) < mp.mpf(10) ** (-mp.mp.dps + 3):
                break
        points.append((x, 2 / ((1 - x * x) * slope * slope)))
    return points


def main():
    print("kind,p,q,truth,lower,upper,max,chance_p,chance_q,undecided,mean_length,length_variance,mean_log_ratio,median")
    wald = 2.9444389791664403
    coins = [([0.5, 0.5], [0.4, 0.6]), ([0.6, 0.4], [0.4, 0.6]), ([0.9, 0.1], [0.5, 0.5])]
    for p, q in coins:
        for truth in (p, q, [0.45, 0.55]):
            symbols(p, q, truth, -wald, wald, 400)
    symbols([0.5, 0.5], [0.4, 0.6], [0.5, 0.5], -13.815510557964274, 4.605170185988091, 300)
    symbols([0.5, 0.5], [0.45, 0.55], [0.5, 0.5], -wald, wald, 20000, exact=False)
    three = [([0.5, 0.25, 0.25], [0.25, 0.25, 0.5]), ([0.5, 0.3, 0.2], [0.3, 0.3, 0.4]), ([0.6, 0.3, 0.1], [0.3, 0.3, 0.4])]
    for p, q in three:
        for truth in (p, q):
            symbols(p, q, truth, -wald, wald, 60)
    symbols([0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], -wald, wald, 25)
    peeking(1.96, 10, 100)
    peeking(1.96, 10, 1000)
    for delta in (0.25, 0.5, 1.0, 3.0):
        for truth in (delta, 0.0, delta / 2, 2 * delta):
            upper, length, ratio = normal(delta, truth, wald, 60 if delta < 0.5 else 44)
            row("normal", [delta], [0.0], [truth], -wald, wald, 0, [upper, 1 - upper, mp.mpf(0), length, None, ratio, None])


main()
