"""One host: its processes, its core, its disk for snapshots, its clock."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from benchmarks.faulting.disks import SmallDisk
from benchmarks.hosting.network import Network
from tests.services.project import ProjectProcess

MEGABYTES = 512  # of the disk
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
WORKER = ["celery", "-A", "newsroom", "worker", "--pool", "prefork", "--loglevel", "INFO"]
# As docs/guide/production.md has it: two kinds of workers, and the sweeper beside them.
SERVICES = {
    "publish": [*WORKER, "-Q", "publish", "-c", "1", "-n", "publish@%h"],
    "bulk": [*WORKER, "-Q", "bulk", "-c", "1", "-n", "bulk@%h"],
    "sweeper": [sys.executable, "manage.py", "process_related", "--loop"],
}
READY = {"publish": " ready.", "bulk": " ready.", "sweeper": "Working;"}


class Host:
    """What runs here runs on one core, if one is named, in the host's own network."""

    def __init__(self, network: Network, name: str, folder: Path, core: int | None = None) -> None:
        self.name = name
        self.network = network
        self.processes: dict[str, ProjectProcess] = {}
        self._folder = folder / name
        self._folder.mkdir(parents=True, exist_ok=True)
        self._pin = [] if core is None else ["taskset", "--cpu-list", str(core)]
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.disk = self._stack.enter_context(SmallDisk(MEGABYTES)).directory
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
        self._stack.close()

    def start(
        self, name: str, argv: Sequence[str], environment: dict[str, str], clock: int = 0
    ) -> ProjectProcess:
        """Start a process that runs on, with a clock that is ahead by so many seconds."""
        own = {"SNAPSHOT_DIR": str(self.disk), "FAULTS_SNAPSHOT_DIR": str(self.disk)}
        folder = {"DATA_DIR": str(self._folder), "TMPDIR": str(self._folder)}
        log = self._folder / f"{len(list(self._folder.glob('*.log')))}-{name}.log"
        command = [*self.network.inside(self.name), *self._pin, *_clock(clock), *argv]
        process = ProjectProcess(command, {**environment, **own, **folder}, log)
        self.processes[name] = process
        return process

    def start_workers(self, environment: dict[str, str], clock: int = 0) -> None:
        """As ``SERVICES`` has them; returns once all take work."""
        for name, argv in SERVICES.items():
            self.start(name, argv, environment, clock)
        for name, text in READY.items():
            self.processes[name].wait_for_output(text, seconds=180)

    def run(self, argv: Sequence[str], environment: dict[str, str], seconds: float = 900) -> str:
        """Run something to its end; returns what it printed.

        Raises:
            RuntimeError: it failed.
        """
        process = self.start("command", argv, environment)
        code = process.popen.wait(seconds)
        if code:
            raise RuntimeError(f"{argv} ended with {code}:\n{process.output}")
        return process.output

    def stop(self) -> None:
        for process in self.processes.values():
            process.stop()
        self.processes.clear()

    def output(self) -> str:
        """What all processes wrote that run now."""
        return "\n".join(process.output for process in self.processes.values())

    def megabytes(self) -> dict[str, tuple[float, float]]:
        """(its own memory, what it shares with others) by process: the largest of each service."""
        return {
            name: max(map(_memory, self._family(process)), default=(0.0, 0.0))
            for name, process in self.processes.items()
        }

    def snapshot_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.disk.rglob("*.npy"))

    def _family(self, process: ProjectProcess) -> list[int]:
        group = process.popen.pid
        return [pid for pid in self.network.processes(self.name) if _group(pid) == group]


def _clock(ahead: int) -> list[str]:
    """Only what tells the time of day: how long something takes stays true."""
    if not ahead:
        return []
    preload = [f"LD_PRELOAD={FAKETIME}", "FAKETIME_DONT_FAKE_MONOTONIC=1"]
    return ["env", *preload, f"FAKETIME={ahead:+d}s"]


def _group(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return 0


def _memory(pid: int) -> tuple[float, float]:
    own = shared = 0
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    for line in lines:
        name, _, rest = line.partition(":")
        if name.startswith("Private_") and not name.endswith("Hugetlb"):
            own += int(rest.split()[0])
        elif name.startswith("Shared_") and not name.endswith("Hugetlb"):
            shared += int(rest.split()[0])
    return own / 1000, shared / 1000
