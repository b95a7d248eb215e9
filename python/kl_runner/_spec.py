"""Experiments of Python programs as the text of an experiment file."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import _kl_runner
from ._distributions import from_library
from ._estimator import Estimator, Functions
from ._text import distribution, key
from ._toml import encodable, number, quoted

Spec = str | os.PathLike[str] | Mapping[str, object]


def request(
    spec: Spec,
    settings: Mapping[str, object],
    functions: Functions | None = None,
    *,
    name: str = "experiment",
    allow_commands: bool = False,
) -> "_kl_runner.Request":
    """What is asked to be run: a file, a text in TOML or a dict, with settings in place of its own."""
    path, text = _source(spec)
    changed = [(_path(key), _side(value) if key in ("P", "Q") else toml(value)) for key, value in settings.items()]
    asked = [] if functions is None else functions.settings
    return _kl_runner.Request(path, text, encodable(name), changed, asked, allow_commands)


def _source(spec: object) -> tuple[Path | None, str]:
    if isinstance(spec, Mapping):
        lines = (f"{_path(name)} = {_side(value) if name in ('P', 'Q') else toml(value)}" for name, value in spec.items())
        return None, "\n".join(lines) + "\n"
    if isinstance(spec, os.PathLike):
        return Path(spec), ""
    if isinstance(spec, str):
        is_text = "\n" in spec or ("=" in spec and not os.path.exists(spec))
        return (None, encodable(spec)) if is_text else (Path(spec), "")
    raise TypeError(f"spec is of type {type(spec).__name__}: expected a path, a text in TOML or a dict")


def _path(name: object) -> str:
    """A key path: a plain key stays, and one that is not plain is quoted unless it has dots."""
    if not isinstance(name, str):
        raise TypeError(f"{name!r} is not a key: keys are text")
    return name if "." in name else key(name)


def _side(value: object) -> str:
    """P or Q as a file writes it."""
    if isinstance(value, Mapping) and all(isinstance(part, Mapping) for part in value.values()):
        return toml(value)
    text = distribution(value, "P or Q")
    return text if text.startswith(("[", "{")) else toml(json.loads(_kl_runner.distribution_json(text)))


def toml(value: object) -> str:
    """A value as an experiment file writes it, on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key(name)} = {toml(part)}" for name, part in value.items()) + " }"
    if isinstance(value, str):
        return quoted(value)
    if from_library(value, "P or Q") is not None:
        return _side(value)
    if hasattr(value, "tolist"):
        return toml_list(value.tolist()) if getattr(value, "ndim", 0) > 0 else number(value.tolist(), "a value")
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return toml_list(value)
    return number(value, "a value")


def toml_list(values: Sequence[Any]) -> str:
    """A list as an experiment file writes it."""
    return "[" + ", ".join(toml(value) for value in values) + "]"


def functions_of(estimators: object) -> Functions | None:
    """The functions of `estimators`, by name; None if there are none."""
    if not estimators:
        return None
    if not isinstance(estimators, Mapping):
        raise TypeError('estimators: expected a dict from names to functions, such as {"mine": f}')
    found: dict[str, Estimator] = {}
    for name, value in estimators.items():
        if not isinstance(name, str):
            raise TypeError(f"estimators: {name!r} is not a name")
        if not isinstance(value, Estimator):
            value = Estimator(value)
        found[name] = value
    return Functions(found, toml)
