"""The results of a run."""

import base64
import html
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import _kl_runner
from ._kl_runner import ResultsError
from ._table import Table, Value

#: The main columns of the summary, behind what tells conditions apart.
_MAIN = ("n", "estimator", "closed_form", "mean", "mcse", "verdict")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of results: what `Results.figure` returns. A notebook shows it.

    Attributes:
        name: Its name, such as "law".
        title: Its title.
        caption: What it shows, in a sentence or two.
        description: What it shows, with the main numbers, for readers who cannot see it.
        svg: The text of the SVG file.
    """

    name: str
    title: str
    caption: str
    description: str
    svg: str = field(repr=False)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a file: SVG, PDF with its fonts, or PNG with 300 pixels to an inch, by the ending of its name.

        The bytes are those of `runner report --format svg|pdf|png`.

        Raises:
            ValueError: the name has another ending.
        """
        ending = Path(path).suffix.lower().removeprefix(".")
        Path(path).write_bytes(_kl_runner.picture_file(self.svg, ending))

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        # As an image its ids are its own: a notebook may show it twice.
        data = base64.b64encode(self.svg.encode()).decode()
        return f'<img alt="{html.escape(self.description)}" src="data:image/svg+xml;base64,{data}">'


#: Where an estimator differs from the one that it is to equal (`same_as`): the condition, the estimator, the other one, in how many
#: trials, of how many, and the first of these with both estimates.
Difference = tuple[int, str, str, int, int, tuple[int, float | None, float | None] | None]


class Results:
    """The results of a run: what `run` and `read` return.

    `summary`, `measures`, `law`, `paths`, `intervals`, `failures`, `curve`, `decisions`, `lengths`, `approximations` and `trials` are its
    files as tables (docs/results.md says what each column means); `figure` draws, `html` makes the report's page, and a notebook shows that page.
    """

    def __init__(
        self,
        saved: _kl_runner.SavedRun,
        kept: _kl_runner.KeptEstimates | None = None,
        differences: Sequence[Difference] = (),
    ) -> None:
        self._saved = saved
        self._kept = kept
        self._differences = list(differences)
        self._tables: dict[str, Table | None] = {}
        self._manifest: dict[str, Any] = json.loads(saved.manifest_json())

    @property
    def experiment(self) -> str:
        """The name of the experiment."""
        name: str = self._manifest["experiment"]
        return name

    @property
    def spec(self) -> dict[str, Any]:
        """The experiment file with every default and override filled in."""
        spec: dict[str, Any] = self._manifest["spec"]
        return spec

    @property
    def manifest(self) -> dict[str, Any]:
        """`manifest.json`: the spec, its digest, the versions of the program and of its streams, and the digest of each file."""
        return self._manifest

    @property
    def folder(self) -> Path | None:
        """The folder that was read; None if the results are in memory only."""
        folder = self._saved.folder()
        return None if folder is None else Path(folder)

    @property
    def verdict(self) -> str:
        """The verdict of the whole run.

        "disagree" if any row of the summary disagrees with theory: then the command ends with exit code 1. Else "agree" if any row
        agrees, else "infinite" if a divergence is infinite and the infinite estimates are as many as they should be, else "untested".
        """
        return self._saved.verdict()

    @property
    def finding(self) -> str:
        """The finding in words: the divergence, the best estimate of it, and whether theory agrees."""
        return self._saved.finding()

    @property
    def summary(self) -> Table:
        """`summary.csv`: a row for each condition and estimator.

        A key of the grid or of the cases is a column of numbers if all its values are numbers, else of texts.
        """
        return self._always("summary.csv")

    @property
    def law(self) -> Table:
        """`law.csv`: the histogram of the estimates in fixed bins, beside the exact probabilities."""
        return self._always("law.csv")

    @property
    def paths(self) -> Table:
        """`paths.csv`: running estimates of the first trials; no rows unless the sampler is "sequence"."""
        return self._always("paths.csv")

    @property
    def measures(self) -> Table | None:
        """`measures.csv`: performance measures; None unless there are several estimators, or a `level`."""
        return self._table("measures.csv")

    @property
    def intervals(self) -> Table | None:
        """`intervals.csv`: some intervals of each row; None unless there is a `level` and estimates have standard errors."""
        return self._table("intervals.csv")

    @property
    def failures(self) -> Table | None:
        """`failures.csv`: trials in which an estimator of your own failed; None if none did."""
        return self._table("failures.csv")

    @property
    def curve(self) -> Table | None:
        """`curve.csv`: both divergences by theory along a numeric parameter; None if none takes three values or more."""
        return self._table("curve.csv")

    @property
    def decisions(self) -> Table | None:
        """`decisions.csv`: what tests between P and Q decided, beside the exact chances; None without `[decide]` or `[stop]`."""
        return self._table("decisions.csv")

    @property
    def lengths(self) -> Table | None:
        """`lengths.csv`: quantiles of the length of sequential tests; None without `[stop]`."""
        return self._table("lengths.csv")

    @property
    def approximations(self) -> Table | None:
        """`approximations.csv`: what textbooks say of the tests, beside the exact values; None without `[decide]` or `[stop]`."""
        return self._table("approximations.csv")

    @property
    def trials(self) -> Table:
        """`trials.csv`: every estimate; also where `run` has kept them in memory.

        Raises:
            ResultsError: the trials were not recorded.
        """
        trials = self._table("trials.csv")
        if trials is None and self._kept is not None:
            trials = self._tables["trials.csv"] = Table(self._kept.table())
        if trials is None:
            raise ResultsError(
                f"error: the trials of {self.experiment} were not recorded\n"
                "  help: run the experiment again with record=True; the command and experiment files have `--record` and "
                '`record = "csv"`'
            )
        return trials

    @property
    def differences(self) -> list[Difference]:
        """Where functions given to `run` differ from the estimators that `same_as` names: the condition, the estimator, the other
        one, in how many trials, of how many, and the first of these (its number, the estimate, the other)."""
        return self._differences

    @property
    def rows(self) -> list[dict[str, Value]]:
        """The rows of the summary as dicts: `summary.to_dicts()`."""
        return self.summary.to_dicts()

    def figures(self) -> list[str]:
        """The names of the figures that there are."""
        return self._saved.figure_names()

    def figure(
        self,
        name: str,
        *,
        condition: int | Iterable[int] | None = None,
        estimator: str | Iterable[str] | None = None,
        width: str | None = None,
        title: bool = True,
    ) -> Figure:
        """Draws a figure, as `runner report --format svg` does.

        Args:
            name: "law", "mean", "variance", "paths", "curve", "estimators", "errors", "rmse", "nested" or "zip", if the results have what it
                shows (see `figures`).
            condition: The number of a condition, or several, as in the column `condition`: only these are drawn. All by default; of
                many, those that the figure has room for.
            estimator: The name of an estimator, or several. All by default.
            width: The width in print, such as "3.4in" or "86mm", where letters have 8 points; that of a desk by default.
            title: Whether its title is at the top; a paper has it in the caption.

        Raises:
            ValueError: there is no such figure, condition or estimator, or no such width.
        """
        conditions = None if condition is None else self._known("condition", condition)
        estimators = None if estimator is None else self._known("estimator", estimator)
        found = self._saved.figure(name, conditions, estimators, width, title)
        if found is None:
            there = ", ".join(self._saved.figure_names(conditions, estimators)) or "none"
            of = "" if conditions is None and estimators is None else " of these conditions and estimators"
            raise ValueError(f"{self.experiment} has no figure {name!r}{of}; there are: {there}")
        return Figure(*found)

    def html(self) -> str:
        """The report's page, as `runner report --format html` writes it: one file that loads nothing."""
        return self._saved.page()

    def _always(self, name: str) -> Table:
        """A table of a file that every run leaves."""
        found = self._table(name)
        if found is None:
            raise ResultsError(f"error: {self.experiment} has no {name}\n  help: run the experiment again")
        return found

    def _table(self, name: str) -> Table | None:
        if name not in self._tables:
            self._tables[name] = Table(self._saved.table(name)) if name in self._saved.files() else None
        return self._tables[name]

    def _known(self, column: str, given: Any) -> list[Any]:
        """What is given as a list, if the summary has all of it."""
        wanted = [given] if isinstance(given, (int, str)) or not isinstance(given, Iterable) else list(given)
        there = list(dict.fromkeys(_listed(self.summary[column])))
        for one in wanted:
            if one not in there:
                shown = ", ".join(map(str, there[:20])) + (", …" if len(there) > 20 else "")
                raise ValueError(f"{self.experiment} has no {column} {one!r}; there are: {shown}")
        return wanted

    def __repr__(self) -> str:
        """The experiment, the verdict, the finding, and the main columns of the summary."""
        summary = self.summary
        names = summary.columns
        # The keys that vary are behind the verdict.
        keys = names[names.index("verdict") + 1 : names.index("p_value_method")]
        labels = ("label",) if any(summary["label"]) else ()
        main = [name for name in _MAIN if name != "estimator" or len(set(summary[name])) > 1]
        # Where P and Q are long, the number of a condition stands for them.
        wide = [(("condition", *labels, *keys, *main), 24)]
        narrow = [((*labels, *keys, *main), room) for room in (24, 16, 12)] if keys else []
        choices = [*wide, *narrow, (("condition", *labels, *main), 16), (("condition", *main), 16)]
        text = summary._text(*(([names.index(name) for name in shown], room) for shown, room in choices))
        rows = "1 row" if len(summary) == 1 else f"{len(summary):,} rows"
        return f"<Results of {self.experiment}: {self.verdict}, {rows}>\n{_wrapped(self.finding)}\n{text}"

    def _repr_html_(self) -> str:
        # In a frame the page's style is its own. It runs no scripts. Its links to its own parts must not mean those of the notebook.
        page = self.html().replace("<head>", '<head><base href="about:srcdoc">', 1)
        return (
            f'<iframe title="Results of {html.escape(self.experiment)}" srcdoc="{html.escape(page)}" sandbox="" '
            'style="width: 100%; height: 36em; border: 1px solid #8888; resize: vertical"></iframe>'
        )


def read(folder: str | os.PathLike[str]) -> Results:
    """Reads the results that a run of the command left, such as `results/coin`.

    Every file is checked against the digest that `manifest.json` says.

    Args:
        folder: The folder of one experiment.

    Returns:
        The `Results`.

    Raises:
        ResultsError: There is no such folder, it holds no results, a file was edited, or a newer version wrote it. It is an `OSError`
            with the text that the command prints.

    Example:
        >>> import kl_runner
        >>> kl_runner.read("results/none")
        Traceback (most recent call last):
        ...
        kl_runner.ResultsError: error: there is no results/none
          help: run the experiment first, as in `runner experiments/coin.toml`, or name the folder it wrote
    """
    return Results(_kl_runner.SavedRun.open(folder))


def _listed(column: Any) -> list[Any]:
    listed: list[Any] = column if isinstance(column, list) else column.tolist()
    return listed


def _wrapped(text: str) -> str:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > 80:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)
