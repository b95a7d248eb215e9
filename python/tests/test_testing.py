"""`kl_runner.testing`: what it passes, what it fails, and what it says."""

import numpy
import pytest

import kl_runner
from kl_runner.testing import assert_estimator

COIN = {"p": [0.5, 0.5], "q": [0.4, 0.6], "n": 100}
COUNTS = {**COIN, "input": "counts"}


def k3(x, *, p, q, n):
    ratio = q / p
    return x @ (ratio - 1 - numpy.log(ratio)) / n


def upside_down(x, *, p, q, n):
    ratio = p / q
    return x @ (ratio - 1 - numpy.log(ratio)) / n


def failure(function, **settings):
    with pytest.raises(AssertionError) as raised:
        assert_estimator(function, **settings)
    return raised.value


def test_the_right_one_passes_a_thousand_seeds():
    # With probability 1e-6 each it may fail: one run of a thousand of this test does.
    for seed in range(1_000):
        assert_estimator(k3, **COUNTS, seed=seed)


def test_a_bias_of_the_size_to_be_detected_is_seen():
    # Missed with probability 0.001 each: more than two of a hundred with probability 2e-4.
    def biased(x, *, p, q, n):
        return k3(x, p=p, q=q, n=n) + 0.01 * kl_runner.kl(p, q).divergence

    missed = 0
    for seed in range(100):
        try:
            assert_estimator(biased, p=[0.5, 0.3, 0.2], q=[0.4, 0.4, 0.2], n=100, input="counts", seed=seed)
            missed += 1
        except AssertionError:
            pass
    assert missed <= 2


def test_the_message_of_a_wrong_mean():
    assert str(failure(upside_down, **COUNTS)) == """\
`upside_down` is not right for P = categorical(0.5, 0.5) and Q = categorical(0.4, 0.6), N = 100, input="counts"
  expected  0.020411 nats: KL(P‖Q)
  mean      0.0212696 ± 1.8e-05 nats in 1,000 trials, a bias of +0.000859, +4.21% of it
  z         49, p-value 6.1e-268 (a right one fails below 1e-06)
  trial     1
  counts    [55, 45]
  estimate  0.021815747334464213
  again     kl_runner.trial({'P': [0.5, 0.5], 'Q': [0.4, 0.6], 'N': 100, 'trials': 1, 'seed': 1, 'sampler': 'counts'}, 1, 1)"""


def test_the_message_of_estimates_that_differ():
    assert str(failure(upside_down, **COUNTS, expected=None, same_as="k3")) == """\
`upside_down` is not right for P = categorical(0.5, 0.5) and Q = categorical(0.4, 0.6), N = 100, input="counts"
  same as   k3: 10,000 of 10,000 estimates differ
  trial     1
  counts    [55, 45]
  estimate  0.021815747334464213
            k3 gives 0.020684252665535773
  again     kl_runner.trial({'P': [0.5, 0.5], 'Q': [0.4, 0.6], 'N': 100, 'trials': 1, 'seed': 1, 'sampler': 'counts'}, 1, 1)"""


def test_an_exception_is_shown_with_its_trial():
    def odd(x):
        if x[:, 0].min() < 45:
            raise ValueError("too few heads")
        return numpy.zeros(len(x))

    error = failure(odd, **COUNTS, trials=2_000)
    assert str(error).startswith("the estimator `odd` gave no estimate in 1 of 2,000 trials of condition 1, and was stopped\n  trial ")
    assert "it raised ValueError: too few heads" in str(error) and isinstance(error.__cause__, ValueError)
    # A pilot finds it first.
    assert isinstance(failure(odd, **COUNTS).__cause__, ValueError)
    error = failure(lambda x: numpy.full(len(x), numpy.nan), **COUNTS, trials=1_000)
    assert "the answer `nan` is not an estimate" in str(error)


def test_a_test_that_cannot_be_made_is_no_success():
    assert "`k3` was not tested: Student's t test of the mean needs at least 1000 estimates" in str(failure(k3, **COUNTS, trials=100))
    assert "was not tested" in str(failure(k3, p=[0.5, 0.5], q=[0.4, 0.6], n=50, input="counts", expected=None))


def test_other_claims_and_inputs():
    assert_estimator(lambda x: (x == 0).mean(axis=1), **COIN, expected=0.5)
    assert_estimator(lambda x, *, p, q, n: x @ numpy.log(p / q) / n, **COUNTS, expected="log_ratio", same_as="log_ratio")
    assert_estimator(lambda x: (x**2 / 2 - (x - 1) ** 2 / 2).mean(axis=1) * -1, p="normal(mean=0, std_dev=1)", q="normal(mean=1, std_dev=1)", n=20)
    assert_estimator(k3, p=[0.989, 0.01, 0.001], q=[0.97, 0.02, 0.01], n=10, input="counts", detect=0.05)
    assert_estimator(k3, **COUNTS, false_alarm=1e-3, detect=0.02)
    failure(lambda x: (x == 0).mean(axis=1), **COIN, expected=0.499)


def test_a_function_of_sequences_needs_no_more_words():
    """Counts were once the default here, though not elsewhere: at a small N a right estimator of symbols was called wrong without a word on it."""
    five = {"p": [0.4, 0.3, 0.15, 0.1, 0.05], "q": [0.2] * 5}

    def k3_of_symbols(x, *, p, q):
        log_ratio = numpy.log(q)[x] - numpy.log(p)[x]
        return (numpy.exp(log_ratio) - 1 - log_ratio).mean(axis=1)

    for n in (4, 100):
        assert_estimator(k3_of_symbols, **five, n=n)
        assert 'N = 4, input="counts"' in str(failure(k3_of_symbols, **five, n=4, input="counts"))
    error = str(failure(k3, **five, n=100))
    assert "called with x of shape (trials, N)" in error and 'input="sequence"' in error
    error = str(failure(k3, **five, n=100, trials=1_000))
    assert "called with x of shape (1000, 100)" in error and 'for how often each symbol occurs give input="counts"' in error


def test_a_p_value_is_never_said_to_be_0():
    assert "p-value < 1e-300 (" in str(failure(lambda x: -numpy.ones(len(x)) + x[:, 0] * 1e-9, **COIN))


def test_an_answer_of_a_wrong_shape_is_told_with_the_name_and_the_input():
    def total(x):
        return x.mean()

    for trials in (None, 2_000):
        error = str(failure(total, **COIN, trials=trials))
        assert "`total`" in error and "`estimator`" not in error and 'x of shape (trials, N)' in error and 'input="sequence"' in error


def test_a_constant_is_wrong_and_not_a_mistake_of_the_test():
    """The most common wrong estimator has no z."""
    assert "a bias of -0.0204, -100.00% of it\n  test      " in str(failure(lambda x: numpy.zeros(len(x)), **COIN))
    assert "differ" in str(failure(lambda x: x[:, 0] * 1.0, **COIN, trials=100, same_as="k3"))


def test_the_advice_is_for_this_function():
    def odd(x):
        if x[:, 0].sum() % 2:
            raise ValueError("odd")
        return numpy.zeros(len(x))

    error = str(failure(odd, **COIN, trials=2_000, max_failures=3))
    assert "give max_failures=…" in error and "Estimator(" not in error and "failures.csv" not in error


def test_mistakes_are_those_of_an_experiment():
    with pytest.raises(kl_runner.SpecError, match="the probabilities sum to"):
        assert_estimator(k3, p=[0.5, 0.6], q=[0.4, 0.6], n=10)
    with pytest.raises(kl_runner.SpecError, match="KL\\(P‖Q\\) is 0, so nothing can be measured relative to it"):
        assert_estimator(k3, p=[0.5, 0.5], q=[0.5, 0.5], n=10)
