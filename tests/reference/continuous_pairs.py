"""Makes continuous_pairs.csv: D and V of pairs of continuous laws that have no formula, or have one for their own family alone.

    python3 continuous_pairs.py [PART OF A NAME] > continuous_pairs.csv

Both are integrals of the textbook densities with 28 digits, 45 where D is small, at the doubles nearest to the numbers printed, by
mpmath's tanh-sinh rule over pieces of u: x = m + s sinh u on the line, x = s e^u above 0. A row is printed only if 16 digits survive a
second cutting of the pieces. V is `inf` where the integral diverges by theory. Needs: pip install mpmath
"""

import re
import sys

from mpmath import asinh, cosh, erfc, exp, inf, isinf, log, log1p, loggamma, mp, mpf, nstr, pi, quad, sinh, sqrt

mp.dps = 28


def softplus(t):
    return max(t, mpf(0)) + log1p(exp(-abs(t)))


def tail(z):
    """1 - Phi(z)."""
    return erfc(z / sqrt(mpf(2))) / 2


class Law:
    """ln of the density, the support, where it is centred, how wide it is, and where it is not smooth."""

    def __init__(self, text):
        if text.startswith("mixture"):
            self.mixture(re.findall(r"weight = ([^,]+), (\w+) = \{ ([^}]*) \}", text))
            return
        self.family, inside = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
        of = {key: mpf(float(value)) for key, value in re.findall(r"(\w+)=([^,\s]+)", inside)}
        self.support, self.kinks = (-inf, inf), []
        getattr(self, self.family)(**of)

    def mixture(self, components):
        self.family = "mixture"
        laws = [(mpf(float(weight)), Law(f"{family}({inside.replace(' = ', '=')})")) for weight, family, inside in components]
        whole = sum(weight for weight, _ in laws)
        laws = [(weight / whole, law) for weight, law in laws]
        self.support = (min(law.support[0] for _, law in laws), max(law.support[1] for _, law in laws))
        self.centre, self.width = laws[0][1].centre, laws[0][1].width
        # Pieces end where a component is, and next to it; its ends are among them.
        steps = [side * mpf(step) for side in (-1, 1) for step in (0, 1, 3, 9, 27, 81, 243)]
        self.kinks = [law.centre + step * law.width for _, law in laws for step in steps]
        self.kinks += [x for _, law in laws for x in (*law.kinks, *law.support) if not isinf(x)]

        def log_density(x):
            return log(sum(weight * exp(law.log(x)) for weight, law in laws if law.support[0] <= x <= law.support[1]))

        self.log = log_density

    def line(self, m, s, standard):
        self.centre, self.width = m, s
        self.log = lambda x: standard((x - m) / s) - log(s)

    def positive(self, centre, width, log_density):
        self.support, self.centre, self.width = (mpf(0), inf), centre, width
        self.log = log_density

    def normal(self, mean, std_dev):
        self.line(mean, std_dev, lambda z: -z * z / 2 - log(2 * pi) / 2)

    def laplace(self, location, scale):
        self.kinks = [location]
        self.line(location, scale, lambda z: -abs(z) - log(mpf(2)))

    def cauchy(self, location, scale):
        self.line(location, scale, lambda z: -log(pi * (1 + z * z)))

    def logistic(self, location, scale):
        self.line(location, scale, lambda z: -abs(z) - 2 * log1p(exp(-abs(z))))

    def gumbel(self, location, scale):
        self.line(location, scale, lambda z: -inf if z < -300 else -z - exp(-z))

    def student_t(self, location, scale, df):
        with mp.workdps(mp.dps + 30):
            top = loggamma((df + 1) / 2) - loggamma(df / 2) - log(df * pi) / 2
        self.line(location, scale, lambda z: top - (df + 1) / 2 * log1p(z * z / df))

    def gamma(self, shape, rate):
        self.positive(shape / rate, 1, lambda x: shape * log(rate) + (shape - 1) * log(x) - rate * x - loggamma(shape))

    def exponential(self, rate):
        self.gamma(mpf(1), rate)

    def inverse_gamma(self, shape, scale):
        self.positive(
            scale / shape, 1, lambda x: shape * log(scale) - (shape + 1) * log(x) - scale / x - loggamma(shape)
        )

    def lognormal(self, mean, std_dev):
        z = lambda x: (log(x) - mean) / std_dev
        self.positive(exp(mean), std_dev, lambda x: -z(x) ** 2 / 2 - log(2 * pi) / 2 - log(std_dev) - log(x))

    def weibull(self, shape, scale):
        self.positive(
            scale, 1, lambda x: log(shape / scale) + (shape - 1) * log(x / scale) - (x / scale) ** shape
        )

    def pareto(self, scale, shape):
        self.positive(scale, 1, lambda x: log(shape) + shape * log(scale) - (shape + 1) * log(x))
        self.support = (scale, inf)

    def uniform(self, low, high):
        self.support, self.centre, self.width = (low, high), (low + high) / 2, (high - low) / 2
        self.log = lambda x: -log(high - low)

    def truncated_normal(self, mean, std_dev, low=-inf, high=inf):
        a, b = ((end - mean) / std_dev for end in (low, high))
        # The mass by the tail that is not near 1.
        mass = tail(a) - tail(b) if a > 0 else tail(-b) - tail(-a) if b < 0 else 1 - tail(-a) - tail(b)
        self.support = (low, high)
        self.centre = min(max(mean, low), high)
        self.width = std_dev / max(mpf(1), min(abs(a), abs(b)) if self.centre != mean else mpf(1))
        self.log = lambda x: -(((x - mean) / std_dev) ** 2) / 2 - log(2 * pi) / 2 - log(std_dev * mass)


def moments(p, q, shift):
    """D and V of P against Q, with pieces that end at whole numbers of u plus `shift`."""
    if p.family in ("uniform", "truncated_normal") and not isinf(p.support[0]) and not isinf(p.support[1]):
        place, at, slope = (lambda x: x), (lambda u: u), (lambda u: mpf(1))
        reach = []
    elif p.support[0] >= 0 and p.family != "truncated_normal":
        place, at, slope = (lambda x: log(x / p.centre)), (lambda u: p.centre * exp(u)), (lambda u: p.centre * exp(u))
        reach = [p.width * mpf(step) for step in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)]
    else:
        place = lambda x: asinh((x - p.centre) / p.width)
        at, slope = (lambda u: p.centre + p.width * sinh(u)), (lambda u: p.width * cosh(u))
        reach = [mpf(step) for step in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)]
    steps = [side * step + shift for step in reach for side in (-1, 1)] + [shift]
    ends = [mpf(-700) if isinf(end) or end == 0 and reach and at(mpf(0)) > 0 and p.family != "truncated_normal" else place(end) for end in p.support[:1]]
    ends += [mpf(700) if isinf(end) else place(end) for end in p.support[1:]]
    inner = [place(x) for law in (p, q) for x in [*law.kinks, law.centre] if p.support[0] < x < p.support[1]]
    cuts = sorted({cut for cut in [*steps, *inner] if ends[0] < cut < ends[1]} | set(ends))

    seen = {}

    def at_u(u):
        """The mass per unit of u, and the log ratio; the three integrals ask for the same nodes."""
        if u not in seen:
            x = at(u)
            log_p = p.log(x) if x > p.support[0] else mpf(0)
            log_mass = log_p + log(slope(u))
            # Next to an end x may be rounded beyond it.
            is_within = log_mass > -300 and p.support[0] < x < p.support[1]
            seen[u] = (exp(log_mass), log_p - q.log(x)) if is_within else (mpf(0), mpf(0))
        return seen[u]

    def mean(f):
        def term(u):
            mass, ratio = at_u(u)
            return mass * f(ratio) if mass else mass

        return sum(quad(term, piece) for piece in zip(cuts, cuts[1:]))

    mass = mean(lambda ratio: mpf(1))
    assert abs(mass - 1) < mpf(10) ** -17, (p.family, nstr(mass - 1, 5))
    d = mean(lambda ratio: ratio)
    return d, lambda: mean(lambda ratio: (ratio - d) ** 2)


def has_variance(p, q):
    """Whether V is finite, for pairs whose D is: by the tails of P and Q."""
    growth = {"normal": 2, "truncated_normal": 2, "laplace": 1, "logistic": 1, "gamma": 1, "exponential": 1}
    parameter = lambda law, name: mpf(re.search(rf"{name}=([^,)]+)", law)[1])
    family, other = p.split("(")[0], q.split("(")[0]
    if "mixture" in (family, other):
        return True
    if other == "gumbel" and family in ("laplace", "logistic"):
        return 2 * parameter(p, "scale") < parameter(q, "scale")
    if other == "inverse_gamma" and family in ("gamma", "weibull"):
        return parameter(p, "shape") > 2
    power = {"student_t": "df", "inverse_gamma": "shape", "pareto": "shape"}.get(family)
    grows = parameter(q, "shape") if other == "weibull" else 1 if other == "gumbel" else growth.get(other, 0)
    return power is None or 2 * grows < parameter(p, power)


OWN = {
    "logistic": [
        ("location=0, scale=1", "location=0.5, scale=1"),
        ("location=0, scale=1", "location=0, scale=2"),
        ("location=0, scale=1", "location=0.000001, scale=1"),
        ("location=1, scale=2", "location=1, scale=2.000002"),
        ("location=0, scale=1", "location=50, scale=1"),
        ("location=0, scale=1", "location=0, scale=0.02"),
        ("location=0, scale=0.01", "location=3, scale=5"),
        ("location=100, scale=1", "location=101, scale=1.5"),
        ("location=0, scale=1", "location=0.000000001, scale=1.000000001"),
    ],
    "student_t": [
        ("location=0, scale=1, df=5", "location=0.5, scale=1, df=5"),
        ("location=0, scale=1, df=3", "location=0, scale=2, df=3"),
        ("location=0, scale=1, df=2", "location=0.000001, scale=1, df=2"),
        ("location=1, scale=2, df=0.5", "location=1, scale=2.000002, df=0.5"),
        ("location=0, scale=1, df=4", "location=50, scale=1, df=7"),
        ("location=0, scale=1, df=1.5", "location=0, scale=1, df=30"),
        ("location=0, scale=1, df=30", "location=0, scale=1, df=1.5"),
        ("location=0, scale=0.01, df=10", "location=3, scale=5, df=2"),
        ("location=0, scale=1, df=1000000", "location=0.3, scale=1.2, df=1000000"),
        ("location=0, scale=1, df=100000000000000000000", "location=0.3, scale=1.2, df=4"),
        ("location=0, scale=1, df=0.5", "location=0, scale=3, df=0.7"),
        ("location=0, scale=1, df=1", "location=2, scale=3, df=1"),
    ],
    "truncated_normal": [
        ("mean=0, std_dev=1, low=-1, high=2", "mean=0.5, std_dev=1.2, low=-1, high=2"),
        ("mean=0, std_dev=1, low=-1, high=2", "mean=0.000001, std_dev=1, low=-1, high=2"),
        ("mean=0, std_dev=1, low=0, high=1", "mean=-3, std_dev=0.5, low=-1, high=2"),
        ("mean=0, std_dev=1, low=0", "mean=2, std_dev=1.5, low=0"),
        ("mean=0, std_dev=1, high=-3", "mean=0, std_dev=2, high=-3"),
        ("mean=0, std_dev=1, low=30", "mean=0, std_dev=1.1, low=30"),
        ("mean=0, std_dev=1, low=30", "mean=1, std_dev=1, low=20"),
        ("mean=0, std_dev=1, low=5, high=5.001", "mean=100, std_dev=1, low=5, high=5.001"),
        ("mean=0, std_dev=1, low=-1000, high=1000", "mean=3, std_dev=2, low=-1000, high=1000"),
        ("mean=10, std_dev=1, low=-0.1, high=0.1", "mean=-10, std_dev=1, low=-0.1, high=0.1"),
        ("mean=0, std_dev=1, low=-0.2, high=0.3", "mean=0, std_dev=0.1, low=-0.5, high=0.3"),
    ],
    "gumbel": [
        ("location=0, scale=1", "location=0.5, scale=1"),
        ("location=0, scale=1", "location=-2, scale=2"),
    ],
    "inverse_gamma": [
        ("shape=2, scale=1", "shape=3, scale=1.5"),
        ("shape=0.5, scale=1", "shape=0.7, scale=4"),
    ],
}

LOGISTIC, GUMBEL = "logistic(location=0, scale=1)", "gumbel(location=0, scale=1)"
NORMAL, LAPLACE = "normal(mean=0.3, std_dev=1.5)", "laplace(location=0.2, scale=1)"
CAUCHY = "cauchy(location=0.5, scale=1)"
INVERSE = "inverse_gamma(shape=5, scale=3)"
GAMMA, WEIBULL = "gamma(shape=3.5, rate=2)", "weibull(shape=2.5, scale=1)"
LOGNORMAL, PARETO = "lognormal(mean=0, std_dev=0.7)", "pareto(scale=0.5, shape=4.5)"


def t(df, location=0, scale=1):
    return f"student_t(location={location}, scale={scale}, df={df})"


def both(p, q):
    return [(p, q), (q, p)]


MIXED = [
    *both(LOGISTIC, NORMAL), *both(LOGISTIC, LAPLACE), (LOGISTIC, CAUCHY),
    (LOGISTIC, "gumbel(location=0, scale=3)"), (LOGISTIC, "gumbel(location=0, scale=1.6)"), (GUMBEL, LOGISTIC),
    ("logistic(location=0, scale=0.3)", "normal(mean=5, std_dev=0.2)"), ("normal(mean=40, std_dev=0.1)", LOGISTIC),
    ("uniform(low=-2, high=3)", LOGISTIC), (LOGISTIC, t(3)), (t(3), LOGISTIC), (t("1.5"), LOGISTIC),
    (GUMBEL, NORMAL), (NORMAL, GUMBEL), (GUMBEL, LAPLACE), ("laplace(location=0.2, scale=0.4)", GUMBEL),
    ("laplace(location=0.2, scale=0.7)", GUMBEL), (GUMBEL, CAUCHY), (GUMBEL, t(4)), ("uniform(low=-2, high=3)", GUMBEL),
    ("exponential(rate=1)", GUMBEL), ("gumbel(location=10, scale=0.2)", NORMAL), ("normal(mean=-3, std_dev=0.5)", GUMBEL),
    ("lognormal(mean=0, std_dev=1)", GUMBEL), ("gumbel(location=0.000001, scale=1)", "normal(mean=0, std_dev=1)"),
    ("gamma(shape=2, rate=1)", GUMBEL), ("gumbel(location=-5, scale=3)", LOGISTIC), (GUMBEL, "student_t(location=2, scale=0.5, df=1)"),
    ("normal(mean=0, std_dev=3)", "gumbel(location=1, scale=2)"), ("gumbel(location=0, scale=0.5)", "laplace(location=1, scale=2)"),
    (t(3), "normal(mean=0, std_dev=1)"), (t(5), NORMAL), (t("2.5"), NORMAL), (NORMAL, t(3)), (t(3), LAPLACE), (LAPLACE, t(2)),
    (t(3), CAUCHY), (CAUCHY, t(3)), (t("0.5"), CAUCHY), (t(100), "normal(mean=0, std_dev=1)"), ("normal(mean=0, std_dev=1)", t(100)),
    (t(10, location=3, scale="0.1"), NORMAL), ("uniform(low=-2, high=3)", t(2)), ("exponential(rate=1)", t(3)),
    ("truncated_normal(mean=0, std_dev=1, low=0)", "normal(mean=0, std_dev=1.1)"),
    ("truncated_normal(mean=0, std_dev=1, low=-1, high=2)", NORMAL), ("truncated_normal(mean=0, std_dev=1, high=-8)", NORMAL),
    ("truncated_normal(mean=0, std_dev=1, low=0)", "exponential(rate=1)"), ("exponential(rate=1)", "truncated_normal(mean=0, std_dev=1, low=0)"),
    ("truncated_normal(mean=1, std_dev=1, low=0)", GAMMA), (GAMMA, "truncated_normal(mean=1, std_dev=1, low=0)"),
    ("truncated_normal(mean=1, std_dev=1, low=0)", LOGNORMAL), ("inverse_gamma(shape=4.5, scale=1)", "truncated_normal(mean=1, std_dev=1, low=0)"),
    ("truncated_normal(mean=0, std_dev=1, low=-1, high=2)", LAPLACE), ("truncated_normal(mean=0, std_dev=1, low=-1, high=2)", CAUCHY),
    ("truncated_normal(mean=0, std_dev=1, low=-1, high=2)", "uniform(low=-1, high=2)"), ("uniform(low=-1, high=2)", "truncated_normal(mean=0, std_dev=1, low=-1, high=2)"),
    ("truncated_normal(mean=3, std_dev=1, low=1)", "pareto(scale=1, shape=2)"), ("truncated_normal(mean=3, std_dev=1, low=0.5)", INVERSE),
    ("truncated_normal(mean=0, std_dev=1, low=-1, high=2)", GUMBEL), ("truncated_normal(mean=0, std_dev=0.1, low=1)", LOGISTIC),
    (INVERSE, GAMMA), (GAMMA, INVERSE), (INVERSE, LOGNORMAL), (LOGNORMAL, INVERSE), (INVERSE, WEIBULL.replace("2.5", "1.5")),
    (WEIBULL, INVERSE), (PARETO, INVERSE), ("inverse_gamma(shape=1.5, scale=3)", "gamma(shape=2, rate=1)"),
    ("gamma(shape=1.5, rate=1)", "inverse_gamma(shape=2, scale=1)"), ("inverse_gamma(shape=0.5, scale=1)", LOGNORMAL),
    ("inverse_gamma(shape=3, scale=1)", "exponential(rate=1)"), ("inverse_gamma(shape=6, scale=2)", NORMAL),
    ("inverse_gamma(shape=100, scale=100)", "gamma(shape=100, rate=100)"), ("gamma(shape=100, rate=100)", "inverse_gamma(shape=100, scale=100)"),
    ("uniform(low=0.5, high=3)", INVERSE), ("inverse_gamma(shape=2.5, scale=0.01)", "lognormal(mean=3, std_dev=2)"),
    ("inverse_gamma(shape=1.2, scale=1)", t(2)), ("inverse_gamma(shape=40, scale=2)", "weibull(shape=3, scale=0.2)"),
    ("pareto(scale=2, shape=0.5)", "inverse_gamma(shape=0.6, scale=2)"), ("lognormal(mean=0, std_dev=2)", "inverse_gamma(shape=0.6, scale=1)"),
]


TWO = "mixture([{ weight = 0.25, normal = { mean = -1, std_dev = 1 } }, { weight = 0.75, normal = { mean = 2, std_dev = 0.5 } }])"
WIDE = "mixture([{ weight = 0.5, normal = { mean = 0, std_dev = 1 } }, { weight = 0.5, student_t = { location = 3, scale = 0.001, df = 5 } }])"
SKEW = "mixture([{ weight = 0.75, gamma = { shape = 0.5, rate = 1 } }, { weight = 0.25, lognormal = { mean = 3, std_dev = 0.25 } }])"
HALF = "mixture([{ weight = 0.5, exponential = { rate = 1 } }, { weight = 0.5, normal = { mean = 0, std_dev = 1 } }])"
FLAT = "mixture([{ weight = 0.125, uniform = { low = -2, high = 2 } }, { weight = 0.875, laplace = { location = 0.5, scale = 1 } }])"
FAR = "mixture([{ weight = 0.000001, normal = { mean = 40, std_dev = 0.5 } }, { weight = 0.999999, normal = { mean = 0, std_dev = 1 } }])"
NEAR = "mixture([{ weight = 0.25, normal = { mean = -1.000001, std_dev = 1 } }, { weight = 0.75, normal = { mean = 2, std_dev = 0.5 } }])"
MIXTURES = [
    *both(TWO, NORMAL), *both(TWO, LAPLACE), *both(TWO, LOGISTIC), (TWO, CAUCHY), (TWO, GUMBEL), *both(TWO, WIDE), *both(TWO, FLAT), *both(TWO, HALF),
    *both(WIDE, CAUCHY), (WIDE, NORMAL), (LOGNORMAL, SKEW), (SKEW, LOGNORMAL), (SKEW, GAMMA), (GAMMA, SKEW), *both(HALF, LOGISTIC), (HALF, NORMAL),
    (FAR, "normal(mean=0, std_dev=1)"), *both(TWO, NEAR), ("uniform(low=-2, high=3)", TWO),
]


def rows():
    for family, pairs in OWN.items():
        yield from ((f"{family}({p})", f"{family}({q})") for p, q in pairs)
    yield from MIXED
    yield from MIXTURES


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    print("p;q;kl_nats;log_ratio_variance")
    for p, q in rows():
        if wanted not in p + q:
            continue
        found = []
        mp.dps = 28
        if abs(moments(Law(p), Law(q), mpf(0))[0]) < 1e-6:
            mp.dps = 45
        for shift in (mpf(0), mpf("0.37")):
            d, variance = moments(Law(p), Law(q), shift)
            found.append((d, variance() if has_variance(p, q) else inf))
        for one, other in zip(*found):
            assert one == other or abs(one / other - 1) < mpf(10) ** -16, (p, q, nstr(one, 25), nstr(other, 25))
        print(";".join([p, q, *(nstr(value, 20) if value != inf else "inf" for value in found[0])]), flush=True)
