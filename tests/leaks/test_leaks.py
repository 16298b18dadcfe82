"""Nothing that is hidden can be seen anywhere, whatever was done to the newsroom before.

The same at length: ``python -m benchmarks.leaks --steps 100000``.
"""

from __future__ import annotations

import logging

import pytest

from tests.leaks.running import run_steps

N_STEPS = 500  # of each of the two runs, which two processes can do at the same time


@pytest.mark.slow  # hundreds of steps, and everything is looked at after each
@pytest.mark.timeout(600)
@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 1001])
def test_nobody_sees_what_is_hidden(caplog: pytest.LogCaptureFixture, seed: int) -> None:
    caplog.set_level(logging.ERROR, "django.request")  # every "not found" is a warning
    tally = run_steps(N_STEPS, first_seed=seed)
    assert tally.n_steps >= N_STEPS
    assert tally.n_hidden_sought > N_STEPS
    # What was done, and looked at, is what the names promise.
    for step in ("embargo", "withdraw", "delete, without a signal", "approve", "pin", "rebuild"):
        assert tally.steps[step] > 0, step
    for address in ("/", "/feed/", "/articles/{slug}/", "/sections/{slug}/", "template tags"):
        assert tally.checked[address] > 50, address
    assert tally.n_compared > 30
