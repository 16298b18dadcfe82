"""Imports exports of every format, damaged in every way that hypothesis thinks of.

    python -m benchmarks.fuzz_imports --minutes 15 --seed 1 --exports ../shared/feeds

The exports are a few articles of the sample archive in each format, and those of real sites that
`--exports` names a folder of. Whatever became of them: no exception; what stands before the first
damage goes in; each refusal names its place and its reason; the report counts what was reported;
the same file again changes nothing; memory and time stay within bounds, and a piece that is
repeated four times as often takes no more than four times as long.
Prints figures; exit code 1 at the first case that breaks one of these, made small.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from benchmarks.fuzzing.exports import Export, real_exports, sample_exports
from benchmarks.fuzzing.mutations import Case, cases, growing
from tests.services.project import Project

if TYPE_CHECKING:
    from benchmarks.fuzzing.importing import Importing

CASES_AT_ONCE = (200, 2)  # between two looks at the clock; and files that grow
LARGEST = 300_000  # bytes of a repeated piece
SIZES = (250_000, 1_000_000)


class Figures:
    """What the whole run came to."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.longest = 0.0
        self.most_memory = 0.0  # MB more than before the case
        self.steepest = 0.0  # of time by size

    def print(self, minutes: float) -> None:
        for name in ("cases", "rows", "articles", "refusals", "nothing readable"):
            print(f"{name}: {self.counts[name]:,}")
        print(f"growing files: {self.counts['growing']:,}, steepest {self.steepest:.2f} of linear")
        print(f"longest import {self.longest:.2f} s, most memory {self.most_memory:.0f} MB")
        print(f"no exception, nothing lost, in {minutes:.0f} minutes")


def fuzz(
    importing: Importing,
    exports: list[Export],
    figures: Figures,
    *,
    n_cases: int,
    n_growing: int,
    with_seed: int,
) -> None:
    """So many cases, and a few that grow.

    Raises:
        AssertionError, or whatever the import raised: hypothesis says for which case.
    """
    given_so_many: dict[str, Any] = {
        "deadline": None,
        "database": None,
        "report_multiple_bugs": False,
        "suppress_health_check": list(HealthCheck),
    }

    @seed(with_seed)
    @settings(max_examples=n_cases, phases=[Phase.generate, Phase.shrink], **given_so_many)
    @given(cases(exports, largest=LARGEST), st.sampled_from([False, False, True]))
    def goes_in(case: Case, is_repeated: bool) -> None:  # noqa: FBT001 - hypothesis draws it
        outcome = importing.run(case.content, is_repeated=is_repeated)
        outcome.check(case.n_certain)
        figures.counts.update({"cases": 1, **outcome.counts})
        figures.longest = max(figures.longest, outcome.seconds)
        figures.most_memory = max(figures.most_memory, outcome.megabytes)

    @seed(with_seed)
    # A file that takes long takes long as often as it is made smaller.
    @settings(max_examples=n_growing, phases=[Phase.generate], **given_so_many)
    @given(growing(exports))
    def grows(make: Callable[[int], bytes]) -> None:
        small, large = (min(importing.seconds(make(size)) for _ in range(2)) for size in SIZES)
        ratio = large / max(small, 0.1) / (SIZES[1] / SIZES[0])
        assert ratio < 2, f"{small:.2f} s, then {large:.2f} s: {make(20)!r}"
        figures.counts["growing"] += 1
        figures.steepest = max(figures.steepest, ratio)

    goes_in()
    grows()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--exports", type=Path, help="a folder with exports of real sites")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder), DJANGO_SETTINGS_MODULE="newsroom.settings")
        project.manage("migrate", "--verbosity", "0")
        os.environ.update(project.environment)
        django.setup()
        logging.disable(logging.CRITICAL)
        return _run(options.minutes, options.seed, options.exports, Path(folder))


def _run(minutes: float, with_seed: int, real: Path | None, folder: Path) -> int:
    from benchmarks.fuzzing.importing import Importing  # models exist only from here on

    exports = sample_exports() + (list(real_exports(real)) if real else [])
    print(f"{len(exports)} exports, seed {with_seed}", flush=True)
    figures, started = Figures(), time.monotonic()
    importing = Importing(folder / "export")
    while time.monotonic() - started < minutes * 60:
        n_cases, n_growing = CASES_AT_ONCE
        fuzz(importing, exports, figures, n_cases=n_cases, n_growing=n_growing, with_seed=with_seed)
        with_seed += 1
    figures.print(minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
