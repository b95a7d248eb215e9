"""Runs the steps of action.yml by hand in a repository with results: one that is right, one whose results regressed, one with a mistake in a
file, and one whose experiment changed. The parts that only GitHub has (its cache) are left out."""

import contextlib
import csv
import os
import re
import subprocess
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
RUNNER = os.environ["RUNNER"]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())

COIN = "seed = 57\ntrials = 1_000\nN = [10, 100]\nP.categorical = { H = 0.5, T = 0.5 }\nQ.categorical = { H = 0.4, T = 0.6 }\n"


def substituted(text, context):
    """A text with its ${{ … }} replaced, and the names in them checked."""
    return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda found: context[found.group(1)], str(text))


class Repository:
    """A repository that a job has checked out, with what GitHub gives to its steps."""

    def __init__(self, folder):
        self.folder = folder
        self.temporary = folder / "temporary"
        self.root = folder / "work"
        (self.root / "experiments").mkdir(parents=True)
        self.temporary.mkdir()
        (self.root / "experiments" / "coin.toml").write_text(COIN)
        self.runner("experiments/coin.toml", "--quiet")

    def runner(self, *arguments):
        subprocess.run([RUNNER, *arguments], cwd=self.root, check=True, stdout=subprocess.DEVNULL)

    def edit(self, file, old, new):
        path = self.root / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def check(self, **given):
        """The steps of the action with these inputs: exit code, output, outputs of the step and summary."""
        inputs = {name: one["default"] for name, one in ACTION["inputs"].items()} | {"runner": RUNNER} | given
        context = {"github.sha": "a1b2c3", "github.action_path": str(ROOT), "runner.temp": str(self.temporary), "runner.os": "Linux", "runner.arch": "X64"}
        context |= {f"inputs.{name}": substituted(value, context) for name, value in inputs.items()}
        output, summary = self.folder / "output", self.folder / "summary"
        ran, code, said = [], 0, ""
        for step in ACTION["runs"]["steps"]:
            condition = step.get("if", "").split(" && ")[0]
            assert condition in ("", "inputs.runner == ''"), condition
            if "uses" in step or (condition and inputs["runner"]):
                continue
            output.write_text("")
            summary.write_text("")
            environment = os.environ | {name: substituted(value, context) for name, value in step["env"].items()}
            environment |= {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
            environment |= {"GITHUB_WORKSPACE": str(self.root), "RUNNER_TEMP": str(self.temporary)}
            # A working directory of "." is the root of the repository.
            folder = self.root / substituted(step.get("working-directory", "."), context)
            # As GitHub runs it: bash --noprofile --norc -eo pipefail {0}
            assert step["shell"] == "bash"
            script = self.folder / "step.sh"
            script.write_text(step["run"])
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
            ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
            ran.append(step["name"])
            code, said = ended.returncode, ended.stdout + ended.stderr
            if step.get("id"):
                outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
                context |= {f"steps.{step['id']}.outputs.{name}": value for name, value in outputs.items()}
            if code:
                break
        assert ran[-1] == "Check", said
        results = {name: substituted(one["value"], context) for name, one in ACTION["outputs"].items()}
        return code, said, results, summary.read_text()


def annotations(said):
    return [line for line in said.splitlines() if line.startswith("::")]


def main():
    def repository():
        return Repository(Path(folders.enter_context(tempfile.TemporaryDirectory())).resolve())

    with contextlib.ExitStack() as folders:
        right = repository()
        code, said, results, summary = right.check()
        assert (code, results) == (0, {"verdict": "pass", "exit-code": "0"}), said
        assert annotations(said) == [] and "### Results as they should be" in summary and "| coin | pass |" in summary, said

        # A digit of a committed result.
        regressed = repository()
        with open(regressed.root / "results/coin/summary.csv", newline="") as file:
            mean = list(csv.DictReader(file))[1]["mean"]
        regressed.edit("results/coin/summary.csv", f",{mean},", f",{mean[:-1]}{'3' if mean[-1] == '7' else '7'},")
        code, said, results, summary = regressed.check()
        assert (code, results) == (1, {"verdict": "regressed", "exit-code": "1"}), said
        first = annotations(said)[0]
        assert first.startswith("::error file=results/coin/summary.csv,line=3,title=coin%3A a committed result changed::summary.csv line 3"), first
        assert "### Results regressed" in summary and "mean was" in summary, summary

        # The same below the root of the repository: paths are those of the repository.
        below = repository()
        (below.root / "study").mkdir()
        for part in ["experiments", "results"]:
            (below.root / part).rename(below.root / "study" / part)
        below.edit("study/results/coin/summary.csv", f",{mean},", f",{mean}7,")
        code, said, results, _ = below.check(**{"working-directory": "study", "only": "bytes", "specs": "experiments/coin.toml"})
        assert code == 1 and "file=study/results/coin/summary.csv,line=3," in annotations(said)[0], said

        # An experiment that changed, and one that cannot be read.
        changed = repository()
        changed.edit("experiments/coin.toml", "1_000", "1_001")
        code, said, results, summary = changed.check()
        assert (code, results["verdict"]) == (3, "changed"), said
        assert annotations(said)[0].startswith("::warning file=experiments/coin.toml,line=1,title=coin%3A nothing to compare with::"), said
        changed.edit("experiments/coin.toml", "trials", "trails")
        code, said, results, summary = changed.check()
        assert (code, results["verdict"]) == (2, "failed"), said
        assert "::error file=experiments/coin.toml,line=2,col=1,endColumn=6,title=there is no key `trails`::did you mean `trials`?" in said, said
        assert "### The check could not run" in summary, summary

        # A study of trials that another program made.
        saved = repository()
        (saved.root / "trials.csv").write_text("estimate\n0.1\n0.2\n0.4\n")
        saved.runner("summarize", "trials.csv", "--truth", "0.2", "--save", "study")
        code, said, results, summary = saved.check(specs="study", arguments="--quiet")
        assert (code, results["verdict"]) == (0, "pass") and "Saved trials as they should be" in summary, said
        saved.edit("study/measures.csv", "0", "1")
        code, said, results, summary = saved.check(specs="study")
        assert code == 1 and annotations(said)[0].startswith("::error file=study/measures.csv,line=1,"), said

        # The digest that the cache is found by is that of the sources.
        step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "sources")
        output = right.folder / "digest"
        script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        subprocess.run(script, env=os.environ | {"ACTION": str(ROOT), "GITHUB_OUTPUT": str(output)}, check=True)
        assert re.fullmatch(r"digest=[0-9a-f]{40}\n", output.read_text()), output.read_text()
    print("the action passes, fails and says why")


main()
