"""Runs of the machine, short or long: the same code for the test and the benchmark."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.leaks.machine import LeakMachine, Tally
from tests.leaks.world import found, moved_clock

STEPS_OF_AN_EXAMPLE = 50
EXAMPLES_OF_A_ROUND = 20


def run_steps(
    n_steps: int,
    *,
    first_seed: int,
    shrink: bool = False,
    progress: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Do at least so many steps in the (empty, migrated) database; every round has its own seed.

    Args:
        shrink: when something leaks, look (for minutes) for the shortest way to it.
        progress: told after every round.

    Raises:
        Leak: somebody saw something; the steps that led to it are printed.
    """
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    rules = settings(
        max_examples=EXAMPLES_OF_A_ROUND,
        stateful_step_count=STEPS_OF_AN_EXAMPLE,
        phases=phases,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),  # an example is long on purpose
    )
    tally = Tally()
    with moved_clock() as clock:
        founded = found(clock)
        round_seed = first_seed
        while tally.n_steps < n_steps:

            @seed(round_seed)
            def start() -> LeakMachine:
                return LeakMachine(clock, founded, tally)

            run_state_machine_as_test(start, settings=rules)
            progress(tally)
            round_seed += 1
    return tally
