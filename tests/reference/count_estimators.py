"""Reference values of the laws of estimators of KL(P||Q) from symbol counts, with 50-digit arithmetic.

Run it in this folder; it needs mpmath and writes count_estimators.csv with the columns

    estimator, setting, p, q, n, m, mean, variance, third, fourth, infinite

where setting is the a of dirichlet, p and q are probabilities in 64ths, m is the length of the sample from Q (empty where Q is
known), and what follows is of the finite estimates: their mean, variance, third and fourth central moment in nats, and
the chance of an infinite estimate.

All vectors of counts are gone through, with integer multinomial coefficients. The estimators are those of the papers, not
the program's forms: Zhang's and Zhang and Grabchak's as sums of products, the jackknife by leaving out each symbol, Miller and
Madow's by its correction, digamma functions as harmonic sums.
"""

import csv
from math import comb

from mpmath import mp, mpf

mp.dps = 50
UNIT = 64


def vectors(n, width):
    if width == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in vectors(n - first, width - 1):
            yield (first, *rest)


def chance(counts, masses):
    ways, left = 1, sum(counts)
    for count in counts:
        ways *= comb(left, count)
        left -= count
    product = mpf(ways)
    for count, mass in zip(counts, masses):
        product *= mpf(mass) ** count
    return product / mpf(UNIT) ** sum(counts)


def psi(n):
    """Of a whole number or of half a whole number."""
    if n == int(n):
        return -mp.euler + sum(mpf(1) / k for k in range(1, int(n)))
    return -mp.euler - 2 * mp.log(2) + sum(mpf(2) / (2 * k - 1) for k in range(1, int(n + mpf(1) / 2)))


def entropy(counts):
    n = sum(counts)
    return -sum(mpf(c) / n * mp.log(mpf(c) / n) for c in counts if c)


def leave_one_out(counts):
    n = sum(counts)
    if n == 1:
        return mpf(0)
    total = mpf(0)
    for place, count in enumerate(counts):
        if count:
            fewer = [c - (i == place) for i, c in enumerate(counts)]
            total += count * entropy(fewer)
    return n * entropy(counts) - mpf(n - 1) / n * total


def grassberger_schurmann(counts):
    n = sum(counts)

    def g(c):
        return psi(mpf(c)) + mpf((-1) ** c) / 2 * (psi(mpf(c + 1) / 2) - psi(mpf(c) / 2))

    return psi(mpf(n)) - sum(mpf(c) / n * g(c) for c in counts if c)


def zhang(counts):
    n, total = sum(counts), mpf(0)
    for c in counts:
        product = mpf(c) / n
        for v in range(1, n - c + 1) if c else ():
            product *= 1 - mpf(c - 1) / (n - v)
            total += product / v
    return total


def chao_shen(counts):
    n = sum(counts)
    once = sum(c == 1 for c in counts)
    if once == n:
        once = n - 1
    coverage = 1 - mpf(once) / n
    shares = [coverage * c / n for c in counts if c]
    return -sum(s * mp.log(s) / (1 - (1 - s) ** n) for s in shares)


def cross(counts, q):
    """-sum p^ ln q."""
    n, total = sum(counts), mpf(0)
    for c, mass in zip(counts, q):
        if c and not mass:
            return mp.inf
        total -= mpf(c) / n * mp.log(mpf(mass) / UNIT) if c else 0
    return total


def divergence(p, q):
    total = mpf(0)
    for a, b in zip(p, q):
        if a and not b:
            return mp.inf
        total += a * mp.log(a / b) if a else 0
    return total


def smoothed(counts, a):
    whole = sum(counts) + a * len(counts)
    return [(c + a) / whole for c in counts]


def shares(counts):
    return smoothed(counts, mpf(0))


def known(entropy_of):
    return lambda counts, q: cross(counts, q) - entropy_of(counts)


def miller_madow(counts):
    return entropy(counts) + mpf(sum(c > 0 for c in counts) - 1) / (2 * sum(counts))


def dirichlet(a):
    return lambda counts, q: divergence(smoothed(counts, a), [mpf(mass) / UNIT for mass in q])


def shrunk(counts, q):
    """Hausser and Strimmer 2009, equations 4 and 6."""
    n, target = sum(counts), mpf(1) / len(counts)
    hat = [mpf(c) / n for c in counts]
    spread = sum((target - s) ** 2 for s in hat)
    intensity = mpf(1) if n == 1 or spread == 0 else min(mpf(1), sum(s * (1 - s) for s in hat) / (n - 1) / spread)
    return divergence([intensity * target + (1 - intensity) * s for s in hat], [mpf(mass) / UNIT for mass in q])


ONE_SAMPLE = [
    ("plug_in", "", lambda counts, q: divergence(shares(counts), [mpf(mass) / UNIT for mass in q])),
    ("miller_madow", "", known(miller_madow)),
    ("jackknife", "", known(leave_one_out)),
    ("grassberger_schurmann", "", known(grassberger_schurmann)),
    ("zhang", "", known(zhang)),
    ("chao_shen", "", known(chao_shen)),
    ("dirichlet", "1", dirichlet(mpf(1))),
    ("dirichlet", "0.5", dirichlet(mpf(1) / 2)),
    ("shrink", "", shrunk),
]


def zhang_grabchak(counts, model):
    n, m, total = sum(counts), sum(model), mpf(0)
    for c, d in zip(counts, model):
        if not c:
            continue
        product, inner = mpf(1), mpf(0)
        for v in range(1, m - d + 1):
            product *= 1 - mpf(d) / (m - v + 1)
            inner += product / v
        product = mpf(1)
        for v in range(1, n - c + 1):
            product *= 1 - mpf(c - 1) / (n - v)
            inner -= product / v
        total += mpf(c) / n * inner
    return total


def against(model_shares):
    return lambda counts, model: divergence(shares(counts), [mpf(s) / sum(model) for s in model_shares(model)])


TWO_SAMPLE = [
    ("plug_in_two_sample", "", against(lambda model: model)),
    ("zhang_grabchak", "", zhang_grabchak),
    ("augmented_plug_in", "", against(lambda model: [d or 1 for d in model])),
    ("bu_augmented", "", against(lambda model: [d + 1 for d in model])),
    ("jeffreys", "", lambda counts, model: divergence(smoothed(counts, mpf(1) / 2), smoothed(model, mpf(1) / 2))),
]


def moments(law):
    finite = [(value, mass) for value, mass in law if value != mp.inf]
    infinite = sum((mass for value, mass in law if value == mp.inf), mpf(0))
    if not finite:
        return [None] * 4 + [infinite]
    whole = sum(mass for _, mass in finite)
    mean = sum(value * mass for value, mass in finite) / whole
    central = [sum((value - mean) ** k * mass for value, mass in finite) / whole for k in (2, 3, 4)]
    return [mean, *central, infinite]


CASES = [
    ([32, 32], [32, 32], [1, 2, 12]),
    ([32, 32], [25, 39], [1, 5, 10]),
    ([60, 4], [6, 58], [3, 12]),
    ([32, 32], [64, 0], [2]),
    ([64, 0], [16, 48], [4]),
    ([45, 15, 4], [20, 20, 24], [1, 2, 7, 12]),
    ([45, 0, 19], [20, 20, 24], [6]),
    ([45, 19, 0], [40, 24, 0], [6]),
    ([16, 32, 16], [16, 48, 0], [3]),
    ([10, 20, 30, 4], [30, 20, 10, 4], [5]),
    ([8, 8, 8, 8, 32], [10, 20, 10, 20, 4], [4]),
    ([11, 11, 11, 11, 10, 10], [4, 8, 12, 12, 8, 20], [3, 6]),
]

PAIRED = [
    ([32, 32], [32, 32], 1, 1),
    ([32, 32], [25, 39], 6, 9),
    ([60, 4], [6, 58], 12, 5),
    ([32, 32], [64, 0], 3, 4),
    ([45, 15, 4], [20, 20, 24], 4, 7),
    ([45, 0, 19], [20, 20, 24], 5, 5),
    ([16, 32, 16], [16, 48, 0], 3, 4),
    ([10, 20, 30, 4], [30, 20, 10, 4], 4, 3),
]


def rows():
    for p, q, lengths in CASES:
        for n in lengths:
            law = [(counts, chance(counts, p)) for counts in vectors(n, len(p))]
            law = [(counts, mass) for counts, mass in law if mass]
            for name, setting, estimate in ONE_SAMPLE:
                yield name, setting, p, q, n, "", moments([(estimate(counts, q), mass) for counts, mass in law])
    for p, q, n, m in PAIRED:
        law = [(counts, chance(counts, p)) for counts in vectors(n, len(p))]
        other = [(counts, chance(counts, q)) for counts in vectors(m, len(q))]
        both = [(a, b, x * y) for a, x in law for b, y in other if x * y]
        for name, setting, estimate in TWO_SAMPLE:
            yield name, setting, p, q, n, m, moments([(estimate(a, b), mass) for a, b, mass in both])


with open("count_estimators.csv", "w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ["estimator", "setting", "p", "q", "n", "m", "mean", "variance", "third", "fourth", "infinite"]
    )
    for name, setting, p, q, n, m, found in rows():
        texts = ["" if value is None else mp.nstr(value, 25) for value in found]
        writer.writerow([name, setting, " ".join(map(str, p)), " ".join(map(str, q)), n, m, *texts])
