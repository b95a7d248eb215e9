"""Reference values of P(low < X <= high), counts with low itself, where that is far from a difference of tails.

Run it in this folder; it needs mpmath and writes intervals.csv with the columns

    law, a, b, c, low, high, mass

with laws and parameters as in tails.py. A gamma mass is the integral of the density, by Gauss-Legendre with 60
digits; those of counts are sums of masses.
"""

import csv

from mpmath import exp, linspace, log, loggamma, mp, mpf, nstr, quad

mp.dps = 60


def gamma_mass(shape, rate, low, high):
    def density(x):
        return exp(shape * log(rate) + (shape - 1) * log(x) - rate * x - loggamma(shape))

    return quad(density, linspace(low, high, 9), method="gauss-legendre")


def sum_of_masses(first, ratio, low, high):
    term = total = first
    for k in range(low, high):
        term *= ratio(k)
        total += term
    return total


def poisson_mass(mean, low, high):
    low, high = int(low), int(high)
    first = exp(low * log(mean) - mean - loggamma(low + 1))
    return sum_of_masses(first, lambda k: mean / (k + 1), low, high)


def negative_binomial_mass(r, success, failure, low, high):
    low, high = int(low), int(high)
    p, q = (success, 1 - success) if success <= failure else (1 - failure, failure)
    first = exp(loggamma(low + r) - loggamma(r) - loggamma(mpf(low) + 1) + r * log(p) + low * log(q))
    return sum_of_masses(first, lambda k: (k + r) / (k + 1) * q, low, high)


CASES = [
    ("gamma", (1e15, 1.0), 1e15 + 30 * 2.0**25, 1e15 + 30 * 2.0**25 + 2.0),
    ("gamma", (1e15, 1.0), 1e15 - 1e6, 1e15 + 1e6),
    ("gamma", (2.5, 0.3), 200.0, 200.0000001),
    ("gamma", (1e-3, 1.0), 1e-30, 1.5e-30),
    ("gamma", (1e-3, 1.0), 0.5, 2.0),
    ("gamma", (1e6, 2.0), 4.9e5, 490001.0),
    ("poisson", (1e12,), 1e12 + 3e7, 1e12 + 3e7 + 4000),
    ("poisson", (1e15,), 1e15 - 5 * 2.0**25, 1e15 - 5 * 2.0**25 + 1500),
    ("poisson", (1e6,), 997000.0, 1002000.0),
    ("negative_binomial", (1e12, 0.3, 0.7), 2333413333333.0, 2333413338333.0),
    ("negative_binomial", (1e-3, 1e-12, 1 - 1e-12), 5.0, 1e5),
    ("negative_binomial", (1e-6, 1e-12, 1 - 1e-12), 0.0, 5e4),
    ("negative_binomial", (1e-6, 1e-12, 1 - 1e-12), 990.0, 3e4),
    ("negative_binomial", (7.5, 1e-6, 1 - 1e-6), 3.0, 2e4),
    ("negative_binomial", (300.0, 1e-5, 1 - 1e-5), 2.9e7, 29003000.0),
    ("negative_binomial", (1e6, 1 - 1e-9, 1.0 - (1 - 1e-9)), 3.0, 7.0),
]
MASSES = {"gamma": gamma_mass, "poisson": poisson_mass, "negative_binomial": negative_binomial_mass}

with open("intervals.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["law", "a", "b", "c", "low", "high", "mass"])
    for law, parameters, low, high in CASES:
        exact = [mpf(parameter) for parameter in parameters]
        mass = MASSES[law](*exact, mpf(low), mpf(high))
        padded = [repr(parameter) for parameter in parameters] + [""] * (3 - len(parameters))
        writer.writerow([law, *padded, repr(low), repr(high), nstr(mass, 20)])
