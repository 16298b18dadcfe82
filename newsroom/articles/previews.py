"""Previews never stay in a cache, whatever the answer is."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PARAMETER = "preview"


def never_stored(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no answer to an address with ``?preview=…`` may be kept by anybody.

    Pages for those who may not preview are included, and "not found": what one editor sees there
    now, another may not see, and an hour later the article may be out.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if PARAMETER in request.GET:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware
