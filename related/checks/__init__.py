"""System checks: ``manage.py check`` names what is set wrong. Ids: docs/reference/checks.md."""

from __future__ import annotations

from django.core import checks

from related.checks.databases import check_databases
from related.checks.settings import check_settings
from related.checks.sources import check_sources
from related.checks.throttle import check_throttle
from related.checks.workers import check_broker, check_routes

# Those that every command runs; `manage.py check` has two more (objects.py, clock.py).
CHECKS = (
    *(check_settings, check_sources),
    *(check_broker, check_routes, check_databases, check_throttle),
)


def register() -> None:
    """Add the plugin's checks to Django's; called once the sources are registered."""
    for check in CHECKS:
        checks.register(check, "related")
