"""The runner beside numpy, numba and torch at the same job, in one go:

    pip install numpy numba torch
    cargo build --release && python3 benches/peers/run.py [--write]

Every mean is held against the closed form (six standard errors), and the table is printed; with --write it also takes
its place in docs/benchmarks.md. Each peer runs on one core, one after the other. A peer that is not installed is left out.
"""

import csv
import json
import math
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RUNNER = ROOT / "target" / "release" / "runner"
N = 1_000
SIX = [0.1, 0.2, 0.3, 0.15, 0.05, 0.2], [0.2, 0.1, 0.3, 0.15, 0.05, 0.2]
TASKS = {
    "fair coin": ("sequence", [0.5, 0.5], [0.4, 0.6]),
    "coin of 0.3": ("sequence", [0.3, 0.7], [0.5, 0.5]),
    "coin of 0.4": ("sequence", [0.4, 0.6], [0.5, 0.5]),
    "six symbols": ("sequence", *SIX),
    "counts of two": ("counts", [0.4, 0.6], [0.5, 0.5]),
    "counts of six": ("counts", *SIX),
}
# Many enough that the runner's start does not show.
TRIALS = {
    "fair coin": 10_000_000,
    "coin of 0.3": 10_000_000,
    "coin of 0.4": 10_000_000,
    "six symbols": 4_000_000,
    "counts of two": 50_000_000,
    "counts of six": 10_000_000,
}
# At least so many times as quick as numpy as it is usually written: a number a symbol, or a call a count.
TARGETS = {"fair coin": 40, "coin of 0.3": 12, "coin of 0.4": 12, "six symbols": 60, "counts of two": 14, "counts of six": 7}
PEERS = {"numpy": "numpy", "plain": "numpy, a float a symbol", "numba": "numba", "torch": "torch"}
RUNS = 5
TALLY = 10**15


def runner(task, trials, sampler=None):
    """The whole program: reading the spec, theory, simulation, histogram, tests, and the files on the disk."""
    usual, p, q = TASKS[task]
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "job.toml"
        spec.write_text(f'seed = 1\ntrials = {trials}\nN = {N}\nsampler = "{sampler or usual}"\nP = {p}\nQ = {q}\n')
        best = float("inf")
        for _ in range(RUNS):
            start = time.perf_counter()
            subprocess.run([RUNNER, spec, "--threads", "1", "--quiet", "--out", folder], check=True)
            best = min(best, time.perf_counter() - start)
        with open(Path(folder) / "job" / "summary.csv") as file:
            mean = float(next(csv.DictReader(file))["mean"])
    return {"peer": "kl-runner", "task": task, "trials": trials, "seconds": best, "mean": mean}


def peers():
    for name in PEERS:
        done = subprocess.run([sys.executable, HERE / "peers.py", name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            print(f"{name} is left out: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        yield from map(json.loads, done.stdout.splitlines())


def standard_errors(row):
    """How far the mean lies from the closed form."""
    _, p, q = TASKS[row["task"]]
    terms = [(a, math.log(a / b)) for a, b in zip(p, q)]
    divergence = sum(a * ratio for a, ratio in terms)
    variance = sum(a * (ratio - divergence) ** 2 for a, ratio in terms) / N
    return (row["mean"] - divergence) / (variance / row["trials"]) ** 0.5


def line(task, best, names):
    """A row of the table, from the quickest row of each peer."""
    sampler = TASKS[task][0]
    times = {name: 1e9 * row["seconds"] / row["trials"] / (N if sampler == "sequence" else 1) for name, row in best.items()}
    cells = [f"{times[name]:.{3 if times[name] < 10 else 1}f}" if name in times else "" for name in names]
    ours = times.pop("kl-runner")
    ratio = times["numpy"] / ours if "numpy" in times else None
    usual = times["plain"] / ours if "plain" in times else ratio
    quickest = min(times, key=times.get, default=None)
    return [
        f"`sequence`, {task}: ns a symbol" if sampler == "sequence" else f"`{sampler}`{task.removeprefix(sampler)}: ns a trial",
        *cells,
        f"{ratio:.1f} ({best['numpy']['generator']})" if ratio else "",
        f"{times['plain'] / ours:.1f}" if "plain" in times else "",
        f"{times[quickest] / ours:.1f} ({quickest})" if quickest else "",
        f"≥ {TARGETS[task]}" + ("" if usual is None else ": met" if usual >= TARGETS[task] else ": **missed**"),
    ]


def processor():
    if sys.platform != "linux":
        return platform.processor()
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())


def main():
    rows = [runner(task, trials) for task, trials in TRIALS.items()]
    tally = runner("coin of 0.4", TALLY, "tally")
    rows += peers()
    for row in [*rows, tally]:
        z = standard_errors(row)
        if abs(z) > 6:
            sys.exit(f"{row['peer']}, {row['task']}: the mean is {z:.1f} standard errors from the closed form")
    names = list(dict.fromkeys(row["peer"] for row in rows))
    shown = [PEERS.get(name, name) for name in names]
    ratios = ["times numpy", "times numpy with floats", "times the quickest peer", "target: times numpy as it is usually written"]
    head = ["one core, N = 1,000", *shown, *ratios]
    table = [head, ["---"] * len(head)]
    for task in TASKS:
        best = {}
        for row in sorted((row for row in rows if row["task"] == task), key=lambda row: row["seconds"] / row["trials"]):
            best.setdefault(row["peer"], row)
        table.append(line(task, best, names))
    table.append(["`tally`, coin of 0.4: ms for 10¹⁵ trials", f"{1e3 * tally['seconds']:.0f}", *[""] * (len(head) - 2)])
    versions = {row["peer"]: row["version"].split("+")[0] for row in rows if "version" in row and row["peer"] != "plain"}
    note = "; ".join([
        ", ".join([processor(), *(f"{name} {version}" for name, version in versions.items())]),
        f"the quickest of {RUNS} runs each, of numpy and numba with the quicker of PCG64DXSM and SFC64 (numpy's is named)",
        "every mean within six standard errors of the closed form.",
    ])
    text = "\n".join("| " + " | ".join(cells) + " |" for cells in table) + f"\n\n{note}\n"
    print(text)
    if "--write" in sys.argv:
        page = ROOT / "docs/benchmarks.md"
        before, rest = page.read_text().split("<!-- peers -->\n")
        page.write_text(before + "<!-- peers -->\n" + text + "<!-- end of peers -->" + rest.split("<!-- end of peers -->")[1])


if __name__ == "__main__":
    main()
