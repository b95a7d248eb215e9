"""What a typed program writes: `mypy --strict` checks it."""

from fractions import Fraction
from typing import Any

import kl_runner
from kl_runner.testing import assert_estimator

result: kl_runner.KL = kl_runner.kl({"H": 0.5, "T": Fraction(1, 2)}, "H=0.4,T=0.6")
nats: float = float(result) + result.divergence
variance: float | None = result.variance
reverse: kl_runner.KL | None = result.reverse
if reverse is not None:
    nats += reverse.divergence
measure: kl_runner.Measure = result.neighbours["jensen_shannon"]
distance: float | None = measure.value
nats += float(result.renyi(2))
names: list[str] = [family.name for family in kl_runner.families()]
score: kl_runner.Score = kl_runner.score([0.5, 0.5], (0.4, 0.6), ["H", "T"])
counts = score.counts
found_models: list[kl_runner.ModelEvidence] = kl_runner.compare("HT", {"a": [0.5, 0.5], "b": (0.4, 0.6)}, priors=[0.25, 0.75])
posterior: float = found_models[0].posterior
heads: int = 0 if counts is None else counts["H"]
try:
    kl_runner.kl("normal(mean=0)", [1.0])
except kl_runner.SpecError as mistake:
    error: ValueError = mistake

results: kl_runner.Results = kl_runner.read("results/coin")
means = results.summary["mean"]
curve: kl_runner.Table | None = results.curve
decisions: kl_runner.Table | None = results.decisions
lengths: kl_runner.Table | None = results.lengths
approximations: kl_runner.Table | None = results.approximations
svg: str = results.figure("law", condition=1, estimator=["log_ratio"]).svg
rows: list[dict[str, int | float | str | None]] = results.rows
try:
    trials: kl_runner.Table = results.trials
except kl_runner.ResultsError as unread:
    cause: OSError = unread


def mine(x: Any, *, n: int) -> Any:
    return x[:, 0] / n


found: kl_runner.Results = kl_runner.run(
    {"P": [0.5, 0.5], "Q": [0.4, 0.6], "N": 10, "trials": 1_000},
    estimators={"a": mine, "b": kl_runner.Estimator(mine, input="counts", expected=0.5)},
    seed=3,
    set={"unit": "bits"},
)
again: kl_runner.Trial = kl_runner.trial("experiments/coin.toml", 1, 2)
drawn: int = again.seed + again.n
assert_estimator(mine, p=[0.5, 0.5], q=[0.4, 0.6], n=10, input="counts", expected=0.5)
