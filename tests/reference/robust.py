"""Makes robust.csv and robust_trials.csv: robust measures, intervals by Student's t, errors from estimands by row, with SciPy.
Needs: pip install numpy scipy

    python3 robust.py
"""

import csv
from pathlib import Path

import numpy as np
from scipy import stats

FOLDER = Path(__file__).parent
TRIM, LEVEL = 0.1, 0.95
rng = np.random.default_rng(57)


def error_of_mean(values):
    return np.std(values, ddof=1) / np.sqrt(len(values))


def error_of_median(values):
    reach = np.sqrt(0.25 / len(values))
    return (np.quantile(values, 0.5 + reach) - np.quantile(values, 0.5 - reach)) / 2


def trimmed(values):
    cut = int(TRIM * len(values))
    winsorized = np.asarray(stats.mstats.winsorize(values, limits=(TRIM, TRIM)))
    error = np.std(winsorized, ddof=1) * np.sqrt(len(values)) / (len(values) - 2 * cut)
    return stats.trim_mean(values, TRIM), error


def fivenum(values):
    values, n = np.sort(values), len(values)
    depth = ((n + 3) // 2) / 2
    place = np.array([depth, (n + 1) / 2, n + 1 - depth])
    return 0.5 * (values[np.floor(place).astype(int) - 1] + values[np.ceil(place).astype(int) - 1])


def is_big(values, limit):
    low, median, high = fivenum(values)
    return np.abs(values - median) / (high - low) > limit


def measures(x, se, df, truth):
    errors = x - truth
    yield "mean", np.mean(x), error_of_mean(x)
    yield "bias", np.mean(errors), error_of_mean(errors)
    squares = errors**2
    yield "mse", np.mean(squares), error_of_mean(squares)
    if len(set(truth)) > 1:
        yield "relative_bias", np.mean(errors / truth), error_of_mean(errors / truth)
    else:
        yield "relative_bias", np.mean(x) / truth[0] - 1, error_of_mean(x) / abs(truth[0])
    yield "mean_absolute_error", np.mean(np.abs(errors)), error_of_mean(np.abs(errors))
    yield "median_bias", np.median(errors), error_of_median(errors)
    yield "trimmed_mean", *trimmed(x)
    yield "trimmed_bias", *trimmed(errors)
    yield "mean_model_se", np.mean(se), error_of_mean(se)
    reach = stats.t.isf((1 - LEVEL) / 2, df) * se
    yield "mean_interval_width", np.mean(2 * reach), error_of_mean(2 * reach)
    for name, inside in (
        ("coverage", np.abs(errors) <= reach),
        ("bias_eliminated_coverage", np.abs(errors - np.mean(errors)) <= reach),
        ("rejection", np.abs(x) > reach),
    ):
        part = np.mean(inside)
        yield name, part, np.sqrt(part * (1 - part) / len(x))


def sets():
    n = 61
    yield "one", rng.standard_t(2, n) + 1, rng.uniform(0.5, 1.5, n), rng.uniform(2, 40, n), np.full(n, 1.0)
    n = 50
    truth = np.round(rng.uniform(1, 3, n), 2)
    yield "own", truth + rng.normal(0.1, 1, n), rng.uniform(0.7, 1.2, n), rng.uniform(3, 30, n), truth
    n = 40
    x, se = rng.normal(2, 0.5, n), rng.uniform(0.3, 0.6, n)
    x[3], x[17], se[29] = 40.0, -25.0, 90.0
    yield "wild", x, se, np.full(n, 12.0), np.full(n, 2.0)


with open(FOLDER / "robust_trials.csv", "w", newline="") as trials, open(FOLDER / "robust.csv", "w", newline="") as found:
    rows, out = csv.writer(trials, lineterminator="\n"), csv.writer(found, lineterminator="\n")
    rows.writerow(["set", "estimate", "se", "df", "truth"])
    out.writerow(["set", "rows", "measure", "estimate", "mcse", "trials"])
    for name, *columns in sets():
        columns = [np.array([float(f"{value:.6g}") for value in column]) for column in columns]
        rows.writerows([name, *map(repr, map(float, row))] for row in zip(*columns))
        kept = ~(is_big(columns[0], 3) | is_big(columns[1], 10))
        for which, of in (("all", np.full(len(kept), True)), ("dropped", kept)):
            for measure, estimate, error in measures(*(column[of] for column in columns)):
                out.writerow([name, which, measure, repr(float(estimate)), repr(float(error)), of.sum()])
