"""`score` says what the command says."""

import json
import math

import kl_runner
import pytest
from test_kl import runner

COINS = ("H=0.5,T=0.5", "H=0.4,T=0.6")
NORMALS = ("normal(mean=0, std_dev=1)", "normal(mean=1, std_dev=2)")
CHAINS = (
    "{ markov_chain = { initial = [1, 0], transition = [[0.9, 0.1], [0.4, 0.6]], symbols = ['dry', 'wet'] } }",
    "{ markov_chain = { initial = [0.5, 0.5], transition = [[0.5, 0.5], [0.5, 0.5]], symbols = ['dry', 'wet'] } }",
)
VECTORS = tuple(f"multivariate_normal(mean=[{m}, 0], covariance=[[1, 0.5], [0.5, 2]])" for m in (0, 1))


@pytest.mark.parametrize(
    "pair, sequence, text",
    [
        (COINS, "HHTHHT", "HHTHHT"),
        (COINS, list("HHTHHT"), "HHTHHT"),
        (NORMALS, [0.5, -1.25, 1e-300], "0.5 -1.25 1e-300"),
        (NORMALS, (1, 2), "1 2"),
        (CHAINS, ["dry", "dry", "wet"], "dry dry wet"),
        (VECTORS, [[0.5, 1.0], (2, -1)], "0.5 1 2 -1"),
        (("poisson(rate=2)", "poisson(rate=3)"), [0, 3.0, 5], "0 3 5"),
        (("H=1,T=0", "H=0.4,T=0.6"), "HT", "HT"),
        (("H=1,T=0,E=0", "H=0,T=1,E=0"), "HT", "HT"),
    ],
)
def test_a_score_is_that_of_the_command(pair, sequence, text):
    found = kl_runner.score(*pair, sequence)
    document = json.loads(runner("score", "--p", pair[0], "--q", pair[1], "--json", "--", text))
    number = lambda cell: None if cell is None else float(cell)
    estimate = document["estimate"] or {"nats": None, "bits": None}
    assert [found.estimate, found.bits] == [number(estimate["nats"]), number(estimate["bits"])]
    for name in ("n", "log_p", "log_q", "log_ratio", "z_if_p", "z_if_q"):
        assert getattr(found, name) == number(document[name]), name
    for name in ("counts", "transitions", "values"):
        assert getattr(found, name) == document.get(name), name
    assert math.isnan(float(found)) if found.estimate is None else float(found) == found.estimate


def test_arrays_are_sequences():
    numpy = pytest.importorskip("numpy")
    assert kl_runner.score(*NORMALS, numpy.array([0.5, -1.25])) == kl_runner.score(*NORMALS, "0.5 -1.25")
    rows = numpy.array([[0.5, 1.0], [2.0, -1.0]])
    assert kl_runner.score(*VECTORS, rows) == kl_runner.score(*VECTORS, list(rows)) == kl_runner.score(*VECTORS, "0.5 1 2 -1")
    assert kl_runner.score(*COINS, numpy.array(list("HHT"))) == kl_runner.score(*COINS, "HHT")
    p, q = {0: 0.25, 1: 0.75}, {0: 0.5, 1: 0.5}
    assert kl_runner.score(p, q, numpy.array([0, 1, 1])).counts == {"0": 1, "1": 2}


def test_whole_numbers_are_no_names_of_symbols_that_were_not_named_so():
    with pytest.raises(kl_runner.SpecError, match="the sequence has numbers, but P and Q are over symbols"):
        kl_runner.score([0.2, 0.3, 0.5], [0.3, 0.3, 0.4], [1, 2, 2])


@pytest.mark.parametrize(
    "sequence, message",
    [
        ("HTX", 'error: symbol 3 is "X", which is not in the alphabet\n  help: the symbols are `H` and `T`'),
        ("", "error: there is no sequence\n  help: the symbols are `H` and `T`"),
        ([], "error: there is no sequence\n  help: the symbols are `H` and `T`"),
        ("HT\nTH", "error: there are several sequences, one on each line\n  help: score each of them"),
        (["HT", "H"], "error: the 2 items of the sequence are 3 when written as text\n  help: the symbols are `H` and `T`"),
    ],
)
def test_a_wrong_sequence_is_refused(sequence, message):
    with pytest.raises(kl_runner.SpecError) as refused:
        kl_runner.score(*COINS, sequence)
    assert str(refused.value) == message


def test_what_is_no_sequence_is_a_wrong_type():
    for sequence in (5, None, {"H": 1}, ["H", 1], b"HT", [object()]):
        with pytest.raises(TypeError):
            kl_runner.score(*COINS, sequence)


def test_the_repr_is_this():
    assert repr(kl_runner.score(*COINS, "HHTHHT")) == (
        "<score of 6 items: 0.08798851527815495 nats = 0.12694059464697693 bits per item, z if P = 0.816, z if Q = 1.33>"
    )
    assert repr(kl_runner.score("H=1,T=0,E=0", "H=0,T=1,E=0", "HT")) == "<score of 2 items: none, P(seq) = Q(seq) = 0>"
