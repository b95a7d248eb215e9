"""`read` opens what the command left: tables, verdict, figures, the page."""

import base64
import html
import inspect
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as xml
from html.parser import HTMLParser
from pathlib import Path

import kl_runner
import pytest
from test_kl import RUNNER
from test_table import FOLDERS, ROOT, run_spec

COIN = ROOT / "results" / "coin"
K = ROOT / "results" / "k-estimators"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    return run_spec(tmp_path_factory.mktemp("results"))


def command(*arguments):
    """What the command says on standard output and standard error."""
    done = subprocess.run([RUNNER, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8")
    return done.stdout, done.stderr


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_committed_results_open(folder):
    results = kl_runner.read(folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (results.experiment, results.spec, results.manifest) == (folder.name, manifest["spec"], manifest)
    assert results.folder == folder and isinstance(results.folder, Path)
    for name in ("summary", "law", "paths", "measures", "intervals", "curve", "failures", "decisions", "lengths", "approximations"):
        assert (getattr(results, name) is not None) == (folder / f"{name}.csv").exists(), name
    assert results.rows == results.summary.to_dicts() and results.summary is results.summary
    verdicts = results.summary["verdict"]
    order = ["disagree", "agree", "infinite", "untested"]
    assert results.verdict == min(verdicts, key=order.index)
    text = repr(results)
    assert text.startswith(f"<Results of {folder.name}: {results.verdict}, {len(results.summary)} rows>\n")
    assert len(text.splitlines()) <= 24 and all(len(line) <= 80 for line in text.splitlines()), text
    assert results.finding in " ".join(text.split("\n"))
    for column in ("closed_form", "mean", "mcse", "verdict"):
        assert f" {column}" in text, text


def test_the_repr_is_this():
    assert repr(kl_runner.read(COIN)) == """\
<Results of coin: agree, 4 rows>
KL(P‖Q) is 0.020411 nats (0.029447 bits) per symbol, and 10,000 sequences of N =
10,000 gave 0.020435 ± 0.000020 nats (0.029482 ± 0.000029 bits); all 4
conditions agree with theory (8 tests, joint false-alarm rate 1e-6).
condition      n  closed_form       mean         mcse  verdict
        1     10     0.020411  0.0206624  0.000641097  agree
        2    100     0.020411  0.0203867  0.000202733  agree
        3   1000     0.020411  0.0203149  6.41097e-05  agree
        4  10000     0.020411  0.0204351  2.02733e-05  agree"""


def test_paths_of_all_kinds_are_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(COIN, "größe")
    for folder in ("größe", Path("größe"), f"größe{os.sep}"):
        results = kl_runner.read(folder)
        assert results.experiment == "coin" and results.folder == Path("größe")


# Verdicts


@pytest.mark.parametrize(
    "distributions, expected",
    [("P = [0.5, 0.5]\nQ = [0.4, 0.6]", "agree"), ("P = [0.5, 0.5]\nQ = [1.0, 0.0]", "infinite")],
)
def test_the_verdict_is_that_of_the_command(tmp_path, distributions, expected):
    path = tmp_path / "one.toml"
    path.write_text(f"trials = 50\nN = 5\n{distributions}\n", encoding="utf-8")
    said, _ = command(path, "--out", tmp_path, "--json")
    assert kl_runner.read(tmp_path / "one").verdict == json.loads(said)["verdict"] == expected


# Trials


def test_trials_are_there_if_they_were_recorded(recorded):
    trials = kl_runner.read(recorded).trials
    assert len(trials) == 4 * 2 * 2 * 40 and trials.columns == ("condition", "trial", "n", "estimator", "estimate")
    with pytest.raises(kl_runner.ResultsError, match="the trials of coin were not recorded\n  help: .*record=True") as refused:
        kl_runner.read(COIN).trials
    assert isinstance(refused.value, OSError)


def test_polars_writes_parquet(recorded, tmp_path):
    polars = pytest.importorskip("polars")
    trials = kl_runner.read(recorded).trials
    polars.DataFrame(trials).write_parquet(tmp_path / "trials.parquet")
    back = polars.read_parquet(tmp_path / "trials.parquet")
    assert back.to_dicts() == trials.to_dicts() and back.schema == polars.DataFrame(trials).schema


# Mistakes


def mistake(folder):
    with pytest.raises(kl_runner.ResultsError) as refused:
        kl_runner.read(folder)
    return str(refused.value)


def changed(tmp_path, change):
    folder = tmp_path / "coin"
    shutil.copytree(COIN, folder)
    change(folder)
    return folder


def edit(folder):
    law = folder / "law.csv"
    law.write_text(law.read_text(encoding="utf-8").replace("log_ratio", "log_ratia", 1), encoding="utf-8")


def renew(folder):
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"format": 1', '"format": 99'), encoding="utf-8")


@pytest.mark.parametrize(
    "change, words",
    [
        (shutil.rmtree, "there is no "),
        (lambda folder: (folder / "manifest.json").unlink(), "holds no results: it has no manifest.json"),
        (lambda folder: (folder / "law.csv").unlink(), "is missing, and manifest.json names it"),
        (lambda folder: (shutil.rmtree(folder), folder.write_text("")), "is a file, and results are a folder"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
        (edit, "is not what manifest.json says: it was edited, cut short, or belongs to another run"),
        (renew, "was written by a newer version of this program (layout 99; this one reads up to 1)"),
    ],
)
def test_mistakes_are_told_in_the_words_of_the_command(tmp_path, change, words):
    folder = changed(tmp_path, change)
    said = mistake(folder)
    # The command writes folders with a slash at their end.
    assert said.replace("coin/", "coin") == command("report", folder)[1].strip().replace("coin/", "coin")
    assert said.startswith("error: ") and words in said and "\n  help: " in said


def test_a_file_that_is_edited_later_is_refused(tmp_path):
    folder = changed(tmp_path, lambda _: None)
    results = kl_runner.read(folder)
    assert len(results.summary) == 4
    edit(folder)
    # A table is read when it is asked for.
    with pytest.raises(kl_runner.ResultsError, match="was edited"):
        results.law
    assert results.figure("law").svg == kl_runner.read(COIN).figure("law").svg


def test_a_results_error_is_an_os_error():
    assert issubclass(kl_runner.ResultsError, OSError) and kl_runner.ResultsError.__module__ == "kl_runner"


# Figures


@pytest.mark.parametrize("ending", ["pdf", "png", "svg"])
def test_a_figure_for_a_paper_is_that_of_the_command(ending, tmp_path):
    folder = FOLDERS[0]
    theirs, ours = tmp_path / f"theirs.{ending}", tmp_path / f"ours.{ending}"
    command("report", folder, "--picture", "law", "--width", "3.4in", "--out", theirs)
    kl_runner.read(folder).figure("law", width="3.4in").save(ours)
    assert ours.read_bytes() == theirs.read_bytes()
    command("report", folder, "--picture", "law", "--width", "3.4in", "--no-title", "--out", theirs)
    kl_runner.read(folder).figure("law", width="3.4in", title=False).save(ours)
    assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_figures_are_those_of_the_command(folder, tmp_path):
    command("report", folder, "--format", "svg", "--out", tmp_path)
    results = kl_runner.read(folder)
    written = {path.stem.removeprefix(f"{folder.name}-"): path for path in tmp_path.glob("*.svg")}
    assert sorted(results.figures()) == sorted(written) and "law" in written
    for name, path in written.items():
        figure = results.figure(name)
        figure.save(tmp_path / "saved.svg")
        assert (tmp_path / "saved.svg").read_bytes() == path.read_bytes() == figure.svg.encode()
        root = xml.fromstring(figure.svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg" and figure.name == name
        assert figure._repr_svg_() == figure.svg and figure.svg not in repr(figure)
        shown = re.fullmatch(r'<img alt="(.*?)" src="data:image/svg\+xml;base64,(.*?)">', figure._repr_html_(), re.S)
        assert html.unescape(shown[1]) == figure.description
        assert base64.b64decode(shown[2]).decode() == figure.svg


def texts(figure):
    return " ".join(xml.fromstring(figure.svg).itertext())


def test_a_figure_of_some_conditions_and_estimators():
    results = kl_runner.read(K)
    names = list(dict.fromkeys(results.summary["estimator"]))
    assert len(names) == 4
    for name in names:
        shown = texts(results.figure("law", estimator=name))
        assert name in shown and not any(other in shown for other in names if other != name), name
    both = texts(results.figure("law", estimator=names[1:3]))
    assert names[1] in both and names[2] in both and names[3] not in both
    coin = kl_runner.read(COIN)
    for condition, n in ((1, "N = 10"), (4, "N = 10,000")):
        figure = coin.figure("law", condition=condition)
        assert re.findall(r"N = [\d,]*\d", texts(figure))[0] == n and figure.svg != coin.figure("law").svg
    assert coin.figure("law", condition=range(1, 5)).svg == coin.figure("law").svg
    assert coin.figure("law", condition=coin.summary["condition"]).svg == coin.figure("law").svg


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"name": "pie"}, "coin has no figure 'pie'; there are: law, mean, variance, paths"),
        ({"name": "zip", "condition": 1}, "coin has no figure 'zip' of these conditions and estimators; there are: law, "),
        ({"name": "law", "condition": 5}, "coin has no condition 5; there are: 1, 2, 3, 4"),
        ({"name": "law", "condition": "1"}, "coin has no condition '1'; there are: 1, 2, 3, 4"),
        ({"name": "law", "condition": 1.5}, "coin has no condition 1.5; there are: 1, 2, 3, 4"),
        ({"name": "law", "estimator": ["log_ratio", "k9"]}, "coin has no estimator 'k9'; there are: log_ratio"),
    ],
)
def test_a_figure_that_is_not_there_is_told(arguments, message):
    with pytest.raises(ValueError) as refused:
        kl_runner.read(COIN).figure(**arguments)
    assert str(refused.value).startswith(message)


# The page


class Page(HTMLParser):
    """The addresses that a page names, and its elements."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.elements = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.addresses += [value for name, value in attributes if name in ("href", "src", "action", "data", "poster", "srcset")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_page_is_whole_and_loads_nothing(folder):
    results = kl_runner.read(folder)
    page = results.html()
    assert page.startswith("<!DOCTYPE html>") and page.endswith("</html>\n")
    found = Page(page)
    assert found.addresses and all(address.startswith("#") or address == "data:," for address in found.addresses)
    assert not found.elements & {"iframe", "object", "embed", "img", "base"} and not re.search(r"url\((?!#)", page)
    # The one script is the page's own, which its policy knows by a digest.
    assert page.count("<script") == 1 and "script-src 'sha256-" in page
    assert "default-src 'none'" in page
    for name in results.figures():
        assert results.figure(name).svg.strip() in page, name
    frame = re.fullmatch(r'<iframe title="Results of (\S+)" srcdoc="([^"<>]*)" sandbox="" style="[^"]*"></iframe>', results._repr_html_())
    assert frame[1] == folder.name and html.unescape(frame[2]).replace('<base href="about:srcdoc">', "") == page


def test_a_page_is_that_of_the_command(tmp_path):
    command("report", COIN, "--format", "html", "--out", tmp_path)
    assert (tmp_path / "coin.html").read_text(encoding="utf-8") == kl_runner.read(COIN).html()


def test_everything_is_described():
    for kind in (kl_runner.Results, kl_runner.Table, kl_runner.Figure):
        for name, member in vars(kind).items():
            if not name.startswith("_") and (callable(member) or isinstance(member, property)):
                assert inspect.getdoc(member), f"{kind.__name__}.{name}"
