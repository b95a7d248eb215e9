"""Makes fit_tied.csv: the categorical laws with tied symbols that are nearest to P by KL(P||Q) (forward) and by KL(Q||P) (reverse).

    python3 fit_tied.py > fit_tied.csv

No formula of the fits is used: the masses of the classes are the softmax of free numbers, and Newton's method of 50 digits, with
derivatives by differences, makes the gradient of the divergence 0, near where a Nelder-Mead search ends. Ties are lists of symbols' places, from 1. Needs: pip install mpmath scipy
"""

from mpmath import diff, exp, findroot, log, mp, mpf, nstr
from scipy.optimize import minimize

mp.dps = 50

CASES = [
    ("0.4, 0.3, 0.2, 0.099, 0.001", [[3, 4, 5]]),
    ("0.4, 0.3, 0.2, 0.099, 0.001", [[1, 2], [3, 5]]),
    ("0.35, 0.25, 0.2, 0.1, 0.0999999, 0.0000001", [[1, 6], [2, 3, 4]]),
    ("0.2, 0.2, 0.2, 0.2, 0.1999999999, 0.0000000001", [[1, 2, 3, 4, 5, 6]]),
    ("0.5, 0.25, 0.125, 0.0625, 0.03125, 0.03125", [[2, 4], [3, 5]]),
    ("0.3, 0.3000001, 0.1999999, 0.1, 0.1", [[1, 2], [4, 5]]),
]


def fits(p, ties):
    """The probabilities of both fits, and their divergences."""
    size = len(p)
    tied = {place for tie in ties for place in tie}
    classes = [[place - 1 for place in tie] for tie in ties] + [[at] for at in range(size) if at + 1 not in tied]

    def law(logits):
        # The first class has the logit 0.
        weights = [mpf(1)] + [exp(logit) for logit in logits]
        whole = sum(weights)
        q = [None] * size
        for weight, members in zip(weights, classes):
            for at in members:
                q[at] = weight / whole / len(members)
        return q

    def forward(q):
        return sum(a * log(a / b) for a, b in zip(p, q))

    def reverse(q):
        return sum(b * log(b / a) for a, b in zip(p, q))

    found = []
    for loss in (forward, reverse):
        free = len(classes) - 1
        if free == 0:
            q = law([])
        else:
            def slope(at):
                def of(*logits):
                    def along(t):
                        moved = list(logits)
                        moved[at] = t
                        return loss(law(moved))
                    return diff(along, logits[at])
                return of

            start = [log(sum(p[at] for at in members) / sum(p[at] for at in classes[0])) for members in classes[1:]]
            # The gradient vanishes far out, too: the search begins near the minimum.
            coarse = minimize(lambda logits: float(loss(law([mpf(float(t)) for t in logits]))), [float(t) for t in start], method="Nelder-Mead",
                              options={"xatol": 1e-7, "fatol": 1e-14, "maxiter": 4000, "maxfev": 4000})
            start = [mpf(float(t)) for t in coarse.x]
            root = findroot([slope(at) for at in range(free)], start, tol=1e-50, maxsteps=60)
            q = law(list(root))
        found.append((q, loss(q)))
    return found


def main():
    print("p;ties;forward;forward_kl;reverse;reverse_kl")
    for text, ties in CASES:
        p = [mpf(float(number)) for number in text.split(",")]
        whole = sum(p)
        p = [number / whole for number in p]
        (forward, forward_kl), (reverse, reverse_kl) = fits(p, ties)
        listed = lambda q: " ".join(nstr(number, 17) for number in q)
        tied = " | ".join(",".join(str(place) for place in tie) for tie in ties)
        print(";".join([text, tied, listed(forward), nstr(forward_kl, 17), listed(reverse), nstr(reverse_kl, 17)]))


main()
