"""One id for all that a request causes: on every log line, of workers too."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# What a proxy in front may have given; anything else is replaced.
_ACCEPTED = re.compile(r"[\w.-]{8,64}", re.ASCII)

request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdFilter(logging.Filter):
    """Gives each record of a request, or of a task that one caused, its id."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id") and (current := request_id.get()):
            record.request_id = current
        return True


def request_id_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: take the proxy's id and answer with it, or make one for the log alone: answers
    that say the same are the same."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        is_accepted = _ACCEPTED.fullmatch(given) is not None
        # Stays until the thread's next request: Django and the server log after this has returned.
        request_id.set(given if is_accepted else uuid4().hex)
        response = get_response(request)
        if is_accepted:
            response.headers[HEADER] = given
        return response

    return middleware
