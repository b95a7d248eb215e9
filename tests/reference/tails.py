"""Reference values of the tails of the gamma, Poisson, negative binomial and normal laws, with 50-digit arithmetic.

Run it in this folder; it needs mpmath and writes tails.csv with the columns

    law, a, b, c, x, lower, upper

where a, b, c are the law's parameters (gamma: shape, rate; poisson: mean; negative_binomial: successes, success,
failure; normal: mean, standard deviation), exact doubles, empty where there are fewer; lower = P(X <= x) and
upper = P(X >= x). Of success and failure the smaller one is meant exactly.

The method is not the program's. Tails are incomplete gamma and beta integrals in x itself,

    P(X >= x) = b^a/Gamma(a) * integral of t^(a-1) e^(-bt) from x up            (gamma),
    P(X >= k) = P(gamma of shape k, rate 1, <= mean)                            (poisson),
    P(X <= k) = 1/B(r, k+1) * integral from 0 to p of t^(r-1) (1-t)^k           (negative binomial),

by the continued fraction and the series of the NIST Handbook of Mathematical Functions (8.9.2, 8.7.1 and 8.17.8),
each on its side of the mean, or, where those are slow, by Gauss-Legendre from the inner end. Where both
methods are fast they are compared, and so are tails with sums of masses.
"""

import csv

from mpmath import mp, mpf

mp.dps = 50
CUT = 130  # e^-130 of the integrand's start is left out
SLOW = 20_000  # so many terms are fast


def integral(exponent, width, end):
    """The integral of exp(exponent(s)) from s = 0 to end <= inf; exponent(0) = 0 and it falls."""
    total, start = mpf(0), mpf(0)
    while start < end:
        stop = min(start + width(start), end)
        total += mp.quad(lambda s: mp.exp(exponent(s)), [start, stop], method="gauss-legendre", maxdegree=6)
        start = stop
        if exponent(start) < -CUT:
            break
    return total


def gamma_front(a, t):
    """t^a e^-t / Gamma(a)."""
    return mp.exp(a * mp.log(t) - t - mp.loggamma(a))


def gamma_below_series(a, t):
    term = total = 1 / a
    n = 0
    while term > total * mpf(10) ** -48:
        n += 1
        term *= t / (a + n)
        total += term
        if n > SLOW:
            return None
    return gamma_front(a, t) * total


def gamma_above_fraction(a, t):
    """Lentz's method for Gamma(a, t) = t^a e^-t / (t+1-a - 1(1-a)/(t+3-a - 2(2-a)/(t+5-a - ...)))."""
    b = t + 1 - a
    tiny = mpf(10) ** -400
    f = b or tiny
    c, d = f, mpf(0)
    for n in range(1, SLOW):
        step = n * (a - n)
        b += 2
        d = 1 / ((b + step * d) or tiny)
        c = (b + step / c) or tiny
        f *= c * d
        if abs(c * d - 1) < mpf(10) ** -47:
            return gamma_front(a, t) / f
    return None


def gamma_integral(a, t, sign):
    """In u = t (1 + sign s): t^a e^-t times the integral of (1 + sign s)^(a-1) e^(-sign t s)."""

    def exponent(s):
        base = 1 + sign * s
        return (a - 1) * mp.log(base) - sign * t * s if base > 0 else -mp.inf

    def width(s):
        base = 1 + sign * s
        slope = abs((a - 1) / base - t)
        return 3 / (slope + mp.sqrt(abs(a - 1)) / base)

    return gamma_front(a, t) * integral(exponent, width, mp.inf if sign > 0 else mpf(1))


def agree(x, y, digits=30):
    return abs(x - y) <= mpf(10) ** -digits * abs(y)


def gamma_tails(a, t):
    """P(X <= t) and P(X >= t) for rate 1."""
    if t <= a or t < 1:
        below = gamma_below_series(a, t)
        if below is None or (a > 5 and a < 1e5):
            other = gamma_integral(a, t, -1)
            assert below is None or agree(other, below), (a, t)
            below = other
        return below, 1 - below
    above = gamma_above_fraction(a, t)
    if above is None or (a > 5 and a < 1e5):
        other = gamma_integral(a, t, 1)
        assert above is None or agree(other, above), (a, t)
        above = other
    return 1 - above, above


def poisson_tails(mean, k):
    lower = gamma_tails(mpf(k) + 1, mean)[1]
    upper = gamma_tails(mpf(k), mean)[0] if k > 0 else mpf(1)
    mass = mp.exp(k * mp.log(mean) - mean - mp.loggamma(mpf(k) + 1))
    assert agree(lower + upper, 1 + mass), (mean, k)
    return lower, upper


def beta_below(a, b, p, q):
    """P(beta(a, b) <= p), for p below the mean: the integral downward from p in t = p (1 - s)."""
    front = mp.exp(mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b) + a * mp.log(p) + b * mp.log(q))
    # 8.17.8: front / a * sum of (a+b)_n / (a+1)_n p^n, positive terms.
    term = total = mpf(1)
    n = 0
    while term > total * mpf(10) ** -48 and n < SLOW:
        term *= (a + b + n) / (a + 1 + n) * p
        total += term
        n += 1
    series = front / a * total if n < SLOW else None
    if series is not None and not (5 < a < 1e5):
        return series
    if series is None and a < 5:
        raise ArithmeticError("no method")

    def exponent(s):
        return (a - 1) * mp.log1p(-s) + (b - 1) * mp.log1p(p * s / q) if s < 1 else -mp.inf

    def width(s):
        t = p * (1 - s)
        slope = abs((a - 1) / (1 - s) - (b - 1) * p / (1 - t))
        return 3 / (slope + mp.sqrt(abs(a - 1)) / (1 - s) + mp.sqrt(abs(b - 1)) * p / (1 - t))

    found = front / q * integral(exponent, width, mpf(1))
    assert series is None or agree(found, series), (a, b, p)
    return found


def negative_binomial_tails(r, p, q, k):
    def lower_and_rest(k):
        """P(X <= k) and P(X > k)."""
        if k < 0:
            return mpf(0), mpf(1)
        if p * (r + k + 1) <= r:
            below = beta_below(r, mpf(k) + 1, p, q)
            return below, 1 - below
        above = beta_below(mpf(k) + 1, r, q, p)
        return 1 - above, above

    lower, upper = lower_and_rest(k)[0], lower_and_rest(k - 1)[1]
    mass = mp.exp(mp.loggamma(k + r) - mp.loggamma(r) - mp.loggamma(mpf(k) + 1) + r * mp.log(p) + k * mp.log(q))
    assert agree(lower + upper, 1 + mass), (r, p, k)
    if k < 5000:
        term = total = mp.exp(r * mp.log(p))
        for j in range(int(k)):
            term *= (j + r) / (j + 1) * q
            total += term
        assert agree(total, lower), (r, p, k)
    return lower, upper


def normal_tails(mean, deviation, x):
    z = (x - mean) / deviation / mp.sqrt(2)
    return mp.erfc(-z) / 2, mp.erfc(z) / 2


DEVIATIONS = [0, 0.5, -1, 1, -3, 6, -8, 15, -20, 30, -30, 36, -36]


def cases():
    """Laws, parameters and points, all doubles."""
    for shape in (1e-3, 0.1, 1.0, 2.5, 30.0, 1e3, 123456.7, 1e6, 1e12, 1e15):
        rate = {1e-3: 1.0, 30.0: 0.3, 1e12: 1e-3}.get(shape, 1.0)
        mean, deviation = shape / rate, shape**0.5 / rate
        points = {mean + z * deviation for z in DEVIATIONS}
        if shape < 1e3:
            points |= {mean * ratio for ratio in (1e-250, 1e-30, 1e-4, 0.03, 0.4)}
            points |= {x / rate for x in (1e-100, 1e-9, 0.2, 0.999, 1.5, 9.0, 80.0, 600.0)}
        for x in sorted(x for x in points if x > 0):
            yield "gamma", (shape, rate), x
    for mean in (1e-3, 0.7, 20.0, 999.0, 12345.6, 1e6, 1e9, 1e12, 1e15):
        points = {float(int(mean + z * mean**0.5)) for z in DEVIATIONS}
        if mean < 1e3:
            points |= {0.0, 1.0, 2.0, 7.0, 90.0}
        for k in sorted(k for k in points if k >= 0):
            yield "poisson", (mean,), k
    laws = [
        (1e-3, [0.5, 1e-3, 1e-12, 1 - 1e-6]),
        (0.5, [1e-2, 1e-9]),
        (1.0, [0.3, 1e-15]),
        (7.5, [0.9, 1e-2, 1e-6, 1e-12]),
        (300.0, [0.5, 1e-5, 1e-9]),
        (1e6, [0.5, 1e-3, 1 - 1e-9, 1e-9]),
        (1e12, [0.3, 1e-3, 1 - 1e-6]),
        (1e15, [0.5, 0.999, 1 - 1e-9, 1 - 1e-14]),
    ]
    for successes, probabilities in laws:
        for success in probabilities:
            failure = 1.0 - success
            mean, deviation = successes * failure / success, (successes * failure) ** 0.5 / success
            points = {float(int(mean + z * deviation)) for z in DEVIATIONS if mean + z * deviation > 0}
            if successes < 1e3:
                points |= {float(int(mean * ratio)) for ratio in (1e-6, 1e-2, 0.5)}
                points |= {0.0, 1.0, 3.0, 40.0}
                points |= {float(int(part / success)) for part in (3, 60, 600) if part / success > successes}
            for k in sorted(k for k in points if k < 2**53):
                yield "negative_binomial", (successes, success, failure), k
    for mean, deviation in ((0.0, 1.0), (-3.7, 1e-3), (1e6, 123.4), (1e15, 2.0)):
        for z in (*DEVIATIONS, 0.01, -0.3, 37.0, -37.4):
            yield "normal", (mean, deviation), mean + z * deviation


def tails(law, parameters, x):
    exact = [mpf(parameter) for parameter in parameters]
    if law == "gamma":
        return gamma_tails(exact[0], exact[1] * mpf(x))
    if law == "poisson":
        return poisson_tails(exact[0], int(x))
    if law == "negative_binomial":
        r, p, q = exact
        p, q = (p, 1 - p) if p <= q else (1 - q, q)
        return negative_binomial_tails(r, p, q, int(x))
    return normal_tails(*exact, mpf(x))


def main():
    rows, skipped = [], 0
    for law, parameters, x in cases():
        try:
            lower, upper = tails(law, parameters, x)
        except ArithmeticError:
            skipped += 1
            continue
        if mpf("1e-301") < min(lower, upper):
            padded = [repr(parameter) for parameter in parameters] + [""] * (3 - len(parameters))
            rows.append([law, *padded, repr(x), mp.nstr(lower, 20), mp.nstr(upper, 20)])
    with open("tails.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["law", "a", "b", "c", "x", "lower", "upper"])
        writer.writerows(rows)
    print(len(rows), "rows;", skipped, "without a method")


if __name__ == "__main__":
    main()
