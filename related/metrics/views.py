"""The figures as a view that a site routes: ``path("metrics", metrics)``."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from related.metrics.reads import read_seconds

MISSING = "/metrics needs prometheus-client: pip install 'django-newsroom-related[metrics]'."


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """OpenMetrics text: counts and times, and no title or name. Who may read it, the site's
    proxy says.

    Raises:
        ImproperlyConfigured: prometheus-client is not installed.
    """
    if read_seconds is None:
        raise ImproperlyConfigured(MISSING)
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector
    from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

    from related.metrics.figures import figures

    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(read_seconds)
    registry.register(figures)
    text = generate_latest(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
