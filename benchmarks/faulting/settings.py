"""The newsroom's settings for the fault suite: quicker leases where asked, and a deadly text."""

from newsroom.settings import *  # noqa: F403 - all of them
from newsroom.settings import INSTALLED_APPS as NEWSROOM_APPS
from newsroom.settings import env

INSTALLED_APPS = [*NEWSROOM_APPS, "benchmarks.faulting.apps.FaultingConfig"]

RELATED = {
    "SNAPSHOT_DIR": env.str("FAULTS_SNAPSHOT_DIR", default=""),
    "LEASE_SECONDS": env.int("FAULTS_LEASE_SECONDS", default=20),
    # So many workers are killed here that it hits the same innocent text three times.
    "SECOND_CHANCE_SECONDS": 30,
}
# Small corpora are shared as snapshots too, so that a full disk has something to hit.
FAULTS_MIN_SNAPSHOT = env.int("FAULTS_MIN_SNAPSHOT", default=2000)
# How long a rebuild waits for a worker that fell silent; the project's own when left out.
FAULTS_SILENCE_SECONDS = env.float("FAULTS_SILENCE_SECONDS", default=0.0)
# Only workers die of a deadly text; the process that compares must be able to read it.
FAULTS_TEXTS_KILL = env.bool("FAULTS_TEXTS_KILL", default=False)
# Rebuilds keep coming while articles are published.
CELERY_BEAT_SCHEDULE = {
    "rebuild now and then": {
        "task": "related.tasks.rebuild",
        "schedule": env.float("FAULTS_REBUILD_SECONDS", default=120.0),
    },
}
