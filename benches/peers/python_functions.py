"""What a trial costs when the estimator is a function of Python, a program that reads JSON lines, or numpy alone.

    python benches/peers/python_functions.py        # needs kl_runner and numpy

k3 of a fair coin against a 60/40 coin from N = 100 tosses. Times are the least of several in turns, so the ratios are of one run.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy

import kl_runner
from kl_runner import Estimator

P, Q, N = numpy.array([0.5, 0.5]), numpy.array([0.4, 0.6]), 100
TRIALS, LINES, TURNS = 1_000_000, 20_000, 5

PROGRAM = """
import json, math, sys
given = json.loads(sys.stdin.readline())
n, p, q = given["n"], given["p"]["probabilities"], given["q"]["probabilities"]
values = [b / a - 1 - math.log(b / a) for a, b in zip(p, q)]
for line in sys.stdin:
    counts = json.loads(line)["counts"]
    print(sum(count * value for count, value in zip(counts, values)) / n, flush=True)
"""


def k3(x, *, p, q, n):
    ratio = q / p
    return x @ (ratio - 1 - numpy.log(ratio)) / n


def spec(trials, estimators):
    return {"P": P, "Q": Q, "N": N, "trials": trials, "sampler": "counts", "estimators": estimators}


def function(threads):
    results = kl_runner.run(
        spec(TRIALS, []),
        estimators={"mine": Estimator(k3, input="counts", expected="closed_form")},
        threads=threads,
    )
    assert results.verdict == "agree"


def numpy_alone():
    counts = numpy.random.default_rng(1).multinomial(N, P, size=TRIALS)
    estimates = k3(counts, p=P, q=Q, n=N)
    estimates.mean(), estimates.var(ddof=1)


def json_lines(program):
    mine = {"name": "mine", "command": [sys.executable, program], "input": "counts", "expected": "closed_form"}
    assert kl_runner.run(spec(LINES, [mine]), allow_commands=True).verdict == "agree"


def main():
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "mine.py"
        program.write_text(PROGRAM)
        rivals = {
            "a function": (lambda: function(None), TRIALS),
            "a function, one thread": (lambda: function(1), TRIALS),
            "numpy alone": (numpy_alone, TRIALS),
            "JSON lines": (lambda: json_lines(str(program)), LINES),
        }
        least = dict.fromkeys(rivals, float("inf"))
        for _ in range(TURNS):
            for name, (work, trials) in rivals.items():
                start = time.perf_counter()
                work()
                least[name] = min(least[name], (time.perf_counter() - start) / trials)
    for name, seconds in least.items():
        print(f"{name:24} {1e6 * seconds:8.3f} µs a trial {seconds / least['a function']:8.2f} times a function")


if __name__ == "__main__":
    main()
