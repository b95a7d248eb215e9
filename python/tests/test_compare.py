"""`compare` says what `runner score` with several models says."""

import json
import math

import kl_runner
import pytest
from test_kl import runner

COINS = {"fair": "H=0.5,T=0.5", "loaded": "H=0.75,T=0.25", "two heads": {"H": 1, "T": 0}}


def test_models_are_ranked_as_by_the_command():
    priors = [0.5, 0.3, 0.2]
    found = kl_runner.compare("HHTHHT", COINS, priors)
    models = [word for text in ("H=0.5,T=0.5", "H=0.75,T=0.25", "H=1,T=0") for word in ("--q", text)]
    document = json.loads(runner("score", *models, "--prior", "0.5,0.3,0.2", "--json", "HHTHHT"))
    for model, row in zip(found, document["total"]["models"], strict=True):
        for key in ("rank", "posterior", "log_likelihood", "log_bayes_factor", "log10_bayes_factor", "bits", "excess_bits"):
            assert getattr(model, key) == (row[key] if isinstance(row[key], int) else float(row[key])), key
    assert [model.name for model in found] == list(COINS)
    assert (found[2].rank, found[2].posterior, found[2].log_bayes_factor) == (3, 0, math.inf)


def test_posteriors_are_those_of_bayes():
    # 2^-6 and 3^4/4^6.
    fair, loaded = kl_runner.compare(list("HHTHHT"), [COINS["fair"], COINS["loaded"]])
    assert fair.posterior == pytest.approx(64 / (64 + 81), rel=1e-14) and fair.name == "Q1"
    assert fair.posterior + loaded.posterior == pytest.approx(1, rel=1e-15)
    assert loaded.excess_bits == 0 and fair.excess_bits == pytest.approx(math.log2(81 / 64) / 6)


def test_densities_have_no_code():
    models = [f"normal(mean={mean}, std_dev=1)" for mean in (0, 1)]
    assert [model.bits for model in kl_runner.compare([0.5, 0.25], models)] == [None, None]


@pytest.mark.parametrize(
    "sequence, models, priors, words",
    [
        ("HT", [COINS["fair"]], None, "one model at most"),
        ("HX", list(COINS.values())[:2], None, "symbol 2 is"),
        ("HT", list(COINS.values())[:2], [0.5, 0.25], "sum to 0.75"),
        ("HT", list(COINS.values())[:2], [1], "2 models and 1 priors"),
        ("HT", [{"H": 1, "T": 0}, {"H": 0, "T": 1}], None, "no model can produce"),
        ("HT\nHT", list(COINS.values())[:2], None, "several sequences"),
        ([0, 1], [[0.5, 0.5], [0.25, 0.75]], None, "has numbers"),
        ("HT", ["H=0.5,T=0.6", COINS["fair"]], None, "1.1"),
    ],
)
def test_mistakes_are_spec_errors(sequence, models, priors, words):
    with pytest.raises(kl_runner.SpecError, match=words):
        kl_runner.compare(sequence, models, priors)
