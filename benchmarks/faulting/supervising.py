"""A supervisor as systemd or Docker is one: what ended is started again after a second."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Lock, Thread

from tests.services.project import Project, ProjectProcess

SECONDS_UNTIL_RESTART = 1.0


class Supervised:
    """One service that is kept running until ``stop()``."""

    def __init__(
        self, name: str, project: Project, argv: Sequence[str], **environment: str
    ) -> None:
        self.name = name
        self.n_starts = 0
        self.log = project.directory / f"{name}.log"
        self._project = project
        self._argv = argv
        self._environment = {**project.environment, **environment}
        self._process: ProjectProcess | None = None
        self._lock = Lock()
        self._stopping = Event()
        self._start()
        self._thread = Thread(target=self._watch, name=name, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """kill -9 of the main process alone; its children are the supervisor's to clear away."""
        with self._lock:
            if self._process is not None and self._process.popen.poll() is None:
                os.kill(self._process.popen.pid, signal.SIGKILL)

    def kill_child(self) -> None:
        """kill -9 of one of the forked children, if there are any at this moment."""
        with self._lock:
            for pid in random.sample(children := self.children(), min(1, len(children))):
                os.kill(pid, signal.SIGKILL)

    def freeze(self, seconds: float) -> None:
        """Hold the process for a while, as one that hangs."""
        with self._lock:
            if self._process is None or self._process.popen.poll() is not None:
                return
            process = self._process.popen
            os.kill(process.pid, signal.SIGSTOP)
        time.sleep(seconds)
        with self._lock:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)

    def children(self) -> list[int]:
        """Process ids of the running process's children."""
        if self._process is None or self._process.popen.poll() is not None:
            return []
        pid = self._process.popen.pid
        try:
            return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []

    def stop(self) -> None:
        """Ask the service to end, as an operator does at the end of the day."""
        self._stopping.set()
        self._thread.join()
        if self._process is not None:
            self._process.stop()

    def _start(self) -> None:
        # A log of its own per start would be hundreds of files.
        with self._lock:
            self._process = ProjectProcess(
                self._argv, self._environment, self.log.with_suffix(f".{self.n_starts}.log")
            )
            self.n_starts += 1

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            assert self._process is not None
            if self._process.popen.poll() is not None:
                self._process.kill()  # whatever is left of its group, as a container's end does
                if not self._stopping.wait(SECONDS_UNTIL_RESTART):
                    self._start()
