"""The families of distributions."""

import json
from dataclasses import dataclass

from . import _kl_runner


@dataclass(frozen=True, slots=True)
class Family:
    """A family of distributions.

    Attributes:
        name: Its name, as in "normal(mean=0, std_dev=1)".
        parameters: The names of its parameters; empty if any name is a symbol.
        values: Its values.
        exact: What is exact for the log ratio of two members: D, V, K (its cumulant generating function), law.
        samplers: How the command can draw sequences.
        example: How an experiment file writes a member, after `P.` or `Q.`.
    """

    name: str
    parameters: tuple[str, ...]
    values: str
    exact: tuple[str, ...]
    samplers: tuple[str, ...]
    example: str


def families() -> list[Family]:
    """Lists the families of distributions that P and Q can be of, as `runner families` does.

    Example:
        >>> import kl_runner
        >>> [family.parameters for family in kl_runner.families() if family.name == "normal"]
        [('mean', 'std_dev', 'variance')]
    """
    return [
        Family(
            name=found["family"],
            parameters=tuple(found["parameters"]),
            values=found["values"],
            exact=tuple(found["exact"]),
            samplers=tuple(found["samplers"]),
            example=found["example"],
        )
        for found in json.loads(_kl_runner.families_json())["families"]
    ]
