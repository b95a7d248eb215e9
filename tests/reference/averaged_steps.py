"""Recomputes averaged_steps.csv: mean and variance of KL(a||b) + sum over t of KL(P[x_t,.]||Q[x_t,.]) for the chains of
markov_chains.csv, whole sequences of n symbols, by the textbook recursions in 100-digit arithmetic.

Run it here: `python3 averaged_steps.py` writes the file anew. Needs: pip install mpmath
"""

import csv
import json
from pathlib import Path

from mpmath import mp, mpf, nstr

from markov_chains import normalised, ratio

here = Path(__file__).parent


def divergence(p, q):
    return sum(x * ratio(x, y) for x, y in zip(p, q))


def whole(n, p_initial, p, q_initial, q):
    states = range(len(p))
    rows = [divergence(p[i], q[i]) for i in states]
    first = divergence(p_initial, q_initial)
    a = list(p_initial)
    b = [x * first for x in a]
    c = [x * first**2 for x in a]
    for _ in range(n - 1):
        c = [sum(p[i][j] * (c[i] + 2 * b[i] * rows[i] + a[i] * rows[i] ** 2) for i in states) for j in states]
        b = [sum(p[i][j] * (b[i] + a[i] * rows[i]) for i in states) for j in states]
        a = [sum(p[i][j] * a[i] for i in states) for j in states]
    return sum(b), sum(c) - sum(b) ** 2


if __name__ == "__main__":
    mp.dps = 100
    with open(here / "markov_chains.csv", newline="") as source, open(here / "averaged_steps.csv", "w", newline="") as target:
        out = csv.writer(target, lineterminator="\n")
        out.writerow(["n", "p_initial", "p_transition", "q_initial", "q_transition", "mean", "variance"])
        for row in csv.DictReader(source):
            if not row["n"] or int(row["n"]) > 200:
                continue
            lists = [json.loads(row[name]) for name in ("p_initial", "p_transition", "q_initial", "q_transition")]
            p_initial, q_initial = normalised(lists[0]), normalised(lists[2])
            p, q = ([normalised(line) for line in matrix] for matrix in (lists[1], lists[3]))
            mean, variance = whole(int(row["n"]), p_initial, p, q_initial, q)
            out.writerow([row["n"], *(row[name] for name in list(row)[1:5]), nstr(mean, 25), nstr(variance, 25)])
