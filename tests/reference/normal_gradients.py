"""Makes normal_gradients.csv: what training code averages over draws of a normal law to estimate KL(P||Q) and its gradient.

Mean and variance are integrals by mpmath with 40 digits, of integrands that this script writes down from the definitions, and `inf` where the
integrand grows; the gradient is a numerical derivative of KL(P||Q) with 40 digits; the values at five draws are gradients by automatic
differentiation (torch, doubles) of losses as training code writes them. Random laws, fixed seed; some with Q near P, some by variance.

    python3 normal_gradients.py > normal_gradients.csv

Needs: pip install mpmath torch
"""

import csv
import random
import sys

import torch
from mpmath import diff, exp, inf, log, mp, mpf, nstr, pi, quad, sqrt

torch.set_default_dtype(torch.float64)
random.seed(20261130)
mp.dps = 40
BASELINE = 0.3
POINTS = [-2.5, -1.0, 0.25, 1.5, 3.0]
REACH = 90


def density(x, law):
    return exp(-(((x - law[0]) / law[1]) ** 2) / 2) / (law[1] * sqrt(2 * pi))


def log_ratio(x, p, q):
    return log(q[1] / p[1]) + ((x - q[0]) / q[1]) ** 2 / 2 - ((x - p[0]) / p[1]) ** 2 / 2


def divergence(p, q):
    return log(q[1] / p[1]) + (p[1] ** 2 + (p[0] - q[0]) ** 2) / (2 * q[1] ** 2) - mpf(1) / 2


def deviation(law, by_variance):
    """Mean and standard deviation of a law as it is written."""
    return law[0], sqrt(law[1]) if by_variance else law[1]


def score(x, law, by_variance, component):
    mean, sd = law
    if component == 0:
        return (x - mean) / sd**2
    by_deviation = ((x - mean) ** 2 / sd**2 - 1) / sd
    return by_deviation / (2 * sd) if by_variance else by_deviation


def k(term, l):
    return {"k1": l, "k2": l * l / 2, "k3": exp(-l) - 1 + l}[term]


def slope(term, l):
    return {"k1": mpf(1), "k2": l, "k3": 1 - exp(-l)}[term]


class Case:
    def __init__(self, p, q, s, kind, term, side, component, weight, most, differentiated, variances):
        self.__dict__.update(locals())
        self.laws = [deviation(tuple(map(mpf, law)), by) for law, by in zip((p, q), variances)]
        self.drawn = tuple(map(mpf, s)) if s else self.laws[0]

    def value(self, x, piece=None):
        """The integrand, from the definitions."""
        p, q = self.laws
        l, w = log_ratio(x, p, q), mpf(1)
        free = True
        if self.weight != "unweighted":
            w = exp(-log_ratio(x, self.drawn, p))
            if self.weight == "clipped" and w > self.most:
                w, free = mpf(self.most), False
        if self.kind == "divergence":
            return w * k(self.term, l)
        if self.kind == "reparameterised":
            epsilon = (x - p[0]) / p[1]
            by_mean = (x - q[0]) / q[1] ** 2
            if self.component == 0:
                return by_mean
            found = -1 / p[1] + epsilon * by_mean
            return found / (2 * p[1]) if self.variances[0] else found
        own = score(x, self.laws[0 if self.side == "P" else 1], self.variances[0 if self.side == "P" else 1], self.component)
        if self.kind == "reward":
            return w * (k(self.term, l) - mpf(BASELINE)) * own
        if self.side == "Q":
            return -w * slope(self.term, l) * own
        more = k(self.term, l) if self.differentiated and free else 0
        return w * (slope(self.term, l) + more) * own

    def clips(self):
        """Where w is `most`, by bisection on a grid."""
        if self.weight != "clipped":
            return []
        above = lambda z: -log_ratio(self.drawn[0] + self.drawn[1] * z, self.drawn, self.laws[0]) - log(mpf(self.most))
        found, grid = [], [mpf(i) / 8 for i in range(-8 * REACH, 8 * REACH + 1)]
        for low, high in zip(grid, grid[1:]):
            if above(low) * above(high) < 0:
                for _ in range(140):
                    middle = (low + high) / 2
                    low, high = (middle, high) if above(low) * above(middle) > 0 else (low, middle)
                found.append((low + high) / 2)
        return found

    def moments(self):
        mean_of, sd = self.drawn
        clips = set(self.clips())
        normal = lambda z: exp(-z * z / 2) / sqrt(2 * pi)
        def integral(power, centre):
            f = lambda z: (self.value(mean_of + sd * z) - centre) ** power * normal(z)
            size = lambda z: max(abs(f(mpf(-z))), abs(f(mpf(z))))
            # Does it grow far out?
            if size(20000) > size(10000):
                return None
            # Where has it ended?
            reach = next(reach for reach in (REACH, 5 * REACH, 25 * REACH) if size(reach) < mpf(10) ** -24)
            return quad(f, sorted({mpf(z) for z in range(-reach, reach + 1, 3)} | clips))
        mean = integral(1, 0)
        if mean is None:
            return None, None
        variance = integral(2, mean)
        return mean, inf if variance is None else variance

    def gradient(self):
        """The derivative of KL(P||Q) by the parameter as it is written."""
        if self.kind == "divergence":
            return divergence(*self.laws)
        which = 0 if self.side == "P" else 1
        written = [list(map(mpf, self.p)), list(map(mpf, self.q))]
        def moved(value):
            laws = [list(law) for law in written]
            laws[which][self.component] = value
            return divergence(*(deviation(law, by) for law, by in zip(laws, self.variances)))
        return diff(moved, written[which][self.component])

    def by_torch(self, z):
        """The value at a draw by automatic differentiation of a loss."""
        p, q = (torch.tensor(law, requires_grad=True) for law in (self.p, self.q))
        normals = [
            torch.distributions.Normal(law[0], torch.sqrt(law[1]) if by else law[1])
            for law, by in zip((p, q), self.variances)
        ]
        s = torch.distributions.Normal(*map(torch.tensor, self.s)) if self.s else torch.distributions.Normal(
            normals[0].loc.detach(), normals[0].scale.detach())
        x = s.loc + s.scale * z
        if self.kind == "reparameterised":
            x = normals[0].loc + normals[0].scale * z
        log_p, log_q, log_s = normals[0].log_prob(x), normals[1].log_prob(x), s.log_prob(x)
        l = log_p - log_q
        loss = {"k1": l, "k2": l * l / 2, "k3": torch.exp(-l) - 1 + l}[self.term]
        w = torch.ones(())
        if self.weight != "unweighted":
            w = torch.exp(log_p - log_s)
            w = torch.clamp(w, max=self.most) if self.weight == "clipped" else w
            w = w if self.differentiated else w.detach()
        if self.kind == "divergence":
            return float(w.detach() * loss.detach())
        if self.kind == "reward":
            loss = (loss.detach() - BASELINE) * log_p
        elif not self.differentiated:
            w = w.detach()
        elif self.weight == "unweighted":
            # Draws from P: the weight is 1 and its gradient the score.
            w = torch.exp(log_p - log_p.detach())
        (found,) = torch.autograd.grad(w * loss, p if self.side == "P" else q)
        return float(found[self.component])


def cases():
    kinds = (
        [("divergence", term, "", False) for term in ("k1", "k2", "k3")]
        + [("loss", term, side, False) for term in ("k1", "k2", "k3") for side in "PQ"]
        + [("loss", term, "P", True) for term in ("k1", "k2", "k3")]
        + [("reward", term, "P", False) for term in ("k1", "k2", "k3")]
        + [("reparameterised", "k1", "P", False)] * 2
    )
    law = lambda: (round(random.uniform(-1, 1), 3), round(random.uniform(0.6, 1.6), 3))
    for weight in ("", "unweighted", "ratio", "clipped"):
        for kind, term, side, differentiated in kinds:
            if kind == "reparameterised" and weight:
                continue
            for component in (0, 1) if side else (0,):
                p, q = law(), law()
                if weight == "" and random.random() < 0.3:
                    q = (p[0] * (1 + 2.0**-20), p[1] * (1 - 2.0**-21))
                s = None if weight == "" else law()
                variances = (random.random() < 0.3, random.random() < 0.3)
                most = round(random.uniform(0.8, 2.0), 2) if weight == "clipped" else None
                if weight == "unweighted" and differentiated:
                    continue
                yield Case(p, q, s, kind, term, side, component, weight or "unweighted", most, differentiated, variances)


def number(value):
    return "" if value is None else "inf" if value == inf else nstr(value, 25)


rows = csv.writer(sys.stdout, lineterminator="\n")
rows.writerow("p_mean p_spread p_is_variance q_mean q_spread q_is_variance s_mean s_std_dev kind term side component weight most "
              "differentiated gradient mean variance values".split())
for case in cases():
    mean, variance = case.moments()
    rows.writerow([
        *map(repr, case.p), int(case.variances[0]), *map(repr, case.q), int(case.variances[1]),
        *(map(repr, case.s) if case.s else ("", "")), case.kind, case.term, case.side, case.component, case.weight,
        case.most or "", int(case.differentiated), number(case.gradient()), number(mean), number(variance),
        " ".join(repr(case.by_torch(z)) for z in POINTS),
    ])
    sys.stdout.flush()
