"""Makes symbol_means.csv: mean, variance, third and fourth cumulant of k2, k3 and control variates of one symbol, by their
definitions as sums in 120-digit arithmetic, whose cancellation leaves more than the 25 digits printed; for normal, exponential and
Poisson pairs by the textbook moments of x and r.

The parameters are the exact doubles that the file prints; weights are divided by their exact sum. Where Q is near P the weights
of either side sum to exactly 1. Run it here: `python3 symbol_means.py` prints the largest relative difference between the file
and a fresh computation (below 1e-23) and changes nothing; with `--write` it makes the file anew. Needs: pip install mpmath
"""

import csv
import json
import sys
from fractions import Fraction
from pathlib import Path

from mpmath import exp, inf, log, mp, mpf, nstr

mp.dps = 120
FILE = Path(__file__).with_name("symbol_means.csv")
COLUMNS = ["family", "p", "q", "estimator", "c", "mean", "variance", "third", "fourth"]
ESTIMATORS = [("k2", ""), ("k3", ""), ("control_variate", "-1"), ("control_variate", "0.75"), ("control_variate", "")]


def cumulants(moments):
    """Of the raw moments 1 to 4."""
    m1, m2, m3, m4 = moments
    fourth = m4 - 4 * m1 * m3 - 3 * m2**2 + 12 * m1**2 * m2 - 6 * m1**4
    return m1, m2 - m1**2, m3 - 3 * m1 * m2 + 2 * m1**3, fourth


def finite(p, q, name, c):
    p, q = ([mpf(w) / sum(mpf(v) for v in side) for w in side] for side in (p, q))
    symbols = [(a, log(a / b), b / a) for a, b in zip(p, q) if a > 0]
    if name == "control_variate" and c == "":
        mean = lambda f: sum(a * f(x, r) for a, x, r in symbols)
        ex, er = mean(lambda x, r: x), mean(lambda x, r: r)
        weight = -mean(lambda x, r: (x - ex) * (r - er)) / mean(lambda x, r: (r - er) ** 2)
    elif name == "control_variate":
        weight = mpf(c)
    f = {
        "k2": lambda x, r: x**2 / 2,
        "k3": lambda x, r: r - 1 + x,
        "control_variate": lambda x, r: x + weight * (r - 1),
    }[name]
    values = [(a, f(x, r)) for a, x, r in symbols]
    mean = sum(a * y for a, y in values)
    m2, m3, m4 = (sum(a * (y - mean) ** k for a, y in values) for k in (2, 3, 4))
    return mean, m2, m3, m4 - 3 * m2**2


def mixed_moments(moment, name, c):
    """Raw moments of f from moment(i, j) = E[x^i r^j]; infinite where one of them is."""
    weight = None
    if name == "k3":
        weight = mpf(1)
    elif name == "control_variate" and c != "":
        weight = mpf(c)
    elif name == "control_variate":
        covariance, square = moment(1, 1) - moment(1, 0) * moment(0, 1), moment(0, 2) - moment(0, 1) ** 2
        weight = -covariance / square if square < inf else mpf(0)
    found = []
    for k in (1, 2, 3, 4):
        if name == "k2":
            found.append(moment(2 * k, 0) / mpf(2) ** k)
            continue
        # (x − w + w r)^k
        total = mpf(0)
        for i in range(k + 1):
            for j in range(k + 1 - i):
                count = mp.binomial(k, i) * mp.binomial(k - i, j)
                factor = count * weight**j * (-weight) ** (k - i - j)
                if factor != 0:
                    total += factor * moment(i, j)
        found.append(total)
    return cumulants(found)


def tilted_normal(p, q):
    """E[x^i r^j] for two normal laws: x = a + b z + ½ d z² with z standard normal, tilted by e^(−j x)."""
    rho, delta = (p["std_dev"] / q["std_dev"]) ** 2, (p["mean"] - q["mean"]) / q["std_dev"]
    # x = ln(σq/σp) − z²/2 + (√ρ z + δ)²/2.
    a, b, d = log(q["std_dev"] / p["std_dev"]) + delta**2 / 2, mp.sqrt(rho) * delta, rho - 1

    def moment(i, j):
        precision = 1 + j * d
        if precision <= 0:
            return inf
        centre, spread = -j * b / precision, 1 / precision
        factor = exp(-j * a + j**2 * b**2 / precision / 2) / mp.sqrt(precision)
        # Coefficients of x^i in powers of y = z − centre.
        base = [a + b * centre + d * centre**2 / 2, b + d * centre, d / 2]
        polynomial = [mpf(1)]
        for _ in range(i):
            product = [mpf(0)] * (len(polynomial) + 2)
            for k, coefficient in enumerate(polynomial):
                for l, other in enumerate(base):
                    product[k + l] += coefficient * other
            polynomial = product
        even = lambda k: mp.fac2(k - 1) * spread ** (k // 2) if k > 0 else mpf(1)
        return factor * sum(coefficient * even(k) for k, coefficient in enumerate(polynomial) if k % 2 == 0)

    return moment


def tilted_exponential(p, q):
    """x = c + (b − a) t, t of rate a."""
    a, b = p["rate"], q["rate"]
    constant, slope = log(a / b), b - a

    def moment(i, j):
        rate = a + j * slope
        if rate <= 0:
            return inf
        terms = (mp.binomial(i, k) * constant ** (i - k) * slope**k * mp.factorial(k) / rate**k for k in range(i + 1))
        return exp(-j * constant) * a / rate * sum(terms)

    return moment


def tilted_poisson(p, q):
    """x = b − a + k ln(a/b), k of mean a, tilted to the mean a (b/a)^j."""
    a, b = p["rate"], q["rate"]
    constant, slope = b - a, log(a / b)

    def moment(i, j):
        rate = a * (b / a) ** j
        # Touchard: E[k^n] by the recurrence m(n+1) = rate Σ C(n, l) m(l).
        powers = [mpf(1)]
        for n in range(i):
            powers.append(rate * sum(mp.binomial(n, l) * powers[l] for l in range(n + 1)))
        terms = (mp.binomial(i, k) * constant ** (i - k) * slope**k * powers[k] for k in range(i + 1))
        return exp(-j * constant + rate - a) * sum(terms)

    return moment


LAWS = {"normal": tilted_normal, "exponential": tilted_exponential, "poisson": tilted_poisson}


def computed(family, p, q, name, c):
    if family == "categorical":
        return finite(p, q, name, c)
    p, q = ({key: mpf(value) for key, value in side.items()} for side in (p, q))
    return mixed_moments(LAWS[family](p, q), name, c)


def near(p, steps, size):
    """q = p + size · steps, rounded so that the doubles sum to exactly 1, the last one by what is left."""
    unit = 2.0**-53
    q = [a + round(size * s / unit) * unit for a, s in zip(p[:-1], steps)]
    q.append(float(1 - sum(Fraction(w) for w in q)))
    assert sum(Fraction(w) for w in q) == 1 and sum(Fraction(w) for w in p) == 1
    return q


def pairs():
    coins = [([0.5, 0.5], [0.4, 0.6]), ([0.5, 0.5], [0.9, 0.1]), ([0.3, 0.7], [0.999, 0.001]), ([1e-9, 1 - 1e-9], [0.5, 0.5])]
    others = [
        ([0.2, 0.3, 0.5], [0.5, 0.25, 0.25]),
        ([0.2, 0.3, 0.5], [0.3, 0.2, 0.5]),
        ([0.25, 0.25, 0.5, 0.0], [0.1, 0.2, 0.3, 0.4]),
        ([0.5, 0.5, 0.0], [0.3, 0.2, 0.5]),
        ([1, 1, 1, 1, 1, 1], [2, 3, 4, 4, 3, 8]),
        ([0.9, 0.1 - 1e-12, 1e-12], [0.4, 0.3, 0.3]),
        ([0.125, 0.25, 0.625], [1e-12, 0.5, 0.5 - 1e-12]),
    ]
    for p, q in coins + others:
        total = lambda side: [w / sum(side) for w in side] if isinstance(side[0], int) else side
        yield "categorical", total(p), total(q)
    for digits in range(1, 13):
        size = 10.0**-digits
        yield "categorical", [0.5, 0.5], near([0.5, 0.5], [1], size)
        yield "categorical", [0.25, 0.75], near([0.25, 0.75], [-1], size)
        yield "categorical", [0.25, 0.25, 0.5], near([0.25, 0.25, 0.5], [1, 0.5], size)
        yield "categorical", [0.125, 0.25, 0.5, 0.125], near([0.125, 0.25, 0.5, 0.125], [0.5, -1, 0.75], size)
    normal = lambda mean, std_dev: {"mean": mean, "std_dev": std_dev}
    numbers = [(0, 1, 0.1, 1), (0, 1, 1, 1), (0, 1, 0.5, 1.25), (0, 1, 0.5, 0.8), (0.5, 2, 0, 1), (1, 1, 0, 1.5), (0, 1.9, 0, 1.4)]
    for m1, s1, m2, s2 in numbers:
        yield "normal", normal(m1, s1), normal(m2, s2)
    rates = [(1, 2), (2, 1), (1, 0.75), (1.0, 0.5), (3, 1), (1.5, 1.25)]
    for a, b in rates:
        yield "exponential", {"rate": a}, {"rate": b}
        yield "poisson", {"rate": a}, {"rate": b}
    for digits in (1, 2, 3, 5, 8, 10):
        step = 2.0 ** -round(digits * 3.321928)
        yield "normal", normal(0, 1), normal(step, 1)
        yield "normal", normal(0, 1), normal(step, 1 + step)
        yield "exponential", {"rate": 1}, {"rate": 1 + step}
        yield "poisson", {"rate": 3}, {"rate": 3 + step}


def rows():
    for family, p, q in pairs():
        for name, c in ESTIMATORS:
            yield family, p, q, name, c


def written(value):
    if value == inf or mp.isnan(value):
        return "inf"
    return nstr(value, 25) if value != 0 else "0"


def table():
    for family, p, q, name, c in rows():
        found = list(computed(family, p, q, name, c))
        if family == "categorical" and name == "control_variate" and c == "":
            ratios = {Fraction(b) / Fraction(a) for a, b in zip(p, q) if a > 0}
            if len(ratios) <= 2:
                found[1:] = [mpf(0)] * 3
        # What is left of a third cumulant that is 0.
        if found[1] < inf and abs(found[2]) < mpf(10) ** -30 * found[1] ** mpf(1.5):
            found[2] = mpf(0)
        yield [family, json.dumps(p), json.dumps(q), name, c] + [written(value) for value in found]


def main():
    fresh = list(table())
    if "--write" in sys.argv:
        with FILE.open("w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([COLUMNS] + fresh)
    with FILE.open(newline="") as lines:
        saved = list(csv.reader(lines))[1:]
    assert [row[:5] for row in saved] == [row[:5] for row in fresh], "the rows are others"
    worst = mpf(0)
    for old, new in zip(saved, fresh):
        for a, b in zip(old[5:], new[5:]):
            if a != b:
                worst = max(worst, abs(mpf(a) / mpf(b) - 1) if "inf" not in (a, b) else inf)
    print(f"{len(fresh)} rows, the largest relative difference is {nstr(worst, 3)}")


if __name__ == "__main__":
    main()
