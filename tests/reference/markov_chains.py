"""Recomputes markov_chains.csv: mean and variance of ln(P(x)/Q(x)) for Markov chains, by the textbook recursions in
100-digit arithmetic, whose cancellation leaves more than the 25 digits printed.

Rows with an n hold the whole log ratio of n symbols, rows without one the rate and the asymptotic variance a symbol.
The parameters are read from the file itself, as the exact doubles they print; initial vectors and rows are divided by
their exact sums. Run it here: `python3 markov_chains.py` prints the largest relative difference between the file and a
fresh computation (below 1e-23), and changes nothing. Needs: pip install mpmath
"""

import csv
import json
from pathlib import Path

from mpmath import log, lu_solve, matrix, mp, mpf

mp.dps = 100


def normalised(weights):
    weights = [mpf(weight) for weight in weights]
    return [weight / sum(weights) for weight in weights]


def ratio(p, q):
    return log(p / q) if p > 0 else mpf(0)


def whole(n, p_initial, p, q_initial, q):
    """a, b, c: mass, and mass times the first and second moment of the sum so far, by the last state."""
    states = range(len(p))
    first = [ratio(x, y) for x, y in zip(p_initial, q_initial)]
    a = list(p_initial)
    b = [x * l for x, l in zip(a, first)]
    c = [x * l**2 for x, l in zip(a, first)]
    for _ in range(n - 1):
        l = [[ratio(p[i][j], q[i][j]) for j in states] for i in states]
        c = [sum(p[i][j] * (c[i] + 2 * b[i] * l[i][j] + a[i] * l[i][j] ** 2) for i in states) for j in states]
        b = [sum(p[i][j] * (b[i] + a[i] * l[i][j]) for i in states) for j in states]
        a = [sum(p[i][j] * a[i] for i in states) for j in states]
    return sum(b), sum(c) - sum(b) ** 2


def rate(p, q):
    """Stationary distribution and potential by solving linear equations."""
    states = range(len(p))
    l = [[ratio(p[i][j], q[i][j]) for j in states] for i in states]
    balance = matrix(len(p), len(p))
    for i in states:
        for j in states:
            balance[j, i] = p[i][j] - (i == j)
    for i in states:
        balance[0, i] = 1
    pi = lu_solve(balance, matrix([1] + [0] * (len(p) - 1)))
    g = [sum(p[i][j] * l[i][j] for j in states) for i in states]
    r = sum(pi[i] * g[i] for i in states)
    poisson = matrix([[(i == j) - p[i][j] + pi[j] for j in states] for i in states])
    h = lu_solve(poisson, matrix([x - r for x in g]))
    return r, sum(pi[i] * p[i][j] * (l[i][j] - r + h[j] - h[i]) ** 2 for i in states for j in states)


def main():
    worst = mpf(0)
    with open(Path(__file__).with_suffix(".csv")) as file:
        for row in csv.DictReader(file):
            transitions = (json.loads(row[side]) for side in ("p_transition", "q_transition"))
            p, q = ([normalised(weights) for weights in rows] for rows in transitions)
            if row["n"]:
                p_initial, q_initial = (normalised(json.loads(row[side])) for side in ("p_initial", "q_initial"))
                found = whole(int(row["n"]), p_initial, p, q_initial, q)
            else:
                found = rate(p, q)
            for fresh, printed in zip(found, (row["mean"], row["variance"])):
                worst = max(worst, abs(fresh / mpf(printed) - 1))
    print(f"{float(worst):.1e}")


if __name__ == "__main__":
    main()
