"""Nearest-neighbour estimates of the divergence from two samples, by looking at all distances, to 30 digits.

    python3 tests/reference/knn.py > tests/reference/knn.csv

Needs mpmath. Each row: dimensions, k, the coordinates of the values from P and of those from Q (decimals that are exact doubles of
short spelling), and (d/n) sum ln(nu_k/rho_k) + ln(m/(n-1)) (Wang, Kulkarni and Verdu 2009).
"""

import random

from mpmath import log, mp, mpf, nstr, sqrt

mp.dps = 40
random.seed(57)


def distance(one, other):
    return sqrt(sum((mpf(a) - mpf(b)) ** 2 for a, b in zip(one, other)))


def estimate(d, k, source, model):
    n, m = len(source), len(model)
    total = mpf(0)
    for place, value in enumerate(source):
        within = sorted(distance(value, other) for at, other in enumerate(source) if at != place)
        across = sorted(distance(value, other) for other in model)
        total += log(across[k - 1] / within[k - 1])
    return d * total / n + log(mpf(m) / (n - 1))


print("dimensions,k,source,model,estimate")
for d in (1, 2, 3):
    for k in (1, 2, 5):
        for n, m in ((6, 5), (20, 33), (60, 17)):
            sample = lambda size, shift: [[round(random.gauss(shift, 1), 4) for _ in range(d)] for _ in range(size)]
            source, model = sample(n, 0), sample(m, 0.7)
            flat = lambda values: " ".join(repr(x) for value in values for x in value)
            print(f"{d},{k},{flat(source)},{flat(model)},{nstr(estimate(d, k, source, model), 25)}")
