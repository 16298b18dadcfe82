"""Previews: their address, and that no answer to one stays in a cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from newsroom.articles.models import Article

PARAMETER = "preview"


def preview_url(article: Article) -> str:
    """The address under which editors see an article before readers do."""
    return f"{article.get_absolute_url()}?{PARAMETER}=1"


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
