"""Makes path_gradients.csv: mean and variance of what training code averages along a sequence, by automatic differentiation of the loss of
every sequence with respect to the logits, and sums over all sequences. 28 random chains and memoryless laws, doubles.

    python3 path_gradients.py > path_gradients.csv

Lists are separated by blanks, rows by bars: first the law of the first symbol, then each row of transitions; of independent symbols one
row. Means, variances and the gradient of KL(P||Q)/N are of every third component, in the order of the logits. A cell of a law or of a
gradient that is empty is as above; of each case every third estimate is listed.

Needs: pip install torch
"""

import csv
import itertools
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(20261129)
BASELINE = 0.3
CLIP = 1.1


class Law:
    """Logits of the first symbol and of each row, or of one row for all."""

    def __init__(self, size, has_memory):
        shape = (size + 1, size) if has_memory else (1, size)
        self.logits = (0.7 * torch.randn(shape)).requires_grad_()

    def log_rows(self, rows):
        """The logarithms of all symbols in these rows."""
        log = torch.log_softmax(self.logits, dim=1)
        return log[rows] if len(log) > 1 else log[torch.zeros_like(rows)]

    def written(self):
        rows = torch.softmax(self.logits, dim=1).tolist()
        return "|".join(" ".join(map(repr, row)) for row in rows)


def term(kind, l):
    """k1, k2 or k3 of a log ratio."""
    return {"k1": l, "k2": l * l / 2, "k3": torch.exp(-l) - 1 + l}[kind]


def weights(log_w, importance, span):
    """The weight of each place."""
    if span == "symbol":
        w = torch.exp(log_w)
    elif span == "prefix":
        w = torch.exp(torch.cumsum(log_w, 1))
    else:
        whole = log_w.sum(1, keepdim=True) if span == "sequence" else log_w.mean(1, keepdim=True)
        w = torch.exp(whole).expand_as(log_w)
    if importance == "clipped":
        w = torch.clamp(w, max=CLIP)
    if importance == "self_normalised":
        w = w / w.mean(1, keepdim=True)
    return w


def losses(p, q, s, rows, x, on_policy):
    """(side, rule, credit, importance, span, differentiated) and the loss of each sequence."""
    take = lambda law: torch.gather(law.log_rows(rows), 2, x[:, :, None])[:, :, 0]
    log_p, log_q = take(p), take(q)
    log_s = (log_p if on_policy else take(s)).detach()
    n = x.shape[1]
    l = log_p - log_q
    full_p, full_q = p.log_rows(rows), q.log_rows(rows)
    row_kl = (full_p.exp() * (full_p - full_q)).sum(2)
    # On-policy training has no weight, or one that is 1 and has a gradient.
    kinds = [("none", "symbol")] if on_policy else []
    spans = ["symbol", "prefix", "sequence", "geometric_mean"]
    kinds += [] if on_policy else [("ratio", span) for span in spans] + [("clipped", span) for span in spans]
    kinds += [] if on_policy else [("self_normalised", "symbol"), ("self_normalised", "prefix")]
    before = torch.cumsum(log_p, 1) - log_p
    for importance, span in kinds:
        moving = weights(log_p - log_s, "ratio" if importance == "none" else importance, span)
        held = moving.detach()
        whole = span in ("sequence", "geometric_mean") or importance == "none"
        for kind in ("k1", "k2", "k3"):
            settings = [(held, False)] if importance == "self_normalised" else [(held, False), (moving, True)]
            for w, differentiated in settings:
                yield ("P", kind + "_as_loss", "symbol", importance, span, differentiated), (w * term(kind, l)).mean(1)
                if whole:
                    # On-policy the sequence has the weight of all its symbols.
                    one = weights(log_p - log_s, "ratio", "sequence")[:, 0] if importance == "none" else w[:, 0]
                    one = one if differentiated else one.detach()
                    yield ("P", kind + "_as_loss", "sequence", importance, span, differentiated), one * term(kind, l.sum(1)) / n
            yield ("Q", kind + "_as_loss", "symbol", importance, span, False), (held * term(kind, l)).mean(1)
            reward = term(kind, l).detach()
            yield ("P", kind + "_as_reward", "symbol", importance, span, False), (held * (reward - BASELINE) * log_p).mean(1)
            to_go = torch.cumsum(log_p, 1)
            yield ("P", kind + "_as_reward", "to_go", importance, span, False), (held * (reward - BASELINE) * to_go).mean(1)
            if whole:
                yield ("Q", kind + "_as_loss", "sequence", importance, span, False), held[:, 0] * term(kind, l.sum(1)) / n
                one = (term(kind, l.sum(1)) - BASELINE).detach() * log_p.sum(1) / n
                yield ("P", kind + "_as_reward", "sequence", importance, span, False), held[:, 0] * one
            if span == "symbol" and importance != "self_normalised":
                mean = reward.mean(1, keepdim=True)
                others = (reward.sum(1, keepdim=True) - reward) / (n - 1)
                for name, base in (("mean", mean), ("leave_one_out", others)):
                    yield ("P", f"{kind}_as_reward_{name}", "symbol", importance, span, False), (held * (reward - base) * log_p).mean(1)
        if importance != "clipped":
            for side in ("P", "Q"):
                yield (side, "row", "symbol", importance, span, False), (held * row_kl).mean(1)
                yield (side, "row", "to_go", importance, span, False), (held * (row_kl + row_kl.detach() * before)).mean(1)


def gradients(losses, law):
    """The gradient of each sequence's loss: sequences by components."""
    found = torch.autograd.grad(losses, law.logits, torch.eye(len(losses)), is_grads_batched=True, retain_graph=True, allow_unused=True)[0]
    return torch.zeros(len(losses), law.logits.numel()) if found is None else found.reshape(len(losses), -1)


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow("n,s,p,q,side,rule,credit,importance,span,differentiated,gradient,mean,variance".split(","))
    show = lambda numbers: " ".join(repr(number) for number in numbers.tolist()[::3])
    for case in range(28):
        has_memory, on_policy = case % 4 != 3, case % 7 == 0 or case % 8 == 7
        size, n = [(2, 4), (3, 3), (2, 5), (3, 2), (2, 2)][case % 5]
        p, q, s = (Law(size, has_memory) for _ in range(3))
        x = torch.tensor(list(itertools.product(range(size), repeat=n)))
        rows = torch.cat([torch.zeros(len(x), 1, dtype=torch.long), x[:, :-1] + 1], 1)
        take = lambda law: torch.gather(law.log_rows(rows), 2, x[:, :, None])[:, :, 0].sum(1)
        chance = torch.exp(take(p if on_policy else s)).detach()
        truth = (torch.exp(take(p)) * (take(p) - take(q))).sum() / n
        truths = {side: torch.autograd.grad(truth, law.logits, retain_graph=True)[0].reshape(-1) for side, law in (("P", p), ("Q", q))}
        laws, seen = [(p if on_policy else s).written(), p.written(), q.written()], set()
        for place, (names, values) in enumerate(losses(p, q, s, rows, x, on_policy)):
            if place % 3 != case % 3:
                continue
            grads = gradients(values, p if names[0] == "P" else q)
            mean = (chance[:, None] * grads).sum(0)
            variance = (chance[:, None] * (grads - mean) ** 2).sum(0)
            true = "" if names[0] in seen else show(truths[names[0]])
            seen.add(names[0])
            out.writerow([n, *laws, *names, true, show(mean), show(variance)])
            laws = ["", "", ""]


main()
