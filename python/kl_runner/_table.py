"""Tables of results, which other libraries read in place."""

import html
from collections.abc import Callable, Sequence
from typing import Any

from . import _kl_runner

#: What one cell holds; None if the value is missing.
Value = int | float | str | None

_REPR_ROWS = 10
_HTML_ROWS = 50
_WIDTH = 80


class Table:
    """The rows of a result file, column by column.

    `t["estimate"]` is a column, `t.columns` are the names, `len(t)` is the number of rows. Libraries that read Arrow take a table as it
    is, by the Arrow PyCapsule interface and without a copy of the numbers: `polars.DataFrame(t)`, `pyarrow.table(t)`,
    `pandas.DataFrame.from_arrow(t)` (before pandas 3: `pyarrow.table(t).to_pandas()`), `duckdb.sql("from t")`. A missing value is null
    there. Whole numbers and flags are int64, real numbers float64, texts large_string.
    """

    __slots__ = ("_data", "_names")

    def __init__(self, data: _kl_runner.TableData) -> None:
        self._data = data
        self._names = tuple(data.names())

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the file."""
        return self._names

    def __len__(self) -> int:
        return len(self._data)

    def __getitem__(self, column: str) -> Any:
        """A column.

        Numbers are an array that reads the table's memory in place and cannot be written: an array of numpy if numpy can be imported,
        else a `memoryview`, of int64 or float64. In a column of real numbers a missing value is nan: no result is nan otherwise. Texts
        are a list of str, with None for a missing one.

        Raises:
            KeyError: there is no such column.
        """
        place = self._place(column)
        numbers = self._data.numbers(place)
        if numbers is None:
            return self._data.values(place, 0, len(self))
        view = memoryview(numbers)
        asarray = _numpy_asarray()
        return view if asarray is None else asarray(view)

    def to_dicts(self) -> list[dict[str, Value]]:
        """The rows as dicts from column to value; None for a missing value."""
        columns = [self._data.values(place, 0, len(self)) for place in range(len(self._names))]
        return [dict(zip(self._names, row)) for row in zip(*columns)]

    def _place(self, column: str) -> int:
        try:
            return self._names.index(column)
        except ValueError:
            raise KeyError(f"there is no column {column!r}; there are {', '.join(self._names)}") from None

    def _is_text(self, place: int) -> bool:
        return self._data.numbers(place) is None

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows, for libraries that read Arrow. The schema is always that of the table."""
        return self._data.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """The names and the types of the columns, for libraries that read Arrow."""
        return self._data.__arrow_c_schema__()

    def __repr__(self) -> str:
        """A text table of at most 10 rows and 80 columns of text."""
        return f"<Table of {_counted(len(self), 'row')} and {_counted(len(self._names), 'column')}>\n{self._text((range(len(self._names)), 24))}"

    def _text(self, *choices: tuple[Sequence[int], int]) -> str:
        """Some columns as aligned text: the first choice for which there is room, else as much of the last as there is room for.

        A choice has the places of columns, and the width to which their texts are cut.
        """
        for places, room in choices:
            blocks = [self._block(place, room) for place in places]
            if sum(len(block[0]) + 2 for block in blocks) - 2 <= _WIDTH:
                break
        shown = [sum(len(block[0]) + 2 for block in blocks[: n + 1]) - 2 <= _WIDTH for n in range(len(blocks))]
        lines = ["  ".join(parts).rstrip() for parts in zip(*(block for block, fits in zip(blocks, shown) if fits))]
        if len(self) > _REPR_ROWS:
            lines.append(f"… and {_counted(len(self) - _REPR_ROWS, 'more row')}")
        if not all(shown):
            lines.append(f"… and {_counted(shown.count(False), 'more column')}")
        return "\n".join(lines)

    def _block(self, place: int, room: int) -> list[str]:
        """The name of a column and its first values, all of one width."""
        cells = [self._names[place], *map(_short, self._data.values(place, 0, _REPR_ROWS))]
        is_text = self._is_text(place)
        # Names of columns are cut only where they alone are too wide, and numbers never are.
        cells = [_cut(_printable(cell), max(room, 12) if is_text else _WIDTH) for cell in cells]
        width = max(map(len, cells))
        return [cell.ljust(width) if is_text else cell.rjust(width) for cell in cells]

    def _repr_html_(self) -> str:
        """A plain HTML table of at most 50 rows."""
        places = range(len(self._names))
        columns = [self._data.values(place, 0, _HTML_ROWS) for place in places]
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self._names)
        sides = ["left" if self._is_text(place) else "right" for place in places]
        rows = (
            "".join(f'<td style="text-align: {side}; white-space: nowrap">{_html(cell)}</td>' for side, cell in zip(sides, row))
            for row in zip(*columns)
        )
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        left = len(self) - _HTML_ROWS
        more = f"<p>… and {_counted(left, 'more row')}</p>" if left > 0 else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f'<div style="overflow-x: auto">{table}</div>{more}'


def _numpy_asarray() -> Callable[[memoryview], Any] | None:
    """numpy's `asarray`, if there is numpy."""
    # A program that does not use numpy may still have it: to import it here takes a moment, once.
    try:
        import numpy
    except ImportError:
        return None
    return numpy.asarray


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _short(value: Value) -> str:
    """A value in few characters."""
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _html(value: Value) -> str:
    return html.escape(_cut(_short(value), 40))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _printable(text: str) -> str:
    """A text on one line, without what would move a cursor."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)
