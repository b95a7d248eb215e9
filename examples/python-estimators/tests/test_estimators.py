"""Each test fails for a right estimator with probability 1e-6 at most, and passes one whose mean is off by 1 % of KL(P‖Q) with
probability 0.001 at most."""

import numpy as np
import pytest
from kl_estimators import k1, k2, k3, k3_upside_down, plug_in
from kl_runner.testing import assert_estimator

PAIRS = {
    "a coin": ([0.5, 0.5], [0.4, 0.6]),
    "a rare symbol": ([0.6, 0.3, 0.09, 0.01], [0.5, 0.3, 0.15, 0.05]),
    "five symbols": ([0.3, 0.25, 0.2, 0.15, 0.1], [0.2, 0.2, 0.2, 0.2, 0.2]),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("estimator", [k1, k3])
def test_unbiased(estimator, pair):
    p, q = pair
    assert_estimator(estimator, p=p, q=q, n=50, input="counts")


@pytest.mark.parametrize("estimator, twin", [(k1, "log_ratio"), (k2, "k2"), (k3, "k3"), (plug_in, "plug_in")])
def test_the_same_as_a_known_one_trial_by_trial(estimator, twin):
    assert_estimator(estimator, p=[0.5, 0.3, 0.2], q=[0.2, 0.3, 0.5], n=30, input="counts", expected=None, same_as=twin)


def test_the_bias_of_k2_is_known():
    p, q = np.array([0.5, 0.5]), np.array([0.4, 0.6])
    mean = p @ (np.log(q / p) ** 2 / 2)
    assert_estimator(k2, p=p, q=q, n=50, input="counts", expected=mean)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.xfail(raises=AssertionError, strict=True)
def test_a_ratio_upside_down_is_seen(pair):
    p, q = pair
    assert_estimator(k3_upside_down, p=p, q=q, n=50, input="counts")


@pytest.mark.xfail(raises=AssertionError, strict=True)
def test_a_biased_estimator_is_seen():
    assert_estimator(plug_in, p=[0.5, 0.3, 0.2], q=[0.4, 0.4, 0.2], n=50, input="counts")
