"""Probes for supervisors and load balancers."""

from __future__ import annotations

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from related.conf import conf
from related.domain.reports.health import oldest_waiting_seconds
from related.enums import Priority

__all__ = ["healthz", "readyz"]


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks nothing else."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, is migrated, and its work is being done; else 503.

    The answer names the check that failed and no article.
    """
    try:
        checks = {
            "database": "ok",
            "migrations": "ok" if _is_migrated() else "behind: run manage.py migrate",
        }
        if checks["migrations"] == "ok":
            checks["work"] = _state_of_work()
    except Error:
        checks = {"database": "unreachable"}
    is_ready = set(checks.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": checks},
        status=200 if is_ready else 503,
    )


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _state_of_work() -> str:
    # Bulk work may rightly take hours; only a publish that waits too long shows absent workers.
    age = oldest_waiting_seconds(Priority.PUBLISH)
    if age is None or age <= conf.stale_seconds:
        return "ok"
    return f"behind: the oldest waiting document has waited {age:.0f} s; are the workers running?"
