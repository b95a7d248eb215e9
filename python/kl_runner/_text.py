"""Distributions and sequences of Python programs as the text that the command reads."""

import json
import operator
from collections.abc import Mapping, Sequence
from typing import Any

from . import _kl_runner
from ._distributions import NARROW, from_library, narrow_weights
from ._toml import encodable, number, quoted

_PART = "a probability or a parameter"


def distribution(value: object, name: str) -> str:
    """P or Q as text; `name` is its name in messages."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, Mapping):
        is_family = any(isinstance(part, (Mapping, list, tuple)) for part in value.values())
        return toml(value, _PART) if is_family else f"{{ categorical = {toml(value, _PART)} }}"
    room = NARROW.get(getattr(getattr(value, "dtype", None), "name", ""))
    if room is not None and getattr(value, "ndim", 0) == 1:
        return narrow_weights(_listed(value, name), room)
    text = from_library(value, name)
    return toml(_listed(value, name), _PART) if text is None else text


def has_whole_names(value: object) -> bool:
    """Whether this is a dict whose symbols are whole numbers."""
    return isinstance(value, Mapping) and all(not isinstance(key, str) for key in value)


def sequence_text(sequence: object) -> tuple[str, int | None, bool]:
    """A sequence as text, the number of its items if it was not text, and whether they are numbers."""
    if isinstance(sequence, str):
        return encodable(sequence), None, False
    items = _listed(sequence, "sequence")
    are_names = [isinstance(item, str) for item in items]
    if any(are_names) and not all(are_names):
        raise TypeError("sequence: some items are names of symbols and others are not")
    if all(are_names):
        return encodable(" ".join(items)), len(items), False
    rows = (_listed(item, "sequence") if _is_row(item) else [item] for item in items)
    return " ".join(number(part, "sequence") for row in rows for part in row), len(items), True


def _is_row(item: object) -> bool:
    return isinstance(item, Sequence) or getattr(item, "ndim", 0) > 0


def _listed(value: object, name: str) -> list[Any]:
    """The items of a list, a tuple or an array."""
    if hasattr(value, "tolist"):
        if hasattr(value, "keys"):
            kind = type(value).__name__
            raise TypeError(f"{name}: a {kind} has names and places; give .to_dict() for names or .to_numpy() for places")
        found = value.tolist()
        if isinstance(found, list):
            return found
    elif isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return list(value)
    kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    wanted = "text, a list, a tuple or an array"
    if name != "sequence":
        wanted = "text, a list, a tuple, a dict, an array, or a distribution of scipy.stats or torch.distributions"
    raise TypeError(f"{name} is of type {kind}: expected {wanted}")


def toml(value: object, name: str = "a value") -> str:
    """A value as an experiment file writes it, on one line; `name` is its name in messages."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(part)} = {toml(of, name)}" for part, of in value.items()) + " }"
    if not isinstance(value, str) and (isinstance(value, Sequence) or getattr(value, "ndim", 0) > 0):
        return "[" + ", ".join(toml(part, name) for part in _listed(value, "a list")) + "]"
    text = from_library(value, name)
    return number(value, name) if text is None else table(text)


def table(text: str) -> str:
    """A distribution that is written as text, as an experiment file writes it."""
    return text if text.startswith(("[", "{")) else toml(json.loads(_kl_runner.distribution_json(text)))


def key(name: object) -> str:
    """The name of a symbol or a setting as a key."""
    if not isinstance(name, str):
        try:
            return str(operator.index(name))  # type: ignore[arg-type]
        except TypeError:
            raise TypeError(f"{name!r} is not the name of a symbol: names are text or whole numbers") from None
    is_bare = name.isascii() and name != "" and all(c.isalnum() or c in "_-" for c in name)
    return name if is_bare else quoted(name)
