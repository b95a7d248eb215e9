"""The plug-in estimate of KL(P||Q) from symbol counts, with the standard error of its first-order term."""

import json
import math
import sys

given = json.loads(sys.stdin.readline())  # once: P, Q and N of the condition
n, q = given["n"], given["q"]["probabilities"]

for line in sys.stdin:  # then one line a trial
    trial = json.loads(line)
    log_ratios = [math.log(count / n / model) if count else 0.0 for count, model in zip(trial["counts"], q)]
    estimate = sum(count * x for count, x in zip(trial["counts"], log_ratios)) / n
    variance = sum(count * (x - estimate) ** 2 for count, x in zip(trial["counts"], log_ratios)) / n
    answer = {"trial": trial["trial"], "estimate": estimate, "se": math.sqrt(variance / n)}
    print(json.dumps(answer), flush=True)  # one line, at once
