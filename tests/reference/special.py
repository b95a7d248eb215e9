"""Makes special.csv: special functions to 25 digits, at the exact doubles printed. Needs: pip install mpmath

    python3 special.py > special.csv
"""

import random

from mpmath import hurwitz, log, log1p, loggamma, mp, mpf, nstr, polylog, psi

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

# What Stirling's formula leaves out: phi(x) = ln Gamma(x) - x ln x + x and its derivatives.
mp.dps = 160


def phi(x):
    return loggamma(x) - x * log(x) + x


for a in (1e-300, 1e-5, 0.3, 0.9, 3.7, 9.0, 14.5, 19.0, 19.99, 20.0, 55.5, 1e4, 1e10, 1e17, 1e30):
    x = mpf(a)
    for t in (1e-9, -1e-6, 0.01, -0.2, 0.49, -0.49, 0.51, -0.51, 3.0, -0.95, 1e4, -0.99999, 1e13):
        b = a * (1 + t)
        show("stirling_gap", a, b, phi(mpf(b)) - phi(x) - (mpf(b) - x) * (psi(0, x) - log(x)))
    show("log_less_digamma", a, 0, log(x) - psi(0, x))
    show("trigamma_excess", a, 0, x**2 * (hurwitz(2, x) - 1 / x))
    show("tetragamma_excess", a, 0, x**3 * (2 * hurwitz(3, x) - 1 / x**2))
    show("pentagamma_excess", a, 0, x**4 * (6 * hurwitz(4, x) - 2 / x**3))
