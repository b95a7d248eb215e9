"""Makes studies.csv and the four files of trials in studies/: small studies of our own in the shapes of those that the vignettes of
rsimsum and simhelpers summarize, and their measures, with NumPy and SciPy. Needs: pip install numpy scipy

    python3 studies.py

Estimates and standard errors are written from their definitions; those of ratios and roots are jackknives, infinitesimal ones but for
the gain in precision. Nothing here is taken from the program or from those packages.
"""

import csv
from pathlib import Path

import numpy as np
from scipy import stats

FOLDER = Path(__file__).parent
rng = np.random.default_rng(57)


def rounded(value):
    return float(f"{value:.6f}")


def of_mean(values):
    return np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))


def of_share(inside):
    share = np.mean(inside)
    return share, np.sqrt(share * (1 - share) / len(inside))


def from_influence(estimate, influence):
    n = len(influence)
    return estimate, np.sqrt(np.sum(influence**2) / (n * (n - 1)))


def gain(reference, own):
    value = lambda a, b: 100 * (np.var(a, ddof=1) / np.var(b, ddof=1) - 1)
    n = len(own)
    left = np.array([value(np.delete(reference, i), np.delete(own, i)) for i in range(n)])
    return value(reference, own), np.sqrt((n - 1) / n * np.sum((left - left.mean()) ** 2))


def measures(x, theta, se=None, low=None, high=None, p=None):
    """Of trials that have all numbers but maybe se, low and high, which are NaN together."""
    n, m, s = len(x), np.mean(x), np.std(x, ddof=1)
    moment = (x - m) ** 2 - np.var(x)
    yield "mean", *of_mean(x)
    yield "bias", m - theta, of_mean(x)[1]
    if theta != 0:
        yield "relative_bias", m / theta - 1, of_mean(x)[1] / abs(theta)
    yield "empirical_se", s, s / 2 * np.sqrt((stats.kurtosis(x, fisher=False) - 1) / n)
    squares = (x - theta) ** 2
    yield "mse", *of_mean(squares)
    root = np.sqrt(np.mean(squares))
    yield "rmse", root, of_mean(squares)[1] / (2 * root)
    yield "mean_absolute_error", *of_mean(np.abs(x - theta))
    reach = np.sqrt(0.25 / n)
    yield "median", np.median(x), (np.quantile(x, 0.5 + reach) - np.quantile(x, 0.5 - reach)) / 2
    if se is not None:
        known = ~np.isnan(se)
        x, se = x[known], se[known]
        low, high = (None, None) if low is None else (low[known], high[known])
        s, moment = np.std(x, ddof=1), (x - np.mean(x)) ** 2 - np.var(x)
        model = np.sqrt(np.mean(se**2))
        of_model = (se**2 - model**2) / (2 * model)
        yield "model_se", *from_influence(model, of_model)
        yield "mean_model_se", *of_mean(se)
        ratio = model / s
        yield "model_se_error", *from_influence(100 * (ratio - 1), 100 * ratio * (of_model / model - moment / (2 * np.var(x))))
    if low is None:
        low, high = x - stats.norm.ppf(0.975) * se, x + stats.norm.ppf(0.975) * se
    yield "coverage", *of_share((low <= theta) & (theta <= high))
    yield "bias_eliminated_coverage", *of_share((low <= np.mean(x)) & (np.mean(x) <= high))
    yield "rejection", *of_share((low > 0) | (high < 0) if p is None else p < 0.05)
    yield "mean_interval_width", *of_mean(high - low)


def write(name, columns, rows):
    with open(FOLDER / "studies" / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def missing_data():
    """Three ways to deal with missing values, each over the same data sets; some fail, some lack a standard error."""
    count, methods = 120, {"CC": (0.02, 0.150), "MI_T": (0.0, 0.134), "MI_LOGT": (0.0, 0.132)}
    shared = rng.normal(0, 1, count)
    trials = {}
    for method, (bias, spread) in methods.items():
        b = [rounded(0.5 + bias + spread * (0.8 * z + 0.6 * rng.normal())) for z in shared]
        se = [rounded(spread * rng.gamma(200, 1 / 200)) for _ in b]
        trials[method] = (np.array(b), np.array(se))
    trials["MI_T"][0][[7, 31]] = np.nan
    trials["MI_T"][1][[7, 31]] = np.nan
    trials["CC"][1][[3]] = np.nan
    text = lambda number: "NA" if np.isnan(number) else repr(float(number))
    rows = [
        [dataset + 1, method, text(trials[method][0][dataset]), text(trials[method][1][dataset])]
        for dataset in range(count)
        for method in methods
    ]
    write("missing.csv", ["dataset", "method", "b", "se"], rows)
    for method, (b, se) in trials.items():
        known = ~np.isnan(b)
        for row in measures(b[known], 0.5, se[known]):
            yield ["missing", method, *row]
        if method != "CC":
            yield ["missing", method, "precision_gain", *gain(trials["CC"][0][known], b[known])]


def hazard_ratios():
    """Three models of a log hazard ratio, by the size of the data and the baseline hazard, separated by semicolons."""
    rows, found = [], []
    for baseline in ("Exponential", "Weibull"):
        for n in (50, 250):
            shared = rng.normal(0, 1, 40)
            own = {}
            for model in ("Cox", "Exp", "RP(2)"):
                spread, centre = 2.25 / np.sqrt(n), -0.5
                if (baseline, model) == ("Weibull", "Exp"):
                    spread, centre = 0.65 * spread, -0.35
                theta = np.array([rounded(centre + spread * (0.95 * z + 0.3 * rng.normal())) for z in shared])
                se = np.array([rounded(2.25 / np.sqrt(n) * rng.gamma(400, 1 / 400)) for _ in theta])
                own[model] = theta
                rows += [[i + 1, n, baseline, t, s, model] for i, (t, s) in enumerate(zip(theta.tolist(), se.tolist()))]
                keys = f"{baseline}/{n}/{model}"
                found += [["hazards", keys, *row] for row in measures(theta, -0.5, se)]
                if model != "Cox":
                    found.append(["hazards", keys, "precision_gain", *gain(own["Cox"], theta)])
    with open(FOLDER / "studies" / "hazards.csv", "w", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(["dataset", "n", "baseline", "theta", "se", "model"])
        writer.writerows([[str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in row] for row in rows])
    return found


def two_samples(n1, n2, shift, s1, s2):
    a, b = rng.normal(0, s1, n1), rng.normal(shift, s2, n2)
    difference, v1, v2 = np.mean(b) - np.mean(a), np.var(a, ddof=1), np.var(b, ddof=1)
    pooled = ((n1 - 1) * v1 + (n2 - 1) * v2) / (n1 + n2 - 2) * (1 / n1 + 1 / n2)
    apart = v1 / n1 + v2 / n2
    df = apart**2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1))
    for variance, degrees in ((pooled, n1 + n2 - 2), (apart, df)):
        estimate, se, degrees = rounded(difference), rounded(np.sqrt(variance)), rounded(degrees)
        half = stats.t.ppf(0.975, degrees) * se
        p = 2 * stats.t.sf(abs(estimate) / se, degrees)
        yield estimate, se, degrees, rounded(estimate - half), rounded(estimate + half), rounded(p)


def t_tests():
    """The t tests with one variance and with two, in long form, with limits, p and degrees of freedom of each row."""
    rows = []
    for dgm, (n2, s2) in enumerate([(45, 1.0), (45, 3.0), (15, 1.0), (15, 3.0)], 1):
        for repno in range(1, 41):
            for method, numbers in enumerate(two_samples(45, n2, -1, 2.0, s2), 1):
                rows.append([*numbers, repno, dgm, method])
    write("t_tests.csv", ["diff", "se", "df", "conf.low", "conf.high", "p", "repno", "dgm", "method"], rows)
    for dgm in range(1, 5):
        for method in (1, 2):
            of = np.array([row[:6] for row in rows if row[7:] == [dgm, method]])
            x, se, df, low, high, p = of.T
            keys = f"{dgm}/{method}"
            # Those by limits and p-values, by degrees of freedom, and by nothing but standard errors.
            yield from (["t_tests_own", keys, *row] for row in measures(x, -1, se, low, high, p))
            half = stats.t.ppf(0.975, df) * se
            yield from (["t_tests_df", keys, *row] for row in measures(x, -1, se, x - half, x + half))
            yield from (["t_tests_z", keys, *row] for row in measures(x, -1, se))


def welch():
    """Both tests in one row, with two columns each of standard errors, p-values and bounds; the estimand is a column."""
    columns = [f"{name}_{test}" for test in ("t", "welch") for name in ("est", "se", "p", "lower", "upper")]
    rows = []
    for n2 in (50, 70):
        for mean_diff in (0, 0.5, 2):
            for _ in range(30):
                tests = two_samples(50, n2, mean_diff, 1.3, 1.7)
                numbers = [number for e, se, _, low, high, p in tests for number in (e, se, p, low, high)]
                rows.append([50, n2, mean_diff, mean_diff, *numbers])
    write("welch.csv", ["n1", "n2", "mean_diff", "true_param", *columns], rows)
    for n2 in (50, 70):
        for mean_diff in (0, 0.5, 2):
            of = np.array([row[4:] for row in rows if row[1:3] == [n2, mean_diff]])
            for test, place in (("t", 0), ("welch", 5)):
                x, se, p, low, high = of[:, place : place + 5].T
                yield from (["welch", f"50/{n2}/{mean_diff}/{test}", *row] for row in measures(x, mean_diff, se, low, high, p))


if __name__ == "__main__":
    (FOLDER / "studies").mkdir(exist_ok=True)
    with open(FOLDER / "studies.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["study", "group", "measure", "estimate", "mcse"])
        for make in (missing_data, hazard_ratios, t_tests, welch):
            for *names, estimate, mcse in make():
                writer.writerow([*names, f"{estimate:.10g}", f"{mcse:.10g}"])
