"""Numbers and words as an experiment file writes them."""

import operator
from collections.abc import Iterable
from fractions import Fraction

from ._kl_runner import SpecError


def number(value: object, name: str) -> str:
    """A number as text that is read back as the same double, or a fraction in quotes."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Fraction):
        return f'"{value.numerator}/{value.denominator}"'
    if not isinstance(value, (bool, bytes, bytearray)):
        try:
            whole = operator.index(value)  # type: ignore[arg-type]
            return str(whole) if abs(whole) < 2**63 else repr(float(whole))
        except TypeError:
            pass
        try:
            return repr(float(value))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            pass
    raise TypeError(f"{name}: {value!r} is not a number")


def quoted(text: str) -> str:
    """A TOML string."""
    escaped = (_escaped(c) for c in encodable(text))
    return f'"{"".join(escaped)}"'


def _escaped(c: str) -> str:
    if c in '"\\':
        return "\\" + c
    return f"\\u{ord(c):04x}" if ord(c) < 0x20 or ord(c) == 0x7F else c


def encodable(text: str) -> str:
    """A text that has a form in UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise SpecError(f"error: {text!r} has a part of a character: {error.reason}") from None
    return text


def joined(numbers: Iterable[float]) -> str:
    """A list of numbers."""
    return "[" + ", ".join(number(one, "a parameter") for one in numbers) + "]"
