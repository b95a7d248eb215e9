"""Makes fit_normals.csv: the normal laws nearest to P by KL(P||Q) (forward) and by KL(Q||P) (reverse).

    python3 fit_normals.py [PART OF A NAME] > fit_normals.csv

Forward is by the moments of P, integrated. Reverse: Nelder-Mead of KL(Q||P) on a Gauss-Hermite rule from a grid of 45 starts finds the
best basin; there E[l'(x)] = 0 and E[l'(x) (x - m)] = -1, with l = ln p and its derivative by the chain rule, are solved by a secant
method with integrals of 25 digits. Empty cells: no forward fit, since P has no variance. Divergences are integrals at the solution.
Needs: pip install mpmath numpy scipy
"""

import sys

import numpy
from mpmath import exp, findroot, inf, log, loggamma, mp, mpf, nstr, pi, quad, sqrt, tanh
from scipy.optimize import minimize

mp.dps = 25


class Normal:
    kinks = []

    def __init__(self, mean, std_dev):
        self.name = f"normal(mean={mean}, std_dev={std_dev})"
        self.file = f"normal = {{ mean = {mean}, std_dev = {std_dev} }}"
        self.centre, self.width = mpf(mean), mpf(std_dev)

    def log(self, x):
        z = (x - self.centre) / self.width
        return -z * z / 2 - log(self.width) - log(2 * pi) / 2

    def slope(self, x):
        return -(x - self.centre) / self.width**2


class Logistic:
    kinks = []

    def __init__(self, location, scale):
        self.name = f"logistic(location={location}, scale={scale})"
        self.file = f"logistic = {{ location = {location}, scale = {scale} }}"
        self.centre, self.width = mpf(location), mpf(scale)

    def log(self, x):
        z = (x - self.centre) / self.width
        return -abs(z) - 2 * log(1 + exp(-abs(z))) - log(self.width)

    def slope(self, x):
        return -tanh((x - self.centre) / self.width / 2) / self.width


class Laplace:
    def __init__(self, location, scale):
        self.name = f"laplace(location={location}, scale={scale})"
        self.file = f"laplace = {{ location = {location}, scale = {scale} }}"
        self.centre, self.width = mpf(location), mpf(scale)
        self.kinks = [self.centre]

    def log(self, x):
        return -abs(x - self.centre) / self.width - log(2 * self.width)

    def slope(self, x):
        return (-1 if x > self.centre else 1) / self.width


class Gumbel:
    kinks = []

    def __init__(self, location, scale):
        self.name = f"gumbel(location={location}, scale={scale})"
        self.file = f"gumbel = {{ location = {location}, scale = {scale} }}"
        self.centre, self.width = mpf(location), mpf(scale)

    def log(self, x):
        z = max((x - self.centre) / self.width, mpf(-50))  # beyond, the density is below 10^(-10^21)
        return -z - exp(-z) - log(self.width)

    def slope(self, x):
        return (-1 + exp(-(x - self.centre) / self.width)) / self.width


class StudentT:
    kinks = []

    def __init__(self, df, location, scale):
        self.name = f"student_t(df={df}, location={location}, scale={scale})"
        self.file = f"student_t = {{ df = {df}, location = {location}, scale = {scale} }}"
        self.df, self.centre, self.width = mpf(df), mpf(location), mpf(scale)

    def log(self, x):
        z, n = (x - self.centre) / self.width, self.df
        constant = loggamma((n + 1) / 2) - loggamma(n / 2) - log(n * pi) / 2 - log(self.width)
        return constant - (n + 1) / 2 * log(1 + z * z / n)

    def slope(self, x):
        z, n = (x - self.centre) / self.width, self.df
        return -(n + 1) * z / (n + z * z) / self.width


class Cauchy(StudentT):
    def __init__(self, location, scale):
        super().__init__(1, location, scale)
        self.name = f"cauchy(location={location}, scale={scale})"


class Mixture:
    def __init__(self, *parts):
        self.parts = [(mpf(weight), law) for weight, law in parts]
        items = ", ".join(f"{{ weight = {weight}, {law.file} }}" for weight, law in parts)
        self.name = f"mixture = [{items}]"
        self.kinks = [kink for _, law in self.parts for kink in law.kinks]
        self.centre = sum(weight * law.centre for weight, law in self.parts)
        spread = sum(weight * (law.width**2 + (law.centre - self.centre) ** 2) for weight, law in self.parts)
        self.width = sqrt(spread)

    def log(self, x):
        logs = [log(weight) + law.log(x) for weight, law in self.parts]
        top = max(logs)
        return top + log(sum(exp(one - top) for one in logs))

    def slope(self, x):
        whole = self.log(x)
        return sum(exp(log(weight) + law.log(x) - whole) * law.slope(x) for weight, law in self.parts)

    def centres(self):
        return [(law.centre, law.width) for _, law in self.parts]


def centres(law):
    return law.centres() if isinstance(law, Mixture) else [(law.centre, law.width)]


def pieces(law, far):
    """Cuts of the line: the kinks, and around each component, out to `far` widths."""
    cuts = set(law.kinks)
    for centre, width in centres(law):
        for step in (-far, -16, -8, -4, -2, -1, 0, 1, 2, 4, 8, 16, far):
            cuts.add(centre + step * width)
    return sorted(cuts)


def under_p(law, f):
    """E_P[f]: heavy tails are cut nowhere."""
    cuts = [-inf] + pieces(law, 40) + [inf]
    return quad(lambda x: exp(law.log(x)) * f(x), cuts)


def under_q(mean, std_dev, law, f):
    cuts = sorted({mean + step * std_dev for step in (-20, -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12, 20)}
                  | {kink for kink in law.kinks if abs(kink - mean) < 20 * std_dev}
                  | {c for c in pieces(law, 16) if abs(c - mean) < 12 * std_dev})
    q = Normal(0, 1)
    q.centre, q.width = mean, std_dev
    return quad(lambda x: exp(q.log(x)) * f(x), cuts)


def forward(law):
    if isinstance(law, Cauchy):
        return None
    if isinstance(law, StudentT):
        return law.centre, law.width * sqrt(law.df / (law.df - 2))
    mean = under_p(law, lambda x: x)
    return mean, sqrt(under_p(law, lambda x: (x - mean) ** 2))


def basin(law):
    """The best end of many searches with a Gauss-Hermite rule in doubles."""
    nodes, weights = numpy.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    cache = {}

    def log_density(x):
        if x not in cache:
            cache[x] = float(law.log(mpf(x)))
        return cache[x]

    def loss(point):
        mean, log_std_dev = point
        std_dev = numpy.exp(log_std_dev)
        return -log_std_dev - sum(w * log_density(float(mean + std_dev * z)) for z, w in zip(nodes, weights))

    low = float(min(c - 2 * w for c, w in centres(law)))
    high = float(max(c + 2 * w for c, w in centres(law)))
    widths = sorted({float(w) for _, w in centres(law)} | {float(law.width)})
    best = None
    for mean in numpy.linspace(low, high, 5):
        for width in widths:
            mp.dps = 15
            found = minimize(loss, [mean, numpy.log(width)], method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-9, "maxiter": 120})
            mp.dps = 25
            if best is None or found.fun < best.fun - 1e-7:
                best = found
    return mpf(float(best.x[0])), mpf(float(numpy.exp(best.x[1])))


def reverse(law):
    start = basin(law)

    def equations(mean, std_dev):
        first = under_q(mean, std_dev, law, law.slope)
        second = under_q(mean, std_dev, law, lambda x: law.slope(x) * (x - mean))
        return first * std_dev, second + 1

    found = findroot(equations, start, tol=1e-38, maxsteps=30)
    return found[0], found[1]


LAWS = [
    Mixture((0.5, Normal(-10, 1)), (0.5, Normal(12, 2))),
    Mixture((0.7, Normal(-3, 1)), (0.3, Normal(3, 0.5))),
    Mixture((0.6, Normal(-1, 1)), (0.4, Normal(1, 1))),
    Mixture((0.95, Normal(0, 1)), (0.05, Normal(4, 0.5))),
    Mixture((0.999, Normal(0, 1)), (0.001, Normal(0, 10))),
    Mixture((0.5, Normal(0, 0.2)), (0.5, Normal(0, 3))),
    Mixture((0.2, Normal(-4, 1)), (0.5, Normal(0, 0.5)), (0.3, Normal(5, 1.5))),
    Mixture((0.5, Laplace(-1, 0.5)), (0.5, Normal(1, 1))),
    Mixture((0.3, Logistic(-2, 0.5)), (0.7, StudentT(4, 1, 1))),
    StudentT(5, 0, 1),
    StudentT(3, 2, 0.5),
    Logistic(1, 2),
    Gumbel(0, 1),
    Gumbel(-1, 3),
    Laplace(0, 1),
    Laplace(2, 0.1),
    Cauchy(0, 1),
]


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    print("p;forward_mean;forward_std_dev;forward_kl;reverse_mean;reverse_std_dev;reverse_kl")
    for law in LAWS:
        if wanted not in law.name:
            continue
        cells = []
        found = forward(law)
        if found is None:
            cells += ["", "", ""]
        else:
            q = Normal(0, 1)
            q.centre, q.width = found
            cells += [nstr(found[0], 17), nstr(found[1], 17), nstr(under_p(law, lambda x: law.log(x) - q.log(x)), 15)]
        mean, std_dev = reverse(law)
        q = Normal(0, 1)
        q.centre, q.width = mean, std_dev
        kl = under_q(mean, std_dev, law, lambda x: q.log(x) - law.log(x))
        cells += [nstr(mean, 17), nstr(std_dev, 17), nstr(kl, 15)]
        print(";".join([law.name] + cells), flush=True)


main()
