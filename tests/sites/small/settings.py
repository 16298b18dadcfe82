"""A web process with nothing but the plugin's own requirements: no extra is installed."""

import sys

EXTRAS = ["numba", "llvmlite", "scipy", "sklearn", "celery", "kombu", "drf_spectacular"]
EXTRAS += ["psycopg", "prometheus_client", "feedparser", "defusedxml"]
for _name in EXTRAS:
    sys.modules[_name] = None  # type: ignore[assignment]  # whose import fails from here on

from tests.sites.base import *

INSTALLED_APPS = [*(app for app in PLUGIN if app != "drf_spectacular"), "tests.sites.pages"]
