"""`kl` says what the command says."""

import csv
import io
import json
import math
import pickle
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import kl_runner
import pytest

RUNNER = Path(sys.executable).with_name("runner")


def runner(*arguments, text=None):
    done = subprocess.run([RUNNER, *arguments], input=text, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def probabilities(random, size):
    weights = [random.expovariate(1.0) for _ in range(size)]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def member(random, family):
    """A member of a family as text."""
    positive = lambda: repr(math.exp(random.gauss(0.0, 1.0)))
    real = lambda: repr(random.gauss(0.0, 2.0))
    chance = lambda: repr(random.uniform(0.01, 0.99))
    match family:
        case "bernoulli" | "geometric":
            return f"{family}(p={chance()})"
        case "poisson" | "exponential":
            return f"{family}(rate={positive()})"
        case "normal" | "lognormal":
            return f"{family}(mean={real()}, std_dev={positive()})"
        case "laplace" | "cauchy":
            return f"{family}(location={real()}, scale={positive()})"
        case "gamma":
            return f"gamma(shape={positive()}, rate={positive()})"
        case "beta":
            return f"beta(alpha={positive()}, beta={positive()})"
        case "multivariate_normal":
            return f"multivariate_normal(mean=[{real()}, {real()}], covariance=[[1, 0.3], [0.3, {random.uniform(1, 3)!r}]])"
        case "markov_chain":
            rows = [probabilities(random, 2) for _ in range(2)]
            return f'markov_chain(initial=stationary, transition={rows})'


FAMILIES = [
    "bernoulli", "geometric", "poisson", "exponential", "normal", "lognormal", "laplace", "cauchy", "gamma", "beta",
    "multivariate_normal", "markov_chain",
]  # fmt: skip


def pairs():
    """1,000 pairs: what Python gets, and what the command gets."""
    source = random.Random(57)
    for place in range(1000):
        if place % 4 == 0:
            sides = [probabilities(source, size := 2 + place % 5) for _ in range(2)]
            assert all(len(side) == size for side in sides)
            yield sides, [",".join(map(repr, side)) for side in sides]
        elif place % 50 == 1:
            # Two families over the same values: a sum or an integral.
            sides = [member(source, "normal"), member(source, "laplace")]
            yield sides, sides
        else:
            family = FAMILIES[place % len(FAMILIES)]
            sides = [member(source, family) for _ in range(2)]
            yield sides, sides


def test_a_thousand_pairs_are_those_of_the_command():
    made = list(pairs())
    table = io.StringIO()
    csv.writer(table).writerows([["p", "q"], *(texts for _, texts in made)])
    rows = list(csv.DictReader(io.StringIO(runner("kl", "--csv", "-", text=table.getvalue()))))
    assert len(rows) == len(made) == 1000
    sources = set()
    for (given, texts), row in zip(made, rows):
        found = kl_runner.kl(*given)
        cells = [found.divergence, found.bits, found.variance, *back(found.reverse)]
        names = ["kl_nats", "kl_bits", "variance_nats2", "reverse_nats", "reverse_bits", "reverse_variance_nats2"]
        expected = [float(row[name]) if row[name] else None for name in names]
        assert cells == expected, texts
        sources.add(found.source)
    assert sources == {"closed form", "quadrature"}


def back(reverse):
    return [None] * 3 if reverse is None else [reverse.divergence, reverse.bits, reverse.variance]


@pytest.mark.parametrize(
    "p, q",
    [
        ("normal(mean=0, std_dev=1)", "laplace(location=0, scale=1)"),
        ("binomial(n=10, p=0.3)", "poisson(rate=3)"),
        ("H=1/2,T=1/2", "H=1,T=0"),
        ("cauchy(location=0, scale=1)", "normal(mean=0, std_dev=1)"),
        ("{ markov_chain = { initial = 'stationary', transition = [[0.9, 0.1], [0.4, 0.6]] } }", "0.5,0.5"),
    ],
)
def test_source_error_and_names_are_those_of_the_json(p, q):
    found, document = kl_runner.kl(p, q), json.loads(runner("kl", "--p", p, "--q", q, "--json"))
    assert [found.p, found.q, found.missing] == [document["p"], document["q"], document["missing"]]
    for one, way in [(found, document["p_against_q"]), (found.reverse, document["q_against_p"])]:
        if way is None:
            assert one is None
            continue
        assert one.divergence == float(way["divergence"]["nats"]) == float(one)
        assert one.bits == float(way["divergence"]["bits"])
        assert one.variance == (way["variance"] and float(way["variance"]["nats2"]))
        assert [one.source, one.error] == [way["source"], way["error"]]


def test_all_ways_to_write_a_coin_are_one():
    expected = kl_runner.kl("H=0.25,T=0.75", "H=0.5,T=0.5")
    named = [{"H": 0.25, "T": 0.75}, {"H": "1/4", "T": Fraction(3, 4)}, {"categorical": {"H": 0.25, "T": 0.75}}]
    places = ["0.25,0.75", [0.25, 0.75], (0.25, 0.75), ["1/4", Fraction(3, 4)]]
    for p in [*named, *places]:
        found = kl_runner.kl(p, {"H": 0.5, "T": 0.5})
        assert found.divergence == expected.divergence and found.variance == expected.variance, p


def test_arrays_of_numpy_and_of_python_are_probabilities():
    numpy = pytest.importorskip("numpy")
    expected = kl_runner.kl([0.25, 0.75], [0.5, 0.5])
    from array import array

    for kind in (numpy.float64, numpy.float32):
        assert kl_runner.kl(numpy.array([0.25, 0.75], kind), numpy.array([0.5, 0.5], kind)) == expected
    assert kl_runner.kl(array("d", [0.25, 0.75]), memoryview(array("d", [0.5, 0.5]))) == expected
    assert kl_runner.kl(list(numpy.array([0.25, 0.75])), (0.5, numpy.float32(0.5))) == expected
    assert kl_runner.kl({numpy.int64(0): numpy.float64(0.25), 1: 0.75}, {0: 0.5, 1: 0.5}).divergence == expected.divergence


def test_names_that_toml_must_quote_are_names():
    odd = ['a"b', "back\\slash", "ä β", "\x7f\n\t", "a.b", "=", "# no comment", "'"]
    named = {name: 1 / 8 for name in odd}
    assert kl_runner.kl(named, dict(reversed(named.items()))).divergence == 0.0


def test_a_result_is_a_value():
    found = kl_runner.kl([0.5, 0.5], [0.4, 0.6])
    assert found == kl_runner.kl([0.5, 0.5], [0.4, 0.6]) != kl_runner.kl([0.5, 0.5], [0.3, 0.7])
    assert [found.reverse.p, found.reverse.q] == [found.q, found.p]
    assert found.reverse.reverse == found and hash(found.reverse.reverse) == hash(found)
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(AttributeError):
        found.divergence = 0.0


def test_the_repr_is_this():
    assert repr(kl_runner.kl([0.5, 0.5], [0.4, 0.6])) == (
        "<KL(P‖Q) = 0.02041099726012755 nats = 0.029446844526784238 bits, closed form; "
        "P = categorical(0.5, 0.5), Q = categorical(0.4, 0.6)>"
    )
    assert repr(kl_runner.kl("laplace(location=0, scale=1)", "normal(mean=0, std_dev=1)")) == (
        "<KL(P‖Q) = 0.22579135264472747 nats = 0.32574806473615947 bits, quadrature ± 1.2e-14 nats; "
        "P = laplace(location=0, scale=1), Q = normal(mean=0, std_dev=1)>"
    )


def test_families_are_those_of_the_command():
    document = json.loads(runner("families", "--json"))["families"]
    assert [family.name for family in kl_runner.families()] == [family["family"] for family in document]
    for family, expected in zip(kl_runner.families(), document):
        assert list(family.parameters) == expected["parameters"] and family.example == expected["example"]
        # The example is what a table may hold.
        table = f"{{ {family.example} }}"
        assert kl_runner.kl(table, table).divergence == 0.0


def test_other_measures_are_those_of_the_command_to_the_last_bit():
    chance = random.Random(8)
    for family in FAMILIES:
        p, q = member(chance, family), member(chance, family)
        found = kl_runner.kl(p, q)
        command = json.loads(runner("kl", "--p", p, "--q", q, "--alpha", "1.5", "--json"))["neighbours"]
        for name, measure in found.neighbours.items():
            said = command[name]
            if name == "chernoff_order":
                assert measure.value == said
                continue
            if said is None:
                assert measure.missing == command["absent"][name] and math.isnan(float(measure))
                continue
            number = said["nats"] if "nats" in said else said["value"]
            assert measure.value == float(number) and measure.error == said["error"], (p, q, name)
        assert set(found.neighbours) == set(command) - {"absent", "renyi"}
        said = command["renyi"].get("nats")
        assert found.renyi(1.5).value == (None if said is None else float(said))


def test_other_measures_of_the_reverse_and_of_an_order():
    found = kl_runner.kl({"sun": 0.5, "rain": 0.5}, {"sun": 1, "rain": 0})
    assert found.neighbours["cross_entropy"].value == math.inf
    assert found.reverse.neighbours["entropy_p"] == kl_runner.Measure(0.0, None, None)
    assert found.neighbours["jensen_shannon"] == found.reverse.neighbours["jensen_shannon"]
    assert found.renyi(1).value == found.divergence and found.reverse.renyi(1).value == found.reverse.divergence
    assert pickle.loads(pickle.dumps(found)).neighbours == found.neighbours
    for order in (0, -1, math.inf, math.nan):
        with pytest.raises(ValueError, match="order must be a number above 0"):
            found.renyi(order)
