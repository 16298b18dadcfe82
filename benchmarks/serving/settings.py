"""The newsroom with views to compare with, and without a limit for the one client that asks."""

from newsroom.settings import *  # noqa: F403 - settings are names in a module
from newsroom.settings import REST_FRAMEWORK

ROOT_URLCONF = "benchmarks.serving.urls"
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"address": "1000000000/min"}}
