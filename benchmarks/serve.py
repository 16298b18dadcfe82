"""How fast links are served, beside bare Django views, in one run:

    python -m benchmarks.serve --articles 100000 --seconds 10 --rounds 3

PostgreSQL with decided articles (six approved links each), gunicorn with two workers, wrk with 16
connections that ask for articles at random. The kinds of request take turns, so that whatever else
the machine does hits all of them. Prints requests a second, latencies, the processor time of a
request in the web and database processes together, and the memory of a web process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.filled import note, run
from tests.services.ports import free_port
from tests.services.postgres import PostgresServer
from tests.services.project import Project, ProjectProcess

CONNECTIONS = 16
ASKING = Path(__file__).parent / "serving" / "asking.lua"
LINKS = "/api/v1/links/"
BATCH = 20
N_ETAGS = 1_000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    pattern: str
    n_documents: int = 1
    asks_again: bool = False


KINDS = {
    "a": Kind("bare view, one indexed query", "/query/%d/"),
    "b": Kind("links of one", f"{LINKS}newsroom.article/%d/"),
    "c": Kind("its 304", f"{LINKS}newsroom.article/%d/", asks_again=True),
    "d": Kind("bare view, no query", "/bare/%d/"),
    "e": Kind("stock serializers", "/stock/%d/"),
    "f": Kind("links of 20", f"{LINKS}?" + "&".join(["id=newsroom.article:%d"] * BATCH), BATCH),
}


@dataclass(frozen=True, slots=True)
class Measured:
    a_second: float
    median: float  # ms
    p99: float
    n_errors: int
    processor: float  # ms of a request


class Measurement:
    def __init__(self, base: str, first: int, n: int, processes: Callable[[], list[int]]) -> None:
        self.base, self.first, self.n, self.processes = base, first, n, processes
        self.etags = Path(tempfile.mkstemp()[1])
        self.remember_etags()

    def remember_etags(self) -> None:
        lines = []
        for key in range(self.first, self.first + min(self.n, N_ETAGS)):
            with urllib.request.urlopen(f"{self.base}{LINKS}newsroom.article/{key}/") as answer:
                lines.append(f"{key} {answer.headers['ETag']}\n")
        self.etags.write_text("".join(lines))

    def ask(self, kind: Kind, seconds: int, seed: int) -> Measured:
        environment = {
            **os.environ,
            "PATTERN": kind.pattern,
            "FIRST": str(self.first),
            "N": str(self.n),
            "MANY": str(kind.n_documents),
            "ETAGS": str(self.etags) if kind.asks_again else "",
            "SEED": str(seed),
        }
        before = self.processor_seconds()
        argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(ASKING), self.base]
        output = subprocess.run(
            argv, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout
        used = self.processor_seconds() - before
        [line] = [line for line in output.splitlines() if line.startswith("RESULT")]
        n, micros, median, p99, n_errors = map(int, line.split()[1:])
        return Measured(n / micros * 1e6, median / 1e3, p99 / 1e3, n_errors, used / n * 1e3)

    def processor_seconds(self) -> float:
        return sum(processor_seconds(pid) for pid in self.processes())


def processor_seconds(pid: int) -> float:
    """Of a process, its ended children included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def descendants(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += descendants(int(child))
    return found


def memory_mb(pids: list[int]) -> float:
    """The largest of some processes."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def start_gunicorn(project: Project, port: int) -> ProjectProcess:
    argv = ["gunicorn", "newsroom.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    argv += ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "30"]
    web = project.start(argv, DJANGO_SETTINGS_MODULE="benchmarks.serving.settings")
    web.wait_for_output("Booting worker", 60)
    return web


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", help="URL of a database that benchmarks/serving has filled")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, PostgresServer() as postgres:
        postgres.run("CREATE DATABASE serving")
        url = options.database or postgres.url("serving")
        with Project(Path(folder), DATABASE_URL=url, TMPDIR=folder) as project:
            project.environment["DJANGO_SETTINGS_MODULE"] = "newsroom.settings"
            if not options.database:
                project.manage("migrate", "--verbosity", "0")
                note(f"filling {options.articles:,} articles")
                run(project, "-m", "benchmarks.serving.filling", str(options.articles))
            first = int(run(project, "-m", "benchmarks.serving.filling", "first"))
            port = free_port()
            web = start_gunicorn(project, port)
            show(web, port, url, first, options)
    return 0


def show(web: ProjectProcess, port: int, url: str, first: int, options: argparse.Namespace) -> None:
    def processes() -> list[int]:
        return [*descendants(web.popen.pid), *database_processes(url)]

    asked = Measurement(f"http://127.0.0.1:{port}", first, options.articles, processes)
    found: dict[str, list[Measured]] = defaultdict(list)
    for number in range(options.rounds):
        for key, kind in KINDS.items():
            found[key].append(asked.ask(kind, options.seconds, seed=number + 1))
            note(f"{number + 1} {key} {found[key][-1]}")
    print("| | request | a second | median, ms | p99, ms | processor, ms | errors |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for key, kind in KINDS.items():
        runs = found[key]
        values = [statistics.median(getattr(one, name) for one in runs) for name in NUMBERS]
        print(
            f"| {key} | {kind.name} | {values[0]:.0f} | {values[1]:.1f} | {values[2]:.1f} "
            f"| {values[3]:.2f} | {sum(one.n_errors for one in runs)} |"
        )
    for of, by in (("b", "a"), ("c", "d"), ("b", "e")):
        pairs = [x.a_second / y.a_second for x, y in zip(found[of], found[by], strict=True)]
        print(f"{of} : {by} = {statistics.median(pairs):.2f}")
    pairs = [f.a_second / b.a_second for f, b in zip(found["f"], found["b"], strict=True)]
    print(f"documents a second, f : b = {statistics.median(pairs) * BATCH:.1f}")
    print(f"memory of a web process: {memory_mb(descendants(web.popen.pid)):.0f} MB")


NUMBERS = ("a_second", "median", "p99", "processor")


def database_processes(url: str) -> list[int]:
    """Those of the server that work for this database."""
    statement = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    with psycopg.connect(url) as connection:
        own = connection.info.backend_pid
        return [pid for (pid,) in connection.execute(statement) if pid != own]


if __name__ == "__main__":
    sys.exit(main())
