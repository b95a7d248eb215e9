"""The runner beside numpy, numba and torch at the same job, in one go:

    pip install numpy numba torch
    cargo build --release && python3 benches/peers/run.py [--write]

Every mean is held against the closed form (six standard errors), and the table is printed; with --write it also takes
its place in docs/benchmarks.md. Each peer runs on one core, one after the other. A peer that is not installed is left out.
"""

import csv
import json
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
SPECS = {"coin": ("[0.4, 0.6]", "[0.5, 0.5]"), "die": ("[0.1, 0.2, 0.3, 0.15, 0.05, 0.2]", "[0.2, 0.1, 0.3, 0.15, 0.05, 0.2]")}
TRIALS = {("coin", "sequence"): 1_000_000, ("die", "sequence"): 500_000, ("coin", "counts"): 20_000_000, ("die", "counts"): 2_000_000}
TALLY = 10**15


def runner(task, sampler, trials):
    """The whole program: reading the spec, theory, simulation, histogram, tests, and the files on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        p, q = SPECS[task]
        spec = Path(folder) / "job.toml"
        spec.write_text(f'seed = 1\ntrials = {trials}\nN = {N}\nsampler = "{sampler}"\nP = {p}\nQ = {q}\n')
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            subprocess.run([RUNNER, spec, "--threads", "1", "--quiet", "--out", folder], check=True)
            best = min(best, time.perf_counter() - start)
        with open(Path(folder) / "job" / "summary.csv") as file:
            row = next(csv.DictReader(file))
    return {
        "peer": "kl-runner", "task": task, "sampler": sampler, "trials": trials, "seconds": best,
        "mean": float(row["mean"]), "closed_form": float(row["closed_form"]), "variance": float(row["closed_form_variance"]),
    }


def peers():
    for name in ("numpy", "numba", "torch"):
        done = subprocess.run([sys.executable, HERE / "peers.py", name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            print(f"{name} is left out: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        yield from map(json.loads, done.stdout.splitlines())


def main():
    rows = [runner(task, sampler, trials) for (task, sampler), trials in TRIALS.items()]
    theory = {row["task"]: row for row in rows}
    tally = runner("coin", "tally", TALLY)
    rows += peers()
    for row in [*rows, tally]:
        exact = theory[row["task"]]
        z = (row["mean"] - exact["closed_form"]) / (exact["variance"] / row["trials"]) ** 0.5
        if abs(z) > 6:
            sys.exit(f"{row['peer']} {row['task']} {row['sampler']}: the mean is {z:.1f} standard errors from the closed form")
    versions = {row["peer"]: row.get("version", "") for row in rows}
    names = list(versions)
    lines = ["| one core, N = 1,000 | " + " | ".join(names) + " | times the quickest peer |", "|---" * (len(names) + 2) + "|"]
    labels = {"coin": "coin of 0.4", "die": "six symbols"}
    for task, sampler in TRIALS:
        each = {}
        for row in rows:
            if (row["task"], row["sampler"]) == (task, sampler):
                each[row["peer"]] = 1e9 * row["seconds"] / row["trials"] / (N if sampler == "sequence" else 1)
        others = [value for name, value in each.items() if name != "kl-runner"]
        quickest = f"{min(others) / each['kl-runner']:.1f}" if others else ""
        unit = "symbol" if sampler == "sequence" else "trial"
        shown = " | ".join(f"{each[name]:.2f}" if name in each else "" for name in names)
        lines.append(f"| `{sampler}`, {labels[task]}: ns a {unit} | {shown} | {quickest} |")
    blanks = " | " * (len(names) - 1)
    lines.append(f"| `tally`, coin of 0.4: ms for 10¹⁵ trials | {1e3 * tally['seconds']:.0f}{blanks} | |")
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine()) if sys.platform == "linux" else platform.processor()
    peers_shown = ", ".join(f"{name} {version.split('+')[0]}" for name, version in versions.items() if version)
    table = "\n".join(lines) + f"\n\n{model}, {peers_shown}; the quickest of three runs each; every mean within six standard errors of the closed form.\n"
    print(table)
    if "--write" in sys.argv:
        page = ROOT / "docs/benchmarks.md"
        before, rest = page.read_text().split("<!-- peers -->\n")
        page.write_text(before + "<!-- peers -->\n" + table + "<!-- end of peers -->" + rest.split("<!-- end of peers -->")[1])


if __name__ == "__main__":
    main()
