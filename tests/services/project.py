"""The project as an operator runs it: its own processes, with an environment and a data folder."""

import os
import shutil
import signal
import subprocess
import sys
import time
from atexit import register
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "tests only: long enough, and not a secret to anybody at all"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
SECONDS_TO_RUN = 300
DATABASE = "newsroom.sqlite3"  # in DATA_DIR


class ProjectProcess:
    """One long-running process (worker, web server, sweeper) and the file it logs to."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.argv = list(argv)
        self.log = log
        with log.open("wb") as output:
            self.popen = subprocess.Popen(
                self.argv,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a group of its own, so that children can be ended too
            )

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, condition: Callable[[], bool], seconds: float = SECONDS_TO_START) -> None:
        """Wait until the condition holds.

        Raises:
            RuntimeError: the process ended first, or the time is over; says what it wrote.
        """
        deadline = time.monotonic() + seconds
        while not condition():
            code = self.popen.poll()
            if code is not None or time.monotonic() > deadline:
                state = "is still not ready" if code is None else f"ended with {code}"
                raise RuntimeError(f"{' '.join(self.argv)} {state}:\n{self.output}")
            time.sleep(0.05)

    def wait_for_output(self, text: str, seconds: float = SECONDS_TO_START) -> None:
        self.wait_for(lambda: text in self.output, seconds)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """End the process as a supervisor does; whatever is left of its group is killed.

        Returns its exit code: negative when a signal ended it, -9 when it had to be killed.
        """
        if self.popen.poll() is None:
            self.popen.send_signal(with_signal)
        try:
            self.popen.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            pass
        self.kill()
        return self.popen.wait()

    def kill(self) -> None:
        """Kill the process and its children at once, as when a machine loses its power."""
        try:
            os.killpg(self.popen.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.popen.wait()


class Project:
    """This checkout with a data folder, a database and a broker of its own."""

    def __init__(self, directory: Path, **environment: str) -> None:
        self.directory = directory
        inherited = ("HOME", "LANG", "PATH", "TMPDIR")
        self.environment = {
            **{name: os.environ[name] for name in inherited if name in os.environ},
            "DATA_DIR": str(directory / "data"),
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": SECRET_KEY,
            **environment,
        }
        # So that `celery` and `gunicorn` are those of this environment, as in a container.
        self.environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self.processes: list[ProjectProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        with ExitStack() as stack:  # stops every one, even where stopping another failed
            for process in self.processes:
                stack.callback(process.stop)

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` to its end; with `check`, a failure raises with everything it wrote."""
        return self.run([sys.executable, "manage.py", *arguments], check=check)

    def migrate(self) -> None:
        """`manage.py migrate`, which takes long on an empty SQLite file: that begins as a copy."""
        data = Path(self.environment["DATA_DIR"])
        is_new = "DATABASE_URL" not in self.environment and not (data / DATABASE).exists()
        if is_new:
            data.mkdir(exist_ok=True)
            shutil.copy(migrated(), data / DATABASE)
        if not is_new or "HEADLESS" in self.environment:  # which has a table of its own
            self.manage("migrate", "--verbosity", "0")

    def run(self, argv: Sequence[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            argv,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS_TO_RUN,
            check=False,  # below, with what it wrote
        )
        if check and result.returncode:
            written = result.stdout + result.stderr
            raise RuntimeError(f"{' '.join(argv)} ended with {result.returncode}:\n{written}")
        return result

    def start(self, argv: Sequence[str], **environment: str) -> ProjectProcess:
        """Start a process that runs on; it is stopped when the project is left."""
        log = self.directory / f"process-{len(self.processes) + 1}.log"
        process = ProjectProcess(argv, {**self.environment, **environment}, log)
        self.processes.append(process)
        return process

    def start_worker(self, queues: str = "publish,bulk", concurrency: int = 2) -> ProjectProcess:
        """Start a real Celery worker with forked children and wait until it takes tasks."""
        name = f"worker{len(self.processes) + 1}@%h"
        process = self.start(
            [
                *("celery", "-A", "newsroom", "worker", "--pool", "prefork"),
                *("--queues", queues, "--concurrency", str(concurrency), "--hostname", name),
            ]
        )
        process.wait_for_output(" ready.")
        return process

    def logs(self) -> str:
        """Return what every process wrote, for the report of a failed test."""
        return "\n".join(f"$ {' '.join(each.argv)}\n{each.output}" for each in self.processes)


@cache
def migrated() -> Path:
    """An SQLite file with every migration applied, for as long as this process lives."""
    folder = Path(mkdtemp())
    register(shutil.rmtree, folder)
    with Project(folder) as project:
        project.manage("migrate", "--verbosity", "0")
    return folder / "data" / DATABASE
