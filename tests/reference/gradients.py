"""Makes gradients.csv: mean and variance of what training code averages to estimate the gradient of KL(P||Q), and that gradient itself, by
automatic differentiation of each symbol's loss with respect to logits, and sums over all symbols. 50 random pairs, doubles.

    python3 gradients.py > gradients.csv

Needs: pip install torch
"""

import csv
import random
import sys

import torch

torch.set_default_dtype(torch.float64)
random.seed(20261129)
BASELINE = 0.3


def losses(log_p, log_q):
    """The losses of a symbol: differentiable in both logarithms."""
    l = log_p - log_q
    return {"k1_as_loss": l, "k2_as_loss": l * l / 2, "k3_as_loss": torch.exp(-l) - 1 + l}


def rewards(log_p, log_q):
    """A reward is held fixed and multiplies ln p."""
    l = (log_p - log_q).detach()
    return {
        "k1_as_reward": (l - BASELINE) * log_p,
        "k2_as_reward": l * l / 2 * log_p,
        "k3_as_reward": (torch.exp(-l) - 1 + l) * log_p,
    }


def gradients(theta, phi, side):
    """By rule, a row of the gradient for each symbol."""
    found = {}
    for symbol in range(len(theta)):
        log_p, log_q = torch.log_softmax(theta, 0)[symbol], torch.log_softmax(phi, 0)[symbol]
        terms = losses(log_p, log_q) | (rewards(log_p, log_q) if side == "P" else {})
        for rule, term in terms.items():
            (gradient,) = torch.autograd.grad(term, theta if side == "P" else phi, retain_graph=True)
            found.setdefault(rule, []).append(gradient)
    return {rule: torch.stack(rows) for rule, rows in found.items()}


def text(values):
    return " ".join(repr(float(value)) for value in values)


rows = csv.writer(sys.stdout, lineterminator="\n")
rows.writerow(["p", "q", "logits", "rule", "gradient", "mean", "variance"])
for case in range(50):
    size, spread = random.choice([2, 3, 4, 6]), random.choice([0.1, 1.0, 3.0])
    theta, phi = (torch.tensor([random.gauss(0, spread) for _ in range(size)], requires_grad=True) for _ in range(2))
    p, q = torch.softmax(theta, 0), torch.softmax(phi, 0)
    divergence = (p * (torch.log(p) - torch.log(q))).sum()
    for side, parameters in (("P", theta), ("Q", phi)):
        (truth,) = torch.autograd.grad(divergence, parameters, retain_graph=True)
        for rule, values in gradients(theta, phi, side).items():
            weights = p.detach()[:, None]
            mean = (weights * values).sum(0)
            variance = (weights * (values - mean) ** 2).sum(0)
            rows.writerow([text(p), text(q), side, rule, text(truth), text(mean), text(variance)])
