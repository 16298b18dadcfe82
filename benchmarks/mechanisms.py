"""Whether the tests would notice: breaks one mechanism at a time in a copy of the project.

    python benchmarks/mechanisms.py [--only NAME ...]

Each mechanism of ``mechanisms.toml`` names a file, the text that makes it work, the text that
breaks it, and the tests that must fail then. All tests are run on the unbroken copy first, so a
failure means what it says. Exit code 1 when a broken mechanism was not noticed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".toml")

# pytest's exit code for "tests ran and some failed"; 2 and more mean that they could not run.
TESTS_FAILED = 1
# A broken mechanism may hang its test; that is a failure too, found by the time limit per test.
SECONDS_PER_RUN = 900


@dataclass(frozen=True)
class Mechanism:
    name: str
    file: str
    works: str
    broken: str
    tests: tuple[str, ...]

    def break_in(self, copy: Path) -> None:
        """Change the file in a copy.

        Raises:
            ValueError: the text is not there exactly once, so the table is out of date.
        """
        path = copy / self.file
        text = path.read_text()
        if text.count(self.works) != 1:
            raise ValueError(
                f"{self.name}: {self.file} holds the text {self.works!r} {text.count(self.works)} "
                "times, not once. Bring benchmarks/mechanisms.toml up to date."
            )
        path.write_text(text.replace(self.works, self.broken))


@dataclass(frozen=True)
class Outcome:
    mechanism: Mechanism
    n_failed: int
    seconds: float
    output: str

    @property
    def is_noticed(self) -> bool:
        return self.n_failed > 0


def read_mechanisms() -> list[Mechanism]:
    rows = tomllib.loads(TABLE.read_text())["mechanism"]
    return [Mechanism(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def copy_project(copy: Path) -> None:
    """What belongs to the project, without what is made from it."""
    made = shutil.ignore_patterns(
        ".git", ".venv", ".nox", "__pycache__", ".*_cache", ".hypothesis", "data", "staticfiles"
    )
    shutil.copytree(ROOT, copy, ignore=made)


def run_tests(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """(pytest's exit code, its output); the same order of tests every time."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    done = subprocess.run(
        [*command, *tests],
        cwd=copy,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_PER_RUN,
        check=False,
    )
    return done.returncode, done.stdout


def try_out(mechanism: Mechanism) -> Outcome:
    """Break a mechanism in a copy of its own and run the tests that guard it."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        copy_project(copy)
        mechanism.break_in(copy)
        try:
            code, output = run_tests(copy, mechanism.tests)
        except subprocess.TimeoutExpired as error:
            code, output = TESTS_FAILED, f"1 failed: no end within {error.timeout} seconds"
    if code > TESTS_FAILED:
        raise RuntimeError(f"{mechanism.name}: the tests could not run.\n{output}")
    n_failed = 0 if code == 0 else max(1, count_failures(output))
    return Outcome(mechanism, n_failed, time.monotonic() - started, output)


def count_failures(output: str) -> int:
    return sum(line.startswith(("FAILED ", "ERROR ")) for line in output.splitlines())


def check_unbroken(mechanisms: Sequence[Mechanism]) -> None:
    """Run every named test on an unbroken copy.

    Raises:
        RuntimeError: one fails already, so its failure would prove nothing.
    """
    tests = sorted({test for mechanism in mechanisms for test in mechanism.tests})
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        copy_project(copy)
        code, output = run_tests(copy, tests)
    if code != 0:
        raise RuntimeError(f"The tests fail before anything is broken.\n{output}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="names of mechanisms; all of them if left out")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    mechanisms = [m for m in read_mechanisms() if not arguments.only or m.name in arguments.only]
    check_unbroken(mechanisms)
    print(f"{'mechanism, broken':56} {'tests failed':>12} {'seconds':>8}  noticed", flush=True)
    outcomes = []
    with ThreadPoolExecutor(arguments.jobs) as pool:
        for outcome in pool.map(try_out, mechanisms):
            outcomes.append(outcome)
            noticed = "yes" if outcome.is_noticed else "NO"
            print(
                f"{outcome.mechanism.name:56} {outcome.n_failed:12} {outcome.seconds:8.0f}"
                f"  {noticed}",
                flush=True,
            )
    n_noticed = sum(outcome.is_noticed for outcome in outcomes)
    print(f"\n{n_noticed} of {len(outcomes)} broken mechanisms were noticed.")
    return 0 if n_noticed == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
