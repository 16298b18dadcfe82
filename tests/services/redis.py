"""A private Redis server that tests may flush, freeze, kill and start again."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import redis

from tests.services.ports import free_port
from tests.services.programs import redis_server

SECONDS_TO_START = 10


class RedisServer:
    """A running server, on the same port after each `start()`."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="newsroom-redis-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
        shutil.rmtree(self.directory)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """The server's process, for tests that freeze it (SIGSTOP) or wake it (SIGCONT)."""
        assert self.process is not None, "Redis was stopped"
        return self.process.pid

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5)

    def start(self) -> None:
        log = self.directory / "log"
        self.process = subprocess.Popen(
            [
                redis_server(),
                *("--port", str(self.port), "--bind", "127.0.0.1"),
                *("--dir", self.directory, "--logfile", log),
                *("--maxmemory-policy", "noeviction", "--save", "", "--appendonly", "no"),
            ],
            start_new_session=True,  # Ctrl-C in the terminal is for pytest
        )
        deadline = time.monotonic() + SECONDS_TO_START
        with self.client() as client:
            while True:
                try:
                    client.ping()
                except redis.ConnectionError as error:
                    if self.process.poll() is not None or time.monotonic() > deadline:
                        written = log.read_text() if log.exists() else "it wrote no log"
                        raise RuntimeError(f"Redis did not start:\n{written}") from error
                    time.sleep(0.02)
                else:
                    return

    def stop(self) -> None:
        """Kill the server, frozen or not. Nothing is kept, as when Redis loses its memory."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
