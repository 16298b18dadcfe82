"""Redis comes and goes: saving never waits for it, workers wait for it without end."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from tests.services.project import Project
from tests.services.redis import RedisServer

# What a save does after its commit, timed in a process that never spoke to Redis before.
PUBLISH = """
import time
from kombu.exceptions import OperationalError
from newsroom.celery import app
started = time.monotonic()
try:
    app.send_task("related.tasks.process_documents", args=[[1]])
except OperationalError:
    print("refused", end=" ")
print(time.monotonic() - started)
"""
LONGEST_WAIT = 1.5  # seconds an editor may wait for a broker that is away
# Beside other tests a process may be kept from a processor: the quickest try tells what is waited.
N_TRIES = 3


def publish(project: Project) -> tuple[bool, float]:
    """Return whether the broker took the message, and the seconds that took."""
    *refused, seconds = project.run([sys.executable, "-c", PUBLISH]).stdout.split()
    return not refused, float(seconds)


def check_it_gives_up(project: Project) -> None:
    tries = [publish(project) for _ in range(N_TRIES)]
    assert not any(taken for taken, _ in tries)
    assert min(seconds for _, seconds in tries) < LONGEST_WAIT


def test_publish_is_taken(postgres_project: Project) -> None:
    taken, _ = publish(postgres_project)
    assert taken


def test_publish_gives_up_when_redis_is_down(
    postgres_project: Project, redis_server: RedisServer
) -> None:
    redis_server.stop()
    check_it_gives_up(postgres_project)


def test_publish_gives_up_when_redis_is_silent(
    postgres_project: Project, redis_server: RedisServer
) -> None:
    os.kill(redis_server.pid, signal.SIGSTOP)
    check_it_gives_up(postgres_project)


SAVE = """
import time
from newsroom.articles.models import Article
from related.models import Document
started = time.monotonic()
Article.objects.create(title="Bridge reopens", body="All lanes.", status="draft")
print(Document.objects.waiting().count(), time.monotonic() - started)
"""


@pytest.mark.parametrize("fault", ["down", "silent"])
def test_a_save_succeeds_without_redis(
    postgres_project: Project, redis_server: RedisServer, fault: str
) -> None:
    if fault == "down":
        redis_server.stop()
    else:
        os.kill(redis_server.pid, signal.SIGSTOP)
    tries = [
        postgres_project.manage("shell", "-v", "0", "-c", SAVE).stdout.split()
        for _ in range(N_TRIES)
    ]
    assert [n_waiting for n_waiting, _ in tries] == ["1", "2", "3"]
    assert min(float(seconds) for _, seconds in tries) < LONGEST_WAIT


def test_worker_outlives_a_restart(postgres_project: Project, redis_server: RedisServer) -> None:
    worker = postgres_project.start_worker()
    redis_server.stop()
    worker.wait_for_output("Cannot connect to redis")
    redis_server.start()
    worker.wait_for(lambda: worker.output.count("Connected to redis") == 2)
    postgres_project.run(["celery", "-A", "newsroom", "call", "related.tasks.process_due"])
    worker.wait_for_output("succeeded")
    assert worker.stop() == 0


def test_worker_outlives_silence(postgres_project: Project, redis_server: RedisServer) -> None:
    worker = postgres_project.start_worker()
    os.kill(redis_server.pid, signal.SIGSTOP)
    time.sleep(3)  # longer than the publisher's timeouts, shorter than the worker's
    os.kill(redis_server.pid, signal.SIGCONT)
    publish(postgres_project)
    worker.wait_for_output("succeeded")
    assert "Cannot connect" not in worker.output
    assert worker.stop() == 0


class Planted:
    """Touches a file when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.proof,)


def test_a_planted_pickle_is_never_opened(postgres_project: Project, tmp_path: Path) -> None:
    """Somebody who can write to Redis runs nothing in a worker, and does not stop it."""
    worker = postgres_project.start_worker()
    proof = tmp_path / "proof"
    url = postgres_project.environment["CELERY_BROKER_URL"]
    with Celery(broker=url, set_as_current=False) as app:
        name = "related.tasks.process_documents"
        app.send_task(name, args=[Planted(proof)], serializer="pickle", queue="publish")
        worker.wait_for_output("Refusing to deserialize")
        app.send_task(name, args=[[1]], queue="publish")
    worker.wait_for_output("succeeded")
    assert not proof.exists()
