"""Makes measures.csv and measures_trials.csv: measures of performance and their Monte Carlo standard errors to 25 digits, at the
exact doubles of the trials. Needs: pip install mpmath

    python3 measures.py

Estimates and standard errors are written from the formulas of Morris, White & Crowther (2019), table 6, and of the jackknife; quantiles
are of Hyndman & Fan's type 7, their standard errors Woodruff's. Those
that hold for any law are found a second time, without a formula: by numerical derivatives of the measure with respect to the
weight of each trial (the infinitesimal jackknife), or by leaving out each trial in turn.
"""

import csv
import random
from pathlib import Path

from mpmath import diff, erfinv, mp, mpf, nstr, sqrt

mp.dps = 60
random.seed(57)
FOLDER = Path(__file__).parent
LEVEL = mpf(95) / 100
# The share that is trimmed at either end.
TRIM = 0.1


def mean(values):
    return sum(values) / len(values)


def central(values, k):
    middle = mean(values)
    return mean([(value - middle) ** k for value in values])


def variance(values):
    return central(values, 2) * len(values) / (len(values) - 1)


def infinitesimal(measure, *columns):
    """sqrt(sum IF²/(n(n−1))), the influences IF by derivatives with respect to weights."""
    n = len(columns[0])

    def influence(place):
        def perturbed(step):
            weights = [(1 - step) / n + (step if i == place else 0) for i in range(n)]
            return measure(lambda values: sum(w * value for w, value in zip(weights, values)), *columns)

        return diff(perturbed, 0)

    return sqrt(sum(influence(place) ** 2 for place in range(n)) / (n * (n - 1)))


def deviation(expect, values):
    middle = expect(values)
    return sqrt(expect([(value - middle) ** 2 for value in values]))


def same(first, second):
    assert abs(first - second) <= mpf(10) ** -12 * (1 + abs(second)), (first, second)


def measures(estimates, std_errors, reference, truth):
    """(measure, estimate, standard error) of each, with 'if_normal' those that assume a normal law."""
    n = len(estimates)
    x, theta = [mpf(value) for value in estimates], mpf(truth)
    m, s = mean(x), sqrt(variance(x))
    k = central(x, 4) / central(x, 2) ** 2
    yield "mean", m, s / sqrt(n)
    yield "bias", m - theta, s / sqrt(n)
    if theta:
        yield "relative_bias", m / theta - 1, s / (sqrt(n) * abs(theta))
    mcse = s * sqrt((k - 1) / n) / 2
    # The divisor of S is n − 1, that of the influences' measure n.
    same(mcse, infinitesimal(deviation, x))
    yield "empirical_se", s, mcse
    yield "empirical_se_if_normal", s, s / sqrt(2 * (n - 1))
    squares = [(value - theta) ** 2 for value in x]
    mse = mean(squares)
    mcse = sqrt(sum((square - mse) ** 2 for square in squares) / (n * (n - 1)))
    yield "mse", mse, mcse
    root_error = sqrt(variance(squares)) / (2 * sqrt(n) * sqrt(mse))
    same(root_error, infinitesimal(lambda expect, squares: sqrt(expect(squares)), squares))
    yield "rmse", sqrt(mse), root_error
    misses = [abs(value - theta) for value in x]
    yield "mean_absolute_error", mean(misses), sqrt(variance(misses) / n)
    ordered = sorted(x)

    def quantile(level):
        place = (n - 1) * level
        below = int(place)
        return ordered[below] + (place - below) * (ordered[min(below + 1, n - 1)] - ordered[below])

    for name, percent in (("quantile_5", 5), ("quantile_25", 25), ("median", 50), ("quantile_75", 75), ("quantile_95", 95)):
        level = mpf(percent) / 100
        reach = sqrt(level * (1 - level) / n)
        if reach < level < 1 - reach:
            error = (quantile(level + reach) - quantile(level - reach)) / 2
            yield name, quantile(level), error
            if name == "median":
                yield "median_bias", quantile(level) - theta, error
    cut = int(TRIM * n)
    kept = ordered[cut : n - cut]
    winsorized = [min(max(value, kept[0]), kept[-1]) for value in x]
    error = sqrt(variance(winsorized) * n) / len(kept)
    yield "trimmed_mean", mean(kept), error
    yield "trimmed_bias", mean(kept) - theta, error
    if std_errors:
        v = [mpf(value) ** 2 for value in std_errors]
        model = sqrt(mean(v))
        mcse = sqrt(variance(v) / (4 * n * model**2))
        same(mcse, infinitesimal(lambda expect, v: sqrt(expect(v)), v))
        yield "model_se", model, mcse
        claimed = [mpf(value) for value in std_errors]
        yield "mean_model_se", mean(claimed), sqrt(variance(claimed) / n)
        mcse = infinitesimal(lambda expect, v, x: 100 * sqrt(expect(v)) / deviation(expect, x), v, x)
        yield "model_se_error", 100 * (model / s - 1), mcse * sqrt(central(x, 2)) / s
        normal = 100 * model / s * sqrt(variance(v) / (4 * n * model**4) + mpf(1) / (2 * (n - 1)))
        yield "model_se_error_if_normal", 100 * (model / s - 1), normal
        z = sqrt(2) * erfinv(LEVEL)
        yield "mean_interval_width", 2 * z * mean(claimed), 2 * z * sqrt(variance(claimed) / n)
        pairs = list(zip(x, map(mpf, std_errors)))
        for name, inside in (
            ("coverage", [abs(a - theta) <= z * se for a, se in pairs]),
            ("bias_eliminated_coverage", [abs(a - m) <= z * se for a, se in pairs]),
            ("rejection", [abs(a) > z * se for a, se in pairs]),
        ):
            part = mpf(sum(inside)) / n
            yield name, part, sqrt(part * (1 - part) / n)
    if reference:
        y = [mpf(value) for value in reference]

        def gain(a, b):
            return 100 * (variance(a) / variance(b) - 1)

        without = [gain(y[:j] + y[j + 1 :], x[:j] + x[j + 1 :]) for j in range(n)]
        yield "precision_gain", gain(y, x), sqrt((n - 1) * mpf(n - 1) / n * variance(without))
        correlation = mean([(a - mean(y)) * (b - m) for a, b in zip(y, x)]) / sqrt(central(y, 2) * central(x, 2))
        ratio = variance(y) / variance(x)
        yield "precision_gain_if_normal", gain(y, x), 200 * ratio * sqrt((1 - correlation**2) / (n - 1))


def skewed(n):
    first = [random.expovariate(1) for _ in range(n)]
    return first, [0.6 * value + random.expovariate(2) for value in first]


sets = {
    "normal": ([random.gauss(0.5, 2) for _ in range(40)], [random.uniform(1.5, 2.5) for _ in range(40)], None, 0.5),
    "far": ([1e9 + random.gauss(0, 1) for _ in range(30)], [random.uniform(0.8, 1.1) for _ in range(30)], None, 1e9),
    "biased": ([random.gauss(7, 1e-3) for _ in range(25)], [random.uniform(1, 3) * 1e-3 for _ in range(25)], None, 3.0),
    "zero": ([random.gauss(0, 1) for _ in range(12)], [random.uniform(0.5, 1.5) for _ in range(12)], None, 0.0),
    "four": ([1.0, 2.0, 4.0, 8.5], [1.0, 0.5, 2.0, 0.25], None, 3.0),
    "tiny": ([random.gauss(1, 1) * 1e-160 for _ in range(20)], [random.uniform(1, 2) * 1e-160 for _ in range(20)], None, 1e-160),
    "huge": ([random.gauss(1, 1) * 1e140 for _ in range(20)], [random.uniform(1, 2) * 1e140 for _ in range(20)], None, 1e140),
}
first, second = skewed(60)
sets["skewed"] = (first, [abs(value) for value in first], second, 1.0)
first = [random.gauss(0, 1) for _ in range(50)]
sets["paired"] = (first, None, [value + random.gauss(0, 0.1) for value in first], 0.0)

with open(FOLDER / "measures_trials.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["set", "trial", "estimator", "estimate", "se"])
    for name, (estimates, std_errors, reference, _) in sets.items():
        for trial, estimate in enumerate(estimates):
            out.writerow([name, trial + 1, "b", repr(estimate), repr(std_errors[trial]) if std_errors else ""])
        for trial, estimate in enumerate(reference or []):
            out.writerow([name, trial + 1, "a", repr(estimate), ""])
with open(FOLDER / "measures.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["set", "truth", "measure", "estimate", "mcse"])
    for name, (estimates, std_errors, reference, truth) in sets.items():
        for measure, estimate, mcse in measures(estimates, std_errors, reference, truth):
            out.writerow([name, repr(truth), measure, nstr(estimate, 25), nstr(mcse, 25)])
