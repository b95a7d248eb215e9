"""What is wrong is said where it is, in the command's words."""

import subprocess

import kl_runner
import pytest
from kl_runner.testing import assert_estimator
from test_kl import RUNNER


def refusal(p, q="0.5,0.5"):
    with pytest.raises(kl_runner.SpecError) as refused:
        kl_runner.kl(p, q)
    return str(refused.value)


def test_a_mistake_is_underlined():
    assert refusal([0.5, 0.6], [0.5, 0.5]) == """\
error: the probabilities sum to 1.1, not to 1
 --> kl(p, q):1:5
  |
1 | p = [0.5, 0.6]
  |     ^^^^^^^^^^
  |
  = help: they must sum to 1 within 1e-9; exact fractions such as "1/6" help"""
    assert refusal({"normal": {"mean": 0}}, "normal(mean=0, std_dev=1)") == """\
error: normal needs `std_dev` or `variance`
 --> kl(p, q):1:16
  |
1 | p = { normal = { mean = 0 } }
  |                ^^^^^^^^^^^^
  |
  = help: for example: normal = { mean = 0, std_dev = 1 }"""


def test_the_text_is_that_of_the_command():
    p, q = "normal(mean=0, std_dev=-1)", "normall(mean=1)"
    said = subprocess.run([RUNNER, "kl", "--p", p, "--q", q], capture_output=True, text=True, encoding="utf-8").stderr
    # Names and places differ: `--p` and `p =` are of different length.
    shortened = said.replace("--p", "p =").replace("--q", "q =").replace("<command line>", "kl(p, q)")
    assert refusal(p, q) == shortened.strip()


def test_a_spec_error_is_a_value_error():
    assert issubclass(kl_runner.SpecError, ValueError) and kl_runner.SpecError.__module__ == "kl_runner"


@pytest.mark.parametrize("p", [3, None, b"0.5", object(), [0.5, None], [True, False], {None: 1.0}, {"H": None, "T": 1}, {0.5: 1}])
def test_other_types_are_type_errors(p):
    with pytest.raises(TypeError):
        kl_runner.kl(p, [0.5, 0.5])


def test_numbers_that_are_no_probabilities_are_spec_errors():
    for p in ([float("nan"), 0.5], [float("inf"), 0.5], [2**70, 0.5], [-0.5, 1.5], [[0.5, 0.5]], [], {}, "\ud800=1"):
        refusal(p, [0.5, 0.5])


COIN = {"P": [0.5, 0.5], "Q": [0.4, 0.6], "N": 10, "trials": 100, "seed": 57}


def test_an_exception_whose_text_is_not_utf_8_is_a_failure_of_its_trial():
    def unreadable(x):
        raise OSError("no file caf\udce9.npy")

    with pytest.raises(kl_runner.EstimatorError, match=r"no file caf\\udce9\.npy") as failed:
        kl_runner.run(COIN, estimators={"mine": unreadable})
    assert isinstance(failed.value.__cause__, OSError)


@pytest.mark.parametrize("rate", [0, 1, 2, -1, float("nan")])
def test_a_false_alarm_rate_outside_of_0_to_1_is_refused(rate):
    with pytest.raises(ValueError, match="false_alarm is .*, but must be a probability between 0 and 1"):
        assert_estimator(lambda x: x[:, 0] * 1.0, p=[0.5, 0.5], q=[0.4, 0.6], n=10, false_alarm=rate)


@pytest.mark.parametrize("threads", [-1, 0, 1025])
def test_a_number_of_threads_that_the_command_refuses_is_refused(threads):
    with pytest.raises(ValueError, match=f"threads is {threads}, but must be a number from 1 to 1024"):
        kl_runner.run(COIN, threads=threads)


def test_a_figure_is_not_saved_under_the_name_of_another_kind_of_file(tmp_path):
    figure = kl_runner.run(COIN).figure("law")
    with pytest.raises(ValueError, match=r"saved as \.pdf, \.png or \.svg, and not as \.jpg"):
        figure.save(tmp_path / "law.jpg")
    with pytest.raises(ValueError, match="a width is a number and a unit"):
        kl_runner.run(COIN).figure("law", width="3")
    assert not list(tmp_path.iterdir())
