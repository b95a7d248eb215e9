"""Makes special.csv: special functions to 25 digits, at the exact doubles printed. Needs: pip install mpmath

    python3 special.py > special.csv
"""

import random

from mpmath import hurwitz, log1p, loggamma, mp, mpf, nstr, polylog, psi

mp.dps = 60
random.seed(57)


def show(name, *values):
    *arguments, value = values
    print(name, *(repr(argument) for argument in arguments), nstr(value, 25, min_fixed=1, max_fixed=0), sep=",")


print("function,a,b,value")
points = [10 ** random.uniform(-6, 6) for _ in range(40)]
for a in points:
    for s in (2, 3, 4):
        show("hurwitz_zeta", a, s, hurwitz(s, mpf(a)))
    for size in (1e-12, 1e-6, 1e-2, 0.3, 0.9, 5.0, 300.0):
        h = a * size * random.choice([-1, 1]) if size < 1 else a * size
        exact = loggamma(mpf(a) + mpf(h)) - loggamma(mpf(a)) - mpf(h) * psi(0, mpf(a))
        show("log_gamma_gap", a, h, exact)
for exponent in range(-15, 16):
    x = 10 ** random.uniform(exponent, exponent + 1)
    show("log_excess", x, 0, mpf(x) - log1p(mpf(x)))
    if x < 1:
        show("log_excess", -x, 0, -mpf(x) - log1p(-mpf(x)))
    show("dilogarithm_of_odds", x, 0, polylog(2, mpf(x) / (1 + mpf(x))))
