"""Experiments of Python programs as the text of an experiment file."""

import os
from collections.abc import Mapping
from pathlib import Path

from . import _kl_runner
from ._estimator import Estimator, Functions
from ._text import distribution, key, table, toml
from ._toml import encodable

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
    return table(distribution(value, "P or Q"))


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
