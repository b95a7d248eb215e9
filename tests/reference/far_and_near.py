"""Makes far_and_near.csv: D and V of random pairs whose parameters are drawn over many decades, far from each other and as
near as doubles are, and D of pairs of two families. All by textbook formulas in 300-digit arithmetic and more, at the exact doubles
(or fractions) printed.

    python3 far_and_near.py [COUNT [SEED]] > far_and_near.csv

COUNT pairs of each kind (6 are committed; KL_PAIRS=FILE cargo test --test far_and_near reads another file).
Needs: pip install mpmath
"""

import csv
import json
import random
import sys
from fractions import Fraction

from mpmath import atan, beta, digamma, erf, euler, exp, gamma, log, loggamma, mp, mpf, nstr, pi, polygamma, sqrt

from closed_forms import FORMULAS

mp.dps = 300
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 6
random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 57)
uniform = random.uniform


def decades(low, high):
    return 10 ** uniform(low, high)


def exact(value):
    if isinstance(value, list):
        return [exact(item) for item in value]
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, str):
        fraction = Fraction(value)
        return mpf(fraction.numerator) / fraction.denominator
    return mpf(value)


def moved(x, most=None):
    """x at a random relative distance, from an ulp to many decades."""
    how = random.random()
    if how < 0.6:
        y = x * (1 + random.choice([-1, 1]) * decades(-15, -0.5))
    elif how < 0.85:
        y = x * decades(-3, 3)
    elif how < 0.9:
        y = x
    else:
        y = x * decades(-12, 12)
    return y if most is None or 0 < y < most else x * 0.5


def wide(formula):
    """Scales that differ by hundreds of decades, and chances as small, need more digits than that."""

    def computed(p, q):
        with mp.workdps(2600):
            return formula(p, q)

    return computed


# Pairs of one family: each function gives P's and Q's parameters.


def gammas(low=-2, high=17):
    a, b = decades(low, high), decades(-6, 6)
    other = moved(a)
    # As a rule near in the mean, where what is left of the terms is smallest.
    rate = b * (other / a) * (1 + random.choice([-1, 1]) * decades(-16, 0)) if random.random() < 0.6 else moved(b)
    key, other_key = random.choice(["rate", "scale"]), random.choice(["rate", "scale"])
    written = lambda key, rate: {key: rate if key == "rate" else 1 / rate}
    return {"shape": a, **written(key, b)}, {"shape": other, **written(other_key, rate)}


def by_scale(p, q):
    return FORMULAS["gamma"](*({"shape": s.get("shape", mpf(1)), "rate": s["rate"] if "rate" in s else 1 / s["scale"]} for s in (p, q)))


def normals():
    mean, variance = uniform(-3, 3), decades(-4, 4)
    shift = random.choice([0, 1, 1]) * random.choice([-1, 1]) * decades(-15, 1) * variance**0.5
    key, other_key = random.choice(["variance", "std_dev"]), random.choice(["variance", "std_dev"])
    written = lambda key, v: {key: v if key == "variance" else v**0.5}
    return {"mean": mean, **written(key, variance)}, {"mean": mean + shift, **written(other_key, moved(variance))}


def by_variance(p, q):
    deviation = lambda s: s["std_dev"] if "std_dev" in s else sqrt(s["variance"])
    return FORMULAS["normal"](*({"mean": s["mean"], "std_dev": deviation(s)} for s in (p, q)))


def fractions():
    """Normal laws of written fractions that are near."""
    n, d = random.randint(1, 999), random.randint(1, 999)
    m = random.randint(10**6, 10**12)
    near = f"{n * m + random.choice([-1, 1])}/{d * m}"
    return {"mean": "1/3", "std_dev": f"{n}/{d}"}, {"mean": "1/3", "std_dev": near}


def several(size):
    alpha = [decades(-3, 4) if random.random() < 0.8 else decades(-12, 12) for _ in range(size)]
    if random.random() < 0.4:
        # A common factor: the means are the same.
        factor = moved(1.0)
        return alpha, [a * factor for a in alpha]
    if random.random() < 0.5:
        place = random.randrange(size)
        return alpha, [moved(a) if i == place else a for i, a in enumerate(alpha)]
    return alpha, [moved(a) for a in alpha]


def dirichlets():
    p, q = several(random.randint(2, 6))
    return {"alpha": p}, {"alpha": q}


def betas():
    return tuple({"alpha": side[0], "beta": side[1]} for side in several(2))


def correlated():
    r = lambda: random.choice([-1, 1]) * (1 - decades(-14, -0.01))
    first, second = decades(-2, 2), decades(-2, 2)

    def side(r, scale):
        c = r * (first * second) ** 0.5 * scale
        return [[first * scale, c], [c, second * scale]]

    one = r()
    other = one * (1 + decades(-15, -9)) if random.random() < 0.3 and abs(one) < 0.999 else r()
    shift = random.choice([0, 1]) * decades(-9, 0)
    p, q = side(one, 1), side(one if random.random() < 0.3 else other, moved(1.0))
    return {"mean": [0.0, 0.0], "covariance": p}, {"mean": [shift, 0.0], "covariance": q}


def several_normals():
    size = random.randint(3, 5)
    near = decades(-7, 0)

    def side(rows):
        return [[sum(mpf(a) * mpf(b) for a, b in zip(x, y)) for y in rows] for x in rows]

    base = [[uniform(-1, 1) for _ in range(size)] for _ in range(size)]
    base[1] = [a + near * b for a, b in zip(base[0], base[1])]
    distance = decades(-9, 0)
    other = [[a + distance * uniform(-1, 1) for a in row] for row in base]
    doubles = lambda m: [[float(m[max(i, j)][min(i, j)]) for j in range(size)] for i in range(size)]
    p, q = doubles(side(base)), doubles(side(other))
    for m in (p, q):
        for i in range(size):
            m[i][i] *= 1 + 1e-13
    return {"mean": [0.0] * size, "covariance": p}, {"mean": [distance] + [0.0] * (size - 1), "covariance": q}


def located(low=-3, high=3):
    scale = decades(low, high)
    location = uniform(-2, 2)
    shift = random.choice([0, 1, 1]) * random.choice([-1, 1]) * decades(-15, 3) * scale
    return {"location": location, "scale": scale}, {"location": location + shift, "scale": moved(scale)}


def far_apart():
    return {"location": 0.0, "scale": decades(-300, 300)}, {"location": random.choice([0.0, decades(-300, 300)]), "scale": decades(-300, 300)}


def weibulls():
    k, l = decades(-1, 2), decades(-2, 2)
    other = moved(k) if random.random() < 0.7 else k * decades(-2, 2)
    if other / k > 1e3:
        other = k
    # l1/l2 so that what Q makes of y is of a size with it.
    scale = l * decades(-2, 2) ** (1 / max(other, 1)) if random.random() < 0.5 else l * (1 + random.choice([-1, 1]) * decades(-15, -1))
    return {"shape": k, "scale": l}, {"shape": other, "scale": scale}


def paretos():
    scale, shape = decades(-3, 3), decades(-2, 2)
    return {"scale": scale, "shape": shape}, {"scale": scale * (1 - random.choice([0, 1]) * decades(-15, -0.1)), "shape": moved(shape)}


def probabilities():
    p = decades(-300, -0.01) if random.random() < 0.5 else uniform(0.001, 0.999)
    return {"p": p}, {"p": moved(p, 1.0)}


def tried(key):
    def pair():
        p, q = probabilities()
        n = random.choice([1, 3, 1000, 10**9]) if key == "n" else decades(-3, 9)
        return {key: n, **p}, {key: n, **q}

    return pair


def rates():
    return {"rate": (rate := decades(-12, 12))}, {"rate": moved(rate)}


FAMILIES = [
    ("gamma", gammas, by_scale), ("gamma", lambda: gammas(-2, 2), by_scale), ("gamma", lambda: gammas(17, 60), by_scale),
    ("exponential", lambda: tuple({k: v for k, v in s.items() if k != "shape"} for s in gammas()), by_scale),
    ("normal", normals, by_variance), ("normal", fractions, by_variance),
    ("dirichlet", dirichlets, FORMULAS["dirichlet"]), ("beta", betas, FORMULAS["beta"]),
    ("multivariate_normal", correlated, FORMULAS["multivariate_normal"]),
    ("multivariate_normal", several_normals, FORMULAS["multivariate_normal"]),
    ("laplace", located, FORMULAS["laplace"]), ("laplace", far_apart, wide(FORMULAS["laplace"])),
    ("cauchy", located, FORMULAS["cauchy"]), ("cauchy", far_apart, FORMULAS["cauchy"]),
    ("weibull", weibulls, FORMULAS["weibull"]), ("pareto", paretos, FORMULAS["pareto"]),
    ("geometric", probabilities, wide(FORMULAS["geometric"])), ("binomial", tried("n"), wide(FORMULAS["binomial"])),
    ("negative_binomial", tried("r"), wide(FORMULAS["negative_binomial"])), ("poisson", rates, FORMULAS["poisson"]),
]

# Pairs of two families: −h(P) − E[ln q], by the moments of P.


class Law:
    def __init__(self, family, **parameters):
        self.family, self.parameters = family, parameters
        for key, value in exact(parameters).items():
            setattr(self, key, value)

    def power(self, k):
        """E[x^k]."""
        match self.family:
            case "gamma":
                return exp(loggamma(self.shape + k) - loggamma(self.shape)) / self.rate**k
            case "exponential":
                return gamma(1 + k) / self.rate**k
            case "weibull":
                return self.scale**k * gamma(1 + k / self.shape)
            case "lognormal":
                return exp(k * self.mean + k**2 * self.std_dev**2 / 2)
            case "beta":
                a, b = self.alpha, self.beta
                return exp(loggamma(a + k) + loggamma(a + b) - loggamma(a) - loggamma(a + b + k))
            case "uniform":
                return (self.high ** (k + 1) - self.low ** (k + 1)) / (k + 1) / (self.high - self.low)
            case "pareto":
                return self.shape * self.scale**k / (self.shape - k) if k < self.shape else mpf("inf")
            case "normal":
                return self.mean if k == 1 else self.mean**2 + self.std_dev**2
            case "laplace":
                return self.location if k == 1 else self.location**2 + 2 * self.scale**2

    def logs(self):
        """E[ln x] and E[ln² x]."""
        match self.family:
            case "gamma":
                mean, variance = digamma(self.shape) - log(self.rate), polygamma(1, self.shape)
            case "exponential":
                mean, variance = -euler - log(self.rate), pi**2 / 6
            case "weibull":
                mean, variance = log(self.scale) - euler / self.shape, pi**2 / 6 / self.shape**2
            case "lognormal":
                mean, variance = self.mean, self.std_dev**2
            case "beta":
                a, b = self.alpha, self.beta
                mean, variance = digamma(a) - digamma(a + b), polygamma(1, a) - polygamma(1, a + b)
            case "pareto":
                mean, variance = log(self.scale) + 1 / self.shape, 1 / self.shape**2
            case "uniform":
                at = lambda f: (f(self.high) - (f(self.low) if self.low > 0 else 0)) / (self.high - self.low)
                return at(lambda x: x * log(x) - x), at(lambda x: x * log(x) ** 2 - 2 * x * log(x) + 2 * x)
        return mean, variance + mean**2

    def log_rest(self):
        """E[ln(1−x)]."""
        if self.family == "beta":
            return digamma(self.beta) - digamma(self.alpha + self.beta)
        return Law("uniform", low=1 - self.high, high=1 - self.low).logs()[0]

    def entropy(self):
        match self.family:
            case "gamma":
                a = self.shape
                return a - log(self.rate) + loggamma(a) + (1 - a) * digamma(a)
            case "exponential":
                return 1 - log(self.rate)
            case "weibull":
                return euler * (1 - 1 / self.shape) + log(self.scale / self.shape) + 1
            case "lognormal":
                return self.mean + log(2 * pi * self.std_dev**2) / 2 + mpf(1) / 2
            case "beta":
                a, b = self.alpha, self.beta
                logs = loggamma(a) + loggamma(b) - loggamma(a + b)
                return logs - (a - 1) * digamma(a) - (b - 1) * digamma(b) + (a + b - 2) * digamma(a + b)
            case "uniform":
                return log(self.high - self.low)
            case "pareto":
                return log(self.scale / self.shape) + 1 / self.shape + 1
            case "normal":
                return log(2 * pi * self.std_dev**2) / 2 + mpf(1) / 2
            case "laplace":
                return 1 + log(2 * self.scale)

    def from_point(self, m):
        """E|x − m|."""
        match self.family:
            case "normal":
                z = (self.mean - m) / self.std_dev
                return self.std_dev * (sqrt(2 / pi) * exp(-z * z / 2) + z * erf(z / sqrt(2)))
            case "exponential":
                return 1 / self.rate - m if m < 0 else m - 1 / self.rate + 2 / self.rate * exp(-self.rate * m)
            case "uniform":
                low, high = self.low, self.high
                if m <= low or m >= high:
                    return abs((low + high) / 2 - m)
                return ((m - low) ** 2 + (high - m) ** 2) / 2 / (high - low)

    def log_density_of(self, q):
        """E[ln q]."""
        match q.family:
            case "gamma" | "exponential":
                a = q.shape if q.family == "gamma" else mpf(1)
                return a * log(q.rate) + (a - 1) * self.logs()[0] - q.rate * self.power(1) - loggamma(a)
            case "weibull":
                k = q.shape
                return log(k) - k * log(q.scale) + (k - 1) * self.logs()[0] - self.power(k) / q.scale**k
            case "lognormal":
                first, second = self.logs()
                square = second - 2 * q.mean * first + q.mean**2
                return -first - log(2 * pi * q.std_dev**2) / 2 - square / 2 / q.std_dev**2
            case "normal":
                square = self.power(2) - 2 * q.mean * self.power(1) + q.mean**2
                return -log(2 * pi * q.std_dev**2) / 2 - square / 2 / q.std_dev**2
            case "pareto":
                return log(q.shape) + q.shape * log(q.scale) - (q.shape + 1) * self.logs()[0]
            case "beta":
                a, b = q.alpha, q.beta
                logs = loggamma(a) + loggamma(b) - loggamma(a + b)
                return (a - 1) * self.logs()[0] + (b - 1) * self.log_rest() - logs
            case "uniform":
                return -log(q.high - q.low)
            case "laplace":
                return -log(2 * q.scale) - self.from_point(q.location) / q.scale
            case "cauchy":
                # P is uniform.
                f = lambda u: u * log(1 + u * u) - 2 * u + 2 * atan(u)
                ends = [(x - q.location) / q.scale for x in (self.low, self.high)]
                return -log(pi * q.scale) - (f(ends[1]) - f(ends[0])) * q.scale / (self.high - self.low)


def member(family, scale=1.0):
    """A member of some family whose values are about of the size of `scale`."""
    spread = lambda: decades(-1.2, 1.2) if random.random() < 0.8 else decades(-2, 3)
    match family:
        case "gamma":
            a = spread()
            return Law("gamma", shape=a, rate=a / scale * decades(-1, 1))
        case "exponential":
            return Law("exponential", rate=decades(-1, 1) / scale)
        case "weibull":
            return Law("weibull", shape=decades(-0.6, 1.2), scale=scale * decades(-1, 1))
        case "lognormal":
            return Law("lognormal", mean=float(log(scale)) + uniform(-1, 1), std_dev=decades(-1.5, 0.6))
        case "beta":
            return Law("beta", alpha=spread(), beta=spread())
        case "uniform":
            return Law("uniform", low=0.0, high=1.0)
        case "interval":
            low = uniform(0, 0.9)
            return Law("uniform", low=low, high=low + (1 - low) * uniform(0.01, 1))
        case "beyond":
            return Law("uniform", low=-decades(-3, 3), high=1 + decades(-3, 3))
        case "pareto":
            return Law("pareto", scale=scale * decades(-1, 1), shape=decades(-0.5, 1.5))
        case "normal":
            return Law("normal", mean=scale * uniform(-2, 2), std_dev=scale * decades(-1.5, 1.5))
        case "laplace" | "cauchy":
            return Law(family, location=scale * uniform(-2, 2), scale=scale * decades(-1.5, 1.5))
        case "unit":
            return Law("gamma", shape=1.0, rate=decades(-3, 3) / scale)
        case "plain":
            return Law("weibull", shape=1.0, scale=decades(-3, 3) * scale)


POSITIVE = ["gamma", "exponential", "weibull", "lognormal"]
PAIRS = [(p, q) for p in POSITIVE for q in POSITIVE if p != q]
PAIRS += [(p, "normal") for p in POSITIVE + ["beta", "uniform", "interval", "pareto", "laplace"]]
PAIRS += [(p, q) for p in ["beta", "uniform", "interval", "pareto"] for q in POSITIVE]
PAIRS += [("interval", "pareto"), ("uniform", "beta"), ("interval", "beta"), ("beta", "uniform"), ("beta", "beyond")]
PAIRS += [("normal", "laplace"), ("exponential", "laplace"), ("interval", "laplace"), ("interval", "cauchy")]
PAIRS += [("unit", "exponential"), ("exponential", "unit"), ("unit", "weibull"), ("plain", "gamma"), ("plain", "exponential")]


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["p_family", "p", "q_family", "q", "kl_nats", "variance_nats2"])
    row = lambda p, q, *values: out.writerow([p[0], json.dumps(p[1]), q[0], json.dumps(q[1]), *(value and nstr(value, 25) for value in values)])
    for family, pair, formula in FAMILIES:
        for _ in range(COUNT):
            p, q = pair()
            # Values that doubles do not tell from each other are refused.
            if family == "gamma" and p["shape"] > 1e28:
                continue
            mean, variance = formula(exact(p), exact(q))
            # What no double holds is another test's.
            if all(1e-290 < value < 1e290 for value in (mean, variance)) or (mean > 1e-290 and variance == 0):
                row((family, p), (family, q), mean, variance)
    for source, model in PAIRS:
        for _ in range(COUNT):
            scale = 1.0 if source in ("beta", "uniform", "interval") or random.random() < 0.5 else decades(-6, 6)
            p, q = member(source, scale), member(model, scale)
            if q.family == "pareto" and q.scale > p.low:
                q = Law("pareto", scale=float(p.low) * uniform(0.1, 1), shape=float(q.shape))
            mean = -p.entropy() - p.log_density_of(q)
            if mean < 1e290:
                row((p.family, p.parameters), (q.family, q.parameters), mean, None)


main()
