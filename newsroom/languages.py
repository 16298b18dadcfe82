"""Whose language an answer is in: the visitor's, unless it names one of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware


class LanguageMiddleware(LocaleMiddleware):
    """Django's own: the visitor's Accept-Language decides, in the admin a chosen language first.

    An answer with a Content-Language (an article, the API) is the same for every visitor, so it
    does not tell caches that it varies.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if "Content-Language" in response.headers:
            return response
        return super().process_response(request, response)
