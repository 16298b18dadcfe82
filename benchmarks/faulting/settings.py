"""The newsroom's settings for the fault suite: a shorter silence where asked, and a deadly text."""

from newsroom.settings import *  # noqa: F403 - all of them
from newsroom.settings import INSTALLED_APPS as NEWSROOM_APPS
from newsroom.settings import env

INSTALLED_APPS = [*NEWSROOM_APPS, "benchmarks.faulting.apps.FaultingConfig"]

RELATED = {
    "SNAPSHOT_DIR": env.str("FAULTS_SNAPSHOT_DIR", default=""),
    "HEARTBEAT_SECONDS": env.float("FAULTS_SILENCE_SECONDS", default=30.0) / 6,
    "SILENCE_SECONDS": env.int("FAULTS_SILENCE_SECONDS", default=30),
    # So many workers are killed here that it hits the same innocent text three times.
    "SECOND_CHANCE_SECONDS": 30,
}
# Small corpora are shared as snapshots too, so that a full disk has something to hit.
FAULTS_MIN_SNAPSHOT = env.int("FAULTS_MIN_SNAPSHOT", default=2000)
# The signal that a deadly text sends to its reader. Only workers get one; the process that compares
# must be able to read it.
FAULTS_TEXTS_SEND = env.str("FAULTS_TEXTS_SEND", default="")
# Rebuilds keep coming while articles are published.
CELERY_BEAT_SCHEDULE = {
    "rebuild now and then": {
        "task": "related.tasks.rebuild",
        "schedule": env.float("FAULTS_REBUILD_SECONDS", default=120.0),
    },
}
