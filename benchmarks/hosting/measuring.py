"""Publishes and rebuilds on a stage: how long, and what the network carried."""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import dataclass

from benchmarks.hosting.network import Traffic
from benchmarks.hosting.stage import Stage
from benchmarks.latencies import percentile

PUBLISHING = [sys.executable, "-m", "benchmarks.hosting.publishing"]
N_WARM_UP = 8  # workers read the corpus meanwhile
SECONDS_IDLE = 10.0
PATIENCE = 300.0
STORED = """
    SELECT object_id FROM related_document
    WHERE object_id = ANY(%s) AND want_rev > 0 AND done_rev >= want_rev
"""
DUE = """
    SELECT (SELECT count(*) FROM related_reviewstate WHERE is_due)
         + (SELECT count(*) FROM related_document WHERE done_rev < want_rev)
"""
Carried = dict[str, Traffic]  # by host


@dataclass(frozen=True, slots=True)
class Publishes:
    """``seconds`` from the save until the result was stored, of each."""

    seconds: list[float]
    took: float  # from the first save to the last result
    saves: list[float]  # seconds of the saves alone
    carried: Carried  # bytes, without what idle workers send

    def __str__(self) -> str:
        p50, p99 = statistics.median(self.seconds), percentile(self.seconds, 99)
        return f"{p50:.2f} s | {p99:.2f} s | {max(self.seconds):.2f} s"

    def per_publish(self, name: str) -> str:
        """kB that a host got and sent."""
        traffic, n = self.carried[name], len(self.seconds) * 1000
        return f"{traffic.received / n:.1f} / {traffic.sent / n:.1f}"


@dataclass(frozen=True, slots=True)
class Rebuild:
    seconds: float  # by the database's clock
    n_documents: int
    blocks: dict[str, int]  # by worker host
    processor: dict[str, float]  # seconds, by host
    carried: Carried


def idle(stage: Stage) -> Carried:
    """Bytes in a second in which nothing is due."""
    stage.wait_for(lambda: stage.rows(DUE) == [(0,)], PATIENCE, "calm")
    before, began = stage.traffic(), time.monotonic()
    time.sleep(SECONDS_IDLE)
    return _scaled(_since(stage, before), 1 / (time.monotonic() - began))


def publish(stage: Stage, n: int, every: float, seed: int, *, broker: bool = True) -> Publishes:
    """Publish from the web host.

    Args:
        broker: else the workers get no message, as if all were lost, and the sweeper finds them.
    """
    environment = stage.environment if broker else stage.environment | {"CELERY_BROKER_URL": ""}
    arguments = ["--count", str(n), "--every", str(every), "--seed", str(seed)]
    background = idle(stage)
    web = stage.web.start("publishing", [*PUBLISHING, *arguments], environment)
    web.wait_for(lambda: "ready" in web.output or web.popen.poll() == 0, seconds=120)
    before, started = stage.traffic(), time.monotonic()
    began: dict[str, float] = {}
    saves: list[float] = []
    stored: dict[str, float] = {}
    while len(stored) < n:
        for line in web.output.splitlines()[len(saves) + 1 :]:
            fields = line.split()
            if len(fields) == 3:
                began[fields[0]] = float(fields[1])
                saves.append(float(fields[2]))
        waiting = list(began.keys() - stored.keys())
        now = time.monotonic()
        stored |= {key: now for (key,) in stage.rows(STORED, waiting)}
        if web.popen.poll() not in (None, 0):
            raise RuntimeError(web.output)
        if now - started > PATIENCE + n * every:
            raise RuntimeError(f"{n - len(stored)} publishes were not stored")
        time.sleep(0.01)
    seconds = time.monotonic() - started
    carried = {
        name: traffic - _scaled(background, seconds)[name]
        for name, traffic in _since(stage, before).items()
    }
    latencies = [stored[key] - at for key, at in began.items()]
    return Publishes(latencies, max(stored.values()) - min(began.values()), saves, carried)


def rebuild(stage: Stage, *, cold: bool) -> Rebuild:
    """By the workers that run, called by a message, as every night."""
    before, used = stage.traffic(), stage.processor_seconds()
    done = _blocks_done(stage)
    (newest,) = stage.rows("SELECT coalesce(max(id), 0) FROM related_rebuildrun")
    call_rebuild(stage, cold=cold)
    ended = "SELECT id FROM related_rebuildrun WHERE id > %s AND status <> 'running'"
    stage.wait_for(lambda: stage.rows(ended, newest[0]), 1800, "the rebuild")
    ((run, status, seconds, error),) = stage.rows(
        "SELECT id, status, extract(epoch FROM finished_at - started_at), error"
        " FROM related_rebuildrun WHERE id > %s",
        newest[0],
    )
    if status != "finished":
        raise RuntimeError(f"rebuild {run} {status}: {error}")
    ((n,),) = stage.rows("SELECT sum(n_documents) FROM related_corpus")
    return Rebuild(
        seconds=float(seconds),
        n_documents=n,
        blocks={name: count - done[name] for name, count in _blocks_done(stage).items()},
        processor={k: s - used[k] for k, s in stage.processor_seconds().items()},
        carried=_since(stage, before),
    )


def call_rebuild(stage: Stage, *, cold: bool) -> None:
    call = ["celery", "-A", "newsroom", "call", "related.tasks.rebuild"]
    stage.web.run([*call, "--kwargs", f'{{"cold": {str(cold).lower()}}}'], stage.environment)


def _blocks_done(stage: Stage) -> dict[str, int]:
    return {host.name: host.output().count("block done") for host in (stage.a, stage.b)}


def _since(stage: Stage, before: Carried) -> Carried:
    return {name: traffic - before[name] for name, traffic in stage.traffic().items()}


def _scaled(carried: Carried, factor: float) -> Carried:
    return {
        name: Traffic(round(each.received * factor), round(each.sent * factor))
        for name, each in carried.items()
    }
