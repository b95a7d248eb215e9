"""Compares `runner summarize` with every table that the vignettes of rsimsum and simhelpers print.

Their data are under the GPL and are not part of this repository: this script fetches them, converts them to CSV, runs the program on
them and compares each printed number with ours, rounded to as many digits. No test runs it. Needs git, and: pip install rdata pandas scipy

    cargo build --release
    python3 tests/reference/published/published.py [--rsimsum REPOSITORY] [--simhelpers REPOSITORY] [--runner PROGRAM]

A repository is a URL or a folder that git can read. The exit code is 1 if a number differs.
"""

import argparse
import csv
import html
import io
import math
import re
import subprocess
import sys
import tempfile
import warnings
from decimal import Decimal
from pathlib import Path

import rdata
from scipy import stats

TOP = Path(__file__).resolve().parents[3]

# The headings of rsimsum's tables, the measure of ours, and what makes theirs of ours.
SAME = lambda value: value
RSIMSUM = {
    "Non-missing point estimates/standard errors": ("trials", SAME),
    "Average point estimate": ("mean", SAME),
    "Median point estimate": ("median", SAME),
    "Average variance": ("model_se", lambda value: value**2),
    "Bias in point estimate": ("bias", SAME),
    "Relative bias in point estimate": ("relative_bias", SAME),
    "Empirical standard error": ("empirical_se", SAME),
    "% gain in precision relative to method": ("precision_gain", SAME),
    "Mean squared error": ("mse", SAME),
    "Model-based standard error": ("model_se", SAME),
    "Relative % error in standard error": ("model_se_error", SAME),
    "Coverage of nominal 95% confidence interval": ("coverage", SAME),
    "Bias-eliminated coverage of nominal 95% confidence interval": ("bias_eliminated_coverage", SAME),
    "Power of 5% level test": ("rejection", SAME),
}

# Their standard errors of these take the estimates to be normal; ours do not.
NORMAL = {"empirical_se", "precision_gain", "model_se_error"}

# Columns of simhelpers' tables: the measure of ours, what makes theirs of ours, and what makes their standard error of our two numbers.
ERROR = lambda _, error: error
SIMHELPERS = {
    "bias": ("bias", SAME, ERROR),
    "var": ("empirical_se", lambda s: s**2, lambda s, error: 2 * s * error),
    "stddev": ("empirical_se", SAME, ERROR),
    "mse": ("mse", SAME, ERROR),
    # Their jackknife compares errors over K − 1 with their centre over K, which adds rmse²/4K to the square.
    "rmse": ("rmse", SAME, lambda rmse, error: math.sqrt(error**2 + rmse**2 / 4000)),
    "rel_bias": ("relative_bias", lambda bias: 1 + bias, ERROR),
    "rej_rate": ("rejection", SAME, ERROR),
    "coverage": ("coverage", SAME, ERROR),
    "width": ("mean_interval_width", SAME, ERROR),
    "rel_bias_var": ("model_se_error", lambda e: (1 + e / 100) ** 2, lambda e, error: 2 * (1 + e / 100) * error / 100),
}

# Theirs is a jackknife or has other powers of K/(K − 1): of 1000 trials, it differs from ours by up to a part in a hundred.
JACKKNIFE = {"var", "stddev", "mse", "rmse", "rel_bias_var"}
CLOSE = 0.01


class Comparison:
    def __init__(self):
        self.met, self.differ, self.close, self.apart = 0, [], [], {}

    def number(self, place, printed, ours):
        """A printed number against ours, which must round to it."""
        half = Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2
        if ours is not None and abs(Decimal(printed) - Decimal(repr(ours))) <= half * Decimal("1.000001"):
            self.met += 1
        else:
            self.differ.append(f"{place}: printed {printed}, ours {ours}")

    def near(self, place, printed, ours):
        """A printed standard error against one of ours by another formula of the same thing."""
        self.close.append(abs(ours / float(printed) - 1))
        if self.close[-1] > CLOSE:
            half = float(Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2)
            if abs(ours - float(printed)) > half + CLOSE * float(printed):
                self.differ.append(f"{place}: printed {printed}, ours {ours}")

    def other(self, measure, printed, ours):
        """A standard error that takes estimates to be normal beside ours."""
        if float(printed) > 0 and ours is not None:
            self.apart.setdefault(measure, []).append(ours / float(printed))


def show(repository, path):
    return subprocess.run(["git", "-C", repository, "show", f"HEAD:{path}"], capture_output=True, check=True).stdout


def data(repository, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (frame,) = rdata.read_rda(io.BytesIO(show(repository, f"data/{name}.rda"))).values()
    # Numbers that name groups are whole.
    for column in ("dgm", "method", "n", "n1", "n2"):
        if column in frame and frame[column].dtype.kind == "f":
            frame[column] = frame[column].astype(int)
    return frame


def summarize(runner, frame, *arguments):
    """The measures of each group: (estimate, standard error) by the text of its keys and the measure."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trials.csv"
        frame.to_csv(path, index=False, na_rep="NA")
        command = [runner, "summarize", str(path), *arguments, "--format", "csv"]
        text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        keys = tuple(value for name, value in row.items() if name in arguments[arguments.index("--by") + 1].split(","))
        error = float(row["mcse"]) if row["mcse"] else None
        found[(*keys, row["measure"])] = (float(row["estimate"]), error)
        if row["measure"] == "mean":
            found[(*keys, "trials")] = (int(row["trials"]), None)
    return found


def tables(chunk, methods, by):
    """The cells of rsimsum's tables in one printed chunk: (parameter, heading, keys, method, estimate, standard error)."""
    parameter, lines = None, [line.removeprefix("#>").removeprefix(" ").rstrip() for line in chunk]
    for place, line in enumerate(lines):
        if match := re.fullmatch(r" *Parameter: (.*)", line):
            parameter = match[1].strip()
        heading = re.sub(r" relative to method .*", " relative to method", line.removesuffix(":"))
        if not line.endswith(":") or heading not in RSIMSUM and heading != "Median variance":
            continue
        names = lines[place + 1]
        order = sorted(methods, key=lambda method: re.search(rf"(?<!\S){re.escape(method)}(?!\S)", names).start())
        for row in lines[place + 2 :]:
            if not row.strip() or row.strip().startswith("---"):
                break
            cells = re.findall(r"(?<!\S)(-?\d[\d.]*)(?: \((-?[\d.]+)\))?(?!\S)", row)[-len(order) :]
            keys = row.split()[: len(by)]
            for method, (estimate, error) in zip(order, cells):
                yield parameter, heading, keys, method, estimate, error


def rsimsum(runner, repository):
    comparison = Comparison()
    pages = {name: show(repository, f"docs/articles/{name}.md").decode() for name in ("A-introduction", "E-custom-inputs")}
    chunks = lambda page: [block.splitlines() for block in re.findall(r"```.*?\n(.*?)```", pages[page], re.S)]
    skipped = 0

    def compare(page, call, frame, arguments, by, method, parameters=False):
        """Compares all tables that follow a call and precede the next."""
        nonlocal skipped
        names = (["par"] if parameters else []) + by + [method]
        found = summarize(runner, frame, *arguments, "--by", ",".join(names))
        methods = sorted({str(value) for value in frame[method]})
        count = 0
        for lines in chunks(page):
            if not any(line.startswith(call) for line in lines):
                continue
            for parameter, heading, keys, name, estimate, error in tables(lines, methods, by):
                if heading not in RSIMSUM:
                    skipped += 1
                    continue
                measure, ours = RSIMSUM[heading]
                place = f"{page}, {call}: {heading}, {' '.join(keys)} {name}"
                value = found.get((*([parameter] if parameters else []), *keys, name, measure))
                if measure == "precision_gain" and value is None:
                    # The reference itself.
                    continue
                if measure == "precision_gain" and any(argument.startswith("--drop-big") for argument in arguments):
                    # Theirs compares each group's own trials, ours those that both groups keep.
                    spread = {key: found[(*keys, key, "empirical_se")][0] for key in ("CC", name)}
                    value = (100 * ((spread["CC"] / spread[name]) ** 2 - 1), None)
                count += 1
                comparison.number(place, estimate, value and ours(value[0]))
                if error and measure in NORMAL:
                    comparison.other(measure, error, value[1])
                elif error:
                    comparison.number(place + ", standard error", error, value[1])
        if count == 0:
            comparison.differ.append(f"{page}: no table of {call}")

    missing = data(repository, "MIsim")
    of_missing = ["--estimate-column", "b", "--truth", "0.5", "--reference", "CC", "--trial-column", "dataset"]
    compare("A-introduction", "ss1 <- summary(s1)", missing, of_missing, [], "method")
    dropping = [*of_missing, "--drop-big=4,1.5"]
    compare("A-introduction", "summary(s1.2)", missing, dropping, [], "method")
    compare("A-introduction", 'summary(s1.2, stats = "nsim")', missing, dropping, [], "method")
    hazards = data(repository, "relhaz")
    of_hazards = ["--estimate-column", "theta", "--truth", "-0.5", "--reference", "Cox", "--trial-column", "dataset"]
    compare("A-introduction", "ss2 <- summary(s2)", hazards, of_hazards, ["baseline", "n"], "model")
    tests = data(repository, "tt")
    of_tests = ["--estimate-column", "diff", "--truth", "-1"]
    own = ["--low-column", "conf.low", "--high-column", "conf.high"]
    page = "E-custom-inputs"
    compare(page, "s1 <- simsum(data = tt", tests, [*of_tests, *own], ["dgm"], "method")
    compare(page, "s1 <- simsum(data = tt", tests, [*of_tests, "--df-column", "df"], ["dgm"], "method")
    compare(page, "s2 <- simsum(data = tt", tests, of_tests, ["dgm"], "method")
    fixed = tests.assign(low=-1.5, high=-0.5)
    compare(page, "s3 <- simsum", fixed, [*of_tests, "--low-column", "low", "--high-column", "high"], ["dgm"], "method")
    by_row = [*of_tests[:2], "--truth-column", "true", *own]
    compare(page, "tt$true <- -1", tests.assign(true=-1), by_row, ["dgm"], "method")
    frailty = data(repository, "frailty")
    frailty["true"] = [-0.5 if par == "trt" else 0.75 for par in frailty["par"]]
    quantile = stats.t.ppf(0.975, 10)
    frailty["low"], frailty["high"] = (frailty["b"] + sign * quantile * frailty["se"] for sign in (-1, 1))
    # rsimsum leaves an estimate without a standard error out of all measures (its control na.pair).
    of_frailty = ["--estimate-column", "b", "--truth-column", "true", "--complete"]
    for call in ("ms1 <- multisimsum", "ms2 <- multisimsum", 'summary(ms2, stats = "cover")'):
        compare(page, call, frailty, of_frailty, ["fv_dist"], "model", parameters=True)
    limits = ["--low-column", "low", "--high-column", "high"]
    compare(page, "ms3 <- multisimsum", frailty, [*of_frailty, *limits], ["fv_dist"], "model", parameters=True)
    return comparison, skipped


def simhelpers(runner, repository):
    comparison = Comparison()
    frame = data(repository, "welch_res")
    frame["se"] = frame["var"] ** 0.5
    # The column of the estimand is one of the groups, too.
    frame["theta"] = frame["mean_diff"]
    arguments = ["--estimate-column", "est", "--truth-column", "theta", "--se-column", "se", "--p-column", "p_val"]
    arguments += ["--low-column", "lower_bound", "--high-column", "upper_bound"]
    found = summarize(runner, frame, *arguments, "--by", "n1,n2,mean_diff,method")
    skipped = 0
    page = show(repository, "docs/articles/MCSE.html").decode()
    for table in re.findall(r"<table.*?</table>", page, re.S):
        cell = lambda text: html.unescape(re.sub("<.*?>", "", text)).strip()
        rows = [[cell(c) for c in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)] for row in re.findall(r"<tr.*?</tr>", table, re.S)]
        names, *rows = rows
        if names[0] != "n1":
            continue
        for row in (dict(zip(names, row)) for row in rows):
            keys = (row["n1"], row["n2"], row["mean_diff"], row.get("method", "t-test"))
            for name, text in row.items():
                place = f"MCSE, {name}, {' '.join(keys)}"
                if name.startswith("K_"):
                    comparison.number(place, text, found[(*keys, "trials")][0])
                elif name in SIMHELPERS:
                    measure, ours, their_error = SIMHELPERS[name]
                    value, error = found.get((*keys, measure), (None, None))
                    if text == "NA":
                        comparison.met += value is None
                        continue
                    comparison.number(place, text, None if value is None else ours(value))
                    printed_error, our_error = row[f"{name}_mcse"], their_error(value, error)
                    if name in JACKKNIFE:
                        comparison.near(place + ", standard error", printed_error, our_error)
                    else:
                        comparison.number(place + ", standard error", printed_error, our_error)
                elif name not in ("n1", "n2", "mean_diff", "method") and not name.endswith("_mcse"):
                    skipped += 2
    return comparison, skipped


def report(name, comparison, skipped):
    print(f"{name}: {comparison.met} printed numbers met, {len(comparison.differ)} differ, {skipped} are of measures that we do not have")
    if comparison.close:
        near = len(comparison.close)
        print(f"  {near} standard errors by a jackknife: ours differ by at most {100 * max(comparison.close):.2f} %")
    for measure, ratios in comparison.apart.items():
        low, high = min(ratios), max(ratios)
        print(f"  {len(ratios)} standard errors of {measure} take estimates to be normal: ours are {low:.3f} to {high:.3f} times theirs")
    for line in comparison.differ:
        print("  " + line)
    return not comparison.differ


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rsimsum", default="https://github.com/ellessenne/rsimsum")
    parser.add_argument("--simhelpers", default="https://github.com/meghapsimatrix/simhelpers")
    parser.add_argument("--runner", default=str(TOP / "target/release/runner"))
    arguments = parser.parse_args()
    are_met = True
    with tempfile.TemporaryDirectory() as folder:
        for compare, name in ((rsimsum, "rsimsum"), (simhelpers, "simhelpers")):
            repository = getattr(arguments, name)
            if not Path(repository).is_dir():
                subprocess.run(["git", "clone", "--quiet", "--depth", "1", repository, f"{folder}/{name}"], check=True)
                repository = f"{folder}/{name}"
            are_met &= report(name, *compare(arguments.runner, repository))
    sys.exit(0 if are_met else 1)


if __name__ == "__main__":
    main()
