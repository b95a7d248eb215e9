"""Reference values of `runner estimate`: estimates, standard errors, biases, intervals and tests from given counts and logs.

Nothing here shares a line with the program: gradients of the estimators are numerical (mpmath, 40 digits), variances are quadratic forms with
whole covariance matrices, the jackknife leaves out each symbol, limits of intervals are roots. Run with mpmath, numpy and scipy:

    python3 tests/reference/estimate.py
"""

import csv
import math
import pathlib

import mpmath as mp
import numpy as np
from scipy import optimize, special, stats

mp.mp.dps = 40
HERE = pathlib.Path(__file__).parent
LEVEL = 0.95


def covariance(shares, n):
    """Of counts of n symbols."""
    return [[n * (shares[i] * (i == j) - shares[i] * shares[j]) for j in range(len(shares))] for i in range(len(shares))]


def quadratic(gradient, matrix):
    return sum(gradient[i] * matrix[i][j] * gradient[j] for i in range(len(gradient)) for j in range(len(gradient)))


def gradient(function, point):
    found = []
    for place in range(len(point)):
        def along(x, place=place):
            return function([x if other == place else value for other, value in enumerate(point)])
        found.append(mp.diff(along, point[place], h=mp.mpf(10) ** -12))
    return found


def xlogx_sum(shares, logs):
    return mp.fsum(p * (mp.log(p) - log) for p, log in zip(shares, logs) if p > 0)


def smoothed(counts, pseudo):
    total = mp.fsum(counts) + pseudo * len(counts)
    return [(count + pseudo) / total for count in counts]


def grassberger(n):
    return mp.digamma(n) + (-1) ** n * (mp.digamma(mp.mpf(n + 1) / 2) - mp.digamma(mp.mpf(n) / 2)) / 2


def of_known(counts, q):
    """Every estimator with Q known: name, estimate, variance, first-order bias or None, divergence that the variance belongs to."""
    n, k = sum(counts), len(counts)
    logs = [mp.log(x) for x in q]
    shares = smoothed(counts, 0)
    seen = sum(count > 0 for count in counts)
    cross = mp.fsum(p * log for p, log in zip(shares, logs))

    def delta(pseudo):
        # Symbols that were not seen have no share that could vary.
        places = [place for place in range(k) if counts[place] + pseudo > 0]
        truth = [smoothed(counts, pseudo)[place] for place in places]

        def function(some):
            whole = [mp.mpf(0)] * k
            for place, value in zip(places, some):
                whole[place] = value
            # The number of symbols stays n.
            total = mp.fsum(whole) + pseudo * k
            return xlogx_sum([(value + pseudo) / total for value in whole], logs)

        slope = gradient(function, [mp.mpf(counts[place]) for place in places])
        return quadratic(slope, covariance(truth, n)), xlogx_sum(smoothed(counts, pseudo), logs)

    plain, divergence = delta(0)
    plug_in = xlogx_sum(shares, logs)
    rows = [
        ("plug_in", plug_in, plain, mp.mpf(seen - 1) / (2 * n), divergence),
        ("miller_madow", plug_in - mp.mpf(seen - 1) / (2 * n), plain, None, divergence),
    ]
    left_out = []
    for place, count in enumerate(counts):
        if count:
            fewer = [other - (position == place) for position, other in enumerate(counts)]
            left_out.append((count, xlogx_sum(smoothed(fewer, 0), logs)))
    mean = mp.fsum(count * value for count, value in left_out) / n
    spread = mp.mpf(n - 1) / n * mp.fsum(count * (value - mean) ** 2 for count, value in left_out)
    rows.append(("jackknife", n * plug_in - (n - 1) * mean, spread, None, divergence))
    entropy = mp.digamma(n) - mp.fsum(p * grassberger(count) for p, count in zip(shares, counts) if count)
    rows.append(("grassberger_schurmann", -cross - entropy, plain, None, divergence))
    entropy = mp.fsum(
        mp.mpf(count) / n * mp.fsum(mp.fprod(1 - mp.mpf(count - 1) / (n - 1 - j) for j in range(v)) / v for v in range(1, n - count + 1))
        for count in counts if count
    )
    rows.append(("zhang", -cross - entropy, plain, None, divergence))
    variance, of_smoothed = delta(1)
    bias = mp.mpf(seen - 1) / (2 * n) + mp.fsum(
        (1 - k * p) * (mp.log(p) - log) for p, log in zip(smoothed(counts, 1), logs)) / n
    rows.append(("dirichlet(a=1)", of_smoothed, variance, bias, of_smoothed))
    return rows


def of_both(counts, others):
    """The same with the counts of a sample from Q."""
    n, m, k = sum(counts), sum(others), len(counts)
    seen = sum(count > 0 for count in counts)
    rows = []
    for name, a, weights, b, is_normalised in [
        ("plug_in_two_sample", 0, others, 0, True),
        ("zhang_grabchak", 0, [max(count, 1) for count in others], 0, True),
        ("augmented_plug_in", 0, [max(count, 1) for count in others], 0, True),
        ("bu_augmented", 0, [count + 1 for count in others], 1, False),
        ("jeffreys", mp.mpf("0.5"), [count + mp.mpf("0.5") for count in others], mp.mpf("0.5"), True),
    ]:
        p = smoothed(counts, a)
        total = mp.fsum(weights)
        q = [weight / total for weight in weights]
        if any(share > 0 and weight == 0 for share, weight in zip(p, weights)):
            rows.append((name, mp.inf, None, None, None))
            continue
        places = [place for place in range(k) if p[place] > 0]

        def of_source(some):
            whole = [mp.mpf(0)] * k
            for place, value in zip(places, some):
                whole[place] = value
            sum_ = mp.fsum(whole) + a * k
            return mp.fsum((whole[place] + a) / sum_ * mp.log((whole[place] + a) / sum_ / q[place]) for place in places)

        def of_model(some):
            sum_ = mp.fsum(some) if is_normalised else mp.mpf(1)
            return -mp.fsum(p[place] * mp.log(some[place] / sum_) for place in places)

        variance = quadratic(gradient(of_source, [mp.mpf(counts[place]) for place in places]), covariance([p[place] for place in places], n))
        slope = gradient(of_model, [mp.mpf(weight) for weight in weights]) if all(weights) else [
            -p[place] / weight if weight else mp.mpf(0) for place, weight in enumerate(weights)]
        variance += quadratic(slope, covariance(q, m))
        ratio = mp.fsum(x / y for x, y in zip(p, q) if x > 0)
        bias = mp.mpf(seen - 1) / (2 * n) + (ratio - 1) / (2 * m)
        bias += a * mp.fsum((1 - k * x) * mp.log(x / y) for x, y in zip(p, q) if x > 0) / n
        bias -= b * (ratio - (k if is_normalised else 0)) / m
        divergence = mp.fsum(x * mp.log(x / y) for x, y in zip(p, q) if x > 0)
        if name == "zhang_grabchak":
            shares = smoothed(counts, 0)
            estimate = mp.fsum(
                share * (mp.digamma(m + 1) - mp.digamma(other + 1) - mp.digamma(n) + mp.digamma(count))
                for share, count, other in zip(shares, counts, others) if count)
            bias = None
        elif name == "bu_augmented":
            estimate = mp.fsum(x * mp.log(x * m / weight) for x, weight in zip(p, weights) if x > 0)
        elif name == "augmented_plug_in":
            estimate = mp.fsum(x * mp.log(x * m / weight) for x, weight in zip(p, weights) if x > 0)
        else:
            estimate = divergence
        rows.append((name, estimate, variance, bias, divergence))
    return rows


def interval(estimate, variance, divergence, degrees, size):
    """The roots in D of (estimate − D)² = z² (rate D + degrees/(2 size²)), 0 where the lower one is less."""
    z = stats.norm.isf((1 - LEVEL) / 2)
    rate = variance / divergence if divergence > 0 else 2 / size

    def excess(d):
        return (estimate - d) ** 2 - z * z * (rate * d + degrees / (2 * size * size))

    bottom = estimate + z * z * rate / 2
    far = abs(bottom) + 100 * (1 + rate)
    high = optimize.brentq(excess, bottom, bottom + far, xtol=1e-300, rtol=1e-15)
    low = optimize.brentq(excess, bottom - far, bottom, xtol=1e-300, rtol=1e-15)
    return max(low, 0.0), max(high, 0.0)


def counts_rows():
    generator = np.random.default_rng(57)
    cases = [
        ([12, 30, 8], ["0.2", "0.5", "0.3"], None),
        ([50, 50], ["0.5", "0.5"], None),
        ([7, 0, 1, 2], ["0.25", "0.25", "0.25", "0.25"], None),
        ([12, 30, 8], None, [10, 25, 15]),
        ([9, 0, 4, 1], None, [3, 6, 0, 2]),
        ([20, 20], None, [31, 29]),
    ]
    for k, n, m in [(2, 30, 45), (5, 100, 60), (12, 40, 300), (3, 1000, 2000)]:
        p, q = generator.dirichlet([2] * k), generator.dirichlet([2] * k)
        counts, others = generator.multinomial(n, p).tolist(), generator.multinomial(m, q).tolist()
        weights = generator.multinomial(64, [1 / k] * k) + 1
        exact = [f"{weight}/{weights.sum()}" for weight in weights]
        cases += [(counts, exact, None), (counts, None, others)]
    for counts, q, others in cases:
        n, k = sum(counts), len(counts)
        if others is None:
            exact = [mp.mpf(x.split("/")[0]) / mp.mpf((x.split("/") + ["1"])[1]) for x in q]
            rows = of_known(counts, exact)
            degrees, size = k - 1, n
            g = 2 * n * rows[0][1]
        else:
            m = sum(others)
            rows = of_both(counts, others)
            degrees, size = sum(a + b > 0 for a, b in zip(counts, others)) - 1, n * m / (n + m)
            table = np.array([counts, others])
            table = table[:, table.sum(axis=0) > 0]
            g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        for name, estimate, variance, bias, divergence in rows:
            if variance is None:
                low = high = ""
            else:
                # Signs of (-1)**n / (2n), weighted by n/N: the variance of their sum is (signs)/(4 n**2), and ours is degrees/(2 n**2).
                more = 0
                if name == "grassberger_schurmann":
                    seen = sum(count > 0 for count in counts)
                    more = (4 if n % 2 == 0 else 0) / 2 if seen == 2 else seen / 2
                low, high = interval(float(estimate - (bias or 0)), float(variance), float(divergence), degrees + more, size)
            yield {
                "counts": " ".join(map(str, counts)),
                "q": " ".join(q or []),
                "others": " ".join(map(str, others or [])),
                "estimator": name,
                "estimate": "inf" if estimate == mp.inf else repr(float(estimate)),
                "std_error": "" if variance is None else repr(float(mp.sqrt(variance))),
                "bias": "" if bias is None else repr(float(bias)),
                "low": low if low == "" else repr(low),
                "high": high if high == "" else repr(high),
                "g": repr(float(g)),
                "p_value": repr(float(stats.chi2.sf(float(g), degrees))),
            }


def token_data():
    generator = np.random.default_rng(58)
    for sequence in range(12):
        for _ in range(generator.integers(1, 9)):
            p = math.log(generator.uniform(0.05, 0.95))
            yield f"s{sequence}", p, p + generator.normal(0, 0.4), p + generator.normal(0, 0.2)


def token_rows(data):
    names = list(dict.fromkeys(row[0] for row in data))
    functions = {"k1": lambda x: x, "k2": lambda x: x * x / 2, "k3": lambda x: math.expm1(-x) + x}
    quantile = stats.t.isf((1 - LEVEL) / 2, len(names) - 1)
    groups = {name: [row for row in data if row[0] == name] for name in names}
    for has_sampler in [False, True]:
        for level in ["token", "sum", "sequence"]:
            for weights in ["importance", "self_normalised"] if has_sampler else ["none"]:
                for name, function in functions.items():
                    if level == "sum" and name == "k1":
                        continue
                    a, b = [], []
                    for rows in groups.values():
                        x = [p - q for _, p, q, _ in rows]
                        w = [math.exp(p - s) if has_sampler else 1.0 for _, p, _, s in rows]
                        whole = math.prod(w)
                        if level == "token":
                            a.append(math.fsum(u * function(v) for u, v in zip(w, x)))
                            b.append(math.fsum(w) if weights == "self_normalised" else float(len(rows)))
                        else:
                            value = math.fsum(map(function, x)) if level == "sum" else function(math.fsum(x))
                            a.append(whole * value)
                            b.append(whole if weights == "self_normalised" else 1.0)
                    estimate = math.fsum(a) / math.fsum(b)
                    c = len(a)
                    rest = math.fsum((u - estimate * v) ** 2 for u, v in zip(a, b))
                    error = math.sqrt(c / (c - 1) * rest) / math.fsum(b)
                    yield {
                        "sampler": int(has_sampler), "level": level, "weights": weights, "estimator": name,
                        "estimate": repr(estimate), "std_error": repr(error),
                        "low": repr(float(max(estimate - quantile * error, 0.0))),
                        "high": repr(float(max(estimate + quantile * error, 0.0))),
                    }


def value_rows():
    """Numbers from P with Q known: Kozachenko and Leonenko's entropy by all distances, and means of functions of the log ratio."""
    generator = np.random.default_rng(59)
    for dimensions, n, k in [(1, 15, 1), (1, 40, 5), (2, 30, 3), (3, 25, 1)]:
        values = generator.normal(size=(n, dimensions))
        distances = np.sort(np.sqrt(((values[:, None] - values[None]) ** 2).sum(axis=2)), axis=1)[:, k]
        ball = dimensions / 2 * math.log(math.pi) - special.gammaln(dimensions / 2 + 1)
        entropy = special.digamma(n) - special.digamma(k) + ball + dimensions * np.log(distances).mean()
        mean = 0.5
        log_q = stats.norm.logpdf(values, mean, 1).sum(axis=1)
        x = stats.norm.logpdf(values, 0, 1).sum(axis=1) - log_q
        row = {
            "dimensions": dimensions, "k": k,
            "values": " ".join(repr(float(value)) for value in values.ravel()),
            "log_q": " ".join(repr(float(value)) for value in log_q),
            "log_ratios": " ".join(repr(float(value)) for value in x),
            "knn_entropy": repr(float(-entropy - log_q.mean())),
        }
        for name, function in [("log_ratio", x), ("k2", x * x / 2), ("k3", np.expm1(-x) + x)]:
            row[name] = repr(float(function.mean()))
            error = function.std(ddof=1) / math.sqrt(n)
            row[f"{name}_se"] = repr(float(error))
            if name != "k2":
                ends = stats.t.interval(LEVEL, n - 1, loc=function.mean(), scale=error)
                row[f"{name}_low"], row[f"{name}_high"] = (repr(float(max(end, 0.0))) for end in ends)
        yield row


def write(name, rows):
    rows = list(rows)
    with open(HERE / name, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write("estimate_counts.csv", counts_rows())
    data = list(token_data())
    write("estimate_log.csv", ({"id": s, "lp": repr(p), "lq": repr(q), "ls": repr(t)} for s, p, q, t in map(
        lambda row: (row[0], *map(float, row[1:])), data)))
    write("estimate_tokens.csv", token_rows(data))
    write("estimate_values.csv", value_rows())
