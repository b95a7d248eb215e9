"""Reference values of the binomial tails, made with 60-digit arithmetic.

Run it in this folder; it needs mpmath and writes binomial_tails.csv with the columns

    trials, success, success_rest, k, lower, upper

where p = success + success_rest exactly (two doubles), lower = P(X <= k) and upper = P(X >= k).

The method is not the program's: a tail is the incomplete beta integral

    P(X >= k) = 1/B(k, n-k+1) * integral from 0 to p of t^(k-1) (1-t)^(n-k) dt,

integrated from t = p downward. For every row the two tails are computed apart, each by the integral of
its side of the mean, and checked against lower + upper = 1 + P(X = k). Up to a million trials both are
also summed term by term.
"""

import csv
from mpmath import mp, mpf

mp.dps = 60
CUT = 120  # e^-120 of the integrand's start is left out


def log_choose(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def mass(n, p, k):
    if k < 0 or k > n:
        return mpf(0)
    return mp.exp(log_choose(n, k) + k * mp.log(p) + (n - k) * mp.log1p(-p))


def beta_tail(n, p, k):
    """P(X >= k) for k >= 1, best for k above the mean: the integrand then falls from t = p on."""
    q = 1 - p
    slope = (k - 1) / p - (n - k) / q
    curvature = (k - 1) / p**2 + (n - k) / q**2
    width = 2 / (abs(slope) + mp.sqrt(curvature) + 1 / p)

    def exponent(s):
        return (k - 1) * mp.log1p(-s / p) + (n - k) * mp.log1p(s / q)

    def integrand(s):
        return mp.exp(exponent(s)) if s < p else mpf(0 if k > 1 else 1)

    total, start = mpf(0), mpf(0)
    while start < p:
        end = min(start + width, p)
        total += mp.quad(integrand, [start, end], method="gauss-legendre", maxdegree=5)
        start = end
        if start < p and exponent(start) < -CUT:
            break
    # 1/B(k, n-k+1) = k C(n, k)
    front = log_choose(n, k) + mp.log(k) + (k - 1) * mp.log(p) + (n - k) * mp.log(q)
    return mp.exp(front) * total


def upper_tail(n, p, k):
    if k <= 0:
        return mpf(1)
    if k > n:
        return mpf(0)
    if k >= n * p:
        return beta_tail(n, p, k)
    return 1 - beta_tail(n, 1 - p, n - k + 1)


def direct_upper(n, p, k):
    """The sum of the masses from k on; stops when the rest is below 1e-50 of it."""
    term = total = mass(n, p, k)
    odds = p / (1 - p)
    for j in range(k, n):
        ratio = (n - j) * odds / (j + 1)
        term *= ratio
        total += term
        if ratio < 1 and term < mpf("1e-50") * total * (1 - ratio):
            break
    return total


def agree(a, b, tolerance="1e-30"):
    return abs(a - b) <= mpf(tolerance) * abs(b)


def tails(n, p, k):
    lower, upper = upper_tail(n, 1 - p, n - k), upper_tail(n, p, k)
    assert agree(lower + upper, 1 + mass(n, p, k)), (n, p, k)
    if n <= 10**6:
        assert agree(upper, direct_upper(n, p, k)), (n, p, k)
        assert agree(lower, direct_upper(n, 1 - p, n - k)), (n, p, k)
    return lower, upper


LAWS = [
    (1, [0.5, 1e-12, 0.999]),
    (2, [0.3, 1 - 1e-12]),
    (7, [0.5, 0.9]),
    (40, [0.25, 1e-12]),
    (1000, [0.5, 1e-3, 0.97]),
    (30_000, [0.1, 0.99999]),
    (1_000_000, [0.5, 1e-4, 1 - 1e-6, (1, 3)]),
    (4_100_000, [0.5]),
    (10**9, [0.01, 0.999, 1e-8]),
    (10**12, [0.5, 1e-12, 1 - 1e-12, (1, 7), 3e-6]),
    (10**15, [0.5, 1e-12, 1e-9, 0.999999, 1 - 1e-8, 1 - 1.1e-9, 1 - 1e-12, (1, 3), (999, 1000)]),
]
SIGMAS = [0, 0.5, -0.5, 1, -1, 3, -6, 12, -20, 30, -30, 36.5, -36.5]


def probability(value):
    exact = mpf(value[0]) / value[1] if isinstance(value, tuple) else mpf(value)
    high = float(exact)
    return high, float(exact - mpf(high))


def main():
    rows = []
    for n, probabilities in LAWS:
        for high, rest in map(probability, probabilities):
            p = mpf(high) + mpf(rest)
            mean, deviation = n * p, mp.sqrt(n * p * (1 - p))
            counts = {int(mp.nint(mean + z * deviation)) for z in SIGMAS}
            if deviation < 50:
                counts |= {c for d in (1, 2, 5, 15, 60) for c in (int(mean) + d, int(mean) - d)} | {0, n}
            for k in sorted(c for c in counts if 0 <= c <= n):
                if mass(n, p, k) < mpf("1e-303"):
                    continue
                lower, upper = tails(n, p, k)
                if min(lower, upper) > mpf("1e-301"):
                    rows.append([n, repr(high), repr(rest), k, mp.nstr(lower, 20), mp.nstr(upper, 20)])
    with open("binomial_tails.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["trials", "success", "success_rest", "k", "lower", "upper"])
        writer.writerows(rows)
    print(len(rows), "rows")


if __name__ == "__main__":
    main()
