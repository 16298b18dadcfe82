"""``POST /clicks/``: takes what a reader's browser counted. Reads no cookie, asks no database."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from related.api.caching import CORS_FOR_ALL, PREFLIGHT
from related.contrib.clicks.events import MAX_BYTES, read_events
from related.contrib.clicks.flushing import counter
from related.contrib.clicks.readers import is_counted
from related.contrib.clicks.throttling import ClicksThrottle

ALLOWED = {"Access-Control-Allow-Methods": "POST, OPTIONS"}


# Nothing here is done in anybody's name, so there is nothing to forge.
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class ClicksView(View):
    """204, whether what the beacon names exists, is public, or is counted: it tells nothing."""

    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        assert isinstance(response, HttpResponse)
        for name, value in (CORS_FOR_ALL | {"Cache-Control": "no-store"}).items():
            response.headers[name] = value
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(headers=PREFLIGHT | ALLOWED)

    def post(self, request: HttpRequest) -> HttpResponse:
        body = request.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            return HttpResponse(status=413)
        try:
            events = read_events(body)
        except ValueError:
            return HttpResponse(status=400)
        throttle = ClicksThrottle()
        if not throttle.take(request, max(1, len(events))):
            return HttpResponse(status=429, headers={"Retry-After": str(throttle.wait())})
        if events and is_counted(request):
            counter.count(events)
        return HttpResponse(status=204)
