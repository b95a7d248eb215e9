#!/usr/bin/env python3
"""Exact laws of sequential tests by other means than the library's. Needs mpmath.

Coins, three symbols and peeking: dynamic programming over counts of symbols, in exact fractions of the doubles that are printed, divided
by their sums, or in 50 digits where `max` is large; the log ratio of a vector of counts is computed to 50 digits and reaches a limit
that it misses by less than 1e-12 of it.

Normals: Gauss-Legendre solutions of the integral equations u(x) = P(up | x) + int K(x, y) u(y) dy of the chance to end at the upper
limit and m(x) = 1 + int K(x, y) m(y) dy of the mean length (no `max`), in 30 digits; for limits that move, the density from n to n + 1
in 30 digits. There `lower` and `upper` are z and the first look of peeking, or alpha and tau of the mixture test, and P is N(delta, 1).

Exponentials: the density of the sum of n waiting times among the sequences that go on is exp(-rate t) times a piecewise polynomial,
which is integrated exactly from n to n + 1.

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


def moving(kind, delta, truth, one, two, maximum, nodes):
    """Both limits decide Q. Mean and variance in the rule are those of the log ratio under P."""
    mp.mp.dps = 30
    d = mp.mpf(delta)
    center, step = d * d / 2, d * mp.mpf(truth) - d * d / 2

    def limits(n):
        if kind == "normal_peeking":
            half = mp.mpf(one) * d * mp.sqrt(n)
        else:
            growth = 1 + n * mp.mpf(two) ** 2
            half = d * mp.sqrt(2 * growth / mp.mpf(two) ** 2 * (mp.log(growth) / 2 - mp.log(mp.mpf(one))))
        return n * center - half, n * center + half

    first = int(two) if kind == "normal_peeking" else 1
    points = gauss_legendre(nodes)
    alive, length, square, chance = [(mp.mpf(0), mp.mpf(1))], mp.mpf(0), mp.mpf(0), mp.mpf(0)
    ratio, survival, median = mp.mpf(0), mp.mpf(1), None
    for n in range(first, maximum + 1):
        steps = first if n == first else 1
        mean, deviation = steps * step, d * mp.sqrt(steps)
        low, high = limits(n)
        tail = lambda z: mp.erfc(z / mp.sqrt(2)) / 2
        stopped = mp.fsum(m * (tail((high - x - mean) / deviation) + tail((x + mean - low) / deviation)) for x, m in alive)
        edges = lambda x: [(high - x - mean) / deviation, (low - x - mean) / deviation]
        ratio += mp.fsum(m * ((x + mean) * (tail(u) + tail(-v)) + deviation * (mp.npdf(u) - mp.npdf(v)))
                         for x, m in alive for u, v in [edges(x)])
        half, middle = (high - low) / 2, (high + low) / 2
        nodes_here = [(middle + half * x, half * w) for x, w in points]
        alive = [(y, w * mp.fsum(m * mp.npdf(y, x + mean, deviation) for x, m in alive)) for y, w in nodes_here]
        chance += stopped
        survival -= stopped
        length, square = length + n * stopped, square + n * n * stopped
        if median is None and chance >= 0.5:
            median = n
    length, square = length + maximum * survival, square + maximum ** 2 * survival
    ratio += mp.fsum(x * m for x, m in alive)
    mp.mp.dps = 50
    found = [mp.mpf(0), chance, survival, length, square - length ** 2, ratio, maximum if median is None else median]
    row(kind, [delta], [0.0], [truth], one, two, maximum, found)


def exponential(p, q, truth, low, high, maximum):
    """ln(p/q) of a waiting time x is c - s x; rates p > q."""
    mp.mp.dps = 40
    c, s, rate = mp.log(mp.mpf(p) / mp.mpf(q)), mp.mpf(p) - mp.mpf(q), mp.mpf(truth)
    times = lambda n: (max(mp.mpf(0), (n * c - high) / s), (n * c - low) / s)

    def at(polynomial, t):
        return mp.polyval(polynomial[::-1], t)

    def integrate(polynomial):
        return [mp.mpf(0)] + [a / (k + 1) for k, a in enumerate(polynomial)]

    # Pieces (from, to, polynomial in t) of exp(rate t) times the density after n times.
    pieces = [(mp.mpf(0), mp.inf, [rate])]
    chances, length, square, ratio, survival, median = [mp.mpf(0)] * 3, mp.mpf(0), mp.mpf(0), mp.mpf(0), mp.mpf(1), None
    for n in range(1, maximum + 1):
        start, end = times(n)
        cut = sorted({start, end})
        split = []
        for a, b, polynomial in pieces:
            inside = [a] + [x for x in cut if a < x < b] + [b]
            split += [(x, y, polynomial) for x, y in zip(inside, inside[1:])]
        alive = []
        for a, b, polynomial in split:
            # The integrals of exp(-rate t) t^k from a to b are incomplete gamma functions.
            moment = lambda more: mp.fsum(
                x * (mp.gammainc(k + more + 1, rate * a, rate * b) / rate ** (k + more + 1)) for k, x in enumerate(polynomial))
            mass, value = moment(0), n * c * moment(0) - s * moment(1)
            kind = 0 if b <= start else 1 if a >= end else 2
            if kind == 2 and n < maximum:
                alive.append((a, b, polynomial))
                continue
            chances[kind] += mass
            length, square, ratio, survival = length + n * mass, square + n * n * mass, ratio + value, survival - mass
        if median is None and survival <= 0.5:
            median = n
        # The density after one time more is the integral up to t.
        pieces, sum_so_far = [], mp.mpf(0)
        for a, b, polynomial in alive:
            whole = integrate(polynomial)
            whole[0] = sum_so_far - at(whole, a)
            pieces.append((a, b, [rate * x for x in whole]))
            sum_so_far = at(whole, b)
        if alive:
            pieces.append((alive[-1][1], mp.inf, [rate * sum_so_far]))
    mp.mp.dps = 50
    row("exponential", [p], [q], [truth], low, high, maximum, chances + [length, square - length ** 2, ratio, median])


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
    moving("normal_peeking", 0.5, 0.5, 1.96, 5.0, 40, 80)
    moving("normal_peeking", 1.0, 0.0, 1.96, 2.0, 12, 50)
    moving("normal_mixture", 0.5, 0.5, 0.1, 1.0, 30, 80)
    moving("normal_mixture", 0.5, 0.0, 0.05, 0.5, 30, 80)
    for p, q in ((2.0, 1.0), (3.0, 2.5), (1.0, 0.125)):
        for truth in (p, q):
            exponential(p, q, truth, -wald / 2, wald / 2, 25)


main()
