"""Experiments from Python."""

import filecmp
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import numpy
import pytest
from scipy import stats

import kl_runner
from kl_runner import Estimator

ROOT = Path(__file__).resolve().parents[2]
COIN = {"P": [0.5, 0.5], "Q": [0.4, 0.6], "N": 100, "trials": 1_000, "seed": 57}
SIX = {
    "P": [0.3, 0.25, 0.2, 0.15, 0.07, 0.03],
    "Q": [0.2, 0.2, 0.2, 0.2, 0.1, 0.1],
    "N": 80,
    "trials": 5_000,
    "estimators": ["log_ratio", "k3"],
}


def k3(x, *, p, q, n):
    ratio = q / p
    return x @ (ratio - 1 - numpy.log(ratio)) / n


def same_tree(one: Path, other: Path) -> bool:
    names = sorted(path.name for path in one.iterdir())
    if names != sorted(path.name for path in other.iterdir()):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


@pytest.mark.parametrize("spec", sorted((ROOT / "experiments").glob("*.toml")), ids=lambda path: path.stem)
def test_the_committed_results_come_byte_for_byte(spec, tmp_path):
    results = kl_runner.run(spec, out=tmp_path, threads=2)
    assert results.verdict != "disagree"
    assert same_tree(tmp_path / spec.stem, ROOT / "results" / spec.stem)


def test_a_dict_a_text_and_a_file_are_the_same_experiment(tmp_path):
    text = "P = [0.5, 0.5]\nQ = [0.4, 0.6]\nN = 100\ntrials = 1_000\nseed = 57\n"
    file = tmp_path / "experiment.toml"
    file.write_text(text)
    rows = [kl_runner.run(spec).rows for spec in (COIN, text, file, str(file))]
    assert all(found == rows[0] for found in rows)
    arrays = {**COIN, "P": numpy.array([0.5, 0.5]), "Q": stats.bernoulli(0.6), "N": numpy.int64(100)}
    arrays["P"] = {1: 0.5, 0: 0.5}
    assert kl_runner.run(arrays).rows[0]["closed_form"] == rows[0][0]["closed_form"]


def test_a_dict_may_have_a_grid_cases_and_distributions():
    spec = {
        "P": "normal(mean=0, std_dev=1)",
        "Q": stats.norm(1, 2),
        "N": [5, 10],
        "trials": 50,
        "grid": {"Q.normal.mean": {"from": 0.5, "to": 1.5, "steps": 3}},
    }
    assert [row["q"] for row in kl_runner.run(spec).rows][::2] == [f"normal(mean={m}, std_dev=2)" for m in ("0.5", "1", "1.5")]
    cases = {"N": 5, "trials": 50, "case": [{"label": "near", "P": [0.5, 0.5], "Q": [0.4, 0.6]}, {"label": "far", "P": [0.5, 0.5], "Q": [0.1, 0.9]}]}
    assert len(kl_runner.run(cases).rows) == 2
    assert kl_runner.run(COIN, set={"Q": [0.3, 0.7]}, trials=200, seed=3).rows[0]["trials"] == 200


def test_gradients_and_samples_from_another_distribution():
    spec = {**COIN, "gradient": "P", "S": [0.3, 0.7], "estimators": ["k2_as_loss", {"name": "k2_as_loss", "importance": "ratio"}]}
    results = kl_runner.run(spec)
    rows = results.summary.to_dicts()
    assert [(row["estimator"], row["component"]) for row in rows] == [
        ("k2_as_loss", "H"),
        ("k2_as_loss", "T"),
        ("k2_as_loss(importance=ratio)", "H"),
        ("k2_as_loss(importance=ratio)", "T"),
    ]
    p, q, s = numpy.array([0.5, 0.5]), numpy.array([0.4, 0.6]), numpy.array([0.3, 0.7])
    ratio = numpy.log(p / q)
    truth = p * (ratio - p @ ratio)
    score = numpy.eye(2) - p
    expected = [*((s * ratio) @ score), *truth]
    assert [row["closed_form"] for row in rows] == pytest.approx([*truth, *truth], abs=1e-15)
    assert [row["expected"] for row in rows] == pytest.approx(expected, abs=1e-15)
    assert results.verdict == "agree"
    whole = [row for row in results.measures.to_dicts() if not row["component"]]
    assert {row["measure"] for row in whole} == {"bias_norm", "covariance_trace", "cosine", "noise_to_signal"}
    with pytest.raises(kl_runner.SpecError, match="cannot estimate a gradient"):
        kl_runner.run({**COIN, "gradient": "P"}, estimators={"mine": k3})


def test_a_function_is_an_estimator_beside_the_others():
    results = kl_runner.run(SIX, estimators={"mine": Estimator(k3, input="counts", expected="closed_form", same_as="k3")})
    own, other = (next(row for row in results.rows if row["estimator"] == name) for name in ("mine", "k3"))
    assert own["mean"] == pytest.approx(other["mean"], rel=1e-13) and own["verdict"] == "agree"
    assert own["expected"] == other["closed_form"] and results.differences == []


def seen(spec, estimator_settings):
    """What a function was called with, in order."""
    calls = []

    def listen(x, **given):
        calls.append((x, given))
        return numpy.zeros(len(x))

    kl_runner.run(spec, estimators={"mine": Estimator(listen, **estimator_settings)}, threads=1)
    return calls


def test_what_a_function_is_given_over_symbols():
    calls = seen({**SIX, "P": dict(zip("abcdef", SIX["P"])), "Q": dict(zip("abcdef", SIX["Q"]))}, {"M": 40})
    x, given = calls[0]
    assert (x.dtype, x.shape[1]) == (numpy.int64, 80) and 0 <= x.min() and x.max() == 5
    assert given["p"].tolist() == SIX["P"] and given["q"].tolist() == SIX["Q"] and not given["p"].flags.writeable
    assert given["n"] == 80 and given["symbols"] == list("abcdef")
    assert given["seeds"].dtype == numpy.uint64 and len(set(given["seeds"].tolist())) == len(x)
    assert given["model"].shape == (len(x), 6) and (given["model"].sum(axis=1) == 40).all()
    counts = numpy.concatenate([x for x, _ in seen(SIX, {"input": "counts"})])
    assert (counts.dtype, counts.shape) == (numpy.int64, (5_000, 6)) and (counts.sum(axis=1) == 80).all()
    sequences = numpy.concatenate([x for x, _ in calls])
    assert (numpy.apply_along_axis(numpy.bincount, 1, sequences, minlength=6) == counts).all()


def test_what_a_function_is_given_over_numbers_vectors_and_states():
    x, given = seen({"P": stats.norm(2, 3), "Q": stats.norm(0, 1), "N": 7, "trials": 20}, {"M": 4})[0]
    assert (x.dtype, x.shape, given["model"].shape) == (numpy.float64, (20, 7), (20, 4))
    assert (given["p"]["family"], given["p"]["mean"], given["p"]["std_dev"]) == ("normal", 2.0, 3.0)
    vectors = {"P": stats.multivariate_normal([0, 1], [[1, 0.5], [0.5, 2]]), "Q": stats.multivariate_normal([0, 0], numpy.eye(2))}
    x, given = seen({**vectors, "N": 7, "trials": 20}, {"M": 3})[0]
    assert (x.shape, given["model"].shape) == ((20, 7, 2), (20, 3, 2))
    assert given["p"]["covariance"].tolist() == [[1, 0.5], [0.5, 2]]
    chain = {"initial": "stationary", "transition": [[0.9, 0.1], [0.4, 0.6]]}
    other = {"initial": "stationary", "transition": [[0.5, 0.5], [0.5, 0.5]]}
    x, given = seen({"P": {"markov_chain": chain}, "Q": {"markov_chain": other}, "N": 7, "trials": 20}, {})[0]
    assert x.shape == (20, 7) and given["p"]["transition"].tolist() == chain["transition"]


def test_only_what_a_function_takes_is_given():
    assert kl_runner.run(COIN, estimators={"mine": lambda x: x.mean(axis=1)}).rows[-1]["mean"] == pytest.approx(0.5, abs=0.01)
    assert kl_runner.run(COIN, estimators={"mine": lambda n: n.mean(axis=1)}).rows[-1]["estimator"] == "mine"

    def needs_more(x, *, temperature):
        return x

    with pytest.raises(TypeError, match="needs `temperature`: beside x it can be given p, q, n, seeds, model, symbols"):
        kl_runner.run(COIN, estimators={"mine": needs_more})


@pytest.mark.parametrize("sampler", ["counts", "sequence"])
def test_the_bytes_and_the_shapes_do_not_depend_on_threads(sampler, tmp_path):
    shapes, folders = [], []
    weights = numpy.random.default_rng(1).normal(size=(6, 6))

    for threads, record in ((1, False), (2, True), (5, False)):
        calls = []

        def mix(x):
            calls.append(x.shape)
            # BLAS: the last bits depend on the shape.
            return (x.astype(float) @ weights).sum(axis=1) / 80

        out = tmp_path / str(threads)
        estimators = {"mine": Estimator(mix, input="counts")}
        kl_runner.run(SIX, estimators=estimators, sampler=sampler, threads=threads, record=record, out=out)
        shapes.append(sorted(calls))
        folders.append((out / "experiment" / "summary.csv").read_bytes())
    assert shapes[0] == shapes[1] == shapes[2]
    assert folders[0] == folders[1] == folders[2]


def test_standard_errors_and_trials_without_an_estimate():
    def mine(x, *, p, q, n):
        estimates = x @ numpy.log(p / q) / n
        estimates[7] = numpy.nan
        return estimates, numpy.full(len(x), 0.02)

    spec = {**COIN, "level": 0.95}
    with pytest.warns(kl_runner.EstimatorWarning, match="no estimate in 1 of 1,000 trials"):
        results = kl_runner.run(spec, estimators={"mine": Estimator(mine, input="counts")})
    assert results.failures["failure"] == ["the answer `nan ± 0.02` is not an estimate: that is a number or inf"]
    assert results.failures["trial"].tolist() == [8]
    assert numpy.isnan(results.trials["estimate"].reshape(-1, 2)[:, 1]).sum() == 1
    assert any(row["estimator"] == "mine" and row["measure"] == "coverage" for row in results.measures.to_dicts())


def test_an_exception_is_a_failure_of_its_own_trial():
    bad = kl_runner.trial(COIN, 1, 321).counts

    def mine(x):
        if (x == bad).all(axis=1).any():
            raise ValueError("these counts\nare not for me")
        return numpy.zeros(len(x))

    with pytest.warns(kl_runner.EstimatorWarning):
        results = kl_runner.run(COIN, estimators={"mine": Estimator(mine, input="counts", max_failures=500)})
    assert 321 in results.failures["trial"].tolist()
    assert set(results.failures["failure"]) == {"it raised ValueError: these counts are not for me"}
    with pytest.raises(kl_runner.EstimatorError, match="and was stopped\n  trial ") as raised:
        kl_runner.run(COIN, estimators={"mine": Estimator(mine, input="counts", max_failures=0)})
    assert isinstance(raised.value.__cause__, ValueError)
    assert raised.value.__cause__.__traceback__.tb_next.tb_frame.f_code.co_name == "mine"


@pytest.mark.parametrize(
    ("returned", "text"),
    [
        (lambda x: x, r"array of shape \(1000, 2\) for 1,000 trials: return one of shape \(1000,\)"),
        (lambda x: 0.5, r"shape \(\) for 1,000 trials"),
        (lambda x: None, "it returned None for 1,000 trials"),
        (lambda x: x[:, 0] * 1j, "array of type complex128: return real numbers"),
        (lambda x: ["a"] * len(x), "return real numbers"),
        (lambda x: (x[:, 0], x[:, 0], x[:, 0]), "it returned a tuple of 3"),
        (lambda x: (x[:, 0], x[:3, 0]), r"array of shape \(3,\)"),
        (lambda x: [[1], [1, 2]] * 500, "cannot be made an array"),
    ],
)
def test_what_is_no_list_of_estimates_is_said_at_once(returned, text):
    calls = []

    def mine(x):
        calls.append(len(x))
        return returned(x)

    with pytest.raises(kl_runner.EstimatorError, match=text):
        kl_runner.run(COIN, estimators={"mine": Estimator(mine, input="counts")})
    assert calls == [1_000]


def test_a_function_of_counts_that_is_given_sequences_learns_what_to_write():
    with pytest.raises(kl_runner.EstimatorError) as raised:
        kl_runner.run(COIN, estimators={"mine": k3})
    assert 'called with x of shape (1000, 100): the sequences; for how often each symbol occurs give Estimator(mine, input="counts")' in str(raised.value)


def test_what_cannot_be_an_estimator_is_said_before_the_run():
    class Mine:
        def __call__(self, x):
            return x[:, 0]

    async def later(x):
        return x[:, 0]

    def piecewise(x):
        yield x[:, 0]

    with pytest.raises(TypeError, match=r"Mine is a class: give an instance, Mine\(…\)"):
        kl_runner.run(COIN, estimators={"mine": Mine})
    for function in (later, piecewise):
        with pytest.raises(TypeError, match="is a generator or `async`"):
            kl_runner.run(COIN, estimators={"mine": function})
    assert kl_runner.run(COIN, estimators={"mine": Mine()}).rows[-1]["estimator"] == "mine"


def test_probabilities_of_few_digits_are_divided_by_their_sum():
    thirds = numpy.array([0.3, 0.3, 0.4], dtype="f4")
    found = kl_runner.kl(thirds, numpy.array([0.2, 0.3, 0.5], dtype="f4"))
    assert found.divergence == pytest.approx(kl_runner.kl([0.3, 0.3, 0.4], [0.2, 0.3, 0.5]).divergence, rel=1e-6)
    for wrong in (0.5, 0.7001):
        with pytest.raises(kl_runner.SpecError, match="sum to"):
            kl_runner.kl(numpy.array([0.3, wrong], dtype="f4"), [0.5, 0.5])


def test_every_mistake_is_shown_at_its_place():
    with pytest.raises(kl_runner.SpecError) as raised:
        kl_runner.run({**COIN, "Nn": 3}, seed=-1, estimators={"mine": Estimator(k3, same_as="k4")})
    text = str(raised.value)
    assert "there is no key `Nn`" in text and "`seed` is -1" in text and 'there is no estimator called "k4"' in text
    assert text.count("^") >= 3 and "<experiment>:6:1" in text and "<estimators>:1:" in text
    with pytest.raises(kl_runner.SpecError, match="there is no file"):
        kl_runner.run("nowhere.toml")
    with pytest.raises(kl_runner.SpecError, match="add allow_commands=True"):
        kl_runner.run({**COIN, "estimators": [{"name": "other", "command": ["./other"]}]})
    with pytest.raises(TypeError, match="expected a dict from names to functions"):
        kl_runner.run(COIN, estimators=[k3])
    with pytest.raises(TypeError, match="not int"):
        kl_runner.run(COIN, estimators={"mine": 3})
    with pytest.raises(kl_runner.RunError, match="cannot be the name of a results folder"):
        kl_runner.run(COIN, name="../up")


def test_earlier_results_are_not_lost(tmp_path):
    kl_runner.run(COIN, out=tmp_path, record=True)
    with pytest.raises(kl_runner.RunError, match="has fewer trials"):
        kl_runner.run(COIN, out=tmp_path, trials=10)
    assert kl_runner.run(COIN, out=tmp_path, trials=10, replace=True).rows[0]["trials"] == 10


def test_estimates_are_the_recorded_ones(tmp_path):
    spec = {**SIX, "N": [5, 10], "unit": "bits", "trials": 300, "grid": {"Q": [SIX["Q"], SIX["P"]]}}
    kept = kl_runner.run(spec).trials
    recorded = kl_runner.run(spec, out=tmp_path, record=True).trials
    for column in kept.columns:
        assert list(kept[column]) == list(recorded[column]), column
    assert kept.columns == recorded.columns and len(kept) == 2 * 2 * 2 * 300


def test_a_trial_is_what_a_function_saw():
    saw = {}

    def listen(x, *, seeds, model):
        saw.update(zip(seeds.tolist(), zip(x, model)))
        return numpy.zeros(len(x))

    for spec in (SIX, {"P": stats.norm(0, 1), "Q": stats.norm(1, 1), "N": 6, "trials": 400}):
        kl_runner.run(spec, estimators={"mine": Estimator(listen, M=9)})
        for number in (1, 100, 399):
            found = kl_runner.trial(spec, 1, number, M=9)
            sequence, model = saw[found.seed]
            assert (found.sequence == sequence).all() and (found.model == model).all()
    counts = kl_runner.trial({**SIX, "sampler": "counts"}, 1, 3)
    assert counts.sequence is None and counts.counts.sum() == 80 and "counts {1: " in repr(counts)
    with pytest.raises(kl_runner.RunError, match="there is no trial 5001: the condition has 5000"):
        kl_runner.trial(SIX, 1, 5_001)
    with pytest.raises(kl_runner.RunError, match="there is no condition 2"):
        kl_runner.trial(SIX, 2, 1)
    with pytest.raises(kl_runner.RunError, match="no single trial"):
        kl_runner.trial(COIN, sampler="tally")


def test_a_function_sees_what_a_program_reads():
    # The lines that docs/own-estimator.md shows.
    spec = ROOT / "docs" / "own-estimator" / "loaded-die.toml"
    told = {1: (3856050161787412225, [3, 4, 3, 7, 5, 28]), 2: (7889672712421414921, [5, 1, 5, 6, 7, 26])}
    page = (ROOT / "docs" / "own-estimator.md").read_text(encoding="utf-8")
    saw = {}

    def listen(x, *, seeds):
        saw.update(zip(seeds.tolist(), x.tolist()))
        return numpy.zeros(len(x))

    kl_runner.run(spec, estimators={"listener": Estimator(listen, input="counts")}, set={"estimators": ["log_ratio"], "reference": "log_ratio"}, trials=20)
    for number, (seed, counts) in told.items():
        assert f'{{"trial":{number},"seed":{seed},"counts":{counts}}}'.replace(", ", ",") in page
        found = kl_runner.trial(spec, 1, number, set={"estimators": ["log_ratio"], "reference": "log_ratio"})
        assert (found.seed, found.counts.tolist()) == (seed, counts) and saw[seed] == counts


def test_a_function_may_run_an_experiment_itself_and_from_any_thread():
    def mine(x):
        inner = kl_runner.run({**COIN, "trials": 20}, estimators={"inner": lambda y: y.mean(axis=1)})
        assert inner.verdict == "agree" and threading.current_thread() is not threading.main_thread()
        return numpy.zeros(len(x))

    found = []
    thread = threading.Thread(target=lambda: found.append(kl_runner.run(COIN, estimators={"mine": mine})))
    thread.start()
    thread.join()
    assert found[0].rows[-1]["mean"] == pytest.approx(0.0, abs=1e-15)


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(
    "body",
    [
        "kl_runner.run({**COIN, 'N': 1_000_000, 'trials': 10_000_000})",
        "kl_runner.run(COIN, estimators={'mine': lambda x: time.sleep(600)})",
        "kl_runner.run(COIN, estimators={'mine': spin})",
    ],
)
def test_ctrl_c_ends_a_run(body):
    program = f"""
    import kl_runner, time
    COIN = {COIN!r}
    def spin(x):
        while True:
            pass
    print("started", flush=True)
    try:
        {body}
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "started\n"
    threading.Event().wait(0.5)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "interrupted\n"
    assert process.returncode == 0


def test_tests_between_p_and_q_have_their_tables():
    stop = {"alpha": 0.05, "beta": 0.05, "max": 80}
    spec = {"P": [0.7, 0.3], "Q": [0.5, 0.5], "trials": 500, "stop": stop, "grid": {"S": ["P", "Q"]}}
    results = kl_runner.run(spec)
    decisions = results.decisions.to_dicts()
    assert [row["truth"] for row in decisions] == ["P"] * 3 + ["Q"] * 3
    for row in decisions:
        assert row["observed"] == round(500 * row["rate"]) and abs(row["rate"] - row["exact"]) < 6 * row["mcse"] + 1e-9
    assert {row["error"] for row in decisions} == {"alpha", "beta", None}
    assert set(results.lengths["condition"]) == {1, 2} and "wald_bound" in results.approximations["approximation"]
    # The trials have the lengths of their tests, whose mean is that of the table.
    trials = results.trials
    lengths = numpy.asarray(trials["n"])[numpy.asarray(trials["condition"]) == 1]
    assert lengths.max() <= 80 and abs(lengths.mean() - decisions[0]["mean_length"]) < 1e-9
