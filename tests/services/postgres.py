"""A private PostgreSQL server: its own cluster, port and password, gone when the tests end."""

import getpass
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psycopg

from tests.services.ports import free_port
from tests.services.programs import postgres_bin

# Durability for speed: this cluster never outlives its tests.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SECONDS_TO_START = 30


class PostgresServer:
    """A running server. PostgreSQL refuses to run as root, so root runs it as user `postgres`."""

    def __init__(self, settings: Mapping[str, str] = FAST, keep: Path | None = None) -> None:
        """With ``keep``, the server's directory: what is in it serves again, and it stays."""
        self.settings = settings
        self.is_kept = keep is not None
        self.directory = keep or Path(tempfile.mkdtemp(prefix="newsroom-postgres-"))
        self.port = free_port()
        written = self.directory / "password"
        self.password = written.read_text() if written.exists() else secrets.token_hex(16)
        self.user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            if not (self.directory / "cluster").exists():
                self.initialize()
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        return self.directory / "log"

    def url(self, database: str) -> str:
        """Return the DATABASE_URL of one database of this server."""
        return f"postgres://newsroom:{self.password}@127.0.0.1:{self.port}/{database}"

    def initialize(self) -> None:
        password_file = self.directory / "password"
        password_file.write_text(self.password)
        self.log.touch()
        for path in (self.directory, password_file, self.log):
            shutil.chown(path, self.user)
        subprocess.run(
            [
                postgres_bin() / "initdb",
                *("--pgdata", self.directory / "cluster", "--username=newsroom"),
                *("--pwfile", password_file, "--auth=scram-sha-256"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            user=self.user if os.geteuid() == 0 else None,
            cwd=self.directory,
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "60",
            **self.settings,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    postgres_bin() / "postgres",
                    *("-D", self.directory / "cluster"),
                    *(part for item in options.items() for part in ("-c", "=".join(item))),
                ],
                user=self.user if os.geteuid() == 0 else None,
                cwd=self.directory,
                stdout=log,
                stderr=log,
                # Ctrl-C in the terminal is for pytest; it stops the server afterwards.
                start_new_session=True,
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                stopped = self.process is None or self.process.poll() is not None
                if stopped or time.monotonic() > deadline:
                    message = f"PostgreSQL did not start:\n{self.log.read_text()}"
                    raise RuntimeError(message) from error
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # "fast": closes connections, does not wait
            self.process.wait(timeout=SECONDS_TO_START)
        if not self.is_kept:
            shutil.rmtree(self.directory)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Create a database of its own and drop it at the end; yields its URL."""
        name = f"test_{secrets.token_hex(6)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())
