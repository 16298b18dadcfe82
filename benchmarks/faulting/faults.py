"""The faults, by name. Each happens to the stage, lasts a while, and is over when it returns."""

from __future__ import annotations

import random
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock

from benchmarks.faulting.disks import SmallDisk
from benchmarks.faulting.stage import Stage
from tests.services.project import ROOT
from tests.services.redis import RedisServer

Happen = Callable[[Stage, random.Random], None]

# One at a time may have Redis, or a disk; the others wait for their turn.
_redis_turn, _disk_turn, _rebuild_turn = Lock(), Lock(), Lock()


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault.

    ``hits`` says what is away while it lasts: the broker or the database; a save may be refused
    only while the database is.
    """

    name: str
    happen: Happen
    weight: int
    hits: str
    is_possible: Callable[[Stage], bool]


REGISTRY: dict[str, Fault] = {}


def _on_postgresql(stage: Stage) -> bool:
    return stage.is_postgresql


def fault(
    name: str,
    *,
    weight: int,
    hits: str = "",
    where: Callable[[Stage], bool] = _on_postgresql,
) -> Callable[[Happen], Happen]:
    """Enter a function into the registry."""

    def enter(happen: Happen) -> Happen:
        REGISTRY[name] = Fault(name, happen, weight, hits, where)
        return happen

    return enter


def _everywhere(stage: Stage) -> bool:
    return True


def possible(stage: Stage) -> list[Fault]:
    """The faults that this stage can have, in the order of the registry."""
    return [fault for fault in REGISTRY.values() if fault.is_possible(stage)]


# Processes


@fault("worker's child killed", weight=10)
def kill_child(stage: Stage, chance: random.Random) -> None:
    stage.services[chance.choice(["publish worker", "bulk worker"])].kill_child()


@fault("worker killed", weight=3)
def kill_worker(stage: Stage, chance: random.Random) -> None:
    stage.services[chance.choice(["publish worker", "bulk worker"])].kill()


@fault("sweeper killed", weight=3, where=_everywhere)
def kill_sweeper(stage: Stage, chance: random.Random) -> None:
    names = sorted(name for name in stage.services if "sweeper" in name)
    stage.services[chance.choice(names)].kill()


@fault("beat killed", weight=1)
def kill_beat(stage: Stage, chance: random.Random) -> None:
    stage.services["beat"].kill()


@fault("beat stopped", weight=2)
def stop_beat(stage: Stage, chance: random.Random) -> None:
    stage.services["beat"].freeze(chance.uniform(2, 8))


@fault("all workers killed", weight=1, where=_everywhere)
def kill_all(stage: Stage, chance: random.Random) -> None:
    for service in stage.services.values():
        service.kill()


# Redis


def _redis(stage: Stage) -> RedisServer:
    assert stage.redis is not None
    return stage.redis


@fault("Redis stopped", weight=4, hits="broker")
def stop_redis(stage: Stage, chance: random.Random) -> None:
    with _redis_turn:
        _redis(stage).stop()
        time.sleep(chance.uniform(1, 4))
        _redis(stage).start()


@fault("Redis silent", weight=4, hits="broker")
def silence_redis(stage: Stage, chance: random.Random) -> None:
    """Another socket on Redis's port, which accepts and never answers."""
    server = _redis(stage)
    with _redis_turn, ExitStack() as stack:
        stack.callback(server.start)
        server.stop()
        listener = stack.enter_context(socket.socket())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", server.port))
        listener.listen(100)
        listener.settimeout(0.1)
        end = time.monotonic() + chance.uniform(1, 4)
        while time.monotonic() < end:
            try:
                stack.enter_context(listener.accept()[0])
            except TimeoutError:
                pass


@fault("Redis flushed", weight=6)
def flush_redis(stage: Stage, chance: random.Random) -> None:
    with _redis_turn, _redis(stage).client() as client:
        client.flushall()


@fault("Redis restarted", weight=5, hits="broker")
def restart_redis(stage: Stage, chance: random.Random) -> None:
    with _redis_turn:
        _redis(stage).stop()
        _redis(stage).start()


# Messages


@fault("messages tripled and shuffled", weight=7)
def multiply_messages(stage: Stage, chance: random.Random) -> None:
    """What waits in the queue, and messages for documents of any state, three times each."""
    with _redis_turn, _redis(stage).client() as client:
        with stage.celery() as app:
            for key in stage.some_documents(chance, 10):
                app.send_task("related.tasks.process_documents", args=[[key]])
        with client.pipeline() as pipeline:
            pipeline.lrange("publish", 0, -1).delete("publish")
            waiting = pipeline.execute()[0] * 3
        chance.shuffle(waiting)
        if waiting:
            client.lpush("publish", *waiting)


@fault("malformed message", weight=3)
def send_nonsense(stage: Stage, chance: random.Random) -> None:
    """Text that is no JSON, a task that nobody knows, arguments that nobody expects."""
    with _redis_turn, _redis(stage).client() as client, stage.celery() as app:
        match chance.randrange(4):
            case 0:
                client.lpush(chance.choice(["publish", "bulk"]), b"\xff{not JSON")
            case 1:
                app.send_task("related.tasks.of_tomorrow", args=[[1]])
            case 2:
                app.send_task(
                    "related.tasks.process_documents", kwargs={"document_ids": [1], "color": 2}
                )
            case 3:
                app.send_task("related.tasks.process_documents", args=[["one", None, {}]])


# The database


@fault("database connections cut", weight=8, hits="database")
def cut_connections(stage: Stage, chance: random.Random) -> None:
    """All of them, or about half: workers', sweeper's and web server's alike."""
    share = chance.choice([0.5, 1.0])
    with stage.connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'faults' AND random() < %s",
            [share],
        )


def _on_sqlite(stage: Stage) -> bool:
    return not stage.is_postgresql


@fault("database locked", weight=6, where=_on_sqlite)
def lock_database(stage: Stage, chance: random.Random) -> None:
    """Another program (a backup, a shell) holds the write lock."""
    connection = sqlite3.connect(
        stage.project.environment["DATABASE_URL"].removeprefix("sqlite:///"),
        timeout=20,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(chance.uniform(0.5, 3))
        connection.execute("ROLLBACK")
    finally:
        connection.close()


# Disks


def _has_disks(stage: Stage) -> bool:
    return stage.database_disk is not None


def _fill_for_a_while(disk: SmallDisk | None, chance: random.Random) -> None:
    assert disk is not None
    with _disk_turn:
        disk.fill()
        try:
            time.sleep(chance.uniform(1, 4))
        finally:
            disk.free()


@fault("disk of the database full", weight=2, hits="database", where=_has_disks)
def fill_database_disk(stage: Stage, chance: random.Random) -> None:
    _fill_for_a_while(stage.database_disk, chance)


@fault("disk of the snapshots full", weight=2, where=_has_disks)
def fill_snapshot_disk(stage: Stage, chance: random.Random) -> None:
    _fill_for_a_while(stage.snapshot_disk, chance)


# Work


@fault("text that kills its worker", weight=1, where=_everywhere)
def publish_deadly_text(stage: Stage, chance: random.Random) -> None:
    """Asks the newsdesk for it, which watches it and edits it once it is set aside."""
    (stage.directory / "deadly" / str(chance.randrange(10**9))).touch()


def _rebuild(stage: Stage, chance: random.Random, kill_after: float | None) -> None:
    command = [sys.executable, "manage.py", "rebuild_related"]
    command += chance.choice([[], ["--cold"]])
    with _rebuild_turn, (stage.directory / "rebuilds.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**stage.project.environment, "FAULTS_TEXTS_SEND": "SIGKILL"},
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        try:
            process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@fault("full rebuild begun", weight=1, where=_everywhere)
def rebuild(stage: Stage, chance: random.Random) -> None:
    """By hand, while articles are published; where one is at work, it is refused."""
    _rebuild(stage, chance, kill_after=None)


@fault("full rebuild killed", weight=1, where=_everywhere)
def kill_rebuild(stage: Stage, chance: random.Random) -> None:
    _rebuild(stage, chance, kill_after=chance.uniform(1.5, 6))
