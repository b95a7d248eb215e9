"""Several models compared by a sequence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import _kl_runner
from ._text import distribution, has_whole_names, sequence_text


@dataclass(frozen=True, slots=True)
class ModelEvidence:
    """What a sequence says of one model: an item of what `compare` returns.

    Attributes:
        name: The name of the model.
        rank: 1 for the most likely model; models that are as likely have the same rank.
        prior: Its prior probability.
        posterior: Its posterior probability.
        log_likelihood: ln of the probability of the sequence, or of its density; -inf if the model rules it out.
        log_bayes_factor: ln(L_best/L), nats: 0 for the best, inf for a model that rules the sequence out.
        log10_bayes_factor: The same as a decimal logarithm.
        bits: -log2 L/N, the bits that an item takes in an ideal code; None of densities.
        excess_bits: What an item takes more than with the best model.
    """

    name: str
    rank: int
    prior: float
    posterior: float
    log_likelihood: float
    log_bayes_factor: float
    log10_bayes_factor: float
    bits: float | None
    excess_bits: float


def compare(
    sequence: object, models: Mapping[str, object] | Sequence[object], priors: Sequence[float] | None = None
) -> list[ModelEvidence]:
    """Ranks models by the likelihood of one sequence.

    Args:
        sequence: as for `score`.
        models: two models or more over the same values, each as P of `score`: a dict from names to models, or a list, whose models
            are named Q1, Q2, ….
        priors: their prior probabilities, which sum to 1; equal ones unless they are given.

    Returns:
        A `ModelEvidence` for each model, in the order of `models`.

    Raises:
        SpecError: a model, the priors or the sequence are wrong, or no model can produce the sequence.
        TypeError: one is of a type that cannot be read.

    Example:
        >>> import kl_runner
        >>> fair, loaded = kl_runner.compare("HHTHHT", {"fair": "H=1/2,T=1/2", "loaded": "H=3/4,T=1/4"})
        >>> fair.rank, round(fair.posterior, 6), round(loaded.bits - fair.bits, 6)
        (2, 0.441379, -0.056642)
    """
    named = dict(models) if isinstance(models, Mapping) else {f"Q{i}": model for i, model in enumerate(models, 1)}
    text, items, is_numbers = sequence_text(sequence)
    is_numbers = is_numbers and not any(has_whole_names(model) for model in named.values())
    names = [str(name) for name in named]
    texts = [distribution(model, name) for name, model in zip(names, named.values())]
    weights = None if priors is None else [float(prior) for prior in priors]
    found = json.loads(_kl_runner.compare(text, names, texts, weights, items, is_numbers))
    number = lambda value: None if value is None else float(value)
    return [
        ModelEvidence(
            name=row["name"],
            rank=row["rank"],
            prior=model["prior"],
            posterior=row["posterior"],
            log_likelihood=float(row["log_likelihood"]),
            log_bayes_factor=float(row["log_bayes_factor"]),
            log10_bayes_factor=float(row["log10_bayes_factor"]),
            bits=number(row["bits"]),
            excess_bits=float(row["excess_bits"]),
        )
        for model, row in zip(found["models"], found["total"]["models"])
    ]
